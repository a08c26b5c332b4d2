//! Weighing: what lies on a scale becomes a line's quantity.

use countertop_domain::basket::Change;
use countertop_domain::ids::{DeviceId, LineId};
use countertop_domain::item::Sellable;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_store::{DeviceKind, DeviceRow};

use crate::app::{App, Caller};
use crate::checkout::change_basket;
use crate::devices::Scales;
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::wire::{Nothing, ScaleRequest, Weigh, Weighed};

/// What lies on the scale, alone or as a line's quantity. Nothing in the basket changes unless the
/// weight stands still and is more than nothing.
pub(crate) fn weigh(app: &App, caller: &Caller, request: Weigh) -> Result<Weighed, AppError> {
    let target = target(app, &request)?;
    let row = scale(app, request.device_id)?;
    let reading = Scales::with(app, &row, |scale| scale.weigh())?;
    let tare = Quantity::from_thousandths(request.tare.unwrap_or_default());
    if tare < Quantity::default() {
        return Err(bad_text("a tare cannot be below nothing".to_owned()));
    }
    let gross = reading.kilograms();
    let weight = gross.plus(tare.negated());
    if weight <= Quantity::default() {
        return Err(bad_text(format!(
            "the scale shows {gross} kg, no more than the tare of {tare} kg: put the goods on it"
        )));
    }
    let mut weighed = Weighed {
        weight: weight.thousandths(),
        net: reading.net || tare > Quantity::default(),
        scale: row.name,
        basket: None,
        line_id: None,
    };
    let (basket_id, change) = match target {
        Target::Nothing => return Ok(weighed),
        Target::Line(basket, line) => (basket, Change::SetQuantity(line, weight)),
        Target::New(basket, sellable) => {
            let line = LineId::new(app.ids.next());
            (basket, Change::Add { line, sellable: *sellable, quantity: weight, price: None })
        }
    };
    let (basket, line) = change_basket(app, caller, basket_id, change)?;
    (weighed.basket, weighed.line_id) = (Some(basket), line);
    Ok(weighed)
}

/// Sets a scale to zero.
pub(crate) fn zero(app: &App, _: &Caller, request: ScaleRequest) -> Result<Nothing, AppError> {
    let row = scale(app, request.device_id)?;
    Scales::with(app, &row, |scale| scale.zero())?;
    Ok(Nothing {})
}

/// Takes what lies on a scale as its tare.
pub(crate) fn tare(app: &App, _: &Caller, request: ScaleRequest) -> Result<Nothing, AppError> {
    let row = scale(app, request.device_id)?;
    Scales::with(app, &row, |scale| scale.tare())?;
    Ok(Nothing {})
}

/// What the weight is for.
enum Target {
    Nothing,
    Line(countertop_domain::ids::BasketId, LineId),
    New(countertop_domain::ids::BasketId, Box<Sellable>),
}

/// Found before anything is weighed, so that nobody waits for a refusal.
fn target(app: &App, request: &Weigh) -> Result<Target, AppError> {
    let sold_by_weight = |sellable: &Sellable| {
        if sellable.unit == Unit::Kilogram {
            return Ok(());
        }
        Err(bad_text(format!("\"{}\" is not sold by weight", sellable.name)))
    };
    match (request.basket_id, request.line_id, request.variant_id) {
        (None, None, None) => Ok(Target::Nothing),
        (Some(basket), Some(line), None) => {
            let shared = app.baskets.get(basket).ok_or(AppError::no_basket())?;
            let open = lock(&shared);
            let known = open.basket.lines().iter().find(|known| known.id == line);
            let known = known.ok_or(countertop_domain::basket::BasketError::NoSuchLine)?;
            sold_by_weight(&known.sellable)?;
            Ok(Target::Line(basket, line))
        }
        (Some(basket), None, Some(variant)) => {
            let sellable =
                app.store.read::<_, AppError>(|snapshot| Ok(snapshot.by_variant(variant)?))?;
            let sellable = sellable.ok_or(AppError::no_item())?;
            sold_by_weight(&sellable)?;
            Ok(Target::New(basket, Box::new(sellable)))
        }
        _ => Err(bad_text(
            "name a basket with either a line or an item to weigh, or none of them".to_owned(),
        )),
    }
}

/// The scale that is named, or the first that was set up.
fn scale(app: &App, id: Option<DeviceId>) -> Result<DeviceRow, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.devices()?))?;
    let mut scales = rows.into_iter().filter(|row| row.kind == DeviceKind::Scale);
    let found = match id {
        None => scales.next(),
        Some(id) => scales.find(|row| row.id == id),
    };
    found.ok_or(AppError::NoScale)
}

fn bad_text(reason: String) -> AppError {
    AppError::BadText { reason }
}
