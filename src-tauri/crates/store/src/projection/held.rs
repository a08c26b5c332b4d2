//! Held orders: where each stands, and what was paid on it.

use countertop_domain::ids::HeldOrderId;
use countertop_domain::journal::Entry;
use countertop_domain::order::{DepositTaken, HeldOrder};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::table::held::split_number;

/// Writes what entry `seq` means for a held order.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::OrderHeld(order) => held(connection, seq, order),
        Entry::DepositTaken(taken) => deposit(connection, seq, taken),
        Entry::OrderCancelled(cancelled) => end(connection, seq, cancelled.order, "cancelled"),
        Entry::SaleCompleted(sale) => match sale.order {
            Some(order) => end(connection, seq, order, "completed"),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A new order; or, of one that was taken up and set aside again, what holds from now on.
fn held(connection: &Connection, seq: i64, order: &HeldOrder) -> Result<(), StoreError> {
    let (series, sequence) = split_number(&order.number).ok_or_else(|| {
        StoreError::damaged("held order", format!("\"{}\" is no number of one", order.number))
    })?;
    let customer = order.customer.as_ref().map(|customer| customer.id.uuid());
    connection
        .prepare_cached(
            "INSERT INTO held_order(id, order_id, series, sequence, entry, basket_id, customer_id,
               state) VALUES(?1, ?2, ?3, ?4, ?1, ?5, ?6, 'open')
             ON CONFLICT(order_id) DO UPDATE SET entry = excluded.entry,
               customer_id = excluded.customer_id",
        )?
        .execute(params![
            seq,
            order.order.uuid().as_bytes().as_slice(),
            series,
            sequence,
            order.basket.uuid().as_bytes().as_slice(),
            customer.as_ref().map(|id| id.as_bytes().as_slice()),
        ])?;
    Ok(())
}

fn deposit(connection: &Connection, seq: i64, taken: &DepositTaken) -> Result<(), StoreError> {
    let (order, amount) = (taken.order.uuid(), taken.tender.amount.minor());
    connection
        .prepare_cached(
            "INSERT INTO held_deposit(seq, order_id, tender_id, amount_minor)
             VALUES(?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            seq,
            order.as_bytes().as_slice(),
            taken.tender.id.uuid().as_bytes().as_slice(),
            amount,
        ])?;
    connection
        .prepare_cached(
            "UPDATE held_order SET deposit_minor = deposit_minor + ?2 WHERE order_id = ?1",
        )?
        .execute(params![order.as_bytes().as_slice(), amount])?;
    Ok(())
}

fn end(
    connection: &Connection,
    seq: i64,
    order: HeldOrderId,
    state: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE held_order SET state = ?2, ended_seq = ?3
             WHERE order_id = ?1 AND state = 'open'",
        )?
        .execute(params![order.uuid().as_bytes().as_slice(), state, seq])?;
    Ok(())
}
