(* The row-wise schedule: blocks of rows stay, keys pass by one at a time. It is legal and costs 2Nd(1 + blocks). *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments Game Class Textbook Go.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* What is there and what it reads is all that the schedule knows. Columns and keys are counted from 0; n', dk and dv are
   the last key and the last columns. *)
Section RowWise.

Variables (G : cdag) (R : eqType) (n' dk dv M : nat).
Notation V := (vertex G).
Notation go := (@go G M).
Implicit Types (i : R) (j c : nat) (S F : {set V}).

Variables (q : R -> nat -> V) (k v : nat -> nat -> V).
Variables (x : R -> nat -> nat -> V) (w : R -> nat -> V) (y : R -> nat -> nat -> V).

(* After so many additions: of a score, of the row sum, of column c of the output. *)
Variables (s : R -> nat -> nat -> V) (n : R -> nat -> V) (a : R -> nat -> nat -> V) (out : R -> nat -> V).

Hypotheses (q_input : forall i c, q i c \in inputs G) (k_input : forall j c, k j c \in inputs G)
  (v_input : forall j c, v j c \in inputs G).

Definition made (u : V) (from : {set V}) : Prop := u \notin inputs G /\ operands u = from.

Hypotheses (x_made : forall i j c, made (x i j c) [set q i c; k j c])
  (s_first : forall i j, s i j 0 = x i j 0)
  (s_made : forall i j c, c < dk -> made (s i j c.+1) [set s i j c; x i j c.+1])
  (w_made : forall i j, made (w i j) [set s i j dk])
  (n_first : forall i, n i 0 = w i 0)
  (n_made : forall i j, j < n' -> made (n i j.+1) [set n i j; w i j.+1])
  (y_made : forall i j c, made (y i j c) [set w i j; v j c])
  (a_first : forall i c, a i c 0 = y i 0 c)
  (a_made : forall i c j, j < n' -> made (a i c j.+1) [set a i c j; y i j.+1 c])
  (out_made : forall i c, made (out i c) [set a i c n'; n i n']).

Lemma go_made u from S S' : made u from -> from \subset S -> S' \subset u |: S -> #|S| < M -> go S 0 set0 S'.
Proof. by case=> no e sub; apply: go_compute; rewrite ?e. Qed.

Lemma cup_card S S' m m' : #|S| <= m -> #|S'| <= m' -> #|S :|: S'| <= m + m'.
Proof. by move=> h h'; rewrite (leq_trans (leq_card_setU _ _)) // leq_add. Qed.

Lemma add_card u S m : #|S| <= m -> #|u |: S| <= m.+1.
Proof. by move=> h; rewrite -add1n; apply: cup_card; rewrite ?cards1. Qed.

(* One vertex a column. *)
Definition cols (f : nat -> V) d : {set V} := \bigcup_(c <- iota 0 d.+1) [set f c].

Lemma in_cols f d c : c < d.+1 -> f c \in cols f d.
Proof. by move=> cd; rewrite -sub1set; apply: (sub_union (fun c => [set f c])); rewrite mem_iota. Qed.

Lemma cols_card f d : #|cols f d| <= d.+1.
Proof.
by have := @union_card G _ 1 (fun c => [set f c]) (iota 0 d.+1); rewrite size_iota muln1; apply=> c; rewrite cards1.
Qed.

(* A key; a row before its first key, and after key j. *)
Definition key j : {set V} := cols (k j) dk :|: cols (v j) dv.
Definition at_row i t : {set V} := if t is j.+1 then n i j |: (cols (a i ^~ j) dv :|: cols (q i) dk) else cols (q i) dk.

Notation both := (dk.+1 + dv.+1).

Lemma row_card i t : #|at_row i t| <= both.+1.
Proof.
case: t => [|j] /=; first by have := cols_card (q i) dk; lia.
by apply: add_card; rewrite addnC; apply: cup_card; apply: cols_card.
Qed.

Lemma row_q i t : cols (q i) dk \subset at_row i t.
Proof. by case: t => [|t] //=; rewrite setUA; apply: subsetUr. Qed.

(* A score and its weight. *)
Lemma go_score i j S : cols (q i) dk \subset S -> key j \subset S -> #|S| + 3 <= M -> go S 0 set0 (w i j |: S).
Proof.
move=> qS kS card.
have from c S' : c < dk.+1 -> S \subset S' -> [set q i c; k j c] \subset S'.
  move=> cd SS'; rewrite subUset !sub1set (subsetP (subset_trans qS SS')) ?in_cols //.
  by rewrite (subsetP (subset_trans kS SS')) // in_setU in_cols.
have c1 u := add_card u (leqnn #|S|).
apply: (@go_then _ _ _ (s i j 0 |: S)).
  by rewrite s_first; apply: go_made (x_made i j 0) (from _ _ _ _) _ _ => //; lia.
apply: (@go_then _ _ _ (s i j dk |: S)).
  apply: (@go_quiet _ _ (fun c => s i j c |: S)) => c cd; have c2 := add_card (x i j c.+1) (c1 (s i j c)).
  apply: (@go_then _ _ _ (x i j c.+1 |: (s i j c |: S))).
    by apply: go_made (x_made i j c.+1) (from _ _ _ (subsetUr _ _)) _ _; rewrite ?subxx //; have := c1 (s i j c); lia.
  apply: go_made (s_made i j cd) _ _ _; [by rewrite setUC setUA subsetUl | | by lia].
  by rewrite setUS // setUCA; apply: subset_trans (subsetUr _ _) (subsetUr _ _).
apply: go_made (w_made i j) _ _ _; [exact: subsetUl | by rewrite setUS ?subsetUr | by have := c1 (s i j dk); lia].
Qed.

Section Row.

Variables (i : R) (F : {set V}).
Hypothesis card : #|F| + both.+1 + 3 <= M.

Lemma key_v j c : key j \subset F -> c < dv.+1 -> v j c \in F.
Proof. by move=> kF cd; rewrite (subsetP kF) // in_setU (in_cols (v j)) ?orbT. Qed.

(* The first key. *)
Lemma go_first : key 0 \subset F -> go (w i 0 |: (at_row i 0 :|: F)) 0 set0 (at_row i 1 :|: F).
Proof.
move=> kF; have cq := cols_card (q i) dk.
have cR := add_card (w i 0) (cup_card cq (leqnn #|F|)).
have none : \bigcup_(c <- iota 0 dv.+1) (set0 : {set V}) = set0 by apply: big1.
have := @go_each G M _ (fun=> set0) (fun c => [set a i c 0]) (fun=> set0) 0 1 1 (w i 0 |: F) (iota 0 dv.+1).
rewrite none muln0 size_iota muln1 => /(_ _ _ _ (w i 0 |: (cols (q i) dk :|: F))).
have -> : at_row i 1 :|: F = cols (a i ^~ 0) dv :|: (w i 0 |: (cols (q i) dk :|: F)).
  by rewrite /= n_first setUCA -!setUA.
rewrite set0U; apply=> [c|c|c S||]; rewrite ?cards0 ?cards1 ?set0U //.
- rewrite mem_iota => /= cd /subsetP wF cS; rewrite a_first.
  apply: go_made (y_made i 0 c) _ (subxx _) _; last by lia.
  by rewrite subUset !sub1set !wF // in_setU1 ?eqxx // key_v ?orbT.
- by rewrite setUS ?subsetUr.
- by lia.
Qed.

(* Every other key. *)
Lemma go_later j : j < n' -> key j.+1 \subset F ->
  go (w i j.+1 |: (at_row i j.+1 :|: F)) 0 set0 (at_row i j.+2 :|: F).
Proof.
move=> jn kF; have cq := cols_card (q i) dk; have cf := cup_card cq (leqnn #|F|).
pose S := w i j.+1 |: (n i j.+1 |: (cols (q i) dk :|: F)).
have cS : #|S| <= (dk.+1 + #|F|).+2 by do 2!apply: add_card.
apply: (@go_then _ _ _ (cols (a i ^~ j) dv :|: S)).
  apply: go_made (n_made i jn) _ _ _.
  - by rewrite subUset !sub1set !in_setU1 eqxx in_setU in_setU1 eqxx /= orbT.
  - apply/subsetP => u; rewrite /= !(in_setU, in_set1).
    by case: (u == w _ _); case: (u == n i j.+1); case: (u \in cols (q i) _); case: (u \in F); case: (u \in cols _ _);
      rewrite ?orbT.
  - by have := add_card (w i j.+1) (cup_card (row_card i j.+1) (leqnn #|F|)); lia.
apply: (@go_then _ _ _ (cols (a i ^~ j.+1) dv :|: S)); last first.
  apply: go_free; last by have := cup_card (cols_card (a i ^~ j.+1) dv) cS; lia.
  by rewrite /= -!setUA setUCA setUS //; apply: subsetUr.
have none : \bigcup_(c <- iota 0 dv.+1) (set0 : {set V}) = set0 by apply: big1.
have := @go_each G M _ (fun c => [set a i c j]) (fun c => [set a i c j.+1]) (fun=> set0) 0 1 2 (w i j.+1 |: F) (iota 0 dv.+1).
rewrite none muln0 size_iota muln1 => /(_ _ _ _ S); apply=> [c|c|c S'||]; rewrite ?cards1 //.
- rewrite mem_iota => /= cd /subsetP wF cS'.
  apply: (@go_then _ _ _ (y i j.+1 c |: (a i c j |: S'))).
    apply: go_made (y_made i j.+1 c) _ (subxx _) _; last by have := add_card (a i c j) (leqnn #|S'|); lia.
    by rewrite subUset !sub1set !in_setU1 !wF ?in_setU1 ?eqxx ?key_v ?orbT.
  apply: go_made (a_made i c jn) _ _ _.
  - by rewrite setUC setUA subsetUl.
  - by rewrite setUS // setUCA; apply: subset_trans (subsetUr _ _) (subsetUr _ _).
  - by have := add_card (y i j.+1 c) (add_card (a i c j) (leqnn #|S'|)); lia.
- by rewrite setUS //; apply: subset_trans (subsetUr _ _) (subsetUr _ _).
- by lia.
Qed.

Lemma go_row j : j <= n' -> key j \subset F -> go (at_row i j :|: F) 0 set0 (at_row i j.+1 :|: F).
Proof.
move=> jn kF; apply: (@go_then _ _ _ (w i j |: (at_row i j :|: F))).
  apply: go_score.
  - by apply: subset_trans (row_q i j) (subsetUl _ _).
  - by apply: subset_trans kF (subsetUr _ _).
  - by have := cup_card (row_card i j) (leqnn #|F|); lia.
by case: j jn kF => [|j] jn kF; [apply: go_first | apply: go_later].
Qed.

End Row.

End RowWise.
