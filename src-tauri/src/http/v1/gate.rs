//! What every request to `/v1` passes before its handler: who asks, how fast, how much, and whether it
//! was answered before.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::auth::{Holder, authenticate};
use super::bounds::Bounds;
use super::idempotency::{self, Turns};
use super::input::MAX_BODY;
use super::problem::Problem;
use super::workers::Workers;
use super::{Shell, document::document, idempotency::Key, scopes};
use crate::http::rate::Rates;

/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Requests that are carried out at once. Few, so that the till never waits for a crowd of programs;
/// the others wait their turn.
pub(super) const AT_ONCE: usize = 2;
/// Requests that wait for their turn.
const WAITING: usize = 256;

/// What the API remembers between requests.
#[derive(Clone, Debug)]
pub(in crate::http) struct Gate(Arc<Memory>);

#[derive(Debug)]
struct Memory {
    rates: Rates,
    turns: Turns,
    at_once: Semaphore,
    waiting: Semaphore,
    bounds: Bounds,
    workers: Workers,
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Memory {
            rates: Rates::default(),
            turns: Turns::default(),
            at_once: Semaphore::new(AT_ONCE),
            waiting: Semaphore::new(WAITING),
            bounds: Bounds::of(&document()),
            workers: Workers::default(),
        }))
    }
}

impl Gate {
    pub(super) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    pub(super) fn workers(&self) -> &Workers {
        &self.0.workers
    }

    pub(super) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// Carries a request out when it is its turn.
    pub(super) async fn in_turn(&self, request: Request, next: Next) -> Response {
        let Ok(waiting) = self.0.waiting.try_acquire() else {
            return Problem::slow_down(1).into_response();
        };
        let Ok(_turn) = self.0.at_once.acquire().await else {
            return Problem::stopped().into_response();
        };
        drop(waiting);
        next.run(request).await
    }
}

/// Where a request comes from; this machine if the door does not say.
pub(super) fn address_of(extensions: &axum::http::Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip())
}

/// What [`authenticate`] found out, for the handler's [`Holder`].
#[derive(Clone)]
pub(super) struct Authenticated(pub(super) Result<Holder, Problem>);

/// The gate itself.
pub(super) async fn pass(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let uri = request.uri().to_string();
    if uri.contains("%00") {
        let words = "the address holds the character NUL (%00): leave it out";
        return Problem::bad_request(words).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let known = authenticate(&parts.headers, address_of(&parts.extensions), &shell).await;
    let holder = known.as_ref().ok().cloned();
    parts.extensions.insert(Authenticated(known));
    let Some(holder) = holder else {
        // Only what is open to everyone answers; nothing of a stranger's body is kept.
        return shell.api.in_turn(Request::from_parts(parts, body), next).await;
    };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if let Some(Some(scope)) = scopes::of_request(&parts.method, path)
        && let Err(problem) = holder.allow(scope)
    {
        return problem.into_response();
    }
    if let Err(seconds) = shell.api.rates().token(holder.token()) {
        return Problem::slow_down(seconds).into_response();
    }
    if let Err(problem) = shell.api.0.bounds.check(&parts.method, path, &parts.uri) {
        return problem.into_response();
    }
    // The whole body first: who sends slowly keeps nobody else waiting.
    let read = axum::body::to_bytes(body, MAX_BODY);
    let bytes = match tokio::time::timeout(BODY_TIME, read).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) if declared(&parts.headers).is_none_or(|length| length > MAX_BODY) => {
            return Problem::too_large().into_response();
        }
        Ok(Err(_)) => {
            let words = "the body broke off: send the request again";
            return Problem::bad_request(words).into_response();
        }
        Err(_) => {
            let words = "the body did not arrive within 30 s: send the request again";
            return Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", words).into_response();
        }
    };
    let key = if parts.method == Method::POST { Key::read(&parts.headers) } else { Ok(None) };
    match key {
        Err(problem) => problem.into_response(),
        Ok(None) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            shell.api.in_turn(request, next).await
        }
        Ok(Some(key)) => idempotency::once(&shell, holder.token(), key, (parts, bytes), next).await,
    }
}

fn declared(headers: &axum::http::HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
