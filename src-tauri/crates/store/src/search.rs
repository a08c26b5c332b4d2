//! Search as you type: each typed word is the beginning of a word in a name or article number.

use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::item::{ItemOption, full_name};
use countertop_domain::quantity::Unit;
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::lookup::{TileRow, list};
use crate::table::{named, uuid_at};

/// Words of a query that count; a cashier types two or three.
const MAX_WORDS: usize = 6;
/// Before the first word of a name in the index, so that names which begin with what was typed are
/// found first, without ranking all of a common beginning (15 ms and more at a million items). A
/// private-use character: the tokenizer keeps it, and nobody types it.
const FIRST: char = '\u{E000}';

/// What a variant is found by: the words of its name and article number, and its first word marked.
pub(crate) fn words_of(name: &str, sku: Option<&str>) -> String {
    let first = words(name).next().unwrap_or_default();
    format!("{name} {} {FIRST}{first}", sku.unwrap_or_default())
}

/// How many parts of one size the index has at most before it puts them together: SQLite's usual number,
/// or four times as many while much is written and little searched.
pub(crate) fn merge_seldom(connection: &Connection, seldom: bool) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO variant_search(variant_search, rank) VALUES('automerge', ?1)")?
        .execute([if seldom { 16 } else { 4 }])?;
    Ok(())
}

/// The best matches, at most `limit`: names that begin with what was typed, then names that contain
/// it; the shorter before the longer.
pub(crate) fn search(
    connection: &Connection,
    text: &str,
    limit: usize,
) -> Result<Vec<TileRow>, StoreError> {
    let mut found = Vec::new();
    let code = text.trim();
    if code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        found = by_code_prefix(connection, code, limit)?;
    }
    let typed: Vec<&str> = words(text).take(MAX_WORDS).collect();
    if typed.is_empty() {
        return Ok(found);
    }
    for mark in [Some(FIRST), None] {
        if found.len() >= limit {
            break;
        }
        for tile in matching(connection, &query(&typed, mark), limit)? {
            if !found.iter().any(|known| known.row == tile.row) {
                found.push(tile);
            }
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// `"mil"* AND "org"*`; with a mark, the first word must be the name's first.
fn query(typed: &[&str], mark: Option<char>) -> String {
    let mut query = String::new();
    for (index, word) in typed.iter().enumerate() {
        if index > 0 {
            query.push_str(" AND ");
        }
        query.push('"');
        query.extend(mark.filter(|_| index == 0));
        query.push_str(word);
        query.push_str("\"*");
    }
    query
}

fn matching(
    connection: &Connection,
    query: &str,
    limit: usize,
) -> Result<Vec<TileRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{TILE} WHERE variant.id IN
           (SELECT rowid FROM variant_search WHERE variant_search MATCH ?1 LIMIT ?2)"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut tiles: Vec<TileRow> =
        statement.query_map(rusqlite::params![query, limit], tile)?.collect::<Result<_, _>>()?;
    tiles.sort_by_key(|tile| (tile.name.len(), tile.row));
    Ok(tiles)
}

/// A query for all words of a text, each whole; none if it has no word.
pub(crate) fn exact_words(text: &str) -> Option<String> {
    let words: Vec<String> = words(text).map(|word| format!("\"{word}\"")).collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// Runs of letters and digits, as the index's tokenizer sees them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
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
    let name: String = row.get(3)?;
    let options: Vec<ItemOption> = list(row, 4)?;
    Ok(TileRow {
        row: row.get(0)?,
        item: ItemId::new(uuid_at(row, 1)?),
        variant: Some(VariantId::new(uuid_at(row, 2)?)),
        name: if options.is_empty() { name } else { full_name(&name, &options) },
        price: row.get(5)?,
        price_from: false,
        unit: named(row, 6, Unit::parse)?,
        category: row.get::<_, Option<String>>(7)?.zip(row.get(8)?),
        images: list(row, 9)?,
        stock: row.get(10)?,
    })
}

/// Variants whose words match, for finding what was sold.
pub(crate) fn variants(connection: &Connection, text: &str) -> Result<Vec<VariantId>, StoreError> {
    Ok(search(connection, text, 40)?.into_iter().filter_map(|tile| tile.variant).collect())
}
