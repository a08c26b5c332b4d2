//! The shop's taxes, edited one class at a time.

use std::sync::PoisonError;

use countertop_domain::tax::TaxClass;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::rule_edits::version;
use crate::shop_settings;
use crate::wire::{
    Nothing, SaveTaxClass, ShopSettings, TaxClassList, TaxClassRequest, TaxClassView, TaxSetting,
};

pub(crate) fn list(app: &App, caller: &Caller, _: Nothing) -> Result<TaxClassList, AppError> {
    let settings = shop_settings::get(app, caller, Nothing {})?;
    let mut classes: Vec<TaxClassView> = Vec::new();
    for name in names(&settings) {
        classes.push(view(&settings, &name)?.ok_or(AppError::no_tax())?);
    }
    Ok(TaxClassList { classes })
}

pub(crate) fn get(
    app: &App,
    caller: &Caller,
    request: TaxClassRequest,
) -> Result<TaxClassView, AppError> {
    let settings = shop_settings::get(app, caller, Nothing {})?;
    view(&settings, TaxClass::new(&request.class).name())?.ok_or(AppError::no_tax())
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveTaxClass,
) -> Result<TaxClassView, AppError> {
    let class = TaxClass::new(&crate::pages::line("a class of tax", &request.class, 100)?);
    if class == TaxClass::exempt() {
        return Err(bad("the class exempt is never taxed: choose another name"));
    }
    if request.taxes.is_empty() {
        return Err(bad("a class has a tax at least: items of the class exempt have none"));
    }
    let _turn = app.shop_turn.lock().unwrap_or_else(PoisonError::into_inner);
    let mut settings = shop_settings::get(app, caller, Nothing {})?;
    let before = view(&settings, class.name())?;
    let taxes: Vec<TaxSetting> = request
        .taxes
        .into_iter()
        .map(|tax| TaxSetting { class: class.name().to_owned(), ..tax })
        .collect();
    match (&before, &request.version) {
        (None, Some(_)) => return Err(AppError::no_tax()),
        (Some(before), None) if before.taxes == taxes => return Ok(before.clone()),
        (Some(_), None) => {
            return Err(AppError::AlreadyThere { what: "class", name: class.name().to_owned() });
        }
        (Some(before), Some(seen)) if before.version != *seen => {
            return Err(AppError::ChangedMeanwhile);
        }
        _ => {}
    }
    settings.taxes.retain(|tax| tax.class != class.name());
    settings.taxes.extend(taxes);
    let settings = shop_settings::replace(app, caller, settings)?;
    app.changed(&caller.client, &["shop", "basket"]);
    view(&settings, class.name())?.ok_or(AppError::no_tax())
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: TaxClassRequest,
) -> Result<Nothing, AppError> {
    let class = TaxClass::new(&request.class);
    let _turn = app.shop_turn.lock().unwrap_or_else(PoisonError::into_inner);
    let mut settings = shop_settings::get(app, caller, Nothing {})?;
    let before = view(&settings, class.name())?.ok_or(AppError::no_tax())?;
    if request.version.is_some_and(|seen| seen != before.version) {
        return Err(AppError::ChangedMeanwhile);
    }
    let in_use = |by: String| AppError::InUse { what: class.name().to_owned(), by };
    // Its items would be sold without tax from then on, and nobody would notice.
    let item = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.item_taxed_as(&class)?))?;
    if let Some(item) = item {
        return Err(in_use(format!("the item \"{item}\"")));
    }
    if settings.fee_class.as_deref() == Some(class.name()) {
        return Err(in_use("the fee on cancelled orders".to_owned()));
    }
    let names = |swap: &crate::wire::ClassSwap| swap.to == class.name();
    let position = settings.positions.iter().find(|position| {
        position.others.as_deref() == Some(class.name()) || position.swaps.iter().any(names)
    });
    if let Some(position) = position {
        return Err(in_use(format!("the fiscal position \"{}\"", position.name)));
    }
    settings.taxes.retain(|tax| tax.class != class.name());
    shop_settings::replace(app, caller, settings)?;
    app.changed(&caller.client, &["shop", "basket"]);
    Ok(Nothing {})
}

/// Every class that is taxed, by name.
fn names(settings: &ShopSettings) -> Vec<String> {
    let mut names: Vec<String> = settings.taxes.iter().map(|tax| tax.class.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn view(settings: &ShopSettings, class: &str) -> Result<Option<TaxClassView>, AppError> {
    let taxes: Vec<TaxSetting> =
        settings.taxes.iter().filter(|tax| tax.class == class).cloned().collect();
    if taxes.is_empty() {
        return Ok(None);
    }
    Ok(Some(TaxClassView { class: class.to_owned(), version: version(&taxes)?, taxes }))
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
