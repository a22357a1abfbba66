(* The textbook CDAG of attention is in the class: any number of rows and keys, any head dimensions, any summations.

   Scores are sums of d_k products, weights their exponentials, outputs sums of weight times value divided by the sum
   of the weights. Each sum has its own order. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Game Class.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* How leaves are summed: each node adds what it reads, and the root is the sum. *)
Record summation (leaf node : finType) := Summation {
  reads : node -> {set leaf + node};
  root : leaf + node;
  to_root : forall z, connect (fun a b => if b is inr n then a \in reads n else false) z root;
  from_leaf : forall n, exists l, connect (fun a b => if b is inr m then a \in reads m else false) (inl l) (inr n)
}.

Definition sum_edge leaf node (s : summation leaf node) : rel (leaf + node) :=
  fun a b => if b is inr n then a \in reads s n else false.

(* One after the other: node m adds leaf m + 1 to what has been summed before. *)
Section Chain.

Variable n : nat.

Definition partial (m : nat) : 'I_n.+1 + 'I_n :=
  if m is m'.+1 then (if insub m' is Some k then inr k else inl ord0) else inl ord0.

Definition chain_reads (m : 'I_n) : {set 'I_n.+1 + 'I_n} := [set partial m; inl (lift ord0 m)].

Let e : rel ('I_n.+1 + 'I_n) := fun a b => if b is inr m then a \in chain_reads m else false.

Lemma partial_node (m : 'I_n) : partial m.+1 = inr m.
Proof. by rewrite /partial valK. Qed.

Lemma partial_step m : m < n -> e (partial m) (partial m.+1).
Proof. by move=> mn; rewrite (partial_node (Ordinal mn)) /e in_set2 eqxx. Qed.

Lemma partial_leads m m' : m <= m' -> m' <= n -> connect e (partial m) (partial m').
Proof.
elim: m' => [|m' IH]; first by rewrite leqn0 => /eqP -> _; apply: connect0.
rewrite leq_eqVlt => /orP[/eqP -> _|]; first exact: connect0.
rewrite ltnS => mm' m'n; apply: connect_trans (IH mm' (ltnW m'n)) _.
exact: connect1 (partial_step m'n).
Qed.

Lemma chain_to_root z : connect e z (partial n).
Proof.
case: z => [l|m]; last by rewrite -partial_node partial_leads.
case: (unliftP ord0 l) => [m ->|->]; last exact: (@partial_leads 0 n).
apply: (@connect_trans _ _ (partial m.+1)); last exact: partial_leads.
by apply: connect1; rewrite partial_node /e in_set2 eqxx orbT.
Qed.

Lemma chain_from_leaf (m : 'I_n) : exists l, connect e (inl l) (inr m).
Proof. by exists ord0; rewrite -partial_node; apply: (@partial_leads 0). Qed.

Definition chain : summation [finType of 'I_n.+1] [finType of 'I_n] :=
  Summation chain_to_root chain_from_leaf.

End Chain.

Lemma map_path_homo (S T : Type) (e : rel S) (e' : rel T) (f : S -> T) a p :
  {homo f : a b / e a b >-> e' a b} -> path e a p -> path e' (f a) (map f p).
Proof. by move=> ff; elim: p a => //= b p IH a /andP[/ff -> /IH]. Qed.

Section Attention.

Variables (R C : finType) (dk dv : nat) (P L O Stat : finType).
Variables (score : R -> C -> summation [finType of 'I_dk] P) (weight : R -> summation C L)
  (output : R -> 'I_dv -> summation C O).

(* Statistics, such as maxima, of scores and of one another; a weight and what is done in a sum may read them. *)
Variables (stat_reads : Stat -> {set R * C + Stat}) (weight_stats : R -> C -> {set Stat})
  (sum_stats : R -> L -> {set Stat}) (output_stats : R -> 'I_dv -> O -> {set Stat}).

Inductive node :=
  | In of word R C dk dv
  | X of R & C & 'I_dk
  | S of R & C & P
  | W of R & C
  | N of R & L
  | Y of R & C & 'I_dv
  | A of R & 'I_dv & O
  | Out of R & 'I_dv
  | St of Stat.

Definition sum_type : finType := [finType of word R C dk dv + R * C * 'I_dk + R * C * P + R * C + R * L +
  R * C * 'I_dv + R * 'I_dv * O + R * 'I_dv + Stat].

Definition encode (u : node) : sum_type :=
  match u with
  | In w => inl (inl (inl (inl (inl (inl (inl (inl w)))))))
  | X i j l => inl (inl (inl (inl (inl (inl (inl (inr (i, j, l))))))))
  | S i j n => inl (inl (inl (inl (inl (inl (inr (i, j, n)))))))
  | W i j => inl (inl (inl (inl (inl (inr (i, j))))))
  | N i n => inl (inl (inl (inl (inr (i, n)))))
  | Y i j l => inl (inl (inl (inr (i, j, l))))
  | A i l n => inl (inl (inr (i, l, n)))
  | Out i l => inl (inr (i, l))
  | St z => inr z
  end.

Definition decode (c : sum_type) : node :=
  match c with
  | inl (inl (inl (inl (inl (inl (inl (inl w))))))) => In w
  | inl (inl (inl (inl (inl (inl (inl (inr (i, j, l)))))))) => X i j l
  | inl (inl (inl (inl (inl (inl (inr (i, j, n))))))) => S i j n
  | inl (inl (inl (inl (inl (inr (i, j)))))) => W i j
  | inl (inl (inl (inl (inr (i, n))))) => N i n
  | inl (inl (inl (inr (i, j, l)))) => Y i j l
  | inl (inl (inr (i, l, n))) => A i l n
  | inl (inr (i, l)) => Out i l
  | inr z => St z
  end.

Lemma encodeK : cancel encode decode. Proof. by case. Qed.

Definition node_eqMixin := CanEqMixin encodeK.
Canonical node_eqType := Eval hnf in EqType node node_eqMixin.
Definition node_choiceMixin := CanChoiceMixin encodeK.
Canonical node_choiceType := Eval hnf in ChoiceType node node_choiceMixin.
Definition node_countMixin := CanCountMixin encodeK.
Canonical node_countType := Eval hnf in CountType node node_countMixin.
Definition node_finMixin := CanFinMixin encodeK.
Canonical node_finType := Eval hnf in FinType node node_finMixin.

(* The terms and partial sums of a score, of a row sum, of an output. *)
Definition score_of i j (z : 'I_dk + P) : node := match z with inl l => X i j l | inr n => S i j n end.
Definition weight_of i (z : C + L) : node := match z with inl j => W i j | inr n => N i n end.
Definition output_of i l (z : C + O) : node := match z with inl j => Y i j l | inr n => A i l n end.
Definition root_of i j : node := score_of i j (root (score i j)).
Definition stat_of (z : R * C + Stat) : node := match z with inl (i, j) => root_of i j | inr z => St z end.

Definition reads_of (u : node) : {set node} :=
  match u with
  | In _ => set0
  | X i j l => [set In (Q i l); In (K j l)]
  | S i j n => score_of i j @: reads (score i j) n
  | W i j => root_of i j |: (St @: weight_stats i j)
  | N i n => (weight_of i @: reads (weight i) n) :|: (St @: sum_stats i n)
  | Y i j l => [set W i j; In (V j l)]
  | A i l n => (output_of i l @: reads (output i l) n) :|: (St @: output_stats i l n)
  | Out i l => [set output_of i l (root (output i l)); weight_of i (root (weight i))]
  | St z => stat_of @: stat_reads z
  end.

Definition attention_cdag : cdag := {|
  vertex := [finType of node];
  operands := reads_of;
  inputs := [set u : node | if u is In _ then true else false];
  outputs := [set u : node | if u is Out _ _ then true else false]
|}.

Definition kind_of (u : vertex attention_cdag) : option (thing R C dk dv) :=
  match (u : node) with
  | In w => Some (Word w)
  | X i j _ | S i j _ | W i j => Some (Pair i j)
  | N _ _ | St _ => None
  | Y i _ l | A i l _ | Out i l => Some (Place i l)
  end.

Notation edge := (@edge attention_cdag).

Lemma score_edge i j : {homo score_of i j : a b / sum_edge (score i j) a b >-> edge a b}.
Proof. by move=> a [l|n] // ab; rewrite /edge /= imset_f. Qed.

Lemma output_edge i l : {homo output_of i l : a b / sum_edge (output i l) a b >-> edge a b}.
Proof. by move=> a [j|n] // ab; rewrite /edge /= in_setU imset_f. Qed.

Lemma output_connect i l a b : connect (sum_edge (output i l)) a b ->
  connect edge (output_of i l a) (output_of i l b).
Proof.
case/connectP=> p pa ->; apply/connectP; exists (map (output_of i l) p); last by rewrite last_map.
exact: map_path_homo (@output_edge i l) pa.
Qed.

Lemma output_out i l a : connect edge (output_of i l a) (Out i l).
Proof.
apply: (@connect_trans _ _ (output_of i l (root (output i l)))).
  by apply: output_connect; apply: to_root.
by apply: connect1; rewrite /edge /= in_set2 eqxx.
Qed.

Lemma output_leaf i l a : exists j, connect edge (Y i j l) (output_of i l a).
Proof.
case: a => [j|n]; first by exists j; apply: connect0.
by have [j c] := from_leaf (output i l) n; exists j; apply: (@output_connect i l (inl j)).
Qed.

(* What reads an accumulator is one of the same place. *)
Lemma place_closed i l u w : edge u w -> kind_of u = Some (Place i l) -> kind_of w = Some (Place i l).
Proof.
rewrite /edge; case: w => [w|i' j' l'|i' j' n|i' j'|i' n|i' j' l'|i' l' n|i' l'|z] /=.
- by rewrite in_set0.
- by rewrite in_set2 => /orP[] /eqP ->.
- by case/imsetP=> -[] ? _ ->.
- by case/setU1P=> [->|/imsetP[z _ ->] //]; rewrite /root_of; case: (root _).
- by case/setUP=> /imsetP[z _ ->] //; case: z.
- by rewrite in_set2 => /orP[] /eqP ->.
- by case/setUP=> /imsetP[z _ ->] //; case: z => [j|n'] [-> ->].
- by rewrite in_set2 => /orP[] /eqP ->; case: (root _).
- by case/imsetP=> -[[i' j']|z'] _ -> //=; rewrite /root_of; case: (root _).
Qed.

Lemma place_connect i l u w : connect edge u w -> kind_of u = Some (Place i l) -> kind_of w = Some (Place i l).
Proof.
case/connectP=> p; elim: p u => [|v p IH] u /=; first by move=> _ ->.
by case/andP=> uv pv e /(place_closed uv); apply: IH.
Qed.

Lemma x_leads_y i j l l' : exists2 p, path edge (X i j l) (rcons p (Y i j l')) &
  all (fun z => kind_of z == Some (Pair i j)) p.
Proof.
have /connectP[p pp e] := to_root (score i j) (inl l).
have mp := map_path_homo (@score_edge i j) pp.
exists (rcons (map (score_of i j) p) (W i j)).
  rewrite !rcons_path mp last_rcons -[X i j l]/(score_of i j (inl l)) last_map -e /=.
  by rewrite /Game.edge /= in_setU1 eqxx in_set2 eqxx.
rewrite all_rcons eqxx /= all_map; apply/allP => z _ /=.
by case: z => *; rewrite /kind_of /= eqxx.
Qed.

Lemma pair_reads_pair u i j : kind_of u = Some (Pair i j) ->
  (exists l, u = X i j l) \/ (exists2 z, edge z u & kind_of z = Some (Pair i j)).
Proof.
case: u => // [i' j' l|i' j' n|i' j'] [-> ->]; [by left; exists l | right | right].
  have [l] := from_leaf (score i j) n; case/connectP=> p; case/lastP: p => // p z.
  rewrite rcons_path last_rcons => /andP[_ c] e; rewrite -e in c.
  exists (score_of i j (last (inl l) p)); first by rewrite /edge /= imset_f.
  by case: (last _ _).
exists (score_of i j (root (score i j))); first by rewrite /edge /= in_setU1 eqxx.
by case: (root _).
Qed.

Lemma place_kind u i l : kind_of u = Some (Place i l) <->
  exists2 j, (i, j) \in [set: R * C] & connect edge (Y i j l) u && connect edge u (Out i l).
Proof.
split=> [|[j _ /andP[c _]]]; last exact: (place_connect c).
have out z : exists2 j, (i, j) \in [set: R * C] & connect edge (Y i j l) (output_of i l z) &&
    connect edge (output_of i l z) (Out i l).
  by have [j c] := output_leaf i l z; exists j; rewrite ?in_setT // c output_out.
case: u => // [i' j' l'|i' l' n|i' l'] [-> ->]; [exact: (out (inl j')) | exact: (out (inr n)) |].
have [j _ /andP[c c']] := out (root (output i l)); exists j; rewrite ?in_setT //.
by rewrite (connect_trans c c') connect0.
Qed.

Definition attention_cdag_attention : attention attention_cdag dk dv [set: R * C].
Proof.
refine {|
  kind := kind_of;
  word_vertex := In : word R C dk dv -> vertex attention_cdag;
  x := X : R -> C -> 'I_dk -> vertex attention_cdag;
  y := Y : R -> C -> 'I_dv -> vertex attention_cdag;
  o := Out : R -> 'I_dv -> vertex attention_cdag;
  x_leads := fun i j l l' _ => x_leads_y i j l l';
  pair_reads := pair_reads_pair;
  kind_place := place_kind
|} => //.
- by move=> u w; split=> [|->] //; case: u => // w' [->].
- by move=> w; rewrite inE.
- by move=> u i l; rewrite inE; case: u.
- by move=> u i j; rewrite inE; case: u.
- by move=> i j l _; rewrite /Game.edge /= in_set2 eqxx.
- by move=> i j l _; rewrite /Game.edge /= in_set2 eqxx orbT.
- by move=> i j l _; rewrite /Game.edge /= in_set2 eqxx orbT.
- by move=> i j l _; apply: (output_out i l (inl j)).
- by move=> *; rewrite inE.
- move=> u i l u' ku uo c; move: (place_connect c ku) uo; rewrite inE.
  by case: u' {c} => // i' l' [-> ->].
Defined.

End Attention.

(* Without statistics. *)
Section Textbook.

Variables (R C : finType) (dk dv : nat) (P L O : finType).
Variables (score : R -> C -> summation [finType of 'I_dk] P) (weight : R -> summation C L)
  (output : R -> 'I_dv -> summation C O).

Definition textbook : cdag := attention_cdag (Stat := [finType of void]) score weight output
  (fun=> set0) (fun _ _ => set0) (fun _ _ => set0) (fun _ _ _ => set0).

Definition textbook_attention : attention textbook dk dv [set: R * C] := attention_cdag_attention _ _ _ _ _ _ _.

End Textbook.

(* N rows, N' keys, d_k and d_v at least 1, summed one after the other; the numbers given are one less. *)
Definition textbook_chains (n n' dk dv : nat) : cdag :=
  textbook (dv := dv.+1) (fun (_ : 'I_n.+1) (_ : 'I_n'.+1) => chain dk) (fun _ => chain n') (fun _ _ => chain n').

Definition textbook_chains_attention n n' dk dv :
  attention (textbook_chains n n' dk dv) dk.+1 dv.+1 [set: 'I_n.+1 * 'I_n'.+1] := textbook_attention _ _ _.
