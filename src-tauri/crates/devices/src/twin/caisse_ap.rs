//! The twin of a terminal that speaks Caisse-AP.

use std::io;
use std::time::{Duration, Instant};

use super::terminal::{Booking, Desk, Running, Side, TerminalButton};
use crate::caisse_ap::{Fields, Reading};
use crate::terminal::PaymentKind;
use crate::transport::Door;

/// How this terminal behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaisseApHabits {
    /// True if it sends back the register's private field; false if it puts something of its own
    /// there.
    pub returns_private: bool,
    /// An order that could end ends after so long without another byte.
    pub quiet: Duration,
    /// How long the button [`TerminalButton::Slow`] takes.
    pub slow: Duration,
}

impl Default for CaisseApHabits {
    fn default() -> Self {
        Self {
            returns_private: true,
            quiet: Duration::from_millis(100),
            slow: Duration::from_secs(20),
        }
    }
}

/// A terminal that speaks Caisse-AP, with buttons for its customer. An order with a field missing is
/// refused with reason 09. What it charged stays charged when nobody hears of it, and it tells its
/// answer once, on the connection of the order.
///
/// It does not simulate: cheques and other means than cards, slips in the answer, partial payments,
/// pre-authorisation, cancelling (`2`) and duplicates (`3`), which it refuses with reason 12.
pub struct CaisseApTwin(Running);

impl CaisseApTwin {
    /// Starts it; it serves the line until it is dropped.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(door: Door, habits: CaisseApHabits) -> io::Result<Self> {
        Running::start(
            door,
            Terminal { habits, heard: Vec::new(), quiet: None, state: State::Idle },
        )
        .map(Self)
    }

    /// Presses a button, now or for the next payment.
    pub fn press(&self, button: TerminalButton) {
        self.0.press(button);
    }

    /// Has a button pressed by itself for every payment; none waits for a person.
    pub fn always(&self, button: Option<TerminalButton>) {
        self.0.always(button);
    }

    /// What its display shows.
    pub fn shows(&self) -> String {
        self.0.shows()
    }

    /// What it booked, oldest first.
    pub fn ledger(&self) -> Vec<Booking> {
        self.0.ledger()
    }
}

enum State {
    Idle,
    /// A card is asked for; true while the connection of the order stands.
    Card(Fields, bool),
    /// The card pays, slowly, until then.
    Slow(Fields, bool, Instant),
}

struct Terminal {
    habits: CaisseApHabits,
    heard: Vec<u8>,
    /// When what was heard is an order.
    quiet: Option<Instant>,
    state: State,
}

impl Terminal {
    /// An order is there.
    fn take(&mut self, order: Fields, desk: &mut Desk) -> Vec<u8> {
        let complete = ["CJ", "CA", "CD"].iter().all(|tag| order.get(tag).is_some());
        let money = ["CB", "CE"].iter().all(|tag| order.number(tag).is_some_and(|n| n > 0));
        let action = order.get("CD").unwrap_or_default();
        if complete && action == "I" {
            return answer(&order, "10", "", self.habits);
        }
        if !complete || !money {
            return answer(&order, "01", "09", self.habits);
        }
        if !matches!(action, "0" | "1") {
            return answer(&order, "01", "12", self.habits);
        }
        if !matches!(self.state, State::Idle) {
            return answer(&order, "01", "07", self.habits);
        }
        let amount = order.number("CB").unwrap_or_default();
        desk.show(&format!("{}.{:02}  PRESENT CARD", amount / 100, amount % 100));
        let at_once = order.get("BA") == Some("1");
        let said = if at_once { answer(&order, "11", "", self.habits) } else { Vec::new() };
        self.state = State::Card(order, !at_once);
        said
    }

    fn press(
        &mut self,
        button: TerminalButton,
        (order, heard): (Fields, bool),
        desk: &mut Desk,
        now: Instant,
    ) -> Vec<u8> {
        let (status, reason, text) = match button {
            TerminalButton::Approve => {
                book(&order, desk);
                ("10", "01", "APPROVED")
            }
            TerminalButton::NotVerified => {
                book(&order, desk);
                ("01", "01", "NOT VERIFIED")
            }
            TerminalButton::Decline => ("01", "04", "REFUSED"),
            TerminalButton::CustomerStops => ("01", "06", "STOPPED"),
            TerminalButton::Slow => {
                desk.show("PLEASE WAIT");
                self.state = State::Slow(order, heard, now + self.habits.slow);
                return Vec::new();
            }
            TerminalButton::TimeOut => {
                desk.show("READY");
                return Vec::new();
            }
            TerminalButton::DieAfterCharging => {
                book(&order, desk);
                self.die(desk);
                return Vec::new();
            }
            TerminalButton::PullThePlug | TerminalButton::PlugIn => {
                desk.pull_the_plug();
                self.state = State::Card(order, heard);
                return Vec::new();
            }
        };
        desk.show(text);
        if heard { answer(&order, status, reason, self.habits) } else { Vec::new() }
    }
}

fn book(order: &Fields, desk: &mut Desk) {
    let kind = if order.get("CD") == Some("0") { PaymentKind::Charge } else { PaymentKind::Refund };
    let amount = order.number("CB").unwrap_or_default();
    let currency = order.number("CE").and_then(|number| u16::try_from(number).ok());
    let token = order.get("CF").unwrap_or_default();
    desk.book(kind, amount, currency.unwrap_or_default(), token.as_bytes());
}

fn answer(order: &Fields, status: &str, reason: &str, habits: CaisseApHabits) -> Vec<u8> {
    let mut fields = Fields::default();
    for tag in ["CZ", "CJ", "CA", "CB", "CD", "CE", "CF"] {
        if let Some(value) = order.get(tag) {
            fields.set(tag, value);
        }
    }
    if !habits.returns_private {
        fields.set("CF", "1010000000");
    }
    fields.set("AE", status);
    if !reason.is_empty() {
        fields.set("AF", reason);
    }
    if status == "10" && order.get("CD") != Some("I") {
        for (tag, value) in [
            ("AA", "497670******0674"),
            ("AB", "2712"),
            ("AC", "184117"),
            ("AI", "A0000000421010"),
            ("CC", "001"),
            ("CG", "424242"),
            ("CI", "1"),
        ] {
            fields.set(tag, value);
        }
    }
    fields.text()
}

impl Side for Terminal {
    fn hear(&mut self, bytes: &[u8], _: &mut Desk, now: Instant) -> Vec<u8> {
        self.heard.extend_from_slice(bytes);
        self.quiet = Some(now + self.habits.quiet);
        Vec::new()
    }

    fn tick(&mut self, desk: &mut Desk, now: Instant) -> Vec<u8> {
        let mut said = Vec::new();
        if self.quiet.is_some_and(|quiet| now >= quiet) {
            match Fields::read(&self.heard) {
                Reading::Whole(order) => {
                    self.heard.clear();
                    said = self.take(order, desk);
                }
                // The rest may still come, as long as the connection stands.
                Reading::More => {}
                Reading::Bad => self.heard.clear(),
            }
            self.quiet = None;
        }
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => {}
            State::Card(order, heard) => match desk.next_press() {
                Some(button) => said.extend(self.press(button, (order, heard), desk, now)),
                None => self.state = State::Card(order, heard),
            },
            State::Slow(order, heard, until) if now >= until => {
                said.extend(self.press(TerminalButton::Approve, (order, heard), desk, now));
            }
            slow @ State::Slow(..) => self.state = slow,
        }
        said
    }

    /// The customer goes on; but the answer has nowhere to go.
    fn cut(&mut self, _: &mut Desk) {
        (self.heard, self.quiet) = (Vec::new(), None);
        self.state = match std::mem::replace(&mut self.state, State::Idle) {
            State::Card(order, _) => State::Card(order, false),
            State::Slow(order, _, until) => State::Slow(order, false, until),
            State::Idle => State::Idle,
        };
    }

    fn die(&mut self, desk: &mut Desk) {
        (self.heard, self.quiet, self.state) = (Vec::new(), None, State::Idle);
        desk.pull_the_plug();
        desk.show("");
    }
}
