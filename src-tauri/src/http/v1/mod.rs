//! The open API, `/v1`: what another program may read and do, with a token.
//!
//! Handlers are thin: they read a request, give the use case's command through [`run`], and shape the
//! answer. A handler names its scope there, so that a route without one does not compile. Fields are
//! only added. Money is `{ "amount": 1099, "currency": "EUR" }` in minor units, times are RFC 3339,
//! lists are pages with a cursor, errors are RFC 9457 problems with a lasting `code`.
//!
//! A handler takes, in this order, `State<Shell>`, [`Holder`], `PathOf`, `QueryOf`, `IfMatch`,
//! `Idempotent` and last `Body`; it describes its own answers, and `document` adds those that every
//! route has (400, 401, 403, 413, 415, 422, 429, and the Idempotency-Key of a POST). A new route needs a row in
//! `scopes`, which the gate asks before it reads anything.

mod auth;
mod bounds;
mod categories;
mod credit;
mod credit_form;
mod cursor;
mod customer_form;
mod customers;
mod docs_page;
mod document;
mod edit;
mod etag;
mod events;
mod gate;
mod health;
mod idempotency;
mod input;
mod inventory;
mod keys;
mod loyalty;
mod moment;
mod money;
mod order_form;
mod orders;
mod page;
mod payment_requests;
mod price_rules;
mod price_shapes;
mod prices;
mod problem;
mod products;
mod quantity;
mod quotes;
mod refunds;
mod reports;
mod sale_form;
mod sales;
mod scopes;
mod shifts;
mod stock_shapes;
mod taxes;
mod tokens;
mod variants;
mod webhooks;
mod workers;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use countertop_app::{App, AppError, Caller};
use countertop_domain::scope::Scope;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::Shell;
pub(super) use auth::bearer;
use auth::{Bearer, Holder};
use problem::Problem;

pub use document::document;
pub(super) use events::Feed;
pub(super) use gate::Gate;
pub(super) use input::MAX_BODY;

/// What a handler gives: an answer, or a problem.
type Answer<T> = Result<T, Problem>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countertop",
        version = "1",
        description = "The register's open API. It is answered by the register on the counter, with or \
                       without a network. How the register's own tablets and phones are paired (`/pair`), \
                       and the commands of its own page (`/rpc`), are no part of it and may change.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&Bearer)
)]
struct Head;

/// The resources. Each brings its routes and their description.
fn resources() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .merge(events::routes())
        .merge(health::routes())
        .merge(keys::routes())
        .merge(payment_requests::routes())
        .merge(tokens::routes())
        .merge(products::routes())
        .merge(variants::routes())
        .merge(categories::routes())
        .merge(prices::routes())
        .merge(taxes::routes())
        .merge(quotes::routes())
        .merge(inventory::routes())
        .merge(webhooks::routes())
        .merge(customers::routes())
        .merge(orders::routes())
        .merge(sales::routes())
        .merge(refunds::routes())
        .merge(credit::routes())
        .merge(loyalty::routes())
        .merge(shifts::routes())
        .merge(reports::routes())
}

/// The routes, and the document that describes them.
fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::with_openapi(Head::openapi()).nest("/v1", resources())
}

pub(super) fn router(shell: &Shell) -> Router<Shell> {
    let described = document();
    let text = described.to_string();
    let page = docs_page::page(&described);
    let document = move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    let (router, _) = routes().split_for_parts();
    router
        .route("/v1/openapi.json", get(document))
        .route("/v1/docs", get(move || async move { Html(page) }))
        .route(
            "/v1/docs.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css")], docs_page::STYLE) }),
        )
        .route("/v1", get(nothing_here))
        .route("/v1/", get(nothing_here))
        .route("/v1/{*path}", axum::routing::any(nothing_here))
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(shell.clone(), gate::pass))
}

async fn nothing_here() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_such_route",
        "there is nothing at this address: /v1/openapi.json lists what there is",
    )
}

async fn other_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "no_such_method",
        "this address is not asked that way: the header Allow says how",
    )
}

/// A refusal of the door itself, in the form of the API.
pub(super) fn refuse(status: StatusCode, message: &str) -> Response {
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::FORBIDDEN => "foreign_page",
        StatusCode::MISDIRECTED_REQUEST => "foreign_host",
        _ => "bad_request",
    };
    Problem::new(status, code, message).into_response()
}

/// Gives a command on behalf of a token that has the scope, on a thread that may wait for the disk.
async fn run<T: Send + 'static>(
    shell: &Shell,
    holder: Holder,
    scope: Scope,
    command: impl FnOnce(&App, &Caller) -> Result<T, AppError> + Send + 'static,
) -> Answer<T> {
    holder.allow(scope)?;
    let caller = holder.into_caller();
    on_disk_thread(shell, move |app| command(app, &caller)).await
}

/// Does something that may wait for the disk, away from the threads that answer the network; what it
/// writes comes after what the till writes.
async fn on_disk_thread<T: Send + 'static>(
    shell: &Shell,
    work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
) -> Answer<T> {
    let app = std::sync::Arc::clone(&shell.app);
    match shell.api.workers().run(move || work(&app)).await {
        Some(answer) => answer.map_err(Problem::from),
        None => Err(Problem::stopped()),
    }
}
