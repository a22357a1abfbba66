(* The strict red-blue pebble game on a finite CDAG.

   That the CDAG has no cycle is not asked: with a cycle there is no pebbling of what depends on it, and every
   lower bound is true. *)

From mathcomp Require Import all_ssreflect.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Record cdag := Cdag {
  vertex : finType;
  operands : vertex -> {set vertex};
  inputs : {set vertex};
  outputs : {set vertex}
}.

Section Move.

Variable V : Type.

Inductive move := Load of V | Store of V | Compute of V | Free of V.

(* Does the move cost a word? *)
Definition moves_word (m : move) : bool :=
  match m with Load _ | Store _ => true | Compute _ | Free _ => false end.

Definition computed (m : move) : option V := if m is Compute v then Some v else None.

(* Loads plus stores. *)
Definition cost (ms : seq move) : nat := count moves_word ms.

End Move.

(* Moves can be compared. *)
Section Compare.

Variable V : eqType.

Definition code (m : move V) : nat * V :=
  match m with Load v => (0, v) | Store v => (1, v) | Compute v => (2, v) | Free v => (3, v) end.

Definition decode (c : nat * V) : move V :=
  match c with (0, v) => Load v | (1, v) => Store v | (2, v) => Compute v | (_, v) => Free v end.

Lemma codeK : cancel code decode. Proof. by case. Qed.

Definition move_eqMixin := CanEqMixin codeK.
Canonical move_eqType := Eval hnf in EqType (move V) move_eqMixin.

(* No vertex is computed twice. *)
Definition computes_once (ms : seq (move V)) : bool := uniq (pmap (@computed V) ms).

End Compare.

Section Game.

Variable G : cdag.
Notation V := (vertex G).

(* u is an operand of v. *)
Definition edge : rel V := fun u v => u \in operands v.

(* The vertices with a red pebble, and those with a blue one. *)
Record state := State { red : {set V}; blue : {set V} }.

Definition start : state := State set0 (inputs G).

Definition next (s : state) (m : move V) : state :=
  match m with
  | Load v | Compute v => State (v |: red s) (blue s)
  | Store v => State (red s) (v |: blue s)
  | Free v => State (red s :\ v) (blue s)
  end.

Definition allowed (s : state) (m : move V) : bool :=
  match m with
  | Load v => v \in blue s
  | Store v => v \in red s
  | Compute v => (v \notin inputs G) && (operands v \subset red s)
  | Free v => v \in red s
  end.

(* Every move is allowed, and there are never more than M red pebbles. *)
Fixpoint legal (M : nat) (s : state) (ms : seq (move V)) : bool :=
  if ms is m :: ms' then [&& allowed s m, #|red (next s m)| <= M & legal M (next s m) ms'] else true.

Definition final (s : state) (ms : seq (move V)) : state := foldl next s ms.

(* Legal from the start, and every output is blue at the end. *)
Definition pebbling (M : nat) (ms : seq (move V)) : bool :=
  legal M start ms && (outputs G \subset blue (final start ms)).

End Game.
