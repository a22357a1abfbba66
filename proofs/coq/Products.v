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

(* With w = n + b of the first and W = w + e of the second kind, all times D. *)
Lemma falling n b e D3 : 4 * (D3 * (n * n)) <= (n + b) * (e * e) -> 3 * D3 <= n + b + e ->
  4 * (D3 * n) <= (b + e) * (b + e).
Proof.
move=> h le; case: (posnP n) => [->|n0]; first by rewrite !muln0.
case: (leqP (b + e) (2 * n)) => q.
  rewrite -(leq_pmul2l n0).
  have e2 : b * (e * e) <= b * (2 * n * e) by rewrite leq_mul // leq_mul // (leq_trans _ q) // leq_addl.
  lia.
have z : (0 <= (3 * (Z.of_nat b + Z.of_nat e) + 2 * Z.of_nat n) *
    (Z.of_nat b + Z.of_nat e - 2 * Z.of_nat n))%Z by apply: Z.mul_nonneg_nonneg; lia.
have m := leq_mul (leqnn (4 * n)) le; lia.
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

Lemma products_large : D * D * 3 <= Z ->
  n <= D * (D * D * 2 + Z) - ceil_sqrt (D * D * (D * D) * 4 * (D * D + Z)).
Proof.
move=> large; have cZ : c <= Z by apply: leq_trans room; apply: leq_addr.
have nZ : n <= D * Z by apply: leq_trans each _; rewrite leq_mul.
have f : 4 * (D * D * D * n) <= (D * Z - n) * (D * Z - n).
  have [b wb] : exists b, D * c = n + b by exists (D * c - n); rewrite subnKC.
  have [e We] : exists e, Z = c + e by exists (Z - c); rewrite subnKC.
  have We' : D * Z = n + b + D * e by rewrite We mulnDr wb.
  have -> : D * Z - n = b + D * e by rewrite We' -addnA addKn.
  apply: falling.
    rewrite -wb; have ae : a <= e by move: room; rewrite We leq_add2l.
    have h := leq_mul (leqnn (D * D * D)) (leq_trans whitney (leq_mul (leqnn c) (leq_mul ae ae))).
    lia.
  by rewrite -We'; have := leq_mul (leqnn D) large; lia.
set r := ceil_sqrt _.
suff : r <= D * (D * D * 2 + Z) - n by lia.
apply: ceil_sqrt_leq.
have [m e] : exists m, D * Z = n + m by exists (D * Z - n); rewrite subnKC.
have -> : D * (D * D * 2 + Z) - n = D * D * D * 2 + m by rewrite mulnDr e; lia.
move: f; rewrite e addKn => f.
have -> : D * D * (D * D) * 4 * (D * D + Z) = D * D * D * 4 * (D * D * D) + D * D * D * 4 * (n + m).
  by rewrite -e; lia.
lia.
Qed.

Lemma products_leq : n <= products D Z.
Proof.
rewrite /products (leq_trans _ (leq_maxl _ _)) //; case: (leqP Z (D * D * 3)) => large.
  by apply: floor_sqrt_leq; rewrite leq_divRL // products_small.
by apply: products_large; apply: ltnW.
Qed.

End Products.
