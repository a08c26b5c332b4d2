//! Items and their variants, edited one at a time.

mod draft;

use std::collections::BTreeSet;

use countertop_domain::barcode;
use countertop_domain::ids::{CategoryId, ItemId, VariantId};
use countertop_domain::item::{Barcode, ItemOption, full_name};
use countertop_domain::tax::TaxClass;
use countertop_store::{ProductFilter, ProductRow, ProductVariant, Snapshot, Tx, VariantEntry};

use self::draft::{Draft, MAX_NAME};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pages::{after, cursor, limit};
use crate::wire::{
    ChoiceView, CodeView, ListProducts, ListVariants, ProductPage, ProductRequest,
    ProductVariantView, ProductView, SaveProduct, VariantPage, VariantRequest,
};

pub(crate) fn list(app: &App, _: &Caller, request: ListProducts) -> Result<ProductPage, AppError> {
    let most = limit(request.limit);
    app.store.read(|snapshot| {
        let found = if request.text.is_some() || request.sku.is_some() || request.barcode.is_some()
        {
            let ids = found_by(snapshot, &request, most)?;
            let products = ids.into_iter().map(|id| snapshot.product(id));
            let products: Vec<_> = products.collect::<Result<_, _>>()?;
            let fits = |product: &ProductRow| {
                request.category.as_ref().is_none_or(|wanted| {
                    product.category.as_ref().is_some_and(|(_, name)| name == wanted)
                }) && request.source.as_ref().is_none_or(|wanted| product.source == *wanted)
                    && request.updated_since_ms.is_none_or(|since| product.updated_ms >= since)
            };
            (products.into_iter().flatten().filter(fits).collect(), None)
        } else {
            let filter = ProductFilter {
                category: request.category.as_deref(),
                source: request.source.as_deref(),
                since_ms: request.updated_since_ms,
            };
            let from = after::<2>(request.after.as_deref())?.unwrap_or([i64::MIN, 0]);
            snapshot.products((from[0], from[1]), &filter, most)?
        };
        let (products, next): (Vec<ProductRow>, _) = found;
        Ok(ProductPage {
            products: products.iter().map(view).collect(),
            next: next.map(|(updated_ms, row)| cursor([updated_ms, row])),
        })
    })
}

/// Items that have all of a code, an article number and words, each once.
fn found_by(
    snapshot: &Snapshot<'_>,
    request: &ListProducts,
    most: u32,
) -> Result<Vec<ItemId>, AppError> {
    let mut lists: Vec<Vec<ItemId>> = Vec::new();
    if let Some(code) = &request.barcode {
        let found = snapshot.variant_by_code(&barcode::normalise(code))?;
        lists.push(found.into_iter().map(|entry| entry.item).collect());
    }
    if let Some(sku) = &request.sku {
        let found = snapshot.variants_by_sku(sku.trim())?;
        lists.push(found.into_iter().map(|entry| entry.item).collect());
    }
    if let Some(text) = &request.text {
        let text: String = text.chars().take(MAX_NAME).collect();
        let found = snapshot.search(&text, usize::try_from(most).unwrap_or(usize::MAX))?;
        lists.push(found.into_iter().map(|tile| tile.item).collect());
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    if let Some((first, others)) = lists.split_first() {
        for id in first {
            if others.iter().all(|other| other.contains(id)) && seen.insert(*id) {
                found.push(*id);
            }
        }
    }
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

pub(crate) fn get(app: &App, _: &Caller, request: ProductRequest) -> Result<ProductView, AppError> {
    let found = app.store.read::<_, AppError>(|s| Ok(s.product(request.product_id)?))?;
    Ok(view(&found.ok_or(AppError::no_item())?))
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveProduct,
) -> Result<ProductView, AppError> {
    let is_new = request.version.is_none();
    let id = request.product_id.unwrap_or_else(|| ItemId::new(app.ids.next()));
    if !is_new && request.product_id.is_none() {
        return Err(bad("say which item is to be changed: its id is missing"));
    }
    let version = request.version;
    let product = Draft { app }.product(id, request)?;
    let shop = app.shop();
    let at_ms = app.now().utc_ms;
    let (saved, changed) = app.store.write::<_, AppError>(move |tx| {
        let before = tx.product(id)?;
        match (&before, version) {
            (None, Some(_)) => return Err(AppError::no_item()),
            (Some(before), None) if same(before, &product) => return Ok((view(before), false)),
            (Some(_), None) => {
                return Err(AppError::AlreadyThere { what: "item", name: id.to_string() });
            }
            (Some(before), Some(_)) if before.retired => {
                return Err(AppError::retired(&before.name));
            }
            (Some(before), Some(seen)) if before.updated_ms != seen => {
                return Err(AppError::ChangedMeanwhile);
            }
            _ => {}
        }
        let class = &product.tax_class;
        let as_before = before.as_ref().is_some_and(|before| before.tax_class == *class);
        if !as_before && *class != TaxClass::exempt() && shop.taxes.of(class).is_empty() {
            return Err(AppError::BadText {
                reason: format!(
                    "the shop has no tax for the class \"{}\": make it first, or choose another",
                    class.name()
                ),
            });
        }
        own_variants(tx, id, &product)?;
        put(tx, at_ms, &product, before.is_none())?;
        let saved = tx.product(id)?.ok_or(AppError::no_item())?;
        Ok((view(&saved), true))
    })?;
    if changed {
        app.changed(&caller.client, &["catalog"]);
    }
    Ok(saved)
}

/// Writes an item and tells of it, and of the category that came with it.
fn put(tx: &Tx<'_>, at_ms: i64, product: &ProductRow, is_new: bool) -> Result<(), AppError> {
    let category = product.category.as_ref().map(|(_, name)| name);
    let new_category = match category {
        Some(name) if tx.category_named(name)?.is_none() => Some(name),
        _ => None,
    };
    if let Some(taken) = tx.save_product(at_ms, product)? {
        return Err(AppError::BarcodeTaken { code: taken.code, by: taken.by });
    }
    if let Some(made) = new_category.map(|name| tx.category_named(name)).transpose()?.flatten() {
        tx.note_change("category", &made.id.to_string(), "created", at_ms)?;
    }
    let verb = if is_new { "created" } else { "updated" };
    Ok(tx.note_change("product", &product.id.to_string(), verb, at_ms)?)
}

/// A variant of another item must not be taken over.
fn own_variants(tx: &Tx<'_>, id: ItemId, product: &ProductRow) -> Result<(), AppError> {
    for variant in &product.variants {
        if tx.item_of(variant.id)?.is_some_and(|item| item != id) {
            return Err(AppError::AlreadyThere { what: "variant", name: variant.id.to_string() });
        }
    }
    Ok(())
}

pub(crate) fn retire(
    app: &App,
    caller: &Caller,
    request: ProductRequest,
) -> Result<ProductView, AppError> {
    let at_ms = app.now().utc_ms;
    let (retired, changed) = app.store.write::<_, AppError>(move |tx| {
        let before = tx.product(request.product_id)?.ok_or(AppError::no_item())?;
        if request.version.is_some_and(|seen| seen != before.updated_ms) {
            return Err(AppError::ChangedMeanwhile);
        }
        if before.retired {
            return Ok((view(&before), false));
        }
        tx.retire_product(at_ms, request.product_id)?;
        tx.note_change("product", &request.product_id.to_string(), "deleted", at_ms)?;
        let after = tx.product(request.product_id)?.ok_or(AppError::no_item())?;
        Ok((view(&after), true))
    })?;
    if changed {
        app.changed(&caller.client, &["catalog"]);
    }
    Ok(retired)
}

pub(crate) fn list_variants(
    app: &App,
    _: &Caller,
    request: ListVariants,
) -> Result<VariantPage, AppError> {
    let most = limit(request.limit);
    app.store.read(|snapshot| {
        let few = match (&request.barcode, &request.sku, request.product_id) {
            (Some(code), _, _) => {
                let found = snapshot.variant_by_code(&barcode::normalise(code))?;
                Some(found.into_iter().collect())
            }
            (None, Some(sku), _) => Some(snapshot.variants_by_sku(sku.trim())?),
            (None, None, Some(product)) => Some(of_product(snapshot, product)?),
            (None, None, None) => None,
        };
        let (entries, next): (Vec<VariantEntry>, _) = match few {
            Some(few) => few_of(few, &request, most)?,
            None => {
                let from = after::<3>(request.after.as_deref())?.unwrap_or([i64::MIN, 0, 0]);
                let from = (from[0], from[1], from[2]);
                let (entries, next) =
                    snapshot.variant_entries(from, request.updated_since_ms, most)?;
                (entries, next.map(|(updated, item, row)| cursor([updated, item, row])))
            }
        };
        Ok(VariantPage { variants: entries.iter().map(variant_view).collect(), next })
    })
}

/// A page of few variants that were found, in the order of their rows.
fn few_of(
    few: Vec<VariantEntry>,
    request: &ListVariants,
    most: u32,
) -> Result<(Vec<VariantEntry>, Option<String>), AppError> {
    let from = after::<3>(request.after.as_deref())?.map_or(0, |[_, _, row]| row);
    let mut fits: Vec<_> = few
        .into_iter()
        .filter(|entry| {
            entry.row > from
                && request.product_id.is_none_or(|product| entry.item == product)
                && request
                    .sku
                    .as_ref()
                    .is_none_or(|sku| entry.variant.sku.as_deref() == Some(sku.trim()))
                && request.updated_since_ms.is_none_or(|since| entry.updated_ms >= since)
        })
        .collect();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = fits.len() > most;
    fits.truncate(most);
    let next = fits.last().filter(|_| more).map(|last| cursor([0, 0, last.row]));
    Ok((fits, next))
}

fn of_product(snapshot: &Snapshot<'_>, id: ItemId) -> Result<Vec<VariantEntry>, AppError> {
    let Some(product) = snapshot.product(id)? else { return Ok(Vec::new()) };
    let entries = product.variants.iter().map(|variant| snapshot.variant_entry(variant.id));
    let entries: Vec<Option<VariantEntry>> = entries.collect::<Result<_, _>>()?;
    Ok(entries.into_iter().flatten().collect())
}

pub(crate) fn get_variant(
    app: &App,
    _: &Caller,
    request: VariantRequest,
) -> Result<ProductVariantView, AppError> {
    let found = app.store.read::<_, AppError>(|s| Ok(s.variant_entry(request.variant_id)?))?;
    Ok(variant_view(&found.ok_or(AppError::no_item())?))
}

/// Whether what is to be added is there already, just so.
fn same(before: &ProductRow, wanted: &ProductRow) -> bool {
    let plain = |product: &ProductRow| {
        let mut variants = product.variants.clone();
        for variant in &mut variants {
            variant.id = VariantId::new(uuid::Uuid::nil());
            variant.barcodes.sort_by(|a, b| a.code.cmp(&b.code));
        }
        ProductRow {
            row: 0,
            source: String::new(),
            updated_ms: 0,
            category: product
                .category
                .clone()
                .map(|(_, name)| (CategoryId::new(uuid::Uuid::nil()), name)),
            variants,
            ..product.clone()
        }
    };
    plain(before) == plain(wanted)
}

fn view(product: &ProductRow) -> ProductView {
    let variant =
        |variant: &ProductVariant| view_of(variant, product.id, &product.name, product.updated_ms);
    ProductView {
        product_id: product.id,
        version: product.updated_ms,
        name: product.name.clone(),
        description: product.description.clone(),
        category_id: product.category.as_ref().map(|(id, _)| *id),
        category: product.category.as_ref().map(|(_, name)| name.clone()),
        unit: product.unit.name().to_owned(),
        tax_class: product.tax_class.name().to_owned(),
        images: product.images.clone(),
        favourite: product.favourite,
        source: product.source.clone(),
        retired: product.retired,
        updated_ms: product.updated_ms,
        variants: product.variants.iter().map(variant).collect(),
    }
}

fn variant_view(entry: &VariantEntry) -> ProductVariantView {
    view_of(&entry.variant, entry.item, &entry.item_name, entry.updated_ms)
}

fn view_of(
    variant: &ProductVariant,
    product_id: ItemId,
    name: &str,
    updated_ms: i64,
) -> ProductVariantView {
    let choice =
        |option: &ItemOption| ChoiceView { name: option.name.clone(), value: option.value.clone() };
    let code = |barcode: &Barcode| CodeView {
        code: barcode.code.clone(),
        quantity: barcode.quantity.thousandths(),
    };
    ProductVariantView {
        variant_id: variant.id,
        product_id,
        name: full_name(name, &variant.options),
        options: variant.options.iter().map(choice).collect(),
        sku: variant.sku.clone(),
        barcodes: variant.barcodes.iter().map(code).collect(),
        price: variant.price,
        compare_at: variant.compare_at,
        cost: variant.cost,
        tracks_stock: variant.tracks_stock,
        retired: variant.retired,
        updated_ms,
    }
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
