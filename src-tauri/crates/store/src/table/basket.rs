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

pub(crate) fn put(
    connection: &Connection,
    client: &str,
    basket: &Basket,
) -> Result<(), StoreError> {
    let body =
        serde_json::to_string(basket).map_err(|error| StoreError::damaged("basket", error))?;
    connection
        .prepare_cached(
            "INSERT INTO basket(basket_id, client, body) VALUES(?1, ?2, ?3)
             ON CONFLICT(basket_id) DO UPDATE SET client = excluded.client, body = excluded.body",
        )?
        .execute(params![basket.id().uuid().as_bytes().as_slice(), client, body])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, id: BasketId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM basket WHERE basket_id = ?1")?
        .execute([id.uuid().as_bytes().as_slice()])?;
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
