//! Shifts: from the float to the count.

use countertop_domain::ids::ShiftId;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::shift::{ShiftClose, ShiftOpen};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pay::expected_cash;
use crate::register;
use crate::wire::{CloseShift, Nothing, OpenShift, RegisterState, ShiftClosed};

pub(crate) fn open(
    app: &App,
    caller: &Caller,
    request: OpenShift,
) -> Result<RegisterState, AppError> {
    let float = not_negative(app.money(request.float)?)?;
    let at = app.now();
    let opened = ShiftOpen {
        shift: ShiftId::new(app.ids.next()),
        business_day: at.local_day(),
        at,
        actor: caller.actor.clone(),
        float,
    };
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

pub(crate) fn close(
    app: &App,
    caller: &Caller,
    request: CloseShift,
) -> Result<ShiftClosed, AppError> {
    let counted = not_negative(app.money(request.counted)?)?;
    if app.baskets.any_paid() {
        return Err(AppError::OpenPayments);
    }
    let at = app.now();
    let actor = caller.actor.clone();
    let currency = app.currency();
    let (shift, closed) = app.store.write::<_, AppError>(move |tx| {
        let shift = tx.open_shift()?.ok_or(AppError::NoShift)?;
        let expected =
            Money::new(shift.float, currency)?.plus(Money::new(shift.cash, currency)?)?;
        let closed = ShiftClose { shift: shift.id, at, actor, expected, counted };
        tx.append(at.utc_ms, &Entry::ShiftClosed(closed.clone()))?;
        Ok((shift, closed))
    })?;
    app.changed(&caller.client, &["register"]);
    Ok(ShiftClosed {
        sales: shift.sales,
        takings: shift.takings,
        cash: shift.cash,
        card: shift.card,
        expected: expected_cash(app, shift.float, shift.cash)?.minor(),
        counted: closed.counted.minor(),
        over_short: closed.over_short()?.minor(),
    })
}

fn not_negative(amount: Money) -> Result<Money, AppError> {
    if amount.is_negative() {
        return Err(AppError::BadText {
            reason: "cash in a drawer cannot be less than nothing: enter what is there".to_owned(),
        });
    }
    Ok(amount)
}
