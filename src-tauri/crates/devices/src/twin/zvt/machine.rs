//! The terminal's side of ZVT, without a wire: bytes and a time in, bytes out.

use std::collections::VecDeque;
use std::time::Duration;

use countertop_domain::time::Timestamp;

use super::ledger::{Charged, ChargedKind, ChargedState, Ledger};
use super::says;
use super::settings::{ZvtButton, ZvtTakingBack, ZvtTwinSettings};
use crate::zvt::apdu::Apdu;
use crate::zvt::field::Fields;
use crate::zvt::line::{Event, Line};
use crate::zvt::moment::Moment;
use crate::zvt::{bcd, tlv};

/// Answers to what cannot be done now.
pub(super) const NOT_SIGNED_ON: u8 = 0x6B;
pub(super) const STOPPED: u8 = 0x6C;
pub(super) const NO_PAYMENT: u8 = 0x6D;
pub(super) const CURRENCY: u8 = 0x6F;
pub(super) const NOT_POSSIBLE: u8 = 0x83;
pub(super) const BUSY: u8 = 0x9C;
pub(super) const REVERSED: u8 = 0xB4;
pub(super) const NOT_REVERSIBLE: u8 = 0xB5;
pub(super) const OTHER_AMOUNT: u8 = 0xB7;

/// A terminal.
///
/// It does not play: PINs, offline payments, reservations, tips, the data of real cards, printing on
/// paper of its own, passwords (it takes any), software updates, or a bank's own codes beyond 05.
#[derive(Debug)]
pub struct ZvtMachine {
    pub(super) settings: ZvtTwinSettings,
    line: Line,
    pub(super) ledger: Ledger,
    /// What it is going to do, in this order.
    pub(super) steps: VecDeque<Step>,
    pub(super) payment: Option<Payment>,
    awaiting: Option<Awaiting>,
    paused_until: Option<Duration>,
    pub(super) wishes: Option<u8>,
    pub(super) blocks: bool,
    chosen: Option<ZvtButton>,
    plugged: bool,
    powered: bool,
    shows: String,
}

/// A payment that is being made.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) kind: ChargedKind,
    pub(super) amount: u64,
    pub(super) takes_back: Option<u32>,
    /// Its place in the ledger, once the card is charged.
    pub(super) entry: Option<usize>,
    /// What an Austrian terminal is going to book.
    pub(super) planned: Option<Charged>,
    /// Since when its status goes unacknowledged.
    pub(super) open_since: Option<Duration>,
}

/// One thing that it does.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Says something, and waits for the register's answer.
    Say(Apdu),
    /// Does nothing for so long.
    Pause(Duration),
    /// Waits for a card, until then.
    Card(Duration),
    /// Charges the card.
    Charge,
    /// Goes dark.
    Die,
    /// Says that the payment went well, until the register says that it knows.
    Status,
    /// Sends a slip.
    Slip(Apdu),
    /// The payment holds.
    Commit,
    /// The day is closed.
    CloseDay,
}

#[derive(Clone, Debug)]
struct Awaiting {
    until: Duration,
    step: Step,
}

impl ZvtMachine {
    /// A terminal that was just switched on.
    pub fn new(settings: ZvtTwinSettings) -> Self {
        let (receipt, trace) = settings.numbers;
        let mut ledger = Ledger { entries: Vec::new(), receipt, trace, day: 0 };
        if settings.has_history {
            let yesterday = Moment::of(Timestamp {
                utc_ms: settings.clock.utc_ms - 86_400_000,
                ..settings.clock
            });
            let [_, month, day, hour, minute, second] = yesterday.parts();
            ledger.entries.push(Charged {
                receipt,
                trace,
                amount: 1610,
                kind: ChargedKind::Charge,
                state: ChargedState::Booked,
                takes_back: None,
                reversed: false,
                at: [month, day, hour, minute, second],
            });
        }
        let line = Line::new(settings.framing, settings.timers.line());
        Self {
            settings,
            line,
            ledger,
            steps: VecDeque::new(),
            payment: None,
            awaiting: None,
            paused_until: None,
            wishes: None,
            blocks: false,
            chosen: None,
            plugged: true,
            powered: true,
            shows: "Ready".to_owned(),
        }
    }

    /// What its display says.
    pub fn shows(&self) -> String {
        match (self.powered, self.plugged) {
            (false, _) => "(dark)".to_owned(),
            (true, false) => format!("{} (cable out)", self.shows),
            (true, true) => self.shows.clone(),
        }
    }

    /// Everything that it charged, oldest first.
    pub fn ledger(&self) -> &[Charged] {
        &self.ledger.entries
    }

    /// True if a cable with a register on its end would be heard.
    pub fn is_reachable(&self) -> bool {
        self.plugged && self.powered
    }

    /// True if it does nothing, and waits for nothing.
    pub fn is_idle(&self) -> bool {
        self.payment.is_none() && self.steps.is_empty() && self.awaiting.is_none()
    }

    /// Presses a button. One that decides about a payment counts for the one that is being made, or
    /// else for the next one.
    pub fn press(&mut self, button: ZvtButton, now: Duration) {
        match button {
            ZvtButton::PullPlug => {
                self.plugged = false;
                self.hung_up(now);
            }
            ZvtButton::PlugIn => {
                self.plugged = true;
                if !self.powered {
                    self.start_again(now);
                }
            }
            _ => self.chosen = Some(button),
        }
        self.poll(now);
    }

    /// Switches it off and on again.
    pub fn restart(&mut self, now: Duration) {
        self.powered = false;
        self.start_again(now);
    }

    /// Takes in what the register sent.
    pub fn heard(&mut self, bytes: &[u8], now: Duration) {
        if self.is_reachable() {
            self.line.heard(bytes, now);
        }
        self.poll(now);
    }

    /// Does what is due.
    pub fn poll(&mut self, now: Duration) {
        self.line.poll(now);
        while let Some(event) = self.line.take_event() {
            match event {
                Event::Arrived(apdu) if apdu.is_reply() => self.answered(&apdu, now),
                Event::Arrived(apdu) => self.commanded(&apdu, now),
                Event::Undelivered => self.unanswered(now),
                Event::Delivered | Event::Unreadable => {}
            }
        }
        self.go_on(now);
    }

    /// When [`ZvtMachine::poll`] has something to do next.
    pub fn deadline(&self) -> Option<Duration> {
        let card = match self.steps.front() {
            Some(Step::Card(until)) => Some(*until),
            _ => None,
        };
        let awaiting = self.awaiting.as_ref().map(|awaiting| awaiting.until);
        [self.line.deadline(), card, awaiting, self.paused_until].into_iter().flatten().min()
    }

    /// What it says; nothing while nobody could hear it.
    pub fn take_output(&mut self) -> Vec<u8> {
        let output = self.line.take_output();
        if self.is_reachable() { output } else { Vec::new() }
    }

    /// The line broke: what was under way on it is lost.
    pub fn hung_up(&mut self, now: Duration) {
        self.line = Line::new(self.settings.framing, self.settings.timers.line());
        if let Some(awaiting) = self.awaiting.take() {
            self.missed(awaiting.step, now);
        }
        self.go_on(now);
    }

    pub(super) fn show(&mut self, text: &str) {
        text.clone_into(&mut self.shows);
    }

    pub(super) fn reply(&mut self, apdu: Apdu, now: Duration) {
        self.line.send(apdu, now);
    }

    /// Month, day, hour, minute, second by its own clock.
    pub(super) fn clock(&self, now: Duration) -> [u64; 5] {
        let since = i64::try_from(now.as_millis()).unwrap_or(0);
        let start = self.settings.clock;
        let moment = Moment::of(Timestamp { utc_ms: start.utc_ms.saturating_add(since), ..start });
        let [_, month, day, hour, minute, second] = moment.parts();
        [month, day, hour, minute, second]
    }

    fn start_again(&mut self, now: Duration) {
        self.powered = true;
        self.line = Line::new(self.settings.framing, self.settings.timers.line());
        self.awaiting = None;
        self.paused_until = None;
        self.steps.clear();
        self.wishes = None;
        self.blocks = false;
        self.chosen = None;
        // What was never acknowledged is settled when it comes up again.
        self.settle_open();
        self.show("Ready");
        self.poll(now);
    }

    /// The register answered the last command.
    fn answered(&mut self, reply: &Apdu, now: Duration) {
        let Some(awaiting) = self.awaiting.take() else { return };
        let refused = reply.class == 0x84 && reply.instr != 0;
        if refused && matches!(awaiting.step, Step::Slip(_)) {
            self.slip_refused(reply.instr);
        }
        self.go_on(now);
    }

    /// Nobody answered it.
    fn unanswered(&mut self, now: Duration) {
        if let Some(awaiting) = self.awaiting.take() {
            self.missed(awaiting.step, now);
        }
    }

    fn missed(&mut self, step: Step, now: Duration) {
        match step {
            // A payment whose status or slips nobody acknowledged is told again from its status on.
            Step::Status | Step::Slip(_) => {
                self.steps.retain(|step| !matches!(step, Step::Slip(_) | Step::Status));
                self.steps.push_front(Step::Status);
                if self.payment.as_ref().is_some_and(|payment| payment.open_since.is_none()) {
                    self.set_open_since(now);
                }
                self.steps.push_front(Step::Pause(self.settings.timers.t3 / 2));
            }
            // Anything else goes on without the register.
            _ => {}
        }
    }

    pub(super) fn set_open_since(&mut self, now: Duration) {
        if let Some(payment) = &mut self.payment {
            payment.open_since = Some(now);
        }
    }

    /// Goes on with its steps as far as it can.
    fn go_on(&mut self, now: Duration) {
        loop {
            if !self.powered || self.awaiting_holds(now) || self.pause_holds(now) {
                return;
            }
            let Some(step) = self.steps.pop_front() else {
                if self.payment.take().is_some() {
                    self.show("Ready");
                }
                return;
            };
            match step {
                Step::Pause(time) => self.paused_until = Some(now + time),
                Step::Card(until) => match self.choice(until, now) {
                    Some(choice) => self.choose(choice),
                    None => {
                        self.steps.push_front(Step::Card(until));
                        return;
                    }
                },
                Step::Charge => self.charge(now),
                Step::Die => {
                    self.powered = false;
                    self.hung_up(now);
                    return;
                }
                Step::Commit => self.commit(),
                Step::CloseDay => self.close_day(),
                Step::Status if self.gave_up_repeating(now) => self.settle_open(),
                Step::Say(_) | Step::Slip(_) | Step::Status => self.say(step, now),
            }
        }
    }

    fn awaiting_holds(&mut self, now: Duration) -> bool {
        match &self.awaiting {
            Some(awaiting) if now >= awaiting.until => {
                self.unanswered(now);
                false
            }
            Some(_) => true,
            None => false,
        }
    }

    fn pause_holds(&mut self, now: Duration) -> bool {
        match self.paused_until {
            Some(until) if now < until => true,
            _ => {
                self.paused_until = None;
                false
            }
        }
    }

    fn say(&mut self, step: Step, now: Duration) {
        let apdu = match &step {
            Step::Say(apdu) | Step::Slip(apdu) => apdu.clone(),
            _ => match self.charged() {
                Some(charged) => {
                    if (self.wishes.unwrap_or(0) & 0x80) != 0
                        && !self.steps.iter().any(|step| matches!(step, Step::Slip(_)))
                    {
                        let slips = says::slips(&self.settings, &charged, self.blocks);
                        for slip in slips.into_iter().rev() {
                            self.steps.push_front(Step::Slip(slip));
                        }
                    }
                    says::success(&self.settings, &charged)
                }
                None => return,
            },
        };
        if matches!(step, Step::Status)
            && self.payment.as_ref().is_some_and(|payment| payment.open_since.is_none())
        {
            self.set_open_since(now);
        }
        if !self.is_reachable() {
            self.missed(step, now);
            return;
        }
        self.line.send(apdu, now);
        let until = now + self.settings.timers.t3;
        self.awaiting = Some(Awaiting { until, step });
    }

    fn gave_up_repeating(&self, now: Duration) -> bool {
        self.payment
            .as_ref()
            .and_then(|payment| payment.open_since)
            .is_some_and(|since| now >= since + self.settings.repeating)
    }

    /// What happens at the card reader, if anything has.
    fn choice(&mut self, until: Duration, now: Duration) -> Option<ZvtButton> {
        if now >= until {
            self.chosen = None;
            return Some(ZvtButton::CustomerStops);
        }
        let chosen = self.chosen.or(self.settings.by_itself);
        if chosen == Some(ZvtButton::TimeOut) {
            return None;
        }
        self.chosen = None;
        chosen
    }
}

/// The fields of a command that matter to a terminal.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) amount: Option<u64>,
    pub(super) currency: Option<u64>,
    pub(super) receipt: Option<u32>,
    pub(super) service: u8,
    /// The last receipt that the register knows: 1F1F.
    pub(super) mirrored: Option<u32>,
    pub(super) blocks: bool,
}

impl Ordered {
    pub(super) fn read(data: &[u8]) -> Option<Self> {
        let mut ordered = Self::default();
        for field in Fields::of(data) {
            let (field, value) = field.ok()?;
            match field {
                0x04 => ordered.amount = bcd::read(value),
                0x49 => ordered.currency = bcd::read(value),
                0x87 => ordered.receipt = bcd::read_u32(value),
                0x03 => ordered.service = *value.first()?,
                0x06 => tlv::walk(value, &mut |tag, value| match tag {
                    0x1F1F => ordered.mirrored = bcd::read_u32(value).filter(|_| !value.is_empty()),
                    0x0A => ordered.blocks |= value == [0x06, 0xD3],
                    _ => {}
                }),
                _ => {}
            }
        }
        Some(ordered)
    }
}

impl ZvtTakingBack {
    /// True if a card is charged before the register knows.
    pub(super) fn charges_first(self) -> bool {
        self != Self::Austrian
    }
}
