//! Stock: how much there is, and what moved. Quantities are thousandths of the unit.

use countertop_domain::ids::{ItemId, SaleId, StockMoveId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much there is of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockLevelView {
    /// The variant.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Its item.
    #[ts(type = "string")]
    pub product_id: ItemId,
    /// Name with its choices.
    pub name: String,
    /// The article number.
    pub sku: Option<String>,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// How much; below nothing where more was sold than counted.
    pub quantity: i64,
    /// Whether sales take from stock.
    pub tracks_stock: bool,
    /// True if it is sold no more.
    pub retired: bool,
}

/// Asks for levels.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListLevels {
    /// Of these variants, 200 at most, in one page; none of them for all.
    #[ts(type = "Array<string>")]
    pub variant_ids: Vec<VariantId>,
    /// Only those below this.
    pub below: Option<i64>,
    /// Those that moved at this moment or later, UTC, in the order of their movements.
    pub updated_since_ms: Option<i64>,
    /// Continue after this cursor.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Levels.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LevelPage {
    /// The levels.
    pub levels: Vec<StockLevelView>,
    /// Where to continue, if there may be more.
    pub next: Option<String>,
}

/// Moves stock by hand.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveStock {
    /// Made by the client: the same movement sent twice is made once.
    #[ts(type = "string")]
    pub move_id: StockMoveId,
    /// `adjust`, `waste`, `receive`, `transfer_in` or `transfer_out`.
    pub reason: String,
    /// A delivery note, an order, another shop; may be empty.
    #[serde(default)]
    pub reference: String,
    /// In words; may be empty.
    #[serde(default)]
    pub note: String,
    /// What moves, each variant once.
    pub lines: Vec<MoveLine>,
}

/// One variant that moves.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveLine {
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much, above nothing: the reason says which way. An adjustment is signed.
    pub quantity: i64,
    /// What a unit cost, where it was received.
    #[serde(default)]
    pub cost: Option<i64>,
}

/// Writes a count of shelves down.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CountStock {
    /// Made by the client: the same count sent twice is made once.
    #[ts(type = "string")]
    pub move_id: StockMoveId,
    /// When the shelves were counted, UTC: what was sold since comes on top. None for now.
    #[serde(default)]
    pub counted_at_ms: Option<i64>,
    /// A sheet's number; may be empty.
    #[serde(default)]
    pub reference: String,
    /// In words; may be empty.
    #[serde(default)]
    pub note: String,
    /// What was found, each variant once.
    pub lines: Vec<CountLine>,
}

/// One variant that was counted.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CountLine {
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much was found.
    pub counted: i64,
    /// What the level was when the counting began: refused if it was another one.
    #[serde(default)]
    pub expected: Option<i64>,
}

/// A movement by hand that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StockMoveView {
    /// Its id.
    #[ts(type = "string")]
    pub move_id: StockMoveId,
    /// When, UTC.
    pub at_ms: i64,
    /// When shelves were counted, UTC, where they were.
    pub counted_at_ms: Option<i64>,
    /// Why.
    pub reason: String,
    /// A delivery note, an order, another shop; may be empty.
    pub reference: String,
    /// In words; may be empty.
    pub note: String,
    /// Who.
    pub actor: String,
    /// What moved.
    pub lines: Vec<MovedLine>,
}

/// One variant that was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovedLine {
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Positive in, negative out.
    pub quantity: i64,
    /// What was found, where it was counted.
    pub counted: Option<i64>,
    /// What a unit cost, where it was received.
    pub cost: Option<i64>,
    /// How much there is now.
    pub level: i64,
}

/// Asks for movements, the newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListMovements {
    /// Of this variant.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// For this reason.
    pub reason: Option<String>,
    /// From this moment on, UTC.
    pub since_ms: Option<i64>,
    /// Continue after this cursor.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Movements.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MovementPage {
    /// The newest first.
    pub movements: Vec<MovementView>,
    /// Where to continue, if there may be more.
    pub next: Option<String>,
}

/// One movement of one variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovementView {
    /// Its journal entry and its place there: `1042-1`.
    pub id: String,
    /// When, UTC.
    pub at_ms: i64,
    /// What moved.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Positive in, negative out.
    pub quantity: i64,
    /// `import`, `sale`, `return`, `adjust`, `waste`, `receive`, `transfer_in`, `transfer_out`, `count`,
    /// `channel_order`, `channel_figure`.
    pub reason: String,
    /// What was found, where it was counted.
    pub counted: Option<i64>,
    /// What a unit cost, where it was received.
    pub cost: Option<i64>,
    /// The sale that moved it.
    #[ts(type = "string | null")]
    pub sale_id: Option<SaleId>,
    /// The movement by hand that it belongs to.
    #[ts(type = "string | null")]
    pub move_id: Option<StockMoveId>,
    /// A delivery note, an order, another shop; may be empty.
    pub reference: String,
    /// In words; may be empty.
    pub note: String,
    /// Who moved it by hand; may be empty.
    pub actor: String,
}
