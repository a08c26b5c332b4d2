//! The driver: an order out, an answer in, and what that means for the money.

use std::time::{Duration, Instant};

use countertop_domain::card::CardFacts;

use super::fields::{Fields, Reading};
use super::words;
use crate::address::Address;
use crate::card_number;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::hand_check;
use crate::order_token::{self, Echo};
use crate::terminal::{
    EndOfDay, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal, PaymentWitness, Progress,
    Refusal, Resolution, TerminalAbilities, TerminalError, TerminalStatus,
};
use crate::transport::{Link, ReadOutcome, open};

/// The largest amount that is asked at once: eight digits, as over the serial line.
const MOST: i64 = 99_999_999;

/// How long the order may take to leave.
const WRITE: Duration = Duration::from_secs(5);

/// How long the line is read before the time, and the cashier's wish to stop, is looked at again.
const SLICE: Duration = Duration::from_millis(20);

/// How long each step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaisseApTimers {
    /// Opening the connection.
    pub open: Duration,
    /// From the order to the answer: the customer looks for the card.
    pub answer: Duration,
    /// Without another byte, an answer that has all that it must have ends.
    pub quiet: Duration,
    /// Without another byte, an answer that lacks something ends all the same.
    pub rest: Duration,
    /// For a terminal that is only asked how it is.
    pub status: Duration,
}

impl Default for CaisseApTimers {
    fn default() -> Self {
        Self {
            open: Duration::from_secs(5),
            answer: Duration::from_secs(180),
            quiet: Duration::from_millis(300),
            rest: Duration::from_secs(3),
            status: Duration::from_secs(5),
        }
    }
}

/// How a terminal is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaisseApOptions {
    /// The register's number, 1 to 99.
    pub pos: u8,
    /// The version of the language, four digits.
    pub version: String,
    /// Who made the register, as the terminal's association numbers them: twelve digits.
    pub maker: String,
    /// How long everything takes.
    pub timers: CaisseApTimers,
}

impl Default for CaisseApOptions {
    fn default() -> Self {
        let (version, maker) = ("0320".to_owned(), "012345678901".to_owned());
        Self { pos: 1, version, maker, timers: CaisseApTimers::default() }
    }
}

type Opener = Box<dyn FnMut() -> Result<Box<dyn Link>, DeviceError> + Send>;

/// A terminal that speaks Caisse-AP, usually at port 8888. Each order has a connection of its own.
pub struct CaisseApTerminal {
    address: Address,
    options: CaisseApOptions,
    open: Opener,
}

impl CaisseApTerminal {
    /// The terminal at `address`.
    pub fn new(address: Address, options: CaisseApOptions) -> Self {
        let (at, patience) = (address.clone(), options.timers.open);
        Self::over(address, options, move || open(&at, patience))
    }

    /// The terminal at the end of whatever `open` opens; `address` is only named in messages.
    pub fn over(
        address: Address,
        options: CaisseApOptions,
        open: impl FnMut() -> Result<Box<dyn Link>, DeviceError> + Send + 'static,
    ) -> Self {
        Self { address, options, open: Box::new(open) }
    }

    fn order(&self, order: &PaymentOrder) -> Result<Fields, Refusal> {
        let action = match order.kind {
            PaymentKind::Charge => "0",
            PaymentKind::Refund => "1",
            PaymentKind::Reversal { .. } => {
                return Err(hand_check::not_asked(hand_check::UNDO_THERE));
            }
        };
        let amount = hand_check::amount(order.amount, MOST)?;
        let mut fields = self.heading(action);
        fields.set("CB", format!("{amount:02}"));
        fields.set("CE", format!("{:03}", order.amount.currency().numeric()));
        // The answer comes after the payment. With 1 it would come at once, and say nothing about
        // money.
        fields.set("BA", "0");
        fields.set("CF", String::from_utf8_lossy(&order_token::of(order.attempt)));
        Ok(fields)
    }

    fn heading(&self, action: &str) -> Fields {
        let mut fields = Fields::default();
        fields.set("CZ", self.options.version.clone());
        fields.set("CJ", self.options.maker.clone());
        fields.set("CA", format!("{:02}", self.options.pos.min(99)));
        fields.set("CD", action);
        fields
    }

    fn link(&mut self) -> Result<Box<dyn Link>, DeviceError> {
        (self.open)().map_err(|fault| fault.of(hand_check::MACHINE))
    }
}

impl PaymentTerminal for CaisseApTerminal {
    fn abilities(&self) -> TerminalAbilities {
        TerminalAbilities {
            tells_last: false,
            refunds: true,
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
        let mut link = match self.link() {
            Ok(link) => link,
            Err(fault) => return PaymentEnd::NotSent(fault),
        };
        if witness.wants_to_stop() {
            return hand_check::never_sent(hand_check::stopped(), witness);
        }
        let in_doubt = |why, seen| PaymentEnd::InDoubt(hand_check::doubt(order, why, seen));
        match link.write_all(&asked.text(), WRITE) {
            Ok(()) => witness.progress(Progress::Accepted),
            Err(fault) if fault.phase() == Phase::BeforeSend => {
                return PaymentEnd::NotSent(fault.of(hand_check::MACHINE));
            }
            Err(_) => return in_doubt("The line to the terminal broke.", None),
        }
        let timers = self.options.timers;
        let answer = match hear(&mut *link, timers.answer, timers, Some(&mut *witness)) {
            Ok(answer) => answer,
            Err(why) => return in_doubt(why, None),
        };
        let (decision, end) = match judge(&answer, &asked) {
            Judgement::InDoubt(why) => return in_doubt(why, Some(facts(&answer))),
            Judgement::Approved(facts) => (Ok(facts.clone()), PaymentEnd::Approved(facts)),
            Judgement::Declined(refusal) => (Err(refusal.clone()), PaymentEnd::Declined(refusal)),
        };
        match witness.decided(&decision) {
            Ok(()) => end,
            Err(_) => in_doubt("The terminal's answer could not be written down.", decision.ok()),
        }
    }

    fn resolve(&mut self, order: &PaymentOrder, _: &mut dyn PaymentWitness) -> Resolution {
        let why = "The line to the terminal broke, or it fell silent, during a payment.";
        Resolution::InDoubt(hand_check::doubt(order, why, None))
    }

    fn status(&mut self) -> Result<TerminalStatus, TerminalError> {
        let mut link = self.link()?;
        link.write_all(&self.heading("I").text(), WRITE)?;
        let timers = self.options.timers;
        match hear(&mut *link, timers.status, timers, None) {
            Ok(_) => {
                let words = "The terminal is ready".to_owned();
                Ok(TerminalStatus { ready: true, words, terminal: String::new() })
            }
            Err(_) => {
                let silent = DeviceErrorKind::NoAnswer;
                let fault = DeviceError::new(silent, Phase::BeforeSend, &self.address);
                Err(fault.of(hand_check::MACHINE).into())
            }
        }
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

/// Waits for a whole answer.
///
/// # Errors
/// Why there is none, in words.
fn hear(
    link: &mut dyn Link,
    patience: Duration,
    timers: CaisseApTimers,
    mut witness: Option<&mut dyn PaymentWitness>,
) -> Result<Fields, &'static str> {
    let until = Instant::now() + patience;
    let (mut heard, mut buffer) = (Vec::new(), [0; 1024]);
    // An answer that could end here, and when it does.
    let mut whole: Option<(Fields, Instant)> = None;
    let mut told = false;
    loop {
        match link.read(&mut buffer, SLICE.min(timers.quiet)) {
            ReadOutcome::Data(count) => {
                heard.extend_from_slice(buffer.get(..count).unwrap_or_default());
                whole = match Fields::read(&heard) {
                    Reading::Bad => return Err("The terminal's answer came garbled."),
                    Reading::More => None,
                    Reading::Whole(fields) => {
                        let pause = if has_all(&fields) { timers.quiet } else { timers.rest };
                        Some((fields, Instant::now() + pause))
                    }
                };
            }
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => {
                let answer = whole.map(|(fields, _)| fields);
                return answer
                    .filter(|fields| fields.get("AE").is_some())
                    .ok_or("The line to the terminal broke.");
            }
        }
        let now = Instant::now();
        match whole.take() {
            Some((fields, end)) if now >= end && fields.get("AE").is_some() => return Ok(fields),
            other => whole = other,
        }
        if now >= until {
            return Err("The terminal does not answer.");
        }
        if let Some(witness) = &mut witness
            && !told
            && witness.wants_to_stop()
        {
            told = true;
            witness.progress(Progress::Says(hand_check::PRESS_THE_RED_KEY.to_owned()));
        }
    }
}

/// True if an answer has all that it must have: nothing in it says where it ends.
fn has_all(answer: &Fields) -> bool {
    let told = answer.get("AE") != Some("01") || answer.get("AF").is_some();
    told && ["AE", "CA", "CB", "CD", "CE"].iter().all(|tag| answer.get(tag).is_some())
}

enum Judgement {
    Approved(CardFacts),
    Declined(Refusal),
    InDoubt(&'static str),
}

/// What an answer means for the order. It counts only if register, amount, action and currency are
/// those of the order, and no field says the opposite of another.
fn judge(answer: &Fields, asked: &Fields) -> Judgement {
    let token = asked.get("CF").and_then(|token| token.as_bytes().try_into().ok());
    let echo = match (answer.get("CF"), token) {
        (Some(came_back), Some(token)) => order_token::compare(came_back.as_bytes(), &token),
        _ => Echo::None,
    };
    if echo == Echo::Another {
        return Judgement::InDoubt("The terminal's answer is for another payment.");
    }
    let same = |tag| answer.number(tag).is_some() && answer.number(tag) == asked.number(tag);
    let is_for_us = same("CA") && same("CE") && answer.get("CD") == asked.get("CD");
    let code = answer.get("AF").unwrap_or_default();
    match answer.get("AE") {
        Some("10") if words::says_not_paid(code) => {
            Judgement::InDoubt("The terminal says both that it was done and that it was not.")
        }
        Some("10") if !is_for_us => {
            Judgement::InDoubt("The terminal's answer does not say for which payment.")
        }
        Some("10") if !same("CB") => Judgement::InDoubt("The terminal approved another amount."),
        Some("10") => Judgement::Approved(facts(answer)),
        Some("01") if words::says_paid(code) => {
            Judgement::InDoubt("The terminal says both that it was not done and that it was.")
        }
        // The line may have broken in the middle of what it had to say.
        Some("01") if code.is_empty() => {
            Judgement::InDoubt("The terminal's answer broke off before it said why.")
        }
        // It answers on the order's own connection, and some say no more than this.
        Some("01") => Judgement::Declined(Refusal {
            code: code.chars().take(CardFacts::MAX_TEXT).collect(),
            words: words::reason(code).to_owned(),
            stopped: words::is_stop(code),
        }),
        Some("11") => Judgement::InDoubt("The terminal took the order and does not tell its end."),
        _ => Judgement::InDoubt("The terminal answered with a sign that nobody knows."),
    }
}

/// What may be kept of an answer.
pub(super) fn facts(answer: &Fields) -> CardFacts {
    let text = |tag| {
        let value = answer.get(tag).unwrap_or_default().trim();
        value.chars().take(CardFacts::MAX_TEXT).collect::<String>()
    };
    let is_application = |id: &String| {
        (10..=32).contains(&id.len())
            && id.starts_with('A')
            && id.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let application = Some(text("AI")).filter(is_application).unwrap_or_default();
    // A number as long as a card's is none of an authorisation.
    let authorisation = Some(text("AC")).filter(|code| code.len() <= 10).unwrap_or_default();
    CardFacts {
        brand: words::brand(&application, answer.get("CC").unwrap_or_default()).to_owned(),
        last_four: card_number::last_four(answer.get("AA").unwrap_or_default().as_bytes()),
        authorisation,
        application,
        ..CardFacts::default()
    }
}
