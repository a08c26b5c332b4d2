//! Amounts, as the API writes and reads them.

use countertop_app::{App, AppError};
use countertop_domain::money::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount": 1099, "currency": "EUR" }))]
pub(super) struct Amount {
    /// In the currency's smallest unit (cents for EUR), within ±(2^53 − 1).
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    pub(super) amount: i64,
    /// Its code, ISO 4217.
    #[schema(min_length = 3, max_length = 3)]
    pub(super) currency: String,
}

impl Amount {
    /// Minor units of the register's currency.
    pub(super) fn of(minor: i64, currency: &str) -> Self {
        Self { amount: minor, currency: currency.to_owned() }
    }

    /// Its minor units, if it is an amount of the register's currency.
    pub(super) fn minor(&self, app: &App) -> Result<i64, AppError> {
        let (given, ours) = (Currency::parse(&self.currency)?, app.identity().currency);
        if given != ours {
            let (left, right) = (given.code(), ours.code());
            return Err(MoneyError::CurrencyMismatch { left, right }.into());
        }
        Ok(Money::new(self.amount, ours)?.minor())
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self::of(money.minor(), money.currency().code())
    }
}
