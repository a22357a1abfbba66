(* The theorems, and what they rest on. *)

From IoBound Require Import Window PairFresh.

Print Assumptions window.
Print Assumptions pair_fresh.
