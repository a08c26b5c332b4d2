//! Card payments that belong to no sale: what they do to the books.

use countertop_domain::journal::Entry;
use countertop_domain::posting;
use rusqlite::Connection;

use super::post;
use crate::error::StoreError;

pub(super) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::CardPaymentOrphaned(found) => {
            post(connection, seq, &posting::of_orphan(&found.payment, false)?)
        }
        Entry::CardPaymentReversed(back) => {
            post(connection, seq, &posting::of_orphan(&back.payment, true)?)
        }
        _ => Ok(()),
    }
}
