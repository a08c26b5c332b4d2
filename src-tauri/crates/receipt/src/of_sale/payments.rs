//! How it was paid, or paid out.

use countertop_domain::card::CardFacts;
use countertop_domain::customer::CustomerRef;
use countertop_domain::money::Money;
use countertop_domain::tender::{Tender, TenderKind};

use super::View;
use crate::amount::{NumberFormat, format_amount, format_code, localised};
use crate::doc::Block;
use crate::words::Words;

/// What a way of paying is called.
pub(crate) fn kind_name(kind: TenderKind, words: &Words) -> &str {
    match kind {
        TenderKind::Cash => &words.coins_and_notes,
        TenderKind::CardExternal | TenderKind::Card => &words.card,
        TenderKind::ForeignCash => &words.foreign_cash,
        TenderKind::GiftCard => &words.gift_card,
        TenderKind::StoreCredit => &words.store_credit,
        TenderKind::OnAccount => &words.on_account,
        TenderKind::Voucher => &words.voucher,
        TenderKind::BankTransfer => &words.bank_transfer,
        TenderKind::Wallet => &words.wallet,
        TenderKind::Deposit => &words.deposit,
        TenderKind::Custom => &words.other_payment,
    }
}

/// A code of which a finder of the paper learns too little to spend it: its last four characters,
/// or half of a short one.
pub(crate) fn masked(code: &str) -> String {
    let count = code.chars().count();
    let shown: String = code.chars().skip(count - (count / 2).min(4)).collect();
    format!("****{shown}")
}

/// The card as its holder knows it: `Visa ****1234`.
fn card_of(card: &CardFacts) -> String {
    match (card.brand.as_str(), card.last_four.as_str()) {
        (brand, "") => brand.to_owned(),
        ("", last_four) => format!("****{last_four}"),
        (brand, last_four) => format!("{brand} ****{last_four}"),
    }
}

impl View<'_> {
    pub(super) fn payments(&self) -> Vec<Block> {
        let (sale, words) = (self.sale, self.words);
        let mut blocks = Vec::new();
        if let Some(tip) = sale.tip.filter(|tip| !tip.is_zero()) {
            let amount = self.amount(tip);
            blocks.push(Block::Amount { label: words.tip.clone(), amount });
            let with_tip = sale.total.plus(tip).unwrap_or(sale.total);
            blocks.push(self.subtotal(&words.total_with_tip, with_tip));
        }
        for tender in &sale.tenders {
            let order = self.names.order;
            let customer = sale.customer.as_ref();
            blocks.extend(tender_rows(tender, customer, order, words, self.numbers));
        }
        if !sale.change.is_zero() {
            blocks.push(row(&words.change, sale.change, self.numbers));
        }
        blocks
    }
}

fn row(label: &str, amount: Money, numbers: &NumberFormat) -> Block {
    Block::Tender { label: label.to_owned(), amount: format_amount(amount, numbers) }
}

/// One payment: what cash rounding changed, what is left to pay in cash, and what was handed over.
pub(crate) fn tender_rows(
    tender: &Tender,
    customer: Option<&CustomerRef>,
    order: Option<&str>,
    words: &Words,
    numbers: &NumberFormat,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let paid_out = tender.amount.is_negative();
    if !tender.rounding.is_zero() {
        let amount = format_amount(tender.rounding, numbers);
        blocks.push(Block::Amount { label: words.cash_rounding.clone(), amount });
        if let (TenderKind::Cash, false, Ok(cash)) = (tender.kind, paid_out, tender.handed()) {
            let label = words.to_pay_in_cash.clone();
            blocks.push(Block::Subtotal { label, amount: format_amount(cash, numbers) });
        }
    }
    let label = match tender.kind {
        TenderKind::Cash if !paid_out => words.cash.clone(),
        _ => label(tender, customer, order, words, numbers),
    };
    let label = if paid_out { format!("{}: {label}", words.paid_out) } else { label };
    blocks.push(row(&label, tender.received, numbers));
    blocks
}

fn label(
    tender: &Tender,
    customer: Option<&CustomerRef>,
    order: Option<&str>,
    words: &Words,
    numbers: &NumberFormat,
) -> String {
    let kind = kind_name(tender.kind, words);
    let reference = tender.reference.as_deref().filter(|text| !text.is_empty());
    let with = |more: Option<&str>| match more {
        Some(more) => format!("{kind} {more}"),
        None => kind.to_owned(),
    };
    match tender.kind {
        // A cashier may have typed a card's number: it is never printed.
        TenderKind::Cash | TenderKind::CardExternal => kind.to_owned(),
        TenderKind::Card => with(tender.card.as_deref().map(card_of).as_deref()),
        TenderKind::ForeignCash => tender.foreign.map_or_else(
            || kind.to_owned(),
            |foreign| {
                let rate = localised(&foreign.rate.to_string(), numbers);
                let received = format_code(foreign.received, numbers);
                format!("{kind} {received} {} {rate}", words.at_rate)
            },
        ),
        TenderKind::GiftCard | TenderKind::StoreCredit => with(reference.map(masked).as_deref()),
        // The reference is the customer's id.
        TenderKind::OnAccount => {
            let is_theirs = |one: &&CustomerRef| Some(one.id.to_string().as_str()) == reference;
            let name = customer.filter(is_theirs).map(|one| one.name.as_str());
            with(name.or(tender.name.as_deref()))
        }
        TenderKind::Voucher | TenderKind::BankTransfer => with(reference),
        // The reference is the order's id.
        TenderKind::Deposit => with(order),
        TenderKind::Wallet | TenderKind::Custom => {
            let name = tender.name.as_deref().unwrap_or(kind);
            match reference {
                Some(reference) => format!("{name} {reference}"),
                None => name.to_owned(),
            }
        }
    }
}
