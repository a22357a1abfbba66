(* The theorems, and what they rest on. *)

From IoBound Require Import Compulsory HongKung Window PairFresh PairPotential Textbook Flash2 RowWise Names Leading
  Binary Table Played SahaYe.
From IoBound Require WrittenFlash2 WrittenRowWise WrittenStandard.

Print Assumptions compulsory.
Print Assumptions compulsory_attention.
Print Assumptions hong_kung.
Print Assumptions most_lean.
Print Assumptions window.
Print Assumptions pair_fresh.
Print Assumptions pair_potential.
Print Assumptions textbook_attention.
Print Assumptions flash2_attention.
Print Assumptions row_wise.
Print Assumptions name_ofK.
Print Assumptions vertex_ofK.
Print Assumptions vertex_reads.
Print Assumptions leading_class.
Print Assumptions leading_flash2.
Print Assumptions leading.
Print Assumptions compulsoryN_value.
Print Assumptions windowN_value.
Print Assumptions pair_freshN_value.
Print Assumptions pair_potentialN_value.
Print Assumptions saha_ye_segments.
Print Assumptions saha_ye.
Print Assumptions saha_ye_printed.
Print Assumptions attention_products.
Print Assumptions table_attention.
Print Assumptions played_once.
Print Assumptions table_compulsory.
Print Assumptions WrittenFlash2.attention_written.
Print Assumptions WrittenFlash2.pebbling_written.
Print Assumptions WrittenRowWise.attention_written.
Print Assumptions WrittenRowWise.pebbling_written.
Print Assumptions WrittenStandard.attention_written.
Print Assumptions WrittenStandard.pebbling_written.
