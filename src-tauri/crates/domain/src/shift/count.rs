//! Counting a drawer.

use serde::{Deserialize, Serialize};

use super::{CashMove, DrawerCash, Pieces, ShiftClose};
use crate::money::{Currency, Money, MoneyError};
use crate::rounding::half_up;

/// One currency of a drawer, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Which.
    pub currency: Currency,
    /// What the drawer should hold.
    pub expected: Money,
    /// What was found.
    pub counted: Money,
    /// By coin and note, if it was counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Pieces>,
    /// What the expected cash is worth in the shop's currency, at the rates that it came in at; none
    /// where it is that currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
}

/// What somebody found in the drawer, without having been told what should be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// In one currency.
    pub amount: Money,
    /// By coin and note; empty if only the sum is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Pieces>,
}

impl Counted {
    /// A count by coin and note.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn of_pieces(currency: Currency, pieces: Vec<Pieces>) -> Result<Self, MoneyError> {
        Ok(Self { amount: sum_of(currency, &pieces)?, pieces })
    }
}

/// What a float, a movement of cash or a count is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShiftError {
    /// Below nothing.
    #[error("an amount of cash cannot be below nothing: leave out the minus")]
    Negative,
    /// A piece that is worth nothing.
    #[error("a coin or a note must be worth something")]
    WorthlessPiece,
    /// Pieces and sum differ.
    #[error("the coins and notes come to {pieces}, not {amount}: correct one of them")]
    PiecesDoNotAddUp {
        /// What the pieces come to.
        pieces: Money,
        /// What was given as their sum.
        amount: Money,
    },
    /// The same currency again.
    #[error("{currency} is there twice: add it up first")]
    CountedTwice {
        /// Its code.
        currency: &'static str,
    },
    /// A currency of the drawer was left out.
    #[error("count the {currency} in the drawer too; enter 0 if there is none")]
    NotCounted {
        /// Its code.
        currency: &'static str,
    },
    /// A movement of nothing.
    #[error("enter how much goes in or out of the drawer")]
    MovesNothing,
    /// A no sale with an amount.
    #[error("opening the drawer without a sale moves no money: use pay-in or pay-out instead")]
    NoSaleMoves,
    /// No reason.
    #[error("say why: the reason stands in the journal")]
    NeedsReason,
    /// A reason too long to print.
    #[error("a reason holds up to {} characters", CashMove::MAX_REASON)]
    ReasonTooLong,
    /// Another currency without its worth.
    #[error("there is no rate for {currency}: enter one in the settings first")]
    NeedsValue {
        /// Its code.
        currency: &'static str,
    },
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Sets what was found against what should be there. Every currency that the drawer should hold
/// something of must be counted; the shop's own (the first one expected) always.
///
/// # Errors
/// See [`ShiftError`].
pub fn count(expected: &[DrawerCash], counted: Vec<Counted>) -> Result<Vec<Count>, ShiftError> {
    let mut left = counted;
    let mut counts = Vec::with_capacity(expected.len());
    for (index, cash) in expected.iter().enumerate() {
        let currency = cash.amount.currency();
        let found = left.iter().position(|one| one.amount.currency() == currency);
        let Some(found) = found else {
            if index > 0 && cash.amount.is_zero() && cash.value.is_zero() {
                continue;
            }
            return Err(ShiftError::NotCounted { currency: currency.code() });
        };
        counts.push(
            Count {
                currency,
                expected: cash.amount,
                counted: Money::zero(currency),
                pieces: Vec::new(),
                value: (index > 0).then_some(cash.value),
            }
            .found(left.swap_remove(found))?,
        );
    }
    left.sort_by_key(|one| one.amount.currency().code());
    let home = expected.first().map(|cash| cash.value.currency());
    for one in left {
        let currency = one.amount.currency();
        if counts.iter().any(|count: &Count| count.currency == currency) {
            return Err(ShiftError::CountedTwice { currency: currency.code() });
        }
        let nothing = Money::zero(currency);
        let count = Count {
            currency,
            expected: nothing,
            counted: nothing,
            pieces: Vec::new(),
            value: home.map(Money::zero),
        };
        counts.push(count.found(one)?);
    }
    Ok(counts)
}

impl Count {
    /// Counted less expected, in its own currency: positive is over, negative is short.
    ///
    /// # Errors
    /// Too large.
    pub fn over_short(&self) -> Result<Money, MoneyError> {
        self.counted.minus(self.expected)
    }

    /// What is expected, in the shop's currency.
    pub fn expected_value(&self) -> Money {
        self.value.unwrap_or(self.expected)
    }

    /// What was counted, in the shop's currency: at the average rate of what is expected. Foreign
    /// cash that nothing is known of has no worth in the books until the bank says so.
    ///
    /// # Errors
    /// Too large.
    pub fn counted_value(&self) -> Result<Money, MoneyError> {
        let Some(value) = self.value else { return Ok(self.counted) };
        if self.counted == self.expected {
            return Ok(value);
        }
        if self.expected.is_negative() || self.expected.is_zero() {
            return Ok(Money::zero(value.currency()));
        }
        let exact = i128::from(value.minor()) * i128::from(self.counted.minor());
        let minor = half_up(exact, i128::from(self.expected.minor()));
        Money::new(minor.ok_or(MoneyError::TooLarge)?, value.currency())
    }

    fn found(self, counted: Counted) -> Result<Self, ShiftError> {
        check_cash(counted.amount, &counted.pieces)?;
        Ok(Self { counted: counted.amount, pieces: counted.pieces, ..self })
    }
}

impl ShiftClose {
    /// The count of the shop's own currency, the first one.
    pub fn home(&self) -> Option<&Count> {
        self.counts.first()
    }
}

/// Checks an amount of cash and the pieces that it was counted by, if any.
pub(super) fn check_cash(amount: Money, pieces: &[Pieces]) -> Result<(), ShiftError> {
    if amount.is_negative() {
        return Err(ShiftError::Negative);
    }
    if pieces.is_empty() {
        return Ok(());
    }
    if pieces.iter().any(|piece| piece.value.is_zero() || piece.value.is_negative()) {
        return Err(ShiftError::WorthlessPiece);
    }
    let sum = sum_of(amount.currency(), pieces)?;
    if sum != amount {
        return Err(ShiftError::PiecesDoNotAddUp { pieces: sum, amount });
    }
    Ok(())
}

fn sum_of(currency: Currency, pieces: &[Pieces]) -> Result<Money, MoneyError> {
    let amounts = pieces.iter().map(|piece| {
        let minor = i128::from(piece.value.minor()) * i128::from(piece.count);
        Money::new(minor, piece.value.currency())
    });
    amounts.into_iter().try_fold(Money::zero(currency), |sum, amount| sum.plus(amount?))
}
