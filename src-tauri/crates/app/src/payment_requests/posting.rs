//! Results that the register posts to their app by itself, where the owner wants that: queued in the
//! transaction that makes the result durable, and sent as webhooks are.

use countertop_store::{ClientAppRow, DeliveryState, NewDelivery, PaymentRequestRow, Tx};
use countertop_sync::{AllowedHost, check_result_address};

use super::callback::{self, CallbackKind};
use super::course::{look_in_turn, request_of};
use super::outcome::{Asker, Outcome};
use super::page::view;
use super::request::PaymentRequest;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::webhooks;
use crate::wire::{PaymentRequestRef, PostedResult, RequestView};

/// What the messages are called.
const KIND: &str = "payment_request.result";
/// Why what waited for an address is given up.
const SHUT: &str = "the app's registration names this address no more, or was revoked";

/// Where the register itself posts the result of a request: none where its app opens a callback, or
/// asks.
pub(super) fn address<'a>(known: &ClientAppRow, asked: &'a PaymentRequest) -> Option<&'a str> {
    asked.callback.as_deref().filter(|address| may_be_posted(known, address))
}

/// Whether results may be posted to an address now.
fn may_be_posted(known: &ClientAppRow, address: &str) -> bool {
    known.post
        && known.revoked_ms.is_none()
        && is_web(address)
        && callback::is_registered(address, &known.callbacks)
}

fn is_web(address: &str) -> bool {
    matches!(callback::shape(address), Ok(CallbackKind::Web | CallbackKind::Loopback))
}

/// Refuses to post to addresses where the register must not go.
///
/// # Errors
/// In words for the owner: which address, and why.
pub(super) fn check(callbacks: &[String], allowed: &[AllowedHost]) -> Result<(), AppError> {
    let bad = |reason: String| Err(AppError::BadText { reason });
    let mut any = false;
    for address in callbacks.iter().filter(|address| is_web(address)) {
        any = true;
        if let Err(error) = check_result_address(address, allowed) {
            return bad(format!("results cannot be sent to {address}: {error}"));
        }
    }
    match any {
        true => Ok(()),
        false => bad(
            "the register sends results to https addresses only: add one, or have the app opened"
                .to_owned(),
        ),
    }
}

/// What was registered changed: no address that is registered no more gets anything, waiting or new.
pub(super) fn follow(tx: &Tx<'_>, known: &ClientAppRow) -> Result<(), AppError> {
    let may = |address: &str| may_be_posted(known, address);
    Ok(tx.shut_result_addresses(&known.client_id, may, SHUT)?)
}

/// Queues the result of a request for its app, if it is to be posted; in the transaction that makes it
/// durable.
pub(super) fn queue(tx: &Tx<'_>, row: &PaymentRequestRow) -> Result<(), AppError> {
    let Some(known) = tx.client_app(&row.client_id)? else { return Ok(()) };
    let asked = request_of(row)?;
    let (Some(address), Some(outcome)) = (address(&known, &asked), Outcome::of_row(row)?) else {
        return Ok(());
    };
    let message = NewDelivery {
        event: event(row),
        kind: KIND.to_owned(),
        lane: row.id.to_string(),
        body: outcome.reply(row, &asked).body(&Asker { dialect: asked.dialect }, outcome.fault),
    };
    if !tx.post_result(&known.client_id, address, &message, row.updated_ms)? {
        tracing::warn!(request = %row.id, "too many results wait for this app: it has to ask");
    }
    Ok(())
}

/// Has what was queued sent. What cannot be sent now stays queued.
pub(super) fn send(app: &App) {
    if let Err(error) = webhooks::look(app) {
        tracing::error!(%error, "results wait: they cannot be sent now");
    }
}

/// By what an app knows a result again: what is in doubt at first has two.
fn event(row: &PaymentRequestRow) -> String {
    format!("{}-{}", row.id, row.status.name())
}

/// What became of the posting of a result; none where nothing was posted.
pub(super) fn posted(
    app: &App,
    row: &PaymentRequestRow,
    asked: &PaymentRequest,
) -> Result<Option<PostedResult>, AppError> {
    let Some(address) = asked.callback.as_deref() else { return Ok(None) };
    let id = countertop_store::result_address(&row.client_id, address);
    let found =
        app.store.read::<_, AppError>(|snapshot| Ok(snapshot.delivery(id, &event(row))?))?;
    Ok(found.map(|message| PostedResult {
        state: message.state.name().to_owned(),
        attempts: message.attempts,
        due_ms: (message.state == DeliveryState::Waiting).then_some(message.due_ms),
        trouble: message.trouble,
    }))
}

/// Posts a result once more, as if it had never been tried.
pub(crate) fn post_again(
    app: &App,
    _: &Caller,
    request: PaymentRequestRef,
) -> Result<RequestView, AppError> {
    let _turn = app.requests.turn();
    let row = look_in_turn(app, request.request_id)?;
    let asked = request_of(&row)?;
    let known =
        app.store.read::<_, AppError>(|snapshot| Ok(snapshot.client_app(&row.client_id)?))?;
    let address = known.as_ref().and_then(|known| address(known, &asked)).map(str::to_owned);
    let told = row.status.is_final() || row.replied_ms.is_some();
    let Some(address) = address.filter(|_| told) else {
        return Err(AppError::BadText {
            reason: "this result is not sent by the register: see the app's registration"
                .to_owned(),
        });
    };
    let message = row.clone();
    app.store.write::<_, AppError>(move |tx| {
        queue(tx, &message)?;
        let id = countertop_store::result_address(&message.client_id, &address);
        tx.redeliver(id, &event(&message))?;
        Ok(())
    })?;
    send(app);
    app.changed("", &["requests"]);
    view(app, &row)
}
