//! What a basket would cost here and now.

use countertop_domain::ids::{CustomerId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::price::AdjustmentView;

/// A basket to be priced; nothing of it is kept.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QuoteBasket {
    /// What is in it.
    pub lines: Vec<QuoteBasketLine>,
    /// Who would buy.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub customer_id: Option<CustomerId>,
    /// A fiscal position, by id.
    #[serde(default)]
    pub position: Option<String>,
}

/// One line: its item by id, code or article number, and how much of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct QuoteBasketLine {
    /// The variant.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// Its code.
    pub barcode: Option<String>,
    /// Its article number, where only one variant has it.
    pub sku: Option<String>,
    /// Thousandths of the unit; none for what a scan of the code adds, else for one.
    pub quantity: Option<i64>,
    /// The price of one unit, for an item without one.
    pub unit_price: Option<i64>,
}

/// What a basket would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuotedBasket {
    /// Without tax.
    pub net: i64,
    /// All taxes.
    pub tax: i64,
    /// What is to pay.
    pub total: i64,
    /// What is to pay in cash.
    pub cash_total: i64,
    /// What promotions took off.
    pub discount: i64,
    /// By tax.
    pub taxes: Vec<QuotedTax>,
    /// Lines of the same variant may have become one.
    pub lines: Vec<QuotedLine>,
}

/// One tax over all lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuotedTax {
    /// Short and lasting.
    pub code: String,
    /// As printed.
    pub name: String,
    /// How much it is: `20` percent, or `0.25 EUR` a unit.
    pub rate: String,
    /// What it was taken on.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuotedLine {
    /// The variant.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Its name.
    pub name: String,
    /// Thousandths of the unit.
    pub quantity: i64,
    /// The catalogue's price of one unit.
    pub list_price: Option<i64>,
    /// The price of one unit after price books.
    pub unit_price: i64,
    /// Every rule that touched the price.
    pub adjustments: Vec<AdjustmentView>,
    /// Without tax.
    pub net: i64,
    /// Its taxes.
    pub tax: i64,
    /// With tax.
    pub total: i64,
}
