(* The discrete inequality of Loomis and Whitney, in the form that `pair-fresh` needs. *)

From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Lemma square_le a b : (a * a <= b * b) = (a <= b).
Proof. by rewrite !mulnn leq_sqr. Qed.

Lemma four_square_le a b : 4 * (a * b) <= (a + b) * (a + b).
Proof. have := Z.square_nonneg (Z.of_nat a - Z.of_nat b); lia. Qed.

(* Cauchy and Schwarz, two summands. *)
Lemma cauchy2 c s a b s' a' b' : s * s <= c * (a * b) -> s' * s' <= c * (a' * b') ->
  (s + s') * (s + s') <= c * ((a + a') * (b + b')).
Proof.
move=> h h'; suff : 2 * (s * s') <= c * (a * b' + a' * b) by lia.
rewrite -square_le.
have m := leq_mul (leqnn (4)) (leq_mul h h').
have f := leq_mul (leqnn (c * c)) (four_square_le (a * b') (a' * b)).
lia.
Qed.

Lemma cauchy (I : finType) (c : nat) (s a b : I -> nat) : (forall i, s i * s i <= c * (a i * b i)) ->
  (\sum_i s i) * (\sum_i s i) <= c * ((\sum_i a i) * (\sum_i b i)).
Proof.
move=> h; apply: (big_rec3 (fun s a b => s * s <= c * (a * b))); first by rewrite muln0.
by move=> i s' a' b' _; apply: cauchy2.
Qed.

Section LoomisWhitney.

Variables (R C L : finType) (p : R -> C -> bool) (f : R -> L -> bool) (g : C -> L -> bool).

Lemma loomis_whitney (S := \sum_l \sum_i \sum_j ([&& p i j, f i l & g j l] : nat)) :
  S * S <= (\sum_i \sum_j p i j) * ((\sum_l \sum_i f i l) * (\sum_l \sum_j g j l)).
Proof.
apply: cauchy => l; apply: leq_mul.
  by apply: leq_sum => i _; apply: leq_sum => j _; case: (p i j); rewrite ?leq_b1.
rewrite big_distrl leq_sum //= => i _; rewrite big_distrr leq_sum //= => j _.
by case: (p i j); case: (f i l); case: (g j l).
Qed.

End LoomisWhitney.
