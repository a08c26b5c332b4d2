//! What a program does about its requests over HTTP: asks, looks, finds, gives up.

use countertop_domain::ids::PaymentRequestId;
use countertop_domain::journal::Entry;
use countertop_store::{ClientAppRow, PaymentRequestRow, RequestStatus, StoreError};
use serde_json::{Map, Value};

use super::course::{finish, look, look_in_turn, request_of};
use super::fault::{Fault, Wrong};
use super::json;
use super::no_request;
use super::outcome::{Outcome, Reply};
use super::receive::take;
use crate::app::{App, Caller};
use crate::error::AppError;

/// A request, as a program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Its id.
    pub id: PaymentRequestId,
    /// The app that asked.
    pub client_id: String,
    /// The caller's own word.
    pub state: Option<String>,
    /// Where it is: `received`, `shown`, `accepted`, `in_doubt`, `completed`, `canceled`, `refused` or
    /// `expired`.
    pub status: &'static str,
    /// What was asked, minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: String,
    /// True for a test.
    pub sandbox: bool,
    /// When it came, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// When it changed last.
    pub updated_ms: i64,
    /// From when on it is not taken any more.
    pub expires_ms: i64,
    /// What the app is told; none while it is under way.
    pub reply: Option<Reply>,
}

/// Takes a request that came as JSON. True if it is new, false if it is one that was there.
///
/// # Errors
/// [`AppError::Wrong`] with the code of what is wrong, or the store's.
pub fn submit(
    app: &App,
    caller: &Caller,
    body: &Map<String, Value>,
) -> Result<(RequestRecord, bool), AppError> {
    let mut body = body.clone();
    let own = app_of(app, caller)?;
    if let Some(own) = &own {
        // A program with a token of its own need not say who it is, and may not say anything else.
        let named = body.entry("client_id").or_insert_with(|| own.client_id.clone().into());
        if named.as_str() != Some(own.client_id.as_str()) {
            return Err(Wrong::new(
                Fault::Unauthorised,
                format!("this token is that of {}: send its client_id", own.client_id),
            )
            .into());
        }
    }
    let asked = json::read(&body, json::From::Http);
    match take(app, &asked, false)? {
        Ok(taken) => {
            let row = look(app, taken.row.id)?;
            Ok((record(&row)?, taken.new))
        }
        Err(not_taken) => match asked.what {
            // What cannot be read at all is said first, whoever sent it.
            Err(wrong) if not_taken.app.is_none() && asked.client_id.is_none() => Err(wrong.into()),
            _ => Err(not_taken.wrong.into()),
        },
    }
}

/// A request as it is now.
///
/// # Errors
/// There is none, or none of this program's; the store's.
pub fn get(app: &App, caller: &Caller, id: PaymentRequestId) -> Result<RequestRecord, AppError> {
    let row = look(app, id)?;
    may_see(app, caller, &row)?;
    record(&row)
}

/// The requests of an app, the newest first; those with a state if one is given. `after` is the last
/// one of the page before.
///
/// # Errors
/// The store's.
pub fn find(
    app: &App,
    caller: &Caller,
    client_id: &str,
    state: Option<&str>,
    after: Option<PaymentRequestId>,
    limit: u32,
) -> Result<Vec<RequestRecord>, AppError> {
    if app_of(app, caller)?.is_some_and(|own| own.client_id != client_id) {
        return Ok(Vec::new());
    }
    super::course::sweep(app)?;
    let rows = app.store.read::<_, AppError>(|snapshot| {
        Ok(snapshot.payment_requests_of(client_id, state, after, limit)?)
    })?;
    rows.iter().map(record).collect()
}

/// Gives a request up that no cashier has accepted.
///
/// # Errors
/// There is none; it is being paid, or has ended another way; the store's.
pub fn cancel(app: &App, caller: &Caller, id: PaymentRequestId) -> Result<RequestRecord, AppError> {
    let _turn = app.requests.turn();
    let row = look_in_turn(app, id)?;
    may_see(app, caller, &row)?;
    match row.status {
        RequestStatus::Received | RequestStatus::Shown => {
            let canceled = Outcome::failed(Fault::Canceled, "the app canceled its request");
            record(&finish(app, &row, RequestStatus::Canceled, canceled, None)?)
        }
        RequestStatus::Canceled => record(&row),
        status => Err(AppError::RequestEnded { status: status.name() }),
    }
}

/// The register's public key, as the journal's first entry has it: 32 bytes.
///
/// # Errors
/// The store's.
pub fn public_key(app: &App) -> Result<Vec<u8>, AppError> {
    let damaged = || StoreError::Damaged {
        what: "register's key",
        reason: "the journal does not begin with it".to_owned(),
    };
    app.store.read(|snapshot| {
        let first = snapshot.entry(1)?.ok_or_else(damaged)?;
        match first.entry()? {
            Entry::RegisterFounded(founded) => {
                hex::decode(founded.public_key).map_err(|_| damaged().into())
            }
            _ => Err(damaged().into()),
        }
    })
}

/// The app whose token a program came with; none for a token of no app.
fn app_of(app: &App, caller: &Caller) -> Result<Option<ClientAppRow>, AppError> {
    let Some(token) = caller.client.strip_prefix("token-") else { return Ok(None) };
    let apps = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.client_apps()?))?;
    Ok(apps.into_iter().find(|row| row.token.is_some_and(|id| id.to_string() == token)))
}

fn may_see(app: &App, caller: &Caller, row: &PaymentRequestRow) -> Result<(), AppError> {
    match app_of(app, caller)? {
        Some(own) if own.client_id != row.client_id => Err(no_request()),
        _ => Ok(()),
    }
}

fn record(row: &PaymentRequestRow) -> Result<RequestRecord, AppError> {
    let asked = request_of(row)?;
    let reply = Outcome::of_row(row)?.map(|outcome| outcome.reply(row, &asked));
    Ok(RequestRecord {
        id: row.id,
        client_id: row.client_id.clone(),
        state: row.caller_state.clone(),
        status: row.status.name(),
        amount: asked.amount,
        currency: asked.currency,
        sandbox: row.sandbox,
        received_ms: row.received_ms,
        updated_ms: row.updated_ms,
        expires_ms: row.expires_ms,
        reply,
    })
}
