//! Scales: asked over a serial line, they give a weight that stands still, or say why there is none.

mod cas;
mod driver;
mod language;
mod sma;
mod toledo;

use countertop_domain::gs1::kilograms_of_pounds;
use countertop_domain::quantity::Quantity;

use crate::error::DeviceError;

pub use driver::{ScaleAt, ScalePatience};
pub use language::ScaleLanguage;

/// A weight that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleReading {
    /// Kilograms, or pounds where the scale is set to them; more than nothing.
    pub weight: Quantity,
    /// True if the scale weighs in pounds.
    pub pounds: bool,
    /// True if a tare is taken off already.
    pub net: bool,
}

impl ScaleReading {
    /// The weight in kilograms, to the gram.
    pub fn kilograms(self) -> Quantity {
        if self.pounds { kilograms_of_pounds(self.weight.thousandths()) } else { self.weight }
    }
}

/// Why there is no weight, in words for whoever stands before the scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaleError {
    /// It moves.
    #[error("the scale has not come to rest: take your hand off and weigh again")]
    Moving,
    /// Nothing lies on it.
    #[error("the scale is empty: put the goods on it")]
    Empty,
    /// Too much lies on it.
    #[error("that is more than the scale can weigh: take some off")]
    TooHeavy,
    /// Less than nothing.
    #[error("the scale shows less than nothing: empty it, and set it to zero")]
    BelowZero,
    /// What it says is no weight.
    #[error(
        "the scale answered something that is no weight ({0}): check its protocol and settings"
    )]
    Unreadable(String),
    /// It says nothing.
    #[error(
        "the scale does not answer: check that it is switched on, its cable, and that protocol and \
         speed are set as on the scale"
    )]
    Silent,
    /// It does not zero or tare when it is told to over the wire.
    #[error("this scale does not take that from the register: press the key on the scale")]
    KeyOnly,
    /// It refused to zero or tare.
    #[error(
        "the scale refused: wait until it stands still, and see that the weight is in its range"
    )]
    Refused,
    /// The wire.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// A scale.
pub trait Scale: Send {
    /// Waits a moment for a weight that stands still.
    ///
    /// # Errors
    /// See [`ScaleError`].
    fn weigh(&mut self) -> Result<ScaleReading, ScaleError>;

    /// Sets it to zero.
    ///
    /// # Errors
    /// See [`ScaleError`].
    fn zero(&mut self) -> Result<(), ScaleError>;

    /// Takes what lies on it as tare.
    ///
    /// # Errors
    /// See [`ScaleError`].
    fn tare(&mut self) -> Result<(), ScaleError>;
}
