(* The theorems, and what they rest on. *)

From IoBound Require Import Window PairFresh PairPotential.

Print Assumptions window.
Print Assumptions pair_fresh.
Print Assumptions pair_potential.
