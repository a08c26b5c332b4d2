//! Views of the journal: one function makes them all, for a sale as it happens, for `verify` and for
//! `rebuild` alike, so that they cannot disagree.

mod card;
mod coupon;
mod credit;
mod held;
mod people;
mod shift;
mod stock;

use std::collections::BTreeSet;

use countertop_domain::journal::Entry;
use countertop_domain::posting::{self, Posting};
use countertop_domain::sale::Sale;
use countertop_domain::stock::{Movement, MovementReason, of_sale};
use countertop_domain::tax::TaxMode;
use rusqlite::{Connection, params};

use crate::error::StoreError;

/// The tables that are views, children first, each with the columns that order its rows.
pub(crate) const VIEWS: &[(&str, &str)] = &[
    ("customer_sale", "customer_id, sale"),
    ("tender", "tender_id"),
    ("sale_tax", "sale, code, nth"),
    ("sale_line", "sale, position"),
    ("sale_return", "origin, sale"),
    ("sale", "id"),
    ("shift_total", "shift_id, kind, code, name, rate"),
    ("cash_move", "seq"),
    ("grand_total", "id"),
    ("shift", "shift_id"),
    ("credit_move", "seq, position"),
    ("credit_balance", "kind, code"),
    ("account_payment", "seq"),
    ("credit_issue", "seq"),
    ("credit_redemption", "seq"),
    ("customer_link", "merged"),
    ("customer_figure", "customer_id"),
    ("points_move", "seq"),
    ("points_balance", "customer_id"),
    ("coupon_use", "seq, position"),
    ("coupon_count", "code"),
    ("held_deposit", "seq"),
    ("held_order", "id"),
    ("stock_movement", "seq, position"),
    ("stock_move", "seq"),
    ("stock_level", "variant_id"),
    ("posting", "seq, account"),
    // Behind the journal, by as much as the mark says.
    ("report_sum", "about, level, span, code, detail"),
    ("report_mark", "id"),
];

/// Writes what entry `seq` means into the views.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::SaleCompleted(sale) => sale_completed(connection, seq, sale)?,
        Entry::StockImported(imported) => {
            move_stock(connection, seq, &imported.movements, |_| MovementReason::Import)?;
        }
        Entry::StockMoved(moved) => stock::apply(connection, seq, moved)?,
        _ => {}
    }
    shift::apply(connection, seq, entry)?;
    credit::apply(connection, seq, entry)?;
    coupon::apply(connection, seq, entry)?;
    held::apply(connection, seq, entry)?;
    card::apply(connection, seq, entry)?;
    people::apply(connection, seq, entry)
}

fn sale_completed(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO sale(id, sale_id, series, receipt_sequence, shift_id, business_day, at_ms,
               offset_min, cashier, net_minor, tax_minor, total_minor, change_minor, lines,
               paid_with)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
            paid_with(sale),
        ])?;
    sale_lines(connection, seq, sale)?;
    sale_taxes(connection, seq, sale)?;
    sale_returns(connection, seq, sale)?;
    for tender in &sale.tenders {
        connection
            .prepare_cached(
                "INSERT INTO tender(tender_id, sale, kind, amount_minor, received_minor,
                   rounding_minor, reference)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                tender.id.uuid().as_bytes().as_slice(),
                seq,
                tender.kind.name(),
                tender.amount.minor(),
                tender.received.minor(),
                tender.rounding.minor(),
                tender.reference,
            ])?;
    }
    move_stock(connection, seq, &of_sale(sale), MovementReason::of_ticket)?;
    post(connection, seq, &posting::of_sale(sale)?)
}

/// Each kind of tender once, by name: `card_external,cash`.
fn paid_with(sale: &Sale) -> String {
    let kinds: BTreeSet<_> = sale.tenders.iter().map(|tender| tender.kind.name()).collect();
    kinds.into_iter().collect::<Vec<_>>().join(",")
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

/// The sales that this one takes goods back of, each once.
fn sale_returns(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    let origins: BTreeSet<_> =
        sale.lines.iter().filter_map(|line| line.origin.as_ref()).map(|o| o.sale).collect();
    for origin in origins {
        connection
            .prepare_cached("INSERT INTO sale_return(origin, sale) VALUES(?1, ?2)")?
            .execute(params![origin.uuid().as_bytes().as_slice(), seq])?;
    }
    Ok(())
}

fn sale_taxes(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO sale_tax(sale, code, nth, rate, inclusive, base_minor, amount_minor)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (index, sum) in sale.taxes.iter().enumerate() {
        let before = sale.taxes.iter().take(index);
        let nth = before.filter(|other| other.tax.code == sum.tax.code).count();
        insert.execute(params![
            seq,
            sum.tax.code,
            i64::try_from(nth).unwrap_or(i64::MAX),
            sum.tax.rate_text(),
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
    reason: impl Fn(&Movement) -> MovementReason,
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
        let reason = reason(movement).name();
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
