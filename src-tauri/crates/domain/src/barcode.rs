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

/// Every way in which a catalogue may have written the item of a valid GTIN: with 14 digits, and as
/// EAN-13, UPC-A or EAN-8 where leading zeros allow it; `code` itself first. Another code has one.
pub fn spellings(code: &str) -> Vec<String> {
    let mut spellings = vec![code.to_owned()];
    if is_gtin(code) {
        let whole = format!("{code:0>14}");
        for length in [13, 14, 12, 8] {
            let Some((zeros, rest)) = whole.split_at_checked(14 - length) else { continue };
            if zeros.bytes().all(|b| b == b'0') && !spellings.iter().any(|known| known == rest) {
                spellings.push(rest.to_owned());
            }
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::{in_store_ean13, is_gtin, normalise, spellings};

    #[test]
    fn an_item_is_found_however_many_zeros_its_number_was_written_with() {
        assert_eq!(spellings("4006381333931"), ["4006381333931", "04006381333931"]);
        assert_eq!(
            spellings("00036000291452"),
            ["00036000291452", "0036000291452", "036000291452"]
        );
        assert_eq!(
            spellings("96385074"),
            ["96385074", "0000096385074", "00000096385074", "000096385074"]
        );
        assert_eq!(spellings("14006381333938"), ["14006381333938"], "a case is not its content");
        assert_eq!(spellings("ABC"), ["ABC"]);
    }

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
