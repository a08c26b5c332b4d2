//! Addresses of apps to which the register posts results of payment requests: each is a webhook of its own,
//! which is told of no events.

use countertop_domain::ids::WebhookId;
use rusqlite::params;
use sha2::{Digest as _, Sha256};

use super::webhook::{NewDelivery, key};
use crate::error::StoreError;
use crate::snapshot::Tx;

/// Results that wait at most for an app's address; an app that is away for longer asks for them.
const WAITING: u32 = 1_000;

/// The id of the address to which an app's results are posted.
pub fn result_address(client_id: &str, url: &str) -> WebhookId {
    let mut bytes = [0; 16];
    let hash = Sha256::digest(format!("{client_id}\n{url}"));
    bytes.copy_from_slice(&hash[..16]);
    WebhookId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Queues a result for an address of an app; once, however often this is said. Answers false where
    /// too many wait for that address already.
    pub fn post_result(
        &self,
        client_id: &str,
        url: &str,
        message: &NewDelivery,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let id = result_address(client_id, url);
        self.connection()
            .prepare_cached(
                "INSERT INTO webhook(webhook_id, client_id, name, url, types, scopes, enabled,
                   certificate, secret, created_ms, updated_ms, seq, change_id, trouble)
                 VALUES(?1, ?2, '', ?3, '', '', 1, '', x'', ?4, ?4, 0, 0, '')
                 ON CONFLICT(webhook_id) DO UPDATE SET enabled = 1, trouble = ''",
            )?
            .execute(params![key(id), client_id, url, now_ms])?;
        if self.delivery_counts(id)?.waiting >= WAITING {
            return Ok(false);
        }
        let NewDelivery { event, kind, lane, body } = message;
        self.connection()
            .prepare_cached(
                "INSERT INTO webhook_delivery(webhook_id, event_id, type, lane, body, state,
                   created_ms, attempts, due_ms, trouble)
                 VALUES(?1, ?2, ?3, ?4, ?5, 'waiting', ?6, 0, 0, '')
                 ON CONFLICT(webhook_id, event_id) DO NOTHING",
            )?
            .execute(params![key(id), event, kind, lane, body, now_ms])?;
        self.worth_telling();
        Ok(true)
    }

    /// Shuts those addresses of an app to which results may not be posted any more: what waits for
    /// them is given up, for this reason.
    pub fn shut_result_addresses(
        &self,
        client_id: &str,
        may: impl Fn(&str) -> bool,
        reason: &str,
    ) -> Result<(), StoreError> {
        for hook in self.webhooks()? {
            if hook.app.as_deref() != Some(client_id) || may(&hook.url) {
                continue;
            }
            self.connection()
                .prepare_cached("UPDATE webhook SET enabled = 0 WHERE webhook_id = ?1")?
                .execute([key(hook.id).as_slice()])?;
            self.connection()
                .prepare_cached(
                    "UPDATE webhook_delivery SET state = 'dead', trouble = ?2
                     WHERE webhook_id = ?1 AND state = 'waiting'",
                )?
                .execute(params![key(hook.id), reason])?;
        }
        self.worth_telling();
        Ok(())
    }
}
