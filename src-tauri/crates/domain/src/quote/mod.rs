//! A quote: JSON in, JSON out, through the same pricing as a basket. It needs no catalogue and no
//! register, so that anyone can check the shop's arithmetic.
//!
//! In: `{ currency, rounding: "line"|"document", rounding_mode?: "half_up"|"half_even",
//! cash_rounding?, taxes: { id: { kind: "percent"|"fixed", rate?, amount?, included?, affects_base?,
//! affected_by_base? } }, lines: [ { description, quantity, unit_price, taxes: [id], discount? } ],
//! discount? }`; a discount is `{ percent }` or `{ amount }`. Amounts are whole minor units, rates,
//! percentages and quantities are decimals as text. A quantity below nothing is something that comes
//! back: its amounts are mirrored.

mod json;
mod read;

use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError};
use crate::pricing::{Parts, PricingContext, PricingError, Settled, settle_parts};
use crate::promotion::PriceRules;
use crate::time::Timestamp;

/// What a basket would cost. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Without tax.
    pub net: i64,
    /// All taxes.
    pub tax: i64,
    /// What is to pay.
    pub total: i64,
    /// What is to pay in cash: the total rounded to the smallest coin.
    pub cash_total: i64,
    /// Each tax that some line has, in the order in which taxes were given.
    pub taxes: Vec<QuoteTax>,
    /// In the order in which lines were given.
    pub lines: Vec<QuoteLine>,
}

/// One tax over all lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuoteTax {
    /// As given.
    pub id: String,
    /// The net amount it was taken on, earlier taxes included that are part of its base.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct QuoteLine {
    /// Without tax.
    pub net: i64,
    /// Its taxes.
    pub tax: i64,
    /// With tax.
    pub total: i64,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct QuoteError {
    /// For programs: `unknown_tax`.
    pub code: &'static str,
    /// For people: what happened and what to do.
    pub message: String,
    /// Where: `lines[0].taxes[1]`; empty for the whole.
    pub path: String,
}

impl QuoteError {
    fn new(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.into() }
    }
}

/// Prices what `text` describes.
///
/// # Errors
/// The first thing that is wrong; an unknown field is refused too, because a typing mistake must
/// not change a price.
pub fn quote(text: &str) -> Result<Quote, QuoteError> {
    quote_given(&Given(json::parse(text)?))
}

/// A basket as it was written: its fields in their order, nothing checked yet.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Given(json::Node);

/// Prices a basket that was read already.
///
/// # Errors
/// As [`quote`].
pub fn quote_given(given: &Given) -> Result<Quote, QuoteError> {
    let asked = read::asked(&given.0)?;
    let context = PricingContext {
        currency: asked.currency,
        taxes: &asked.taxes,
        rounding: asked.rounding,
        rules: PriceRules::none(),
        channel: "",
        at: Timestamp { utc_ms: 0, offset_min: 0 },
    };
    let parts =
        Parts { lines: &asked.lines, discount: asked.discount.as_ref(), ..Parts::default() };
    let settled = settle_parts(&parts, &context).map_err(refused)?;
    let cash = match asked.cash_rounding {
        Some(rounding) => rounding.round(settled.total).map_err(too_large)?,
        None => settled.total,
    };
    answer(&asked.tax_ids, &settled, cash).map_err(too_large)
}

fn answer(ids: &[String], settled: &Settled, cash: Money) -> Result<Quote, MoneyError> {
    let taxes = ids.iter().filter_map(|id| {
        let sum = settled.taxes.iter().find(|sum| sum.tax.code == *id)?;
        Some(QuoteTax { id: id.clone(), base: sum.base.minor(), amount: sum.amount.minor() })
    });
    let line = |line: &crate::pricing::SettledLine| {
        let taxes = line.taxes.iter().map(|tax| tax.amount);
        Ok(QuoteLine {
            net: line.net.minor(),
            tax: Money::sum(line.net.currency(), taxes)?.minor(),
            total: line.total.minor(),
        })
    };
    Ok(Quote {
        net: settled.net.minor(),
        tax: settled.tax.minor(),
        total: settled.total.minor(),
        cash_total: cash.minor(),
        taxes: taxes.collect(),
        lines: settled.lines.iter().map(line).collect::<Result<_, MoneyError>>()?,
    })
}

fn too_large(error: MoneyError) -> QuoteError {
    QuoteError::new("too_large", "", error.to_string())
}

/// Lines are named by their place, so that a refusal knows it.
fn refused(error: PricingError) -> QuoteError {
    match error {
        PricingError::LineDiscount { name, source } => {
            QuoteError::new("bad_discount", format!("{name}.discount"), source.to_string())
        }
        PricingError::BasketDiscount(source) => {
            QuoteError::new("bad_discount", "discount", source.to_string())
        }
        PricingError::ImpossibleTaxes { name } => QuoteError::new(
            "impossible_taxes",
            format!("{name}.taxes"),
            "the taxes inside the price take all of it away: correct their rates",
        ),
        PricingError::Money(error) => too_large(error),
        error => QuoteError::new("refused", "", error.to_string()),
    }
}
