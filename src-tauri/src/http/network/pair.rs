//! The two requests of a device that has no token yet. The code, and then the ticket, is all that lets it
//! speak; wrong ones are counted.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use countertop_app::wire::{AwaitPairing, ClaimPairing, PairingOutcome};
use countertop_app::{App, AppError};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::super::connections::Peer;
use super::super::rpc::{read_json, refuse_with};
use super::super::{Shell, refuse};

/// How long a device hangs on for its answer before it asks again.
const HANG_ON: Duration = Duration::from_secs(20);

/// A device that scanned a code asks to be let in.
pub(super) async fn claim(
    State(shell): State<Shell>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: ClaimPairing = match read_json(&headers, &body) {
        Ok(request) => request,
        Err(refused) => return refused,
    };
    let answer =
        on_disk(&shell.app, peer, move |app, from| app.claim_pairing(from, &request)).await;
    answer.map_or_else(|refused| refused, |claim| Json(claim).into_response())
}

/// It asks what was decided, and hangs on for a while.
pub(super) async fn wait(
    State(shell): State<Shell>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: AwaitPairing = match read_json(&headers, &body) {
        Ok(request) => request,
        Err(refused) => return refused,
    };
    let until = Instant::now() + HANG_ON;
    let mut changes = shell.events.hear();
    loop {
        let asked = request.clone();
        let outcome =
            on_disk(&shell.app, peer, move |app, from| app.pairing_outcome(from, &asked)).await;
        match outcome {
            Ok(PairingOutcome::Waiting) => {}
            Ok(outcome) => return Json(outcome).into_response(),
            Err(refused) => return refused,
        }
        let decided = async {
            loop {
                match changes.recv().await {
                    Ok(changed) if !changed.tags.iter().any(|tag| tag == "pairing") => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        if timeout_at(until, decided).await.is_err() {
            return Json(PairingOutcome::Waiting).into_response();
        }
    }
}

/// On a thread that may wait for the disk.
async fn on_disk<T: Send + 'static>(
    app: &Arc<App>,
    peer: Peer,
    work: impl FnOnce(&App, IpAddr) -> Result<T, AppError> + Send + 'static,
) -> Result<T, Response> {
    let app = Arc::clone(app);
    match tokio::task::spawn_blocking(move || work(&app, peer.remote.ip())).await {
        Ok(answer) => answer.map_err(|error| refuse_with(error.into())),
        Err(_) => {
            Err(refuse(StatusCode::INTERNAL_SERVER_ERROR, "the register stumbled: try it again"))
        }
    }
}
