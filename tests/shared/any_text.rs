//! Everything that can be done with the text of a schedule.

use iobound::{
    reading::{count::count, formula::formula, pebbles::Pebbles},
    schedule::{Draft, MoveSource, TextError, draft::Role},
};
use std::ops::ControlFlow;

pub(crate) const LIMIT: u64 = 10_000;

/// Checks, counts and begins to play `text`, whatever it is; most stop at the parser.
///
/// # Errors
///
/// Why it is no program.
pub(crate) fn read(text: &str) -> Result<(), TextError> {
    let draft = Draft::parse(text)?;
    assert_eq!(Draft::parse(&draft.to_string()).as_ref(), Ok(&draft), "{text}");
    let program = draft.check()?;
    let formula = formula(&program);
    for size in [1, 2, 3, 7] {
        let sizes: Vec<_> = program.params.iter().chain(&program.tiles).copied().collect();
        for tile in [0, 1, 2, 1 << 47] {
            let sizes: Vec<_> = sizes
                .iter()
                .map(|it| (program.name(*it), if program.tiles.contains(it) { tile } else { size }))
                .collect();
            let Ok(binding) = program.bind(&sizes) else { continue };
            let counted = count(&program, &binding, LIMIT);
            if let (Ok(counted), Ok(Ok(told))) =
                (&counted, formula.as_ref().map(|it| it.eval(&binding)))
            {
                assert_eq!(counted.totals, told, "{text}\n{sizes:?}");
            }
            let mut pebbles = Pebbles::new(&program, &binding);
            let small = |role| matches!(pebbles.words(role), Ok(words) if words < 1 << 20);
            // The first moves; loops that make none could go on for long, and slow arrays are held whole.
            if counted.is_ok_and(|it| it.computes < Some(1_000_000))
                && !text.contains('^')
                && [Role::In, Role::Out, Role::Scratch].into_iter().all(small)
            {
                let mut left = 10_000;
                let _ = pebbles.emit(&mut |_| {
                    left -= 1;
                    if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
            }
        }
    }
    Ok(())
}
