(* row-wise-no-max: N = 3, d = 2, M = 18 words; tiles: a = 2 (best: nothing that fits moves fewer words)

   Written by `iobound replay --write`. Operands and kind of each computed vertex; the vertex of each output; the
   moves; and what Coq computes of them. *)

From mathcomp Require Import all_ssreflect.
From IoBound Require Import Game Class Table Played.

Definition fast := 18.

Definition written : table := Table 3 3 2 2
  [:: ([:: Qu 0 0; Ke 0 0], PairOf 0 0); ([:: Qu 0 1; Ke 0 1], PairOf 0 0); ([:: Co 0; Co 1], PairOf 0 0);
    ([:: Qu 1 0; Ke 0 0], PairOf 1 0); ([:: Qu 1 1; Ke 0 1], PairOf 1 0); ([:: Co 3; Co 4], PairOf 1 0);
    ([:: Co 2], PairOf 0 0); ([:: Co 5], PairOf 1 0); ([:: Co 6; Va 0 0], PlaceOf 0 0);
    ([:: Co 6; Va 0 1], PlaceOf 0 1); ([:: Co 7; Va 0 0], PlaceOf 1 0); ([:: Co 7; Va 0 1], PlaceOf 1 1);
    ([:: Qu 0 0; Ke 1 0], PairOf 0 1); ([:: Qu 0 1; Ke 1 1], PairOf 0 1); ([:: Co 12; Co 13], PairOf 0 1);
    ([:: Co 14], PairOf 0 1); ([:: Co 6; Co 15], Other); ([:: Co 15; Va 1 0], PlaceOf 0 0);
    ([:: Co 8; Co 17], PlaceOf 0 0); ([:: Co 15; Va 1 1], PlaceOf 0 1); ([:: Co 9; Co 19], PlaceOf 0 1);
    ([:: Qu 1 0; Ke 1 0], PairOf 1 1); ([:: Qu 1 1; Ke 1 1], PairOf 1 1); ([:: Co 21; Co 22], PairOf 1 1);
    ([:: Co 23], PairOf 1 1); ([:: Co 7; Co 24], Other); ([:: Co 24; Va 1 0], PlaceOf 1 0);
    ([:: Co 10; Co 26], PlaceOf 1 0); ([:: Co 24; Va 1 1], PlaceOf 1 1); ([:: Co 11; Co 28], PlaceOf 1 1);
    ([:: Qu 0 0; Ke 2 0], PairOf 0 2); ([:: Qu 0 1; Ke 2 1], PairOf 0 2); ([:: Co 30; Co 31], PairOf 0 2);
    ([:: Co 32], PairOf 0 2); ([:: Co 16; Co 33], Other); ([:: Co 33; Va 2 0], PlaceOf 0 0);
    ([:: Co 18; Co 35], PlaceOf 0 0); ([:: Co 33; Va 2 1], PlaceOf 0 1); ([:: Co 20; Co 37], PlaceOf 0 1);
    ([:: Qu 1 0; Ke 2 0], PairOf 1 2); ([:: Qu 1 1; Ke 2 1], PairOf 1 2); ([:: Co 39; Co 40], PairOf 1 2);
    ([:: Co 41], PairOf 1 2); ([:: Co 25; Co 42], Other); ([:: Co 42; Va 2 0], PlaceOf 1 0);
    ([:: Co 27; Co 44], PlaceOf 1 0); ([:: Co 42; Va 2 1], PlaceOf 1 1); ([:: Co 29; Co 46], PlaceOf 1 1);
    ([:: Co 36; Co 34], PlaceOf 0 0); ([:: Co 38; Co 34], PlaceOf 0 1); ([:: Co 45; Co 43], PlaceOf 1 0);
    ([:: Co 47; Co 43], PlaceOf 1 1); ([:: Qu 2 0; Ke 0 0], PairOf 2 0); ([:: Qu 2 1; Ke 0 1], PairOf 2 0);
    ([:: Co 52; Co 53], PairOf 2 0); ([:: Co 54], PairOf 2 0); ([:: Co 55; Va 0 0], PlaceOf 2 0);
    ([:: Co 55; Va 0 1], PlaceOf 2 1); ([:: Qu 2 0; Ke 1 0], PairOf 2 1); ([:: Qu 2 1; Ke 1 1], PairOf 2 1);
    ([:: Co 58; Co 59], PairOf 2 1); ([:: Co 60], PairOf 2 1); ([:: Co 55; Co 61], Other);
    ([:: Co 61; Va 1 0], PlaceOf 2 0); ([:: Co 56; Co 63], PlaceOf 2 0); ([:: Co 61; Va 1 1], PlaceOf 2 1);
    ([:: Co 57; Co 65], PlaceOf 2 1); ([:: Qu 2 0; Ke 2 0], PairOf 2 2); ([:: Qu 2 1; Ke 2 1], PairOf 2 2);
    ([:: Co 67; Co 68], PairOf 2 2); ([:: Co 69], PairOf 2 2); ([:: Co 62; Co 70], Other);
    ([:: Co 70; Va 2 0], PlaceOf 2 0); ([:: Co 64; Co 72], PlaceOf 2 0); ([:: Co 70; Va 2 1], PlaceOf 2 1);
    ([:: Co 66; Co 74], PlaceOf 2 1); ([:: Co 73; Co 71], PlaceOf 2 0); ([:: Co 75; Co 71], PlaceOf 2 1)]
  [:: 48; 49; 50; 51; 76; 77].

Definition moves : seq (move ref) :=
  [:: Load (Qu 0 0); Load (Qu 0 1); Load (Qu 1 0); Load (Qu 1 1); Load (Ke 0 0); Load (Ke 0 1); Compute (Co 0);
    Compute (Co 1); Compute (Co 2); Free (Co 0); Free (Co 1); Compute (Co 3); Compute (Co 4); Compute (Co 5);
    Free (Co 3); Free (Co 4); Free (Ke 0 0); Free (Ke 0 1); Compute (Co 6); Free (Co 2); Compute (Co 7); Free (Co 5);
    Load (Va 0 0); Load (Va 0 1); Compute (Co 8); Compute (Co 9); Compute (Co 10); Compute (Co 11); Free (Va 0 0);
    Free (Va 0 1); Load (Ke 1 0); Load (Ke 1 1); Load (Va 1 0); Load (Va 1 1); Compute (Co 12); Compute (Co 13);
    Compute (Co 14); Free (Co 12); Free (Co 13); Compute (Co 15); Free (Co 14); Compute (Co 16); Free (Co 6);
    Compute (Co 17); Compute (Co 18); Free (Co 8); Free (Co 17); Compute (Co 19); Compute (Co 20); Free (Co 9);
    Free (Co 19); Free (Co 15); Compute (Co 21); Compute (Co 22); Compute (Co 23); Free (Co 21); Free (Co 22);
    Compute (Co 24); Free (Co 23); Compute (Co 25); Free (Co 7); Compute (Co 26); Compute (Co 27); Free (Co 10);
    Free (Co 26); Compute (Co 28); Compute (Co 29); Free (Co 11); Free (Co 28); Free (Co 24); Free (Ke 1 0);
    Free (Ke 1 1); Free (Va 1 0); Free (Va 1 1); Load (Ke 2 0); Load (Ke 2 1); Load (Va 2 0); Load (Va 2 1);
    Compute (Co 30); Compute (Co 31); Compute (Co 32); Free (Co 30); Free (Co 31); Compute (Co 33); Free (Co 32);
    Compute (Co 34); Free (Co 16); Compute (Co 35); Compute (Co 36); Free (Co 18); Free (Co 35); Compute (Co 37);
    Compute (Co 38); Free (Co 20); Free (Co 37); Free (Co 33); Compute (Co 39); Compute (Co 40); Compute (Co 41);
    Free (Co 39); Free (Co 40); Compute (Co 42); Free (Co 41); Compute (Co 43); Free (Co 25); Compute (Co 44);
    Compute (Co 45); Free (Co 27); Free (Co 44); Compute (Co 46); Compute (Co 47); Free (Co 29); Free (Co 46);
    Free (Co 42); Free (Ke 2 0); Free (Ke 2 1); Free (Va 2 0); Free (Va 2 1); Compute (Co 48); Free (Co 36);
    Compute (Co 49); Free (Co 38); Compute (Co 50); Free (Co 45); Compute (Co 51); Free (Co 47); Store (Co 48);
    Store (Co 49); Store (Co 50); Store (Co 51); Free (Qu 0 0); Free (Qu 0 1); Free (Qu 1 0); Free (Qu 1 1);
    Free (Co 34); Free (Co 43); Free (Co 48); Free (Co 49); Free (Co 50); Free (Co 51); Load (Qu 2 0); Load (Qu 2 1);
    Load (Ke 0 0); Load (Ke 0 1); Compute (Co 52); Compute (Co 53); Compute (Co 54); Free (Co 52); Free (Co 53);
    Free (Ke 0 0); Free (Ke 0 1); Compute (Co 55); Free (Co 54); Load (Va 0 0); Load (Va 0 1); Compute (Co 56);
    Compute (Co 57); Free (Va 0 0); Free (Va 0 1); Load (Ke 1 0); Load (Ke 1 1); Load (Va 1 0); Load (Va 1 1);
    Compute (Co 58); Compute (Co 59); Compute (Co 60); Free (Co 58); Free (Co 59); Compute (Co 61); Free (Co 60);
    Compute (Co 62); Free (Co 55); Compute (Co 63); Compute (Co 64); Free (Co 56); Free (Co 63); Compute (Co 65);
    Compute (Co 66); Free (Co 57); Free (Co 65); Free (Co 61); Free (Ke 1 0); Free (Ke 1 1); Free (Va 1 0);
    Free (Va 1 1); Load (Ke 2 0); Load (Ke 2 1); Load (Va 2 0); Load (Va 2 1); Compute (Co 67); Compute (Co 68);
    Compute (Co 69); Free (Co 67); Free (Co 68); Compute (Co 70); Free (Co 69); Compute (Co 71); Free (Co 62);
    Compute (Co 72); Compute (Co 73); Free (Co 64); Free (Co 72); Compute (Co 74); Compute (Co 75); Free (Co 66);
    Free (Co 74); Free (Co 70); Free (Ke 2 0); Free (Ke 2 1); Free (Va 2 0); Free (Va 2 1); Compute (Co 76);
    Free (Co 73); Compute (Co 77); Free (Co 75); Store (Co 76); Store (Co 77); Free (Qu 2 0); Free (Qu 2 1);
    Free (Co 71); Free (Co 76); Free (Co 77)].

(* The CDAG is in the class of the theorems. *)
Lemma in_the_class : in_class written. Proof. by vm_compute. Qed.

Definition attention_written := table_attention in_the_class.

(* The moves are a pebbling of it that computes nothing twice. *)
Lemma played : plays written fast moves. Proof. by vm_compute. Qed.
Lemma moved : (cost moves == 36) && computes_once moves. Proof. by vm_compute. Qed.

Theorem pebbling_written : exists2 ms : seq (move (vertex (table_cdag written))),
  pebbling fast ms & cost ms = 36 /\ computes_once ms.
Proof. exact: played_once played moved. Qed.

(* No pebbling moves fewer than the compulsory words, with or without recomputation. *)
Theorem least_written M (ms : seq (move (vertex (table_cdag written)))) : pebbling M ms ->
  24 <= cost ms.
Proof. exact: (table_compulsory in_the_class isT). Qed.
