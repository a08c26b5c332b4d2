//! Price books: other prices for some customers, channels, days or quantities.

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, VariantId};
use crate::item::Sellable;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::tax::Percent;
use crate::time::BusinessDay;

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "of", rename_all = "snake_case")]
pub enum Selector {
    /// Everything.
    All,
    /// These variants.
    Variants(Vec<VariantId>),
    /// Every variant of these items.
    Items(Vec<ItemId>),
    /// These categories and what lies in them: `Clothing` covers `Clothing > Hoodies`.
    Categories(Vec<String>),
}

impl Selector {
    /// Whether it speaks of this.
    pub fn covers(&self, sellable: &Sellable) -> bool {
        match self {
            Self::All => true,
            Self::Variants(variants) => variants.contains(&sellable.variant),
            Self::Items(items) => items.contains(&sellable.item),
            Self::Categories(categories) => sellable.category.as_deref().is_some_and(|category| {
                with_parents(category).any(|part| categories.iter().any(|c| c.trim() == part))
            }),
        }
    }
}

/// `A > B > C`, then `A > B`, then `A`.
pub(crate) fn with_parents(category: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(category.trim()), |part| {
        part.rsplit_once('>').map(|(parent, _)| parent.trim_end())
    })
}

/// The price that a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "value", rename_all = "snake_case")]
pub enum RulePrice {
    /// This price for one unit.
    Fixed(Money),
    /// So much off the list price, 0 to 100 percent.
    PercentOff(Percent),
}

/// One price of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRule {
    /// What for.
    pub of: Selector,
    /// From how many on, over all lines of the variant in the basket; one thousandth for any.
    pub min_quantity: Quantity,
    /// At what price.
    pub price: RulePrice,
}

/// A list of other prices. Where several books have a price for a line, the highest priority
/// decides, then the lowest price, then the book's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBook {
    /// Short and lasting.
    pub id: String,
    /// As shown and printed.
    pub name: String,
    /// For customers of one of these groups; empty for everyone.
    #[serde(default)]
    pub groups: Vec<String>,
    /// In these channels; empty for all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The first day.
    #[serde(default)]
    pub from: Option<BusinessDay>,
    /// The last day.
    #[serde(default)]
    pub until: Option<BusinessDay>,
    /// The higher one decides.
    #[serde(default)]
    pub priority: i32,
    /// The prices.
    pub prices: Vec<PriceRule>,
}
