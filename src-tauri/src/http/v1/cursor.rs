//! Cursors: where a list goes on. Made by the register, and read back.

use super::problem::Problem;

/// A place in a list that is ordered by one number.
pub(super) fn one(cursor: Option<&str>) -> Result<Option<i64>, Problem> {
    cursor.map(|text| number(text).ok_or_else(unreadable)).transpose()
}

/// A place in a list that is ordered by a moment and, within it, a number.
pub(super) fn two(cursor: Option<&str>) -> Result<Option<(i64, i64)>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    let both = text.split_once('.').and_then(|(a, b)| Some((number(a)?, number(b)?)));
    both.map(Some).ok_or_else(unreadable)
}

/// Writes what [`two`] reads.
pub(super) fn of_two(moment: i64, number: i64) -> String {
    format!("{moment}.{number}")
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number| *number >= 0)
}

fn unreadable() -> Problem {
    Problem::bad_request("that cursor is none of this list: send next_cursor as it was given")
}
