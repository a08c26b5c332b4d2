//! Shifts: from the float to the count.

use std::sync::Arc;

use countertop_domain::denominations::denominations;
use countertop_domain::ids::{CashMoveId, PrintJobId, SaleId, ShiftId};
use countertop_domain::journal::Entry;
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::shift::{
    CashMove, CashMoveKind, Counted, DrawerCash, Pieces, ShiftClose, ShiftError, ShiftOpen,
    ShiftTotals, count, z_name,
};
use countertop_domain::staff::Right;
use countertop_domain::tender::home_value;
use countertop_domain::time::BusinessDay;
use countertop_receipt::report::Stage;
use countertop_store::{
    CashMoved, JobContent, JobStatus, PrintJob, ShiftRow, Snapshot, SoFar, StoreError, Tx,
};

use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::papers::{self, PaperKind};
use crate::printing;
use crate::register;
use crate::shift_report::{self, Asked, Paper};
use crate::shop::MoneyRules;
use crate::wire::{
    CashMoveKindView, CloseShift, ClosedShiftRow, ClosedShifts, CountRequest, CurrencyAmount,
    DrawerCurrency, MoveCash, Nothing, OpenShift, PiecesView, PrintJobView, RegisterState,
    ShiftReport, ShiftRequest, ShiftView,
};

/// Kinds of coins and notes of a count, and currencies of a drawer: more than there are.
const MAX_PIECES: usize = 100;
/// Shifts of the list.
const MAX_CLOSED: u32 = 60;

pub(crate) fn open(
    app: &App,
    caller: &Caller,
    request: OpenShift,
) -> Result<RegisterState, AppError> {
    let at = app.now();
    let business_day = match request.business_day {
        Some(day) => BusinessDay::try_from(day).map_err(|reason| AppError::BadText { reason })?,
        None => at.local_day(),
    };
    let opened = ShiftOpen {
        shift: ShiftId::new(app.ids.next()),
        business_day,
        at,
        actor: caller.actor.clone(),
        float: app.money(request.float)?,
        pieces: pieces(app.currency(), request.pieces)?,
        foreign: foreign_float(app, request.foreign.unwrap_or_default())?,
    };
    opened.check()?;
    app.store.write::<_, AppError>(move |tx| {
        if tx.open_shift()?.is_some() {
            return Err(AppError::ShiftOpen);
        }
        tx.append(at.utc_ms, &Entry::ShiftOpened(opened))?;
        Ok(())
    })?;
    app.changed(&caller.client, &["register"]);
    register::state(app, caller, Nothing {})
}

pub(crate) fn move_cash(
    app: &App,
    caller: &Caller,
    request: MoveCash,
) -> Result<RegisterState, AppError> {
    let at = app.now();
    let actor = caller.actor.clone();
    let (home, job) = (app.currency(), PrintJobId::new(app.ids.next()));
    let currency = request.currency.as_deref().map_or(Ok(home), Currency::parse)?;
    let amount = Money::new(request.amount, currency)?;
    let kind = kind_of(request.kind);
    let shop = app.shop();
    let id = request.id;
    app.store.write::<_, AppError>(move |tx| {
        if already_moved(tx, id, kind, amount)? {
            return Ok(());
        }
        let SoFar { shift, totals, .. } = tx.shift_so_far()?.ok_or(AppError::NoShift)?;
        let goes_out = matches!(kind, CashMoveKind::PayOut | CashMoveKind::SafeDrop);
        if goes_out && totals.expected(currency).minus(amount)?.is_negative() {
            return Err(AppError::MoreThanInDrawer { currency: currency.code() });
        }
        let value = value_of(&totals, kind, amount, &shop.money)?;
        let (shift, reason) = (shift.id, request.reason.trim().to_owned());
        let moved = CashMove { id, shift, at, actor, kind, amount, value, reason };
        moved.check(home)?;
        if moved.reason.chars().any(char::is_control) {
            let reason = "a reason is one line of plain text".to_owned();
            return Err(AppError::BadText { reason });
        }
        tx.append(at.utc_ms, &Entry::CashMoved(moved))?;
        open_drawer(tx, job, id)
    })?;
    app.changed(&caller.client, &["register", "prints"]);
    app.wake_printer();
    register::state(app, caller, Nothing {})
}

/// The shift so far; sales go on meanwhile.
pub(crate) fn x(app: &App, caller: &Caller, _: Nothing) -> Result<ShiftReport, AppError> {
    let blind = !caller.may(Right::SeeExpectedCash);
    let (at, shop) = (app.now(), app.shop());
    let paper = Paper { letterhead: &shop.letterhead, register: &app.identity().series };
    app.store.read(|snapshot| {
        let so_far = snapshot.shift_so_far()?.ok_or(AppError::NoShift)?;
        let open = opening(snapshot, &so_far.shift)?;
        let asked = Asked { at, by: &caller.actor.name, blind };
        shift_report::x(&open, &so_far, &asked, &paper)
    })
}

pub(crate) fn close(
    app: &App,
    caller: &Caller,
    request: CloseShift,
) -> Result<ShiftReport, AppError> {
    let counted = counted(request.counts)?;
    if app.baskets.any_paid() || app.cards.any_open() {
        return Err(AppError::OpenPayments);
    }
    let at = app.now();
    let (actor, shop, ids) = (caller.actor.clone(), app.shop(), Arc::clone(&app.ids));
    let (report, prints) = app.store.write::<_, AppError>(move |tx| {
        let SoFar { shift, totals, before } = tx.shift_so_far()?.ok_or(AppError::NoShift)?;
        let closed = ShiftClose {
            shift: shift.id,
            z_number: tx.next_z_number()?,
            series: tx.identity().series.clone(),
            at,
            actor,
            counts: count(&totals.drawer, counted)?,
            grand_total: totals.grand_total_after(before)?,
            totals,
        };
        let paper = Paper { letterhead: &shop.letterhead, register: &tx.identity().series };
        let open = opening(tx, &shift)?;
        let doc = shift_report::document(&open, Stage::Closed(&closed), &paper)?;
        let text = shift_report::text_of(&doc);
        tx.keep_z_text(shift.id, &text)?;
        let report = shift_report::z(&open, &closed, Some(text), &paper)?;
        tx.append(at.utc_ms, &Entry::ShiftClosed(closed))?;
        let z = papers::keep(tx, &*ids, (PaperKind::ZReport, &shift.id.to_string()), &doc)?;
        let prints = shop.print_z && papers::printer(tx)?.is_some();
        if prints {
            papers::send(tx, &*ids, z, false)?;
        }
        Ok((report, prints))
    })?;
    app.changed(&caller.client, if prints { &["register", "prints"] } else { &["register"] });
    app.wake_printer();
    Ok(report)
}

/// Prints the shift so far.
pub(crate) fn print_x(app: &App, caller: &Caller, _: Nothing) -> Result<PrintJobView, AppError> {
    let blind = !caller.may(Right::SeeExpectedCash);
    let (at, shop, ids) = (app.now(), app.shop(), Arc::clone(&app.ids));
    let by = caller.actor.name.clone();
    printing::queue(app, caller, move |tx| {
        let so_far = tx.shift_so_far()?.ok_or(AppError::NoShift)?;
        let open = opening(tx, &so_far.shift)?;
        let paper = Paper { letterhead: &shop.letterhead, register: &tx.identity().series };
        let asked = Asked { at, by: &by, blind };
        let doc = shift_report::x_document(&open, &so_far, &asked, &paper)?;
        let about = ids.next().to_string();
        Ok((papers::keep(tx, &*ids, (PaperKind::XReport, &about), &doc)?.into(), false))
    })
}

/// Prints the report of a closed shift, as it was made at the close.
pub(crate) fn print_z(
    app: &App,
    caller: &Caller,
    request: ShiftRequest,
) -> Result<PrintJobView, AppError> {
    let (shop, ids) = (app.shop(), Arc::clone(&app.ids));
    printing::queue(app, caller, move |tx| {
        let about = request.shift_id.to_string();
        if let Some(paper) = papers::newest(tx, PaperKind::ZReport, &about)? {
            return Ok((paper.into(), false));
        }
        // Closed before reports were kept as documents.
        let (open, close) = closed_shift(tx, request.shift_id)?;
        let paper = Paper { letterhead: &shop.letterhead, register: &tx.identity().series };
        let doc = shift_report::document(&open, Stage::Closed(&close), &paper)?;
        Ok((papers::keep(tx, &*ids, (PaperKind::ZReport, &about), &doc)?.into(), false))
    })
}

pub(crate) fn closed(app: &App, _: &Caller, _: Nothing) -> Result<ClosedShifts, AppError> {
    let rows = app.store.read(|snapshot| snapshot.closed_shifts(MAX_CLOSED))?;
    let rows = rows.into_iter().filter_map(|shift| {
        let closed = shift.closed?;
        Some(ClosedShiftRow {
            shift_id: shift.id,
            z_number: u32::try_from(closed.z_number).unwrap_or(u32::MAX),
            z_name: z_name(&closed.series, closed.z_number),
            business_day: shift.business_day,
            closed_local: closed.at.local_text(),
            takings: shift.takings,
            over_short: closed.counted - shift.expected,
        })
    });
    Ok(ClosedShifts { shifts: rows.collect() })
}

/// The report of a closed shift, as it was made at the close.
/// Shifts that were opened before a place in the journal, the newest first; the open one too.
///
/// # Errors
/// The caller may not see what drawers held, or the store's.
pub fn list(
    app: &App,
    caller: &Caller,
    before: i64,
    limit: u32,
) -> Result<Vec<ShiftRow>, AppError> {
    require(caller, Right::SeeExpectedCash)?;
    app.store.read(|snapshot| Ok(snapshot.shifts_before(before, limit)?))
}

/// Cash that moved without a sale before a place in the journal, the newest first.
///
/// # Errors
/// The caller may not, or the store's.
pub fn cash_moves(
    app: &App,
    caller: &Caller,
    shift: Option<ShiftId>,
    before: i64,
    limit: u32,
) -> Result<Vec<CashMoved>, AppError> {
    require(caller, Right::RunShift)?;
    app.store.read(|snapshot| Ok(snapshot.cash_moves_before(shift, before, limit)?))
}

pub(crate) fn z(app: &App, _: &Caller, request: ShiftRequest) -> Result<ShiftReport, AppError> {
    let shop = app.shop();
    let paper = Paper { letterhead: &shop.letterhead, register: &app.identity().series };
    app.store.read(|snapshot| {
        let (open, close) = closed_shift(snapshot, request.shift_id)?;
        let text = snapshot.z_text(request.shift_id)?;
        shift_report::z(&open, &close, text, &paper)
    })
}

/// How a closed shift began and ended, as the journal has it.
fn closed_shift(snapshot: &Snapshot<'_>, id: ShiftId) -> Result<(ShiftOpen, ShiftClose), AppError> {
    let no_shift = AppError::NoSuch { code: "no_such_shift", what: "that shift" };
    let Some(shift) = snapshot.shift(id)? else { return Err(no_shift) };
    let Some(closed) = &shift.closed else { return Err(no_shift) };
    match snapshot.entry(closed.seq)?.map(|stored| stored.entry()).transpose()? {
        Some(Entry::ShiftClosed(close)) => Ok((opening(snapshot, &shift)?, close)),
        _ => Err(damaged(shift.id)),
    }
}

/// The open shift as the caller may see it.
pub(crate) fn shift_view(caller: &Caller, shift: ShiftRow) -> ShiftView {
    let sees = caller.may(Right::SeeExpectedCash);
    ShiftView {
        id: shift.id,
        business_day: shift.business_day,
        opened_at: shift.opened_at.utc_ms,
        opened_local: shift.opened_at.local_text(),
        opened_by: shift.opened_by,
        float: shift.float,
        sales: shift.sales,
        expected: sees.then_some(shift.expected),
    }
}

/// The currencies that the drawer takes, the register's own first.
pub(crate) fn drawer(app: &App) -> Vec<DrawerCurrency> {
    let view = |currency: Currency, rate: Option<String>| DrawerCurrency {
        currency: currency.code().to_owned(),
        exponent: currency.exponent(),
        denominations: denominations(currency).iter().map(|piece| piece.minor()).collect(),
        rate,
    };
    let shop = app.shop();
    let foreign = shop.money.foreign.iter();
    std::iter::once(view(app.currency(), None))
        .chain(foreign.map(|foreign| view(foreign.currency, Some(foreign.rate.to_string()))))
        .collect()
}

/// How a shift began, as the journal has it.
fn opening(snapshot: &Snapshot<'_>, shift: &ShiftRow) -> Result<ShiftOpen, AppError> {
    let entry = snapshot.entry(shift.opened_seq)?;
    match entry.map(|stored| stored.entry()).transpose()? {
        Some(Entry::ShiftOpened(open)) => Ok(open),
        _ => Err(damaged(shift.id)),
    }
}

fn damaged(shift: ShiftId) -> AppError {
    let reason = format!("shift {shift} is not in the journal where it should be");
    StoreError::Damaged { what: "shift", reason }.into()
}

/// A movement that was asked for twice is made once; its id never stands for another one.
fn already_moved(
    tx: &Tx<'_>,
    id: CashMoveId,
    kind: CashMoveKind,
    amount: Money,
) -> Result<bool, AppError> {
    let Some(before) = tx.cash_move(id)? else { return Ok(false) };
    if before.kind == kind && before.amount == amount {
        return Ok(true);
    }
    Err(AppError::BadRequest {
        command: "shift.move_cash",
        reason: "its id was used for another movement: make a new one".to_owned(),
    })
}

/// What foreign cash is worth: what goes in, at the shop's rate; what goes out, its share of what
/// lies in the drawer, so that the last of it takes the whole worth along.
fn value_of(
    totals: &ShiftTotals,
    kind: CashMoveKind,
    amount: Money,
    money: &MoneyRules,
) -> Result<Option<Money>, AppError> {
    let (home, currency) = (totals.home(), amount.currency());
    if currency == home {
        return Ok(None);
    }
    if kind != CashMoveKind::PayIn
        && let Some(held) = totals.drawer.iter().find(|cash| cash.amount.currency() == currency)
        && let Some(value) = share(*held, amount)?
    {
        return Ok(Some(value));
    }
    worth(money, amount, home).map(Some)
}

/// The worth of `amount` out of what is held; none if more is asked for than is held.
fn share(held: DrawerCash, amount: Money) -> Result<Option<Money>, MoneyError> {
    let rest = held.amount.minor() - amount.minor();
    if rest < 0 || amount.is_negative() || held.value.is_negative() || held.amount.is_zero() {
        return Ok(None);
    }
    let parts = held.value.allocate(&[amount.minor(), rest])?;
    Ok(parts.first().copied())
}

fn worth(money: &MoneyRules, amount: Money, home: Currency) -> Result<Money, AppError> {
    let currency = amount.currency();
    let rate = money.foreign.iter().find(|foreign| foreign.currency == currency);
    let rate = rate.ok_or(ShiftError::NeedsValue { currency: currency.code() })?;
    Ok(home_value(amount, rate.rate, home)?)
}

fn foreign_float(app: &App, amounts: Vec<CurrencyAmount>) -> Result<Vec<DrawerCash>, AppError> {
    few(amounts.len())?;
    let shop = app.shop();
    amounts
        .into_iter()
        .map(|given| {
            let amount = Money::new(given.amount, Currency::parse(&given.currency)?)?;
            if amount.currency() == app.currency() {
                return Err(ShiftError::CountedTwice { currency: app.currency().code() }.into());
            }
            let value = worth(&shop.money, amount, app.currency())?;
            Ok(DrawerCash { amount, value })
        })
        .collect()
}

fn counted(requests: Vec<CountRequest>) -> Result<Vec<Counted>, AppError> {
    few(requests.len())?;
    requests
        .into_iter()
        .map(|request| {
            let currency = Currency::parse(&request.currency)?;
            let amount = Money::new(request.counted, currency)?;
            Ok(Counted { amount, pieces: pieces(currency, request.pieces)? })
        })
        .collect()
}

/// What was counted of each coin and note; those that are not there are left out.
fn pieces(currency: Currency, views: Option<Vec<PiecesView>>) -> Result<Vec<Pieces>, AppError> {
    let views = views.unwrap_or_default();
    few(views.len())?;
    views
        .into_iter()
        .filter(|view| view.count > 0)
        .map(|view| Ok(Pieces { value: Money::new(view.value, currency)?, count: view.count }))
        .collect()
}

fn few(rows: usize) -> Result<(), AppError> {
    if rows > MAX_PIECES {
        let reason = format!("a count has up to {MAX_PIECES} rows");
        return Err(AppError::BadText { reason });
    }
    Ok(())
}

const fn kind_of(view: CashMoveKindView) -> CashMoveKind {
    match view {
        CashMoveKindView::PayIn => CashMoveKind::PayIn,
        CashMoveKindView::PayOut => CashMoveKind::PayOut,
        CashMoveKindView::SafeDrop => CashMoveKind::SafeDrop,
        CashMoveKindView::NoSale => CashMoveKind::NoSale,
    }
}

/// Opens the drawer through the durable queue, where there is a printer with one.
fn open_drawer(tx: &Tx<'_>, id: PrintJobId, moved: CashMoveId) -> Result<(), AppError> {
    let Some(printer) = papers::printer(tx)? else { return Ok(()) };
    if printer.drawer() {
        tx.add_print_job(&PrintJob {
            id,
            // What it is for: no sale has the id of a cash movement.
            sale: SaleId::new(moved.uuid()),
            device: None,
            content: JobContent::Drawer,
            open_drawer: true,
            status: JobStatus::Waiting,
            attempts: 0,
            trouble: String::new(),
        })?;
    }
    Ok(())
}
