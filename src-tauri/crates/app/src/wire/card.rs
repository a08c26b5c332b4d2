//! Payments at card terminals.

use countertop_domain::ids::{BasketId, DeviceId, SaleId, TenderId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Has a card charged at a terminal. Answers at once; safe to send again with the same tender id.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StartCard {
    /// For which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// At which terminal; none for the only one.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub terminal_id: Option<DeviceId>,
    /// How much of what is due.
    pub amount: i64,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

/// Has a card given money back at a terminal.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RefundCard {
    /// For which basket: it must have something to pay out.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// The card payment of the original sale.
    #[ts(type = "string")]
    pub refunds: TenderId,
    /// At which terminal; none for the one that took the payment.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub terminal_id: Option<DeviceId>,
    /// How much; more than nothing.
    pub amount: i64,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

/// Names a payment at a terminal.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CardRequest {
    /// Which.
    #[ts(type = "string")]
    pub tender_id: TenderId,
}

/// Decides by hand what became of a payment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResolveCard {
    /// Which payment.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// In doubt: whether it counts. Charged already: true keeps it although it has no sale, false
    /// says that it was given back at the terminal.
    pub charged: bool,
    /// Why; kept in the journal.
    pub reason: String,
}

/// Gives a payment without a sale back at its terminal.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReverseCard {
    /// The payment without a sale.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// The id of the payment that gives it back; made by the client.
    #[ts(type = "string")]
    pub reversal_id: TenderId,
}

/// Where a payment at a terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// On its way to the terminal.
    Sending,
    /// The terminal has it: the customer presents a card.
    Present,
    /// The line broke: the terminal is being asked what became of it.
    Asking,
    /// Nobody knows what became of it.
    InDoubt,
    /// Done, as the terminal says.
    Approved,
    /// Not done, as the terminal says.
    Declined,
    /// The terminal never heard of it.
    NotSent,
    /// Done, as a person decided.
    ResolvedApproved,
    /// Not done, as a person decided.
    ResolvedDeclined,
}

/// What is asked of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// The card pays.
    Charge,
    /// The card is given money.
    Refund,
    /// An earlier payment is undone.
    Reversal,
}

/// What a terminal tells of a payment. Texts that it did not tell are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardView {
    /// `Visa`, `girocard`.
    pub brand: String,
    /// The last four digits.
    pub last_four: String,
    /// The code of the card's bank.
    pub authorisation: String,
    /// The terminal's own id.
    pub terminal: String,
    /// By the terminal's clock.
    pub at: String,
    /// The terminal's number of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trace: Option<u32>,
    /// The number on the terminal's own receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub receipt: Option<u32>,
}

/// A payment at a terminal, as the cashier sees it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AttemptView {
    /// Its id; of the tender that it becomes, too.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// For which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// At which terminal.
    #[ts(type = "string")]
    pub terminal_id: DeviceId,
    /// What people call it.
    pub terminal: String,
    /// What is asked of it.
    pub kind: CardKind,
    /// How much; more than nothing.
    pub amount: i64,
    /// Where it is.
    pub state: CardState,
    /// True while it may still go either way: neither its basket nor its terminal takes another.
    pub open: bool,
    /// What happened and what to do now, in plain words.
    pub words: String,
    /// The last words of the terminal itself: `Insert card`; empty if it said nothing.
    pub says: String,
    /// True once somebody asked to stop.
    pub stopping: bool,
    /// Whether `card.stop` may still do something.
    pub may_stop: bool,
    /// Whether `card.ask_again` may help.
    pub may_ask_again: bool,
    /// Whether this person may decide by hand now.
    pub may_resolve: bool,
    /// Paid at the terminal, but there is no sale.
    pub orphaned: bool,
    /// Whether a payment without a sale can be given back from here.
    pub may_reverse: bool,
    /// What the terminal told of it, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub card: Option<CardView>,
    /// What the terminal showed as its last payment, while in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seen: Option<CardView>,
    /// Of the person who decided by hand.
    pub reason: String,
    /// When it was asked.
    pub local_time: String,
    /// What the basket is called, or what is in it; empty if it is gone.
    pub basket_label: String,
    /// The sale that the basket became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub sale_id: Option<SaleId>,
}

/// Payments about which somebody has to do something, the oldest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenCards {
    /// Running, in doubt, or without a sale.
    pub attempts: Vec<AttemptView>,
}

/// How many payments at terminals want attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardsBrief {
    /// Under way.
    pub running: u32,
    /// Nobody knows what became of them.
    pub in_doubt: u32,
    /// Paid, but there is no sale.
    pub orphaned: u32,
}

/// Names a terminal.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TerminalRequest {
    /// Which.
    #[ts(type = "string")]
    pub terminal_id: DeviceId,
}

/// Asks for the ends of days.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListReports {
    /// Of which terminal; none for all.
    #[serde(default)]
    #[ts(type = "string | null", optional = nullable)]
    pub terminal_id: Option<DeviceId>,
}

/// What became of the end of a terminal's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TerminalReportState {
    /// The terminal is at it.
    Running,
    /// It is closed.
    Done,
    /// It is not, or nobody knows.
    Failed,
}

/// The end of a terminal's day.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TerminalReport {
    /// Its number.
    pub id: i64,
    /// Which terminal.
    #[ts(type = "string")]
    pub terminal_id: DeviceId,
    /// What people called it then.
    pub terminal: String,
    /// When it was asked.
    pub local_time: String,
    /// What became of it.
    pub state: TerminalReportState,
    /// What the terminal added up, if it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total: Option<i64>,
    /// In plain words.
    pub words: String,
}

/// Ends of days, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TerminalReports {
    /// The reports.
    pub reports: Vec<TerminalReport>,
}
