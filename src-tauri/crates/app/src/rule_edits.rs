//! Price books and promotions, edited one at a time.

use countertop_domain::price_book::PriceBook;
use countertop_domain::promotion::{PriceRules, Promotion, RuleError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::app::{App, Caller};
use crate::coupons;
use crate::error::AppError;
use crate::rules;
use crate::wire::{
    Nothing, PriceRuleKind, PriceRuleList, PriceRuleRequest, PriceRuleView, SavePriceRule,
};

/// How often an edit is tried again, when others are saved at the same moment.
const TRIES: u32 = 20;

/// A rule that has an id and a place among others of its kind.
trait Edited: Clone + PartialEq + Serialize + DeserializeOwned {
    const WHAT: &'static str;
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

impl Edited for PriceBook {
    const WHAT: &'static str = "price book";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Edited for Promotion {
    const WHAT: &'static str = "promotion";
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

pub(crate) fn list(
    app: &App,
    _: &Caller,
    request: PriceRuleKind,
) -> Result<PriceRuleList, AppError> {
    let rules = app.rules();
    let mut found = match request {
        PriceRuleKind::Book => views(rules.books())?,
        PriceRuleKind::Promotion => views(rules.promotions())?,
    };
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(PriceRuleList { rules: found })
}

pub(crate) fn get(
    app: &App,
    _: &Caller,
    request: PriceRuleRequest,
) -> Result<PriceRuleView, AppError> {
    let rules = app.rules();
    match request.kind {
        PriceRuleKind::Book => view(existing(rules.books(), &request.id)?),
        PriceRuleKind::Promotion => view(existing(rules.promotions(), &request.id)?),
    }
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SavePriceRule,
) -> Result<PriceRuleView, AppError> {
    let SavePriceRule { kind, version, rule } = request;
    match kind {
        PriceRuleKind::Book => {
            let book: PriceBook = parsed(rule)?;
            edit(app, caller, |rules| {
                let books = put(rules.books(), &book, version.as_deref())?;
                rules::within("price books", books.len(), rules::MAX_BOOKS)?;
                let prices = books.iter().map(|book| book.prices.len()).sum();
                rules::within("prices", prices, rules::MAX_PRICES)?;
                Ok(PriceRules::new(books, rules.promotions().to_vec(), rules.stacking())?)
            })?;
            view(&book)
        }
        PriceRuleKind::Promotion => {
            let promotion: Promotion = parsed(rule)?;
            edit(app, caller, |rules| {
                let promotions = put(rules.promotions(), &promotion, version.as_deref())?;
                rules::within("promotions", promotions.len(), rules::MAX_PROMOTIONS)?;
                Ok(PriceRules::new(rules.books().to_vec(), promotions, rules.stacking())?)
            })?;
            view(&promotion)
        }
    }
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: PriceRuleRequest,
) -> Result<Nothing, AppError> {
    let PriceRuleRequest { kind, id, version } = request;
    edit(app, caller, |rules| match kind {
        PriceRuleKind::Book => {
            let books = without(rules.books(), &id, version.as_deref())?;
            Ok(PriceRules::new(books, rules.promotions().to_vec(), rules.stacking())?)
        }
        PriceRuleKind::Promotion => {
            let promotions = without(rules.promotions(), &id, version.as_deref())?;
            let open = app.baskets.coupons();
            if let Some(coupon) = open.iter().find(|coupon| coupon.promotion == id) {
                let by = format!("coupon {} in an open or parked basket", coupon.code);
                return Err(AppError::InUse { what: id.clone(), by });
            }
            Ok(PriceRules::new(rules.books().to_vec(), promotions, rules.stacking())?)
        }
    })?;
    Ok(Nothing {})
}

/// Makes other rules of those that are kept, and keeps them: once more if others were saved meanwhile.
fn edit(
    app: &App,
    caller: &Caller,
    change: impl Fn(&PriceRules) -> Result<PriceRules, AppError>,
) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let (before, version) = rules::kept(app)?;
        let after = change(&before)?;
        if after == before {
            return Ok(());
        }
        match rules::replace_seen(app, after, version) {
            Err(AppError::RulesChanged) => {}
            Err(error) => return Err(error),
            Ok(()) => {
                app.changed(&caller.client, &["prices", "basket"]);
                return Ok(());
            }
        }
    }
    Err(AppError::RulesChanged)
}

/// The list with this rule in it: in place of the one that was seen, or at its end if it is new.
fn put<T: Edited>(list: &[T], rule: &T, seen: Option<&str>) -> Result<Vec<T>, AppError> {
    let mut list = list.to_vec();
    let place = list.iter().position(|other| other.id() == rule.id());
    match (place.and_then(|place| list.get_mut(place)), seen) {
        (Some(before), Some(seen)) => {
            unchanged(before, seen)?;
            *before = rule.clone();
        }
        (Some(before), None) if before == rule => {}
        (Some(_), None) => {
            return Err(AppError::AlreadyThere { what: T::WHAT, name: rule.id().to_owned() });
        }
        (None, Some(_)) => return Err(AppError::no_rule()),
        (None, None) => list.push(rule.clone()),
    }
    Ok(list)
}

fn without<T: Edited>(list: &[T], id: &str, seen: Option<&str>) -> Result<Vec<T>, AppError> {
    let before = existing(list, id)?;
    if let Some(seen) = seen {
        unchanged(before, seen)?;
    }
    Ok(list.iter().filter(|rule| rule.id() != id).cloned().collect())
}

fn existing<'a, T: Edited>(list: &'a [T], id: &str) -> Result<&'a T, AppError> {
    list.iter().find(|rule| rule.id() == id).ok_or(AppError::no_rule())
}

fn unchanged<T: Edited>(before: &T, seen: &str) -> Result<(), AppError> {
    if version(before)? == seen {
        return Ok(());
    }
    Err(AppError::ChangedMeanwhile)
}

fn views<T: Edited>(list: &[T]) -> Result<Vec<PriceRuleView>, AppError> {
    list.iter().map(view).collect()
}

fn view<T: Edited>(rule: &T) -> Result<PriceRuleView, AppError> {
    let value = serde_json::to_value(rule)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    Ok(PriceRuleView { id: rule.id().to_owned(), version: version(rule)?, rule: value })
}

/// A fingerprint of what is written: another rule, another version.
pub(crate) fn version<T: Serialize>(value: &T) -> Result<String, AppError> {
    let text = serde_json::to_vec(value)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    let digest = Sha256::digest(text);
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

fn parsed<T: Edited>(rule: Value) -> Result<T, AppError> {
    let name = ["name", "id"].iter().find_map(|key| rule.get(key)?.as_str());
    let name = name.unwrap_or(T::WHAT).to_owned();
    serde_json::from_value(rule)
        .map_err(|error| RuleError { rule: name, problem: error.to_string() }.into())
}

/// What became of each rule between two editions, for whoever is told: kind, id, verb.
pub(crate) fn changes(
    before: &PriceRules,
    after: &PriceRules,
) -> Vec<(&'static str, String, &'static str)> {
    let mut changes = compared("price_book", before.books(), after.books());
    changes.extend(compared("promotion", before.promotions(), after.promotions()));
    changes
}

fn compared<T: Edited>(
    kind: &'static str,
    before: &[T],
    after: &[T],
) -> Vec<(&'static str, String, &'static str)> {
    let known = |list: &[T]| {
        list.iter()
            .map(|rule| (rule.id().to_owned(), rule.clone()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (before, after) = (known(before), known(after));
    let gone = before.keys().filter(|id| !after.contains_key(*id));
    let gone = gone.map(|id| (kind, id.clone(), "deleted"));
    let come = after.iter().filter_map(|(id, rule)| match before.get(id) {
        None => Some((kind, id.clone(), "created")),
        Some(other) if other != rule => Some((kind, id.clone(), "updated")),
        Some(_) => None,
    });
    gone.chain(come).collect()
}

/// A basket that shows a coupon has no price without its promotion: it would be stuck.
pub(crate) fn still_opened(app: &App, rules: &PriceRules) -> Result<(), AppError> {
    let open = app.baskets.coupons();
    let gone = open.iter().find(|coupon| !coupons::opens(rules, &coupon.promotion));
    gone.map_or(Ok(()), |coupon| {
        let named = rules.promotions().iter().find(|one| one.id == coupon.promotion);
        let rule = named.map_or(coupon.promotion.as_str(), Edited::name).to_owned();
        let problem = format!(
            "coupon {} is in an open or parked basket: pay for that one or take the coupon out, \
             then take its promotion away",
            coupon.code
        );
        Err(RuleError { rule, problem }.into())
    })
}
