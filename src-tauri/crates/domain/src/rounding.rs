//! The one place where an exact fraction becomes a whole number of minor units.

use serde::{Deserialize, Serialize};

/// Where an exact half goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Away from zero (commercial rounding): 2.5 is 3, -2.5 is -3.
    #[default]
    HalfUp,
    /// To the even neighbour (banker's rounding): 2.5 is 2, 3.5 is 4.
    HalfEven,
}

/// What a tax is rounded on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingScope {
    /// Each tax of each line by itself; the document is the sum of its lines.
    #[default]
    Line,
    /// Each tax once over all lines; the lines share the rounded amount out.
    Document,
}

/// How a shop rounds its taxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaxRounding {
    /// Per line or per document.
    pub scope: RoundingScope,
    /// Where halves go.
    pub mode: RoundingMode,
}

impl TaxRounding {
    /// True for the usual: per line, halves away from zero.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// `numerator / denominator`, rounded once. `None` if the denominator is not positive, or if the
/// result does not fit.
pub(crate) fn divide(numerator: i128, denominator: i128, mode: RoundingMode) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let (quotient, remainder) = quotient(numerator, denominator)?;
    let remainder = remainder.unsigned_abs();
    let rest = denominator.unsigned_abs() - remainder;
    let away = match remainder.cmp(&rest) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => mode == RoundingMode::HalfUp || quotient % 2 != 0,
    };
    quotient.checked_add(if away { numerator.signum() } else { 0 })
}

/// `numerator / denominator` towards zero, and what is left. `None` if the denominator is nothing or
/// the result does not fit. Amounts mostly fit into 64 bits, which divides several times faster.
pub(crate) fn quotient(numerator: i128, denominator: i128) -> Option<(i128, i128)> {
    if let (Ok(short), Ok(by)) = (i64::try_from(numerator), i64::try_from(denominator))
        && let (Some(quotient), Some(rest)) = (short.checked_div(by), short.checked_rem(by))
    {
        return Some((quotient.into(), rest.into()));
    }
    Some((numerator.checked_div(denominator)?, numerator.checked_rem(denominator)?))
}

/// [`divide`] with halves away from zero.
pub(crate) fn half_up(numerator: i128, denominator: i128) -> Option<i128> {
    divide(numerator, denominator, RoundingMode::HalfUp)
}

#[cfg(test)]
mod tests {
    use super::{RoundingMode, divide, half_up, quotient};

    #[test]
    fn a_long_division_comes_to_the_same_as_a_short_one() {
        let edge = i128::from(i64::MAX);
        for numerator in [0, 1, -1, 7, -7, edge, -edge - 1, edge + 1, -edge - 2] {
            for by in [1, -1, 2, -3, edge, -edge - 1, edge + 1] {
                assert_eq!(quotient(numerator, by), Some((numerator / by, numerator % by)));
            }
            assert_eq!(quotient(numerator, 0), None);
        }
        assert_eq!(quotient(i128::MIN, -1), None);
    }

    #[test]
    fn halves_go_away_from_zero_on_both_sides() {
        assert_eq!(half_up(5, 2), Some(3));
        assert_eq!(half_up(-5, 2), Some(-3));
        assert_eq!(half_up(49, 100), Some(0));
        assert_eq!(half_up(50, 100), Some(1));
        assert_eq!(half_up(-49, 100), Some(0));
        assert_eq!(half_up(1, 0), None);
    }

    #[test]
    fn a_banker_s_half_goes_to_the_even_neighbour() {
        let even = |numerator, denominator| divide(numerator, denominator, RoundingMode::HalfEven);
        assert_eq!(even(5, 2), Some(2));
        assert_eq!(even(7, 2), Some(4));
        assert_eq!(even(-5, 2), Some(-2));
        assert_eq!(even(-7, 2), Some(-4));
        assert_eq!(even(51, 20), Some(3));
        assert_eq!(even(1, 2), Some(0));
    }

    #[test]
    fn the_largest_numbers_are_rounded_and_never_wrapped() {
        for mode in [RoundingMode::HalfUp, RoundingMode::HalfEven] {
            assert_eq!(divide(i128::MAX, 1, mode), Some(i128::MAX));
            assert_eq!(divide(i128::MIN, 1, mode), Some(i128::MIN));
            assert_eq!(divide(i128::MAX, i128::MAX, mode), Some(1));
            assert_eq!(divide(i128::MAX - 1, i128::MAX, mode), Some(1));
        }
    }
}
