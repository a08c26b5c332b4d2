//! Over HTTP: the page's files, its commands and its events, for a browser on this machine.
//!
//! Only on loopback: a tablet beside the till needs pairing and TLS, which come later. A page of
//! another origin can neither give a command nor read an answer: the `Host` must be ours (so a name
//! that was pointed at this machine does not pass), an `Origin` must be ours, and a command must be
//! sent as JSON, which no form or image can do.

mod events;
mod files;
pub mod v1;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use countertop_app::wire::Refusal;
use countertop_app::{App, dispatch};
use tokio::net::TcpListener;

use crate::caller;

/// Bytes of a request at most; the longest command is far below.
const MAX_BODY: u64 = 64 * 1024;
/// Characters of a client's name.
const MAX_CLIENT: usize = 64;

#[derive(Clone)]
struct Shell {
    app: Arc<App>,
    events: events::Events,
    api: v1::Gate,
    feed: v1::Feed,
    port: u16,
}

/// A bound door that does not answer yet.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Binds an address of this machine.
    ///
    /// # Errors
    /// Not a loopback address, or taken.
    pub async fn bind(address: SocketAddr) -> Result<Self, std::io::Error> {
        if !address.ip().is_loopback() {
            return Err(std::io::Error::other(format!(
                "{address} can be reached from the network: listen on 127.0.0.1 (other devices need \
                 pairing, which is not there yet)"
            )));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is done, then finishes what is under way.
    ///
    /// # Errors
    /// The system's.
    pub async fn serve(
        self,
        app: Arc<App>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), std::io::Error> {
        let events = events::Events::start(&app);
        let feed = v1::Feed::start(&app);
        let shell = Shell {
            app,
            events: events.clone(),
            api: v1::Gate::default(),
            feed,
            port: self.address.port(),
        };
        let streams = shell.feed.clone();
        let router = Router::new()
            .route("/rpc/{command}", post(rpc))
            .route("/events", get(events::stream))
            .route("/health", get(health))
            .merge(v1::router(&shell))
            .fallback(files::serve)
            .layer(DefaultBodyLimit::max(usize::try_from(MAX_BODY).unwrap_or(usize::MAX)))
            .layer(middleware::from_fn_with_state(shell.clone(), guard))
            .with_state(shell);
        let ended = async move {
            stop.await;
            // Streams never end by themselves, and a clean end waits for all of them.
            events.end();
            streams.end();
        };
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(self.listener, router).with_graceful_shutdown(ended).await
    }
}

async fn health() -> &'static str {
    "ok"
}

/// Lets only this machine's own page through.
async fn guard(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let ours = |value: Option<&header::HeaderValue>, scheme: &str| {
        value
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.strip_prefix(scheme))
            .is_some_and(|authority| is_ours(authority, shell.port))
    };
    let headers = request.headers();
    let api = request.uri().path().starts_with("/v1");
    let refuse = if api { v1::refuse } else { refuse };
    if !ours(headers.get(header::HOST), "") {
        return refuse(StatusCode::MISDIRECTED_REQUEST, "this register answers only as 127.0.0.1");
    }
    if headers.contains_key(header::ORIGIN) && !ours(headers.get(header::ORIGIN), "http://") {
        return refuse(StatusCode::FORBIDDEN, "another page may not use this register");
    }
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if matches!(site, Some("cross-site" | "same-site")) && request.uri().path() != "/" {
        return refuse(StatusCode::FORBIDDEN, "another page may not use this register");
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let most = if api { v1::MAX_BODY as u64 } else { MAX_BODY };
    if length.and_then(|text| text.parse().ok()).is_some_and(|bytes: u64| bytes > most) {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the request is longer than any command");
    }
    let mut response = next.run(request).await;
    files::protect(response.headers_mut());
    response
}

fn is_ours(authority: &str, port: u16) -> bool {
    let Some((host, given)) = authority.rsplit_once(':') else { return false };
    let loopback = host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    loopback && given.parse() == Ok(port)
}

async fn rpc(
    State(shell): State<Shell>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().map(str::trim) == Some("application/json"));
    if !json {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send a command as application/json");
    }
    let client = headers.get("x-countertop-client").and_then(|value| value.to_str().ok());
    let Some(client) = client.filter(|name| is_client(name)).map(str::to_owned) else {
        return refuse(StatusCode::BAD_REQUEST, "name the client in X-Countertop-Client");
    };
    let Ok(request) = serde_json::from_slice(&body) else {
        return refuse(StatusCode::BAD_REQUEST, "the request is no JSON");
    };
    // Commands wait for the disk: never on the threads that answer the network.
    let answer = tokio::task::spawn_blocking(move || {
        let caller = caller(&shell.app, &client).map_err(Refusal::from)?;
        dispatch(&shell.app, &caller, &command, request)
    })
    .await;
    match answer {
        Ok(Ok(reply)) => Json(reply).into_response(),
        Ok(Err(refusal)) => (status_of(&refusal.code), Json(refusal)).into_response(),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the command stopped: try it again"),
    }
}

fn is_client(name: &str) -> bool {
    (1..=MAX_CLIENT).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "not_allowed" => StatusCode::FORBIDDEN,
        "unknown_command" => StatusCode::NOT_FOUND,
        "bad_request" => StatusCode::BAD_REQUEST,
        "changed_meanwhile" => StatusCode::PRECONDITION_FAILED,
        "storage_trouble" | "disk_full" | "read_only" => StatusCode::SERVICE_UNAVAILABLE,
        code if code.starts_with("no_such_") || code == "unknown_barcode" => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    let refusal = Refusal {
        code: "bad_request".to_owned(),
        message: message.to_owned(),
        about: String::new(),
    };
    (status, Json(refusal)).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_this_machines_own_names_are_ours() {
        for authority in ["127.0.0.1:7670", "localhost:7670", "[::1]:7670"] {
            assert!(is_ours(authority, 7670), "{authority}");
        }
        for authority in
            ["127.0.0.1:80", "127.0.0.1", "evil.example:7670", "127.0.0.1.evil.example:7670", ""]
        {
            assert!(!is_ours(authority, 7670), "{authority}");
        }
    }
}
