(* The bound `pair-fresh`: no vertex computed twice. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments LoomisWhitney Products.
From IoBound Require Import Game History Residence Ancestors Class Attention Events Done.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* As `src/check/attention/pair_fresh.rs` computes it; no evidence is Y = 0. *)
Definition pair_fresh_value (dk dv e M Y : nat) : nat :=
  let d := dk + dv in
  least_events (d * e) (products d Y) (products d (M + Y)) Y - e.

Section PairFresh.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).
Hypotheses (dk0 : 0 < dk) (dv0 : 0 < dv) (h1 : once h).
Notation kind := (kind A).
Notation res := (resident h kind).
Notation begins := (begins h kind).
Notation reach := (reach h kind).

Definition is_loaded t k : bool := obind kind (loaded (act h t)) == Some k.
Definition is_stored t k : bool := obind kind (stored (act h t)) == Some k.

(* Within a period of a pair that stores nothing, what follows a pair vertex is computed too. *)
Lemma stays i j s e z w t t' : kind z = Some (Pair i j) -> Pair i j \notin res e ->
  (forall t, s <= t < e -> ~~ is_stored t (Pair i j)) ->
  s <= t < e -> act h t = Some (Compute z) -> edge z w -> act h t' = Some (Compute w) -> s <= t' < e.
Proof.
move=> kz ne ns /andP[st te] c zw c'; have zl := operand_live zw c'.
have zi := pair_no_input kz.
have [|t2 t2t' c2] := computed_before (h := h) (t := t') zi; first by rewrite zl.
have e2 := h1 c2 c; rewrite {}e2 {c2} in t2t'.
rewrite (leq_trans st (ltnW t2t')) /= ltnNge; apply/negP => et'.
have nl : z \notin live h e by apply: contraNN ne => zl'; apply/residentP; exists z.
have nk : z \notin kept h e.
  apply/negP => zk; have [|t3 /andP[tt3 t3e] c3] := stored_since (ltnW te) _ zk.
    apply/negP => zk'; have [|t4 lt c4] := computed_before (h := h) (t := t) zi; first by rewrite zk' orbT.
    by rewrite (h1 c4 c) ltnn in lt.
  by have := ns t3; rewrite (leq_trans st tt3) t3e /is_stored c3 /= kz eqxx => /(_ isT).
have [|t4 /andP[et4 _] c4] := computed_since et' nl nk; first by rewrite zl.
by rewrite (h1 c4 c) leqNgt te in et4.
Qed.

Lemma path_stays i j s e z p w t : kind z = Some (Pair i j) -> Pair i j \notin res e ->
  (forall t, s <= t < e -> ~~ is_stored t (Pair i j)) ->
  s <= t < e -> act h t = Some (Compute z) -> path (@edge G) z (rcons p w) ->
  all (fun u => kind u == Some (Pair i j)) p -> is_computed h w ->
  exists2 t', s <= t' < e & act h t' = Some (Compute w).
Proof.
move=> kz ne ns; elim: p z kz t => [|u p IH] z kz t ste c /=.
  by rewrite andbT => zw _ [t' c']; exists t' => //; apply: stays kz ne ns ste c zw c'.
case/andP=> zu pu /andP[/eqP ku kp] wc.
have [t' c'] : is_computed h u.
  apply: (path_computed pu (pair_no_input ku) _ wc).
  by apply: sub_all kp => v /eqP; apply: pair_no_input.
exact: (IH u ku t' (stays kz ne ns ste c zu c') c').
Qed.

(* Lemma 5: a period of a pair that begins with a compute contains a store of a pair vertex, or else the y of the
   pair are computed in it. *)
Lemma pair_marks i j : (i, j) \in E ->
  \sum_(0 <= t < steps h) [&& ~~ is_loaded t (Pair i j), Pair i j \notin res t & Pair i j \in res t.+1] <=
  \sum_(0 <= t < steps h)
    (is_stored t (Pair i j) + (act h t == Some (Compute (y A i j (Ordinal dv0))))).
Proof.
move=> ij; apply: begins_le_marks; rewrite ?resident_start ?resident_end ?in_set0 //.
move=> s e se _ ns fs on ne.
case: (posnP (\sum_(s <= t < e) is_stored t (Pair i j))) => st; last first.
  by rewrite sum_add (leq_trans st) // leq_addr.
have no t : s <= t < e -> ~~ is_stored t (Pair i j).
  move=> ste; apply/negP => yes.
  have := @sum_gt0 (fun t => is_stored t (Pair i j)) _ _ _ ste; by rewrite yes st => /(_ isT).
have /residentP[z zl kz] : Pair i j \in res s.+1 by apply: on; rewrite ltnSn.
have zn : z \notin live h s by apply: contraNN ns => zl'; apply/residentP; exists z.
have c : act h s = Some (Compute z).
  by case: (gain zl zn) => // c; move: fs; rewrite /is_loaded c /= kz eqxx.
case: (pair_reads kz) => [[l ez]|[u uz ku]]; last first.
  by case/residentP: ns; exists u => //; apply: operand_live uz c.
have [p xp pk] := x_leads A l (Ordinal dv0) ij; rewrite -ez in xp.
have [|t ste c'] := path_stays kz ne no _ c xp pk (y_computed h A (Ordinal dv0) ij).
  by rewrite leqnn (ltn_trans (ltnSn s)).
by apply: (sum_gt0 ste); rewrite c' eqxx addn1.
Qed.

Lemma pair_begins i j : \sum_(0 <= t < steps h) (Pair i j \in begins t) <=
  \sum_(0 <= t < steps h) is_loaded t (Pair i j) +
  \sum_(0 <= t < steps h) is_stored t (Pair i j) + ((i, j) \in E).
Proof.
case ij: ((i, j) \in E); last first.
  rewrite big1 // => t _; case b: (_ \in _) => //; move: b; rewrite in_setD => /andP[_ /residentP[v _]].
  by move/pair_in; rewrite ij.
have y1 : \sum_(0 <= t < steps h) (act h t == Some (Compute (y A i j (Ordinal dv0)))) <= 1.
  have [t c] := y_computed h A (Ordinal dv0) ij.
  rewrite (@leq_trans (\sum_(0 <= t' < steps h) (t' == t))) //.
    apply: leq_sum => t' _; case: eqP => // c'; by rewrite (h1 c' c) eqxx.
  have tn := compute_lt c.
  rewrite (sum_cat _ (leq0n t) (ltnW tn)) big_nat_cond big1 ?add0n.
    rewrite big_ltn // eqxx big_nat_cond big1 // => t'; rewrite andbT => /andP[lt _].
    by apply/eqP; rewrite eqb0 neq_ltn lt orbT.
  by move=> t'; rewrite andbT => /andP[_ lt]; apply/eqP; rewrite eqb0 neq_ltn lt.
have := pair_marks ij; rewrite sum_add => m.
have l : \sum_(0 <= t < steps h) (Pair i j \in begins t) <=
  \sum_(0 <= t < steps h) (is_loaded t (Pair i j) +
    [&& ~~ is_loaded t (Pair i j), Pair i j \notin res t & Pair i j \in res t.+1]).
  apply: leq_sum => t _; rewrite /begins in_setD; case: (is_loaded _ _) => //=.
  by case: (_ \in _); case: (_ \in _).
rewrite sum_add in l; lia.
Qed.

Lemma fresh_events : \sum_(0 <= t < steps h) #|begins t| <= T + #|E|.
Proof.
have e := events_le h A; rewrite sum_add sum_add in e.
apply: leq_trans (leq_add e (leqnn _)).
under eq_bigr do rewrite -(cardsID (wp R C dk dv)).
rewrite sum_add -!addnA leq_add2l.
have -> : \sum_(0 <= t < steps h) #|begins t :\: wp R C dk dv| =
    \sum_(p : R * C) \sum_(0 <= t < steps h) (Pair p.1 p.2 \in begins t).
  rewrite [RHS]exchange_big; apply: eq_bigr => t _; rewrite card_sum sum_plus [X in X + _ = _]big1 ?add0n.
    by apply: eq_bigr => -[i j] _; rewrite in_setD inE.
  by move=> k _; rewrite in_setD inE.
apply: (@leq_trans (\sum_(p : R * C) (\sum_(0 <= t < steps h) is_loaded t (Pair p.1 p.2) +
    \sum_(0 <= t < steps h) is_stored t (Pair p.1 p.2) + ((p.1, p.2) \in E)))).
  by apply: leq_sum => p _; apply: pair_begins.
rewrite !big_split /= addnA card_sum.
apply: leq_add; last by apply: leq_sum => -[].
have one (o : option (thing R C dk dv)) : \sum_(p : R * C) (o == Some (Pair p.1 p.2)) <= is_pair o.
  case: o => [[k|p]|]; try by rewrite big1.
  under eq_bigr do rewrite eq_sym.
  by apply: sum_once => -[? ?] [? ?] [-> ->].
by apply: leq_add; rewrite exchange_big leq_sum // => t _; apply: one.
Qed.

(* All products: x for the first kind of index, y for the second. *)
Definition index : finType := [finType of ('I_dk + 'I_dv) * (R * C)].
Definition product (p : index) : vertex G :=
  match p.1 with inl l => x A p.2.1 p.2.2 l | inr l => y A p.2.1 p.2.2 l end.
Definition all_products : {set index} := setX setT E.
Definition made b := done h all_products product b.

Lemma y_reads_pair i j l : (i, j) \in E -> exists2 z, edge z (y A i j l) & kind z = Some (Pair i j).
Proof.
move=> ij; have [p] := x_leads A (Ordinal dk0) l ij; rewrite rcons_path => /andP[_ zy] pk.
exists (last (x A i j (Ordinal dk0)) p) => //; move: pk {zy}; case/lastP: p => [|p z].
  by rewrite x_kind.
by rewrite last_rcons all_rcons => /andP[/eqP].
Qed.

Lemma new_product a b p : p \in made b :\: made a -> [&& Pair p.2.1 p.2.2 \in reach a b &
  match p.1 with
  | inl l => (Word (Q p.2.1 l) \in reach a b) && (Word (K p.2.2 l) \in reach a b)
  | inr l => (Place p.2.1 l \in reach a b) && (Word (V p.2.2 l) \in reach a b)
  end].
Proof.
case: p => l [i j] /done_new[]; rewrite in_setX in_setT /= => ij [t /andP[at_ tb] c].
have into k s : a <= s <= b -> k \in res s -> k \in reach a b.
  by move=> asb kr; apply/reachP; exists s.
have here k : k \in res t -> k \in reach a b by apply: into; rewrite at_ ltnW.
have next k : k \in res t.+1 -> k \in reach a b by apply: into; rewrite tb leqW.
case: l c => l; rewrite /product /= => c; apply/and3P; split.
- exact: next (computed_resident c (x_kind A l ij)).
- exact: here (word_resident (x_reads_q A l ij) c).
- exact: here (word_resident (x_reads_k A l ij) c).
- have [z zy kz] := y_reads_pair l ij; apply: here; apply/residentP; exists z => //.
  exact: operand_live zy c.
- exact: next (computed_resident c (y_kind A l ij)).
- exact: here (word_resident (y_reads_v A l ij) c).
Qed.

Lemma product_count a b W : a <= b -> #|res a| + \sum_(a <= t < b) #|begins t| <= W ->
  #|made b| <= #|made a| + minn (products (dk + dv) W) ((dk + dv) * W).
Proof.
move=> ab le.
have rm : #|reach a b| <= W.
  apply: leq_trans le; have := reach_card h kind setT ab; rewrite !setIT.
  by under eq_bigr do rewrite setIT.
rewrite (leq_trans (done_add h all_products product a b)) // leq_add2l.
pose c := \sum_i \sum_j (Pair i j \in reach a b).
pose aq := \sum_l \sum_i (Word (Q i l) \in reach a b).
pose ak := \sum_l \sum_j (Word (K j l) \in reach a b).
pose av := \sum_l \sum_j (Word (V j l) \in reach a b).
pose ao := \sum_l \sum_i (Place i l \in reach a b).
have size : c + (aq + ak + av + ao) = #|reach a b|.
  have -> : #|reach a b| = \sum_i \sum_l (Word (Q i l) \in reach a b) +
      (\sum_j \sum_l (Word (K j l) \in reach a b) + \sum_j \sum_l (Word (V j l) \in reach a b)) +
      \sum_i \sum_l (Place i l \in reach a b) + c by rewrite card_sum !sum_plus !sum_pair.
  rewrite [X in _ = X + _ + _ + _]exchange_big [X in _ = _ + (X + _) + _ + _]exchange_big.
  rewrite [X in _ = _ + (_ + X) + _ + _]exchange_big [X in _ = _ + X + _]exchange_big.
  by rewrite -/aq -/ak -/av -/ao; lia.
set n := #|_ :\: _|.
pose nx := \sum_l \sum_i \sum_j ([&& Pair i j \in reach a b, Word (Q i l) \in reach a b &
  Word (K j l) \in reach a b] : nat).
pose ny := \sum_l \sum_i \sum_j ([&& Pair i j \in reach a b, Place i l \in reach a b &
  Word (V j l) \in reach a b] : nat).
have nle : n <= nx + ny.
  rewrite /n card_sum sum_pair sum_plus; apply: leq_add; apply: leq_sum => l _;
  rewrite sum_pair; apply: leq_sum => i _; apply: leq_sum => j _;
  by case m: (_ \in _) => //; move/new_product: m => /= ->.
have wx : nx * nx <= c * (aq * ak) := loomis_whitney _ _ _.
have wy : ny * ny <= c * (ao * av) := loomis_whitney _ _ _.
have dx : nx <= dk * c.
  rewrite -[dk]card_ord -sum_nat_const; apply: leq_sum => l _; apply: leq_sum => i _.
  by apply: leq_sum => j _; case: (Pair i j \in _); rewrite ?leq_b1.
have dy : ny <= dv * c.
  rewrite -[dv]card_ord -sum_nat_const; apply: leq_sum => l _; apply: leq_sum => i _.
  by apply: leq_sum => j _; case: (Pair i j \in _); rewrite ?leq_b1.
have each : n <= (dk + dv) * c by rewrite mulnDl; lia.
have cW : c <= W by lia.
rewrite leq_min; apply/andP; split; last by apply: leq_trans each _; rewrite leq_mul.
apply: (products_leq (c := c) (a := aq + ak + av + ao)) => //; last by rewrite size.
have ax := four_square_le aq ak; have ay := four_square_le ao av.
have cx : (2 * nx) * (2 * nx) <= c * ((aq + ak) * (aq + ak)).
  by have := leq_mul (leqnn c) ax; lia.
have cy : (2 * ny) * (2 * ny) <= c * ((ao + av) * (ao + av)).
  by have := leq_mul (leqnn c) ay; lia.
have := cauchy2 cx cy; have := leq_mul nle nle; lia.
Qed.

Lemma made_all : #|made (steps h)| = (dk + dv) * #|E|.
Proof.
rewrite /made done_all; first by rewrite cardsX cardsT card_plus !card_ord.
case=> l [i j]; rewrite in_setX in_setT /= => ij.
by case: l => l; [apply: x_computed | apply: y_computed].
Qed.

Lemma pair_fresh_history Y : 0 < Y -> E != set0 -> pair_fresh_value dk dv #|E| M Y <= T.
Proof.
move=> Y0; rewrite -card_gt0 => E1; rewrite /pair_fresh_value; cbv zeta.
rewrite leq_subLR [X in _ <= X]addnC -made_all.
apply: leq_trans fresh_events.
apply: (integer_windows (ev := fun t => #|begins t|) (met := fun b => #|made b|)).
- exact: begins_card.
- move=> b _ le; have := @product_count 0 b Y (leq0n b).
  rewrite resident_start cards0 add0n /made done_start cards0 add0n => /(_ le).
  by rewrite leq_min => /andP[].
- move=> a b ab _ le; have := @product_count a b (M + Y) ab.
  rewrite leq_add ?resident_card // => /(_ isT) c.
  by apply: leq_trans c _; rewrite leq_add2l geq_minl.
- by rewrite /products leq_max orbT.
- by rewrite made_all muln_gt0 addn_gt0 dk0.
- move=> z; have := @product_count 0 (steps h) 0 (leq0n _).
  rewrite resident_start cards0 add0n z /made done_start cards0 add0n muln0 minn0 leqn0 => /(_ isT).
  by rewrite leqn0 => /eqP ->.
Qed.

End PairFresh.

(* Every pebbling without recomputation of every CDAG of the class. *)
Theorem pair_fresh (G : cdag) (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E)
    (M Y : nat) (ms : seq (move (vertex G))) :
  0 < dk -> 0 < dv -> 0 < Y -> E != set0 -> pebbling M ms -> computes_once ms ->
  pair_fresh_value dk dv #|E| M Y <= cost ms.
Proof.
move=> dk0 dv0 Y0 E0 ok once; apply: (pair_fresh_history A dk0 dv0 _ Y0 E0).
exact: (schedule_once (ok := ok)) once.
Qed.
