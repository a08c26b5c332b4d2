//! A payment, from the first byte of its order to the terminal's last word.
//!
//! The terminal makes a payment final when it hears that its status arrived, and so that must not
//! be said before the status is on disk. Where it also sends slips, it is final once they arrived
//! too. Whatever goes wrong from the first byte on, the terminal is asked: only its word that all is
//! done, after a status of success, ends a payment well without asking.

use std::time::Duration;

use countertop_domain::card::CardFacts;

use super::apdu::Apdu;
use super::command;
use super::errand::{Heard, Listener, NOT_SIGNED_ON, Quiet};
use super::judge::differs;
use super::line::Event;
use super::message::{self, Message, Status};
use super::moment::Moment;
use super::slips::Slips;
use super::terminal::{ZvtTerminal, doubt, refusal};
use crate::error::{DeviceError, Phase};
use crate::terminal::{
    Doubt, NotStored, PaymentOrder, PaymentWitness, Progress, Refusal, TerminalSlip,
};

/// How far a payment came.
#[derive(Debug)]
pub(super) enum Course {
    /// No byte of the order left.
    NotSent(DeviceError),
    /// Done.
    Approved(CardFacts),
    /// Nothing was charged.
    Declined(Refusal),
    /// It must be asked for; if the terminal may still wait for a card, stop it from then on.
    Ask { abort_at: Duration, may_abort: bool },
    /// What the terminal decided could not be written down.
    InDoubt(Doubt),
}

/// A payment that is under way.
struct Payment<'a> {
    order: &'a PaymentOrder,
    witness: &'a mut dyn PaymentWitness,
    last: Option<countertop_domain::card::TerminalMark>,
    /// Slips are part of the payment.
    slips_count: bool,
    terminal: String,
    /// Success, as the terminal told it.
    facts: Option<CardFacts>,
    refusal: Option<Refusal>,
    /// A status came that must not be acknowledged.
    trouble: Option<Trouble>,
}

#[derive(Debug)]
enum Trouble {
    /// It is not what was ordered.
    Differs,
    /// It could not be written down.
    NotStored(NotStored),
}

impl Listener for Payment<'_> {
    fn progress(&mut self, words: &str) {
        self.witness.progress(Progress::Says(words.to_owned()));
    }

    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored> {
        self.witness.slip(slip)
    }

    fn status(&mut self, status: &Status, _asked: bool) -> bool {
        if self.last.as_ref().is_some_and(|last| status.is_success() && status.is(last)) {
            // The one before, whose acknowledgement got lost.
            return true;
        }
        match status.result {
            Some(0) => self.succeeded(status),
            Some(code) => {
                let mut no = refusal(code);
                if !status.words.is_empty() {
                    no.words = format!("{} ({})", no.words, status.words);
                }
                self.decide(Err(no))
            }
            None => {
                self.trouble = Some(Trouble::Differs);
                false
            }
        }
    }
}

impl Payment<'_> {
    fn succeeded(&mut self, status: &Status) -> bool {
        if differs(self.order, status).is_some() {
            self.trouble = Some(Trouble::Differs);
            return false;
        }
        let mut facts = status.facts.clone();
        if facts.terminal.is_empty() {
            self.terminal.clone_into(&mut facts.terminal);
        }
        let asked = Moment::of(self.order.at);
        facts.at = Moment::told(status, asked).map(Moment::text).unwrap_or_default();
        if self.slips_count {
            // Not final before the slips are there: decided at the very end.
            self.facts = Some(facts);
            return true;
        }
        self.decide(Ok(facts))
    }

    /// Has the decision written down. False if it is not.
    fn decide(&mut self, decision: Result<CardFacts, Refusal>) -> bool {
        if let Err(fault) = self.witness.decided(&decision) {
            self.trouble = Some(Trouble::NotStored(fault));
            return false;
        }
        match decision {
            Ok(facts) => self.facts = Some(facts),
            Err(refusal) => self.refusal = Some(refusal),
        }
        true
    }

    /// The terminal is done.
    fn completed(&mut self) -> Option<Course> {
        let decision = self.facts.take().filter(|_| self.refusal.is_none());
        match decision {
            Some(facts) => {
                if self.slips_count && !self.decide(Ok(facts.clone())) {
                    return self.troubled();
                }
                Some(Course::Approved(facts))
            }
            None => self.refusal.take().map(Course::Declined),
        }
    }

    fn troubled(&mut self) -> Option<Course> {
        match self.trouble.take()? {
            Trouble::Differs => None,
            Trouble::NotStored(fault) => {
                Some(Course::InDoubt(doubt(format!("What the terminal decided {fault}."))))
            }
        }
    }
}

impl ZvtTerminal {
    /// Sends the order and follows the terminal to its last word.
    pub(super) fn talk(
        &mut self,
        order_command: &Apdu,
        order: &PaymentOrder,
        witness: &mut dyn PaymentWitness,
    ) -> Course {
        if let Err(fault) = self.send_order(order_command, order) {
            if fault.phase() == Phase::BeforeSend {
                return Course::NotSent(fault);
            }
            let abort_at = self.clock.now();
            return Course::Ask { abort_at, may_abort: true };
        }
        let mut payment = Payment {
            order,
            witness,
            last: self.last_before(order),
            slips_count: self.options.slips_count(),
            terminal: self.id.clone(),
            facts: None,
            refusal: None,
            trouble: None,
        };
        let mut talk = Talk {
            accepted: false,
            stopping: false,
            signed_on_again: false,
            t4: self.options.timers.t4,
            until: self.clock.now() + self.options.timers.t3,
            slips: Slips::default(),
        };
        loop {
            match self.listen_to(order_command, &mut payment, &mut talk) {
                Ok(Some(course)) => return course,
                Ok(None) => {}
                Err(Gone) => {
                    // After a status it waits for no card any more.
                    let may_abort = payment.facts.is_none() && payment.refusal.is_none();
                    return Course::Ask { abort_at: talk.until, may_abort };
                }
            }
        }
    }

    /// Sends the order; a line that was kept open and died meanwhile is opened again first.
    fn send_order(&mut self, order: &Apdu, asked: &PaymentOrder) -> Result<(), DeviceError> {
        match self.send(order.clone()) {
            Err(fault) if fault.phase() == Phase::BeforeSend => {
                if self.ready(asked.last_known.as_ref()).is_err() {
                    return Err(fault);
                }
                self.send(order.clone())
            }
            sent => sent,
        }
    }

    /// One step: an event, or a glance at whether the cashier wants to stop.
    fn listen_to(
        &mut self,
        order_command: &Apdu,
        payment: &mut Payment<'_>,
        talk: &mut Talk,
    ) -> Result<Option<Course>, Gone> {
        let timers = self.options.timers;
        let now = self.clock.now();
        let event = self.next(talk.until.min(now + timers.glance)).map_err(|_| Gone)?;
        let apdu = match event {
            Some(Event::Arrived(apdu)) => apdu,
            Some(Event::Delivered) => return Ok(None),
            Some(Event::Unreadable | Event::Undelivered) => return Err(Gone),
            None if self.clock.now() >= talk.until => return Err(Gone),
            None => {
                if talk.accepted && !talk.stopping && payment.witness.wants_to_stop() {
                    talk.stopping = true;
                    payment.witness.progress(Progress::Stopping);
                    self.send(command::abort()).map_err(|_| Gone)?;
                }
                return Ok(None);
            }
        };
        match message::read(&apdu).map_err(|_| Gone)? {
            Message::Positive => {
                if !talk.accepted {
                    talk.accepted = true;
                    payment.witness.progress(Progress::Accepted);
                    talk.until = self.clock.now() + talk.t4;
                }
            }
            Message::Negative(NOT_SIGNED_ON) if !talk.accepted && !talk.signed_on_again => {
                // It was restarted, and took nothing: sign on, and then the order goes out again.
                talk.signed_on_again = true;
                let mut quiet = Quiet { last: payment.last.as_ref() };
                let signed_on = self.sign_on(&mut quiet);
                if signed_on.is_err() || self.send(order_command.clone()).is_err() {
                    return Ok(Some(payment.refused(NOT_SIGNED_ON)));
                }
                talk.until = self.clock.now() + timers.t3;
            }
            Message::Negative(code) if !talk.accepted => return Ok(Some(payment.refused(code))),
            // Too late to stop it.
            Message::Negative(_) => {}
            message => return self.follow(message, payment, talk),
        }
        Ok(None)
    }

    /// What the terminal tells of the payment.
    fn follow(
        &mut self,
        message: Message,
        payment: &mut Payment<'_>,
        talk: &mut Talk,
    ) -> Result<Option<Course>, Gone> {
        talk.accepted = true;
        if let Message::Progress(progress) = &message
            && let Some(minutes) = progress.minutes.filter(|minutes| *minutes > 0)
        {
            talk.t4 = Duration::from_secs(u64::from(minutes) * 60);
        }
        if let Message::Abort(code) = message {
            // Written down before the terminal hears that it arrived.
            let end = payment.aborted(code);
            self.send(Apdu::positive()).map_err(|_| Gone)?;
            self.settle();
            return end.map(Some).ok_or(Gone);
        }
        let heard = self.hear(message, true, &mut talk.slips, payment).map_err(|_| Gone)?;
        talk.until = self.clock.now() + talk.t4;
        if payment.trouble.is_some() {
            return payment.troubled().map(Some).ok_or(Gone);
        }
        match heard {
            Heard::Completion(_) => {
                let end = payment.completed();
                self.settle();
                end.map(Some).ok_or(Gone)
            }
            _ => Ok(None),
        }
    }
}

impl Payment<'_> {
    /// The terminal did not take the order.
    fn refused(&mut self, code: u8) -> Course {
        let no = refusal(code);
        // Nothing was charged, written down or not.
        self.decide(Err(no.clone()));
        Course::Declined(no)
    }

    /// The terminal gave up. None if it had told a success before: then it is asked what holds.
    fn aborted(&mut self, code: u8) -> Option<Course> {
        if self.facts.is_some() {
            return None;
        }
        let no = match self.refusal.take() {
            Some(refusal) => refusal,
            None => {
                let no = refusal(code);
                if !self.decide(Err(no.clone())) {
                    return self.troubled();
                }
                no
            }
        };
        Some(Course::Declined(no))
    }
}

/// Where a talk stands.
struct Talk {
    accepted: bool,
    stopping: bool,
    signed_on_again: bool,
    t4: Duration,
    until: Duration,
    slips: Slips,
}

/// The line, or the sense of it, is lost: the terminal must be asked.
struct Gone;
