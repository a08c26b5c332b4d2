//! Taking payment. The commit is the sale: what comes after it (paper, drawer, other systems) comes
//! from durable queues.

use std::sync::Arc;

use countertop_domain::basket::Basket;
use countertop_domain::ids::{PrintJobId, SaleId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::pricing::{self, Settled};
use countertop_domain::sale::{Sale, SaleError, SaleFacts};
use countertop_domain::tender::{self, TenderKind};
use countertop_domain::time::BusinessDay;
use countertop_store::{JobContent, JobStatus, PrintJob, ShiftRow, Tx};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::{Open, lock};
use crate::views::{basket_view, sale_view, tender_kind};
use crate::wire::{BasketView, Paid, PayRequest, SaleView, TakeBack};

pub(crate) fn tender(app: &App, caller: &Caller, request: PayRequest) -> Result<Paid, AppError> {
    let Some(shared) = app.baskets.get(request.basket_id) else {
        return already_paid(app, &request);
    };
    let mut open = lock(&shared);
    if open.gone {
        return already_paid(app, &request);
    }
    let taken = open.basket.tenders().iter().any(|tender| tender.id == request.tender_id);
    if open.basket.lines().is_empty() {
        return Err(SaleError::Empty.into());
    }
    let mut after = (*open.basket).clone();
    let shop = app.shop();
    let settled = pricing::settle(&after, &app.pricing(&shop.taxes))?;
    let due = pricing::due(&after, &settled)?;
    let offered = app.money(request.offered)?;
    // Nothing to pay (a basket of free things) is completed without a payment.
    let free = due.is_zero() && offered.is_zero();
    if !taken && !free {
        used_elsewhere(app, request.tender_id)?;
        let kind = tender_kind(request.kind);
        after.add_tender(tender::take(request.tender_id, kind, offered, due)?);
    }
    if pricing::due(&after, &settled)?.is_zero() {
        let sale = complete(app, caller, &mut open, after, settled, request.print)?;
        drop(open);
        app.changed(&caller.client, &["basket", "orders", "register", "prints"]);
        app.wake_printer();
        return Ok(Paid { basket: None, sale: Some(sale) });
    }
    if !taken {
        save(app, &mut open, after)?;
    }
    let view = basket_view(app, &open.basket)?;
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok(Paid { basket: Some(view), sale: None })
}

pub(crate) fn take_back(
    app: &App,
    caller: &Caller,
    request: TakeBack,
) -> Result<BasketView, AppError> {
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    let mut after = (*open.basket).clone();
    if after.remove_tender(request.tender_id) {
        save(app, &mut open, after)?;
    }
    let view = basket_view(app, &open.basket)?;
    drop(open);
    app.changed(&caller.client, &["basket"]);
    Ok(view)
}

/// A basket that was paid answers the payment that is part of it with its sale, so that a lost answer
/// costs nothing. Another payment is refused: money must not be taken twice for one basket.
fn already_paid(app: &App, request: &PayRequest) -> Result<Paid, AppError> {
    let sale = match find_sale(app, request.basket_id.into()) {
        Ok(sale) => sale,
        Err(AppError::NoSuch { .. }) => return Err(AppError::no_basket()),
        Err(error) => return Err(error),
    };
    let free = sale.total == 0 && request.offered == 0;
    if free || sale.tenders.iter().any(|tender| tender.id == request.tender_id) {
        return Ok(Paid { basket: None, sale: Some(sale) });
    }
    Err(tender::TenderError::NothingDue.into())
}

/// An id that paid for another sale would be refused only at the commit, when the money is taken.
fn used_elsewhere(app: &App, id: TenderId) -> Result<(), AppError> {
    if app.store.read::<_, AppError>(|snapshot| Ok(snapshot.has_tender(id)?))? {
        return Err(AppError::BadRequest {
            command: "pay.tender",
            reason: "its tender id paid for another sale: make a new one".to_owned(),
        });
    }
    Ok(())
}

pub(crate) fn find_sale(app: &App, id: SaleId) -> Result<SaleView, AppError> {
    app.store.read(|snapshot| {
        let sale = snapshot.sale(id)?.ok_or(AppError::no_sale())?;
        sale_view(&sale, &snapshot.print_jobs_of(id)?)
    })
}

/// A part payment is on disk before anyone is told: money was taken for it.
fn save(app: &App, open: &mut Open, after: Basket) -> Result<(), AppError> {
    let after = Arc::new(after);
    let (client, saved) = (open.client.clone(), Arc::clone(&after));
    app.store.write::<_, AppError>(move |tx| Ok(tx.put_basket(&client, &saved)?))?;
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
        };
        let sale = Sale::close(&basket, settled, facts)?;
        still_counts(&shift, &sale)?;
        let jobs: Vec<PrintJob> = paper_for(tx, &sale, job, print)?.into_iter().collect();
        let view = sale_view(&sale, &jobs)?;
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

/// Refuses a sale after which the shift could neither be shown nor closed.
fn still_counts(shift: &ShiftRow, sale: &Sale) -> Result<(), MoneyError> {
    let currency = sale.total.currency();
    let cash = sale.tenders.iter().filter(|tender| tender.kind == TenderKind::Cash);
    let drawer = [Money::new(shift.float, currency)?, Money::new(shift.cash, currency)?];
    Money::sum(currency, drawer.into_iter().chain(cash.map(|tender| tender.amount)))?;
    Money::new(shift.takings, currency)?.plus(sale.total)?;
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
    let cash = sale.tenders.iter().any(|tender| tender.kind == TenderKind::Cash);
    let open_drawer = cash && printer.drawer;
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

/// What a drawer should hold: float and cash.
pub(crate) fn expected_cash(app: &App, float: i64, cash: i64) -> Result<Money, AppError> {
    Ok(app.money(float)?.plus(app.money(cash)?)?)
}
