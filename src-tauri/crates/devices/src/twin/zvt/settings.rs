//! What kind of terminal a twin is.

use std::time::Duration;

use countertop_domain::money::Currency;
use countertop_domain::time::Timestamp;

use crate::zvt::{ZvtFraming, ZvtTimers};

/// What can be done at a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZvtButton {
    /// The customer pays: card, PIN, and the bank says yes.
    Approve,
    /// The bank says no.
    Decline,
    /// The bank takes its time, and then says yes.
    Slow,
    /// The customer does nothing until the terminal gives up.
    TimeOut,
    /// The customer stops.
    CustomerStops,
    /// The card is charged, and the terminal goes dark before it says so.
    DieAfterCharging,
    /// The cable is pulled out.
    PullPlug,
    /// The cable is in again, and the terminal has power.
    PlugIn,
}

/// What a terminal does about a payment whose status was never acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZvtTakingBack {
    /// It takes it back by itself.
    Classic,
    /// It lets it stand. The next payment tells it which receipt the register knows last, and if
    /// that is one behind, it takes its own last one back.
    Mirror,
    /// It makes the payment only once its status is acknowledged.
    Austrian,
}

/// The kind of terminal.
#[derive(Clone, Debug)]
pub struct ZvtTwinSettings {
    /// How messages travel; for a twin on the network, [`ZvtFraming::Net`].
    pub framing: ZvtFraming,
    /// Eight digits.
    pub terminal: String,
    /// What it charges in.
    pub currency: Currency,
    /// What happens if nobody presses a button; none to wait for one.
    pub by_itself: Option<ZvtButton>,
    /// What it does when nobody acknowledges.
    pub taking_back: ZvtTakingBack,
    /// True if a payment that was taken back keeps its receipt's number.
    pub uses_up_numbers: bool,
    /// True if numbers begin again at 1 when the day is closed.
    pub day_restarts_numbers: bool,
    /// The last numbers that it gave: receipt and trace.
    pub numbers: (u32, u32),
    /// True if it has payments of earlier days to tell.
    pub has_history: bool,
    /// Its clock when it was switched on.
    pub clock: Timestamp,
    /// How long a customer or a bank takes.
    pub thinking: Duration,
    /// How long a slow bank takes.
    pub slow: Duration,
    /// How long it waits for a card.
    pub card: Duration,
    /// How long it repeats a status that nobody acknowledges.
    pub repeating: Duration,
    /// The standard's timers.
    pub timers: ZvtTimers,
}

impl Default for ZvtTwinSettings {
    /// A classic terminal on a serial line that waits for buttons, and has made one payment before.
    fn default() -> Self {
        Self {
            framing: ZvtFraming::Serial,
            terminal: "28004869".to_owned(),
            currency: Currency::EUR,
            by_itself: None,
            taking_back: ZvtTakingBack::Classic,
            uses_up_numbers: false,
            day_restarts_numbers: false,
            numbers: (41, 141),
            has_history: true,
            clock: Timestamp { utc_ms: 1_795_438_800_000, offset_min: 60 },
            thinking: Duration::from_millis(300),
            slow: Duration::from_secs(200),
            card: Duration::from_secs(60),
            repeating: Duration::from_secs(30),
            timers: ZvtTimers::default(),
        }
    }
}
