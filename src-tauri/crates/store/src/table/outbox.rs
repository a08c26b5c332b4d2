//! The outbox: journal entries that other systems are to be told of, in order, one queue each.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;

/// Someone to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its name; no two alike.
    pub name: String,
    /// Where it is, as `countertop-sync` reads addresses.
    pub address: String,
}

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// For whom.
    pub destination: String,
    /// Which journal entry.
    pub seq: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// Not to be tried before, milliseconds since 1970 UTC.
    pub due_ms: i64,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// They have it ("already there" counts).
    Acknowledged,
    /// Not now: again later.
    Later {
        /// Not before, milliseconds since 1970 UTC.
        due_ms: i64,
        /// What was in the way.
        trouble: String,
    },
    /// Never: shown to the merchant, and the queue stops here until they decide.
    Rejected {
        /// Why.
        trouble: String,
    },
}

pub(crate) fn add_destination(
    connection: &Connection,
    destination: &Destination,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO destination(name, address) VALUES(?1, ?2)
             ON CONFLICT(name) DO UPDATE SET address = excluded.address",
        )?
        .execute(params![destination.name, destination.address])?;
    Ok(())
}

pub(crate) fn destinations(connection: &Connection) -> Result<Vec<Destination>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, address FROM destination ORDER BY name")?;
    let rows = statement
        .query_map([], |row| Ok(Destination { name: row.get(0)?, address: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Queues an entry for everyone who is to be told.
pub(crate) fn enqueue(connection: &Connection, seq: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO outbox(destination, seq, status) SELECT name, ?1, 'pending' FROM destination",
        )?
        .execute([seq])?;
    Ok(())
}

/// The next message of a destination's queue, claimed. None if it is empty, stopped by a rejected
/// one, or not due yet.
pub(crate) fn claim(
    connection: &Connection,
    destination: &str,
    now_ms: i64,
) -> Result<Option<OutboxMessage>, StoreError> {
    let first: Option<(OutboxMessage, String)> = connection
        .prepare_cached(
            "SELECT seq, attempts, due_ms, status FROM outbox
             WHERE destination = ?1 AND status IN ('pending', 'claimed', 'rejected')
             ORDER BY seq LIMIT 1",
        )?
        .query_row([destination], |row| {
            let message = OutboxMessage {
                destination: destination.to_owned(),
                seq: row.get(0)?,
                attempts: row.get(1)?,
                due_ms: row.get(2)?,
            };
            Ok((message, row.get(3)?))
        })
        .optional()?;
    let Some((message, status)) = first else { return Ok(None) };
    // A claimed message was being sent when the register stopped: it is sent again, with its id.
    if status == "rejected" || message.due_ms > now_ms {
        return Ok(None);
    }
    connection
        .prepare_cached(
            "UPDATE outbox SET status = 'claimed', attempts = attempts + 1
             WHERE destination = ?1 AND seq = ?2",
        )?
        .execute(params![destination, message.seq])?;
    Ok(Some(OutboxMessage { attempts: message.attempts + 1, ..message }))
}

pub(crate) fn settle(
    connection: &Connection,
    message: &OutboxMessage,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let (status, due_ms, trouble) = match delivery {
        Delivery::Acknowledged => ("acknowledged", 0, ""),
        Delivery::Later { due_ms, trouble } => ("pending", *due_ms, trouble.as_str()),
        Delivery::Rejected { trouble } => ("rejected", 0, trouble.as_str()),
    };
    connection
        .prepare_cached(
            "UPDATE outbox SET status = ?3, due_ms = ?4, trouble = ?5
             WHERE destination = ?1 AND seq = ?2",
        )?
        .execute(params![message.destination, message.seq, status, due_ms, trouble])?;
    Ok(())
}

/// How many messages are not acknowledged yet.
pub(crate) fn waiting(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM outbox WHERE status IN ('pending', 'claimed', 'rejected')",
        )?
        .query_row([], |row| row.get(0))?)
}
