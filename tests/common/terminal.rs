//! A card terminal that does as the test says, with books of its own: what it charged is the truth.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_app::{AppError, TerminalMaker};
use countertop_devices::{
    Doubt, EndOfDay, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal, PaymentWitness,
    Progress, Refusal, Resolution, TerminalAbilities, TerminalError, TerminalSlip, TerminalStatus,
};
use countertop_domain::card::CardFacts;
use countertop_store::DeviceRow;

/// What a terminal does with the next order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Approves,
    Declines,
    /// The line cannot be opened.
    IsNotThere,
    /// It charges, and the line breaks before it can say so.
    ChargesUnheard,
    /// It does not charge, and the line breaks.
    BreaksOff,
    /// It charges and says so; the line breaks before the acknowledgement.
    BreaksAfterWord,
    /// It waits for a card until the cashier stops it.
    WaitsForStop,
    /// It waits until the test lets go, then approves.
    WaitsForTest,
    /// It approves and has two slips printed.
    ApprovesWithSlips,
}

/// What it says when it is asked about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// What its books say.
    TheTruth,
    /// Nothing; asking again may help.
    Nothing,
    /// It cannot be asked, ever.
    CannotTell,
}

/// A payment in its books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charged {
    pub(crate) minor: i64,
    pub(crate) kind: PaymentKind,
    pub(crate) receipt: u32,
    attempt: countertop_domain::ids::TenderId,
}

#[derive(Debug)]
struct Books {
    next: VecDeque<Does>,
    says: Says,
    ledger: Vec<Charged>,
    orders: Vec<PaymentOrder>,
    days: u32,
    reverses: bool,
    /// Customers that may go on.
    let_go: u32,
}

/// The terminal, seen from its own side. Every clone is the same one.
#[derive(Clone, Debug)]
pub(crate) struct Till(Arc<Mutex<Books>>);

impl Till {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Books {
            next: VecDeque::new(),
            says: Says::TheTruth,
            ledger: Vec::new(),
            orders: Vec::new(),
            days: 0,
            reverses: true,
            let_go: 0,
        })))
    }

    pub(crate) fn next(&self, does: Does) {
        self.0.lock().unwrap().next.push_back(does);
    }

    pub(crate) fn says(&self, says: Says) {
        self.0.lock().unwrap().says = says;
    }

    pub(crate) fn cannot_reverse(&self) {
        self.0.lock().unwrap().reverses = false;
    }

    pub(crate) fn ledger(&self) -> Vec<Charged> {
        self.0.lock().unwrap().ledger.clone()
    }

    /// Every order that it was given.
    pub(crate) fn orders(&self) -> Vec<PaymentOrder> {
        self.0.lock().unwrap().orders.clone()
    }

    pub(crate) fn days(&self) -> u32 {
        self.0.lock().unwrap().days
    }

    /// The customer goes on, or will not wait at all.
    pub(crate) fn let_go(&self) {
        self.0.lock().unwrap().let_go += 1;
    }

    /// What it holds for the shop: charges less what went back.
    pub(crate) fn sum(&self) -> i64 {
        let signed = |c: &Charged| if c.kind == PaymentKind::Charge { c.minor } else { -c.minor };
        self.ledger().iter().map(signed).sum()
    }

    fn charge(&self, order: &PaymentOrder) -> CardFacts {
        let mut books = self.0.lock().unwrap();
        let receipt = u32::try_from(books.ledger.len()).unwrap() + 1;
        books.ledger.push(Charged {
            minor: order.amount.minor(),
            kind: order.kind.clone(),
            receipt,
            attempt: order.attempt,
        });
        facts(receipt)
    }
}

fn facts(receipt: u32) -> CardFacts {
    CardFacts {
        brand: "Visa".to_owned(),
        last_four: "4242".to_owned(),
        authorisation: format!("A{receipt}"),
        terminal: "T4711".to_owned(),
        trace: Some(receipt + 100),
        receipt: Some(receipt),
        at: "2026-11-23 14:08:00".to_owned(),
        application: String::new(),
    }
}

/// Terminals of driver zvt at `tcp:scripted-1`, `tcp:scripted-2` and so on.
pub(crate) fn maker(tills: &[Till]) -> TerminalMaker {
    let tills = tills.to_vec();
    let usual = TerminalMaker::default();
    TerminalMaker::new(
        move |row: &DeviceRow, currency| -> Result<Box<dyn PaymentTerminal>, AppError> {
            let number = row.address.strip_prefix("tcp:scripted-").map(|rest| &rest[..1]);
            match number.and_then(|text| text.parse::<usize>().ok()) {
                Some(number) => Ok(Box::new(Line(tills[number - 1].clone()))),
                None => usual.make(row, currency),
            }
        },
    )
}

struct Line(Till);

fn doubt(may_ask_again: bool) -> Doubt {
    Doubt { words: "The line broke.".to_owned(), may_ask_again, seen: None }
}

fn refusal(stopped: bool) -> Refusal {
    Refusal { code: "6C".to_owned(), words: "Stopped or out of time".to_owned(), stopped }
}

impl Line {
    fn wait_for_stop(witness: &mut dyn PaymentWitness) {
        while !witness.wants_to_stop() {
            std::thread::sleep(Duration::from_millis(2));
        }
        witness.progress(Progress::Stopping);
    }

    fn wait_for_test(&self, witness: &mut dyn PaymentWitness) {
        while !witness.wants_to_stop() {
            let mut books = self.0.0.lock().unwrap();
            if books.let_go > 0 {
                books.let_go -= 1;
                return;
            }
            drop(books);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn approve(&self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd {
        let facts = self.0.charge(order);
        match witness.decided(&Ok(facts.clone())) {
            Ok(()) => PaymentEnd::Approved(facts),
            Err(_) => PaymentEnd::InDoubt(doubt(true)),
        }
    }
}

impl PaymentTerminal for Line {
    fn abilities(&self) -> TerminalAbilities {
        let reverses = self.0.0.lock().unwrap().reverses;
        TerminalAbilities { tells_last: true, refunds: true, reverses, stops: true, ends_day: true }
    }

    fn run(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> PaymentEnd {
        let does = {
            let mut books = self.0.0.lock().unwrap();
            books.orders.push(order.clone());
            books.next.pop_front().unwrap_or(Does::Approves)
        };
        if does == Does::IsNotThere {
            let address = "tcp:127.0.0.1:1".parse().unwrap();
            let error = countertop_devices::open(&address, Duration::from_secs(5)).err().unwrap();
            return PaymentEnd::NotSent(error);
        }
        witness.progress(Progress::Sending);
        witness.progress(Progress::Accepted);
        witness.progress(Progress::Says("Insert card".to_owned()));
        match does {
            Does::Approves => self.approve(order, witness),
            Does::ApprovesWithSlips => {
                for for_customer in [true, false] {
                    let lines = vec!["TERMINAL SLIP".to_owned(), "Visa ****4242".to_owned()];
                    witness.slip(TerminalSlip { for_customer, lines }).unwrap();
                }
                self.approve(order, witness)
            }
            Does::Declines => {
                witness.decided(&Err(refusal(false))).unwrap();
                PaymentEnd::Declined(refusal(false))
            }
            Does::ChargesUnheard => {
                self.0.charge(order);
                PaymentEnd::InDoubt(doubt(true))
            }
            Does::BreaksOff => PaymentEnd::InDoubt(doubt(true)),
            Does::BreaksAfterWord => {
                let facts = self.0.charge(order);
                witness.decided(&Ok(facts)).unwrap();
                PaymentEnd::InDoubt(doubt(true))
            }
            Does::WaitsForStop => {
                Self::wait_for_stop(witness);
                PaymentEnd::Declined(refusal(true))
            }
            Does::WaitsForTest => {
                self.wait_for_test(witness);
                if witness.wants_to_stop() {
                    return PaymentEnd::Declined(refusal(true));
                }
                self.approve(order, witness)
            }
            Does::IsNotThere => unreachable!(),
        }
    }

    fn resolve(&mut self, order: &PaymentOrder, witness: &mut dyn PaymentWitness) -> Resolution {
        witness.progress(Progress::Asking);
        let (says, found) = {
            let books = self.0.0.lock().unwrap();
            let found = books.ledger.iter().find(|c| c.attempt == order.attempt).cloned();
            (books.says, found)
        };
        match (says, found) {
            (Says::Nothing, _) => Resolution::InDoubt(doubt(true)),
            (Says::CannotTell, _) => Resolution::InDoubt(doubt(false)),
            (Says::TheTruth, Some(charged)) => Resolution::Approved(facts(charged.receipt)),
            (Says::TheTruth, None) => Resolution::NotCharged(refusal(false)),
        }
    }

    fn status(&mut self) -> Result<TerminalStatus, TerminalError> {
        Ok(TerminalStatus {
            ready: true,
            words: "The terminal is ready.".to_owned(),
            terminal: "T4711".to_owned(),
        })
    }

    fn end_of_day(&mut self, witness: &mut dyn PaymentWitness) -> Result<EndOfDay, TerminalError> {
        self.0.0.lock().unwrap().days += 1;
        let lines = vec!["TOTAL".to_owned()];
        witness.slip(TerminalSlip { for_customer: false, lines }).unwrap();
        Ok(EndOfDay { total: None, words: "The day is closed.".to_owned() })
    }

    fn repeat_receipt(&mut self, _: &mut dyn PaymentWitness) -> Result<(), TerminalError> {
        Err(TerminalError::Unable)
    }

    fn log_off(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }
}
