//! Taking a catalogue file in: first all of it is read and checked, then it is written in small
//! transactions, so that a broken file changes nothing and sales go on meanwhile. Reading the same
//! file again changes nothing; after a power cut, reading it again finishes it.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::item::{Barcode, Item, Variant};
use countertop_domain::journal::{Entry, StockImported};
use countertop_domain::staff::Right;
use countertop_domain::stock::Movement;
use countertop_domain::tax::TaxClass;
use countertop_store::{ItemRecord, Underway};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::app::require;
use crate::app::{App, Caller};
use crate::catalog_file::{self, ItemDraft, Skipped};
use crate::error::AppError;

/// Variants of a transaction: about 20 ms, the longest that a sale waits for one.
const VARIANTS_A_PART: usize = 1_000;

/// Codes of other items that are tried once more at the end of a file.
const MAX_TAKEN: usize = 100_000;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// `shopify` or `woocommerce`.
    pub format: String,
    /// Items that are new or were changed.
    pub items: u64,
    /// Variants of these.
    pub variants: u64,
    /// Rows of the file.
    pub rows: u64,
    /// Items that are just as they were.
    pub unchanged: u64,
    /// What was not taken, by line of the file.
    pub skipped: Vec<Skipped>,
    /// How many more were not taken than `skipped` lists.
    pub skipped_more: u64,
    /// What was taken but needs a look, in words.
    pub warnings: Vec<String>,
}

/// What became of drafts.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    items: u64,
    variants: u64,
    unchanged: u64,
}

/// Reads a product file of Shopify or WooCommerce into the catalogue.
///
/// # Errors
/// The file cannot be read, or is broken: then nothing has changed.
pub fn import_catalogue(app: &App, caller: &Caller, path: &Path) -> Result<Imported, AppError> {
    require(caller, Right::ChangeCatalogue)?;
    let today = app.now().local_day();
    let currency = app.currency();
    let read = |each: &mut dyn FnMut(ItemDraft) -> Result<(), AppError>| {
        let file = File::open(path).map_err(|error| AppError::io(path, &error))?;
        catalog_file::read(file, currency, Some(today), each)
    };
    let before = stamp(path)?;
    let mut classes = BTreeSet::new();
    let summary = read(&mut |draft| {
        classes.insert(draft.tax_class);
        Ok(())
    })?;
    if stamp(path)? != before {
        return Err(AppError::Io {
            path: path.display().to_string(),
            reason: "the file changed while it was read: import it again; nothing was taken"
                .to_owned(),
        });
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    app.store.write::<_, AppError>(|tx| Ok(tx.many_items_come(true)?))?;
    let mut part = Part::new(app, summary.format.name(), name);
    read(&mut |draft| part.add(draft))?;
    let mut taken = part.finish()?;
    app.changed(&caller.client, &["catalog"]);
    let mut skipped = summary.skipped;
    let more = skipped.len() + taken.len();
    skipped.append(&mut taken);
    skipped.sort_by_key(|skipped| skipped.line);
    skipped.truncate(catalog_file::MAX_SKIPPED);
    Ok(Imported {
        format: summary.format.name().to_owned(),
        items: part.counts.items,
        variants: part.counts.variants,
        rows: summary.rows,
        unchanged: part.counts.unchanged,
        skipped_more: summary.skipped_more
            + u64::try_from(more - skipped.len()).unwrap_or(u64::MAX),
        skipped,
        warnings: untaxed(app, &classes),
    })
}

/// Size and time of the last change: what was checked must be what is written.
fn stamp(path: &Path) -> Result<(u64, Option<std::time::SystemTime>), AppError> {
    let about = std::fs::metadata(path).map_err(|error| AppError::io(path, &error))?;
    Ok((about.len(), about.modified().ok()))
}

/// A class that the shop's table does not have is not taxed: that must not happen unnoticed.
fn untaxed(app: &App, classes: &BTreeSet<TaxClass>) -> Vec<String> {
    let shop = app.shop();
    classes
        .iter()
        .filter(|class| **class != TaxClass::exempt() && shop.taxes.of(class).is_empty())
        .map(|class| {
            format!(
                "the shop has no tax for the class \"{}\": its items are sold without",
                class.name()
            )
        })
        .collect()
}

/// Takes drafts from elsewhere (the demo store, a replay) into the catalogue. Returns how many items
/// are new or were changed.
///
/// # Errors
/// The store's.
pub fn import_drafts(
    app: &App,
    caller: &Caller,
    source: &'static str,
    drafts: impl IntoIterator<Item = ItemDraft>,
) -> Result<u64, AppError> {
    require(caller, Right::ChangeCatalogue)?;
    let mut part = Part::new(app, source, source.to_owned());
    for draft in drafts {
        part.add(draft)?;
    }
    part.finish()?;
    app.changed(&caller.client, &["catalog"]);
    Ok(part.counts.items)
}

struct Part<'a> {
    app: &'a App,
    source: &'static str,
    file: String,
    drafts: Vec<ItemDraft>,
    variants: usize,
    counts: Counts,
    /// Codes that another item has already.
    taken: Vec<Taken>,
    /// The part before, which is written while this one is read.
    underway: Option<Underway<Written, AppError>>,
}

type Written = (Counts, Vec<Taken>);

/// A code that another item had when its own was written.
#[derive(Clone)]
struct Taken {
    source_key: String,
    variant_key: String,
    barcode: Barcode,
    line: u64,
}

impl<'a> Part<'a> {
    fn new(app: &'a App, source: &'static str, file: String) -> Self {
        let (drafts, taken) = (Vec::new(), Vec::new());
        let counts = Counts::default();
        Self { app, source, file, drafts, variants: 0, counts, taken, underway: None }
    }

    fn add(&mut self, draft: ItemDraft) -> Result<(), AppError> {
        self.variants += draft.variants.len();
        self.drafts.push(draft);
        if self.variants >= VARIANTS_A_PART { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), AppError> {
        let drafts = std::mem::take(&mut self.drafts);
        self.variants = 0;
        if drafts.is_empty() {
            return Ok(());
        }
        let at = self.app.now();
        let (source, file) = (self.source, self.file.clone());
        let mut records = Vec::with_capacity(drafts.len());
        let mut beside = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let stock: Vec<_> = draft.variants.iter().map(|variant| variant.stock).collect();
            beside.push((stock, draft.line));
            records.push(record(self.app, source, draft)?);
        }
        self.settle()?;
        self.app.store.let_log_end()?;
        self.underway = Some(self.app.store.begin_part::<_, AppError>(move |tx| {
            let mut counts = Counts::default();
            let mut taken = Vec::new();
            let mut movements = Vec::new();
            let put = tx.put_items(at.utc_ms, &records)?;
            for ((record, (stock, line)), put) in records.iter().zip(&beside).zip(put) {
                if put.changed {
                    counts.items += 1;
                    counts.variants += u64::try_from(record.item.variants.len()).unwrap_or(0);
                } else {
                    counts.unchanged += 1;
                }
                // Stock is taken from a file once, when the variant is new: from then on it is the
                // sum of what moved, and a file does not overwrite a count.
                for position in put.new_variants {
                    let variant = record.item.variants.get(position);
                    if let (Some(variant), Some(Some(quantity))) = (variant, stock.get(position)) {
                        movements.push(Movement { variant: variant.id, quantity: *quantity });
                    }
                }
                for (position, barcode) in put.codes_taken {
                    taken.push(Taken {
                        source_key: record.source_key.clone(),
                        variant_key: record.variant_keys.get(position).cloned().unwrap_or_default(),
                        barcode,
                        line: *line,
                    });
                }
            }
            if !movements.is_empty() {
                let imported = StockImported { at, file, movements };
                tx.append(at.utc_ms, &Entry::StockImported(imported))?;
            }
            Ok((counts, taken))
        })?);
        Ok(())
    }

    /// Waits for the part that is being written.
    fn settle(&mut self) -> Result<(), AppError> {
        let Some(underway) = self.underway.take() else { return Ok(()) };
        let (counts, taken) = underway.wait()?;
        self.counts.items += counts.items;
        self.counts.variants += counts.variants;
        self.counts.unchanged += counts.unchanged;
        self.taken.extend(taken);
        self.taken.truncate(MAX_TAKEN);
        Ok(())
    }

    /// Writes what is left, and gives out the codes that other items of the file have let go of
    /// since: two items may exchange theirs. Says which ones stay where they are. When this comes
    /// back, all of it is on disk.
    fn finish(&mut self) -> Result<Vec<Skipped>, AppError> {
        self.write()?;
        self.settle()?;
        let taken = std::mem::take(&mut self.taken);
        let (source, at) = (self.source, self.app.now());
        self.app.store.write(move |tx| {
            // A transaction that changes something waits for the disk, and with it for every part.
            tx.set_setting("last_import", &at.utc_ms.to_string())?;
            tx.many_items_come(false)?;
            // One for all that the file changed: a list by the time of the change finds them.
            tx.note_change("product", source, "imported", at.utc_ms)?;
            let mut skipped = Vec::new();
            for Taken { source_key, variant_key, barcode, line } in taken {
                if !tx.give_code((source, &source_key, &variant_key), &barcode)? {
                    let code = barcode.code;
                    let reason =
                        format!("the barcode {code} belongs to another item and stays there");
                    skipped.push(Skipped { line, reason });
                }
            }
            Ok(skipped)
        })
    }
}

fn record(app: &App, source: &str, draft: ItemDraft) -> Result<ItemRecord, AppError> {
    let fingerprint = fingerprint(&draft)?;
    let mut variants = Vec::with_capacity(draft.variants.len());
    let mut keys = Vec::with_capacity(draft.variants.len());
    for variant in draft.variants {
        keys.push(variant.source_key);
        variants.push(Variant {
            id: VariantId::new(app.ids.next()),
            options: variant.options,
            sku: variant.sku,
            barcodes: variant.barcodes,
            price: variant.price,
            compare_at: variant.compare_at,
            tracks_stock: variant.stock.is_some(),
        });
    }
    Ok(ItemRecord {
        item: Item {
            id: ItemId::new(app.ids.next()),
            name: draft.name,
            category: draft.category,
            unit: draft.unit,
            tax_class: draft.tax_class,
            images: draft.images,
            favourite: draft.favourite,
            variants,
        },
        source: source.to_owned(),
        source_key: draft.source_key,
        variant_keys: keys,
        fingerprint,
    })
}

/// The same for the same item, wherever in a file it stands. Stock is left out: it moves.
fn fingerprint(draft: &ItemDraft) -> Result<i64, AppError> {
    let item = (
        &draft.name,
        &draft.category,
        draft.tax_class.name(),
        draft.unit.name(),
        &draft.images,
        draft.favourite,
    );
    let variants: Vec<_> = draft
        .variants
        .iter()
        .map(|v| (&v.source_key, &v.options, &v.sku, &v.barcodes, v.price, v.compare_at))
        .collect();
    let text = serde_json::to_vec(&(item, variants))
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    let digest = Sha256::digest(text);
    Ok(digest.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte)))
}
