//! The register at a glance.

use countertop_domain::staff::Right;
use countertop_domain::tax::FiscalPosition;
use countertop_domain::tender::TenderKind;
use countertop_store::JobStatus;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::shifts;
use crate::shop::MoneyRules;
use crate::views::pay_with;
use crate::wire::{Nothing, PositionView, PrinterState, RegisterState, TenderKey};

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
        shift: shift.map(|shift| shifts::shift_view(caller, shift)),
        printer: match (devices.is_empty(), trouble) {
            (true, _) => PrinterState::None,
            (false, true) => PrinterState::Trouble,
            (false, false) => PrinterState::Ready,
        },
        prints_waiting: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        outbox_waiting: outbox,
        tenders: tender_keys(&shop.money),
        drawer: shifts::drawer(app),
        positions: shop.taxes.positions().iter().map(position_view).collect(),
        tip_percents: shop.money.tip_percents.iter().map(|tip| tip.value().to_string()).collect(),
        demo: shop.demo,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// The keys of the Pay screen: what the shop takes, then its own ways by name.
fn tender_keys(money: &MoneyRules) -> Vec<TenderKey> {
    let usual = money.tenders.iter().map(|kind| TenderKey {
        kind: pay_with(*kind),
        name: match kind {
            TenderKind::Wallet => money.wallet.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
            _ => String::new(),
        },
    });
    let own = money
        .custom
        .iter()
        .map(|name| TenderKey { kind: pay_with(TenderKind::Custom), name: name.clone() });
    usual.chain(own).collect()
}

fn position_view(position: &FiscalPosition) -> PositionView {
    PositionView { id: position.id.clone(), name: position.name.clone() }
}
