//! Postings: every fact about money, twice, so that the books always balance.

use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError};
use crate::sale::Sale;
use crate::shift::{ShiftClose, ShiftOpen};
use crate::tender::TenderKind;

/// Where money is or comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Coins and notes in the drawer.
    Drawer,
    /// The safe that floats come from and takings go to.
    Safe,
    /// Card payments on their way from the acquirer.
    CardExternal,
    /// What was sold, without tax.
    Revenue,
    /// What is owed to the tax office.
    Tax,
    /// Cash found too much or too little.
    OverShort,
}

impl Account {
    /// The name in the database and in exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drawer => "drawer",
            Self::Safe => "safe",
            Self::CardExternal => "card_external",
            Self::Revenue => "revenue",
            Self::Tax => "tax",
            Self::OverShort => "over_short",
        }
    }
}

/// An amount on an account: positive where it comes in, negative where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Which account.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

/// The postings of a sale; they add up to nothing.
///
/// # Errors
/// Too large.
pub fn of_sale(sale: &Sale) -> Result<Vec<Posting>, MoneyError> {
    let currency = sale.total.currency();
    let paid_by = |kind| {
        Money::sum(currency, sale.tenders.iter().filter(|t| t.kind == kind).map(|t| t.amount))
    };
    Ok(keep_moving([
        Posting { account: Account::Drawer, amount: paid_by(TenderKind::Cash)? },
        Posting { account: Account::CardExternal, amount: paid_by(TenderKind::CardExternal)? },
        Posting { account: Account::Revenue, amount: sale.net.negated() },
        Posting { account: Account::Tax, amount: sale.tax.negated() },
    ]))
}

/// The postings of a shift's opening: the float goes from the safe into the drawer.
pub fn of_shift_open(open: &ShiftOpen) -> Vec<Posting> {
    keep_moving([
        Posting { account: Account::Drawer, amount: open.float },
        Posting { account: Account::Safe, amount: open.float.negated() },
    ])
}

/// The postings of a shift's close: what was counted goes back to the safe, the difference is over
/// or short, and the drawer is empty.
///
/// # Errors
/// Too large.
pub fn of_shift_close(close: &ShiftClose) -> Result<Vec<Posting>, MoneyError> {
    Ok(keep_moving([
        Posting { account: Account::Drawer, amount: close.expected.negated() },
        Posting { account: Account::Safe, amount: close.counted },
        Posting { account: Account::OverShort, amount: close.over_short()?.negated() },
    ]))
}

fn keep_moving<const N: usize>(postings: [Posting; N]) -> Vec<Posting> {
    postings.into_iter().filter(|posting| !posting.amount.is_zero()).collect()
}
