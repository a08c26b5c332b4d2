//! Measuring and breaking text in columns of a fixed width. A Chinese character takes two columns,
//! an accent none.

use unicode_width::UnicodeWidthStr;

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Breaks `text` into lines that `fits` accepts: at spaces, and inside a word only if the word
/// alone does not fit. A single character stands on its own line even if it does not fit. Nothing
/// gives no line.
pub(crate) fn wrap(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&joined) {
            line = joined;
            continue;
        }
        lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
        for c in word.chars() {
            line.push(c);
            if !fits(&line) && line.chars().nth(1).is_some() {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

/// Breaks `text` into lines of at most `columns` columns.
pub(crate) fn wrap_columns(text: &str, columns: usize) -> Vec<String> {
    wrap(text, |line| width(line) <= columns)
}

#[cfg(test)]
mod tests {
    use super::{width, wrap_columns};

    #[test]
    fn words_stay_whole_while_they_fit() {
        assert_eq!(wrap_columns("organic green tea", 11), ["organic", "green tea"]);
        assert_eq!(wrap_columns("Donaudampfschiff", 6), ["Donaud", "ampfsc", "hiff"]);
        assert_eq!(wrap_columns("抹茶抹茶", 5), ["抹茶", "抹茶"]);
        assert_eq!(wrap_columns("  ", 5), [""; 0]);
        assert_eq!(width("抹茶 e\u{301}"), 6);
    }
}
