(* Events, and that they are no more than the words moved: CLASS.md, sections 3 and 4.

   Here every beginning of a period of a place is an event, not only a fresh start: by Lemma 2 each period of a
   place ends with a store of its own, so nothing is lost. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Residence Ancestors Class Attention.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Tally.

Variables (R C : finType) (dk dv : nat).
Notation thing := (thing R C dk dv).

Definition is_pair (k : option thing) : bool := if k is Some (inr _) then true else false.

(* All but the pairs. *)
Definition wp : {set thing} := [set k | ~~ is_pair (Some k)].

Lemma card_wp (S : {set thing}) :
  #|S :&: wp| = \sum_w (Word w \in S) + \sum_(p : R * 'I_dv) (Place p.1 p.2 \in S).
Proof.
rewrite card_sum sum_plus sum_plus [X in _ + X]big1 => [|p _]; last by rewrite !inE andbF.
rewrite addn0; congr (_ + _); apply: eq_bigr => k _; first by rewrite !inE andbT.
by case: k => i l; rewrite !inE andbT.
Qed.

(* One thing is a word or a place or a pair. *)
Lemma tally (k : option thing) : \sum_w (k == Some (Word w)) +
  \sum_(p : R * 'I_dv) (k == Some (Place p.1 p.2)) + is_pair k <= isSome k.
Proof.
have w1 : \sum_w (Some (Word w : thing) == k) <= 1 by apply: sum_once => a b [].
have p1 : \sum_(p : R * 'I_dv) (Some (Place p.1 p.2 : thing) == k) <= 1.
  by apply: sum_once => -[a b] [c d] [-> ->].
under eq_bigr do rewrite eq_sym; under [X in _ + X + _]eq_bigr do rewrite eq_sym.
move: w1 p1; case: k => [[[w|p]|p]|].
- by move=> w1 _; rewrite [X in _ + X + _]big1 //= !addn0.
- by move=> _ p1; rewrite [X in X + _ + _]big1 //= add0n addn0.
- by rewrite big1 // big1.
- by rewrite big1 // big1.
Qed.

End Tally.

Section Events.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).
Notation kind := (kind A).
Notation res := (resident h kind).
Notation begins := (begins h kind).

Definition pair_loaded t : bool := is_pair (obind kind (loaded (act h t))).
Definition pair_stored t : bool := is_pair (obind kind (stored (act h t))).

(* Word periods and places that begin, pair vertices loaded and stored. *)
Lemma events_le :
  \sum_(0 <= t < steps h) (#|begins t :&: wp R C dk dv| + pair_loaded t + pair_stored t) <= T.
Proof.
apply: leq_trans (words h).
pose w t := \sum_w (obind kind (loaded (act h t)) == Some (Word w)).
pose s t := \sum_(p : R * 'I_dv) (obind kind (stored (act h t)) == Some (Place p.1 p.2)).
apply: (@leq_trans (\sum_(0 <= t < steps h) (w t + s t + (pair_loaded t + pair_stored t)))).
  rewrite (eq_bigr (fun t => \sum_w (Word w \in begins t) +
    \sum_(p : R * 'I_dv) (Place p.1 p.2 \in begins t) + (pair_loaded t + pair_stored t))); last first.
    by move=> t _; rewrite card_wp !addnA.
  rewrite !big_split /= !leq_add //.
    apply: leq_sum => t _; apply: leq_sum => u _; case b: (Word u \in _) => //.
    rewrite (word_begins b) /=; have /kind_word -> : word_vertex A u = word_vertex A u by [].
    by rewrite eqxx.
  rewrite exchange_big [X in _ <= X]exchange_big /=; apply: leq_sum => p _; exact: place_begins.
apply: leq_sum => t _; rewrite /w /s /pair_loaded /pair_stored.
have l := tally (obind kind (loaded (act h t))); have r := tally (obind kind (stored (act h t))).
have e : isSome (obind kind (loaded (act h t))) + isSome (obind kind (stored (act h t))) <=
  moves_live_word (act h t) by case: (act h t) => [[]|] // u /=; case: (kind u).
lia.
Qed.

End Events.
