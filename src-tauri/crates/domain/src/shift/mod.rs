//! Shifts: drawer sessions, from the float to the count.

mod count;
mod totals;

use serde::{Deserialize, Serialize};

pub use self::count::{Count, Counted, ShiftError, count};
pub use self::totals::{MoveTotal, ShiftTotals, TaxTotal, TenderTotal, into_drawer};

use crate::ids::{CashMoveId, ShiftId};
use crate::money::{Currency, Money};
use crate::staff::Actor;
use crate::time::{BusinessDay, Timestamp};

/// So many coins or notes of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// What one of them is worth.
    pub value: Money,
    /// How many.
    pub count: u32,
}

/// Cash in a drawer: what lies there, and what it is worth in the shop's currency at the rates that
/// it came in at (the same amount where it is the shop's currency).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerCash {
    /// In its own currency.
    pub amount: Money,
    /// In the shop's currency.
    pub value: Money,
}

impl DrawerCash {
    /// Cash of the shop's own currency.
    pub const fn home(amount: Money) -> Self {
        Self { amount, value: amount }
    }
}

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
    /// The float by coin and note, if it was counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Pieces>,
    /// The float in other currencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<DrawerCash>,
}

/// Why cash moves without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashMoveKind {
    /// Put in, such as change from the bank.
    PayIn,
    /// Taken out, such as for the window cleaner.
    PayOut,
    /// Taken to the safe, so that little lies in the drawer.
    SafeDrop,
    /// The drawer was opened and nothing moved.
    NoSale,
}

impl CashMoveKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::PayIn, Self::PayOut, Self::SafeDrop, Self::NoSale];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PayIn => "pay_in",
            Self::PayOut => "pay_out",
            Self::SafeDrop => "safe_drop",
            Self::NoSale => "no_sale",
        }
    }

    /// Reads what [`CashMoveKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The amount as the drawer feels it.
    const fn signed(self, amount: Money) -> Money {
        match self {
            Self::PayIn => amount,
            Self::PayOut | Self::SafeDrop => amount.negated(),
            Self::NoSale => Money::zero(amount.currency()),
        }
    }
}

/// Cash moves in or out of the drawer without a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMove {
    /// Its id.
    pub id: CashMoveId,
    /// In which shift.
    pub shift: ShiftId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub kind: CashMoveKind,
    /// How much, never below nothing; in its own currency.
    pub amount: Money,
    /// What it is worth in the shop's currency; none where it is that currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// In the words of who did it.
    pub reason: String,
}

/// A shift ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftClose {
    /// Which.
    pub shift: ShiftId,
    /// The number of its Z report: 1, 2, 3 and so on, without a gap.
    pub z_number: i64,
    /// The register's series then, such as `T1.2`; empty in entries from before it was kept. A
    /// register that goes on from a backup may count to a number once more, but never in a series.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was counted, the shop's currency first.
    pub counts: Vec<Count>,
    /// What the shift came to.
    pub totals: ShiftTotals,
    /// The takings of all shifts since the register was founded; never reset.
    pub grand_total: Money,
}

impl ShiftClose {
    /// The name of its Z report, which no other report ever has: `T1-Z7`; `7` where the series was
    /// not kept.
    pub fn z_name(&self) -> String {
        z_name(&self.series, self.z_number)
    }
}

/// `T1-Z7`.
pub fn z_name(series: &str, z_number: i64) -> String {
    if series.is_empty() { z_number.to_string() } else { format!("{series}-Z{z_number}") }
}

impl ShiftOpen {
    /// Checks a float: nothing below zero, pieces that add up to it, each other currency once.
    ///
    /// # Errors
    /// See [`ShiftError`].
    pub fn check(&self) -> Result<(), ShiftError> {
        let home = self.float.currency();
        count::check_cash(self.float, &self.pieces)?;
        let mut seen = vec![home];
        for foreign in &self.foreign {
            count::check_cash(foreign.amount, &[])?;
            count::check_cash(foreign.value, &[])?;
            let currency = foreign.amount.currency();
            if seen.contains(&currency) || foreign.value.currency() != home {
                return Err(ShiftError::CountedTwice { currency: currency.code() });
            }
            seen.push(currency);
        }
        Ok(())
    }
}

impl CashMove {
    /// Characters of a reason.
    pub const MAX_REASON: usize = 200;

    /// Checks a movement: an amount above nothing (none at all for a no sale), a reason, and for
    /// another currency than `home` what it is worth.
    ///
    /// # Errors
    /// See [`ShiftError`].
    pub fn check(&self, home: Currency) -> Result<(), ShiftError> {
        if self.amount.is_negative() || self.value.is_some_and(Money::is_negative) {
            return Err(ShiftError::Negative);
        }
        let moves_nothing = self.kind == CashMoveKind::NoSale;
        if moves_nothing && !self.amount.is_zero() {
            return Err(ShiftError::NoSaleMoves);
        }
        if !moves_nothing && self.amount.is_zero() {
            return Err(ShiftError::MovesNothing);
        }
        if self.reason.trim().is_empty() {
            return Err(ShiftError::NeedsReason);
        }
        if self.reason.chars().count() > Self::MAX_REASON {
            return Err(ShiftError::ReasonTooLong);
        }
        let currency = self.amount.currency();
        if currency != home && self.value.is_none_or(|value| value.currency() != home) {
            return Err(ShiftError::NeedsValue { currency: currency.code() });
        }
        Ok(())
    }

    /// What it moves in the drawer, in its own currency: below nothing for what goes out.
    pub const fn into_drawer(&self) -> DrawerCash {
        let value = match self.value {
            Some(value) => value,
            None => self.amount,
        };
        DrawerCash { amount: self.kind.signed(self.amount), value: self.kind.signed(value) }
    }
}
