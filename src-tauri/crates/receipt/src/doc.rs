//! The receipt as a document: blocks in print order that know nothing of paper.

use countertop_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clean::clean;
use crate::picture::Picture;
use crate::words::Words;

/// The first print of a receipt, or a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The one that the customer gets at the sale.
    Original,
    /// Any later print; says so.
    Copy,
}

/// A receipt, a slip or a report, ready for any medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptDoc {
    /// The sale's id.
    pub id: String,
    /// The receipt's number: `T1-1042`.
    pub number: String,
    /// What a file of it is called: `Receipt T1-1042`.
    pub title: String,
    /// The shop's name.
    pub shop: String,
    /// The language of its words, as BCP 47 has it.
    pub language: String,
    /// When the sale was paid.
    pub issued: Timestamp,
    /// First print or a later one.
    pub kind: Kind,
    /// What is printed, in order.
    pub blocks: Vec<Block>,
}

/// One part of a receipt. Every text is one line of any length; media wrap it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The shop's name: large, centred.
    Heading(String),
    /// What kind of document it is, where it is not a plain receipt: tall, centred.
    Title(String),
    /// A centred line of the letterhead.
    Centred(String),
    /// That this is a copy: large, centred, impossible to miss.
    Banner(String),
    /// A line across.
    Rule,
    /// A plain line.
    Text(String),
    /// Over the rows that follow.
    Section(String),
    /// A fact about the sale.
    Fact {
        /// Such as `Date`.
        label: String,
        /// Such as `2026-11-23 14:08`.
        value: String,
    },
    /// A line of the sale.
    Item(ItemRow),
    /// An amount that counts in its column: a discount on everything, a tax that comes on top.
    Amount {
        /// What it is.
        label: String,
        /// How much, formatted.
        amount: String,
    },
    /// The sum of what stands above: emphasised, and not counted again.
    Subtotal {
        /// What it is the sum of.
        label: String,
        /// How much, formatted.
        amount: String,
    },
    /// What is paid: emphasised, with the currency.
    Total {
        /// What it is called.
        label: String,
        /// How much, formatted.
        amount: String,
    },
    /// A row beside the column: how it was paid, the change, the coins of a count.
    Tender {
        /// Such as `Cash received`.
        label: String,
        /// How much, formatted.
        amount: String,
    },
    /// The taxes, by rate.
    Taxes(TaxTable),
    /// A number as CODE128, for the counter's scanner.
    Barcode(String),
    /// The number of goods as EAN-13, EAN-8 or UPC-A, else as CODE128.
    ProductCode(String),
    /// The shop's logo: centred.
    Picture(Picture),
    /// A text as QR; on a receipt number, time, total and id of the sale, for checking a paper
    /// against the books.
    Qr(String),
    /// A centred line at the end.
    Footer(String),
}

/// A line of the sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// What was sold, or came back.
    pub name: String,
    /// What the line costs before its reductions, formatted, as `quantity x price` gives it.
    pub amount: String,
    /// Quantity and price, the list price and the reason for another, the note; each on a line.
    pub details: Vec<String>,
    /// What promotions, coupons and discounts took off this line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reductions: Vec<ReductionRow>,
}

/// What one rule took off a line (or gave back of it, for something that came back).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReductionRow {
    /// Name of the promotion, reason of the discount.
    pub label: String,
    /// How much, formatted; below nothing takes off.
    pub amount: String,
}

/// The taxes of a document. The last column adds up; so does the one before it, unless its heading
/// says that it holds the bases of taxes on taxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTable {
    /// Over the tax's name, its base and its amount.
    pub headings: [String; 3],
    /// One a tax.
    pub rows: Vec<TaxRow>,
}

/// One tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRow {
    /// Name and rate: `VAT 20%`.
    pub name: String,
    /// What it is taken on, formatted.
    pub base: String,
    /// How much, formatted.
    pub tax: String,
}

impl ReceiptDoc {
    /// A later print of the same document: it says so at both ends, and nothing else of it changes,
    /// whatever the shop's letterhead has become since.
    #[must_use]
    pub fn copied(mut self, words: &Words) -> Self {
        if self.kind == Kind::Original {
            self.kind = Kind::Copy;
            let banner = Block::Banner(clean(&words.copy));
            self.blocks.insert(0, banner.clone());
            self.blocks.push(banner);
        }
        self
    }

    /// The document with every printed text passed through `f`. Data of codes stays as it is.
    pub(crate) fn map_text(&self, mut f: impl FnMut(&str) -> String) -> Self {
        let mut doc = self.clone();
        doc.number = f(&self.number);
        doc.title = f(&self.title);
        doc.shop = f(&self.shop);
        for block in &mut doc.blocks {
            match block {
                Block::Rule
                | Block::Barcode(_)
                | Block::ProductCode(_)
                | Block::Picture(_)
                | Block::Qr(_) => {}
                Block::Heading(text)
                | Block::Title(text)
                | Block::Section(text)
                | Block::Centred(text)
                | Block::Banner(text)
                | Block::Text(text)
                | Block::Footer(text) => *text = f(text),
                Block::Fact { label, value: amount }
                | Block::Amount { label, amount }
                | Block::Subtotal { label, amount }
                | Block::Total { label, amount }
                | Block::Tender { label, amount } => {
                    *label = f(label);
                    *amount = f(amount);
                }
                Block::Item(item) => {
                    item.name = f(&item.name);
                    item.amount = f(&item.amount);
                    for detail in &mut item.details {
                        *detail = f(detail);
                    }
                    for row in &mut item.reductions {
                        row.label = f(&row.label);
                        row.amount = f(&row.amount);
                    }
                }
                Block::Taxes(table) => {
                    for heading in &mut table.headings {
                        *heading = f(heading);
                    }
                    for row in &mut table.rows {
                        row.name = f(&row.name);
                        row.base = f(&row.base);
                        row.tax = f(&row.tax);
                    }
                }
            }
        }
        doc
    }
}
