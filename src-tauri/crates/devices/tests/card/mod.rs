//! What tests of card terminals share: a register that writes down what it hears, and a line that
//! can be cut at any byte.
#![allow(dead_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countertop_devices::{
    Address, Door, Link, NotStored, PaymentKind, PaymentOrder, PaymentWitness, Progress,
    ReadOutcome, Refusal, TerminalSlip, open,
};
use countertop_domain::card::CardFacts;
use countertop_domain::money::{Currency, Money};
use countertop_domain::time::Timestamp;

pub(crate) const LONG: Duration = Duration::from_secs(20);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number that no other test has.
pub(crate) fn unique() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A payment of so many cents, with an id of its own.
pub(crate) fn order(kind: PaymentKind, cents: i64) -> PaymentOrder {
    let id = format!("0192f0c1-2b3c-7def-8{:03x}-{:012x}", std::process::id() % 4096, unique());
    PaymentOrder {
        attempt: id.parse().unwrap(),
        kind,
        amount: Money::new(cents, Currency::EUR).unwrap(),
        at: Timestamp { utc_ms: 1_790_000_000_000, offset_min: 60 },
        last_known: None,
    }
}

/// The cashier and the disk.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) said: Vec<Progress>,
    pub(crate) decided: Vec<Result<CardFacts, Refusal>>,
    /// True once the cashier wants to stop.
    pub(crate) stop: bool,
    /// True if the disk is full.
    pub(crate) full: bool,
}

impl PaymentWitness for Log {
    fn progress(&mut self, progress: Progress) {
        self.said.push(progress);
    }

    fn decided(&mut self, decision: &Result<CardFacts, Refusal>) -> Result<(), NotStored> {
        if self.full {
            return Err(NotStored("the disk is full".to_owned()));
        }
        self.decided.push(decision.clone());
        Ok(())
    }

    fn slip(&mut self, _: TerminalSlip) -> Result<(), NotStored> {
        Ok(())
    }

    fn wants_to_stop(&self) -> bool {
        self.stop
    }
}

/// Where a line is cut: after so many bytes from the register, or from the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutAt {
    Never,
    Out(usize),
    Into(usize),
}

/// What is done to the line at that byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Harm {
    /// Both ends see at once that the other one is gone.
    Loud,
    /// Nobody sees anything; from that byte on nothing arrives in either direction.
    Quiet,
    /// From that byte on nothing arrives in that direction.
    OneWay,
    /// That byte alone arrives with these bits turned over.
    Flip(u8),
}

/// A line between a register and a machine, watched byte by byte.
pub(crate) struct Line {
    /// Where the register finds it.
    pub(crate) address: Address,
    /// Bytes that the register sent, and that the machine sent.
    pub(crate) bytes: (Arc<AtomicUsize>, Arc<AtomicUsize>),
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Leads to `machine`; carries one connection.
    pub(crate) fn to(machine: &Address, cut: CutAt, harm: Harm) -> Self {
        let door = Door::twin(&format!("line-{}", unique())).unwrap();
        let address = door.address().clone();
        let (machine, bytes) = (machine.clone(), Arc::new(AtomicUsize::new(0)));
        let bytes = (bytes, Arc::new(AtomicUsize::new(0)));
        let (sent, answered) = (Arc::clone(&bytes.0), Arc::clone(&bytes.1));
        let thread = std::thread::spawn(move || {
            let Some(register) = door.accept(LONG) else { return };
            let machine = open(&machine, LONG).unwrap();
            carry([register, machine], cut, harm, [&sent, &answered]);
        });
        Self { address, bytes, thread: Some(thread) }
    }

    /// Waits until the register has hung up.
    pub(crate) fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Carries bytes between two ends until one hangs up.
fn carry(ends: [Box<dyn Link>; 2], cut: CutAt, harm: Harm, counts: [&AtomicUsize; 2]) {
    let [mut register, mut machine] = ends;
    let (mut buffer, mut deaf) = ([0; 256], [false; 2]);
    loop {
        for way in 0..2 {
            let from = if way == 0 { &mut register } else { &mut machine };
            let count = match from.read(&mut buffer, Duration::from_millis(1)) {
                ReadOutcome::Data(count) => count,
                ReadOutcome::Timeout => continue,
                ReadOutcome::Closed => return,
            };
            let mut bytes = buffer[..count].to_vec();
            let before = counts[way].fetch_add(count, Ordering::Relaxed);
            let limit = match (cut, way) {
                (CutAt::Out(limit), 0) | (CutAt::Into(limit), 1) => limit,
                _ => usize::MAX,
            };
            let to = if way == 0 { &mut machine } else { &mut register };
            if before + count > limit {
                let passing = limit.saturating_sub(before);
                match harm {
                    Harm::Flip(bits) if before <= limit => bytes[passing] ^= bits,
                    Harm::Flip(_) => {}
                    Harm::Loud | Harm::Quiet | Harm::OneWay => bytes.truncate(passing),
                }
                if !deaf[way] && to.write_all(&bytes, LONG).is_err() {
                    return;
                }
                match harm {
                    Harm::Loud => return,
                    Harm::Quiet => deaf = [true; 2],
                    Harm::OneWay => deaf[way] = true,
                    Harm::Flip(_) => {}
                }
            } else if !deaf[way] && to.write_all(&bytes, LONG).is_err() {
                return;
            }
        }
    }
}

/// Waits until something is so, and fails if it never is.
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
