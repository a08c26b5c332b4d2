//! Amounts as receipts print them. The only place in this crate that turns money into text.

use countertop_domain::money::Money;
use countertop_domain::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// How the shop writes numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NumberFormat {
    /// Between the whole and its parts: `.` or `,`.
    pub decimal: char,
    /// Between groups of three digits; none for no grouping.
    pub group: Option<char>,
    /// The currency, shown at the total.
    pub currency: CurrencyMark,
}

/// How the shop writes its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CurrencyMark {
    /// A sign such as `€`; none for the three-letter code.
    pub sign: Option<String>,
    /// Before the number or after it.
    pub before: bool,
}

/// The code before the number.
impl Default for CurrencyMark {
    fn default() -> Self {
        Self { sign: None, before: true }
    }
}

/// `1,234.50`, and `EUR 1,234.50` at the total.
impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: '.', group: Some(','), currency: CurrencyMark::default() }
    }
}

/// The sign before an amount below nothing; media that lack it print a hyphen.
const MINUS: char = '\u{2212}';

/// `12.50`: with as many decimals as the currency has, without the currency's name.
pub fn format_amount(amount: Money, format: &NumberFormat) -> String {
    let exponent = usize::try_from(amount.currency().exponent()).unwrap_or(0);
    let digits = format!("{:0>width$}", amount.minor().unsigned_abs(), width = exponent + 1);
    let (whole, parts) = digits.split_at(digits.len() - exponent);
    let mut text = String::with_capacity(digits.len() + 8);
    if amount.is_negative() {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.extend(format.group);
        }
        text.push(digit);
    }
    if !parts.is_empty() {
        text.push(format.decimal);
        text.push_str(parts);
    }
    text
}

/// `EUR 12.50`: with the currency, as the total is printed.
pub fn format_total(amount: Money, format: &NumberFormat) -> String {
    let number = format_amount(amount, format);
    let mark = format.currency.sign.as_deref().unwrap_or(amount.currency().code());
    if format.currency.before { format!("{mark} {number}") } else { format!("{number} {mark}") }
}

/// `USD 12.50`: with the currency's code, where it may not be the shop's own.
pub(crate) fn format_code(amount: Money, format: &NumberFormat) -> String {
    let (code, number) = (amount.currency().code(), format_amount(amount, format));
    if format.currency.before { format!("{code} {number}") } else { format!("{number} {code}") }
}

/// `3` or `0.642`, with the shop's decimal sign.
pub(crate) fn format_quantity(quantity: Quantity, format: &NumberFormat) -> String {
    localised(&quantity.to_string(), format)
}

/// A plain decimal such as a tax rate, with the shop's decimal sign.
pub(crate) fn localised(decimal: &str, format: &NumberFormat) -> String {
    decimal
        .chars()
        .map(|c| match c {
            '.' => format.decimal,
            '-' => MINUS,
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use countertop_domain::money::{Currency, Money, MoneyError};

    use super::{CurrencyMark, NumberFormat, format_amount, format_total};

    fn amount(minor: i64, code: &str) -> Result<Money, MoneyError> {
        Money::new(minor, Currency::parse(code)?)
    }

    #[test]
    fn an_amount_has_the_decimals_of_its_currency() -> Result<(), MoneyError> {
        let plain = NumberFormat::default();
        let text = |minor, code| Ok::<_, MoneyError>(format_amount(amount(minor, code)?, &plain));
        assert_eq!(text(1250, "EUR")?, "12.50");
        assert_eq!(text(5, "EUR")?, "0.05");
        assert_eq!(text(0, "EUR")?, "0.00");
        assert_eq!(text(-123_456_789, "EUR")?, "\u{2212}1,234,567.89");
        assert_eq!(text(1250, "JPY")?, "1,250");
        assert_eq!(text(1250, "KWD")?, "1.250");
        assert_eq!(text(-5, "KWD")?, "\u{2212}0.005");
        assert_eq!(text(100, "JPY")?, "100");
        Ok(())
    }

    #[test]
    fn the_shop_chooses_its_signs() -> Result<(), MoneyError> {
        let french = NumberFormat {
            decimal: ',',
            group: Some('\u{202f}'),
            currency: CurrencyMark { sign: Some("€".to_owned()), before: false },
        };
        assert_eq!(format_total(amount(123_450, "EUR")?, &french), "1\u{202f}234,50 €");
        assert_eq!(format_total(amount(1250, "EUR")?, &NumberFormat::default()), "EUR 12.50");
        Ok(())
    }
}
