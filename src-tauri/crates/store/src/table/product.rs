//! Items as they are edited one at a time: read whole, written whole, listed by id or by change.

mod save;

use countertop_domain::ids::{CategoryId, ItemId, VariantId};
use countertop_domain::item::{Barcode, ItemOption};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use rusqlite::{Connection, OptionalExtension, Row, params};

use self::save::{save, take_off_sale};
use super::catalog::{Categories, stamp};
use super::{named, uuid_at};
use crate::error::StoreError;
use crate::lookup::list;
use crate::search::exact_words;
use crate::snapshot::{Snapshot, Tx};
use crate::table::stock::Paged;

/// Rows that are looked at for one page: what a filter leaves out costs no more than this. A page may
/// then be shorter than asked although there is more.
const SCAN: usize = 20_000;
/// Variants that one article number is looked up for.
const SAME_SKU: i64 = 200;
/// An item, whole. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// Its place in the catalogue.
    pub row: i64,
    /// Its id.
    pub id: ItemId,
    /// Its name.
    pub name: String,
    /// More about it, for web shops.
    pub description: Option<String>,
    /// Where it is found.
    pub category: Option<(CategoryId, String)>,
    /// What one of it is.
    pub unit: Unit,
    /// Which taxes apply.
    pub tax_class: TaxClass,
    /// Addresses of pictures, the first one for the tile.
    pub images: Vec<String>,
    /// Among the favourites of the Sell screen.
    pub favourite: bool,
    /// Where it comes from: `shopify`, `demo`, `own`.
    pub source: String,
    /// When it was last changed, UTC; larger with every change.
    pub updated_ms: i64,
    /// True if it is sold no more.
    pub retired: bool,
    /// What is sold of it.
    pub variants: Vec<ProductVariant>,
}

/// A variant, whole. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductVariant {
    /// Its id.
    pub id: VariantId,
    /// What tells it apart.
    pub options: Vec<ItemOption>,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// Any number of codes.
    pub barcodes: Vec<Barcode>,
    /// Price of one unit; none for an open price.
    pub price: Option<i64>,
    /// The price before a reduction.
    pub compare_at: Option<i64>,
    /// What a unit cost the shop.
    pub cost: Option<i64>,
    /// Whether sales take from stock.
    pub tracks_stock: bool,
    /// True if it is sold no more.
    pub retired: bool,
}

/// A variant and what it needs of its item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantEntry {
    /// Its place in the catalogue.
    pub row: i64,
    /// Its item's place.
    pub item_row: i64,
    /// Its item.
    pub item: ItemId,
    /// Its item's name.
    pub item_name: String,
    /// What one of it is.
    pub unit: Unit,
    /// When its item was last changed.
    pub updated_ms: i64,
    /// The variant.
    pub variant: ProductVariant,
}

/// Which items. Each that is given must fit.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductFilter<'a> {
    /// In this category.
    pub category: Option<&'a str>,
    /// Of this source.
    pub source: Option<&'a str>,
    /// Changed at this moment or later, UTC, retired ones too; then in the order of the changes.
    pub since_ms: Option<i64>,
}

/// A code that another item has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeTaken {
    /// The code.
    pub code: String,
    /// The variant that has it, by name.
    pub by: String,
}

/// Everything here fails only as the disk or the database fails.
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// An item, retired or not.
    pub fn product(&self, id: ItemId) -> Result<Option<ProductRow>, StoreError> {
        let row: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM item WHERE item_id = ?1")?
            .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        row.map(|row| product(self.connection(), row)).transpose()
    }

    /// A page of items after a place (when changed, row); (i64::MIN, 0) for the first one.
    pub fn products(
        &self,
        after: (i64, i64),
        filter: &ProductFilter<'_>,
        limit: u32,
    ) -> Result<Paged<ProductRow, (i64, i64)>, StoreError> {
        let (rows, next) = product_rows(self.connection(), after, filter, limit)?;
        let products = rows.into_iter().map(|row| product(self.connection(), row));
        Ok((products.collect::<Result<_, _>>()?, next))
    }

    /// A variant, retired or not.
    pub fn variant_entry(&self, id: VariantId) -> Result<Option<VariantEntry>, StoreError> {
        let found = self
            .connection()
            .prepare_cached(&format!("{ENTRY} WHERE variant.variant_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], entry)
            .optional()?;
        found.map(|found| with_codes(self.connection(), found)).transpose()
    }

    /// Variants that are sold, after a place (when their item was changed, its row, theirs);
    /// (i64::MIN, 0, 0) for the first ones. With a moment: of items that were changed then or later,
    /// retired variants too, in the order of the changes.
    pub fn variant_entries(
        &self,
        after: (i64, i64, i64),
        since_ms: Option<i64>,
        limit: u32,
    ) -> Result<Paged<VariantEntry, (i64, i64, i64)>, StoreError> {
        let sql = match since_ms {
            // CROSS JOIN: the items in their order, then each one's variants.
            Some(_) => format!(
                "{ENTRY_OF} item CROSS JOIN variant ON variant.item = item.id
                 WHERE (item.updated_ms, item.id) >= (max(?1, ?5), ?2)
                   AND (item.updated_ms > ?1 OR item.id > ?2 OR variant.id > ?3)
                 ORDER BY item.updated_ms, item.id, variant.id LIMIT ?4"
            ),
            // Each query takes the same five values.
            None => format!(
                "{ENTRY} WHERE variant.id > ?3 AND variant.retired = 0 AND ?1 IS NOT NULL
                   AND ?2 IS NOT NULL AND ?5 IS NOT NULL ORDER BY variant.id LIMIT ?4"
            ),
        };
        let mut statement = self.connection().prepare_cached(&sql)?;
        let given = params![after.0, after.1, after.2, limit, since_ms.unwrap_or(0)];
        let found = statement.query_map(given, entry)?.collect::<Result<Vec<_>, _>>()?;
        let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        let last = found.last().map(|last| (last.updated_ms, last.item_row, last.row));
        let entries = found.into_iter().map(|found| with_codes(self.connection(), found));
        Ok((entries.collect::<Result<_, _>>()?, last.filter(|_| full)))
    }

    /// Variants that are sold under this article number, 200 at most.
    pub fn variants_by_sku(&self, sku: &str) -> Result<Vec<VariantEntry>, StoreError> {
        let connection = self.connection();
        let words = exact_words(sku);
        let sql = match &words {
            // The words of article numbers are in the index of the search.
            Some(_) => {
                "SELECT id FROM variant WHERE sku = ?1 AND retired = 0
                   AND id IN (SELECT rowid FROM variant_search WHERE variant_search MATCH ?2)
                 ORDER BY id LIMIT ?3"
            }
            None => {
                "SELECT id FROM variant WHERE sku = ?1 AND retired = 0 AND ?2 IS NULL
                 ORDER BY id LIMIT ?3"
            }
        };
        let rows = connection
            .prepare_cached(sql)?
            .query_map(params![sku, words, SAME_SKU], |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        rows.into_iter().map(|row| entry_at(connection, row)).collect()
    }

    /// The variant that has this code.
    pub fn variant_by_code(&self, code: &str) -> Result<Option<VariantEntry>, StoreError> {
        let row: Option<i64> = self
            .connection()
            .prepare_cached("SELECT variant FROM barcode WHERE code = ?1")?
            .query_row([code], |row| row.get(0))
            .optional()?;
        row.map(|row| entry_at(self.connection(), row)).transpose()
    }

    /// An item that is taxed as this class, by name.
    pub fn item_taxed_as(&self, class: &TaxClass) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT name FROM item WHERE tax_class = ?1 AND retired = 0 LIMIT 1")?
            .query_row([class.name()], |row| row.get(0))
            .optional()?)
    }

    /// The item of a variant, retired or not.
    pub fn item_of(&self, variant: VariantId) -> Result<Option<ItemId>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT item.item_id FROM variant JOIN item ON item.id = variant.item
                 WHERE variant.variant_id = ?1",
            )?
            .query_row([variant.uuid().as_bytes().as_slice()], |row| uuid_at(row, 0))
            .optional()?
            .map(ItemId::new))
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds an item or writes it anew; `row`, `source`, `updated_ms` and `retired` of what is given do
    /// not matter. Variants that it had and that are not given are retired. Their ids must be new or
    /// the item's own. A code that another item has is told, and then the transaction must end without
    /// being kept.
    pub fn save_product(
        &self,
        at_ms: i64,
        product: &ProductRow,
    ) -> Result<Option<CodeTaken>, StoreError> {
        save(self.connection(), at_ms, product)
    }

    /// Takes an item off sale: it is found no more, by no code and no word. What was sold of it stays.
    pub fn retire_product(&self, at_ms: i64, id: ItemId) -> Result<(), StoreError> {
        let connection = self.connection();
        let stamp = stamp(connection, at_ms)?;
        let found: Option<(i64, Option<i64>)> = connection
            .prepare_cached(
                "UPDATE item SET retired = 1, updated_ms = ?2 WHERE item_id = ?1 AND retired = 0
                 RETURNING id, category",
            )?
            .query_row(params![id.uuid().as_bytes().as_slice(), stamp], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((row, category)) = found else { return Ok(()) };
        let mut categories = Categories::default();
        categories.count(category, -1);
        categories.write(connection)?;
        take_off_sale(connection, row)
    }
}

fn product_rows(
    connection: &Connection,
    after: (i64, i64),
    filter: &ProductFilter<'_>,
    limit: u32,
) -> Result<Paged<i64, (i64, i64)>, StoreError> {
    let category: Option<i64> = match filter.category {
        None => None,
        Some(name) => {
            let mut find = connection.prepare_cached("SELECT id FROM category WHERE name = ?1")?;
            match find.query_row([name], |row| row.get(0)).optional()? {
                None => return Ok((Vec::new(), None)),
                found => found,
            }
        }
    };
    let columns = "SELECT id, updated_ms, retired, source, category FROM item";
    // Each query takes the same three values.
    let (sql, from) = match (filter.since_ms, category) {
        (Some(since), _) => (
            format!(
                "{columns} WHERE (updated_ms, id) > (?1, ?2) AND ?3 IS NOT 0 ORDER BY updated_ms, id"
            ),
            after.max((since.saturating_sub(1), i64::MAX)),
        ),
        (None, Some(_)) => (
            format!("{columns} WHERE category = ?3 AND id > ?2 AND ?1 IS NOT NULL ORDER BY id"),
            after,
        ),
        (None, None) => (
            format!("{columns} WHERE id > ?2 AND ?1 IS NOT NULL AND ?3 IS NULL ORDER BY id"),
            after,
        ),
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![from.0, from.1, category])?;
    let (mut found, mut looked_at) = (Vec::new(), 0);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    while let Some(row) = rows.next()? {
        let (id, updated_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
        let retired: bool = row.get(2)?;
        let source = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        let fits = (filter.since_ms.is_some() || !retired)
            && filter.source.is_none_or(|wanted| wanted == source)
            && (category.is_none() || row.get::<_, Option<i64>>(4)? == category);
        if fits {
            found.push(id);
        }
        looked_at += 1;
        if found.len() >= limit || looked_at >= SCAN {
            return Ok((found, Some((updated_ms, id))));
        }
    }
    Ok((found, None))
}

fn product(connection: &Connection, row: i64) -> Result<ProductRow, StoreError> {
    let mut found = connection
        .prepare_cached(
            "SELECT item.id, item_id, item.name, description, category.category_id, category.name,
               unit, tax_class, images, favourite, source, item.updated_ms, retired
             FROM item LEFT JOIN category ON category.id = item.category WHERE item.id = ?1",
        )?
        .query_row([row], |row| {
            let category: Option<[u8; 16]> = row.get(4)?;
            let category = category.map(|id| CategoryId::new(uuid::Uuid::from_bytes(id)));
            Ok(ProductRow {
                row: row.get(0)?,
                id: ItemId::new(uuid_at(row, 1)?),
                name: row.get(2)?,
                description: row.get(3)?,
                category: category.zip(row.get(5)?),
                unit: named(row, 6, Unit::parse)?,
                tax_class: TaxClass::new(&row.get::<_, String>(7)?),
                images: list(row, 8)?,
                favourite: row.get(9)?,
                source: row.get(10)?,
                updated_ms: row.get(11)?,
                retired: row.get(12)?,
                variants: Vec::new(),
            })
        })?;
    let variants = connection
        .prepare_cached(&format!(
            "{ENTRY} WHERE variant.item = ?1 AND variant.retired = 0 ORDER BY variant.id"
        ))?
        .query_map([row], entry)?
        .collect::<Result<Vec<_>, _>>()?;
    for found_variant in variants {
        found.variants.push(with_codes(connection, found_variant)?.variant);
    }
    Ok(found)
}

const ENTRY_OF: &str =
    "SELECT variant.id, item.id, item.item_id, item.name, item.unit, item.updated_ms,
   variant.variant_id, variant.options, variant.sku, variant.price_minor, variant.compare_at_minor,
   variant.cost_minor, variant.tracks_stock, variant.retired FROM";
const ENTRY: &str =
    "SELECT variant.id, item.id, item.item_id, item.name, item.unit, item.updated_ms,
   variant.variant_id, variant.options, variant.sku, variant.price_minor, variant.compare_at_minor,
   variant.cost_minor, variant.tracks_stock, variant.retired
   FROM variant JOIN item ON item.id = variant.item";

fn entry_at(connection: &Connection, row: i64) -> Result<VariantEntry, StoreError> {
    let found = connection
        .prepare_cached(&format!("{ENTRY} WHERE variant.id = ?1"))?
        .query_row([row], entry)?;
    with_codes(connection, found)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<VariantEntry> {
    Ok(VariantEntry {
        row: row.get(0)?,
        item_row: row.get(1)?,
        item: ItemId::new(uuid_at(row, 2)?),
        item_name: row.get(3)?,
        unit: named(row, 4, Unit::parse)?,
        updated_ms: row.get(5)?,
        variant: ProductVariant {
            id: VariantId::new(uuid_at(row, 6)?),
            options: list(row, 7)?,
            sku: row.get(8)?,
            barcodes: Vec::new(),
            price: row.get(9)?,
            compare_at: row.get(10)?,
            cost: row.get(11)?,
            tracks_stock: row.get(12)?,
            retired: row.get(13)?,
        },
    })
}

fn with_codes(
    connection: &Connection,
    mut entry: VariantEntry,
) -> Result<VariantEntry, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT code, quantity FROM barcode WHERE variant = ?1 ORDER BY code")?;
    let rows = statement.query_map([entry.row], |row| {
        Ok(Barcode { code: row.get(0)?, quantity: Quantity::from_thousandths(row.get(1)?) })
    })?;
    entry.variant.barcodes = rows.collect::<Result<_, _>>()?;
    Ok(entry)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use rusqlite::Connection;

    use super::ENTRY_OF;

    fn plan(sql: &str) -> Vec<String> {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migration::migrate(&mut connection).unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.query_map([], |row| row.get(3)).unwrap();
        steps.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_list_by_the_time_of_the_change_walks_its_index_and_sorts_nothing() {
        for (sql, index) in [
            (
                "SELECT id FROM item WHERE (updated_ms, id) > (1, 2) ORDER BY updated_ms, id"
                    .to_owned(),
                "item_updated",
            ),
            (
                format!(
                    "{ENTRY_OF} item CROSS JOIN variant ON variant.item = item.id
                     WHERE (item.updated_ms, item.id) >= (1, 2)
                     ORDER BY item.updated_ms, item.id, variant.id LIMIT 50"
                ),
                "item_updated",
            ),
            (
                "SELECT seq FROM stock_movement WHERE (seq, position) > (1, 2)
                 ORDER BY seq, position LIMIT 50"
                    .to_owned(),
                "PRIMARY KEY",
            ),
        ] {
            let steps = plan(&sql);
            assert!(steps.iter().any(|step| step.contains(index)), "{sql}: {steps:?}");
            let slow = |step: &String| step.contains("TEMP B-TREE") || step.starts_with("SCAN");
            assert!(!steps.iter().any(slow), "{sql}: {steps:?}");
        }
    }
}
