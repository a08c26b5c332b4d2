//! Ledgers, as the API writes them.

use countertop_domain::money::Currency;
use countertop_store::{CreditMoveRow, PointsMoveRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::moment::Moment;
use super::money::Amount;

/// What changed a balance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CreditMove {
    /// When.
    at: Moment,
    /// How much; below nothing was spent, or was paid of an account.
    amount: Amount,
    /// The receipt of the sale that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_number: Option<String>,
    /// Why it was done without a sale; may be empty.
    reason: String,
}

impl CreditMove {
    pub(super) fn of(row: CreditMoveRow, currency: Currency) -> Self {
        Self {
            at: Moment::of(row.at.utc_ms),
            amount: Amount::of(row.amount, currency.code()),
            receipt_number: row.receipt,
            reason: row.reason,
        }
    }
}

/// What changed a customer's points.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PointsMove {
    /// When.
    at: Moment,
    /// How many; below nothing they went.
    points: i64,
    /// Why: `earned`, `taken_back`, `redeemed`, `adjusted` or `merged`.
    #[schema(example = "earned")]
    why: String,
    /// The sale that earned them or took them back.
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_id: Option<Uuid>,
    /// The store credit that they became.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Amount>,
    /// In the words of whoever moved them; may be empty.
    reason: String,
}

impl PointsMove {
    pub(super) fn of(row: PointsMoveRow, currency: Currency) -> Self {
        Self {
            at: Moment::of(row.at.utc_ms),
            points: row.points,
            why: row.why.name().to_owned(),
            sale_id: row.sale.map(|sale| sale.uuid()),
            credit: row.credit.map(|minor| Amount::of(minor, currency.code())),
            reason: row.reason,
        }
    }
}
