//! Twins of card terminals.

use countertop_devices::{
    Booking, CaisseApHabits, CaisseApTwin, Charged, ChargedKind, ChargedState, ConcertHabits,
    ConcertTwin, Door, PaymentKind, TerminalButton, ZvtButton, ZvtFraming, ZvtTwin,
    ZvtTwinSettings,
};
use countertop_domain::money::Currency;
use countertop_domain::time::Timestamp;

use super::{Twin, unknown_button};
use crate::wire::{LedgerRow, TwinView};

/// What can be pressed, by name.
const BUTTONS: [(&str, TerminalButton); 9] = [
    ("approve", TerminalButton::Approve),
    ("decline", TerminalButton::Decline),
    ("not_verified", TerminalButton::NotVerified),
    ("customer_stops", TerminalButton::CustomerStops),
    ("slow", TerminalButton::Slow),
    ("time_out", TerminalButton::TimeOut),
    ("pull_the_plug", TerminalButton::PullThePlug),
    ("plug_in", TerminalButton::PlugIn),
    ("die_after_charging", TerminalButton::DieAfterCharging),
];

/// A twin of a French terminal.
pub(super) enum French {
    Concert(ConcertTwin),
    CaisseAp(CaisseApTwin),
}

impl French {
    pub(super) fn concert(name: &str) -> Option<Self> {
        ConcertTwin::start(Door::twin(name)?, ConcertHabits::default()).ok().map(Self::Concert)
    }

    pub(super) fn caisse_ap(name: &str) -> Option<Self> {
        CaisseApTwin::start(Door::twin(name)?, CaisseApHabits::default()).ok().map(Self::CaisseAp)
    }
}

impl Twin for French {
    fn show(&self, view: &mut TwinView) {
        let (display, ledger) = match self {
            Self::Concert(twin) => (twin.shows(), twin.ledger()),
            Self::CaisseAp(twin) => (twin.shows(), twin.ledger()),
        };
        view.buttons = BUTTONS.iter().map(|(name, _)| (*name).to_owned()).collect();
        view.display = display.lines().map(str::to_owned).collect();
        view.ledger = ledger.iter().map(booked).collect();
    }

    fn press(&self, button: &str, _: Option<&str>) -> Result<(), String> {
        let (_, button) = BUTTONS
            .iter()
            .find(|(name, _)| *name == button)
            .ok_or_else(|| unknown_button(button))?;
        match self {
            Self::Concert(twin) => twin.press(*button),
            Self::CaisseAp(twin) => twin.press(*button),
        }
        Ok(())
    }
}

fn booked(booking: &Booking) -> LedgerRow {
    LedgerRow {
        receipt: booking.number,
        trace: booking.number,
        amount: booking.amount,
        kind: kind(&booking.kind).to_owned(),
    }
}

/// As the wire names it.
pub(super) const fn kind(kind: &PaymentKind) -> &'static str {
    match kind {
        PaymentKind::Charge => "charge",
        PaymentKind::Refund => "refund",
        PaymentKind::Reversal { .. } => "reversal",
    }
}

/// What can be pressed at a ZVT terminal, by name.
const ZVT_BUTTONS: [(&str, ZvtButton); 8] = [
    ("approve", ZvtButton::Approve),
    ("decline", ZvtButton::Decline),
    ("customer_stops", ZvtButton::CustomerStops),
    ("slow", ZvtButton::Slow),
    ("time_out", ZvtButton::TimeOut),
    ("pull_the_plug", ZvtButton::PullPlug),
    ("plug_in", ZvtButton::PlugIn),
    ("die_after_charging", ZvtButton::DieAfterCharging),
];

/// A ZVT terminal, on the wire that its address asks for.
pub(super) fn zvt(
    name: &str,
    framing: ZvtFraming,
    currency: Currency,
    clock: Timestamp,
) -> Option<ZvtTwin> {
    let usual = ZvtTwinSettings::default();
    ZvtTwin::plug(name, ZvtTwinSettings { framing, currency, clock, ..usual })
}

impl Twin for ZvtTwin {
    fn show(&self, view: &mut TwinView) {
        view.buttons = ZVT_BUTTONS.iter().map(|(name, _)| (*name).to_owned()).collect();
        view.display = self.shows().lines().map(str::to_owned).collect();
        view.ledger = self
            .ledger()
            .iter()
            .filter(|charged| charged.state != ChargedState::TakenBack)
            .map(charged)
            .collect();
    }

    fn press(&self, button: &str, _: Option<&str>) -> Result<(), String> {
        let (_, button) = ZVT_BUTTONS
            .iter()
            .find(|(name, _)| *name == button)
            .ok_or_else(|| unknown_button(button))?;
        Self::press(self, *button);
        Ok(())
    }
}

fn charged(charged: &Charged) -> LedgerRow {
    let kind = match charged.kind {
        ChargedKind::Charge => "charge",
        ChargedKind::Refund => "refund",
        ChargedKind::Reversal => "reversal",
    };
    LedgerRow {
        receipt: charged.receipt,
        trace: charged.trace,
        amount: i64::try_from(charged.amount).unwrap_or(i64::MAX),
        kind: kind.to_owned(),
    }
}
