//! Print jobs: receipts that are to come out on paper, kept until they did.

use countertop_domain::ids::{DeviceId, PrintJobId, SaleId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{named, uuid_at};
use crate::error::StoreError;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// For its turn, or for the next try.
    Waiting,
    /// Being sent: after a crash nobody knows how much came out.
    Printing,
    /// Sent in full.
    Printed,
    /// Until a person looks.
    Parked,
    /// Given up by a person.
    SetAside,
}

impl JobStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Printing => "printing",
            Self::Printed => "printed",
            Self::Parked => "parked",
            Self::SetAside => "set_aside",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Printing, Self::Printed, Self::Parked, Self::SetAside]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobContent {
    /// The receipt, the slip or the report.
    Receipt,
    /// The same once more, marked as a copy.
    Copy,
    /// Nothing on paper: the drawer only, for a cash sale without a receipt.
    Drawer,
}

impl JobContent {
    const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Copy => "copy",
            Self::Drawer => "drawer",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Receipt, Self::Copy, Self::Drawer].into_iter().find(|c| c.name() == name)
    }
}

/// A print job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Its id.
    pub id: PrintJobId,
    /// Whose receipt; of a slip or a report, its paper's id; of a drawer alone, what it opens for.
    pub sale: SaleId,
    /// The printer that it is for; none for the one that prints receipts.
    pub device: Option<DeviceId>,
    /// What comes out.
    pub content: JobContent,
    /// Whether the drawer opens with it.
    pub open_drawer: bool,
    /// Where it is.
    pub status: JobStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// What was in the way last time, in plain words.
    pub trouble: String,
}

const COLUMNS: &str = "job_id, sale_id, content, open_drawer, status, attempts, trouble, device_id";

pub(crate) fn add(connection: &Connection, job: &PrintJob) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO print_job(job_id, sale_id, content, open_drawer, status, attempts, trouble,
               device_id)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            job.id.uuid().as_bytes().as_slice(),
            job.sale.uuid().as_bytes().as_slice(),
            job.content.name(),
            job.open_drawer,
            job.status.name(),
            job.attempts,
            job.trouble,
            job.device.map(|device| device.uuid().as_bytes().to_vec()),
        ])?;
    Ok(())
}

/// Moves a job on; a new attempt is counted when it goes to printing.
pub(crate) fn set_status(
    connection: &Connection,
    id: PrintJobId,
    status: JobStatus,
    trouble: &str,
) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE print_job SET status = ?2, trouble = ?3,
               attempts = attempts + (?2 = 'printing') WHERE job_id = ?1",
        )?
        .execute(params![id.uuid().as_bytes().as_slice(), status.name(), trouble])?;
    Ok(changed > 0)
}

/// Says what a job is waiting for, wherever it is.
pub(crate) fn set_trouble(
    connection: &Connection,
    id: PrintJobId,
    trouble: &str,
) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached("UPDATE print_job SET trouble = ?2 WHERE job_id = ?1")?
        .execute(params![id.uuid().as_bytes().as_slice(), trouble])?;
    Ok(changed > 0)
}

/// Has a job wait once more after part of it may have come out: as a copy, and the drawer stays shut.
pub(crate) fn repeat(
    connection: &Connection,
    id: PrintJobId,
    trouble: &str,
) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE print_job SET status = 'waiting', trouble = ?2, open_drawer = 0,
               content = iif(content = 'receipt', 'copy', content) WHERE job_id = ?1",
        )?
        .execute(params![id.uuid().as_bytes().as_slice(), trouble])?;
    Ok(changed > 0)
}

pub(crate) fn get(connection: &Connection, id: PrintJobId) -> Result<Option<PrintJob>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM print_job WHERE job_id = ?1"))?
        .query_row([id.uuid().as_bytes().as_slice()], from_row)
        .optional()?)
}

/// Jobs that wait for the printer or for a person, the oldest first, 200 at most.
pub(crate) fn open(connection: &Connection) -> Result<Vec<PrintJob>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM print_job
         WHERE status IN ('waiting', 'printing', 'parked') ORDER BY id LIMIT 200"
    ))?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every job of a sale, the oldest first.
pub(crate) fn of_sale(connection: &Connection, sale: SaleId) -> Result<Vec<PrintJob>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM print_job WHERE sale_id = ?1 ORDER BY id"
    ))?;
    let rows = statement.query_map([sale.uuid().as_bytes().as_slice()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PrintJob> {
    Ok(PrintJob {
        id: PrintJobId::new(uuid_at(row, 0)?),
        sale: SaleId::new(uuid_at(row, 1)?),
        content: named(row, 2, JobContent::parse)?,
        open_drawer: row.get(3)?,
        status: named(row, 4, JobStatus::parse)?,
        attempts: row.get(5)?,
        trouble: row.get(6)?,
        device: match row.get_ref(7)? {
            ValueRef::Null => None,
            _ => Some(DeviceId::new(uuid_at(row, 7)?)),
        },
    })
}
