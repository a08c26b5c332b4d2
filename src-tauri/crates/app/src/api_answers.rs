//! Answers of the open API that are kept for a day, so that a request that is sent again is answered
//! and not carried out again.

use countertop_store::ApiAnswerRow;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;

/// For how long an answer is kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// An answer that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAnswer {
    /// SHA-256 of the request that it answers.
    pub request: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// The body, JSON.
    pub body: Vec<u8>,
}

impl App {
    /// What was answered to a token's request with this key within the last day.
    ///
    /// # Errors
    /// The store's.
    pub fn api_answer(&self, token: Uuid, key: &str) -> Result<Option<ApiAnswer>, AppError> {
        let since = self.now().utc_ms.saturating_sub(KEPT_MS);
        let found = self.store.read::<_, AppError>(|s| Ok(s.api_answer(token, key)?))?;
        Ok(found.filter(|row| row.at_ms >= since).map(|row| ApiAnswer {
            request: row.request,
            status: row.status,
            body: row.body,
        }))
    }

    /// Keeps what was answered, and forgets what is older than a day.
    ///
    /// # Errors
    /// The store's.
    pub fn keep_api_answer(
        &self,
        token: Uuid,
        key: &str,
        answer: ApiAnswer,
    ) -> Result<(), AppError> {
        let at_ms = self.now().utc_ms;
        let row = ApiAnswerRow {
            token,
            key: key.to_owned(),
            request: answer.request,
            at_ms,
            status: answer.status,
            body: answer.body,
        };
        self.store.write::<_, AppError>(move |tx| {
            tx.forget_api_answers(at_ms.saturating_sub(KEPT_MS))?;
            Ok(tx.keep_api_answer(&row)?)
        })
    }
}
