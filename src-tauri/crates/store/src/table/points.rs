//! Points of customers: the balance, and what moved it.

use countertop_domain::ids::{CustomerId, PointsMoveId, SaleId};
use countertop_domain::loyalty::PointsReason;
use countertop_domain::time::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{link, named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::Snapshot;

/// Points that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsMoveRow {
    /// The place of its entry in the journal.
    pub seq: i64,
    /// Whose.
    pub customer: CustomerId,
    /// How many; below nothing they went.
    pub points: i64,
    /// Why.
    pub why: PointsReason,
    /// The sale that earned them or took them back.
    pub sale: Option<SaleId>,
    /// The store credit that they became, in minor units.
    pub credit: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// In the words of whoever moved them.
    pub reason: String,
}

const SELECT: &str =
    "SELECT seq, customer_id, points, why, sale_id, credit_minor, at_ms, offset_min,
   reason FROM points_move";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// The points that a customer has.
    pub fn points_balance(&self, customer: CustomerId) -> Result<i64, StoreError> {
        let kept = link::kept(self.connection(), customer)?;
        let points: Option<i64> = self
            .connection()
            .prepare_cached("SELECT points FROM points_balance WHERE customer_id = ?1")?
            .query_row([kept.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        Ok(points.unwrap_or(0))
    }

    /// What moved a customer's points before a place in the journal, the newest first.
    pub fn points_moves(
        &self,
        customer: CustomerId,
        before: i64,
        limit: u32,
    ) -> Result<Vec<PointsMoveRow>, StoreError> {
        let kept = link::kept(self.connection(), customer)?;
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE customer_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
        ))?;
        let rows = statement
            .query_map(params![kept.uuid().as_bytes().as_slice(), before, limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The move that was made under this id.
    pub fn points_move(&self, id: PointsMoveId) -> Result<Option<PointsMoveRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE move_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<PointsMoveRow> {
    let sale: Option<[u8; 16]> = row.get(4)?;
    Ok(PointsMoveRow {
        seq: row.get(0)?,
        customer: CustomerId::new(uuid_at(row, 1)?),
        points: row.get(2)?,
        why: named(row, 3, PointsReason::parse)?,
        sale: sale.map(|id| SaleId::new(uuid::Uuid::from_bytes(id))),
        credit: row.get(5)?,
        at: Timestamp { utc_ms: row.get(6)?, offset_min: row.get(7)? },
        reason: row.get(8)?,
    })
}
