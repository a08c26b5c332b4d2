//! Levels, movements and counts of stock as the API writes and reads them.

use countertop_app::wire::{MovedLine, MovementView, StockLevelView, StockMoveView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::moment::Moment;
use super::money::Amount;
use super::products::{Status, UnitName};
use super::quantity::Much;

/// How much there is of a variant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11",
    "product_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a10", "name": "Espresso beans, 250 g",
    "sku": "ESP-250", "unit": "piece", "quantity": "24", "tracks_stock": true, "status": "active"
}))]
pub(super) struct Level {
    /// The variant.
    pub(super) variant_id: Uuid,
    /// Its product.
    pub(super) product_id: Uuid,
    /// Its name.
    pub(super) name: String,
    /// Its article number.
    pub(super) sku: Option<String>,
    /// What one of it is.
    #[schema(value_type = UnitName)]
    pub(super) unit: String,
    /// How much there is; below nothing where more was sold than counted.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) quantity: Much,
    /// Whether sales take from it.
    pub(super) tracks_stock: bool,
    /// Whether it is sold.
    pub(super) status: Status,
}

impl From<StockLevelView> for Level {
    fn from(view: StockLevelView) -> Self {
        Self {
            variant_id: view.variant_id.uuid(),
            product_id: view.product_id.uuid(),
            name: view.name,
            sku: view.sku,
            unit: view.unit,
            quantity: Much::of(view.quantity),
            tracks_stock: view.tracks_stock,
            status: Status::of(view.retired),
        }
    }
}

/// Why stock moved.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// Found in a catalogue file when the item was new.
    Import,
    /// Sold.
    Sale,
    /// Came back from a customer.
    Return,
    /// Put right by hand.
    Adjust,
    /// Broken, spoilt, stolen, or used in the shop.
    Waste,
    /// Came from a supplier.
    Receive,
    /// Came from another place of the shop.
    TransferIn,
    /// Went to another place of the shop.
    TransferOut,
    /// Found by counting.
    Count,
    /// Went to the customer of a channel's order.
    ChannelOrder,
    /// A channel's figure was taken over.
    ChannelFigure,
}

impl Reason {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjust => "adjust",
            Self::Waste => "waste",
            Self::Receive => "receive",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Count => "count",
            Self::ChannelOrder => "channel_order",
            Self::ChannelFigure => "channel_figure",
        }
    }
}

/// One movement of one variant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "1042-1", "at": "2026-03-01T09:30:00.000Z",
    "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "-2", "reason": "sale",
    "counted": null, "unit_cost": null, "sale_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3aff",
    "move_id": null, "reference": "", "note": "", "actor": ""
}))]
pub(super) struct Movement {
    /// Its journal entry and its place there: lasting.
    pub(super) id: String,
    /// When.
    pub(super) at: Moment,
    /// What moved.
    pub(super) variant_id: Uuid,
    /// How much: above nothing came in, below nothing went out.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) quantity: Much,
    /// Why.
    #[schema(value_type = Reason)]
    pub(super) reason: String,
    /// What was found, where it was counted.
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) counted: Option<Much>,
    /// What a unit cost, where it was received.
    pub(super) unit_cost: Option<Amount>,
    /// The sale that moved it.
    pub(super) sale_id: Option<Uuid>,
    /// The movement by hand that it belongs to.
    pub(super) move_id: Option<Uuid>,
    /// A delivery note, an order, another shop.
    pub(super) reference: String,
    /// In words.
    pub(super) note: String,
    /// Who moved it by hand.
    pub(super) actor: String,
}

impl Movement {
    pub(super) fn of(currency: &str, view: MovementView) -> Self {
        Self {
            id: view.id,
            at: Moment::of(view.at_ms),
            variant_id: view.variant_id.uuid(),
            quantity: Much::of(view.quantity),
            reason: view.reason,
            counted: view.counted.map(Much::of),
            unit_cost: view.cost.map(|minor| Amount::of(minor, currency)),
            sale_id: view.sale_id.map(|id| id.uuid()),
            move_id: view.move_id.map(|id| id.uuid()),
            reference: view.reference,
            note: view.note,
            actor: view.actor,
        }
    }
}

/// Why a person or a program moves stock.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HandReason {
    /// Put right by hand: the quantity has a sign.
    Adjust,
    /// Broken, spoilt, stolen, or used in the shop.
    Waste,
    /// Came from a supplier.
    Receive,
    /// Came from another place of the shop.
    TransferIn,
    /// Went to another place of the shop.
    TransferOut,
}

impl HandReason {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Adjust => "adjust",
            Self::Waste => "waste",
            Self::Receive => "receive",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
        }
    }
}

/// Stock that is to be moved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "receive", "reference": "DN-2026-118",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "24",
                "unit_cost": { "amount": 412, "currency": "EUR" } }]
}))]
pub(super) struct NewMovement {
    /// Why; it says which way.
    pub(super) reason: HandReason,
    /// A delivery note, an order, another shop.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) reference: String,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(super) note: String,
    /// What moves, each variant once.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) lines: Vec<NewMovementLine>,
}

/// One variant that is to be moved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMovementLine {
    /// What.
    pub(super) variant_id: Uuid,
    /// How much, above nothing; an adjustment may be below.
    pub(super) quantity: Much,
    /// What a unit cost, where it is received. It is noted and changes nothing else.
    #[serde(default)]
    pub(super) unit_cost: Option<Amount>,
}

/// A movement by hand, as it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3b00", "at": "2026-03-01T09:30:00.000Z",
    "counted_at": null, "reason": "receive", "reference": "DN-2026-118", "note": "",
    "actor": "Purchasing",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "24",
                "counted": null, "unit_cost": { "amount": 412, "currency": "EUR" }, "level": "48" }]
}))]
pub(super) struct StockMove {
    /// Its id.
    pub(super) id: Uuid,
    /// When it was made.
    pub(super) at: Moment,
    /// When the shelves were counted, where they were.
    pub(super) counted_at: Option<Moment>,
    /// Why.
    #[schema(value_type = Reason)]
    pub(super) reason: String,
    /// A delivery note, an order, another shop.
    pub(super) reference: String,
    /// In words.
    pub(super) note: String,
    /// Who.
    pub(super) actor: String,
    /// What moved.
    pub(super) lines: Vec<StockMoveLine>,
}

/// One variant of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct StockMoveLine {
    /// What.
    pub(super) variant_id: Uuid,
    /// How much: above nothing came in, below nothing went out.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) quantity: Much,
    /// What was found, where it was counted.
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) counted: Option<Much>,
    /// What a unit cost, where it was received.
    pub(super) unit_cost: Option<Amount>,
    /// How much there is now.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    pub(super) level: Much,
}

impl StockMove {
    pub(super) fn of(currency: &str, view: StockMoveView) -> Self {
        let line = |line: MovedLine| StockMoveLine {
            variant_id: line.variant_id.uuid(),
            quantity: Much::of(line.quantity),
            counted: line.counted.map(Much::of),
            unit_cost: line.cost.map(|minor| Amount::of(minor, currency)),
            level: Much::of(line.level),
        };
        Self {
            id: view.move_id.uuid(),
            at: Moment::of(view.at_ms),
            counted_at: view.counted_at_ms.map(Moment::of),
            reason: view.reason,
            reference: view.reference,
            note: view.note,
            actor: view.actor,
            lines: view.lines.into_iter().map(line).collect(),
        }
    }
}

/// What was found on the shelves.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "counted_at": "2026-03-01T09:30:00Z",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "counted": "22" }]
}))]
pub(super) struct NewCount {
    /// When the shelves were counted, at most seven days ago: what was sold or moved since comes on top
    /// of what was found. Now, unless told otherwise.
    #[serde(default)]
    pub(super) counted_at: Option<Moment>,
    /// A sheet's number.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) reference: String,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(super) note: String,
    /// What was counted, each variant once.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) lines: Vec<NewCountLine>,
}

/// One variant that was counted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCountLine {
    /// What.
    pub(super) variant_id: Uuid,
    /// How much was found: nothing or more.
    #[schema(value_type = String, pattern = r"^[0-9]{1,7}(\.[0-9]{1,3})?$", example = "22")]
    pub(super) counted: Much,
    /// What the level was, if the count is to be refused where it was another one.
    #[serde(default)]
    pub(super) expected: Option<Much>,
}
