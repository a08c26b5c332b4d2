//! A request comes in: checked, on disk, and only then shown.

use countertop_domain::ids::PaymentRequestId;
use countertop_domain::money::Money;
use countertop_domain::scope::Scope;
use countertop_store::{ClientAppRow, PaymentRequestRow, RequestStatus, Tx};
use sha2::{Digest, Sha256};

use super::apps::is_sandbox;
use super::course::{is_busy, sign, sweep};
use super::fault::{Fault, Wrong};
use super::filling;
use super::outcome::{Outcome, to_store};
use super::request::{Asked, PaymentRequest};
use super::{callback, posting, sandbox, tenders};
use crate::app::App;
use crate::error::AppError;

/// How long a request is good for.
const LIFE_MS: i64 = 15 * 60 * 1000;
/// Requests that wait behind the one on screen.
const QUEUE: usize = 20;
/// Refused requests that are kept.
const REFUSED: u32 = 200;
/// The most that a card terminal takes, minor units: eight digits, in the narrowest of their languages.
const CARD_MOST: i64 = 99_999_999;

/// Why a request was not taken, and whether its app may be told where it wished.
pub(super) struct NotTaken {
    pub(super) wrong: Wrong,
    /// The app, if the callback is one of those that it registered.
    pub(super) app: Option<ClientAppRow>,
}

/// A request that was taken.
pub(super) struct Taken {
    pub(super) row: PaymentRequestRow,
    /// False for one that was there already.
    pub(super) new: bool,
}

/// Takes a request, whichever door it came through. `callback_needed` for a link, whose caller hears
/// nothing otherwise.
pub(super) fn take(
    app: &App,
    asked: &Asked,
    callback_needed: bool,
) -> Result<Result<Taken, NotTaken>, AppError> {
    let known = match &asked.client_id {
        None => None,
        Some(id) => app.store.read::<_, AppError>(|snapshot| Ok(snapshot.client_app(id)?))?,
    };
    let Some(known) = known.filter(|known| known.revoked_ms.is_none()) else {
        return Ok(Err(NotTaken { wrong: Fault::Unauthorised.into(), app: None }));
    };
    let registered = match &asked.callback {
        Some(address) => callback::is_registered(address, &known.callbacks),
        None => !callback_needed,
    };
    if !registered {
        let wrong = Wrong::data(format!(
            "the address for the result is none that {} may use: let the owner look under Apps",
            known.name
        ));
        return Ok(Err(NotTaken { wrong, app: None }));
    }
    match checked(app, &known, asked) {
        Ok(request) => written(app, &known, request),
        Err(AppError::Wrong(wrong)) => Ok(Err(NotTaken { wrong, app: Some(known) })),
        Err(error) => Err(error),
    }
}

/// What can be wrong with a request that was read.
fn checked(app: &App, known: &ClientAppRow, asked: &Asked) -> Result<PaymentRequest, AppError> {
    let request = (**asked.what.as_ref().map_err(Clone::clone)?).clone();
    if !known.scopes.contains(&Scope::Payments) {
        return Err(Wrong::from(Fault::Unauthorised).into());
    }
    let identity = app.identity();
    if request.currency != identity.currency.code() {
        return Err(Wrong::from(Fault::CurrencyMismatch).into());
    }
    let here = |id: &String| *id == identity.series || *id == identity.register.to_string();
    if request.location_id.as_ref().is_some_and(|id| !here(id)) {
        return Err(Wrong::from(Fault::LocationMismatch).into());
    }
    if request.expires_ms.is_some_and(|at| at <= app.now().utc_ms) {
        return Err(Wrong::data("expires_at is over already").into());
    }
    if is_sandbox(&known.client_id) {
        return match sandbox::fault(request.amount) {
            Some(fault) => Err(Wrong::from(fault).into()),
            None => Ok(request),
        };
    }
    app.store.read::<_, AppError>(|snapshot| {
        filling::customer(snapshot, &request)?;
        let shop = app.shop();
        let taken = tenders::taken(snapshot, &shop, request.tenders.as_deref())?;
        if taken.is_empty() {
            return Err(Wrong::from(Fault::UnsupportedTenderType).into());
        }
        if request.amount > Money::MAX_MINOR
            || (tenders::only_cards(&taken) && request.amount > CARD_MOST)
        {
            return Err(Wrong::from(Fault::AmountTooLarge).into());
        }
        let id = countertop_domain::ids::BasketId::new(app.ids.next());
        filling::basket(app, snapshot, &request, &known.name, id)?;
        Ok(())
    })?;
    Ok(request)
}

/// What makes a second sending the same request: its key, else the caller's own word.
fn identity(request: &PaymentRequest) -> Option<String> {
    let key = request.idempotency_key.as_ref().map(|key| format!("k:{key}"));
    let state = || request.state.as_ref().filter(|state| !state.is_empty());
    key.or_else(|| state().map(|state| format!("s:{state}")))
}

fn new_row(
    app: &App,
    known: &ClientAppRow,
    request: &PaymentRequest,
) -> Result<PaymentRequestRow, AppError> {
    let body = to_store(request)?;
    let now = app.now().utc_ms;
    let latest = now + LIFE_MS;
    Ok(PaymentRequestRow {
        id: PaymentRequestId::new(app.ids.next()),
        client_id: known.client_id.clone(),
        identity: identity(request),
        caller_state: request.state.clone(),
        content: Sha256::digest(body.as_bytes()).into(),
        status: RequestStatus::Received,
        sandbox: is_sandbox(&known.client_id),
        request: body,
        basket: None,
        client: String::new(),
        received_ms: now,
        expires_ms: request.expires_ms.map_or(latest, |at| at.min(latest)),
        updated_ms: now,
        result: None,
        replied_ms: None,
        called_back: 0,
    })
}

fn written(
    app: &App,
    known: &ClientAppRow,
    request: PaymentRequest,
) -> Result<Result<Taken, NotTaken>, AppError> {
    // Those whose time is over make room.
    sweep(app)?;
    let mut row = new_row(app, known, &request)?;
    if row.sandbox {
        let (status, outcome) = sandbox::outcome(row.id, request.amount);
        row.status = status;
        row.result = outcome.as_ref().map(to_store).transpose()?;
    }
    let taken = app.store.write::<_, AppError>(move |tx| write(tx, row, &request));
    match taken {
        Ok(taken) => {
            if taken.new {
                app.changed("", &["requests"]);
                app.requests.wake();
                posting::send(app);
            }
            Ok(Ok(taken))
        }
        Err(AppError::Wrong(wrong)) => Ok(Err(NotTaken { wrong, app: Some(known.clone()) })),
        Err(error) => Err(error),
    }
}

fn write(
    tx: &Tx<'_>,
    mut row: PaymentRequestRow,
    request: &PaymentRequest,
) -> Result<Taken, AppError> {
    if let Some(identity) = &row.identity
        && let Some(same) = tx.same_payment_request(&row.client_id, identity)?
    {
        if same.content == row.content {
            return Ok(Taken { row: same, new: false });
        }
        return Err(Wrong::from(Fault::Conflict).into());
    }
    if !row.sandbox {
        let open = tx.open_payment_requests()?.iter().filter(|row| is_busy(row)).count();
        let room = if request.queue { QUEUE + 1 } else { 1 };
        if open >= room {
            return Err(Wrong::from(Fault::Busy).into());
        }
    }
    sign(tx, &mut row)?;
    tx.add_payment_request(&row)?;
    if row.status.is_final() {
        posting::queue(tx, &row)?;
    }
    tx.note_change("payment_request", &row.id.to_string(), "created", row.received_ms)?;
    Ok(Taken { row, new: true })
}

/// Keeps a request that was refused, with the reply that its app gets.
pub(super) fn keep_refused(
    app: &App,
    known: &ClientAppRow,
    asked: &Asked,
    wrong: &Wrong,
) -> Result<PaymentRequestRow, AppError> {
    let request = match &asked.what {
        Ok(request) => (**request).clone(),
        Err(_) => PaymentRequest::unread(asked, app.currency().code()),
    };
    let mut row = new_row(app, known, &request)?;
    row.identity = None;
    row.caller_state.clone_from(&asked.state);
    row.status = RequestStatus::Refused;
    row.result = Some(to_store(&Outcome::failed(wrong.fault, &wrong.words))?);
    row.replied_ms = Some(row.received_ms);
    let row = app.store.write::<_, AppError>(move |tx| {
        sign(tx, &mut row)?;
        tx.add_payment_request(&row)?;
        posting::queue(tx, &row)?;
        tx.keep_refused_requests(REFUSED)?;
        Ok(row)
    })?;
    app.changed("", &["requests"]);
    posting::send(app);
    Ok(row)
}
