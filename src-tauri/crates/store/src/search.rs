//! Search as you type: each typed word is the beginning of a word in a name or article number.

use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::item::full_name;
use countertop_domain::quantity::Unit;
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::lookup::TileRow;
use crate::table::{named, uuid_at};

/// Words of a query that count; a cashier types two or three.
const MAX_WORDS: usize = 6;
/// How many matches are looked at to find the best: ranking all of a common beginning at a million
/// items would cost 15 ms and more.
const CANDIDATES: u32 = 40;

/// The best matches, at most `limit`.
pub(crate) fn search(
    connection: &Connection,
    text: &str,
    limit: usize,
) -> Result<Vec<TileRow>, StoreError> {
    let words: Vec<String> = words(text);
    let mut found = Vec::new();
    let code = text.trim();
    if code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        found = by_code_prefix(connection, code, limit)?;
    }
    if words.is_empty() {
        return Ok(found);
    }
    let query = words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" AND ");
    let mut statement = connection.prepare_cached(&format!(
        "{TILE} WHERE variant.id IN (SELECT rowid FROM variant_search WHERE variant_search MATCH ?1
           LIMIT {CANDIDATES})"
    ))?;
    let mut matches: Vec<TileRow> =
        statement.query_map([query], tile)?.collect::<Result<_, _>>()?;
    let typed = words.join(" ").to_lowercase();
    matches.sort_by_cached_key(|tile| {
        let name = tile.name.to_lowercase();
        (!name.starts_with(&typed), name.chars().count(), tile.row)
    });
    found.extend(matches);
    found.truncate(limit);
    Ok(found)
}

/// Runs of letters and digits, as the index's tokenizer sees them.
fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(str::to_owned)
        .collect()
}

const TILE: &str = "SELECT variant.id, item.item_id, variant.variant_id, item.name,
   variant.options, variant.price_minor, item.unit, category.name, category.ink, item.images,
   CASE WHEN tracks_stock THEN
     coalesce((SELECT quantity FROM stock_level WHERE variant_id = variant.variant_id), 0) END
   FROM variant JOIN item ON item.id = variant.item
   LEFT JOIN category ON category.id = item.category";

fn by_code_prefix(
    connection: &Connection,
    code: &str,
    limit: usize,
) -> Result<Vec<TileRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{TILE} WHERE variant.id IN (SELECT variant FROM barcode
           WHERE code >= ?1 AND code < ?1 || ':' LIMIT ?2)"
    ))?;
    let rows = statement
        .query_map(rusqlite::params![code, i64::try_from(limit).unwrap_or(i64::MAX)], tile)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn tile(row: &Row<'_>) -> rusqlite::Result<TileRow> {
    let options: Option<String> = row.get(4)?;
    let images: Option<String> = row.get(9)?;
    let name: String = row.get(3)?;
    let options = options.and_then(|text| serde_json::from_str::<Vec<_>>(&text).ok());
    Ok(TileRow {
        row: row.get(0)?,
        item: ItemId::new(uuid_at(row, 1)?),
        variant: Some(VariantId::new(uuid_at(row, 2)?)),
        name: full_name(&name, &options.unwrap_or_default()),
        price: row.get(5)?,
        price_from: false,
        unit: named(row, 6, Unit::parse)?,
        category: row.get::<_, Option<String>>(7)?.zip(row.get(8)?),
        images: images.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        stock: row.get(10)?,
    })
}

/// Variants whose words match, for finding what was sold.
pub(crate) fn variants(connection: &Connection, text: &str) -> Result<Vec<VariantId>, StoreError> {
    Ok(search(connection, text, 40)?.into_iter().filter_map(|tile| tile.variant).collect())
}
