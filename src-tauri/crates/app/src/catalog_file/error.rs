//! What is wrong with a file, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Counted from 1, as a spreadsheet counts.
    pub number: usize,
    /// Its heading; empty for one beyond the last heading.
    pub header: String,
}

/// Why a file cannot be taken as it is. Nothing of such a file is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
pub struct FileError {
    /// Line in the file, counted from 1; line 1 holds the headings. A row that spans several lines
    /// is named by its first one.
    pub line: u64,
    /// The column, where the trouble lies in one.
    pub column: Option<Column>,
    /// What is wrong, as one sentence without its full stop.
    pub what: String,
    /// What to do next, as one sentence without its full stop.
    pub advice: String,
}

impl FileError {
    pub(super) fn new(
        line: u64,
        column: Option<Column>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { line, column, what: what.into(), advice: advice.into() }
    }
}

/// `line 7, column 20 (Variant Price): "1O" is not an amount. Write it like 12.50.`
impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {}", column.number)?;
            if !column.header.is_empty() {
                write!(f, " ({})", shortened(&column.header))?;
            }
        }
        write!(f, ": {}. {}.", self.what, self.advice)
    }
}

/// Text of the file for use in a message: in one line, and not longer than a message should be.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String =
        text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
