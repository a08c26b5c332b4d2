//! Tenders: the payments of a sale.

use serde::{Deserialize, Serialize};

use crate::ids::TenderId;
use crate::money::{Money, MoneyError};

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Coins and notes, into the drawer.
    Cash,
    /// A card on a terminal that the register does not drive: the cashier types the amount there
    /// and says here that it was approved.
    CardExternal,
}

impl TenderKind {
    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::CardExternal => "card_external",
        }
    }

    /// Reads what [`TenderKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Cash, Self::CardExternal].into_iter().find(|kind| kind.name() == name)
    }
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// Made by the client and kept over every retry.
    pub id: TenderId,
    /// How.
    pub kind: TenderKind,
    /// What counts towards the total.
    pub amount: Money,
    /// What was handed over: more than the amount for cash with change.
    pub received: Money,
}

impl Tender {
    /// What goes back: received less amount.
    ///
    /// # Errors
    /// Never for a tender that [`take`] made.
    pub fn change(&self) -> Result<Money, MoneyError> {
        self.received.minus(self.amount)
    }
}

/// What a tender is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenderError {
    /// Nothing, or less.
    #[error("a payment must be more than nothing")]
    NotPositive,
    /// Everything is paid.
    #[error("this sale is paid already")]
    NothingDue,
    /// A card for more than is due.
    #[error("{offered} is more than the {due} left to pay: a card gives no change")]
    MoreThanDue {
        /// What was offered.
        offered: Money,
        /// What is left.
        due: Money,
    },
    /// Currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Takes `offered` towards `due`: cash may be more (the rest is change), a card may not.
///
/// # Errors
/// See [`TenderError`].
pub fn take(
    id: TenderId,
    kind: TenderKind,
    offered: Money,
    due: Money,
) -> Result<Tender, TenderError> {
    let left = due.minus(offered)?;
    if due.is_zero() || due.is_negative() {
        return Err(TenderError::NothingDue);
    }
    if offered.is_zero() || offered.is_negative() {
        return Err(TenderError::NotPositive);
    }
    let amount = if left.is_negative() { due } else { offered };
    if left.is_negative() && kind != TenderKind::Cash {
        return Err(TenderError::MoreThanDue { offered, due });
    }
    Ok(Tender { id, kind, amount, received: offered })
}

/// Round amounts that customers hand over for `due`, the exact one first: the next multiples of the
/// notes in circulation, which for every currency run 1-2-5 (times ten).
pub fn quick_cash(due: Money) -> Vec<Money> {
    let unit = 10_i128.pow(due.currency().exponent());
    let mut amounts = vec![due];
    for note in [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] {
        let step = note * unit;
        let minor = i128::from(due.minor());
        let rounded = (minor + step - 1) / step * step;
        // A note that is far more than the due is not what a customer holds out.
        let likely = rounded > minor && (step <= 10 * minor.max(1) || amounts.len() < 3);
        if let (true, Ok(amount)) = (likely, Money::new(rounded, due.currency()))
            && !amounts.contains(&amount)
        {
            amounts.push(amount);
        }
        if amounts.len() >= 5 {
            break;
        }
    }
    amounts
}

#[cfg(test)]
mod tests {
    use super::{TenderError, TenderKind, quick_cash, take};
    use crate::ids::TenderId;
    use crate::money::{Currency, Money};

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR).unwrap_or(Money::zero(Currency::EUR))
    }

    fn tender(kind: TenderKind, offered: i64, due: i64) -> Result<(i64, i64), TenderError> {
        let tender = take(TenderId::new(uuid::Uuid::nil()), kind, eur(offered), eur(due))?;
        Ok((tender.amount.minor(), tender.change()?.minor()))
    }

    #[test]
    fn cash_gives_change_and_a_card_never_does() {
        assert_eq!(tender(TenderKind::Cash, 2000, 1265), Ok((1265, 735)));
        assert_eq!(tender(TenderKind::Cash, 500, 1265), Ok((500, 0)));
        assert_eq!(tender(TenderKind::CardExternal, 1265, 1265), Ok((1265, 0)));
        assert!(matches!(
            tender(TenderKind::CardExternal, 2000, 1265),
            Err(TenderError::MoreThanDue { .. })
        ));
        assert_eq!(tender(TenderKind::Cash, 0, 1265), Err(TenderError::NotPositive));
        assert_eq!(tender(TenderKind::Cash, -5, 1265), Err(TenderError::NotPositive));
        assert_eq!(tender(TenderKind::Cash, 5, 0), Err(TenderError::NothingDue));
    }

    #[test]
    fn quick_cash_offers_what_customers_hold_out() {
        let minors = |due| quick_cash(eur(due)).iter().map(|m| m.minor()).collect::<Vec<_>>();
        assert_eq!(minors(1000), [1000, 2000, 5000, 10_000]);
        assert_eq!(minors(1265), [1265, 1500, 2000, 5000, 10_000]);
        assert_eq!(minors(4465), [4465, 4500, 5000, 6000, 10_000]);
        assert_eq!(minors(30), [30, 500, 1000]);
    }
}
