//! Who may do what: one table, asked in one place (where a command is dispatched).

use serde::{Deserialize, Serialize};

use crate::ids::StaffId;

/// What a member of staff is trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for the shop; may do everything.
    Owner,
    /// Runs the shop for the owner.
    Manager,
    /// Sells.
    Cashier,
}

impl Role {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Cashier => "cashier",
        }
    }

    /// Reads what [`Role::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Owner, Self::Manager, Self::Cashier].into_iter().find(|role| role.name() == name)
    }

    /// The table of rights.
    pub const fn may(self, right: Right) -> bool {
        use Right::{
            ChangeCatalogue, ChangeSettings, LookUp, OverridePrice, Reprint, RunShift, Sell,
        };
        match (self, right) {
            (_, LookUp | Sell | RunShift | Reprint)
            | (Self::Owner, _)
            | (Self::Manager, OverridePrice | ChangeCatalogue) => true,
            (Self::Manager, ChangeSettings)
            | (Self::Cashier, OverridePrice | ChangeCatalogue | ChangeSettings) => false,
        }
    }
}

/// Something that a command needs its actor to be trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See items, orders and the state of the register.
    LookUp,
    /// Fill a basket and take its payment.
    Sell,
    /// Sell at another price than the catalogue's.
    OverridePrice,
    /// Open and close a shift.
    RunShift,
    /// Print a copy of an old receipt.
    Reprint,
    /// Change items, prices and stock.
    ChangeCatalogue,
    /// Change devices, taxes and staff.
    ChangeSettings,
}

impl Right {
    /// Every right there is.
    pub const ALL: [Self; 7] = [
        Self::LookUp,
        Self::Sell,
        Self::OverridePrice,
        Self::RunShift,
        Self::Reprint,
        Self::ChangeCatalogue,
        Self::ChangeSettings,
    ];

    /// What is refused, in the words of the person at the till.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::LookUp => "look things up",
            Self::Sell => "sell",
            Self::OverridePrice => "change a price",
            Self::RunShift => "open or close a shift",
            Self::Reprint => "print a copy of a receipt",
            Self::ChangeCatalogue => "change the catalogue",
            Self::ChangeSettings => "change settings",
        }
    }
}

/// Who gives a command. Signing in by PIN will make these; until then the shell names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Which member of staff.
    pub staff: StaffId,
    /// As printed on receipts.
    pub name: String,
    /// What they are trusted with.
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::{Right, Role};

    #[test]
    fn a_cashier_sells_but_does_not_set_prices() {
        assert!(Role::Cashier.may(Right::Sell));
        assert!(!Role::Cashier.may(Right::OverridePrice));
        assert!(Role::Manager.may(Right::OverridePrice));
        assert!(!Role::Manager.may(Right::ChangeSettings));
        assert!(Role::Owner.may(Right::ChangeSettings));
    }
}
