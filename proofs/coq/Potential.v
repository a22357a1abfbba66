(* The arithmetic of `pair-potential`: what a window contributes. All counts times 4 D^2. *)

From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments LoomisWhitney.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Value.

Variable four : nat.

Definition potential_first (X : nat) : nat := maxn (X * X) (four * X).

Definition potential_each (M X : nat) : nat :=
  let none_of_it_good := four * (M + X) in
  if X <= M then maxn (maxn (M * X * 4) (X * X * 4 + four * (M - X))) none_of_it_good
  else maxn ((M + X) * (M + X)) none_of_it_good.

End Value.

(* As `src/check/attention/pair_potential.rs` computes it. *)
Definition pair_potential_value (dk dv e M X : nat) : nat :=
  let four := (dk + dv) * (dk + dv) * 4 in
  least_events (e * four) (potential_first four X) (potential_each four M X) X.

(* F, G shares at the start, p, q those that arrive. *)
Lemma growth_small F G p q : p + q <= F + G -> F * q + G * p + p * q <= (F + G) * (p + q).
Proof.
move=> le; suff : p * q <= F * p + G * q by lia.
case: (leqP q F) => qF; first by have := leq_mul (leqnn p) qF; lia.
have pG : p <= G by lia.
by have := leq_mul pG (leqnn q); lia.
Qed.

Lemma growth_large F G p q : 4 * (F * q + G * p + p * q) <= (F + G + (p + q)) * (F + G + (p + q)).
Proof. have := four_square_le (F + p) (G + q); lia. Qed.

(* x (x - f) over x from 0 to S is largest at an end. *)
Lemma convex_end f x S r : x <= S -> x * x + f * (S - x + r) <= maxn (S * S + f * r) (f * (S + r)).
Proof.
move=> xS; case: (leqP x f) => xf.
  by rewrite (leq_trans _ (leq_maxr _ _)) //; have := leq_mul (leqnn x) xf; nia.
rewrite (leq_trans _ (leq_maxl _ _)) //; move/subnKC: xS; move: (S - x) => d <-.
by have := leq_mul (ltnW xf) (leqnn d); lia.
Qed.

Section Window.

Variables (four M X F G p q beta Xp : nat).
Hypothesis at_start : F + G + beta <= M.
Hypothesis arriving : p + q + Xp <= X.

Lemma window_first : F + G + beta = 0 ->
  4 * (F * q + G * p + p * q) + four * (beta + Xp) <= potential_first four X.
Proof.
move=> z; have [-> -> ->] : [/\ F = 0, G = 0 & beta = 0] by split; lia.
rewrite !mul0n !add0n.
have l := four_square_le p q.
have b : (p + q) * (p + q) <= (X - Xp) * (X - Xp) by rewrite leq_mul //; lia.
have := @convex_end four (X - Xp) X 0 (leq_subr _ _).
have -> : X - (X - Xp) + 0 = Xp by lia.
rewrite /potential_first muln0 !addn0; lia.
Qed.

(* The corners: A of M words at the start, B of X that arrive. *)
Lemma corner_large A B : A <= M -> B <= X -> A <= B ->
  (A + B) * (A + B) + four * (M - A + (X - B)) <= potential_each four M X.
Proof.
move=> AM BX AB; rewrite /potential_each; cbv zeta; case: (leqP X M) => XM.
  have xS : A + B <= 2 * X by lia.
  have := convex_end four (M - X) xS; have -> : 2 * X - (A + B) + (M - X) = M - A + (X - B) by lia.
  have -> : 2 * X + (M - X) = M + X by lia.
  lia.
have xS : A + B <= M + X by lia.
have := convex_end four 0 xS; have -> : M + X - (A + B) + 0 = M - A + (X - B) by lia.
by rewrite muln0 !addn0.
Qed.

Lemma corner_small A B : A <= M -> B <= X -> B <= A ->
  4 * (A * B) + four * (M - A + (X - B)) <= potential_each four M X.
Proof.
move=> AM BX BA; case: (leqP (4 * B) four) => Bf.
  have := @corner_large B B (leq_trans BA AM) BX (leqnn B).
  apply: leq_trans; move/subnKC: BA AM => <-; move: (A - B) => d AM.
  by have := leq_mul Bf (leqnn d); nia.
have top : 4 * (A * B) + four * (M - A + (X - B)) <= 4 * (M * B) + four * (X - B).
  move/subnKC: AM; move: (M - A) => d <-.
  by have := leq_mul (ltnW Bf) (leqnn d); lia.
apply: leq_trans top _; case: (leqP X M) => XM.
  rewrite /potential_each XM; cbv zeta.
  have fM : four <= 4 * M by lia.
  move/subnKC: BX; move: (X - B) => d e.
  by have := leq_mul fM (leqnn d); rewrite -{3}e; lia.
have BM := leq_trans BA AM.
have fM : four <= 4 * M by lia.
have := @corner_large M M (leqnn M) (ltnW XM) (leqnn M).
apply: leq_trans; move/subnKC: BM fM; move: (M - B) => d e fM.
have -> : X - B = d + (X - M) by lia.
by have := leq_mul fM (leqnn d); nia.
Qed.

Lemma window_each : 4 * (F * q + G * p + p * q) + four * (beta + Xp) <= potential_each four M X.
Proof.
have [A [eA AM Fa]] : exists A, [/\ beta = M - A, A <= M & F + G <= A] by exists (M - beta); split; lia.
have [B [eB BX pB]] : exists B, [/\ Xp = X - B, B <= X & p + q <= B] by exists (X - Xp); split; lia.
rewrite eA eB; case: (leqP A B) => AB.
  apply: leq_trans (corner_large AM BX AB); rewrite leq_add2r.
  by apply: leq_trans (growth_large F G p q) _; rewrite leq_mul // leq_add.
case: (leqP B (F + G)) => BF.
  apply: leq_trans (corner_small AM BX (ltnW AB)); rewrite leq_add2r leq_mul2l /=.
  by apply: leq_trans (growth_small (leq_trans pB BF)) _; rewrite leq_mul.
have c := corner_large (leq_trans (ltnW AB) AM) BX (leqnn B).
have g := growth_large F G p q.
have s : (F + G + (p + q)) * (F + G + (p + q)) <= (B + B) * (B + B).
  by rewrite leq_mul // leq_add // ltnW.
have m : four * (M - A + (X - B)) <= four * (M - B + (X - B)) by rewrite leq_mul //; lia.
lia.
Qed.

End Window.
