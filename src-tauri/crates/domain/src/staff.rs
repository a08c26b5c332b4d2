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
            ChangeCatalogue, ChangePrices, ChangeSettings, Discount, IssueCredit, KeepDeposit,
            LookUp, MoveCash, OverridePrice, Refund, RefundToCredit, RefundWithoutReceipt, Reprint,
            ResolvePayment, RunShift, SeeExpectedCash, SeeReports, Sell, Void,
        };
        match right {
            LookUp | Sell | RunShift | Reprint | Discount | Refund | MoveCash | Void => true,
            OverridePrice | RefundWithoutReceipt | RefundToCredit | IssueCredit
            | ChangeCatalogue | ChangePrices | SeeExpectedCash | SeeReports | KeepDeposit
            | ResolvePayment => {
                matches!(self, Self::Owner | Self::Manager)
            }
            ChangeSettings => matches!(self, Self::Owner),
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
    /// Take something off a line or a basket, up to the shop's limit for the role.
    Discount,
    /// Give a basket up, with a reason.
    Void,
    /// Take sold goods back and pay for them the way they were paid.
    Refund,
    /// Take goods back that no receipt shows.
    RefundWithoutReceipt,
    /// Pay a refund out as store credit instead.
    RefundToCredit,
    /// Give out a gift card or store credit that nobody paid for.
    IssueCredit,
    /// Put cash in or take it out, with a reason.
    MoveCash,
    /// See what the drawer should hold before it is counted.
    SeeExpectedCash,
    /// See what the shop took, by day, item, member of staff and more.
    SeeReports,
    /// Change price books, promotions and coupons.
    ChangePrices,
    /// Keep a part of what was paid on an order that is cancelled.
    KeepDeposit,
    /// Decide what became of a card payment of which the terminal cannot tell.
    ResolvePayment,
}

impl Right {
    /// Every right there is.
    pub const ALL: [Self; 19] = [
        Self::LookUp,
        Self::Sell,
        Self::OverridePrice,
        Self::RunShift,
        Self::Reprint,
        Self::ChangeCatalogue,
        Self::ChangeSettings,
        Self::Discount,
        Self::Void,
        Self::Refund,
        Self::RefundWithoutReceipt,
        Self::RefundToCredit,
        Self::IssueCredit,
        Self::MoveCash,
        Self::SeeExpectedCash,
        Self::SeeReports,
        Self::ChangePrices,
        Self::KeepDeposit,
        Self::ResolvePayment,
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
            Self::Discount => "give a discount",
            Self::Void => "void a sale",
            Self::Refund => "refund a sale",
            Self::RefundWithoutReceipt => "take goods back without a receipt",
            Self::RefundToCredit => "refund to store credit",
            Self::IssueCredit => "give out credit",
            Self::MoveCash => "put cash in or take it out",
            Self::SeeExpectedCash => "see what the drawer should hold",
            Self::SeeReports => "see reports",
            Self::ChangePrices => "change price books and promotions",
            Self::KeepDeposit => "keep a part of a deposit",
            Self::ResolvePayment => "decide what became of a card payment",
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
