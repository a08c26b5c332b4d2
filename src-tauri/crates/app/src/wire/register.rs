//! The register and its shifts.

use countertop_domain::ids::DeviceId;
use countertop_domain::staff::{Right, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::PayWith;
use super::card::CardsBrief;
use super::cash::{DrawerCurrency, ShiftView};

/// What a screen needs to know before anything else.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RegisterState {
    /// Name of the shop, as on the receipt.
    pub shop: String,
    /// Short name of this register: `T1`.
    pub register: String,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Decimal places of the minor unit.
    pub exponent: u32,
    /// Who is at the till.
    pub actor: String,
    /// Their role.
    #[ts(type = "\"owner\" | \"manager\" | \"cashier\"")]
    pub role: Role,
    /// What they may do.
    #[ts(type = "Array<string>")]
    pub rights: Vec<Right>,
    /// The open shift, or none: then nothing can be sold yet.
    pub shift: Option<ShiftView>,
    /// What the printer says, in one word for the status bar.
    pub printer: PrinterState,
    /// What is the matter with the printer and with what waits for it, in words.
    #[ts(optional)]
    pub printer_words: Option<String>,
    /// Receipts that wait for their printer.
    pub prints_waiting: u32,
    /// Payments at card terminals that want attention.
    pub cards: CardsBrief,
    /// Messages that wait for other systems.
    pub outbox_waiting: u32,
    /// The ways to pay that the shop takes, in the order of the keys.
    pub tenders: Vec<TenderKey>,
    /// The currencies that the drawer takes, the register's own first.
    pub drawer: Vec<DrawerCurrency>,
    /// The fiscal positions to choose from.
    pub positions: Vec<PositionView>,
    /// Percentages that the tip keys offer, as text; none where tips are not taken.
    pub tip_percents: Vec<String>,
    /// True on the demo store.
    pub demo: bool,
    /// The program's version.
    pub version: String,
}

/// The receipt printer at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// None is set up.
    None,
    /// The last job went through, or none was tried yet.
    Ready,
    /// The last job failed; receipts wait.
    Trouble,
}

/// A key of the Pay screen.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TenderKey {
    /// How.
    pub kind: PayWith,
    /// The name of a custom tender or of a card terminal; empty for the others.
    pub name: String,
    /// Which card terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub terminal_id: Option<DeviceId>,
}

/// A fiscal position to choose.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PositionView {
    /// Its id.
    pub id: String,
    /// As shown: `Take away`.
    pub name: String,
}
