(* P(Z), the most products that Z words, places and pairs allow. *)

From Coq Require Import ZArith.
From Coq Require Import PeanoNat.
From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums LoomisWhitney.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Definition floor_sqrt (n : nat) : nat := Nat.sqrt n.

Definition ceil_sqrt (n : nat) : nat :=
  let floor := floor_sqrt n in if floor * floor == n then floor else floor + 1.

(* As `src/check/attention/pair_fresh.rs` computes it. *)
Definition products (D Z : nat) : nat :=
  let square := D * D in
  let most := if Z <= square * 3 then floor_sqrt (Z * Z * Z %/ 27)
    else D * (square * 2 + Z) - ceil_sqrt (square * square * 4 * (square + Z)) in
  maxn most 1.

Lemma floor_sqrt_leq n k : n * n <= k -> n <= floor_sqrt k.
Proof. by move=> h; apply/leP/Nat.sqrt_le_square; apply/leP. Qed.

Lemma floor_sqrt_square n : floor_sqrt n * floor_sqrt n <= n.
Proof. by apply/leP; case: (Nat.sqrt_spec n (Nat.le_0_l n)). Qed.

Lemma ceil_sqrt_leq n k : n <= k * k -> ceil_sqrt n <= k.
Proof.
move=> h; have s := floor_sqrt_square n; rewrite /ceil_sqrt; case: eqP => e.
  by rewrite -square_le e.
rewrite addn1 ltnNge -square_le -ltnNge (leq_trans _ h) //.
by rewrite ltn_neqAle s andbT; apply/eqP.
Qed.

Section Products.

Variables (n c a D Z : nat).
Hypothesis whitney : 4 * (n * n) <= c * (a * a).
Hypothesis each : n <= D * c.
Hypothesis room : c + a <= Z.

Lemma products_small : n * n * 27 <= Z * Z * Z.
Proof.
have p : (0 <= (Z.of_nat a - 2 * Z.of_nat c) * (Z.of_nat a - 2 * Z.of_nat c) *
    (4 * Z.of_nat a + Z.of_nat c))%Z.
  by apply: Z.mul_nonneg_nonneg; [apply: Z.square_nonneg | lia].
have z : (c + a) * (c + a) * (c + a) <= Z * Z * Z by rewrite !leq_mul.
have w := leq_mul whitney (leqnn 27).
suff : 27 * (c * (a * a)) <= 4 * ((c + a) * (c + a) * (c + a)) by lia.
lia.
Qed.

End Products.
