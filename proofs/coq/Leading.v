(* The leading constant of attention is 4: the textbook CDAG between its lower and its upper bound. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Lia Segments Meet Game Class Textbook Flash2 Window RowWise.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* The closed form of `window` with X = M: T >= D^2 e / M - M. *)
Lemma window_closed dk dv e M T : dv <= dk -> 0 < M -> 2 * ((dk + dv) * (dk + dv)) <= M ->
  window_value dk dv e M M <= T -> (dk + dv) * (dk + dv) * e <= M * (T + M).
Proof.
move=> d M0; rewrite /window_value /four_square d; cbv zeta; move: ((dk + dv) * (dk + dv)) => D2 DM.
have each : maxn ((M + M) * (M + M)) (D2 * 4 * (M + M)) = 4 * (M * M).
  by have := leq_mul DM (leqnn M); lia.
have first : maxn (M * M) (D2 * 4 * M) <= 4 * (M * M) by have := leq_mul DM (leqnn M); lia.
rewrite each /least_events; set all := e * _ - _.
have : all <= ceil_div all (4 * (M * M)) * (4 * (M * M)) by rewrite -ceil_div_leq // !muln_gt0 M0.
rewrite /all; move: (ceil_div _ _) => k le kT; have := leq_mul (leqnn M) kT; lia.
Qed.

(* Every CDAG of the class with d_v <= d_k = d and e pairs, from 2(d_k + d_v)^2 words on. *)
Theorem leading_class G (R C : finType) dk dv (E : {set R * C}) (A : attention G dk dv E)
    M (ms : seq (move (vertex G))) :
  0 < dk -> 0 < dv -> dv <= dk -> E != set0 -> 2 * ((dk + dv) * (dk + dv)) <= M -> pebbling M ms ->
  (dk + dv) * (dk + dv) * #|E| <= M * (cost ms + M).
Proof.
move=> dk0 dv0 d E0 large ok; have M0 : 0 < M by apply: leq_trans large; rewrite !muln_gt0 addn_gt0 dk0.
exact: window_closed d M0 large (window A dk0 dv0 M0 E0 ok).
Qed.

(* FlashAttention-2's own CDAG, its tiles of any sizes. *)
Theorem leading_flash2 n t (b : 'I_t.+1 -> nat) d0 M (d := d0.+1) (ms : seq (move (vertex (flash2 n b d0 d0)))) :
  8 * (d * d) <= M -> pebbling M ms -> 4 * (n.+1 * \sum_z (b z).+1) * (d * d) <= M * (cost ms + M).
Proof.
move=> large ok; have E0 : [set: 'I_n.+1 * keys b] != set0.
  by rewrite -card_gt0 flash2_pairs muln_gt0 /= (bigD1 ord0).
have := leading_class (flash2_attention n b d0 d0) (ltn0Sn _) (ltn0Sn _) (leqnn _) E0 _ ok.
by rewrite flash2_pairs -/d => w; have := w _; lia.
Qed.

(* N rows and keys, heads of d, and M >= 8 d^2 words: no pebbling of the textbook CDAG, with recomputation or without,
   moves less than 4 N^2 d^2 / M - M words, and the row-wise one, with rows a at a time, moves 2 N d (1 + ceil(N / a)). *)
Theorem leading n d0 M a (N := n.+1) (d := d0.+1) :
  8 * (d * d) <= M -> 0 < a -> a * (2 * d + 1) + 2 * d + 3 <= M ->
  (forall ms : seq (move (vertex (textbook_chains n n d0 d0))), pebbling M ms ->
    4 * (N * N) * (d * d) <= M * (cost ms + M)) /\
  (exists2 ms : seq (move (vertex (textbook_chains n n d0 d0))), pebbling M ms &
    cost ms = 2 * N * d * (1 + ceil_div N a)).
Proof.
move=> large a0 fits; split=> [ms ok|].
  have E0 : [set: 'I_N * 'I_N] != set0 by rewrite -card_gt0 cardsT card_prod !card_ord.
  have := leading_class (textbook_chains_attention n n d0 d0) (ltn0Sn _) (ltn0Sn _) (leqnn _) E0 _ ok.
  by rewrite cardsT card_prod !card_ord -/N -/d => w; have := w _; lia.
have [|ms ok c] := @row_wise n n d0 d0 M a a0; first by move: fits; rewrite /d; lia.
by exists ms => //; rewrite c -/N -/d; lia.
Qed.
