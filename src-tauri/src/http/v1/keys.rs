//! The register's public key: what its replies are checked with. Open to everyone.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countertop_app::payment_requests;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, Shell, on_disk_thread};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(keys))
}

/// Keys, as RFC 7517 writes them.
#[derive(Serialize, ToSchema)]
struct KeySet {
    /// One: a register has its key for life.
    keys: Vec<PublicKey>,
}

/// A public key of Ed25519, as RFC 8037 writes it.
#[derive(Serialize, ToSchema)]
struct PublicKey {
    /// Always `OKP`.
    kty: &'static str,
    /// Always `Ed25519`.
    crv: &'static str,
    /// Always `EdDSA`.
    alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    usage: &'static str,
    /// The register's id.
    kid: String,
    /// The key, base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
}

/// The public key of the register.
#[utoipa::path(
    get, path = "/keys", tag = "payment-requests", operation_id = "read_keys", security(()),
    responses((status = 200, body = KeySet, description = "What replies are checked with."))
)]
async fn keys(State(shell): State<Shell>) -> Answer<Json<KeySet>> {
    let (kid, key) = on_disk_thread(&shell, |app| {
        Ok((app.identity().register.to_string(), payment_requests::public_key(app)?))
    })
    .await?;
    let x = URL_SAFE_NO_PAD.encode(key);
    let key = PublicKey { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", kid, x };
    Ok(Json(KeySet { keys: vec![key] }))
}
