//! The books of a register, as far as card payments go: what is on disk, and what it counts as.

use std::sync::{Arc, Mutex};

use countertop_devices::{
    NotStored, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal, PaymentWitness, Progress,
    Refusal, Resolution, TerminalSlip,
};
use countertop_domain::card::{CardFacts, TerminalMark};
use countertop_domain::ids::TenderId;
use countertop_domain::money::{Currency, Money};
use countertop_domain::time::Timestamp;

/// 2026-11-23 14:00:00 on the counter's clock.
pub(crate) const AT: Timestamp = Timestamp { utc_ms: 1_795_438_800_000, offset_min: 60 };

/// Where an attempt stands on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Not one byte left.
    NotSent,
    /// Nobody knows, or nobody was told before the register died.
    Open,
    /// It counts as a tender.
    Approved(CardFacts),
    /// Nothing was charged.
    Declined(Refusal),
}

#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// The last decision that was stored for the attempt that is open.
    pub(crate) decided: Option<Result<CardFacts, Refusal>>,
    pub(crate) slips: Vec<TerminalSlip>,
    pub(crate) attempts: Vec<(PaymentOrder, State)>,
    pub(crate) last_known: Option<TerminalMark>,
    pub(crate) said: Vec<String>,
    pub(crate) doubt: Option<String>,
    pub(crate) may_ask_again: bool,
}

/// The register's books. Cloning them is opening the same disk again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Books(pub(crate) Arc<Mutex<Disk>>);

/// What a test does to a witness: called before and after each thing that goes to disk.
pub(crate) type Point = Box<dyn FnMut() + Send>;

pub(crate) struct Watch {
    pub(crate) books: Books,
    pub(crate) point: Point,
    pub(crate) stop: bool,
    pub(crate) disk_full: bool,
}

pub(crate) fn order(kind: PaymentKind, cents: i64, last: Option<TerminalMark>) -> PaymentOrder {
    PaymentOrder {
        attempt: "019a0000-0000-7000-8000-000000000001".parse::<TenderId>().unwrap(),
        kind,
        amount: Money::new(cents, Currency::EUR).unwrap(),
        at: AT,
        last_known: last,
    }
}

impl Books {
    pub(crate) fn watch(&self) -> Watch {
        Watch { books: self.clone(), point: Box::new(|| {}), stop: false, disk_full: false }
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Disk) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// Puts an order on disk.
    pub(crate) fn intend(&self, kind: PaymentKind, cents: i64, at: Timestamp) -> PaymentOrder {
        self.with(|disk| {
            let order = PaymentOrder { at, ..order(kind, cents, disk.last_known.clone()) };
            disk.attempts.push((order.clone(), State::Open));
            disk.decided = None;
            order
        })
    }

    /// Carries an order out, and writes down how it ended.
    pub(crate) fn run(
        &self,
        terminal: &mut dyn PaymentTerminal,
        order: &PaymentOrder,
        watch: &mut Watch,
    ) -> PaymentEnd {
        let end = terminal.run(order, watch);
        self.end(match end.clone() {
            PaymentEnd::Approved(facts) => State::Approved(facts),
            PaymentEnd::Declined(refusal) => State::Declined(refusal),
            PaymentEnd::NotSent(_) => State::NotSent,
            PaymentEnd::InDoubt(doubt) => {
                self.with(|disk| {
                    disk.may_ask_again = doubt.may_ask_again;
                    disk.doubt = Some(doubt.words);
                });
                State::Open
            }
        });
        end
    }

    /// Asks what became of the attempt that is open.
    pub(crate) fn resolve(&self, terminal: &mut dyn PaymentTerminal, watch: &mut Watch) {
        let order = self.with(|disk| disk.attempts.last().unwrap().0.clone());
        let state = match terminal.resolve(&order, watch) {
            Resolution::Approved(facts) => State::Approved(facts),
            Resolution::NotCharged(refusal) => State::Declined(refusal),
            Resolution::InDoubt(doubt) => {
                self.with(|disk| {
                    disk.may_ask_again = doubt.may_ask_again;
                    disk.doubt = Some(doubt.words);
                });
                State::Open
            }
        };
        self.end(state);
    }

    fn end(&self, state: State) {
        self.with(|disk| {
            if let State::Approved(facts) = &state {
                disk.last_known = Some(facts.mark());
                let stored = disk.decided.as_ref().and_then(|decided| decided.as_ref().ok());
                assert_eq!(stored.map(CardFacts::mark), Some(facts.mark()), "it was on disk first");
            }
            disk.attempts.last_mut().unwrap().1 = state;
        });
    }

    pub(crate) fn state(&self) -> State {
        self.with(|disk| disk.attempts.last().unwrap().1.clone())
    }

    pub(crate) fn tenders(&self) -> usize {
        self.with(|disk| {
            disk.attempts.iter().filter(|(_, state)| matches!(state, State::Approved(_))).count()
        })
    }
}

impl PaymentWitness for Watch {
    fn progress(&mut self, progress: Progress) {
        (self.point)();
        self.books.with(|disk| disk.said.push(format!("{progress:?}")));
    }

    fn decided(&mut self, decision: &Result<CardFacts, Refusal>) -> Result<(), NotStored> {
        (self.point)();
        if self.disk_full {
            return Err(NotStored("the disk is full".to_owned()));
        }
        self.books.with(|disk| disk.decided = Some(decision.clone()));
        (self.point)();
        Ok(())
    }

    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored> {
        (self.point)();
        self.books.with(|disk| disk.slips.push(slip));
        (self.point)();
        Ok(())
    }

    fn wants_to_stop(&self) -> bool {
        self.stop
    }
}
