(* The bound `window`: any order, any mask, recomputation allowed. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments Meet Game History Residence Ancestors Class Attention Events Done Made.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* As `src/check/attention/window.rs` computes it: all counts times 4 D*^2. *)
Definition window_value (dk dv e M X : nat) : nat :=
  let four := four_square dk dv in
  let count Z := maxn (Z * Z) (four * Z) in
  least_events (e * four) (count X) (count (M + X)) X.

(* f is convex. *)
Lemma window_convex F d Z s W : Z + s <= W -> F * (d * s) + d * (Z * Z) <= d * maxn (W * W) (F * W).
Proof.
move=> le; rewrite [F * (d * s)]mulnCA -mulnDr leq_mul2l; apply/orP; right.
have ZW : Z * Z <= Z * W by rewrite leq_mul // (leq_trans _ le) // leq_addr.
case: (leqP F W) => FW.
  rewrite (leq_trans _ (leq_maxl _ _)) //; have sW := leq_mul FW (leqnn s).
  by have := leq_mul le (leqnn W); lia.
rewrite (leq_trans _ (leq_maxr _ _)) //; have Zf := leq_mul (leqnn Z) (ltnW FW).
by have := leq_mul (leqnn F) le; lia.
Qed.

Section Window.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).
Notation kind := (kind A).
Notation res := (resident h kind).
Notation begins := (begins h kind).
Notation reach := (reach h kind).
Notation wp := (wp R C dk dv).
Notation pair_loaded := (pair_loaded h A).

Definition event t : nat := #|begins t :&: wp| + pair_loaded t.

Lemma event_le1 t : event t <= 1.
Proof.
rewrite /event /pair_loaded; case pl: (is_pair _); last first.
  by rewrite addn0 (leq_trans _ (begins_card h kind t)) // subset_leq_card // subsetIl.
suff -> : begins t :&: wp = set0 by rewrite cards0.
apply/setP => k; rewrite in_setI in_set0; apply/negP => /andP[/begins_placed].
move: pl; case: (act h t) => [[]|] // u /=; case: (kind u) => // k' p [<-].
by rewrite inE p.
Qed.

(* The y that are computed before time b. *)
Definition ys : {set (R * C) * 'I_dv} := setX E setT.
Definition done b := done h ys (fun p => y A p.1.1 p.1.2 p.2) b.

(* The pairs with a pair vertex that is live at time a or loaded between a and b. *)
Definition old a b : {set R * C} := [set p | Pair p.1 p.2 \in Made.old h kind a b].

Lemma not_old i j a b : (i, j) \notin old a b -> Pair i j \notin Made.old h kind a b.
Proof. by rewrite inE. Qed.

Lemma old_card a b : #|old a b| <= #|res a :\: wp| + \sum_(a <= t < b) pair_loaded t.
Proof.
have inj : injective (fun p : R * C => Pair p.1 p.2 : thing R C dk dv) by move=> [? ?] [? ?] [-> ->].
rewrite -(card_imset _ inj) setDE; apply: (@leq_trans #|Made.old h kind a b :&: ~: wp|).
  by apply: subset_leq_card; apply/subsetP => k /imsetP[p]; rewrite !inE => po ->; rewrite po.
apply: leq_trans (old_leq h kind (~: wp) a b) _; rewrite leq_add2l leq_sum // => t _.
by rewrite /pair_loaded /Events.pair_loaded; case: (obind _ _) => [k|] //; rewrite !inE negbK.
Qed.

(* Words, places and pairs that are there between a and b: never more than at a and what begins. *)
Lemma room a b : a <= b -> #|reach a b :&: wp| + #|old a b| <= #|res a| + \sum_(a <= t < b) event t.
Proof.
move=> ab; have r := reach_card h kind wp ab; have o := old_card a b.
rewrite /event sum_add -(cardsID wp (res a)); lia.
Qed.

Definition there a b (k : thing R C dk dv) : bool := k \in reach a b.

(* The y of other pairs: (b) of the proof. *)
Lemma new_met a b i j l : (i, j, l) \in done b :\: done a -> (i, j) \notin old a b ->
  (i, j, l) \in met (fun i l => there a b (Word (Q i l))) (fun j l => there a b (Word (K j l)))
    (fun j l => there a b (Word (V j l))) (fun i l => there a b (Place i l)).
Proof.
case/done_new=> ij [t atb c] n; move: (ij) (atb) => {}ij /andP[at_ tb].
rewrite in_setX in_setT andbT in ij; rewrite /= in c.
have into k s : a <= s <= b -> k \in res s -> there a b k.
  by move=> asb kr; apply/reachP; exists s.
have xc l' : exists2 t', a <= t' < b & act h t' = Some (Compute (x A i j l')).
  have [p xp pk] := x_leads A l' l ij.
  exact: (path_made (not_old n) xp (x_kind A l' ij) pk atb c).
rewrite inE /= !inE; apply/and4P; split.
- apply/forallP => l'; have [t' /andP[at' t'b] c'] := xc l'.
  apply: (into _ t'); rewrite ?at' ?(ltnW t'b) //.
  exact: word_resident (x_reads_q A l' ij) c'.
- apply/forallP => l'; have [t' /andP[at' t'b] c'] := xc l'.
  apply: (into _ t'); rewrite ?at' ?(ltnW t'b) //.
  exact: word_resident (x_reads_k A l' ij) c'.
- apply: (into _ t.+1); rewrite ?tb ?(leqW at_) //.
  exact: computed_resident c (y_kind A l ij).
- apply: (into _ t); rewrite ?at_ ?(ltnW tb) //.
  exact: word_resident (y_reads_v A l ij) c.
Qed.

Lemma window_count a b W : a <= b -> #|res a| + \sum_(a <= t < b) event t <= W ->
  four_square dk dv * #|done b| <= four_square dk dv * #|done a| +
    dv * maxn (W * W) (four_square dk dv * W).
Proof.
move=> ab le; have rm := leq_trans (room ab) le.
set F := four_square dk dv.
set m := met (fun i l => there a b (Word (Q i l))) (fun j l => there a b (Word (K j l)))
  (fun j l => there a b (Word (V j l))) (fun i l => there a b (Place i l)).
have new : #|done b| <= #|done a| + (dv * #|old a b| + #|m|).
  have -> : dv * #|old a b| = #|setX (old a b) [set: 'I_dv]| by rewrite cardsX cardsT card_ord mulnC.
  rewrite (leq_trans (done_add h ys _ a b)) // leq_add2l.
  rewrite (leq_trans _ (leq_card_setU _ _)) // subset_leq_card //.
  apply/subsetP => -[[i j] l] d; rewrite in_setU in_setX in_setT andbT.
  by case o: ((i, j) \in old a b) => //=; apply: new_met d _; rewrite o.
have mm : F * #|m| <= dv * (#|reach a b :&: wp| * #|reach a b :&: wp|).
  apply: meet; rewrite card_wp sum_plus sum_plus !sum_pair.
  by rewrite !addnA.
have := window_convex F dv rm.
have := leq_mul (leqnn F) new; lia.
Qed.

Lemma done_all : #|done (steps h)| = #|E| * dv.
Proof.
rewrite /done done_all; first by rewrite cardsX cardsT card_ord.
by case=> -[i j] l; rewrite in_setX in_setT andbT => ij; apply: y_computed.
Qed.

Lemma window_history X : 0 < dk -> 0 < dv -> 0 < X -> E != set0 ->
  window_value dk dv #|E| M X <= T.
Proof.
move=> dk0 dv0 X0 E0; pose F := four_square dk dv.
have F0 : 0 < F by rewrite /F /four_square; case: ifP => _; nia.
have E1 : 0 < #|E| by rewrite card_gt0.
pose count Z := maxn (Z * Z) (F * Z).
have first b W : \sum_(0 <= t < b) event t <= W -> F * #|done b| <= dv * count W.
  move=> le; have := @window_count 0 b W (leq0n b).
  rewrite resident_start cards0 add0n => /(_ le).
  by rewrite /done done_start cards0 muln0.
have e : least_events (F * #|done (steps h)|) (dv * count X) (dv * count (M + X)) X <= T.
  apply: (leq_trans _ (leq_trans _ (events_le h A))).
  - apply: (integer_windows (ev := event) (met := fun b => F * #|done b|)).
    + exact: event_le1.
    + by move=> b _; apply: first.
    + move=> a b ab _ le; apply: window_count => //.
      by rewrite leq_add // resident_card.
    + by rewrite muln_gt0 dv0 /count; lia.
    + by rewrite done_all !muln_gt0 F0 E1.
    + move=> z; apply/eqP; rewrite -leqn0; have := first (steps h) 0.
      by rewrite z /count !muln0 => /(_ isT).
  - by apply: leq_sum => t _; rewrite /event leq_addr.
rewrite /window_value; move: e; rewrite done_all mulnA [F * _ * dv]mulnC [F * _]mulnC.
by rewrite least_events_scale // /count; lia.
Qed.

End Window.

(* Every pebbling, with recomputation or without, of every CDAG of the class. *)
Theorem window (G : cdag) (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E)
    (M X : nat) (ms : seq (move (vertex G))) :
  0 < dk -> 0 < dv -> 0 < X -> E != set0 -> pebbling M ms ->
  window_value dk dv #|E| M X <= cost ms.
Proof. by move=> dk0 dv0 X0 E0 ok; apply: (window_history (schedule_history ok) A). Qed.
