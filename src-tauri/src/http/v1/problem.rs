//! What is answered when something cannot be done: RFC 9457 problem+json.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use countertop_app::AppError;
use countertop_app::wire::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::status_of;

/// Why a request was not carried out. A program acts on `code`; `detail` is for a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank", "title": "Not Found", "status": 404, "code": "no_such_item",
    "detail": "that item is no longer there: it was changed at another screen", "about": ""
}))]
pub(super) struct Problem {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(value_type = u16)]
    status: u16,
    /// A lasting name such as `no_such_item`.
    pub(super) code: String,
    /// What happened and what to do.
    detail: String,
    /// What it is about: a field, a code, an id; may be empty.
    about: String,
    /// Seconds to wait, for the header.
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Refused"),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            about: String::new(),
            retry_after: None,
        }
    }

    /// The HTTP status.
    #[cfg(test)]
    pub(super) const fn status(&self) -> u16 {
        self.status
    }

    /// What it is about.
    #[cfg(test)]
    pub(super) fn about(&self) -> &str {
        &self.about
    }

    /// A field that is not as described: 422, with its path.
    pub(super) fn bad_field(about: &str, detail: impl Into<String>) -> Self {
        Self {
            about: about.to_owned(),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_field", detail)
        }
    }

    /// The same about a field.
    pub(super) fn about_field(self, about: &str) -> Self {
        Self { about: about.to_owned(), ..self }
    }

    /// A body beyond what is taken.
    pub(super) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "a request has 1 MiB at most: send it in parts",
        )
    }

    /// Asked too fast: 429, with the seconds to wait.
    pub(super) fn slow_down(seconds: u32) -> Self {
        let detail = format!("too many requests: wait {seconds} s, then send this one again");
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "slow_down", detail)
        }
    }

    /// A request that cannot be read.
    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }

    /// No token, or one that is no good.
    pub(super) fn no_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no_token",
            "send a token as \"Authorization: Bearer ctp_…\": the owner makes one under Apps, or with \
             countertopd token create",
        )
    }

    /// The program stumbled; whether it was done is not known.
    pub(super) fn stopped() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "program_trouble",
            "the register stumbled over this: look before you try again",
        )
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            about: refusal.about,
            ..Self::new(status_of(&refusal.code), &refusal.code, refusal.message)
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
