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
use countertop_store::{JobContent, JobStatus, PrintJob, Tx};

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
use crate::{coupons, credit, customers, held};

pub(crate) fn tender(app: &App, caller: &Caller, request: PayRequest) -> Result<Paid, AppError> {
    let Some(shared) = app.baskets.get(request.basket_id) else {
        return already_paid(app, request.basket_id, request.tender_id, request.offered == 0);
    };
    let mut open = lock(&shared);
    if open.gone {
        return already_paid(app, request.basket_id, request.tender_id, request.offered == 0);
    }
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
    if !known && !free {
        // An id that paid for something else would be refused only at the commit, with the money taken.
        app.store.read(|snapshot| customers::is_new(snapshot, "pay.tender", request.tender_id))?;
        let tender = if due.is_negative() {
            paid_out(app, caller, &after, &request, due)?
        } else {
            taken(app, &after, &request, due)?
        };
        after.add_tender(tender, at);
    }
    let paid = settle_up(app, caller, &mut open, after, settled, request.print)?;
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
    let mut after = (*open.basket).clone();
    if !after.confirm_tender(request.tender_id) {
        return Err(AppError::no_tender());
    }
    let settled = app.settle(&after)?;
    let paid = settle_up(app, caller, &mut open, after, settled, request.print)?;
    drop(open);
    tell(app, caller, &paid);
    Ok(paid)
}

/// Completes the sale if all is paid, else keeps what was paid so far.
fn settle_up(
    app: &App,
    caller: &Caller,
    open: &mut Open,
    after: Basket,
    settled: Settled,
    print: bool,
) -> Result<Paid, AppError> {
    let pending = after.tenders().iter().any(Tender::is_pending);
    if pricing::due(&after, &settled)?.is_zero() && !pending {
        let sale = complete(app, caller, open, after, settled, print)?;
        return Ok(Paid { basket: None, sale: Some(sale) });
    }
    if *open.basket != after {
        save(app, open, after, None)?;
    }
    let view = settled_view(app, &open.basket, &settled)?;
    Ok(Paid { basket: Some(view), sale: None })
}

fn tell(app: &App, caller: &Caller, paid: &Paid) {
    if paid.sale.is_none() {
        app.changed(&caller.client, &["basket"]);
        return;
    }
    app.changed(&caller.client, &["basket", "orders", "register", "prints", "customers", "held"]);
    app.wake_printer();
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
    let mut after = (*open.basket).clone();
    if let Some(tender) = after.remove_tender(request.tender_id) {
        if tender.kind == TenderKind::Deposit {
            return Err(AppError::BadText {
                reason: "a deposit stays with its order: cancel the order to pay it back"
                    .to_owned(),
            });
        }
        let undone =
            TenderUndone { basket: after.id(), at: app.now(), actor: caller.actor.clone(), tender };
        save(app, &mut open, after, Some(undone))?;
    }
    let settled = app.settle(&open.basket)?;
    let view = settled_view(app, &open.basket, &settled)?;
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok(view)
}

pub(crate) fn set_tip(app: &App, caller: &Caller, request: SetTip) -> Result<BasketView, AppError> {
    let shared = open_basket(app, request.basket_id)?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
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
        let Sold { sale, refunds } = Sold::read(snapshot, id)?;
        let refunded_by = refunds
            .iter()
            .map(|sale| ReceiptRef { sale_id: sale.id, receipt: sale.receipt.to_string() })
            .collect();
        sale_view(&sale, &snapshot.print_jobs_of(id)?, refunded_by)
    })
}

/// A part payment is on disk before anyone is told: money was taken for it. One that is taken back
/// is in the journal with the same write.
fn save(
    app: &App,
    open: &mut Open,
    after: Basket,
    undone: Option<TenderUndone>,
) -> Result<(), AppError> {
    let after = Arc::new(after);
    let (client, saved) = (open.client.clone(), Arc::clone(&after));
    app.store.write::<_, AppError>(move |tx| {
        if let Some(undone) = undone {
            tx.append(undone.at.utc_ms, &Entry::TenderUndone(undone))?;
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
    print: bool,
) -> Result<SaleView, AppError> {
    let id = basket.id();
    let at = app.now();
    let actor = caller.actor.clone();
    let rounding = app.shop().rounding;
    let job = PrintJobId::new(app.ids.next());
    let view = app.store.write::<_, AppError>(move |tx| {
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
        let jobs: Vec<PrintJob> = paper_for(tx, &sale, job, print)?.into_iter().collect();
        let view = sale_view(&sale, &jobs, Vec::new())?;
        tx.append(at.utc_ms, &Entry::SaleCompleted(Box::new(sale)))?;
        for job in &jobs {
            tx.add_print_job(job)?;
        }
        tx.remove_basket(id)?;
        Ok(view)
    })?;
    open.gone = true;
    app.baskets.remove(id);
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
fn paper_for(
    tx: &Tx<'_>,
    sale: &Sale,
    id: PrintJobId,
    print: bool,
) -> Result<Option<PrintJob>, AppError> {
    let Some(printer) = tx.devices()?.into_iter().next() else { return Ok(None) };
    let cash = |tender: &Tender| matches!(tender.kind, TenderKind::Cash | TenderKind::ForeignCash);
    let open_drawer = sale.tenders.iter().any(cash) && printer.drawer;
    let content = match (print, open_drawer) {
        (true, _) => JobContent::Receipt,
        (false, true) => JobContent::Drawer,
        (false, false) => return Ok(None),
    };
    Ok(Some(PrintJob {
        id,
        sale: sale.id,
        content,
        open_drawer,
        status: JobStatus::Waiting,
        attempts: 0,
        trouble: String::new(),
    }))
}
