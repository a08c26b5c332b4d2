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
    /// Its taxes, in the order in which they are computed.
    pub taxes: Vec<TaxSetting>,
    /// Other sets of taxes: take away, export.
    #[serde(default)]
    pub positions: Vec<PositionSetting>,
    /// How taxes are rounded; none for line by line, halves up.
    #[serde(default)]
    pub tax_rounding: Option<TaxRoundingSetting>,
    /// How money is taken; none for cash and card.
    #[serde(default)]
    pub money: Option<MoneySettings>,
    /// Whether a Z report is printed when a shift is closed.
    #[serde(default)]
    pub print_z: bool,
    /// The class of items that a fee on a cancelled order is taxed as; none for no tax.
    #[serde(default)]
    pub fee_class: Option<String>,
    /// How labels of the shop's own scales and label printers are read; none for as before.
    #[serde(default)]
    pub in_store: Option<Vec<InStoreSetting>>,
}

/// The shop's logo.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLogo {
    /// A PNG picture as Base64; none for no logo. It is made as small as paper asks for, in black and
    /// white.
    pub png: Option<String>,
}

/// The logo as it will be printed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LogoView {
    /// A drawing (SVG), in black; none without a logo.
    pub svg: Option<String>,
}

/// How one kind of in-store label is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InStoreSetting {
    /// Thirteen places: leading digits, item `I`, weight `W`, price `P` or count `N`, price check
    /// digit `V`, check digit `C`: `21IIIIIWWWWWC`.
    pub pattern: String,
    /// Decimals of the weight (in kilograms) or the price; none for three and two.
    #[serde(default)]
    pub decimals: Option<u8>,
}

/// How taxes are rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TaxRoundingSetting {
    /// `line` or `document`.
    pub scope: String,
    /// `half_up` or `half_even`.
    pub mode: String,
}

/// A fiscal position: another set of taxes for some sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PositionSetting {
    /// Its id: `take-away`.
    pub id: String,
    /// As shown: `Take away`.
    pub name: String,
    /// Which class is taxed as which other.
    pub swaps: Vec<ClassSwap>,
    /// What every other class is taxed as; none as usual, `exempt` for no tax.
    pub others: Option<String>,
    /// `label`: the customer pays the label price. `net`: the price without tax stays.
    pub keeps: String,
}

/// A class of items that is taxed as another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ClassSwap {
    /// The class.
    pub from: String,
    /// Is taxed as this one.
    pub to: String,
}

/// How money is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoneySettings {
    /// The smallest amount paid in cash, in minor units: 5 for 0.05; none for the minor unit.
    pub cash_step: Option<i64>,
    /// The ways to pay, in the order of the keys, besides `custom`.
    pub tenders: Vec<super::basket::PayWith>,
    /// Names of the shop's own ways to pay.
    pub custom: Vec<String>,
    /// Other currencies that the drawer takes.
    pub foreign: Vec<ForeignSetting>,
    /// Percentages that the tip keys offer; none where tips are not taken.
    pub tip_percents: Vec<String>,
    /// The most that a cashier may take off, in percent of the price; none for no limit.
    pub cashier_discount_limit: Option<String>,
    /// Where bank transfers go.
    pub bank: Option<BankSetting>,
    /// Where wallet payments go.
    pub wallet: Option<WalletSetting>,
}

/// A currency that the drawer takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ForeignSetting {
    /// ISO 4217 code.
    pub currency: String,
    /// What one unit is worth in the register's currency: `0.92`.
    pub rate: String,
}

/// An account for bank transfers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BankSetting {
    /// Whose it is.
    pub name: String,
    /// IBAN.
    pub iban: String,
    /// BIC; not needed within the SEPA area.
    pub bic: Option<String>,
}

/// A merchant's identity in an EMVCo merchant-presented code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WalletSetting {
    /// What the key says: `Wallet`.
    pub name: String,
    /// The globally unique identifier of the scheme (reverse domain or application id).
    pub scheme: String,
    /// The merchant's account in it.
    pub account: String,
    /// Merchant category code (ISO 18245): `5411`.
    pub category: String,
    /// Country, ISO 3166-1: `SG`.
    pub country: String,
    /// City.
    pub city: String,
}

/// A tax of a class of items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TaxSetting {
    /// Which items: `standard`, `reduced-rate`.
    pub class: String,
    /// As printed: `VAT`.
    pub name: String,
    /// The percentage, as text: `13.5`; `0` for a tax of a fixed amount.
    pub rate: String,
    /// True if the prices contain it.
    pub inclusive: bool,
    /// The amount for one unit of a tax that is no percentage.
    #[serde(default)]
    pub amount: Option<i64>,
    /// True if it is part of what later taxes are taken on.
    #[serde(default)]
    pub affects_base: bool,
    /// True if it ignores the taxes before it.
    #[serde(default)]
    pub ignores_others: bool,
}

/// The taxes of one class of items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxClassView {
    /// The class, as items name it.
    pub class: String,
    /// A fingerprint of its taxes: another one with every change.
    pub version: String,
    /// Its taxes, in the order in which they are computed.
    pub taxes: Vec<TaxSetting>,
}

/// Classes that are taxed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaxClassList {
    /// By name.
    pub classes: Vec<TaxClassView>,
}

/// Asks for the taxes of a class, or removes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TaxClassRequest {
    /// Which.
    pub class: String,
    /// What was seen, to remove it only if it is still that.
    #[serde(default)]
    pub version: Option<String>,
}

/// Adds a class with its taxes, or writes them anew.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveTaxClass {
    /// The class; what its taxes say of it does not matter.
    pub class: String,
    /// What it replaces, as it was seen; none for a new one.
    #[serde(default)]
    pub version: Option<String>,
    /// Its taxes, one at least.
    pub taxes: Vec<TaxSetting>,
}
