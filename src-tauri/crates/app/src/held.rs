//! Held orders: a basket is agreed today and completed later, perhaps against deposits.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use countertop_domain::basket::{Basket, BasketError, Renewed};
use countertop_domain::customer::CustomerRef;
use countertop_domain::ids::{HeldOrderId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::order::{HeldOrder, HeldOrderKind, OrderError};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::sale::{Sale, SaleError};
use countertop_domain::tender::{Tender, TenderKind, TenderState};
use countertop_domain::time::BusinessDay;
use countertop_store::{HeldRow, HeldState, Snapshot, Tx};

use crate::app::{App, Caller};
use crate::cards;
use crate::channel_orders;
use crate::checkout::{forget, recall as recall_parked, set_current_aside};
use crate::coupons;
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::payment_requests;
use crate::views::basket_view;
use crate::wire::{
    self, BasketRequest, BasketView, HeldKind, HeldOrderView, HeldOrders, HeldRequest, HoldOrder,
    ListHeld,
};

/// Characters of a note.
const MAX_NOTE: usize = 500;
/// Orders that wait, and orders of a list.
const MAX_OPEN: u32 = 1_000;

/// Sets a basket aside as an order. One that was taken up from an order goes back to it, as it is
/// now.
pub(crate) fn hold(
    app: &App,
    caller: &Caller,
    request: HoldOrder,
) -> Result<HeldOrderView, AppError> {
    let at = app.now();
    let due = due_day(request.due, at.local_day())?;
    let note = request.note.trim().to_owned();
    if note.chars().count() > MAX_NOTE {
        return Err(bad(&format!("a note holds up to {MAX_NOTE} characters")));
    }
    let _turn = app.baskets.turn_of_held();
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    cards::must_be_free(app, request.basket_id)?;
    payment_requests::must_not_be_asked(app, request.basket_id)?;
    can_wait(&open.basket)?;
    let total = app.settle_at(&open.basket, at)?.total;
    let mut basket = (*open.basket).clone();
    let id = basket.order.unwrap_or_else(|| HeldOrderId::new(app.ids.next()));
    basket.order = Some(id);
    basket.parked = None;
    basket.take_deposits(Vec::new());
    basket.forget_steps();
    basket.set_renewed(None);
    basket.keep_prices_of(basket.priced_at().unwrap_or(at));
    let order = HeldOrder {
        order: id,
        number: String::new(),
        kind: kind_from(request.kind),
        basket: basket.id(),
        customer: basket.customer().cloned(),
        due,
        note,
        total,
        at,
        actor: caller.actor.clone(),
    };
    let view = app.store.write(move |tx| write_held(tx, order, &basket))?;
    forget(app, &mut open);
    drop(open);
    app.changed(&caller.client, &["basket", "held"]);
    Ok(view)
}

/// Whether a basket can wait: there is something in it, and nobody is paying for it.
fn can_wait(basket: &Basket) -> Result<(), AppError> {
    if basket.is_being_paid() {
        return Err(BasketError::PartlyPaid.into());
    }
    if !basket.returns().is_empty() {
        return Err(bad("what comes back cannot wait: pay it out first, or take it out"));
    }
    if basket.lines().is_empty() {
        return Err(SaleError::Empty.into());
    }
    Ok(())
}

pub(crate) fn write_held(
    tx: &Tx<'_>,
    mut order: HeldOrder,
    basket: &Basket,
) -> Result<HeldOrderView, AppError> {
    order.number = match tx.held_order(order.order)? {
        None if tx.open_held_orders()? >= MAX_OPEN => {
            return Err(bad(&format!("{MAX_OPEN} orders wait: complete or cancel some first")));
        }
        None => tx.next_held_number()?,
        Some(row) => {
            must_wait(&row)?;
            let deposit = Money::new(row.deposit, order.total.currency())?;
            if !deposit.is_zero() && !order.kind.takes_deposits() {
                return Err(OrderError::QuoteTakesNoDeposit.into());
            }
            if order.total.minus(deposit)?.is_negative() {
                return Err(bad(&format!(
                    "{deposit} was paid on this order, more than it comes to now: complete it and \
                     pay the rest out, or put goods back in"
                )));
            }
            row.order.number
        }
    };
    let (id, at) = (order.order, order.at);
    tx.append(at.utc_ms, &Entry::OrderHeld(order))?;
    tx.put_held_basket(id, basket)?;
    tx.remove_basket(basket.id())?;
    view_of(tx, id, at.local_day())
}

/// The day until which it stands; not a day that is over.
fn due_day(text: Option<String>, today: BusinessDay) -> Result<Option<BusinessDay>, AppError> {
    let day = text.filter(|day| !day.trim().is_empty()).map(BusinessDay::try_from).transpose();
    let day = day.map_err(|reason| AppError::BadText { reason })?;
    if day.is_some_and(|day| day < today) {
        return Err(bad("that day is over: choose today or a later one"));
    }
    Ok(day)
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}

const fn kind_from(kind: HeldKind) -> HeldOrderKind {
    match kind {
        HeldKind::Quote => HeldOrderKind::Quote,
        HeldKind::Layaway => HeldOrderKind::Layaway,
        HeldKind::Collect => HeldOrderKind::Collect,
        HeldKind::Deliver => HeldOrderKind::Deliver,
    }
}

const fn kind_view(kind: HeldOrderKind) -> HeldKind {
    match kind {
        HeldOrderKind::Quote => HeldKind::Quote,
        HeldOrderKind::Layaway => HeldKind::Layaway,
        HeldOrderKind::Collect => HeldKind::Collect,
        HeldOrderKind::Deliver => HeldKind::Deliver,
    }
}

pub(crate) fn list(app: &App, _: &Caller, request: ListHeld) -> Result<HeldOrders, AppError> {
    let today = app.now().local_day();
    app.store.read(|snapshot| {
        let rows = snapshot.held_orders(request.open_only, MAX_OPEN)?;
        let views = rows.into_iter().map(|row| view(snapshot, row, today));
        Ok(HeldOrders { orders: views.collect::<Result<_, AppError>>()? })
    })
}

/// The number of a held order.
pub(crate) fn number_of(app: &App, id: HeldOrderId) -> Result<String, AppError> {
    app.store.read(|snapshot| snapshot.held_number(id)?.ok_or(AppError::no_order()))
}

pub(crate) fn view_of(
    snapshot: &Snapshot<'_>,
    id: HeldOrderId,
    today: BusinessDay,
) -> Result<HeldOrderView, AppError> {
    view(snapshot, snapshot.held_order(id)?.ok_or(AppError::no_order())?, today)
}

fn view(
    snapshot: &Snapshot<'_>,
    row: HeldRow,
    today: BusinessDay,
) -> Result<HeldOrderView, AppError> {
    let late = is_late(&row, today);
    let lines = lines(snapshot, &row)?;
    let HeldRow { order, state, deposit, receipt } = row;
    Ok(HeldOrderView {
        id: order.order,
        number: order.number,
        kind: kind_view(order.kind),
        state: match state {
            HeldState::Open => wire::HeldState::Open,
            HeldState::Completed => wire::HeldState::Completed,
            HeldState::Cancelled => wire::HeldState::Cancelled,
        },
        customer: order.customer.map(|CustomerRef { name, .. }| name),
        due: order.due.map(|day| day.to_string()),
        late,
        note: order.note,
        total: order.total.minor(),
        deposit,
        lines,
        local_time: order.at.local_text(),
        receipt: receipt.map(|receipt| receipt.to_string()),
    })
}

fn is_late(row: &HeldRow, today: BusinessDay) -> bool {
    row.state == HeldState::Open && row.order.due.is_some_and(|due| due < today)
}

/// `2 x Coffee beans`, from the basket that waits, or from the sale that it became.
fn lines(snapshot: &Snapshot<'_>, row: &HeldRow) -> Result<Vec<String>, AppError> {
    let text = |quantity: Quantity, unit: Unit, name: &str| match unit.sign() {
        "" => format!("{quantity} x {name}"),
        sign => format!("{quantity} {sign} {name}"),
    };
    if row.state == HeldState::Completed {
        let sale = snapshot.sale(row.order.basket.into())?.ok_or(AppError::no_sale())?;
        return Ok(sale.lines.iter().map(|l| text(l.quantity, l.unit, &l.name)).collect());
    }
    let basket = snapshot.held_basket(row.order.order)?.ok_or(AppError::no_order())?;
    let lines = basket.lines().iter();
    Ok(lines.map(|l| text(l.quantity, l.sellable.unit, &l.sellable.name)).collect())
}

/// Takes a held order up: its goods are the client's basket, and what was paid on it counts. Prices
/// are those that were agreed; only a quote whose day has passed gets those of today.
pub(crate) fn recall(
    app: &App,
    caller: &Caller,
    request: HeldRequest,
) -> Result<BasketView, AppError> {
    let turn = app.baskets.turn_of_held();
    let row = app.store.read(|snapshot| waiting(snapshot, request.order_id))?;
    if let Some(shared) = app.baskets.get(row.order.basket) {
        let open = lock(&shared);
        let (client, parked) = (open.client.clone(), open.basket.parked.is_some());
        drop(open);
        drop(turn);
        return match parked {
            true => recall_parked(app, caller, BasketRequest { basket_id: row.order.basket }),
            false if client == caller.client => basket_view(app, &lock(&shared).basket),
            false => Err(AppError::OrderTakenUp { number: row.order.number }),
        };
    }
    let basket = Arc::new(app.store.read(|snapshot| taken_up(app, snapshot, &row))?);
    set_current_aside(app, caller)?;
    let (client, saved) = (caller.client.clone(), Arc::clone(&basket));
    app.store.write::<_, AppError>(move |tx| Ok(tx.put_basket(&client, &saved)?))?;
    app.baskets.take_in(&caller.client, Arc::clone(&basket));
    drop(turn);
    app.changed(&caller.client, &["basket", "held"]);
    basket_view(app, &basket)
}

/// The basket of an order, with what was paid on it.
fn taken_up(app: &App, snapshot: &Snapshot<'_>, row: &HeldRow) -> Result<Basket, AppError> {
    let mut basket = snapshot.held_basket(row.order.order)?.ok_or(AppError::no_order())?;
    let (rules, day) = (app.rules(), app.now().local_day());
    basket.keep_coupons(|coupon| coupons::opens(&rules, &coupon.promotion));
    if row.order.kind == HeldOrderKind::Quote && is_late(row, day) {
        let agreed = app.settle(&basket)?;
        let mut over = HashSet::new();
        for coupon in basket.coupons() {
            if !coupons::counts(snapshot, &coupon.code, day)? {
                over.insert(coupon.code.clone());
            }
        }
        basket.keep_coupons(|coupon| !over.contains(&coupon.code));
        let mut today: HashMap<VariantId, Sellable> = HashMap::new();
        for line in basket.lines() {
            if let Some(sellable) = snapshot.by_variant(line.sellable.variant)? {
                today.insert(sellable.variant, sellable);
            }
        }
        basket.renew_prices(|variant| today.get(&variant).cloned());
        let now = app.settle(&basket)?;
        let both = agreed.lines.iter().zip(&now.lines);
        let changed = both.filter(|(then, now)| then.total != now.total);
        basket.set_renewed(Some(Renewed {
            agreed: row.order.total,
            lines: changed.map(|(then, _)| (then.line, then.total)).collect(),
        }));
    }
    let deposits = snapshot.held_deposits(row.order.order)?.into_iter();
    let deposits = deposits.map(|taken| Tender {
        id: taken.tender.id,
        kind: TenderKind::Deposit,
        amount: taken.tender.amount,
        received: taken.tender.amount,
        rounding: Money::zero(taken.tender.amount.currency()),
        state: TenderState::Taken,
        reference: Some(row.order.number.clone()),
        name: None,
        foreign: None,
        refunds: None,
        card: None,
    });
    basket.take_deposits(deposits.collect());
    Ok(basket)
}

/// An order that waits.
pub(crate) fn waiting(snapshot: &Snapshot<'_>, id: HeldOrderId) -> Result<HeldRow, AppError> {
    let row = snapshot.held_order(id)?.ok_or(AppError::no_order())?;
    must_wait(&row)?;
    Ok(row)
}

fn must_wait(row: &HeldRow) -> Result<(), AppError> {
    match row.state {
        HeldState::Open => Ok(()),
        HeldState::Completed | HeldState::Cancelled => {
            Err(AppError::OrderEnded { number: row.order.number.clone() })
        }
    }
}

/// A sale that completes an order: everything that was paid on it counts, once, and what waited is
/// forgotten. Asked in the transaction that writes the sale.
pub(crate) fn complete(tx: &Tx<'_>, sale: &Sale) -> Result<(), AppError> {
    let deposits: Vec<&Tender> =
        sale.tenders.iter().filter(|tender| tender.kind == TenderKind::Deposit).collect();
    let Some(id) = sale.order else {
        if deposits.is_empty() {
            return Ok(());
        }
        return Err(bad("a deposit counts only for its own order: take the order up to use it"));
    };
    let row = waiting(tx, id)?;
    channel_orders::paid_at_till(tx, id, sale.at.utc_ms)?;
    let paid = tx.held_deposits(id)?;
    let counts_all = paid.len() == deposits.len()
        && paid
            .iter()
            .zip(&deposits)
            .all(|(paid, here)| paid.tender.id == here.id && paid.tender.amount == here.amount);
    if !counts_all || sale.id != row.order.basket.into() {
        return Err(bad(&format!(
            "what was paid on order {} has changed meanwhile: set it aside and take it up again",
            row.order.number
        )));
    }
    Ok(tx.remove_held_basket(id)?)
}
