//! Views of the journal: one function makes them all, for a sale as it happens, for `verify` and for
//! `rebuild` alike, so that they cannot disagree.

use countertop_domain::journal::Entry;
use countertop_domain::posting::{self, Posting};
use countertop_domain::sale::Sale;
use countertop_domain::shift::{ShiftClose, ShiftOpen};
use countertop_domain::stock::{self, Movement, MovementReason};
use countertop_domain::tax::TaxMode;
use countertop_domain::tender::TenderKind;
use rusqlite::{Connection, params};

use crate::error::StoreError;

/// The tables that are views, children first, each with the columns that order its rows.
pub(crate) const VIEWS: &[(&str, &str)] = &[
    ("tender", "tender_id"),
    ("sale_tax", "sale, code"),
    ("sale_line", "sale, position"),
    ("sale", "id"),
    ("shift", "shift_id"),
    ("stock_movement", "seq, position"),
    ("stock_level", "variant_id"),
    ("posting", "seq, account"),
];

/// Writes what entry `seq` means into the views.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::RegisterFounded(_) | Entry::RegisterRestored(_) => Ok(()),
        Entry::ShiftOpened(open) => shift_opened(connection, seq, open),
        Entry::ShiftClosed(close) => shift_closed(connection, seq, close),
        Entry::SaleCompleted(sale) => sale_completed(connection, seq, sale),
        Entry::StockImported(imported) => {
            move_stock(connection, seq, &imported.movements, MovementReason::Import)
        }
    }
}

fn shift_opened(connection: &Connection, seq: i64, open: &ShiftOpen) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shift(shift_id, opened_seq, business_day, opened_ms, opened_by, float_minor)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            open.shift.uuid().as_bytes().as_slice(),
            seq,
            open.business_day.to_string(),
            open.at.utc_ms,
            open.actor.name,
            open.float.minor(),
        ])?;
    post(connection, seq, &posting::of_shift_open(open))
}

fn shift_closed(connection: &Connection, seq: i64, close: &ShiftClose) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE shift SET closed_ms = ?2, expected_minor = ?3, counted_minor = ?4
             WHERE shift_id = ?1 AND closed_ms IS NULL",
        )?
        .execute(params![
            close.shift.uuid().as_bytes().as_slice(),
            close.at.utc_ms,
            close.expected.minor(),
            close.counted.minor(),
        ])?;
    post(connection, seq, &posting::of_shift_close(close)?)
}

fn sale_completed(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO sale(id, sale_id, series, receipt_sequence, shift_id, business_day, at_ms,
               offset_min, cashier, net_minor, tax_minor, total_minor, change_minor, lines)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            seq,
            sale.id.uuid().as_bytes().as_slice(),
            sale.receipt.series,
            sale.receipt.sequence,
            sale.shift.uuid().as_bytes().as_slice(),
            sale.business_day.to_string(),
            sale.at.utc_ms,
            sale.at.offset_min,
            sale.actor.name,
            sale.net.minor(),
            sale.tax.minor(),
            sale.total.minor(),
            sale.change.minor(),
            i64::try_from(sale.lines.len()).unwrap_or(i64::MAX),
        ])?;
    sale_lines(connection, seq, sale)?;
    sale_taxes(connection, seq, sale)?;
    let (mut cash, mut card) = (0, 0);
    for tender in &sale.tenders {
        match tender.kind {
            TenderKind::Cash => cash += tender.amount.minor(),
            TenderKind::CardExternal => card += tender.amount.minor(),
        }
        connection
            .prepare_cached(
                "INSERT INTO tender(tender_id, sale, kind, amount_minor, received_minor)
                 VALUES(?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                tender.id.uuid().as_bytes().as_slice(),
                seq,
                tender.kind.name(),
                tender.amount.minor(),
                tender.received.minor(),
            ])?;
    }
    connection
        .prepare_cached(
            "UPDATE shift SET sales = sales + 1, takings_minor = takings_minor + ?2,
               cash_minor = cash_minor + ?3, card_minor = card_minor + ?4 WHERE shift_id = ?1",
        )?
        .execute(params![
            sale.shift.uuid().as_bytes().as_slice(),
            sale.total.minor(),
            cash,
            card
        ])?;
    move_stock(connection, seq, &stock::of_sale(sale), MovementReason::Sale)?;
    post(connection, seq, &posting::of_sale(sale)?)
}

fn sale_lines(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO sale_line(sale, position, variant_id, name, category, quantity,
           unit_price_minor, net_minor, total_minor)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (position, line) in (1_i64..).zip(&sale.lines) {
        insert.execute(params![
            seq,
            position,
            line.variant.uuid().as_bytes().as_slice(),
            line.name,
            line.category,
            line.quantity.thousandths(),
            line.unit_price.minor(),
            line.net.minor(),
            line.total.minor(),
        ])?;
    }
    Ok(())
}

fn sale_taxes(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO sale_tax(sale, code, rate, inclusive, base_minor, amount_minor)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for sum in &sale.taxes {
        insert.execute(params![
            seq,
            sum.tax.code,
            sum.tax.rate.value().to_string(),
            sum.tax.mode == TaxMode::Inclusive,
            sum.base.minor(),
            sum.amount.minor(),
        ])?;
    }
    Ok(())
}

fn move_stock(
    connection: &Connection,
    seq: i64,
    movements: &[Movement],
    reason: MovementReason,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO stock_movement(seq, position, variant_id, quantity, reason)
         VALUES(?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut level = connection.prepare_cached(
        "INSERT INTO stock_level(variant_id, quantity) VALUES(?1, ?2)
         ON CONFLICT(variant_id) DO UPDATE SET quantity = quantity + excluded.quantity",
    )?;
    for (position, movement) in (1_i64..).zip(movements) {
        let variant = movement.variant.uuid();
        let quantity = movement.quantity.thousandths();
        let reason = reason.name();
        insert.execute(params![seq, position, variant.as_bytes().as_slice(), quantity, reason])?;
        level.execute(params![variant.as_bytes().as_slice(), quantity])?;
    }
    Ok(())
}

fn post(connection: &Connection, seq: i64, postings: &[Posting]) -> Result<(), StoreError> {
    let sum: i128 = postings.iter().map(|p| i128::from(p.amount.minor())).sum();
    if sum != 0 {
        return Err(StoreError::damaged(
            "posting",
            format!("entry {seq} is out of balance by {sum}"),
        ));
    }
    let mut insert = connection
        .prepare_cached("INSERT INTO posting(seq, account, amount_minor) VALUES(?1, ?2, ?3)")?;
    for posting in postings {
        insert.execute(params![seq, posting.account.name(), posting.amount.minor()])?;
    }
    Ok(())
}
