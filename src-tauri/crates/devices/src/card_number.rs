//! The one part of a card's number that leaves a driver.

/// The last four digits of what a terminal sent as a card's number, masked or not; empty if it is
/// no card's number. What is around the number (an expiry date, say) is dropped.
pub(crate) fn last_four(sent: &[u8]) -> String {
    let number = sent.split(|byte| *byte == b' ' || *byte == b'=').next().unwrap_or_default();
    let is_mask = |byte: &u8| matches!(byte, b'*' | b'X' | b'x' | b'#' | b'.' | b'F' | b'E');
    let fits = (8..=25).contains(&number.len())
        && number.iter().all(|byte| byte.is_ascii_digit() || is_mask(byte));
    let four = number.len().saturating_sub(4);
    let four = number.get(four..).unwrap_or_default();
    if fits && four.iter().all(u8::is_ascii_digit) {
        four.iter().copied().map(char::from).collect()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::last_four;

    #[test]
    fn a_number_shrinks_to_its_last_four_digits() {
        for (sent, kept) in [
            ("4976701234567890", "7890"),
            ("497670******7890", "7890"),
            ("***********0674", "0674"),
            ("123456######4321", "4321"),
            ("4976701234567890 2712 101 XYZ   ", "7890"),
            ("4976701234567890=2712101", "7890"),
            ("4976************", ""),
            ("", ""),
            ("1234", ""),
            ("no number at all", ""),
            ("12345678901234567890123456", ""),
        ] {
            assert_eq!(last_four(sent.as_bytes()), kept, "{sent}");
        }
    }
}
