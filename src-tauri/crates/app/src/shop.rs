//! What is set for the shop: its letterhead and its taxes.

use std::sync::{Arc, PoisonError};

use countertop_domain::tax::TaxTable;
use countertop_receipt::Letterhead;
use countertop_store::Snapshot;
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
pub fn set_shop(app: &App, shop: Shop) -> Result<(), AppError> {
    let text = serde_json::to_string(&shop)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    app.store.write::<_, AppError>(move |tx| Ok(tx.set_setting(SETTING, &text)?))?;
    *app.shop.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shop);
    app.changed("", &["register"]);
    Ok(())
}
