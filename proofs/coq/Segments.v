(* Lemma 4 of CLASS.md: integer windows. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Definition ceil_div (p q : nat) : nat := (p + q - 1) %/ q.

(* As `src/check/attention/segments.rs` computes it. *)
Definition least_events (all first each length : nat) : nat :=
  ceil_div (all - first) each * length + 1.

Lemma ceil_div_leq p q k : 0 < q -> (ceil_div p q <= k) = (p <= k * q).
Proof.
by move=> q0; rewrite /ceil_div -ltnS ltn_divLR // mulSn; apply/idP/idP; lia.
Qed.

Lemma ceil_div_scale s p q : 0 < s -> 0 < q -> ceil_div (s * p) (s * q) = ceil_div p q.
Proof.
move=> s0 q0; have le k : (ceil_div (s * p) (s * q) <= k) = (ceil_div p q <= k).
  by rewrite !ceil_div_leq ?muln_gt0 ?s0 // mulnCA leq_pmul2l.
by apply/eqP; rewrite eqn_leq le leqnn -le leqnn.
Qed.

Lemma least_events_scale s all first each length : 0 < s -> 0 < each ->
  least_events (s * all) (s * first) (s * each) length = least_events all first each length.
Proof. by move=> s0 e0; rewrite /least_events -mulnBr ceil_div_scale. Qed.

(* A prefix with exactly so many events. *)
Lemma cut_events (ev : nat -> nat) n k : (forall t, ev t <= 1) -> k <= \sum_(0 <= t < n) ev t ->
  exists2 a, a <= n & \sum_(0 <= t < a) ev t = k.
Proof.
move=> ev1; elim: n => [|n IH] h.
  by exists 0 => //; move: h; rewrite big_geq // leqn0 => /eqP ->.
case: (leqP k (\sum_(0 <= t < n) ev t)) => [/IH[a an <-]|lt]; first by exists a => //; lia.
exists n.+1 => //; move: h (ev1 n); rewrite big_nat_recr //=; lia.
Qed.

Section Segments.

(* `met t` is what has been met before time t. *)
Variables (ev met : nat -> nat) (n X first each : nat).
Hypothesis ev1 : forall t, ev t <= 1.
Hypothesis met_first : forall b, b <= n -> \sum_(0 <= t < b) ev t <= X -> met b <= first.
Hypothesis met_each : forall a b, a <= b -> b <= n -> \sum_(a <= t < b) ev t <= X ->
  met b <= met a + each.

Lemma segments k b : b <= n -> \sum_(0 <= t < b) ev t <= k.+1 * X -> met b <= first + k * each.
Proof.
elim: k b => [|k IH] b bn le; first by rewrite addn0; apply: met_first => //; lia.
case: (leqP (\sum_(0 <= t < b) ev t) (k.+1 * X)) => [/(IH _ bn)|lt]; first nia.
have [a ab e] := cut_events ev1 (ltnW lt).
have := IH a (leq_trans ab bn); rewrite e => /(_ (leqnn _)).
have : \sum_(a <= t < b) ev t <= X.
  by move: le; rewrite (sum_cat ev (leq0n a) ab) e; lia.
move/(met_each ab bn); nia.
Qed.

End Segments.

Lemma least_events_leq all first each X total : 0 < each -> 0 < all -> (total = 0 -> all = 0) ->
  (forall k, total <= k.+1 * X -> all <= first + k * each) ->
  least_events all first each X <= total.
Proof.
move=> each0 all0 none h; rewrite /least_events addn1 ltnNge; apply/negP.
case e: (ceil_div _ _) => [|k] le; first by move: none all0; lia.
have := h k le => a.
have : ceil_div (all - first) each <= k by rewrite ceil_div_leq //; lia.
by rewrite e ltnn.
Qed.

Lemma integer_windows (ev met : nat -> nat) n X first each : (forall t, ev t <= 1) ->
  (forall b, b <= n -> \sum_(0 <= t < b) ev t <= X -> met b <= first) ->
  (forall a b, a <= b -> b <= n -> \sum_(a <= t < b) ev t <= X -> met b <= met a + each) ->
  0 < each -> 0 < met n -> (\sum_(0 <= t < n) ev t = 0 -> met n = 0) ->
  least_events (met n) first each X <= \sum_(0 <= t < n) ev t.
Proof.
move=> ev1 m0 m1 each0 met0 none; apply: least_events_leq => // k.
exact: (segments ev1 m0 m1 (leqnn n)).
Qed.

(* The windows themselves: from `cut w` to `cut w.+1`. *)
Lemma windows (ev : nat -> nat) X k b : (forall t, ev t <= 1) -> \sum_(0 <= t < b) ev t <= k.+1 * X ->
  exists cut : nat -> nat, [/\ cut 0 = 0, cut k.+1 = b, {homo cut : w w' / w <= w'} &
    forall w, w <= k -> \sum_(cut w <= t < cut w.+1) ev t <= X].
Proof.
move=> ev1; elim: k b => [|k IH] b le.
  exists (fun w => if w is 0 then 0 else b); split=> // [[|w] [|w']//|w].
  by rewrite leqn0 => /eqP ->; rewrite mul1n in le.
have [a [ab la lb]] : exists a, [/\ a <= b, \sum_(0 <= t < a) ev t <= k.+1 * X &
    \sum_(a <= t < b) ev t <= X].
  case: (leqP (\sum_(0 <= t < b) ev t) (k.+1 * X)) => lt; first by exists b; split=> //; rewrite big_geq.
  have [a ab e] := cut_events ev1 (ltnW lt); exists a; rewrite e; split=> //.
  by move: le; rewrite (sum_cat ev (leq0n a) ab) e; lia.
have [cut [c0 ck cm cX]] := IH a la.
exists (fun w => if w <= k.+1 then cut w else b); split=> //.
- by rewrite ltnn.
- move=> w w' ww'; case: ifP => wk; case: ifP => w'k; rewrite ?cm //.
    by apply: leq_trans ab; rewrite -ck cm.
  by rewrite (leq_trans ww' w'k) in wk.
- move=> w wk; have [->|n] := eqVneq w k.+1; first by rewrite leqnn ltnn ck.
  have lt : w < k.+1 by rewrite ltn_neqAle n.
  by rewrite wk lt cX.
Qed.
