//! Cash rounding: where the smallest coins are gone, the cash part of a sale is asked in steps.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};
use crate::rounding::half_up;

/// The step that cash is asked in, such as 0.05. Only cash is rounded, never the price: what the
/// rounding adds or takes off is kept on the tender and has an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Money", into = "Money")]
pub struct CashRounding {
    step: Money,
}

impl CashRounding {
    /// Rounding to a step of more than nothing.
    ///
    /// # Errors
    /// [`CashRoundingError`] for a step of nothing or less.
    pub const fn new(step: Money) -> Result<Self, CashRoundingError> {
        if step.is_zero() || step.is_negative() {
            return Err(CashRoundingError { step });
        }
        Ok(Self { step })
    }

    /// The step.
    pub const fn step(self) -> Money {
        self.step
    }

    /// What a shop in that currency usually does: the smallest coin in circulation, where that is
    /// larger than the minor unit. A proposal for the settings; the shop decides.
    pub fn of(currency: Currency) -> Option<Self> {
        let minor: i64 = match currency.code() {
            "AUD" | "CAD" | "CHF" | "MYR" | "SGD" => 5,
            "NZD" | "HKD" | "ZAR" | "ILS" => 10,
            "DKK" => 50,
            "SEK" | "NOK" | "CZK" => 100,
            "HUF" => 500,
            _ => return None,
        };
        let step = Money::new(minor, currency).ok()?;
        Self::new(step).ok()
    }

    /// The nearest multiple of the step; halves go away from zero, so that what is asked for a sale
    /// and what is given back for its refund are the same.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn round(self, amount: Money) -> Result<Money, MoneyError> {
        amount.plus(Money::zero(self.step.currency()))?;
        let step = i128::from(self.step.minor());
        // A step is positive, so there always is a quotient.
        let steps = half_up(i128::from(amount.minor()), step).unwrap_or(0);
        Money::new(steps * step, amount.currency())
    }

    /// True for what coins and notes can make up.
    pub const fn can_be_counted(self, amount: Money) -> bool {
        amount.minor() % self.step.minor() == 0
    }
}

/// A step that nothing can be rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cash cannot be rounded to steps of {step}: give the smallest coin, such as 0.05")]
pub struct CashRoundingError {
    step: Money,
}

impl TryFrom<Money> for CashRounding {
    type Error = CashRoundingError;
    fn try_from(step: Money) -> Result<Self, Self::Error> {
        Self::new(step)
    }
}

impl From<CashRounding> for Money {
    fn from(rounding: CashRounding) -> Self {
        rounding.step
    }
}

/// What is asked in cash for `due`: rounded where the shop rounds.
///
/// # Errors
/// Two currencies, or too large.
pub fn asked(due: Money, rounding: Option<CashRounding>) -> Result<Money, MoneyError> {
    rounding.map_or(Ok(due), |rounding| rounding.round(due))
}
