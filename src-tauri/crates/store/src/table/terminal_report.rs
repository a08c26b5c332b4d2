//! What card terminals said at the end of their days.

use countertop_domain::ids::DeviceId;
use countertop_domain::time::Timestamp;
use rusqlite::params;

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// What became of the end of a terminal's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// The terminal is at it.
    Running,
    /// It is closed.
    Done,
    /// It is not, or nobody knows.
    Failed,
}

impl ReportState {
    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|s| s.name() == name)
    }
}

/// What a terminal said at the end of its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalReportRow {
    /// Its number.
    pub id: i64,
    /// Which terminal.
    pub device: DeviceId,
    /// What people called it then.
    pub terminal: String,
    /// When it was asked.
    pub at: Timestamp,
    /// What became of it.
    pub state: ReportState,
    /// What the terminal added up, in minor units.
    pub total: Option<i64>,
    /// In plain words.
    pub words: String,
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Whether a terminal has closed its day, or may have, since a moment.
    pub fn day_ended_since(&self, device: DeviceId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM terminal_report WHERE device_id = ?1 AND at_ms >= ?2)",
            )?
            .query_row(params![device.uuid().as_bytes().as_slice(), at.utc_ms], |row| row.get(0))?)
    }

    /// Ends of days, of one terminal or of all, the newest first.
    pub fn terminal_reports(
        &self,
        device: Option<DeviceId>,
        limit: u32,
    ) -> Result<Vec<TerminalReportRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT id, device_id, terminal, at_ms, offset_min, state, total_minor, words
             FROM terminal_report WHERE ?1 IS NULL OR device_id = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let device = device.map(|id| id.uuid().as_bytes().to_vec());
        let rows = statement.query_map(params![device, limit], |row| {
            Ok(TerminalReportRow {
                id: row.get(0)?,
                device: DeviceId::new(uuid_at(row, 1)?),
                terminal: row.get(2)?,
                at: Timestamp { utc_ms: row.get(3)?, offset_min: row.get(4)? },
                state: named(row, 5, ReportState::parse)?,
                total: row.get(6)?,
                words: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Begins the report of a terminal's day; its number.
    pub fn add_terminal_report(&self, report: &TerminalReportRow) -> Result<i64, StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO terminal_report(device_id, terminal, at_ms, offset_min, state,
                   total_minor, words)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                report.device.uuid().as_bytes().as_slice(),
                report.terminal,
                report.at.utc_ms,
                report.at.offset_min,
                report.state.name(),
                report.total,
                report.words,
            ])?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Ends of days that were under way when the register stopped are known to nobody.
    pub fn fail_running_reports(&self, words: &str) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE terminal_report SET state = 'failed', words = ?1 WHERE state = 'running'",
            )?
            .execute([words])?;
        Ok(())
    }

    /// Says what became of it.
    pub fn end_terminal_report(
        &self,
        id: i64,
        state: ReportState,
        total: Option<i64>,
        words: &str,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "UPDATE terminal_report SET state = ?2, total_minor = ?3, words = ?4 WHERE id = ?1",
            )?
            .execute(params![id, state.name(), total, words])?;
        Ok(())
    }
}
