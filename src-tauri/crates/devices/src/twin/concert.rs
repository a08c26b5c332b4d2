//! The twin of a terminal that speaks Concert E+.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::terminal::{Booking, Desk, Running, Side, TerminalButton};
use crate::concert::{Answer, Order, Verdict};
use crate::framing::stx_etx_lrc::{ACK, ENQ, EOT, Framer, Heard, NAK, framed};
use crate::terminal::PaymentKind;
use crate::transport::Door;

/// The card that every customer has.
const CARD: &str = "497670******0674 2712";

/// How this terminal behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcertHabits {
    /// True if a payment begins with the register's end of conversation; false if it begins as soon
    /// as the order is understood.
    pub waits_for_end: bool,
    /// For the register's next word.
    pub patience: Duration,
    /// Between two tries to tell the answer.
    pub pause: Duration,
    /// How often it tries to tell an answer before it keeps it to itself.
    pub tries: u32,
    /// How long the button [`TerminalButton::Slow`] takes.
    pub slow: Duration,
}

impl Default for ConcertHabits {
    fn default() -> Self {
        Self {
            waits_for_end: true,
            patience: Duration::from_secs(3),
            pause: Duration::from_secs(1),
            tries: 3,
            slow: Duration::from_secs(20),
        }
    }
}

/// A terminal that speaks Concert E+, with buttons for its customer. It takes an order only if every
/// character of it is in its place, charges only after the whole handshake, and never takes back
/// what it charged because nobody heard of it.
///
/// It does not simulate: cheques and other means than cards, amounts beyond the card's limit,
/// parity, and the answer before the payment (`A011`), which it refuses.
pub struct ConcertTwin(Running);

impl ConcertTwin {
    /// Starts it; it serves the line until it is dropped.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(door: Door, habits: ConcertHabits) -> io::Result<Self> {
        Running::start(door, Terminal::new(habits)).map(Self)
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
    /// The register asked to speak and may.
    Called,
    /// The order is understood.
    Taken(Order),
    /// A card is asked for.
    Card(Order),
    /// The card pays, slowly.
    Slow(Order),
    /// The answer waits for its next try.
    Pausing(Vec<u8>),
    /// "May I speak?" is out.
    Calling(Vec<u8>),
    /// The answer is out.
    Answered(Vec<u8>),
}

struct Terminal {
    habits: ConcertHabits,
    framer: Framer,
    state: State,
    until: Option<Instant>,
    tries: u32,
    sends: u32,
}

impl Terminal {
    fn new(habits: ConcertHabits) -> Self {
        let framer = Framer::default();
        Self { habits, framer, state: State::Idle, until: None, tries: 0, sends: 0 }
    }

    fn go(&mut self, state: State, until: Option<Instant>) {
        (self.state, self.until) = (state, until);
    }

    fn soon(&self, now: Instant) -> Option<Instant> {
        Some(now + self.habits.patience)
    }

    fn idle(&mut self, desk: &mut Desk, text: &str) {
        desk.show(text);
        self.go(State::Idle, None);
    }

    fn react(&mut self, heard: Heard, desk: &mut Desk, now: Instant) -> Vec<u8> {
        let state = std::mem::replace(&mut self.state, State::Idle);
        match (state, heard) {
            (State::Idle | State::Called, Heard::Enquiry) => {
                self.go(State::Called, self.soon(now));
                vec![ACK]
            }
            (State::Called, Heard::Text(text)) => match Order::read(&text) {
                Some(order) if self.habits.waits_for_end => {
                    self.go(State::Taken(order), self.soon(now));
                    vec![ACK]
                }
                Some(order) => {
                    self.begin(order, desk);
                    vec![ACK]
                }
                None => {
                    self.go(State::Called, self.soon(now));
                    vec![NAK]
                }
            },
            (State::Called, Heard::Garbled) => {
                self.go(State::Called, self.soon(now));
                vec![NAK]
            }
            // Its "understood" was lost.
            (State::Taken(order), Heard::Text(text)) if order.text() == text => {
                self.go(State::Taken(order), self.soon(now));
                vec![ACK]
            }
            (State::Taken(order), Heard::End) => {
                self.begin(order, desk);
                Vec::new()
            }
            (State::Calling(answer), Heard::Yes) => {
                self.sends = 1;
                let bytes = framed(&answer);
                self.go(State::Answered(answer), self.soon(now));
                bytes
            }
            (State::Answered(_), Heard::Yes) => {
                self.go(State::Idle, None);
                vec![EOT]
            }
            (State::Answered(answer), Heard::Again) if self.sends < self.habits.tries => {
                self.sends += 1;
                let bytes = framed(&answer);
                self.go(State::Answered(answer), self.soon(now));
                bytes
            }
            (State::Answered(_), Heard::Again) => {
                self.idle(desk, "REGISTER DOES NOT ANSWER");
                vec![EOT]
            }
            (State::Called, Heard::End) => {
                self.go(State::Idle, None);
                Vec::new()
            }
            // A terminal that is at work does not listen.
            (state, _) => {
                self.state = state;
                Vec::new()
            }
        }
    }

    fn begin(&mut self, order: Order, desk: &mut Desk) {
        let (amount, cents) = (order.amount / 100, order.amount % 100);
        desk.show(&format!("{amount}.{cents:02}  PRESENT CARD"));
        self.go(State::Card(order), None);
    }

    /// The customer, or the bank, acts.
    fn press(&mut self, button: TerminalButton, order: Order, desk: &mut Desk, now: Instant) {
        match button {
            TerminalButton::Approve => {
                book(&order, desk);
                self.tell(&order, Verdict::Done, "APPROVED", desk, now);
            }
            TerminalButton::NotVerified => {
                book(&order, desk);
                self.tell(&order, Verdict::NotVerified, "NOT VERIFIED", desk, now);
            }
            TerminalButton::Decline => {
                self.tell(&order, Verdict::Refused, "REFUSED", desk, now);
            }
            TerminalButton::CustomerStops => {
                self.tell(&order, Verdict::Refused, "STOPPED", desk, now);
            }
            TerminalButton::Slow => {
                desk.show("PLEASE WAIT");
                self.go(State::Slow(order), Some(now + self.habits.slow));
            }
            TerminalButton::TimeOut => self.idle(desk, "READY"),
            TerminalButton::DieAfterCharging => {
                book(&order, desk);
                self.die(desk);
            }
            TerminalButton::PullThePlug | TerminalButton::PlugIn => {
                desk.pull_the_plug();
                self.go(State::Card(order), None);
            }
        }
    }

    fn tell(&mut self, order: &Order, verdict: Verdict, text: &str, desk: &mut Desk, now: Instant) {
        desk.show(text);
        let answer = Answer {
            pos: order.pos,
            verdict,
            amount: order.amount,
            mode: order.mode,
            last_four: String::new(),
            currency: order.currency,
            private: order.private,
        };
        self.tries = 0;
        let report = if verdict == Verdict::Done { CARD } else { "" };
        self.go(State::Pausing(answer.text(order.report.then_some(report))), Some(now));
    }
}

fn book(order: &Order, desk: &mut Desk) {
    let kind = if order.kind == b'0' { PaymentKind::Charge } else { PaymentKind::Refund };
    desk.book(kind, i64::from(order.amount), order.currency, &order.private);
}

impl Side for Terminal {
    fn hear(&mut self, bytes: &[u8], desk: &mut Desk, now: Instant) -> Vec<u8> {
        let mut bytes: VecDeque<u8> = bytes.iter().copied().collect();
        let mut said = Vec::new();
        while let Some(byte) = bytes.pop_front() {
            if let Some(heard) = self.framer.push(byte) {
                said.extend(self.react(heard, desk, now));
            }
        }
        said
    }

    fn tick(&mut self, desk: &mut Desk, now: Instant) -> Vec<u8> {
        if let State::Card(order) = &self.state {
            if let (order, Some(button)) = (order.clone(), desk.next_press()) {
                self.press(button, order, desk, now);
            }
            return Vec::new();
        }
        if self.until.is_none_or(|until| now < until) {
            return Vec::new();
        }
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Slow(order) => {
                self.press(TerminalButton::Approve, order, desk, now);
                Vec::new()
            }
            State::Pausing(_) if self.tries >= self.habits.tries => {
                self.idle(desk, "REGISTER DOES NOT ANSWER");
                Vec::new()
            }
            State::Pausing(answer) => {
                self.tries += 1;
                self.go(State::Calling(answer), self.soon(now));
                vec![ENQ]
            }
            State::Calling(answer) | State::Answered(answer) => {
                self.go(State::Pausing(answer), Some(now + self.habits.pause));
                vec![EOT]
            }
            // The register fell silent: its order is forgotten.
            State::Called | State::Taken(_) | State::Idle | State::Card(_) => {
                self.framer.give_up();
                self.go(State::Idle, None);
                Vec::new()
            }
        }
    }

    /// The customer goes on; an answer is told when the line is back, if it comes back in time.
    fn cut(&mut self, _: &mut Desk) {
        self.framer.give_up();
        if matches!(self.state, State::Called | State::Taken(_)) {
            self.go(State::Idle, None);
        }
    }

    fn die(&mut self, desk: &mut Desk) {
        self.framer.give_up();
        desk.pull_the_plug();
        self.idle(desk, "");
    }
}
