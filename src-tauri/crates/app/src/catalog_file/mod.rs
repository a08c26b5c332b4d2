//! Product files of other shops: the CSV that Shopify and WooCommerce export.
//!
//! [`read`] knows the format by its headings and hands over one [`ItemDraft`] after another, so a
//! file of a million rows never stands in memory as a whole. It touches no database: the caller
//! reads a file once to check it and once more to write it, and both readings give the same drafts
//! in the same order.
//!
//! Memory: 24 bytes for each item and each barcode (to find what stands twice), one item of a
//! Shopify file at a time, and of a WooCommerce file its variable products with their variations,
//! which may stand anywhere in it (about 1 KiB each); its simple products pass through.

mod columns;
mod error;
mod field;
mod rows;
mod seen;
mod shopify;
mod woocommerce;

#[cfg(test)]
mod tests;

use std::io::Read;

use countertop_domain::item::{Barcode, ItemOption};
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use countertop_domain::time::BusinessDay;
use serde::Serialize;

use self::columns::Headings;
use self::error::shortened;
pub use self::error::{Column, FileError};
use self::rows::Rows;
use self::seen::Seen;

/// Pictures that an item keeps; what a file lists beyond them is not taken.
pub const MAX_IMAGES: usize = 50;
/// Variants that an item may have: Shopify's own limit.
pub const MAX_VARIANTS: usize = 2_048;
/// Skipped rows that a [`Summary`] names; further ones are only counted.
pub const MAX_SKIPPED: usize = 1_000;

/// Who wrote the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Products exported by Shopify, with the headings of before or after their change of 2025.
    Shopify,
    /// Products exported by WooCommerce, with English headings.
    WooCommerce,
}

impl Format {
    /// `shopify` or `woocommerce`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::WooCommerce => "woocommerce",
        }
    }
}

/// An item as a file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDraft {
    /// What names the item in the file, once in it: Shopify's handle, WooCommerce's ID (without
    /// one its SKU, without both its name).
    pub source_key: String,
    /// Its name, up to 200 characters on one line.
    pub name: String,
    /// Where it is found on the Sell screen, as the file writes it: `Clothing > Hoodies`.
    pub category: Option<String>,
    /// Which taxes apply.
    pub tax_class: TaxClass,
    /// What one of it is; always pieces, since neither format says otherwise.
    pub unit: Unit,
    /// Addresses of pictures, up to [`MAX_IMAGES`], the first one for the tile.
    pub images: Vec<String>,
    /// Among the favourites of the Sell screen.
    pub favourite: bool,
    /// First line of its first row.
    pub line: u64,
    /// From one to [`MAX_VARIANTS`].
    pub variants: Vec<VariantDraft>,
}

/// A variant as a file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantDraft {
    /// What names the variant, once in its item.
    pub source_key: String,
    /// What tells it apart; empty where the item has one variant only.
    pub options: Vec<ItemOption>,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// Its barcodes, normalised; each once in the whole file.
    pub barcodes: Vec<Barcode>,
    /// Price of one unit, never negative; none where the file gives none: asked at the till.
    pub price: Option<Money>,
    /// The price before a reduction, always above `price`.
    pub compare_at: Option<Money>,
    /// What is in stock, negative if oversold; none where stock is not counted.
    pub stock: Option<Quantity>,
    /// First line of its row.
    pub line: u64,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// First line of the row, counted from 1.
    pub line: u64,
    /// Why, and what to do to have it taken, as one sentence without its full stop.
    pub reason: String,
}

/// What a file held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Who wrote it.
    pub format: Format,
    /// Rows below the headings, empty ones left out.
    pub rows: u64,
    /// Items handed over.
    pub items: u64,
    /// Variants of these items.
    pub variants: u64,
    /// What was left out, by line; up to [`MAX_SKIPPED`].
    pub skipped: Vec<Skipped>,
    /// How many more were left out.
    pub skipped_more: u64,
}

impl Summary {
    fn new(format: Format) -> Self {
        Self { format, rows: 0, items: 0, variants: 0, skipped: Vec::new(), skipped_more: 0 }
    }

    fn skip(&mut self, line: u64, reason: impl Into<String>) {
        if self.skipped.len() < MAX_SKIPPED {
            self.skipped.push(Skipped { line, reason: reason.into() });
        } else {
            self.skipped_more += 1;
        }
    }
}

/// Knows a format by its headings, whatever their case and order.
pub fn detect<S: AsRef<str>>(headers: &[S]) -> Option<Format> {
    let headers: Vec<String> = headers.iter().map(|h| h.as_ref().to_owned()).collect();
    let headings = Headings::new(&headers);
    let any = |names: &[&str]| headings.find(names).is_some();
    if any(shopify::HANDLE) && (any(shopify::PRICE) || any(shopify::OPTION_VALUES[0])) {
        return Some(Format::Shopify);
    }
    if any(woocommerce::TYPE) && any(woocommerce::NAME) && any(woocommerce::MARKS) {
        return Some(Format::WooCommerce);
    }
    None
}

/// Reads a whole file and hands over each item that can be sold, in an order that depends on the
/// file alone. `today` decides whether a dated sale price of WooCommerce is in force; without it a
/// sale that has dates counts as not in force.
///
/// # Errors
/// A [`FileError`] for what makes the file unusable, or the first error of `on_draft`. Items may
/// have been handed over by then: read once with an `on_draft` that does nothing before writing.
pub fn read<R: Read, E: From<FileError>>(
    reader: R,
    currency: Currency,
    today: Option<BusinessDay>,
    on_draft: &mut dyn FnMut(ItemDraft) -> Result<(), E>,
) -> Result<Summary, E> {
    let mut rows = Rows::open(reader)?;
    match detect(rows.headers()) {
        Some(Format::Shopify) => shopify::read(&mut rows, currency, on_draft),
        Some(Format::WooCommerce) => woocommerce::read(&mut rows, currency, today, on_draft),
        None => Err(unknown_format(rows.headers()).into()),
    }
}

fn unknown_format(headers: &[String]) -> FileError {
    let found = shortened(&headers.join(", "));
    let advice = if headers.len() == 1 && found.contains(';') {
        "It is separated by semicolons: save it separated by commas"
    } else {
        "Import a product export with English headings: of Shopify (looked for Handle or URL \
         handle, Title, Variant Price or Price) or of WooCommerce (looked for Type, Name, Regular \
         price)"
    };
    let what = format!("these are not the headings of a product file: {found}");
    FileError::new(1, None, what, advice)
}

/// Where finished items go: to the caller, checked and counted.
struct Emit<'a, E> {
    on_draft: &'a mut dyn FnMut(ItemDraft) -> Result<(), E>,
    summary: Summary,
    barcodes: Seen,
    barcode_column: Option<Column>,
}

impl<'a, E: From<FileError>> Emit<'a, E> {
    fn new(
        format: Format,
        barcode_column: Option<Column>,
        on_draft: &'a mut dyn FnMut(ItemDraft) -> Result<(), E>,
    ) -> Self {
        Self { on_draft, summary: Summary::new(format), barcodes: Seen::default(), barcode_column }
    }

    fn item(&mut self, item: ItemDraft) -> Result<(), E> {
        for variant in &item.variants {
            for barcode in &variant.barcodes {
                if let Some(earlier) = self.barcodes.before(&barcode.code, variant.line) {
                    return Err(FileError::new(
                        variant.line,
                        self.barcode_column.clone(),
                        format!(
                            "the barcode {} stands here and on line {earlier}",
                            shortened(&barcode.code)
                        ),
                        "Leave it with one of the two: a scan has to find one thing",
                    )
                    .into());
                }
            }
        }
        self.summary.items += 1;
        self.summary.variants += u64::try_from(item.variants.len()).unwrap_or(u64::MAX);
        (self.on_draft)(item)
    }
}

/// The sale price and what is struck beside it: only a price that is truly higher is struck.
fn reduced(price: Option<Money>, before: Option<Money>) -> Option<Money> {
    match (price, before) {
        (Some(price), Some(before)) if before.minor() > price.minor() => Some(before),
        _ => None,
    }
}

/// Adds a picture once.
fn add_image(images: &mut Vec<String>, address: Option<String>) {
    if let Some(address) = address
        && images.len() < MAX_IMAGES
        && !images.contains(&address)
    {
        images.push(address);
    }
}
