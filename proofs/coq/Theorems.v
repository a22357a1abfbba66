(* The theorems, and what they rest on. *)

From IoBound Require Import Compulsory Window PairFresh PairPotential Textbook.

Print Assumptions compulsory.
Print Assumptions compulsory_attention.
Print Assumptions window.
Print Assumptions pair_fresh.
Print Assumptions pair_potential.
Print Assumptions textbook_attention.
