(* Moves that the program writes, played by computation: legal by the rules of Game.v, with their cost. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Game Class Compulsory Table.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Definition rename (V W : Type) (f : V -> W) (a : move V) : move W :=
  match a with Load v => Load (f v) | Store v => Store (f v) | Compute v => Compute (f v) | Free v => Free (f v) end.

Section Played.

Variables (t : table) (M : nat).
Notation m := (size (computed t)).
Notation G := (table_cdag t).

(* Words are blue from the start; `blue` has the computed vertices that are. *)
Definition is_blue (blue : seq ref) (r : ref) : bool := if r is Co _ then r \in blue else true.

Definition hold (red : seq ref) (r : ref) : seq ref := if r \in red then red else r :: red.

Definition drop_ (red : seq ref) (r : ref) : seq ref := [seq z <- red | z != r].

(* The computed vertices that are blue at the end, if all moves are legal. *)
Fixpoint play (red blue : seq ref) (ms : seq (move ref)) : option (seq ref) :=
  if ms is a :: ms' then
    match a with
    | Load r =>
        if [&& there t m r, is_blue blue r & size (hold red r) <= M] then play (hold red r) blue ms' else None
    | Store r => if there t m r && (r \in red) then play red (r :: blue) ms' else None
    | Compute r =>
        if r is Co n then
          if [&& n < m, all (mem red) (ops t n) & size (hold red r) <= M] then play (hold red r) blue ms' else None
        else None
    | Free r => if there t m r && (r \in red) then play (drop_ red r) blue ms' else None
    end
  else Some blue.

Definition plays (ms : seq (move ref)) : bool :=
  if play [::] [::] ms is Some blue
  then below (rows t) (fun i => below (dv t) (fun l => Co (o_at t i l) \in blue))
  else false.

Lemma named r : there t m r -> exists u : vertex G, name u = r.
Proof.
case: r => [i l|j l|j l|n] /=.
- by case/andP=> il ll; exists (inl (Q (Ordinal il) (Ordinal ll))).
- by case/andP=> jl ll; exists (inl (K (Ordinal jl) (Ordinal ll))).
- by case/andP=> jl ll; exists (inl (V (Ordinal jl) (Ordinal ll))).
- by move=> nm; exists (inr (Ordinal nm)).
Qed.

Definition reds (red : seq ref) : {set vertex G} := [set u | name u \in red].
Definition blues (blue : seq ref) : {set vertex G} := [set u | is_blue blue (name u)].

Lemma reds_size red : #|reds red| <= size red.
Proof.
rewrite cardE -(size_map (@name t)); apply: uniq_leq_size.
  by rewrite (map_inj_uniq (@name_inj t)) enum_uniq.
by move=> r /mapP[u]; rewrite mem_enum in_set => ur ->.
Qed.

Lemma reds_hold red (u : vertex G) : reds (hold red (name u)) = u |: reds red.
Proof.
apply/setP=> v; rewrite !inE /hold; case: ifP => [ur|_]; last by rewrite inE (inj_eq (@name_inj t)).
by case: eqP => [->|].
Qed.

Lemma reds_drop red (u : vertex G) : reds (drop_ red (name u)) = reds red :\ u.
Proof. by apply/setP=> v; rewrite !inE mem_filter (inj_eq (@name_inj t)). Qed.

Lemma blues_store blue (u : vertex G) : blues (name u :: blue) = u |: blues blue.
Proof.
apply/setP=> v; rewrite !inE /is_blue -(inj_eq (@name_inj t)).
by case: (name v) => [? ?|? ?|? ?|n]; rewrite ?orbT //= inE.
Qed.

Lemma played ms red blue blue' : size red <= M -> play red blue ms = Some blue' ->
  exists2 vs : seq (move (vertex G)), map (rename (@name t)) vs = ms &
    legal M (@State G (reds red) (blues blue)) vs /\
    Game.blue (final (@State G (reds red) (blues blue)) vs) = blues blue'.
Proof.
elim: ms red blue => [|a ms IH] red blue rM /=; first by case=> <-; exists [::].
have room red' : size red' <= M -> #|reds red'| <= M by apply: leq_trans (reds_size _).
case: a => r.
- case: ifP => // /and3P[/named[u <-] bu sz] /(IH _ _ sz)[vs <- [lvs fvs]].
  exists (Load u :: vs) => //=; rewrite -reds_hold lvs (room _ sz) !andbT; split=> //.
  by rewrite in_set.
- case: ifP => // /andP[/named[u <-] ru] /(IH _ _ rM)[vs <- [lvs fvs]].
  exists (Store u :: vs) => //=; rewrite -blues_store lvs (room _ rM) !andbT; split=> //.
  by rewrite in_set.
- case: r => // n; case: ifP => // /and3P[nm /allP on sz] /(IH _ _ sz)[vs <- [lvs fvs]].
  exists (Compute (inr (Ordinal nm)) :: vs) => //=.
  rewrite -(reds_hold _ (inr (Ordinal nm))) lvs (room _ sz) !andbT; split=> //.
  by rewrite in_set /=; apply/subsetP=> v; rewrite !in_set => /on.
have sz : size (drop_ red r) <= M by rewrite size_filter (leq_trans (count_size _ _) rM).
case: ifP => // /andP[/named[u ur] ru] /(IH _ _ sz)[vs <- [lvs fvs]].
exists (Free u :: vs); rewrite /= ?ur //.
by rewrite -reds_drop ur lvs (room _ sz) in_set ur ru.
Qed.

Lemma rename_cost V W (f : V -> W) (vs : seq (move V)) : cost (map (rename f) vs) = cost vs.
Proof. by rewrite /cost count_map; apply: eq_count; case. Qed.

(* A game that is played is a pebbling of the table's CDAG that moves as many words. *)
Theorem plays_pebbling ms : plays ms ->
  exists2 vs : seq (move (vertex G)), pebbling M vs & cost vs = cost ms /\ computes_once vs = computes_once ms.
Proof.
rewrite /plays; case pl: (play _ _ _) => [blue|//] /belowP outs.
have [vs vsm [lvs fvs]] := @played ms [::] [::] blue (leq0n M) pl.
have st : @State G (reds [::]) (blues [::]) = start G.
  by congr State; apply/setP=> u; rewrite !inE //; case: u => [[[? ?]|[[? ?]|[? ?]]]|].
exists vs; last first.
  split; first by rewrite -vsm rename_cost.
  rewrite -vsm /computes_once.
  suff -> : pmap (@Game.computed _) (map (rename (@name t)) vs) = map (@name t) (pmap (@Game.computed _) vs).
    by rewrite (map_inj_uniq (@name_inj t)).
  by elim: (vs) => //= -[] v vs' ->.
rewrite /pebbling -st lvs fvs; apply/subsetP=> u; rewrite !in_set => /existsP[i /existsP[l /eqP ul]].
by move: (outs i (ltn_ord i)) => /belowP/(_ l (ltn_ord l)); rewrite ul.
Qed.

End Played.

Theorem played_once t M ms c : plays t M ms -> (cost ms == c) && computes_once ms ->
  exists2 vs : seq (move (vertex (table_cdag t))), pebbling M vs & cost vs = c /\ computes_once vs.
Proof. by move=> /plays_pebbling[vs p [<- <-]] /andP[/eqP]; exists vs. Qed.

(* The words that every pebbling of the table's CDAG moves, with or without recomputation. *)
Theorem table_compulsory t M (ms : seq (move (vertex (table_cdag t)))) : in_class t ->
  [&& 0 < Table.rows t, 0 < Table.keys t, 0 < dk t & 0 < dv t] -> pebbling M ms ->
  (Table.rows t + Table.keys t) * (dk t + dv t) <= cost ms.
Proof.
move=> ok /and4P[r0 k0 d0 v0] p; have := compulsory_attention (table_attention ok) d0 v0 p.
have -> : Compulsory.rows [set: 'I_(Table.rows t) * 'I_(Table.keys t)] = setT.
  by apply/setP=> i; rewrite !inE; apply/existsP; exists (Ordinal k0); rewrite inE.
have -> : Compulsory.keys [set: 'I_(Table.rows t) * 'I_(Table.keys t)] = setT.
  by apply/setP=> j; rewrite !inE; apply/existsP; exists (Ordinal r0); rewrite inE.
by rewrite !cardsT !card_ord.
Qed.
