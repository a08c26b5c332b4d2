//! Payments that other apps asked for, and what became of them.

use countertop_domain::ids::{BasketId, PaymentRequestId};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::{named, uuid_at};

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStatus {
    /// On disk; no screen has shown it yet.
    Received,
    /// A screen has shown it.
    Shown,
    /// A cashier takes the payment.
    Accepted,
    /// Nobody knows what became of its payment at the terminal.
    InDoubt,
    /// Paid.
    Completed,
    /// Given up, with nothing charged.
    Canceled,
    /// Never shown: something in it was wrong.
    Refused,
    /// Its time was over, with nothing charged.
    Expired,
}

impl RequestStatus {
    const ALL: [Self; 8] = [
        Self::Received,
        Self::Shown,
        Self::Accepted,
        Self::InDoubt,
        Self::Completed,
        Self::Canceled,
        Self::Refused,
        Self::Expired,
    ];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Shown => "shown",
            Self::Accepted => "accepted",
            Self::InDoubt => "in_doubt",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }

    /// Reads what [`RequestStatus::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// True while a cashier has something to do about it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Shown | Self::Accepted)
    }

    /// True once nothing about it changes any more.
    pub const fn is_final(self) -> bool {
        !self.is_open() && !matches!(self, Self::InDoubt)
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequestRow {
    /// Its id.
    pub id: PaymentRequestId,
    /// The app that asked.
    pub client_id: String,
    /// What makes a second sending the same request; none where every sending is one of its own.
    pub identity: Option<String>,
    /// The caller's own word, given back as it came.
    pub caller_state: Option<String>,
    /// SHA-256 of what was asked.
    pub content: [u8; 32],
    /// Where it is.
    pub status: RequestStatus,
    /// True for a test: nothing of it is in the books.
    pub sandbox: bool,
    /// What was asked, as JSON.
    pub request: String,
    /// What it is paid in.
    pub basket: Option<BasketId>,
    /// The screen that accepted it; empty before.
    pub client: String,
    /// When it came, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// From when on it is not taken any more.
    pub expires_ms: i64,
    /// When it changed last.
    pub updated_ms: i64,
    /// What became of it, as JSON.
    pub result: Option<String>,
    /// When the reply was first given out.
    pub replied_ms: Option<i64>,
    /// How often the callback was opened.
    pub called_back: u32,
}

const SELECT: &str =
    "SELECT request_id, client_id, identity, caller_state, content, status, sandbox,
  request, basket_id, client, received_ms, expires_ms, updated_ms, result, replied_ms, called_back
  FROM payment_request";
const OPEN: &str = "status IN ('received', 'shown', 'accepted', 'in_doubt')";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A request.
    pub fn payment_request(
        &self,
        id: PaymentRequestId,
    ) -> Result<Option<PaymentRequestRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE request_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// The request of an app that has this identity.
    pub fn same_payment_request(
        &self,
        client_id: &str,
        identity: &str,
    ) -> Result<Option<PaymentRequestRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE client_id = ?1 AND identity = ?2"))?
            .query_row([client_id, identity], from_row)
            .optional()?)
    }

    /// Requests about which something is left to be done or to be learned, the oldest first.
    pub fn open_payment_requests(&self) -> Result<Vec<PaymentRequestRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} WHERE {OPEN} ORDER BY id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Requests of an app, the newest first: all, or those with one state of the caller's. `before`
    /// is the id of the last one of the page before.
    pub fn payment_requests_of(
        &self,
        client_id: &str,
        caller_state: Option<&str>,
        before: Option<PaymentRequestId>,
        limit: u32,
    ) -> Result<Vec<PaymentRequestRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE client_id = ?1 AND (?2 IS NULL OR caller_state = ?2)
               AND (?3 IS NULL OR id < (SELECT id FROM payment_request WHERE request_id = ?3))
             ORDER BY id DESC LIMIT ?4"
        ))?;
        let before = before.map(|id| id.uuid().as_bytes().to_vec());
        let rows =
            statement.query_map(params![client_id, caller_state, before, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Writes a request. The database refuses a second one of its identity.
    pub fn add_payment_request(&self, row: &PaymentRequestRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO payment_request(request_id, client_id, identity, caller_state, content,
                   status, sandbox, request, basket_id, client, received_ms, expires_ms, updated_ms,
                   result, replied_ms, called_back)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute(params![
                row.id.uuid().as_bytes().as_slice(),
                row.client_id,
                row.identity,
                row.caller_state,
                row.content.as_slice(),
                row.status.name(),
                row.sandbox,
                row.request,
                row.basket.map(|id| id.uuid().as_bytes().to_vec()),
                row.client,
                row.received_ms,
                row.expires_ms,
                row.updated_ms,
                row.result,
                row.replied_ms,
                row.called_back,
            ])?;
        Ok(())
    }

    /// Writes what has become of a request: identity, status, basket, screen, result, replies. What
    /// was asked never changes.
    pub fn set_payment_request(&self, row: &PaymentRequestRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE payment_request SET identity = ?2, status = ?3, basket_id = ?4, client = ?5,
                   updated_ms = ?6, result = ?7, replied_ms = ?8, called_back = ?9
                 WHERE request_id = ?1",
            )?
            .execute(params![
                row.id.uuid().as_bytes().as_slice(),
                row.identity,
                row.status.name(),
                row.basket.map(|id| id.uuid().as_bytes().to_vec()),
                row.client,
                row.updated_ms,
                row.result,
                row.replied_ms,
                row.called_back,
            ])?;
        Ok(())
    }

    /// Forgets refused requests but for the newest: a page that sends nonsense for ever must not
    /// fill the disk.
    pub fn keep_refused_requests(&self, newest: u32) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM payment_request WHERE status = 'refused' AND id <= (
                   SELECT id FROM payment_request WHERE status = 'refused'
                   ORDER BY id DESC LIMIT 1 OFFSET ?1)",
            )?
            .execute([newest])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PaymentRequestRow> {
    let basket =
        if row.get_ref(8)?.as_blob_or_null()?.is_some() { Some(uuid_at(row, 8)?) } else { None };
    Ok(PaymentRequestRow {
        id: PaymentRequestId::new(uuid_at(row, 0)?),
        client_id: row.get(1)?,
        identity: row.get(2)?,
        caller_state: row.get(3)?,
        content: row.get(4)?,
        status: named(row, 5, RequestStatus::parse)?,
        sandbox: row.get(6)?,
        request: row.get(7)?,
        basket: basket.map(BasketId::new),
        client: row.get(9)?,
        received_ms: row.get(10)?,
        expires_ms: row.get(11)?,
        updated_ms: row.get(12)?,
        result: row.get(13)?,
        replied_ms: row.get(14)?,
        called_back: row.get(15)?,
    })
}
