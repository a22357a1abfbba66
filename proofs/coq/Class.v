(* The class of CDAGs of CLASS.md, section 1.

   The numbers 1 to 4 are those of that page. Not asked for, since no proof needs it: the first half of 4 (every
   accumulator that is no y reads an accumulator), and that x_ijl, or y_ijl, of different l or j differ. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Game.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* Rows, keys, and the sizes of a row of Q or K and of V. *)
Section Things.

Variables (R C : finType) (dk dv : nat).

(* q_il, k_jl, v_jl *)
Definition word : finType := [finType of R * 'I_dk + (C * 'I_dk + C * 'I_dv)].

(* A word, a place o_il or a pair (i,j). *)
Definition thing : finType := [finType of word + R * 'I_dv + R * C].

Definition Q (i : R) (l : 'I_dk) : word := inl (i, l).
Definition K (j : C) (l : 'I_dk) : word := inr (inl (j, l)).
Definition V (j : C) (l : 'I_dv) : word := inr (inr (j, l)).

Definition Word (w : word) : thing := inl (inl w).
Definition Place (i : R) (l : 'I_dv) : thing := inl (inr (i, l)).
Definition Pair (i : R) (j : C) : thing := inr (i, j).

End Things.

Arguments Q {R C dk dv}.
Arguments K {R C dk dv}.
Arguments V {R C dk dv}.
Arguments Word {R C dk dv}.
Arguments Place {R C dk dv}.
Arguments Pair {R C dk dv}.

(* E is the set of pairs; rows, keys and pairs of all copies together. *)
Record attention (G : cdag) (R C : finType) (dk dv : nat) (E : {set R * C}) := Attention {
  (* What a vertex is: a word, an accumulator of a place, a pair vertex, or anything else. That this is a function
     says that pair vertices of different pairs and accumulators of different places are different (1). *)
  kind : vertex G -> option (thing R C dk dv);
  word_vertex : word R C dk dv -> vertex G;
  x : R -> C -> 'I_dk -> vertex G;
  y : R -> C -> 'I_dv -> vertex G;
  o : R -> 'I_dv -> vertex G;
  (* Words are inputs; accumulators and pair vertices are none (1). *)
  kind_word : forall u w, kind u = Some (Word w) <-> u = word_vertex w;
  word_input : forall w, word_vertex w \in inputs G;
  place_no_input : forall u i l, kind u = Some (Place i l) -> u \notin inputs G;
  pair_no_input : forall u i j, kind u = Some (Pair i j) -> u \notin inputs G;
  pair_in : forall u i j, kind u = Some (Pair i j) -> (i, j) \in E;
  (* Products. *)
  x_kind : forall i j l, (i, j) \in E -> kind (x i j l) = Some (Pair i j);
  x_reads_q : forall i j l, (i, j) \in E -> edge (word_vertex (Q i l)) (x i j l);
  x_reads_k : forall i j l, (i, j) \in E -> edge (word_vertex (K j l)) (x i j l);
  y_reads_v : forall i j l, (i, j) \in E -> edge (word_vertex (V j l)) (y i j l);
  (* From every x to every y of the pair (2). *)
  x_leads : forall i j l l', (i, j) \in E -> exists2 p,
    path (@edge G) (x i j l) (rcons p (y i j l')) & all (fun z => kind z == Some (Pair i j)) p;
  (* A pair vertex that is no x reads a pair vertex of the pair (3). *)
  pair_reads : forall u i j, kind u = Some (Pair i j) ->
    (exists l, u = x i j l) \/ (exists2 z, edge z u & kind z = Some (Pair i j));
  (* Accumulators: what lies on a path from a y to its output; there is such a path. *)
  y_leads : forall i j l, (i, j) \in E -> connect (@edge G) (y i j l) (o i l);
  kind_place : forall u i l, kind u = Some (Place i l) <->
    exists2 j, (i, j) \in E & connect (@edge G) (y i j l) u && connect (@edge G) u (o i l);
  (* They lead to no other output (4). *)
  o_output : forall i j l, (i, j) \in E -> o i l \in outputs G;
  place_leads : forall u i l o', kind u = Some (Place i l) -> o' \in outputs G ->
    connect (@edge G) u o' -> o' = o i l
}.
