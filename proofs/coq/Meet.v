(* How many products with V so many words and places allow: the count (b) of the proof of `window`. *)

From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* 4 D*^2 *)
Definition four_square (dk dv : nat) : nat := if dv <= dk then (dk + dv) * (dk + dv) * 4 else dk * dv * 16.

Lemma four_le_square a b : 4 * (a * b) <= (a + b) * (a + b).
Proof. have := Z.square_nonneg (Z.of_nat a - Z.of_nat b); lia. Qed.

(* n rows times keys, S products, with n Z >= (I + J)(n dk + S). *)
Lemma meet_square (dk I J P S Q Z : nat) : S <= J * P -> S <= I * Q -> (I + J) * dk + P + Q <= Z ->
  0 < I * J -> 4 * ((I * J * dk + S) * (I * J * dk + S)) <= I * J * (Z * Z).
Proof.
move=> SP SQ le n0.
have s1 : (I + J) * (I * J * dk + S) <= I * J * Z.
  have h1 := leq_mul (leqnn I) SP; have h2 := leq_mul (leqnn J) SQ.
  by have h3 := leq_mul (leqnn (I * J)) le; lia.
have s2 : (I + J) * (I * J * dk + S) * ((I + J) * (I * J * dk + S)) <= I * J * Z * (I * J * Z).
  exact: leq_mul.
have s3 : 4 * (I * J) <= (I + J) * (I + J).
  exact: four_le_square.
rewrite -(leq_pmul2l n0).
move: (I * J) s2 s3 => n; move: (n * dk + S) => a s2 s3.
by have h := leq_mul s3 (leqnn (a * a)); lia.
Qed.

Lemma meet_wide (n dk dv S : nat) : dv <= dk -> S <= n * dv ->
  n * ((dk + dv) * (dk + dv) * S) <= dv * ((n * dk + S) * (n * dk + S)).
Proof.
move=> d Sd.
have p : (0 <= (Z.of_nat n * Z.of_nat dv - Z.of_nat S) *
    (Z.of_nat n * Z.of_nat dk * Z.of_nat dk - Z.of_nat S * Z.of_nat dv))%Z.
  apply: Z.mul_nonneg_nonneg; first lia.
  suff : S * dv <= n * dk * dk by lia.
  by apply: leq_trans (leq_mul Sd d) _; rewrite !leq_mul.
nia.
Qed.

Lemma meet_le (dk dv I J P S Q Z : nat) : S <= J * P -> S <= I * Q -> S <= I * J * dv ->
  (I + J) * dk + P + Q <= Z -> four_square dk dv * S <= dv * (Z * Z).
Proof.
move=> SP SQ Sd le; case: (posnP (I * J)) => n0.
  by move: Sd; rewrite n0 mul0n leqn0 => /eqP ->; rewrite muln0.
have := meet_square SP SQ le n0.
move: (I * J) n0 Sd => n n0 Sd sq; rewrite -(leq_pmul2l n0) /four_square.
case: (leqP dv dk) => d.
  by have w := meet_wide d Sd; have s := leq_mul (leqnn dv) sq; lia.
have w := leq_mul (leqnn dv) (four_le_square (n * dk) S).
by have s := leq_mul (leqnn dv) sq; lia.
Qed.

(* Rows all of whose q, keys all of whose k are there; and the products of such rows and keys whose place and v are. *)
Section Meet.

Variables (R C : finType) (dk dv : nat).
Variables (q : R -> 'I_dk -> bool) (k : C -> 'I_dk -> bool) (v : C -> 'I_dv -> bool) (o : R -> 'I_dv -> bool).

Definition full_rows : {set R} := [set i | [forall l, q i l]].
Definition full_keys : {set C} := [set j | [forall l, k j l]].

Definition met : {set (R * C) * 'I_dv} :=
  [set p | [&& p.1.1 \in full_rows, p.1.2 \in full_keys, o p.1.1 p.2 & v p.1.2 p.2]].

Lemma met_sum : #|met| = \sum_(i in full_rows) \sum_(j in full_keys) \sum_l (o i l && v j l).
Proof.
rewrite card_sum !sum_pair.
rewrite [RHS]big_mkcond; apply: eq_bigr => i _.
case: ifP => ir; last first.
  by apply: big1 => j _; apply: big1 => l _; rewrite inE /= ir.
rewrite [RHS]big_mkcond; apply: eq_bigr => j _.
case: ifP => jk; last by apply: big1 => l _; rewrite inE /= jk andbF.
by apply: eq_bigr => l _; rewrite inE /= ir jk.
Qed.

Lemma full_le (I : finType) (f : I -> 'I_dk -> bool) (S : {set I}) :
  (forall i, i \in S -> forall l, f i l) -> #|S| * dk <= \sum_i \sum_l f i l.
Proof.
move=> full; rewrite -sum_nat_const big_mkcond leq_sum // => i _; case: ifP => // iS.
rewrite (eq_bigr (fun=> 1)); first by rewrite sum1_card card_ord.
by move=> l _; rewrite full.
Qed.

Lemma part_le (I : finType) (f : I -> nat) (S : {set I}) : \sum_(i in S) f i <= \sum_i f i.
Proof. by rewrite big_mkcond leq_sum // => i _; case: ifP. Qed.

Lemma meet Z : \sum_i \sum_l q i l + \sum_j \sum_l k j l + \sum_j \sum_l v j l + \sum_i \sum_l o i l <= Z ->
  four_square dk dv * #|met| <= dv * (Z * Z).
Proof.
move=> le; set P := \sum_(i in full_rows) \sum_l o i l; set P' := \sum_(j in full_keys) \sum_l v j l.
apply: (@meet_le dk dv #|full_rows| #|full_keys| P #|met| P'); rewrite ?met_sum.
- rewrite /P big_distrr leq_sum //= => i _; rewrite -sum_nat_const leq_sum // => j _.
  by rewrite leq_sum // => l _; case: (o i l); case: (v j l).
- rewrite -sum_nat_const leq_sum // => i _; rewrite leq_sum // => j _.
  by rewrite leq_sum // => l _; case: (o i l); case: (v j l).
- rewrite -mulnA -sum_nat_const leq_sum // => i _; rewrite -sum_nat_const leq_sum // => j _.
  rewrite -[X in _ <= X]card_ord -sum1_card leq_sum // => l _.
  by case: (o i l); case: (v j l).
- have qr : #|full_rows| * dk <= \sum_i \sum_l q i l.
    by apply: full_le => i; rewrite inE => /forallP.
  have kr : #|full_keys| * dk <= \sum_j \sum_l k j l.
    by apply: full_le => j; rewrite inE => /forallP.
  have p1 : P <= \sum_i \sum_l o i l by apply: part_le.
  have p2 : P' <= \sum_j \sum_l v j l by apply: part_le.
  lia.
Qed.

End Meet.
