//! Paying.

use countertop_domain::ids::{BasketId, TenderId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::{BasketView, PayWith};
use super::orders::SaleView;

/// Takes a payment. Safe to send again: the same tender id never counts twice, and a basket that
/// is paid answers with the sale that it became.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    /// For which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What was handed over: for cash it may be more than is due.
    pub offered: i64,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

/// What a payment led to: the basket if something is left to pay, else the sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Paid {
    /// The basket, with what is still due.
    pub basket: Option<BasketView>,
    /// The completed sale: it is on disk.
    pub sale: Option<SaleView>,
}

/// Takes a payment back before the sale is complete.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which payment.
    #[ts(type = "string")]
    pub tender_id: TenderId,
}
