(* Saha and Ye's bound on the products Q K^T, with its constants: whatever is done with the scores afterwards.

   Sums have any shape; nothing is asked of V. proofs/saha-ye, section 2. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Residence Ancestors Segments Compulsory Done Made Class Textbook.

From IoBound Require Window.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Things.

Variables (R C : finType) (d : nat).

(* q_il, k_jl *)
Definition qk : finType := [finType of R * 'I_d + C * 'I_d].

(* A word or a pair. *)
Definition qk_thing : finType := [finType of qk + R * C].

Definition words_of : {set qk_thing} := [set k | if k is inl _ then true else false].
Definition pairs_of : {set qk_thing} := [set k | if k is inr _ then true else false].

End Things.

(* The standard class: products, and what leads from them to the score of their pair. *)
Record products (G : cdag) (R C : finType) (d : nat) (E : {set R * C}) := Products {
  qk_kind : vertex G -> option (qk_thing R C d);
  word_at : qk R C d -> vertex G;
  product : R -> C -> 'I_d -> vertex G;
  score : R -> C -> vertex G;
  qk_kind_word : forall u w, qk_kind u = Some (inl w) <-> u = word_at w;
  word_at_input : forall w, word_at w \in inputs G;
  score_kind : forall i j, (i, j) \in E -> qk_kind (score i j) = Some (inr (i, j));
  score_no_input : forall i j, (i, j) \in E -> score i j \notin inputs G;
  product_reads_q : forall i j l, (i, j) \in E -> edge (word_at (inl (i, l))) (product i j l);
  product_reads_k : forall i j l, (i, j) \in E -> edge (word_at (inr (j, l))) (product i j l);
  (* From each product to the score, over pair vertices; for d = 1 the score may be the product. *)
  product_leads : forall i j l, (i, j) \in E -> product i j l = score i j \/
    exists2 p, path (@edge G) (product i j l) (rcons p (score i j)) &
      all (fun z => qk_kind z == Some (inr (i, j))) (product i j l :: p);
  score_leads : forall i j, (i, j) \in E -> exists2 o, o \in outputs G & connect (@edge G) (score i j) o
}.

Section History.

Variables (G : cdag) (M T : nat) (h : history G M T).
Hypothesis no_operands : forall u v : vertex G, edge u v -> v \notin inputs G.
Variables (R C : finType) (d : nat) (E : {set R * C}) (A : products G d E).
Notation kind := (qk_kind A).
Notation res := (resident h kind).
Notation begins := (begins h kind).
Notation reach := (reach h kind).
Notation words_of := (words_of R C d).
Notation pairs_of := (pairs_of R C d).
Notation old := (old h kind).

Definition pair_loads t : nat := if obind kind (loaded (act h t)) is Some k then k \in pairs_of else false.

Definition event t : nat := #|begins t :&: words_of| + pair_loads t.

(* An event is a load. *)
Lemma event_load t : event t <= moves_live_word (act h t).
Proof.
rewrite /event /pair_loads; case: (set_0Vmem (begins t :&: words_of)) => [->|[k]].
  rewrite cards0 add0n; case: (act h t) => [[]|] // u /=; case: (kind u) => // k.
  exact: leq_b1.
rewrite in_setI => /andP[kb]; rewrite inE; case: k kb => // w kb _.
have one : #|begins t :&: words_of| <= 1.
  by rewrite (leq_trans _ (begins_card h kind t)) // subset_leq_card // subsetIl.
case/beginsP: (kb) => v /qk_kind_word ve [] a; last first.
  by case/act_compute: a; rewrite ve word_at_input.
rewrite a /= (_ : kind v = Some (inl w)); last by apply/qk_kind_word.
by rewrite inE addn0.
Qed.

Lemma event_le1 t : event t <= 1.
Proof. by apply: leq_trans (event_load t) _; apply: leq_b1. Qed.

(* Words that are there between a and b, and pairs that are not made there from their products. *)
Lemma room a b : a <= b -> #|reach a b :&: words_of| + #|old a b :&: pairs_of| <= #|res a| + \sum_(a <= t < b) event t.
Proof.
move=> ab; have r := reach_card h kind words_of ab; have o := old_leq h kind pairs_of a b.
rewrite /event sum_add -/pair_loads -(cardsID words_of (res a)).
have -> : res a :\: words_of = res a :&: pairs_of by apply/setP => k; rewrite !inE andbC; case: k => ?; rewrite ?andbF ?andbT.
have -> : \sum_(a <= t < b) pair_loads t = \sum_(a <= t < b)
  (if obind kind (loaded (act h t)) is Some k then k \in pairs_of else false) by [].
lia.
Qed.

(* The scores that are computed before time b. *)
Definition scored b := done h E (fun p => score A p.1 p.2) b.

Definition full_row a b i := [forall l, inl (inl (i, l)) \in reach a b].
Definition full_key a b j := [forall l, inl (inr (j, l)) \in reach a b].

Lemma new_scored a b i j : (i, j) \in scored b :\: scored a -> inr (i, j) \notin old a b ->
  full_row a b i && full_key a b j.
Proof.
case/done_new=> ij [t atb c] n; rewrite /= in c.
have made l : exists2 t', a <= t' < b & act h t' = Some (Compute (product A i j l)).
  case: (product_leads A l ij) => [e|[p pp]]; first by exists t => //; rewrite e.
  by case/andP=> /eqP k all_p; apply: (path_made n pp k all_p atb c).
have into w l : edge (word_at A w) (product A i j l) -> inl w \in reach a b.
  move=> e; have [t' /andP[at' t'b] c'] := made l; apply/reachP; exists t'; first by rewrite at' ltnW.
  by apply/residentP; exists (word_at A w); [apply: operand_live e c' | apply/qk_kind_word].
by apply/andP; split; apply/forallP => l; apply: (into _ l); [apply: product_reads_q | apply: product_reads_k].
Qed.

(* Rows and keys all of whose words are there. *)
Lemma full_leq a b (I := [set i | full_row a b i]) (J := [set j | full_key a b j]) :
  4 * (d * d) * (#|I| * #|J|) <= #|reach a b :&: words_of| * #|reach a b :&: words_of|.
Proof.
have le : (#|I| + #|J|) * d <= #|reach a b :&: words_of|.
  rewrite [X in _ <= X]card_sum sum_plus [X in _ <= _ + X]big1 => [|p _]; last by rewrite !inE andbF.
  rewrite addn0 sum_plus !sum_pair mulnDl leq_add //.
    rewrite card_sum big_distrl /= leq_sum // => i _; rewrite inE.
    case f: (full_row a b i); last by rewrite mul0n.
    rewrite mul1n -[X in X <= _](card_ord d) -sum1_card leq_sum // => l _.
    by rewrite !inE andbT (forallP f).
  rewrite card_sum big_distrl /= leq_sum // => j _; rewrite inE.
  case f: (full_key a b j); last by rewrite mul0n.
  rewrite mul1n -[X in X <= _](card_ord d) -sum1_card leq_sum // => l _.
  by rewrite !inE andbT (forallP f).
have := leq_mul le le; have : 4 * (#|I| * #|J|) <= (#|I| + #|J|) * (#|I| + #|J|).
  by move: #|I| #|J| => x y; case: (leqP x y) => xy; have := leq_mul xy xy; nia.
move=> am; move/(fun it => leq_mul it (leqnn (d * d))): am; lia.
Qed.

Lemma scored_count a b W : a <= b -> #|res a| + \sum_(a <= t < b) event t <= W ->
  4 * (d * d) * #|scored b| <= 4 * (d * d) * #|scored a| + maxn (W * W) (4 * (d * d) * W).
Proof.
move=> ab le; have rm := leq_trans (room ab) le; set F := 4 * (d * d).
set I := [set i | full_row a b i]; set J := [set j | full_key a b j].
have new : #|scored b| <= #|scored a| + (#|old a b :&: pairs_of| + #|I| * #|J|).
  rewrite (leq_trans (done_add h E _ a b)) // leq_add2l.
  have inj : injective (inr : R * C -> qk_thing R C d) by move=> ? ? [].
  rewrite -cardsX; have -> : #|setX I J| = #|[set (inr p : qk_thing R C d) | p in setX I J]| by rewrite card_imset.
  rewrite -(card_imset _ inj) (leq_trans _ (leq_card_setU _ _)) // subset_leq_card //.
  apply/subsetP => k /imsetP[[i j] ij ->]; rewrite in_setU in_setI.
  have -> : (inr (i, j) : qk_thing R C d) \in pairs_of by rewrite inE.
  case o: (inr (i, j) \in old a b) => //=.
  have := new_scored ij; rewrite o => /(_ isT)/andP[fi fj].
  by apply: imset_f; rewrite in_setX !inE fi fj.
have := Window.window_convex F 1 rm; have := @full_leq a b; have := leq_mul (leqnn F) new.
rewrite -/I -/J -/F; lia.
Qed.

Lemma scored_all : #|scored (steps h)| = #|E|.
Proof.
rewrite /scored done_all // => -[i j] ij; have [o oo c] := score_leads A ij.
exact: (connect_computed no_operands) (score_no_input A ij) oo c.
Qed.

End History.

(* As in Lemma 1 of proofs/saha-ye, with integer windows; all counts times 4 d^2. *)
Definition products_value (d e M X : nat) : nat :=
  least_events (4 * (d * d) * e) (maxn (X * X) (4 * (d * d) * X))
    (maxn ((M + X) * (M + X)) (4 * (d * d) * (M + X))) X.

(* Every pebbling, with recomputation or without, of every CDAG in which inputs read nothing. *)
Theorem saha_ye_segments (G : cdag) (R C : finType) d (E : {set R * C}) (A : products G d E) M X (ms : seq (move (vertex G))) :
  (forall u v : vertex G, edge u v -> v \notin inputs G) -> 0 < d -> 0 < X -> E != set0 -> pebbling M ms ->
  products_value d #|E| M X <= cost ms.
Proof.
move=> no d0 X0 E0 ok; pose h := schedule_history ok; pose F := 4 * (d * d).
have F0 : 0 < F by rewrite /F; nia.
have E1 : 0 < #|E| by rewrite card_gt0.
have first b W : \sum_(0 <= t < b) event h A t <= W -> F * #|scored h A b| <= maxn (W * W) (F * W).
  move=> le; have := @scored_count _ _ _ h _ _ _ _ A 0 b W (leq0n b).
  by rewrite resident_start cards0 add0n => /(_ le); rewrite /scored done_start cards0 muln0.
rewrite /products_value -/F -(scored_all h no A); apply: leq_trans (words h).
apply: (leq_trans (integer_windows (ev := event h A) (met := fun b => F * #|scored h A b|) (n := steps h) _ _ _ _ _ _)).
- exact: event_le1.
- by move=> b _; apply: first.
- move=> a b ab _ le; apply: scored_count => //; by rewrite leq_add // resident_card.
- by lia.
- by rewrite (scored_all h no A) muln_gt0 F0 E1.
- move=> z; apply/eqP; rewrite -leqn0; have := first (steps h) 0.
  by rewrite z !muln0 maxnn leqnn => /(_ isT).
- by apply: leq_sum => t _; apply: event_load.
Qed.

(* Theorem 2 of proofs/saha-ye: T >= e d^2 / (M + 4 d^2) - M. *)
Theorem saha_ye (G : cdag) (R C : finType) d (E : {set R * C}) (A : products G d E) M (ms : seq (move (vertex G))) :
  (forall u v : vertex G, edge u v -> v \notin inputs G) -> 0 < d -> 0 < M -> E != set0 -> pebbling M ms ->
  #|E| * (d * d) <= (M + 4 * (d * d)) * (cost ms + M).
Proof.
move=> no d0 M0 E0 ok; have := saha_ye_segments A no d0 M0 E0 ok.
rewrite /products_value /least_events; move: (cost ms) => T; move: (d * d) (muln_gt0 d d) => D; rewrite d0 /= => D0.
set first := maxn (M * M) _; set each := maxn ((M + M) * _) _; set k := ceil_div _ _ => kT.
have each0 : 0 < each by rewrite /each; nia.
have : 4 * D * #|E| - first <= k * each by rewrite -ceil_div_leq.
have fe : first <= each by rewrite /first /each; nia.
have eM : each <= 4 * (M * (M + 4 * D)) by rewrite /each geq_max; apply/andP; split; nia.
move=> le; have {le} : 4 * D * #|E| <= k.+1 * each by rewrite mulSn; lia.
move=> le; have {}le := leq_trans le (leq_mul (leqnn k.+1) eM).
have kM : k.+1 * M <= T + M by rewrite mulSn; lia.
have := leq_mul (leqnn (M + 4 * D)) kM; rewrite -(leq_pmul2l (m := 4)) // => up.
rewrite -(leq_pmul2l (m := 4)) //; apply: leq_trans up; apply: leq_trans (_ : 4 * D * #|E| <= _); last first.
  by apply: (leq_trans le); rewrite [M * _]mulnC mulnCA [k.+1 * (_ * _)]mulnCA.
by rewrite -mulnA [D * _]mulnC.
Qed.

(* As the paper has it: T >= e d^2 / 4 (M + d^2) - M. *)
Theorem saha_ye_printed (G : cdag) (R C : finType) d (E : {set R * C}) (A : products G d E) M (ms : seq (move (vertex G))) :
  (forall u v : vertex G, edge u v -> v \notin inputs G) -> 0 < d -> 0 < M -> E != set0 -> pebbling M ms ->
  #|E| * (d * d) <= 4 * (M + d * d) * (cost ms + M).
Proof.
move=> no d0 M0 E0 ok; apply: leq_trans (saha_ye A no d0 M0 E0 ok) _.
by rewrite leq_mul2r mulnDr leq_add2r leq_pmull ?orbT.
Qed.

(* The textbook CDAG has such products, and so has FlashAttention-2's. *)
Section Attention.

Variables (R C : finType) (dk dv : nat) (P L O Stat : finType).
Variables (score : R -> C -> summation [finType of 'I_dk] P) (weight : R -> summation C L)
  (output : R -> 'I_dv -> summation C O).
Variables (stat_reads : Stat -> {set R * C + Stat}) (weight_stats : R -> C -> {set Stat})
  (sum_stats : R -> L -> {set Stat}) (output_stats : R -> 'I_dv -> O -> {set Stat}) (l0 : 'I_dv).
Notation G := (attention_cdag score weight output stat_reads weight_stats sum_stats output_stats).
Notation node := (node R C dk dv P L O Stat).

Definition qk_of (u : node) : option (qk_thing R C dk) :=
  match u with
  | In (inl (i, l)) => Some (inl (inl (i, l)))
  | In (inr (inl (j, l))) => Some (inl (inr (j, l)))
  | X i j _ | S i j _ | W i j => Some (inr (i, j))
  | _ => None
  end.

Definition qk_word (w : qk R C dk) : node :=
  match w with inl (i, l) => In _ _ _ _ (Q i l) | inr (j, l) => In _ _ _ _ (K j l) end.

Definition attention_products : products G dk [set: R * C].
Proof.
refine {| qk_kind := qk_of : vertex G -> _; word_at := qk_word : _ -> vertex G;
  product := @X R C dk dv P L O Stat : R -> C -> 'I_dk -> vertex G;
  SahaYe.score := @W R C dk dv P L O Stat : R -> C -> vertex G |} => //.
- by move=> u [[i l]|[j l]]; split=> [|->] //; case: u => // -[[? ?]|[[? ?]|[? ?]]] //= [-> ->].
- by move=> [[i l]|[j l]]; rewrite inE.
- by move=> i j _; rewrite inE.
- by move=> i j l _; rewrite /Game.edge /= in_set2 eqxx.
- by move=> i j l _; rewrite /Game.edge /= in_set2 eqxx orbT.
- move=> i j l _; right; have /connectP[p pp e] := to_root (score i j) (inl l).
  have mp := map_path_homo (@score_edge _ _ _ _ _ _ _ _ score weight output stat_reads weight_stats sum_stats
    output_stats i j) pp.
  exists (map (@score_of R C dk dv P L O Stat i j) p).
    rewrite rcons_path mp -[X _ _ _ _ _ i j l]/(@score_of R C dk dv P L O Stat i j (inl l)) last_map -e.
    by rewrite /Game.edge /= in_setU1 eqxx.
  rewrite /= eqxx all_map; apply/allP => z _ /=; by case: z => *; rewrite /= eqxx.
- move=> i j _; exists (@Out R C dk dv P L O Stat i l0 : vertex G); first by rewrite inE.
  apply: (@connect_trans _ _ (@Y R C dk dv P L O Stat i j l0)); last exact: (output_out _ _ _ _ _ _ _ i l0 (inl j)).
  by apply: connect1; rewrite /Game.edge /= in_set2 eqxx.
Defined.

End Attention.
