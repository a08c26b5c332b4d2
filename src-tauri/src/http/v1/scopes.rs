//! What a token must be good for, route by route. The gate asks before anything of a request is read,
//! the description tells it, and a route without a row here fails a test.

use axum::http::Method;
use countertop_domain::scope::Scope;

/// Method and path as the description has them, and the scope; `None` for any good token.
const ROUTES: &[(&str, &str, Option<Scope>)] = &[("GET", "/v1/token", None)];

/// The scope that a route needs. `None` if there is no such row.
pub(super) fn of(method: &str, path: &str) -> Option<Option<Scope>> {
    ROUTES.iter().find(|row| row.0 == method && row.1 == path).map(|row| row.2)
}

/// The same for a request; HEAD reads as GET does.
pub(super) fn of_request(method: &Method, path: &str) -> Option<Option<Scope>> {
    of(if method == Method::HEAD { "GET" } else { method.as_str() }, path)
}
