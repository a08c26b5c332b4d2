//! Reading one field: text, price, quantity, barcode.

use std::borrow::Cow;

use countertop_domain::barcode;
use countertop_domain::item::Barcode;
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::quantity::{Quantity, QuantityError};

use super::error::{Column, FileError, shortened};
use super::rows::Row;

/// Characters of a name, category, option or article number.
pub(super) const MAX_NAME: usize = 200;
/// Characters of a barcode: the longest that a hand scanner reads off a shelf label.
const MAX_BARCODE: usize = 80;
/// Characters of a picture's address.
const MAX_ADDRESS: usize = 2_048;

/// One field of a row with all that a message about it needs.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// The text with white space around it gone, and the apostrophe that exports put before a text
    /// that a spreadsheet would take for a formula.
    pub(super) text: &'a str,
    line: u64,
    index: Option<usize>,
    headers: &'a [String],
}

impl<'a> Field<'a> {
    /// The field in that column; empty where the file has no such column.
    pub(super) fn of(row: &Row<'a>, index: Option<usize>, headers: &'a [String]) -> Self {
        let text = without_guard(index.map_or("", |i| row.field(i)).trim());
        Self { text, line: row.line, index, headers }
    }

    /// True where nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// An error about this field.
    pub(super) fn error(&self, what: impl Into<String>, advice: impl Into<String>) -> FileError {
        FileError::new(self.line, column(self.index, self.headers), what, advice)
    }

    /// The text on one line, with HTML's entities read where the format writes them.
    ///
    /// # Errors
    /// Longer than [`MAX_NAME`] characters.
    pub(super) fn name(&self, html: bool) -> Result<Option<String>, FileError> {
        self.clean(self.text, html)
    }

    /// As [`Field::name`], for a part of this field.
    ///
    /// # Errors
    /// Longer than [`MAX_NAME`] characters.
    pub(super) fn clean(&self, part: &str, html: bool) -> Result<Option<String>, FileError> {
        let text = if html { html_escape::decode_html_entities(part) } else { Cow::Borrowed(part) };
        let clean = on_one_line(&text);
        if clean.is_empty() {
            return Ok(None);
        }
        let length = clean.chars().count();
        if length > MAX_NAME {
            return Err(self.error(
                format!("the text has {length} characters, more than {MAX_NAME}"),
                "Shorten it",
            ));
        }
        Ok(Some(clean))
    }

    /// A price; none where the field is empty.
    ///
    /// With `decimal_comma`, `12,50` is a price too, unless it could be read as thousands.
    ///
    /// # Errors
    /// Not a number, negative, too precise for the currency, or too large.
    pub(super) fn price(
        &self,
        currency: Currency,
        decimal_comma: bool,
    ) -> Result<Option<Money>, FileError> {
        if self.is_empty() {
            return Ok(None);
        }
        let text =
            if decimal_comma { with_point(self.text, currency) } else { Cow::Borrowed(self.text) };
        let shown = shortened(self.text);
        let money = Money::parse(&text, currency).map_err(|error| match error {
            MoneyError::TooLarge => self.error(
                format!("\"{shown}\" is a larger price than a register can count"),
                "Correct the price",
            ),
            MoneyError::TooPrecise { currency, exponent, .. } => self.error(
                format!(
                    "\"{shown}\" has more than {exponent} decimal places, the most of {currency}"
                ),
                "Round the price",
            ),
            _ => self.error(format!("\"{shown}\" is not a price"), "Write it like 12.50"),
        })?;
        if money.is_negative() {
            return Err(self.error(
                format!("the price {shown} is less than nothing"),
                "Write a price of 0 or more",
            ));
        }
        Ok(Some(money))
    }

    /// A quantity in stock, below nothing where more was sold than counted; none if empty.
    ///
    /// # Errors
    /// Not a number, or too large.
    pub(super) fn quantity(&self) -> Result<Option<Quantity>, FileError> {
        if self.is_empty() {
            return Ok(None);
        }
        let shown = shortened(self.text);
        Quantity::parse(self.text).map(Some).map_err(|error| match error {
            QuantityError::TooLarge => self.error(
                format!("\"{shown}\" is more than a register can count"),
                "Correct the quantity",
            ),
            _ => self.error(format!("\"{shown}\" is not a quantity"), "Write it like 3 or 0.642"),
        })
    }

    /// A barcode that stands for one unit; none if empty.
    ///
    /// # Errors
    /// Too long, or ruined by a spreadsheet that took it for a number.
    pub(super) fn barcode(&self) -> Result<Option<Barcode>, FileError> {
        // An apostrophe keeps a spreadsheet from dropping leading zeros.
        let text = self.text.trim_start_matches('\'').trim();
        if text.is_empty() {
            return Ok(None);
        }
        let shown = shortened(text);
        if text.chars().count() > MAX_BARCODE {
            return Err(self.error(
                format!("the barcode \"{shown}\" has more than {MAX_BARCODE} characters"),
                "Write one barcode only",
            ));
        }
        if is_scientific(text) {
            return Err(self.error(
                format!("a spreadsheet has turned the barcode into the number {shown}"),
                "Format the column as text and write the barcode again, or export the file again",
            ));
        }
        // An ISBN is written in groups and scanned without.
        let grouped = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '));
        let code = if grouped { text.replace(['-', ' '], "") } else { on_one_line(text) };
        let code = barcode::normalise(&code);
        Ok((!code.is_empty()).then_some(Barcode { code, quantity: Quantity::ONE }))
    }

    /// The address of a picture; none if empty.
    ///
    /// # Errors
    /// Too long.
    pub(super) fn address(&self, part: &str) -> Result<Option<String>, FileError> {
        let address = part.trim();
        if address.chars().count() > MAX_ADDRESS {
            return Err(self.error(
                format!("the address of a picture has more than {MAX_ADDRESS} characters"),
                "Shorten the address, or leave it out",
            ));
        }
        Ok((!address.is_empty()).then(|| on_one_line(address)))
    }

    /// True for the words with which exports say yes.
    pub(super) fn is_yes(&self) -> bool {
        ["1", "true", "yes", "y"].iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// True for the words with which exports say no; an empty field says neither.
    pub(super) fn is_no(&self) -> bool {
        ["0", "-1", "false", "no", "n"].iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }
}

/// A column for messages.
pub(super) fn column(index: Option<usize>, headers: &[String]) -> Option<Column> {
    index.map(|i| Column { number: i + 1, header: headers.get(i).cloned().unwrap_or_default() })
}

fn without_guard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// Control characters and runs of white space as one space: a name is printed on one line.
fn on_one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `12,50` as `12.50`. WooCommerce writes prices with the shop's decimal sign and never groups
/// thousands; still `1,250` stays as it is and is refused, because a hand may have written it.
fn with_point(text: &str, currency: Currency) -> Cow<'_, str> {
    let most = usize::try_from(currency.exponent()).unwrap_or(0);
    match text.split_once(',') {
        Some((_, decimals)) if (1..=most).contains(&decimals.len()) && !text.contains('.') => {
            Cow::Owned(text.replacen(',', ".", 1))
        }
        _ => Cow::Borrowed(text),
    }
}

/// `4.00638E+12`.
fn is_scientific(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits_only = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits.contains(['.', ','])
        && digits_only(&digits.replace(['.', ','], ""))
        && exponent.strip_prefix('+').is_some_and(digits_only)
}
