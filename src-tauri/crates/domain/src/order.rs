//! Held orders: baskets that are agreed today and completed later.

use serde::{Deserialize, Serialize};

use crate::customer::CustomerRef;
use crate::ids::{BasketId, HeldOrderId, ShiftId};
use crate::money::{Money, MoneyError};
use crate::pricing::TaxSum;
use crate::staff::Actor;
use crate::tender::Tender;
use crate::time::{BusinessDay, Timestamp};

/// What was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldOrderKind {
    /// An offer: nothing is paid, nobody is bound.
    Quote,
    /// Goods laid away and paid in parts.
    Layaway,
    /// To be collected by the customer.
    Collect,
    /// To be delivered.
    Deliver,
}

impl HeldOrderKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Quote, Self::Layaway, Self::Collect, Self::Deliver];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Layaway => "layaway",
            Self::Collect => "collect",
            Self::Deliver => "deliver",
        }
    }

    /// Reads what [`HeldOrderKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True where money may be taken before the sale.
    pub const fn takes_deposits(self) -> bool {
        !matches!(self, Self::Quote)
    }
}

/// A basket is held for later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOrder {
    /// Its id.
    pub order: HeldOrderId,
    /// As printed and asked for at the counter, such as `O-17`.
    pub number: String,
    /// What was agreed.
    pub kind: HeldOrderKind,
    /// The basket that waits.
    pub basket: BasketId,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerRef>,
    /// When it is to be paid, collected or delivered by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<BusinessDay>,
    /// For the shop.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What it came to when it was agreed.
    pub total: Money,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
}

/// Money is taken towards a held order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositTaken {
    /// Towards which order.
    pub order: HeldOrderId,
    /// In which shift.
    pub shift: ShiftId,
    /// How.
    pub tender: Tender,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
}

/// A held order ends without a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// Which.
    pub order: HeldOrderId,
    /// In which shift.
    pub shift: ShiftId,
    /// Why.
    pub reason: String,
    /// What was paid back; amounts below nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Tender>,
    /// What the shop keeps as a fee, tax included.
    pub kept: Money,
    /// The fee with its taxes; none where nothing is kept, and in entries from before fees had any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
}

/// What a shop keeps of the deposits of a cancelled order: the price of a service, taxed as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Without tax.
    pub net: Money,
    /// All taxes.
    pub tax: Money,
    /// With tax: what is kept.
    pub total: Money,
    /// By tax.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxSum>,
}

impl Fee {
    /// True if net and taxes make the total.
    fn adds_up(&self) -> Result<bool, MoneyError> {
        let taxes = Money::sum(self.total.currency(), self.taxes.iter().map(|sum| sum.amount))?;
        Ok(taxes == self.tax && self.net.plus(self.tax)? == self.total)
    }
}

/// What a held order is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A quote binds nobody.
    #[error("a quote takes no deposit: turn it into a layaway or an order first")]
    QuoteTakesNoDeposit,
    /// Deposits above the total.
    #[error("{offered} is more than the {left} left to pay on this order: take {left} or less")]
    AboveTheTotal {
        /// What was offered.
        offered: Money,
        /// What is left.
        left: Money,
    },
    /// A deposit of nothing or less.
    #[error("a deposit must be more than nothing")]
    NotPositive,
    /// A fee below nothing.
    #[error("the fee that is kept cannot be below nothing")]
    NegativeFee,
    /// What goes back and what is kept are not what was paid.
    #[error(
        "{deposited} was paid on this order, but {given_back} would go back and {kept} be kept: \
         change one of them so that they add up"
    )]
    DoesNotAddUp {
        /// All deposits.
        deposited: Money,
        /// What would go back.
        given_back: Money,
        /// What would be kept.
        kept: Money,
    },
    /// The parts of a fee are not what is kept.
    #[error("the fee and its taxes do not add up to the {kept} that are kept")]
    FeeDoesNotAddUp {
        /// What would be kept.
        kept: Money,
    },
    /// A deposit is announced, not there.
    #[error("a deposit of {amount} has not come in yet: confirm it, or take it back")]
    Pending {
        /// How much.
        amount: Money,
    },
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What was paid on an order so far.
///
/// # Errors
/// Two currencies, or too large.
pub fn deposited(order: &HeldOrder, deposits: &[DepositTaken]) -> Result<Money, MoneyError> {
    let of_this = deposits.iter().filter(|deposit| deposit.order == order.order);
    Money::sum(order.total.currency(), of_this.map(|deposit| deposit.tender.amount))
}

/// What may still be paid on an order.
///
/// # Errors
/// Two currencies, or too large.
pub fn left_to_pay(order: &HeldOrder, deposits: &[DepositTaken]) -> Result<Money, MoneyError> {
    order.total.minus(deposited(order, deposits)?)
}

/// Checks that a payment may be taken as a deposit: not on a quote, and never above the total.
///
/// # Errors
/// See [`OrderError`].
pub fn check_deposit(
    order: &HeldOrder,
    deposits: &[DepositTaken],
    tender: &Tender,
) -> Result<(), OrderError> {
    if !order.kind.takes_deposits() {
        return Err(OrderError::QuoteTakesNoDeposit);
    }
    if tender.amount.is_zero() || tender.amount.is_negative() {
        return Err(OrderError::NotPositive);
    }
    if tender.is_pending() {
        return Err(OrderError::Pending { amount: tender.amount });
    }
    let left = left_to_pay(order, deposits)?;
    if left.minus(tender.amount)?.is_negative() {
        return Err(OrderError::AboveTheTotal { offered: tender.amount, left });
    }
    Ok(())
}

/// Checks that what goes back and what is kept are together what was paid: nobody is given more
/// than they paid, and nothing of theirs gets lost.
///
/// # Errors
/// See [`OrderError`].
pub fn check_cancel(
    order: &HeldOrder,
    deposits: &[DepositTaken],
    cancelled: &OrderCancelled,
) -> Result<(), OrderError> {
    if cancelled.kept.is_negative() {
        return Err(OrderError::NegativeFee);
    }
    if let Some(fee) = &cancelled.fee
        && (fee.total != cancelled.kept || !fee.adds_up()?)
    {
        return Err(OrderError::FeeDoesNotAddUp { kept: cancelled.kept });
    }
    let deposited = deposited(order, deposits)?;
    let amounts = cancelled.refunds.iter().map(|tender| tender.amount.negated());
    let given_back = Money::sum(deposited.currency(), amounts)?;
    let takes_in = cancelled.refunds.iter().any(|tender| !tender.amount.is_negative());
    if takes_in || given_back.plus(cancelled.kept)? != deposited {
        return Err(OrderError::DoesNotAddUp { deposited, given_back, kept: cancelled.kept });
    }
    Ok(())
}
