//! What a person does about a payment: stops it, has the terminal asked again, or decides.

use countertop_domain::card::{CardPaymentReversed, PaymentResolved};
use countertop_domain::ids::TenderId;
use countertop_domain::journal::Entry;
use countertop_domain::voids::TenderUndone;
use countertop_store::{PaymentPurpose, PaymentRow, PaymentState};

use super::settle;
use super::terminal::Ask;
use super::view::status_of;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::pay;
use crate::returns::needed;
use crate::wire::{AttemptView, CardRequest, ResolveCard};

fn row(app: &App, id: TenderId) -> Result<PaymentRow, AppError> {
    app.store
        .read::<_, AppError>(|snapshot| Ok(snapshot.payment(id)?))?
        .ok_or(AppError::no_tender())
}

/// Passes on that the cashier wants to stop. What becomes of the payment is still the terminal's to
/// say: it may be too late.
pub(crate) fn stop(
    app: &App,
    caller: &Caller,
    request: CardRequest,
) -> Result<AttemptView, AppError> {
    let payment = row(app, request.tender_id)?;
    if payment.state.is_open() {
        app.cards.wish_to_stop(payment.tender);
        app.changed(&caller.client, &["card"]);
    }
    status_of(app, caller, &payment)
}

/// Has the terminal asked again, now.
pub(crate) fn ask_again(
    app: &App,
    caller: &Caller,
    request: CardRequest,
) -> Result<AttemptView, AppError> {
    let payment = row(app, request.tender_id)?;
    if payment.state == PaymentState::InDoubt {
        let line = app.cards.line(payment.device).ok_or_else(|| AppError::TerminalNotReady {
            terminal: payment.terminal.clone(),
            words: app.machines.words(payment.device),
        })?;
        let _ = line.tell.send(Ask::Again);
        app.changed(&caller.client, &["card"]);
    }
    status_of(app, caller, &payment)
}

/// A person decides, by right and with a reason, in the journal.
pub(crate) fn resolve(
    app: &App,
    caller: &Caller,
    request: ResolveCard,
) -> Result<AttemptView, AppError> {
    let reason = needed(&request.reason)?;
    let payment = row(app, request.tender_id)?;
    let decision = Decision { caller, charged: request.charged, reason };
    if payment.state == PaymentState::InDoubt {
        decision.of_doubt(app, payment.tender)?;
        settle::settle(app, payment.tender)?;
    } else if payment.orphaned && !payment.settled {
        decision.of_orphan(app, payment.tender)?;
    } else if payment.state.is_done() && !payment.settled && !request.charged {
        decision.of_tender(app, &payment)?;
    } else {
        return Err(AppError::NotInDoubt);
    }
    app.changed(&caller.client, &["card", "basket", "register"]);
    status_of(app, caller, &row(app, request.tender_id)?)
}

struct Decision<'a> {
    caller: &'a Caller,
    charged: bool,
    reason: String,
}

impl Decision<'_> {
    fn entry(&self, app: &App, row: &PaymentRow) -> PaymentResolved {
        PaymentResolved {
            payment: row.for_journal(),
            charged: self.charged,
            reason: self.reason.clone(),
            actor: self.caller.actor.clone(),
            at: app.now(),
        }
    }

    /// Nobody knew; now it counts, or it does not. The terminal is asked for its last payment before
    /// the next one.
    fn of_doubt(&self, app: &App, id: TenderId) -> Result<(), AppError> {
        let mut entry = self.entry(app, &row(app, id)?);
        app.store.write::<_, AppError>(move |tx| {
            let mut row = tx.payment(id)?.ok_or(AppError::no_tender())?;
            if row.state != PaymentState::InDoubt {
                return Err(AppError::NotInDoubt);
            }
            entry.payment = row.for_journal();
            tx.forget_terminal_mark(row.device)?;
            row.state = if entry.charged {
                PaymentState::ResolvedApproved
            } else {
                PaymentState::ResolvedDeclined
            };
            row.settled = !entry.charged;
            row.reason.clone_from(&entry.reason);
            tx.set_payment(&row)?;
            settle::tell(tx, "settled", &row, entry.at.utc_ms)?;
            tx.append(entry.at.utc_ms, &Entry::PaymentResolved(entry))?;
            Ok(())
        })
    }

    /// Charged, and there is no sale: the shop keeps it, or it was given back at the terminal.
    fn of_orphan(&self, app: &App, id: TenderId) -> Result<(), AppError> {
        let entry = self.entry(app, &row(app, id)?);
        app.store.write::<_, AppError>(move |tx| {
            let mut row = tx.payment(id)?.ok_or(AppError::no_tender())?;
            if row.settled {
                return Err(AppError::NotInDoubt);
            }
            row.settled = true;
            row.reason.clone_from(&entry.reason);
            tx.set_payment(&row)?;
            if !entry.charged {
                let (payment, actor, at) = (entry.payment.clone(), entry.actor.clone(), entry.at);
                let back = CardPaymentReversed { payment, actor, at };
                tx.append(at.utc_ms, &Entry::CardPaymentReversed(back))?;
            }
            tx.append(entry.at.utc_ms, &Entry::PaymentResolved(entry))?;
            Ok(())
        })
    }

    /// A payment of an open basket was given back at the terminal, by hand.
    fn of_tender(&self, app: &App, payment: &PaymentRow) -> Result<(), AppError> {
        if payment.purpose != PaymentPurpose::Pay {
            return Err(AppError::NotInDoubt);
        }
        let shared = app.baskets.get(payment.basket).ok_or(AppError::NotInDoubt)?;
        let mut open = lock(&shared);
        super::must_be_free(app, payment.basket)?;
        let mut after = (*open.basket).clone();
        let Some(tender) = after.remove_tender(payment.tender).filter(|_| !open.gone) else {
            return Err(AppError::NotInDoubt);
        };
        let entry = self.entry(app, payment);
        let at = entry.at;
        let undone =
            TenderUndone { basket: after.id(), at, actor: self.caller.actor.clone(), tender };
        app.store.write::<_, AppError>(move |tx| {
            tx.append(at.utc_ms, &Entry::PaymentResolved(entry))?;
            Ok(())
        })?;
        pay::save(app, &mut open, after, Some((undone, vec![payment.tender])))
    }
}
