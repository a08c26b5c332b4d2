//! Looking things up in the catalogue: by code, by id, by category, by the letters typed so far.

use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::item::{ItemOption, Sellable, full_name};
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::table::{named, uuid_at};

/// A category with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryRow {
    /// Its name.
    pub name: String,
    /// Which of six inks its icons have.
    pub ink: u8,
    /// How many items it holds.
    pub items: u32,
}

/// An item, or one variant of it, to tap on. Amounts are minor units, stock thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileRow {
    /// Cursor of a page.
    pub row: i64,
    /// The item.
    pub item: ItemId,
    /// The variant, where there is only one to choose.
    pub variant: Option<VariantId>,
    /// Its name.
    pub name: String,
    /// Price of one unit, the lowest of several.
    pub price: Option<i64>,
    /// True if variants differ in price.
    pub price_from: bool,
    /// What one of it is.
    pub unit: Unit,
    /// The category and its ink.
    pub category: Option<(String, u8)>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// What is left, where stock is tracked.
    pub stock: Option<i64>,
}

/// A variant to choose. Amounts are minor units, stock thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantRow {
    /// Its id.
    pub id: VariantId,
    /// What tells it apart.
    pub options: Vec<ItemOption>,
    /// Price of one unit.
    pub price: Option<i64>,
    /// The price before a reduction.
    pub compare_at: Option<i64>,
    /// What is left, where stock is tracked.
    pub stock: Option<i64>,
    /// The article number.
    pub sku: Option<String>,
}

const SELLABLE: &str = "SELECT item.item_id, variant.variant_id, item.name, variant.options,
   variant.sku, category.name, item.unit, variant.price_minor, item.tax_class, variant.tracks_stock,
   variant.cost_minor";
const SELLABLE_JOIN: &str =
    "JOIN item ON item.id = variant.item LEFT JOIN category ON category.id = item.category";

/// What a code stands for, and how much of it.
pub(crate) fn by_code(
    connection: &Connection,
    currency: Currency,
    code: &str,
) -> Result<Option<(Sellable, Quantity)>, StoreError> {
    connection
        .prepare_cached(&format!(
            "{SELLABLE}, barcode.quantity FROM barcode JOIN variant ON variant.id = barcode.variant
             {SELLABLE_JOIN} WHERE barcode.code = ?1"
        ))?
        .query_row([code], |row| {
            Ok((sellable(row, currency)?, Quantity::from_thousandths(row.get(11)?)))
        })
        .optional()
        .map_err(StoreError::from)
}

/// A variant by its id, if it is still sold.
pub(crate) fn by_variant(
    connection: &Connection,
    currency: Currency,
    variant: VariantId,
) -> Result<Option<Sellable>, StoreError> {
    connection
        .prepare_cached(&format!(
            "{SELLABLE} FROM variant {SELLABLE_JOIN} WHERE variant.variant_id = ?1 AND variant.retired = 0"
        ))?
        .query_row([variant.uuid().as_bytes().as_slice()], |row| sellable(row, currency))
        .optional()
        .map_err(StoreError::from)
}

/// The variant with this article number, if it is still sold; the oldest, if several have it.
pub(crate) fn by_sku(
    connection: &Connection,
    currency: Currency,
    sku: &str,
) -> Result<Option<Sellable>, StoreError> {
    connection
        .prepare_cached(&format!(
            "{SELLABLE} FROM variant {SELLABLE_JOIN} WHERE variant.sku = ?1 AND variant.retired = 0
             ORDER BY variant.id LIMIT 1"
        ))?
        .query_row([sku], |row| sellable(row, currency))
        .optional()
        .map_err(StoreError::from)
}

fn sellable(row: &Row<'_>, currency: Currency) -> rusqlite::Result<Sellable> {
    let name: String = row.get(2)?;
    let options = list(row, 3)?;
    let price: Option<i64> = row.get(7)?;
    let cost: Option<i64> = row.get(10)?;
    Ok(Sellable {
        item: ItemId::new(uuid_at(row, 0)?),
        variant: VariantId::new(uuid_at(row, 1)?),
        name: if options.is_empty() { name } else { full_name(&name, &options) },
        sku: row.get(4)?,
        category: row.get(5)?,
        unit: named(row, 6, Unit::parse)?,
        price: price.and_then(|minor| Money::new(minor, currency).ok()),
        tax_class: TaxClass::new(&row.get::<_, String>(8)?),
        tracks_stock: row.get(9)?,
        unit_cost: cost.and_then(|minor| Money::new(minor, currency).ok()),
    })
}

/// A JSON list in a column; null is the empty one.
pub(crate) fn list<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<Vec<T>> {
    let Some(text) = row.get::<_, Option<String>>(index)? else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// Every category with something in it, in the order in which they came.
pub(crate) fn categories(connection: &Connection) -> Result<Vec<CategoryRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT name, ink, items FROM category WHERE items > 0 ORDER BY id LIMIT 500",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(CategoryRow { name: row.get(0)?, ink: row.get(1)?, items: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const ITEM_TILE: &str = "SELECT item.id, item.item_id, item.name, item.unit, item.images,
   category.name, category.ink,
   (SELECT count(*) FROM variant WHERE variant.item = item.id AND retired = 0),
   (SELECT min(price_minor) FROM variant WHERE variant.item = item.id AND retired = 0),
   (SELECT max(price_minor) FROM variant WHERE variant.item = item.id AND retired = 0),
   (SELECT min(variant_id) FROM variant WHERE variant.item = item.id AND retired = 0),
   (SELECT sum(coalesce(quantity, 0)) FROM variant LEFT JOIN stock_level USING (variant_id)
      WHERE variant.item = item.id AND retired = 0 AND tracks_stock = 1)
   FROM item LEFT JOIN category ON category.id = item.category";

/// Items of a category, or the favourites, after a cursor.
pub(crate) fn tiles(
    connection: &Connection,
    category: Option<&str>,
    after: i64,
    limit: u32,
) -> Result<Vec<TileRow>, StoreError> {
    let sql = match category {
        Some(_) => format!(
            "{ITEM_TILE} WHERE item.category = (SELECT id FROM category WHERE name = ?3)
               AND item.id > ?1 AND item.retired = 0 ORDER BY item.id LIMIT ?2"
        ),
        None => format!(
            "{ITEM_TILE} WHERE item.favourite = 1 AND item.id > ?1 AND item.retired = 0
               AND ?3 IS NULL
             ORDER BY item.id LIMIT ?2"
        ),
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![after, limit, category], |row| {
        let variants: i64 = row.get(7)?;
        let (low, high): (Option<i64>, Option<i64>) = (row.get(8)?, row.get(9)?);
        Ok(TileRow {
            row: row.get(0)?,
            item: ItemId::new(uuid_at(row, 1)?),
            variant: match variants {
                1 => Some(VariantId::new(uuid_at(row, 10)?)),
                _ => None,
            },
            name: row.get(2)?,
            price: low,
            price_from: low != high,
            unit: named(row, 3, Unit::parse)?,
            category: row.get::<_, Option<String>>(5)?.zip(row.get(6)?),
            images: list(row, 4)?,
            stock: row.get(11)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An item's name and its variants.
pub(crate) fn item(
    connection: &Connection,
    id: ItemId,
) -> Result<Option<(String, Vec<VariantRow>)>, StoreError> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT id, name FROM item WHERE item_id = ?1 AND retired = 0")?
        .query_row([id.uuid().as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((row, name)) = found else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT variant_id, options, price_minor, compare_at_minor,
           CASE WHEN tracks_stock THEN coalesce(quantity, 0) END, sku
         FROM variant LEFT JOIN stock_level USING (variant_id)
         WHERE item = ?1 AND retired = 0 ORDER BY variant.id LIMIT 500",
    )?;
    let variants = statement.query_map([row], |row| {
        Ok(VariantRow {
            id: VariantId::new(uuid_at(row, 0)?),
            options: list(row, 1)?,
            price: row.get(2)?,
            compare_at: row.get(3)?,
            stock: row.get(4)?,
            sku: row.get(5)?,
        })
    })?;
    Ok(Some((name, variants.collect::<Result<_, _>>()?)))
}

/// Calls `each` with every sellable variant and its first code.
pub(crate) fn for_each(
    connection: &Connection,
    currency: Currency,
    each: &mut dyn FnMut(Sellable, Option<String>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(&format!(
        "{SELLABLE}, (SELECT min(code) FROM barcode WHERE barcode.variant = variant.id)
         FROM variant {SELLABLE_JOIN} WHERE variant.retired = 0 ORDER BY variant.id"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(sellable(row, currency)?, row.get(11)?)?;
    }
    Ok(())
}
