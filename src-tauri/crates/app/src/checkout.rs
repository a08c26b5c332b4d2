//! Filling a basket.

use std::sync::{Arc, MutexGuard};

use countertop_domain::basket::{Basket, Change, Parked, PriceOverride};
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::quantity::Quantity;

use crate::app::{App, Caller};
use crate::cards;
use crate::error::AppError;
use crate::open_baskets::{MAX_PARKED, Open, lock};
use crate::payment_requests;
use crate::reductions;
use crate::returns::voided;
use crate::views::{basket_view, settled_view};
use crate::wire::{
    AddRequest, Added, BasketRequest, BasketView, LineRequest, Nothing, Park, ParkedList,
    ParkedView, SetNote, SetPrice, SetQuantity,
};

/// Characters of a note that is typed at the till: what a receipt prints in a few lines.
const MAX_NOTE: usize = 200;

/// Characters of a parked basket's label.
const MAX_LABEL: usize = 40;

pub(crate) fn current(app: &App, caller: &Caller, _: Nothing) -> Result<BasketView, AppError> {
    app.baskets.looked_at_by(caller);
    current_of(app, &caller.client)
}

fn current_of(app: &App, client: &str) -> Result<BasketView, AppError> {
    let open = app.baskets.current(client, || BasketId::new(app.ids.next()));
    let open = lock(&open);
    basket_view(app, &open.basket)
}

pub(crate) fn add(app: &App, caller: &Caller, request: AddRequest) -> Result<Added, AppError> {
    let sellable = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.by_variant(request.variant_id)?))?
        .ok_or(AppError::no_item())?;
    let line = LineId::new(app.ids.next());
    let quantity = request.quantity.map_or(Quantity::ONE, Quantity::from_thousandths);
    let price = request.price.map(|minor| app.money(minor)).transpose()?;
    // An open price is the cashier's to enter; another price for a priced item is not.
    if price.is_some() && sellable.price.is_some() {
        return Err(AppError::BadText {
            reason: format!("\"{}\" has a price: change it on its line", sellable.name),
        });
    }
    let change = Change::Add { line, sellable, quantity, price };
    let (basket, line_id) = change_basket(app, caller, request.basket_id, change)?;
    Ok(Added { basket, line_id: line_id.unwrap_or(line), warning: None })
}

pub(crate) fn set_quantity(
    app: &App,
    caller: &Caller,
    request: SetQuantity,
) -> Result<BasketView, AppError> {
    let quantity = Quantity::from_thousandths(request.quantity);
    let change = Change::SetQuantity(request.line_id, quantity);
    change_basket(app, caller, request.basket_id, change).map(|(basket, _)| basket)
}

pub(crate) fn set_price(
    app: &App,
    caller: &Caller,
    request: SetPrice,
) -> Result<BasketView, AppError> {
    let price = match request.price {
        None => None,
        Some(minor) => Some(PriceOverride { price: app.money(minor)?, reason: request.reason }),
    };
    let change = Change::SetPrice(request.line_id, price);
    change_basket(app, caller, request.basket_id, change).map(|(basket, _)| basket)
}

pub(crate) fn set_note(
    app: &App,
    caller: &Caller,
    request: SetNote,
) -> Result<BasketView, AppError> {
    // An app's note may be longer: it was asked for as it is, and nobody types it at the till.
    if request.note.chars().count() > MAX_NOTE {
        return Err(AppError::BadText {
            reason: format!("a note holds up to {MAX_NOTE} characters"),
        });
    }
    let change = Change::SetNote(request.line_id, Some(request.note));
    change_basket(app, caller, request.basket_id, change).map(|(basket, _)| basket)
}

pub(crate) fn remove_line(
    app: &App,
    caller: &Caller,
    request: LineRequest,
) -> Result<BasketView, AppError> {
    let change = Change::Remove(request.line_id);
    change_basket(app, caller, request.basket_id, change).map(|(basket, _)| basket)
}

pub(crate) fn clear(
    app: &App,
    caller: &Caller,
    request: BasketRequest,
) -> Result<BasketView, AppError> {
    change_basket(app, caller, request.basket_id, Change::Clear).map(|(basket, _)| basket)
}

pub(crate) fn undo(
    app: &App,
    caller: &Caller,
    request: BasketRequest,
) -> Result<BasketView, AppError> {
    with_basket(app, caller, request.basket_id, |basket| Ok(basket.undo()?)).map(|(view, ())| view)
}

pub(crate) fn change_basket(
    app: &App,
    caller: &Caller,
    id: BasketId,
    change: Change,
) -> Result<(BasketView, Option<LineId>), AppError> {
    with_basket(app, caller, id, |basket| Ok(basket.apply(change)?))
}

/// Changes a basket and prices it. If either is refused, the basket is as it was. What goes out of a
/// basket after a payment had been taken for it is in the journal first.
pub(crate) fn with_basket<T>(
    app: &App,
    caller: &Caller,
    id: BasketId,
    edit: impl FnOnce(&mut Basket) -> Result<T, AppError>,
) -> Result<(BasketView, T), AppError> {
    let shared = app.baskets.get(id).ok_or(AppError::no_basket())?;
    let open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    edit_open(app, caller, open, edit)
}

/// The same with whichever basket is the caller's: one that is paid at this very moment leaves the
/// next.
pub(crate) fn change_current(
    app: &App,
    caller: &Caller,
    change: Change,
) -> Result<(BasketView, Option<LineId>), AppError> {
    loop {
        let shared = app.baskets.current(&caller.client, || BasketId::new(app.ids.next()));
        let open = lock(&shared);
        // Paid or parked while we waited for the lock: it is not the caller's any more.
        if !open.gone && open.basket.parked.is_none() {
            return edit_open(app, caller, open, |basket| Ok(basket.apply(change)?));
        }
    }
}

fn edit_open<T>(
    app: &App,
    caller: &Caller,
    mut open: MutexGuard<'_, Open>,
    edit: impl FnOnce(&mut Basket) -> Result<T, AppError>,
) -> Result<(BasketView, T), AppError> {
    app.baskets.used_by(caller);
    cards::must_be_free(app, open.basket.id())?;
    payment_requests::must_not_be_asked(app, open.basket.id())?;
    let mut after = Arc::clone(&open.basket);
    let value = edit(Arc::make_mut(&mut after))?;
    let settled = app.settle(&after)?;
    reductions::within_limit(app, caller, &settled)?;
    let view = settled_view(app, &after, &settled)?;
    if open.basket.was_tendered() {
        journal_what_went(app, caller, &open.basket, &after)?;
    }
    open.basket = after;
    keep(app, &open);
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok((view, value))
}

/// Writes into the journal what a change took out of a basket that was paid in part before.
fn journal_what_went(
    app: &App,
    caller: &Caller,
    before: &Basket,
    after: &Basket,
) -> Result<(), AppError> {
    let mut gone = voided(app, caller, before, &app.settle(before)?, None)?;
    let now = |id: LineId| after.lines().iter().find(|line| line.id == id).map(|l| l.quantity);
    let ids = before.lines().iter().map(|line| line.id);
    let mut lines = Vec::new();
    for (id, mut line) in ids.zip(gone.lines) {
        match now(id) {
            None => lines.push(line),
            Some(left) if left < line.quantity => {
                line.quantity = line.quantity.plus(left.negated());
                lines.push(line);
            }
            Some(_) => {}
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    gone.total = Money::sum(app.currency(), lines.iter().map(|line| line.total))?;
    gone.lines = lines;
    let at = gone.at;
    app.store.write::<_, AppError>(move |tx| {
        gone.shift = tx.open_shift()?.map(|shift| shift.id);
        tx.append(at.utc_ms, &Entry::LinesVoided(gone))?;
        Ok(())
    })
}

/// The basket is no more; whoever waits for its lock must not go on with it.
pub(crate) fn forget(app: &App, open: &mut Open) {
    open.gone = true;
    app.baskets.remove(open.basket.id());
}

pub(crate) fn keep(app: &App, open: &Open) {
    app.store.keep_basket(&open.client, Arc::clone(&open.basket));
}

pub(crate) fn park(app: &App, caller: &Caller, request: Park) -> Result<BasketView, AppError> {
    let label = request.label.trim();
    if label.chars().count() > MAX_LABEL {
        return Err(AppError::BadText {
            reason: format!("a label holds up to {MAX_LABEL} characters"),
        });
    }
    if app.baskets.parked_count() >= MAX_PARKED {
        return Err(AppError::BadText {
            reason: format!("{MAX_PARKED} baskets are parked: pay or empty some first"),
        });
    }
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    if open.basket.is_empty() {
        return Err(countertop_domain::sale::SaleError::Empty.into());
    }
    Arc::make_mut(&mut open.basket).parked = Some(Parked { label: label.to_owned() });
    app.baskets.park(request.basket_id, &open.client);
    keep(app, &open);
    drop(open);
    app.changed(&caller.client, &["basket"]);
    current_of(app, &caller.client)
}

/// Parks what a client has open that will not come back, so that another screen finds it: nothing that was
/// rung up is lost.
pub(crate) fn leave_to_others(app: &App, client: &str, label: &str) {
    let Some(shared) = app.baskets.of(client) else { return };
    let mut open = lock(&shared);
    if open.gone {
        return;
    }
    if open.basket.is_empty() {
        forget(app, &mut open);
        return;
    }
    let label = label.chars().take(MAX_LABEL).collect();
    Arc::make_mut(&mut open.basket).parked = Some(Parked { label });
    app.baskets.park(open.basket.id(), client);
    keep(app, &open);
}

pub(crate) fn parked(app: &App, _: &Caller, _: Nothing) -> Result<ParkedList, AppError> {
    let mut baskets = Vec::new();
    for shared in app.baskets.parked() {
        let open = lock(&shared);
        let view = basket_view(app, &open.basket)?;
        baskets.push(ParkedView {
            id: view.id,
            label: open.basket.parked.as_ref().map(|p| p.label.clone()).unwrap_or_default(),
            lines: u32::try_from(view.lines.len()).unwrap_or(u32::MAX),
            names: view.lines.iter().take(3).map(|line| line.name.clone()).collect(),
            total: view.total,
        });
    }
    Ok(ParkedList { baskets })
}

pub(crate) fn recall(
    app: &App,
    caller: &Caller,
    request: BasketRequest,
) -> Result<BasketView, AppError> {
    // A payment at a terminal may have ended while the register was off.
    cards::settle_basket(app, request.basket_id)?;
    let wanted = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    {
        let open = lock(&wanted);
        if open.gone || open.basket.parked.is_none() {
            return Err(AppError::no_basket());
        }
    }
    set_current_aside(app, caller)?;
    let mut open = lock(&wanted);
    // Another screen may have taken it while this one set its own aside.
    if open.gone || open.basket.parked.is_none() {
        return Err(AppError::no_basket());
    }
    Arc::make_mut(&mut open.basket).parked = None;
    open.client.clone_from(&caller.client);
    app.baskets.recall(request.basket_id, &caller.client);
    keep(app, &open);
    let view = basket_view(app, &open.basket)?;
    drop(open);
    app.baskets.used_by(caller);
    app.changed(&caller.client, &["basket"]);
    Ok(view)
}

/// Parks what the client has open, or forgets it if there is nothing in it.
pub(crate) fn set_current_aside(app: &App, caller: &Caller) -> Result<(), AppError> {
    let shared = app.baskets.current(&caller.client, || BasketId::new(app.ids.next()));
    let mut open = lock(&shared);
    let id = open.basket.id();
    if open.basket.is_empty() {
        open.gone = true;
        app.baskets.remove(id);
        return Ok(());
    }
    drop(open);
    park(app, caller, Park { basket_id: id, label: String::new() }).map(|_| ())
}
