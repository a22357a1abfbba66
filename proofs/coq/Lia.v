(* `lia` and `nia` understand the operations of ssreflect on nat. *)

From Coq Require Import ZArith Lia ZifyClasses ZifyBool Zify.
From mathcomp Require Import ssreflect ssrbool ssrnat eqtype.
Export Lia.

Set Implicit Arguments.
Unset Strict Implicit.

Ltac Zify.zify_pre_hook ::= unfold is_true in *.

Local Open Scope Z_scope.

#[global] Program Instance Op_addn : BinOp addn := {| TBOp := Z.add |}.
Next Obligation. by rewrite -plusE; apply: Nat2Z.inj_add. Qed.
Add Zify BinOp Op_addn.

#[global] Program Instance Op_muln : BinOp muln := {| TBOp := Z.mul |}.
Next Obligation. by rewrite -multE; apply: Nat2Z.inj_mul. Qed.
Add Zify BinOp Op_muln.

#[global] Program Instance Op_subn : BinOp subn := {| TBOp := fun x y => Z.max 0 (x - y) |}.
Next Obligation. by rewrite -minusE; apply: Nat2Z.inj_sub_max. Qed.
Add Zify BinOp Op_subn.

#[global] Program Instance Op_leq : BinOp leq := {| TBOp := Z.leb |}.
Next Obligation.
by apply/idP/idP=> [/leP/inj_le/Z.leb_le|/Z.leb_le/Nat2Z.inj_le/leP].
Qed.
Add Zify BinOp Op_leq.

#[global] Program Instance Op_maxn : BinOp maxn := {| TBOp := Z.max |}.
Next Obligation.
by rewrite /maxn; case: leqP => h; lia.
Qed.
Add Zify BinOp Op_maxn.

#[global] Program Instance Op_minn : BinOp minn := {| TBOp := Z.min |}.
Next Obligation.
by rewrite /minn; case: leqP => h; lia.
Qed.
Add Zify BinOp Op_minn.

#[global] Program Instance Op_nat_of_bool : UnOp nat_of_bool := {| TUOp := Z.b2z |}.
Next Obligation. by case: x. Qed.
Add Zify UnOp Op_nat_of_bool.
