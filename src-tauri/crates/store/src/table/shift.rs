//! Shifts with their running totals.

use countertop_domain::ids::ShiftId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::uuid_at;
use crate::error::StoreError;

/// A shift. Amounts are minor units of the register's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRow {
    /// Its id.
    pub id: ShiftId,
    /// Day in the books: `2026-11-23`.
    pub business_day: String,
    /// When it was opened, milliseconds since 1970 UTC.
    pub opened_ms: i64,
    /// By whom.
    pub opened_by: String,
    /// The float.
    pub float: i64,
    /// Sales so far.
    pub sales: u32,
    /// All they came to.
    pub takings: i64,
    /// Of it, cash, change deducted.
    pub cash: i64,
    /// Of it, card.
    pub card: i64,
}

pub(crate) fn open(connection: &Connection) -> Result<Option<ShiftRow>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT shift_id, business_day, opened_ms, opened_by, float_minor, sales,
               takings_minor, cash_minor, card_minor FROM shift WHERE closed_ms IS NULL",
        )?
        .query_row([], from_row)
        .optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ShiftRow> {
    Ok(ShiftRow {
        id: ShiftId::new(uuid_at(row, 0)?),
        business_day: row.get(1)?,
        opened_ms: row.get(2)?,
        opened_by: row.get(3)?,
        float: row.get(4)?,
        sales: row.get(5)?,
        takings: row.get(6)?,
        cash: row.get(7)?,
        card: row.get(8)?,
    })
}
