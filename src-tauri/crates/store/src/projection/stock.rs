//! Stock that was moved or counted by hand.

use countertop_domain::stock::StockMoved;
use rusqlite::{Connection, params};

use crate::error::StoreError;

pub(super) fn apply(
    connection: &Connection,
    seq: i64,
    moved: &StockMoved,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO stock_move(seq, move_id, reference, note, actor, counted_ms)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            seq,
            moved.id.uuid().as_bytes().as_slice(),
            moved.reference,
            moved.note,
            moved.actor.name,
            moved.counted_at.map(|at| at.utc_ms),
        ])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO stock_movement(seq, position, variant_id, quantity, reason, counted, cost_minor)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut level = connection.prepare_cached(
        "INSERT INTO stock_level(variant_id, quantity) VALUES(?1, ?2)
         ON CONFLICT(variant_id) DO UPDATE SET quantity = quantity + excluded.quantity",
    )?;
    for (position, line) in (1_i64..).zip(&moved.lines) {
        let variant = line.variant.uuid();
        insert.execute(params![
            seq,
            position,
            variant.as_bytes().as_slice(),
            line.quantity.thousandths(),
            moved.reason.name(),
            line.counted.map(|counted| counted.thousandths()),
            line.cost.map(|cost| cost.minor()),
        ])?;
        level.execute(params![variant.as_bytes().as_slice(), line.quantity.thousandths()])?;
    }
    Ok(())
}
