//! `Idempotency-Key`: a request that is sent twice is carried out once.
//!
//! What was done is kept for a day under token and key. The same request again is given the same answer,
//! with `Idempotent-Replayed: true`, less what is secret in it ([`Kept`]). What was refused changed nothing and is not kept: it may be sent
//! again under its key. A kill between the deed and the keeping is covered by [`Idempotent::id`]: a
//! handler names what it makes by ids that come from the key.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use countertop_app::ApiAnswer;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::problem::Problem;
use super::{Shell, on_disk_thread};

/// The header.
pub(super) const HEADER: &str = "idempotency-key";
/// Says that an answer is one that was given before.
const REPLAYED: &str = "idempotent-replayed";
/// Characters of a key.
pub(super) const MAX_KEY: usize = 128;
/// Bytes of an answer that is kept; a longer one is made anew.
const MAX_ANSWER: usize = 1024 * 1024;

/// A key that a program gave its request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(String);

impl Key {
    /// The key of a request, if it has one.
    pub(super) fn read(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut given = headers.get_all(HEADER).iter();
        let Some(value) = given.next() else { return Ok(None) };
        let well = value.to_str().ok().filter(|text| {
            (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        });
        match (well, given.next()) {
            (Some(text), None) => Ok(Some(Self(text.to_owned()))),
            _ => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "bad_idempotency_key",
                "an Idempotency-Key has 1 to 128 visible ASCII characters, such as a UUID",
            )),
        }
    }
}

/// Requests with a key that are being carried out.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<HashSet<(Uuid, Key)>>>);

/// Held while a request with a key is being carried out.
#[derive(Debug)]
struct Turn {
    turns: Turns,
    whose: (Uuid, Key),
}

impl Turns {
    /// `None` while another request has it.
    fn take(&self, token: Uuid, key: &Key) -> Option<Turn> {
        let whose = (token, key.clone());
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(whose.clone()).then(|| Turn { turns: self.clone(), whose })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.whose);
    }
}

/// Where the ids of what a request makes come from: its key, or chance.
#[derive(Clone, Debug, Default)]
pub(super) struct Idempotent(Option<(Uuid, Key)>);

impl Idempotent {
    /// The id of what this request makes. With a key the same every time, so that a request that is sent
    /// again after a power cut finds what it made.
    pub(super) fn id(&self, name: &str) -> Uuid {
        let Some((token, key)) = &self.0 else { return Uuid::now_v7() };
        let mut hash = Sha256::new();
        hash.update(token.as_bytes());
        // No key holds a space, so that the parts cannot run into each other.
        hash.update(format!("{} {name}", key.0));
        let mut bytes = [0; 16];
        for (byte, from) in bytes.iter_mut().zip(hash.finalize()) {
            *byte = from;
        }
        Uuid::new_v8(bytes)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Idempotent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Carries out a request with a key, unless it was carried out before or is being carried out.
pub(super) async fn once(
    shell: &Shell,
    token: Uuid,
    key: Key,
    (mut parts, bytes): (Parts, Bytes),
    next: Next,
) -> Response {
    let Some(turn) = shell.api.turns().take(token, &key) else {
        return Problem::new(
            StatusCode::CONFLICT,
            "idempotency_in_progress",
            "a request with this Idempotency-Key is being carried out: ask again in a moment",
        )
        .into_response();
    };
    let asked = fingerprint(&parts, &bytes);
    let name = key.0.clone();
    let before = on_disk_thread(shell, move |app| app.api_answer(token, &name)).await;
    match before {
        Err(problem) => return problem.into_response(),
        Ok(Some(answer)) if answer.request == asked => return replay(&answer),
        Ok(Some(_)) => {
            return Problem::new(
                StatusCode::CONFLICT,
                "idempotency_conflict",
                "this Idempotency-Key belongs to another request: give each request a key of its own",
            )
            .into_response();
        }
        Ok(None) => {}
    }
    parts.extensions.insert(Idempotent(Some((token, key.clone()))));
    let shell = shell.clone();
    // Goes on to its end if the program hangs up: it will ask what became of it.
    let task = tokio::spawn(async move {
        let request = Request::from_parts(parts, Body::from(bytes));
        let response = shell.api.in_turn(request, next).await;
        let response = keep(&shell, token, &key, asked, response).await;
        drop(turn);
        response
    });
    task.await.unwrap_or_else(|_| Problem::stopped().into_response())
}

/// What is kept of an answer in its place: a secret is on no disk because somebody asked for it.
#[derive(Clone, Debug)]
pub(super) struct Kept(Bytes);

impl Kept {
    /// Keeps this, as JSON.
    pub(super) fn of(answer: &impl Serialize) -> Self {
        Self(serde_json::to_vec(answer).unwrap_or_default().into())
    }
}

/// What makes two requests the same: method, path, query and body.
fn fingerprint(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update(b" ");
    hash.update(parts.uri.path_and_query().map_or("", |whole| whole.as_str()));
    // No address holds a line feed.
    hash.update(b"\n");
    hash.update(body);
    hash.finalize().into()
}

/// Keeps what was done; what was refused, and what is no JSON, is given on as it is.
async fn keep(
    shell: &Shell,
    token: Uuid,
    key: &Key,
    request: [u8; 32],
    response: Response,
) -> Response {
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.to_str().is_ok_and(|kind| kind.split(';').next() == Some("application/json"))
    });
    let empty = response.status() == StatusCode::NO_CONTENT;
    if !response.status().is_success() || !(json || empty) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::stopped().into_response();
    };
    let kept = parts.extensions.get::<Kept>().map_or(&bytes, |kept| &kept.0);
    if kept.len() <= MAX_ANSWER {
        let answer = ApiAnswer { request, status: parts.status.as_u16(), body: kept.to_vec() };
        let name = key.0.clone();
        let kept =
            on_disk_thread(shell, move |app| app.keep_api_answer(token, &name, answer)).await;
        if let Err(problem) = kept {
            // It is done: that is what the program must hear.
            tracing::warn!(code = problem.code, "an answer could not be kept for its key");
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn replay(answer: &ApiAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if !answer.body.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::{HeaderMap, HeaderValue};
    use uuid::Uuid;

    use super::{Idempotent, Key, Turns};

    fn key(value: &[u8]) -> Result<Option<Key>, u16> {
        let mut headers = HeaderMap::new();
        headers.insert("idempotency-key", HeaderValue::from_bytes(value).unwrap());
        Key::read(&headers).map_err(|problem| problem.status())
    }

    #[test]
    fn a_key_is_visible_ascii_of_at_most_128_characters() {
        assert_eq!(Key::read(&HeaderMap::new()).unwrap(), None);
        let longest = "k".repeat(128);
        for good in ["1", "a-B_9~!", &longest] {
            assert_eq!(key(good.as_bytes()), Ok(Some(Key(good.to_owned()))));
        }
        let longer = "k".repeat(129);
        for bad in [&b""[..], b"a b", "é".as_bytes(), b"a\tb", longer.as_bytes()] {
            assert_eq!(key(bad), Err(400), "{bad:?}");
        }
        let mut twice = HeaderMap::new();
        twice.append("idempotency-key", HeaderValue::from_static("a"));
        twice.append("idempotency-key", HeaderValue::from_static("b"));
        assert!(Key::read(&twice).is_err());
    }

    #[test]
    fn the_same_key_names_the_same_things_and_nobody_elses() {
        let of = |token: u128, key: &str| {
            Idempotent(Some((Uuid::from_u128(token), Key(key.to_owned()))))
        };
        let id = of(1, "k").id("sale");
        assert_eq!(id, of(1, "k").id("sale"));
        assert_eq!(id.get_version_num(), 8);
        for other in [of(2, "k").id("sale"), of(1, "l").id("sale"), of(1, "k").id("tender")] {
            assert_ne!(id, other);
        }
        assert_ne!(Idempotent::default().id("sale"), Idempotent::default().id("sale"));
    }

    #[test]
    fn one_request_at_a_time_has_a_key() {
        let (turns, key, token) = (Turns::default(), Key("k".to_owned()), Uuid::from_u128(1));
        let first = turns.take(token, &key).unwrap();
        assert!(turns.take(token, &key).is_none());
        assert!(turns.take(Uuid::from_u128(2), &key).is_some());
        drop(first);
        assert!(turns.take(token, &key).is_some());
    }
}
