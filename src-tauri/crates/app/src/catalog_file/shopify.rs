//! Shopify's product CSV, under the headings of either of its editions.
//!
//! How a row is read:
//! - Rows of one handle stand together and are one item; its first row describes it. A further row
//!   is a variant if it names an option's value, a price, an article number or a barcode; else it
//!   only adds a picture.
//! - `Title` / `Default Title` stands for "no choice".
//! - The category is `Type`, else the first tag.
//! - `Variant Inventory Tracker` is empty in most exports, real counts beside it or not. So an
//!   item's stock is kept if a tracker is named or any of its variants has a count above nothing:
//!   an untracked item, whose counts are all 0 in an export, stays uncounted.
//! - The register taxes an item as a whole: it is exempt if none of its variants is taxable.
//! - A variant without a price has its price asked at the till.
//! - Drafts, archived and unpublished products and gift cards are left out.

use std::io::Read;

use countertop_domain::item::ItemOption;
use countertop_domain::money::Currency;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;

use super::columns::Headings;
use super::error::{FileError, shortened};
use super::field::{self, Field};
use super::rows::{Row, Rows};
use super::seen::Seen;
use super::{Emit, Format, ItemDraft, MAX_VARIANTS, Summary, VariantDraft, add_image, reduced};

pub(super) const HANDLE: &[&str] = &["Handle", "URL handle"];
pub(super) const PRICE: &[&str] = &["Variant Price", "Price"];
pub(super) const OPTION_VALUES: [&[&str]; 3] =
    [&["Option1 Value"], &["Option2 Value"], &["Option3 Value"]];
const OPTION_NAMES: [&[&str]; 3] = [&["Option1 Name"], &["Option2 Name"], &["Option3 Name"]];

/// Where everything stands.
struct Columns {
    handle: usize,
    title: usize,
    category: Option<usize>,
    tags: Option<usize>,
    published: Option<usize>,
    status: Option<usize>,
    gift_card: Option<usize>,
    option_names: [Option<usize>; 3],
    option_values: [Option<usize>; 3],
    sku: Option<usize>,
    barcode: Option<usize>,
    price: usize,
    compare_at: Option<usize>,
    taxable: Option<usize>,
    tracker: Option<usize>,
    stock: Option<usize>,
    image: Option<usize>,
    variant_image: Option<usize>,
}

impl Columns {
    fn find(headers: &[String]) -> Result<Self, FileError> {
        let headings = Headings::new(headers);
        Ok(Self {
            handle: headings.require(HANDLE)?,
            title: headings.require(&["Title"])?,
            price: headings.require(PRICE)?,
            category: headings.find(&["Type"]),
            tags: headings.find(&["Tags"]),
            published: headings.find(&["Published", "Published on online store"]),
            status: headings.find(&["Status"]),
            gift_card: headings.find(&["Gift Card"]),
            option_names: OPTION_NAMES.map(|names| headings.find(names)),
            option_values: OPTION_VALUES.map(|names| headings.find(names)),
            sku: headings.find(&["Variant SKU", "SKU"]),
            barcode: headings.find(&["Variant Barcode", "Barcode"]),
            compare_at: headings.find(&["Variant Compare At Price", "Compare-at price"]),
            taxable: headings.find(&["Variant Taxable", "Charge tax"]),
            tracker: headings.find(&["Variant Inventory Tracker", "Inventory tracker"]),
            stock: headings.find(&["Variant Inventory Qty", "Inventory quantity"]),
            image: headings.find(&["Image Src", "Product image URL"]),
            variant_image: headings.find(&["Variant Image", "Variant image URL"]),
        })
    }
}

/// The item whose rows are being read.
struct Open {
    item: ItemDraft,
    option_names: [Option<String>; 3],
    /// Left out as a whole: its further rows say nothing.
    left_out: bool,
    any_taxable: bool,
    any_tracker: bool,
}

impl Open {
    fn finish(mut self) -> Option<ItemDraft> {
        if self.left_out {
            return None;
        }
        let counted = self.item.variants.iter().any(|v| v.stock.is_some_and(is_above_nothing));
        if !counted && !self.any_tracker {
            for variant in &mut self.item.variants {
                variant.stock = None;
            }
        }
        if !self.any_taxable {
            self.item.tax_class = TaxClass::exempt();
        }
        Some(self.item)
    }
}

fn is_above_nothing(quantity: Quantity) -> bool {
    quantity.thousandths() > 0
}

/// One row with the means to read its fields.
#[derive(Clone, Copy)]
struct Cells<'a> {
    row: Row<'a>,
    headers: &'a [String],
    columns: &'a Columns,
    currency: Currency,
}

impl<'a> Cells<'a> {
    fn at(&self, index: impl Into<Option<usize>>) -> Field<'a> {
        Field::of(&self.row, index.into(), self.headers)
    }
}

/// Reads the rows of a Shopify file.
///
/// # Errors
/// A [`FileError`], or the first error of `on_draft`.
pub(super) fn read<R: Read, E: From<FileError>>(
    rows: &mut Rows<R>,
    currency: Currency,
    on_draft: &mut dyn FnMut(ItemDraft) -> Result<(), E>,
) -> Result<Summary, E> {
    let headers = rows.headers().to_vec();
    let columns = Columns::find(&headers)?;
    let barcode_column = field::column(columns.barcode, &headers);
    let mut emit = Emit::new(Format::Shopify, barcode_column, on_draft);
    let mut handles = Seen::default();
    let mut open: Option<Open> = None;
    while let Some(row) = rows.next()? {
        emit.summary.rows += 1;
        let cells = Cells { row, headers: &headers, columns: &columns, currency };
        let handle = cells.at(columns.handle);
        if let Some(open) = open.as_mut().filter(|open| open.item.source_key == handle.text) {
            if !open.left_out && !add_row(open, &cells)? {
                emit.summary.skip(row.line, "the row holds neither a variant nor a picture");
            }
            continue;
        }
        if let Some(item) = open.take().and_then(Open::finish) {
            emit.item(item)?;
        }
        open = Some(first_row(&cells, &mut handles, &mut emit.summary)?);
    }
    if let Some(item) = open.and_then(Open::finish) {
        emit.item(item)?;
    }
    Ok(emit.summary)
}

/// Opens the item that this row begins.
fn first_row(
    cells: &Cells<'_>,
    handles: &mut Seen,
    summary: &mut Summary,
) -> Result<Open, FileError> {
    let handle = cells.at(cells.columns.handle);
    let line = cells.row.line;
    let Some(source_key) = handle.name(false)? else {
        return Err(handle.error("the handle is empty", "Give every row its product's handle"));
    };
    if let Some(earlier) = handles.before(handle.text, line) {
        return Err(handle.error(
            format!(
                "rows of {} stand here and at line {earlier}, with others between them",
                shortened(&source_key)
            ),
            "Bring the rows of one product together, the one with its title first",
        ));
    }
    let title = cells.at(cells.columns.title);
    let Some(name) = title.name(false)? else {
        return Err(title.error(
            format!("the first row of {} has no title", shortened(&source_key)),
            "Give it one, and bring the rows of one product together",
        ));
    };
    let reason = reason_to_leave_out(cells);
    let mut open = Open {
        item: ItemDraft {
            // As the file writes it, so that the next row is compared with the same text.
            source_key: handle.text.to_owned(),
            name,
            category: category(cells)?,
            tax_class: TaxClass::standard(),
            unit: Unit::Piece,
            images: Vec::new(),
            favourite: false,
            line,
            variants: Vec::new(),
        },
        option_names: [None, None, None],
        left_out: reason.is_some(),
        any_taxable: false,
        any_tracker: false,
    };
    if let Some(reason) = reason {
        summary.skip(line, reason);
        return Ok(open);
    }
    for (name, index) in open.option_names.iter_mut().zip(cells.columns.option_names) {
        *name = cells.at(index).name(false)?;
    }
    add_pictures(&mut open.item, cells)?;
    add_variant(&mut open, cells)?;
    Ok(open)
}

/// Takes a further row of the open item; false if it holds nothing.
fn add_row(open: &mut Open, cells: &Cells<'_>) -> Result<bool, FileError> {
    let columns = cells.columns;
    let picture = add_pictures(&mut open.item, cells)?;
    let names_variant = columns
        .option_values
        .into_iter()
        .chain([Some(columns.price), columns.sku, columns.barcode])
        .any(|index| !cells.at(index).is_empty());
    if names_variant {
        add_variant(open, cells)?;
    }
    Ok(picture || names_variant)
}

fn add_pictures(item: &mut ItemDraft, cells: &Cells<'_>) -> Result<bool, FileError> {
    let mut any = false;
    for index in [cells.columns.image, cells.columns.variant_image] {
        let field = cells.at(index);
        let address = field.address(field.text)?;
        any |= address.is_some();
        add_image(&mut item.images, address);
    }
    Ok(any)
}

fn add_variant(open: &mut Open, cells: &Cells<'_>) -> Result<(), FileError> {
    let columns = cells.columns;
    let options = options(&open.option_names, cells)?;
    let source_key = if options.is_empty() {
        "Default Title".to_owned()
    } else {
        options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join(" / ")
    };
    let first_option = cells.at(columns.option_values[0]);
    if let Some(earlier) = open.item.variants.iter().find(|v| v.source_key == source_key) {
        return Err(first_option.error(
            format!(
                "the variant {} of {} stands here and on line {}",
                shortened(&source_key),
                shortened(&open.item.source_key),
                earlier.line
            ),
            "Give each variant its own options, or remove one of the two rows",
        ));
    }
    if open.item.variants.len() >= MAX_VARIANTS {
        return Err(first_option.error(
            format!("the product has more than {MAX_VARIANTS} variants"),
            "Split it into several products",
        ));
    }
    let price = cells.at(columns.price).price(cells.currency, false)?;
    let compare_at = cells.at(columns.compare_at).price(cells.currency, false)?;
    open.any_taxable |= !cells.at(columns.taxable).is_no();
    open.any_tracker |= !cells.at(columns.tracker).is_empty();
    open.item.variants.push(VariantDraft {
        source_key,
        options,
        sku: cells.at(columns.sku).name(false)?,
        barcodes: cells.at(columns.barcode).barcode()?.into_iter().collect(),
        price,
        compare_at: reduced(price, compare_at),
        stock: cells.at(columns.stock).quantity()?,
        line: cells.row.line,
    });
    Ok(())
}

fn options(names: &[Option<String>; 3], cells: &Cells<'_>) -> Result<Vec<ItemOption>, FileError> {
    let mut options = Vec::new();
    for (number, (name, index)) in names.iter().zip(cells.columns.option_values).enumerate() {
        let Some(value) = cells.at(index).name(false)? else { continue };
        let name = name.clone().unwrap_or_else(|| format!("Option {}", number + 1));
        let no_choice =
            name.eq_ignore_ascii_case("Title") && value.eq_ignore_ascii_case("Default Title");
        if !no_choice {
            options.push(ItemOption { name, value });
        }
    }
    Ok(options)
}

fn category(cells: &Cells<'_>) -> Result<Option<String>, FileError> {
    if let Some(category) = cells.at(cells.columns.category).name(false)? {
        return Ok(Some(category));
    }
    let tags = cells.at(cells.columns.tags);
    match tags.text.split(',').map(str::trim).find(|tag| !tag.is_empty()) {
        Some(tag) => tags.clean(tag, false),
        None => Ok(None),
    }
}

fn reason_to_leave_out(cells: &Cells<'_>) -> Option<String> {
    let columns = cells.columns;
    let status = cells.at(columns.status).text.to_lowercase();
    if cells.at(columns.gift_card).is_yes() {
        return Some("a gift card is issued at the till, not sold from stock".to_owned());
    }
    if status == "draft" || status == "archived" {
        return Some(format!("its status is {status}: make it active to take it"));
    }
    if cells.at(columns.published).is_no() {
        return Some("it is not published: publish it to take it".to_owned());
    }
    None
}
