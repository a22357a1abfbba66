use super::*;
use proptest::prelude::*;

const VALUES: Values = Values { seed: 7 };

fn call(function: Function, x: Value) -> Value {
    VALUES.apply(Op::Call(function), &[x]).unwrap()
}

fn apply(op: Op, x: Value, y: Value) -> Value {
    VALUES.apply(op, &[x, y]).unwrap()
}

fn input(index: u64) -> Value {
    VALUES.input(index)
}

#[test]
fn moduli_are_prime_and_g_has_order_r() {
    assert_eq!((R, P), (4_611_686_018_427_385_619, 2 * R + 1));
    // Given r prime, −4 has order 2r = p − 1 modulo p, so p is prime (Lucas).
    let witness = P - 4;
    assert_eq!(ModP::power(witness, P - 1), 1);
    assert_ne!(ModP::power(witness, R), 1);
    assert_ne!(ModP::power(witness, 2), 1);
    // Strong-pseudoprime test of r to the first 12 prime bases, a proof below 3.3·10²⁴.
    let odd = (R - 1) >> (R - 1).trailing_zeros();
    for base in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37] {
        let mut x = ModR::power(base, odd);
        let mut passes = x == 1;
        for _ in 0..(R - 1).trailing_zeros() {
            passes |= x == R - 1;
            x = ModR::mul(x, x);
        }
        assert!(passes, "{base}");
    }
    assert_eq!(ModP::power(G, R), 1);
    assert_ne!(G, 1);
}

#[test]
fn exp_turns_sums_into_products() {
    let (x, y) = (input(0), input(1));
    let product = apply(Op::Mul, call(Function::Exp, x), call(Function::Exp, y));
    assert_eq!(call(Function::Exp, apply(Op::Add, x, y)), product);
    assert_eq!(call(Function::Exp, Value::integer(3)), Value::Number { r: None, p: 64 });
}

#[test]
fn an_exponential_has_no_exponential() {
    let weight = call(Function::Exp, input(0));
    assert_eq!(VALUES.apply(Op::Call(Function::Exp), &[weight]), Err(Undefined::Residue));
    let sum = apply(Op::Add, weight, input(1));
    assert_eq!(VALUES.apply(Op::Call(Function::Exp), &[sum]), Err(Undefined::Residue));
}

#[test]
fn logsumexp_is_exact() {
    // exp(s − (m + log l)) = exp(s − m) / l
    let (s, m) = (input(0), input(1));
    let l = call(Function::Exp, input(2));
    let lse = apply(Op::Add, m, call(Function::Log, l));
    let left = call(Function::Exp, apply(Op::Sub, s, lse));
    let right = apply(Op::Div, call(Function::Exp, apply(Op::Sub, s, m)), l);
    assert!(left.agrees(right));
    // m + log(exp(x)) and x + log(exp(m)) are the same word.
    let other = apply(Op::Add, input(2), call(Function::Log, call(Function::Exp, m)));
    assert!(lse.agrees(other));
    assert!(!lse.agrees(apply(Op::Add, other, m)));
    assert_eq!(VALUES.apply(Op::Add, &[l, lse]), Err(Undefined::Residue));
    assert_eq!(VALUES.apply(Op::Mul, &[l, lse]), Err(Undefined::LogDomain));
}

#[test]
fn minus_infinity() {
    let x = input(0);
    assert_eq!(apply(Op::Sub, Value::NegInf, x), Value::NegInf);
    assert_eq!(apply(Op::Max, Value::NegInf, x), x);
    assert_eq!(call(Function::Exp, Value::NegInf), Value::Number { r: None, p: 0 });
    assert_eq!(VALUES.apply(Op::Sub, &[x, Value::NegInf]), Err(Undefined::Infinite));
    assert_eq!(VALUES.apply(Op::Mul, &[x, Value::NegInf]), Err(Undefined::Infinite));
    assert_eq!(VALUES.apply(Op::Times(Constant::Scale), &[Value::NegInf]), Ok(Value::NegInf));
    let twice = VALUES.apply(Op::Times(Constant::Int(-2)), &[Value::NegInf]);
    assert_eq!(twice, Err(Undefined::Infinite));
}

#[test]
fn max_is_symmetric_and_nothing_more() {
    let (x, y, z) = (input(0), input(1), input(2));
    assert_eq!(apply(Op::Max, x, y), apply(Op::Max, y, x));
    assert_eq!(apply(Op::Max, x, x), x);
    let (left, right) = (apply(Op::Max, apply(Op::Max, x, y), z), apply(Op::Max, x, y));
    assert!(!left.agrees(right));
}

#[test]
fn zero_divides_nothing() {
    let zero = Value::integer(0);
    assert_eq!(VALUES.apply(Op::Div, &[input(0), zero]), Err(Undefined::Zero));
    assert_eq!(VALUES.apply(Op::Call(Function::Log), &[zero]), Err(Undefined::Zero));
}

#[test]
fn the_wrong_number_of_operands_is_refused() {
    assert_eq!(VALUES.apply(Op::Add, &[input(0)]), Err(Undefined::OperandCount));
    assert_eq!(VALUES.apply(Op::Opaque, &[]), Err(Undefined::Opaque));
}

#[test]
fn seeds_and_functions_differ() {
    let x = input(0);
    assert_ne!(x, Values { seed: 8 }.input(0));
    assert_ne!(x, input(1));
    assert_ne!(call(Function::Tanh, x), call(Function::Gelu, x));
    assert_eq!(call(Function::Tanh, x), call(Function::Tanh, x));
}

proptest! {
    #[test]
    fn reduction_is_the_remainder(x: u128, a: u64, b: u64) {
        prop_assert_eq!(u128::from(ModR::reduce(x)), x % u128::from(R));
        prop_assert_eq!(u128::from(ModP::reduce(x)), x % u128::from(P));
        let (a, b) = (a % P, b % P);
        let product = u128::from(a) * u128::from(b) % u128::from(P);
        prop_assert_eq!(u128::from(ModP::mul(a, b)), product);
        prop_assert_eq!(ModP::sub(ModP::add(a, b), b), a);
        prop_assert_eq!(ModP::power(G, a), exp(a % R));
    }

    #[test]
    fn inverses(a in 1..R) {
        prop_assert_eq!(ModR::inverse(a).map(|it| ModR::mul(it, a)), Some(1));
        prop_assert_eq!(ModP::inverse(a).map(|it| ModP::mul(it, a)), Some(1));
    }

    #[test]
    fn any_operation_on_any_words_answers(a: u64, b: u64, int: i64) {
        let words = [Values { seed: a }.input(b), Value::integer(int), Value::NegInf,
            Value::Number { r: None, p: a % P }, Value::Log { r: a % R, p: 1 + b % (P - 1) }];
        let constants = [Constant::Int(int), Constant::NegInf, Constant::Scale];
        let functions = [Function::Exp, Function::Log, Function::Sqrt, Function::Relu];
        for x in words {
            for y in words {
                for op in [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Max] {
                    let _ = VALUES.apply(op, &[x, y]);
                }
            }
            for op in constants.map(Op::Times) {
                let _ = VALUES.apply(op, &[x]);
            }
            for op in functions.map(Op::Call) {
                let _ = VALUES.apply(op, &[x]);
            }
        }
    }
}
