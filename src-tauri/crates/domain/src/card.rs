//! What is known of a payment at a card terminal. Never a card number: what a terminal sends beyond
//! these fields is dropped in its driver.

use serde::{Deserialize, Serialize};

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
