//! What was answered to requests that carried an Idempotency-Key.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// An answer that was given to a request of the open API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAnswerRow {
    /// Whose request: the id of the token.
    pub token: Uuid,
    /// The key that the program gave the request.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request: [u8; 32],
    /// When it was answered, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The HTTP status.
    pub status: u16,
    /// The body, JSON.
    pub body: Vec<u8>,
}

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// The answer under this key, however old.
    pub fn api_answer(&self, token: Uuid, key: &str) -> Result<Option<ApiAnswerRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT request, at_ms, status, body FROM api_answer
                 WHERE token_id = ?1 AND key = ?2",
            )?
            .query_row(params![token.as_bytes().as_slice(), key], |row| {
                Ok(ApiAnswerRow {
                    token,
                    key: key.to_owned(),
                    request: row.get(0)?,
                    at_ms: row.get(1)?,
                    status: row.get(2)?,
                    body: row.get(3)?,
                })
            })
            .optional()?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Keeps an answer, in the place of an older one under the same key.
    pub fn keep_api_answer(&self, answer: &ApiAnswerRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO api_answer(token_id, key, request, at_ms, status, body)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT(token_id, key) DO UPDATE SET request = excluded.request,
                   at_ms = excluded.at_ms, status = excluded.status, body = excluded.body",
            )?
            .execute(params![
                answer.token.as_bytes().as_slice(),
                answer.key,
                answer.request.as_slice(),
                answer.at_ms,
                answer.status,
                answer.body,
            ])?;
        Ok(())
    }

    /// Forgets answers that were given before a moment.
    pub fn forget_api_answers(&self, before_ms: i64) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM api_answer WHERE at_ms < ?1")?
            .execute([before_ms])?;
        Ok(())
    }
}
