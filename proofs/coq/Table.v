(* A CDAG as a table that the program writes, and a computation that shows it to be in the class.

   Vertices are words and computed vertices, these numbered in the order in which they are computed. For each of them
   the table has the operands, and what it is said to be. What is said is believed only if `in_class` is true, and
   then the CDAG is in the class: every check in it is about a vertex and its neighbours. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Game Class.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* q_il, k_jl, v_jl, or the n-th computed vertex. *)
Inductive ref := Qu of nat & nat | Ke of nat & nat | Va of nat & nat | Co of nat.

(* A pair vertex, an accumulator, or anything else. *)
Inductive tag := PairOf of nat & nat | PlaceOf of nat & nat | Other.

Definition ref_code (r : ref) : nat * nat * nat :=
  match r with Qu i l => (0, i, l) | Ke j l => (1, j, l) | Va j l => (2, j, l) | Co n => (3, n, 0) end.
Definition code_ref (c : nat * nat * nat) : ref :=
  match c with (0, i, l) => Qu i l | (1, j, l) => Ke j l | (2, j, l) => Va j l | (_, n, _) => Co n end.
Lemma ref_codeK : cancel ref_code code_ref. Proof. by case. Qed.
Definition ref_eqMixin := CanEqMixin ref_codeK.
Canonical ref_eqType := Eval hnf in EqType ref ref_eqMixin.

Definition tag_code (t : tag) : nat * nat * nat :=
  match t with PairOf i j => (0, i, j) | PlaceOf i l => (1, i, l) | Other => (2, 0, 0) end.
Definition code_tag (c : nat * nat * nat) : tag :=
  match c with (0, i, j) => PairOf i j | (1, i, l) => PlaceOf i l | _ => Other end.
Lemma tag_codeK : cancel tag_code code_tag. Proof. by case. Qed.
Definition tag_eqMixin := CanEqMixin tag_codeK.
Canonical tag_eqType := Eval hnf in EqType tag tag_eqMixin.

Record table := Table {
  rows : nat;
  keys : nat;
  dk : nat;
  dv : nat;
  computed : seq (seq ref * tag);
  (* The vertex of each output, row by row. *)
  results : seq nat
}.

Section Table.

Variable t : table.
Notation m := (size (computed t)).
Notation R := [finType of 'I_(rows t)].
Notation C := [finType of 'I_(keys t)].

Definition ops (n : nat) : seq ref := (nth ([::], Other) (computed t) n).1.
Definition tg (n : nat) : tag := (nth ([::], Other) (computed t) n).2.

(* Where things are in the table. *)
Definition x_at i j l :=
  find (fun c : seq ref * tag => [&& c.2 == PairOf i j, Qu i l \in c.1 & Ke j l \in c.1]) (computed t).
Definition y_at i j l := find (fun c : seq ref * tag => (c.2 == PlaceOf i l) && (Va j l \in c.1)) (computed t).
Definition o_at i l := nth m (results t) (i * dv t + l).

Definition there (n : nat) (r : ref) : bool :=
  match r with
  | Qu i l => (i < rows t) && (l < dk t)
  | Ke j l => (j < keys t) && (l < dk t)
  | Va j l => (j < keys t) && (l < dv t)
  | Co z => z < n
  end.

(* Does n' read n? *)
Definition reads (n' n : nat) : bool := Co n \in ops n'.

(* A vertex that reads n is said to be something that p holds of; all are. *)
Definition some_reader (n : nat) (p : pred tag) : bool := has (fun c => (Co n \in c.1) && p c.2) (computed t).
Definition each_reader (n : nat) (p : pred tag) : bool := all (fun c => (Co n \in c.1) ==> p c.2) (computed t).

(* An operand of n is said to be g. *)
Definition reads_a (n : nat) (g : tag) : bool := has (fun r => if r is Co z then tg z == g else false) (ops n).

Definition below (n : nat) (p : pred nat) : bool := all p (iota 0 n).

Definition check_vertex (n : nat) : bool :=
  all (there n) (ops n) &&
  match tg n with
  | PairOf i j =>
      (has (fun l => x_at i j l == n) (iota 0 (dk t)) ||
       reads_a n (PairOf i j)) &&
      (some_reader n (pred1 (PairOf i j)) ||
       below (dv t) (fun l => reads (y_at i j l) n))
  | PlaceOf i l =>
      [&& has (fun j => y_at i j l == n) (iota 0 (keys t)) ||
          reads_a n (PlaceOf i l),
          (o_at i l == n) || some_reader n predT &
          each_reader n (pred1 (PlaceOf i l))]
  | Other => true
  end.

Definition in_class : bool :=
  [&& below m check_vertex,
      below (rows t) (fun i => below (keys t) (fun j =>
        below (dk t) (fun l => x_at i j l < m) && below (dv t) (fun l => y_at i j l < m))) &
      below (rows t) (fun i => below (dv t) (fun l => (o_at i l < m) && (tg (o_at i l) == PlaceOf i l)))].

(* The CDAG. *)
Definition vertex_type : finType := [finType of word R C (dk t) (dv t) + 'I_m].

Definition name (u : vertex_type) : ref :=
  match u with
  | inl (inl (i, l)) => Qu i l
  | inl (inr (inl (j, l))) => Ke j l
  | inl (inr (inr (j, l))) => Va j l
  | inr n => Co n
  end.

Lemma name_inj : injective name.
Proof.
move=> [[[i l]|[[j l]|[j l]]]|n] [[[i' l']|[[j' l']|[j' l']]]|n'] //= [];
  by repeat move=> /val_inj ->.
Qed.

Definition at_ (d : vertex_type) (n : nat) : vertex_type := odflt d (omap inr (insub n : option 'I_m)).

Lemma at_E d n (nm : n < m) : at_ d n = inr (Ordinal nm).
Proof. by rewrite /at_ insubT. Qed.

Definition out (i : R) (l : 'I_(dv t)) (d : vertex_type) : vertex_type := at_ d (o_at i l).

(* No output is a word; where a row has outputs but no key there is no word to name, and it has none. *)
Definition table_cdag : cdag := {|
  vertex := vertex_type;
  operands := fun v => if v is inr n then [set u | name u \in ops n] else set0;
  inputs := [set u | if u is inl _ then true else false];
  outputs := [set u : vertex_type | [exists i : R, [exists l : 'I_(dv t), name u == Co (o_at i l)]]]
|}.

Notation edge := (@edge table_cdag).

Lemma edgeE u (n : 'I_m) : edge u (inr n) = (name u \in ops n).
Proof. by rewrite /edge in_set. Qed.

Lemma edge_reads (z n : 'I_m) : edge (inr z) (inr n) = reads n z.
Proof. exact: edgeE. Qed.

Definition tag_of (x : thing R C (dk t) (dv t)) : option tag :=
  match x with
  | inl (inl _) => None
  | inl (inr (i, l)) => Some (PlaceOf i l)
  | inr (i, j) => Some (PairOf i j)
  end.

Lemma tag_of_inj x x' g : tag_of x = Some g -> tag_of x' = Some g -> x = x'.
Proof.
case: x x' => [[?|[i l]]|[i j]] [[?|[i' l']]|[i' j']] //= [<-] // [];
  by move=> /val_inj -> /val_inj ->.
Qed.

Definition kind (u : vertex_type) : option (thing R C (dk t) (dv t)) :=
  match u with
  | inl w => Some (Word w)
  | inr n => [pick x | tag_of x == Some (tg n)]
  end.

Lemma kindE (n : 'I_m) x : kind (inr n) = Some x <-> tag_of x = Some (tg n).
Proof.
rewrite /kind; case: pickP => [x' /eqP x'n|none]; last by split=> // xn; have := none x; rewrite xn eqxx.
by split=> [[<-]|xn] //; rewrite (tag_of_inj xn x'n).
Qed.

Lemma kind_pair (n : 'I_m) i j : kind (inr n) = Some (Pair i j) <-> tg n = PairOf i j.
Proof. by rewrite kindE; split=> [[]|->]. Qed.

Lemma kind_place_ (n : 'I_m) i l : kind (inr n) = Some (Place i l) <-> tg n = PlaceOf i l.
Proof. by rewrite kindE; split=> [[]|->]. Qed.

Lemma belowP n (p : pred nat) : reflect (forall k, k < n -> p k) (below n p).
Proof.
apply: (iffP allP) => h k; first by move=> kn; apply: h; rewrite mem_iota.
by rewrite mem_iota => /h.
Qed.

Lemma has_iota n (p : pred nat) : has p (iota 0 n) -> exists2 k, k < n & p k.
Proof. by case/hasP=> k; rewrite mem_iota => kn pk; exists k. Qed.

Lemma some_readerP n p : some_reader n p -> exists2 n', n' < m & reads n' n /\ p (tg n').
Proof. by case/(has_nthP ([::], Other)) => n' n'm /andP[]; exists n'. Qed.

Lemma each_readerP n p n' : each_reader n p -> n' < m -> reads n' n -> p (tg n').
Proof. by move=> /(all_nthP ([::], Other)) h /h /implyP; apply. Qed.

Lemma reads_aP n g : reads_a n g -> exists2 z, reads n z & tg z = g.
Proof. by case/hasP=> -[? ?|? ?|? ?|z] // zn /eqP; exists z. Qed.

Hypothesis ok : in_class.

Let vertices n : n < m -> check_vertex n.
Proof. by case/and3P: ok => /belowP h _ _; apply: h. Qed.

Lemma x_lt (i : R) (j : C) (l : 'I_(dk t)) : x_at i j l < m.
Proof. by case/and3P: ok => _ /belowP/(_ i (ltn_ord i))/belowP/(_ j (ltn_ord j))/andP[/belowP h _] _; apply: h. Qed.

Lemma y_lt (i : R) (j : C) (l : 'I_(dv t)) : y_at i j l < m.
Proof. by case/and3P: ok => _ /belowP/(_ i (ltn_ord i))/belowP/(_ j (ltn_ord j))/andP[_ /belowP h] _; apply: h. Qed.

Lemma o_ok (i : R) (l : 'I_(dv t)) : (o_at i l < m) && (tg (o_at i l) == PlaceOf i l).
Proof. by case/and3P: ok => _ _ /belowP/(_ i (ltn_ord i))/belowP; apply. Qed.

Lemma o_lt (i : R) (l : 'I_(dv t)) : o_at i l < m.
Proof. by case/andP: (o_ok i l). Qed.

Definition x (i : R) (j : C) (l : 'I_(dk t)) : vertex_type := inr (Ordinal (x_lt i j l)).
Definition y (i : R) (j : C) (l : 'I_(dv t)) : vertex_type := inr (Ordinal (y_lt i j l)).
Definition o (i : R) (l : 'I_(dv t)) : vertex_type := inr (Ordinal (o_lt i l)).

Lemma x_is (i : R) (j : C) (l : 'I_(dk t)) :
  [/\ tg (x_at i j l) = PairOf i j, Qu i l \in ops (x_at i j l) & Ke j l \in ops (x_at i j l)].
Proof. by have := x_lt i j l; rewrite -has_find => /(nth_find ([::], Other))/and3P[/eqP]. Qed.

Lemma y_is (i : R) (j : C) (l : 'I_(dv t)) : tg (y_at i j l) = PlaceOf i l /\ Va j l \in ops (y_at i j l).
Proof. by have := y_lt i j l; rewrite -has_find => /(nth_find ([::], Other))/andP[/eqP]. Qed.

Lemma o_is (i : R) (l : 'I_(dv t)) : tg (o_at i l) = PlaceOf i l.
Proof. by case/andP: (o_ok i l) => _ /eqP. Qed.

Lemma earlier n z : n < m -> reads n z -> z < n.
Proof. by move=> nm zn; case/andP: (vertices nm) => /allP/(_ _ zn). Qed.

(* What reads an accumulator is an accumulator of the same place. *)
Lemma place_next n n' i l : n < m -> n' < m -> tg n = PlaceOf i l -> reads n' n -> tg n' = PlaceOf i l.
Proof.
move=> nm n'm tn rn; case/andP: (vertices nm) => _; rewrite tn => /and3P[_ _ each]; exact/eqP/(each_readerP each n'm rn).
Qed.

Lemma place_connect u v i l : kind u = Some (Place i l) -> connect edge u v -> kind v = Some (Place i l).
Proof.
move=> ku /connectP[p pp ->] {v}; elim: p u ku pp => //= v p IH u ku /andP[uv /IH]; apply.
case: u ku uv => [w //|n] /kind_place_ tn; case: v => [w|n'].
  by rewrite /Game.edge /= in_set0.
by rewrite edge_reads => /(place_next (ltn_ord n) (ltn_ord n') tn)/kind_place_.
Qed.

Lemma from_y (i : R) (l : 'I_(dv t)) n (nm : n < m) : tg n = PlaceOf i l ->
  exists j, connect edge (y i j l) (inr (Ordinal nm)).
Proof.
elim/ltn_ind: n nm => n IH nm tn; case/andP: (vertices nm) => _; rewrite tn => /and3P[from _ _].
case/orP: from => [/has_iota[j jk /eqP yn]|/reads_aP[z rn tz]].
  exists (Ordinal jk); suff -> : y i (Ordinal jk) l = inr (Ordinal nm) by apply: connect0.
  by congr inr; apply: val_inj.
have zn := earlier nm rn; have zm := ltn_trans zn nm; have [j yz] := IH z zn zm tz; exists j.
by apply: connect_trans yz (connect1 _); rewrite edge_reads.
Qed.

Lemma to_o (i : R) (l : 'I_(dv t)) n (nm : n < m) : tg n = PlaceOf i l ->
  connect edge (inr (Ordinal nm)) (o i l).
Proof.
move: {2}(m - n) (leqnn (m - n)) => k; elim: k n nm => [|k IH] n nm.
  by rewrite leqn0 subn_eq0 leqNgt nm.
move=> nk tn; case/andP: (vertices nm) => _; rewrite tn => /and3P[_ to _].
case/orP: to => [/eqP on|/some_readerP[n' n'm [rn _]]].
  suff -> : o i l = inr (Ordinal nm) by apply: connect0.
  by congr inr; apply: val_inj.
have nn' := earlier n'm rn.
apply: (@connect_trans _ _ (inr (Ordinal n'm))); first by apply: connect1; rewrite edge_reads.
apply: IH (place_next nm n'm tn rn).
by rewrite -ltnS; apply: leq_trans nk; apply: ltn_sub2l.
Qed.

(* From a pair vertex over pair vertices to every y. *)
Lemma to_y (i : R) (j : C) n (nm : n < m) (l : 'I_(dv t)) : tg n = PairOf i j ->
  exists2 p, path edge (inr (Ordinal nm)) (rcons p (y i j l)) & all (fun z => kind z == Some (Pair i j)) p.
Proof.
move: {2}(m - n) (leqnn (m - n)) => k; elim: k n nm => [|k IH] n nm.
  by rewrite leqn0 subn_eq0 leqNgt nm.
move=> nk tn; case/andP: (vertices nm) => _; rewrite tn => /andP[_ to].
case/orP: to => [/some_readerP[n' n'm [rn /eqP tn']]|/belowP/(_ l (ltn_ord l)) rn].
  have nn' := earlier n'm rn.
  have [|p pp ap] := IH n' n'm _ tn'; first by rewrite -ltnS; apply: leq_trans nk; apply: ltn_sub2l.
  exists (inr (Ordinal n'm) :: p); rewrite /= ?edge_reads ?rn //.
  by rewrite ap andbT; apply/eqP; exact: (kind_pair (Ordinal n'm) i j).2.
by exists [::]; rewrite //= edge_reads rn.
Qed.

Definition table_attention : @attention table_cdag _ _ (dk t) (dv t) [set: R * C].
Proof.
apply: (@Attention table_cdag _ _ _ _ _ kind inl x y o).
- move=> [w|n] w' /=; first by split=> [[->]|[->]].
  by split=> // /kindE.
- by move=> w; rewrite in_set.
- by move=> [w|n] i l //= _; rewrite in_set.
- by move=> [w|n] i j //= _; rewrite in_set.
- by move=> u i j _; rewrite in_setT.
- by move=> i j l _; apply/kind_pair; case: (x_is i j l).
- by move=> i j l _; rewrite edgeE; case: (x_is i j l).
- by move=> i j l _; rewrite edgeE; case: (x_is i j l).
- by move=> i j l _; rewrite edgeE; case: (y_is i j l).
- by move=> i j l l' _; apply: to_y; case: (x_is i j l).
- move=> [w //|[n nm]] i j /kind_pair /= tn; case/andP: (vertices nm) => _; rewrite tn => /andP[from _].
  case/orP: from => [/has_iota[l ld /eqP xn]|/reads_aP[z rn tz]].
    by left; exists (Ordinal ld); congr inr; apply: val_inj.
  right; exists (inr (Ordinal (ltn_trans (earlier nm rn) nm))); first by rewrite edge_reads.
  exact/kind_pair.
- by move=> i j l _; apply: to_o; case: (y_is i j l).
- move=> u i l; split=> [|[j _ /andP[yu _]]].
    case: u => [w //|[n nm]] /kind_place_ /= tn; have [j yn] := from_y nm tn.
    by exists j; rewrite ?in_setT // yn; apply: to_o.
  by apply: place_connect yu; apply/kind_place_; case: (y_is i j l).
- move=> i j l _; rewrite in_set; apply/existsP; exists i; apply/existsP; exists l; exact: eqxx.
- move=> u i l o' ku; rewrite in_set => /existsP[i' /existsP[l' /eqP no]] /(place_connect ku).
  have -> : o' = o i' l' by apply: name_inj; rewrite no.
  by move=> /kind_place_ /=; rewrite o_is => -[/val_inj -> /val_inj ->].
Qed.

End Table.
