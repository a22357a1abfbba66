(* The row-wise schedule: blocks of rows stay, keys pass by one at a time. It is legal and costs 2Nd(1 + blocks). *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments Game Class Textbook Go.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section RowWise.

(* All sizes are one less than they are called. *)
Variables (n n' dk dv M : nat).
Definition G := textbook_chains n n' dk dv.
Notation Vx := (vertex G).
Notation R := (ordinal n.+1).
Notation C := (ordinal n'.+1).
Notation go := (@go G M).

Definition q_at (i : R) (l : 'I_dk.+1) : Vx := In _ _ _ (Q i l).
Definition k_at (j : C) (l : 'I_dk.+1) : Vx := In _ _ _ (K j l).
Definition v_at (j : C) (l : 'I_dv.+1) : Vx := In _ _ _ (V j l).
Definition x_at (i : R) (j : C) (l : 'I_dk.+1) : Vx := X _ _ _ _ i j l.
Definition sum_s (i : R) (j : C) t : Vx := score_of _ _ _ i j (partial dk t).
Definition w_at (i : R) (j : C) : Vx := W _ _ _ _ _ i j.
Definition sum_w (i : R) t : Vx := weight_of _ _ _ _ i (partial n' t).
Definition sum_o (i : R) (l : 'I_dv.+1) t : Vx := output_of _ _ _ i l (partial n' t).
Definition out_at (i : R) (l : 'I_dv.+1) : Vx := Out _ _ _ _ _ i l.

Definition q_of i : {set Vx} := [set q_at i l | l : 'I_dk.+1].
Definition kv_of j : {set Vx} := [set k_at j l | l : 'I_dk.+1] :|: [set v_at j l | l : 'I_dv.+1].
Definition accs i t : {set Vx} := [set sum_o i l t | l : 'I_dv.+1].

(* What of row i is red after t keys. *)
Definition at_row i t : {set Vx} := if t is t'.+1 then sum_w i t' |: (accs i t' :|: q_of i) else q_of i.

Definition row : nat := (dk.+1 + dv.+1).+1.

Lemma q_card i : #|q_of i| <= dk.+1.
Proof. by rewrite (leq_trans (leq_imset_card _ _)) // card_ord. Qed.

Lemma accs_card (f : 'I_dv.+1 -> Vx) : #|[set f l | l : 'I_dv.+1]| <= dv.+1.
Proof. by rewrite (leq_trans (leq_imset_card _ _)) // card_ord. Qed.

Lemma add_card (v : Vx) (S : {set Vx}) m : #|S| <= m -> #|v |: S| <= m.+1.
Proof. by move=> h; rewrite cardsU1; case: (v \notin S); rewrite ?ltnS // ltnW. Qed.

Lemma cup_card (S S' : {set Vx}) m m' : #|S| <= m -> #|S'| <= m' -> #|S :|: S'| <= m + m'.
Proof. by move=> h h'; rewrite (leq_trans (leq_card_setU _ _)) // leq_add. Qed.

Lemma row_card i t : #|at_row i t| <= row.
Proof.
case: t => [|t]; first by rewrite (leq_trans (q_card i)) // /row; lia.
rewrite /row addnC; apply: add_card; apply: cup_card; [exact: accs_card | exact: q_card].
Qed.

Lemma row_q i t : q_of i \subset at_row i t.
Proof. by case: t => [|t] //=; rewrite setUA; apply: subsetUr. Qed.

Definition y_at (i : R) (j : C) (l : 'I_dv.+1) : Vx := Y _ _ _ _ i j l.

(* What they read. *)
Lemma reads_x i j l : operands (x_at i j l) = [set q_at i l; k_at j l]. Proof. by []. Qed.

Lemma reads_s i j (o : 'I_dk) : operands (sum_s i j o.+1) = [set sum_s i j o; x_at i j (lift ord0 o)].
Proof. by rewrite /sum_s partial_node /operands /= imsetU !imset_set1. Qed.

Lemma reads_w i j : operands (w_at i j) = [set sum_s i j dk]. Proof. by []. Qed.

Lemma reads_n i (o : 'I_n') : operands (sum_w i o.+1) = [set sum_w i o; w_at i (lift ord0 o)].
Proof. by rewrite /sum_w partial_node /operands /= imsetU !imset_set1. Qed.

Lemma reads_y i j l : operands (y_at i j l) = [set w_at i j; v_at j l]. Proof. by []. Qed.

Lemma reads_a i l (o : 'I_n') : operands (sum_o i l o.+1) = [set sum_o i l o; y_at i (lift ord0 o) l].
Proof. by rewrite /sum_o partial_node /operands /= imsetU !imset_set1. Qed.

Lemma reads_out i l : operands (out_at i l) = [set sum_o i l n'; sum_w i n']. Proof. by []. Qed.

(* None of them is an input. *)
Lemma no_x i j l : x_at i j l \notin inputs G. Proof. by rewrite in_set. Qed.
Lemma no_s i j t : sum_s i j t \notin inputs G. Proof. by rewrite in_set /sum_s; case: (partial _ _). Qed.
Lemma no_w i j : w_at i j \notin inputs G. Proof. by rewrite in_set. Qed.
Lemma no_n i t : sum_w i t \notin inputs G. Proof. by rewrite in_set /sum_w; case: (partial _ _). Qed.
Lemma no_y i j l : y_at i j l \notin inputs G. Proof. by rewrite in_set. Qed.
Lemma no_a i l t : sum_o i l t \notin inputs G. Proof. by rewrite in_set /sum_o; case: (partial _ _). Qed.
Lemma no_out i l : out_at i l \notin inputs G. Proof. by rewrite in_set. Qed.

Lemma two_sub (u v : Vx) (S : {set Vx}) : u \in S -> v \in S -> [set u; v] \subset S.
Proof. by move=> uS vS; rewrite subUset !sub1set uS. Qed.

Lemma add_sub (u : Vx) (S S' : {set Vx}) : S \subset S' -> u |: S \subset u |: S'.
Proof. exact: setUS. Qed.

(* A score and its weight. *)
Lemma go_score i j (U : {set Vx}) : q_of i \subset U -> kv_of j \subset U -> #|U| + 3 <= M ->
  go U 0 set0 (w_at i j |: U).
Proof.
move=> qU kvU card.
have qin l : q_at i l \in U by apply: (subsetP qU); rewrite imset_f.
have kin l : k_at j l \in U by apply: (subsetP kvU); rewrite in_setU imset_f.
have xo l (S : {set Vx}) : U \subset S -> operands (x_at i j l) \subset S.
  by move/subsetP=> US; rewrite reads_x; apply: two_sub; apply: US.
have c t : #|sum_s i j t |: U| <= #|U|.+1 by apply: add_card.
apply: (@go_then _ _ _ (sum_s i j 0 |: U)).
  by apply: (@go_compute _ _ (x_at i j ord0)); [exact: no_x | exact: xo | exact: subxx | lia].
apply: (@go_then _ _ _ (sum_s i j dk |: U)).
  apply: (@go_quiet _ _ (fun t => sum_s i j t |: U)) => m mdk; pose o := Ordinal mdk.
  apply: (@go_then _ _ _ (x_at i j (lift ord0 o) |: (sum_s i j m |: U))).
    apply: go_compute; [exact: no_x | by apply: xo; apply: subsetUr | exact: subxx | by have := c m; lia].
  apply: (@go_compute _ _ (sum_s i j m.+1)).
  - exact: no_s.
  - by rewrite (reads_s i j o); apply: two_sub; [rewrite in_setU1 orbC in_setU1 eqxx | rewrite in_setU1 eqxx].
  - by rewrite setUCA; apply: add_sub; rewrite setUCA; apply: subsetUr.
  - by have := add_card (x_at i j (lift ord0 o)) (c m); lia.
apply: (@go_compute _ _ (w_at i j)); [exact: no_w | | | by have := c dk; lia].
  by rewrite reads_w sub1set in_setU1 eqxx.
by apply: add_sub; apply: subsetUr.
Qed.

Section Row.

Variables (i : R) (F : {set Vx}).
Hypothesis card : #|F| + row + 3 <= M.

(* The first key. *)
Lemma go_first : kv_of ord0 \subset F -> go (w_at i ord0 |: (at_row i 0 :|: F)) 0 set0 (at_row i 1 :|: F).
Proof.
have c0 : #|F| + (dk.+1 + dv.+1).+1 + 3 <= M := card.
move=> kvF; pose I k : {set Vx} := w_at i ord0 |: ([set sum_o i l 0 | l : 'I_dv.+1 & l < k] :|: (q_of i :|: F)).
have Ic k : #|I k| <= (dv.+1 + (dk.+1 + #|F|)).+1.
  apply: add_card; apply: cup_card; last by apply: cup_card => //; apply: q_card.
  by apply: leq_trans (accs_card (fun l => sum_o i l 0)); apply: subset_leq_card; apply: imsetS; apply/subsetP.
apply: (@go_then _ _ _ (I 0)).
  apply: go_free; first by apply/subsetP => u; rewrite !inE => /or3P[->//|/imsetP[l]|->]; rewrite ?inE ?orbT.
  by apply: leq_trans (add_card _ (cup_card (q_card i) (leqnn _))) _; lia.
apply: (@go_then _ _ _ (I dv.+1)).
  apply: go_quiet => k kdv; pose l := Ordinal kdv.
  apply: (@go_compute _ _ (sum_o i l 0)); rewrite ?inE //.
  - rewrite /= subUset !sub1set in_setU1 eqxx /= in_setU1 in_setU in_setU.
    by rewrite (subsetP kvF) ?orbT // in_setU imset_f // orbT.
  - apply/subsetP => u; rewrite !inE => /or3P[->|/imsetP[l' lk ->]|->]; rewrite ?orbT //.
    rewrite inE ltnS leq_eqVlt in lk; case/orP: lk => [/eqP e|lk].
      by have -> : l' = l by [apply: val_inj]; rewrite eqxx.
    by rewrite imset_f ?inE // ?orbT.
  - by apply: leq_ltn_trans (Ic k) _; lia.
apply: go_free; last by apply: leq_trans (Ic _) _; lia.
apply/subsetP => u; rewrite !inE /= => /orP[/or3P[->//|/imsetP[l _ ->]|->]|->]; rewrite ?orbT //.
by rewrite imset_f ?orbT // inE.
Qed.

(* Every other key. *)
Lemma go_later (o : 'I_n') : kv_of (lift ord0 o) \subset F ->
  go (w_at i (lift ord0 o) |: (at_row i o.+1 :|: F)) 0 set0 (at_row i o.+2 :|: F).
Proof.
have c0 : #|F| + (dk.+1 + dv.+1).+1 + 3 <= M := card.
move=> kvF; set j := lift ord0 o; pose t : nat := o.
pose accs' k : {set Vx} := [set sum_o i l (if l < k then t.+1 else t) | l : 'I_dv.+1].
pose I k : {set Vx} := w_at i j |: (sum_w i t.+1 |: (accs' k :|: (q_of i :|: F))).
have Ic k : #|I k| <= (dv.+1 + (dk.+1 + #|F|)).+2.
  do 2!apply: add_card; apply: cup_card; last by apply: cup_card => //; apply: q_card.
  exact: accs_card.
have nw : sum_w i t.+1 = N _ _ _ _ _ i o by rewrite /sum_w (partial_node o).
have ao l : sum_o i l t.+1 = A _ _ _ _ i l o by rewrite /sum_o (partial_node o).
apply: (@go_then _ _ _ (I 0)).
  apply: (@go_compute _ _ (sum_w i t.+1)).
  - by rewrite nw inE.
  - rewrite nw /=; apply/subsetP => u /imsetP[z]; rewrite in_set2 => /orP[]/eqP-> ->.
      by rewrite !inE eqxx !orbT.
    by rewrite !inE eqxx.
  - apply/subsetP => u; rewrite !inE /= => /or4P[->|->|/imsetP[l _ ->]|]; rewrite ?orbT //.
      by rewrite ltn0 imset_f ?orbT.
    by case/orP=> ->; rewrite ?orbT.
  - have := add_card (w_at i j) (cup_card (row_card i o.+1) (leqnn #|F|)) => c.
    by apply: leq_ltn_trans c _; lia.
apply: (@go_then _ _ _ (I dv.+1)).
  apply: go_quiet => k kdv; pose l := Ordinal kdv; pose yv : Vx := Y _ _ _ _ i j l.
  apply: (@go_then _ _ _ (yv |: I k)).
    apply: (@go_compute _ _ yv); rewrite ?inE //; last by apply: leq_ltn_trans (Ic k) _; lia.
    rewrite /= subUset !sub1set in_setU1 eqxx /=.
    by rewrite !in_setU (subsetP kvF) ?orbT // in_setU imset_f // orbT.
  apply: (@go_compute _ _ (sum_o i l t.+1)).
  - by rewrite ao inE.
  - rewrite ao /=; apply/subsetP => u /imsetP[z]; rewrite in_set2 => /orP[]/eqP-> ->; last by rewrite !inE eqxx.
    have m : sum_o i l t \in accs' k.
      by apply/imsetP; exists l => //; rewrite ltnn.
    by rewrite !in_setU m !orbT.
  - apply/subsetP => u; rewrite !in_setU !in_set1 => /or4P[->|->|/imsetP[l' _ ->]|]; rewrite ?orbT //; last first.
      by case/orP=> ->; rewrite ?orbT.
    have [e|ne] := eqVneq l' l; first by rewrite e ltnSn eqxx.
    have -> : (l' < k.+1) = (l' < k) by rewrite ltnS leq_eqVlt (negPf (ne : l' != k :> nat)).
    by rewrite (imset_f (fun l' : 'I_dv.+1 => sum_o i l' (if l' < k then t.+1 else t))) ?orbT.
  - by apply: leq_ltn_trans (add_card _ (Ic k)) _; lia.
apply: go_free; last by apply: leq_trans (Ic _) _; lia.
apply/subsetP => u; rewrite !in_setU !in_set1 => /orP[/or3P[->//|/imsetP[l _ ->]|->]|->]; rewrite ?orbT //.
have m : sum_o i l o.+1 \in accs' dv.+1 by apply/imsetP; exists l => //; rewrite ltn_ord.
by rewrite m !orbT.
Qed.

Lemma go_row (j : C) : kv_of j \subset F -> go (at_row i j :|: F) 0 set0 (at_row i j.+1 :|: F).
Proof.
move=> kvF; apply: (@go_then _ _ _ (w_at i j |: (at_row i j :|: F))).
  apply: go_score.
  - by apply: subset_trans (row_q i j) _; apply: subsetUl.
  - by apply: subset_trans kvF _; apply: subsetUr.
  - by have := cup_card (row_card i j) (leqnn #|F|); lia.
case: (unliftP ord0 j) kvF => [o ->|->] kvF; last exact: go_first.
by rewrite lift0; apply: go_later.
Qed.

End Row.

(* Rows together. *)
Definition rows_at (rs : seq R) t : {set Vx} := \bigcup_(i <- rs) at_row i t.

Lemma rows_cons i rs t : rows_at (i :: rs) t = at_row i t :|: rows_at rs t.
Proof. exact: big_cons. Qed.

Lemma rows_card rs t : #|rows_at rs t| <= size rs * row.
Proof.
elim: rs => [|i rs IH]; first by rewrite /rows_at big_nil cards0.
by rewrite rows_cons mulSn; apply: cup_card => //; apply: row_card.
Qed.

Lemma go_rows rs (j : C) (F : {set Vx}) : kv_of j \subset F -> #|F| + size rs * row + 3 <= M ->
  go (rows_at rs j :|: F) 0 set0 (rows_at rs j.+1 :|: F).
Proof.
elim: rs F => [|i rs IH] F kvF card; first by rewrite /rows_at !big_nil; apply: go_refl.
rewrite /= mulSn in card.
rewrite !rows_cons -setUA; apply: (@go_then _ _ _ (at_row i j.+1 :|: (rows_at rs j :|: F))).
  apply: go_row; last by apply: subset_trans kvF _; apply: subsetUr.
  by have := cup_card (rows_card rs j) (leqnn #|F|); lia.
rewrite setUCA -setUA setUCA; apply: IH; first by apply: subset_trans kvF _; apply: subsetUr.
by have := cup_card (row_card i j.+1) (leqnn #|F|); lia.
Qed.

Notation both := (dk.+1 + dv.+1).

Section Block.

Variable rs : seq R.
Hypothesis fits : size rs * row + both + 3 <= M.

Lemma go_key (j : C) : go (rows_at rs j) both set0 (rows_at rs j.+1).
Proof.
pose s : seq Vx := [seq k_at j l | l <- enum 'I_dk.+1] ++ [seq v_at j l | l <- enum 'I_dv.+1].
have sz : size s = both by rewrite size_cat !size_map !size_enum_ord.
have Fc : #|[set v in s]| <= both by rewrite -sz cardsE card_size.
have r t := rows_card rs t.
rewrite -[X in go _ X]sz -[X in go _ X]addn0 -[set0]setU0.
apply: (go_trans (R1 := [set v in s] :|: rows_at rs j)).
  apply: go_loads; last by have := r j; lia.
  by move=> u; rewrite mem_cat => /orP[] /mapP[l _ ->]; rewrite inE.
rewrite setUC; apply: (@go_then _ _ _ (rows_at rs j.+1 :|: [set v in s])).
  apply: go_rows; last by lia.
  apply/subsetP => u; rewrite in_setU inE mem_cat => /orP[] /imsetP[l _ ->]; apply/orP; [left | right];
  by apply: map_f; rewrite mem_enum.
apply: go_free; first exact: subsetUl.
by have := cup_card (r j.+1) Fc; lia.
Qed.

Lemma go_keys : go (rows_at rs 0) (n'.+1 * both) set0 (rows_at rs n'.+1).
Proof.
have := @go_loop G M (rows_at rs) (fun=> set0) both n'.+1.
rewrite big1 //; apply => k kn; exact: (go_key (Ordinal kn)).
Qed.

Definition outs i : {set Vx} := \bigcup_(l < dv.+1) [set out_at i (inord l)].

Lemma go_out i (F : {set Vx}) : #|F| + row < M -> go (at_row i n'.+1 :|: F) dv.+1 (outs i) F.
Proof.
move=> card; have c := cup_card (row_card i n'.+1) (leqnn #|F|).
rewrite -[X in go _ X]muln1 -[X in go _ X]addn0 -[outs i]setU0.
apply: (go_trans (R1 := at_row i n'.+1 :|: F)); last by apply: go_free; [apply: subsetUr | lia].
apply: (@go_loop _ _ (fun=> at_row i n'.+1 :|: F)) => k kdv; set l : 'I_dv.+1 := inord k.
apply: (@go_then _ _ _ (out_at i l |: (at_row i n'.+1 :|: F))).
  apply: (@go_compute _ _ (out_at i l)); rewrite ?inE //; last by lia.
  rewrite /= subUset !sub1set !in_setU !in_set1.
  have m : sum_o i l n' \in accs i n' by apply: imset_f.
  by rewrite m eqxx !orbT.
have c1 := add_card (out_at i l) c.
rewrite -[X in go _ X]addn0 -[[set _]]setU0.
apply: go_trans (go_store _ _) (go_free _ _); rewrite ?subsetUr ?in_setU1 ?eqxx //; lia.
Qed.

End Block.

Lemma go_outs rs (F : {set Vx}) : #|F| + size rs * row + 1 <= M ->
  go (rows_at rs n'.+1 :|: F) (size rs * dv.+1) (\bigcup_(i <- rs) outs i) F.
Proof.
elim: rs F => [|i rs IH] F card.
  by rewrite /rows_at !big_nil set0U; apply: go_refl.
rewrite rows_cons big_cons /= mulSn -setUA; rewrite /= mulSn in card.
apply: go_trans (IH F _); last by lia.
by apply: go_out; have := cup_card (rows_card rs n'.+1) (leqnn #|F|); lia.
Qed.

Lemma go_block rs : size rs * row + both + 3 <= M ->
  go set0 (size rs * both + n'.+1 * both) (\bigcup_(i <- rs) outs i) set0.
Proof.
move=> fits; pose s : seq Vx := [seq q_at i l | i <- rs, l <- enum 'I_dk.+1].
have sz : size s = size rs * dk.+1 by rewrite size_allpairs size_enum_ord.
have le : size rs * dk.+1 <= size rs * row by rewrite leq_mul // /row; lia.
have sc : #|[set v in s]| <= size rs * dk.+1 by rewrite -sz cardsE card_size.
have loads : go set0 (size rs * dk.+1) set0 ([set v in s] :|: set0).
  rewrite -sz; apply: go_loads; last by rewrite cards0 sz; lia.
  by move=> u /allpairsP[[i l] [_ _ ->]]; rewrite inE.
have free : go ([set v in s] :|: set0) 0 set0 (rows_at rs 0).
  rewrite setU0; apply: go_free; last by lia.
  apply/subsetP => u; rewrite /rows_at big_tnth => /bigcupP[k _ /imsetP[l _ ->]].
  by rewrite inE; apply: allpairs_f; rewrite ?mem_tnth ?mem_enum.
have out : go (rows_at rs n'.+1) (size rs * dv.+1) (\bigcup_(i <- rs) outs i) set0.
  by have := @go_outs rs set0; rewrite setU0 cards0; apply; lia.
have := go_trans loads (go_then free (go_trans (go_keys fits) out)).
rewrite !set0U; suff -> : size rs * dk.+1 + (n'.+1 * both + size rs * dv.+1) = size rs * both + n'.+1 * both by [].
by rewrite mulnDr; lia.
Qed.

Lemma go_blocks (bs : seq (seq R)) a : all (fun rs => size rs <= a) bs -> a * row + both + 3 <= M ->
  go set0 (size (flatten bs) * both + size bs * (n'.+1 * both)) (\bigcup_(i <- flatten bs) outs i) set0.
Proof.
move=> al fits; elim: bs al => [_|rs bs IH /= /andP[ra /IH g]]; first by rewrite big_nil; apply: go_refl.
rewrite size_cat big_cat /=.
have le : size rs * row <= a * row by rewrite leq_mul.
have b := @go_block rs _; have := go_trans (b _) g.
suff -> : size rs * both + n'.+1 * both + (size (flatten bs) * both + size bs * (n'.+1 * both)) =
  (size rs + size (flatten bs)) * both + (size bs).+1 * (n'.+1 * both) by apply; lia.
by rewrite mulnDl mulSn; lia.
Qed.

End RowWise.

(* A list cut into pieces of a, the last one shorter. *)
Lemma pieces (T : eqType) a (s : seq T) : 0 < a -> exists bs : seq (seq T),
  [/\ flatten bs = s, all (fun p => size p <= a) bs & size bs = ceil_div (size s) a].
Proof.
move=> a0; move: {2}(size s) (leqnn (size s)) => k; elim: k s => [|k IH] s le.
  exists [::]; move: le; rewrite leqn0 size_eq0 => /eqP ->; split=> //.
  by apply/esym/eqP; rewrite -leqn0 ceil_div_leq.
case: (posnP (size s)) => [z|s0]; first by apply: IH; rewrite z.
have [|bs [f al sz]] := IH (drop a s); first by rewrite size_drop; lia.
exists (take a s :: bs); split.
- by rewrite /= f cat_take_drop.
- by rewrite /= al size_take; case: ltnP; rewrite ?leqnn //= => ->.
have c k' : (ceil_div (size s) a <= k'.+1) = (ceil_div (size s - a) a <= k').
  by rewrite !ceil_div_leq // leq_subLR mulSn.
have c1 : 0 < ceil_div (size s) a by rewrite ltnNge ceil_div_leq // mul0n -ltnNge.
move: c c1; rewrite /= sz size_drop; case: (ceil_div (size s) a) => // m c _.
by congr _.+1; apply/eqP; rewrite eqn_leq -c leqnn /= -ltnS -[X in _ <= X]/((ceil_div (size s - a) a).+1) c.
Qed.

(* With rows a at a time the textbook CDAG of N = n + 1 rows and N' = n' + 1 keys is pebbled for
   (N + ceil(N / a) N')(d_k + d_v) words, if a(d_k + d_v + 1) + d_k + d_v + 3 words fit. *)
Theorem row_wise n n' dk dv M a : 0 < a -> a * (dk.+1 + dv.+1 + 1) + (dk.+1 + dv.+1) + 3 <= M ->
  exists2 ms : seq (move (vertex (textbook_chains n n' dk dv))), pebbling M ms &
    cost ms = (n.+1 + ceil_div n.+1 a * n'.+1) * (dk.+1 + dv.+1).
Proof.
move=> a0 fits; have [bs [f al sz]] := pieces (enum 'I_n.+1) a0.
have := @go_blocks n n' dk dv M bs a al; rewrite {1}/row -addn1 => /(_ fits).
rewrite f size_enum_ord in sz *; rewrite sz mulnA -mulnDl => g.
apply: go_pebbling g _; apply/subsetP => u; rewrite inE; case: u => // i l _.
rewrite big_enum; apply/bigcupP; exists i => //.
by apply/bigcupP; exists l => //; rewrite inE inord_val.
Qed.
