//! The token itself: what a program may ask about what it holds.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::problem::Problem;
use super::{Answer, Shell};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(own))
}

/// A token, as its holder sees it.
#[derive(Serialize, ToSchema)]
struct OwnToken {
    /// What the owner calls its holder.
    #[schema(example = "Newsletter")]
    name: String,
    /// What it is good for.
    #[schema(example = json!(["customers:read", "events"]))]
    scopes: Vec<&'static str>,
}

/// What this token is good for.
#[utoipa::path(
    get, path = "/token", tag = "token",
    responses(
        (status = 200, body = OwnToken, description = "The token that the request came with."),
        (status = 401, body = Problem, content_type = "application/problem+json",
         description = "No token, or one that is no good.")
    )
)]
async fn own(holder: Holder) -> Answer<Json<OwnToken>> {
    let caller = holder.into_caller();
    let scopes = caller.scopes.iter().flat_map(|all| all.iter()).map(|one| one.name()).collect();
    Ok(Json(OwnToken { name: caller.actor.name, scopes }))
}
