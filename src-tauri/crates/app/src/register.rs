//! The register at a glance.

use countertop_domain::staff::Right;
use countertop_store::{JobStatus, ShiftRow};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pay::expected_cash;
use crate::wire::{Nothing, PrinterState, RegisterState, ShiftView};

pub(crate) fn state(app: &App, caller: &Caller, _: Nothing) -> Result<RegisterState, AppError> {
    let (shift, devices, jobs, outbox) = app.store.read::<_, AppError>(|snapshot| {
        Ok((
            snapshot.open_shift()?,
            snapshot.devices()?,
            snapshot.open_print_jobs()?,
            snapshot.outbox_waiting()?,
        ))
    })?;
    let shop = app.shop();
    let trouble = jobs.iter().any(|j| j.status == JobStatus::Parked || !j.trouble.is_empty());
    Ok(RegisterState {
        shop: shop.letterhead.shop.clone(),
        register: app.identity().series.clone(),
        currency: app.currency().code().to_owned(),
        exponent: app.currency().exponent(),
        actor: caller.actor.name.clone(),
        role: caller.actor.role,
        rights: Right::ALL.into_iter().filter(|right| caller.actor.role.may(*right)).collect(),
        shift: shift.map(|shift| shift_view(app, shift)).transpose()?,
        printer: match (devices.is_empty(), trouble) {
            (true, _) => PrinterState::None,
            (false, true) => PrinterState::Trouble,
            (false, false) => PrinterState::Ready,
        },
        prints_waiting: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        outbox_waiting: outbox,
        demo: shop.demo,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

fn shift_view(app: &App, shift: ShiftRow) -> Result<ShiftView, AppError> {
    Ok(ShiftView {
        id: shift.id,
        business_day: shift.business_day,
        opened_at: shift.opened_ms,
        opened_by: shift.opened_by,
        float: shift.float,
        sales: shift.sales,
        cash: shift.cash,
        card: shift.card,
        expected: expected_cash(app, shift.float, shift.cash)?.minor(),
    })
}
