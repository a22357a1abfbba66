(* The CDAG of FlashAttention-2 is in the class: keys in tiles of any sizes, running maxima, sums and outputs rescaled
   before each tile. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Game Class Textbook.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Tiles.

(* t + 1 tiles; tile z has b z + 1 keys. *)
Variables (t : nat) (b : 'I_t.+1 -> nat).

Definition tile : finType := [finType of 'I_t.+1].
Definition keys : finType := [finType of {z : 'I_t.+1 & 'I_(b z).+1}].

Definition key (z : tile) (c : 'I_(b z).+1) : keys := Tagged (fun z => 'I_(b z).+1) c.

Definition first_key (k : keys) : bool := (tag k == ord0) && (tagged k == 0 :> nat).
Definition last_of_tile (k : keys) : bool := tagged k == b (tag k) :> nat.
Definition next_key (k k' : keys) : bool := (tag k == tag k') && ((tagged k).+1 == tagged k' :> nat).

(* Additions, one a key, and rescalings, one a tile but the first. *)
Definition online_node : finType := [finType of keys + 'I_t].

Definition online_edge (a : keys + online_node) (n : online_node) : bool :=
  match a, n with
  | inl k, inl k' => k == k'
  | inr (inl k), inl k' => next_key k k'
  | inr (inr r), inl k => (r.+1 == tag k :> nat) && (tagged k == 0 :> nat)
  | inr (inl k), inr r => (tag k == r :> nat) && last_of_tile k
  | _, _ => false
  end.

Definition online_reads (n : online_node) : {set keys + online_node} := [set a | online_edge a n].

Definition online_root : keys + online_node := inr (inl (@key ord_max ord_max)).

Let e : rel (keys + online_node) := fun a b => if b is inr n then a \in online_reads n else false.

Let edge_step a n z : online_edge a n -> connect e (inr n) z -> connect e a z.
Proof. by move=> an; apply: connect_trans; apply: connect1; rewrite /e inE. Qed.

Lemma add_to_root (z : 'I_t.+1) (c : 'I_(b z).+1) : connect e (inr (inl (key c))) online_root.
Proof.
move: {2}(t - z) (leqnn (t - z)) => d; elim: d z c => [|d IH] z c le; move: {2}(b z - c) (leqnn (b z - c)) => m;
  elim: m c => [|m IHm] c lec; first 1 last.
- have [lt|ge] := ltnP c (b z); last by apply: IHm; lia.
  apply: (@edge_step _ (inl (@key z (Ordinal (lt : c.+1 < (b z).+1))))); first by rewrite /= /next_key !eqxx.
  by apply: IHm => /=; lia.
- have [zt|zt] := ltnP z t; last by apply: (IH z c); lia.
  have cb : c = b z :> nat by have := ltn_ord c; lia.
  apply: (@edge_step _ (inr (Ordinal zt))); first by rewrite /= /last_of_tile /= cb !eqxx.
  apply: (@edge_step _ (inl (@key (lift ord0 (Ordinal zt)) ord0))); first by rewrite /= !eqxx.
  by apply: IH; rewrite lift0 /=; lia.
- have [lt|ge] := ltnP c (b z); last by apply: IHm; lia.
  apply: (@edge_step _ (inl (@key z (Ordinal (lt : c.+1 < (b z).+1))))); first by rewrite /= /next_key !eqxx.
  by apply: IHm => /=; lia.
have ez : z = ord_max by apply: val_inj => /=; have := ltn_ord z; lia.
move: c lec; rewrite {}ez => c lec.
have -> : c = ord_max by apply: val_inj => /=; have := ltn_ord c; lia.
exact: connect0.
Qed.

Lemma online_to_root z : connect e z online_root.
Proof.
case: z => [k|[[z c]|r]]; first 1 last.
- exact: add_to_root.
- apply: (@edge_step _ (inl (@key (lift ord0 r) ord0))); first by rewrite /= !eqxx.
  exact: add_to_root.
apply: (@edge_step _ (inl k)); first by rewrite /= eqxx.
by case: k => z c; apply: add_to_root.
Qed.

Lemma online_from_leaf n : exists k, connect e (inl k) (inr n).
Proof.
case: n => [k|r].
  by exists k; apply: (@edge_step _ (inl k)); rewrite ?connect0 //= eqxx.
pose k := @key (widen_ord (leqnSn t) r) ord_max; exists k; apply: (@edge_step _ (inl k)); first by rewrite /= eqxx.
by apply: (@edge_step _ (inr r)); rewrite ?connect0 //= /last_of_tile /= !eqxx.
Qed.

Definition online : summation keys online_node := Summation online_to_root online_from_leaf.

End Tiles.

Section Flash2.

(* n + 1 rows. *)
Variables (n t : nat) (b : 'I_t.+1 -> nat) (dk dv : nat).
Notation R := (ordinal_finType n.+1).
Notation T := (tile t).
Notation C := (keys b).

(* By row: the maximum of a tile so far, by key; the running maximum after a tile; the factor exp(old - new maximum) of a
   tile; the maximum and the sum at the start, the latter also rescaled; outputs at the start, the same. *)
Definition statistic : finType := [finType of R * C + R * T + R * T + R + R + R + R * 'I_dv.+1 + R * 'I_dv.+1].

Definition top i k : statistic := inl (inl (inl (inl (inl (inl (inl (i, k))))))).
Definition running i z : statistic := inl (inl (inl (inl (inl (inl (inr (i, z))))))).
Definition factor i z : statistic := inl (inl (inl (inl (inl (inr (i, z)))))).
Definition no_maximum i : statistic := inl (inl (inl (inl (inr i)))).
Definition no_sum i : statistic := inl (inl (inl (inr i))).
Definition no_sum_scaled i : statistic := inl (inl (inr i)).
Definition no_output i l : statistic := inl (inr (i, l)).
Definition no_output_scaled i l : statistic := inr (i, l).

(* The running maximum before tile z. *)
Definition running_before (i : R) (z : T) : {set statistic} :=
  if z == ord0 then [set no_maximum i] else [set running i z' | z' : T & z'.+1 == z].

Definition statistic_reads (u : statistic) : {set R * C + statistic} :=
  match u with
  | inl (inl (inl (inl (inl (inl (inl (i, k))))))) => inl (i, k) |: [set inr (top i k') | k' : C & next_key k' k]
  | inl (inl (inl (inl (inl (inl (inr (i, z))))))) =>
      inr @: ([set top i k | k : C & (tag k == z) && last_of_tile k] :|: running_before i z)
  | inl (inl (inl (inl (inl (inr (i, z)))))) => inr @: (running i z |: running_before i z)
  | inl (inl (inr i)) => inr @: [set no_sum i; factor i ord0]
  | inr (i, l) => inr @: [set no_output i l; factor i ord0]
  | inl (inl (inl (inl (inr _)))) | inl (inl (inl (inr _))) | inl (inr _) => set0
  end.

(* An addition of the first key begins with the rescaled start; a rescaling takes the factor of its tile. *)
Definition scaled (start : statistic) (i : R) (u : online_node b) : {set statistic} :=
  match u with
  | inl k => if first_key k then [set start] else set0
  | inr r => [set factor i (lift ord0 r)]
  end.

Definition flash2 : cdag := attention_cdag (dk := dk.+1) (dv := dv.+1) (fun _ _ => chain dk) (fun _ => online b)
  (fun _ _ => online b) statistic_reads (fun i k => [set running i (tag k)])
  (fun i => scaled (no_sum_scaled i) i) (fun i l => scaled (no_output_scaled i l) i).

Definition flash2_attention : attention flash2 dk.+1 dv.+1 [set: R * C] := attention_cdag_attention _ _ _ _ _ _ _.

(* Every lower bound of the class is one of FlashAttention-2, with N' the sum of its tiles. *)
Lemma flash2_pairs : #|[set: R * C]| = n.+1 * \sum_z (b z).+1.
Proof. by rewrite cardsT card_prod card_ord card_tagged sumnE big_map big_enum; under eq_bigr do rewrite card_ord. Qed.

End Flash2.
