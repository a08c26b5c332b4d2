//! Slips: what a customer takes home for money that is not spent yet.

use countertop_domain::credit::{AccountPayment, CreditKind};
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::order::{
    DepositTaken, Fee, HeldOrder, HeldOrderKind, OrderCancelled, deposited,
};
use countertop_domain::time::Timestamp;

use crate::amount::{format_amount, format_total};
use crate::doc::{Block, Kind, ReceiptDoc, TaxRow, TaxTable};
use crate::letterhead::Letterhead;
use crate::of_sale::{Sheet, fact, rate, tender_rows};
use crate::words::Words;

/// The slip of a deposit: the order's number as a bar code, what it comes to, what was paid before
/// and now, and what is left. `before` are the deposits up to this one, whatever came later, so
/// that a later print says the same.
///
/// # Errors
/// Two currencies, or too large; an order that was stored has neither.
pub fn of_deposit(
    order: &HeldOrder,
    before: &[DepositTaken],
    deposit: &DepositTaken,
    letterhead: &Letterhead,
    kind: Kind,
) -> Result<ReceiptDoc, MoneyError> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let (now, before) = (deposit.tender.amount, deposited(order, before)?);
    let left = order.total.minus(before)?.minus(now)?;
    let what = kind_of(order, words);
    let mut blocks = vec![
        Block::Title(words.deposit_slip.clone()),
        Block::Rule,
        fact(&words.order, format!("{} ({what})", order.number)),
        fact(&words.date, deposit.at.local_text()),
        fact(&words.served_by, &*deposit.actor.name),
    ];
    if let Some(customer) = &order.customer {
        blocks.push(fact(&words.customer, &*customer.name));
    }
    if let Some(due) = order.due {
        blocks.push(fact(&words.due_by, due.to_string()));
    }
    let row = |label: &str, amount: Money| Block::Amount {
        label: label.to_owned(),
        amount: format_amount(amount, numbers),
    };
    blocks.extend([Block::Rule, row(&words.order_total, order.total)]);
    if !before.is_zero() {
        blocks.push(row(&words.paid_before, before.negated()));
    }
    blocks.push(row(&words.paid_now, now.negated()));
    let amount = format_total(left, numbers);
    blocks.push(Block::Total { label: words.left_to_pay.clone(), amount });
    let customer = order.customer.as_ref();
    blocks.extend(tender_rows(&deposit.tender, customer, Some(&order.number), words, numbers));
    let change = deposit.tender.change()?;
    if !change.is_zero() {
        let amount = format_amount(change, numbers);
        blocks.push(Block::Tender { label: words.change.clone(), amount });
    }
    blocks.extend([Block::Rule, Block::Barcode(order.number.clone())]);
    let (id, number) = (deposit.tender.id.to_string(), order.number.clone());
    let sheet = Sheet { id, number, name: &words.deposit_slip, issued: deposit.at, kind, blocks };
    Ok(sheet.on(letterhead))
}

fn kind_of<'a>(order: &HeldOrder, words: &'a Words) -> &'a str {
    match order.kind {
        HeldOrderKind::Quote => &words.quote,
        HeldOrderKind::Layaway => &words.layaway,
        HeldOrderKind::Collect => &words.to_collect,
        HeldOrderKind::Deliver => &words.to_deliver,
    }
}

/// The slip of an order that was given up: what had been paid on it, what the shop keeps with its
/// taxes, and what goes back in which way. `deposits` are all that were paid on it.
///
/// # Errors
/// Two currencies, or too large; an order that was stored has neither.
pub fn of_cancel(
    order: &HeldOrder,
    deposits: &[DepositTaken],
    cancelled: &OrderCancelled,
    letterhead: &Letterhead,
    kind: Kind,
) -> Result<ReceiptDoc, MoneyError> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let paid = deposited(order, deposits)?;
    let mut blocks = vec![
        Block::Title(words.cancelled_slip.clone()),
        Block::Rule,
        fact(&words.order, format!("{} ({})", order.number, kind_of(order, words))),
        fact(&words.date, cancelled.at.local_text()),
        fact(&words.served_by, &*cancelled.actor.name),
    ];
    if let Some(customer) = &order.customer {
        blocks.push(fact(&words.customer, &*customer.name));
    }
    let row = |label: &str, amount: Money| Block::Amount {
        label: label.to_owned(),
        amount: format_amount(amount, numbers),
    };
    blocks.extend([Block::Rule, row(&words.paid_before, paid)]);
    if !cancelled.kept.is_zero() {
        blocks.push(row(&words.fee, cancelled.kept.negated()));
    }
    let amount = format_total(paid.minus(cancelled.kept)?, numbers);
    blocks.push(Block::Total { label: words.given_back.clone(), amount });
    for tender in &cancelled.refunds {
        let customer = order.customer.as_ref();
        blocks.extend(tender_rows(tender, customer, Some(&order.number), words, numbers));
    }
    blocks.extend(cancelled.fee.as_ref().and_then(|fee| taxes_of(fee, letterhead)));
    blocks.push(Block::Rule);
    let (id, number) = (cancelled.order.to_string(), order.number.clone());
    let name = &words.cancelled_slip;
    Ok(Sheet { id, number, name, issued: cancelled.at, kind, blocks }.on(letterhead))
}

/// None for a fee that is not taxed.
fn taxes_of(fee: &Fee, letterhead: &Letterhead) -> Option<Block> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    if fee.taxes.is_empty() {
        return None;
    }
    let row = |name: String, base: Money, tax: Money| TaxRow {
        name,
        base: format_amount(base, numbers),
        tax: format_amount(tax, numbers),
    };
    let mut rows = Vec::with_capacity(fee.taxes.len() + 1);
    for sum in &fee.taxes {
        let rate = rate(&sum.tax.rate_text(), sum.tax.is_percent(), words, numbers);
        rows.push(row(format!("{} {rate}", sum.tax.name), sum.base, sum.amount));
    }
    rows.push(row(words.net_and_tax.clone(), fee.net, fee.tax));
    let headings = [words.taxes.clone(), words.base.clone(), words.tax.clone()];
    Some(Block::Taxes(TaxTable { headings, rows }))
}

/// The slip of a customer's payment on their account. `owed` is what they owed before it.
///
/// # Errors
/// Two currencies, or too large; a payment that was stored has neither.
pub fn of_account_payment(
    payment: &AccountPayment,
    owed: Money,
    letterhead: &Letterhead,
    kind: Kind,
) -> Result<ReceiptDoc, MoneyError> {
    let (words, numbers) = (&letterhead.words, &letterhead.numbers);
    let paid = payment.tender.amount;
    let row = |label: &str, amount: Money| Block::Amount {
        label: label.to_owned(),
        amount: format_amount(amount, numbers),
    };
    let mut blocks = vec![
        Block::Title(words.account_slip.clone()),
        Block::Rule,
        fact(&words.date, payment.at.local_text()),
        fact(&words.served_by, &*payment.actor.name),
        fact(&words.customer, &*payment.name),
        Block::Rule,
        row(&words.owed_before, owed),
        row(&words.paid_now, paid.negated()),
        Block::Total {
            label: words.left_to_owe.clone(),
            amount: format_total(owed.minus(paid)?, numbers),
        },
    ];
    blocks.extend(tender_rows(&payment.tender, None, None, words, numbers));
    blocks.push(Block::Rule);
    let (id, number) = (payment.tender.id.to_string(), payment.name.clone());
    let name = &words.account_slip;
    Ok(Sheet { id, number, name, issued: payment.at, kind, blocks }.on(letterhead))
}

/// A card or a credit as it is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    /// Which kind; an account has no slip of its own, and is printed like a credit.
    pub kind: CreditKind,
    /// Its code, in full: this slip is what it is spent with. Empty for a customer's own credit, which
    /// is spent by name.
    pub code: &'a str,
    /// What was put on it.
    pub value: Money,
    /// What is on it now, if that is something else.
    pub balance: Option<Money>,
    /// For whom, if that is known.
    pub customer: Option<&'a str>,
    /// The receipt of the sale or refund that it comes from.
    pub receipt: Option<&'a str>,
    /// When it was issued.
    pub at: Timestamp,
    /// Who issued it.
    pub by: &'a str,
}

/// The slip of a gift card or a store credit, with its code as CODE128 and as QR.
pub fn of_credit(credit: &Credit<'_>, letterhead: &Letterhead, kind: Kind) -> ReceiptDoc {
    let words = &letterhead.words;
    let name = match credit.kind {
        CreditKind::GiftCard => &words.gift_card,
        CreditKind::StoreCredit => &words.store_credit,
        CreditKind::Account => &words.on_account,
    };
    let mut blocks = vec![
        Block::Title(name.clone()),
        Block::Rule,
        fact(&words.date, credit.at.local_text()),
        fact(&words.served_by, credit.by),
    ];
    let known = [(&words.customer, credit.customer), (&words.receipt, credit.receipt)];
    for (label, value) in known {
        blocks.extend(value.map(|value| fact(label, value)));
    }
    if !credit.code.is_empty() {
        blocks.push(fact(&words.code, credit.code));
    }
    let total = |label: &str, amount| Block::Total {
        label: label.to_owned(),
        amount: format_total(amount, &letterhead.numbers),
    };
    blocks.extend([Block::Rule, total(&words.value, credit.value)]);
    if let Some(balance) = credit.balance.filter(|balance| *balance != credit.value) {
        blocks.push(total(&words.balance, balance));
    }
    blocks.push(Block::Rule);
    if !credit.code.is_empty() {
        blocks.push(Block::Barcode(credit.code.to_owned()));
        blocks.push(Block::Qr(credit.code.to_owned()));
    }
    let (id, number) = (format!("{}-{}", credit.kind.name(), credit.code), credit.code.to_owned());
    let number =
        if number.is_empty() { credit.customer.unwrap_or_default().to_owned() } else { number };
    Sheet { id, number, name, issued: credit.at, kind, blocks }.on(letterhead)
}
