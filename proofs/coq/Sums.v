(* Sums of natural numbers over stretches of time and over finite sets. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Lemma sum_cat (f : nat -> nat) a b c : a <= b -> b <= c ->
  \sum_(a <= t < c) f t = \sum_(a <= t < b) f t + \sum_(b <= t < c) f t.
Proof. by move=> ab bc; rewrite (@big_cat_nat _ _ _ b). Qed.

Lemma sum_sub (f : nat -> nat) a b c : b <= c ->
  \sum_(a <= t < b) f t <= \sum_(a <= t < c) f t.
Proof.
move=> bc; case: (leqP a b) => ab; first by rewrite (sum_cat f ab bc) leq_addr.
by rewrite big_geq // ltnW.
Qed.

Lemma sum_gt0 (f : nat -> nat) a b t : a <= t < b -> 0 < f t -> 0 < \sum_(a <= t < b) f t.
Proof.
move=> /andP[at_ tb] ft; rewrite (sum_cat f at_ (ltnW tb)) [X in _ + X]big_ltn //; lia.
Qed.

Lemma card_sum (T : finType) (S : {set T}) : #|S| = \sum_(x : T) (x \in S).
Proof. by rewrite -sum1_card big_mkcond; apply: eq_bigr => x _; case: (x \in S). Qed.

Lemma sum_pair (A B : finType) (f : A * B -> nat) : \sum_x f x = \sum_a \sum_b f (a, b).
Proof. by rewrite pair_bigA; apply: eq_bigr => -[]. Qed.

Lemma sum_plus (A B : finType) (f : A + B -> nat) : \sum_x f x = \sum_a f (inl a) + \sum_b f (inr b).
Proof. exact: big_sumType. Qed.

(* What is injective meets a value at most once. *)
Lemma sum_once (A : finType) (B : eqType) (f : A -> B) (b : B) : injective f -> \sum_a (f a == b) <= 1.
Proof.
move=> inj; case: (pickP (fun a => f a == b)) => [a /eqP <-|n]; last by rewrite big1 // => a _; rewrite n.
rewrite (bigD1 a) //= eqxx big1 // => a' n; apply/eqP; rewrite eqb0; apply: contraNN n => /eqP e.
by apply/eqP; apply: inj.
Qed.

Lemma sum_add (f g : nat -> nat) a b :
  \sum_(a <= t < b) (f t + g t) = \sum_(a <= t < b) f t + \sum_(a <= t < b) g t.
Proof. exact: big_split. Qed.

Lemma card_plus (A B : finType) : #|[finType of A + B]| = #|A| + #|B|.
Proof. exact: fintype.card_sum. Qed.

Lemma sum_recr (f : nat -> nat) n : \sum_(0 <= t < n.+1) f t = \sum_(0 <= t < n) f t + f n.
Proof. exact: big_nat_recr. Qed.
