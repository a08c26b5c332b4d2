//! Finding things to sell.

use countertop_store::TileRow;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    Browse, Categories, Category, ItemRequest, ItemView, Nothing, Search, Tile, Tiles, VariantView,
};

/// Tiles of a page: more than the largest screen shows.
const PAGE: u32 = 60;
/// Matches of a search.
const MATCHES: usize = 24;
/// Typed characters that count.
const MAX_TEXT: usize = 100;

pub(crate) fn categories(app: &App, _: &Caller, _: Nothing) -> Result<Categories, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.categories()?))?;
    let categories = rows
        .into_iter()
        .map(|row| Category { name: row.name, items: row.items, ink: row.ink })
        .collect();
    Ok(Categories { categories })
}

pub(crate) fn browse(app: &App, _: &Caller, request: Browse) -> Result<Tiles, AppError> {
    let after = match request.after {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| AppError::BadText {
            reason: "that page cannot be continued: load the list again".to_owned(),
        })?,
    };
    let category = request.category.as_deref();
    let mut rows = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.tiles(category, after, PAGE + 1)?))?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.row.to_string());
    Ok(Tiles { tiles: rows.into_iter().map(tile).collect(), next })
}

pub(crate) fn search(app: &App, _: &Caller, request: Search) -> Result<Tiles, AppError> {
    let text: String = request.text.chars().take(MAX_TEXT).collect();
    let rows = app.store.read::<_, AppError>(|s| Ok(s.search(&text, MATCHES)?))?;
    Ok(Tiles { tiles: rows.into_iter().map(tile).collect(), next: None })
}

pub(crate) fn item(app: &App, _: &Caller, request: ItemRequest) -> Result<ItemView, AppError> {
    let (name, variants) = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.item(request.item_id)?))?
        .ok_or(AppError::no_item())?;
    let option_names = variants
        .first()
        .map(|first| first.options.iter().map(|option| option.name.clone()).collect())
        .unwrap_or_default();
    let variants = variants
        .into_iter()
        .map(|variant| VariantView {
            variant_id: variant.id,
            options: variant.options.into_iter().map(|option| option.value).collect(),
            price: variant.price,
            compare_at: variant.compare_at,
            stock: variant.stock,
            sku: variant.sku,
        })
        .collect();
    Ok(ItemView { item_id: request.item_id, name, option_names, variants })
}

fn tile(row: TileRow) -> Tile {
    let (category, ink) = row.category.unzip();
    Tile {
        item_id: row.item,
        variant_id: row.variant,
        name: row.name,
        price: row.price,
        price_from: row.price_from,
        unit: row.unit.name().to_owned(),
        category,
        ink: ink.unwrap_or(1),
        // Only the register's own pictures: a till shows nothing that it has to fetch from afar.
        image: row.images.into_iter().find(|address| address.starts_with("/media/")),
        stock: row.stock,
    }
}
