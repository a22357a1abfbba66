//! A schedule's text, line by line.

use iobound::schedule::Program;

/// The lines as `iobound fmt` prints them, comments behind a statement left out, with the number of the
/// statement or loop that begins there.
pub(super) fn listing(program: &Program) -> Vec<(String, Option<usize>)> {
    let text = program.draft.to_string();
    let mut ids = (0..program.lines.len()).peekable();
    let line = |line: &str| {
        let begins = |id: &usize| line.trim_start().starts_with(&program.lines[*id].text);
        match ids.next_if(begins) {
            Some(id) => {
                let blanks = line.len() - line.trim_start().len();
                (format!("{}{}", &line[..blanks], program.lines[id].text), Some(id))
            }
            None => (line.to_owned(), None),
        }
    };
    text.lines().map(line).collect()
}
