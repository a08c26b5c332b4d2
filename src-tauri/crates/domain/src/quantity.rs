//! Quantity: how much of a thing, in thousandths of its unit, so that weights are exact too.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// What a quantity counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// One by one; never in parts.
    #[default]
    Piece,
    /// By weight, in kilograms.
    Kilogram,
    /// By volume, in litres.
    Litre,
    /// By length, in metres.
    Metre,
}

impl Unit {
    /// True where half of one makes sense.
    pub const fn is_divisible(self) -> bool {
        !matches!(self, Self::Piece)
    }

    /// The sign printed after a number, of the International System; empty for pieces.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Piece => "",
            Self::Kilogram => "kg",
            Self::Litre => "l",
            Self::Metre => "m",
        }
    }

    /// Reads what [`Unit::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Piece, Self::Kilogram, Self::Litre, Self::Metre]
            .into_iter()
            .find(|unit| unit.name() == name)
    }

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kilogram => "kilogram",
            Self::Litre => "litre",
            Self::Metre => "metre",
        }
    }
}

/// What can be wrong with a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Zero or less.
    #[error("a quantity must be more than nothing: remove the line instead")]
    NotPositive,
    /// Beyond [`Quantity::MAX_THOUSANDTHS`].
    #[error("the quantity is too large: a line holds up to {}", Quantity::MAX_THOUSANDTHS / 1000)]
    TooLarge,
    /// Parts of something that is sold by the piece.
    #[error("this is sold by the piece: give a whole number")]
    NotWhole,
    /// Not a number, or finer than a thousandth.
    #[error("\"{text}\" is not a quantity: write it like 3 or 0.642")]
    NotANumber {
        /// What was given.
        text: String,
    },
}

/// A signed number of thousandths of a [`Unit`]: 642 is 0.642 kg, 3000 is three pieces.
/// Lines of a basket are always positive; stock movements may be negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Quantity {
    thousandths: i64,
}

impl Quantity {
    /// One million units: more than a shop sells in a line, far below where an amount overflows.
    pub const MAX_THOUSANDTHS: i64 = 1_000_000_000;
    /// One piece.
    pub const ONE: Self = Self { thousandths: 1000 };

    /// A signed quantity, as stock movements carry it.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self { thousandths }
    }

    /// So many whole ones.
    pub const fn pieces(count: i32) -> Self {
        Self { thousandths: count as i64 * 1000 }
    }

    /// Reads a decimal such as `0.642`; the sign may be minus.
    ///
    /// # Errors
    /// [`QuantityError::NotANumber`], or [`QuantityError::TooLarge`].
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let not_a_number = || QuantityError::NotANumber { text: text.to_owned() };
        let value = Decimal::from_str_exact(text.trim()).map_err(|_| not_a_number())?;
        let thousandths =
            value.checked_mul(Decimal::ONE_THOUSAND).ok_or(QuantityError::TooLarge)?;
        if !thousandths.fract().is_zero() {
            return Err(not_a_number());
        }
        let thousandths = thousandths.to_i64().ok_or(QuantityError::TooLarge)?;
        if thousandths.unsigned_abs() > Self::MAX_THOUSANDTHS.unsigned_abs() {
            return Err(QuantityError::TooLarge);
        }
        Ok(Self { thousandths })
    }

    /// Thousandths of the unit.
    pub const fn thousandths(self) -> i64 {
        self.thousandths
    }

    /// `self + other`, saturating far beyond any limit of a line.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { thousandths: self.thousandths.saturating_add(other.thousandths) }
    }

    /// The same the other way round, as a sale takes stock away.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { thousandths: -self.thousandths }
    }

    /// Checks that a line may hold this much of that unit.
    ///
    /// # Errors
    /// Not positive, too large, or parts of a piece.
    pub fn for_line(self, unit: Unit) -> Result<Self, QuantityError> {
        if self.thousandths <= 0 {
            return Err(QuantityError::NotPositive);
        }
        if self.thousandths > Self::MAX_THOUSANDTHS {
            return Err(QuantityError::TooLarge);
        }
        if !unit.is_divisible() && self.thousandths % 1000 != 0 {
            return Err(QuantityError::NotWhole);
        }
        Ok(self)
    }
}

/// `3` or `0.642`: no more decimals than there are.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = Decimal::new(self.thousandths, 3);
        if self.thousandths % 1000 == 0 {
            write!(f, "{}", value.trunc())
        } else {
            write!(f, "{value}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Quantity, QuantityError, Unit};

    #[test]
    fn a_line_takes_only_what_can_be_sold() {
        let check = |thousandths, unit| Quantity::from_thousandths(thousandths).for_line(unit);
        assert!(check(642, Unit::Kilogram).is_ok());
        assert_eq!(check(642, Unit::Piece), Err(QuantityError::NotWhole));
        assert_eq!(check(0, Unit::Piece), Err(QuantityError::NotPositive));
        assert_eq!(check(-1000, Unit::Piece), Err(QuantityError::NotPositive));
        assert_eq!(check(i64::MAX, Unit::Kilogram), Err(QuantityError::TooLarge));
    }

    #[test]
    fn a_quantity_reads_as_it_is_written() {
        assert_eq!(Quantity::parse("3").map(|q| q.to_string()), Ok("3".to_owned()));
        assert_eq!(Quantity::parse("0.642").map(|q| q.to_string()), Ok("0.642".to_owned()));
        assert_eq!(Quantity::parse("-2").map(Quantity::thousandths), Ok(-2000));
        assert!(Quantity::parse("0.6421").is_err());
        assert_eq!(Quantity::parse("99999999999"), Err(QuantityError::TooLarge));
    }
}
