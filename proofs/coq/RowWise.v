(* The row-wise schedule: blocks of rows stay, keys pass by one at a time. It is legal and costs 2Nd(1 + blocks).
   traces/row-wise-no-max.sched is its text. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments Game Class Textbook Go.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* All that the schedule knows of a CDAG is what is made and what it reads. Keys and columns are counted from 0; n', dk
   and dv are the last ones. *)
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
have := @go_each G M _ (fun=> set0) (fun c => [set a i c 0]) (fun=> set0) 0 1 1 (w i 0 |: F) (iota 0 dv.+1).
rewrite no_union muln0 size_iota muln1 => /(_ _ _ _ (w i 0 |: (cols (q i) dk :|: F))).
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
have := @go_each G M _ (fun c => [set a i c j]) (fun c => [set a i c j.+1]) (fun=> set0) 0 1 2 (w i j.+1 |: F)
  (iota 0 dv.+1).
rewrite no_union muln0 size_iota muln1 => /(_ _ _ _ S); apply=> [c|c|c S'||]; rewrite ?cards1 //.
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

Section Block.

(* The rows of a block. *)
Variable rs : seq R.
Hypothesis fits : size rs * both.+1 + both + 3 <= M.

Definition rows_at t : {set V} := \bigcup_(i <- rs) at_row i t.

Lemma rows_card t : #|rows_at t| <= size rs * both.+1.
Proof. by apply: union_card => i; apply: row_card. Qed.

Lemma go_load_cols f d S : (forall c, f c \in inputs G) -> #|S| + d.+1 < M -> go S d.+1 set0 (cols f d :|: S).
Proof. by move=> fi card; rewrite -{1}(size_iota 0 d.+1); apply: go_loads; rewrite ?size_iota. Qed.

Lemma go_key j : j <= n' -> go (rows_at j) both set0 (rows_at j.+1).
Proof.
move=> jn; have r := rows_card; have kc : #|key j| <= both by apply: cup_card; apply: cols_card.
have load : go (rows_at j) both set0 (rows_at j :|: key j).
  have := go_trans (@go_load_cols (v j) dv (rows_at j) (v_input j) _)
    (@go_load_cols (k j) dk (cols (v j) dv :|: rows_at j) (k_input j) _).
  rewrite setU0 (addnC dv.+1) setUA [in X in _ -> X]setUC; apply; first by have := r j; lia.
  by have := cup_card (cols_card (v j) dv) (r j); lia.
have := @go_each G M _ (at_row ^~ j) (at_row ^~ j.+1) (fun=> set0) 0 both.+1 3 (key j) rs _ _ _ (key j) (subxx _).
rewrite no_union muln0 => meet; have free : go (rows_at j.+1 :|: key j) 0 set0 (rows_at j.+1).
  by apply: go_free (subsetUl _ _) _; have := cup_card (r j.+1) kc; lia.
have := go_trans load (go_then (meet _ _ _ _) free).
rewrite setU0 addn0; apply=> [i|i|i S _ kS card|]; rewrite ?row_card //; last by lia.
by apply: go_row => //; lia.
Qed.

Lemma go_keys : go (rows_at 0) (n'.+1 * both) set0 (rows_at n'.+1).
Proof.
have := @go_loop G M rows_at (fun=> set0) both n'.+1; rewrite big1 //; apply=> j; exact: go_key.
Qed.

Definition outs i : {set V} := \bigcup_(c <- iota 0 dv.+1) [set out i c].

Lemma go_out i S : #|S| + both.+1 < M -> go (at_row i n'.+1 :|: S) dv.+1 (outs i) S.
Proof.
move=> card; have c1 := cup_card (row_card i n'.+1) (leqnn #|S|).
have := @go_each G M _ (fun=> set0) (fun=> set0) (fun c => [set out i c]) 1 0 1 (at_row i n'.+1) (iota 0 dv.+1).
rewrite no_union size_iota muln1 => /(_ _ _ _ (at_row i n'.+1 :|: S)); rewrite set0U => g.
rewrite -[dv.+1]addn0 -[outs i]setU0; apply: go_trans (g _ _ _ _ _) (go_free (subsetUr _ _) _).
- by move=> c; rewrite cards0.
- by move=> c; rewrite cards0.
- move=> c S'; rewrite mem_iota => /= cd rS' cS'; rewrite set0U.
  have c2 := add_card (out i c) (leqnn #|S'|).
  rewrite -[1]addn0 -[[set out i c]]setU0; apply: (@go_then _ _ _ (out i c |: S')).
    apply: go_made (out_made i c) _ (subxx _) _; last by lia.
    apply: subset_trans rS'; rewrite subUset !sub1set /= !in_setU1 eqxx andbT.
    by rewrite in_setU (in_cols (a i ^~ n')) ?orbT.
  by apply: go_trans (go_store (setU11 _ _) _) (go_free (subsetUr _ _) _); lia.
- exact: subsetUl.
- by lia.
- by lia.
Qed.

Lemma go_block : go set0 (size rs * both + n'.+1 * both) (\bigcup_(i <- rs) outs i) set0.
Proof.
have load : go set0 (size rs * dk.+1) set0 (rows_at 0).
  have := @go_each G M _ (fun=> set0) (at_row ^~ 0) (fun=> set0) dk.+1 both.+1 0 set0 rs _ _ _ set0 (subxx _).
  rewrite no_union !setU0; apply=> [i|i|i S _ _ card|]; rewrite ?cards0 ?row_card //; last by lia.
  by rewrite set0U; apply: go_load_cols; [exact: q_input | lia].
have store : go (rows_at n'.+1) (size rs * dv.+1) (\bigcup_(i <- rs) outs i) set0.
  have := @go_each G M _ (at_row ^~ n'.+1) (fun=> set0) outs dv.+1 both.+1 1 set0 rs _ _ _ set0 (subxx _).
  rewrite no_union !setU0; apply=> [i|i|i S _ _ card|]; rewrite ?cards0 ?row_card //; last by lia.
  by rewrite set0U; apply: go_out; lia.
have := go_trans load (go_trans go_keys store).
by rewrite !set0U; have -> : size rs * both + n'.+1 * both = size rs * dk.+1 + (n'.+1 * both + size rs * dv.+1) by lia.
Qed.

End Block.

Lemma go_blocks (bs : seq (seq R)) b : all (fun rs => size rs <= b) bs -> b * both.+1 + both + 3 <= M ->
  go set0 (size (flatten bs) * both + size bs * (n'.+1 * both)) (\bigcup_(i <- flatten bs) outs i) set0.
Proof.
move=> al fits; elim: bs al => [_|rs bs IH /= /andP[rb /IH g]]; first by rewrite big_nil; apply: go_refl.
rewrite size_cat big_cat /=; have := go_trans (@go_block rs _) g.
suff -> : (size rs + size (flatten bs)) * both + (size bs).+1 * (n'.+1 * both) =
  size rs * both + n'.+1 * both + (size (flatten bs) * both + size bs * (n'.+1 * both)) by
  apply; have := leq_mul rb (leqnn both.+1); lia.
lia.
Qed.

End RowWise.

(* A list cut into pieces of b, the last one shorter. *)
Lemma pieces (T : eqType) b (s : seq T) : 0 < b -> exists bs : seq (seq T),
  [/\ flatten bs = s, all (fun p => size p <= b) bs & size bs = ceil_div (size s) b].
Proof.
move=> b0; move: {2}(size s) (leqnn (size s)) => k; elim: k s => [|k IH] s le.
  exists [::]; move: le; rewrite leqn0 size_eq0 => /eqP ->; split=> //.
  by apply/esym/eqP; rewrite -leqn0 ceil_div_leq.
case: (posnP (size s)) => [z|s0]; first by apply: IH; rewrite z.
have [|bs [f al sz]] := IH (drop b s); first by rewrite size_drop; lia.
exists (take b s :: bs); split.
- by rewrite /= f cat_take_drop.
- by rewrite /= al size_take; case: ltnP; rewrite ?leqnn //= => ->.
have c k' : (ceil_div (size s) b <= k'.+1) = (ceil_div (size s - b) b <= k').
  by rewrite !ceil_div_leq // leq_subLR mulSn.
have c1 : 0 < ceil_div (size s) b by rewrite ltnNge ceil_div_leq // mul0n -ltnNge.
move: c c1; rewrite /= sz size_drop; case: (ceil_div (size s) b) => // m c _.
by congr _.+1; apply/eqP; rewrite eqn_leq -c leqnn /= -ltnS -[X in _ <= X]/((ceil_div (size s - b) b).+1) c.
Qed.

Section Textbook.

Variables n n' dk dv : nat.

Let G := textbook_chains n n' dk dv.
Let x_at i j c : vertex G := X _ _ _ _ _ i (inord j) (inord c).
Let w_at i j : vertex G := W _ _ _ _ _ _ i (inord j).
Let y_at i j c : vertex G := Y _ _ _ _ _ i (inord j) (inord c).
Let sum_s i j t : vertex G := score_of _ _ _ _ i (inord j) (partial dk t).
Let sum_w i t : vertex G := weight_of _ _ _ _ _ i (partial n' t).
Let sum_o i c t : vertex G := output_of _ _ _ _ i (inord c) (partial n' t).

Let out_at i c : vertex G := Out _ _ _ _ _ _ i (inord c).

Let first m : ord0 = inord 0 :> 'I_m.+1. Proof. by apply: val_inj; rewrite /= inordK. Qed.

Let later m t (tm : t < m) : lift ord0 (Ordinal tm) = inord t.+1.
Proof. by apply: val_inj; rewrite /= inordK. Qed.

(* Additions are nodes. *)
Lemma sum_s_made i j c : c < dk -> made (sum_s i j c.+1) [set sum_s i j c; x_at i j c.+1].
Proof.
move=> cd; rewrite /made /sum_s (partial_node (Ordinal cd)); split; first by rewrite inE.
by rewrite /operands /= ?imset0 ?setU0 imsetU !imset_set1 /= later.
Qed.

Lemma sum_w_made i j : j < n' -> made (sum_w i j.+1) [set sum_w i j; w_at i j.+1].
Proof.
move=> jn; rewrite /made /sum_w (partial_node (Ordinal jn)); split; first by rewrite inE.
by rewrite /operands /= ?imset0 ?setU0 imsetU !imset_set1 /= later.
Qed.

Lemma sum_o_made i c j : j < n' -> made (sum_o i c j.+1) [set sum_o i c j; y_at i j.+1 c].
Proof.
move=> jn; rewrite /made /sum_o (partial_node (Ordinal jn)); split; first by rewrite inE.
by rewrite /operands /= ?imset0 ?setU0 imsetU !imset_set1 /= later.
Qed.

(* With rows a at a time the textbook CDAG of N = n + 1 rows and N' = n' + 1 keys is pebbled for
   (N + ceil(N / a) N')(d_k + d_v) words, if a(d_k + d_v + 1) + d_k + d_v + 3 words fit. *)
Theorem row_wise M a : 0 < a -> a * (dk.+1 + dv.+1 + 1) + (dk.+1 + dv.+1) + 3 <= M ->
  exists2 ms : seq (move (vertex G)), pebbling M ms &
    cost ms = (n.+1 + ceil_div n.+1 a * n'.+1) * (dk.+1 + dv.+1).
Proof.
move=> a0; rewrite addn1 => fits; have [bs [f al sz]] := pieces (enum 'I_n.+1) a0.
have := @go_blocks G [eqType of 'I_n.+1] n' dk dv M
  (fun i c => In _ _ _ _ (Q i (inord c))) (fun j c => In _ _ _ _ (K (inord j) (inord c)))
  (fun j c => In _ _ _ _ (V (inord j) (inord c))) x_at w_at y_at sum_s sum_w sum_o
  out_at _ _ _ _ _ sum_s_made _ _ sum_w_made _ _ sum_o_made _ bs a al fits.
rewrite f sz size_enum_ord mulnA -mulnDl => g; apply: go_pebbling (g _ _ _ _ _ _ _ _ _ _) _.
- by move=> *; rewrite inE.
- by move=> *; rewrite inE.
- by move=> *; rewrite inE.
- by move=> i j c; split; rewrite // inE.
- by move=> i j; rewrite /sum_s /= first.
- by move=> i j; split; rewrite ?inE //= imset0 setU0.
- by move=> i; rewrite /sum_w /= first.
- by move=> i j c; split; rewrite // inE.
- by move=> i c; rewrite /sum_o /= first.
- by move=> i c; split; rewrite // inE.
apply/subsetP => u; rewrite inE; case: u => // i l _.
apply: (subsetP (sub_union _ (mem_enum _ i : i \in enum 'I_n.+1))).
have := sub_union (fun c => [set out_at i c]) (_ : val l \in iota 0 dv.+1).
by rewrite sub1set /out_at inord_val; apply; rewrite mem_iota /=.
Qed.

End Textbook.
