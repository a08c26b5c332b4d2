//! What the editing handlers share.

use countertop_app::{App, AppError};
use countertop_domain::money::Currency;
use serde::{Deserialize, Deserializer};

use super::money::Amount;

/// How often an edit without `If-Match` is tried, when others edit the same at the same moment.
const TRIES: u32 = 20;

/// Reads, changes and saves, once more if somebody was faster. An edit with `If-Match` asks again each
/// time whether it is still what was seen.
pub(super) fn edit<T>(mut turn: impl FnMut() -> Result<T, AppError>) -> Result<T, AppError> {
    for _ in 1..TRIES {
        match turn() {
            Err(AppError::ChangedMeanwhile) => {}
            ended => return ended,
        }
    }
    turn()
}

/// A field of a PATCH: there or not; where it is there, also `null` has to be of its form.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// An amount that a program sent, in the register's currency.
pub(super) fn minor(app: &App, amount: &Amount) -> Result<i64, AppError> {
    let own = app.identity().currency;
    match Currency::parse(&amount.currency) {
        Ok(currency) if currency == own => Ok(amount.amount),
        _ => Err(AppError::BadText {
            reason: format!(
                "this register counts in {}, not in \"{}\": send amounts in its currency",
                own.code(),
                amount.currency.chars().take(8).collect::<String>()
            ),
        }),
    }
}

/// The same for an amount that may be missing.
pub(super) fn minor_of(app: &App, amount: Option<&Amount>) -> Result<Option<i64>, AppError> {
    amount.map(|amount| minor(app, amount)).transpose()
}
