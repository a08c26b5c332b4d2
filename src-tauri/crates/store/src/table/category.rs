//! Categories as they are edited.

use countertop_domain::ids::CategoryId;
use rusqlite::{OptionalExtension, Row, params};

use super::catalog::stamp;
use super::uuid_at;
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::stock::Paged;

/// A category, with something in it or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryEntry {
    /// Its place in the shop's order.
    pub row: i64,
    /// Its id.
    pub id: CategoryId,
    /// Its name; `Clothing > Hoodies` nests.
    pub name: String,
    /// Which of six inks its icons have.
    pub ink: u8,
    /// How many items it holds.
    pub items: u32,
    /// When it was last changed, UTC; 0 if never since it was made.
    pub updated_ms: i64,
}

/// Everything here fails only as the disk or the database fails.
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A category.
    pub fn category(&self, id: CategoryId) -> Result<Option<CategoryEntry>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE category_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], entry)
            .optional()?)
    }

    /// The category of this name.
    pub fn category_named(&self, name: &str) -> Result<Option<CategoryEntry>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE name = ?1"))?
            .query_row([name], entry)
            .optional()?)
    }

    /// Categories after a place, in the shop's order.
    pub fn category_entries(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Paged<CategoryEntry, i64>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
        let rows = statement.query_map(params![after, limit], entry)?;
        let found = rows.collect::<Result<Vec<_>, _>>()?;
        let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        let next = found.last().map(|last| last.row).filter(|_| full);
        Ok((found, next))
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a category, or changes it. Its name must be free. Items of a category that gets another
    /// name are changed with it.
    pub fn save_category(
        &self,
        at_ms: i64,
        (id, name, ink): (CategoryId, &str, u8),
    ) -> Result<(), StoreError> {
        let connection = self.connection();
        let before = self.category(id)?;
        let updated = before.as_ref().map_or(at_ms, |before| at_ms.max(before.updated_ms + 1));
        connection
            .prepare_cached(
                "INSERT INTO category(category_id, name, ink, updated_ms) VALUES(?1, ?2, ?3, ?4)
                 ON CONFLICT(category_id) DO UPDATE SET name = ?2, ink = ?3, updated_ms = ?4",
            )?
            .execute(params![id.uuid().as_bytes().as_slice(), name, ink, updated])?;
        if let Some(before) = before.filter(|before| before.name != name) {
            let stamp = stamp(connection, at_ms)?;
            connection.execute(
                "UPDATE item SET updated_ms = ?2 WHERE category = ?1",
                [before.row, stamp],
            )?;
        }
        Ok(())
    }

    /// Removes a category that holds no item; retired ones lose it.
    pub fn remove_category(&self, id: CategoryId) -> Result<(), StoreError> {
        let connection = self.connection();
        let Some(category) = self.category(id)? else { return Ok(()) };
        connection.execute(
            "UPDATE item SET category = NULL WHERE category = ?1 AND retired = 1",
            [category.row],
        )?;
        connection.execute("DELETE FROM category WHERE id = ?1", [category.row])?;
        Ok(())
    }
}

const SELECT: &str = "SELECT id, category_id, name, ink, items, updated_ms FROM category";

fn entry(row: &Row<'_>) -> rusqlite::Result<CategoryEntry> {
    Ok(CategoryEntry {
        row: row.get(0)?,
        id: CategoryId::new(uuid_at(row, 1)?),
        name: row.get(2)?,
        ink: row.get(3)?,
        items: row.get(4)?,
        updated_ms: row.get(5)?,
    })
}
