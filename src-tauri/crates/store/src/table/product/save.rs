//! Writing an item: its row, its category, and which of its variants are on sale.

use countertop_domain::item::full_name;
use rusqlite::{Connection, OptionalExtension, params};

use super::{CodeTaken, ProductRow, ProductVariant, entry_at};
use crate::error::StoreError;
use crate::search::words_of;
use crate::table::catalog::{Categories, stamp};

/// The source of what was not imported.
const OWN: &str = "own";

/// Adds an item or writes it anew, and puts just its given variants on sale.
pub(super) fn save(
    connection: &Connection,
    at_ms: i64,
    product: &ProductRow,
) -> Result<Option<CodeTaken>, StoreError> {
    let stamp = stamp(connection, at_ms)?;
    let mut categories = Categories::default();
    let name = product.category.as_ref().map(|(_, name)| name.as_str());
    let category = categories.id(connection, name)?;
    let known: Option<(i64, Option<i64>)> = connection
        .prepare_cached("SELECT id, iif(retired, NULL, category) FROM item WHERE item_id = ?1")?
        .query_row([product.id.uuid().as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let row = match known {
        None => add_item(connection, product)?,
        Some((row, before)) => {
            categories.count(before, -1);
            row
        }
    };
    categories.count(category, 1);
    categories.write(connection)?;
    connection
        .prepare_cached(
            "UPDATE item SET name = ?2, description = ?3, category = ?4, unit = ?5, tax_class = ?6,
               images = ?7, favourite = ?8, updated_ms = ?9, retired = 0 WHERE id = ?1",
        )?
        .execute(params![
            row,
            product.name,
            product.description,
            category,
            product.unit.name(),
            product.tax_class.name(),
            json_or_null(&product.images)?,
            product.favourite,
            stamp,
        ])?;
    take_off_sale(connection, row)?;
    for variant in &product.variants {
        if let Some(taken) = put_on_sale(connection, row, product, variant)? {
            return Ok(Some(taken));
        }
    }
    Ok(None)
}

fn add_item(connection: &Connection, product: &ProductRow) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO item(item_id, name, unit, tax_class, favourite, source, source_key,
               source_hash) VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, 0)",
        )?
        .execute(params![
            product.id.uuid().as_bytes().as_slice(),
            product.name,
            product.unit.name(),
            product.tax_class.name(),
            OWN,
            product.id.to_string(),
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Retires the variants of an item: no code and no word finds them.
pub(super) fn take_off_sale(connection: &Connection, row: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM barcode WHERE variant IN (SELECT id FROM variant WHERE item = ?1)",
        "DELETE FROM variant_search WHERE rowid IN (SELECT id FROM variant WHERE item = ?1)",
        "UPDATE variant SET retired = 1 WHERE item = ?1 AND retired = 0",
    ] {
        connection.prepare_cached(sql)?.execute([row])?;
    }
    Ok(())
}

fn put_on_sale(
    connection: &Connection,
    item_row: i64,
    product: &ProductRow,
    variant: &ProductVariant,
) -> Result<Option<CodeTaken>, StoreError> {
    let row: i64 = connection
        .prepare_cached(
            "INSERT INTO variant(variant_id, item, source_key, options, sku, price_minor,
               compare_at_minor, cost_minor, tracks_stock) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT(variant_id) DO UPDATE SET options = ?4, sku = ?5, price_minor = ?6,
               compare_at_minor = ?7, cost_minor = ?8, tracks_stock = ?9, retired = 0
             RETURNING id",
        )?
        .query_row(
            params![
                variant.id.uuid().as_bytes().as_slice(),
                item_row,
                variant.id.to_string(),
                json_or_null(&variant.options)?,
                variant.sku,
                variant.price,
                variant.compare_at,
                variant.cost,
                variant.tracks_stock,
            ],
            |row| row.get(0),
        )?;
    let words = words_of(&full_name(&product.name, &variant.options), variant.sku.as_deref());
    connection
        .prepare_cached("INSERT INTO variant_search(rowid, words) VALUES(?1, ?2)")?
        .execute(params![row, words])?;
    for barcode in &variant.barcodes {
        let added = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO barcode(code, variant, quantity) VALUES(?1, ?2, ?3)",
            )?
            .execute(params![barcode.code, row, barcode.quantity.thousandths()])?;
        if added == 0 {
            return code_taken(connection, &barcode.code).map(Some);
        }
    }
    Ok(None)
}

fn code_taken(connection: &Connection, code: &str) -> Result<CodeTaken, StoreError> {
    let row: i64 = connection
        .prepare_cached("SELECT variant FROM barcode WHERE code = ?1")?
        .query_row([code], |row| row.get(0))?;
    let by = entry_at(connection, row)?;
    Ok(CodeTaken { code: code.to_owned(), by: full_name(&by.item_name, &by.variant.options) })
}

fn json_or_null<T: serde::Serialize>(list: &[T]) -> Result<Option<String>, StoreError> {
    if list.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(list).map(Some).map_err(|error| StoreError::damaged("item", error))
}
