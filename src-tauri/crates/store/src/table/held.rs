//! Held orders: where each stands, what was paid on it, and the basket that waits.

use countertop_domain::basket::Basket;
use countertop_domain::ids::{CustomerId, HeldOrderId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::order::{DepositTaken, HeldOrder};
use countertop_domain::sale::ReceiptNumber;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{basket, named, uuid_at};
use crate::error::StoreError;
use crate::journal;
use crate::snapshot::{Snapshot, Tx};

/// Between a series and the number of a held order: `T1-H7`.
const MARK: &str = "-H";

/// Where a held order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldState {
    /// It waits.
    Open,
    /// It became a sale.
    Completed,
    /// It was given up.
    Cancelled,
}

impl HeldState {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Self::Open),
            "completed" => Some(Self::Completed),
            "cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// A held order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    /// What was agreed, as the journal has it.
    pub order: HeldOrder,
    /// Where it stands.
    pub state: HeldState,
    /// What was paid on it, in minor units.
    pub deposit: i64,
    /// The receipt of the sale that completed it.
    pub receipt: Option<ReceiptNumber>,
}

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A held order.
    pub fn held_order(&self, id: HeldOrderId) -> Result<Option<HeldRow>, StoreError> {
        let head = self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE order_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], Head::from_row)
            .optional()?;
        head.map(|head| self.held_row(head)).transpose()
    }

    /// Held orders, the newest first.
    pub fn held_orders(&self, open_only: bool, limit: u32) -> Result<Vec<HeldRow>, StoreError> {
        let which = if open_only { "WHERE state = 'open'" } else { "" };
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{SELECT} {which} ORDER BY held_order.id DESC LIMIT ?1"))?;
        let heads: Vec<Head> =
            statement.query_map([limit], Head::from_row)?.collect::<Result<_, _>>()?;
        heads.into_iter().map(|head| self.held_row(head)).collect()
    }

    fn held_row(&self, head: Head) -> Result<HeldRow, StoreError> {
        let stored = journal::at(self.connection(), self.identity().register, head.entry)?;
        match stored.map(|stored| stored.entry()).transpose()? {
            Some(Entry::OrderHeld(order)) => Ok(HeldRow {
                order,
                state: head.state,
                deposit: head.deposit,
                receipt: head.receipt,
            }),
            _ => Err(StoreError::damaged("held order", format!("entry {} is not one", head.entry))),
        }
    }

    /// The held orders of a customer, the newest first, by every id that they name.
    pub fn held_orders_of(&self, customers: &[CustomerId]) -> Result<Vec<HeldRow>, StoreError> {
        let places = vec!["?"; customers.len()].join(", ");
        let mut statement = self.connection().prepare_cached(&format!(
            "{SELECT} WHERE customer_id IN ({places}) ORDER BY held_order.id DESC"
        ))?;
        let ids = customers.iter().map(|id| id.uuid().into_bytes());
        let heads: Vec<Head> = statement
            .query_map(rusqlite::params_from_iter(ids), Head::from_row)?
            .collect::<Result<_, _>>()?;
        heads.into_iter().map(|head| self.held_row(head)).collect()
    }

    /// How many held orders wait.
    pub fn open_held_orders(&self) -> Result<u32, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT count(*) FROM held_order WHERE state = 'open'")?
            .query_row([], |row| row.get(0))?)
    }

    /// The number of a held order, for a screen that shows only that.
    pub fn held_number(&self, id: HeldOrderId) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT series, sequence FROM held_order WHERE order_id = ?1")?
            .query_row([id.uuid().as_bytes().as_slice()], |row| {
                Ok(number_of(&row.get::<_, String>(0)?, row.get(1)?))
            })
            .optional()?)
    }

    /// What was paid on a held order, the oldest first.
    pub fn held_deposits(&self, id: HeldOrderId) -> Result<Vec<DepositTaken>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT seq FROM held_deposit WHERE order_id = ?1 ORDER BY seq")?;
        let seqs: Vec<i64> = statement
            .query_map([id.uuid().as_bytes().as_slice()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut deposits = Vec::with_capacity(seqs.len());
        for seq in seqs {
            let stored = journal::at(self.connection(), self.identity().register, seq)?;
            match stored.map(|stored| stored.entry()).transpose()? {
                Some(Entry::DepositTaken(taken)) => deposits.push(taken),
                _ => {
                    let reason = format!("entry {seq} is not one");
                    return Err(StoreError::damaged("deposit", reason));
                }
            }
        }
        Ok(deposits)
    }

    /// The held order that a tender was paid on.
    pub fn deposit_with(&self, tender: TenderId) -> Result<Option<HeldOrderId>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT order_id FROM held_deposit WHERE tender_id = ?1")?
            .query_row([tender.uuid().as_bytes().as_slice()], |row| {
                uuid_at(row, 0).map(HeldOrderId::new)
            })
            .optional()?)
    }

    /// What is in a held order; none if it became a sale.
    pub fn held_basket(&self, id: HeldOrderId) -> Result<Option<Basket>, StoreError> {
        let body: Option<String> = self
            .connection()
            .prepare_cached("SELECT body FROM held_basket WHERE order_id = ?1")?
            .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        body.map(|body| {
            serde_json::from_str(&body).map_err(|error| StoreError::damaged("held basket", error))
        })
        .transpose()
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// The number of the next held order. Taken only by one that is appended in this transaction,
    /// so that the series has no gap.
    pub fn next_held_number(&self) -> Result<String, StoreError> {
        let series = &self.identity().series;
        let sequence: i64 = self
            .connection()
            .prepare_cached(
                "SELECT coalesce(max(sequence), 0) + 1 FROM held_order WHERE series = ?1",
            )?
            .query_row([series], |row| row.get(0))?;
        Ok(number_of(series, sequence))
    }

    /// Keeps what is in a held order.
    pub fn put_held_basket(&self, id: HeldOrderId, held: &Basket) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO held_basket(order_id, body) VALUES(?1, ?2)
                 ON CONFLICT(order_id) DO UPDATE SET body = excluded.body",
            )?
            .execute(params![id.uuid().as_bytes().as_slice(), basket::body(held)?])?;
        Ok(())
    }

    /// Forgets what was in a held order: it is a sale now.
    pub fn remove_held_basket(&self, id: HeldOrderId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM held_basket WHERE order_id = ?1")?
            .execute([id.uuid().as_bytes().as_slice()])?;
        Ok(())
    }
}

/// Whether a basket that was saved as an open one is none any more: it was set aside as a held order,
/// or its order has ended, and the register was killed before the basket was forgotten.
pub(crate) fn is_stale(connection: &Connection, saved: &Basket) -> Result<bool, StoreError> {
    let state: Option<HeldState> = connection
        .prepare_cached("SELECT state FROM held_order WHERE basket_id = ?1")?
        .query_row([saved.id().uuid().as_bytes().as_slice()], |row| named(row, 0, HeldState::parse))
        .optional()?;
    Ok(match state {
        None => false,
        Some(HeldState::Open) => saved.order.is_none(),
        Some(HeldState::Completed | HeldState::Cancelled) => true,
    })
}

/// `T1-H7` from its parts.
fn number_of(series: &str, sequence: i64) -> String {
    format!("{series}{MARK}{sequence}")
}

/// The series and the number in it, of `T1-H7`.
pub(crate) fn split_number(number: &str) -> Option<(&str, i64)> {
    let (series, sequence) = number.rsplit_once(MARK)?;
    Some((series, sequence.parse().ok()?))
}

const SELECT: &str = "SELECT entry, state, deposit_minor, sale.series, sale.receipt_sequence
   FROM held_order LEFT JOIN sale ON sale.id = ended_seq";

struct Head {
    entry: i64,
    state: HeldState,
    deposit: i64,
    receipt: Option<ReceiptNumber>,
}

impl Head {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let series: Option<String> = row.get(3)?;
        let sequence: Option<i64> = row.get(4)?;
        Ok(Self {
            entry: row.get(0)?,
            state: named(row, 1, HeldState::parse)?,
            deposit: row.get(2)?,
            receipt: series
                .zip(sequence)
                .map(|(series, sequence)| ReceiptNumber { series, sequence }),
        })
    }
}
