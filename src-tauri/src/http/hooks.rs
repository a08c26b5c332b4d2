//! Webhooks of web shops. Whoever sends one knows no token, so nothing is believed but a signature, and
//! a good one only has the shop read soon. The answer never says which shops there are, nor whether a
//! signature was good: that is on the shop's card.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Shell;
use super::connections::Peer;
use super::rate::{Buckets, Pace};
use super::v1::MAX_BODY;

/// What their addresses begin with; the id of the shop follows.
pub(super) const PATH: &str = "/hooks/";
/// From one address. A tunnel brings all shops from one; what comes too fast the shop sends again, and
/// it is read regularly anyway.
const PACE: Pace = Pace { burst: 100, a_second: 10 };
/// Bodies that are in memory at once.
const AT_ONCE: usize = 8;
/// How long a body may take.
const BODY: Duration = Duration::from_secs(10);
/// Seconds after which a shop may send one again that could not be noted.
const AGAIN_S: u32 = 60;

/// Who sent how many lately.
#[derive(Debug)]
pub(super) struct Hooks {
    senders: Buckets<IpAddr>,
    seats: Semaphore,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { senders: Buckets::new(PACE), seats: Semaphore::new(AT_ONCE) }
    }
}

/// Takes a webhook.
pub(super) async fn take(
    State(shell): State<Shell>,
    Extension(peer): Extension<Peer>,
    Path(shop): Path<String>,
    request: Request,
) -> Response {
    let hooks = Arc::clone(&shell.hooks);
    if let Err(seconds) = hooks.senders.take(peer.remote.ip(), Instant::now()) {
        return later(StatusCode::TOO_MANY_REQUESTS, seconds);
    }
    let Ok(_seat) = hooks.seats.try_acquire() else {
        return later(StatusCode::SERVICE_UNAVAILABLE, 1);
    };
    let (head, body) = request.into_parts();
    let body = match timeout(BODY, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let headers = head.headers.iter().filter_map(text).collect();
    // It is noted on disk.
    let taken = tokio::task::spawn_blocking(move || {
        let id = shop.parse().ok()?;
        shell.app.channel_webhook(id, &headers, &body).err()
    });
    match taken.await {
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(error)) => {
            tracing::error!(%error, "a webhook could not be noted");
            later(StatusCode::SERVICE_UNAVAILABLE, AGAIN_S)
        }
        Err(_) => later(StatusCode::SERVICE_UNAVAILABLE, AGAIN_S),
    }
}

fn text((name, value): (&header::HeaderName, &HeaderValue)) -> Option<(String, String)> {
    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
}

/// Has the shop send it again.
fn later(status: StatusCode, seconds: u32) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::RETRY_AFTER, seconds.into());
    (status, headers).into_response()
}
