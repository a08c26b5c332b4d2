//! Discounts given by a person: off a line or off the whole basket, with a reason.

use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError};
use crate::rounding::{RoundingMode, divide};
use crate::tax::Percent;

/// How much comes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "value", rename_all = "snake_case", try_from = "Written")]
pub enum Reduction {
    /// A share of the amount, from 0 to 100 percent.
    Percent(Percent),
    /// An amount, nothing or more.
    Amount(Money),
}

/// As written: checked before it is used.
#[derive(Deserialize)]
#[serde(tag = "by", content = "value", rename_all = "snake_case")]
enum Written {
    Percent(Percent),
    Amount(Money),
}

impl TryFrom<Written> for Reduction {
    type Error = DiscountError;
    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Percent(percent) => Self::percent(percent),
            Written::Amount(amount) => Self::amount(amount),
        }
    }
}

/// What a discount is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscountError {
    /// More than everything.
    #[error("a discount of {percent} % is more than the price: give 0 to 100")]
    AboveHundred {
        /// What was given.
        percent: rust_decimal::Decimal,
    },
    /// Below nothing.
    #[error("a discount cannot be below nothing: give the amount that comes off, without a minus")]
    Negative,
    /// More than there is.
    #[error("a discount of {discount} is more than the price of {price}: give at most the price")]
    AboveThePrice {
        /// What should come off.
        discount: Money,
        /// What it should come off.
        price: Money,
    },
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Reduction {
    /// A percentage off.
    ///
    /// # Errors
    /// [`DiscountError::AboveHundred`].
    pub fn percent(percent: Percent) -> Result<Self, DiscountError> {
        if percent.value() > rust_decimal::Decimal::ONE_HUNDRED {
            return Err(DiscountError::AboveHundred { percent: percent.value() });
        }
        Ok(Self::Percent(percent))
    }

    /// An amount off.
    ///
    /// # Errors
    /// [`DiscountError::Negative`].
    pub const fn amount(amount: Money) -> Result<Self, DiscountError> {
        if amount.is_negative() {
            return Err(DiscountError::Negative);
        }
        Ok(Self::Amount(amount))
    }

    /// How much comes off `amount`, rounded once. Off an amount below nothing (something that comes
    /// back) it is the mirror image: below nothing too.
    ///
    /// # Errors
    /// More than the amount, two currencies, or a reduction that breaks its own bounds.
    pub fn of(self, amount: Money, mode: RoundingMode) -> Result<Money, DiscountError> {
        match self {
            Self::Percent(percent) => {
                Self::percent(percent)?;
                let exact = i128::from(amount.minor()) * percent.millionths();
                let off = divide(exact, 1_000_000, mode).ok_or(MoneyError::TooLarge)?;
                Ok(Money::new(off, amount.currency())?)
            }
            Self::Amount(off) => {
                Self::amount(off)?;
                let price = if amount.is_negative() { amount.negated() } else { amount };
                if price.minus(off)?.is_negative() {
                    return Err(DiscountError::AboveThePrice { discount: off, price });
                }
                Ok(if amount.is_negative() { off.negated() } else { off })
            }
        }
    }

    /// The percentage, if it is one.
    pub const fn as_percent(self) -> Option<Percent> {
        match self {
            Self::Percent(percent) => Some(percent),
            Self::Amount(_) => None,
        }
    }
}

/// A reduction and why it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// How much.
    pub reduction: Reduction,
    /// Why, as printed.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::{DiscountError, Reduction};
    use crate::money::{Currency, Money};
    use crate::rounding::RoundingMode;
    use crate::tax::Percent;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR).unwrap_or(Money::zero(Currency::EUR))
    }

    #[test]
    fn a_discount_takes_off_the_price_and_never_more() -> Result<(), Box<dyn std::error::Error>> {
        let tenth = Reduction::percent(Percent::new(10.into())?)?;
        assert_eq!(tenth.of(eur(1095), RoundingMode::HalfUp)?, eur(110));
        assert_eq!(tenth.of(eur(1085), RoundingMode::HalfEven)?, eur(108));
        assert_eq!(tenth.of(eur(-1095), RoundingMode::HalfUp)?, eur(-110));
        let euro = Reduction::amount(eur(100))?;
        assert_eq!(euro.of(eur(100), RoundingMode::HalfUp)?, eur(100));
        assert_eq!(
            euro.of(eur(99), RoundingMode::HalfUp),
            Err(DiscountError::AboveThePrice { discount: eur(100), price: eur(99) })
        );
        assert_eq!(euro.of(eur(-100), RoundingMode::HalfUp)?, eur(-100));
        assert_eq!(Reduction::amount(eur(-1)), Err(DiscountError::Negative));
        assert!(Reduction::percent(Percent::new(101.into())?).is_err());
        Ok(())
    }

    #[test]
    fn a_stored_discount_is_checked_when_it_is_read() -> Result<(), Box<dyn std::error::Error>> {
        let written = serde_json::to_string(&Reduction::percent(Percent::new(10.into())?)?)?;
        assert_eq!(written, r#"{"by":"percent","value":"10"}"#);
        assert!(serde_json::from_str::<Reduction>(&written).is_ok());
        assert!(serde_json::from_str::<Reduction>(r#"{"by":"percent","value":"101"}"#).is_err());
        let below = r#"{"by":"amount","value":{"minor":-1,"currency":"EUR"}}"#;
        assert!(serde_json::from_str::<Reduction>(below).is_err());
        Ok(())
    }
}
