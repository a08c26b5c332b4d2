//! The events of a journal entry.

use countertop_domain::card::TerminalPayment;
use countertop_domain::credit::{self, CreditKind, CreditMove};
use countertop_domain::customer::CustomersMerged;
use countertop_domain::journal::Entry;
use countertop_domain::loyalty::PointsMoved;
use countertop_domain::money::Money;
use countertop_domain::order::{DepositTaken, HeldOrder, OrderCancelled};
use countertop_domain::sale::Sale;
use countertop_domain::shift::{CashMove, ShiftClose, ShiftOpen};
use countertop_domain::stock::{self, Movement, StockMoved};
use countertop_store::{StoreError, StoredEntry};
use serde_json::{Value, json};

use super::filter::scope_of;
use super::{Event, EventId, time};

/// Movements that one event tells of.
const MOVEMENTS: usize = 100;

/// What an event is before it has its place: its type, what it is about, and what is told.
struct Told(&'static str, String, Value);

/// The events of an entry, in order.
pub(super) fn events(at: EventId, stored: &StoredEntry) -> Result<Vec<Event>, StoreError> {
    let numbered = told(&stored.entry()?).into_iter().zip(1..);
    Ok(numbered
        .filter_map(|(Told(kind, about, data), part)| {
            let scope = kind.split_once('.').and_then(|(name, _)| scope_of(name))?;
            let data = without_null(data);
            let id = EventId { part, ..at };
            Some(Event { id, kind: kind.to_owned(), at_ms: stored.at_ms, about, data, scope })
        })
        .collect())
}

/// What is not there is left out: null reads as something in several languages.
pub(super) fn without_null(mut data: Value) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    data
}

/// What is told of an entry. Nothing is told of what was given up before it was a sale, which no
/// program can read.
fn told(entry: &Entry) -> Vec<Told> {
    match entry {
        Entry::RegisterFounded(_)
        | Entry::BasketVoided(_)
        | Entry::LinesVoided(_)
        | Entry::TenderUndone(_) => Vec::new(),
        Entry::RegisterRestored(restored) => {
            let data = json!({ "series": restored.series });
            vec![Told("register.restored", "register".to_owned(), data)]
        }
        Entry::ShiftOpened(open) => vec![opened(open)],
        Entry::ShiftClosed(close) => vec![closed(close)],
        Entry::CashMoved(moved) => vec![cash(moved)],
        Entry::SaleCompleted(sale) => of_sale(sale),
        Entry::StockImported(imported) => moved("import", None, &imported.movements),
        Entry::StockMoved(by_hand) => moved_by_hand(by_hand),
        Entry::CreditIssued(issued) => credits("issue", None, [credit::of_issue(issued)]),
        Entry::AccountPaid(paid) => credits("payment", None, [credit::of_account_payment(paid)]),
        Entry::CreditRedeemed(redeemed) => {
            credits("redemption", None, [credit::of_redemption(redeemed)])
        }
        Entry::CustomersMerged(both) => merged(both),
        Entry::CustomerErased(erased) => {
            let data = json!({ "id": erased.customer });
            vec![Told("customer.erased", format!("customer:{}", erased.customer), data)]
        }
        Entry::PointsMoved(moved) => vec![points(moved)],
        Entry::OrderHeld(order) => vec![held(order)],
        Entry::DepositTaken(taken) => deposit(taken),
        Entry::OrderCancelled(order) => cancelled(order),
        Entry::PaymentResolved(resolved) => {
            vec![card("card.resolved", &resolved.payment, Some(resolved.charged))]
        }
        Entry::CardPaymentOrphaned(orphan) => {
            vec![card("card.orphaned", &orphan.payment, None)]
        }
        Entry::CardPaymentReversed(back) => vec![card("card.reversed", &back.payment, None)],
    }
}

fn opened(open: &ShiftOpen) -> Told {
    let data = json!({
        "id": open.shift, "business_day": open.business_day.to_string(),
        "staff_id": open.actor.staff, "float": money(open.float),
    });
    Told("shift.opened", format!("shift:{}", open.shift), data)
}

fn cash(moved: &CashMove) -> Told {
    let data = json!({
        "id": moved.id, "shift_id": moved.shift, "kind": moved.kind.name(),
        "amount": money(moved.amount), "staff_id": moved.actor.staff,
    });
    Told("cash.moved", format!("shift:{}", moved.shift), data)
}

fn moved_by_hand(by_hand: &StockMoved) -> Vec<Told> {
    let lines: Vec<Movement> = by_hand
        .lines
        .iter()
        .map(|line| Movement { variant: line.variant, quantity: line.quantity })
        .collect();
    moved(by_hand.reason.name(), None, &lines)
}

fn merged(merged: &CustomersMerged) -> Vec<Told> {
    let data = json!({ "id": merged.kept, "merged_id": merged.merged });
    let one = Told("customer.merged", format!("customer:{}", merged.kept), data);
    std::iter::once(one).chain(credits("merge", None, credit::of_merge(merged))).collect()
}

fn points(moved: &PointsMoved) -> Told {
    let data = json!({
        "customer_id": moved.customer, "points": moved.points, "reason": moved.why.name(),
        "sale_id": moved.sale,
    });
    Told("loyalty.changed", format!("customer:{}", moved.customer), data)
}

fn held(order: &HeldOrder) -> Told {
    let data = json!({
        "id": order.order, "number": order.number, "kind": order.kind.name(),
        "customer_id": order.customer.as_ref().map(|customer| customer.id),
        "due": order.due.map(|day| day.to_string()), "total": money(order.total),
    });
    Told("order.held", format!("order:{}", order.order), data)
}

fn deposit(deposit: &DepositTaken) -> Vec<Told> {
    let data = json!({ "id": deposit.order, "amount": money(deposit.tender.amount) });
    let paid = Told("order.deposit_taken", format!("order:{}", deposit.order), data);
    let spent = credit::of_tenders(std::slice::from_ref(&deposit.tender));
    std::iter::once(paid).chain(credits("deposit", None, spent)).collect()
}

fn cancelled(cancelled: &OrderCancelled) -> Vec<Told> {
    let data = json!({ "id": cancelled.order, "kept": money(cancelled.kept) });
    let over = Told("order.cancelled", format!("order:{}", cancelled.order), data);
    let back = credit::of_tenders(&cancelled.refunds);
    std::iter::once(over).chain(credits("refund", None, back)).collect()
}

/// A sale, what came back with it, what moved in stock and in ledgers, and the order that it completes.
fn of_sale(sale: &Sale) -> Vec<Told> {
    let sold = sale.lines.iter().any(|line| line.quantity.thousandths() >= 0);
    let back = sale.lines.iter().any(|line| line.quantity.thousandths() < 0);
    let about = format!("sale:{}", sale.id);
    let mut told = Vec::new();
    if sold || !back {
        told.push(Told("sale.completed", about.clone(), sale_data(sale)));
    }
    if back {
        told.push(Told("refund.completed", about, sale_data(sale)));
    }
    if let Some(order) = sale.order {
        let data = json!({ "id": order, "sale_id": sale.id });
        told.push(Told("order.completed", format!("order:{order}"), data));
    }
    let id = sale.id.to_string();
    told.extend(moved("sale", Some(&id), &stock::of_sale(sale)));
    told.extend(credits("sale", Some(&id), credit::of_sale(sale)));
    told
}

fn sale_data(sale: &Sale) -> Value {
    let tenders: Vec<Value> = sale
        .tenders
        .iter()
        .map(|tender| json!({ "kind": tender.kind.name(), "amount": money(tender.amount) }))
        .collect();
    let lines: Vec<Value> = sale
        .lines
        .iter()
        .map(|line| {
            json!({
                "id": line.id, "product_id": line.item, "variant_id": line.variant,
                "quantity": line.quantity.to_string(), "total": money(line.total),
            })
        })
        .collect();
    json!({
        "id": sale.id, "receipt_number": sale.receipt.to_string(), "shift_id": sale.shift,
        "business_day": sale.business_day.to_string(), "staff_id": sale.actor.staff,
        "customer_id": sale.customer.as_ref().map(|customer| customer.id),
        "order_id": sale.order, "net": money(sale.net), "tax": money(sale.tax),
        "total": money(sale.total), "discount": money(sale.discount), "tip": sale.tip.map(money),
        "tenders": tenders, "lines": lines,
    })
}

fn closed(close: &ShiftClose) -> Told {
    let totals = &close.totals;
    let data = json!({
        "id": close.shift, "number": close.z_number, "series": close.series,
        "staff_id": close.actor.staff, "sales": totals.sales, "refunds": totals.refunds,
        "takings": money(totals.takings), "net": money(totals.net), "tax": money(totals.tax),
    });
    Told("shift.closed", format!("shift:{}", close.shift), data)
}

fn moved(reason: &str, sale: Option<&str>, movements: &[Movement]) -> Vec<Told> {
    movements
        .chunks(MOVEMENTS)
        .map(|part| {
            let movements: Vec<Value> = part
                .iter()
                .map(|m| json!({ "variant_id": m.variant, "quantity": m.quantity.to_string() }))
                .collect();
            let data = json!({ "reason": reason, "sale_id": sale, "movements": movements });
            // All stock in one order, so that a reader can add movements up.
            Told("inventory.changed", "inventory".to_owned(), data)
        })
        .collect()
}

/// A code is as good as cash, so only its end is told.
fn credits(
    reason: &str,
    sale: Option<&str>,
    moves: impl IntoIterator<Item = CreditMove>,
) -> Vec<Told> {
    moves
        .into_iter()
        .map(|one| match one.kind {
            CreditKind::Account => {
                let data = json!({
                    "reason": reason, "sale_id": sale, "customer_id": one.code,
                    "amount": money(one.amount),
                });
                Told("account.changed", format!("customer:{}", one.code), data)
            }
            CreditKind::GiftCard | CreditKind::StoreCredit => {
                let skipped = one.code.chars().count().saturating_sub(4);
                let last: String = one.code.chars().skip(skipped).collect();
                let data = json!({
                    "reason": reason, "sale_id": sale, "kind": one.kind.name(),
                    "code_last_four": last, "amount": money(one.amount),
                });
                Told("credit.changed", format!("credit:{}", one.code), data)
            }
        })
        .collect()
}

fn card(kind: &'static str, payment: &TerminalPayment, charged: Option<bool>) -> Told {
    Told(kind, format!("card:{}", payment.payment), card_data(payment, charged))
}

/// A payment at a terminal: what was asked of it, and whether the card was charged if that is known.
/// The sale has the id of its basket.
pub(super) fn card_data(payment: &TerminalPayment, charged: Option<bool>) -> Value {
    json!({
        "id": payment.payment, "kind": payment.kind.name(), "terminal": payment.terminal,
        "amount": money(payment.amount), "asked_at": time(payment.asked.utc_ms),
        "sale_id": payment.basket, "charged": charged,
    })
}

fn money(money: Money) -> Value {
    json!({ "amount": money.minor(), "currency": money.currency().code() })
}
