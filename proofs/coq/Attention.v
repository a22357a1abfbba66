(* What every history of a CDAG of the class does: CLASS.md, section 3. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Sums Game History Residence Ancestors Class.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Attention.

Variables (G : cdag) (M T : nat) (h : history G M T).
Variables (R C : finType) (dk dv : nat) (E : {set R * C}) (A : attention G dk dv E).
Notation kind := (kind A).
Notation res := (resident h kind).

Lemma y_kind i j l : (i, j) \in E -> kind (y A i j l) = Some (Place i l).
Proof. by move=> ij; apply/kind_place; exists j => //; rewrite connect0 y_leads. Qed.

(* What reads an accumulator and leads to an output is an accumulator of the same place. *)
Lemma place_next u w i l o' : kind u = Some (Place i l) -> edge u w -> o' \in outputs G ->
  connect (@edge G) w o' -> kind w = Some (Place i l).
Proof.
move=> ku uw oo wo; have e := place_leads ku oo (connect_trans (connect1 uw) wo).
case/kind_place: ku => j ij /andP[yu _]; apply/kind_place; exists j => //.
by rewrite -e wo andbT (connect_trans yu) // connect1.
Qed.

(* Lemma 2 (periods of places): the period of a place ends with a store. *)
Lemma place_ends i l t u : u \in live h t -> kind u = Some (Place i l) -> Place i l \notin res t.+1 ->
  exists2 u', kind u' = Some (Place i l) & act h t = Some (Store u').
Proof.
move=> ul ku n; have nu : u \notin live h t.+1 by apply: contraNN n => ul'; apply/residentP; exists u.
case: (lose ul nu) => [a|[w a uw]]; first by exists u.
case/act_compute: (a) => _ _ wl; case: (leads wl) => o' oo wo.
by case/residentP: n; exists w => //; apply: place_next ku uw oo wo.
Qed.

Lemma place_begins i l :
  \sum_(0 <= t < steps h) (Place i l \in begins h kind t) <=
  \sum_(0 <= t < steps h) (obind kind (stored (act h t)) == Some (Place i l)).
Proof. by apply: begins_le_stores => t v vl vk; apply: place_ends vl vk. Qed.

(* A period of a word begins with a load. *)
Lemma word_begins w t : Word w \in begins h kind t -> act h t = Some (Load (word_vertex A w)).
Proof.
case/beginsP=> v /kind_word -> [->|/act_compute[]] //; by rewrite word_input.
Qed.

(* Every accumulator, every product is computed. *)
Lemma place_computed u i l : kind u = Some (Place i l) -> is_computed h u.
Proof.
move=> ku; have /kind_place[j ij /andP[_ /connectP[p]]] := ku.
elim: p u ku => [|w p IH] u ku /=; first move=> _ e.
  by apply: output_computed; [rewrite -e; apply: o_output ij | apply: place_no_input ku].
case/andP=> uw pw e; apply: (operand_computed uw (place_no_input ku)); apply: IH => //.
by apply: (place_next ku uw (o_output A l ij)); apply/connectP; exists p.
Qed.

Lemma y_computed i j l : (i, j) \in E -> is_computed h (y A i j l).
Proof. by move/(y_kind l); apply: place_computed. Qed.

Lemma path_computed z p w : path (@edge G) z (rcons p w) -> z \notin inputs G ->
  all (fun u => u \notin inputs G) p -> is_computed h w -> is_computed h z.
Proof.
elim: p z => [|u p IH] z /=; first by rewrite andbT => zw zi _; apply: operand_computed.
by case/andP=> zu pu zi /andP[ui pi] wc; apply: (operand_computed zu zi); apply: IH.
Qed.

Lemma x_computed i j l : 0 < dv -> (i, j) \in E -> is_computed h (x A i j l).
Proof.
move=> dv0 ij; have [p xp pk] := x_leads A l (Ordinal dv0) ij.
apply: (path_computed xp); last exact: y_computed.
  exact: pair_no_input (x_kind A l ij).
by apply: sub_all pk => u /eqP; apply: pair_no_input.
Qed.

(* Lemma 3 (availability). *)
Lemma word_resident t w u : edge (word_vertex A w) u -> act h t = Some (Compute u) -> Word w \in res t.
Proof.
move=> wu a; apply/residentP; exists (word_vertex A w); first exact: operand_live wu a.
exact/kind_word.
Qed.

Lemma computed_resident t u k : act h t = Some (Compute u) -> kind u = Some k -> k \in res t.+1.
Proof. by case/act_compute=> _ _ ul uk; apply/residentP; exists u. Qed.

End Attention.
