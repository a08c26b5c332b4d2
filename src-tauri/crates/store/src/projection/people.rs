//! What customers bought, whose record became part of whose, and their points.

use countertop_domain::customer::CustomersMerged;
use countertop_domain::ids::CustomerId;
use countertop_domain::journal::Entry;
use countertop_domain::loyalty::{PointsMoved, PointsReason};
use countertop_domain::sale::Sale;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::table::link;

/// Writes what entry `seq` means for customers.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::SaleCompleted(sale) => bought(connection, seq, sale),
        Entry::CustomersMerged(merged) => merge(connection, seq, merged),
        Entry::PointsMoved(moved) => points(connection, seq, moved),
        _ => Ok(()),
    }
}

fn bought(connection: &Connection, seq: i64, sale: &Sale) -> Result<(), StoreError> {
    let Some(customer) = &sale.customer else { return Ok(()) };
    connection
        .prepare_cached("INSERT INTO customer_sale(customer_id, sale) VALUES(?1, ?2)")?
        .execute(params![customer.id.uuid().as_bytes().as_slice(), seq])?;
    let kept = link::kept(connection, customer.id)?;
    add_figure(
        connection,
        kept,
        Figure {
            last_sale_ms: sale.at.utc_ms,
            sales: i64::from(!sale.is_refund()),
            value: sale.total.minor(),
        },
    )
}

struct Figure {
    last_sale_ms: i64,
    sales: i64,
    value: i64,
}

fn add_figure(
    connection: &Connection,
    customer: CustomerId,
    figure: Figure,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO customer_figure(customer_id, last_sale_ms, sales, value_minor)
             VALUES(?1, ?2, ?3, ?4)
             ON CONFLICT(customer_id) DO UPDATE SET
               last_sale_ms = max(last_sale_ms, excluded.last_sale_ms),
               sales = sales + excluded.sales,
               value_minor = value_minor + excluded.value_minor",
        )?
        .execute(params![
            customer.uuid().as_bytes().as_slice(),
            figure.last_sale_ms,
            figure.sales,
            figure.value,
        ])?;
    Ok(())
}

/// What the second had was moved to the first by the ledgers already; from here on, the second's id
/// is another name of the first.
fn merge(connection: &Connection, seq: i64, merged: &CustomersMerged) -> Result<(), StoreError> {
    let gone = merged.merged.uuid();
    let figure = connection
        .prepare_cached(
            "SELECT last_sale_ms, sales, value_minor FROM customer_figure WHERE customer_id = ?1",
        )?
        .query_row([gone.as_bytes().as_slice()], |row| {
            Ok(Figure { last_sale_ms: row.get(0)?, sales: row.get(1)?, value: row.get(2)? })
        })
        .optional()?;
    if let Some(figure) = figure {
        connection
            .prepare_cached("DELETE FROM customer_figure WHERE customer_id = ?1")?
            .execute([gone.as_bytes().as_slice()])?;
        add_figure(connection, merged.kept, figure)?;
    }
    if merged.points != 0 {
        let moved = |customer, points| PointsMoved {
            id: None,
            customer,
            points,
            why: PointsReason::Merged,
            sale: None,
            credit: None,
            reason: String::new(),
            at: merged.at,
            actor: merged.actor.clone(),
        };
        // The row of the moves is the one that names where the points are now.
        add_points(connection, merged.merged, -merged.points)?;
        points(connection, seq, &moved(merged.kept, merged.points))?;
    }
    link::join(connection, merged.merged, merged.kept)
}

fn points(connection: &Connection, seq: i64, moved: &PointsMoved) -> Result<(), StoreError> {
    let customer = link::kept(connection, moved.customer)?;
    connection
        .prepare_cached(
            "INSERT INTO points_move(seq, move_id, customer_id, points, why, sale_id, credit_minor,
               at_ms, offset_min, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            seq,
            moved.id.as_ref().map(|id| id.uuid().into_bytes()),
            customer.uuid().as_bytes().as_slice(),
            moved.points,
            moved.why.name(),
            moved.sale.as_ref().map(|id| id.uuid().into_bytes()),
            moved.credit.map(countertop_domain::money::Money::minor),
            moved.at.utc_ms,
            moved.at.offset_min,
            moved.reason,
        ])?;
    add_points(connection, customer, moved.points)
}

fn add_points(
    connection: &Connection,
    customer: CustomerId,
    points: i64,
) -> Result<(), StoreError> {
    let id = customer.uuid();
    // Not one statement with ON CONFLICT: its row is checked for being below nothing before the
    // balance is added.
    let known = connection
        .prepare_cached("UPDATE points_balance SET points = points + ?2 WHERE customer_id = ?1")?
        .execute(params![id.as_bytes().as_slice(), points])?;
    if known == 0 {
        connection
            .prepare_cached("INSERT INTO points_balance(customer_id, points) VALUES(?1, ?2)")?
            .execute(params![id.as_bytes().as_slice(), points])?;
    }
    Ok(())
}
