//! Is the register there? Open to everyone, and says nothing private.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shell;

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(health))
}

/// How the register is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok` while it answers.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version of the API.
    #[schema(example = "1")]
    api: &'static str,
}

/// Is the register there?
#[utoipa::path(
    get, path = "/health", tag = "health", security(()),
    responses((status = 200, body = Health, description = "It answers."))
)]
async fn health() -> Json<Health> {
    Json(Health { status: "ok", api: "1" })
}
