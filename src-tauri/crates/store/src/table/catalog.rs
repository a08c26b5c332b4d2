//! The catalogue: items, variants, barcodes, categories and the words they are found by.

use std::collections::HashMap;

use countertop_domain::ids::VariantId;
use countertop_domain::item::{Barcode, Item, Variant, full_name};
use rusqlite::{Connection, OptionalExtension, params};

use super::uuid_at;
use crate::error::StoreError;
use crate::search::words_of;

/// An item as a file or another system gave it, to be added or brought up to date.
#[derive(Clone, Debug)]
pub struct ItemRecord {
    /// The item; its ids are used for what is new.
    pub item: Item,
    /// Where it comes from: `shopify`, `demo`.
    pub source: String,
    /// What the source calls it.
    pub source_key: String,
    /// What the source calls each variant, in the order of the item's variants.
    pub variant_keys: Vec<String>,
    /// A fingerprint of everything above but the ids: the same means nothing changed.
    pub fingerprint: i64,
}

/// What became of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PutItem {
    /// True if it is new or was changed.
    pub changed: bool,
    /// Positions of the variants that are new.
    pub new_variants: Vec<usize>,
    /// Codes that belong to other items already and were left with them, and the positions of the
    /// variants that were to have them.
    pub codes_taken: Vec<(usize, Barcode)>,
}

pub(crate) fn set_category(
    connection: &Connection,
    name: &str,
    ink: u8,
) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached(
            // A version 4 UUID, as the migration made them.
            "INSERT INTO category(name, ink, category_id) VALUES(?1, ?2,
               unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2)
                 || '8' || substr(hex(randomblob(2)), 2) || hex(randomblob(6))))
             ON CONFLICT(name) DO UPDATE SET ink = excluded.ink RETURNING id",
        )?
        .query_row(params![name, ink], |row| row.get(0))?)
}

/// The moment that this transaction's changes of items bear: now, but later than every change before,
/// so that a list in the order of changes misses none, even when the clock was set back.
pub(crate) fn stamp(connection: &Connection, at_ms: i64) -> Result<i64, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(updated_ms) FROM item")?
        .query_row([], |row| row.get(0))?;
    Ok(last.map_or(at_ms, |last| at_ms.max(last.saturating_add(1))))
}

/// Categories met while items are put: their ids, and how many items came or went. The counts are
/// written once at the end, not once an item.
#[derive(Default)]
pub(crate) struct Categories {
    known: HashMap<String, i64>,
    moved: HashMap<i64, i64>,
    /// The moment that the items bear.
    stamp: i64,
}

impl Categories {
    pub(crate) fn id(
        &mut self,
        connection: &Connection,
        name: Option<&str>,
    ) -> Result<Option<i64>, StoreError> {
        let Some(name) = name else { return Ok(None) };
        if let Some(id) = self.known.get(name) {
            return Ok(Some(*id));
        }
        let found: Option<i64> = connection
            .prepare_cached("SELECT id FROM category WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                let known: i64 =
                    connection.query_row("SELECT count(*) FROM category", [], |row| row.get(0))?;
                set_category(connection, name, u8::try_from(known % 6 + 1).unwrap_or(1))?
            }
        };
        self.known.insert(name.to_owned(), id);
        Ok(Some(id))
    }

    pub(crate) fn count(&mut self, category: Option<i64>, by: i64) {
        if let Some(category) = category {
            *self.moved.entry(category).or_default() += by;
        }
    }

    pub(crate) fn write(self, connection: &Connection) -> Result<(), StoreError> {
        let mut update =
            connection.prepare_cached("UPDATE category SET items = items + ?2 WHERE id = ?1")?;
        for (category, by) in self.moved {
            update.execute([category, by])?;
        }
        Ok(())
    }
}

/// Adds items, or brings them up to date by what their source calls them; says what became of each.
pub(crate) fn put_all(
    connection: &Connection,
    at_ms: i64,
    records: &[ItemRecord],
) -> Result<Vec<PutItem>, StoreError> {
    let stamp = stamp(connection, at_ms)?;
    let mut categories = Categories { stamp, ..Categories::default() };
    let put = records
        .iter()
        .map(|record| put(connection, &mut categories, record))
        .collect::<Result<_, _>>()?;
    categories.write(connection)?;
    Ok(put)
}

fn put(
    connection: &Connection,
    categories: &mut Categories,
    record: &ItemRecord,
) -> Result<PutItem, StoreError> {
    let known: Option<(i64, i64)> = connection
        .prepare_cached("SELECT id, source_hash FROM item WHERE source_key = ?1 AND source = ?2")?
        .query_row([&record.source_key, &record.source], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match known {
        Some((_, fingerprint)) if fingerprint == record.fingerprint => Ok(PutItem::default()),
        Some((id, _)) => update(connection, categories, id, record),
        None => insert(connection, categories, record),
    }
}

fn insert(
    connection: &Connection,
    categories: &mut Categories,
    record: &ItemRecord,
) -> Result<PutItem, StoreError> {
    let item = &record.item;
    let category = categories.id(connection, item.category.as_deref())?;
    categories.count(category, 1);
    connection
        .prepare_cached(
            "INSERT INTO item(item_id, name, category, unit, tax_class, images, favourite, source,
               source_key, source_hash, updated_ms)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            item.id.uuid().as_bytes().as_slice(),
            item.name,
            category,
            item.unit.name(),
            item.tax_class.name(),
            json_or_null(&item.images)?,
            item.favourite,
            record.source,
            record.source_key,
            record.fingerprint,
            categories.stamp,
        ])?;
    let id = connection.last_insert_rowid();
    let mut put = PutItem { changed: true, ..PutItem::default() };
    for (position, (variant, key)) in item.variants.iter().zip(&record.variant_keys).enumerate() {
        let row = insert_variant(connection, id, variant, key)?;
        put.new_variants.push(position);
        find_by(connection, row, item, (position, variant), &mut put)?;
    }
    Ok(put)
}

fn update(
    connection: &Connection,
    categories: &mut Categories,
    id: i64,
    record: &ItemRecord,
) -> Result<PutItem, StoreError> {
    let item = &record.item;
    let category = categories.id(connection, item.category.as_deref())?;
    let before: Option<i64> = connection.query_row(
        "SELECT iif(retired, NULL, category) FROM item WHERE id = ?1",
        [id],
        |row| row.get(0),
    )?;
    categories.count(before, -1);
    categories.count(category, 1);
    connection
        .prepare_cached(
            "UPDATE item SET name = ?2, category = ?3, unit = ?4, tax_class = ?5, images = ?6,
               favourite = ?7, source_hash = ?8, updated_ms = ?9, retired = 0 WHERE id = ?1",
        )?
        .execute(params![
            id,
            item.name,
            category,
            item.unit.name(),
            item.tax_class.name(),
            json_or_null(&item.images)?,
            item.favourite,
            record.fingerprint,
            categories.stamp,
        ])?;
    // What the source no longer has is retired, not deleted: old sales refer to it.
    connection.execute("UPDATE variant SET retired = 1 WHERE item = ?1", [id])?;
    connection.execute(
        "DELETE FROM barcode WHERE variant IN (SELECT id FROM variant WHERE item = ?1)",
        [id],
    )?;
    connection.execute(
        "DELETE FROM variant_search WHERE rowid IN (SELECT id FROM variant WHERE item = ?1)",
        [id],
    )?;
    let mut put = PutItem { changed: true, ..PutItem::default() };
    for (position, (variant, key)) in item.variants.iter().zip(&record.variant_keys).enumerate() {
        let known: Option<i64> = connection
            .prepare_cached("SELECT id FROM variant WHERE item = ?1 AND source_key = ?2")?
            .query_row(params![id, key], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            connection
                .prepare_cached(
                    "UPDATE variant SET options = ?2, sku = ?3, price_minor = ?4,
                       compare_at_minor = ?5, tracks_stock = ?6, retired = 0 WHERE id = ?1",
                )?
                .execute(params![
                    known,
                    json_or_null(&variant.options)?,
                    variant.sku,
                    variant.price.map(|p| p.minor()),
                    variant.compare_at.map(|p| p.minor()),
                    variant.tracks_stock,
                ])?;
            find_by(connection, known, item, (position, variant), &mut put)?;
        } else {
            let row = insert_variant(connection, id, variant, key)?;
            put.new_variants.push(position);
            find_by(connection, row, item, (position, variant), &mut put)?;
        }
    }
    Ok(put)
}

fn insert_variant(
    connection: &Connection,
    item_row: i64,
    variant: &Variant,
    key: &str,
) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO variant(variant_id, item, source_key, options, sku, price_minor,
               compare_at_minor, tracks_stock) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            variant.id.uuid().as_bytes().as_slice(),
            item_row,
            key,
            json_or_null(&variant.options)?,
            variant.sku,
            variant.price.map(|p| p.minor()),
            variant.compare_at.map(|p| p.minor()),
            variant.tracks_stock,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Makes a variant findable by its codes and words.
fn find_by(
    connection: &Connection,
    row: i64,
    item: &Item,
    (position, variant): (usize, &Variant),
    put: &mut PutItem,
) -> Result<(), StoreError> {
    for barcode in &variant.barcodes {
        let added = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO barcode(code, variant, quantity) VALUES(?1, ?2, ?3)",
            )?
            .execute(params![barcode.code, row, barcode.quantity.thousandths()])?;
        if added == 0 {
            put.codes_taken.push((position, barcode.clone()));
        }
    }
    let words = words_of(&full_name(&item.name, &variant.options), variant.sku.as_deref());
    connection
        .prepare_cached("INSERT INTO variant_search(rowid, words) VALUES(?1, ?2)")?
        .execute(params![row, words])?;
    Ok(())
}

fn json_or_null<T: serde::Serialize>(list: &[T]) -> Result<Option<String>, StoreError> {
    if list.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(list).map(Some).map_err(|error| StoreError::damaged("item", error))
}

/// Gives a code to a variant, named as its source names it; false if another one has the code.
pub(crate) fn give_code(
    connection: &Connection,
    (source, source_key, variant_key): (&str, &str, &str),
    barcode: &Barcode,
) -> Result<bool, StoreError> {
    let given = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO barcode(code, variant, quantity)
             SELECT ?4, variant.id, ?5 FROM variant JOIN item ON item.id = variant.item
             WHERE item.source = ?1 AND item.source_key = ?2 AND variant.source_key = ?3",
        )?
        .execute(params![
            source,
            source_key,
            variant_key,
            barcode.code,
            barcode.quantity.thousandths()
        ])?;
    Ok(given > 0)
}

/// The ids that variants of a source's item have, by what the source calls them.
pub(crate) fn variants_of_source(
    connection: &Connection,
    source: &str,
    source_key: &str,
) -> Result<Vec<(String, VariantId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT variant.source_key, variant_id FROM variant JOIN item ON item.id = variant.item
         WHERE item.source_key = ?1 AND item.source = ?2 AND variant.retired = 0",
    )?;
    let rows = statement.query_map([source_key, source], |row| {
        Ok((row.get::<_, String>(0)?, VariantId::new(uuid_at(row, 1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many items and variants there are.
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let items: i64 =
        connection
            .query_row("SELECT count(*) FROM item WHERE retired = 0", [], |row| row.get(0))?;
    let variants: i64 =
        connection.query_row("SELECT count(*) FROM variant WHERE retired = 0", [], |r| r.get(0))?;
    Ok((items.unsigned_abs(), variants.unsigned_abs()))
}
