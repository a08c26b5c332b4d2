//! Items, variants and categories as they are edited.

use countertop_domain::ids::{CategoryId, ItemId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An item, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProductView {
    /// Its id.
    #[ts(type = "string")]
    pub product_id: ItemId,
    /// Which edition it is: larger with every change.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// More about it, for web shops.
    pub description: Option<String>,
    /// Its category.
    #[ts(type = "string | null")]
    pub category_id: Option<CategoryId>,
    /// Its category's name; `Clothing > Hoodies` nests.
    pub category: Option<String>,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// Which of the shop's taxes apply.
    pub tax_class: String,
    /// Addresses of pictures, the first one for the tile.
    pub images: Vec<String>,
    /// Among the favourites of the Sell screen.
    pub favourite: bool,
    /// Where it comes from: `shopify`, `woocommerce`, `demo`, or `own` for what was made here.
    pub source: String,
    /// True if it is sold no more.
    pub retired: bool,
    /// When it was last changed, UTC.
    pub updated_ms: i64,
    /// What is sold of it; none once it is retired.
    pub variants: Vec<ProductVariantView>,
}

/// A variant, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProductVariantView {
    /// Its id.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Its item.
    #[ts(type = "string")]
    pub product_id: ItemId,
    /// Name with its choices: `Hoodie, Blue, Large`.
    pub name: String,
    /// What tells it apart.
    pub options: Vec<ChoiceView>,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// Its codes.
    pub barcodes: Vec<CodeView>,
    /// Price of one unit; none for an open price, asked at the till.
    pub price: Option<i64>,
    /// The price before a reduction.
    pub compare_at: Option<i64>,
    /// What a unit cost the shop.
    pub cost: Option<i64>,
    /// Whether sales take from stock.
    pub tracks_stock: bool,
    /// True if it is sold no more.
    pub retired: bool,
    /// When its item was last changed, UTC.
    pub updated_ms: i64,
}

/// One choice that tells variants apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChoiceView {
    /// What is chosen: `Size`.
    pub name: String,
    /// The choice: `Large`.
    pub value: String,
}

/// A barcode and how much one scan of it adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CodeView {
    /// The code.
    pub code: String,
    /// Thousandths of the unit.
    pub quantity: i64,
}

/// Asks for items. Each filter that is given must fit.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListProducts {
    /// In this category, by name.
    pub category: Option<String>,
    /// With words that begin like these; the best matches, in one page.
    pub text: Option<String>,
    /// With a variant of this article number.
    pub sku: Option<String>,
    /// With this code.
    pub barcode: Option<String>,
    /// From this source.
    pub source: Option<String>,
    /// Changed at this moment or later, UTC, in the order of the changes; with those that were retired.
    pub updated_since_ms: Option<i64>,
    /// Continue after this cursor.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Items.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProductPage {
    /// The items.
    pub products: Vec<ProductView>,
    /// Where to continue, if there may be more.
    pub next: Option<String>,
}

/// Asks for one item, or takes it off sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProductRequest {
    /// Which.
    #[ts(type = "string")]
    pub product_id: ItemId,
    /// The edition that was seen, to take it off sale only if it is still that one.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Adds an item, or writes it anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveProduct {
    /// Which; none for a new one. With an id and without a version it is new too: sent again, it is
    /// answered as it stands.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub product_id: Option<ItemId>,
    /// The edition that this one replaces.
    #[serde(default)]
    pub version: Option<i64>,
    /// Its name.
    pub name: String,
    /// More about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Its category's name; a new name makes a new category.
    #[serde(default)]
    pub category: Option<String>,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// Which of the shop's taxes apply.
    pub tax_class: String,
    /// Addresses of pictures.
    #[serde(default)]
    pub images: Vec<String>,
    /// Among the favourites.
    #[serde(default)]
    pub favourite: bool,
    /// What is sold of it; those that it had and that are not here are retired.
    pub variants: Vec<SaveVariant>,
}

/// A variant of an item that is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveVariant {
    /// Which; none for a new one.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// What tells it apart.
    #[serde(default)]
    pub options: Vec<ChoiceView>,
    /// The shop's own article number.
    #[serde(default)]
    pub sku: Option<String>,
    /// Its codes.
    #[serde(default)]
    pub barcodes: Vec<CodeView>,
    /// Price of one unit; none for an open price.
    #[serde(default)]
    pub price: Option<i64>,
    /// The price before a reduction.
    #[serde(default)]
    pub compare_at: Option<i64>,
    /// What a unit cost the shop.
    #[serde(default)]
    pub cost: Option<i64>,
    /// Whether sales take from stock.
    #[serde(default)]
    pub tracks_stock: bool,
}

/// Asks for variants. Each filter that is given must fit.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListVariants {
    /// Of this item.
    #[ts(type = "string | null")]
    pub product_id: Option<ItemId>,
    /// Of this article number.
    pub sku: Option<String>,
    /// With this code.
    pub barcode: Option<String>,
    /// Of items that were changed at this moment or later, UTC, in the order of the changes; with
    /// those that were retired.
    pub updated_since_ms: Option<i64>,
    /// Continue after this cursor.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Variants.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariantPage {
    /// The variants.
    pub variants: Vec<ProductVariantView>,
    /// Where to continue, if there may be more.
    pub next: Option<String>,
}

/// Asks for one variant.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VariantRequest {
    /// Which.
    #[ts(type = "string")]
    pub variant_id: VariantId,
}

/// A category, with something in it or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CategoryView {
    /// Its id.
    #[ts(type = "string")]
    pub category_id: CategoryId,
    /// Which edition it is: larger with every change.
    pub version: i64,
    /// Its name; `Clothing > Hoodies` nests.
    pub name: String,
    /// 1 to 6: which ink its icons have.
    pub ink: u8,
    /// How many items it holds.
    pub items: u32,
}

/// Asks for categories.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListAllCategories {
    /// Continue after this cursor.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Categories.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CategoryPage {
    /// In the shop's order.
    pub categories: Vec<CategoryView>,
    /// Where to continue, if there may be more.
    pub next: Option<String>,
}

/// Asks for one category, or removes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CategoryRequest {
    /// Which.
    #[ts(type = "string")]
    pub category_id: CategoryId,
    /// The edition that was seen, to remove it only if it is still that one.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Adds a category, or changes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveCategory {
    /// Which; none for a new one. With an id and without a version it is new too: sent again, it is
    /// answered as it stands.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub category_id: Option<CategoryId>,
    /// The edition that this one replaces.
    #[serde(default)]
    pub version: Option<i64>,
    /// Its name.
    pub name: String,
    /// 1 to 6.
    pub ink: u8,
}
