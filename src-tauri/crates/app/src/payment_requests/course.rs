//! The course of a request: received, shown, accepted, and one end. What became of it is never
//! guessed: it is read from the sale and from the payments at terminals, whenever somebody looks.

use countertop_domain::ids::{BasketId, PaymentRequestId, SaleId};
use countertop_domain::sale::Sale;
use countertop_store::{PaymentRequestRow, PaymentState, RequestStatus, Tx};

use super::fault::Fault;
use super::outcome::{Outcome, stored, to_store};
use super::request::PaymentRequest;
use super::{no_request, posting, sandbox};
use crate::app::App;
use crate::checkout::forget;
use crate::error::AppError;
use crate::open_baskets::{Open, lock};

/// What was asked.
pub(super) fn request_of(row: &PaymentRequestRow) -> Result<PaymentRequest, AppError> {
    stored(&row.request)
}

/// Whether a request stands in the way of another: it waits, it is being paid, or nobody was told yet
/// that it is in doubt.
pub(super) fn is_busy(row: &PaymentRequestRow) -> bool {
    !row.sandbox
        && (row.status.is_open()
            || (row.status == RequestStatus::InDoubt && row.replied_ms.is_none()))
}

/// Puts the register's signature into a row's result.
pub(super) fn sign(tx: &Tx<'_>, row: &mut PaymentRequestRow) -> Result<(), AppError> {
    let Some(mut outcome) = Outcome::of_row(row)? else { return Ok(()) };
    let reply = outcome.reply(row, &request_of(row)?);
    outcome.signature = tx.sign(reply.canonical(&row.client_id).as_bytes());
    row.result = Some(to_store(&outcome)?);
    Ok(())
}

/// A request as it is now: what the clock, the sale or a terminal has decided meanwhile is on disk
/// before this returns.
pub(super) fn look(app: &App, id: PaymentRequestId) -> Result<PaymentRequestRow, AppError> {
    let _turn = app.requests.turn();
    look_in_turn(app, id)
}

/// The same for whoever has the turn.
pub(super) fn look_in_turn(app: &App, id: PaymentRequestId) -> Result<PaymentRequestRow, AppError> {
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment_request(id)?))?;
    refreshed(app, row.ok_or(no_request())?)
}

/// Looks at every request that has not ended.
pub(super) fn sweep(app: &App) -> Result<Vec<PaymentRequestRow>, AppError> {
    let _turn = app.requests.turn();
    let open = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.open_payment_requests()?))?;
    open.into_iter().map(|row| refreshed(app, row)).collect()
}

fn refreshed(app: &App, row: PaymentRequestRow) -> Result<PaymentRequestRow, AppError> {
    let now = app.now().utc_ms;
    let over = now >= row.expires_ms;
    match (row.status, row.basket) {
        (status, _) if status.is_final() => Ok(row),
        (RequestStatus::InDoubt, None) => {
            // Only a test is in doubt without a basket.
            if now < row.received_ms + sandbox::DOUBT_MS {
                return Ok(row);
            }
            let (status, outcome) = sandbox::after_doubt(row.id, request_of(&row)?.amount);
            finish(app, &row, status, outcome, None)
        }
        (_, Some(basket)) => of_basket(app, row, basket, over),
        (_, None) if over => {
            finish(app, &row, RequestStatus::Expired, Outcome::failed(Fault::Expired, ""), None)
        }
        (_, None) => Ok(row),
    }
}

/// A request that is being paid.
fn of_basket(
    app: &App,
    row: PaymentRequestRow,
    basket: BasketId,
    over: bool,
) -> Result<PaymentRequestRow, AppError> {
    // Asked for before the sale: a basket that is no more by then has its sale on disk.
    let shared = app.baskets.get(basket);
    let Some(shared) = shared else { return without_basket(app, row, basket) };
    let mut open = lock(&shared);
    if open.gone {
        drop(open);
        return without_basket(app, row, basket);
    }
    if app.cards.holds(basket).is_some() {
        drop(open);
        return match in_doubt(app, basket)? {
            true => set_status(app, row, RequestStatus::InDoubt),
            // The terminal is at it.
            false => Ok(row),
        };
    }
    let told = row.status == RequestStatus::InDoubt && row.replied_ms.is_some();
    if !open.basket.tenders().is_empty() {
        // A part is paid: it is the cashier's again, but an app that was told of a doubt waits on.
        drop(open);
        return if told { Ok(row) } else { set_status(app, row, RequestStatus::Accepted) };
    }
    if told {
        let canceled = Outcome::failed(Fault::Canceled, "");
        return finish(app, &row, RequestStatus::Canceled, canceled, Some(&mut open));
    }
    if over && !open.basket.was_tendered() {
        let expired = Outcome::failed(Fault::Expired, "");
        return finish(app, &row, RequestStatus::Expired, expired, Some(&mut open));
    }
    drop(open);
    set_status(app, row, RequestStatus::Accepted)
}

/// The basket is no more: it became a sale, or a payment at a terminal outlived it, or nothing was
/// charged.
fn without_basket(
    app: &App,
    row: PaymentRequestRow,
    basket: BasketId,
) -> Result<PaymentRequestRow, AppError> {
    if let Some(sale) = sale_of(app, basket)? {
        return finish(app, &row, RequestStatus::Completed, Outcome::paid(&sale), None);
    }
    if in_doubt(app, basket)? {
        return set_status(app, row, RequestStatus::InDoubt);
    }
    let canceled = Outcome::failed(Fault::Canceled, "");
    finish(app, &row, RequestStatus::Canceled, canceled, None)
}

fn sale_of(app: &App, basket: BasketId) -> Result<Option<Sale>, AppError> {
    app.store.read(|snapshot| Ok(snapshot.sale(SaleId::from(basket))?))
}

/// Whether a terminal may have charged a card for a basket, and no sale and no person says what became
/// of it: in doubt, or charged without a sale and not given back.
fn in_doubt(app: &App, basket: BasketId) -> Result<bool, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?))?;
    Ok(rows.iter().filter(|payment| payment.basket == basket).any(|payment| {
        payment.state == PaymentState::InDoubt || (payment.state.is_done() && payment.orphaned)
    }))
}

/// Moves a request on that has not ended.
pub(super) fn set_status(
    app: &App,
    row: PaymentRequestRow,
    status: RequestStatus,
) -> Result<PaymentRequestRow, AppError> {
    if row.status == status {
        return Ok(row);
    }
    let mut row = row;
    row.status = status;
    row.updated_ms = app.now().utc_ms;
    row.result = match status {
        RequestStatus::InDoubt => Some(to_store(&Outcome::failed(Fault::InDoubt, ""))?),
        _ => None,
    };
    write(app, row)
}

/// Ends a request: the result is on disk before anyone is told. `basket` is the open one that goes
/// with it.
pub(super) fn finish(
    app: &App,
    row: &PaymentRequestRow,
    status: RequestStatus,
    outcome: Outcome,
    basket: Option<&mut Open>,
) -> Result<PaymentRequestRow, AppError> {
    let mut row = row.clone();
    row.status = status;
    row.updated_ms = app.now().utc_ms;
    row.result = Some(to_store(&outcome)?);
    // Nothing was charged: the caller may ask again in the same words. A key stays what it is.
    let free = matches!(status, RequestStatus::Canceled | RequestStatus::Expired);
    if free && row.identity.as_ref().is_some_and(|identity| identity.starts_with("s:")) {
        row.identity = None;
    }
    let held = row.basket;
    let goes = basket.as_ref().map(|open| open.basket.id());
    let row = app.store.write::<_, AppError>(move |tx| {
        sign(tx, &mut row)?;
        tx.set_payment_request(&row)?;
        posting::queue(tx, &row)?;
        if let Some(id) = goes {
            tx.remove_basket(id)?;
        }
        tx.note_change("payment_request", &row.id.to_string(), "updated", row.updated_ms)?;
        Ok(row)
    })?;
    if let Some(open) = basket {
        forget(app, open);
        app.changed("", &["basket"]);
    }
    if let Some(basket) = held {
        app.requests.free(basket);
    }
    app.changed("", &["requests"]);
    posting::send(app);
    Ok(row)
}

/// Writes that the reply was given out for the first time.
pub(super) fn told(app: &App, mut row: PaymentRequestRow) -> Result<PaymentRequestRow, AppError> {
    row.replied_ms = Some(app.now().utc_ms);
    let row = app.store.write::<_, AppError>(move |tx| {
        sign(tx, &mut row)?;
        tx.set_payment_request(&row)?;
        posting::queue(tx, &row)?;
        tx.note_change("payment_request", &row.id.to_string(), "updated", row.updated_ms)?;
        Ok(row)
    })?;
    app.changed("", &["requests"]);
    posting::send(app);
    Ok(row)
}

/// A sale of an app's basket was completed: what became of requests is on disk, and on its way where it
/// is posted, though no screen asks. A failure is made up for by whoever asks.
pub(crate) fn after_sale(app: &App) {
    if let Err(error) = sweep(app) {
        tracing::warn!(%error, "what became of payment requests could not be kept yet");
    }
}

/// Writes a row as it is now.
pub(super) fn write(app: &App, mut row: PaymentRequestRow) -> Result<PaymentRequestRow, AppError> {
    let row = app.store.write::<_, AppError>(move |tx| {
        sign(tx, &mut row)?;
        tx.set_payment_request(&row)?;
        tx.note_change("payment_request", &row.id.to_string(), "updated", row.updated_ms)?;
        Ok(row)
    })?;
    app.changed("", &["requests"]);
    Ok(row)
}
