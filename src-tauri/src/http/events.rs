//! What changed, told to every open page as server-sent events.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{Response, Sse};
use countertop_app::App;
use countertop_app::wire::Changed;
use countertop_domain::scope::Scope;
use futures_util::{Stream, StreamExt};
use tokio::sync::{broadcast, watch};
use tokio_stream::wrappers::BroadcastStream;

use super::rpc::paired;
use super::v1::bearer;
use super::{Place, Shell, refuse};

/// Changes that a slow page may be behind; after that it asks for everything again.
const BACKLOG: usize = 64;
/// Open pages of one door at once; more than a counter has screens.
const MAX_STREAMS: usize = 32;
/// Open pages of one device.
const MAX_OF_DEVICE: usize = 8;

/// The changes, as one door tells them.
#[derive(Clone)]
pub(super) struct Events {
    changes: broadcast::Sender<Changed>,
    end: Arc<watch::Sender<bool>>,
    /// Open pages, by device.
    pages: Arc<Mutex<HashMap<String, usize>>>,
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
        Self::of(changes)
    }

    fn of(changes: broadcast::Sender<Changed>) -> Self {
        let (end, _) = watch::channel(false);
        Self { changes, end: Arc::new(end), pages: Arc::default() }
    }

    /// The same changes at another door.
    pub(super) fn beside(&self) -> Self {
        Self::of(self.changes.clone())
    }

    /// Every change from now on.
    pub(super) fn hear(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Ends every stream of this door.
    pub(super) fn end(&self) {
        self.end.send_replace(true);
    }

    fn open(&self, device: &str) -> Option<OpenPage> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let own = pages.get(device).copied().unwrap_or(0);
        let most = if device.is_empty() { MAX_STREAMS } else { MAX_OF_DEVICE };
        if own >= most || pages.values().sum::<usize>() >= MAX_STREAMS {
            return None;
        }
        *pages.entry(device.to_owned()).or_default() += 1;
        Some(OpenPage { pages: Arc::clone(&self.pages), device: device.to_owned() })
    }
}

/// An open page; counted until it is dropped.
struct OpenPage {
    pages: Arc<Mutex<HashMap<String, usize>>>,
    device: String,
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = pages.get_mut(&self.device) {
            *open -= 1;
            if *open == 0 {
                pages.remove(&self.device);
            }
        }
    }
}

/// The next thing that a page hears.
async fn next(changes: &mut BroadcastStream<Changed>) -> Option<Changed> {
    let everything = || Changed {
        tags: ["basket", "orders", "register", "prints", "catalog", "devices", "tokens"]
            .map(str::to_owned)
            .to_vec(),
        origin: String::new(),
        scan: None,
    };
    // Behind too far, it is told that anything may have changed.
    changes.next().await.map(|changed| changed.unwrap_or_else(|_| everything()))
}

/// The stream of a page. A device's stream ends when its token is revoked.
pub(super) async fn stream(
    State(shell): State<Shell>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Response> {
    let secret = match shell.place {
        Place::Till { .. } => None,
        Place::Network => Some(bearer(&headers).unwrap_or_default().to_owned()),
    };
    // Heard from before the token is looked at, so that no revocation falls between.
    let changes = BroadcastStream::new(shell.events.hear());
    let device = match &secret {
        None => String::new(),
        Some(secret) => device_of(&shell.app, secret.clone()).await?,
    };
    let Some(page) = shell.events.open(&device) else {
        return Err(refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many pages are open on this register: close some",
        ));
    };
    let mut ended = shell.events.end.subscribe();
    let app = Arc::clone(&shell.app);
    let state = (changes, secret, app, page);
    let events = futures_util::stream::unfold(state, |(mut changes, secret, app, page)| async {
        let changed = next(&mut changes).await?;
        if let Some(secret) = &secret
            && changed.tags.iter().any(|tag| tag == "tokens")
        {
            device_of(&app, secret.clone()).await.ok()?;
        }
        let event = Event::default().json_data(changed).unwrap_or_default();
        Some((Ok(event), (changes, secret, app, page)))
    });
    let end = async move {
        let _ = ended.wait_for(|end| *end).await;
    };
    let events = events.take_until(Box::pin(end));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// The device that holds a token which is good for the till's screens.
#[expect(clippy::result_large_err, reason = "it is the answer, on its way out")]
async fn device_of(app: &Arc<App>, secret: String) -> Result<String, Response> {
    let app = Arc::clone(app);
    let asked = move || paired(&app, Some(&secret), Scope::Till).map(|caller| caller.client);
    tokio::task::spawn_blocking(asked).await.unwrap_or_else(|_| {
        Err(refuse(StatusCode::INTERNAL_SERVER_ERROR, "the register stumbled: try it again"))
    })
}
