//! Finding an entry of a table by the name a person types.

/// No entry, or more than one, goes by this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {what} is called {given:?}; known: {}", .known.join(", "))]
pub struct UnknownName {
    /// What was looked for: `hardware`, `level`, `model`.
    pub what: &'static str,
    /// The name given.
    pub given: String,
    /// The names there are, or those that the given one could mean.
    pub known: Vec<&'static str>,
}

/// The entry whose name equals `given`, or else the only one whose name begins with it.
///
/// Only letters and digits count, and not their case: `gpt2-medium` is `GPT-2 medium`.
///
/// # Errors
///
/// [`UnknownName`], with the candidates if several names begin with `given`, else with all names.
pub(crate) fn find<'a, T>(
    what: &'static str,
    table: &'a [T],
    name: impl Fn(&T) -> &'static str,
    given: &str,
) -> Result<&'a T, UnknownName> {
    let wanted = key(given);
    let begins: Vec<&T> = table
        .iter()
        .filter(|it| !wanted.is_empty() && key(name(it)).starts_with(&wanted))
        .collect();
    if let Some(it) = begins.iter().find(|it| key(name(it)) == wanted) {
        return Ok(it);
    }
    match begins[..] {
        [it] => Ok(it),
        [] => Err(unknown(what, given, table.iter().map(name))),
        _ => Err(unknown(what, given, begins.into_iter().map(name))),
    }
}

fn unknown(
    what: &'static str,
    given: &str,
    known: impl Iterator<Item = &'static str>,
) -> UnknownName {
    UnknownName { what, given: given.to_owned(), known: known.collect() }
}

fn key(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[&str] = &["GPT-2 medium", "GPT-2 XL", "ViT-L/16", "GPT-2"];

    fn check(given: &str, expected: Result<&'static str, &[&'static str]>) {
        let found = find("model", TABLE, |it| it, given).copied();
        assert_eq!(found.map_err(|it| it.known), expected.map_err(<[_]>::to_vec), "{given}");
    }

    #[test]
    fn names_as_people_type_them() {
        check("gpt2-MEDIUM", Ok("GPT-2 medium"));
        check("vit-l", Ok("ViT-L/16"));
        check("gpt-2", Ok("GPT-2"));
        check("GPT", Err(&["GPT-2 medium", "GPT-2 XL", "GPT-2"]));
        check("T5", Err(TABLE));
        check("", Err(TABLE));
        check("é", Err(TABLE));
    }

    #[test]
    fn the_message_lists_them() {
        let error = find("model", TABLE, |it| it, "T5").expect_err("not in the table");
        assert_eq!(
            error.to_string(),
            r#"no model is called "T5"; known: GPT-2 medium, GPT-2 XL, ViT-L/16, GPT-2"#
        );
    }
}
