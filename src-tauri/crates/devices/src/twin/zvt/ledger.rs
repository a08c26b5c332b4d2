//! What a terminal's twin charged: the truth that a register is measured against.

/// What moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargedKind {
    /// The card paid.
    Charge,
    /// The card was given money.
    Refund,
    /// An earlier payment was taken back.
    Reversal,
}

/// Whether it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargedState {
    /// Made, and the register has not said yet that it knows.
    Open,
    /// It holds.
    Booked,
    /// The terminal took it back by itself.
    TakenBack,
}

/// One payment at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// The number of its receipt.
    pub receipt: u32,
    /// Its trace number.
    pub trace: u32,
    /// In minor units of the terminal's currency.
    pub amount: u64,
    /// What moved.
    pub kind: ChargedKind,
    /// Whether it holds.
    pub state: ChargedState,
    /// For a reversal, the trace number of what it takes back.
    pub takes_back: Option<u32>,
    /// True if a later reversal took it back.
    pub reversed: bool,
    /// Month, day, hour, minute and second by the terminal's clock.
    pub at: [u64; 5],
}

/// Every payment, oldest first, and the numbers of the next one.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Charged>,
    /// The last numbers that were given.
    pub(crate) receipt: u32,
    pub(crate) trace: u32,
    /// From which entry on the day is open.
    pub(crate) day: usize,
}

impl Ledger {
    /// Gives the next numbers; after the highest comes 1.
    pub(crate) fn make(
        &mut self,
        kind: ChargedKind,
        amount: u64,
        takes_back: Option<u32>,
        at: [u64; 5],
    ) -> usize {
        self.receipt = self.receipt % 9_999 + 1;
        self.trace = self.trace % 999_999 + 1;
        self.entries.push(Charged {
            receipt: self.receipt,
            trace: self.trace,
            amount,
            kind,
            state: ChargedState::Open,
            takes_back,
            reversed: false,
            at,
        });
        self.entries.len() - 1
    }

    /// It holds.
    pub(crate) fn book(&mut self, entry: usize) {
        let Some(booked) = self.entries.get_mut(entry) else { return };
        booked.state = ChargedState::Booked;
        if let Some(trace) = booked.takes_back {
            for earlier in self.entries.iter_mut().filter(|earlier| earlier.trace == trace) {
                earlier.reversed = true;
            }
        }
    }

    /// It is taken back; its receipt's number is given again, unless the terminal counts it.
    pub(crate) fn take_back(&mut self, entry: usize, number_is_used_up: bool) {
        let Some(undone) = self.entries.get_mut(entry) else { return };
        undone.state = ChargedState::TakenBack;
        if undone.receipt == self.receipt && !number_is_used_up {
            self.receipt = if self.receipt == 1 { 9_999 } else { self.receipt - 1 };
        }
    }

    /// The last payment that holds.
    pub(crate) fn last(&self) -> Option<&Charged> {
        self.entries.get(self.day..)?.iter().rfind(|entry| entry.state == ChargedState::Booked)
    }

    /// The payment with that receipt, if it can be taken back.
    pub(crate) fn reversible(&self, receipt: u32) -> Option<&Charged> {
        self.entries.get(self.day..)?.iter().rfind(|entry| {
            entry.receipt == receipt
                && entry.state == ChargedState::Booked
                && entry.kind != ChargedKind::Reversal
        })
    }
}
