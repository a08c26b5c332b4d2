//! What the screen does about requests: shows them, takes them up, gives them up, and opens the
//! answer.

use std::sync::Arc;

use countertop_domain::basket::BasketError;
use countertop_domain::ids::{BasketId, SaleId};
use countertop_domain::journal::Entry;
use countertop_store::{ClientAppRow, PaymentRequestRow, RequestStatus};

use super::course::{finish, is_busy, look, look_in_turn, request_of, sweep, told, write};
use super::desk::tips_allowed;
use super::fault::{Fault, Wrong};
use super::outcome::{Asker, Outcome};
use super::receive::{keep_refused, take};
use super::request::Asked;
use super::{apps, filling, link, posting, tenders};
use crate::app::{App, Caller};
use crate::cards;
use crate::checkout::{keep, set_current_aside};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::returns::voided;
use crate::views::{basket_view, pay_with};
use crate::wire::{
    BasketView, CancelRequest, ListRequests, Nothing, OpenRequests, PaymentRequestRef, ReceiveLink,
    RequestEnd, RequestLine, RequestList, RequestReceived, RequestStatusView, RequestView,
};

/// Requests of a list.
const PAGE: u32 = 50;
/// Characters of a reason.
const MAX_REASON: usize = 200;

pub(crate) fn open(app: &App, _: &Caller, _: Nothing) -> Result<OpenRequests, AppError> {
    let rows = sweep(app)?;
    let mut rows = rows.into_iter().filter(is_busy);
    let Some(current) = rows.next() else { return Ok(OpenRequests::default()) };
    let waiting = u32::try_from(rows.count()).unwrap_or(u32::MAX);
    let current = match current.status {
        RequestStatus::Received => shown(app, &current)?,
        _ => current,
    };
    Ok(OpenRequests { current: Some(view(app, &current)?), waiting })
}

/// The screen has it now.
fn shown(app: &App, row: &PaymentRequestRow) -> Result<PaymentRequestRow, AppError> {
    let _turn = app.requests.turn();
    let mut row = look_in_turn(app, row.id)?;
    if row.status != RequestStatus::Received {
        return Ok(row);
    }
    row.status = RequestStatus::Shown;
    row.updated_ms = app.now().utc_ms;
    write(app, row)
}

pub(crate) fn accept(
    app: &App,
    caller: &Caller,
    request: PaymentRequestRef,
) -> Result<BasketView, AppError> {
    let _turn = app.requests.turn();
    let mut row = look_in_turn(app, request.request_id)?;
    if let Some(basket) = row.basket.filter(|_| !row.status.is_final()) {
        return bring(app, caller, basket);
    }
    if !row.status.is_open() || row.sandbox {
        return Err(ended(&row));
    }
    let asked = request_of(&row)?;
    let name = app_of(app, &row)?.map_or_else(|| row.client_id.clone(), |known| known.name);
    let id = BasketId::new(app.ids.next());
    let basket = app
        .store
        .read::<_, AppError>(|snapshot| filling::basket(app, snapshot, &asked, &name, id))?;
    set_current_aside(app, caller)?;
    row.status = RequestStatus::Accepted;
    row.basket = Some(id);
    row.client.clone_from(&caller.client);
    row.updated_ms = app.now().utc_ms;
    let basket = Arc::new(basket);
    let saved = Arc::clone(&basket);
    app.store.write::<_, AppError>(move |tx| {
        tx.put_basket(&row.client, &saved)?;
        tx.set_payment_request(&row)?;
        tx.note_change("payment_request", &row.id.to_string(), "updated", row.updated_ms)?;
        Ok(())
    })?;
    app.requests.hold(id, name, tenders::kinds(asked.tenders.as_deref()), asked.tips);
    app.baskets.take_in(&caller.client, Arc::clone(&basket));
    app.baskets.used_by(caller);
    app.changed(&caller.client, &["basket", "requests"]);
    basket_view(app, &basket)
}

/// Brings a basket that was made before to this screen: it was parked, or the register stopped
/// meanwhile.
fn bring(app: &App, caller: &Caller, id: BasketId) -> Result<BasketView, AppError> {
    cards::settle_basket(app, id)?;
    let shared = app.baskets.get(id).ok_or(AppError::no_basket())?;
    let here = {
        let open = lock(&shared);
        open.client == caller.client && open.basket.parked.is_none()
    };
    if !here {
        set_current_aside(app, caller)?;
    }
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    if !here {
        Arc::make_mut(&mut open.basket).parked = None;
        open.client.clone_from(&caller.client);
        app.baskets.move_to(id, &caller.client);
        keep(app, &open);
    }
    let view = basket_view(app, &open.basket)?;
    drop(open);
    app.baskets.used_by(caller);
    app.changed(&caller.client, &["basket", "requests"]);
    Ok(view)
}

pub(crate) fn cancel(
    app: &App,
    caller: &Caller,
    request: CancelRequest,
) -> Result<RequestEnd, AppError> {
    let reason = request.reason.trim().to_owned();
    if reason.chars().count() > MAX_REASON || reason.chars().any(char::is_control) {
        return Err(AppError::BadText {
            reason: format!("a reason holds up to {MAX_REASON} characters on one line"),
        });
    }
    let _turn = app.requests.turn();
    let row = look_in_turn(app, request.request_id)?;
    if row.status.is_final() {
        return end_of(app, row);
    }
    let canceled = Outcome::failed(Fault::Canceled, "");
    let Some(basket) = row.basket else {
        let row = finish(app, &row, RequestStatus::Canceled, canceled, None)?;
        return end_of(app, row);
    };
    let shared = app.baskets.get(basket).ok_or(AppError::no_basket())?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    // Nobody says canceled of what may be charged.
    cards::must_be_free(app, basket)?;
    if !open.basket.tenders().is_empty() {
        return Err(BasketError::PartlyPaid.into());
    }
    let settled = app.settle(&open.basket)?;
    let mut gone = voided(app, caller, &open.basket, &settled, None)?;
    gone.reason = if reason.is_empty() { "Payment request canceled".to_owned() } else { reason };
    let at = gone.at;
    app.store.write::<_, AppError>(move |tx| {
        gone.shift = tx.open_shift()?.map(|shift| shift.id);
        tx.append(at.utc_ms, &Entry::BasketVoided(gone))?;
        Ok(())
    })?;
    let row = finish(app, &row, RequestStatus::Canceled, canceled, Some(&mut open))?;
    drop(open);
    app.changed(&caller.client, &["basket", "register"]);
    end_of(app, row)
}

pub(crate) fn end(
    app: &App,
    _: &Caller,
    request: PaymentRequestRef,
) -> Result<RequestEnd, AppError> {
    let _turn = app.requests.turn();
    let row = look_in_turn(app, request.request_id)?;
    end_of(app, row)
}

/// What to open. That it was given out is on disk first.
fn end_of(app: &App, row: PaymentRequestRow) -> Result<RequestEnd, AppError> {
    let known = app_of(app, &row)?;
    let name = known.as_ref().map_or_else(|| row.client_id.clone(), |known| known.name.clone());
    let outcome = Outcome::of_row(&row)?;
    let Some(outcome) = outcome else {
        return Ok(RequestEnd {
            status: status_view(row.status),
            callback_url: None,
            post: false,
            auto_return_ms: None,
            app: name,
            message: "The payment is still under way.".to_owned(),
        });
    };
    let row = if row.replied_ms.is_none() { told(app, row)? } else { row };
    let asked = request_of(&row)?;
    let post = known.as_ref().is_some_and(|known| posting::address(known, &asked).is_some());
    // An app that was revoked meanwhile is not called.
    let may = known.is_some_and(|known| known.revoked_ms.is_none());
    let message = match outcome.fault {
        None => format!("{name} hears that it is paid."),
        Some(_) if !outcome.words.is_empty() => sentence(&outcome.words),
        Some(fault) => sentence(fault.words()),
    };
    Ok(RequestEnd {
        status: status_view(row.status),
        callback_url: if may && !post { reply_url(&row, &outcome)? } else { None },
        post,
        auto_return_ms: asked.auto_return_ms,
        app: name,
        message,
    })
}

fn reply_url(row: &PaymentRequestRow, outcome: &Outcome) -> Result<Option<String>, AppError> {
    let asked = request_of(row)?;
    let Some(callback) = &asked.callback else { return Ok(None) };
    let asker = Asker { dialect: asked.dialect };
    Ok(Some(outcome.reply(row, &asked).url(callback, &asker, outcome.fault)))
}

pub(crate) fn called_back(
    app: &App,
    _: &Caller,
    request: PaymentRequestRef,
) -> Result<RequestView, AppError> {
    let _turn = app.requests.turn();
    let mut row = look_in_turn(app, request.request_id)?;
    if row.replied_ms.is_none() {
        return Err(AppError::BadText {
            reason: "nothing was told yet: ask for the end of the request first".to_owned(),
        });
    }
    row.called_back = row.called_back.saturating_add(1);
    row.updated_ms = app.now().utc_ms;
    let row = write(app, row)?;
    view(app, &row)
}

pub(crate) fn receive_link(
    app: &App,
    _: &Caller,
    request: ReceiveLink,
) -> Result<RequestReceived, AppError> {
    let asked = match link::read_link(&request.url, apps::takes_square_links(app)?) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(nothing(&wrong)),
    };
    match take(app, &asked, true)? {
        Ok(taken) => {
            let row = look(app, taken.row.id)?;
            let end = match row.status.is_final() || row.sandbox && row.result.is_some() {
                true => {
                    let _turn = app.requests.turn();
                    Some(end_of(app, row.clone())?)
                }
                false => None,
            };
            let message = match (taken.new, &end) {
                (_, Some(end)) => end.message.clone(),
                (true, None) => "A payment is asked for.".to_owned(),
                (false, None) => "This payment is asked for already.".to_owned(),
            };
            let request = Some(view(app, &row)?);
            Ok(RequestReceived { request, end, message, error_code: None })
        }
        Err(not_taken) => match &not_taken.app {
            // Unknown app or address: nothing is opened.
            None => Ok(nothing(&not_taken.wrong)),
            Some(known) => refused(app, known, &asked, &not_taken.wrong),
        },
    }
}

fn nothing(wrong: &Wrong) -> RequestReceived {
    RequestReceived {
        request: None,
        end: None,
        message: sentence(&wrong.words),
        error_code: Some(wrong.fault.code().to_owned()),
    }
}

fn refused(
    app: &App,
    known: &ClientAppRow,
    asked: &Asked,
    wrong: &Wrong,
) -> Result<RequestReceived, AppError> {
    let row = keep_refused(app, known, asked, wrong)?;
    Ok(RequestReceived {
        request: None,
        end: Some(end_of(app, row)?),
        message: sentence(&wrong.words),
        error_code: Some(wrong.fault.code().to_owned()),
    })
}

/// Words as a sentence of their own.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

pub(crate) fn requests_of(
    app: &App,
    _: &Caller,
    request: ListRequests,
) -> Result<RequestList, AppError> {
    sweep(app)?;
    let mut rows = app.store.read::<_, AppError>(|snapshot| {
        Ok(snapshot.payment_requests_of(&request.client_id, None, request.before, PAGE + 1)?)
    })?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let requests = rows.iter().map(|row| view(app, row)).collect::<Result<_, _>>()?;
    Ok(RequestList { requests, more })
}

fn app_of(app: &App, row: &PaymentRequestRow) -> Result<Option<ClientAppRow>, AppError> {
    app.store.read(|snapshot| Ok(snapshot.client_app(&row.client_id)?))
}

fn ended(row: &PaymentRequestRow) -> AppError {
    AppError::RequestEnded { status: row.status.name() }
}

pub(super) fn view(app: &App, row: &PaymentRequestRow) -> Result<RequestView, AppError> {
    let asked = request_of(row)?;
    let outcome = Outcome::of_row(row)?;
    let (name, customer, kinds) = app.store.read::<_, AppError>(|snapshot| {
        let known = snapshot.client_app(&row.client_id)?;
        // They may have been erased since.
        let customer = filling::customer(snapshot, &asked).ok().flatten();
        let kinds = tenders::taken(snapshot, &app.shop(), asked.tenders.as_deref())?;
        Ok((known.map(|known| known.name), customer, kinds))
    })?;
    let lines = asked.line_items.iter().map(|line| RequestLine {
        name: line.name.clone(),
        quantity: line.quantity,
        price: line.price,
    });
    Ok(RequestView {
        id: row.id,
        app: name.unwrap_or_else(|| row.client_id.clone()),
        client_id: row.client_id.clone(),
        amount: asked.amount,
        tip_allowed: tips_allowed(app, asked.tips),
        line_items: lines.collect(),
        notes: asked.notes.clone(),
        customer: customer.map(|customer| customer.name),
        tenders: kinds.into_iter().map(pay_with).collect(),
        auto_return_ms: asked.auto_return_ms,
        skip_receipt: asked.skip_receipt,
        disable_cnp: asked.disable_cnp,
        untaxed: asked.clear_default_fees,
        status: status_view(row.status),
        basket_id: row.basket,
        sale_id: outcome.as_ref().and_then(|outcome| outcome.sale).map(|id: SaleId| id),
        receipt: outcome.as_ref().and_then(|outcome| outcome.receipt.clone()),
        error_code: outcome.and_then(|outcome| outcome.fault).map(|f| asked.dialect.code_of(f)),
        sandbox: row.sandbox,
        received_ms: row.received_ms,
        expires_ms: row.expires_ms,
        replied: row.replied_ms.is_some(),
        called_back: row.called_back,
        posted: posting::posted(app, row, &asked)?,
    })
}

const fn status_view(status: RequestStatus) -> RequestStatusView {
    match status {
        RequestStatus::Received => RequestStatusView::Received,
        RequestStatus::Shown => RequestStatusView::Shown,
        RequestStatus::Accepted => RequestStatusView::Accepted,
        RequestStatus::InDoubt => RequestStatusView::InDoubt,
        RequestStatus::Completed => RequestStatusView::Completed,
        RequestStatus::Canceled => RequestStatusView::Canceled,
        RequestStatus::Refused => RequestStatusView::Refused,
        RequestStatus::Expired => RequestStatusView::Expired,
    }
}
