//! Held orders: quotes, layaways, orders to collect or deliver.

use countertop_domain::ids::{BasketId, HeldOrderId, TenderId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::PayWith;

/// A kind of held order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// A price that stands until a day; nothing is owed.
    Quote,
    /// Goods set aside against deposits.
    Layaway,
    /// To be collected.
    Collect,
    /// To be delivered.
    Deliver,
}

/// Where a held order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// Waits.
    Open,
    /// Became a sale.
    Completed,
    /// Given up.
    Cancelled,
}

/// Sets a basket aside as an order.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HoldOrder {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// As what.
    pub kind: HeldKind,
    /// The day until which it stands: `2026-12-24`.
    #[serde(default)]
    pub due: Option<String>,
    /// Address, time or wish; may be empty.
    pub note: String,
}

/// A held order.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HeldOrderView {
    /// Its id.
    #[ts(type = "string")]
    pub id: HeldOrderId,
    /// Its number: `T1-H7`.
    pub number: String,
    /// As what.
    pub kind: HeldKind,
    /// Where it stands.
    pub state: HeldState,
    /// For whom.
    pub customer: Option<String>,
    /// Until when.
    pub due: Option<String>,
    /// True if that day has passed.
    pub late: bool,
    /// Address, time or wish.
    pub note: String,
    /// What it comes to.
    pub total: i64,
    /// What was paid on it.
    pub deposit: i64,
    /// What is in it: `2 x Coffee beans`.
    pub lines: Vec<String>,
    /// When it was taken.
    pub local_time: String,
    /// The sale that completed it.
    pub receipt: Option<String>,
}

/// Held orders.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HeldOrders {
    /// The newest first.
    pub orders: Vec<HeldOrderView>,
}

/// Lists held orders.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListHeld {
    /// Only those that wait.
    pub open_only: bool,
}

/// Names a held order.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HeldRequest {
    /// Which.
    #[ts(type = "string")]
    pub order_id: HeldOrderId,
}

/// Takes a deposit on a held order.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayDeposit {
    /// Which.
    #[ts(type = "string")]
    pub order_id: HeldOrderId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What was handed over.
    pub offered: i64,
    /// Card code, voucher number and the like.
    #[serde(default)]
    pub reference: Option<String>,
}

/// A deposit was taken.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DepositPaid {
    /// The order.
    pub order: HeldOrderView,
    /// Cash to hand back.
    pub change: i64,
}

/// Gives a held order up; deposits go back the way they came.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CancelHeld {
    /// Which.
    #[ts(type = "string")]
    pub order_id: HeldOrderId,
    /// Why; needed.
    pub reason: String,
    /// The price of what the shop keeps of the deposit, by right; usually nothing. Taxes that come on
    /// top of it are kept besides.
    pub keep: i64,
}

/// A held order was cancelled.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HeldCancelled {
    /// The order.
    pub order: HeldOrderView,
    /// What is to be paid back, and how.
    pub refunds: Vec<super::basket::TenderView>,
    /// What was kept, tax included.
    pub kept: i64,
}
