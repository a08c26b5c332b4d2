//! Percent-encoding, as links carry it (RFC 3986): everything but unreserved characters is encoded, a
//! space as `%20` and never as `+`.

use std::fmt::Write as _;

/// Encodes everything but unreserved characters.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes once; a `+` stays one. `None` if a `%` is not followed by two digits, or the bytes are no
/// UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
            out.push(high * 16 + low);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The members of a query, each name and value decoded once. `None` if one cannot be decoded.
pub(super) fn members(query: &str) -> Option<Vec<(String, String)>> {
    query
        .split('&')
        .filter(|member| !member.is_empty())
        .map(|member| {
            let (name, value) = member.split_once('=').unwrap_or((member, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, encode};

    proptest! {
        #[test]
        fn what_is_encoded_reads_back_and_has_no_plus(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            prop_assert_eq!(decode(&encoded), Some(text));
        }
    }

    #[test]
    fn a_plus_stays_one_and_half_a_byte_is_refused() {
        assert_eq!(decode("a+b%20c"), Some("a+b c".to_owned()));
        assert_eq!(encode("a+b c"), "a%2Bb%20c");
        for broken in ["%", "%2", "%zz", "%ff", "%c3"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
