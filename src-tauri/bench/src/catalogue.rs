//! A made-up catalogue of any size: the same in every run, with variants, counted stock and
//! reduced prices as a real one has them.

use std::path::Path;

use anyhow::Context as _;
use clap::ValueEnum;
use countertop_domain::barcode::in_store_ean13;

use crate::chance::Chance;
use crate::words::{CATEGORIES, CHOICES, GOODS, MAKERS, PACKS, TRAITS};

/// One thing that has a price and a barcode. Amounts are cents, stock pieces.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    /// Which item it belongs to.
    pub(crate) handle: String,
    /// The item's name.
    pub(crate) title: String,
    /// What tells it from its item's other variants.
    pub(crate) choice: Option<&'static str>,
    pub(crate) category: &'static str,
    pub(crate) sku: String,
    pub(crate) barcode: String,
    pub(crate) price: i64,
    /// The price before a reduction.
    pub(crate) was: Option<i64>,
    /// What is left, where stock is counted.
    pub(crate) stock: Option<i64>,
    /// True for the first article of its item.
    pub(crate) first: bool,
}

impl Article {
    /// The name as a receipt has it.
    pub(crate) fn name(&self) -> String {
        match self.choice {
            Some(choice) => format!("{}, {choice}", self.title),
            None => self.title.clone(),
        }
    }
}

/// In which order a file's handles and barcodes come. A database puts ascending ones at the end of
/// its index and has to look for the place of all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Ascending, as a shop that numbers its own goods gives them.
    Running,
    /// Any, as makers give them.
    Scattered,
}

/// The barcode of the article on row `row`.
pub(crate) fn barcode(order: Order, row: u64) -> String {
    // Odd and no multiple of five, so that no two rows below 10^10 share a code.
    const SCATTER: u128 = 6_180_339_887;
    let code = match order {
        Order::Running => 1_000_000 + row * 97,
        Order::Scattered => {
            u64::try_from(u128::from(row) * SCATTER % 10_000_000_000).unwrap_or_default()
        }
    };
    in_store_ean13(code)
}

/// The articles of rows `from` to `to`, without `to`.
pub(crate) fn articles(order: Order, from: u64, to: u64) -> Articles {
    Articles { order, chance: Chance::new(from ^ 0x0C0A_7E57), next: from, end: to, item: None }
}

/// See [`articles`].
#[derive(Clone, Debug)]
pub(crate) struct Articles {
    order: Order,
    chance: Chance,
    next: u64,
    end: u64,
    item: Option<OpenItem>,
}

/// The item whose variants are being handed out.
#[derive(Clone, Debug)]
struct OpenItem {
    handle: String,
    title: String,
    category: &'static str,
    price: i64,
    reduced: bool,
    counted: bool,
    choices: &'static [&'static str],
    given: usize,
}

impl Articles {
    fn begin_item(&mut self) -> OpenItem {
        let chance = &mut self.chance;
        let (maker, goods) = (chance.pick(MAKERS), chance.pick(GOODS));
        let title = format!(
            "{maker} {} {goods} {} {:04}",
            chance.pick(TRAITS),
            chance.pick(PACKS),
            self.next % 10_000
        );
        let name = format!("{}-{goods}", maker.to_lowercase());
        OpenItem {
            handle: match self.order {
                Order::Running => format!("p{:07}-{name}", self.next),
                Order::Scattered => format!("{name}-{}", self.next),
            },
            title,
            category: chance.pick(CATEGORIES),
            price: i64::try_from(chance.below(4_000)).unwrap_or(0) + 49,
            reduced: chance.happens(8),
            counted: chance.happens(60),
            choices: if chance.happens(15) { CHOICES } else { &[] },
            given: 0,
        }
    }
}

impl Iterator for Articles {
    type Item = Article;

    fn next(&mut self) -> Option<Article> {
        if self.next >= self.end {
            return None;
        }
        let mut item = match self.item.take() {
            Some(item) => item,
            None => self.begin_item(),
        };
        let row = self.next;
        self.next += 1;
        let dearer = i64::try_from(item.given).unwrap_or(0) * 100;
        let article = Article {
            handle: item.handle.clone(),
            title: item.title.clone(),
            choice: item.choices.get(item.given).copied(),
            category: item.category,
            sku: format!("A-{row:07}"),
            barcode: barcode(self.order, row),
            price: item.price + dearer,
            was: item.reduced.then_some(item.price + dearer + 150),
            stock: item.counted.then(|| i64::try_from(self.chance.below(500)).unwrap_or(0) + 1),
            first: item.given == 0,
        };
        item.given += 1;
        if item.given < item.choices.len() {
            self.item = Some(item);
        }
        Some(article)
    }
}

/// Writes the articles of rows `from` to `to` as Shopify exports products.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write_csv(path: &Path, order: Order, from: u64, to: u64) -> anyhow::Result<()> {
    let failed = || format!("{} cannot be written", path.display());
    let mut file = csv::Writer::from_path(path).with_context(failed)?;
    file.write_record(COLUMNS).with_context(failed)?;
    for article in articles(order, from, to) {
        file.write_record(record(&article)).with_context(failed)?;
    }
    file.flush().with_context(failed)
}

const COLUMNS: [&str; 22] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Fulfillment Service",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Image Src",
    "Status",
];

/// A row as Shopify has it: only the first row of an item describes the item.
fn record(article: &Article) -> [String; COLUMNS.len()] {
    let of_item = |text: &str| if article.first { text.to_owned() } else { String::new() };
    let vendor = article.title.split(' ').next().unwrap_or_default();
    let body = format!("<p>{}: see the label for what is in it.</p>", article.title);
    let (option, value) = match article.choice {
        Some(choice) => (of_item("Size"), choice.to_owned()),
        None => ("Title".to_owned(), "Default Title".to_owned()),
    };
    let tracker = if article.stock.is_some() { "shopify" } else { "" };
    [
        article.handle.clone(),
        of_item(&article.title),
        of_item(&body),
        of_item(vendor),
        of_item(article.category),
        String::new(),
        of_item("true"),
        option,
        value,
        article.sku.clone(),
        "250".to_owned(),
        tracker.to_owned(),
        article.stock.map(|stock| stock.to_string()).unwrap_or_default(),
        "deny".to_owned(),
        "manual".to_owned(),
        amount(article.price),
        article.was.map(amount).unwrap_or_default(),
        "true".to_owned(),
        "true".to_owned(),
        article.barcode.clone(),
        String::new(),
        of_item("active"),
    ]
}

fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_article_has_a_code_of_its_own_and_the_same_one_in_every_run() {
        for order in [Order::Running, Order::Scattered] {
            let all = || articles(order, 0, 20_000);
            let codes: HashSet<String> = all().map(|article| article.barcode).collect();
            assert_eq!(codes.len(), 20_000);
            assert!(codes.contains(&barcode(order, 19_999)));
            assert!(all().map(|a| a.name()).eq(all().map(|a| a.name())));
        }
    }

    #[test]
    fn running_codes_ascend_and_scattered_ones_do_not() {
        let codes = |order| articles(order, 0, 1_000).map(|article| article.barcode);
        assert!(codes(Order::Running).is_sorted());
        assert!(!codes(Order::Scattered).is_sorted());
    }

    #[test]
    fn some_items_have_variants_and_some_are_counted() {
        let all: Vec<Article> = articles(Order::Running, 0, 2_000).collect();
        assert_eq!(all.len(), 2_000);
        assert!(all.iter().any(|article| article.choice == Some("Large")));
        assert!(all.iter().any(|article| article.choice.is_none()));
        assert!(all.iter().any(|article| article.stock.is_some()));
        assert!(all.iter().any(|article| article.stock.is_none()));
    }

    #[test]
    fn prices_are_written_with_their_cents() {
        assert_eq!(amount(49), "0.49");
        assert_eq!(amount(12_305), "123.05");
    }
}
