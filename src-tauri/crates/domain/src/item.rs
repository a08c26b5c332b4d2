//! Items: what the shop sells, in the variants that can be put in a basket.

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, VariantId};
use crate::money::Money;
use crate::quantity::{Quantity, Unit};
use crate::tax::TaxClass;

/// A barcode and how many units it stands for: a six-pack's code is six of the bottle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Barcode {
    /// The code as scanned, normalised by [`crate::barcode::normalise`].
    pub code: String,
    /// How much one scan adds.
    pub quantity: Quantity,
}

/// One choice that tells variants apart, such as size: large.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemOption {
    /// What is chosen: `Size`.
    pub name: String,
    /// The choice: `Large`.
    pub value: String,
}

/// A sellable form of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// What tells it apart; empty where the item has one variant only.
    pub options: Vec<ItemOption>,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// Any number of codes.
    pub barcodes: Vec<Barcode>,
    /// Price of one unit as on the label; none for an open price, asked at the till.
    pub price: Option<Money>,
    /// The price before a reduction, shown struck.
    pub compare_at: Option<Money>,
    /// Whether sales take from stock.
    pub tracks_stock: bool,
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its name.
    pub name: String,
    /// Where it is found on the Sell screen; `Clothing > Hoodies` nests.
    pub category: Option<String>,
    /// What one of it is.
    pub unit: Unit,
    /// Which taxes apply, by the shop's table.
    pub tax_class: TaxClass,
    /// Addresses of pictures, the first one for the tile.
    pub images: Vec<String>,
    /// Among the favourites of the Sell screen.
    pub favourite: bool,
    /// At least one.
    pub variants: Vec<Variant>,
}

/// What a basket needs to know of a variant at the moment when it is added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sellable {
    /// The item.
    pub item: ItemId,
    /// Its variant.
    pub variant: VariantId,
    /// Name with the variant's options: `Hoodie, Blue, Large`.
    pub name: String,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// The item's category.
    pub category: Option<String>,
    /// What one of it is.
    pub unit: Unit,
    /// Price of one unit; none for an open price.
    pub price: Option<Money>,
    /// Which taxes apply.
    pub tax_class: TaxClass,
    /// Whether a sale takes from stock.
    pub tracks_stock: bool,
    /// What one unit cost the shop, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
}

/// `Hoodie` with `Blue` and `Large` is `Hoodie, Blue, Large`, as line and receipt name it.
pub fn full_name(item: &str, options: &[ItemOption]) -> String {
    let mut name = item.to_owned();
    for option in options {
        name.push_str(", ");
        name.push_str(&option.value);
    }
    name
}
