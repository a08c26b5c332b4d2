//! The rows of a comma-separated file, one at a time and in bounded memory.
//!
//! RFC 4180 with either line ending and an optional byte order mark. The general CSV reader of the
//! ecosystem joins what follows an unclosed quote into one field without a word, and knows no limit
//! for a field, so a broken file could neither be named by line and column nor be read in bounded
//! memory: hence a reader of our own.

use std::io::{BufRead, BufReader, Chain, Cursor, Read};

use super::error::{Column, FileError};

/// Bytes that one field may hold; the longest text that a product carries is its description.
pub(super) const MAX_FIELD: usize = 64 * 1024;
/// Columns that a file may have; a shop with many extensions has two hundred.
const MAX_COLUMNS: usize = 1_000;

/// One row: its line in the file and its fields.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// First line of the row, counted from 1.
    pub(super) line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// A field by its index from 0; empty beyond the last one.
    pub(super) fn field(&self, index: usize) -> &'a str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or("")
    }

    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// What the last byte meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// A quote within a quoted field: the end of it, or the first half of a doubled one.
    QuoteInQuoted,
}

/// The row being read.
struct Record {
    text: Vec<u8>,
    ends: Vec<usize>,
    state: State,
    line: u64,
    field_line: u64,
    limit: usize,
}

impl Record {
    fn field_len(&self) -> usize {
        self.text.len() - self.ends.last().copied().unwrap_or(0)
    }

    fn end_field(&mut self) {
        self.ends.push(self.text.len());
        self.state = State::FieldStart;
    }

    /// Nothing at all in it: an empty line, or the bare commas that a spreadsheet leaves behind.
    fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// Reads rows from anything that can be read.
pub(super) struct Rows<R> {
    input: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    /// Line of the next byte.
    line: u64,
    /// The last row ended with a carriage return, whose line feed may follow.
    after_return: bool,
    headers: Vec<String>,
    record: Record,
}

/// What a chunk of bytes led to.
enum Step {
    More,
    RowEnded,
    Failed(Fault),
}

enum Fault {
    TooManyFields,
    FieldTooLong,
    AfterQuote,
}

impl<R: Read> Rows<R> {
    /// Reads the line of headings and stands before the first row of goods.
    ///
    /// # Errors
    /// An empty file, or anything that makes its first row unreadable.
    pub(super) fn open(reader: R) -> Result<Self, FileError> {
        let mut rows = Self {
            input: BufReader::with_capacity(256 * 1024, without_byte_order_mark(reader)?),
            line: 1,
            after_return: false,
            headers: Vec::new(),
            record: Record {
                text: Vec::new(),
                ends: Vec::new(),
                state: State::FieldStart,
                line: 1,
                field_line: 1,
                limit: MAX_COLUMNS,
            },
        };
        let headers = match rows.next()? {
            Some(row) => (0..row.len()).map(|i| row.field(i).trim().to_owned()).collect(),
            None => {
                return Err(FileError::new(
                    1,
                    None,
                    "the file is empty",
                    "Export the products again; the first line has to hold the headings",
                ));
            }
        };
        rows.headers = headers;
        rows.record.limit = rows.headers.len();
        Ok(rows)
    }

    /// The headings, white space around them gone.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The next row that holds anything, or none at the end.
    ///
    /// # Errors
    /// Unreadable or not UTF-8, too few or too many fields, a quote that stays open, text after a
    /// closing quote, a field beyond [`MAX_FIELD`].
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, FileError> {
        loop {
            if !self.read_record()? {
                return Ok(None);
            }
            if !self.record.is_blank() {
                break;
            }
        }
        let fields = self.record.ends.len();
        if fields < self.headers.len() {
            return Err(FileError::new(
                self.record.line,
                self.column(fields),
                format!("the row ends after {fields} of {} fields", self.headers.len()),
                "Add the missing commas, or export the file again",
            ));
        }
        let Ok(text) = std::str::from_utf8(&self.record.text) else {
            return Err(self.not_utf8());
        };
        // Two fields that are broken at their common border could be valid as one text.
        if self.record.ends.iter().any(|end| !text.is_char_boundary(*end)) {
            return Err(self.not_utf8());
        }
        Ok(Some(Row { line: self.record.line, text, ends: &self.record.ends }))
    }

    /// A column by its index from 0, for messages.
    pub(super) fn column(&self, index: usize) -> Option<Column> {
        let header = self.headers.get(index).cloned().unwrap_or_default();
        Some(Column { number: index + 1, header })
    }

    /// Fills `record` with the next row; false at the end of the file.
    fn read_record(&mut self) -> Result<bool, FileError> {
        self.record.text.clear();
        self.record.ends.clear();
        self.record.state = State::FieldStart;
        let mut started = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(self.line, &error)),
            };
            if chunk.is_empty() {
                return self.end_of_file(started);
            }
            let mut used = 0;
            if self.after_return {
                self.after_return = false;
                used = usize::from(chunk.first() == Some(&b'\n'));
            }
            if !started && used < chunk.len() {
                started = true;
                self.record.line = self.line;
                self.record.field_line = self.line;
            }
            let rest = chunk.get(used..).unwrap_or_default();
            let (taken, step) =
                take(&mut self.record, rest, &mut self.line, &mut self.after_return);
            self.input.consume(used + taken);
            match step {
                Step::More => {}
                Step::RowEnded => return Ok(true),
                Step::Failed(fault) => return Err(self.fault(&fault)),
            }
        }
    }

    fn end_of_file(&mut self, started: bool) -> Result<bool, FileError> {
        if !started {
            return Ok(false);
        }
        if self.record.state == State::Quoted {
            return Err(FileError::new(
                self.record.field_line,
                self.column(self.record.ends.len()),
                "a quote opens here and never closes",
                "Close it, or export the file again: it may have been cut off",
            ));
        }
        self.record.end_field();
        Ok(true)
    }

    fn fault(&self, fault: &Fault) -> FileError {
        let column = self.column(self.record.ends.len());
        let record = &self.record;
        match fault {
            Fault::TooManyFields => FileError::new(
                record.line,
                column,
                format!("the row has more than {} fields", record.limit),
                "Put a field that holds a comma between quotes, or export the file again",
            ),
            Fault::FieldTooLong => FileError::new(
                record.field_line,
                column,
                format!("a field that begins here is longer than {} KiB", MAX_FIELD / 1024),
                "Look for a quote that is opened and not closed; else shorten the text",
            ),
            Fault::AfterQuote => FileError::new(
                record.field_line,
                column,
                "there is text after the closing quote of a field",
                "Write a quote that belongs to the text twice",
            ),
        }
    }

    fn not_utf8(&self) -> FileError {
        let record = &self.record;
        let mut start = 0;
        let mut index = 0;
        for (at, &end) in record.ends.iter().enumerate() {
            let field = record.text.get(start..end).unwrap_or_default();
            if std::str::from_utf8(field).is_err() {
                index = at;
                break;
            }
            start = end;
        }
        FileError::new(
            record.line,
            self.column(index),
            "the text is not UTF-8",
            "Save the file as \"CSV UTF-8\" and import it again",
        )
    }
}

/// Takes bytes until the row ends or the chunk does; says how many.
fn take(
    record: &mut Record,
    chunk: &[u8],
    line: &mut u64,
    after_return: &mut bool,
) -> (usize, Step) {
    let mut at = 0;
    while let Some(&byte) = chunk.get(at) {
        match (record.state, byte) {
            (State::Quoted, b'"') => record.state = State::QuoteInQuoted,
            (State::Quoted, _) => {
                let run = run_length(chunk, at, |b| b == b'"');
                let text = chunk.get(at..at + run).unwrap_or_default();
                if record.field_len() + run > MAX_FIELD {
                    return (at, Step::Failed(Fault::FieldTooLong));
                }
                *line += text.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
                record.text.extend_from_slice(text);
                at += run;
                continue;
            }
            (State::QuoteInQuoted, b'"') => {
                record.text.push(b'"');
                record.state = State::Quoted;
            }
            (_, b',') => {
                if record.ends.len() + 1 >= record.limit {
                    record.ends.push(record.text.len());
                    return (at, Step::Failed(Fault::TooManyFields));
                }
                record.end_field();
                record.field_line = *line;
            }
            (_, b'\n' | b'\r') => {
                record.end_field();
                *line += 1;
                *after_return = byte == b'\r';
                return (at + 1, Step::RowEnded);
            }
            (State::FieldStart, b'"') => record.state = State::Quoted,
            (State::QuoteInQuoted, _) => return (at, Step::Failed(Fault::AfterQuote)),
            (State::FieldStart | State::Plain, _) => {
                let run = run_length(chunk, at, |b| matches!(b, b',' | b'\n' | b'\r'));
                if record.field_len() + run > MAX_FIELD {
                    return (at, Step::Failed(Fault::FieldTooLong));
                }
                record.text.extend_from_slice(chunk.get(at..at + run).unwrap_or_default());
                record.state = State::Plain;
                at += run;
                continue;
            }
        }
        at += 1;
    }
    (at, Step::More)
}

/// How many bytes from `at` on stand before the next one that stops.
fn run_length(chunk: &[u8], at: usize, stops: impl Fn(u8) -> bool) -> usize {
    let rest = chunk.get(at..).unwrap_or_default();
    rest.iter().position(|b| stops(*b)).unwrap_or(rest.len())
}

fn without_byte_order_mark<R: Read>(mut reader: R) -> Result<Chain<Cursor<Vec<u8>>, R>, FileError> {
    let mut start = Vec::with_capacity(3);
    (&mut reader).take(3).read_to_end(&mut start).map_err(|error| unreadable(1, &error))?;
    if start == b"\xEF\xBB\xBF" {
        start.clear();
    }
    Ok(Cursor::new(start).chain(reader))
}

fn unreadable(line: u64, error: &std::io::Error) -> FileError {
    FileError::new(
        line,
        None,
        format!("the file could not be read: {error}"),
        "Check that it is still there and that you may read it",
    )
}
