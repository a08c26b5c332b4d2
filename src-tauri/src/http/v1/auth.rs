//! Who asks: the holder of a bearer token.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use countertop_app::Caller;
use countertop_domain::scope::Scope;
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};

use super::gate::{Authenticated, address_of};
use super::problem::Problem;
use super::{Shell, on_disk_thread};

/// The caller that a token stands for.
#[derive(Clone)]
pub(super) struct Holder(Caller);

impl Holder {
    /// Refuses a token that is not good for this.
    pub(super) fn allow(&self, scope: Scope) -> Result<(), Problem> {
        if self.0.scopes.as_ref().is_some_and(|scopes| scopes.contains(&scope)) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "missing_scope",
            format!("this token has no scope {}: make one that has", scope.name()),
        ))
    }

    /// The id of the token.
    pub(super) fn token(&self) -> uuid::Uuid {
        self.0.actor.staff.uuid()
    }

    pub(super) fn into_caller(self) -> Caller {
        self.0
    }
}

impl FromRequestParts<Shell> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shell: &Shell) -> Result<Self, Problem> {
        // The gate of /v1 has asked already.
        if let Some(Authenticated(known)) = parts.extensions.get::<Authenticated>() {
            return known.clone();
        }
        authenticate(&parts.headers, address_of(&parts.extensions), shell).await
    }
}

/// Who holds the token that a request came with.
pub(super) async fn authenticate(
    headers: &HeaderMap,
    from: IpAddr,
    shell: &Shell,
) -> Result<Holder, Problem> {
    let secret = bearer(headers).ok_or_else(Problem::no_token)?.to_owned();
    let rates = shell.api.rates();
    // Programs of this machine share its address: one that guesses does not lock the others out.
    if !from.is_loopback() {
        rates.stranger(from).map_err(Problem::slow_down)?;
    }
    let holder = on_disk_thread(shell, move |app| app.holder(&secret)).await?;
    match holder {
        Some(caller) => Ok(Holder(caller)),
        None => {
            rates.wrong_token(from).map_err(Problem::slow_down)?;
            Err(Problem::no_token())
        }
    }
}

/// The token that a request came with.
pub(in super::super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// Says in the API's description that every route needs a token, unless it says otherwise.
pub(super) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
        document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}
