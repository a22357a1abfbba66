(* The bound `hong-kung`: with few loads little can be computed that was not computed before. Any CDAG, recomputation or
   not. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Game Go History Ancestors Compulsory.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section HongKung.

Variable G : cdag.
Notation V := (vertex G).
Hypothesis no_operands : forall u v : V, edge u v -> v \notin inputs G.
Implicit Types (D S : {set V}) (u v : V) (s : state G) (ms : seq (move V)).

(* Every path from an input to v meets D, v is no input and not in D. *)
Definition avoiding D : rel V := fun u v => [&& edge u v, u \notin D & v \notin D].

Definition dominated D : {set V} :=
  [set v | [&& v \notin inputs G, v \notin D & ~~ [exists u in inputs G, connect (avoiding D) u v]]].

(* The most that k vertices dominate. *)
Definition most (k : nat) : nat := \max_(D : {set V} | #|D| <= k) #|dominated D|.

Lemma most_mono k k' : k <= k' -> most k <= most k'.
Proof.
move=> kk; apply/bigmax_leqP => D Dk; apply: (leq_bigmax_cond (F := fun D => #|dominated D|)).
exact: leq_trans Dk kk.
Qed.

Lemma dominated_more D D' v : D \subset D' -> v \notin D' -> v \in dominated D -> v \in dominated D'.
Proof.
move=> /subsetP DD' vD'; rewrite !inE vD' => /and3P[-> _ /=]; apply: contraNN => /exists_inP[u ui c].
apply/exists_inP; exists u => //; apply: connect_sub c => a b /and3P[ab aD bD]; apply: connect1.
by rewrite /avoiding ab (contraNN (DD' _) aD) (contraNN (DD' _) bD).
Qed.

Lemma dominated_operands D v : v \notin inputs G -> v \notin D -> operands v \subset D :|: dominated D -> v \in dominated D.
Proof.
move=> vi vD /subsetP op; rewrite inE vi vD /=; apply/exists_inP => -[u ui /connectP[p]].
case/lastP: p => [|p z]; first by move=> _ e; rewrite e ui in vi.
rewrite last_rcons rcons_path => /andP[pp /and3P[zv zD _]] e; rewrite -e in zv.
have := op _ zv; rewrite in_setU (negPf zD) inE => /and3P[_ _ /exists_inP[]].
by exists u => //; apply/connectP; exists p.
Qed.

(* A path from an input that avoids D without d meets d, or avoids D. *)
Lemma path_meets D d u v p : path (avoiding (D :\ d)) u p -> v = last u p -> v != d ->
  connect (avoiding D) u v \/ exists r, [/\ connect (avoiding (D :\ d)) u d, edge d r, r \notin D &
    connect (avoiding D) r v].
Proof.
have step a b : avoiding (D :\ d) a b -> a != d -> b != d -> avoiding D a b.
  by rewrite /avoiding !in_setD1 => /and3P[-> aD bD] ad bd; rewrite ad bd /= in aD bD; rewrite aD bD.
elim/last_ind: p v => [|p z IH] v; first by move=> _ -> _; left; apply: connect0.
rewrite rcons_path last_rcons => /andP[pp pz] -> zd.
have [e|ne] := eqVneq (last u p) d.
  right; exists z; rewrite e in pz; case/and3P: (pz) => dz _; rewrite in_setD1 zd /= => zD.
  by split=> //; apply/connectP; exists p.
case: (IH _ pp erefl ne) => [c|[r [c dr rD c']]]; [left | right; exists r; split=> //].
  exact: connect_trans c (connect1 (step _ _ pz ne zd)).
exact: connect_trans c' (connect1 (step _ _ pz ne zd)).
Qed.

(* Members that can be left out: those that the others dominate, and those none of whose readers is dominated. *)
Definition lean D : bool :=
  [forall d in D, (d \notin dominated (D :\ d)) && [exists r, edge d r && (r \in dominated D)]].

Lemma lean_less D : ~~ lean D -> exists2 d, d \in D & dominated D \subset dominated (D :\ d).
Proof.
rewrite negb_forall => /existsP[d]; rewrite negb_imply => /andP[dD idle]; exists d => //.
apply/subsetP => v vd; have := vd; rewrite !inE => /and3P[vi vD no]; rewrite vi (negPf vD) andbF /=.
have ud : v != d by apply: contraNneq vD => ->.
apply/exists_inP => -[u ui /connectP[p pp e]]; case: (path_meets pp e ud) => [c|[r [c dr rD c']]].
  by case/exists_inP: no; exists u.
case/nandP: idle => [/negPn|/existsP[]].
  by rewrite inE => /and3P[_ _ /exists_inP[]]; exists u.
exists r; rewrite dr inE rD (no_operands dr) /=; apply: contraNN no => /exists_inP[u' ui' c1].
by apply/exists_inP; exists u' => //; apply: connect_trans c1 c'.
Qed.

(* So the most is attained by a set without them, which is all that the checker tries. *)
Lemma most_lean k : most k = \max_(D : {set V} | (#|D| <= k) && lean D) #|dominated D|.
Proof.
apply/eqP; rewrite eqn_leq; apply/andP; split; apply/bigmax_leqP => D.
  move: {2}#|D| (leqnn #|D|) => m; elim: m D => [|m IH] D Dm Dk.
    apply: (leq_bigmax_cond (F := fun D => #|dominated D|)); rewrite Dk; apply/forall_inP => d.
    by move: Dm; rewrite leqn0 cards_eq0 => /eqP ->; rewrite in_set0.
  have [l|/lean_less[d dD sub]] := boolP (lean D).
    by apply: (leq_bigmax_cond (F := fun D => #|dominated D|)); rewrite Dk.
  have c := cardsD1 d D; rewrite dD add1n in c.
  by apply: leq_trans (subset_leq_card sub) (IH _ _ _); lia.
by case/andP=> Dk _; apply: (leq_bigmax_cond (F := fun D => #|dominated D|)).
Qed.

(* Loads of what is not red. *)
Definition is_fresh s (m : move V) : bool := if m is Load v then v \notin red s else false.

Fixpoint fresh s ms : nat := if ms is m :: ms' then is_fresh s m + fresh (next s m) ms' else 0.

Definition loads ms : nat := count (fun m => if m is Load _ then true else false) ms.
Definition stores ms : nat := count (fun m => if m is Store _ then true else false) ms.

(* Different vertices are moved by different moves. *)
Lemma placed (a : V -> move V) ms : injective a ->
  #|[set v | a v \in ms]| <= count (fun m => [exists v, m == a v]) ms.
Proof.
move=> inj; elim: ms => [|m ms IH] /=; first by rewrite (_ : [set v | _] = set0) ?cards0 //; apply/setP => v; rewrite !inE.
case: existsP => [[v /eqP e]|no] /=.
  have -> : [set u | a u \in m :: ms] = v |: [set u | a u \in ms].
    by apply/setP => u; rewrite !inE e (inj_eq inj).
  by rewrite cardsU1; apply: leq_add IH; case: (_ \notin _).
rewrite add0n; apply: leq_trans IH; apply: subset_leq_card; apply/subsetP => u; rewrite !inE.
by case/orP=> // /eqP e; case: no; exists u; rewrite e.
Qed.

Lemma cost_split ms : cost ms = loads ms + stores ms.
Proof. by elim: ms => //= m ms IH; rewrite [cost _]/= /cost -/(cost _) IH; case: m => v /=; lia. Qed.

Lemma fresh_loads s ms : fresh s ms <= loads ms.
Proof. by elim: ms s => //= m ms IH s; apply: leq_add (IH _); case: m => // v; apply: leq_b1. Qed.

Definition computes ms : {set V} := [set v | Compute v \in ms].

(* What is known of a segment that began when `before` had been computed: `seen` has been red in it, and is in D or
   dominated by D. *)
Record segment (before seen D : {set V}) s : Prop := Segment {
  red_seen : red s \subset seen;
  blue_known : blue s \subset inputs G :|: before :|: seen;
  set_seen : D \subset seen;
  set_known : D \subset inputs G :|: before;
  seen_known : seen \subset D :|: dominated D
}.

Lemma segment_move M before seen D s m : segment before seen D s -> legal M s [:: m] ->
  exists seen' D', [/\ segment before seen' D' (next s m), seen \subset seen', computes [:: m] \subset seen' &
    #|D'| <= #|D| + fresh s [:: m]].
Proof.
case=> rs bk Ds Dk sk /= /andP[al _]; rewrite addn0.
have c0 : (forall v, m != Compute v) -> computes [:: m] = set0.
  by move=> n; apply/setP => v; rewrite !inE eq_sym (negPf (n v)).
have old v : v \in seen -> v |: red s \subset seen by move=> vs; rewrite subUset sub1set vs.
have rs' v : v |: red s \subset v |: seen by rewrite setUS.
have bk' v : blue s \subset inputs G :|: before :|: (v |: seen).
  by apply: subset_trans bk _; rewrite setUS ?subsetUr.
case: m al c0 => v /= al c0.
- rewrite c0 //; have [vs|vs] := boolP (v \in seen).
    by exists seen, D; split; rewrite ?sub0set ?leq_addr //; split=> //=; apply: old.
  exists (v |: seen), (v |: D); split; rewrite ?sub0set ?subsetUr //.
    split=> //=; first exact: setUS.
    - rewrite subUset sub1set Dk andbT; have := subsetP bk _ al.
      by rewrite in_setU (negPf vs) orbF.
    - rewrite subUset sub1set !in_setU set11 /=; apply/subsetP => u us.
      have := subsetP sk _ us; rewrite !in_setU in_set1; case/orP=> [->|ud]; first by rewrite orbT.
      have [//|uv] := eqVneq u v; rewrite orFb; have [//|uD] := boolP (u \in D).
      by apply: dominated_more ud; rewrite ?subsetUr // in_setU1 negb_or uv.
  by rewrite cardsU1 (contraNN (subsetP rs v) vs) addnC leq_add2l; case: (_ \notin _).
- rewrite c0 //; exists seen, D; split; rewrite ?sub0set ?addn0 //; split=> //=.
  by rewrite subUset sub1set bk in_setU (subsetP rs) ?orbT.
- have cv : computes [:: Compute v] = [set v] by apply/setP => u; rewrite !inE; apply/eqP/eqP => [[]|->].
  rewrite cv; case/andP: al => vi op; have [vs|vs] := boolP (v \in seen).
    by exists seen, D; split; rewrite ?sub1set ?addn0 //; split=> //=; apply: old.
  exists (v |: seen), D; split; rewrite ?subsetUr ?subsetUl ?addn0 //; split=> //=.
    exact: subset_trans Ds (subsetUr _ _).
  rewrite subUset sk andbT sub1set in_setU; apply/orP; right.
  apply: dominated_operands => //; first exact: contraNN (subsetP Ds v) vs.
  exact: subset_trans op (subset_trans rs sk).
- rewrite c0 //; exists seen, D; split; rewrite ?sub0set ?addn0 //; split=> //=.
  exact: subset_trans (subD1set _ _) rs.
Qed.

Lemma computes_cons m ms : computes (m :: ms) = computes [:: m] :|: computes ms.
Proof. by apply/setP => v; rewrite !inE. Qed.

Lemma computes_cat ms ms' : computes (ms ++ ms') = computes ms :|: computes ms'.
Proof. by apply/setP => v; rewrite !inE mem_cat. Qed.

Lemma segment_moves M before seen D s ms : segment before seen D s -> legal M s ms ->
  exists seen' D', [/\ segment before seen' D' (final s ms), seen \subset seen', computes ms \subset seen' &
    #|D'| <= #|D| + fresh s ms].
Proof.
elim: ms s seen D => [|m ms IH] s seen D seg /=.
  move=> _; exists seen, D; split; rewrite ?addn0 //; apply/subsetP => v; by rewrite inE.
case/and3P=> al card l; have [|seen1 [D1 [seg1 sub1 c1 d1]]] := segment_move seg (_ : legal M s [:: m]).
  by rewrite /= al card.
have [seen2 [D2 [seg2 sub2 c2 d2]]] := IH _ _ _ seg1 l; exists seen2, D2; split=> //.
- exact: subset_trans sub1 sub2.
- by rewrite computes_cons subUset c2 (subset_trans c1 sub2).
- by move: d1 d2 => /=; lia.
Qed.

(* Computed things are no inputs, and what has a pebble is an input or was computed. *)
Lemma known M s ms (before : {set V}) : legal M s ms -> red s :|: blue s \subset inputs G :|: before ->
  [disjoint computes ms & inputs G] /\
  red (final s ms) :|: blue (final s ms) \subset inputs G :|: (before :|: computes ms).
Proof.
elim: ms s before => [|m ms IH] s before /=.
  have -> : computes [::] = set0 by apply/setP => v; rewrite !inE.
  by rewrite setU0 -setI_eq0 set0I.
case/and3P=> al _ l sub; have [] := IH _ (before :|: computes [:: m]) l.
  apply: subset_trans (_ : _ \subset (red s :|: blue s) :|: computes [:: m]) _; last by rewrite setUA setSU.
  apply/subsetP => u; case: m al {l} => v /= al; rewrite !inE /=.
  - by case/orP=> [/orP[/eqP->|->]|->]; rewrite ?al ?orbT.
  - by case/or3P=> [->|/eqP->|->]; rewrite ?al ?orbT.
  - by case/orP=> [/orP[/eqP->|->]|->]; rewrite ?eqxx ?orbT.
  - by case/orP=> [/andP[_ ->]|->]; rewrite ?orbT.
rewrite (computes_cons m ms) !setUA => dis -> ; split=> //.
rewrite -setI_eq0 setIUl (disjoint_setI0 dis) setU0; apply/eqP/setP => u; rewrite !inE.
by case: m al {l} => // v /andP[/negPf vi _]; case: eqP => // -[->].
Qed.

(* What is computed for the first time in a segment. *)
Lemma segment_new M s ms (before : {set V}) : legal M s ms -> red s :|: blue s \subset inputs G :|: before ->
  #|computes ms :\: before| <= most (#|red s| + fresh s ms).
Proof.
move=> l kn; have [dis _] := known l kn; move: kn; rewrite subUset => /andP[rk bk].
have [|seen [D [[_ _ _ Dk sk] _ cs d]]] := segment_moves (_ : segment before (red s) (red s) s) l.
  by split=> //; rewrite ?subsetUl // (subset_trans bk) ?subsetUl.
apply: leq_trans (most_mono d); apply: leq_trans (leq_bigmax_cond (F := fun D => #|dominated D|) _ (leqnn #|D|)).
apply: subset_leq_card; apply/subsetP => v; rewrite in_setD => /andP[vb vc].
have := subsetP sk _ (subsetP cs _ vc); rewrite in_setU => /orP[vD|//].
have := subsetP Dk _ vD; rewrite in_setU (negPf vb) orbF => vi.
by have := disjointFr dis vc; rewrite vi.
Qed.

(* A schedule cut in two: just before a load of what is not red, after L of them. *)
Lemma cut M s ms L k : legal M s ms -> fresh s ms = L + k.+1 -> exists ms1 ms2,
  [/\ ms = ms1 ++ ms2, fresh s ms1 = L, fresh (final s ms1) ms2 = k.+1 & #|red (final s ms1)| < M].
Proof.
elim: ms s L => [|m ms IH] s L /=; first by rewrite addnS.
case/and3P=> al card l e; case new: (is_fresh s m) e; rewrite ?add1n ?add0n => e.
  case: L e => [|L] [e].
    exists [::], (m :: ms); split; rewrite /= ?new ?add1n ?e //.
    by case: m new card {al l e} => // v /= vs; rewrite cardsU1 vs add1n.
  by have [ms1 [ms2 [-> f1 f2 c]]] := IH _ L l e; exists (m :: ms1), ms2; rewrite /= new add1n f1.
by have [ms1 [ms2 [-> f1 f2 c]]] := IH _ L l e; exists (m :: ms1), ms2; rewrite /= new f1.
Qed.

(* b is one of the sums of which f(L) is the least: what is computed in segments with L loads together. *)
Inductive cuts M : nat -> nat -> Prop :=
  | First L : cuts M L (most L)
  | Then L b k : cuts M L b -> cuts M (L + k.+1) (b + most (M - 1 + k.+1)).

Lemma cuts_computes M ms L b : legal M (start G) ms -> cuts M L b -> fresh (start G) ms = L -> #|computes ms| <= b.
Proof.
move=> l c; elim: c ms l => [{}L|{}L {}b k _ IH] ms l e.
  by have := @segment_new M (start G) ms set0 l; rewrite setD0 set0U setU0 cards0 add0n e; apply.
have [ms1 [ms2 [me f1 f2 card]]] := cut l e.
move: l; rewrite me legal_cat => /andP[l1 l2].
have [|_ kn] := @known M (start G) ms1 set0 l1; first by rewrite set0U subsetUl.
rewrite set0U in kn; have -> : computes (ms1 ++ ms2) = computes ms1 :|: (computes ms2 :\: computes ms1).
  by apply/setP => v; rewrite computes_cat !inE; case: (Compute v \in ms1).
apply: leq_trans (leq_card_setU _ _) (leq_add (IH _ l1 f1) _).
apply: leq_trans (segment_new l2 kn) _; rewrite f2; apply: most_mono; lia.
Qed.

(* What must be computed: what an output depends on, inputs aside. *)
Definition needed : {set V} := [set v | (v \notin inputs G) && [exists o in outputs G, connect (@edge G) v o]].

Lemma needed_computed M ms : pebbling M ms -> needed \subset computes ms.
Proof.
move=> ok; apply/subsetP => v; rewrite !inE => /andP[vi /exists_inP[o oo c]].
have [t a] := connect_computed no_operands (schedule_history ok) vi oo c.
exact: act_in a.
Qed.

(* No pebbling has fewer loads than the inputs that are read, nor a number L of loads for which f(L) is less than what must be
   computed, and none has fewer stores than the outputs. *)
Theorem hong_kung M ms L : pebbling M ms -> (forall l, l < L -> exists2 b, cuts M l b & b < #|needed|) ->
  maxn #|read_inputs G| L + #|outputs G :\: inputs G| <= cost ms.
Proof.
move=> ok few; rewrite cost_split leq_add // ?geq_max.
  apply/andP; split.
    apply: (@leq_trans #|[set v | Load v \in ms]|).
      apply: subset_leq_card; apply/subsetP => v vr; rewrite inE.
      by have [t _ a] := read_loaded no_operands (schedule_history ok) vr; apply: act_in a.
    apply: leq_trans (placed ms (_ : injective (@Load V))) _; first by move=> u v [].
    by apply: sub_count => m /existsP[v /eqP->].
  apply: leq_trans (fresh_loads (start G) ms); rewrite leqNgt; apply/negP => lt.
  have [b c] := few _ lt; rewrite ltnNge => /negP; apply.
  apply: leq_trans (subset_leq_card (needed_computed ok)) _.
  by case/andP: ok => l _; apply: cuts_computes l c _.
apply: (@leq_trans #|[set v | Store v \in ms]|).
  apply: subset_leq_card; apply/subsetP => v vr; rewrite inE.
  by have [t _ a] := output_stored (schedule_history ok) vr; apply: act_in a.
apply: leq_trans (placed ms (_ : injective (@Store V))) _; first by move=> u v [].
by apply: sub_count => m /existsP[v /eqP->].
Qed.

End HongKung.
