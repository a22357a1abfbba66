(* What is computed where something is neither resident at the start nor loaded: in a stretch of time without such,
   every vertex of a thing on the way to what is computed is computed too. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Residence Ancestors.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Made.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (K : finType) (tag : vertex G -> option K).
Notation res := (resident h tag).

(* The things with a vertex that is live at time a or loaded between a and b. *)
Definition old a b : {set K} := res a :|: [set k | [exists t : 'I_b, (a <= t) && (obind tag (loaded (act h t)) == Some k)]].

(* Not more than are resident and are loaded. *)
Lemma old_leq (S : {set K}) a b : #|old a b :&: S| <=
  #|res a :&: S| + \sum_(a <= t < b) (if obind tag (loaded (act h t)) is Some k then k \in S else false).
Proof.
rewrite setIUl (leq_trans (leq_card_setU _ _)) // leq_add2l.
rewrite card_sum (@leq_trans (\sum_(k : K) \sum_(a <= t < b)
    ((obind tag (loaded (act h t)) == Some k) && (k \in S)))) //.
  apply: leq_sum => k _; rewrite !inE; case: existsP => // -[t /andP[at_ e]] /=.
  by case kS: (k \in S) => //; apply: (@sum_gt0 _ _ _ t); rewrite ?at_ ?ltn_ord // e.
rewrite exchange_big leq_sum // => t _; case: (obind _ _) => [k|]; last by rewrite big1.
case kS: (k \in S).
  apply: (@leq_trans (\sum_(k' : K) (Some k == Some k'))).
    by apply: leq_sum => k' _; case: (_ == _) => //; apply: leq_b1.
  by under eq_bigr do rewrite eq_sym; apply: sum_once => a' b' [].
by rewrite big1 // => k' _; case: eqP => //= -[<-]; rewrite kS.
Qed.

Lemma thing_made k a b z s : k \notin old a b -> tag z = Some k -> a <= s -> s <= b ->
  z \in live h s -> exists2 t, a <= t < s & act h t = Some (Compute z).
Proof.
rewrite in_setU negb_or => /andP[/residentP nr]; rewrite inE => /existsP nl kz.
elim: s => [|s IH]; first rewrite leqn0 => /eqP a0 _ zl.
  by case: nr; exists z; first by rewrite a0.
rewrite leq_eqVlt => /orP[/eqP e _ zl|]; first by case: nr; exists z; first rewrite e.
rewrite ltnS => as_ sb zl; have [zl'|n] := boolP (z \in live h s).
  case: (IH as_ (ltnW sb) zl') => t /andP[at_ ts] c; exists t => //; by rewrite at_ leqW.
case: (gain zl n) => c; last by exists s; rewrite ?as_ /=.
by case: nl; exists (Ordinal sb); rewrite /= as_ c /= kz eqxx.
Qed.

Lemma path_made k a b z p w t : k \notin old a b -> path (@edge G) z (rcons p w) ->
  tag z = Some k -> all (fun u => tag u == Some k) p -> a <= t < b -> act h t = Some (Compute w) ->
  exists2 t', a <= t' < b & act h t' = Some (Compute z).
Proof.
move=> n; elim: p z => [|u p IH] z /=.
  rewrite andbT => zw kz _ /andP[at_ tb] c.
  have [t' /andP[a' t't] c'] := thing_made n kz at_ (ltnW tb) (operand_live zw c).
  by exists t' => //; rewrite a' (ltn_trans t't).
case/andP=> zu pu kz /andP[/eqP ku kp] atb c.
have [t' /andP[at' tb'] c'] := IH u pu ku kp atb c.
have [t'' /andP[a'' t''t] c''] := thing_made n kz at' (ltnW tb') (operand_live zu c').
by exists t'' => //; rewrite a'' (ltn_trans t''t).
Qed.

End Made.
