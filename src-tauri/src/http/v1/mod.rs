//! The open API, `/v1`: what another program may read and do, with a token.
//!
//! Handlers are thin: they read a request, give the use case's command through [`run`], and shape the
//! answer. A handler names its scope there, so that a route without one does not compile. Fields are
//! only added. Money is `{ "amount": 1099, "currency": "EUR" }` in minor units, times are RFC 3339,
//! lists are pages with a cursor, errors are RFC 9457 problems with a lasting `code`.

mod auth;
mod health;
mod money;
mod page;
mod problem;
mod tokens;

use axum::Json;
use axum::Router;
use axum::routing::get;
use countertop_app::{App, AppError, Caller};
use countertop_domain::scope::Scope;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use super::Shell;
use auth::{Bearer, Holder};
use problem::Problem;

/// What a handler gives: an answer, or a problem.
type Answer<T> = Result<T, Problem>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countertop",
        description = "The register's open API. It is answered by the register on the counter, with or \
                       without a network.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&Bearer)
)]
struct Head;

/// The routes, and the document that describes them. Each resource brings its own.
fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::with_openapi(Head::openapi()).merge(health::routes()).merge(tokens::routes())
}

/// The description of the API, OpenAPI 3.1.
pub fn document() -> Document {
    routes().into_openapi()
}

pub(super) fn router() -> Router<Shell> {
    let (router, document) = OpenApiRouter::new().nest("/v1", routes()).split_for_parts();
    let document = std::sync::Arc::new(document);
    router.route("/v1/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
}

/// Gives a command on behalf of a token that has the scope, on a thread that may wait for the disk.
async fn run<T: Send + 'static>(
    shell: &Shell,
    holder: Holder,
    scope: Scope,
    command: impl FnOnce(&App, &Caller) -> Result<T, AppError> + Send + 'static,
) -> Answer<T> {
    holder.allow(scope)?;
    let app = std::sync::Arc::clone(&shell.app);
    let caller = holder.into_caller();
    match tokio::task::spawn_blocking(move || command(&app, &caller)).await {
        Ok(answer) => answer.map_err(Problem::from),
        Err(_) => Err(Problem::stopped()),
    }
}
