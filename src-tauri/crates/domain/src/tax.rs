//! Taxes: percent rates, each either inside the label price or on top of it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A percentage such as 20 or 5.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Percent(Decimal);

impl Percent {
    /// A rate from 0 to 1000 percent with up to four decimals, as the world's tax tables have it.
    ///
    /// # Errors
    /// A sentence if it lies outside.
    pub fn new(value: Decimal) -> Result<Self, String> {
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero() || value > Decimal::ONE_THOUSAND {
            return Err(format!("{value} is no tax rate: give a percentage from 0 to 1000"));
        }
        if value.scale() > 4 {
            return Err(format!("{value} has too many decimals for a tax rate: four at most"));
        }
        Ok(Self(value))
    }

    /// The percentage.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// Ten-thousandths of a percent: 20 % is 200,000. Exact, for whole-number arithmetic.
    pub(crate) fn millionths(self) -> i128 {
        let mut scaled = self.0;
        scaled.rescale(4);
        scaled.mantissa()
    }
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

/// Where the tax stands relative to the label price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// The label price contains it (VAT in most of the world).
    Inclusive,
    /// It comes on top (sales tax).
    Exclusive,
}

/// One tax of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Short and lasting, such as `vat-20`; what stored sales and reports group by.
    pub code: String,
    /// As printed: `VAT`.
    pub name: String,
    /// How much.
    pub rate: Percent,
    /// Inside the price or on top.
    pub mode: TaxMode,
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

/// The shop's taxes by class. A class that is not in the table is not taxed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxTable {
    classes: BTreeMap<TaxClass, Vec<Tax>>,
}

impl TaxTable {
    /// A table from its rows.
    pub fn new(classes: BTreeMap<TaxClass, Vec<Tax>>) -> Self {
        Self { classes }
    }

    /// The taxes of a class, in order.
    pub fn of(&self, class: &TaxClass) -> &[Tax] {
        self.classes.get(class).map_or(&[], Vec::as_slice)
    }

    /// Every class with its taxes.
    pub fn classes(&self) -> impl Iterator<Item = (&TaxClass, &[Tax])> {
        self.classes.iter().map(|(class, taxes)| (class, taxes.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::Percent;

    #[test]
    fn a_rate_is_exact_or_refused() -> Result<(), String> {
        assert_eq!(Percent::new(Decimal::new(55, 1))?.millionths(), 55_000);
        assert_eq!(Percent::new(Decimal::from(20))?.millionths(), 200_000);
        assert!(Percent::new(Decimal::from(-1)).is_err());
        assert!(Percent::new(Decimal::new(123_456, 5)).is_err());
        Ok(())
    }
}
