//! Stock: never a number that is set, always the sum of movements.

use serde::{Deserialize, Serialize};

use crate::ids::VariantId;
use crate::quantity::Quantity;
use crate::sale::Sale;

/// Why stock moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementReason {
    /// Found in a catalogue file when the item was new.
    Import,
    /// Sold.
    Sale,
    /// Came back from a customer.
    Return,
}

impl MovementReason {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Sale => "sale",
            Self::Return => "return",
        }
    }

    /// Why a movement of [`of_sale`] happened: what goes out was sold, what comes in came back.
    pub const fn of_ticket(movement: &Movement) -> Self {
        if movement.quantity.thousandths() > 0 { Self::Return } else { Self::Sale }
    }
}

/// A movement of one variant: positive in, negative out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// What moved.
    pub variant: VariantId,
    /// How much.
    pub quantity: Quantity,
}

/// What a sale takes from stock, and what its returns give back.
pub fn of_sale(sale: &Sale) -> Vec<Movement> {
    sale.lines
        .iter()
        .filter(|line| line.tracks_stock)
        .map(|line| Movement { variant: line.variant, quantity: line.quantity.negated() })
        .collect()
}
