//! Who asks: the holder of a bearer token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use countertop_app::Caller;
use countertop_domain::scope::Scope;
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};

use super::Shell;
use super::problem::Problem;

/// The caller that a token stands for.
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

    pub(super) fn into_caller(self) -> Caller {
        self.0
    }
}

impl FromRequestParts<Shell> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shell: &Shell) -> Result<Self, Problem> {
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = given
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim().to_owned())
            .ok_or_else(Problem::no_token)?;
        let app = Arc::clone(&shell.app);
        let holder = tokio::task::spawn_blocking(move || app.holder(&secret))
            .await
            .map_err(|_| Problem::stopped())?
            .map_err(Problem::from)?;
        holder.map(Self).ok_or_else(Problem::no_token)
    }
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
