//! A terminal that speaks Concert E+, as the register uses it.

use std::time::Instant;

use super::message::{MOST, Order};
use super::session::{ConcertTimers, Session};
use super::talk::{Ended, Talk};
use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::hand_check;
use crate::order_token;
use crate::terminal::{
    EndOfDay, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal, PaymentWitness, Progress,
    Refusal, Resolution, TerminalAbilities, TerminalError, TerminalStatus,
};
use crate::transport::{Link, open};

/// What the terminal sends back in the ten characters that are the register's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Private {
    /// The token that it was given: an answer without it does not count.
    #[default]
    Returned,
    /// Something of its own, as some models do: only the token of another payment is noticed.
    Replaced,
}

/// How money is given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refunds {
    /// By the operation `2`.
    #[default]
    Two,
    /// By the operation `1`.
    One,
    /// Not from here.
    Never,
}

/// How a terminal is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcertOptions {
    /// The register's number, 1 to 99.
    pub pos: u8,
    /// True if the answer shall have the long form, which tells the card's last digits.
    pub report: bool,
    /// True if the bank shall be asked whatever the amount.
    pub force_authorisation: bool,
    /// What becomes of the token.
    pub private: Private,
    /// How money is given back.
    pub refunds: Refunds,
    /// How long everything takes.
    pub timers: ConcertTimers,
}

impl Default for ConcertOptions {
    fn default() -> Self {
        Self {
            pos: 1,
            report: true,
            force_authorisation: false,
            private: Private::default(),
            refunds: Refunds::default(),
            timers: ConcertTimers::default(),
        }
    }
}

type Opener = Box<dyn FnMut() -> Result<Box<dyn Link>, DeviceError> + Send>;

/// A terminal that speaks Concert E+. Its line is open only while it is spoken to.
pub struct ConcertTerminal {
    address: Address,
    options: ConcertOptions,
    open: Opener,
}

impl ConcertTerminal {
    /// The terminal at `address`.
    pub fn new(address: Address, options: ConcertOptions) -> Self {
        let (at, patience) = (address.clone(), options.timers.open);
        Self::over(address, options, move || open(&at, patience))
    }

    /// The terminal at the end of whatever `open` opens; `address` is only named in messages.
    pub fn over(
        address: Address,
        options: ConcertOptions,
        open: impl FnMut() -> Result<Box<dyn Link>, DeviceError> + Send + 'static,
    ) -> Self {
        Self { address, options, open: Box::new(open) }
    }

    fn order(&self, order: &PaymentOrder) -> Result<Order, Refusal> {
        let kind = match (&order.kind, self.options.refunds) {
            (PaymentKind::Charge, _) => b'0',
            (PaymentKind::Refund, Refunds::Two) => b'2',
            (PaymentKind::Refund, Refunds::One) => b'1',
            (PaymentKind::Refund, Refunds::Never) | (PaymentKind::Reversal { .. }, _) => {
                return Err(hand_check::not_asked(hand_check::UNDO_THERE));
            }
        };
        Ok(Order {
            pos: self.options.pos.min(99),
            amount: hand_check::amount(order.amount, MOST)?,
            report: self.options.report,
            mode: b'1',
            kind,
            currency: order.amount.currency().numeric(),
            private: order_token::of(order.attempt),
            force: self.options.force_authorisation,
        })
    }

    fn link(&mut self) -> Result<Box<dyn Link>, DeviceError> {
        (self.open)().map_err(|fault| fault.of(hand_check::MACHINE))
    }

    fn silent(&self) -> DeviceError {
        DeviceError::new(DeviceErrorKind::NoAnswer, Phase::BeforeSend, &self.address)
            .of(hand_check::MACHINE)
    }
}

impl PaymentTerminal for ConcertTerminal {
    fn abilities(&self) -> TerminalAbilities {
        TerminalAbilities {
            tells_last: false,
            refunds: self.options.refunds != Refunds::Never,
            reverses: false,
            stops: false,
            ends_day: false,
        }
    }

    fn run(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd {
        let asked = match self.order(order) {
            Ok(asked) => asked,
            Err(refusal) => return hand_check::never_sent(refusal, witness),
        };
        witness.progress(Progress::Sending);
        let link = match self.link() {
            Ok(link) => link,
            Err(fault) => return PaymentEnd::NotSent(fault),
        };
        let session = Session::order(&asked.text(), self.options.timers, Instant::now());
        match Talk::about(link, session, &asked, self.options.private, witness).run() {
            Ended::Approved(facts) => PaymentEnd::Approved(facts),
            Ended::Declined(refusal) => PaymentEnd::Declined(refusal),
            Ended::NotSent(fault) => {
                let fault = fault.map(|fault| fault.of(hand_check::MACHINE));
                PaymentEnd::NotSent(fault.unwrap_or_else(|| self.silent()))
            }
            Ended::Stopped => hand_check::never_sent(hand_check::stopped(), witness),
            Ended::InDoubt(why, seen) => PaymentEnd::InDoubt(hand_check::doubt(order, why, seen)),
        }
    }

    /// The terminal cannot be asked; but one that could not get rid of its answer says it again, and
    /// that is listened to.
    fn resolve(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> Resolution {
        witness.progress(Progress::Asking);
        let in_doubt = |why, seen| Resolution::InDoubt(hand_check::doubt(order, why, seen));
        const WHY: &str = "The line to the terminal broke, or it fell silent, during a payment.";
        let Ok(asked) = self.order(order) else { return in_doubt(WHY, None) };
        let Ok(link) = self.link() else { return in_doubt(WHY, None) };
        let session = Session::listen(self.options.timers, Instant::now());
        let talk = Talk::about(link, session, &asked, Private::Returned, witness).after();
        match talk.run() {
            Ended::Approved(facts) => Resolution::Approved(facts),
            Ended::Declined(refusal) => Resolution::NotCharged(refusal),
            Ended::InDoubt(_, None) | Ended::NotSent(_) | Ended::Stopped => in_doubt(WHY, None),
            Ended::InDoubt(why, seen) => in_doubt(why, seen),
        }
    }

    fn status(&mut self) -> Result<TerminalStatus, TerminalError> {
        let link = self.link()?;
        let session = Session::probe(self.options.timers, Instant::now());
        if super::talk::listens(link, session)? {
            let words = "The terminal is ready".to_owned();
            return Ok(TerminalStatus { ready: true, words, terminal: String::new() });
        }
        Err(self.silent().into())
    }

    fn end_of_day(&mut self, _: &mut dyn PaymentWitness) -> Result<EndOfDay, TerminalError> {
        Err(TerminalError::Unable)
    }

    fn repeat_receipt(&mut self, _: &mut dyn PaymentWitness) -> Result<(), TerminalError> {
        Err(TerminalError::Unable)
    }

    /// Nothing holds the terminal between two payments.
    fn log_off(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }
}
