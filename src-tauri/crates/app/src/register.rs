//! The register at a glance.

use countertop_domain::staff::Right;
use countertop_domain::tax::FiscalPosition;
use countertop_domain::tender::TenderKind;
use countertop_store::{DeviceKind, DeviceRow, JobStatus};

use crate::app::{App, Caller};
use crate::cards;
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
    let (terminals, printers): (Vec<_>, Vec<_>) = devices
        .into_iter()
        .filter(|row| matches!(row.kind, DeviceKind::Terminal | DeviceKind::Printer))
        .partition(|row| row.kind == DeviceKind::Terminal);
    let trouble = jobs.iter().any(|j| j.status == JobStatus::Parked || !j.trouble.is_empty());
    Ok(RegisterState {
        shop: shop.letterhead.shop.clone(),
        register: app.identity().series.clone(),
        currency: app.currency().code().to_owned(),
        exponent: app.currency().exponent(),
        actor: caller.actor.name.clone(),
        role: caller.actor.role,
        rights: Right::ALL.into_iter().filter(|right| caller.may(*right)).collect(),
        shift: shift.map(|shift| shifts::shift_view(caller, shift)),
        printer: match (printers.is_empty(), trouble) {
            (true, _) => PrinterState::None,
            (false, true) => PrinterState::Trouble,
            (false, false) => PrinterState::Ready,
        },
        printer_words: jobs
            .iter()
            .find(|job| !job.trouble.is_empty())
            .map(|job| job.trouble.clone()),
        prints_waiting: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        outbox_waiting: outbox,
        tenders: tender_keys(&shop.money, &terminals),
        cards: cards::brief(app)?,
        drawer: shifts::drawer(app),
        positions: shop.taxes.positions().iter().map(position_view).collect(),
        tip_percents: shop.money.tip_percents.iter().map(|tip| tip.value().to_string()).collect(),
        demo: shop.demo,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// The keys of the Pay screen: what the shop takes, then its own ways by name.
fn tender_keys(money: &MoneyRules, terminals: &[DeviceRow]) -> Vec<TenderKey> {
    let at_terminals = terminals.iter().map(|terminal| TenderKey {
        kind: pay_with(TenderKind::Card),
        name: terminal.name.clone(),
        terminal_id: Some(terminal.id),
    });
    let usual = money.tenders.iter().filter(|kind| **kind != TenderKind::Card);
    let usual = usual.map(|kind| TenderKey {
        kind: pay_with(*kind),
        name: match kind {
            TenderKind::Wallet => money.wallet.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
            _ => String::new(),
        },
        terminal_id: None,
    });
    let own = money.custom.iter().map(|name| TenderKey {
        kind: pay_with(TenderKind::Custom),
        name: name.clone(),
        terminal_id: None,
    });
    usual.chain(at_terminals).chain(own).collect()
}

fn position_view(position: &FiscalPosition) -> PositionView {
    PositionView { id: position.id.clone(), name: position.name.clone() }
}
