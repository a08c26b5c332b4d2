//! The card terminal, as the register sees it.

use std::sync::Arc;

use countertop_domain::card::{CardFacts, TerminalMark};
use countertop_domain::money::Money;

use super::apdu::Apdu;
use super::command;
use super::errand::{Done, Fault, Quiet, Until, Watched};
use super::options::ZvtOptions;
use super::pay::Course;
use super::wire::Wire;
use super::words;
use crate::address::Address;
use crate::clock::{Clock, SystemClock};
use crate::error::DeviceError;
use crate::terminal::{
    Doubt, EndOfDay, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal, PaymentWitness,
    Progress, Refusal, Resolution, TerminalAbilities, TerminalError, TerminalStatus,
};
use crate::transport::{Link, open};

/// Opens the line.
pub(super) type Opener = Box<dyn FnMut() -> Result<Box<dyn Link>, DeviceError> + Send>;

/// "There is no such payment": the terminal never made one, or closed its day.
pub(super) const NO_PAYMENT: u8 = 0x6D;

/// A card terminal that speaks ZVT.
pub struct ZvtTerminal {
    pub(super) address: Address,
    pub(super) opener: Opener,
    pub(super) options: ZvtOptions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) wire: Option<Wire>,
    pub(super) signed_on: bool,
    /// The terminal's own id; empty until it tells.
    pub(super) id: String,
    /// The last payment, as the terminal told it before the first one of this program.
    pub(super) learned: Option<TerminalMark>,
}

impl ZvtTerminal {
    /// The terminal at `address`; nothing is sent yet.
    pub fn new(address: Address, options: ZvtOptions) -> Self {
        let (at, limit) = (address.clone(), options.timers.open);
        let opener = move || open(&at, limit).map_err(|fault| fault.of("card terminal"));
        Self::on(address, options, Box::new(opener), Arc::new(SystemClock::new()))
    }

    /// A terminal on a line that `opener` opens, by another clock. `address` is what faults name.
    pub fn on(
        address: Address,
        options: ZvtOptions,
        opener: Box<dyn FnMut() -> Result<Box<dyn Link>, DeviceError> + Send>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            address,
            opener,
            options,
            clock,
            wire: None,
            signed_on: false,
            id: String::new(),
            learned: None,
        }
    }

    /// Has the terminal look after itself: keys, card profiles, its line to the bank.
    ///
    /// # Errors
    /// See [`TerminalError`].
    pub fn diagnose(&mut self, witness: &mut dyn PaymentWitness) -> Result<(), TerminalError> {
        self.watched(command::diagnosis(), witness).map(drop)
    }

    /// Runs an errand for which the terminal may print.
    fn watched(
        &mut self,
        command: Apdu,
        witness: &mut dyn PaymentWitness,
    ) -> Result<Done, TerminalError> {
        let outcome = self.ready(None).and_then(|()| {
            self.errand(command, Until::Completion, &mut Watched::by(witness, None))
        });
        self.rest();
        Ok(outcome?)
    }

    /// Closes the line where it does not stay open.
    pub(super) fn rest(&mut self) {
        if !self.options.keeps_open(&self.address) {
            self.hang_up();
        }
    }

    /// The command of an order.
    fn command(&self, order: &PaymentOrder) -> Option<Apdu> {
        let amount = u64::try_from(order.amount.minor()).ok().filter(|amount| *amount > 0)?;
        let currency = order.amount.currency().numeric();
        let password = self.options.password;
        match order.kind {
            PaymentKind::Charge => {
                let last = order.last_known.as_ref().and_then(|last| last.receipt);
                let mirror = self.options.mirror.then_some(command::Mirror(last));
                command::authorisation(amount, currency, mirror)
            }
            PaymentKind::Refund => command::refund(password, amount, currency),
            PaymentKind::Reversal { receipt } => command::reversal(password, receipt, amount),
        }
    }

    /// The newest payment before `order` that is known.
    pub(super) fn last_before(&self, order: &PaymentOrder) -> Option<TerminalMark> {
        order.last_known.clone().or_else(|| self.learned.clone())
    }

    /// Learns what the terminal's last payment is, if nobody knows it.
    fn learn(&mut self, order: &PaymentOrder) {
        if order.last_known.is_some() || self.learned.is_some() {
            return;
        }
        let question = command::last_payment(self.options.password);
        match self.errand(question, Until::Completion, &mut Quiet { last: None }) {
            Ok(done) => {
                self.learned = done.status.filter(|s| s.is_success()).map(|s| s.facts.mark());
            }
            Err(Fault::Refused(NO_PAYMENT)) => {
                // The first one gets number 1.
                self.learned = Some(TerminalMark {
                    terminal: self.id.clone(),
                    receipt: Some(0),
                    ..TerminalMark::default()
                });
            }
            Err(_) => {}
        }
    }

    /// The payment, without closing the line.
    fn pay(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd {
        let Some(command) = self.command(order) else {
            return PaymentEnd::Declined(Refusal {
                code: String::new(),
                words: "the terminal takes no such amount or receipt number".to_owned(),
                stopped: false,
            });
        };
        witness.progress(Progress::Sending);
        match self.ready(order.last_known.as_ref()) {
            Ok(()) => {}
            Err(Fault::Lost(fault)) => return PaymentEnd::NotSent(fault.unsent()),
            Err(Fault::Refused(code)) => return PaymentEnd::Declined(refusal(code)),
        }
        self.learn(order);
        let end = match self.talk(&command, order, witness) {
            Course::NotSent(fault) => PaymentEnd::NotSent(fault.unsent()),
            Course::Approved(facts) => PaymentEnd::Approved(facts),
            Course::Declined(refusal) => PaymentEnd::Declined(refusal),
            Course::InDoubt(doubt) => PaymentEnd::InDoubt(doubt),
            Course::Ask { abort_at, may_abort } => {
                match self.ask(order, witness, may_abort.then_some(abort_at)) {
                    Resolution::Approved(facts) => PaymentEnd::Approved(facts),
                    Resolution::NotCharged(refusal) => PaymentEnd::Declined(refusal),
                    Resolution::InDoubt(doubt) => PaymentEnd::InDoubt(doubt),
                }
            }
        };
        if let PaymentEnd::Approved(facts) = &end {
            self.learned = Some(facts.mark());
        }
        end
    }
}

/// What a result code says.
pub(super) fn refusal(code: u8) -> Refusal {
    Refusal {
        code: format!("{code:02X}"),
        words: words::of_result(code).to_owned(),
        stopped: code == 0x6C,
    }
}

/// Nobody knows, for now.
pub(super) fn doubt(words: impl Into<String>) -> Doubt {
    Doubt { words: words.into(), may_ask_again: true, seen: None }
}

impl PaymentTerminal for ZvtTerminal {
    fn abilities(&self) -> TerminalAbilities {
        TerminalAbilities {
            tells_last: true,
            refunds: true,
            reverses: true,
            stops: true,
            ends_day: true,
        }
    }

    fn run(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd {
        let end = self.pay(order, witness);
        self.rest();
        end
    }

    fn resolve(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> Resolution {
        let now = self.clock.now();
        let resolution = self.ask(order, witness, Some(now));
        self.rest();
        resolution
    }

    fn last_payment(&mut self) -> Result<Option<CardFacts>, TerminalError> {
        let outcome = self.ready(None).and_then(|()| {
            let question = command::last_payment(self.options.password);
            self.errand(question, Until::Completion, &mut Quiet { last: None })
        });
        self.rest();
        let told = match outcome {
            Ok(done) => done.status.filter(|status| status.is_success()),
            Err(Fault::Refused(NO_PAYMENT)) => None,
            Err(fault) => return Err(fault.into()),
        };
        Ok(told.map(|status| {
            let mut facts = status.facts;
            if facts.terminal.is_empty() {
                self.id.clone_into(&mut facts.terminal);
            }
            facts
        }))
    }

    fn status(&mut self) -> Result<TerminalStatus, TerminalError> {
        let question = command::status_enquiry(self.options.password);
        let outcome = self
            .ready(None)
            .and_then(|()| self.errand(question, Until::Completion, &mut Quiet { last: None }));
        self.rest();
        let code = match outcome {
            Ok(done) => done.completion.status,
            Err(Fault::Refused(code)) => code,
            Err(fault) => return Err(fault.into()),
        };
        Ok(TerminalStatus {
            ready: code == 0,
            words: words::of_status(code).to_owned(),
            terminal: self.id.clone(),
        })
    }

    fn end_of_day(&mut self, witness: &mut dyn PaymentWitness) -> Result<EndOfDay, TerminalError> {
        let done = self.watched(command::end_of_day(self.options.password), witness)?;
        let currency = self.options.currency;
        let told = done.status.as_ref();
        let same_currency = |code: u64| code == u64::from(currency.numeric());
        let total = told
            .filter(|status| status.currency.is_none_or(same_currency))
            .and_then(|status| status.amount)
            .and_then(|amount| Money::new(amount, currency).ok());
        let words = match told.and_then(|status| status.result) {
            None | Some(0) => "The terminal closed its day.".to_owned(),
            Some(code) => return Err(TerminalError::Refused(refusal(code))),
        };
        Ok(EndOfDay { total, words })
    }

    fn repeat_receipt(&mut self, witness: &mut dyn PaymentWitness) -> Result<(), TerminalError> {
        self.watched(command::repeat_receipt(self.options.password), witness).map(drop)
    }

    fn log_off(&mut self) -> Result<(), TerminalError> {
        let outcome = self.ready(None).and_then(|()| {
            self.errand(command::log_off(), Until::Reply, &mut Quiet { last: None })
        });
        self.hang_up();
        self.signed_on = false;
        Ok(outcome.map(drop)?)
    }
}
