//! Points: what a customer collects by buying, and what the points are worth.

use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, PointsMoveId, SaleId};
use crate::money::{Money, MoneyError};
use crate::sale::Sale;
use crate::staff::Actor;
use crate::time::Timestamp;

/// Points of one rule or one move at most: far more than anyone collects, far less than an `i64`.
pub const MAX_POINTS: i64 = 1_000_000_000;

/// What points are earned and worth in this shop. A shop without a rule gives none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoyaltyRule {
    /// Points for each whole unit of the currency that was paid for goods; above nothing.
    pub points_per_unit: i64,
    /// What one point is worth as store credit; nothing where points cannot be turned into credit.
    pub point_value: Money,
}

/// Why points moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointsReason {
    /// A sale earned them.
    Earned,
    /// Goods went back, and with them what they had earned.
    TakenBack,
    /// They became store credit.
    Redeemed,
    /// A person gave or took them.
    Adjusted,
    /// They came from a customer who was the same person.
    Merged,
}

impl PointsReason {
    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::TakenBack => "taken_back",
            Self::Redeemed => "redeemed",
            Self::Adjusted => "adjusted",
            Self::Merged => "merged",
        }
    }

    /// Reads what [`PointsReason::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Earned, Self::TakenBack, Self::Redeemed, Self::Adjusted, Self::Merged]
            .into_iter()
            .find(|reason| reason.name() == name)
    }
}

/// Points of a customer move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsMoved {
    /// Made by the client, so that what is asked for twice is done once; none for a sale's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PointsMoveId>,
    /// Whose.
    pub customer: CustomerId,
    /// How many; below nothing they go.
    pub points: i64,
    /// Why.
    pub why: PointsReason,
    /// The sale that earned them or took them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<SaleId>,
    /// The store credit that they became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Money>,
    /// In the words of whoever moved them; empty for a sale's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
}

/// What points refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoyaltyError {
    /// The shop has no rule.
    #[error("this shop gives no points: set what they are earned by first")]
    SwitchedOff,
    /// Points that are worth nothing.
    #[error("points cannot be turned into credit here: set what a point is worth first")]
    Worthless,
    /// More than there are.
    #[error("the customer has {balance} points, not {asked}: spend {balance} or fewer")]
    NotEnough {
        /// What there are.
        balance: i64,
        /// What was asked for.
        asked: i64,
    },
    /// None, or too many.
    #[error("give a number of points from 1 to {MAX_POINTS}")]
    OutOfRange,
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl LoyaltyRule {
    /// Checks a rule.
    ///
    /// # Errors
    /// Points of less than one, or a point worth less than nothing.
    pub fn check(&self) -> Result<(), LoyaltyError> {
        if !(1..=1_000).contains(&self.points_per_unit) {
            return Err(LoyaltyError::OutOfRange);
        }
        if self.point_value.is_negative() {
            return Err(LoyaltyError::Worthless);
        }
        Ok(())
    }

    /// The points of a sale: for each whole unit of the currency that its goods came to, with tax and
    /// after every reduction. Loading a gift card earns nothing: what is bought with it will. Below
    /// nothing if more came back than was bought.
    ///
    /// # Errors
    /// Too large.
    pub fn points_of(&self, sale: &Sale) -> Result<i64, MoneyError> {
        let goods = sale.lines.iter().filter(|line| line.gift_card.is_none());
        let spent = Money::sum(sale.total.currency(), goods.map(|line| line.total))?;
        let minor = i128::from(spent.minor()) * i128::from(self.points_per_unit);
        // Towards zero both ways: what a sale earned is what its return takes back.
        let points = minor / 10_i128.pow(spent.currency().exponent());
        let most = i128::from(MAX_POINTS);
        Ok(i64::try_from(points.clamp(-most, most)).unwrap_or(MAX_POINTS))
    }

    /// What so many points are worth.
    ///
    /// # Errors
    /// None or too many, worth nothing, or too large.
    pub fn worth(&self, points: i64) -> Result<Money, LoyaltyError> {
        if !(1..=MAX_POINTS).contains(&points) {
            return Err(LoyaltyError::OutOfRange);
        }
        if self.point_value.is_zero() {
            return Err(LoyaltyError::Worthless);
        }
        let minor = i128::from(self.point_value.minor()) * i128::from(points);
        Ok(Money::new(minor, self.point_value.currency())?)
    }
}

/// The balance after a move: never below nothing.
///
/// # Errors
/// [`LoyaltyError::NotEnough`].
pub const fn apply(balance: i64, points: i64) -> Result<i64, LoyaltyError> {
    let after = balance.saturating_add(points);
    if after < 0 {
        return Err(LoyaltyError::NotEnough { balance, asked: points.saturating_neg() });
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{LoyaltyError, LoyaltyRule, MAX_POINTS, apply};
    use crate::money::{Currency, Money};

    fn rule(value: i64) -> LoyaltyRule {
        LoyaltyRule { points_per_unit: 1, point_value: Money::new(value, Currency::EUR).unwrap() }
    }

    #[test]
    fn points_never_go_below_nothing() {
        assert_eq!(apply(5, -5), Ok(0));
        assert_eq!(apply(5, -6), Err(LoyaltyError::NotEnough { balance: 5, asked: 6 }));
    }

    #[test]
    fn points_are_worth_what_the_shop_set() {
        assert_eq!(rule(2).worth(150).unwrap().minor(), 300);
        assert_eq!(rule(0).worth(150), Err(LoyaltyError::Worthless));
        assert_eq!(rule(2).worth(0), Err(LoyaltyError::OutOfRange));
        assert_eq!(rule(2).worth(MAX_POINTS + 1), Err(LoyaltyError::OutOfRange));
    }
}
