(* Pieces of schedules: from one set of red pebbles to another, for so many words, storing a set of vertices. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Go.

Variables (G : cdag) (M : nat).
Notation V := (vertex G).
Implicit Types (R S D : {set V}) (v : V).

Definition go R w D R' : Prop := forall b : {set V}, inputs G \subset b -> exists (ms : seq (move V)) (b' : {set V}),
  [/\ legal M (State R b) ms, final (State R b) ms = State R' b', b :|: D \subset b' & cost ms = w].

Lemma legal_cat (s : state G) (ms ms' : seq (move V)) : legal M s (ms ++ ms') = legal M s ms && legal M (final s ms) ms'.
Proof. by elim: ms s => //= m ms IH s; rewrite IH !andbA. Qed.

Lemma final_cat (s : state G) (ms ms' : seq (move V)) : final s (ms ++ ms') = final (final s ms) ms'.
Proof. exact: foldl_cat. Qed.

Lemma go_refl R : go R 0 set0 R.
Proof. by move=> b _; exists [::], b; rewrite setU0. Qed.

Lemma go_trans R w D R1 w' D' R2 : go R w D R1 -> go R1 w' D' R2 -> go R (w + w') (D :|: D') R2.
Proof.
move=> g g' b ib; have [ms [b1 [l f s c]]] := g b ib.
have [|ms' [b2 [l' f' s' c']]] := g' b1.
  by apply: subset_trans ib (subset_trans _ s); apply: subsetUl.
exists (ms ++ ms'), b2; split.
- by rewrite legal_cat l f.
- by rewrite final_cat f.
- by apply: subset_trans s'; rewrite setUA setSU.
- by rewrite /cost count_cat; congr (_ + _).
Qed.

(* Steps that cost nothing. *)
Lemma go_then R R1 w D R2 : go R 0 set0 R1 -> go R1 w D R2 -> go R w D R2.
Proof. by move=> g /(go_trans g); rewrite set0U. Qed.

Lemma go_free R R' : R' \subset R -> #|R| <= M -> go R 0 set0 R'.
Proof.
move: {2}#|R :\: R'| (leqnn #|R :\: R'|) => k.
elim: k R => [|k IH] R le sub card.
  suff -> : R = R' by apply: go_refl.
  apply/eqP; rewrite eqEsubset sub andbT -setD_eq0 -cards_eq0 -leqn0; exact: le.
case: (set_0Vmem (R :\: R')) => [e|[v]]; first by apply: IH => //; rewrite e cards0.
move=> vd; have /andP[vn vR] : (v \notin R') && (v \in R) by rewrite -in_setD.
have card' : #|R :\ v| <= M by apply: leq_trans card; apply: subset_leq_card; apply: subD1set.
apply: (@go_then _ (R :\ v)).
  move=> b ib; exists [:: Free v], b; split; rewrite ?setU0 //=.
  by rewrite vR card'.
apply: IH => //.
  rewrite -ltnS (leq_trans _ le) // [X in _ < X](cardsD1 v) vd add1n ltnS subset_leq_card //.
  by apply/subsetP => u; rewrite !inE => /and3P[-> -> ->].
by apply/subsetP => u uR'; rewrite in_setD1 (subsetP sub) // andbT; apply: contraNneq vn => <-.
Qed.

(* Compute, and keep of what is there what is wanted. *)
Lemma go_compute v R R' : v \notin inputs G -> operands v \subset R -> R' \subset v |: R -> #|R| < M ->
  go R 0 set0 R'.
Proof.
move=> vi o sub card; have card' : #|v |: R| <= M by apply: leq_trans (leq_card_setU _ _) _; rewrite cards1.
apply: (@go_then _ (v |: R)); last exact: go_free.
by move=> b ib; exists [:: Compute v], b; split; rewrite ?setU0 //= vi o card'.
Qed.

Lemma go_load v R : v \in inputs G -> #|R| < M -> go R 1 set0 (v |: R).
Proof.
move=> vi card; have card' : #|v |: R| <= M by apply: leq_trans (leq_card_setU _ _) _; rewrite cards1.
by move=> b ib; exists [:: Load v], b; split; rewrite ?setU0 //= (subsetP ib) // card'.
Qed.

Lemma go_store v R : v \in R -> #|R| <= M -> go R 1 [set v] R.
Proof.
by move=> vR card b ib; exists [:: Store v], (v |: b); split; rewrite //= ?vR ?card // setUC.
Qed.

Section Union.

Variables (T : eqType) (m : nat) (f : T -> {set V}).

Lemma sub_union (ts : seq T) t : t \in ts -> f t \subset \bigcup_(t <- ts) f t.
Proof.
elim: ts => // t' ts IH; rewrite in_cons big_cons => /predU1P[->|/IH sub]; first exact: subsetUl.
exact: subset_trans sub (subsetUr _ _).
Qed.

Lemma union_card (ts : seq T) : (forall t, #|f t| <= m) -> #|\bigcup_(t <- ts) f t| <= size ts * m.
Proof.
move=> fm; elim: ts => [|t ts IH]; first by rewrite big_nil cards0.
by rewrite big_cons mulSn; apply: leq_trans (leq_card_setU _ _) (leq_add (fm t) IH).
Qed.

End Union.

(* What one can do beside any others, they can do one after the other: t turns f t into g t, of at most m vertices each,
   with c more, wherever F is red. *)
Lemma go_each (T : eqType) (f g D : T -> {set V}) w m c (F : {set V}) (ts : seq T) :
  (forall t, #|f t| <= m) -> (forall t, #|g t| <= m) ->
  (forall t R, t \in ts -> F \subset R -> #|R| + m + c <= M -> go (f t :|: R) w (D t) (g t :|: R)) ->
  forall R, F \subset R -> #|R| + size ts * m + c <= M ->
  go (\bigcup_(t <- ts) f t :|: R) (size ts * w) (\bigcup_(t <- ts) D t) (\bigcup_(t <- ts) g t :|: R).
Proof.
move=> fm gm; elim: ts => [|t ts IH] step R FR card; first by rewrite !big_nil; apply: go_refl.
rewrite /= mulSn in card; rewrite !big_cons mulSn -!setUA.
have FS S : F \subset S :|: R by apply: subset_trans FR (subsetUr _ _).
apply: go_trans (step t _ (mem_head _ _) (FS _) _) _.
  by have := leq_trans (leq_card_setU _ R) (leq_add (union_card ts fm) (leqnn _)); lia.
rewrite setUCA [X in go _ _ _ X]setUCA; apply: IH => [t' R' t's||]; last 1 first.
- by have := leq_trans (leq_card_setU _ R) (leq_add (gm t) (leqnn _)); lia.
- by apply: step; rewrite in_cons t's orbT.
- exact: FS.
Qed.

Lemma no_union (T : Type) (ts : seq T) : \bigcup_(t <- ts) (set0 : {set V}) = set0.
Proof. exact: big1. Qed.

Lemma go_loads (T : eqType) (f : T -> V) (ts : seq T) R : (forall t, f t \in inputs G) -> #|R| + size ts < M ->
  go R (size ts) set0 (\bigcup_(t <- ts) [set f t] :|: R).
Proof.
move=> fi card; have := @go_each _ (fun=> set0) (fun t => [set f t]) (fun=> set0) 1 1 1 set0 ts _ _ _ R (sub0set R).
rewrite no_union set0U !muln1; apply=> [t|t|t R' _ _ card'|]; rewrite ?cards0 ?cards1 ?set0U //; last by lia.
by apply: go_load => //; lia.
Qed.

(* A loop. *)
Lemma go_loop (I : nat -> {set V}) (D : nat -> {set V}) w n :
  (forall k, k < n -> go (I k) w (D k) (I k.+1)) -> go (I 0) (n * w) (\bigcup_(k < n) D k) (I n).
Proof.
elim: n => [|n IH] step; first by rewrite big_ord0; apply: go_refl.
rewrite mulSnr big_ord_recr /=; apply: go_trans (step n (ltnSn n)).
by apply: IH => k kn; apply: step; apply: leqW.
Qed.

Lemma go_quiet (I : nat -> {set V}) n :
  (forall k, k < n -> go (I k) 0 set0 (I k.+1)) -> go (I 0) 0 set0 (I n).
Proof.
by move/(@go_loop I (fun=> set0)); rewrite muln0 big1.
Qed.

Lemma go_pebbling w D : go set0 w D set0 -> outputs G \subset D ->
  exists2 ms : seq (move V), pebbling M ms & cost ms = w.
Proof.
move=> g oD; have [ms [b [l f s c]]] := g _ (subxx (inputs G)); exists ms => //.
rewrite /pebbling l /start f /=; apply: subset_trans oD (subset_trans _ s); exact: subsetUr.
Qed.

End Go.
