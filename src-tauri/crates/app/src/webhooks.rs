//! Webhooks: who is told of events, and what became of the messages.

mod api;

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use countertop_domain::ids::{TokenId, WebhookId};
use countertop_domain::scope::Scope;
use countertop_store::{DeliveryRow, DeliveryState, Snapshot, Tx, WebhookRow};
use countertop_sync::{
    AllowedHost, Filter, ResolveNames, Surroundings, TYPES, WebhookSender, allowed_hosts,
    check_address, read_certificates, secret_text, set_allowed_hosts,
};
use rand_core::{OsRng, RngCore};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::payment_requests::RequestWatch;
use crate::wire::{
    DeliveryList, DeliveryView, ListDeliveries, Nothing, Redeliver, SaveWebhook, WebhookList,
    WebhookRequest, WebhookSaved, WebhookView,
};

/// Characters of a name.
const MAX_NAME: usize = 60;
/// Characters of certificates.
const MAX_CERTIFICATE: usize = 40_000;
/// Webhooks at once.
const MAX_WEBHOOKS: usize = 50;
/// Random bytes of a secret.
const SECRET: usize = 32;
/// How long an old secret signs beside a new one.
const OVERLAP_MS: i64 = 24 * 60 * 60 * 1000;
/// Messages of a page, and messages that are sent once more at once.
const PAGE: u32 = 50;
const MANY: u32 = 1_000;

const NO_DELIVERY: AppError = AppError::NoSuch { code: "no_such_delivery", what: "that message" };

/// Sends webhooks until it is dropped.
#[derive(Debug)]
pub struct WebhookWorker {
    app: Arc<App>,
    _requests: RequestWatch,
}

impl WebhookWorker {
    /// Starts to send; an address may take `patience` for everything. Without any webhook this starts
    /// nothing but waits for the first.
    ///
    /// # Errors
    /// The store's, or no thread can be started.
    pub fn start(
        app: Arc<App>,
        names: Arc<dyn ResolveNames>,
        patience: Duration,
    ) -> Result<Self, AppError> {
        let (clock, told) = (Arc::clone(&app.clock), Arc::downgrade(&app));
        let surroundings = Surroundings {
            now: Arc::new(move || clock.now().utc_ms),
            names,
            patience,
            changed: Arc::new(move || {
                if let Some(app) = told.upgrade() {
                    app.changed("", &["webhooks"]);
                }
            }),
        };
        let sender = WebhookSender::start(Arc::clone(&app.store), surroundings)?;
        *slot(&app) = Some(sender);
        let requests = RequestWatch::start(&app)?;
        Ok(Self { app, _requests: requests })
    }
}

impl Drop for WebhookWorker {
    fn drop(&mut self) {
        let sender = slot(&self.app).take();
        drop(sender);
    }
}

fn slot(app: &App) -> MutexGuard<'_, Option<WebhookSender>> {
    app.webhook_sender.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the sender look whether there is something to do.
pub(crate) fn look(app: &App) -> Result<(), AppError> {
    match &*slot(app) {
        Some(sender) => Ok(sender.look()?),
        None => Ok(()),
    }
}

/// Tells the screens, and has the sender look whether there is something to do.
fn changed(app: &App, caller: &Caller) -> Result<(), AppError> {
    app.changed(&caller.client, &["webhooks"]);
    look(app)
}

/// The token of a program. It sees only the webhooks that it made; a person sees all.
fn program(caller: &Caller) -> Option<TokenId> {
    caller.scopes.as_ref().map(|_| TokenId::new(caller.actor.staff.uuid()))
}

/// A webhook that the caller may see.
fn find(snapshot: &Snapshot<'_>, caller: &Caller, id: WebhookId) -> Result<WebhookRow, AppError> {
    let found = snapshot.webhook(id)?;
    found
        .filter(|hook| hook.app.is_none())
        .filter(|hook| program(caller).is_none_or(|own| hook.token == Some(own)))
        .ok_or(AppError::NoSuch { code: "no_such_webhook", what: "that webhook" })
}

pub(crate) fn list(app: &App, caller: &Caller, _: Nothing) -> Result<WebhookList, AppError> {
    app.store.read(|snapshot| {
        let own = program(caller);
        let mut webhooks = Vec::new();
        for hook in snapshot.webhooks()? {
            if hook.app.is_none() && (own.is_none() || hook.token == own) {
                webhooks.push(view(snapshot, &hook)?);
            }
        }
        Ok(WebhookList {
            webhooks,
            allowed_hosts: allowed_hosts(snapshot)?.iter().map(ToString::to_string).collect(),
            subjects: TYPES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        })
    })
}

/// What is said of a webhook, looked at before anything is written.
fn checked(request: &SaveWebhook) -> Result<(String, Filter), AppError> {
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad(format!(
            "name the webhook, in up to {MAX_NAME} characters on one line: you will want to know later \
             what it is for"
        )));
    }
    let filter = Filter::parse(request.types.iter().map(String::as_str))
        .map_err(|error| bad(error.to_string()))?;
    if request.certificate.len() > MAX_CERTIFICATE {
        return Err(bad("that is longer than certificates are: paste only the authority's"));
    }
    if !request.certificate.is_empty() {
        read_certificates(&request.certificate).map_err(bad)?;
    }
    Ok((name, filter))
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveWebhook,
) -> Result<WebhookSaved, AppError> {
    let fresh = WebhookId::new(app.ids.next());
    save_if(app, caller, fresh, request, |_| Ok(()))
}

/// The same, if `may` agrees to the webhook as it is now. A new one gets the id `fresh`: if there is
/// one of the caller's under it, the same request made it and was cut off before its answer.
pub(crate) fn save_if(
    app: &App,
    caller: &Caller,
    fresh: WebhookId,
    request: SaveWebhook,
    may: impl FnOnce(&WebhookView) -> Result<(), AppError> + Send + 'static,
) -> Result<WebhookSaved, AppError> {
    let (name, filter) = checked(&request)?;
    let now = app.now().utc_ms;
    let asked = caller.clone();
    let saved = app.store.write::<_, AppError>(move |tx| {
        let mut allowed = allowed_hosts(tx)?;
        if request.allow_host && asked.scopes.is_none() {
            allow(tx, &mut allowed, &request.url)?;
        }
        let url = check_address(&request.url, &allowed)?;
        let mut secret = None;
        let old = match request.id {
            Some(id) => {
                let old = find(tx, &asked, id)?;
                may(&view(tx, &old)?)?;
                if !old.enabled && request.enabled {
                    // It was not told of what happened meanwhile, and is not told now.
                    tx.take_in(id, tx.last_position()?, &[], now)?;
                }
                old
            }
            None if tx.webhook(fresh)?.is_some() => find(tx, &asked, fresh)?,
            None => {
                let made = first(tx, &asked, fresh, now)?;
                secret = Some(secret_text(&made.secret));
                made
            }
        };
        let hook = WebhookRow {
            name,
            url: url.into(),
            types: filter.types().to_vec(),
            enabled: request.enabled,
            certificate: request.certificate,
            updated_ms: now,
            trouble: if request.enabled { String::new() } else { old.trouble.clone() },
            ..old
        };
        tx.put_webhook(&hook)?;
        Ok(WebhookSaved { webhook: view(tx, &hook)?, secret })
    })?;
    changed(app, caller)?;
    Ok(saved)
}

/// A webhook as it begins, told of what happens from now on; what it is for comes from the request.
fn first(tx: &Tx<'_>, asked: &Caller, id: WebhookId, now: i64) -> Result<WebhookRow, AppError> {
    if tx.webhooks()?.iter().filter(|hook| hook.app.is_none()).count() >= MAX_WEBHOOKS {
        return Err(bad(format!(
            "there are {MAX_WEBHOOKS} webhooks already: remove those that nobody needs"
        )));
    }
    Ok(WebhookRow {
        id,
        token: program(asked),
        name: String::new(),
        url: String::new(),
        types: Vec::new(),
        scopes: asked.scopes.as_deref().unwrap_or(&Scope::ALL).to_vec(),
        enabled: true,
        certificate: String::new(),
        secret: new_secret(),
        old_secret: None,
        created_ms: now,
        updated_ms: now,
        position: tx.last_position()?,
        success_ms: None,
        trouble: String::new(),
        revoked: false,
        app: None,
    })
}

/// The owner allows the host and port of an address.
fn allow(tx: &Tx<'_>, allowed: &mut Vec<AllowedHost>, url: &str) -> Result<(), AppError> {
    let Some(host) = url::Url::parse(url).ok().as_ref().and_then(AllowedHost::of) else {
        return Ok(());
    };
    if !allowed.contains(&host) {
        allowed.push(host);
        allowed.sort();
        set_allowed_hosts(tx, allowed)?;
    }
    Ok(())
}

pub(crate) fn rotate(
    app: &App,
    caller: &Caller,
    request: WebhookRequest,
) -> Result<WebhookSaved, AppError> {
    let (now, asked) = (app.now().utc_ms, caller.clone());
    let saved = app.store.write::<_, AppError>(move |tx| {
        let mut hook = find(tx, &asked, request.webhook_id)?;
        let fresh = new_secret();
        let old = std::mem::replace(&mut hook.secret, fresh);
        hook.old_secret = Some((old, now.saturating_add(OVERLAP_MS)));
        hook.updated_ms = now;
        tx.put_webhook(&hook)?;
        let secret = Some(secret_text(&hook.secret));
        Ok(WebhookSaved { webhook: view(tx, &hook)?, secret })
    })?;
    changed(app, caller)?;
    Ok(saved)
}

pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: WebhookRequest,
) -> Result<WebhookList, AppError> {
    remove_if(app, caller, request.webhook_id, |_| Ok(()))?;
    list(app, caller, Nothing {})
}

pub(crate) fn remove_if(
    app: &App,
    caller: &Caller,
    id: WebhookId,
    may: impl FnOnce(&WebhookView) -> Result<(), AppError> + Send + 'static,
) -> Result<(), AppError> {
    let asked = caller.clone();
    app.store.write::<_, AppError>(move |tx| {
        let hook = find(tx, &asked, id)?;
        may(&view(tx, &hook)?)?;
        tx.remove_webhook(id)?;
        Ok(())
    })?;
    changed(app, caller)
}

pub(crate) fn deliveries(
    app: &App,
    caller: &Caller,
    request: ListDeliveries,
) -> Result<DeliveryList, AppError> {
    let state = match &request.state {
        None => None,
        Some(name) => Some(
            DeliveryState::parse(name)
                .ok_or_else(|| bad("a message is waiting, delivered or dead"))?,
        ),
    };
    let before = request.before.unwrap_or(i64::MAX);
    page(app, caller, request.webhook_id, state, before, PAGE)
}

fn page(
    app: &App,
    caller: &Caller,
    id: WebhookId,
    state: Option<DeliveryState>,
    before: i64,
    limit: u32,
) -> Result<DeliveryList, AppError> {
    app.store.read(|snapshot| {
        find(snapshot, caller, id)?;
        let mut rows = snapshot.deliveries(id, state, before, limit.saturating_add(1))?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        Ok(DeliveryList { deliveries: rows.iter().map(delivery_view).collect(), more })
    })
}

pub(crate) fn redeliver(
    app: &App,
    caller: &Caller,
    request: Redeliver,
) -> Result<DeliveryList, AppError> {
    let (id, asked) = (request.webhook_id, caller.clone());
    app.store.write::<_, AppError>(move |tx| {
        if find(tx, &asked, id)?.revoked {
            return Err(bad("its token was revoked: nothing is sent to this address any more"));
        }
        match &request.event_id {
            Some(event) if tx.redeliver(id, event)? => {}
            Some(_) => return Err(NO_DELIVERY),
            None => {
                for dead in tx.deliveries(id, Some(DeliveryState::Dead), i64::MAX, MANY)? {
                    tx.redeliver(id, &dead.event)?;
                }
            }
        }
        Ok(())
    })?;
    changed(app, caller)?;
    page(app, caller, id, None, i64::MAX, PAGE)
}

fn new_secret() -> Vec<u8> {
    let mut bytes = vec![0; SECRET];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

fn view(snapshot: &Snapshot<'_>, hook: &WebhookRow) -> Result<WebhookView, AppError> {
    let counts = snapshot.delivery_counts(hook.id)?;
    let tokens = if hook.token.is_some() { snapshot.tokens()? } else { Vec::new() };
    let program = tokens.into_iter().find(|token| Some(token.id) == hook.token);
    Ok(WebhookView {
        id: hook.id,
        name: hook.name.clone(),
        url: hook.url.clone(),
        types: hook.types.clone(),
        enabled: hook.enabled,
        trouble: hook.trouble.clone(),
        program: program.map(|token| token.name),
        revoked: hook.revoked,
        certificate: hook.certificate.clone(),
        old_secret_until_ms: hook.old_secret.as_ref().map(|(_, until)| *until),
        created_ms: hook.created_ms,
        updated_ms: hook.updated_ms,
        success_ms: hook.success_ms,
        waiting: counts.waiting,
        oldest_ms: counts.oldest_ms,
        dead: counts.dead,
    })
}

fn delivery_view(row: &DeliveryRow) -> DeliveryView {
    let waits = row.state == DeliveryState::Waiting;
    DeliveryView {
        number: row.number,
        event_id: row.event.clone(),
        kind: row.kind.clone(),
        state: row.state.name().to_owned(),
        created_ms: row.created_ms,
        attempts: row.attempts,
        tried_ms: row.tried_ms,
        due_ms: waits.then_some(row.due_ms),
        status: row.status,
        trouble: row.trouble.clone(),
    }
}

fn bad(reason: impl Into<String>) -> AppError {
    AppError::BadText { reason: reason.into() }
}
