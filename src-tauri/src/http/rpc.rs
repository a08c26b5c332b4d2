//! The page's commands. At the till whoever stands there gives them; over the network a paired device
//! does, with its token.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use countertop_app::wire::Refusal;
use countertop_app::{App, Caller, dispatch};
use countertop_domain::scope::Scope;
use serde::de::DeserializeOwned;

use super::v1::bearer;
use super::{Place, Shell, refuse, refuse_as, status_of};
use crate::caller;

/// Characters of a client's name.
const MAX_CLIENT: usize = 64;

#[expect(clippy::result_large_err, reason = "it is the answer, on its way out")]
pub(super) async fn rpc(
    State(shell): State<Shell>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = match read_json(&headers, &body) {
        Ok(request) => request,
        Err(refused) => return refused,
    };
    let client = headers.get("x-countertop-client").and_then(|value| value.to_str().ok());
    let client = client.filter(|name| is_client(name)).map(str::to_owned);
    if client.is_none() && shell.place != Place::Network {
        return refuse(StatusCode::BAD_REQUEST, "name the client in X-Countertop-Client");
    }
    let secret = bearer(&headers).map(str::to_owned);
    // Commands wait for the disk: never on the threads that answer the network.
    let answer = tokio::task::spawn_blocking(move || {
        let caller = match (shell.place, client) {
            (Place::Till { .. }, Some(client)) => {
                caller(&shell.app, &client).map_err(|error| refuse_with(error.into()))?
            }
            _ => paired(&shell.app, secret.as_deref(), Scope::Till)?,
        };
        dispatch(&shell.app, &caller, &command, request).map_err(refuse_with)
    })
    .await;
    match answer {
        Ok(Ok(reply)) => Json(reply).into_response(),
        Ok(Err(refused)) => refused,
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the command stopped: try it again"),
    }
}

/// The device that a token stands for, if the token is good for this. Waits for the disk.
#[expect(clippy::result_large_err, reason = "it is the answer, on its way out")]
pub(super) fn paired(app: &App, secret: Option<&str>, scope: Scope) -> Result<Caller, Response> {
    let holder = secret.map_or(Ok(None), |secret| app.holder(secret));
    let holder = holder.map_err(|error| refuse_with(error.into()))?.ok_or_else(|| {
        let why = "this device is not paired, or not any more: pair it at the till";
        refuse_as(StatusCode::UNAUTHORIZED, "no_token", why)
    })?;
    if holder.scopes.as_ref().is_some_and(|scopes| scopes.contains(&scope)) {
        return Ok(holder);
    }
    let why = "this device was not let in for the till's screens: pair it again as a till";
    Err(refuse_as(StatusCode::FORBIDDEN, "missing_scope", why))
}

/// A request that was sent as JSON, which no form or image of another page can do.
#[expect(clippy::result_large_err, reason = "it is the answer, on its way out")]
pub(super) fn read_json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<T, Response> {
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().map(str::trim) == Some("application/json"));
    if !json {
        let why = "send a command as application/json";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    serde_json::from_slice(body).map_err(|_| {
        refuse(StatusCode::BAD_REQUEST, "the request is no JSON of the command's form")
    })
}

pub(super) fn refuse_with(refusal: Refusal) -> Response {
    (status_of(&refusal.code), Json(refusal)).into_response()
}

fn is_client(name: &str) -> bool {
    (1..=MAX_CLIENT).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
