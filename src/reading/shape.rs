//! Is a program attention, by its arrays?

use crate::{
    attention::Shape,
    schedule::{bind::Binding, draft::Role, program::Program},
};

/// The shape, if the inputs are Q[n, d], K[n', d] and V[n', `d_v`] in this order, the only output is
/// O[n, `d_v`], and every word weighs one. Whether the program *computes* attention is not looked at.
#[must_use]
pub fn attention_shape(program: &Program, binding: &Binding) -> Option<Shape> {
    let array = |role, at: usize, name: &str| {
        let slow = program.with_role(role).nth(at)?;
        let slow = program.slow.get(slow.0).filter(|it| it.name == name)?;
        let [rows, width] = slow.dims.as_slice() else { return None };
        let size = |it: i128| u64::try_from(it).ok();
        Some((size(rows.eval(&binding.env).ok()?)?, size(width.eval(&binding.env).ok()?)?))
    };
    let only = |role, n| program.with_role(role).count() == n;
    if !only(Role::In, 3) || !only(Role::Out, 1) || !program.unit_weights() {
        return None;
    }
    let (q, k, v) = (array(Role::In, 0, "Q")?, array(Role::In, 1, "K")?, array(Role::In, 2, "V")?);
    let o = array(Role::Out, 0, "O")?;
    let fits = q.1 == k.1 && k.0 == v.0 && o == (q.0, v.1);
    fits.then(|| Shape::new(q.0, k.0, q.1, v.1).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrays: &str, expected: Option<Shape>) {
        let width = if arrays.contains("O[N,e]") { "e" } else { "d" };
        let text = format!(
            "iobound-schedule 1\nparam N, P, d, e;\n{arrays}\no[r:N,c:{width}] = 0;\n\
             store O[..,..] = o;\nfree o;\n"
        );
        let program = Program::parse(&text).unwrap_or_else(|it| panic!("{text}: {it}"));
        let binding = program.bind(&[("N", 6), ("P", 4), ("d", 3), ("e", 3)]).unwrap();
        assert_eq!(attention_shape(&program, &binding), expected, "{arrays}");
    }

    #[test]
    fn by_names_order_and_extents() {
        let shape = |n, keys| Some(Shape::new(n, keys, 3, 3).unwrap());
        check("in Q[N,d], K[N,d], V[N,d]; out O[N,d];", shape(6, 6));
        check("in Q[N,d], K[P,d], V[P,e]; out O[N,e];", shape(6, 4));
        check("in K[N,d], Q[N,d], V[N,d]; out O[N,d];", None);
        check("in Q[N,d], K[N,d], V[P,d]; out O[N,d];", None);
        check("in Q[N,d], K[N,d]; out O[N,d];", None);
        check("in Q[N,d], K[N,d], V[N,d], W[N]; out O[N,d];", None);
        check("in Q[N,d], K[N,d], V[N,d]:2; out O[N,d];", None);
    }
}
