//! Taking a code apart into elements, and checking each.

use super::table::{self, Content, Identifier, is_text};
use super::{Element, Gs1Error, SEPARATOR, is_typed};
use crate::barcode::check_digit;
use crate::time::BusinessDay;

/// One element of a code that is being read.
pub(super) struct Split<'a> {
    pub(super) ai: &'a str,
    pub(super) value: &'a str,
    identifier: &'static Identifier,
}

/// Takes a code apart.
pub(super) fn split(text: &str) -> Result<Vec<Split<'_>>, Gs1Error> {
    if is_typed(text) { split_typed(text) } else { split_scanned(text) }
}

fn split_scanned(text: &str) -> Result<Vec<Split<'_>>, Gs1Error> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(SEPARATOR);
    while !rest.is_empty() {
        let (identifier, ai, data) = identified(rest)?;
        let field = data.split(SEPARATOR).next().unwrap_or_default();
        // A field of one length only needs no FNC1 after it, though some must have one.
        let length = if identifier.shortest == identifier.longest {
            identifier.longest
        } else {
            field.len()
        };
        let part = field.split_at_checked(length);
        let (value, _) =
            part.ok_or_else(|| Gs1Error::Length { name: identifier.name, ai: ai.to_owned() })?;
        parts.push(Split { ai, value, identifier });
        rest = data.get(value.len()..).unwrap_or_default().trim_start_matches(SEPARATOR);
    }
    Ok(parts)
}

fn split_typed(text: &str) -> Result<Vec<Split<'_>>, Gs1Error> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.strip_prefix('(') {
        let unknown = || Gs1Error::UnknownField { at: beginning(rest) };
        let (named, data) = open.split_once(')').ok_or_else(unknown)?;
        let (identifier, ai, left) = identified(named)?;
        if !left.is_empty() {
            return Err(unknown());
        }
        // A bracket may belong to the text itself: the next field begins where an identifier follows.
        let end = data.match_indices('(').map(|(at, _)| at).find(|at| is_identifier(data, *at));
        let (value, next) = data.split_at(end.unwrap_or(data.len()));
        parts.push(Split { ai, value, identifier });
        rest = next;
    }
    Ok(parts)
}

/// True if `(`, an identifier and `)` stand at `at`.
fn is_identifier(text: &str, at: usize) -> bool {
    let inside = text.get(at + 1..).and_then(|rest| rest.split_once(')')).map(|(ai, _)| ai);
    inside.is_some_and(|ai| table::find(ai).is_some_and(|(_, length)| length == ai.len()))
}

fn identified(text: &str) -> Result<(&'static Identifier, &str, &str), Gs1Error> {
    let unknown = || Gs1Error::UnknownField { at: beginning(text) };
    let (identifier, length) = table::find(text).ok_or_else(unknown)?;
    let (ai, data) = text.split_at_checked(length).ok_or_else(unknown)?;
    Ok((identifier, ai, data))
}

fn beginning(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(8).collect()
}

impl Split<'_> {
    pub(super) fn element(&self) -> Element {
        Element { ai: self.ai.to_owned(), value: self.value.to_owned(), name: self.identifier.name }
    }

    /// The identifier without its last digit, and the decimals that this tells.
    pub(super) fn family(&self) -> Option<(&str, u32)> {
        let (family, last) = self.ai.split_at_checked(3)?;
        Some((family, last.parse().ok()?))
    }

    pub(super) fn check(&self, year: i16) -> Result<(), Gs1Error> {
        let identifier = self.identifier;
        let (name, ai) = (identifier.name, || self.ai.to_owned());
        if !(identifier.shortest..=identifier.longest).contains(&self.value.len()) {
            return Err(Gs1Error::Length { name, ai: ai() });
        }
        let digits = match identifier.content {
            Content::Text => 0,
            Content::CheckedFirst(digits) => usize::from(digits),
            _ => self.value.len(),
        };
        let (number, text) = self.value.split_at_checked(digits).unwrap_or((self.value, ""));
        let is_good = number.bytes().all(|b| b.is_ascii_digit()) && text.bytes().all(is_text);
        if !is_good {
            return Err(Gs1Error::Character { name, ai: ai() });
        }
        match identifier.content {
            Content::Checked | Content::CheckedFirst(_) if !ends_in_check_digit(number) => {
                Err(Gs1Error::CheckDigit { name, ai: ai() })
            }
            Content::Date | Content::DateTime if self.day(year).is_none() => {
                Err(Gs1Error::Date { name, ai: ai(), value: self.value.to_owned() })
            }
            Content::Decimal | Content::Amount if !self.has_room_for_decimals() => {
                Err(Gs1Error::Length { name, ai: ai() })
            }
            _ => Ok(()),
        }
    }

    /// True unless it has more decimals than digits.
    fn has_room_for_decimals(&self) -> bool {
        let currency = if self.identifier.content == Content::Amount { 3 } else { 0 };
        let decimals = self.family().map_or(0, |(_, decimals)| decimals);
        usize::try_from(decimals).is_ok_and(|decimals| self.value.len() - currency >= decimals)
    }

    /// The day that it names.
    pub(super) fn day(&self, present: i16) -> Option<BusinessDay> {
        let pair = |at: usize| self.value.get(at..at + 2)?.parse::<i16>().ok();
        let (year, month, day) = (full_year(pair(0)?, present), pair(2)?, pair(4)?);
        let written =
            |day: i16| BusinessDay::try_from(format!("{year:04}-{month:02}-{day:02}")).ok();
        if day == 0 { (28..=31).rev().find_map(written) } else { written(day) }
    }
}

/// The year of two digits that lies 49 years before the present one to 50 after it (section 7.12).
fn full_year(two_digits: i16, present: i16) -> i16 {
    let century = present - present.rem_euclid(100);
    match two_digits - present.rem_euclid(100) {
        51..=99 => century - 100 + two_digits,
        -99..=-50 => century + 100 + two_digits,
        _ => century + two_digits,
    }
}

fn ends_in_check_digit(number: &str) -> bool {
    let Some(at) = number.len().checked_sub(1) else { return false };
    let (body, last) = number.split_at(at);
    check_digit(body).is_some_and(|digit| last.starts_with(digit))
}
