//! What is set for the shop: its letterhead, its taxes, and how it takes money.

use std::sync::{Arc, PoisonError};

use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::in_store::Template;
use countertop_domain::money::Currency;
use countertop_domain::rounding::TaxRounding;
use countertop_domain::tax::{Percent, TaxClass, TaxTable};
use countertop_domain::tender::TenderKind;
use countertop_receipt::Letterhead;
use countertop_store::Snapshot;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::AppError;

const SETTING: &str = "shop";

/// The shop's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// What receipts say besides the sale.
    pub letterhead: Letterhead,
    /// The taxes, by class of item.
    pub taxes: TaxTable,
    /// How taxes are rounded.
    #[serde(default)]
    pub rounding: TaxRounding,
    /// How money is taken.
    #[serde(default)]
    pub money: MoneyRules,
    /// Whether a Z report is printed when a shift is closed.
    #[serde(default)]
    pub print_z: bool,
    /// What class of item a fee on a cancelled order is taxed as; none for no tax.
    #[serde(default)]
    pub fee_class: Option<TaxClass>,
    /// How the labels of the shop's own scales and label printers are read.
    #[serde(default)]
    pub in_store: Vec<Template>,
    /// True on the demo store.
    pub demo: bool,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            letterhead: Letterhead { shop: "My shop".to_owned(), ..Letterhead::default() },
            taxes: TaxTable::default(),
            rounding: TaxRounding::default(),
            money: MoneyRules::default(),
            print_z: false,
            fee_class: None,
            in_store: Vec::new(),
            demo: false,
        }
    }
}

/// How a shop takes money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyRules {
    /// Where the smallest coin is larger than the minor unit.
    pub cash_rounding: Option<CashRounding>,
    /// The ways to pay, in the order of the keys.
    pub tenders: Vec<TenderKind>,
    /// Names of the shop's own ways to pay.
    pub custom: Vec<String>,
    /// Other currencies that the drawer takes.
    pub foreign: Vec<ForeignRate>,
    /// What the tip keys offer.
    pub tip_percents: Vec<Percent>,
    /// The most that a cashier may take off.
    pub cashier_discount_limit: Option<Percent>,
    /// Where bank transfers go.
    pub bank: Option<Bank>,
    /// Where wallet payments go.
    pub wallet: Option<Wallet>,
}

impl Default for MoneyRules {
    fn default() -> Self {
        Self {
            cash_rounding: None,
            tenders: vec![
                TenderKind::Cash,
                TenderKind::CardExternal,
                TenderKind::GiftCard,
                TenderKind::StoreCredit,
            ],
            custom: Vec::new(),
            foreign: Vec::new(),
            tip_percents: Vec::new(),
            cashier_discount_limit: None,
            bank: None,
            wallet: None,
        }
    }
}

/// What a currency is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignRate {
    /// The currency.
    pub currency: Currency,
    /// What one whole unit of it is worth in the register's currency.
    pub rate: Decimal,
}

/// An account for bank transfers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// Whose it is.
    pub name: String,
    /// IBAN, checked.
    pub iban: String,
    /// BIC, if given.
    pub bic: Option<String>,
}

/// A merchant's identity in an EMVCo merchant-presented code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// What the key says.
    pub name: String,
    /// The scheme's globally unique identifier.
    pub scheme: String,
    /// The merchant's account in it.
    pub account: String,
    /// Merchant category code (ISO 18245).
    pub category: String,
    /// Country, ISO 3166-1.
    pub country: String,
    /// City.
    pub city: String,
}

/// Reads the shop's settings; the default ones if none were made.
///
/// # Errors
/// The store's, or settings that cannot be read.
pub fn read_shop(snapshot: &Snapshot<'_>) -> Result<Shop, AppError> {
    match snapshot.setting(SETTING)? {
        None => Ok(Shop::default()),
        Some(text) => serde_json::from_str(&text).map_err(|error| AppError::BadText {
            reason: format!("the shop's settings cannot be read ({error}): restore a backup"),
        }),
    }
}

/// Sets the shop's settings.
///
/// # Errors
/// The store's.
pub(crate) fn set_shop(app: &App, shop: Shop) -> Result<(), AppError> {
    let text = serde_json::to_string(&shop)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    let changes = tax_changes(&app.shop().taxes, &shop.taxes);
    let at_ms = app.now().utc_ms;
    app.store.write::<_, AppError>(move |tx| {
        for (class, verb) in changes {
            tx.note_change("tax", &class, verb, at_ms)?;
        }
        Ok(tx.set_setting(SETTING, &text)?)
    })?;
    *app.shop.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shop);
    app.changed("", &["register"]);
    Ok(())
}

/// What became of each class's taxes, for whoever is told.
fn tax_changes(before: &TaxTable, after: &TaxTable) -> Vec<(String, &'static str)> {
    let mut changes = Vec::new();
    for (class, taxes) in after.classes() {
        let known = before.of(class);
        if known != taxes {
            let verb = if known.is_empty() { "created" } else { "updated" };
            changes.push((class.name().to_owned(), verb));
        }
    }
    let gone =
        before.classes().filter(|(class, taxes)| !taxes.is_empty() && after.of(class).is_empty());
    changes.extend(gone.map(|(class, _)| (class.name().to_owned(), "deleted")));
    changes
}
