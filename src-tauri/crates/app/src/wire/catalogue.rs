//! The catalogue: categories, tiles, items.

use countertop_domain::ids::{ItemId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A category with something in it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// How many items it holds.
    pub items: u32,
    /// 1 to 6: which ink its icons have.
    pub ink: u8,
}

/// Every category with something in it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Categories {
    /// In the shop's order.
    pub categories: Vec<Category>,
}

/// Asks for tiles.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Browse {
    /// Of this category; none for the favourites.
    pub category: Option<String>,
    /// Continue after this cursor.
    pub after: Option<String>,
}

/// Asks for what matches a few typed letters.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was typed; each word is the beginning of a word in the name, or of an article number.
    pub text: String,
}

/// Up to a screenful of tiles.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Tiles {
    /// The tiles.
    pub tiles: Vec<Tile>,
    /// Where to continue, if there is more.
    pub next: Option<String>,
}

/// Something to tap: an item, or one variant of it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Tile {
    /// The item.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// The variant to add at a tap; none if the item has several and one must be chosen.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// Its name.
    pub name: String,
    /// Price of one unit, the lowest of several; none for an open price.
    pub price: Option<i64>,
    /// True if variants differ in price: "from".
    pub price_from: bool,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// The category.
    pub category: Option<String>,
    /// 1 to 6: the category's ink.
    pub ink: u8,
    /// A picture's address: `/media/…` of the register itself, or none.
    pub image: Option<String>,
    /// What is left, in thousandths, where stock is tracked.
    pub stock: Option<i64>,
}

/// Asks for one item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ItemRequest {
    /// Which.
    #[ts(type = "string")]
    pub item_id: ItemId,
}

/// An item with the variants to choose from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// The item.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// Its name.
    pub name: String,
    /// Names of what tells variants apart: `Size`, `Colour`.
    pub option_names: Vec<String>,
    /// The variants.
    pub variants: Vec<VariantView>,
}

/// A variant to choose.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariantView {
    /// Its id.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Its choices, in the order of the item's option names.
    pub options: Vec<String>,
    /// Price of one unit.
    pub price: Option<i64>,
    /// The price before a reduction.
    pub compare_at: Option<i64>,
    /// What is left, in thousandths, where stock is tracked.
    pub stock: Option<i64>,
    /// The article number.
    pub sku: Option<String>,
}
