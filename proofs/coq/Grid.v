(* The values of the theorems on a grid, for comparison with `check`. scripts/coq turns what this prints into
   `grid.txt`. *)

From Coq Require Import NArith List.
From IoBound Require Import Binary.
Import ListNotations.

Local Open Scope N_scope.

(* Rows, keys, d_k, d_v, pairs. *)
Definition problems : list (N * N * N * N * N) := [
  (1, 1, 1, 1, 1);
  (4, 4, 2, 2, 16);
  (7, 5, 3, 2, 35);
  (7, 5, 2, 3, 20);
  (100, 300, 8, 24, 30000);
  (1024, 1024, 64, 64, 1048576);
  (8192, 8192, 128, 64, 33558528);
  (60400, 60400, 16, 64, 3648160000);
  (1048576, 1048576, 128, 128, 1099511627776)
].

Definition memories : list N := [1; 5; 16; 100; 1000; 16384; 20000; 98304; 1048576].

Definition line (p : N * N * N * N * N) (M X which value : N) : list N :=
  match p with (rows, keys, dk, dv, e) => [which; rows; keys; dk; dv; e; M; X; value] end.

(* Lengths of windows that a search would try, and bad ones. *)
Definition lengths (dk dv M : N) : list N :=
  let square := (dk + dv) * (dk + dv) in
  [1; M; 2 * M; square; 4 * square - M + 1; M + M * M / square; 3 * M + 7].

Definition grid : list (list N) :=
  flat_map (fun p => match p with (rows, keys, dk, dv, e) =>
    flat_map (fun M => line p M 0 0 (compulsoryN dk dv rows keys) ::
      flat_map (fun X => if X =? 0 then [] else [
        line p M X 1 (windowN dk dv e M X);
        line p M X 2 (pair_freshN dk dv e M X);
        line p M X 3 (pair_potentialN dk dv e M X)])
      (lengths dk dv M)) memories end) problems.

Eval vm_compute in grid.
