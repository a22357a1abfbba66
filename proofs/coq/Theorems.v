(* The theorems, and what they rest on. *)

From IoBound Require Import Window.

Print Assumptions window.
