//! What a scanned code puts into a basket: an item, and what its label says besides.

use countertop_domain::barcode;
use countertop_domain::basket::Change;
use countertop_domain::gs1::{self, Gs1Code};
use countertop_domain::ids::LineId;
use countertop_domain::in_store::{self, Measure};
use countertop_domain::item::Sellable;
use countertop_domain::label::Label;
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::quantity::{Quantity, Unit};

use crate::app::{App, Caller};
use crate::checkout::{change_basket, change_current};
use crate::error::AppError;
use crate::wire::{Added, BasketView, ScanRequest};

/// A code longer than any symbology's; a stuck scanner must not fill the memory.
const MAX_CODE: usize = 512;

pub(crate) fn scan(app: &App, caller: &Caller, request: ScanRequest) -> Result<Added, AppError> {
    let arrived = Arrived::read(app, &request.code)?;
    arrived.into_basket(|change| change_basket(app, caller, request.basket_id, change))
}

/// Into the caller's basket, whichever that is when its turn comes.
pub(crate) fn scan_current(app: &App, caller: &Caller, code: &str) -> Result<Added, AppError> {
    Arrived::read(app, code)?.into_basket(|change| change_current(app, caller, change))
}

/// What a code brings, and what the cashier should know of it.
struct Arrived {
    line: LineId,
    change: Change,
    warning: Option<String>,
}

impl Arrived {
    fn read(app: &App, scanned: &str) -> Result<Self, AppError> {
        let code = scanned.trim();
        let is_foreign = |c: char| c.is_control() && c != gs1::SEPARATOR;
        if code.is_empty() || code.len() > MAX_CODE || code.chars().any(is_foreign) {
            return Err(bad_text("that is no barcode: scan it again, or type the digits under it"));
        }
        let found = look_up(app, code)?;
        let warning = found.label.is_over(app.now().local_day()).then(|| {
            let day = found.label.best_before.map(String::from).unwrap_or_default();
            format!(
                "\"{}\" was good until {day}: show it to the customer, or take it out",
                found.sellable.name
            )
        });
        let line = LineId::new(app.ids.next());
        let change = found.into_change(line);
        Ok(Self { line, change, warning })
    }

    fn into_basket(
        self,
        put: impl FnOnce(Change) -> Result<(BasketView, Option<LineId>), AppError>,
    ) -> Result<Added, AppError> {
        let Self { line, change, warning } = self;
        let (basket, line_id) = put(change)?;
        Ok(Added { basket, line_id: line_id.unwrap_or(line), warning })
    }
}

/// What a code stands for.
struct Found {
    sellable: Sellable,
    quantity: Quantity,
    /// Another price of one unit than the catalogue's.
    price: Option<Money>,
    label: Label,
}

impl Found {
    fn into_change(self, line: LineId) -> Change {
        let Self { sellable, quantity, price, label } = self;
        if label.is_empty() {
            return Change::Add { line, sellable, quantity, price };
        }
        Change::AddLabelled { line, sellable, quantity, price, label }
    }
}

/// First the code as the catalogue has it, then what it may say besides an item.
fn look_up(app: &App, scanned: &str) -> Result<Found, AppError> {
    let (symbology, code) = gs1::split_symbology(scanned);
    let code = barcode::normalise(code);
    if let Some((sellable, quantity)) = by_any(app, &[code.as_str()])? {
        return Ok(Found { sellable, quantity, price: None, label: Label::default() });
    }
    if gs1::is_element_string(&code, symbology) {
        return by_gs1(app, &code);
    }
    if let Some(label) = in_store::read(&app.shop().in_store, &code).map_err(|e| bad_text(&e))? {
        return by_label(app, &label);
    }
    let spellings = barcode::spellings(&code);
    match by_any(app, &spellings)? {
        Some((sellable, quantity)) => {
            Ok(Found { sellable, quantity, price: None, label: Label::default() })
        }
        None => Err(AppError::UnknownBarcode { code }),
    }
}

/// The first of the codes that the catalogue has.
fn by_any(app: &App, codes: &[impl AsRef<str>]) -> Result<Option<(Sellable, Quantity)>, AppError> {
    app.store.read(|snapshot| {
        for code in codes {
            if let Some(found) = snapshot.by_code(code.as_ref())? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    })
}

fn by_gs1(app: &App, code: &str) -> Result<Found, AppError> {
    let read = Gs1Code::parse(code, app.now().local_day().year()).map_err(|e| bad_text(&e))?;
    let Some(gtin) = &read.gtin else {
        return Err(bad_text("that code names no item: scan the one with the item's number"));
    };
    let mut spellings = barcode::spellings(gtin);
    // Indicator 9 is for goods of varying measure; catalogues often have the number without it.
    if let Some(body) = gtin.strip_prefix('9').and_then(|rest| rest.get(..12))
        && let Some(check) = barcode::check_digit(body)
    {
        spellings.extend(barcode::spellings(&format!("{body}{check}")));
    }
    let unknown = || {
        let plain = gtin.strip_prefix('0').unwrap_or(gtin);
        AppError::UnknownBarcode { code: plain.to_owned() }
    };
    let (sellable, each) = by_any(app, &spellings)?.ok_or_else(unknown)?;
    let amount = read.price.as_ref().map(|price| price.amount(app.currency())).transpose();
    let amount = amount.map_err(|e| bad_text(&e))?.filter(|amount| !amount.is_zero());
    let measured = match read.measure {
        // A weight on goods that are sold by the piece is for information.
        Some((unit, quantity)) if unit == sellable.unit && quantity > Quantity::default() => {
            Some(quantity)
        }
        _ => read.count.filter(|count| *count > 0).map(|count| times(each, count)),
    };
    let mut found = priced(sellable, measured, each, amount)?;
    found.label.lot = read.lot;
    found.label.serial = read.serial;
    found.label.best_before = read.best_before.or(read.expiry);
    Ok(found)
}

fn by_label(app: &App, label: &in_store::Label) -> Result<Found, AppError> {
    // The catalogue has the label with nothing in its variable digits, or the number of the scale.
    let number = label.item.trim_start_matches('0');
    let codes = [label.base.as_str(), label.item.as_str(), number];
    let unknown = || AppError::UnknownBarcode { code: label.base.clone() };
    let (sellable, each) = by_any(app, &codes)?.ok_or_else(unknown)?;
    let by_weight = sellable.unit == Unit::Kilogram;
    match label.measure {
        Measure::Weight(weight) if by_weight => priced(sellable, Some(weight), each, None),
        Measure::Weight(weight) => Err(bad_text(&format!(
            "the label says {weight} kg, but \"{}\" is not sold by weight: change its unit, or \
             choose it by hand",
            sellable.name
        ))),
        Measure::Price { .. } => {
            let amount = label.measure.price(app.currency()).ok_or_else(|| {
                bad_text(
                    "the price on the label is finer than the shop's currency: check the decimals in \
                     the settings of labels",
                )
            })?;
            priced(sellable, None, each, Some(amount))
        }
        Measure::Count(count) => priced(sellable, Some(times(Quantity::ONE, count)), each, None),
    }
}

fn times(each: Quantity, count: u32) -> Quantity {
    Quantity::from_thousandths(each.thousandths().saturating_mul(count.into()))
}

/// How much, and at what price, where the label may say either or both. The amount on a label is what
/// is charged; where it says no weight, the weight is the one that it comes to.
fn priced(
    sellable: Sellable,
    measured: Option<Quantity>,
    each: Quantity,
    amount: Option<Money>,
) -> Result<Found, AppError> {
    let quantity = measured.unwrap_or(each);
    let mut found = Found { sellable, quantity, price: None, label: Label::default() };
    let Some(amount) = amount else { return Ok(found) };
    let list = found.sellable.price.filter(|price| !price.is_zero() && !price.is_negative());
    if !found.sellable.unit.is_divisible() && quantity == Quantity::ONE {
        found.price = Some(amount).filter(|amount| Some(*amount) != found.sellable.price);
        return Ok(found);
    }
    match list {
        Some(list) if measured.is_none() && found.sellable.unit.is_divisible() => {
            found.quantity = Quantity::from_thousandths(share(amount, list.minor())?.max(1));
        }
        Some(_) => {}
        // Without a price of its own the item costs what the label comes to for one unit.
        None => {
            let unit = share(amount, quantity.thousandths().max(1))?;
            found.price = Some(Money::new(unit, amount.currency())?);
        }
    }
    found.label.price = Some(amount);
    Ok(found)
}

/// A thousand times the amount over `whole`, rounded.
fn share(amount: Money, whole: i64) -> Result<i64, MoneyError> {
    let (exact, whole) = (i128::from(amount.minor()) * 1000, i128::from(whole));
    i64::try_from((exact + whole / 2) / whole).map_err(|_| MoneyError::TooLarge)
}

fn bad_text(reason: &(impl ToString + ?Sized)) -> AppError {
    AppError::BadText { reason: reason.to_string() }
}
