//! Slips: what a customer takes home for money that is not spent yet.

use countertop_domain::credit::CreditKind;
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::order::{DepositTaken, HeldOrder, HeldOrderKind, deposited};
use countertop_domain::time::Timestamp;

use crate::amount::{format_amount, format_total};
use crate::doc::{Block, Kind, ReceiptDoc};
use crate::letterhead::Letterhead;
use crate::of_sale::{Sheet, fact, tender_rows};

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
    let what = match order.kind {
        HeldOrderKind::Quote => &words.quote,
        HeldOrderKind::Layaway => &words.layaway,
        HeldOrderKind::Collect => &words.to_collect,
        HeldOrderKind::Deliver => &words.to_deliver,
    };
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

/// A card or a credit as it is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Credit<'a> {
    /// Which kind; an account has no slip of its own, and is printed like a credit.
    pub kind: CreditKind,
    /// Its code, in full: this slip is what it is spent with.
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
    blocks.push(fact(&words.code, credit.code));
    let total = |label: &str, amount| Block::Total {
        label: label.to_owned(),
        amount: format_total(amount, &letterhead.numbers),
    };
    blocks.extend([Block::Rule, total(&words.value, credit.value)]);
    if let Some(balance) = credit.balance.filter(|balance| *balance != credit.value) {
        blocks.push(total(&words.balance, balance));
    }
    blocks.extend([
        Block::Rule,
        Block::Barcode(credit.code.to_owned()),
        Block::Qr(credit.code.to_owned()),
    ]);
    let (id, number) = (format!("{}-{}", credit.kind.name(), credit.code), credit.code.to_owned());
    Sheet { id, number, name, issued: credit.at, kind, blocks }.on(letterhead)
}
