//! Taxes: a percentage or a fixed amount a unit, inside the label price or on top of it, several in
//! an order; and the fiscal positions that swap them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// A percentage such as 20 or 5.5, never below nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Percent(Decimal);

impl Percent {
    /// A percentage from 0 to 1000 with up to four decimals.
    ///
    /// # Errors
    /// A sentence if it lies outside.
    pub fn new(value: Decimal) -> Result<Self, String> {
        within(value, Decimal::ZERO).map(Self)
    }

    /// The percentage.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// Ten-thousandths of a percent: 20 % is 200,000. Exact, for whole-number arithmetic.
    pub(crate) fn millionths(self) -> i128 {
        millionths(self.0)
    }
}

/// A tax's percentage, which may be below nothing (a withholding).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Rate(Decimal);

impl Rate {
    /// A rate from -100 to 1000 percent with up to four decimals, as the world's tax tables have it.
    ///
    /// # Errors
    /// A sentence if it lies outside.
    pub fn new(value: Decimal) -> Result<Self, String> {
        within(value, -Decimal::ONE_HUNDRED).map(Self)
    }

    /// The percentage.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// Ten-thousandths of a percent: 20 % is 200,000. Exact, for whole-number arithmetic.
    pub(crate) fn millionths(self) -> i128 {
        millionths(self.0)
    }
}

fn within(value: Decimal, least: Decimal) -> Result<Decimal, String> {
    let value = value.normalize();
    if value < least || value > Decimal::ONE_THOUSAND {
        return Err(format!("{value} % is out of range: give a percentage from {least} to 1000"));
    }
    if value.scale() > 4 {
        return Err(format!("{value} % has too many decimals: four at most"));
    }
    // A zero keeps no sign, so that it reads back equal.
    Ok(if value.is_zero() { Decimal::ZERO } else { value })
}

fn millionths(value: Decimal) -> i128 {
    let mut scaled = value;
    scaled.rescale(4);
    scaled.mantissa()
}

impl TryFrom<Decimal> for Percent {
    type Error = String;
    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<Percent> for Decimal {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

impl From<Percent> for Rate {
    fn from(percent: Percent) -> Self {
        Self(percent.0)
    }
}

impl TryFrom<Decimal> for Rate {
    type Error = String;
    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<Rate> for Decimal {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

/// Where the tax stands relative to the label price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// The label price contains it (VAT in most of the world).
    Inclusive,
    /// It comes on top (sales tax).
    Exclusive,
}

/// How much a tax is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaxKind {
    /// A share of the price.
    Percent {
        /// The share.
        rate: Rate,
    },
    /// The same for every unit, whatever it costs (a bottle deposit, an eco tax).
    Fixed {
        /// For one whole unit.
        amount: Money,
    },
}

/// One tax of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Short and lasting, such as `vat-20`; what stored sales and reports group by.
    pub code: String,
    /// As printed: `VAT`.
    pub name: String,
    /// How much.
    #[serde(flatten)]
    pub kind: TaxKind,
    /// Inside the price or on top.
    pub mode: TaxMode,
    /// Whether it is part of the base of the taxes after it (a compound tax).
    #[serde(default, skip_serializing_if = "is_false")]
    pub affects_base: bool,
    /// Whether the taxes before it are part of its base where they say so; false ignores them.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub affected_by_base: bool,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde calls")]
const fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde calls")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Tax {
    /// A percentage that stands by itself: not compound.
    pub fn percent(
        code: impl Into<String>,
        name: impl Into<String>,
        rate: impl Into<Rate>,
        mode: TaxMode,
    ) -> Self {
        Self::new(code.into(), name.into(), TaxKind::Percent { rate: rate.into() }, mode)
    }

    /// A fixed amount for each unit: not compound.
    pub fn fixed(
        code: impl Into<String>,
        name: impl Into<String>,
        amount: Money,
        mode: TaxMode,
    ) -> Self {
        Self::new(code.into(), name.into(), TaxKind::Fixed { amount }, mode)
    }

    const fn new(code: String, name: String, kind: TaxKind, mode: TaxMode) -> Self {
        Self { code, name, kind, mode, affects_base: false, affected_by_base: true }
    }

    /// How much it is, for people: `20` (a percentage, the sign left to the language) or `0.25 EUR`
    /// (a unit).
    pub fn rate_text(&self) -> String {
        match self.kind {
            TaxKind::Percent { rate } => rate.value().to_string(),
            TaxKind::Fixed { amount } => amount.to_string(),
        }
    }

    /// True for a percentage, false for a fixed amount.
    pub const fn is_percent(&self) -> bool {
        matches!(self.kind, TaxKind::Percent { .. })
    }
}

/// The name of a group of items that are taxed alike, such as `standard`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxClass(String);

impl TaxClass {
    /// A class by name; empty means standard.
    pub fn new(name: &str) -> Self {
        let name = name.trim();
        Self(if name.is_empty() { "standard".to_owned() } else { name.to_lowercase() })
    }

    /// The class that items have unless told otherwise.
    pub fn standard() -> Self {
        Self("standard".to_owned())
    }

    /// The class of what is never taxed.
    pub fn exempt() -> Self {
        Self("exempt".to_owned())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What stays when a fiscal position changes the taxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
    /// The customer pays what the label says, the tax inside changes (eat in, take away).
    Label,
    /// The net price stays, what the customer pays changes (export, exempt).
    Net,
}

/// Another set of taxes for a sale: eat in, take away, export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiscalPosition {
    /// Short and lasting.
    pub id: String,
    /// As shown and printed.
    pub name: String,
    /// Which class is taxed as which other.
    #[serde(default)]
    pub swaps: BTreeMap<TaxClass, TaxClass>,
    /// The class for all that `swaps` does not name; none leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<TaxClass>,
    /// What stays the same.
    pub keeps: Keeps,
}

impl FiscalPosition {
    /// The class that `class` is taxed as; itself where the position does not speak of it.
    pub fn swap<'a>(&'a self, class: &'a TaxClass) -> &'a TaxClass {
        self.swaps.get(class).or(self.others.as_ref()).unwrap_or(class)
    }
}

/// The shop's taxes by class, and its fiscal positions. A class that is not in the table is not
/// taxed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTable {
    #[serde(default)]
    classes: BTreeMap<TaxClass, Vec<Tax>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    positions: Vec<FiscalPosition>,
}

impl TaxTable {
    /// A table from its rows.
    pub const fn new(classes: BTreeMap<TaxClass, Vec<Tax>>) -> Self {
        Self { classes, positions: Vec::new() }
    }

    /// The same with fiscal positions.
    #[must_use]
    pub fn with_positions(mut self, positions: Vec<FiscalPosition>) -> Self {
        self.positions = positions;
        self
    }

    /// The taxes of a class, in order.
    pub fn of(&self, class: &TaxClass) -> &[Tax] {
        self.classes.get(class).map_or(&[], Vec::as_slice)
    }

    /// Every class with its taxes.
    pub fn classes(&self) -> impl Iterator<Item = (&TaxClass, &[Tax])> {
        self.classes.iter().map(|(class, taxes)| (class, taxes.as_slice()))
    }

    /// The fiscal position with this id.
    pub fn position(&self, id: &str) -> Option<&FiscalPosition> {
        self.positions.iter().find(|position| position.id == id)
    }

    /// Every fiscal position.
    pub fn positions(&self) -> &[FiscalPosition] {
        &self.positions
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Percent, Rate, Tax, TaxMode};
    use crate::money::{Currency, Money};

    #[test]
    fn a_rate_is_exact_or_refused() -> Result<(), String> {
        assert_eq!(Percent::new(Decimal::new(55, 1))?.millionths(), 55_000);
        assert_eq!(Percent::new(Decimal::from(20))?.millionths(), 200_000);
        assert!(Percent::new(Decimal::from(-1)).is_err());
        assert!(Percent::new(Decimal::new(123_456, 5)).is_err());
        assert_eq!(Rate::new(Decimal::from(-10))?.millionths(), -100_000);
        assert!(Rate::new(Decimal::from(-101)).is_err());
        assert!(Rate::new(Decimal::from(1001)).is_err());
        Ok(())
    }

    #[test]
    fn a_stored_tax_is_short_and_reads_back() -> Result<(), Box<dyn std::error::Error>> {
        let vat = Tax::percent("vat-20", "VAT", Rate::new(20.into())?, TaxMode::Inclusive);
        let text = serde_json::to_string(&vat)?;
        assert_eq!(
            text,
            r#"{"code":"vat-20","name":"VAT","kind":"percent","rate":"20","mode":"inclusive"}"#
        );
        assert_eq!(serde_json::from_str::<Tax>(&text)?, vat);
        let mut eco = Tax::fixed("eco", "Eco", Money::new(25, Currency::EUR)?, TaxMode::Exclusive);
        eco.affects_base = true;
        eco.affected_by_base = false;
        assert_eq!(serde_json::from_str::<Tax>(&serde_json::to_string(&eco)?)?, eco);
        assert_eq!((vat.rate_text(), eco.rate_text()), ("20".to_owned(), "0.25 EUR".to_owned()));
        Ok(())
    }
}
