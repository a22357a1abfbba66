(* Residence of things: a thing is resident while a vertex that bears its tag is live. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* The vertex on which a load or a compute places a pebble. *)
Definition placed (V : Type) (m : option (move V)) : option V :=
  match m with Some (Load v) | Some (Compute v) => Some v | _ => None end.

Definition stored (V : Type) (m : option (move V)) : option V :=
  if m is Some (Store v) then Some v else None.

Definition loaded (V : Type) (m : option (move V)) : option V :=
  if m is Some (Load v) then Some v else None.

(* Beginnings of a residence are no more than the marks, if the residences that begin so have a mark each. *)
Section Marks.

Variables (r f : nat -> bool) (mark : nat -> nat) (n : nat).
Hypothesis r0 : ~~ r 0.
Hypothesis rn : ~~ r n.
Hypothesis marked : forall s e, s.+1 < e -> e <= n -> ~~ r s -> f s -> (forall t, s < t < e -> r t) ->
  ~~ r e -> 0 < \sum_(s <= t < e) mark t.

Lemma begins_le_marks :
  \sum_(0 <= t < n) [&& f t, ~~ r t & r t.+1] <= \sum_(0 <= t < n) mark t.
Proof.
suff h k a : n - a <= k -> a <= n -> ~~ r a ->
    \sum_(a <= t < n) [&& f t, ~~ r t & r t.+1] <= \sum_(a <= t < n) mark t by apply: (h n); rewrite ?leq_subr.
elim: k a => [|k IH] a; first by move=> l l' _; rewrite big_geq //; lia.
move=> ak; rewrite leq_eqVlt => /orP[/eqP->|an] ra; first by rewrite !big_geq.
have ex : exists e, (a < e) && ~~ r e by exists n; rewrite an.
case: (ex_minnP ex) => e /andP[ae re] min.
have en : e <= n by apply: min; rewrite an.
have on t : a < t < e -> r t.
  by move=> /andP[at_ te]; apply: contraLR te => nr; rewrite -leqNgt min // at_.
rewrite !(sum_cat _ (ltnW ae) en).
apply: leq_add; last by apply: IH => //; lia.
rewrite big_ltn // [X in _ + X]big1_seq ?addn0; last first.
  by move=> t /=; rewrite mem_index_iota => /on ->; rewrite andbF.
case: andP => // -[fa /andP[_ ra1]]; apply: marked => //.
by rewrite ltn_neqAle ae andbT; apply: contraTneq ra1 => ->.
Qed.

End Marks.

Section Residence.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (K : finType) (tag : vertex G -> option K).

Definition resident t : {set K} := [set k in pmap tag (enum (live h t))].

Lemma residentP t k : reflect (exists2 v, v \in live h t & tag v = Some k) (k \in resident t).
Proof.
rewrite inE mem_pmap; apply: (iffP mapP) => [[v]|[v vl e]]; last by exists v; rewrite ?mem_enum.
by rewrite mem_enum => vl e; exists v.
Qed.

Lemma resident_card t : #|resident t| <= M.
Proof.
rewrite cardsE (leq_trans (card_size _)) // size_pmap (leq_trans (count_size _ _)) //.
by rewrite -cardE live_card.
Qed.

Lemma resident_start : resident 0 = set0.
Proof. by apply/setP => k; rewrite in_set0; apply/residentP => -[v]; rewrite live_start in_set0. Qed.

Lemma resident_end t : steps h <= t -> resident t = set0.
Proof.
move=> le; apply/setP => k; rewrite in_set0; apply/residentP => -[v].
by rewrite live_end // in_set0.
Qed.

(* The things that begin a period with the move t. *)
Definition begins t : {set K} := resident t.+1 :\: resident t.

Lemma beginsP t k : k \in begins t ->
  exists2 v, tag v = Some k & act h t = Some (Load v) \/ act h t = Some (Compute v).
Proof.
rewrite in_setD => /andP[/residentP n /residentP[v vl e]]; exists v => //.
by apply: gain => //; apply/negP => v'; apply: n; exists v.
Qed.

Lemma begins_placed t k : k \in begins t -> obind tag (placed (act h t)) = Some k.
Proof. by case/beginsP => v e [] ->. Qed.

Lemma begins_card t : #|begins t| <= 1.
Proof.
case: (set_0Vmem (begins t)) => [->|[k /begins_placed e]]; first by rewrite cards0.
rewrite -(cards1 k) subset_leq_card //; apply/subsetP => k' /begins_placed.
by rewrite e => -[->]; rewrite set11.
Qed.

(* The things that are resident at some time from a to b. *)
Definition reach a b : {set K} := \bigcup_(t < b.+1 | a <= t) resident t.

Lemma reachP a b k : reflect (exists2 t, a <= t <= b & k \in resident t) (k \in reach a b).
Proof.
apply: (iffP bigcupP) => [[t at_ kt]|[t /andP[at_ tb] kt]].
  by exists t => //; rewrite at_ -ltnS ltn_ord.
by exists (Ordinal (n := b.+1) (m := t) tb).
Qed.

Lemma reach_self a : reach a a = resident a.
Proof.
apply/setP => k; apply/reachP/idP => [[t]|ka]; last by exists a; rewrite ?leqnn.
by rewrite -eqn_leq => /eqP ->.
Qed.

Lemma reach_card S a b : a <= b ->
  #|reach a b :&: S| <= #|resident a :&: S| + \sum_(a <= t < b) #|begins t :&: S|.
Proof.
have self c : #|reach c c :&: S| <= #|resident c :&: S| + \sum_(c <= t < c) #|begins t :&: S|.
  by rewrite reach_self big_geq // addn0.
elim: b => [|b IH]; first by rewrite leqn0 => /eqP ->.
rewrite leq_eqVlt => /orP[/eqP -> //|]; rewrite ltnS => ab.
rewrite big_nat_recr //= addnA (leq_trans _ (leq_add (IH ab) (leqnn _))) //.
rewrite (leq_trans _ (leq_card_setU _ _)) // subset_leq_card // -setIUl setSI //.
apply/subsetP => k /reachP[t /andP[at_ tb] kt]; rewrite in_setU /begins in_setD.
move: tb; rewrite leq_eqVlt => /orP[/eqP e|tb].
  case kb: (k \in resident b); last by rewrite -e kt orbT.
  by apply/orP; left; apply/reachP; exists b; rewrite ?ab ?leqnn.
by apply/orP; left; apply/reachP; exists t; rewrite ?at_.
Qed.

(* Where the end of every period of k is a store. *)
Lemma begins_le_stores k :
  (forall t v, v \in live h t -> tag v = Some k -> k \notin resident t.+1 ->
     exists2 u, tag u = Some k & act h t = Some (Store u)) ->
  \sum_(0 <= t < steps h) (k \in begins t) <=
  \sum_(0 <= t < steps h) (obind tag (stored (act h t)) == Some k).
Proof.
move=> ends.
have := @begins_le_marks (fun t => k \in resident t) xpredT
  (fun t => obind tag (stored (act h t)) == Some k) (steps h).
rewrite resident_start resident_end // in_set0 => /(_ isT isT) le.
rewrite (leq_trans _ (le _)) //; first by apply: leq_sum => t _; rewrite /begins in_setD.
move=> s [|e] //; rewrite ltnS => se _ _ _ on ke.
have /residentP[v vl vk] : k \in resident e by apply: on; rewrite se leqnn.
have [u uk a] := ends _ _ vl vk ke.
rewrite big_nat_recr ?(ltnW se) //= a /= uk eqxx; lia.
Qed.

End Residence.
