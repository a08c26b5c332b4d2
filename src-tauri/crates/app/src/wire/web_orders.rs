//! Orders of web shops: to pick, to hand over, to send.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::{ChannelOrderId, HeldOrderId, LineId, StockMoveId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an order's customer gets the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WebHandOver {
    /// They fetch them at the counter.
    Collect,
    /// They are sent or brought.
    Ship,
}

impl From<HandOver> for WebHandOver {
    fn from(kind: HandOver) -> Self {
        match kind {
            HandOver::Collect => Self::Collect,
            HandOver::Ship => Self::Ship,
        }
    }
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WebOrderStatus {
    /// It came in.
    New,
    /// Somebody fetches its goods.
    Picking,
    /// Its goods lie together.
    Ready,
    /// The customer has it.
    Collected,
    /// It is on its way.
    Shipped,
    /// It came to where it was sent.
    Delivered,
    /// It was given up.
    Cancelled,
}

impl WebOrderStatus {
    /// The same in the domain.
    pub const fn status(self) -> OrderStatus {
        match self {
            Self::New => OrderStatus::New,
            Self::Picking => OrderStatus::Picking,
            Self::Ready => OrderStatus::Ready,
            Self::Collected => OrderStatus::Collected,
            Self::Shipped => OrderStatus::Shipped,
            Self::Delivered => OrderStatus::Delivered,
            Self::Cancelled => OrderStatus::Cancelled,
        }
    }
}

impl From<OrderStatus> for WebOrderStatus {
    fn from(status: OrderStatus) -> Self {
        match status {
            OrderStatus::New => Self::New,
            OrderStatus::Picking => Self::Picking,
            OrderStatus::Ready => Self::Ready,
            OrderStatus::Collected => Self::Collected,
            OrderStatus::Shipped => Self::Shipped,
            OrderStatus::Delivered => Self::Delivered,
            OrderStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// Asks for orders of web shops.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListWebOrders {
    /// Only those that wait for somebody here: new, being picked, or ready.
    pub open_only: bool,
}

/// Orders of web shops.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebOrders {
    /// Those that wait, the oldest first; or those of the last 14 days, the newest first.
    pub orders: Vec<WebOrderView>,
    /// True if there are more than are told.
    pub more: bool,
}

/// Finds an order by what its customer shows: its number, or its code.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindWebOrder {
    /// As scanned or typed.
    pub code: String,
}

/// Says how far an order is.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StepWebOrder {
    /// Which.
    #[ts(type = "string")]
    pub order_id: ChannelOrderId,
    /// How far it is now.
    pub status: WebOrderStatus,
    /// The parcel's number; none to leave it.
    #[serde(default)]
    #[ts(optional)]
    pub tracking: Option<String>,
}

/// Takes goods of an order back that its customer brings to the counter.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeWebOrderBack {
    /// Which order.
    #[ts(type = "string")]
    pub order_id: ChannelOrderId,
    /// Made by who asks: the same one again changes nothing.
    #[ts(type = "string")]
    pub return_id: StockMoveId,
    /// What came back; each line once.
    pub lines: Vec<WebOrderBack>,
    /// Why; may be empty.
    pub reason: String,
}

/// What came back of a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebOrderBack {
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// How much, in thousandths of a unit; never more than is left.
    pub quantity: i64,
}

/// An order of a web shop.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebOrderView {
    /// Its id.
    #[ts(type = "string")]
    pub id: ChannelOrderId,
    /// Which shop: its name.
    pub channel: String,
    /// What the customer was told.
    pub number: String,
    /// What the shop calls it.
    pub external_id: String,
    /// How the customer gets it.
    pub hand_over: WebHandOver,
    /// How far it is.
    pub status: WebOrderStatus,
    /// How far it can be next.
    pub next: Vec<WebOrderStatus>,
    /// Whether it is paid.
    pub paid: bool,
    /// Whether goods of it can be taken back here: it was handed over, and was paid in the shop.
    pub takes_back: bool,
    /// The held order that waits at the till to be paid.
    #[ts(type = "string | null")]
    pub held_order_id: Option<HeldOrderId>,
    /// Who gets it; empty if the shop does not say.
    pub recipient: String,
    /// To be reached at: an e-mail address, a phone number.
    pub contact: Vec<String>,
    /// Where it goes, line by line.
    pub address: Vec<String>,
    /// What the customer wrote.
    pub note: String,
    /// The parcel's number; may be empty.
    pub tracking: String,
    /// What it comes to, with taxes and shipping.
    pub total: i64,
    /// The goods.
    pub lines: Vec<WebOrderLine>,
    /// When the customer ordered, milliseconds since 1970 UTC.
    pub ordered_ms: i64,
    /// When it came in here.
    pub created_ms: i64,
}

/// A line of an order.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebOrderLine {
    /// Its id.
    #[ts(type = "string")]
    pub id: LineId,
    /// What the catalogue knows it as; none for what only the shop knows.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// As the shop calls it.
    pub name: String,
    /// The article number.
    pub sku: Option<String>,
    /// How much, in thousandths of a unit.
    pub quantity: i64,
    /// Of that, what came back to the counter.
    pub returned: i64,
    /// What the shop asks for one unit.
    pub unit_price: i64,
}
