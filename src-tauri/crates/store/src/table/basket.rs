//! Open baskets, saved as they change.

use countertop_domain::basket::Basket;
use countertop_domain::ids::BasketId;
use rusqlite::{Connection, params};

use crate::error::StoreError;

/// A saved basket and the client that has it open.
#[derive(Clone, Debug)]
pub struct SavedBasket {
    /// The client: a window, a tablet.
    pub client: String,
    /// The basket as it was.
    pub basket: Basket,
}

/// What a transaction does to an open basket.
#[derive(Debug)]
pub(crate) enum BasketEdit {
    /// Saves it: its client and its body.
    Put(BasketId, String, String),
    /// Removes it: it is gone.
    Remove(BasketId),
}

pub(crate) fn body(basket: &Basket) -> Result<String, StoreError> {
    serde_json::to_string(basket).map_err(|error| StoreError::damaged("basket", error))
}

pub(crate) fn put(
    connection: &Connection,
    id: BasketId,
    client: &str,
    body: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO basket(basket_id, client, body) VALUES(?1, ?2, ?3)
             ON CONFLICT(basket_id) DO UPDATE SET client = excluded.client, body = excluded.body",
        )?
        .execute(params![id.uuid().as_bytes().as_slice(), client, body])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, id: BasketId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM basket WHERE basket_id = ?1")?
        .execute([id.uuid().as_bytes().as_slice()])?;
    Ok(())
}

/// Whether a basket is open no more, as the database says: its own file hears of it later.
pub(crate) fn is_gone(database: &Connection, id: BasketId) -> Result<bool, StoreError> {
    Ok(database
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM sale WHERE sale_id = ?1)
               OR EXISTS(SELECT 1 FROM basket_gone WHERE basket_id = ?1)",
        )?
        .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))?)
}

/// Says in the database that a basket is gone. Of one that has become a sale, the sale says it.
pub(crate) fn set_gone(database: &Connection, id: BasketId) -> Result<(), StoreError> {
    if !is_gone(database, id)? {
        database
            .prepare_cached("INSERT INTO basket_gone(basket_id) VALUES(?1)")?
            .execute([id.uuid().as_bytes().as_slice()])?;
    }
    Ok(())
}

/// Says in the database that a basket is open again.
pub(crate) fn set_open(database: &Connection, id: BasketId) -> Result<(), StoreError> {
    database
        .prepare_cached("DELETE FROM basket_gone WHERE basket_id = ?1")?
        .execute([id.uuid().as_bytes().as_slice()])?;
    Ok(())
}

/// Removes what is gone from the baskets' file: the register was killed before it did.
pub(crate) fn forget_gone(database: &Connection, baskets: &Connection) -> Result<(), StoreError> {
    for saved in all(baskets)? {
        let id = saved.basket.id();
        if is_gone(database, id)? {
            remove(baskets, id)?;
        }
    }
    database.execute("DELETE FROM basket_gone", [])?;
    Ok(())
}

/// Copies every open basket into a table like theirs.
pub(crate) fn copy(from: &Connection, into: &Connection) -> Result<(), StoreError> {
    let mut read = from.prepare("SELECT basket_id, client, body FROM basket")?;
    let mut write =
        into.prepare("INSERT OR REPLACE INTO basket(basket_id, client, body) VALUES(?1, ?2, ?3)")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        write.execute(params![
            row.get::<_, Vec<u8>>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?
        ])?;
    }
    Ok(())
}

/// In the order in which they were begun.
pub(crate) fn all(connection: &Connection) -> Result<Vec<SavedBasket>, StoreError> {
    let mut statement = connection.prepare("SELECT client, body FROM basket ORDER BY basket_id")?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut baskets = Vec::new();
    for row in rows {
        let (client, body) = row?;
        let basket = serde_json::from_str(&body)
            .map_err(|error| StoreError::damaged("open basket", error))?;
        baskets.push(SavedBasket { client, basket });
    }
    Ok(baskets)
}
