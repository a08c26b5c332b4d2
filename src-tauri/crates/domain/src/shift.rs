//! Shifts: drawer sessions, from the float to the count.

use serde::{Deserialize, Serialize};

use crate::ids::ShiftId;
use crate::money::{Money, MoneyError};
use crate::staff::Actor;
use crate::time::{BusinessDay, Timestamp};

/// A shift begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftOpen {
    /// Its id.
    pub shift: ShiftId,
    /// The day that its sales belong to.
    pub business_day: BusinessDay,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The change put into the drawer.
    pub float: Money,
}

/// A shift ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftClose {
    /// Which.
    pub shift: ShiftId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What the drawer should hold: float plus cash taken.
    pub expected: Money,
    /// What was found.
    pub counted: Money,
}

impl ShiftClose {
    /// Counted less expected: positive is over, negative is short.
    ///
    /// # Errors
    /// Too large.
    pub fn over_short(&self) -> Result<Money, MoneyError> {
        self.counted.minus(self.expected)
    }
}
