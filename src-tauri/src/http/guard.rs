//! Who may ask at all: only the register's own page, at a name that is the register's own.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::stream::{self, StreamExt as _};
use tokio::time::{Instant, timeout_at};

use super::connections::Peer;
use super::{MAX_BODY, Place, Shell, files, hooks, refuse, v1};

/// How long the body of a request may take; the API's gate has less patience, and words for it.
const BODY: Duration = Duration::from_secs(40);

/// Lets only the register's own page through.
pub(super) async fn guard(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/v1");
    let refuse = if api { v1::refuse } else { refuse };
    let Some(peer) = request.extensions().get::<Peer>().copied() else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "it is not known who asks");
    };
    if let Err((status, why)) = look_at(shell.place, peer, &request) {
        let mut response = refuse(status, why);
        files::protect(response.headers_mut());
        return response;
    }
    let mut response = next.run(request.map(in_time)).await;
    files::protect(response.headers_mut());
    response
}

fn look_at(place: Place, peer: Peer, request: &Request) -> Result<(), (StatusCode, &'static str)> {
    let headers = request.headers();
    let path = request.uri().path();
    let api = path.starts_with("/v1");
    // A web shop knows this register by whatever name leads here from outside; what it sends is signed.
    let hook = path.starts_with(hooks::PATH);
    if !hook && !is_ours(headers.get(header::HOST), "", place, peer) {
        let why = "this register answers only at its own address: open the one that it shows";
        return Err((StatusCode::MISDIRECTED_REQUEST, why));
    }
    if place != Place::Network && !hook && !api && was_forwarded(headers) {
        let why = "what another server passes on has no way to the till: let it pass on /hooks/ only, and \
                   pair tablets and phones";
        return Err((StatusCode::FORBIDDEN, why));
    }
    let foreign = (StatusCode::FORBIDDEN, "another page may not use this register");
    let origin = headers.get(header::ORIGIN);
    if origin.is_some() && !is_ours(origin, place.scheme(), place, peer) {
        return Err(foreign);
    }
    let site = text(headers, "sec-fetch-site");
    if matches!(site, Some("cross-site" | "same-site")) && path != "/" {
        return Err(foreign);
    }
    let most = if api || hook { v1::MAX_BODY as u64 } else { MAX_BODY };
    let length = text(headers, "content-length").and_then(|text| text.parse().ok());
    if length.is_some_and(|bytes: u64| bytes > most) {
        let why = "the request is longer than any command";
        return Err((StatusCode::PAYLOAD_TOO_LARGE, why));
    }
    Ok(())
}

/// Whether a tunnel or another server passes on what somebody else asked: whoever that is, they are not at
/// this machine, whatever name their server gives us.
fn was_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a header names this register. In the network that is the address by which the client came
/// in, and nothing else: a name that somebody pointed at this machine does not pass.
fn is_ours(value: Option<&HeaderValue>, scheme: &str, place: Place, peer: Peer) -> bool {
    let authority =
        value.and_then(|value| value.to_str().ok()).and_then(|text| text.strip_prefix(scheme));
    authority.is_some_and(|authority| match place {
        Place::Till { port } => is_loopback(authority, port),
        Place::Network => authority.parse() == Ok(peer.local),
    })
}

fn is_loopback(authority: &str, port: u16) -> bool {
    let Some((host, given)) = authority.rsplit_once(':') else { return false };
    let loopback = host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    loopback && given.parse() == Ok(port)
}

/// A body that must be there in time: who sends it byte by byte would hold the connection for ever.
fn in_time(body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let until = Instant::now() + BODY;
    let parts = stream::unfold(Some(body.into_data_stream()), move |rest| async move {
        let mut rest = rest?;
        match timeout_at(until, rest.next()).await {
            Ok(part) => Some((part?.map_err(io::Error::other), Some(rest))),
            Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    });
    Body::from_stream(parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::HeaderValue;

    use super::{Peer, Place, is_loopback, is_ours};

    #[test]
    fn only_this_machines_own_names_are_ours() {
        for authority in ["127.0.0.1:7670", "localhost:7670", "[::1]:7670"] {
            assert!(is_loopback(authority, 7670), "{authority}");
        }
        for authority in
            ["127.0.0.1:80", "127.0.0.1", "evil.example:7670", "127.0.0.1.evil.example:7670", ""]
        {
            assert!(!is_loopback(authority, 7670), "{authority}");
        }
    }

    #[test]
    fn in_the_network_only_the_address_by_which_a_client_came_is_ours() {
        let peer = Peer {
            remote: "192.168.1.7:50000".parse().unwrap(),
            local: "192.168.1.20:7671".parse().unwrap(),
        };
        let ours = |origin: &'static str| {
            is_ours(Some(&HeaderValue::from_static(origin)), "https://", Place::Network, peer)
        };
        assert!(ours("https://192.168.1.20:7671"));
        for origin in [
            "http://192.168.1.20:7671",
            "https://192.168.1.20:7670",
            "https://192.168.1.20",
            "https://192.168.1.7:7671",
            "https://127.0.0.1:7671",
            "https://localhost:7671",
            "https://evil.example:7671",
            "https://192.168.1.20:7671.evil.example",
            "https://evil.example@192.168.1.20:7671",
            "https://192.168.001.020:7671",
            "null",
            "",
        ] {
            assert!(!ours(origin), "{origin}");
        }
    }
}
