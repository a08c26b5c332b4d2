//! What is to be done in a web shop, and what became of it.

use countertop_domain::ids::{ChannelId, ChannelOpId, VariantId};
use rusqlite::{OptionalExtension, Row, params};

use super::channel::key;
use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::change::Position;

/// How far an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpState {
    /// Its first byte never left.
    New,
    /// It is on its way.
    Sent,
    /// Whether the shop did it is not known: it is looked up before it is sent again.
    Unknown,
    /// The shop did it.
    Done,
    /// Given up: a person decides.
    Dead,
}

impl OpState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::New, Self::Sent, Self::Unknown, Self::Done, Self::Dead];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// Reads what [`OpState::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelOpRow {
    /// Its place in the order of the operations.
    pub number: i64,
    /// Its id, of version 7.
    pub id: ChannelOpId,
    /// In which shop.
    pub channel: ChannelId,
    /// The journal's entry and the part of it, `12.1`, or its own id.
    pub origin: String,
    /// What it is about: operations of one thing go one after the other.
    pub lane: String,
    /// What is done: `sale`, `refund`, `stock`.
    pub kind: String,
    /// What is sent, as JSON in the register's own words; never changed.
    pub payload: String,
    /// How far it is.
    pub state: OpState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// Not to be tried before.
    pub due_ms: i64,
    /// When it was last tried.
    pub tried_ms: Option<i64>,
    /// What the shop calls what was made; empty until it is known.
    pub external_id: String,
    /// What was in the way; empty if nothing was.
    pub trouble: String,
}

/// An operation that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChannelOp {
    /// Its id, of version 7.
    pub id: ChannelOpId,
    /// The journal's entry and the part of it; none if it is of none.
    pub origin: Option<(i64, u32)>,
    /// What it is about.
    pub lane: String,
    /// What is done.
    pub kind: String,
    /// What is sent, as JSON.
    pub payload: String,
    /// True for absolute figures: one that waits in the same lane is replaced by this one.
    pub latest_wins: bool,
    /// Goods of which it moves the shop's figure: a figure of theirs waits for it.
    pub moves: Vec<VariantId>,
}

/// How a shop's operations are, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpCounts {
    /// To be done.
    pub waiting: u32,
    /// Of these, those of which it is not known whether they were done.
    pub unknown: u32,
    /// Given up.
    pub dead: u32,
    /// When the oldest that waits was made, milliseconds since 1970 UTC.
    pub oldest_ms: Option<i64>,
}

/// The longest that an operation is put off, in milliseconds: longer than any shop is waited for.
pub const LONGEST_PAUSE_MS: i64 = 2 * 60 * 60 * 1_000;
/// Operations that are done, kept of each shop.
const KEPT: i64 = 10_000;
/// The setting that says from which entry of the journal on a restored register goes on.
const RESTORED: &str = "channels_restored_seq";

const SELECT: &str = "SELECT number, op_id, channel_id, origin, lane, kind, payload, state,
   attempts, created_ms, due_ms, tried_ms, external_id, trouble FROM channel_op";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// What is next for a shop: of each lane only its first operation that waits, and that if it may
    /// be tried now. One that is on its way counts as waiting. No pause is longer than
    /// [`LONGEST_PAUSE_MS`]: what is due later was put off by a clock that was wrong.
    pub fn due_channel_ops(
        &self,
        channel: ChannelId,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<ChannelOpRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} AS op INDEXED BY channel_op_waiting
             WHERE channel_id = ?1 AND state IN ('new', 'sent', 'unknown') AND state <> 'sent'
               AND (due_ms <= ?2 OR due_ms > ?3)
               AND NOT EXISTS (SELECT 1 FROM channel_op AS before
                 WHERE before.channel_id = ?1 AND before.lane = op.lane
                   AND before.number < op.number
                   AND before.state IN ('new', 'sent', 'unknown'))
             ORDER BY number LIMIT ?4"
        ))?;
        let latest = now_ms.saturating_add(LONGEST_PAUSE_MS);
        let rows = statement.query_map(params![key(channel), now_ms, latest, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the next operation of a shop is due that is not due yet.
    pub fn next_channel_op_due(
        &self,
        channel: ChannelId,
        now_ms: i64,
    ) -> Result<Option<i64>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT min(due_ms) FROM channel_op
                 WHERE channel_id = ?1 AND state IN ('new', 'unknown') AND due_ms > ?2",
            )?
            .query_row(params![key(channel), now_ms], |row| row.get(0))?)
    }

    /// An operation.
    pub fn channel_op(&self, number: i64) -> Result<Option<ChannelOpRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE number = ?1"))?
            .query_row([number], from_row)
            .optional()?)
    }

    /// Operations of a shop before a place, the newest first: those in a state, or all.
    pub fn channel_ops(
        &self,
        channel: ChannelId,
        state: Option<OpState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<ChannelOpRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE channel_id = ?1 AND (?2 IS NULL OR state = ?2) AND number < ?3
             ORDER BY number DESC LIMIT ?4"
        ))?;
        let state = state.map(OpState::name);
        let rows = statement.query_map(params![key(channel), state, before, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Operations of a lane that wait, the first one first.
    pub fn channel_lane(
        &self,
        channel: ChannelId,
        lane: &str,
    ) -> Result<Vec<ChannelOpRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE channel_id = ?1 AND lane = ?2 AND state IN ('new', 'sent', 'unknown')
             ORDER BY number"
        ))?;
        let rows = statement.query_map(params![key(channel), lane], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether an operation waits that moves a shop's figure of these goods.
    pub fn channel_op_moves(
        &self,
        channel: ChannelId,
        variant: VariantId,
    ) -> Result<bool, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM channel_op_goods AS goods
                   JOIN channel_op AS op ON op.number = goods.number
                   WHERE goods.variant_id = ?2 AND op.channel_id = ?1
                     AND op.state IN ('new', 'sent', 'unknown'))",
            )?
            .query_row(params![key(channel), variant.uuid().as_bytes()], |row| row.get(0))?)
    }

    /// How a shop's operations are.
    pub fn channel_op_counts(&self, channel: ChannelId) -> Result<OpCounts, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE state <> 'dead'),
                   count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'dead'),
                   min(created_ms) FILTER (WHERE state <> 'dead') FROM channel_op
                 WHERE channel_id = ?1 AND state IN ('new', 'sent', 'unknown', 'dead')",
            )?
            .query_row([key(channel).as_slice()], |row| {
                Ok(OpCounts {
                    waiting: row.get(0)?,
                    unknown: row.get(1)?,
                    dead: row.get(2)?,
                    oldest_ms: row.get(3)?,
                })
            })?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Moves a shop past journal entries, which have become these operations.
    pub fn take_in_channel_ops(
        &self,
        channel: ChannelId,
        up_to: Position,
        ops: &[NewChannelOp],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE channel SET seq = ?2, change_id = ?3 WHERE channel_id = ?1")?
            .execute(params![key(channel), up_to.seq, up_to.change])?;
        let restored: Option<i64> = self.setting(RESTORED)?.and_then(|seq| seq.parse().ok());
        for op in ops {
            self.add_channel_op(channel, op, now_ms)?;
            // Before the register went on from a backup: the one before it may have done this.
            if op.origin.is_some_and(|(seq, _)| Some(seq) < restored) {
                self.connection()
                    .prepare_cached(
                        "UPDATE channel_op SET state = 'unknown' WHERE op_id = ?1 AND state = 'new'",
                    )?
                    .execute([op.id.uuid().as_bytes().as_slice()])?;
            }
        }
        Ok(())
    }

    /// Adds an operation. One of the same origin is there already: nothing is added.
    pub fn add_channel_op(
        &self,
        channel: ChannelId,
        op: &NewChannelOp,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let NewChannelOp { id, origin, lane, kind, payload, latest_wins, moves } = op;
        if *latest_wins {
            // What was never tried is replaced; one that is under way or in doubt stays before it.
            self.connection()
                .prepare_cached(
                    "DELETE FROM channel_op WHERE channel_id = ?1 AND lane = ?2 AND kind = ?3
                       AND state = 'new'",
                )?
                .execute(params![key(channel), lane, kind])?;
        }
        let origin = origin.map_or_else(|| id.to_string(), |(seq, part)| format!("{seq}.{part}"));
        let added = self
            .connection()
            .prepare_cached(
                "INSERT INTO channel_op(op_id, channel_id, origin, lane, kind, payload, state,
                   attempts, created_ms, due_ms, external_id, trouble)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'new', 0, ?7, 0, '', '')
                 ON CONFLICT(channel_id, origin) DO NOTHING",
            )?
            .execute(params![
                id.uuid().as_bytes().as_slice(),
                key(channel),
                origin,
                lane,
                kind,
                payload,
                now_ms
            ])?;
        if added == 0 || moves.is_empty() {
            return Ok(());
        }
        let number = self.connection().last_insert_rowid();
        let mut add = self.connection().prepare_cached(
            "INSERT INTO channel_op_goods(variant_id, number) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        for variant in moves {
            add.execute(params![variant.uuid().as_bytes(), number])?;
        }
        Ok(())
    }

    /// Says what became of an operation: its row as it is now. Its payload never changes.
    pub fn settle_channel_op(&self, op: &ChannelOpRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE channel_op SET state = ?2, attempts = ?3, due_ms = ?4, tried_ms = ?5,
                   external_id = ?6, trouble = ?7 WHERE number = ?1",
            )?
            .execute(params![
                op.number,
                op.state.name(),
                op.attempts,
                op.due_ms,
                op.tried_ms,
                op.external_id,
                op.trouble
            ])?;
        if op.state == OpState::Done {
            self.connection()
                .prepare_cached("DELETE FROM channel_op_goods WHERE number = ?1")?
                .execute([op.number])?;
        }
        Ok(())
    }

    /// What was on its way when the register stopped is not known any more. Returns how many.
    pub fn doubt_channel_ops(&self, channel: ChannelId) -> Result<usize, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "UPDATE channel_op SET state = 'unknown' WHERE channel_id = ?1 AND state = 'sent'",
            )?
            .execute([key(channel).as_slice()])?)
    }

    /// After a backup was restored nobody knows what the register did since: all that waits is in
    /// doubt, and so is what becomes an operation later of an entry before this one of the journal.
    pub fn doubt_all_channel_ops(&self, seq: i64) -> Result<usize, StoreError> {
        self.set_setting(RESTORED, &seq.to_string())?;
        Ok(self.connection().execute(
            "UPDATE channel_op SET state = 'unknown' WHERE state IN ('new', 'sent')",
            [],
        )?)
    }

    /// Has an operation that was given up tried once more: looked up first, since nobody knows what
    /// was done meanwhile. False if there is none.
    pub fn retry_channel_op(&self, channel: ChannelId, number: i64) -> Result<bool, StoreError> {
        let changed = self
            .connection()
            .prepare_cached(
                "UPDATE channel_op SET state = iif(state = 'dead', 'unknown', state), due_ms = 0,
                   attempts = 0
                 WHERE channel_id = ?1 AND number = ?2 AND state IN ('new', 'unknown', 'dead')",
            )?
            .execute(params![key(channel), number])?;
        self.worth_telling();
        Ok(changed == 1)
    }

    /// Forgets the oldest operations that are done, beyond those that are kept.
    pub fn forget_channel_ops(&self, channel: ChannelId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM channel_op WHERE channel_id = ?1 AND state = 'done'
                   AND number <= (SELECT number FROM channel_op
                     WHERE channel_id = ?1 AND state = 'done' ORDER BY number DESC
                     LIMIT 1 OFFSET ?2)
                   AND number NOT IN (SELECT op FROM channel_problem WHERE op IS NOT NULL)",
            )?
            .execute(params![key(channel), KEPT])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ChannelOpRow> {
    Ok(ChannelOpRow {
        number: row.get(0)?,
        id: ChannelOpId::new(uuid_at(row, 1)?),
        channel: ChannelId::new(uuid_at(row, 2)?),
        origin: row.get(3)?,
        lane: row.get(4)?,
        kind: row.get(5)?,
        payload: row.get(6)?,
        state: named(row, 7, OpState::parse)?,
        attempts: row.get(8)?,
        created_ms: row.get(9)?,
        due_ms: row.get(10)?,
        tried_ms: row.get(11)?,
        external_id: row.get(12)?,
        trouble: row.get(13)?,
    })
}
