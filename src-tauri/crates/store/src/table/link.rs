//! Whose record became part of whose. Always read to its end: of three that were merged one after the
//! other, all name the last.

use countertop_domain::credit::CreditKind;
use countertop_domain::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension, params};

use super::uuid_at;
use crate::error::StoreError;
use crate::snapshot::Snapshot;

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// The customer that an id stands for: itself, unless its record became part of another's.
    pub fn kept_customer(&self, id: CustomerId) -> Result<CustomerId, StoreError> {
        kept(self.connection(), id)
    }

    /// The ids whose records became part of this customer's.
    pub fn merged_customers(&self, kept: CustomerId) -> Result<Vec<CustomerId>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached("SELECT merged FROM customer_link WHERE kept = ?1 ORDER BY merged")?;
        let rows = statement.query_map([kept.uuid().as_bytes().as_slice()], |row| {
            uuid_at(row, 0).map(CustomerId::new)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The code of the ledger that a code stands for: that of the customer who has it now.
    pub fn ledger_of(&self, kind: CreditKind, code: &str) -> Result<String, StoreError> {
        ledger_of(self.connection(), kind, code)
    }
}

pub(crate) fn kept(connection: &Connection, id: CustomerId) -> Result<CustomerId, StoreError> {
    Ok(connection
        .prepare_cached("SELECT kept FROM customer_link WHERE merged = ?1")?
        .query_row([id.uuid().as_bytes().as_slice()], |row| uuid_at(row, 0).map(CustomerId::new))
        .optional()?
        .unwrap_or(id))
}

/// A customer's own credit and account go by their id; a card's code is never one.
pub(crate) fn ledger_of(
    connection: &Connection,
    kind: CreditKind,
    code: &str,
) -> Result<String, StoreError> {
    match code.parse::<CustomerId>() {
        Ok(id) if kind != CreditKind::GiftCard => Ok(kept(connection, id)?.to_string()),
        _ => Ok(code.to_owned()),
    }
}

/// From now on `merged`, and whatever was merged into it, stands for `into`.
pub(crate) fn join(
    connection: &Connection,
    merged: CustomerId,
    into: CustomerId,
) -> Result<(), StoreError> {
    let (merged, into) = (merged.uuid(), into.uuid());
    let ids = params![merged.as_bytes().as_slice(), into.as_bytes().as_slice()];
    connection
        .prepare_cached("UPDATE customer_link SET kept = ?2 WHERE kept = ?1")?
        .execute(ids)?;
    connection
        .prepare_cached("INSERT INTO customer_link(merged, kept) VALUES(?1, ?2)")?
        .execute(ids)?;
    Ok(())
}
