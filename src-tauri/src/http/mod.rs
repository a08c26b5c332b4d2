//! Over HTTP: the page's files, its commands and its events, and the open API.
//!
//! Two doors. One on loopback, for a browser and programs on this machine. One in the network, for paired
//! tablets and phones, shut until the owner opens it: TLS only, and every command needs a token. A page of
//! another origin can neither give a command nor read an answer: the `Host` must be ours (so a name
//! that was pointed at this machine does not pass), an `Origin` must be ours, and a command must be
//! sent as JSON, which no form or image can do.

mod connections;
mod crowd;
mod events;
mod files;
mod guard;
mod hooks;
mod network;
mod rate;
mod rpc;
mod stall;
pub mod v1;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use countertop_app::App;
use countertop_app::wire::Refusal;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crowd::Limits;
pub use network::{NetworkDoor, OpenNetworkDoor};

/// Bytes of a request at most; the longest command is far below.
const MAX_BODY: u64 = 64 * 1024;
/// Connections of the till's own door: a browser opens six a page, programs one each.
const AT_TILL: Limits = Limits { all: 256, each: 256 };

#[derive(Clone)]
struct Shell {
    app: Arc<App>,
    events: events::Events,
    api: v1::Gate,
    feed: v1::Feed,
    hooks: Arc<hooks::Hooks>,
    place: Place,
}

impl Shell {
    /// The same for another door, whose streams are counted and ended by themselves.
    fn with_own_streams(&self) -> Self {
        let (events, feed) = (self.events.beside(), self.feed.beside());
        Self { events, feed, ..self.clone() }
    }

    /// Ends every stream of this door: they never end by themselves, and a clean end waits for all of
    /// them.
    fn end_streams(&self) {
        self.events.end();
        self.feed.end();
    }
}

/// Which door a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Loopback: whoever is at this machine.
    Till {
        /// The door's own.
        port: u16,
    },
    /// The network: only with a token.
    Network,
}

impl Place {
    /// What the page's own address begins with.
    const fn scheme(self) -> &'static str {
        match self {
            Self::Till { .. } => "http://",
            Self::Network => "https://",
        }
    }
}

/// Makes the routes of a door.
type Routes = fn(&Shell) -> Router<Shell>;

/// The routes that both doors have.
fn router(shell: &Shell) -> Router<Shell> {
    Router::new()
        .route("/rpc/{command}", post(rpc::rpc))
        .route("/events", get(events::stream))
        .fallback(files::serve)
        .merge(open_api(shell))
}

/// What another program may ask for, and the webhooks of web shops.
fn open_api(shell: &Shell) -> Router<Shell> {
    Router::new()
        .route("/health", get(health))
        .route("/hooks/{shop}", post(hooks::take))
        .merge(v1::router(shell))
}

/// What lies around every route.
fn finish(router: Router<Shell>, shell: Shell) -> Router {
    router
        .layer(DefaultBodyLimit::max(usize::try_from(MAX_BODY).unwrap_or(usize::MAX)))
        .layer(middleware::from_fn_with_state(shell.clone(), guard::guard))
        .with_state(shell)
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
                "{address} can be reached from the network: listen on 127.0.0.1, and open the register to \
                 paired devices with --lan {address}"
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

    /// Answers until `stop` is done, then finishes what is under way. The door to the network is open
    /// meanwhile: the one that is given, or else the one that the owner's setting wants.
    pub async fn serve(
        self,
        app: Arc<App>,
        network: Option<OpenNetworkDoor>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) {
        keep_open(app, Some((self, router)), network, stop).await;
    }
}

/// The doors of a register that has its page in a window: `door` is for programs on this machine, which get
/// the open API and nothing of the till's own commands; the one to the network is as the owner's setting
/// wants it. Until `stop` is done.
pub async fn serve_beside_window(
    app: Arc<App>,
    door: Option<Door>,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let door = door.map(|door| (door, open_api as Routes));
    keep_open(app, door, None, stop).await;
}

/// Answers at both doors until `stop` is done, then finishes what is under way.
async fn keep_open(
    app: Arc<App>,
    door: Option<(Door, Routes)>,
    network: Option<OpenNetworkDoor>,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let (events, feed) = (events::Events::start(&app), v1::Feed::start(&app));
    let (api, hooks) = (v1::Gate::default(), Arc::default());
    let shell = Shell { app, events, api, feed, hooks, place: Place::Network };
    let (ending, ended) = watch::channel(false);
    let beside = network::keep(shell.with_own_streams(), network, ended.clone());
    let stop = async move {
        stop.await;
        ending.send_replace(true);
    };
    let till = async {
        if let Some((door, routes)) = door {
            let place = Place::Till { port: door.address.port() };
            answer_at_till(door, Shell { place, ..shell }, routes, ended).await;
        }
    };
    tokio::join!(stop, till, beside);
}

async fn answer_at_till(
    door: Door,
    shell: Shell,
    routes: Routes,
    mut ended: watch::Receiver<bool>,
) {
    let router = finish(routes(&shell), shell.clone());
    let until = async {
        let _ = ended.wait_for(|end| *end).await;
        shell.end_streams();
    };
    connections::serve(door.listener, router, None, AT_TILL, until).await;
}

async fn health() -> &'static str {
    "ok"
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "not_allowed" => StatusCode::FORBIDDEN,
        "client_not_authorized_for_user" => StatusCode::FORBIDDEN,
        "could_not_perform" | "idempotency_conflict" | "request_ended" => StatusCode::CONFLICT,
        "unknown_command" => StatusCode::NOT_FOUND,
        "bad_request" => StatusCode::BAD_REQUEST,
        "changed_meanwhile" => StatusCode::PRECONDITION_FAILED,
        "bad_pairing_code" => StatusCode::FORBIDDEN,
        "too_many_tries" => StatusCode::TOO_MANY_REQUESTS,
        "external_id_taken" | "order_differs" | "order_step" | "customer_in_use"
        | "customer_owes" | "id_taken" | "needs_terminal" | "not_enough_points" => {
            StatusCode::CONFLICT
        }
        "in_use" | "already_there" | "barcode_taken" | "item_retired" | "last_variant"
        | "stock_changed" | "counted_since" | "rules_changed" | "partly_paid" => {
            StatusCode::CONFLICT
        }
        "storage_trouble" | "disk_full" | "read_only" => StatusCode::SERVICE_UNAVAILABLE,
        code if code.starts_with("no_such_")
            || matches!(code, "unknown_barcode" | "unknown_credit") =>
        {
            StatusCode::NOT_FOUND
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    refuse_as(status, "bad_request", message)
}

fn refuse_as(status: StatusCode, code: &str, message: &str) -> Response {
    let refusal =
        Refusal { code: code.to_owned(), message: message.to_owned(), about: String::new() };
    (status, Json(refusal)).into_response()
}
