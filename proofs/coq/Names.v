(* The textbook CDAG by names with numbers: each valid name is one vertex, each vertex has one, and what a vertex reads
   is what its name reads. What names read is computed, which the finite types are not. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Game Class Textbook RowWise.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* Row i, key j, column c; a sum after so many additions, of which there is at least one. *)
Inductive name :=
  | NameQ of nat & nat
  | NameK of nat & nat
  | NameV of nat & nat
  | NameX of nat & nat & nat
  | NameS of nat & nat & nat
  | NameW of nat & nat
  | NameN of nat & nat
  | NameY of nat & nat & nat
  | NameA of nat & nat & nat
  | NameO of nat & nat.

Section Names.

Variables n n' dk dv : nat.

Let G := textbook_chains n n' dk dv.

Definition sum_x i j c : name := if c is 0 then NameX i j 0 else NameS i j c.
Definition sum_weights i j : name := if j is 0 then NameW i 0 else NameN i j.
Definition sum_y i c j : name := if j is 0 then NameY i 0 c else NameA i c j.

Definition reads_names (u : name) : seq name :=
  match u with
  | NameQ _ _ | NameK _ _ | NameV _ _ => [::]
  | NameX i j c => [:: NameQ i c; NameK j c]
  | NameS i j c => [:: sum_x i j c.-1; NameX i j c]
  | NameW i j => [:: sum_x i j dk]
  | NameN i j => [:: sum_weights i j.-1; NameW i j]
  | NameY i j c => [:: NameW i j; NameV j c]
  | NameA i c j => [:: sum_y i c j.-1; NameY i j c]
  | NameO i c => [:: sum_y i c n'; sum_weights i n']
  end.

Definition valid (u : name) : bool :=
  match u with
  | NameQ i c => (i <= n) && (c <= dk)
  | NameK j c => (j <= n') && (c <= dk)
  | NameV j c => (j <= n') && (c <= dv)
  | NameX i j c => [&& i <= n, j <= n' & c <= dk]
  | NameS i j c => [&& i <= n, j <= n' & 0 < c <= dk]
  | NameW i j => (i <= n) && (j <= n')
  | NameN i j => (i <= n) && (0 < j <= n')
  | NameY i j c => [&& i <= n, j <= n' & c <= dv]
  | NameA i c j => [&& i <= n, c <= dv & 0 < j <= n']
  | NameO i c => (i <= n) && (c <= dv)
  end.

(* The vertex of a name, and the name of a vertex. *)
Definition vertex_of (u : name) : vertex G :=
  match u with
  | NameQ i c => In _ _ _ _ (Q (inord i) (inord c))
  | NameK j c => In _ _ _ _ (K (inord j) (inord c))
  | NameV j c => In _ _ _ _ (V (inord j) (inord c))
  | NameX i j c => X _ _ _ _ _ (inord i) (inord j) (inord c)
  | NameS i j c => score_of _ _ _ _ (inord i) (inord j) (partial dk c)
  | NameW i j => W _ _ _ _ _ _ (inord i) (inord j)
  | NameN i j => weight_of _ _ _ _ _ (inord i) (partial n' j)
  | NameY i j c => Y _ _ _ _ _ (inord i) (inord j) (inord c)
  | NameA i c j => output_of _ _ _ _ (inord i) (inord c) (partial n' j)
  | NameO i c => Out _ _ _ _ _ _ (inord i) (inord c)
  end.

Definition name_of (v : vertex G) : name :=
  match v with
  | In (inl (i, c)) => NameQ i c
  | In (inr (inl (j, c))) => NameK j c
  | In (inr (inr (j, c))) => NameV j c
  | X i j c => NameX i j c
  | S i j c => NameS i j c.+1
  | W i j => NameW i j
  | N i j => NameN i j.+1
  | Y i j c => NameY i j c
  | A i c j => NameA i c j.+1
  | Out i c => NameO i c
  | St z => match z with end
  end.

Lemma name_valid v : valid (name_of v).
Proof.
have o m (i : 'I_m.+1) : i <= m by rewrite -ltnS.
by case: v => [[[i c]|[[j c]|[j c]]]|i j c|i j c|i j|i j|i j c|i c j|i c|[]] /=; rewrite ?o ?ltn_ord.
Qed.

Lemma name_ofK v : vertex_of (name_of v) = v.
Proof.
by case: v => [[[i c]|[[j c]|[j c]]]|i j c|i j c|i j|i j|i j c|i c j|i c|[]]; rewrite /= ?inord_val // !valK.
Qed.

Lemma vertex_ofK u : valid u -> name_of (vertex_of u) = u.
Proof.
case: u => [i c|j c|j c|i j c|i j [|c]|i j|i [|j]|i j c|i c [|j]|i c]; rewrite /valid ?andbF //;
  try by (case/and3P=> *; rewrite /= !inordK) || (case/andP=> *; rewrite /= !inordK).
- by case/and3P=> ni nj cd; rewrite /vertex_of (partial_node (Ordinal cd)) /= !inordK.
- by case/andP=> ni jn; rewrite /vertex_of (partial_node (Ordinal jn)) /= inordK.
- by case/and3P=> ni nc jn; rewrite /vertex_of (partial_node (Ordinal jn)) /= !inordK.
Qed.

(* What a vertex reads are the vertices of the names that its name reads. *)
Lemma vertex_reads u : valid u -> operands (vertex_of u) = [set z in map vertex_of (reads_names u)].
Proof.
have two (a b : vertex G) : [set a; b] = [set z in [:: a; b]] by apply/setP => z; rewrite !inE.
have one (a : vertex G) : [set a] = [set z in [:: a]] by apply/setP => z; rewrite !inE.
have zero m : ord0 = inord 0 :> 'I_m.+1 by apply: val_inj; rewrite /= inordK.
have sx i j c : vertex_of (sum_x i j c) = score_of _ _ _ _ (inord i) (inord j) (partial dk c).
  by case: c => //=; rewrite zero.
have sw i j : vertex_of (sum_weights i j) = weight_of _ _ _ _ _ (inord i) (partial n' j).
  by case: j => //=; rewrite zero.
have sy i c j : vertex_of (sum_y i c j) = output_of _ _ _ _ (inord i) (inord c) (partial n' j).
  by case: j => //=; rewrite zero.
case: u => [i c|j c|j c|i j c|i j [|c]|i j|i [|j]|i j c|i c [|j]|i c] /=; rewrite ?andbF // ?sx ?sw ?sy => ok.
- case/and3P: ok => _ _ cd; have [_ e] := @sum_s_made n n' dk dv (inord i) j c cd; rewrite -two; exact: e.
- by rewrite -one /operands /= imset0 setU0.
- case/andP: ok => _ jn; have [_ e] := @sum_w_made n n' dk dv (inord i) j jn; rewrite -two; exact: e.
- case/and3P: ok => _ _ jn; have [_ e] := @sum_o_made n n' dk dv (inord i) c j jn; rewrite -two; exact: e.
- exact: two.
Qed.

End Names.
