//! Paper besides receipts: slips and reports as they were made.

use countertop_domain::ids::PaperId;
use rusqlite::{OptionalExtension, Row, params};

use super::uuid_at;
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// A slip or a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// Its id; print jobs name it.
    pub id: PaperId,
    /// What kind of paper: `z_report`, `deposit`.
    pub kind: String,
    /// Which shift, payment, order or sale it is about, or which code.
    pub about: String,
    /// As a list of print jobs shows it: `Z report 7`.
    pub title: String,
    /// The document, as JSON.
    pub body: String,
}

const SELECT: &str = "SELECT paper_id, kind, about, title, body FROM paper";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A paper.
    pub fn paper(&self, id: PaperId) -> Result<Option<PaperRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE paper_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// The newest paper of a kind about something.
    pub fn paper_about(&self, kind: &str, about: &str) -> Result<Option<PaperRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!(
                "{SELECT} WHERE kind = ?1 AND about = ?2 ORDER BY id DESC LIMIT 1"
            ))?
            .query_row([kind, about], from_row)
            .optional()?)
    }
}

impl Tx<'_> {
    /// Keeps a paper.
    ///
    /// # Errors
    /// The database's.
    pub fn add_paper(&self, paper: &PaperRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO paper(paper_id, kind, about, title, body) VALUES(?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                paper.id.uuid().as_bytes().as_slice(),
                paper.kind,
                paper.about,
                paper.title,
                paper.body,
            ])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PaperRow> {
    Ok(PaperRow {
        id: PaperId::new(uuid_at(row, 0)?),
        kind: row.get(1)?,
        about: row.get(2)?,
        title: row.get(3)?,
        body: row.get(4)?,
    })
}
