//! Card terminals: what a register asks of one, whatever language it speaks.
//!
//! Money at a terminal is never guessed. A payment ends approved, declined, not sent, or in doubt;
//! in doubt stays in doubt until the terminal, or a person, says what became of it. A driver never
//! sends a payment a second time.

use countertop_domain::card::{CardFacts, TerminalMark};
use countertop_domain::ids::TenderId;
use countertop_domain::money::Money;
use countertop_domain::time::Timestamp;

use crate::error::DeviceError;

/// What a payment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentKind {
    /// The card pays.
    Charge,
    /// The card is given money.
    Refund,
    /// An earlier payment at this terminal is undone, by the number of the terminal's receipt.
    Reversal {
        /// The number.
        receipt: u32,
    },
}

/// What is asked of a terminal. It is on disk before [`PaymentTerminal::run`] is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentOrder {
    /// The payment's own id, kept over every retry.
    pub attempt: TenderId,
    /// Charge, refund or reversal.
    pub kind: PaymentKind,
    /// How much; more than nothing.
    pub amount: Money,
    /// When it was asked.
    pub at: Timestamp,
    /// The newest payment that is known of this terminal: this one must have newer numbers.
    pub last_known: Option<TerminalMark>,
}

/// What a terminal shows meanwhile, for the cashier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The order is on its way.
    Sending,
    /// The terminal took the order; a card is asked for.
    Accepted,
    /// Words of the terminal: `Insert card`, `Enter PIN`.
    Says(String),
    /// The line broke, or the terminal is silent: it is being asked what became of the payment.
    Asking,
    /// The cashier's wish to stop was passed on.
    Stopping,
}

/// A slip that the terminal wants printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalSlip {
    /// True for the customer's, false for the shop's.
    pub for_customer: bool,
    /// Its lines, cleaned of control characters.
    pub lines: Vec<String>,
}

/// What could not be written down, so that the terminal must not be told that all is well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not be written down: {0}")]
pub struct NotStored(
    /// Why.
    pub String,
);

/// Who watches a payment.
pub trait PaymentWitness {
    /// What the terminal does; only to be shown.
    fn progress(&mut self, progress: Progress);

    /// The terminal has decided. This must be on disk when it returns: the driver acknowledges the
    /// terminal's word only after `Ok`. It may come twice, and the second time with another answer: a
    /// terminal whose acknowledgement was lost may take its payment back. So only what
    /// [`PaymentTerminal::run`] or [`PaymentTerminal::resolve`] returns is the end, and after a crash
    /// the terminal is asked, whatever was heard here, if it can tell.
    ///
    /// # Errors
    /// It is not on disk: the driver does not acknowledge, and the payment is in doubt.
    fn decided(&mut self, decision: &Result<CardFacts, Refusal>) -> Result<(), NotStored>;

    /// A slip to print. It must be on disk when this returns.
    ///
    /// # Errors
    /// It is not, and the terminal is told that nothing was printed.
    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored>;

    /// True once the cashier wants to stop. Asked again and again.
    fn wants_to_stop(&self) -> bool;
}

/// The terminal said no: nothing was charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The terminal's own code, as it is written in its manual: `6C`, `04`.
    pub code: String,
    /// What it means, in plain words.
    pub words: String,
    /// True if somebody stopped it: the cashier, or the customer.
    pub stopped: bool,
}

/// Why nobody knows what became of a payment, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The words.
    pub words: String,
    /// True if asking again later may tell; false if only a person can, by the terminal's display or
    /// its slip.
    pub may_ask_again: bool,
    /// What the terminal showed for its last payment, if it told: for whoever decides.
    pub seen: Option<CardFacts>,
}

/// How a payment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentEnd {
    /// Charged (or given back), as [`PaymentWitness::decided`] heard.
    Approved(CardFacts),
    /// Not charged.
    Declined(Refusal),
    /// Not one byte of the order left: it may be tried again.
    NotSent(DeviceError),
    /// Nobody knows.
    InDoubt(Doubt),
}

/// What came of asking a terminal about a payment in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It was charged.
    Approved(CardFacts),
    /// It was not, and will not be.
    NotCharged(Refusal),
    /// Still nobody knows.
    InDoubt(Doubt),
}

/// What a terminal, or the language that it speaks, can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalAbilities {
    /// It can be asked for its last payment.
    pub tells_last: bool,
    /// It gives money to a card.
    pub refunds: bool,
    /// It undoes an earlier payment.
    pub reverses: bool,
    /// It can be stopped from here.
    pub stops: bool,
    /// It closes its day from here.
    pub ends_day: bool,
}

/// A terminal's answer to "how are you".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalStatus {
    /// True if it takes a payment now.
    pub ready: bool,
    /// In plain words.
    pub words: String,
    /// Its own id, if it told.
    pub terminal: String,
}

/// What a terminal says at the end of its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndOfDay {
    /// What it adds up to, if it told.
    pub total: Option<Money>,
    /// In plain words.
    pub words: String,
}

/// Why a terminal did not do what was asked, where no money is at stake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TerminalError {
    /// The wire, or the silence of the terminal.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The terminal said no.
    #[error("the terminal refused ({}): {}", .0.code, .0.words)]
    Refused(Refusal),
    /// This language, or this terminal, cannot do it.
    #[error("this terminal cannot do that from here: do it on the terminal itself")]
    Unable,
}

/// A card terminal. Every call blocks until its end and is made by the terminal's own thread.
pub trait PaymentTerminal: Send {
    /// What it can do.
    fn abilities(&self) -> TerminalAbilities;

    /// Carries out a payment, once.
    fn run(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd;

    /// Asks what became of a payment whose end nobody knows, and never sends it again. An answer
    /// counts only if number, amount, currency, terminal and time agree.
    fn resolve(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> Resolution;

    /// Asks for the last payment that it made; none if it has made none. Asked before the first order,
    /// so that a payment in doubt can be told from what came before it.
    ///
    /// # Errors
    /// See [`TerminalError`]; [`TerminalError::Unable`] where the language has no such question.
    fn last_payment(&mut self) -> Result<Option<CardFacts>, TerminalError> {
        Err(TerminalError::Unable)
    }

    /// Asks how it is.
    ///
    /// # Errors
    /// See [`TerminalError`].
    fn status(&mut self) -> Result<TerminalStatus, TerminalError>;

    /// Closes the terminal's day. Only asked while nothing is in doubt.
    ///
    /// # Errors
    /// See [`TerminalError`].
    fn end_of_day(&mut self, witness: &mut dyn PaymentWitness) -> Result<EndOfDay, TerminalError>;

    /// Has the terminal print, or send, its last receipt again.
    ///
    /// # Errors
    /// See [`TerminalError`].
    fn repeat_receipt(&mut self, witness: &mut dyn PaymentWitness) -> Result<(), TerminalError>;

    /// Lets go of the terminal, so that it may be used by hand.
    ///
    /// # Errors
    /// See [`TerminalError`].
    fn log_off(&mut self) -> Result<(), TerminalError>;
}
