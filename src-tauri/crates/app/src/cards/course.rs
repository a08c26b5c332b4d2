//! The course of a payment at its terminal: what the terminal's thread tells, written down before
//! the terminal is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use countertop_devices::{
    NotStored, PaymentEnd, PaymentKind, PaymentOrder, PaymentWitness, Progress, Refusal,
    Resolution, TerminalSlip,
};
use countertop_domain::card::CardPaymentOrphaned;
use countertop_domain::card::{CardFacts, CardPaymentKind};
use countertop_domain::ids::{DeviceId, TenderId};
use countertop_domain::journal::Entry;
use countertop_receipt::{Block, Kind, ReceiptDoc};
use countertop_store::{PaymentRow, PaymentState, Told};

use super::{Stage, settle};
use crate::app::App;
use crate::error::AppError;
use crate::papers::{self, PaperKind};

/// Characters of what a terminal says that are kept.
const MAX_SAYS: usize = 120;
/// Lines of a terminal's slip that are kept.
const MAX_SLIP: usize = 200;

/// What a terminal is asked, from what is on disk.
pub(super) fn order_of(row: &PaymentRow) -> PaymentOrder {
    PaymentOrder {
        attempt: row.tender,
        kind: match (row.kind, row.receipt) {
            (CardPaymentKind::Charge, _) => PaymentKind::Charge,
            (CardPaymentKind::Reversal, Some(receipt)) => PaymentKind::Reversal { receipt },
            (CardPaymentKind::Refund | CardPaymentKind::Reversal, _) => PaymentKind::Refund,
        },
        amount: row.amount,
        at: row.at,
        last_known: row.last_known.clone(),
    }
}

/// Watches a payment, or the end of a terminal's day, for the terminal's thread. It does not keep the
/// register open: once that is closed, nothing more is acknowledged.
pub(super) struct Watch {
    app: Weak<App>,
    device: DeviceId,
    /// None for what is no payment.
    payment: Option<TenderId>,
    stop: Arc<AtomicBool>,
    /// Set when the register closes.
    closing: Arc<AtomicBool>,
}

impl Watch {
    pub(super) fn new(
        app: &Arc<App>,
        device: DeviceId,
        payment: Option<TenderId>,
        closing: &Arc<AtomicBool>,
    ) -> Self {
        let stop = payment.map_or_else(Arc::default, |payment| app.cards.stop_flag(payment));
        Self { app: Arc::downgrade(app), device, payment, stop, closing: Arc::clone(closing) }
    }

    fn app(&self) -> Result<Arc<App>, NotStored> {
        self.app.upgrade().ok_or_else(|| NotStored("the register is closed".to_owned()))
    }
}

impl PaymentWitness for Watch {
    fn progress(&mut self, progress: Progress) {
        let (Ok(app), Some(payment)) = (self.app(), self.payment) else { return };
        match progress {
            Progress::Sending => app.cards.set_stage(payment, Stage::Sending),
            Progress::Accepted => {
                app.cards.set_stage(payment, Stage::Present);
                accepted(&app, payment);
            }
            Progress::Says(text) => {
                let text = text.chars().filter(|c| !c.is_control()).take(MAX_SAYS).collect();
                app.cards.set_says(payment, text);
            }
            Progress::Asking => app.cards.set_stage(payment, Stage::Asking),
            Progress::Stopping => app.cards.wish_to_stop(payment),
        }
        app.changed("", &["card"]);
    }

    fn decided(&mut self, decision: &Result<CardFacts, Refusal>) -> Result<(), NotStored> {
        let app = self.app()?;
        let Some(payment) = self.payment else { return Ok(()) };
        let told = match decision {
            Ok(facts) => Told::Approved(Box::new(facts.clone())),
            Err(refusal) => Told::Declined(refusal.words.clone()),
        };
        let stored = app.store.write::<_, AppError>(move |tx| {
            let mut row = tx.payment(payment)?.ok_or(AppError::no_tender())?;
            if row.state.is_open() && row.told.as_ref() != Some(&told) {
                row.told = Some(told);
                tx.set_payment(&row)?;
            }
            Ok(())
        });
        stored.map_err(|error| NotStored(error.to_string()))
    }

    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored> {
        let app = self.app()?;
        let about = self.payment.map_or_else(|| self.device.to_string(), |id| id.to_string());
        let kind = match (self.payment, slip.for_customer) {
            (None, _) => PaperKind::TerminalReport,
            (Some(_), true) => PaperKind::CardSlipCustomer,
            (Some(_), false) => PaperKind::CardSlipShop,
        };
        let doc = slip_doc(&app, kind, slip.lines);
        let ids = Arc::clone(&app.ids);
        let stored = app.store.write::<_, AppError>(move |tx| {
            let paper = papers::keep(tx, &*ids, (kind, &about), &doc)?;
            papers::send(tx, &*ids, paper, false)
        });
        stored.map_err(|error| NotStored(error.to_string()))?;
        app.changed("", &["prints", "register"]);
        app.wake_printer();
        Ok(())
    }

    fn wants_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.closing.load(Ordering::Relaxed)
    }
}

fn slip_doc(app: &App, kind: PaperKind, lines: Vec<String>) -> ReceiptDoc {
    let letterhead = &app.shop().letterhead;
    let title = match kind {
        PaperKind::TerminalReport => "Terminal's end of day",
        PaperKind::CardSlipCustomer => "Card slip, customer",
        _ => "Card slip, shop",
    };
    ReceiptDoc {
        id: String::new(),
        number: String::new(),
        title: title.to_owned(),
        shop: letterhead.shop.clone(),
        language: letterhead.words.language.clone(),
        issued: app.now(),
        kind: Kind::Original,
        blocks: lines.into_iter().take(MAX_SLIP).map(Block::Text).collect(),
    }
}

/// The terminal took the order. Only a help for whoever reads the table: nothing is decided by it.
fn accepted(app: &App, payment: TenderId) {
    let written = app.store.write::<_, AppError>(move |tx| {
        if let Some(mut row) = tx.payment(payment)?
            && row.state == PaymentState::Sent
        {
            row.state = PaymentState::Accepted;
            tx.set_payment(&row)?;
        }
        Ok(())
    });
    if let Err(error) = written {
        tracing::warn!(%error, "that a terminal accepted a payment was not written down");
    }
}

/// How a payment ended, as the driver says.
pub(super) fn ended(app: &App, payment: TenderId, end: PaymentEnd) -> Result<(), AppError> {
    conclude(
        app,
        payment,
        match end {
            PaymentEnd::Approved(facts) => Conclusion::Approved(facts),
            PaymentEnd::Declined(refusal) => {
                Conclusion::No(PaymentState::Declined, refusal_words(&refusal))
            }
            PaymentEnd::NotSent(error) => Conclusion::No(PaymentState::NotSent, error.to_string()),
            PaymentEnd::InDoubt(doubt) => Conclusion::Doubt(doubt),
        },
    )
}

/// What came of asking, as the driver says.
pub(super) fn asked(app: &App, payment: TenderId, answer: Resolution) -> Result<(), AppError> {
    conclude(
        app,
        payment,
        match answer {
            Resolution::Approved(facts) => Conclusion::Approved(facts),
            Resolution::NotCharged(refusal) => {
                Conclusion::No(PaymentState::Declined, refusal_words(&refusal))
            }
            Resolution::InDoubt(doubt) => Conclusion::Doubt(doubt),
        },
    )
}

fn refusal_words(refusal: &Refusal) -> String {
    let end = if refusal.words.ends_with('.') { "" } else { "." };
    match refusal.code.as_str() {
        "" => format!("{}{end}", refusal.words),
        code => format!("{}{end} (code {code})", refusal.words),
    }
}

/// Where a payment comes to.
pub(super) enum Conclusion {
    Approved(CardFacts),
    No(PaymentState, String),
    Doubt(countertop_devices::Doubt),
}

/// Writes what became of a payment, and then does what follows from it. What a person decided
/// meanwhile stands; if the terminal says then that a card was charged after all, the payment comes
/// back as one without a sale: money that came in is never forgotten.
pub(super) fn conclude(app: &App, id: TenderId, what: Conclusion) -> Result<(), AppError> {
    let at = app.now();
    let row = app.store.write::<_, AppError>(move |tx| {
        let mut row = tx.payment(id)?.ok_or(AppError::no_tender())?;
        if !row.state.is_open() {
            if let (Conclusion::Approved(facts), PaymentState::ResolvedDeclined) =
                (&what, row.state)
                && !row.orphaned
            {
                row.told = Some(Told::Approved(Box::new(facts.clone())));
                row.state = PaymentState::Approved;
                row.orphaned = true;
                row.settled = false;
                tx.set_payment(&row)?;
                tx.set_terminal_mark(row.device, &facts.mark())?;
                let found = CardPaymentOrphaned { payment: row.for_journal(), at };
                tx.append(at.utc_ms, &Entry::CardPaymentOrphaned(found))?;
            }
            return Ok(row);
        }
        let before = row.state;
        match what {
            Conclusion::Approved(facts) => {
                row.state = PaymentState::Approved;
                row.words = String::new();
                tx.set_terminal_mark(row.device, &facts.mark())?;
                row.told = Some(Told::Approved(Box::new(facts)));
            }
            Conclusion::No(state, words) => {
                row.state = state;
                row.told = Some(Told::Declined(words.clone()));
                row.words = words;
                row.settled = true;
            }
            Conclusion::Doubt(doubt) => {
                row.state = PaymentState::InDoubt;
                row.words = doubt.words;
                row.may_ask = doubt.may_ask_again;
                row.seen = doubt.seen.or_else(|| row.facts().cloned());
            }
        }
        tx.set_payment(&row)?;
        // In doubt before and after is nothing new.
        match (before, row.state) {
            (PaymentState::InDoubt, PaymentState::InDoubt) => {}
            (_, PaymentState::InDoubt) => settle::tell(tx, "in_doubt", &row, at.utc_ms)?,
            (PaymentState::InDoubt, _) => settle::tell(tx, "settled", &row, at.utc_ms)?,
            _ => {}
        }
        Ok(row)
    })?;
    if row.state.is_open() {
        app.cards.set_stage(id, Stage::Waiting);
        app.changed("", &["card", "basket", "register"]);
        return Ok(());
    }
    settle::settle(app, id)
}
