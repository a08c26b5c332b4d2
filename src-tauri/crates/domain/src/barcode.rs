//! Barcodes: check digits and the in-store range of GS1 (General Specifications 2.1.11).

/// The check digit of a GTIN body (any length): weights 3 and 1 from the right, GS1 7.9.
///
/// `None` if `body` holds anything but digits.
pub fn check_digit(body: &str) -> Option<char> {
    let mut sum = 0_u32;
    for (index, character) in body.chars().rev().enumerate() {
        let digit = character.to_digit(10)?;
        sum += if index % 2 == 0 { digit * 3 } else { digit };
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// True for 8, 12, 13 or 14 digits whose last is the check digit of the rest.
pub fn is_gtin(code: &str) -> bool {
    if !matches!(code.len(), 8 | 12 | 13 | 14) || !code.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (body, check) = code.split_at(code.len() - 1);
    check_digit(body).is_some_and(|digit| check.starts_with(digit))
}

/// An EAN-13 of the in-store range (prefix 20) from a number; the same number, the same code.
pub fn in_store_ean13(number: u64) -> String {
    let body = format!("20{:010}", number % 10_000_000_000);
    let check = check_digit(&body).unwrap_or('0');
    format!("{body}{check}")
}

/// How a scanned code is looked up: white space around it gone, and UPC-A (12 digits) as the EAN-13
/// that it is, so that an American label finds the item whichever way the file wrote it.
pub fn normalise(code: &str) -> String {
    let code = code.trim();
    if code.len() == 12 && is_gtin(code) { format!("0{code}") } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{in_store_ean13, is_gtin, normalise};

    #[test]
    fn a_label_with_a_wrong_digit_is_no_gtin() {
        assert!(is_gtin("4006381333931"));
        assert!(!is_gtin("4006381333932"));
        assert!(is_gtin("96385074"));
        assert!(is_gtin("036000291452"));
        assert!(!is_gtin("abc"));
    }

    #[test]
    fn in_store_codes_are_valid_and_stay_in_their_range() {
        for number in [0, 7, 9_999_999_999, u64::MAX] {
            let code = in_store_ean13(number);
            assert!(is_gtin(&code) && code.starts_with("20"), "{code}");
        }
    }

    #[test]
    fn an_american_label_is_the_same_item() {
        assert_eq!(normalise(" 036000291452 "), "0036000291452");
        assert_eq!(normalise("ABC-1"), "ABC-1");
    }
}
