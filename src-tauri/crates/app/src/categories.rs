//! Categories, edited one at a time.

use countertop_domain::ids::CategoryId;
use countertop_domain::price_book::{PriceBook, Selector};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule};
use countertop_store::CategoryEntry;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pages::{after, cursor, limit, line};
use crate::wire::{
    CategoryPage, CategoryRequest, CategoryView, ListAllCategories, Nothing, SaveCategory,
};

/// Characters of a name.
const MAX_NAME: usize = 200;

pub(crate) fn list(
    app: &App,
    _: &Caller,
    request: ListAllCategories,
) -> Result<CategoryPage, AppError> {
    let from = after::<1>(request.after.as_deref())?.map_or(0, |[row]| row);
    let most = limit(request.limit);
    let (found, next) =
        app.store.read::<_, AppError>(|snapshot| Ok(snapshot.category_entries(from, most)?))?;
    Ok(CategoryPage {
        categories: found.iter().map(view).collect(),
        next: next.map(|row| cursor([row])),
    })
}

pub(crate) fn get(
    app: &App,
    _: &Caller,
    request: CategoryRequest,
) -> Result<CategoryView, AppError> {
    let found = app.store.read::<_, AppError>(|s| Ok(s.category(request.category_id)?))?;
    Ok(view(&found.ok_or(AppError::no_category())?))
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveCategory,
) -> Result<CategoryView, AppError> {
    let name = line("a category's name", &request.name, MAX_NAME)?;
    if name.is_empty() {
        return Err(bad("a category needs a name: it stands on the Sell screen"));
    }
    if !(1..=6).contains(&request.ink) {
        return Err(bad("an ink is a number from 1 to 6"));
    }
    let id = match (request.category_id, request.version) {
        (None, Some(_)) => {
            return Err(bad("say which category is to be changed: its id is missing"));
        }
        (given, _) => given.unwrap_or_else(|| CategoryId::new(app.ids.next())),
    };
    let (rules, ink, version) = (app.rules(), request.ink, request.version);
    let at_ms = app.now().utc_ms;
    let (saved, changed) = app.store.write::<_, AppError>(move |tx| {
        let before = tx.category(id)?;
        match (&before, version) {
            (None, Some(_)) => return Err(AppError::no_category()),
            (Some(before), None) if before.name == name && before.ink == ink => {
                return Ok((view(before), false));
            }
            (Some(_), None) => {
                return Err(AppError::AlreadyThere { what: "category", name: id.to_string() });
            }
            (Some(before), Some(seen)) if before.updated_ms != seen => {
                return Err(AppError::ChangedMeanwhile);
            }
            _ => {}
        }
        if tx.category_named(&name)?.is_some_and(|other| other.id != id) {
            return Err(AppError::AlreadyThere { what: "category", name });
        }
        if let Some(before) = before.as_ref().filter(|before| before.name != name) {
            not_named(&rules, &before.name)?;
        }
        tx.save_category(at_ms, (id, &name, ink))?;
        let verb = if before.is_none() { "created" } else { "updated" };
        tx.note_change("category", &id.to_string(), verb, at_ms)?;
        Ok((view(&tx.category(id)?.ok_or(AppError::no_category())?), true))
    })?;
    if changed {
        app.changed(&caller.client, &["catalog"]);
    }
    Ok(saved)
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: CategoryRequest,
) -> Result<Nothing, AppError> {
    let rules = app.rules();
    let at_ms = app.now().utc_ms;
    app.store.write::<_, AppError>(move |tx| {
        let before = tx.category(request.category_id)?.ok_or(AppError::no_category())?;
        if request.version.is_some_and(|seen| seen != before.updated_ms) {
            return Err(AppError::ChangedMeanwhile);
        }
        if before.items > 0 {
            let by = format!("{} items", before.items);
            return Err(AppError::InUse { what: before.name, by });
        }
        not_named(&rules, &before.name)?;
        tx.remove_category(before.id)?;
        Ok(tx.note_change("category", &before.id.to_string(), "deleted", at_ms)?)
    })?;
    app.changed(&caller.client, &["catalog"]);
    Ok(Nothing {})
}

/// Price books and promotions name categories: such a name must stay, or they would hold no more.
fn not_named(rules: &PriceRules, category: &str) -> Result<(), AppError> {
    let names = |of: &Selector| match of {
        Selector::Categories(named) => named.iter().any(|named| named.trim() == category),
        Selector::All | Selector::Variants(_) | Selector::Items(_) => false,
    };
    let book = |book: &&PriceBook| book.prices.iter().any(|price| names(&price.of));
    let promotion = |promotion: &&Promotion| {
        promotion.except.as_ref().is_some_and(names)
            || parts(&promotion.rule).iter().any(|of| names(of))
    };
    let by = rules.books().iter().find(book).map(|book| &book.name);
    let by = by.or_else(|| rules.promotions().iter().find(promotion).map(|found| &found.name));
    by.map_or(Ok(()), |by| {
        let by = format!("\"{by}\" in the prices");
        Err(AppError::InUse { what: category.to_owned(), by })
    })
}

/// What a promotion speaks of.
fn parts(rule: &PromotionRule) -> Vec<&Selector> {
    match rule {
        PromotionRule::XForY { of, .. }
        | PromotionRule::XForPrice { of, .. }
        | PromotionRule::NthAtPercent { of, .. }
        | PromotionRule::Spend { of, .. }
        | PromotionRule::PercentOff { of, .. }
        | PromotionRule::AmountOff { of, .. }
        | PromotionRule::FixedPrice { of, .. } => vec![of],
        PromotionRule::Bundle { parts, .. } => parts.iter().map(|(of, _)| of).collect(),
        PromotionRule::BuyGet { buy, get, .. } => vec![&buy.0, &get.0],
    }
}

fn view(category: &CategoryEntry) -> CategoryView {
    CategoryView {
        category_id: category.id,
        version: category.updated_ms,
        name: category.name.clone(),
        ink: category.ink,
        items: category.items,
    }
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
