//! Tables of text.

/// Which edge the entries of a column share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// `rows` in columns two blanks apart, without blanks at the ends of lines.
pub(super) fn table(columns: &[Align], rows: &[Vec<String>]) -> String {
    let width = |i: usize| {
        let cells = rows.iter().filter_map(|it| it.get(i));
        cells.map(|it| it.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, align), width) in row.iter().zip(columns).zip(&widths) {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            match align {
                Align::Left => line.extend([cell, pad.as_str(), "  "]),
                Align::Right => line.extend([pad.as_str(), cell, "  "]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A table of numbers: what each is called, the number, and what it says.
pub(super) fn numbers(rows: &[Vec<String>]) -> String {
    table(&[Align::Left, Align::Right, Align::Left], rows)
}

/// A row of [`numbers`]; a number that is absent is a dash.
pub(super) fn row(name: &str, value: impl Into<Option<u64>>, what: &str) -> Vec<String> {
    let value = value.into().map_or_else(|| "–".to_owned(), digits);
    vec![name.to_owned(), value, what.to_owned()]
}

/// `text` broken at blanks into lines of about `width` characters, each after `indent`.
pub(super) fn wrap(text: &str, indent: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.extend([indent, &line, "\n"]);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.extend([indent, &line, "\n"]);
    lines
}

/// `1234567` as `1,234,567`.
pub(super) fn digits(number: impl std::fmt::Display) -> String {
    let plain = number.to_string();
    let first = plain.len() % 3;
    let mut grouped = plain[..first].to_owned();
    for (i, c) in plain[first..].chars().enumerate() {
        if i % 3 == 0 && !grouped.is_empty() {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let text = table(&[Align::Left, Align::Right], &[row("⌈N/B⌉", "7"), row("x", "1,000")]);
        assert_eq!(text, "⌈N/B⌉      7\nx      1,000\n");
    }

    #[test]
    fn digits_in_threes() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(digits(number), text);
        }
    }

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrap("aa bb cc", "> ", 5), "> aa bb\n> cc\n");
        assert_eq!(wrap("", "> ", 5), "> \n");
    }
}
