//! What is set for the shop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The shop's settings, whole: setting them replaces all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ShopSettings {
    /// Its name, as on the receipt.
    pub name: String,
    /// Lines under the name.
    pub address: Vec<String>,
    /// Its number with the tax office.
    pub tax_number: Option<String>,
    /// Lines at the end of a receipt.
    pub footer: Vec<String>,
    /// Its taxes.
    pub taxes: Vec<TaxSetting>,
}

/// A tax of a class of items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TaxSetting {
    /// Which items: `standard`, `reduced-rate`.
    pub class: String,
    /// As printed: `VAT`.
    pub name: String,
    /// The percentage, as text: `13.5`.
    pub rate: String,
    /// True if the prices contain it.
    pub inclusive: bool,
}
