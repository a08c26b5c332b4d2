//! What is set for the shop: its letterhead and its taxes.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use countertop_domain::tax::{Percent, Tax, TaxClass, TaxMode, TaxTable};
use countertop_receipt::Letterhead;
use countertop_store::Snapshot;
use serde::{Deserialize, Serialize};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{Nothing, ShopSettings, TaxSetting};

const SETTING: &str = "shop";

/// The shop's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// What receipts say besides the sale.
    pub letterhead: Letterhead,
    /// The taxes, by class of item.
    pub taxes: TaxTable,
    /// True on the demo store.
    pub demo: bool,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            letterhead: Letterhead { shop: "My shop".to_owned(), ..Letterhead::default() },
            taxes: TaxTable::default(),
            demo: false,
        }
    }
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
    app.store.write::<_, AppError>(move |tx| Ok(tx.set_setting(SETTING, &text)?))?;
    *app.shop.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shop);
    app.changed("", &["register"]);
    Ok(())
}

/// Characters of a line of the letterhead.
const MAX_LINE: usize = 100;
/// Lines of an address or footer, and taxes of the table.
const MAX_LINES: usize = 20;

pub(crate) fn get(app: &App, _: &Caller, _: Nothing) -> Result<ShopSettings, AppError> {
    let shop = app.shop();
    let letterhead = &shop.letterhead;
    let taxes = shop.taxes.classes().flat_map(|(class, taxes)| {
        taxes.iter().map(|tax| TaxSetting {
            class: class.name().to_owned(),
            name: tax.name.clone(),
            rate: tax.rate.value().to_string(),
            inclusive: tax.mode == TaxMode::Inclusive,
        })
    });
    Ok(ShopSettings {
        name: letterhead.shop.clone(),
        address: letterhead.address.clone(),
        tax_number: letterhead.tax_number.clone(),
        footer: letterhead.footer.clone(),
        taxes: taxes.collect(),
    })
}

pub(crate) fn set(
    app: &App,
    caller: &Caller,
    request: ShopSettings,
) -> Result<ShopSettings, AppError> {
    let before = app.shop();
    let tax_number = request.tax_number.map(|number| line(&number)).transpose()?;
    let letterhead = Letterhead {
        shop: line(&request.name)?,
        address: lines(&request.address)?,
        tax_number: tax_number.filter(|number| !number.is_empty()),
        footer: lines(&request.footer)?,
        ..before.letterhead.clone()
    };
    if letterhead.shop.is_empty() {
        return Err(bad_text("a shop needs a name: it stands on every receipt"));
    }
    let taxes = tax_table(&request.taxes)?;
    set_shop(app, Shop { letterhead, taxes, demo: before.demo })?;
    get(app, caller, Nothing {})
}

fn tax_table(settings: &[TaxSetting]) -> Result<TaxTable, AppError> {
    if settings.len() > MAX_LINES {
        return Err(bad_text(&format!("a shop has up to {MAX_LINES} taxes")));
    }
    let mut classes: BTreeMap<TaxClass, Vec<Tax>> = BTreeMap::new();
    for setting in settings {
        let (class, name) = (TaxClass::new(&line(&setting.class)?), line(&setting.name)?);
        let rate = setting.rate.trim().parse().map_err(|_| {
            bad_text(&format!("\"{}\" is no percentage: write it like 13.5", setting.rate))
        })?;
        let rate = Percent::new(rate).map_err(|reason| bad_text(&reason))?;
        if name.is_empty() {
            return Err(bad_text("a tax needs a name, such as VAT: it stands on every receipt"));
        }
        let mode = if setting.inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
        // What reports group by: the same tax at another rate or side is another tax.
        let side = if setting.inclusive { "in" } else { "on" };
        let code = format!("{}-{}-{side}", name.to_lowercase().replace(' ', "-"), rate.value());
        let taxes = classes.entry(class).or_default();
        if taxes.iter().any(|tax| tax.code == code) {
            return Err(bad_text(&format!("the tax {name} {} stands there twice", rate.value())));
        }
        taxes.push(Tax { code, name, rate, mode });
    }
    Ok(TaxTable::new(classes))
}

fn lines(texts: &[String]) -> Result<Vec<String>, AppError> {
    if texts.len() > MAX_LINES {
        return Err(bad_text(&format!("a letterhead has up to {MAX_LINES} lines")));
    }
    texts.iter().map(|text| line(text)).collect()
}

fn line(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > MAX_LINE || text.chars().any(char::is_control) {
        return Err(bad_text(&format!("a line of the letterhead has up to {MAX_LINE} characters")));
    }
    Ok(text.to_owned())
}

fn bad_text(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
