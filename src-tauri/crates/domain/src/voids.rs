//! Voids: what was taken out of a basket before it was paid, and payments that were taken back.
//! Nobody was charged, but an owner wants to know.

use serde::{Deserialize, Serialize};

use crate::ids::{BasketId, ShiftId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::staff::Actor;
use crate::tender::Tender;
use crate::time::Timestamp;

/// A line that was voided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedLine {
    /// What.
    pub name: String,
    /// How much of it went out; below nothing for a return that was taken out.
    pub quantity: Quantity,
    /// What it would have cost.
    pub total: Money,
}

/// A whole basket was voided, or lines of it after a payment had been taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// Which basket.
    pub basket: BasketId,
    /// The shift, if one is open.
    pub shift: Option<ShiftId>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Why, in the cashier's words; empty for single lines.
    pub reason: String,
    /// What went out.
    pub lines: Vec<VoidedLine>,
    /// What it would have come to.
    pub total: Money,
    /// Whether a payment had been taken for this basket before.
    pub after_tender: bool,
}

/// A payment was taken back before the sale was complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderUndone {
    /// Of which basket.
    pub basket: BasketId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The payment as it was.
    pub tender: Tender,
}
