//! What happened, for whoever is told of it: the journal's entries and the changes of what can be
//! edited, in the one order in which they were written.
//!
//! A change remembers the journal's last entry before it. The writer is one, so positions are given
//! in the order of the commits: whoever has read up to a [`Position`] finds everything that is
//! written later behind it.

use countertop_domain::ids::RegisterId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::journal::{self, StoredEntry};
use crate::snapshot::{Snapshot, Tx};

/// How long a change is kept, in milliseconds.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How many changes are kept at most.
const KEPT: i64 = 1_000_000;
/// After how many changes the oldest are looked at.
const SWEEP_EVERY: i64 = 256;
/// How many of the oldest are looked at then.
const SWEEP: i64 = 1_024;

/// How far someone has read, in both sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The last entry of the journal.
    pub seq: i64,
    /// The last change.
    pub change: i64,
}

/// A change of what can be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// 1, 2, 3 and so on.
    pub id: i64,
    /// The journal's last entry before it.
    pub seq: i64,
    /// What changed: `customer`, `product` and so on.
    pub kind: String,
    /// Its id.
    pub resource: String,
    /// What became of it: `created`, `updated`, `deleted` and so on.
    pub verb: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A fact.
    Entry(StoredEntry),
    /// A change of what can be edited.
    Change(ChangeRow),
}

/// A happening and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Whoever has read it has read up to here.
    pub position: Position,
    /// The first bytes of the hash of the entry at `position.seq`: another journal, or one that went on
    /// from a backup, has other ones under the same numbers.
    pub mark: [u8; 4],
    /// What happened.
    pub what: Happening,
}

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// What happened after a position, the oldest first, `limit` at most.
    pub fn happened_after(&self, after: Position, limit: u32) -> Result<Vec<Happened>, StoreError> {
        let register = self.identity().register;
        let entries = journal::after(self.connection(), register, after.seq, limit)?;
        // Read a moment later: a change after an entry that is not among these waits for the next time.
        let last = entries.last().map_or(after.seq, |entry| entry.seq);
        let changes = changes_after(self.connection(), after.change, last, limit)?;
        let mut mark = match entries.first().map(|entry| entry.seq) {
            Some(seq) if seq == after.seq + 1 => {
                entries.first().map(|entry| first4(entry.prev_hash))
            }
            _ => self.mark(after.seq)?,
        }
        .unwrap_or_default();
        let mut found = Vec::new();
        let mut position = after;
        let (mut entries, mut changes) =
            (entries.into_iter().peekable(), changes.into_iter().peekable());
        while found.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
            let what = match (entries.peek(), changes.peek()) {
                (None, None) => break,
                (Some(entry), Some(change)) if change.seq >= entry.seq => {
                    entries.next().map(Happening::Entry)
                }
                (Some(_), None) => entries.next().map(Happening::Entry),
                _ => changes.next().map(Happening::Change),
            };
            let Some(what) = what else { break };
            match &what {
                Happening::Entry(entry) => {
                    position.seq = entry.seq;
                    mark = first4(entry.hash);
                }
                Happening::Change(change) => position.change = change.id,
            }
            found.push(Happened { position, mark, what });
        }
        Ok(found)
    }

    /// Where the last of what happened is.
    pub fn last_position(&self) -> Result<Position, StoreError> {
        let seq = journal::head(self.connection(), self.identity().register)?.seq;
        let change = last_change(self.connection())?;
        Ok(Position { seq, change })
    }

    /// Up to where changes are kept no longer: whoever has not read as far has missed some.
    pub fn forgotten_position(&self) -> Result<Position, StoreError> {
        let found = self
            .connection()
            .prepare_cached("SELECT seq, change_id FROM change_forgotten")?
            .query_row([], |row| Ok(Position { seq: row.get(0)?, change: row.get(1)? }))
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// The mark of an entry (see [`Happened::mark`]); none if the journal does not go that far. Zeros
    /// before the first.
    pub fn mark(&self, seq: i64) -> Result<Option<[u8; 4]>, StoreError> {
        if seq == 0 {
            return Ok(Some([0; 4]));
        }
        let entry = journal::at(self.connection(), self.identity().register, seq)?;
        Ok(entry.map(|entry| first4(entry.hash)))
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Has everyone told that something editable changed: what it is (`customer`, `product`,
    /// `category`, `price_book`, `promotion`, `tax`, `order`, `payment_request`, `inventory`; a `card`
    /// payment, too), its id, and what became of it (`created`, `updated`, `deleted`, `merged`, `erased`,
    /// `fulfilled`; `in_doubt`, `settled`). Called
    /// in the transaction of the change. Facts of the journal are told without it.
    pub fn note_change(
        &self,
        kind: &str,
        resource_id: &str,
        verb: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let connection = self.connection();
        connection
            .prepare_cached(
                "INSERT INTO change(seq, kind, resource_id, verb, at_ms) VALUES(?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![head_seq(connection, self.identity().register)?, kind, resource_id, verb, at_ms])?;
        self.worth_telling();
        let id = connection.last_insert_rowid();
        if id % SWEEP_EVERY == 0 {
            forget_old(connection, id, at_ms)?;
        }
        Ok(())
    }
}

fn head_seq(connection: &Connection, register: RegisterId) -> Result<i64, StoreError> {
    Ok(journal::head(connection, register)?.seq)
}

fn last_change(connection: &Connection) -> Result<i64, StoreError> {
    let last = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'change'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

fn changes_after(
    connection: &Connection,
    after: i64,
    last_seq: i64,
    limit: u32,
) -> Result<Vec<ChangeRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT change_id, seq, kind, resource_id, verb, at_ms FROM change
         WHERE change_id > ?1 AND seq <= ?2 ORDER BY change_id LIMIT ?3",
    )?;
    let rows = statement.query_map(params![after, last_seq, limit], |row| {
        Ok(ChangeRow {
            id: row.get(0)?,
            seq: row.get(1)?,
            kind: row.get(2)?,
            resource: row.get(3)?,
            verb: row.get(4)?,
            at_ms: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the oldest changes that are too old or too many: a few each time, so that nobody waits.
fn forget_old(connection: &Connection, last: i64, now_ms: i64) -> Result<(), StoreError> {
    let end: Option<(i64, i64)> = connection
        .prepare_cached(
            "SELECT seq, change_id FROM
               (SELECT seq, change_id, at_ms FROM change ORDER BY change_id LIMIT ?3)
             WHERE change_id <= ?1 OR at_ms < ?2 ORDER BY change_id DESC LIMIT 1",
        )?
        .query_row(params![last - KEPT, now_ms - KEPT_MS, SWEEP], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((seq, change)) = end else { return Ok(()) };
    connection.prepare_cached("DELETE FROM change WHERE change_id <= ?1")?.execute([change])?;
    connection
        .prepare_cached(
            "INSERT INTO change_forgotten(one, seq, change_id) VALUES(1, ?1, ?2)
             ON CONFLICT(one) DO UPDATE SET seq = excluded.seq, change_id = excluded.change_id",
        )?
        .execute([seq, change])?;
    Ok(())
}

const fn first4(hash: [u8; 32]) -> [u8; 4] {
    [hash[0], hash[1], hash[2], hash[3]]
}
