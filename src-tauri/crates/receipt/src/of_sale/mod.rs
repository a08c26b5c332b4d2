//! From a stored sale to the document. Amounts are the sale's own; nothing is priced again.

mod lines;
mod payments;
mod sums;
mod taxes;

use countertop_domain::pricing::AdjustmentKind;
use countertop_domain::sale::Sale;
use countertop_domain::time::Timestamp;

use crate::amount::{NumberFormat, format_amount, format_total};
use crate::clean::clean;
use crate::doc::{Block, Kind, ReceiptDoc};
use crate::letterhead::Letterhead;
use crate::words::Words;

pub(crate) use lines::{is_return, quantity};
pub(crate) use payments::{kind_name, masked, tender_rows};
pub(crate) use taxes::rate;

/// Names of what a sale keeps only the ids of, as whoever prints it finds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaleNames<'a> {
    /// The number of the held order that the sale completes, such as `O-17`.
    pub order: Option<&'a str>,
    /// The name of the fiscal position that applied, such as `Take away`.
    pub position: Option<&'a str>,
}

impl ReceiptDoc {
    /// [`ReceiptDoc::of_sale_named`] for a sale that belongs to no held order and whose fiscal
    /// position, if any, stands in its adjustments.
    pub fn of_sale(sale: &Sale, letterhead: &Letterhead, kind: Kind) -> Self {
        Self::of_sale_named(sale, SaleNames::default(), letterhead, kind)
    }

    /// The receipt of a sale, a refund or an exchange on a shop's letterhead.
    ///
    /// The column of amounts adds up, so that it can be checked with a pencil:
    ///
    /// 1. A line shows `quantity x price`, and under it each promotion, coupon and discount of its
    ///    own. Something that came back shows below nothing, with its share of every reduction,
    ///    its share of a discount on the whole receipt included.
    /// 2. [`Block::Subtotal`] is the sum of what stands above it and does not count again.
    /// 3. After the lines come, once each, what concerns all that is sold: the discount on
    ///    everything, and the difference that a fiscal position makes to label prices; then the
    ///    taxes that come on top of them.
    /// 4. Items, their reductions and every [`Block::Amount`] before [`Block::Total`] add up to the
    ///    total, to the last unit.
    /// 5. After the total, total + tip + cash rounding is what the payments ([`Block::Tender`])
    ///    come to, less the change.
    /// 6. Taxes that are inside the prices stand in a table of their own, whose last row gives net
    ///    and tax of the whole sale; these two make the total.
    pub fn of_sale_named(
        sale: &Sale,
        names: SaleNames<'_>,
        letterhead: &Letterhead,
        kind: Kind,
    ) -> Self {
        let view = View { sale, names, words: &letterhead.words, numbers: &letterhead.numbers };
        let words = view.words;
        let mut blocks: Vec<Block> = view.title().map(Block::Title).into_iter().collect();
        blocks.push(Block::Rule);
        blocks.extend(view.facts());
        blocks.push(Block::Rule);
        blocks.extend(view.items());
        blocks.push(Block::Rule);
        blocks.extend(view.sums());
        blocks.extend(view.payments());
        blocks.extend(view.tax_table());
        blocks.push(Block::Rule);
        blocks.push(Block::Barcode(sale.receipt.to_string()));
        blocks.push(Block::Qr(verification(sale)));
        let name = view.title().unwrap_or_else(|| words.receipt.clone());
        Sheet {
            id: sale.id.to_string(),
            number: sale.receipt.to_string(),
            name: &name,
            issued: sale.at,
            kind,
            blocks,
        }
        .on(letterhead)
    }
}

/// A document without its letterhead.
pub(crate) struct Sheet<'a> {
    pub(crate) id: String,
    pub(crate) number: String,
    /// What a file of it is called, before the number.
    pub(crate) name: &'a str,
    pub(crate) issued: Timestamp,
    pub(crate) kind: Kind,
    pub(crate) blocks: Vec<Block>,
}

impl Sheet<'_> {
    /// The whole document: head, blocks and foot, with a banner at both ends of a copy.
    pub(crate) fn on(self, letterhead: &Letterhead) -> ReceiptDoc {
        let words = &letterhead.words;
        let banner = (self.kind == Kind::Copy).then(|| Block::Banner(words.copy.clone()));
        let mut blocks: Vec<Block> = banner.iter().cloned().collect();
        blocks.extend(head(letterhead));
        blocks.extend(self.blocks);
        blocks.extend(letterhead.footer.iter().cloned().map(Block::Footer));
        blocks.extend(banner);
        let doc = ReceiptDoc {
            id: self.id,
            title: format!("{} {}", self.name, self.number),
            number: self.number,
            shop: letterhead.shop.clone(),
            language: words.language.clone(),
            issued: self.issued,
            kind: self.kind,
            blocks,
        };
        doc.map_text(clean)
    }
}

pub(crate) fn head(letterhead: &Letterhead) -> Vec<Block> {
    let logo = letterhead.logo.clone().map(Block::Picture);
    let mut blocks: Vec<Block> = logo.into_iter().collect();
    blocks.push(Block::Heading(letterhead.shop.clone()));
    blocks.extend(letterhead.address.iter().cloned().map(Block::Centred));
    if let Some(tax_number) = &letterhead.tax_number {
        blocks.push(Block::Centred(format!("{} {tax_number}", letterhead.words.tax_number)));
    }
    blocks
}

pub(crate) fn fact(label: &str, value: impl Into<String>) -> Block {
    Block::Fact { label: label.to_owned(), value: value.into() }
}

/// A sale with the words and numbers that it is printed in.
pub(crate) struct View<'a> {
    pub(crate) sale: &'a Sale,
    pub(crate) names: SaleNames<'a>,
    pub(crate) words: &'a Words,
    pub(crate) numbers: &'a NumberFormat,
}

impl View<'_> {
    fn amount(&self, amount: countertop_domain::money::Money) -> String {
        format_amount(amount, self.numbers)
    }

    fn with_currency(&self, amount: countertop_domain::money::Money) -> String {
        format_total(amount, self.numbers)
    }

    /// What kind of ticket it is; none for a plain sale.
    fn title(&self) -> Option<String> {
        let mut returns = self.sale.lines.iter().map(is_return);
        let bought = returns.clone().any(|back| !back);
        match (self.sale.is_refund(), returns.any(|back| back), bought) {
            (true, ..) | (false, true, false) => Some(self.words.refund.clone()),
            (false, true, true) => Some(self.words.exchange.clone()),
            (false, false, _) => None,
        }
    }

    fn facts(&self) -> Vec<Block> {
        let (sale, words) = (self.sale, self.words);
        let mut facts = vec![
            fact(&words.receipt, sale.receipt.to_string()),
            fact(&words.date, sale.at.local_text()),
            fact(&words.served_by, &*sale.actor.name),
        ];
        if let Some(order) = self.names.order {
            facts.push(fact(&words.order, order));
        }
        if let Some(customer) = &sale.customer {
            facts.push(fact(&words.customer, &*customer.name));
            if let Some(tax_id) = &customer.tax_id {
                facts.push(fact(&words.customer_tax_number, &**tax_id));
            }
        }
        if let Some(position) = self.position() {
            facts.push(fact(&words.tax_position, position));
        }
        let is_printed = |code: &str| {
            let all = sale.lines.iter().flat_map(|line| &line.adjustments);
            all.filter(|one| one.kind == AdjustmentKind::Coupon).any(|one| one.id == code)
        };
        for coupon in sale.coupons.iter().filter(|coupon| !is_printed(&coupon.code)) {
            facts.push(fact(&words.coupon, &*coupon.code));
        }
        facts
    }

    /// By which fiscal position the sale was taxed, if not as usual.
    fn position(&self) -> Option<String> {
        let customer = self.sale.customer.as_ref();
        if customer.is_some_and(|customer| customer.tax_exempt) {
            return Some(self.words.tax_exempt.clone());
        }
        let of_customer = || customer.and_then(|customer| customer.position.as_deref());
        let id = self.sale.position.as_deref().or_else(of_customer)?;
        let sold = self.sale.lines.iter().filter(|line| !is_return(line));
        let mut adjustments = sold.flat_map(|line| &line.adjustments);
        let named = adjustments
            .find(|one| one.kind == AdjustmentKind::Position && one.id == id)
            .map(|one| one.name.as_str());
        Some(self.names.position.or(named).unwrap_or(id).to_owned())
    }
}

/// What the QR code says: readable by people, four fields for programs, the same in every language.
fn verification(sale: &Sale) -> String {
    format!("{} | {} | {} | {}", sale.receipt, sale.at.local_text(), sale.total, sale.id)
}
