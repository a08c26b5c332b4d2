//! What changed, told to every open page as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{Response, Sse};
use countertop_app::App;
use countertop_app::wire::Changed;
use futures_util::{Stream, StreamExt};
use tokio::sync::{broadcast, watch};
use tokio_stream::wrappers::BroadcastStream;

use super::{Shell, refuse};

/// Changes that a slow page may be behind; after that it asks for everything again.
const BACKLOG: usize = 64;
/// Open pages at once; more than a counter has screens.
const MAX_STREAMS: usize = 32;

#[derive(Clone)]
pub(super) struct Events {
    changes: broadcast::Sender<Changed>,
    end: Arc<watch::Sender<bool>>,
}

impl Events {
    pub(super) fn start(app: &App) -> Self {
        let (changes, _) = broadcast::channel(BACKLOG);
        let heard = app.listen();
        let tell = changes.clone();
        // Ends with the app: its listeners are dropped with it.
        std::thread::spawn(move || {
            while let Ok(changed) = heard.recv() {
                let _ = tell.send(changed);
            }
        });
        let (end, _) = watch::channel(false);
        Self { changes, end: Arc::new(end) }
    }

    /// Ends every stream.
    pub(super) fn end(&self) {
        self.end.send_replace(true);
    }
}

/// The stream of a page. Behind too far, it is told that anything may have changed.
pub(super) async fn stream(
    State(shell): State<Shell>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Response> {
    if shell.events.changes.receiver_count() >= MAX_STREAMS {
        return Err(refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many pages are open on this register: close some",
        ));
    }
    let changes = BroadcastStream::new(shell.events.changes.subscribe());
    let everything = || Changed {
        tags: ["basket", "orders", "register", "prints", "catalog", "devices"]
            .map(str::to_owned)
            .to_vec(),
        origin: String::new(),
        scan: None,
    };
    let events = changes.map(move |changed| {
        let changed = changed.unwrap_or_else(|_| everything());
        Ok(Event::default().json_data(changed).unwrap_or_default())
    });
    let mut ended = shell.events.end.subscribe();
    let end = async move {
        let _ = ended.wait_for(|end| *end).await;
    };
    let events = events.take_until(Box::pin(end));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
