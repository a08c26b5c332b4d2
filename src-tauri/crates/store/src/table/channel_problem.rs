//! To-dos of web shops: what a person is to look at.

use countertop_domain::ids::ChannelId;
use rusqlite::{OptionalExtension, Row, params};

use super::channel::key;
use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// What became of a to-do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemState {
    /// To be looked at.
    Open,
    /// Somebody looked and left it.
    Aside,
    /// It is no more.
    Solved,
}

impl ProblemState {
    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Aside => "aside",
            Self::Solved => "solved",
        }
    }

    /// Reads what [`ProblemState::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Aside, Self::Solved].into_iter().find(|one| one.name() == name)
    }
}

/// A to-do that came up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProblem {
    /// What kind of trouble: `ambiguous`, `refused`, `oversold`, `bad_product`.
    pub kind: String,
    /// What it is about: `variant:123`, `op:12`.
    pub about: String,
    /// In plain words, with what to do.
    pub words: String,
    /// The operation that can be tried again, by its number.
    pub op: Option<i64>,
}

/// A to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    /// Its number.
    pub number: i64,
    /// Of which shop.
    pub channel: ChannelId,
    /// What it says.
    pub problem: NewProblem,
    /// What became of it.
    pub state: ProblemState,
    /// When it first came up, milliseconds since 1970 UTC.
    pub first_ms: i64,
    /// When it last came up.
    pub last_ms: i64,
    /// How often.
    pub times: u32,
}

const SELECT: &str = "SELECT number, channel_id, kind, about, words, op, state, first_ms, last_ms,
   times FROM channel_problem";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A shop's to-dos after a place, in the order in which they came up.
    pub fn channel_problems(
        &self,
        channel: ChannelId,
        state: ProblemState,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ProblemRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE channel_id = ?1 AND state = ?2 AND number > ?3 ORDER BY number LIMIT ?4"
        ))?;
        let rows =
            statement.query_map(params![key(channel), state.name(), after, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One to-do.
    pub fn channel_problem(&self, number: i64) -> Result<Option<ProblemRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE number = ?1"))?
            .query_row([number], from_row)
            .optional()?)
    }

    /// How many to-dos of a shop are open.
    pub fn open_channel_problems(&self, channel: ChannelId) -> Result<u32, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT count(*) FROM channel_problem WHERE channel_id = ?1 AND state = 'open'",
            )?
            .query_row([key(channel).as_slice()], |row| row.get(0))?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Notes a to-do. The same once more counts up; one that was set aside stays so while it says the
    /// same.
    pub fn note_channel_problem(
        &self,
        channel: ChannelId,
        problem: &NewProblem,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO channel_problem(channel_id, kind, about, words, op, state, first_ms,
                   last_ms, times) VALUES(?1, ?2, ?3, ?4, ?5, 'open', ?6, ?6, 1)
                 ON CONFLICT(channel_id, kind, about) DO UPDATE SET
                   state = iif(state = 'aside' AND words = ?4, 'aside', 'open'), words = ?4,
                   op = ?5, last_ms = ?6, times = times + 1",
            )?
            .execute(params![
                key(channel),
                problem.kind,
                problem.about,
                problem.words,
                problem.op,
                now_ms
            ])?;
        Ok(())
    }

    /// What a thing's to-dos were about is no more: of this kind, or of any.
    pub fn solve_channel_problem(
        &self,
        channel: ChannelId,
        kind: Option<&str>,
        about: &str,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE channel_problem SET state = 'solved'
                 WHERE channel_id = ?1 AND about = ?3 AND (?2 IS NULL OR kind = ?2)",
            )?
            .execute(params![key(channel), kind, about])?;
        Ok(())
    }

    /// Forgets what was ever to be done about a thing.
    pub fn forget_channel_problems(
        &self,
        channel: ChannelId,
        about: &str,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM channel_problem WHERE channel_id = ?1 AND about = ?2")?
            .execute(params![key(channel), about])?;
        Ok(())
    }

    /// Sets a to-do's state by hand; false if there is none.
    pub fn set_channel_problem(
        &self,
        number: i64,
        state: ProblemState,
    ) -> Result<bool, StoreError> {
        let changed = self
            .connection()
            .prepare_cached("UPDATE channel_problem SET state = ?2 WHERE number = ?1")?
            .execute(params![number, state.name()])?;
        self.worth_telling();
        Ok(changed == 1)
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ProblemRow> {
    Ok(ProblemRow {
        number: row.get(0)?,
        channel: ChannelId::new(uuid_at(row, 1)?),
        problem: NewProblem {
            kind: row.get(2)?,
            about: row.get(3)?,
            words: row.get(4)?,
            op: row.get(5)?,
        },
        state: named(row, 6, ProblemState::parse)?,
        first_ms: row.get(7)?,
        last_ms: row.get(8)?,
        times: row.get(9)?,
    })
}
