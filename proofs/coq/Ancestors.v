(* What an output depends on is computed, and inputs come by loads. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Ancestors.

Variables (G : cdag) (M T : nat) (h : history G M T).
Notation V := (vertex G).
Implicit Types (u v w : V).

Definition is_computed v := exists t, act h t = Some (Compute v).

(* What is nowhere at one time and somewhere later was computed in between. *)
Lemma computed_since e t v : e <= t -> v \notin live h e -> v \notin kept h e ->
  (v \in live h t) || (v \in kept h t) -> exists2 t', e <= t' < t & act h t' = Some (Compute v).
Proof.
move=> et nl nk; elim: t et => [|t IH].
  by rewrite leqn0 => /eqP e0; rewrite -e0 (negPf nl) (negPf nk).
rewrite leq_eqVlt => /orP[/eqP <-|]; first by rewrite (negPf nl) (negPf nk).
rewrite ltnS => et.
have [s|/norP[nl' nk']] := boolP ((v \in live h t) || (v \in kept h t)).
  by move=> _; case: (IH et s) => t' /andP[et' t't] a; exists t' => //; rewrite et' leqW.
case/orP=> [l|k].
  case: (gain l nl') => [a|a]; last by exists t; rewrite ?et /=.
  by rewrite (act_load a) in nk'.
by rewrite (act_store (keep k nk')) in nl'.
Qed.

(* A value comes from a compute. *)
Lemma computed_before t v : v \notin inputs G -> (v \in live h t) || (v \in kept h t) ->
  exists2 t', t' < t & act h t' = Some (Compute v).
Proof.
move=> vi s; have [||t' /andP[_ t't] c] := computed_since (leq0n t) _ _ s; last by exists t'.
  by rewrite live_start in_set0.
by apply: contraNN vi => /(subsetP (kept_start h)).
Qed.

Lemma output_computed o : o \in outputs G -> o \notin inputs G -> is_computed o.
Proof.
move=> oo oi.
have [|t _ a] := @computed_before (steps h) o oi; last by exists t.
by rewrite (subsetP (kept_end h) _ oo) orbT.
Qed.

Lemma operand_live t u w : edge u w -> act h t = Some (Compute w) -> u \in live h t.
Proof. by move=> uw /act_compute[_ /subsetP s _]; apply: s. Qed.

Lemma operand_computed u w : edge u w -> u \notin inputs G -> is_computed w -> is_computed u.
Proof.
move=> uw ui [t a].
have [|t' _ a'] := @computed_before t u ui; last by exists t'.
by rewrite (operand_live uw a).
Qed.

(* An input that is live was loaded. *)
Lemma input_loaded t v : v \in inputs G -> v \in live h t ->
  exists2 t', t' < t & act h t' = Some (Load v).
Proof.
move=> vi; elim: t => [|t IH]; first by rewrite live_start in_set0.
have [e|n] := boolP (v \in live h t).
  by move=> _; case: (IH e) => t' t't a; exists t' => //; apply: leq_trans t't _.
move=> l; case: (gain l n) => [a|/act_compute[]]; first by exists t.
by rewrite vi.
Qed.

(* What becomes blue was stored. *)
Lemma stored_since e t v : e <= t -> v \notin kept h e -> v \in kept h t ->
  exists2 t', e <= t' < t & act h t' = Some (Store v).
Proof.
move=> et n; elim: t et => [|t IH]; first by rewrite leqn0 => /eqP e0; rewrite -e0 (negPf n).
rewrite leq_eqVlt => /orP[/eqP <-|]; first by rewrite (negPf n).
rewrite ltnS => et; have [s|n'] := boolP (v \in kept h t).
  by move=> _; case: (IH et s) => t' /andP[et' t't] a; exists t' => //; rewrite et' leqW.
by move=> k; exists t; [rewrite et /= | apply: keep k n'].
Qed.

Lemma compute_lt t v : act h t = Some (Compute v) -> t < steps h.
Proof.
case/act_compute=> _ _ vl; rewrite ltnNge; apply/negP => le.
by rewrite live_end ?in_set0 // in vl; apply: leqW.
Qed.

End Ancestors.
