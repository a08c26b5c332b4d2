//! Stock: never a number that is set, always the sum of movements.

use serde::{Deserialize, Serialize};

use crate::ids::{StockMoveId, VariantId};
use crate::money::Money;
use crate::quantity::{Quantity, Unit};
use crate::sale::Sale;
use crate::staff::Actor;
use crate::time::Timestamp;

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
    /// Put right by hand.
    Adjust,
    /// Broken, spoilt, stolen, or used in the shop.
    Waste,
    /// Came from a supplier.
    Receive,
    /// Came from another place of the shop.
    TransferIn,
    /// Went to another place of the shop.
    TransferOut,
    /// Found by counting.
    Count,
    /// Went to the customer of a channel's order, which was sold and paid for there.
    ChannelOrder,
    /// A channel's figure was taken over, because there it is the one that counts.
    ChannelFigure,
}

impl MovementReason {
    /// Every reason there is.
    pub const ALL: [Self; 11] = [
        Self::Import,
        Self::Sale,
        Self::Return,
        Self::Adjust,
        Self::Waste,
        Self::Receive,
        Self::TransferIn,
        Self::TransferOut,
        Self::Count,
        Self::ChannelOrder,
        Self::ChannelFigure,
    ];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjust => "adjust",
            Self::Waste => "waste",
            Self::Receive => "receive",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Count => "count",
            Self::ChannelOrder => "channel_order",
            Self::ChannelFigure => "channel_figure",
        }
    }

    /// Reads what [`MovementReason::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
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

/// Stock that came in, went out or was counted, without a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMoved {
    /// By the id that its client made, so that the same movement sent twice is made once.
    pub id: StockMoveId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub reason: MovementReason,
    /// A delivery note, an order, another shop; may be empty.
    pub reference: String,
    /// Anything else in words; may be empty.
    pub note: String,
    /// When the shelves were counted, where they were: what moved later comes on top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_at: Option<Timestamp>,
    /// What moved, each variant once.
    pub lines: Vec<StockLine>,
}

/// One variant of a [`StockMoved`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLine {
    /// What moved.
    pub variant: VariantId,
    /// How much: positive in, negative out; nothing where a count found what there should be.
    pub quantity: Quantity,
    /// What was found, where it was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Quantity>,
    /// What one unit cost, where it came from a supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
}

/// A movement by hand that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// It moves nothing, or the wrong way.
    #[error(
        "give how much moved, above nothing: what comes in and what goes out is said by the reason; \
         only an adjustment may be below nothing"
    )]
    WrongWay,
    /// Parts of something that is sold by the piece.
    #[error("this is sold by the piece: give a whole number")]
    NotWhole,
    /// More than a register counts.
    #[error("that is more than a register counts: a movement holds up to {}", Quantity::MAX_THOUSANDTHS / 1000)]
    TooLarge,
    /// A reason that only the register itself gives.
    #[error("sales, returns and imports move stock by themselves: choose another reason")]
    NotByHand,
}

/// How a quantity that was given for a reason moves the level: what is wasted or sent away goes out,
/// what is received comes in, an adjustment is signed as it is.
///
/// # Errors
/// See [`StockError`].
pub fn by_hand(
    reason: MovementReason,
    given: Quantity,
    unit: Unit,
) -> Result<Quantity, StockError> {
    let amount = given.thousandths();
    if amount.unsigned_abs() > Quantity::MAX_THOUSANDTHS.unsigned_abs() {
        return Err(StockError::TooLarge);
    }
    if !unit.is_divisible() && amount % 1000 != 0 {
        return Err(StockError::NotWhole);
    }
    match reason {
        MovementReason::Adjust if amount != 0 => Ok(given),
        MovementReason::Receive | MovementReason::TransferIn if amount > 0 => Ok(given),
        MovementReason::Waste | MovementReason::TransferOut if amount > 0 => Ok(given.negated()),
        MovementReason::Adjust
        | MovementReason::Receive
        | MovementReason::TransferIn
        | MovementReason::Waste
        | MovementReason::TransferOut => Err(StockError::WrongWay),
        MovementReason::Import
        | MovementReason::Sale
        | MovementReason::Return
        | MovementReason::Count
        | MovementReason::ChannelOrder
        | MovementReason::ChannelFigure => Err(StockError::NotByHand),
    }
}

/// What a sale takes from stock, and what its returns give back.
pub fn of_sale(sale: &Sale) -> Vec<Movement> {
    sale.lines
        .iter()
        .filter(|line| line.tracks_stock)
        .map(|line| Movement { variant: line.variant, quantity: line.quantity.negated() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MovementReason, StockError, by_hand};
    use crate::quantity::{Quantity, Unit};

    #[test]
    fn the_reason_says_which_way_stock_moves() {
        let three = Quantity::pieces(3);
        let moved = |reason, given| by_hand(reason, given, Unit::Piece);
        assert_eq!(moved(MovementReason::Receive, three), Ok(three));
        assert_eq!(moved(MovementReason::Waste, three), Ok(three.negated()));
        assert_eq!(moved(MovementReason::TransferOut, three), Ok(three.negated()));
        assert_eq!(moved(MovementReason::Adjust, three.negated()), Ok(three.negated()));
        assert_eq!(moved(MovementReason::Waste, three.negated()), Err(StockError::WrongWay));
        assert_eq!(moved(MovementReason::Adjust, Quantity::default()), Err(StockError::WrongWay));
        assert_eq!(moved(MovementReason::Sale, three), Err(StockError::NotByHand));
    }

    #[test]
    fn a_piece_moves_whole_and_cheese_by_the_gram() {
        let gram = Quantity::from_thousandths(1);
        assert_eq!(by_hand(MovementReason::Waste, gram, Unit::Piece), Err(StockError::NotWhole));
        assert_eq!(by_hand(MovementReason::Waste, gram, Unit::Kilogram), Ok(gram.negated()));
        let most = Quantity::from_thousandths(i64::MIN);
        assert_eq!(
            by_hand(MovementReason::Adjust, most, Unit::Kilogram),
            Err(StockError::TooLarge)
        );
    }

    #[test]
    fn a_reason_is_read_back() {
        for reason in MovementReason::ALL {
            assert_eq!(MovementReason::parse(reason.name()), Some(reason));
        }
    }
}
