//! The register and its shifts.

use countertop_domain::ids::ShiftId;
use countertop_domain::staff::{Right, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Receipts that wait for their printer.
    pub prints_waiting: u32,
    /// Messages that wait for other systems.
    pub outbox_waiting: u32,
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

/// An open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftView {
    /// Its id.
    #[ts(type = "string")]
    pub id: ShiftId,
    /// Day in the books: `2026-11-23`.
    pub business_day: String,
    /// When it was opened, milliseconds since 1970 UTC.
    pub opened_at: i64,
    /// By whom.
    pub opened_by: String,
    /// The float.
    pub float: i64,
    /// Sales so far.
    pub sales: u32,
    /// Cash taken so far, change deducted.
    pub cash: i64,
    /// Card payments so far.
    pub card: i64,
    /// What the drawer should hold: float plus cash.
    pub expected: i64,
}

/// Opens a shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenShift {
    /// The change put into the drawer.
    pub float: i64,
}

/// Closes the open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseShift {
    /// The cash found in the drawer.
    pub counted: i64,
}

/// How a shift ended.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftClosed {
    /// Its sales.
    pub sales: u32,
    /// All they came to.
    pub takings: i64,
    /// Of it, cash.
    pub cash: i64,
    /// Of it, card.
    pub card: i64,
    /// What the drawer should have held.
    pub expected: i64,
    /// What it held.
    pub counted: i64,
    /// Counted less expected: negative is short.
    pub over_short: i64,
}
