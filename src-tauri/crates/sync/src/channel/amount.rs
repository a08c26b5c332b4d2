//! Amounts and quantities as shops write them: decimal text. No floats.

/// Minor units as decimal text: 1250 with two places is `12.50`.
pub fn decimal_text(minor: i64, places: u32) -> String {
    let places = usize::try_from(places.min(9)).unwrap_or(2);
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Decimal text in minor units, rounded half away from nothing where it has more places; none if it is
/// no number, or larger than a register counts.
pub fn minor_units(text: &str, places: u32) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    let places = usize::try_from(places.min(9)).ok()?;
    let mut kept: String = part.chars().take(places).collect();
    while kept.len() < places {
        kept.push('0');
    }
    let up = part.as_bytes().get(places).is_some_and(|digit| *digit >= b'5');
    let minor: i64 = format!("0{whole}{kept}").parse().ok()?;
    let minor = minor.checked_add(i64::from(up))?;
    // What every reader of JSON keeps exactly.
    (minor < 1_i64 << 53).then_some(if negative { -minor } else { minor })
}

#[cfg(test)]
mod tests {
    use super::{decimal_text, minor_units};

    #[test]
    fn amounts_are_written_and_read_back_to_the_last_unit() {
        for minor in [0, 1, -1, 99, 100, -1_250, 9_007_199_254_740_991] {
            for places in [0, 2, 3] {
                assert_eq!(minor_units(&decimal_text(minor, places), places), Some(minor));
            }
        }
        assert_eq!(decimal_text(-5, 2), "-0.05");
    }

    #[test]
    fn what_is_no_amount_is_none_and_more_places_are_rounded() {
        assert_eq!(minor_units("12.345", 2), Some(1_235));
        assert_eq!(minor_units("-0.005", 2), Some(-1));
        assert_eq!(minor_units("7", 2), Some(700));
        for bad in ["", "-", ".", "1,50", "1e5", "NaN", "0x10", "99999999999999999999", "1\0"] {
            assert_eq!(minor_units(bad, 2), None, "{bad}");
        }
    }
}
