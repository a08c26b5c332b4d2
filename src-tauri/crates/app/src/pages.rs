//! Pages of lists: how many entries, and where the next one begins.

use crate::error::AppError;

/// Entries of a page, if the request does not say.
const USUAL: u32 = 50;
/// Entries of a page at most.
const MOST: u32 = 200;

/// How many entries: what was asked for, within what is given.
pub(crate) fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(USUAL).clamp(1, MOST)
}

/// A cursor as it is given out: numbers with a point between them.
pub(crate) fn cursor<const N: usize>(numbers: [i64; N]) -> String {
    numbers.map(|number| number.to_string()).join(".")
}

/// Reads what [`cursor`] wrote.
pub(crate) fn after<const N: usize>(given: Option<&str>) -> Result<Option<[i64; N]>, AppError> {
    let Some(text) = given else { return Ok(None) };
    let broken = || AppError::BadRequest {
        command: "that page",
        reason: "its cursor is none that was given out; load the list again from its beginning"
            .to_owned(),
    };
    let mut numbers = [0; N];
    let mut parts = text.split('.');
    for number in &mut numbers {
        *number = parts.next().and_then(|part| part.parse().ok()).ok_or_else(broken)?;
    }
    if parts.next().is_some() { Err(broken()) } else { Ok(Some(numbers)) }
}

/// A text on one line, of limited length, without white space around it.
pub(crate) fn line(what: &str, text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > most || text.chars().any(char::is_control) {
        let reason = format!("{what} has up to {most} characters, on one line: shorten it");
        return Err(AppError::BadText { reason });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{after, cursor, line};

    #[test]
    fn a_cursor_is_read_back_and_another_text_refused() {
        let given = cursor([i64::MIN, 0, 42]);
        assert_eq!(after::<3>(Some(&given)).unwrap(), Some([i64::MIN, 0, 42]));
        assert_eq!(after::<2>(None).unwrap(), None);
        for broken in ["", "1", "1.2.3", "1.x", "1.99999999999999999999"] {
            assert!(after::<2>(Some(broken)).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("a name", " Bread ", 5).unwrap(), "Bread");
        assert!(line("a name", "Breads", 5).is_err());
        assert!(line("a name", "a\nb", 5).is_err());
        assert!(line("a name", "a\0b", 5).is_err());
    }
}
