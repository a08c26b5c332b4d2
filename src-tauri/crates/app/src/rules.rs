//! Price books and promotions: kept as one setting, and ready in memory for every price.

use std::sync::{Arc, PoisonError};

use countertop_domain::price_book::PriceBook;
use countertop_domain::promotion::{PriceRules, Promotion, RuleError, Stacking};
use countertop_store::Snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::rule_edits::{changes, still_opened};
use crate::wire::{Nothing, PriceRulesView, SetPriceRules};

const SETTING: &str = "prices";
const VERSION: &str = "prices_version";

/// Price books, promotions, and prices of all books together: more than any shop sets up.
pub(crate) const MAX_BOOKS: usize = 200;
pub(crate) const MAX_PROMOTIONS: usize = 1_000;
pub(crate) const MAX_PRICES: usize = 200_000;

/// Reads the shop's price rules; none if none were made.
///
/// # Errors
/// The store's, or rules that cannot be read.
pub(crate) fn read_rules(snapshot: &Snapshot<'_>) -> Result<PriceRules, AppError> {
    match snapshot.setting(SETTING)? {
        None => Ok(PriceRules::default()),
        Some(text) => serde_json::from_str(&text).map_err(|error| AppError::BadText {
            reason: format!("the price rules cannot be read ({error}): restore a backup"),
        }),
    }
}

pub(crate) fn get(app: &App, _: &Caller, _: Nothing) -> Result<PriceRulesView, AppError> {
    // Rules and version of one moment.
    let (rules, version) = app
        .store
        .read::<_, AppError>(|snapshot| Ok((read_rules(snapshot)?, version(snapshot)?)))?;
    Ok(PriceRulesView {
        version,
        books: values(rules.books())?,
        promotions: values(rules.promotions())?,
        stacking: match rules.stacking() {
            Stacking::BestForCustomer => "best_for_customer".to_owned(),
            Stacking::InOrder => "in_order".to_owned(),
        },
    })
}

pub(crate) fn set(
    app: &App,
    caller: &Caller,
    request: SetPriceRules,
) -> Result<PriceRulesView, AppError> {
    let stacking = match request.stacking.as_str() {
        "best_for_customer" => Stacking::BestForCustomer,
        "in_order" => Stacking::InOrder,
        other => {
            let problem = format!("\"{other}\": choose best_for_customer or in_order");
            return Err(RuleError { rule: "stacking".to_owned(), problem }.into());
        }
    };
    within("price books", request.books.len(), MAX_BOOKS)?;
    within("promotions", request.promotions.len(), MAX_PROMOTIONS)?;
    let books: Vec<PriceBook> = parsed("price book", request.books)?;
    within("prices", books.iter().map(|book| book.prices.len()).sum(), MAX_PRICES)?;
    let promotions: Vec<Promotion> = parsed("promotion", request.promotions)?;
    let rules = PriceRules::new(books, promotions, stacking)?;
    replace_seen(app, rules, request.version)?;
    app.changed(&caller.client, &["prices", "basket"]);
    get(app, caller, Nothing {})
}

/// Which edition of the rules is kept: it grows with each.
fn version(snapshot: &Snapshot<'_>) -> Result<u32, AppError> {
    Ok(snapshot.setting(VERSION)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The rules that are kept, and their edition.
pub(crate) fn kept(app: &App) -> Result<(PriceRules, u32), AppError> {
    app.store.read(|snapshot| Ok((read_rules(snapshot)?, version(snapshot)?)))
}

/// Replaces the rules of an edition, if it is still the one that is kept.
pub(crate) fn replace_seen(app: &App, rules: PriceRules, seen: u32) -> Result<(), AppError> {
    still_opened(app, &rules)?;
    replace(app, rules, Some(seen))
}

/// Keeps the rules; from then on every price follows them.
pub(crate) fn set_rules(app: &App, rules: PriceRules) -> Result<(), AppError> {
    replace(app, rules, None)
}

/// Replaces the rules that someone has seen, if these are still the ones that are kept: what another
/// screen saved meanwhile is never lost without a word.
fn replace(app: &App, rules: PriceRules, seen: Option<u32>) -> Result<(), AppError> {
    let text = serde_json::to_string(&rules)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    // One after the other, so that what is in memory is what was written last.
    let _turn = app.rules_turn.lock().unwrap_or_else(PoisonError::into_inner);
    let changes = changes(&app.rules(), &rules);
    let at_ms = app.now().utc_ms;
    app.store.write::<_, AppError>(move |tx| {
        let kept = version(tx)?;
        if seen.is_some_and(|seen| seen != kept) {
            return Err(AppError::RulesChanged);
        }
        tx.set_setting(VERSION, &kept.wrapping_add(1).to_string())?;
        for (kind, id, verb) in changes {
            tx.note_change(kind, &id, verb, at_ms)?;
        }
        Ok(tx.set_setting(SETTING, &text)?)
    })?;
    *app.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    Ok(())
}

/// Each rule as a client wrote it; the first that cannot be read is named.
fn parsed<T: DeserializeOwned>(what: &str, values: Vec<Value>) -> Result<Vec<T>, AppError> {
    let numbered = (1..).zip(values);
    numbered
        .map(|(number, value): (usize, Value)| {
            let name = ["name", "id"].iter().find_map(|key| value.get(key)?.as_str());
            let rule = name.map_or(format!("{what} {number}"), str::to_owned);
            serde_json::from_value(value)
                .map_err(|error| RuleError { rule, problem: error.to_string() }.into())
        })
        .collect()
}

fn values<T: Serialize>(rules: &[T]) -> Result<Vec<Value>, AppError> {
    rules
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(|error| AppError::BadText { reason: error.to_string() })
}

pub(crate) fn within(what: &str, count: usize, most: usize) -> Result<(), AppError> {
    if count > most {
        return Err(AppError::BadText { reason: format!("a shop has up to {most} {what}") });
    }
    Ok(())
}
