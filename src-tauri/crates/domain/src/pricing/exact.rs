//! Exact fractions: of two whole numbers while they fit, of unbounded ones where they do not.
//! Nothing is refused for its length, and nothing wraps.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::{BigRational, Ratio};
use num_traits::{CheckedAdd as _, CheckedMul as _, Signed as _, ToPrimitive as _};

use crate::rounding::{RoundingMode, divide};

/// A fraction in minor units. The denominator is positive.
#[derive(Clone, Debug)]
pub(crate) enum Exact {
    Small { numerator: i128, denominator: i128 },
    Big(BigRational),
}

impl Exact {
    pub(crate) const ZERO: Self = Self::Small { numerator: 0, denominator: 1 };

    pub(crate) fn big(&self) -> BigRational {
        match self {
            Self::Small { numerator, denominator } => {
                Ratio::new(BigInt::from(*numerator), BigInt::from(*denominator))
            }
            Self::Big(value) => value.clone(),
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        if let (
            Self::Small { numerator: a, denominator: b },
            Self::Small { numerator: c, denominator: d },
        ) = (self, other)
        {
            if b == d {
                if let Some(numerator) = i128::checked_add(*a, *c) {
                    return Self::Small { numerator, denominator: *b };
                }
            } else if let Some(sum) = Ratio::new(*a, *b).checked_add(&Ratio::new(*c, *d)) {
                let (numerator, denominator) = sum.into_raw();
                return Self::Small { numerator, denominator };
            }
        }
        Self::Big(self.big() + other.big())
    }

    /// The sum. Fractions of one denominator, which those of one tax class are, are added up without
    /// a division.
    pub(crate) fn sum(parts: &[Self]) -> Self {
        let mut sums: Vec<Self> = Vec::new();
        for part in parts {
            let same = |sum: &&mut Self| match (&**sum, part) {
                (Self::Small { denominator: left, .. }, Self::Small { denominator: right, .. }) => {
                    left == right
                }
                _ => false,
            };
            match sums.iter_mut().find(same) {
                Some(sum) => *sum = sum.plus(part),
                None => sums.push(part.clone()),
            }
        }
        sums.iter().fold(Self::ZERO, |sum, part| sum.plus(part))
    }

    pub(crate) fn negated(&self) -> Self {
        match self {
            Self::Small { numerator, denominator } if *numerator > i128::MIN => {
                Self::Small { numerator: -numerator, denominator: *denominator }
            }
            _ => Self::Big(-self.big()),
        }
    }

    pub(crate) fn is_negative(&self) -> bool {
        match self {
            Self::Small { numerator, .. } => *numerator < 0,
            Self::Big(value) => value.is_negative(),
        }
    }

    /// The nearest whole number; none beyond any amount of money.
    pub(crate) fn round(&self, mode: RoundingMode) -> Option<i128> {
        match self {
            Self::Small { numerator, denominator } => divide(*numerator, *denominator, mode),
            Self::Big(value) => {
                let whole = value.trunc();
                let rest = (value - &whole).abs();
                let quotient = whole.to_integer().to_i128()?;
                let half = Ratio::new(BigInt::from(1), BigInt::from(2));
                let away = match rest.cmp(&half) {
                    Ordering::Less => false,
                    Ordering::Greater => true,
                    Ordering::Equal => mode == RoundingMode::HalfUp || quotient % 2 != 0,
                };
                let step = if value.is_negative() { -1 } else { 1 };
                quotient.checked_add(if away { step } else { 0 })
            }
        }
    }

    /// The whole number below or at it, and what is left: from nothing to less than one.
    pub(crate) fn split(&self) -> Option<(i128, Self)> {
        match self {
            Self::Small { numerator, denominator } => {
                let (whole, rest) = numerator.div_mod_floor(denominator);
                Some((whole, Self::Small { numerator: rest, denominator: *denominator }))
            }
            Self::Big(value) => {
                let whole = value.floor();
                let rest = value - &whole;
                Some((whole.to_integer().to_i128()?, Self::Big(rest)))
            }
        }
    }

    pub(crate) fn order(&self, other: &Self) -> Ordering {
        if let (
            Self::Small { numerator: a, denominator: b },
            Self::Small { numerator: c, denominator: d },
        ) = (self, other)
        {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) =
                (i128::checked_mul(*a, *d), i128::checked_mul(*c, *b))
            {
                return left.cmp(&right);
            }
        }
        self.big().cmp(&other.big())
    }

    /// In units of a currency with `decimals`, in full where it ends within four digits after
    /// those, else cut with an ellipsis: `1.08`, `1.078333…`.
    pub(crate) fn text(&self, decimals: u32) -> String {
        let places = decimals + 4;
        let scaled = self.big() * BigInt::from(10_u32.pow(4));
        let whole = scaled.trunc();
        let ends = whole == scaled;
        let digits = whole.to_integer().magnitude().to_string();
        let digits = format!("{digits:0>width$}", width = places as usize + 1);
        let (units, fraction) = digits.split_at(digits.len() - places as usize);
        let sign = if self.is_negative() { "-" } else { "" };
        if !ends {
            return format!("{sign}{units}.{fraction}…");
        }
        let mut fraction = fraction.trim_end_matches('0').to_owned();
        while fraction.len() < decimals as usize {
            fraction.push('0');
        }
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{units}{point}{fraction}")
    }
}

/// `quantity × thousandths + amount × minor units`, over a denominator: what everything about taxes
/// comes down to, because a tax is linear in the price.
#[derive(Clone, Debug)]
pub(crate) enum Linear {
    Small { quantity: i128, amount: i128, over: i128 },
    Big { quantity: BigRational, amount: BigRational },
}

impl Linear {
    /// From two coefficients that fit.
    pub(crate) fn small(quantity: &Ratio<i128>, amount: &Ratio<i128>) -> Option<Self> {
        let common = quantity.denom().gcd(amount.denom());
        let over = (quantity.denom() / common).checked_mul(*amount.denom())?;
        Some(Self::Small {
            quantity: quantity.numer().checked_mul(&(over / quantity.denom()))?,
            amount: amount.numer().checked_mul(&(over / amount.denom()))?,
            over,
        })
    }

    /// Its value for so many thousandths and minor units.
    pub(crate) fn at(&self, thousandths: i128, minor: i128) -> Exact {
        match self {
            Self::Small { quantity, amount, over } => {
                let numerator = quantity
                    .checked_mul(&thousandths)
                    .zip(amount.checked_mul(&minor))
                    .and_then(|(left, right)| left.checked_add(right));
                if let Some(numerator) = numerator {
                    return Exact::Small { numerator, denominator: *over };
                }
                let numerator = BigInt::from(*quantity) * BigInt::from(thousandths)
                    + BigInt::from(*amount) * BigInt::from(minor);
                Exact::Big(Ratio::new(numerator, BigInt::from(*over)))
            }
            Self::Big { quantity, amount } => {
                Exact::Big(quantity * BigInt::from(thousandths) + amount * BigInt::from(minor))
            }
        }
    }

    /// The share of the amount as a reduced fraction, if quantity plays no part.
    pub(crate) fn share_of_amount(&self) -> Option<BigRational> {
        match self {
            Self::Small { quantity: 0, amount, over } => {
                Some(Ratio::new(BigInt::from(*amount), BigInt::from(*over)))
            }
            Self::Big { quantity, amount }
                if quantity.numer().sign() == num_bigint::Sign::NoSign =>
            {
                Some(amount.clone())
            }
            _ => None,
        }
    }
}

/// Shares `whole` out as `exact` says: every part is rounded down or up, and they add up. What is
/// left over goes to the largest remainders, ties to the earlier in `exact`. None if that cannot be
/// (`whole` is not the rounded sum).
pub(crate) fn share_out(whole: i128, exact: &[Exact]) -> Option<Vec<i128>> {
    // A document below nothing is the mirror image of one above.
    let mirrored = whole < 0;
    let mut parts = Vec::with_capacity(exact.len());
    let mut rests = Vec::with_capacity(exact.len());
    let mut left = if mirrored { whole.checked_neg()? } else { whole };
    for (index, value) in exact.iter().enumerate() {
        let (part, rest) = if mirrored { value.negated().split()? } else { value.split()? };
        left = left.checked_sub(part)?;
        parts.push(part);
        rests.push((index, rest));
    }
    rests.sort_by(|(_, a), (_, b)| b.order(a));
    let up = usize::try_from(left).ok().filter(|up| *up <= parts.len())?;
    for (index, _) in rests.into_iter().take(up) {
        if let Some(part) = parts.get_mut(index) {
            *part += 1;
        }
    }
    Some(if mirrored { parts.into_iter().map(|part| -part).collect() } else { parts })
}

/// What [`solve`] works with: whole numbers of fixed or of unbounded length.
pub(crate) trait Whole:
    Clone + num_integer::Integer + num_traits::CheckedAdd + num_traits::CheckedMul + From<i128>
{
}

impl Whole for i128 {}
impl Whole for BigInt {}

/// Why taxes have no formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsolved {
    /// The numbers became too long for their kind.
    TooLong,
    /// The included taxes leave no price.
    Impossible,
}

/// `left × right`, if it fits.
pub(crate) fn times<T: Whole>(left: &Ratio<T>, right: &Ratio<T>) -> Result<Ratio<T>, Unsolved> {
    left.checked_mul(right).ok_or(Unsolved::TooLong)
}

/// `left + right`, if it fits.
pub(crate) fn add<T: Whole>(left: &Ratio<T>, right: &Ratio<T>) -> Result<Ratio<T>, Unsolved> {
    left.checked_add(right).ok_or(Unsolved::TooLong)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use num_rational::Ratio;

    use super::{Exact, Linear, share_out};
    use crate::rounding::RoundingMode;

    fn small(numerator: i128, denominator: i128) -> Exact {
        Exact::Small { numerator, denominator }
    }

    fn big(numerator: i128, denominator: i128) -> Exact {
        Exact::Big(Ratio::new(BigInt::from(numerator), BigInt::from(denominator)))
    }

    #[test]
    fn long_fractions_round_as_short_ones_do() {
        for (numerator, denominator) in
            [(5, 2), (7, 2), (-5, 2), (-7, 2), (1, 3), (2, 3), (-1, 3), (-2, 3), (4, 1), (0, 1)]
        {
            for mode in [RoundingMode::HalfUp, RoundingMode::HalfEven] {
                let rounded = small(numerator, denominator).round(mode);
                assert_eq!(big(numerator, denominator).round(mode), rounded);
            }
        }
        let beyond = Exact::Big(Ratio::from_integer(BigInt::from(i128::MAX) * 2));
        assert_eq!(beyond.round(RoundingMode::HalfUp), None);
    }

    #[test]
    fn what_does_not_fit_goes_on_exactly() {
        let linear = Linear::Small { quantity: i128::MAX / 2, amount: i128::MAX / 2, over: 4 };
        let exact = linear.at(8, 8);
        assert_eq!(exact.big(), Ratio::from_integer(BigInt::from(i128::MAX / 2) * 4));
        let sum = small(i128::MAX, 3).plus(&small(i128::MAX, 3));
        assert_eq!(sum.big(), Ratio::new(BigInt::from(i128::MAX) * 2, BigInt::from(3)));
        let sum = Exact::sum(&[small(i128::MAX, 7), small(1, 5), big(-1, 5), small(-i128::MAX, 7)]);
        assert_eq!(sum.round(RoundingMode::HalfUp), Some(0));
    }

    #[test]
    fn the_largest_remainders_get_what_is_left_and_ties_the_first() {
        let thirds = [small(1, 3), small(2, 3), small(5, 3), small(1, 3)];
        assert_eq!(share_out(3, &thirds), Some(vec![0, 1, 2, 0]));
        let mixed = [small(1, 2), small(3, 5), big(3, 5), small(3, 10)];
        assert_eq!(share_out(2, &mixed), Some(vec![0, 1, 1, 0]));
        assert_eq!(share_out(1, &mixed), Some(vec![0, 1, 0, 0]));
        let back: Vec<Exact> = mixed.iter().map(Exact::negated).collect();
        assert_eq!(share_out(-2, &back), Some(vec![0, -1, -1, 0]));
        assert_eq!(share_out(9, &mixed), None, "nothing is made up");
    }

    #[test]
    fn a_fraction_is_written_in_full_or_with_an_ellipsis() {
        assert_eq!(small(100, 1).text(2), "1.00");
        assert_eq!(small(-831_390, 1000).text(2), "-8.3139");
        assert_eq!(small(617, 6).text(2), "1.028333…");
        assert_eq!(small(7, 2).text(0), "3.5");
        assert_eq!(small(1, 1).text(3), "0.001");
        assert_eq!(small(3, 1).text(0), "3");
    }
}
