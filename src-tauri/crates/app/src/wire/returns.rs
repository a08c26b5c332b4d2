//! Taking goods back, and baskets that are given up.

use countertop_domain::ids::{BasketId, LineId, SaleId, TenderId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::PayWith;

/// The sold line that a return takes back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OriginView {
    /// The sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// Its receipt.
    pub receipt: String,
    /// The line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Goods that come back, in an open basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReturnView {
    /// Its id in this basket.
    #[ts(type = "string")]
    pub id: LineId,
    /// What it takes back; none without a receipt.
    pub origin: Option<OriginView>,
    /// Its name.
    pub name: String,
    /// How much, in thousandths; positive.
    pub quantity: i64,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// What it gives back: below nothing.
    pub total: i64,
    /// Why.
    pub reason: String,
}

/// Takes back part of a sold line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddReturn {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// From which sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// Which line of it.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// How much, in thousandths.
    pub quantity: i64,
    /// Why; may be empty.
    pub reason: String,
}

/// Takes goods back that no receipt shows, at today's price or a lower one.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddReturnUnseen {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much, in thousandths.
    pub quantity: i64,
    /// For one unit; none for today's price.
    #[serde(default)]
    pub price: Option<i64>,
    /// Why; needed.
    pub reason: String,
}

/// What is left to be taken back of a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Returnable {
    /// Which.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// Its receipt.
    pub receipt: String,
    /// Its lines.
    pub lines: Vec<ReturnableLine>,
    /// How it was paid, and what of each may go back.
    pub tenders: Vec<ReturnableTender>,
}

/// What is left of a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReturnableLine {
    /// Which.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// Its name.
    pub name: String,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// How much was sold, in thousandths.
    pub sold: i64,
    /// How much may still come back, in thousandths.
    pub left: i64,
    /// What that would give back.
    pub amount_left: i64,
}

/// What of a payment may go back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReturnableTender {
    /// Which.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How it was paid.
    pub kind: PayWith,
    /// The name of a custom tender.
    pub name: Option<String>,
    /// Card code, voucher number and the like.
    pub reference: Option<String>,
    /// How much may be paid back this way.
    pub left: i64,
}

/// Gives a basket up.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidBasket {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Why; needed.
    pub reason: String,
}
