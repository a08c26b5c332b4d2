//! The demo store: Harbour Lane, a coffee bar with a bakery and a corner shop, in a town that is on
//! no map. It is what a first start shows and what screenshots and tests are made with.
//!
//! Data only: what is sold, by whom, how taxed, and how a month of it would look. Every barcode is
//! of the range that GS1 leaves to a shop's own use (prefix 20), so none is a real product's.

mod counter;
mod good;
mod rhythm;
mod shelf;
mod terms;

use std::collections::BTreeMap;

use countertop_domain::barcode::in_store_ean13;
use countertop_domain::item::{Barcode, ItemOption};
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::staff::Role;
use countertop_domain::tax::{self, Tax, TaxClass, TaxMode, TaxTable};
use countertop_receipt::Letterhead;
use rust_decimal::Decimal;

use self::good::{Good, Rate, Sort};
pub use self::rhythm::{BASKET_LINES, HOURS, SALES_BY_WEEKDAY, SHARE_OF_CARD};
pub use self::terms::{coupon, customers, money, positions, price_rules};
use crate::catalog_file::{ItemDraft, VariantDraft};

/// Name of the shop.
pub const SHOP: &str = "Harbour Lane";

/// Currency of every amount here.
pub const CURRENCY: Currency = Currency::EUR;

/// Categories in the order of the Sell screen, and the ink (1 to 6) of each.
const CATEGORIES: [(&str, u8); 8] = [
    ("Coffee", 1),
    ("Bakery", 2),
    ("Produce", 3),
    ("Dairy", 4),
    ("Drinks", 5),
    ("Pantry", 6),
    ("Household", 4),
    ("Gifts", 6),
];

/// Goods of each category, in the same order.
const GOODS: [&[Good]; 8] = [
    counter::COFFEE,
    counter::BAKERY,
    counter::PRODUCE,
    counter::DAIRY,
    shelf::DRINKS,
    shelf::PANTRY,
    shelf::HOUSEHOLD,
    shelf::GIFTS,
];

/// Categories in the order of the Sell screen, and the ink of each, from 1 to 6.
pub const fn categories() -> &'static [(&'static str, u8)] {
    &CATEGORIES
}

/// Someone who works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their name, as on the receipt.
    pub name: &'static str,
    /// What they are trusted with.
    pub role: Role,
}

/// Who works here; the owner first.
pub const STAFF: [Member; 2] = [
    Member { name: "Mara Quinn", role: Role::Owner },
    Member { name: "Theo Blake", role: Role::Cashier },
];

/// How often a variant is sold, and how much of it at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// [`ItemDraft::source_key`] of the item.
    pub item: String,
    /// [`VariantDraft::source_key`] of the variant.
    pub variant: String,
    /// Relative to all others, above 0: of two variants with 60 and 20, the first is sold three
    /// times as often.
    pub weight: u32,
    /// Least of one line; by far the most usual for pieces.
    pub least: Quantity,
    /// Most of one line.
    pub most: Quantity,
    /// What the quantity counts: whole ones only for pieces.
    pub unit: Unit,
}

/// What is sold, in the order of the Sell screen. Stock is what a shelf holds when it is full: a
/// month of sales takes more than that, so it has to be filled up in between.
pub fn items() -> Vec<ItemDraft> {
    goods().zip(1..).map(|((category, good), line)| draft(category, good, line)).collect()
}

/// How often each variant is sold; what is never in a past basket is left out.
pub fn demand() -> Vec<Demand> {
    let of_good = |good: &'static Good| {
        good.sorts.iter().filter(|sort| sort.demand > 0).map(|sort| Demand {
            item: slug(good.name),
            variant: variant_key(sort),
            weight: sort.demand,
            least: Quantity::from_thousandths(sort.typical.0),
            most: Quantity::from_thousandths(sort.typical.1),
            unit: good.unit,
        })
    };
    goods().flat_map(|(_, good)| of_good(good)).collect()
}

/// Value added tax within the price: 23 %, 13.5 % and 0 %. Exempt goods (stamps, vouchers) have no
/// row.
pub fn taxes() -> TaxTable {
    let row = |rate: Rate, code: &str, percent: Decimal| {
        let percent = tax::Rate::new(percent).ok()?;
        Some((class(rate), vec![Tax::percent(code, "VAT", percent, TaxMode::Inclusive)]))
    };
    let rows = [
        row(Rate::Standard, "vat-23-in", Decimal::from(23)),
        row(Rate::Reduced, "vat-13.5-in", Decimal::new(135, 1)),
        row(Rate::Zero, "vat-0-in", Decimal::ZERO),
    ];
    TaxTable::new(rows.into_iter().flatten().collect::<BTreeMap<_, _>>())
}

/// What the shop prints around a sale.
pub fn letterhead() -> Letterhead {
    let lines = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Letterhead {
        shop: SHOP.to_owned(),
        address: lines(&["Coffee, bakery, corner shop", "7 Harbour Lane, Port Ennan"]),
        tax_number: Some("IE0000000DM".to_owned()),
        footer: lines(&["Open every day from 7 to 19", "Thank you, mind the gulls"]),
        ..Letterhead::default()
    }
}

fn goods() -> impl Iterator<Item = (&'static str, &'static Good)> {
    CATEGORIES
        .iter()
        .zip(GOODS)
        .flat_map(|((category, _), goods)| goods.iter().map(move |good| (*category, good)))
}

fn draft(category: &str, good: &Good, line: u64) -> ItemDraft {
    ItemDraft {
        source_key: slug(good.name),
        name: good.name.to_owned(),
        category: Some(category.to_owned()),
        tax_class: class(good.rate),
        unit: good.unit,
        images: vec![format!("/media/demo/{}.svg", good.picture)],
        favourite: good.favourite,
        line,
        variants: good.sorts.iter().map(|sort| variant(good.choice, sort, line)).collect(),
    }
}

fn variant(choice: &str, sort: &Sort, line: u64) -> VariantDraft {
    let values = sort.value.split(" / ").filter(|value| !value.is_empty());
    let options = choice.split(" / ").zip(values);
    let barcode = |number, quantity| Barcode { code: in_store_ean13(number), quantity };
    let single = sort.code.map(|number| barcode(number, Quantity::ONE));
    let pack = sort.pack.map(|(number, units)| barcode(number, Quantity::pieces(units)));
    let money = |cents: i64| Money::new(cents, CURRENCY).ok();
    VariantDraft {
        source_key: variant_key(sort),
        options: options
            .map(|(name, value)| ItemOption { name: name.to_owned(), value: value.to_owned() })
            .collect(),
        sku: sort.code.map(|number| format!("HL-{number}")),
        barcodes: single.into_iter().chain(pack).collect(),
        price: sort.price.and_then(money),
        compare_at: sort.before.and_then(money),
        stock: sort.stock.map(Quantity::from_thousandths),
        line,
    }
}

fn variant_key(sort: &Sort) -> String {
    if sort.value.is_empty() { "only".to_owned() } else { slug(sort.value) }
}

fn class(rate: Rate) -> TaxClass {
    match rate {
        Rate::Standard => TaxClass::standard(),
        Rate::Reduced => TaxClass::new("reduced"),
        Rate::Zero => TaxClass::new("zero"),
        Rate::Exempt => TaxClass::exempt(),
    }
}

/// `Ham and cheese toastie` as `ham-and-cheese-toastie`.
fn slug(name: &str) -> String {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests;
