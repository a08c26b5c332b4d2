//! Apps that may hand the register an amount.

use countertop_domain::scope::Scope;
use countertop_domain::staff::Role;
use countertop_store::{ClientAppRow, TokenKind};
use countertop_sync::allowed_hosts;

use super::{callback, posting};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::tokens;
use crate::wire::{AppList, AppRef, AppView, Nothing, SaveApp, SavedApp, SetSquareLinks};

/// How the client id of a test app begins.
pub(crate) const SANDBOX: &str = "sandbox-";
/// Characters of a client id.
pub(crate) const MAX_CLIENT_ID: usize = 100;
/// Characters of a name.
const MAX_NAME: usize = 60;
/// Callbacks of an app.
const MAX_CALLBACKS: usize = 20;
/// Apps that may ask.
const MAX_APPS: usize = 100;
/// The setting that takes links of Square's own kind.
const SQUARE_LINKS: &str = "square_links";

pub(crate) fn list_apps(app: &App, _: &Caller, _: Nothing) -> Result<AppList, AppError> {
    app.store.read(|snapshot| {
        let apps = snapshot.client_apps()?;
        Ok(AppList {
            apps: apps.iter().map(view).collect(),
            square_links: snapshot.setting(SQUARE_LINKS)?.as_deref() == Some("yes"),
        })
    })
}

/// Whether links of Square's own kind are taken.
pub(super) fn takes_square_links(app: &App) -> Result<bool, AppError> {
    app.store.read(|snapshot| Ok(snapshot.setting(SQUARE_LINKS)?.as_deref() == Some("yes")))
}

pub(crate) fn set_square_links(
    app: &App,
    caller: &Caller,
    request: SetSquareLinks,
) -> Result<AppList, AppError> {
    let value = if request.taken { "yes" } else { "no" };
    app.store.write::<_, AppError>(move |tx| Ok(tx.set_setting(SQUARE_LINKS, value)?))?;
    app.changed(&caller.client, &["apps"]);
    list_apps(app, caller, Nothing {})
}

pub(crate) fn save_app(app: &App, caller: &Caller, request: SaveApp) -> Result<SavedApp, AppError> {
    let client_id = client_id(&request.client_id)?;
    let name = name(&request.name)?;
    let callbacks = callbacks(request.callbacks)?;
    let scopes = scopes(&request.scopes)?;
    let known = app.store.read::<_, AppError>(|snapshot| {
        if request.post {
            posting::check(&callbacks, &allowed_hosts(snapshot)?)?;
        }
        let all = snapshot.client_apps()?;
        let known = all.iter().find(|row| row.client_id == client_id).cloned();
        if known.is_none() && all.iter().filter(|row| row.revoked_ms.is_none()).count() >= MAX_APPS
        {
            return Err(bad(&format!(
                "there are {MAX_APPS} apps already: revoke those that nobody uses"
            )));
        }
        Ok(known)
    })?;
    let old = known.as_ref().and_then(|row| row.token);
    let made = match request.new_token {
        true => Some(tokens::make(app, TokenKind::Program, &name, scopes.clone(), Role::Cashier)?),
        false => None,
    };
    let row = ClientAppRow {
        client_id,
        name,
        callbacks,
        scopes,
        post: request.post,
        token: made.as_ref().map(|made| made.token.id).or(old),
        created_ms: known.map_or(app.now().utc_ms, |row| row.created_ms),
        revoked_ms: None,
    };
    let (saved, at) = (row.clone(), app.now().utc_ms);
    app.store.write::<_, AppError>(move |tx| {
        if let Some(old) = old.filter(|old| Some(*old) != saved.token) {
            tx.revoke_token(old, at)?;
        }
        tx.put_client_app(&saved)?;
        posting::follow(tx, &saved)
    })?;
    app.changed(&caller.client, &["apps", "tokens"]);
    Ok(SavedApp { app: view(&row), secret: made.map(|made| made.secret) })
}

pub(crate) fn revoke_app(app: &App, caller: &Caller, request: AppRef) -> Result<AppList, AppError> {
    let at = app.now().utc_ms;
    app.store.write::<_, AppError>(move |tx| {
        let Some(mut row) = tx.client_app(&request.client_id)? else {
            return Err(AppError::NoSuch { code: "no_such_app", what: "that app" });
        };
        if let Some(token) = row.token {
            tx.revoke_token(token, at)?;
        }
        row.revoked_ms.get_or_insert(at);
        tx.put_client_app(&row)?;
        posting::follow(tx, &row)
    })?;
    app.changed(&caller.client, &["apps", "tokens"]);
    list_apps(app, caller, Nothing {})
}

fn view(row: &ClientAppRow) -> AppView {
    AppView {
        client_id: row.client_id.clone(),
        name: row.name.clone(),
        callbacks: row.callbacks.clone(),
        scopes: row.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
        post: row.post,
        token_id: row.token,
        sandbox: is_sandbox(&row.client_id),
        created_ms: row.created_ms,
        revoked_ms: row.revoked_ms,
    }
}

/// Whether an app only tests.
pub(crate) fn is_sandbox(client_id: &str) -> bool {
    client_id.starts_with(SANDBOX)
}

fn client_id(given: &str) -> Result<String, AppError> {
    let id = given.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if id.is_empty() || id.len() > MAX_CLIENT_ID || !id.bytes().all(plain) {
        return Err(bad(&format!(
            "an app's id has up to {MAX_CLIENT_ID} letters, digits and - _ . : copy it from the app"
        )));
    }
    Ok(id.to_owned())
}

fn name(given: &str) -> Result<String, AppError> {
    let name = given.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(bad(&format!(
            "name the app, in up to {MAX_NAME} characters on one line: the cashier sees it"
        )));
    }
    Ok(name.to_owned())
}

fn callbacks(given: Vec<String>) -> Result<Vec<String>, AppError> {
    if given.len() > MAX_CALLBACKS {
        return Err(bad(&format!("an app has up to {MAX_CALLBACKS} callbacks")));
    }
    let mut all: Vec<String> = Vec::with_capacity(given.len());
    for one in given {
        let one = one.trim().to_owned();
        callback::may_register(&one)
            .map_err(|reason| bad(&format!("\"{}\" cannot be called: {reason}", shown(&one))))?;
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Ok(all)
}

/// The beginning of a text that came from outside, for a sentence.
fn shown(text: &str) -> String {
    text.chars().take(60).filter(|c| !c.is_control()).collect()
}

fn scopes(given: &[String]) -> Result<Vec<Scope>, AppError> {
    if given.is_empty() {
        return Ok(vec![Scope::Payments]);
    }
    let mut scopes = given
        .iter()
        .map(|name| Scope::parse(name).ok_or_else(|| tokens::unknown_scope(name)))
        .collect::<Result<Vec<_>, _>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
