//! What is known of a payment at a card terminal. Never a card number: what a terminal sends beyond
//! these fields is dropped in its driver.

use serde::{Deserialize, Serialize};

use crate::ids::{BasketId, TenderId};
use crate::money::Money;
use crate::staff::Actor;
use crate::time::Timestamp;

/// What tells one payment at a terminal from another, and what a receipt shows of it. Each text has
/// at most [`CardFacts::MAX_TEXT`] characters; one that the terminal did not send is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFacts {
    /// The kind of card as the terminal names it: `girocard`, `Visa`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// The last four digits of the card's number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_four: String,
    /// The authorisation code of the card's bank.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authorisation: String,
    /// The terminal's own id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub terminal: String,
    /// The trace number that the terminal gave this payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<u32>,
    /// The number of the terminal's own receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u32>,
    /// When, by the terminal's clock, as `2026-11-23 14:05:00`; the terminal may leave out the year,
    /// which is then the register's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// The application on the card's chip (AID), hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub application: String,
}

impl CardFacts {
    /// Characters of one text.
    pub const MAX_TEXT: usize = 40;

    /// What the next payment at this terminal must be newer than.
    pub fn mark(&self) -> TerminalMark {
        TerminalMark { terminal: self.terminal.clone(), trace: self.trace, receipt: self.receipt }
    }
}

/// The last payment that is known of a terminal: another one must have another number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalMark {
    /// The terminal's own id; empty if it never told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub terminal: String,
    /// Its trace number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<u32>,
    /// Its receipt's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u32>,
}

/// What was asked of a card terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardPaymentKind {
    /// The card pays.
    Charge,
    /// The card is given money.
    Refund,
    /// An earlier payment at the terminal is undone.
    Reversal,
}

impl CardPaymentKind {
    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::Reversal => "reversal",
        }
    }

    /// Reads what [`CardPaymentKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Charge, Self::Refund, Self::Reversal].into_iter().find(|kind| kind.name() == name)
    }
}

/// A payment at a terminal, as the journal names it where it is not part of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalPayment {
    /// Its id: that of the tender that it was to be.
    pub payment: TenderId,
    /// What was asked.
    pub kind: CardPaymentKind,
    /// For which basket.
    pub basket: BasketId,
    /// At which terminal, as people call it.
    pub terminal: String,
    /// How much; more than nothing.
    pub amount: Money,
    /// When it was asked.
    pub asked: Timestamp,
    /// What the terminal said of it, if it said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CardFacts>>,
}

/// A person decided what became of a payment of which nobody else could tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentResolved {
    /// The payment.
    pub payment: TerminalPayment,
    /// True if it counts as done: charged, or given back.
    pub charged: bool,
    /// Why, in their own words.
    pub reason: String,
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// A payment that was charged without a sale: its basket is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentOrphaned {
    /// The payment.
    pub payment: TerminalPayment,
    /// When that was found.
    pub at: Timestamp,
}

/// A payment without a sale was given back to the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentReversed {
    /// The payment that was given back.
    pub payment: TerminalPayment,
    /// Who had it given back.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}
