//! `parse ∘ print` is the identity on drafts, comments included.

use iobound::{
    op::{Constant, Function, Op},
    schedule::{
        Draft, KEYWORDS,
        draft::{
            Action, Array, Assign, Block, Comments, Condition, Declaration, Fill, Header, Left,
            Loop, Name, Order, Place, Role, Size, Slice, Statement, Term, Unary,
        },
    },
};
use proptest::{collection::vec, option, prelude::*};

fn name() -> impl Strategy<Value = Name> {
    "[a-zA-Zé_][a-z0-9_]{0,3}"
        .prop_filter("keywords are no names", |it| !KEYWORDS.contains(&it.as_str()))
        .prop_map(Name::new)
}

type Make = fn(Box<Size>, Box<Size>) -> Size;

fn size() -> impl Strategy<Value = Size> {
    let leaf = prop_oneof![any::<u64>().prop_map(Size::Int), name().prop_map(Size::Name)];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let kinds: [Make; 7] =
            [Size::Add, Size::Sub, Size::Mul, Size::Ceil, Size::Floor, Size::Min, Size::Max];
        (prop::sample::select(kinds.to_vec()), inner.clone(), inner)
            .prop_map(|(kind, a, b)| kind(Box::new(a), Box::new(b)))
    })
}

fn slice() -> impl Strategy<Value = Slice> {
    prop_oneof![
        Just(Slice::All),
        size().prop_map(Slice::At),
        (size(), size()).prop_map(|(a, b)| Slice::Range(a, b)),
    ]
}

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![any::<i64>().prop_map(Constant::Int), Just(Constant::NegInf), Just(Constant::Scale),]
}

fn term() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        constant().prop_map(|value| Term::Constant { value, at: Place::default() }),
        (name(), vec(size(), 0..3)).prop_map(|(array, index)| Term::Read { array, index }),
    ];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let functions = [
            Function::Exp,
            Function::Log,
            Function::Sqrt,
            Function::Tanh,
            Function::Relu,
            Function::Gelu,
        ];
        let call = prop::sample::select(functions.to_vec()).prop_map(Unary::Call);
        let unary = prop_oneof![call, Just(Unary::Negate)];
        let op = prop::sample::select(vec![Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Max]);
        prop_oneof![
            (unary, inner.clone()).prop_map(|(unary, x)| Term::Unary(unary, Box::new(x))),
            (op, inner.clone(), inner).prop_map(|(op, a, b)| Term::Binary(
                op,
                Box::new(a),
                Box::new(b)
            )),
        ]
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let orders = vec![Order::Less, Order::AtMost, Order::Equal, Order::AtLeast, Order::More];
    (size(), prop::sample::select(orders), size()).prop_map(|(left, order, right)| Condition {
        left,
        order,
        right,
    })
}

fn assign() -> impl Strategy<Value = Assign> {
    let left = (size(), option::of(size())).prop_map(|(index, extent)| Left { index, extent });
    let fill = prop::sample::select(vec![Fill::Set, Fill::Sum, Fill::Max]);
    (name(), vec(left, 0..3), fill, term(), vec(condition(), 0..3)).prop_map(
        |(target, left, fill, right, conditions)| Assign { target, left, fill, right, conditions },
    )
}

fn comment() -> impl Strategy<Value = String> {
    "[ a-z#;{}·]{0,8}".prop_map(|it| it.trim_end().to_owned())
}

fn comments() -> impl Strategy<Value = Comments> {
    (vec(comment(), 0..3), option::of(comment()))
        .prop_map(|(above, behind)| Comments { above, behind })
}

fn statement(action: impl Strategy<Value = Action>) -> impl Strategy<Value = Statement> {
    (comments(), action).prop_map(|(comments, action)| Statement {
        at: Place::default(),
        comments,
        action,
    })
}

fn block(statement: impl Strategy<Value = Statement>) -> impl Strategy<Value = Block> {
    (vec(statement, 0..4), vec(comment(), 0..3))
        .prop_map(|(statements, end)| Block { statements, end })
}

fn body() -> impl Strategy<Value = Block> {
    let action = prop_oneof![
        (name(), name(), vec(slice(), 0..3)).prop_map(|(fast, slow, slices)| Action::Load {
            fast,
            slow,
            slices
        }),
        (name(), vec(slice(), 0..3), name()).prop_map(|(slow, slices, fast)| Action::Store {
            slow,
            slices,
            fast
        }),
        assign().prop_map(Action::Assign),
        vec(name(), 1..3).prop_map(Action::Free),
    ];
    let flat = statement(action).boxed();
    let one = flat.prop_recursive(3, 16, 4, |inner| {
        let head = (any::<bool>(), name(), option::of(name()), size(), size(), size());
        statement((head, block(inner)).prop_map(|((par, start, len, lo, hi, step), body)| {
            Action::For(Loop { par, start, len, lo, hi, step, body })
        }))
    });
    block(one)
}

fn header() -> impl Strategy<Value = Header> {
    let array = (name(), option::of(vec(size(), 1..3)), any::<u64>())
        .prop_map(|(name, dims, weight)| Array { name, dims, weight });
    let role = prop::sample::select(vec![Role::In, Role::Out, Role::Scratch]);
    let declaration = prop_oneof![
        vec(name(), 1..3).prop_map(Declaration::Param),
        vec(name(), 1..3).prop_map(Declaration::Tile),
        name().prop_map(Declaration::Scale),
        (role, vec(array, 1..3)).prop_map(|(role, it)| Declaration::Arrays(role, it)),
    ];
    (comments(), declaration).prop_map(|(comments, declaration)| Header {
        at: Place::default(),
        comments,
        declaration,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_draft_is_read_back_as_it_was_printed(headers in vec(header(), 0..4), body in body()) {
        let draft = Draft { headers, body };
        let text = draft.to_string();
        let back = Draft::parse(&text).map_err(|it| TestCaseError::fail(format!("{it}\n{text}")))?;
        prop_assert_eq!(&back, &draft, "{}", text);
        prop_assert_eq!(back.to_string(), text);
        // Whatever it says, checking it does not panic.
        let _ = draft.check();
    }
}

#[test]
fn comments_and_layout() {
    let given = "iobound-schedule 1
# first
param   N ;   # sizes
in Q [ N ] ;

# loop
for i , b in 0 .. N by 1 {   # head
#inside
load q = Q [ i .. i + b ] ; # row
   s [ r ] = ( ( q [ r ] ) ) ; free q , s ;
# last
}
#
# end";
    let expected = "iobound-schedule 1
# first
param N;  # sizes
in Q[N];

# loop
for i, b in 0..N by 1 {  # head
  # inside
  load q = Q[i..i+b];  # row
  s[r] = q[r];
  free q, s;
  # last
}
#
# end
";
    let draft = Draft::parse(given).unwrap();
    assert_eq!(draft.to_string(), expected);
    assert_eq!(Draft::parse(expected).unwrap(), draft);
}

#[test]
fn comments_that_move_or_go() {
    let given = "iobound-schedule 1\nfor i in 0..N by 1 {\n} # tail\ns # inside\n = 0; # kept\n";
    let expected = "iobound-schedule 1\nfor i in 0..N by 1 {  # tail\n}\ns = 0;  # kept\n";
    assert_eq!(Draft::parse(given).unwrap().to_string(), expected);
}
