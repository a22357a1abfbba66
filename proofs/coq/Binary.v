(* The values of the bounds in binary numbers, so that they can be computed at large sizes; and that they are the
   values of the theorems. *)

From Coq Require Import NArith PeanoNat.
From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Segments Meet Products Potential Compulsory Window PairFresh.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Local Open Scope N_scope.

Definition ceil_divN (p q : N) : N := (p + q - 1) / q.
Definition least_eventsN (all first each length : N) : N := ceil_divN (all - first) each * length + 1.

Definition compulsoryN (dk dv rows keys : N) : N := (rows + keys) * (dk + dv).

Definition windowN (dk dv e M X : N) : N :=
  let four := if dv <=? dk then (dk + dv) * (dk + dv) * 4 else dk * dv * 16 in
  let count Z := N.max (Z * Z) (four * Z) in
  least_eventsN (e * four) (count X) (count (M + X)) X.

Definition ceil_sqrtN (n : N) : N :=
  let floor := N.sqrt n in if floor * floor =? n then floor else floor + 1.

Definition productsN (D Z : N) : N :=
  let square := D * D in
  let most := if Z <=? square * 3 then N.sqrt (Z * Z * Z / 27)
    else D * (square * 2 + Z) - ceil_sqrtN (square * square * 4 * (square + Z)) in
  N.max most 1.

Definition pair_freshN (dk dv e M Y : N) : N :=
  let d := dk + dv in
  least_eventsN (d * e) (productsN d Y) (productsN d (M + Y)) Y - e.

Definition pair_potentialN (dk dv e M X : N) : N :=
  let four := (dk + dv) * (dk + dv) * 4 in
  let none_of_it_good := four * (M + X) in
  let first := N.max (X * X) (four * X) in
  let each := if X <=? M then N.max (N.max (M * X * 4) (X * X * 4 + four * (M - X))) none_of_it_good
    else N.max ((M + X) * (M + X)) none_of_it_good in
  least_eventsN (e * four) first each X.

Local Open Scope nat_scope.

Notation nat := N.to_nat.

Lemma natD a b : nat (a + b)%num = nat a + nat b. Proof. exact: N2Nat.inj_add. Qed.
Lemma natM a b : nat (a * b)%num = nat a * nat b. Proof. exact: N2Nat.inj_mul. Qed.
Lemma natB a b : nat (a - b)%num = nat a - nat b. Proof. exact: N2Nat.inj_sub. Qed.

Lemma nat_max a b : nat (N.max a b) = maxn (nat a) (nat b).
Proof. by rewrite N2Nat.inj_max; apply/eqP; rewrite eqn_leq; apply/andP; split; lia. Qed.

Lemma nat_div a b : 0 < nat b -> nat (a / b)%num = nat a %/ nat b.
Proof.
move=> b0; rewrite N2Nat.inj_div; symmetry.
apply: (@Nat.div_unique _ _ _ (nat a %% nat b)); first by apply/ltP; rewrite ltn_mod.
by rewrite multE plusE mulnC -divn_eq.
Qed.

Lemma nat_leb a b : (a <=? b)%num = (nat a <= nat b).
Proof. by apply/idP/idP; lia. Qed.

Lemma nat_sqrt a : nat (N.sqrt a) = floor_sqrt (nat a).
Proof.
have [l u] := N.sqrt_spec a (N.le_0_l a); symmetry; apply: Nat.sqrt_unique.
rewrite -N2Nat.inj_mul -N2Nat.inj_succ -N2Nat.inj_mul; split; lia.
Qed.

Lemma nat_eqb a b : (a =? b)%num = (nat a == nat b).
Proof. by apply/N.eqb_spec/eqP => [->//|/N2Nat.inj]. Qed.

Lemma nat_ceil_sqrt a : nat (ceil_sqrtN a) = ceil_sqrt (nat a).
Proof.
by rewrite /ceil_sqrtN /ceil_sqrt nat_eqb natM nat_sqrt; case: ifP; rewrite ?natD nat_sqrt.
Qed.

Lemma nat_least_events all first each length : 0 < nat each ->
  nat (least_eventsN all first each length) = least_events (nat all) (nat first) (nat each) (nat length).
Proof.
by move=> e0; rewrite /least_eventsN /least_events /ceil_divN /ceil_div natD natM nat_div // natB natD natB.
Qed.

Lemma nat_products D Z : nat (productsN D Z) = products (nat D) (nat Z).
Proof.
rewrite /productsN /products; cbv zeta; rewrite nat_max nat_leb !natM; congr (maxn _ _).
case: ifP => _; first by rewrite nat_sqrt nat_div // !natM.
by rewrite natB nat_ceil_sqrt !(natM, natD).
Qed.

Theorem compulsoryN_value dk dv rows keys :
  nat (compulsoryN dk dv rows keys) = compulsory_value (nat dk) (nat dv) (nat rows) (nat keys).
Proof. by rewrite /compulsoryN natM !natD. Qed.

Theorem windowN_value dk dv e M X : 0 < nat dk -> 0 < nat dv -> 0 < nat X ->
  nat (windowN dk dv e M X) = window_value (nat dk) (nat dv) (nat e) (nat M) (nat X).
Proof.
move=> dk0 dv0 X0; rewrite /windowN /window_value /four_square; cbv zeta.
have f : nat (if (dv <=? dk)%num then (dk + dv) * (dk + dv) * 4 else dk * dv * 16)%num =
    if nat dv <= nat dk then (nat dk + nat dv) * (nat dk + nat dv) * 4 else nat dk * nat dv * 16.
  by rewrite nat_leb; case: ifP => _; rewrite !(natM, natD).
rewrite nat_least_events !(nat_max, natM, natD) ?f //.
by rewrite leq_max muln_gt0 addn_gt0 X0 orbT.
Qed.

Theorem pair_freshN_value dk dv e M Y : 0 < nat dk ->
  nat (pair_freshN dk dv e M Y) = pair_fresh_value (nat dk) (nat dv) (nat e) (nat M) (nat Y).
Proof.
move=> dk0; rewrite /pair_freshN /pair_fresh_value; cbv zeta.
rewrite natB nat_least_events !(nat_products, natM, natD) //.
by rewrite /products leq_max orbT.
Qed.

Theorem pair_potentialN_value dk dv e M X : 0 < nat dk -> 0 < nat X ->
  nat (pair_potentialN dk dv e M X) = pair_potential_value (nat dk) (nat dv) (nat e) (nat M) (nat X).
Proof.
move=> dk0 X0; rewrite /pair_potentialN /pair_potential_value /potential_each /potential_first; cbv zeta.
have each : nat (if (X <=? M)%num
    then N.max (N.max (M * X * 4) (X * X * 4 + (dk + dv) * (dk + dv) * 4 * (M - X))) ((dk + dv) * (dk + dv) * 4 * (M + X))
    else N.max ((M + X) * (M + X)) ((dk + dv) * (dk + dv) * 4 * (M + X)))%num =
  potential_each ((nat dk + nat dv) * (nat dk + nat dv) * 4) (nat M) (nat X).
  rewrite /potential_each nat_leb; cbv zeta; case: ifP => _; by rewrite !(nat_max, natM, natD, natB).
rewrite nat_least_events each ?(nat_max, natM, natD) //.
apply: (@leq_trans ((nat dk + nat dv) * (nat dk + nat dv) * 4 * (nat M + nat X))).
  by rewrite !muln_gt0 !addn_gt0 dk0 X0 orbT.
by rewrite /potential_each; cbv zeta; case: ifP => _; apply: leq_maxr.
Qed.
