//! From a stored sale to the document. Amounts are the sale's own; nothing is computed again.

use countertop_domain::money::Money;
use countertop_domain::pricing::TaxSum;
use countertop_domain::sale::{Sale, SaleLine};
use countertop_domain::tax::TaxMode;
use countertop_domain::tender::TenderKind;

use crate::amount::{NumberFormat, format_amount, format_quantity, format_total, localised};
use crate::clean::clean;
use crate::doc::{Block, ItemRow, Kind, ReceiptDoc, TaxRow, TaxTable};
use crate::letterhead::{Letterhead, Words};

impl ReceiptDoc {
    /// The receipt of a sale on a shop's letterhead.
    ///
    /// A line shows `quantity x price`: taxes inside the price are in it and listed under the
    /// total, taxes on top are not and come between subtotal and total. So each tax is printed
    /// once, and the column of amounts adds up to the total.
    pub fn of_sale(sale: &Sale, letterhead: &Letterhead, kind: Kind) -> Self {
        let words = &letterhead.words;
        let number = sale.receipt.to_string();
        let mut blocks = Vec::new();
        let banner = (kind == Kind::Copy).then(|| Block::Banner(words.copy.clone()));
        blocks.extend(banner.clone());
        blocks.extend(head(letterhead));
        blocks.push(Block::Rule);
        blocks.extend(facts(sale, words, &number));
        blocks.push(Block::Rule);
        blocks.extend(sale.lines.iter().map(|line| Block::Item(item(sale, line, letterhead))));
        blocks.push(Block::Rule);
        blocks.extend(sums(sale, letterhead));
        blocks.extend(tenders(sale, letterhead));
        blocks.extend(tax_table(sale, letterhead));
        blocks.push(Block::Rule);
        blocks.push(Block::Barcode(number.clone()));
        blocks.push(Block::Qr(verification(sale)));
        blocks.extend(letterhead.footer.iter().cloned().map(Block::Footer));
        blocks.extend(banner);
        let doc = Self {
            id: sale.id.to_string(),
            title: format!("{} {number}", words.receipt),
            number,
            shop: letterhead.shop.clone(),
            language: words.language.clone(),
            issued: sale.at,
            kind,
            blocks,
        };
        doc.map_text(clean)
    }
}

fn head(letterhead: &Letterhead) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(letterhead.shop.clone())];
    blocks.extend(letterhead.address.iter().cloned().map(Block::Centred));
    if let Some(tax_number) = &letterhead.tax_number {
        blocks.push(Block::Centred(format!("{} {tax_number}", letterhead.words.tax_number)));
    }
    blocks
}

fn facts(sale: &Sale, words: &Words, number: &str) -> [Block; 3] {
    let fact =
        |label: &str, value: &str| Block::Fact { label: label.to_owned(), value: value.to_owned() };
    [
        fact(&words.receipt, number),
        fact(&words.date, &sale.at.local_text()),
        fact(&words.served_by, &sale.actor.name),
    ]
}

fn item(sale: &Sale, line: &SaleLine, letterhead: &Letterhead) -> ItemRow {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let mut details = Vec::new();
    let listed = line.list_price.filter(|list| *list != line.unit_price);
    let single = line.quantity == countertop_domain::quantity::Quantity::ONE
        && !line.unit.is_divisible()
        && listed.is_none();
    if !single {
        let price = format_amount(line.unit_price, numbers);
        let quantity = format_quantity(line.quantity, numbers);
        details.push(match line.unit.sign() {
            "" => format!("{quantity} {} {price}", words.times),
            sign => format!("{quantity} {sign} {} {price}/{sign}", words.times),
        });
    }
    let reason = line.price_reason.as_deref().unwrap_or_default();
    match listed {
        Some(list) if reason.is_empty() => {
            details.push(format!("{} {}", words.list_price, format_amount(list, numbers)));
        }
        Some(list) => details.push(format!(
            "{} {} ({reason})",
            words.list_price,
            format_amount(list, numbers)
        )),
        None if reason.is_empty() => {}
        None => details.push(reason.to_owned()),
    }
    if let Some(note) = line.note.as_deref().filter(|note| !note.is_empty()) {
        details.push(format!("{}: {note}", words.note));
    }
    let amount = labelled(sale, line);
    ItemRow { name: line.name.clone(), amount: format_amount(amount, numbers), details }
}

fn on_top(sale: &Sale) -> impl Iterator<Item = &TaxSum> {
    sale.taxes.iter().filter(|sum| sum.tax.mode == TaxMode::Exclusive)
}

/// What the label asks: the line's total less the taxes that came on top of it. A sale in one
/// currency, as every stored sale is, cannot fail to subtract.
fn labelled(sale: &Sale, line: &SaleLine) -> Money {
    line.taxes
        .iter()
        .filter(|part| on_top(sale).any(|sum| sum.tax.code == part.code))
        .try_fold(line.total, |rest, part| rest.minus(part.amount))
        .unwrap_or(line.total)
}

fn sums(sale: &Sale, letterhead: &Letterhead) -> Vec<Block> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let mut blocks = Vec::new();
    if on_top(sale).next().is_some() {
        let before = on_top(sale)
            .try_fold(sale.total, |rest, sum| rest.minus(sum.amount))
            .unwrap_or(sale.net);
        blocks.push(Block::Amount {
            label: words.subtotal.clone(),
            amount: format_amount(before, numbers),
        });
    }
    for sum in on_top(sale) {
        let base = format_amount(sum.base, numbers);
        blocks.push(Block::Amount {
            label: format!("{} {} {base}", tax_name(sum, numbers), words.on),
            amount: format_amount(sum.amount, numbers),
        });
    }
    blocks.push(Block::Total {
        label: words.total.clone(),
        amount: format_total(sale.total, numbers),
    });
    blocks
}

fn tenders(sale: &Sale, letterhead: &Letterhead) -> Vec<Block> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let row = |label: &str, amount| Block::Tender {
        label: label.to_owned(),
        amount: format_amount(amount, numbers),
    };
    let mut blocks: Vec<Block> = sale
        .tenders
        .iter()
        .map(|tender| match tender.kind {
            TenderKind::Cash => row(&words.cash, tender.received),
            TenderKind::CardExternal => row(&words.card, tender.amount),
        })
        .collect();
    if !sale.change.is_zero() {
        blocks.push(row(&words.change, sale.change));
    }
    blocks
}

/// `VAT 5.5%`.
fn tax_name(sum: &TaxSum, numbers: &NumberFormat) -> String {
    format!("{} {}%", sum.tax.name, localised(&sum.tax.rate.value().to_string(), numbers))
}

fn tax_table(sale: &Sale, letterhead: &Letterhead) -> Option<Block> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let rows: Vec<TaxRow> = sale
        .taxes
        .iter()
        .filter(|sum| sum.tax.mode == TaxMode::Inclusive)
        .map(|sum| TaxRow {
            name: tax_name(sum, numbers),
            base: format_amount(sum.base, numbers),
            tax: format_amount(sum.amount, numbers),
        })
        .collect();
    let headings = [words.tax_included.clone(), words.net.clone(), words.tax.clone()];
    (!rows.is_empty()).then_some(Block::Taxes(TaxTable { headings, rows }))
}

/// What the QR code says: readable by people, four fields for programs, the same in every language.
fn verification(sale: &Sale) -> String {
    format!("{} | {} | {} | {}", sale.receipt, sale.at.local_text(), sale.total, sale.id)
}
