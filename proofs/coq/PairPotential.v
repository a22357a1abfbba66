(* The bound `pair-potential`: no vertex computed twice. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Segments Potential.
From IoBound Require Import Game History Residence Ancestors Class Attention Events Made Window.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section PairPotential.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).
Hypotheses (dk0 : 0 < dk) (dv0 : 0 < dv) (h1 : once h).
Notation kind := (kind A).
Notation thing := (thing R C dk dv).
Notation res := (resident h kind).
Notation begins := (begins h kind).
Notation reach := (reach h kind).
Notation wp := (wp R C dk dv).
Notation D := (dk + dv).

(* How many of the D words of a row, or of a key, are in a set. *)
Definition row_share (S : {set thing}) i : nat :=
  \sum_l (Word (Q i l) \in S) + \sum_l (Place i l \in S).
Definition key_share (S : {set thing}) j : nat :=
  \sum_l (Word (K j l) \in S) + \sum_l (Word (V j l) \in S).

Lemma shares S : \sum_i row_share S i + \sum_j key_share S j = #|S :&: wp|.
Proof.
have -> : #|S :&: wp| = \sum_i \sum_l (Word (Q i l) \in S) +
    (\sum_j \sum_l (Word (K j l) \in S) + \sum_j \sum_l (Word (V j l) \in S)) +
    \sum_i \sum_l (Place i l \in S) by rewrite card_wp sum_plus sum_plus !sum_pair.
rewrite /row_share /key_share big_split [X in _ + X = _]big_split /=; lia.
Qed.

Lemma row_share_sub (S S' : {set thing}) i : S \subset S' -> row_share S i <= row_share S' i.
Proof.
move=> /subsetP s; apply: leq_add; apply: leq_sum => l _; by case k: (_ \in S); rewrite // (s _ k).
Qed.

Lemma key_share_sub (S S' : {set thing}) j : S \subset S' -> key_share S j <= key_share S' j.
Proof.
move=> /subsetP s; apply: leq_add; apply: leq_sum => l _; by case k: (_ \in S); rewrite // (s _ k).
Qed.

Lemma share_all (d : nat) (f : 'I_d -> bool) : (forall l, f l) -> \sum_l f l = d.
Proof. by move=> all; under eq_bigr do rewrite all; rewrite sum1_card card_ord. Qed.

Section Cuts.

Variables (cut : nat -> nat) (k : nat).
Hypothesis cut0 : cut 0 = 0.
Hypothesis cutk : cut k = steps h.
Hypothesis cut_mono : {homo cut : w w' / w <= w'}.

Definition window w : {set thing} := reach (cut w) (cut w.+1).
Definition old_in w : {set R * C} := old h A (cut w) (cut w.+1).

Lemma window_of t : t < steps h -> exists2 w, w < k & cut w <= t < cut w.+1.
Proof.
rewrite -cutk; elim: (k) => [|n IH]; first by rewrite cut0.
case: (ltnP t (cut n)) => [/IH[w wn c] _|le lt]; last by exists n; rewrite ?le.
by exists w => //; apply: leqW.
Qed.

Lemma window_same t w w' : cut w <= t < cut w.+1 -> cut w' <= t < cut w'.+1 -> w = w'.
Proof.
move=> /andP[a b] /andP[a' b']; case: (ltngtP w w') => // lt.
  by have := leq_trans b (leq_trans (cut_mono lt) a'); rewrite ltnn.
by have := leq_trans b' (leq_trans (cut_mono lt) a); rewrite ltnn.
Qed.

(* A pair that has no pair vertex live at a border or loaded is *good*: all its products are in one window. *)
Lemma good i j : (i, j) \in E -> (forall w, w < k -> (i, j) \notin old_in w) ->
  exists2 w, w < k & row_share (window w) i = D /\ key_share (window w) j = D.
Proof.
move=> ij new.
have xy l l' w t : w < k -> cut w <= t < cut w.+1 -> act h t = Some (Compute (y A i j l')) ->
    exists2 t', cut w <= t' < cut w.+1 & act h t' = Some (Compute (x A i j l)).
  move=> wk tw c; have [p xp pk] := x_leads A l l' ij.
  exact: (path_made (not_old (new w wk)) xp (x_kind A l ij) pk tw c).
have [t c] := y_computed h A (Ordinal dv0) ij.
have [w wk tw] := window_of (compute_lt c); exists w => //.
have into u s : cut w <= s <= cut w.+1 -> u \in res s -> u \in window w.
  by move=> ws us; apply/reachP; exists s.
have xs l : exists2 t', cut w <= t' < cut w.+1 & act h t' = Some (Compute (x A i j l)).
  exact: xy wk tw c.
have ys l : exists2 t', cut w <= t' < cut w.+1 & act h t' = Some (Compute (y A i j l)).
  have [t' c'] := y_computed h A l ij; have [w' w'k tw'] := window_of (compute_lt c').
  have [s sw cs] := xy (Ordinal dk0) _ _ _ wk tw c.
  have [s' sw' cs'] := xy (Ordinal dk0) _ _ _ w'k tw' c'.
  rewrite (h1 cs' cs) in sw'; rewrite (window_same sw sw').
  by exists t'.
have early t' : cut w <= t' < cut w.+1 -> cut w <= t' <= cut w.+1 by case/andP=> -> /ltnW.
have late t' : cut w <= t' < cut w.+1 -> cut w <= t'.+1 <= cut w.+1 by case/andP=> /leqW -> ->.
split; rewrite /row_share /key_share !share_all // => l.
- have [t' tw' c'] := ys l; apply: (into _ t'.+1 (late _ tw')).
  exact: computed_resident c' (y_kind A l ij).
- have [t' tw' c'] := xs l; apply: (into _ t' (early _ tw')).
  exact: word_resident (x_reads_q A l ij) c'.
- have [t' tw' c'] := ys l; apply: (into _ t' (early _ tw')).
  exact: word_resident (y_reads_v A l ij) c'.
- have [t' tw' c'] := xs l; apply: (into _ t' (early _ tw')).
  exact: word_resident (x_reads_k A l ij) c'.
Qed.

(* The largest product of shares in the windows before w. *)
Fixpoint potential w i j : nat :=
  if w is w'.+1 then maxn (potential w' i j) (row_share (window w') i * key_share (window w') j) else 0.

Lemma potential_at w w' i j : w < w' ->
  row_share (window w) i * key_share (window w) j <= potential w' i j.
Proof.
elim: w' => // w' IH; rewrite ltnS leq_eqVlt => /orP[/eqP ->|/IH le] /=; first exact: leq_maxr.
exact: leq_trans le (leq_maxl _ _).
Qed.

Lemma resident_window w : res (cut w) \subset window w.
Proof. by apply/subsetP => u ur; apply/reachP; exists (cut w); rewrite ?leqnn ?cut_mono. Qed.

(* What is resident at the start of a window was so at the end of the one before. *)
Lemma potential_start w i j : row_share (res (cut w)) i * key_share (res (cut w)) j <= potential w i j.
Proof.
case: w => [|w].
  rewrite cut0 resident_start /row_share big1 => [|l _]; last by rewrite in_set0.
  by rewrite big1 // => l _; rewrite in_set0.
apply: leq_trans (potential_at i j (ltnSn w)); apply: leq_mul.
  apply: row_share_sub; apply/subsetP => u ur; apply/reachP; exists (cut w.+1) => //.
  by rewrite cut_mono /=.
apply: key_share_sub; apply/subsetP => u ur; apply/reachP; exists (cut w.+1) => //.
by rewrite cut_mono /=.
Qed.

Notation F w := (\sum_i row_share (res (cut w)) i).
Notation F' w := (\sum_i row_share (window w) i).
Notation K w := (\sum_j key_share (res (cut w)) j).
Notation K' w := (\sum_j key_share (window w) j).

Lemma growth w : \sum_i \sum_j potential w.+1 i j + F w * K w <= \sum_i \sum_j potential w i j + F' w * K' w.
Proof.
have prod (f : R -> nat) (g : C -> nat) : (\sum_i f i) * (\sum_j g j) = \sum_i \sum_j f i * g j.
  by rewrite big_distrl; apply: eq_bigr => i _; rewrite big_distrr.
rewrite !prod -!big_split; apply: leq_sum => i _; rewrite -!big_split; apply: leq_sum => j _ /=.
have s := potential_start w i j.
have r : row_share (res (cut w)) i * key_share (res (cut w)) j <=
    row_share (window w) i * key_share (window w) j.
  by apply: leq_mul; [apply: row_share_sub | apply: key_share_sub]; apply: resident_window.
lia.
Qed.

Notation four := (D * D * 4).
Notation all_potential w := (\sum_i \sum_j potential w i j).

Lemma window_step w B : (forall F G p q beta Xp, F + G + beta <= #|res (cut w)| ->
    p + q + Xp <= \sum_(cut w <= t < cut w.+1) event h A t ->
    4 * (F * q + G * p + p * q) + four * (beta + Xp) <= B) ->
  4 * all_potential w.+1 + four * #|old_in w| <= 4 * all_potential w + B.
Proof.
move=> bound; have ab : cut w <= cut w.+1 by apply: cut_mono.
have g := growth w; have o := old_card h A (cut w) (cut w.+1).
have r := reach_card h kind wp ab; have id := cardsID wp (res (cut w)).
have s := shares (res (cut w)); have s' := shares (window w).
have ev : \sum_(cut w <= t < cut w.+1) event h A t = \sum_(cut w <= t < cut w.+1) #|begins t :&: wp| +
  \sum_(cut w <= t < cut w.+1) pair_loaded h A t by rewrite -sum_add.
have FF : F w <= F' w by apply: leq_sum => i _; apply: row_share_sub; apply: resident_window.
have KK : K w <= K' w by apply: leq_sum => j _; apply: key_share_sub; apply: resident_window.
have [p e] : exists p, F' w = F w + p by exists (F' w - F w); rewrite subnKC.
have [q e'] : exists q, K' w = K w + q by exists (K' w - K w); rewrite subnKC.
rewrite {}e {}e' {FF KK} in g s'.
have b := bound (F w) (K w) p q #|res (cut w) :\: wp| (\sum_(cut w <= t < cut w.+1) pair_loaded h A t).
rewrite -/(window w) in r; rewrite -/(old_in w) in o.
move: g s s' r o id b; rewrite ev; move: (F w) (K w) (all_potential w) (all_potential w.+1).
move=> f g p0 p1 gr s s' r o id b.
have := leq_mul (leqnn four) o.
lia.
Qed.

(* The pairs are good, or have a pair vertex live at a border or loaded. *)
Lemma pairs_cover : four * #|E| <= 4 * all_potential k + four * \sum_(0 <= w < k) #|old_in w|.
Proof.
suff le : #|E| * (D * D) <= all_potential k + (\sum_(0 <= w < k) #|old_in w|) * (D * D) by lia.
rewrite -sum_nat_const.
have -> : \sum_(0 <= w < k) #|old_in w| = \sum_(p : R * C) \sum_(0 <= w < k) (p \in old_in w).
  by rewrite exchange_big; apply: eq_bigr => w _; rewrite card_sum.
rewrite big_distrl -(sum_pair (fun p => potential k p.1 p.2)) -big_split [X in X <= _]big_mkcond.
apply: leq_sum => -[i j] _; case: ifP => //= ij.
case: (posnP (\sum_(0 <= w < k) ((i, j) \in old_in w))) => [z|pos]; last first.
  by rewrite (leq_trans _ (leq_addl _ _)) // leq_pmull.
have new w : w < k -> (i, j) \notin old_in w.
  move=> wk; apply/negP => yes.
  have := @sum_gt0 (fun w => (i, j) \in old_in w) 0 k w; by rewrite wk yes z => /(_ isT isT).
have [w wk [r c]] := good ij new.
by rewrite z mul0n addn0 -{1}r -c potential_at.
Qed.

End Cuts.

Lemma pairs_leq X k : \sum_(0 <= t < steps h) event h A t <= k.+1 * X ->
  #|E| * (D * D * 4) <= potential_first (D * D * 4) X + k * potential_each (D * D * 4) M X.
Proof.
move=> le; have [cut [c0 ck cm cX]] := windows (event_le1 h A) le.
have cover := pairs_cover c0 ck cm; rewrite mulnC (leq_trans cover) //.
suff upto n : n <= k -> 4 * (\sum_i \sum_j potential cut n.+1 i j) +
    D * D * 4 * (\sum_(0 <= w < n.+1) #|old_in cut w|) <=
    potential_first (D * D * 4) X + n * potential_each (D * D * 4) M X by apply: upto.
elim: n => [_|n IH nk].
  have := window_step c0 ck cm (w := 0) (B := potential_first (D * D * 4) X).
  rewrite big_nat1 c0 resident_start cards0 => st.
  apply: leq_trans (st _) _ => [F K p q beta Xp|].
    rewrite leqn0 => /eqP z pq; apply: (@window_first _ 0) (z); first by rewrite z.
    by apply: leq_trans pq _; have := cX 0 isT; rewrite c0.
  rewrite big1 => [|i _]; last by rewrite big1.
  by rewrite muln0 mul0n addn0.
have st : 4 * (\sum_i \sum_j potential cut n.+2 i j) + D * D * 4 * #|old_in cut n.+1| <=
    4 * (\sum_i \sum_j potential cut n.+1 i j) + potential_each (D * D * 4) M X.
  apply: (window_step c0 ck cm) => F K p q beta Xp Fle ple; apply: window_each.
    exact: leq_trans Fle (resident_card _ _ _).
  exact: leq_trans ple (cX _ nk).
have := IH (ltnW nk); rewrite [in X in _ -> X](sum_recr (fun w => #|old_in cut w|)).
move: st; move: (D * D * 4) => four; lia.
Qed.

Lemma pair_potential_history X : 0 < X -> E != set0 -> pair_potential_value dk dv #|E| M X <= T.
Proof.
move=> X0; rewrite -card_gt0 => E1; have DD : 0 < D * D * 4 by rewrite !muln_gt0 addn_gt0 dk0.
apply: leq_trans (leq_trans _ (events_le h A)).
  apply: (least_events_leq (total := \sum_(0 <= t < steps h) event h A t)).
  - apply: (@leq_trans (D * D * 4 * (M + X))); first by rewrite muln_gt0 DD addn_gt0 X0 orbT.
    by rewrite /potential_each; cbv zeta; case: ifP => _; apply: leq_maxr.
  - by rewrite muln_gt0 E1.
  - move=> z; apply/eqP; rewrite -leqn0; have := @pairs_leq 0 0.
    by rewrite z /potential_first !muln0 mul0n addn0 => /(_ isT).
  - by move=> k; apply: pairs_leq.
by apply: leq_sum => t _; rewrite /event leq_addr.
Qed.

End PairPotential.

(* Every pebbling without recomputation of every CDAG of the class. *)
Theorem pair_potential (G : cdag) (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E)
    (M X : nat) (ms : seq (move (vertex G))) :
  0 < dk -> 0 < dv -> 0 < X -> E != set0 -> pebbling M ms -> computes_once ms ->
  pair_potential_value dk dv #|E| M X <= cost ms.
Proof.
move=> dk0 dv0 X0 E0 ok once; apply: (pair_potential_history A dk0 dv0 _ X0 E0).
exact: (schedule_once (ok := ok)) once.
Qed.
