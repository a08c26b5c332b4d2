//! Editing what nobody else has changed meanwhile: `ETag` and `If-Match` (RFC 9110, 13.1.1).
//!
//! A resource that can be edited is answered as [`Tagged`]; its tag is a hash of what was answered. An
//! edit may carry the tag in `If-Match` and is refused with 412 if the resource is another one by now.
//! Without `If-Match` the edit is made: a program that must not overwrite sends it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use countertop_app::AppError;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::Problem;

/// Tags of an `If-Match` at most.
const MAX_TAGS: usize = 20;

/// The tag of a representation, with its quotes.
fn tag(resource: &impl Serialize) -> String {
    let bytes = serde_json::to_vec(resource).unwrap_or_default();
    let hash = Sha256::digest(bytes);
    format!("\"{}\"", hex::encode(hash.get(..16).unwrap_or_default()))
}

/// A resource with its `ETag`.
pub(super) struct Tagged<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let tag = tag(&self.0);
        let mut response = Json(self.0).into_response();
        if let Ok(value) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }
}

/// What the program that edits has seen: the tags of `If-Match`, if it sent them.
#[derive(Clone, Debug, Default)]
pub(super) struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// Whether the edit may be made of the resource as it is now. Ask inside the transaction that edits.
    ///
    /// # Errors
    /// [`AppError::ChangedMeanwhile`], which is answered with 412.
    pub(super) fn check(&self, current: &impl Serialize) -> Result<(), AppError> {
        let Some(tags) = &self.0 else { return Ok(()) };
        let current = tag(current);
        if tags.iter().any(|tag| tag == "*" || *tag == current) {
            return Ok(());
        }
        Err(AppError::ChangedMeanwhile)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut tags = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            let text = value.to_str().map_err(|_| unreadable())?;
            tags.extend(
                text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned),
            );
        }
        if tags.is_empty() {
            let given = parts.headers.contains_key(header::IF_MATCH);
            return if given { Err(unreadable()) } else { Ok(Self(None)) };
        }
        let well = |tag: &String| {
            let opaque = tag.strip_prefix("W/").unwrap_or(tag);
            tag == "*" || (opaque.len() >= 2 && opaque.starts_with('"') && opaque.ends_with('"'))
        };
        if tags.len() > MAX_TAGS || !tags.iter().all(well) {
            return Err(unreadable());
        }
        Ok(Self(Some(tags)))
    }
}

fn unreadable() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad_request",
        "If-Match is the ETag of what you read, with its quotes, or *",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::extract::FromRequestParts;
    use axum::http::Request;
    use axum::response::IntoResponse;

    use super::{IfMatch, Tagged, tag};

    async fn read(values: &[&str]) -> Result<IfMatch, u16> {
        let mut request = Request::builder();
        for value in values {
            request = request.header("if-match", *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map_err(|problem| problem.status())
    }

    #[tokio::test]
    async fn only_who_saw_what_is_there_now_edits_it() {
        let now = tag(&"now");
        let sent = Tagged("now").into_response();
        assert_eq!(sent.headers()["etag"], now.as_str());
        for good in [vec![], vec!["*"], vec![now.as_str()], vec!["\"x\", \"y\"", now.as_str()]] {
            assert!(read(&good).await.unwrap().check(&"now").is_ok(), "{good:?}");
        }
        let weak = format!("W/{now}");
        for bad in [vec!["\"x\""], vec![weak.as_str()], vec![tag(&"before").as_str()]] {
            assert!(read(&bad).await.unwrap().check(&"now").is_err(), "{bad:?}");
        }
        for unreadable in ["", "x", "\"", ",", "\"a\" \"b"] {
            assert_eq!(read(&[unreadable]).await.err(), Some(400), "{unreadable}");
        }
    }
}
