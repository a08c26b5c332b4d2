//! What a request carries: its path, its query and its body. What cannot be read is answered with a
//! problem that names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Bytes of a request's body at most.
pub(in crate::http) const MAX_BODY: usize = 1024 * 1024;

/// A JSON body. 415 if it is something else, 400 if it is no JSON, 422 if a field is not as described.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "send the body as Content-Type: application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Problem::too_large();
            }
            Problem::bad_request("the body broke off: send the request again")
        })?;
        read(&bytes).map(Self)
    }
}

/// The members of the path, such as an id. 400 if one is not of its form.
pub(super) struct PathOf<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await.map_err(|rejection| {
            Problem::bad_request(format!("the path is not as described: {rejection}"))
        })?;
        Ok(Self(path.0))
    }
}

/// The query. 400 if a member is not as described.
pub(super) struct QueryOf<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri).map_err(|rejection| {
            let reason = std::error::Error::source(&rejection)
                .map_or_else(|| rejection.to_string(), ToString::to_string);
            Problem::bad_request(format!("the query is not as described: {reason}"))
        })?;
        Ok(Self(query.0))
    }
}

/// Refuses texts of a query that are longer than described, each given with its name and the most
/// characters that it has: 400.
pub(super) fn short(texts: &[(&str, Option<&String>, usize)]) -> Result<(), Problem> {
    let long =
        texts.iter().find(|(_, text, most)| text.is_some_and(|text| text.chars().count() > *most));
    match long {
        None => Ok(()),
        Some((name, _, most)) => {
            Err(Problem::bad_request(format!("{name} has up to {most} characters")))
        }
    }
}

/// A text of a query that is as long as its description says: from one to `MOST` characters.
pub(super) fn text<'de, D, const MOST: usize>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    if (1..=MOST).contains(&text.chars().count()) {
        return Ok(Some(text));
    }
    Err(serde::de::Error::custom(format!("a text here has 1 to {MOST} characters")))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.and_then(|text| text.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Reads a JSON body.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if names_nul(bytes) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_field",
            "a text holds the character NUL (\\u0000), which no text of a shop has: leave it out",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            // Of another form; but only what is JSON to its end has a form.
            serde_json::error::Category::Data if is_whole(bytes) => {
                let about = if path == "." { String::new() } else { path };
                Problem::bad_field(&about, inner.to_string())
            }
            _ => not_json(&inner),
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn is_whole(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_json", format!("the body is no JSON: {error}"))
}

/// True if a text of this JSON spells NUL. A raw one is no JSON anyway.
fn names_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with(b"u0000") {
            return true;
        }
        // The escaped character may be a backslash itself.
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde::Deserialize;

    use super::{names_nul, read};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Asked {
        name: String,
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Line {
        amount: i64,
    }

    fn code(body: &str) -> (u16, String, String) {
        let problem = read::<Asked>(body.as_bytes()).expect_err(body);
        (problem.status(), problem.code.clone(), problem.about().to_owned())
    }

    #[test]
    fn a_body_that_is_no_json_is_400_and_one_of_another_form_422_with_its_field() {
        for body in ["", "{", "[1,", "{\"name\":\"\\ud800\"}", "{} {}", "nul", "\u{0}"] {
            assert_eq!(code(body).0, 400, "{body}");
        }
        let whole = r#"{"name":"x","lines":[]}"#;
        assert_eq!(code(&format!("{whole} {whole}")).0, 400);
        assert_eq!(
            code(r#"{"name":"x","lines":[{"amount":1},{"amount":"2"}]}"#),
            (422, "bad_field".to_owned(), "lines[1].amount".to_owned())
        );
        assert_eq!(code(r#"{"name":"x","lines":[],"more":1}"#).0, 422);
        assert_eq!(code(r#"{"name":"x","lines":[{"amount":99999999999999999999}]}"#).0, 422);
        assert_eq!(code(r#"{"name":"x\u0000","lines":[]}"#).0, 422);
        // Nested too deep is refused, not followed.
        assert_eq!(code(&"[".repeat(100_000)).0, 400);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(code(&format!("{{\"name\":\"x\",\"lines\":{deep}}}")).0, 422);
    }

    #[test]
    fn nul_is_found_but_not_a_backslash_before_the_same_letters() {
        assert!(names_nul(br#""\u0000""#));
        assert!(names_nul(br#""\\\u0000""#));
        assert!(!names_nul(br#""\\u0000""#));
        assert!(!names_nul(br#""\u0001 u0000""#));
    }
}
