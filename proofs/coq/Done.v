(* What of a family of vertices is computed before a time. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Ancestors.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Done.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (I : finType) (S : {set I}) (f : I -> vertex G).

Definition done b : {set I} := [set i in S | [exists t : 'I_b, act h t == Some (Compute (f i))]].

Lemma doneP b i : reflect (i \in S /\ exists2 t, t < b & act h t = Some (Compute (f i))) (i \in done b).
Proof.
rewrite inE; apply: (iffP andP) => -[iS] => [/existsP[t /eqP a]|[t tb a]]; split=> //; first by exists t.
by apply/existsP; exists (Ordinal tb); rewrite a.
Qed.

Lemma done_start : done 0 = set0.
Proof. by apply/setP => i; rewrite in_set0; apply/doneP => -[_ []]. Qed.

(* What is new was computed in between. *)
Lemma done_new a b i : i \in done b :\: done a ->
  i \in S /\ exists2 t, a <= t < b & act h t = Some (Compute (f i)).
Proof.
rewrite in_setD => /andP[n /doneP[iS [t tb c]]]; split=> //; exists t => //.
by rewrite tb andbT leqNgt; apply: contraNN n => ta; apply/doneP; split=> //; exists t.
Qed.

Lemma done_add a b : #|done b| <= #|done a| + #|done b :\: done a|.
Proof. by rewrite -(cardsID (done a) (done b)) leq_add2r subset_leq_card // subsetIr. Qed.

Lemma done_all : (forall i, i \in S -> is_computed h (f i)) -> done (steps h) = S.
Proof.
move=> all; apply/setP => i; apply/doneP/idP => [[]//|iS]; split=> //.
by have [t c] := all i iS; exists t => //; apply: compute_lt c.
Qed.

End Done.
