//! The one place where an exact fraction becomes a whole number of minor units.

/// `numerator / denominator`, halves away from zero (commercial rounding).
///
/// `None` if the denominator is not positive.
pub(crate) fn half_up(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let quotient = numerator / denominator;
    let remainder = numerator % denominator;
    let carry = if remainder.abs() * 2 >= denominator { remainder.signum() } else { 0 };
    Some(quotient + carry)
}

#[cfg(test)]
mod tests {
    use super::half_up;

    #[test]
    fn halves_go_away_from_zero_on_both_sides() {
        assert_eq!(half_up(5, 2), Some(3));
        assert_eq!(half_up(-5, 2), Some(-3));
        assert_eq!(half_up(49, 100), Some(0));
        assert_eq!(half_up(50, 100), Some(1));
        assert_eq!(half_up(1, 0), None);
    }
}
