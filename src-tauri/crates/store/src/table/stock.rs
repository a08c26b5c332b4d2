//! Stock: levels, and the movements that they are the sum of.

use std::collections::{BTreeSet, HashMap};

use countertop_domain::ids::{ItemId, SaleId, StockMoveId, VariantId};
use countertop_domain::item::{ItemOption, full_name};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::stock::MovementReason;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::lookup::list;
use crate::snapshot::Snapshot;

/// Rows that are looked at for one page: what a filter leaves out costs no more than this. A page may
/// then be shorter than asked although there is more.
const SCAN: i64 = 20_000;

/// How much there is of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockLevelRow {
    /// Its place in the catalogue.
    pub row: i64,
    /// The variant.
    pub variant: VariantId,
    /// Its item.
    pub item: ItemId,
    /// Name with the variant's options.
    pub name: String,
    /// The article number.
    pub sku: Option<String>,
    /// What one of it is.
    pub unit: Unit,
    /// How much there is; below nothing where more was sold than counted.
    pub quantity: Quantity,
    /// Whether sales take from stock.
    pub tracks_stock: bool,
    /// True if it is sold no more.
    pub retired: bool,
}

/// One movement of one variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementRow {
    /// Its journal entry.
    pub seq: i64,
    /// Its place there, from 1.
    pub position: i64,
    /// When, UTC.
    pub at_ms: i64,
    /// What moved.
    pub variant: VariantId,
    /// Positive in, negative out.
    pub quantity: Quantity,
    /// Why.
    pub reason: MovementReason,
    /// What was found, where it was counted.
    pub counted: Option<Quantity>,
    /// What one unit cost, in minor units, where it came from a supplier.
    pub cost: Option<i64>,
    /// The sale that moved it.
    pub sale: Option<SaleId>,
    /// The movement by hand that it belongs to.
    pub by_hand: Option<ByHand>,
}

/// What a movement by hand says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Its id.
    pub id: StockMoveId,
    /// A delivery note, an order, another shop; may be empty.
    pub reference: String,
    /// In words; may be empty.
    pub note: String,
    /// Who.
    pub actor: String,
}

/// Which movements.
#[derive(Clone, Copy, Debug, Default)]
pub struct MovementFilter {
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// For this reason.
    pub reason: Option<MovementReason>,
    /// From this moment on, UTC.
    pub since_ms: Option<i64>,
}

/// A page: its rows, and where the next one begins.
pub type Paged<R, C> = (Vec<R>, Option<C>);

/// Everything here fails only as the disk or the database fails.
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// How much there is of these variants, as far as they are known.
    pub fn stock_levels_of(
        &self,
        variants: &[VariantId],
    ) -> Result<Vec<StockLevelRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{LEVEL} WHERE variant.variant_id = ?1"))?;
        let mut levels = Vec::with_capacity(variants.len());
        for variant in variants {
            let found = statement.query_row([variant.uuid().as_bytes().as_slice()], level);
            levels.extend(found.optional()?);
        }
        Ok(levels)
    }

    /// Levels of what is sold and counted, in the order of the catalogue, after a row (0: from the
    /// first); only those below `below`, if given.
    pub fn stock_levels(
        &self,
        after: i64,
        below: Option<Quantity>,
        limit: u32,
    ) -> Result<Paged<StockLevelRow, i64>, StoreError> {
        let below = below.map_or(i64::MAX, Quantity::thousandths);
        let mut statement = self.connection().prepare_cached(&format!(
            "{LEVEL} WHERE variant.id > ?1 AND variant.id <= ?4 AND variant.tracks_stock = 1
               AND variant.retired = 0 AND coalesce(stock_level.quantity, 0) < ?2
             ORDER BY variant.id LIMIT ?3"
        ))?;
        // Where the search for a page ends, however few it found.
        let end: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM variant WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2")?
            .query_row([after, SCAN - 1], |row| row.get(0))
            .optional()?;
        let rows = statement
            .query_map(params![after, below, limit, end.unwrap_or(i64::MAX)], level)?
            .collect::<Result<Vec<_>, _>>()?;
        let full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        let next = if full { rows.last().map(|row| row.row) } else { end };
        Ok((rows, next))
    }

    /// Levels that moved after a place in the journal, in the order of their movements; one that moved
    /// again may come again on a later page. Begin with [`Snapshot::seq_before`].
    pub fn stock_levels_moved(
        &self,
        after: (i64, i64),
        limit: u32,
    ) -> Result<Paged<StockLevelRow, (i64, i64)>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut statement = self.connection().prepare_cached(
            "SELECT seq, position, variant_id FROM stock_movement WHERE (seq, position) > (?1, ?2)
             ORDER BY seq, position LIMIT ?3",
        )?;
        let mut rows = statement.query(params![after.0, after.1, SCAN])?;
        let (mut seen, mut moved) = (BTreeSet::new(), Vec::new());
        let (mut next, mut looked_at) = (None, 0);
        while let Some(row) = rows.next()? {
            let variant = VariantId::new(uuid_at(row, 2)?);
            looked_at += 1;
            next = Some((row.get(0)?, row.get(1)?));
            if seen.insert(variant) {
                moved.push(variant);
            }
            if moved.len() >= limit {
                break;
            }
        }
        let more = moved.len() >= limit || looked_at >= SCAN;
        Ok((self.stock_levels_of(&moved)?, next.filter(|_| more)))
    }

    /// The last entry of the journal before this moment, by the register's clock; 0 if there is none.
    pub fn seq_before(&self, at_ms: i64) -> Result<i64, StoreError> {
        seq_before(self.connection(), at_ms)
    }

    /// Movements, the newest first, before a place (none: from the newest).
    pub fn stock_movements(
        &self,
        before: Option<(i64, i64)>,
        filter: &MovementFilter,
        limit: u32,
    ) -> Result<Paged<MovementRow, (i64, i64)>, StoreError> {
        movements(self.connection(), before.unwrap_or((i64::MAX, 0)), filter, limit)
    }

    /// How much of each variant moved after entry `seq`, but for what counts of `counted_ms` or
    /// earlier found; and whether it was counted later than that.
    pub fn stock_moved_after(
        &self,
        seq: i64,
        counted_ms: i64,
    ) -> Result<HashMap<VariantId, (Quantity, bool)>, StoreError> {
        let mut statement = self.connection().prepare_cached(
            "SELECT variant_id, sum(quantity), max(counted_ms IS NOT NULL)
             FROM stock_movement LEFT JOIN stock_move USING (seq)
             WHERE seq > ?1 AND (counted_ms IS NULL OR counted_ms > ?2) GROUP BY variant_id",
        )?;
        let rows = statement.query_map([seq, counted_ms], |row| {
            let moved = Quantity::from_thousandths(row.get(1)?);
            Ok((VariantId::new(uuid_at(row, 0)?), (moved, row.get(2)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The journal entry of a movement by hand.
    pub fn stock_move_seq(&self, id: StockMoveId) -> Result<Option<i64>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT seq FROM stock_move WHERE move_id = ?1")?
            .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?)
    }
}

const LEVEL: &str =
    "SELECT variant.id, variant.variant_id, item.item_id, item.name, variant.options,
   variant.sku, item.unit, coalesce(stock_level.quantity, 0), variant.tracks_stock, variant.retired
   FROM variant JOIN item ON item.id = variant.item
   LEFT JOIN stock_level ON stock_level.variant_id = variant.variant_id";

fn level(row: &Row<'_>) -> rusqlite::Result<StockLevelRow> {
    let name: String = row.get(3)?;
    let options: Vec<ItemOption> = list(row, 4)?;
    Ok(StockLevelRow {
        row: row.get(0)?,
        variant: VariantId::new(uuid_at(row, 1)?),
        item: ItemId::new(uuid_at(row, 2)?),
        name: full_name(&name, &options),
        sku: row.get(5)?,
        unit: named(row, 6, Unit::parse)?,
        quantity: Quantity::from_thousandths(row.get(7)?),
        tracks_stock: row.get(8)?,
        retired: row.get(9)?,
    })
}

/// Entries come in the order of the clock, so the place is found by halving. Where the clock was set
/// back in between, some entries may lie on the other side of it.
fn seq_before(connection: &Connection, at_ms: i64) -> Result<i64, StoreError> {
    let last: Option<i64> =
        connection.query_row("SELECT max(seq) FROM journal", [], |row| row.get(0))?;
    let mut at = connection.prepare_cached("SELECT at_ms FROM journal WHERE seq = ?1")?;
    // Entries up to `low` are before the moment, those after `high` are not.
    let (mut low, mut high) = (0, last.unwrap_or(0));
    while low < high {
        let middle = low + (high - low + 1) / 2;
        let found: i64 = at.query_row([middle], |row| row.get(0))?;
        if found < at_ms {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

fn movements(
    connection: &Connection,
    before: (i64, i64),
    filter: &MovementFilter,
    limit: u32,
) -> Result<Paged<MovementRow, (i64, i64)>, StoreError> {
    let after = filter.since_ms.map_or(Ok(0), |since| seq_before(connection, since))?;
    let end: Option<(i64, i64)> = connection
        .prepare_cached(
            "SELECT seq, position FROM stock_movement WHERE (seq, position) < (?1, ?2) AND seq > ?3
             ORDER BY seq DESC, position DESC LIMIT 1 OFFSET ?4",
        )?
        .query_row(params![before.0, before.1, after, SCAN - 1], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (end_seq, end_position) = end.unwrap_or((after, i64::MAX));
    let mut statement = connection.prepare_cached(
        "SELECT m.seq, m.position, journal.at_ms, m.variant_id, m.quantity, m.reason, m.counted,
           m.cost_minor, sale.sale_id, stock_move.move_id, stock_move.reference, stock_move.note,
           stock_move.actor
         FROM stock_movement AS m JOIN journal ON journal.seq = m.seq
           LEFT JOIN sale ON sale.id = m.seq LEFT JOIN stock_move ON stock_move.seq = m.seq
         WHERE (m.seq, m.position) < (?1, ?2) AND (m.seq, m.position) >= (?3, ?4)
           AND (?5 IS NULL OR m.variant_id = ?5) AND (?6 IS NULL OR m.reason = ?6)
         ORDER BY m.seq DESC, m.position DESC LIMIT ?7",
    )?;
    let variant = filter.variant.map(|variant| variant.uuid().as_bytes().to_vec());
    let reason = filter.reason.map(MovementReason::name);
    let given = params![before.0, before.1, end_seq, end_position, variant, reason, limit];
    let rows = statement.query_map(given, movement)?.collect::<Result<Vec<_>, _>>()?;
    let full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = if full { rows.last().map(|row| (row.seq, row.position)) } else { end };
    Ok((rows, next))
}

fn movement(row: &Row<'_>) -> rusqlite::Result<MovementRow> {
    let by_hand = match row.get::<_, Option<[u8; 16]>>(9)? {
        None => None,
        Some(id) => Some(ByHand {
            id: StockMoveId::new(uuid::Uuid::from_bytes(id)),
            reference: row.get(10)?,
            note: row.get(11)?,
            actor: row.get(12)?,
        }),
    };
    let sale: Option<[u8; 16]> = row.get(8)?;
    Ok(MovementRow {
        seq: row.get(0)?,
        position: row.get(1)?,
        at_ms: row.get(2)?,
        variant: VariantId::new(uuid_at(row, 3)?),
        quantity: Quantity::from_thousandths(row.get(4)?),
        reason: named(row, 5, MovementReason::parse)?,
        counted: row.get::<_, Option<i64>>(6)?.map(Quantity::from_thousandths),
        cost: row.get(7)?,
        sale: sale.map(|id| SaleId::new(uuid::Uuid::from_bytes(id))),
        by_hand,
    })
}
