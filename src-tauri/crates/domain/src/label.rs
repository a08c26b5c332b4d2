//! What the label of the very piece says that is being sold: a scanned code may tell more than the
//! item.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::time::BusinessDay;

/// What a label says; empty for goods that are all alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// What the line comes to, before reductions: the amount that the customer reads on the label is
    /// what is charged, whatever unit price × quantity rounds to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The last day on which it is good, best-before or expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BusinessDay>,
}

impl Label {
    /// True if it says nothing.
    pub const fn is_empty(&self) -> bool {
        self.price.is_none()
            && self.lot.is_none()
            && self.serial.is_none()
            && self.best_before.is_none()
    }

    /// True if the last good day is over.
    pub fn is_over(&self, today: BusinessDay) -> bool {
        self.best_before.is_some_and(|day| day < today)
    }
}
