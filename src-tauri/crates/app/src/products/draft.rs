//! What a client sent of an item, read with every field checked before anything is written.

use std::collections::BTreeSet;

use countertop_domain::barcode;
use countertop_domain::ids::{CategoryId, ItemId, VariantId};
use countertop_domain::item::{Barcode, ItemOption};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use countertop_store::{ProductRow, ProductVariant};

use super::bad;
use crate::app::App;
use crate::catalog_file::MAX_IMAGES;
use crate::error::AppError;
use crate::pages::line;
use crate::wire::{ChoiceView, CodeView, SaveProduct, SaveVariant};

/// Characters of a name, category, option or article number.
pub(super) const MAX_NAME: usize = 200;
/// Characters of a description.
const MAX_DESCRIPTION: usize = 5_000;
/// Characters of a barcode.
const MAX_BARCODE: usize = 80;
/// Characters of a picture's address.
const MAX_ADDRESS: usize = 2_048;
/// Variants of an item that is edited here, as many as the till shows to choose from.
const MAX_VARIANTS: usize = 500;
/// Codes of a variant.
const MAX_BARCODES: usize = 50;
/// Options of a variant.
const MAX_OPTIONS: usize = 10;

/// Reads what a client sent, every field checked.
pub(super) struct Draft<'a> {
    pub(super) app: &'a App,
}

impl Draft<'_> {
    pub(super) fn product(&self, id: ItemId, request: SaveProduct) -> Result<ProductRow, AppError> {
        let name = line("a name", &request.name, MAX_NAME)?;
        if name.is_empty() {
            return Err(bad("an item needs a name: it stands on tiles and receipts"));
        }
        let unit = Unit::parse(&request.unit)
            .ok_or_else(|| bad("a unit is piece, kilogram, litre or metre"))?;
        let category = request.category.map(|name| line("a category", &name, MAX_NAME));
        let category = category.transpose()?.filter(|name| !name.is_empty());
        if request.variants.is_empty() || request.variants.len() > MAX_VARIANTS {
            return Err(bad(&format!(
                "an item has from 1 to {MAX_VARIANTS} variants: one without options is enough"
            )));
        }
        let variants = request.variants.into_iter().map(|variant| self.variant(unit, variant));
        let variants: Vec<ProductVariant> = variants.collect::<Result<_, _>>()?;
        told_apart(&variants)?;
        Ok(ProductRow {
            row: 0,
            id,
            name,
            description: description(request.description)?,
            category: category.map(|name| (CategoryId::new(uuid::Uuid::nil()), name)),
            unit,
            tax_class: TaxClass::new(&line("a class of tax", &request.tax_class, 100)?),
            images: images(&request.images)?,
            favourite: request.favourite,
            source: String::new(),
            updated_ms: 0,
            retired: false,
            variants,
        })
    }

    fn variant(&self, unit: Unit, given: SaveVariant) -> Result<ProductVariant, AppError> {
        let price = self.amount("a price", given.price)?;
        let compare_at = self.amount("a price before", given.compare_at)?;
        if let (Some(price), Some(before)) = (price, compare_at)
            && before <= price
        {
            return Err(bad("the price before a reduction must be above the price: leave it out"));
        }
        if given.options.len() > MAX_OPTIONS {
            return Err(bad(&format!("a variant has up to {MAX_OPTIONS} options")));
        }
        if given.barcodes.len() > MAX_BARCODES {
            return Err(bad(&format!("a variant has up to {MAX_BARCODES} barcodes")));
        }
        let options = given.options.iter().map(option).collect::<Result<_, _>>()?;
        let barcodes = given.barcodes.iter().map(|given| code(given, unit));
        let sku = given.sku.map(|sku| line("an article number", &sku, MAX_NAME)).transpose()?;
        Ok(ProductVariant {
            id: given.variant_id.unwrap_or_else(|| VariantId::new(self.app.ids.next())),
            options,
            sku: sku.filter(|sku| !sku.is_empty()),
            barcodes: barcodes.collect::<Result<_, _>>()?,
            price,
            compare_at,
            cost: self.amount("a cost", given.cost)?,
            tracks_stock: given.tracks_stock,
            retired: false,
        })
    }

    fn amount(&self, what: &str, minor: Option<i64>) -> Result<Option<i64>, AppError> {
        let Some(minor) = minor else { return Ok(None) };
        if self.app.money(minor)?.is_negative() {
            return Err(bad(&format!("{what} is never below nothing")));
        }
        Ok(Some(minor))
    }
}

fn description(given: Option<String>) -> Result<Option<String>, AppError> {
    let Some(text) = given else { return Ok(None) };
    let text = text.trim();
    let foreign = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > MAX_DESCRIPTION || text.chars().any(foreign) {
        return Err(bad(&format!("a description has up to {MAX_DESCRIPTION} characters")));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn images(given: &[String]) -> Result<Vec<String>, AppError> {
    if given.len() > MAX_IMAGES {
        return Err(bad(&format!("an item has up to {MAX_IMAGES} pictures")));
    }
    let images = given.iter().map(|address| line("a picture's address", address, MAX_ADDRESS));
    let images: Vec<String> = images.collect::<Result<_, _>>()?;
    let shown = |address: &String| {
        address.starts_with("https://")
            || address.starts_with("http://")
            || address.starts_with("/media/")
    };
    match images.iter().find(|address| !shown(address)) {
        None => Ok(images),
        Some(address) => Err(bad(&format!(
            "\"{address}\" is no address of a picture: write it like https://shop.example/a.jpg"
        ))),
    }
}

fn option(given: &ChoiceView) -> Result<ItemOption, AppError> {
    let name = line("an option's name", &given.name, MAX_NAME)?;
    let value = line("an option", &given.value, MAX_NAME)?;
    if name.is_empty() || value.is_empty() {
        return Err(bad("an option needs a name and a value, such as Size and Large"));
    }
    Ok(ItemOption { name, value })
}

fn code(given: &CodeView, unit: Unit) -> Result<Barcode, AppError> {
    let code = barcode::normalise(&line("a barcode", &given.code, MAX_BARCODE)?);
    if code.is_empty() {
        return Err(bad("a barcode is empty: write what the scanner reads, or leave it out"));
    }
    let quantity = Quantity::from_thousandths(given.quantity)
        .for_line(unit)
        .map_err(|error| bad(&format!("the barcode {code}: {error}")))?;
    Ok(Barcode { code, quantity })
}

/// Variants differ in the values of the same options, and no code stands for two of them.
fn told_apart(variants: &[ProductVariant]) -> Result<(), AppError> {
    let names = |variant: &ProductVariant| -> Vec<String> {
        variant.options.iter().map(|option| option.name.clone()).collect()
    };
    let first = variants.first().map(names).unwrap_or_default();
    let (mut choices, mut codes, mut ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    if first.iter().collect::<BTreeSet<_>>().len() != first.len() {
        return Err(bad("an option is there twice: name each once"));
    }
    for variant in variants {
        if names(variant) != first {
            return Err(bad("variants of an item have the same options, in the same order"));
        }
        let values: Vec<&str> =
            variant.options.iter().map(|option| option.value.as_str()).collect();
        if !choices.insert(values) {
            return Err(bad("two variants have the same options: say what tells them apart"));
        }
        if !ids.insert(variant.id) {
            return Err(bad("a variant is there twice: name each once"));
        }
        for barcode in &variant.barcodes {
            if !codes.insert(&barcode.code) {
                let code = &barcode.code;
                return Err(bad(&format!("the barcode {code} is there twice: give it once")));
            }
        }
    }
    Ok(())
}
