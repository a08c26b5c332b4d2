//! Deposits on held orders: taken, and given back when an order is given up.

use std::sync::Arc;

use countertop_domain::basket::{Basket, BasketError, Change};
use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::credit::CreditMove;
use countertop_domain::ids::{BasketId, ItemId, LineId, TenderId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::order::{
    self, DepositTaken, Fee, OrderCancelled, OrderError, check_cancel, check_deposit, left_to_pay,
};
use countertop_domain::pricing::Settled;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::returns::TenderLeft;
use countertop_domain::staff::Right;
use countertop_domain::tax::TaxClass;
use countertop_domain::tender::{
    Offer, PayOut, Tender, TenderKind, TenderState, most_to_pay_out, pay_out, take,
};
use countertop_receipt::Kind;
use countertop_receipt::slip::{of_cancel, of_deposit};
use countertop_store::{HeldRow, HeldState, Tx};
use uuid::Uuid;

use crate::app::require;
use crate::app::{App, Caller};
use crate::checkout::forget;
use crate::clock::Ids;
use crate::credit::{moves_fit, normalise};
use crate::customers::is_new;
use crate::error::AppError;
use crate::held::{view_of, waiting};
use crate::open_baskets::lock;
use crate::papers::{self, PaperKind};
use crate::returns::needed;
use crate::views::{tender_kind, tender_views};
use crate::wire::{CancelHeld, DepositPaid, HeldCancelled, HeldRequest, PayDeposit, PrintJobView};

/// The item that every fee is priced as; it is in no catalogue.
const FEE: Uuid = Uuid::from_u128(0x6665_6520_6b65_8170_8400_0000_0000_0001);
/// What a refusal calls it.
const FEE_NAME: &str = "Fee";

/// Takes a deposit on an order that waits.
pub(crate) fn deposit(
    app: &App,
    caller: &Caller,
    request: PayDeposit,
) -> Result<DepositPaid, AppError> {
    let id = request.order_id;
    let kind = tender_kind(request.kind);
    takes(kind)?;
    let reference = request.reference.as_deref().map(|text| match kind {
        TenderKind::GiftCard | TenderKind::StoreCredit => normalise(text),
        _ => text.trim().to_owned(),
    });
    let offer =
        Offer { reference, ..Offer::new(request.tender_id, kind, app.money(request.offered)?) };
    let _turn = app.baskets.turn_of_held();
    let known = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.deposit_with(offer.id)?))?;
    if known.is_none() {
        let row = app.store.read(|snapshot| waiting(snapshot, id))?;
        if app.baskets.get(row.order.basket).is_some() {
            return Err(AppError::OrderTakenUp { number: row.order.number });
        }
    }
    let (at, actor, shop) = (app.now(), caller.actor.clone(), app.shop());
    let (rounding, ids) = (shop.money.cash_rounding, Arc::clone(&app.ids));
    let paid = app.store.write::<_, AppError>(move |tx| {
        // The same payment again: its answer was lost.
        if tx.deposit_with(offer.id)? == Some(id) {
            let taken = tx.held_deposits(id)?.into_iter().find(|taken| taken.tender.id == offer.id);
            let change = taken.map_or(Ok(0), |taken| taken.tender.change().map(Money::minor))?;
            return Ok(DepositPaid { order: view_of(tx, id, at.local_day())?, change });
        }
        is_new(tx, "held.deposit", offer.id)?;
        let shift = tx.open_shift()?.ok_or(AppError::NoShift)?;
        let row = waiting(tx, id)?;
        let before = tx.held_deposits(id)?;
        let tender = checked(tx, &row, offer, rounding)?;
        let change = tender.change()?.minor();
        let taken = DepositTaken { order: id, shift: shift.id, tender, at, actor };
        let doc = of_deposit(&row.order, &before, &taken, &shop.letterhead, Kind::Original)?;
        let (about, cash) = (taken.tender.id.to_string(), taken.tender.kind == TenderKind::Cash);
        tx.append(at.utc_ms, &Entry::DepositTaken(taken))?;
        let slip = papers::keep(tx, &*ids, (PaperKind::Deposit, &about), &doc)?;
        papers::send(tx, &*ids, slip, cash)?;
        Ok(DepositPaid { order: view_of(tx, id, at.local_day())?, change })
    })?;
    app.changed(&caller.client, &["held", "register", "customers", "prints"]);
    app.wake_printer();
    Ok(paid)
}

/// What can be paid ahead, and be paid back the same way.
fn takes(kind: TenderKind) -> Result<(), AppError> {
    match kind {
        TenderKind::Cash
        | TenderKind::CardExternal
        | TenderKind::GiftCard
        | TenderKind::StoreCredit
        | TenderKind::Voucher
        | TenderKind::BankTransfer
        | TenderKind::Wallet => Ok(()),
        TenderKind::Card
        | TenderKind::ForeignCash
        | TenderKind::OnAccount
        | TenderKind::Deposit
        | TenderKind::Custom => Err(AppError::BadText {
            reason: format!("{} is no deposit: take cash, a card or credit", kind.in_words()),
        }),
    }
}

fn checked(
    tx: &Tx<'_>,
    row: &HeldRow,
    mut offer: Offer,
    rounding: Option<CashRounding>,
) -> Result<Tender, AppError> {
    if !row.order.kind.takes_deposits() {
        return Err(OrderError::QuoteTakesNoDeposit.into());
    }
    // A customer's own credit needs no code.
    if offer.kind == TenderKind::StoreCredit && offer.reference.is_none() {
        offer.reference = row.order.customer.as_ref().map(|customer| customer.id.to_string());
    }
    let deposits = tx.held_deposits(row.order.order)?;
    let mut tender = take(offer, left_to_pay(&row.order, &deposits)?, rounding)?;
    // Whoever gives this command has seen the money.
    tender.state = TenderState::Taken;
    check_deposit(&row.order, &deposits, &tender)?;
    if let Some(one) = CreditMove::of_tender(&tender) {
        moves_fit(tx, &[one])?;
    }
    Ok(tender)
}

/// Gives an order up: deposits go back the way they came, but for what is kept by right. The
/// command's right to refund is checked before.
pub(crate) fn cancel(
    app: &App,
    caller: &Caller,
    request: CancelHeld,
) -> Result<HeldCancelled, AppError> {
    let id = request.order_id;
    let reason = needed(&request.reason)?;
    let price = app.money(request.keep)?;
    if !price.is_zero() {
        require(caller, Right::KeepDeposit)?;
    }
    let _turn = app.baskets.turn_of_held();
    let row = app.store.read(|snapshot| waiting(snapshot, id))?;
    // Taken up at some screen: it goes from there, too.
    let shared = app.baskets.get(row.order.basket);
    let mut open = shared.as_ref().map(lock);
    if open.as_ref().is_some_and(|open| open.basket.is_being_paid()) {
        return Err(BasketError::PartlyPaid.into());
    }
    let basket = row.order.basket;
    let (at, actor, shop) = (app.now(), caller.actor.clone(), app.shop());
    let (rounding, ids) = (shop.money.cash_rounding, Arc::clone(&app.ids));
    let fee = fee(app, &row, price)?;
    let kept = fee.as_ref().map_or(price, |fee| fee.total);
    let cancelled = app.store.write::<_, AppError>(move |tx| {
        let row = waiting(tx, id)?;
        let shift = tx.open_shift()?.ok_or(AppError::NoShift)?;
        let deposits = tx.held_deposits(id)?;
        let refunds = refunds(&row.order, &deposits, kept, rounding, &*ids)?;
        let views = tender_views(&refunds)?;
        let cash = refunds.iter().any(|tender| tender.kind == TenderKind::Cash);
        let cancelled =
            OrderCancelled { order: id, shift: shift.id, reason, refunds, kept, fee, at, actor };
        check_cancel(&row.order, &deposits, &cancelled)?;
        let letterhead = &shop.letterhead;
        let doc = of_cancel(&row.order, &deposits, &cancelled, letterhead, Kind::Original)?;
        tx.append(at.utc_ms, &Entry::OrderCancelled(cancelled))?;
        tx.remove_basket(basket)?;
        // Where nothing was paid, there is nothing to tell on paper.
        if !deposits.is_empty() {
            let about = (PaperKind::Cancelled, &*id.to_string());
            let slip = papers::keep(tx, &*ids, about, &doc)?;
            papers::send(tx, &*ids, slip, cash)?;
        }
        let order = view_of(tx, id, at.local_day())?;
        Ok(HeldCancelled { order, refunds: views, kept: kept.minor() })
    })?;
    if let Some(open) = &mut open {
        forget(app, open);
    }
    drop(open);
    app.changed(&caller.client, &["held", "basket", "register", "customers", "prints"]);
    app.wake_printer();
    Ok(cancelled)
}

/// What is kept, as the price of a service with the taxes that the shop chose for it; none for
/// nothing. The customer's exemption and the order's fiscal position count as in a sale.
fn fee(app: &App, row: &HeldRow, price: Money) -> Result<Option<Fee>, AppError> {
    if price.is_zero() || price.is_negative() {
        return Ok(None);
    }
    let held = app.store.read(|snapshot| snapshot.held_basket(row.order.order))?;
    let mut basket = Basket::new(BasketId::new(app.ids.next()));
    let sellable = Sellable {
        item: ItemId::new(FEE),
        variant: VariantId::new(FEE),
        name: FEE_NAME.to_owned(),
        sku: None,
        category: None,
        unit: Unit::Piece,
        price: None,
        tax_class: app.shop().fee_class.clone().unwrap_or_else(TaxClass::exempt),
        tracks_stock: false,
        unit_cost: None,
    };
    let line = LineId::new(app.ids.next());
    basket.apply(Change::Add { line, sellable, quantity: Quantity::ONE, price: Some(price) })?;
    if let Some(held) = held {
        basket.apply(Change::SetCustomer(held.customer().cloned()))?;
        basket.apply(Change::SetPosition(held.position().map(str::to_owned)))?;
    }
    let Settled { net, tax, total, taxes, .. } = app.settle(&basket)?;
    Ok(Some(Fee { net, tax, total, taxes }))
}

/// Prints the slip of what happened last to the money of a held order: of its end, or of its newest
/// deposit.
pub(crate) fn print(
    app: &App,
    caller: &Caller,
    request: HeldRequest,
) -> Result<PrintJobView, AppError> {
    let id = request.order_id;
    let (kind, about) = app.store.read(|snapshot| {
        let row = snapshot.held_order(id)?.ok_or(AppError::no_order())?;
        if row.state == HeldState::Cancelled {
            return Ok((PaperKind::Cancelled, id.to_string()));
        }
        let deposits = snapshot.held_deposits(id)?;
        let last = deposits.last().ok_or(papers::no_paper())?;
        Ok::<_, AppError>((PaperKind::Deposit, last.tender.id.to_string()))
    })?;
    papers::print_again(app, caller, kind, about)
}

/// What goes back of each deposit, in the order in which they came, until only what is kept is left.
fn refunds(
    held: &order::HeldOrder,
    deposits: &[DepositTaken],
    kept: Money,
    rounding: Option<CashRounding>,
    ids: &dyn Ids,
) -> Result<Vec<Tender>, AppError> {
    let mut owed = order::deposited(held, deposits)?.minus(kept)?;
    let mut refunds = Vec::new();
    for DepositTaken { tender, .. } in deposits {
        if owed.is_zero() || owed.is_negative() {
            break;
        }
        let original = TenderLeft {
            tender: tender.clone(),
            left: tender.amount,
            left_handed: tender.handed()?,
        };
        let due = owed.negated();
        let wished = most_to_pay_out(tender.kind, due, Some(&original), rounding)?;
        let wish = PayOut {
            reference: tender.reference.clone(),
            name: tender.name.clone(),
            ..PayOut::new(TenderId::new(ids.next()), tender.kind, wished).back_to(&original)
        };
        let refund = pay_out(wish, due, rounding)?;
        owed = owed.plus(refund.amount)?;
        refunds.push(refund);
    }
    Ok(refunds)
}
