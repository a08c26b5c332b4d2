//! The basket and what is done to it.

use countertop_domain::ids::{BasketId, ItemId, LineId, TenderId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A basket, priced.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BasketView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Taxes, by tax.
    pub taxes: Vec<TaxView>,
    /// Everything.
    pub total: i64,
    /// What was paid so far.
    pub tenders: Vec<TenderView>,
    /// What is left to pay.
    pub due: i64,
    /// Round amounts that a customer may hand over for what is due, the exact one first.
    pub quick_cash: Vec<QuickCash>,
    /// What Undo would take back; none if there is nothing.
    pub undo: Option<UndoView>,
    /// How many other baskets are parked.
    pub parked: u32,
}

/// A line of a basket or a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LineView {
    /// Its id.
    #[ts(type = "string")]
    pub id: LineId,
    /// The variant.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// The item, for the tile's count.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// Its name.
    pub name: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: i64,
    /// The catalogue's price of one unit, where another one is asked.
    pub list_price: Option<i64>,
    /// Why.
    pub price_reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// What the line comes to.
    pub total: i64,
}

/// A tax of the whole basket or sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaxView {
    /// As printed: `VAT`.
    pub name: String,
    /// The percentage, as text: `20`.
    pub rate: String,
    /// True if the prices contain it.
    pub inclusive: bool,
    /// What it was taken on.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// A payment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TenderView {
    /// Its id.
    #[ts(type = "string")]
    pub id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What it counts for.
    pub amount: i64,
    /// What was handed over.
    pub received: i64,
    /// What goes back.
    pub change: i64,
}

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PayWith {
    /// Coins and notes.
    Cash,
    /// A card on a terminal of its own.
    CardExternal,
}

/// An amount that a customer may hand over.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct QuickCash {
    /// The amount.
    pub amount: i64,
    /// The change that it gives.
    pub change: i64,
}

/// What Undo would take back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UndoView {
    /// `added`, `changed`, `removed` or `cleared`.
    #[ts(type = "\"added\" | \"changed\" | \"removed\" | \"cleared\"")]
    pub kind: countertop_domain::basket::StepKind,
    /// The item; empty for all.
    pub name: String,
}

/// Names a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BasketRequest {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
}

/// A scanned code.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// As the scanner gave it.
    pub code: String,
}

/// A basket after something came in, and the line that it came to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Added {
    /// The basket.
    pub basket: BasketView,
    /// The line to show.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// A tap on a tile.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much, in thousandths; none for one.
    pub quantity: Option<i64>,
    /// The price of one unit, for an open price.
    pub price: Option<i64>,
}

/// Sets how much.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// In thousandths.
    pub quantity: i64,
}

/// Sets another price.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// For one unit; none takes the override back.
    pub price: Option<i64>,
    /// Why, as printed.
    pub reason: String,
}

/// Sets or clears a note.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetNote {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// Empty clears it.
    pub note: String,
}

/// Names a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Parks a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Park {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// A word to know it by; may be empty.
    pub label: String,
}

/// A parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its label; may be empty.
    pub label: String,
    /// How many lines.
    pub lines: u32,
    /// Names of the first few.
    pub names: Vec<String>,
    /// What it comes to.
    pub total: i64,
}

/// Every parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedList {
    /// The baskets, the newest last.
    pub baskets: Vec<ParkedView>,
}
