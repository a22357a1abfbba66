(* What of a schedule is of use.

   A red or blue pebble is *live* at a time if what comes later needs it; a move is live if the pebble it places
   is live afterwards. Read backwards from the end, this is a fixed rule, and no move has to be left out of the
   schedule: the lower bounds look at live pebbles and live moves only. A history is all they know of a schedule. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Game.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Definition moves_live_word (V : Type) (m : option (move V)) : bool := oapp (@moves_word V) false m.

(* With M red pebbles and T words moved. Time t is before the move t. *)
Record history (G : cdag) (M T : nat) := History {
  steps : nat;
  act : nat -> option (move (vertex G));
  live : nat -> {set vertex G};
  kept : nat -> {set vertex G};
  live_start : live 0 = set0;
  live_end : forall t, steps <= t -> live t = set0;
  kept_start : kept 0 \subset inputs G;
  kept_end : outputs G \subset kept steps;
  live_card : forall t, #|live t| <= M;
  gain : forall t v, v \in live t.+1 -> v \notin live t ->
    act t = Some (Load v) \/ act t = Some (Compute v);
  lose : forall t v, v \in live t -> v \notin live t.+1 ->
    act t = Some (Store v) \/ exists2 w, act t = Some (Compute w) & v \in operands w;
  keep : forall t v, v \in kept t.+1 -> v \notin kept t -> act t = Some (Store v);
  act_load : forall t v, act t = Some (Load v) -> v \in kept t;
  act_store : forall t v, act t = Some (Store v) -> v \in live t;
  act_compute : forall t v, act t = Some (Compute v) ->
    [/\ v \notin inputs G, operands v \subset live t & v \in live t.+1];
  leads : forall t v, v \in live t -> exists2 o, o \in outputs G & connect (@edge G) v o;
  words : \sum_(0 <= t < steps) moves_live_word (act t) <= T
}.

(* No vertex is computed twice. *)
Definition once G M T (h : history G M T) : Prop :=
  forall t t' v, act h t = Some (Compute v) -> act h t' = Some (Compute v) -> t = t'.

Section Needs.

Variable G : cdag.
Notation V := (vertex G).
Notation state := (state G).
Implicit Types (m : move V) (ms : seq (move V)) (s n : state).

(* What must be red and blue before the move m, if n is what must be so after it. *)
Definition before m n : state :=
  match m with
  | Load v => if v \in red n then State (red n :\ v) (v |: blue n) else n
  | Store v => if v \in blue n then State (v |: red n) (blue n :\ v) else n
  | Compute v => if v \in red n then State ((red n :\ v) :|: operands v) (blue n) else n
  | Free _ => n
  end.

Definition needs ms : state := foldr before (State set0 (outputs G)) ms.

Definition live_move m n : option (move V) :=
  match m with
  | Load v | Compute v => if v \in red n then Some m else None
  | Store v => if v \in blue n then Some m else None
  | Free _ => None
  end.

Definition live_act ms t : option (move V) :=
  if drop t ms is m :: ms' then live_move m (needs ms') else None.

(* What is needed is there. *)
Lemma needs_sub M s ms :
  legal M s ms -> outputs G \subset blue (final s ms) ->
  (red (needs ms) \subset red s) && (blue (needs ms) \subset blue s).
Proof.
elim: ms s => [|m ms IH] s /=; first by move=> _ ->; rewrite sub0set.
case/and3P=> ok _ {}/IH IH {}/IH /andP[].
case: m ok => v /= ok.
- case: ifP => vn r b /=.
    by rewrite subDset r subUset sub1set ok b.
  by rewrite b andbT; move: r; rewrite -subDset (setDidPl _) // disjoint_sym disjoints1 vn.
- case: ifP => vn r b /=.
    by rewrite subUset sub1set ok r subDset b.
  by rewrite r; move: b; rewrite -subDset (setDidPl _) // disjoint_sym disjoints1 vn.
- case/andP: ok => _ ok.
  case: ifP => vn r b /=.
    by rewrite subUset subDset r ok b.
  by rewrite b andbT; move: r; rewrite -subDset (setDidPl _) // disjoint_sym disjoints1 vn.
- by move=> r ->; rewrite (subset_trans r) ?subD1set.
Qed.

Lemma needs_card M s ms t :
  legal M s ms -> outputs G \subset blue (final s ms) -> #|red s| <= M ->
  #|red (needs (drop t ms))| <= M.
Proof.
elim: ms s t => [|m ms IH] s t; first by rewrite /= cards0.
case: t => [|t] ok out le.
  by rewrite drop0 (leq_trans _ le) ?subset_leq_card //; case/andP: (needs_sub ok out).
by case/and3P: ok => _ le' /IH; apply.
Qed.

(* What is needed leads to an output. *)
Lemma needs_lead ms v :
  (v \in red (needs ms)) || (v \in blue (needs ms)) ->
  exists2 o, o \in outputs G & connect (@edge G) v o.
Proof.
elim: ms v => [|m ms IH] v /=; first by rewrite inE /= => vo; exists v.
have IHr u : u \in red (needs ms) -> exists2 o, o \in outputs G & connect (@edge G) u o.
  by move=> h; apply: IH; rewrite h.
have IHb u : u \in blue (needs ms) -> exists2 o, o \in outputs G & connect (@edge G) u o.
  by move=> h; apply: IH; rewrite h orbT.
case: m => u /=; try by apply: IH.
- case: ifP => un; last exact: IH.
  rewrite /= !inE => /orP[/andP[_ /IHr]|/orP[/eqP->|/IHb]] //; exact: IHr.
- case: ifP => un; last exact: IH.
  rewrite /= !inE => /orP[/orP[/eqP->|/IHr]|/andP[_ /IHb]] //; exact: IHb.
- case: ifP => un; last exact: IH.
  rewrite /= !inE => /orP[/orP[/andP[_ /IHr]|vu]|/IHb] //.
  have [o oo uo] := IHr _ un; exists o => //.
  by apply: connect_trans uo; apply: connect1.
Qed.

Lemma drop_step ms t :
  (exists m, drop t ms = m :: drop t.+1 ms) \/ (drop t ms = [::] /\ drop t.+1 ms = [::]).
Proof.
case: (ltnP t (size ms)) => h; last by right; rewrite !drop_oversize // ltnW.
by left; case: ms h => [//|m ms h]; exists (nth m (m :: ms) t); apply: drop_nth.
Qed.

(* The moves that cost a word. *)
Lemma live_words ms : \sum_(0 <= t < size ms) moves_live_word (live_act ms t) <= cost ms.
Proof.
elim: ms => [|m ms IH]; first by rewrite big_geq.
rewrite /= big_nat_recl //= leq_add //.
by rewrite /live_act drop0; case: m => v //=; case: ifP.
Qed.

Section Schedule.

Variables (M : nat) (ms : seq (move V)).
Hypothesis ok : pebbling M ms.

Let live t := red (needs (drop t ms)).
Let kept t := blue (needs (drop t ms)).

Lemma schedule_start : live 0 = set0 /\ kept 0 \subset inputs G.
Proof.
case/andP: ok => l o; case/andP: (needs_sub l o) => /=.
by rewrite subset0 /live /kept drop0 => /eqP -> ->.
Qed.

Lemma schedule_end t : size ms <= t -> live t = set0.
Proof. by move=> h; rewrite /live drop_oversize. Qed.

Lemma schedule_kept : outputs G \subset kept (size ms).
Proof. by rewrite /kept drop_size. Qed.

Lemma schedule_card t : #|live t| <= M.
Proof. by case/andP: ok => l o; apply: (needs_card t l o); rewrite cards0. Qed.

Lemma schedule_gain t v : v \in live t.+1 -> v \notin live t ->
  live_act ms t = Some (Load v) \/ live_act ms t = Some (Compute v).
Proof.
rewrite /live /live_act; case: (drop_step ms t) => [[m ->]|[-> ->]]; last by move=> ->.
case: m => u /=; try (by move=> ->); case: ifP => /= un; rewrite ?inE; try (by move=> ->); move=> h.
- by rewrite h andbT negbK => /eqP ->; left.
- by rewrite h orbT.
- by rewrite h andbT negb_or negbK => /andP[/eqP-> _]; right.
Qed.

Lemma schedule_lose t v : v \in live t -> v \notin live t.+1 ->
  live_act ms t = Some (Store v) \/ exists2 w, live_act ms t = Some (Compute w) & v \in operands w.
Proof.
rewrite /live /live_act; case: (drop_step ms t) => [[m ->]|[-> ->]]; last by move=> ->.
case: m => u /=; try (by move=> ->); case: ifP => /= un; rewrite ?inE; try (by move=> ->); move=> h /negPf n.
- by rewrite n andbF in h.
- by move: h; rewrite n orbF => /eqP ->; left.
- by move: h; rewrite n andbF /= => h; right; exists u.
Qed.

Lemma schedule_keep t v : v \in kept t.+1 -> v \notin kept t -> live_act ms t = Some (Store v).
Proof.
rewrite /kept /live_act; case: (drop_step ms t) => [[m ->]|[-> ->]]; last by move=> ->.
case: m => u /=; try (by move=> ->); case: ifP => /= un; rewrite ?inE; try (by move=> ->); move=> h.
- by rewrite h orbT.
- by rewrite h andbT negbK => /eqP ->.
Qed.

Lemma schedule_load t v : live_act ms t = Some (Load v) -> v \in kept t.
Proof.
rewrite /kept /live_act; case: (drop_step ms t) => [[m ->]|[-> _]] //.
by case: m => u //=; case: ifP => //= un [<-]; rewrite !inE eqxx.
Qed.

Lemma schedule_store t v : live_act ms t = Some (Store v) -> v \in live t.
Proof.
rewrite /live /live_act; case: (drop_step ms t) => [[m ->]|[-> _]] //.
by case: m => u //=; case: ifP => //= un [<-]; rewrite !inE eqxx.
Qed.

Lemma legal_compute s t v ms' : legal M s ms -> drop t ms = Compute v :: ms' -> v \notin inputs G.
Proof.
clear; elim: ms s t => [|m l IH] s [|t] //= /and3P[a _ /IH lg].
  by case=> e _; move: a; rewrite e => /andP[].
exact: lg.
Qed.

Lemma schedule_compute t v : live_act ms t = Some (Compute v) ->
  [/\ v \notin inputs G, operands v \subset live t & v \in live t.+1].
Proof.
move=> h; have vi : v \notin inputs G.
  case/andP: ok => l _; move: h; rewrite /live_act.
  case e: (drop t ms) => [//|m ms']; case: m e => u e //=; case: ifP => // un [uv].
  by apply: (legal_compute l (t := t)); rewrite e uv.
move: h; rewrite /live /live_act; case: (drop_step ms t) => [[m ->]|[-> _]] //.
by case: m => u //=; case: ifP => //= un [uv]; rewrite -uv in vi *; rewrite subsetUr vi un.
Qed.

Definition schedule_history : history G M (cost ms) := {|
  steps := size ms;
  act := live_act ms;
  History.live := live;
  History.kept := kept;
  live_start := proj1 schedule_start;
  live_end := schedule_end;
  kept_start := proj2 schedule_start;
  kept_end := schedule_kept;
  live_card := schedule_card;
  gain := schedule_gain;
  lose := schedule_lose;
  keep := schedule_keep;
  act_load := schedule_load;
  act_store := schedule_store;
  act_compute := schedule_compute;
  leads := fun t v h => needs_lead (introT orP (or_introl h));
  words := live_words ms
|}.

(* Its moves are moves of the schedule. *)
Lemma act_in t m : act schedule_history t = Some m -> m \in ms.
Proof.
rewrite /= /live_act => a; apply: (mem_drop (n0 := t)); move: a.
by case: (drop t ms) => [|m' ms'] //; case: m' => v /=; (try case: ifP) => // _ [<-]; apply: mem_head.
Qed.

Lemma schedule_once : computes_once ms -> once schedule_history.
Proof.
have cm t v : live_act ms t = Some (Compute v) -> drop t ms = Compute v :: drop t.+1 ms.
  rewrite /live_act; case: (drop_step ms t) => [[m ->]|[-> _]] //.
  by case: m => u //=; case: ifP => // _ [->].
have lt t t' v : live_act ms t = Some (Compute v) -> live_act ms t' = Some (Compute v) ->
    computes_once ms -> t < t' -> False.
  move=> /cm h /cm h' u tt'; move: u; rewrite /computes_once -(cat_take_drop t ms) pmap_cat cat_uniq h /=.
  case/and3P=> _ _ /andP[/negP n _]; apply: n.
  rewrite -(cat_take_drop (t' - t.+1) (drop t.+1 ms)) pmap_cat mem_cat drop_drop subnK // h' /=.
  by rewrite inE eqxx orbT.
move=> u t t' v h h'; case: (ltngtP t t') => // k.
  by case: (lt _ _ _ h h' u k).
by case: (lt _ _ _ h' h u k).
Qed.

End Schedule.

End Needs.
