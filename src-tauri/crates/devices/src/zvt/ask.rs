//! Asking a terminal what became of a payment, without ever sending it again.
//!
//! The line is opened again, with longer and longer pauses. The terminal may still be at it, so it is
//! left to finish, or stopped, and asked until it is no longer busy. Then it tells its last payment,
//! and [`super::judge`] says whether that is the one.

use std::time::Duration;

use countertop_domain::card::{CardFacts, TerminalMark};

use super::command;
use super::errand::{BUSY, Fault, Listener, NOT_SIGNED_ON, Until};
use super::judge::{ANOTHER_TERMINAL, Known, Verdict, judge};
use super::message::Status;
use super::terminal::{NO_PAYMENT, ZvtTerminal, doubt};
use super::words;
use crate::error::DeviceError;
use crate::terminal::{
    Doubt, NotStored, PaymentOrder, PaymentWitness, Progress, Refusal, Resolution, TerminalSlip,
};

/// Pauses before the line is opened again grow up to so many times the first one.
const LONGEST_PAUSE: u32 = 20;

/// A question that is being asked.
struct Inquiry<'a> {
    order: &'a PaymentOrder,
    witness: &'a mut dyn PaymentWitness,
    last: Option<TerminalMark>,
    terminal: String,
    skew: Duration,
    slips_count: bool,
    /// From when on the terminal may be stopped; none if it is not to be, or was.
    abort_at: Option<Duration>,
    /// When it is left in doubt for the moment.
    give_up: Duration,
    signed_on_again: bool,
    verdict: Option<Verdict>,
    seen: Option<CardFacts>,
    not_stored: Option<NotStored>,
}

impl Listener for Inquiry<'_> {
    fn progress(&mut self, words: &str) {
        self.witness.progress(Progress::Says(words.to_owned()));
    }

    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored> {
        self.witness.slip(slip)
    }

    fn status(&mut self, status: &Status, asked: bool) -> bool {
        let known = Known { last: self.last.as_ref(), terminal: &self.terminal, skew: self.skew };
        let verdict = judge(self.order, known, status);
        if status.is_success() {
            self.seen = Some(status.facts.clone());
        }
        let stored = match &verdict {
            // Of itself, with slips to follow, it is not final yet.
            Verdict::Ours(_) if self.slips_count && !asked => true,
            Verdict::Ours(facts) => self.decide(Ok(facts.clone())),
            _ => true,
        };
        if asked {
            self.verdict = Some(verdict);
            return true;
        }
        match verdict {
            Verdict::Ours(_) => stored,
            Verdict::Older => true,
            // A refusal needs no judge; a payment that may not be ours is not made final.
            Verdict::Unclear(_) => !status.is_success(),
        }
    }
}

impl Inquiry<'_> {
    fn decide(&mut self, decision: Result<CardFacts, Refusal>) -> bool {
        match self.witness.decided(&decision) {
            Ok(()) => true,
            Err(fault) => {
                self.not_stored = Some(fault);
                false
            }
        }
    }

    fn not_charged(&mut self) -> Resolution {
        let no = Refusal {
            code: String::new(),
            words: "the terminal did not book it: nothing was charged".to_owned(),
            stopped: false,
        };
        if self.decide(Err(no.clone())) { Resolution::NotCharged(no) } else { self.left("") }
    }

    /// Still in doubt; asking again may tell.
    fn left(&mut self, words: impl Into<String>) -> Resolution {
        let mut doubt = doubt(words);
        if let Some(fault) = self.not_stored.take() {
            doubt.words = format!("What the terminal decided {fault}.");
        }
        doubt.seen = self.seen.take();
        Resolution::InDoubt(doubt)
    }

    /// What the terminal's last payment means.
    fn conclude(&mut self) -> Resolution {
        if self.not_stored.is_some() {
            return self.left("");
        }
        match self.verdict.take() {
            Some(Verdict::Ours(facts)) => Resolution::Approved(facts),
            Some(Verdict::Older) => self.not_charged(),
            Some(Verdict::Unclear(why)) => Resolution::InDoubt(Doubt {
                words: format!(
                    "The terminal cannot tell by itself: {why}. Look at its display or its slip, \
                     and decide."
                ),
                may_ask_again: why == ANOTHER_TERMINAL,
                seen: self.seen.take(),
            }),
            None => self.left("The terminal did not tell its last payment."),
        }
    }
}

impl ZvtTerminal {
    /// Asks what became of `order`. From `abort_at` on a terminal that still waits for a card is
    /// stopped; with none, it waits for no card any more.
    pub(super) fn ask(
        &mut self,
        order: &PaymentOrder,
        witness: &mut dyn PaymentWitness,
        abort_at: Option<Duration>,
    ) -> Resolution {
        let timers = self.options.timers;
        let mut inquiry = Inquiry {
            order,
            witness,
            last: self.last_before(order),
            terminal: self.id.clone(),
            skew: self.options.skew,
            slips_count: self.options.slips_count(),
            abort_at,
            give_up: self.clock.now() + timers.ask,
            signed_on_again: false,
            verdict: None,
            seen: None,
            not_stored: None,
        };
        let mut pause = timers.reopen;
        loop {
            inquiry.witness.progress(Progress::Asking);
            let fault = match self.inquire(&mut inquiry) {
                Ok(resolution) => return resolution,
                Err(fault) => fault,
            };
            self.hang_up();
            let again = self.clock.now() + pause;
            if again >= inquiry.give_up {
                return inquiry.left(format!("{fault} It will be asked what it charged."));
            }
            self.clock.wait(pause);
            pause = (pause * 2).min(timers.reopen * LONGEST_PAUSE);
        }
    }

    fn inquire(&mut self, inquiry: &mut Inquiry<'_>) -> Result<Resolution, DeviceError> {
        let timers = self.options.timers;
        self.connect(inquiry)?;
        let patience = inquiry.abort_at.unwrap_or(self.clock.now()) + timers.t4 + timers.ask;
        loop {
            if inquiry.not_stored.is_some() {
                return Ok(inquiry.left(""));
            }
            self.stop_if_due(inquiry)?;
            if !self.is_busy(inquiry)? {
                let question = command::last_payment(self.options.password);
                inquiry.verdict = None;
                match self.errand(question, Until::Completion, inquiry) {
                    Ok(_) => return Ok(inquiry.conclude()),
                    Err(Fault::Refused(BUSY)) => {}
                    Err(Fault::Refused(code)) => return Ok(inquiry.untold(code)),
                    Err(Fault::Lost(fault)) => return Err(fault),
                }
            }
            let now = self.clock.now();
            inquiry.give_up = inquiry.give_up.max(now + timers.ask);
            if now >= patience {
                return Ok(inquiry.left("The terminal is still busy."));
            }
            self.listen(timers.poll, inquiry)?;
        }
    }

    fn is_busy(&mut self, inquiry: &mut Inquiry<'_>) -> Result<bool, DeviceError> {
        let question = command::status_enquiry(self.options.password);
        match self.errand(question, Until::Completion, inquiry) {
            Ok(done) => Ok(done.completion.status == BUSY),
            Err(Fault::Refused(BUSY)) => Ok(true),
            Err(Fault::Refused(NOT_SIGNED_ON)) if !inquiry.signed_on_again => {
                inquiry.signed_on_again = true;
                match self.sign_on(inquiry) {
                    Ok(()) => {
                        self.id.clone_into(&mut inquiry.terminal);
                        Ok(false)
                    }
                    Err(Fault::Refused(code)) => Ok(code == BUSY),
                    Err(Fault::Lost(fault)) => Err(fault),
                }
            }
            Err(Fault::Refused(_)) => Ok(false),
            Err(Fault::Lost(fault)) => Err(fault),
        }
    }

    /// Stops a terminal that waits for a card, once.
    fn stop_if_due(&mut self, inquiry: &mut Inquiry<'_>) -> Result<(), DeviceError> {
        let Some(abort_at) = inquiry.abort_at else { return Ok(()) };
        if self.clock.now() < abort_at && !inquiry.witness.wants_to_stop() {
            return Ok(());
        }
        inquiry.abort_at = None;
        match self.errand(command::abort(), Until::Reply, inquiry) {
            // It stops, or it is too late for that: what holds, its last payment tells.
            Ok(_) | Err(Fault::Refused(_)) => Ok(()),
            Err(Fault::Lost(fault)) => Err(fault),
        }
    }
}

impl Inquiry<'_> {
    /// The terminal did not tell its last payment.
    fn untold(&mut self, code: u8) -> Resolution {
        // Before its first payment it has none to tell.
        let none_before = self.last.as_ref().is_some_and(|last| last.receipt == Some(0));
        if code == NO_PAYMENT && none_before {
            return self.not_charged();
        }
        self.left(format!(
            "The terminal does not tell its last payment ({code:02X}): {}.",
            words::of_result(code)
        ))
    }
}
