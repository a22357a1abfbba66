(* The bound `compulsory`: what must be moved whatever M is. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Residence Ancestors Class Attention Events.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Distinct.

Variables (G : cdag) (M T : nat) (h : history G M T) (K : finType) (f : vertex G -> option K).

(* Different things loaded, and different things stored. *)
Lemma distinct_moves (S S' : {set K}) :
  (forall k, k \in S -> exists2 t, t < steps h & obind f (loaded (act h t)) = Some k) ->
  (forall k, k \in S' -> exists2 t, t < steps h & obind f (stored (act h t)) = Some k) ->
  #|S| + #|S'| <= T.
Proof.
move=> sl ss; apply: leq_trans (words h).
have many (Z : {set K}) (g : nat -> option K) :
    (forall k, k \in Z -> exists2 t, t < steps h & g t = Some k) ->
    #|Z| <= \sum_(0 <= t < steps h) isSome (g t).
  move=> all; rewrite card_sum (@leq_trans (\sum_(k : K) \sum_(0 <= t < steps h) (g t == Some k))) //.
    apply: leq_sum => k _; case kZ: (k \in Z) => //; have [t tn e] := all k kZ.
    by apply: (@sum_gt0 _ _ _ t); rewrite // e eqxx.
  rewrite exchange_big leq_sum // => t _; case: (g t) => [k|]; last by rewrite big1.
  under eq_bigr do rewrite eq_sym.
  by apply: sum_once => a b [].
have l := many S _ sl; have s := many S' _ ss.
apply: leq_trans (leq_add l s) _; rewrite -sum_add leq_sum // => t _.
by case: (act h t) => [[]|] // u /=; case: (f u).
Qed.

End Distinct.

Section General.

Variables (G : cdag) (M : nat) (ms : seq (move (vertex G))).
Hypothesis no_operands : forall u v, edge u v -> v \notin inputs G.

(* Inputs that somebody reads who leads to an output. *)
Definition read_inputs : {set vertex G} := [set u in inputs G | [exists v, edge u v &&
  [exists o in outputs G, connect (@edge G) v o]]].

Lemma connect_computed T (h : history G M T) v o : v \notin inputs G -> o \in outputs G ->
  connect (@edge G) v o -> is_computed h v.
Proof.
move=> vi oo /connectP[p]; elim: p v vi => [|w p IH] v vi /=.
  by move=> _ e; apply: output_computed => //; rewrite -e.
case/andP=> vw pw e; apply: (operand_computed vw vi); apply: IH => //; exact: no_operands vw.
Qed.

Lemma read_loaded T (h : history G M T) v : v \in read_inputs ->
  exists2 t, t < steps h & act h t = Some (Load v).
Proof.
rewrite inE => /andP[vi /existsP[w /andP[vw /exists_inP[o oo wo]]]].
have [t c] := connect_computed h (no_operands vw) oo wo.
by have [t' t't l] := input_loaded vi (operand_live vw c); exists t' => //; apply: ltn_trans t't (compute_lt c).
Qed.

Lemma output_stored T (h : history G M T) v : v \in outputs G :\: inputs G ->
  exists2 t, t < steps h & act h t = Some (Store v).
Proof.
rewrite in_setD => /andP[vi vo].
have n : v \notin kept h 0 by apply: contraNN vi => /(subsetP (kept_start _)).
by have [t /andP[_ tn] s] := stored_since (leq0n _) n (subsetP (kept_end h) _ vo); exists t.
Qed.

(* Any CDAG whose inputs read nothing, recomputation or not. *)
Theorem compulsory : pebbling M ms -> #|read_inputs| + #|outputs G :\: inputs G| <= cost ms.
Proof.
move=> ok; apply: (distinct_moves (h := schedule_history ok) (f := Some)) => v.
  by case/(read_loaded (schedule_history ok)) => t tn l; exists t; rewrite // l.
by case/(output_stored (schedule_history ok)) => t tn s; exists t; rewrite // s.
Qed.

End General.

(* As `src/check/attention/compulsory.rs` computes it: rows and keys with a pair. *)
Definition compulsory_value (dk dv rows keys : nat) : nat := (rows + keys) * (dk + dv).

Section Attention.

Variables (G : cdag) (M : nat) (ms : seq (move (vertex G))).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).

Definition rows : {set R} := [set i | [exists j, (i, j) \in E]].
Definition keys : {set C} := [set j | [exists i, (i, j) \in E]].

Definition needed (k : thing R C dk dv) : bool :=
  match k with
  | inl (inl (inl (i, _))) => i \in rows
  | inl (inl (inr (inl (j, _)))) => j \in keys
  | inl (inl (inr (inr (j, _)))) => j \in keys
  | _ => false
  end.

Definition placed_rows (k : thing R C dk dv) : bool := if k is inl (inr (i, _)) then i \in rows else false.

Theorem compulsory_attention : 0 < dk -> 0 < dv -> pebbling M ms ->
  compulsory_value dk dv #|rows| #|keys| <= cost ms.
Proof.
move=> dk0 dv0 ok; pose h := schedule_history ok.
have loads w v t : edge (word_vertex A w) v -> act h t = Some (Compute v) ->
    exists2 t', t' < steps h & obind (kind A) (loaded (act h t')) = Some (Word w).
  move=> wv c; have [t' t't l] := input_loaded (word_input A w) (operand_live wv c).
  exists t'; first exact: ltn_trans t't (compute_lt c).
  by rewrite l /=; apply/kind_word.
have -> : compulsory_value dk dv #|rows| #|keys| =
    #|[set k | needed k]| + #|[set k | placed_rows k]|.
  have row (d : nat) : \sum_(i : R) \sum_(l < d) (i \in rows : nat) = #|rows| * d.
    under eq_bigr do rewrite sum_nat_const card_ord mulnC.
    by rewrite -big_distrl -card_sum.
  have key (d : nat) : \sum_(j : C) \sum_(l < d) (j \in keys : nat) = #|keys| * d.
    under eq_bigr do rewrite sum_nat_const card_ord mulnC.
    by rewrite -big_distrl -card_sum.
  have -> : #|[set k | needed k]| = #|rows| * dk + (#|keys| * dk + #|keys| * dv).
    rewrite card_sum sum_plus [X in _ + X]big1 => [|p _]; last by rewrite inE.
    rewrite sum_plus [X in _ + X + _]big1 => [|p _]; last by rewrite inE.
    rewrite !addn0 !sum_plus !sum_pair -!row -!key; congr (_ + (_ + _));
    by apply: eq_bigr => a _; apply: eq_bigr => b _; rewrite inE.
  have -> : #|[set k | placed_rows k]| = #|rows| * dv.
    rewrite card_sum sum_plus [X in _ + X]big1 => [|p _]; last by rewrite inE.
    rewrite sum_plus [X in X + _ + _]big1 => [|p _]; last by rewrite inE.
    rewrite add0n addn0 sum_pair -row.
    by apply: eq_bigr => a _; apply: eq_bigr => b _; rewrite inE.
  rewrite /compulsory_value; lia.
apply: (distinct_moves (h := h) (f := kind A)) => -[[[[i l]|[[j l]|[j l]]]|[i l]]|p]; rewrite inE //= inE
  => /existsP[].
- move=> j ij; have [t c] := x_computed h A l dv0 ij; exact: loads (x_reads_q A l ij) c.
- move=> i ij; have [t c] := x_computed h A l dv0 ij; exact: loads (x_reads_k A l ij) c.
- move=> i ij; have [t c] := y_computed h A l ij; exact: loads (y_reads_v A l ij) c.
move=> j ij; have ko : kind A (o A i l) = Some (Place i l).
  by apply/kind_place; exists j => //; rewrite y_leads // connect0.
have n : o A i l \notin kept h 0.
  by apply: contraNN (place_no_input ko) => /(subsetP (kept_start _)).
have [t /andP[_ tn] s] := stored_since (leq0n _) n (subsetP (kept_end h) _ (o_output A l ij)).
by exists t => //; move: s => /= ->; exact: ko.
Qed.

End Attention.
