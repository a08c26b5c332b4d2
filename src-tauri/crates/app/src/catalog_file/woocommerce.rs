//! WooCommerce's product CSV.
//!
//! How a row is read:
//! - A simple product is an item with one variant; its attributes describe it and are no choice.
//!   That it can be downloaded or has no weight changes nothing at the till.
//! - A variable product is an item, its variations are the variants. A variation names its parent
//!   by article number or as `id:44` and may stand before it. An attribute without a value fits any
//!   value, so it does not name the variant.
//! - A sale price below the regular one is the price, the regular one is struck. A sale with dates
//!   is in force from its first to its last day.
//! - The category is the first of the list, with its path as written.
//! - Prices may have the decimal comma that a shop's own number format gives an export.
//! - Grouped products are left out, since their members stand in the file themselves; so are
//!   external ones, what is not published, and a variation without its parent.

use std::collections::HashMap;
use std::io::Read;

use countertop_domain::item::ItemOption;
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::Unit;
use countertop_domain::tax::TaxClass;
use countertop_domain::time::BusinessDay;

use super::columns::Headings;
use super::error::{FileError, shortened};
use super::field::{self, Field};
use super::rows::{Row, Rows};
use super::seen::Seen;
use super::{Emit, Format, ItemDraft, MAX_VARIANTS, Summary, VariantDraft, add_image, reduced};

pub(super) const TYPE: &[&str] = &["Type"];
pub(super) const NAME: &[&str] = &["Name"];
const REGULAR_PRICE: &[&str] = &["Regular price"];
/// One of these beside Type and Name makes it WooCommerce's.
pub(super) const MARKS: &[&str] = &["Regular price", "Parent", "Is featured?", "Tax status"];

struct Columns {
    id: Option<usize>,
    kind: usize,
    sku: Option<usize>,
    barcode: Option<usize>,
    name: usize,
    published: Option<usize>,
    featured: Option<usize>,
    sale_starts: Option<usize>,
    sale_ends: Option<usize>,
    tax_status: Option<usize>,
    tax_class: Option<usize>,
    stock: Option<usize>,
    sale_price: Option<usize>,
    regular_price: usize,
    categories: Option<usize>,
    images: Option<usize>,
    parent: Option<usize>,
    /// Name and value of each attribute.
    attributes: Vec<(usize, usize)>,
}

impl Columns {
    fn find(headers: &[String]) -> Result<Self, FileError> {
        let headings = Headings::new(headers);
        let attribute = |number: usize| {
            let name = headings.find(&[&format!("Attribute {number} name")])?;
            Some((name, headings.find(&[&format!("Attribute {number} value(s)")])?))
        };
        Ok(Self {
            kind: headings.require(TYPE)?,
            name: headings.require(NAME)?,
            regular_price: headings.require(REGULAR_PRICE)?,
            id: headings.find(&["ID"]),
            sku: headings.find(&["SKU"]),
            barcode: headings.find(&["GTIN, UPC, EAN, or ISBN"]),
            published: headings.find(&["Published"]),
            featured: headings.find(&["Is featured?"]),
            sale_starts: headings.find(&["Date sale price starts"]),
            sale_ends: headings.find(&["Date sale price ends"]),
            tax_status: headings.find(&["Tax status"]),
            tax_class: headings.find(&["Tax class"]),
            stock: headings.find(&["Stock"]),
            sale_price: headings.find(&["Sale price"]),
            categories: headings.find(&["Categories"]),
            images: headings.find(&["Images"]),
            parent: headings.find(&["Parent"]),
            attributes: (1..=headers.len()).map_while(attribute).collect(),
        })
    }
}

/// One row with the means to read its fields.
#[derive(Clone, Copy)]
struct Cells<'a> {
    row: Row<'a>,
    headers: &'a [String],
    columns: &'a Columns,
    currency: Currency,
    today: Option<BusinessDay>,
}

impl<'a> Cells<'a> {
    fn at(&self, index: impl Into<Option<usize>>) -> Field<'a> {
        Field::of(&self.row, index.into(), self.headers)
    }
}

/// A variation that waits for its parent.
struct Variation {
    variant: VariantDraft,
    images: Vec<String>,
}

/// A variable product that waits for its variations, and the names that they may call it by.
struct Variable {
    item: ItemDraft,
    called: Vec<String>,
}

/// What can only be joined once the file has ended.
#[derive(Default)]
struct Waiting {
    variables: Vec<Variable>,
    /// By parent, in small letters: article numbers are compared without case there.
    variations: HashMap<String, Vec<Variation>>,
    keys: Seen,
}

/// Reads the rows of a WooCommerce file: simple products are handed over as they come, variable
/// ones after the last row.
///
/// # Errors
/// A [`FileError`], or the first error of `on_draft`.
pub(super) fn read<R: Read, E: From<FileError>>(
    rows: &mut Rows<R>,
    currency: Currency,
    today: Option<BusinessDay>,
    on_draft: &mut dyn FnMut(ItemDraft) -> Result<(), E>,
) -> Result<Summary, E> {
    let headers = rows.headers().to_vec();
    let columns = Columns::find(&headers)?;
    let barcode_column = field::column(columns.barcode, &headers);
    let mut emit = Emit::new(Format::WooCommerce, barcode_column, on_draft);
    let mut waiting = Waiting::default();
    while let Some(row) = rows.next()? {
        emit.summary.rows += 1;
        let cells = Cells { row, headers: &headers, columns: &columns, currency, today };
        let kinds = cells.at(columns.kind).text.to_lowercase();
        let kind = kinds
            .split(',')
            .map(str::trim)
            .find(|kind| !matches!(*kind, "downloadable" | "virtual"))
            .unwrap_or("simple");
        if let Some(reason) = reason_to_leave_out(kind, &cells) {
            emit.summary.skip(row.line, reason);
            continue;
        }
        match kind {
            "variation" => add_variation(&mut waiting.variations, &cells)?,
            "variable" => {
                let item = item(&cells, &mut waiting.keys)?;
                waiting.variables.push(Variable { item, called: names_of(&cells) });
            }
            _ => {
                let mut item = item(&cells, &mut waiting.keys)?;
                item.variants.push(variant(&cells, Vec::new())?);
                emit.item(item)?;
            }
        }
    }
    join(waiting, &mut emit)?;
    Ok(emit.summary)
}

/// Hands over the variable products with their variations.
fn join<E: From<FileError>>(mut waiting: Waiting, emit: &mut Emit<'_, E>) -> Result<(), E> {
    for Variable { mut item, called } in waiting.variables {
        let mut variations: Vec<Variation> =
            called.iter().filter_map(|name| waiting.variations.remove(name)).flatten().collect();
        variations.sort_by_key(|variation| variation.variant.line);
        if variations.is_empty() {
            emit.summary.skip(item.line, "no variation of it is in the file: export them too");
            continue;
        }
        let mut keys = Seen::default();
        for variation in variations {
            let line = variation.variant.line;
            if let Some(earlier) = keys.before(&variation.variant.source_key, line) {
                return Err(stands_twice(line, &variation.variant.source_key, earlier).into());
            }
            item.variants.push(variation.variant);
            for image in variation.images {
                add_image(&mut item.images, Some(image));
            }
        }
        if item.variants.len() > MAX_VARIANTS {
            return Err(FileError::new(
                item.line,
                None,
                format!("the product has more than {MAX_VARIANTS} variations"),
                "Split it into several products",
            )
            .into());
        }
        emit.item(item)?;
    }
    let mut orphans: Vec<(u64, String)> = waiting
        .variations
        .into_iter()
        .flat_map(|(parent, list)| list.into_iter().map(move |v| (v.variant.line, parent.clone())))
        .collect();
    orphans.sort();
    for (line, parent) in orphans {
        let parent = shortened(&parent);
        emit.summary.skip(
            line,
            format!("its parent {parent} is no variable product that this file offers"),
        );
    }
    emit.summary.skipped.sort_by_key(|skipped| skipped.line);
    Ok(())
}

fn stands_twice(line: u64, key: &str, earlier: u64) -> FileError {
    FileError::new(
        line,
        None,
        format!("{} stands here and on line {earlier}", shortened(key)),
        "Remove one of the two rows, or give it an ID or SKU of its own",
    )
}

fn reason_to_leave_out(kind: &str, cells: &Cells<'_>) -> Option<String> {
    match kind {
        "simple" | "variable" | "variation" => {}
        "grouped" => return Some("a grouped product: its members are items themselves".to_owned()),
        "external" => return Some("an external product: another shop sells it".to_owned()),
        "" => return Some("it has no type: write simple, variable or variation".to_owned()),
        other => {
            return Some(format!(
                "products of the type {} cannot be sold here: simple, variable and variation can",
                shortened(other)
            ));
        }
    }
    if cells.at(cells.columns.published).is_no() {
        return Some("it is not published: publish it to take it".to_owned());
    }
    None
}

/// ID, else SKU, else nothing.
fn own_key(cells: &Cells<'_>) -> Result<Option<String>, FileError> {
    match cells.at(cells.columns.id).name(false)? {
        Some(id) => Ok(Some(id)),
        None => cells.at(cells.columns.sku).name(false),
    }
}

/// What variations may call this row: `id:44`, and its article number.
fn names_of(cells: &Cells<'_>) -> Vec<String> {
    let id = cells.at(cells.columns.id).text.to_lowercase();
    let sku = cells.at(cells.columns.sku).text.to_lowercase();
    let mut names = Vec::new();
    if !id.is_empty() {
        names.push(format!("id:{id}"));
    }
    if !sku.is_empty() {
        names.push(sku);
    }
    names
}

/// An item without its variants.
fn item(cells: &Cells<'_>, keys: &mut Seen) -> Result<ItemDraft, FileError> {
    let columns = cells.columns;
    let line = cells.row.line;
    let name_field = cells.at(columns.name);
    let Some(name) = name_field.name(true)? else {
        return Err(name_field.error("the name is empty", "Give the product a name"));
    };
    let source_key = own_key(cells)?.unwrap_or_else(|| name.clone());
    if let Some(earlier) = keys.before(&source_key, line) {
        return Err(stands_twice(line, &source_key, earlier));
    }
    Ok(ItemDraft {
        source_key,
        name,
        category: category(cells)?,
        tax_class: tax_class(cells)?,
        unit: Unit::Piece,
        images: images(cells)?,
        favourite: cells.at(columns.featured).is_yes(),
        line,
        variants: Vec::new(),
    })
}

fn add_variation(
    variations: &mut HashMap<String, Vec<Variation>>,
    cells: &Cells<'_>,
) -> Result<(), FileError> {
    let parent = cells.at(cells.columns.parent).text.to_lowercase();
    let options = options(cells)?;
    let variation = Variation { variant: variant(cells, options)?, images: images(cells)? };
    variations.entry(parent).or_default().push(variation);
    Ok(())
}

fn variant(cells: &Cells<'_>, options: Vec<ItemOption>) -> Result<VariantDraft, FileError> {
    let columns = cells.columns;
    let (price, compare_at) = prices(cells)?;
    let source_key = match own_key(cells)? {
        Some(key) => key,
        None if options.is_empty() => "any".to_owned(),
        None => options.iter().map(|o| o.value.as_str()).collect::<Vec<_>>().join(" / "),
    };
    let stock = cells.at(columns.stock);
    Ok(VariantDraft {
        source_key,
        options,
        sku: cells.at(columns.sku).name(false)?,
        barcodes: cells.at(columns.barcode).barcode()?.into_iter().collect(),
        price,
        compare_at,
        // A stock that all variations share cannot be one variant's.
        stock: if stock.text == "parent" { None } else { stock.quantity()? },
        line: cells.row.line,
    })
}

/// The price in force and the one to strike.
fn prices(cells: &Cells<'_>) -> Result<(Option<Money>, Option<Money>), FileError> {
    let columns = cells.columns;
    let regular = cells.at(columns.regular_price).price(cells.currency, true)?;
    let sale = cells.at(columns.sale_price).price(cells.currency, true)?;
    let starts = day(&cells.at(columns.sale_starts))?;
    let ends = day(&cells.at(columns.sale_ends))?;
    let in_force = match cells.today {
        Some(today) => starts.is_none_or(|day| day <= today) && ends.is_none_or(|day| today <= day),
        None => starts.is_none() && ends.is_none(),
    };
    match (sale.filter(|_| in_force), regular) {
        (Some(sale), None) => Ok((Some(sale), None)),
        (Some(sale), Some(regular)) if sale.minor() < regular.minor() => {
            Ok((Some(sale), reduced(Some(sale), Some(regular))))
        }
        (_, regular) => Ok((regular, None)),
    }
}

/// The day of `2026-11-23`, `2026-11-23 00:00:00` or `2026-11-23T00:00:00`.
fn day(field: &Field<'_>) -> Result<Option<BusinessDay>, FileError> {
    if field.is_empty() {
        return Ok(None);
    }
    let date = field.text.split(['T', ' ']).next().unwrap_or_default();
    let plain = date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match BusinessDay::try_from(date.to_owned()) {
        Ok(day) if plain => Ok(Some(day)),
        _ => Err(field.error(
            format!("\"{}\" is not a day", shortened(field.text)),
            "Write it like 2026-11-23",
        )),
    }
}

fn options(cells: &Cells<'_>) -> Result<Vec<ItemOption>, FileError> {
    let mut options = Vec::new();
    for (number, (name, value)) in cells.columns.attributes.iter().enumerate() {
        let value = cells.at(*value);
        let Some(value) = value.clean(&value.text.replace("\\,", ","), true)? else { continue };
        let name = cells.at(*name).name(true)?;
        let name = name.unwrap_or_else(|| format!("Attribute {}", number + 1));
        options.push(ItemOption { name, value });
    }
    Ok(options)
}

fn category(cells: &Cells<'_>) -> Result<Option<String>, FileError> {
    let field = cells.at(cells.columns.categories);
    let first = parts(field.text).into_iter().find(|part| !part.trim().is_empty());
    first.map_or(Ok(None), |part| field.clean(&part, true))
}

fn tax_class(cells: &Cells<'_>) -> Result<TaxClass, FileError> {
    let status = cells.at(cells.columns.tax_status);
    if matches!(status.text, "none" | "shipping") {
        return Ok(TaxClass::exempt());
    }
    let class = cells.at(cells.columns.tax_class).name(false)?;
    Ok(TaxClass::new(&class.unwrap_or_default()))
}

fn images(cells: &Cells<'_>) -> Result<Vec<String>, FileError> {
    let field = cells.at(cells.columns.images);
    let mut images = Vec::new();
    for part in field.text.split(',') {
        add_image(&mut images, field.address(part)?);
    }
    Ok(images)
}

/// The parts of a list, whose own commas are written `\,`.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek(), parts.last_mut()) {
            ('\\', Some(','), Some(part)) => {
                part.push(',');
                characters.next();
            }
            (',', _, _) => parts.push(String::new()),
            (other, _, Some(part)) => part.push(other),
            (_, _, None) => {}
        }
    }
    parts
}
