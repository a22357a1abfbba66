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

(* A value comes from a compute. *)
Lemma computed_before t v : v \notin inputs G -> (v \in live h t) || (v \in kept h t) ->
  exists2 t', t' < t & act h t' = Some (Compute v).
Proof.
move=> vi; elim: t => [|t IH].
  rewrite live_start in_set0 /= => /(subsetP (kept_start h)) v0; by rewrite v0 in vi.
case e: ((v \in live h t) || (v \in kept h t)) => [_|].
  by case: (IH e) => t' t't a; exists t' => //; apply: leq_trans t't _.
move: e => /norP[nl nk] /orP[l|k].
  case: (gain l nl) => [a|a]; last by exists t.
  by rewrite (act_load a) in nk.
by rewrite (act_store (keep k nk)) in nl.
Qed.

Lemma output_computed o : o \in outputs G -> o \notin inputs G -> is_computed o.
Proof.
move=> oo oi; case: (@computed_before (steps h) o oi); last by move=> t _ a; exists t.
by rewrite (subsetP (kept_end h) _ oo) orbT.
Qed.

Lemma operand_live t u w : edge u w -> act h t = Some (Compute w) -> u \in live h t.
Proof. by move=> uw /act_compute[_ /subsetP s _]; apply: s. Qed.

Lemma operand_computed u w : edge u w -> u \notin inputs G -> is_computed w -> is_computed u.
Proof.
move=> uw ui [t a]; case: (@computed_before t u ui); last by move=> t' _ a'; exists t'.
by rewrite (operand_live uw a).
Qed.

(* An input that is live was loaded. *)
Lemma input_loaded t v : v \in inputs G -> v \in live h t ->
  exists2 t', t' < t & act h t' = Some (Load v).
Proof.
move=> vi; elim: t => [|t IH]; first by rewrite live_start in_set0.
case e: (v \in live h t) => [_|].
  by case: (IH e) => t' t't a; exists t' => //; apply: leq_trans t't _.
move=> l; case: (gain l (negbT e)) => [a|/act_compute[]]; first by exists t.
by rewrite vi.
Qed.

(* An output is stored, as it is computed. *)
Lemma kept_stored t v : v \notin inputs G -> v \in kept h t ->
  exists2 t', t' < t & act h t' = Some (Store v).
Proof.
move=> vi; elim: t => [|t IH]; first by move/(subsetP (kept_start h)) => v0; rewrite v0 in vi.
case e: (v \in kept h t) => [_|].
  by case: (IH e) => t' t't a; exists t' => //; apply: leq_trans t't _.
by move=> k; exists t => //; apply: keep k (negbT e).
Qed.

Lemma act_lt t m : act h t = Some m -> moves_word m -> t < steps h.
Proof.
move=> a w; rewrite ltnNge; apply/negP => le.
case: m a w => // v a _; last by have := act_store a; rewrite live_end ?in_set0.
have : v \in live h t.+1.
  case e: (v \in live h t); last by [].
Abort.

End Ancestors.
