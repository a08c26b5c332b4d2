//! Webhooks: the addresses that are told of events, and what is on its way to them.

use countertop_domain::ids::{TokenId, WebhookId};
use countertop_domain::scope::Scope;
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::change::Position;
use crate::table::uuid_at;

/// An address that is told of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id.
    pub id: WebhookId,
    /// The token that made it; none if a person did.
    pub token: Option<TokenId>,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Which events: `sale.completed`, `sale.*`; none for all.
    pub types: Vec<String>,
    /// What its maker was let in for: nothing else is told.
    pub scopes: Vec<Scope>,
    /// False if it was switched off.
    pub enabled: bool,
    /// One more authority to trust, PEM; empty for none.
    pub certificate: String,
    /// What its messages are signed with.
    pub secret: Vec<u8>,
    /// What they were signed with before, and until when (milliseconds since 1970 UTC) they still are.
    pub old_secret: Option<(Vec<u8>, i64)>,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it was last changed.
    pub updated_ms: i64,
    /// Up to where events have become deliveries.
    pub position: Position,
    /// When the last message arrived.
    pub success_ms: Option<i64>,
    /// Why it was switched off; empty otherwise.
    pub trouble: String,
    /// True if the token that made it is no good any more.
    pub revoked: bool,
    /// The app whose results are posted here, which is told of no events; none for a webhook.
    pub app: Option<String>,
}

impl WebhookRow {
    /// Whether it is told of anything.
    pub const fn is_live(&self) -> bool {
        self.enabled && !self.revoked
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// On its way, or to be tried again.
    Waiting,
    /// It arrived.
    Delivered,
    /// Given up: a person decides.
    Dead,
}

impl DeliveryState {
    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// Reads what [`DeliveryState::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Dead].into_iter().find(|one| one.name() == name)
    }
}

/// A message for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its place in the order of the messages.
    pub number: i64,
    /// For whom.
    pub webhook: WebhookId,
    /// The event's id, by which a receiver knows it again.
    pub event: String,
    /// The event's type.
    pub kind: String,
    /// What it is about.
    pub lane: String,
    /// What is sent.
    pub body: String,
    /// What became of it.
    pub state: DeliveryState,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was first tried.
    pub first_ms: Option<i64>,
    /// When it was last tried.
    pub tried_ms: Option<i64>,
    /// Not to be tried before.
    pub due_ms: i64,
    /// What the address answered last, an HTTP status.
    pub status: Option<u16>,
    /// Why it did not arrive; empty if it did.
    pub trouble: String,
}

/// A message that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The event's id.
    pub event: String,
    /// The event's type.
    pub kind: String,
    /// What it is about.
    pub lane: String,
    /// What is sent.
    pub body: String,
}

/// How a webhook's messages are, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// On their way, or to be tried again.
    pub waiting: u32,
    /// Given up.
    pub dead: u32,
    /// When the oldest that waits was made, milliseconds since 1970 UTC.
    pub oldest_ms: Option<i64>,
}

/// Messages that arrived, and messages that were given up, which are kept of each webhook.
const KEPT: i64 = 1_000;

const WEBHOOK: &str = "SELECT webhook_id, webhook.token_id, webhook.name, url, types,
   webhook.scopes, enabled, certificate, secret, old_secret, old_until_ms, webhook.created_ms,
   updated_ms, seq, change_id, success_ms, trouble,
   webhook.token_id IS NOT NULL AND (token.token_id IS NULL OR token.revoked_ms IS NOT NULL),
   client_id FROM webhook LEFT JOIN token ON token.token_id = webhook.token_id";

const DELIVERY: &str = "SELECT delivery_id, webhook_id, event_id, type, lane, body, state,
   created_ms, attempts, first_ms, tried_ms, due_ms, status, trouble FROM webhook_delivery";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Every webhook, and every address of an app to which results are posted, the newest first.
    pub fn webhooks(&self) -> Result<Vec<WebhookRow>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{WEBHOOK} ORDER BY webhook.created_ms DESC, webhook_id"))?;
        let rows = statement.query_map([], webhook)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One webhook.
    pub fn webhook(&self, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{WEBHOOK} WHERE webhook_id = ?1"))?
            .query_row([key(id).as_slice()], webhook)
            .optional()?)
    }

    /// How a webhook's messages are.
    pub fn delivery_counts(&self, id: WebhookId) -> Result<DeliveryCounts, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE state = 'waiting'),
                        count(*) FILTER (WHERE state = 'dead'),
                        min(created_ms) FILTER (WHERE state = 'waiting')
                 FROM webhook_delivery WHERE webhook_id = ?1 AND state IN ('waiting', 'dead')",
            )?
            .query_row([key(id).as_slice()], |row| {
                Ok(DeliveryCounts {
                    waiting: row.get(0)?,
                    dead: row.get(1)?,
                    oldest_ms: row.get(2)?,
                })
            })?)
    }

    /// A webhook's messages before a place, the newest first: those in a state, or all.
    pub fn deliveries(
        &self,
        id: WebhookId,
        state: Option<DeliveryState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{DELIVERY} WHERE webhook_id = ?1 AND (?2 IS NULL OR state = ?2) AND delivery_id < ?3
             ORDER BY delivery_id DESC LIMIT ?4"
        ))?;
        let state = state.map(DeliveryState::name);
        let rows = statement.query_map(params![key(id), state, before, limit], delivery)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One message.
    pub fn delivery(&self, id: WebhookId, event: &str) -> Result<Option<DeliveryRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{DELIVERY} WHERE webhook_id = ?1 AND event_id = ?2"))?
            .query_row(params![key(id), event], delivery)
            .optional()?)
    }

    /// What is next for an address: of each thing only its first message that waits, and that if it
    /// may be tried now.
    pub fn due_deliveries(
        &self,
        id: WebhookId,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{DELIVERY} WHERE delivery_id IN
               (SELECT min(delivery_id) FROM webhook_delivery
                WHERE webhook_id = ?1 AND state = 'waiting' GROUP BY lane)
             AND due_ms <= ?2 ORDER BY delivery_id LIMIT ?3"
        ))?;
        let rows = statement.query_map(params![key(id), now_ms, limit], delivery)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the next message of any webhook is due that is not due yet, milliseconds since 1970 UTC.
    pub fn next_delivery_due(&self, now_ms: i64) -> Result<Option<i64>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT min(due_ms) FROM webhook_delivery WHERE state = 'waiting' AND due_ms > ?1",
            )?
            .query_row([now_ms], |row| row.get(0))?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a webhook, or sets one anew; its place among the events and its messages stay.
    pub fn put_webhook(&self, hook: &WebhookRow) -> Result<(), StoreError> {
        let scopes: Vec<&str> = hook.scopes.iter().map(|scope| scope.name()).collect();
        let token = hook.token.map(|token| *token.uuid().as_bytes());
        let (old, until) = hook.old_secret.clone().unzip();
        self.connection()
            .prepare_cached(
                "INSERT INTO webhook(webhook_id, token_id, name, url, types, scopes, enabled,
                   certificate, secret, old_secret, old_until_ms, created_ms, updated_ms, seq,
                   change_id, success_ms, trouble)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 ON CONFLICT(webhook_id) DO UPDATE SET name = excluded.name, url = excluded.url,
                   types = excluded.types, enabled = excluded.enabled,
                   certificate = excluded.certificate, secret = excluded.secret,
                   old_secret = excluded.old_secret, old_until_ms = excluded.old_until_ms,
                   updated_ms = excluded.updated_ms, trouble = excluded.trouble",
            )?
            .execute(params![
                key(hook.id),
                token,
                hook.name,
                hook.url,
                hook.types.join(" "),
                scopes.join(" "),
                hook.enabled,
                hook.certificate,
                hook.secret,
                old,
                until,
                hook.created_ms,
                hook.updated_ms,
                hook.position.seq,
                hook.position.change,
                hook.success_ms,
                hook.trouble,
            ])?;
        self.worth_telling();
        Ok(())
    }

    /// Forgets a webhook and its messages; false if there is none.
    pub fn remove_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        let gone = self
            .connection()
            .prepare_cached("DELETE FROM webhook WHERE webhook_id = ?1")?
            .execute([key(id).as_slice()])?;
        self.worth_telling();
        Ok(gone == 1)
    }

    /// Moves a webhook past events, which have become these messages.
    pub fn take_in(
        &self,
        id: WebhookId,
        up_to: Position,
        messages: &[NewDelivery],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE webhook SET seq = ?2, change_id = ?3 WHERE webhook_id = ?1")?
            .execute(params![key(id), up_to.seq, up_to.change])?;
        let mut add = self.connection().prepare_cached(
            "INSERT INTO webhook_delivery(webhook_id, event_id, type, lane, body, state, created_ms,
               attempts, due_ms, trouble)
             VALUES(?1, ?2, ?3, ?4, ?5, 'waiting', ?6, 0, 0, '')
             ON CONFLICT(webhook_id, event_id) DO NOTHING",
        )?;
        for message in messages {
            let NewDelivery { event, kind, lane, body } = message;
            add.execute(params![key(id), event, kind, lane, body, now_ms])?;
        }
        Ok(())
    }

    /// Drops what waits to be sent.
    pub fn drop_waiting(&self, id: WebhookId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM webhook_delivery WHERE webhook_id = ?1 AND state = 'waiting'",
            )?
            .execute([key(id).as_slice()])?;
        Ok(())
    }

    /// Says what became of a try: the message as it is now. A webhook that is gone meanwhile took it
    /// along; what was given up meanwhile stays so, unless it arrived.
    pub fn settle_delivery(&self, message: &DeliveryRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE webhook_delivery SET state = ?2, attempts = ?3, first_ms = ?4,
                   tried_ms = ?5, due_ms = ?6, status = ?7, trouble = ?8 WHERE delivery_id = ?1
                   AND (state = 'waiting' OR ?2 = 'delivered')",
            )?
            .execute(params![
                message.number,
                message.state.name(),
                message.attempts,
                message.first_ms,
                message.tried_ms,
                message.due_ms,
                message.status,
                message.trouble,
            ])?;
        if message.state == DeliveryState::Delivered {
            self.connection()
                .prepare_cached("UPDATE webhook SET success_ms = ?2 WHERE webhook_id = ?1")?
                .execute(params![key(message.webhook), message.tried_ms])?;
        }
        Ok(())
    }

    /// Switches a webhook off and says why. An app's address stays: one result that it does not want says
    /// nothing of the next.
    pub fn switch_webhook_off(&self, id: WebhookId, trouble: &str) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE webhook SET enabled = 0, trouble = ?2
                 WHERE webhook_id = ?1 AND client_id IS NULL",
            )?
            .execute(params![key(id), trouble])?;
        Ok(())
    }

    /// Has a message sent once more, as if it had never been tried; false if there is none.
    pub fn redeliver(&self, id: WebhookId, event: &str) -> Result<bool, StoreError> {
        let changed = self
            .connection()
            .prepare_cached(
                "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, first_ms = NULL,
                   due_ms = 0, trouble = '' WHERE webhook_id = ?1 AND event_id = ?2",
            )?
            .execute(params![key(id), event])?;
        self.worth_telling();
        Ok(changed == 1)
    }

    /// Forgets the oldest messages that arrived or were given up, beyond those that are kept.
    pub fn forget_deliveries(&self, id: WebhookId) -> Result<(), StoreError> {
        for state in [DeliveryState::Delivered, DeliveryState::Dead] {
            self.connection()
                .prepare_cached(
                    "DELETE FROM webhook_delivery WHERE webhook_id = ?1 AND state = ?2
                     AND delivery_id <= (SELECT delivery_id FROM webhook_delivery
                       WHERE webhook_id = ?1 AND state = ?2
                       ORDER BY delivery_id DESC LIMIT 1 OFFSET ?3)",
                )?
                .execute(params![key(id), state.name(), KEPT])?;
        }
        Ok(())
    }
}

pub(super) const fn key(id: WebhookId) -> [u8; 16] {
    *id.uuid().as_bytes()
}

fn webhook(row: &Row<'_>) -> rusqlite::Result<WebhookRow> {
    let words = |index| -> rusqlite::Result<Vec<String>> {
        let text: String = row.get(index)?;
        Ok(text.split_whitespace().map(str::to_owned).collect())
    };
    let token: Option<[u8; 16]> = row.get(1)?;
    let old: (Option<Vec<u8>>, Option<i64>) = (row.get(9)?, row.get(10)?);
    Ok(WebhookRow {
        id: WebhookId::new(uuid_at(row, 0)?),
        token: token.map(|bytes| TokenId::new(Uuid::from_bytes(bytes))),
        name: row.get(2)?,
        url: row.get(3)?,
        types: words(4)?,
        scopes: words(5)?.iter().filter_map(|name| Scope::parse(name)).collect(),
        enabled: row.get(6)?,
        certificate: row.get(7)?,
        secret: row.get(8)?,
        old_secret: old.0.zip(old.1),
        created_ms: row.get(11)?,
        updated_ms: row.get(12)?,
        position: Position { seq: row.get(13)?, change: row.get(14)? },
        success_ms: row.get(15)?,
        trouble: row.get(16)?,
        revoked: row.get(17)?,
        app: row.get(18)?,
    })
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    Ok(DeliveryRow {
        number: row.get(0)?,
        webhook: WebhookId::new(uuid_at(row, 1)?),
        event: row.get(2)?,
        kind: row.get(3)?,
        lane: row.get(4)?,
        body: row.get(5)?,
        state: super::named(row, 6, DeliveryState::parse)?,
        created_ms: row.get(7)?,
        attempts: row.get(8)?,
        first_ms: row.get(9)?,
        tried_ms: row.get(10)?,
        due_ms: row.get(11)?,
        status: row.get(12)?,
        trouble: row.get(13)?,
    })
}
