//! Shifts with their running totals.

use countertop_domain::ids::{CashMoveId, ShiftId};
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::sale::ReceiptNumber;
use countertop_domain::shift::{
    CashMoveKind, DrawerCash, MoveTotal, ShiftTotals, TaxTotal, TenderTotal,
};
use countertop_domain::tender::TenderKind;
use countertop_domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::uuid_at;
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// A shift. Amounts are minor units of the register's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRow {
    /// Its id.
    pub id: ShiftId,
    /// The place of its opening in the journal.
    pub opened_seq: i64,
    /// Day in the books: `2026-11-23`.
    pub business_day: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// The float.
    pub float: i64,
    /// Tickets so far that came to nothing or more.
    pub sales: u32,
    /// What all tickets came to.
    pub takings: i64,
    /// What the drawer should hold, or should have held when it was counted.
    pub expected: i64,
    /// Its end, if it has one.
    pub closed: Option<ClosedShift>,
}

/// How a shift ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedShift {
    /// The place of its close in the journal.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// The number of its Z report.
    pub z_number: i64,
    /// The series that it counts in; may be empty.
    pub series: String,
    /// What was found in the drawer, in minor units of the register's currency.
    pub counted: i64,
}

/// The open shift at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoFar {
    /// The shift.
    pub shift: ShiftRow,
    /// What it came to so far.
    pub totals: ShiftTotals,
    /// The takings of all shifts before it, since the register was founded.
    pub before: Money,
}

/// A cash movement as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashMoveRow {
    /// In which shift.
    pub shift: ShiftId,
    /// Why.
    pub kind: CashMoveKind,
    /// How much, in its own currency.
    pub amount: Money,
}

/// Cash that moved without a sale, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashMoved {
    /// Its place in the journal.
    pub seq: i64,
    /// Its id.
    pub id: CashMoveId,
    /// In which shift.
    pub shift: ShiftId,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who moved it.
    pub actor: String,
    /// Why: the name of a kind.
    pub kind: String,
    /// In which currency.
    pub currency: String,
    /// How much, in that currency's minor units.
    pub amount: i64,
    /// In words.
    pub reason: String,
}

const COLUMNS: &str = "shift_id, opened_seq, business_day, opened_ms, opened_offset_min, opened_by,
   float_minor, sales, takings_minor, drawer_minor, closed_seq, closed_ms, closed_offset_min,
   z_number, counted_minor, z_series";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// The open shift.
    pub fn open_shift(&self) -> Result<Option<ShiftRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("SELECT {COLUMNS} FROM shift WHERE closed_seq IS NULL"))?
            .query_row([], from_row)
            .optional()?)
    }

    /// A shift, open or closed.
    pub fn shift(&self, id: ShiftId) -> Result<Option<ShiftRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("SELECT {COLUMNS} FROM shift WHERE shift_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }

    /// Closed shifts, the newest first.
    pub fn closed_shifts(&self, limit: u32) -> Result<Vec<ShiftRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "SELECT {COLUMNS} FROM shift WHERE z_number IS NOT NULL
             ORDER BY z_number DESC LIMIT ?1"
        ))?;
        let rows = statement.query_map([limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Shifts that were opened before a place in the journal, the newest first; the open one too.
    pub fn shifts_before(&self, seq: i64, limit: u32) -> Result<Vec<ShiftRow>, StoreError> {
        let mut statement = self.connection().prepare_cached(&format!(
            "SELECT {COLUMNS} FROM shift WHERE opened_seq < ?1 ORDER BY opened_seq DESC LIMIT ?2"
        ))?;
        let rows = statement.query_map([seq, i64::from(limit)], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Cash that moved without a sale before a place in the journal, the newest first; of one shift, or
    /// of all.
    pub fn cash_moves_before(
        &self,
        shift: Option<ShiftId>,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<CashMoved>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT seq, move_id, shift_id, at_ms, actor, kind, currency, amount_minor, reason
             FROM cash_move WHERE seq < ?1 AND (?2 IS NULL OR shift_id = ?2)
             ORDER BY seq DESC LIMIT ?3",
        )?;
        let shift = shift.map(|shift| shift.uuid().into_bytes());
        let rows = statement.query_map(params![seq, shift, limit], |row| {
            Ok(CashMoved {
                seq: row.get(0)?,
                id: CashMoveId::new(uuid_at(row, 1)?),
                shift: ShiftId::new(uuid_at(row, 2)?),
                at_ms: row.get(3)?,
                actor: row.get(4)?,
                kind: row.get(5)?,
                currency: row.get(6)?,
                amount: row.get(7)?,
                reason: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The open shift with its totals, all of one moment. Read, not added up: it takes as long after
    /// ten thousand sales as after one.
    pub fn shift_so_far(&self) -> Result<Option<SoFar>, StoreError> {
        let connection = self.connection();
        // A transaction is a moment already.
        let moment = connection.is_autocommit().then(|| connection.unchecked_transaction());
        let _moment = moment.transpose()?;
        let Some(shift) = self.open_shift()? else { return Ok(None) };
        let home = self.identity().currency;
        let Some(totals) = totals(connection, shift.id, home)? else { return Ok(None) };
        let before = Money::new(grand_total(connection)?.amount, home)?;
        Ok(Some(SoFar { shift, totals, before }))
    }

    /// What a shift came to, open or closed.
    pub fn shift_totals(&self, id: ShiftId) -> Result<Option<ShiftTotals>, StoreError> {
        totals(self.connection(), id, self.identity().currency)
    }

    /// The number of the next Z report. Taken only by a shift that is closed in this transaction, so
    /// that the series has no gap.
    pub fn next_z_number(&self) -> Result<i64, StoreError> {
        Ok(grand_total(self.connection())?.z_number + 1)
    }

    /// The Z report of a closed shift as it was printed.
    pub fn z_text(&self, id: ShiftId) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT text FROM z_report WHERE shift_id = ?1")?
            .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?)
    }

    /// A cash movement, if it was made.
    pub fn cash_move(&self, id: CashMoveId) -> Result<Option<CashMoveRow>, StoreError> {
        let found = self
            .connection()
            .prepare_cached(
                "SELECT shift_id, kind, currency, amount_minor FROM cash_move WHERE move_id = ?1",
            )?
            .query_row([id.uuid().as_bytes().as_slice()], |row| {
                let currency: String = row.get(2)?;
                let kind = super::named(row, 1, CashMoveKind::parse)?;
                Ok((ShiftId::new(uuid_at(row, 0)?), kind, currency, row.get::<_, i64>(3)?))
            })
            .optional()?;
        let Some((shift, kind, currency, minor)) = found else { return Ok(None) };
        let amount = Money::new(minor, Currency::parse(&currency)?)?;
        Ok(Some(CashMoveRow { shift, kind, amount }))
    }
}

impl Tx<'_> {
    /// Keeps the Z report of a shift as it is printed.
    ///
    /// # Errors
    /// The database's.
    pub fn keep_z_text(&self, id: ShiftId, text: &str) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("INSERT INTO z_report(shift_id, text) VALUES(?1, ?2)")?
            .execute(params![id.uuid().as_bytes().as_slice(), text])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ShiftRow> {
    let closed_seq: Option<i64> = row.get(10)?;
    let closed = closed_seq.map(|seq| {
        Ok::<_, rusqlite::Error>(ClosedShift {
            seq,
            at: Timestamp { utc_ms: row.get(11)?, offset_min: row.get(12)? },
            z_number: row.get(13)?,
            counted: row.get(14)?,
            series: row.get(15)?,
        })
    });
    Ok(ShiftRow {
        id: ShiftId::new(uuid_at(row, 0)?),
        opened_seq: row.get(1)?,
        business_day: row.get(2)?,
        opened_at: Timestamp { utc_ms: row.get(3)?, offset_min: row.get(4)? },
        opened_by: row.get(5)?,
        float: row.get(6)?,
        sales: row.get(7)?,
        takings: row.get(8)?,
        expected: row.get(9)?,
        closed: closed.transpose()?,
    })
}

/// The perpetual total and the last shift in it.
pub(crate) struct GrandTotal {
    pub(crate) z_number: i64,
    pub(crate) amount: i64,
}

pub(crate) fn grand_total(connection: &Connection) -> Result<GrandTotal, StoreError> {
    Ok(connection
        .prepare_cached("SELECT z_number, amount_minor FROM grand_total")?
        .query_row([], |row| Ok(GrandTotal { z_number: row.get(0)?, amount: row.get(1)? }))
        .optional()?
        .unwrap_or(GrandTotal { z_number: 0, amount: 0 }))
}

/// The totals of a shift as the tables have them.
pub(crate) fn totals(
    connection: &Connection,
    id: ShiftId,
    home: Currency,
) -> Result<Option<ShiftTotals>, StoreError> {
    let Some(mut totals) = scalars(connection, id, home)? else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT kind, code, name, rate, count, amount_minor, base_minor FROM shift_total
         WHERE shift_id = ?1",
    )?;
    let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
    while let Some(row) = rows.next()? {
        add_row(&mut totals, row, home)?;
    }
    in_order(&mut totals);
    Ok(Some(totals))
}

/// Rows come in the order of their keys; reports have another one.
fn in_order(totals: &mut ShiftTotals) {
    totals.tenders.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    totals.taxes.sort_by(|a, b| (&a.code, &a.name, &a.rate).cmp(&(&b.code, &b.name, &b.rate)));
    totals.cash_moves.sort_by_key(|row| (row.kind, row.amount.currency().code()));
    let home = totals.home();
    totals.drawer.sort_by_key(|cash| {
        let currency = cash.amount.currency();
        (currency != home, currency.code())
    });
}

fn scalars(
    connection: &Connection,
    id: ShiftId,
    home: Currency,
) -> Result<Option<ShiftTotals>, StoreError> {
    let read = |row: &Row<'_>| -> rusqlite::Result<Result<ShiftTotals, MoneyError>> {
        let counts = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
        let mut minors = [0_i64; 9];
        for (column, minor) in (4..).zip(&mut minors) {
            *minor = row.get(column)?;
        }
        let first = receipt(row, 13)?;
        let last = receipt(row, 15)?;
        Ok(scalar_totals(counts, minors, home).map(|totals| ShiftTotals {
            first_receipt: first,
            last_receipt: last,
            ..totals
        }))
    };
    let found = connection
        .prepare_cached(
            "SELECT sales, refunds, voids, no_sales, takings_minor, net_minor, tax_minor,
               discount_minor, tip_minor, cash_rounding_minor, deposits_minor,
               account_payments_minor, drawer_minor, first_series, first_sequence, last_series,
               last_sequence FROM shift WHERE shift_id = ?1",
        )?
        .query_row([id.uuid().as_bytes().as_slice()], read)
        .optional()?;
    Ok(found.transpose()?)
}

fn scalar_totals(
    [sales, refunds, voids, no_sales]: [i64; 4],
    minors: [i64; 9],
    home: Currency,
) -> Result<ShiftTotals, MoneyError> {
    let [takings, net, tax, discount, tip, rounding, deposits, account_payments, drawer] = minors;
    let money = |minor: i64| Money::new(minor, home);
    Ok(ShiftTotals {
        sales,
        refunds,
        takings: money(takings)?,
        net: money(net)?,
        tax: money(tax)?,
        discount: money(discount)?,
        tip: money(tip)?,
        cash_rounding: money(rounding)?,
        deposits: money(deposits)?,
        account_payments: money(account_payments)?,
        voids,
        no_sales,
        tenders: Vec::new(),
        taxes: Vec::new(),
        cash_moves: Vec::new(),
        drawer: vec![DrawerCash::home(money(drawer)?)],
        first_receipt: None,
        last_receipt: None,
    })
}

fn receipt(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<ReceiptNumber>> {
    let series: Option<String> = row.get(index)?;
    let sequence: Option<i64> = row.get(index + 1)?;
    Ok(series.zip(sequence).map(|(series, sequence)| ReceiptNumber { series, sequence }))
}

fn add_row(totals: &mut ShiftTotals, row: &Row<'_>, home: Currency) -> Result<(), StoreError> {
    let kind: String = row.get(0)?;
    let code: String = row.get(1)?;
    let name: String = row.get(2)?;
    let (count, amount, base): (i64, i64, i64) = (row.get(4)?, row.get(5)?, row.get(6)?);
    let unknown = || StoreError::damaged("shift", format!("\"{kind} {code}\" is unknown"));
    match kind.as_str() {
        "tender" => totals.tenders.push(TenderTotal {
            kind: TenderKind::parse(&code).ok_or_else(unknown)?,
            name: Some(name).filter(|name| !name.is_empty()),
            count,
            amount: Money::new(amount, home)?,
        }),
        "tax" => totals.taxes.push(TaxTotal {
            code,
            name,
            rate: row.get(3)?,
            base: Money::new(base, home)?,
            amount: Money::new(amount, home)?,
        }),
        "move" => totals.cash_moves.push(MoveTotal {
            kind: CashMoveKind::parse(&code).ok_or_else(unknown)?,
            count,
            amount: Money::new(amount, Currency::parse(&name)?)?,
        }),
        "drawer" => totals.drawer.push(DrawerCash {
            amount: Money::new(amount, Currency::parse(&code)?)?,
            value: Money::new(base, home)?,
        }),
        _ => return Err(unknown()),
    }
    Ok(())
}
