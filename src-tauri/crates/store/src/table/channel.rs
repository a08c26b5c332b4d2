//! Web shops, and how far each was read.

use countertop_domain::ids::ChannelId;
use rusqlite::{OptionalExtension, Row, params};

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::change::Position;

/// Whose figures of stock count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelPolicy {
    /// The till's: the shop is told of it, and put right where it differs.
    Till,
    /// The shop's: a difference becomes a movement here.
    Web,
    /// The till's, less a buffer that the shop never offers.
    Split,
}

impl ChannelPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Till, Self::Web, Self::Split];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Web => "web",
            Self::Split => "split",
        }
    }

    /// Reads what [`ChannelPolicy::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A list of a shop that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelStream {
    /// What it sells.
    Products,
    /// How much of it there is, where that moves on its own.
    Stock,
    /// What was ordered there.
    Orders,
    /// Who orders there.
    Customers,
    /// The ids of all that it sells, to find what was deleted.
    Sweep,
}

impl ChannelStream {
    /// Every stream, in the order in which a new shop is read.
    pub const ALL: [Self; 5] =
        [Self::Products, Self::Stock, Self::Orders, Self::Customers, Self::Sweep];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Orders => "orders",
            Self::Customers => "customers",
            Self::Sweep => "sweep",
        }
    }

    /// Reads what [`ChannelStream::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A web shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Its id.
    pub id: ChannelId,
    /// Its platform: `woocommerce`.
    pub kind: String,
    /// What people call it; no two alike. Its orders bear it as their channel.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What else its connector needs, as JSON; never a secret.
    pub options: String,
    /// Whose figures of stock count.
    pub policy: ChannelPolicy,
    /// What the shop never offers, in thousandths of a unit of each variant.
    pub buffer: i64,
    /// True if the owner allowed its host although it is in the shop's own network.
    pub allow_host: bool,
    /// One more authority to trust, PEM; empty for none.
    pub certificate: String,
    /// False while it is paused.
    pub enabled: bool,
    /// When it was added, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When its settings were last changed.
    pub updated_ms: i64,
    /// Up to where the journal and the changes have become operations.
    pub position: Position,
    /// When it was last read to the end without trouble.
    pub success_ms: Option<i64>,
    /// When one of its webhooks last came.
    pub woken_ms: Option<i64>,
    /// What is in the way now; empty if nothing is.
    pub trouble: String,
    /// Since when.
    pub trouble_since_ms: Option<i64>,
}

/// How far a list of a shop was read. Moments are by the shop's clock but for `done_ms`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CursorRow {
    /// What changed from here on is read next; none until it was read to the end once.
    pub since_ms: Option<i64>,
    /// When the run under way began.
    pub started_ms: Option<i64>,
    /// Where the run under way goes on, as the connector calls it.
    pub next: Option<String>,
    /// How many were read in this run.
    pub read: u64,
    /// How many there are, where the shop says so.
    pub total: Option<u64>,
    /// When a run last came to its end, by the register's clock.
    pub done_ms: Option<i64>,
}

const SELECT: &str = "SELECT channel_id, kind, name, url, options, policy, buffer, allow_host,
   certificate, enabled, created_ms, updated_ms, seq, success_ms, woken_ms, trouble,
   trouble_since_ms, change_id FROM channel";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Every web shop, the oldest first.
    pub fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} ORDER BY created_ms, name"))?;
        let rows = statement.query_map([], channel)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One web shop.
    pub fn channel(&self, id: ChannelId) -> Result<Option<ChannelRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE channel_id = ?1"))?
            .query_row([key(id).as_slice()], channel)
            .optional()?)
    }

    /// How far a list of a shop was read; nothing yet if it never was.
    pub fn channel_cursor(
        &self,
        id: ChannelId,
        stream: ChannelStream,
    ) -> Result<CursorRow, StoreError> {
        let found = self
            .connection()
            .prepare_cached(
                "SELECT since_ms, started_ms, next, read_count, total, done_ms FROM channel_cursor
                 WHERE channel_id = ?1 AND stream = ?2",
            )?
            .query_row(params![key(id), stream.name()], |row| {
                Ok(CursorRow {
                    since_ms: row.get(0)?,
                    started_ms: row.get(1)?,
                    next: row.get(2)?,
                    read: row.get::<_, i64>(3)?.unsigned_abs(),
                    total: row.get::<_, Option<i64>>(4)?.map(i64::unsigned_abs),
                    done_ms: row.get(5)?,
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a web shop, or sets one anew; its place in the journal and what became of it stay. Its
    /// orders go by its new name.
    pub fn put_channel(&self, row: &ChannelRow) -> Result<(), StoreError> {
        let before = self.channel(row.id)?.map(|before| before.name);
        if let Some(before) = before.filter(|before| *before != row.name) {
            self.connection()
                .prepare_cached("UPDATE channel_order SET channel = ?2 WHERE channel = ?1")?
                .execute([&before, &row.name])?;
        }
        self.connection()
            .prepare_cached(
                "INSERT INTO channel(channel_id, kind, name, url, options, policy, buffer,
                   allow_host, certificate, enabled, created_ms, updated_ms, seq, change_id,
                   trouble)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '')
                 ON CONFLICT(channel_id) DO UPDATE SET name = ?3, url = ?4, options = ?5,
                   policy = ?6, buffer = ?7, allow_host = ?8, certificate = ?9, enabled = ?10,
                   updated_ms = ?12",
            )?
            .execute(params![
                key(row.id),
                row.kind,
                row.name,
                row.url,
                row.options,
                row.policy.name(),
                row.buffer,
                row.allow_host,
                row.certificate,
                row.enabled,
                row.created_ms,
                row.updated_ms,
                row.position.seq,
                row.position.change,
            ])?;
        self.worth_telling();
        Ok(())
    }

    /// Forgets a web shop with its queue, its names and its problems; false if there is none. Orders
    /// that came from it stay.
    pub fn remove_channel(&self, id: ChannelId) -> Result<bool, StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM channel_problem WHERE channel_id = ?1")?
            .execute([key(id).as_slice()])?;
        let gone = self
            .connection()
            .prepare_cached("DELETE FROM channel WHERE channel_id = ?1")?
            .execute([key(id).as_slice()])?;
        self.worth_telling();
        Ok(gone == 1)
    }

    /// Says how a shop does: what is in its way now (empty: nothing), and if it was read to the end.
    pub fn set_channel_state(
        &self,
        id: ChannelId,
        now_ms: i64,
        trouble: &str,
        success: bool,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE channel SET trouble = ?2,
                   trouble_since_ms = iif(?2 = '', NULL, coalesce(trouble_since_ms, ?3)),
                   success_ms = iif(?4, ?3, success_ms)
                 WHERE channel_id = ?1",
            )?
            .execute(params![key(id), trouble, now_ms, success])?;
        Ok(())
    }

    /// Notes that a webhook of a shop came, and has whoever listens look.
    pub fn channel_woken(&self, id: ChannelId, now_ms: i64) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE channel SET woken_ms = ?2 WHERE channel_id = ?1")?
            .execute(params![key(id), now_ms])?;
        self.worth_telling();
        Ok(())
    }

    /// Notes how far a list of a shop was read.
    pub fn set_channel_cursor(
        &self,
        id: ChannelId,
        stream: ChannelStream,
        cursor: &CursorRow,
    ) -> Result<(), StoreError> {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.connection()
            .prepare_cached(
                "INSERT INTO channel_cursor(channel_id, stream, since_ms, started_ms, next,
                   read_count, total, done_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT(channel_id, stream) DO UPDATE SET since_ms = ?3, started_ms = ?4,
                   next = ?5, read_count = ?6, total = ?7, done_ms = ?8",
            )?
            .execute(params![
                key(id),
                stream.name(),
                cursor.since_ms,
                cursor.started_ms,
                cursor.next,
                count(cursor.read),
                cursor.total.map(count),
                cursor.done_ms,
            ])?;
        Ok(())
    }
}

pub(super) const fn key(id: ChannelId) -> [u8; 16] {
    *id.uuid().as_bytes()
}

fn channel(row: &Row<'_>) -> rusqlite::Result<ChannelRow> {
    Ok(ChannelRow {
        id: ChannelId::new(uuid_at(row, 0)?),
        kind: row.get(1)?,
        name: row.get(2)?,
        url: row.get(3)?,
        options: row.get(4)?,
        policy: named(row, 5, ChannelPolicy::parse)?,
        buffer: row.get(6)?,
        allow_host: row.get(7)?,
        certificate: row.get(8)?,
        enabled: row.get(9)?,
        created_ms: row.get(10)?,
        updated_ms: row.get(11)?,
        position: Position { seq: row.get(12)?, change: row.get(17)? },
        success_ms: row.get(13)?,
        woken_ms: row.get(14)?,
        trouble: row.get(15)?,
        trouble_since_ms: row.get(16)?,
    })
}
