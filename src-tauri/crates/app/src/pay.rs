//! Taking payment. The commit is the sale: what comes after it (paper, drawer, other systems) comes
//! from durable queues.

use std::sync::Arc;

use countertop_domain::basket::Basket;
use countertop_domain::discount::Reduction;
use countertop_domain::ids::{BasketId, PrintJobId, SaleId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::pricing::{self, Settled};
use countertop_domain::returns::{self, ReturnLine};
use countertop_domain::sale::{Sale, SaleError, SaleFacts};
use countertop_domain::tender::{Tender, TenderError, TenderKind};
use countertop_domain::time::{BusinessDay, Timestamp};
use countertop_domain::voids::TenderUndone;
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob, Tx};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::{Open, Shared, lock};
use crate::returns::Sold;
use crate::shop_settings::percent;
use crate::tendering::{paid_out, taken};
use crate::views::{sale_view, settled_view};
use crate::wire::{
    BasketView, ConfirmTender, Paid, PayRequest, ReceiptRef, SaleView, SetTip, TakeBack,
};
use crate::{
    cards, coupons, credit, credit_slip, customers, held, loyalty, order_tickets, papers,
    payment_requests,
};

pub(crate) fn tender(app: &App, caller: &Caller, request: PayRequest) -> Result<Paid, AppError> {
    let Some(shared) = app.baskets.get(request.basket_id) else {
        return already_paid(app, request.basket_id, request.tender_id, request.offered == 0);
    };
    let mut open = lock(&shared);
    if open.gone {
        return already_paid(app, request.basket_id, request.tender_id, request.offered == 0);
    }
    cards::must_be_free(app, request.basket_id)?;
    let known = open.basket.tenders().iter().any(|tender| tender.id == request.tender_id);
    if open.basket.lines().is_empty() && open.basket.returns().is_empty() {
        return Err(SaleError::Empty.into());
    }
    let at = app.now();
    let mut after = (*open.basket).clone();
    let settled = app.settle_at(&after, at)?;
    let due = pricing::due(&after, &settled)?;
    // Nothing to pay (a basket of free things) is completed without a payment.
    let free = due.is_zero() && request.offered == 0;
    let fresh = (!known && !free).then_some(request.tender_id);
    if fresh.is_some() {
        let tender = if due.is_negative() {
            paid_out(app, caller, &after, &request, due)?
        } else {
            taken(app, &after, &request, due)?
        };
        after.add_tender(tender, at);
    }
    let paid = settle_up(app, caller, &mut open, after, settled, (fresh, request.print))?;
    drop(open);
    tell(app, caller, &paid);
    Ok(paid)
}

/// A payment that was announced has come in.
pub(crate) fn confirm(
    app: &App,
    caller: &Caller,
    request: ConfirmTender,
) -> Result<Paid, AppError> {
    let Some(shared) = app.baskets.get(request.basket_id) else {
        return already_paid(app, request.basket_id, request.tender_id, false);
    };
    let mut open = lock(&shared);
    if open.gone {
        return already_paid(app, request.basket_id, request.tender_id, false);
    }
    cards::must_be_free(app, request.basket_id)?;
    let mut after = (*open.basket).clone();
    if !after.confirm_tender(request.tender_id) {
        return Err(AppError::no_tender());
    }
    let settled = app.settle(&after)?;
    let paid = settle_up(app, caller, &mut open, after, settled, (None, request.print))?;
    drop(open);
    tell(app, caller, &paid);
    Ok(paid)
}

/// Completes the sale if all is paid, else keeps what was paid so far. A fresh tender is refused if its
/// id paid for something else.
fn settle_up(
    app: &App,
    caller: &Caller,
    open: &mut Open,
    after: Basket,
    settled: Settled,
    (fresh, print): (Option<TenderId>, bool),
) -> Result<Paid, AppError> {
    let pending = after.tenders().iter().any(Tender::is_pending);
    if pricing::due(&after, &settled)?.is_zero() && !pending {
        let sale = complete(app, caller, open, after, settled, (fresh, print))?;
        return Ok(Paid { basket: None, sale: Some(sale) });
    }
    if let Some(id) = fresh {
        app.store.read(|snapshot| customers::is_new(snapshot, "pay.tender", id))?;
    }
    if *open.basket != after {
        save(app, open, after, None)?;
    }
    let view = settled_view(app, &open.basket, &settled)?;
    Ok(Paid { basket: Some(view), sale: None })
}

/// Completes the sale of a basket with a payment that came in by itself, if all is paid.
pub(crate) fn settle_with(
    app: &App,
    caller: &Caller,
    open: &mut Open,
    after: Basket,
    print: bool,
) -> Result<Option<SaleView>, AppError> {
    let settled = app.settle(&after)?;
    let pending = after.tenders().iter().any(Tender::is_pending);
    if pending || !pricing::due(&after, &settled)?.is_zero() {
        return Ok(None);
    }
    complete(app, caller, open, after, settled, (None, print)).map(Some)
}

fn tell(app: &App, caller: &Caller, paid: &Paid) {
    if paid.sale.is_none() {
        app.changed(&caller.client, &["basket"]);
        return;
    }
    app.changed(&caller.client, &["basket", "orders", "register", "prints", "customers", "held"]);
    if payment_requests::are_asked(app) {
        payment_requests::after_sale(app);
    };
}

fn open_basket(app: &App, id: countertop_domain::ids::BasketId) -> Result<Shared, AppError> {
    app.baskets.get(id).ok_or(AppError::no_basket())
}

pub(crate) fn take_back(
    app: &App,
    caller: &Caller,
    request: TakeBack,
) -> Result<BasketView, AppError> {
    let shared = open_basket(app, request.basket_id)?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    // Asked for again while the terminal is at it.
    if !already_going_back(app, &request)? {
        cards::must_be_free(app, request.basket_id)?;
    }
    let mut after = (*open.basket).clone();
    let at_terminal =
        |tender: &&Tender| tender.id == request.tender_id && tender.kind == TenderKind::Card;
    if let Some(tender) = after.tenders().iter().find(at_terminal) {
        if app.cards.holds(request.basket_id).is_none() {
            cards::take_back(app, caller, &open, tender)?;
        }
    } else if let Some(tender) = after.remove_tender(request.tender_id) {
        if tender.kind == TenderKind::Deposit {
            return Err(AppError::BadText {
                reason: "a deposit stays with its order: cancel the order to pay it back"
                    .to_owned(),
            });
        }
        let undone =
            TenderUndone { basket: after.id(), at: app.now(), actor: caller.actor.clone(), tender };
        save(app, &mut open, after, Some((undone, Vec::new())))?;
    }
    let settled = app.settle(&open.basket)?;
    let view = settled_view(app, &open.basket, &settled)?;
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok(view)
}

/// Whether the payment that holds the basket is the one that gives this tender back.
fn already_going_back(app: &App, request: &TakeBack) -> Result<bool, AppError> {
    let Some(id) = app.cards.holds(request.basket_id) else { return Ok(false) };
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(id)?))?;
    Ok(row.is_some_and(|row| row.refunds == Some(request.tender_id)))
}

pub(crate) fn set_tip(app: &App, caller: &Caller, request: SetTip) -> Result<BasketView, AppError> {
    let shared = open_basket(app, request.basket_id)?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    cards::must_be_free(app, request.basket_id)?;
    payment_requests::allows_tip(app, request.basket_id)?;
    let mut after = (*open.basket).clone();
    let settled = app.settle(&after)?;
    let tip = match (request.percent.as_deref(), request.amount) {
        (None, None) => None,
        (Some(text), None) => {
            Some(Reduction::percent(percent(text)?)?.of(settled.total, app.shop().rounding.mode)?)
        }
        (None, Some(minor)) => Some(app.money(minor)?),
        (Some(_), Some(_)) => {
            return Err(AppError::BadText {
                reason: "give a tip as a percentage or as an amount, not as both".to_owned(),
            });
        }
    };
    after.set_tip(tip)?;
    if pricing::due(&after, &settled)?.is_negative() && !settled.total.is_negative() {
        return Err(AppError::BadText {
            reason: "more than that is paid already: take a payment back first".to_owned(),
        });
    }
    save(app, &mut open, after, None)?;
    let view = settled_view(app, &open.basket, &settled)?;
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok(view)
}

/// A basket that was paid answers the payment that is part of it with its sale, so that a lost answer
/// costs nothing. Another payment is refused: money must not be taken twice for one basket.
fn already_paid(
    app: &App,
    basket: BasketId,
    tender: TenderId,
    of_nothing: bool,
) -> Result<Paid, AppError> {
    let sale = match find_sale(app, basket.into()) {
        Ok(sale) => sale,
        Err(AppError::NoSuch { .. }) => return Err(AppError::no_basket()),
        Err(error) => return Err(error),
    };
    let free = sale.total == 0 && of_nothing;
    if free || sale.tenders.iter().any(|known| known.id == tender) {
        return Ok(Paid { basket: None, sale: Some(sale) });
    }
    Err(TenderError::NothingDue.into())
}

pub(crate) fn find_sale(app: &App, id: SaleId) -> Result<SaleView, AppError> {
    app.store.read(|snapshot| {
        let sold = Sold::read(snapshot, id)?;
        let refunded_by = sold
            .refunds
            .iter()
            .map(|sale| ReceiptRef { sale_id: sale.id, receipt: sale.receipt.to_string() })
            .collect();
        let mut view = sale_view(&sold.sale, &snapshot.print_jobs_of(id)?, refunded_by)?;
        let left = sold.tenders_left(&[])?;
        for tender in &mut view.tenders {
            if let Some(left) = left.iter().find(|left| left.tender.id == tender.id) {
                tender.refunded = left.tender.amount.minus(left.left)?.minor();
            }
        }
        Ok(view)
    })
}

/// A part payment is on disk before anyone is told: money was taken for it. One that is taken back
/// is in the journal with the same write, and nothing is left to be done about the payments at
/// terminals that are named with it.
pub(crate) fn save(
    app: &App,
    open: &mut Open,
    after: Basket,
    undone: Option<(TenderUndone, Vec<TenderId>)>,
) -> Result<(), AppError> {
    let after = Arc::new(after);
    let (client, saved) = (open.client.clone(), Arc::clone(&after));
    app.store.write::<_, AppError>(move |tx| {
        if let Some((undone, at_terminals)) = undone {
            tx.append(undone.at.utc_ms, &Entry::TenderUndone(undone))?;
            for id in at_terminals {
                if let Some(mut row) = tx.payment(id)? {
                    row.settled = true;
                    tx.set_payment(&row)?;
                }
            }
        }
        Ok(tx.put_basket(&client, &saved)?)
    })?;
    open.basket = after;
    Ok(())
}

fn complete(
    app: &App,
    caller: &Caller,
    open: &mut Open,
    basket: Basket,
    settled: Settled,
    (fresh, print): (Option<TenderId>, bool),
) -> Result<SaleView, AppError> {
    let id = basket.id();
    let at = app.now();
    let actor = caller.actor.clone();
    let (shop, ids) = (app.shop(), Arc::clone(&app.ids));
    let rounding = shop.rounding;
    let job = PrintJobId::new(app.ids.next());
    let (view, may_print) = app.store.write::<_, AppError>(move |tx| {
        if let Some(id) = fresh {
            customers::is_new(tx, "pay.tender", id)?;
        }
        let shift = tx.open_shift()?.ok_or(AppError::NoShift)?;
        let business_day = BusinessDay::try_from(shift.business_day.clone())
            .map_err(|reason| AppError::BadText { reason })?;
        let facts = SaleFacts {
            register: tx.identity().register,
            receipt: tx.next_receipt()?,
            shift: shift.id,
            business_day,
            at,
            actor,
            rounding,
        };
        let sale = Sale::close(&basket, settled, facts)?;
        still_holds(tx, &sale, basket.returns(), at)?;
        let printers = tx.printers()?;
        let jobs: Vec<PrintJob> = paper_for(&printers, &sale, job, print).into_iter().collect();
        let view = sale_view(&sale, &jobs, Vec::new())?;
        let entry = Entry::SaleCompleted(Box::new(sale));
        tx.append(at.utc_ms, &entry)?;
        for job in &jobs {
            tx.add_print_job(job)?;
        }
        if let Entry::SaleCompleted(sale) = &entry {
            loyalty::of_sale(tx, sale)?;
            credit_slip::of_sale(tx, &*ids, sale, &shop.letterhead)?;
            order_tickets::of_sale(tx, &*ids, sale, &shop.letterhead, &printers)?;
        }
        tx.forget_sold_basket(id);
        Ok((view, !printers.is_empty()))
    })?;
    open.gone = true;
    app.baskets.remove(id);
    if may_print {
        app.wake_printer();
    }
    Ok(view)
}

/// What was true when the payment was taken must be true when it is written: another screen may have
/// spent the same card, used the same coupon or taken the same goods back meanwhile.
fn still_holds(
    tx: &Tx<'_>,
    sale: &Sale,
    coming_back: &[ReturnLine],
    at: Timestamp,
) -> Result<(), AppError> {
    credit::check(tx, sale)?;
    coupons::check(tx, sale, at)?;
    held::complete(tx, sale)?;
    cards::in_sale(tx, sale)?;
    let mut origins: Vec<SaleId> =
        sale.lines.iter().filter_map(|line| line.origin.as_ref()).map(|o| o.sale).collect();
    origins.sort_unstable();
    origins.dedup();
    for origin in origins {
        let sold = Sold::read(tx, origin)?;
        returns::check(coming_back, &sold.sale, &sold.refunds)?;
        sold.pays_back(sale)?;
    }
    Ok(())
}

/// The print job of a sale: its receipt, or at least the drawer for cash.
fn paper_for(printers: &[DeviceRow], sale: &Sale, id: PrintJobId, print: bool) -> Option<PrintJob> {
    let printer = printers.iter().find(|row| !papers::prints_orders(row))?;
    let cash = |tender: &Tender| matches!(tender.kind, TenderKind::Cash | TenderKind::ForeignCash);
    let open_drawer = sale.tenders.iter().any(cash) && printer.drawer();
    let content = match (print, open_drawer) {
        (true, _) => JobContent::Receipt,
        (false, true) => JobContent::Drawer,
        (false, false) => return None,
    };
    Some(PrintJob {
        id,
        sale: sale.id,
        device: None,
        content,
        open_drawer,
        status: JobStatus::Waiting,
        attempts: 0,
        trouble: String::new(),
    })
}
