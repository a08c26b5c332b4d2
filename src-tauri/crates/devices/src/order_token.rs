//! A token that a payment carries through a terminal and back, where the language leaves room for
//! one: the answer to another payment cannot be taken for the answer to this one.

use countertop_domain::ids::TenderId;

/// Characters of a token.
pub(crate) const LENGTH: usize = 10;

/// What every token begins with, so that one that comes back late is known as one.
const FIRST: u8 = b'T';

/// Digits and letters that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The token of a payment: always the same for the same payment.
pub(crate) fn of(attempt: TenderId) -> [u8; LENGTH] {
    let mut token = [FIRST; LENGTH];
    // The end of an id of version 7 is random.
    let mut rest = attempt.uuid().as_u128();
    for place in token.iter_mut().skip(1) {
        *place = ALPHABET[(rest % 32) as usize];
        rest /= 32;
    }
    token
}

/// What a terminal sent back in place of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// This payment's token.
    Ours,
    /// The token of another payment.
    Another,
    /// Nothing, or something of the terminal's own.
    None,
}

/// Compares what came back with the token of the payment that was ordered.
pub(crate) fn compare(came_back: &[u8], ordered: &[u8; LENGTH]) -> Echo {
    let came_back = came_back.trim_ascii();
    if came_back == ordered {
        return Echo::Ours;
    }
    let is_one = came_back.len() == LENGTH
        && came_back.first() == Some(&FIRST)
        && came_back.iter().skip(1).all(|byte| ALPHABET.contains(byte));
    if is_one { Echo::Another } else { Echo::None }
}

#[cfg(test)]
mod tests {
    use super::{Echo, compare, of};

    #[test]
    fn each_payment_has_a_token_of_its_own() -> Result<(), Box<dyn std::error::Error>> {
        let one = of("0192f0c1-2b3c-7def-8123-456789abcdef".parse()?);
        let other = of("0192f0c1-2b3c-7def-8123-456789abcdee".parse()?);
        assert!(one.is_ascii() && one.starts_with(b"T"));
        assert_eq!(compare(&one, &one), Echo::Ours);
        assert_eq!(compare(&other, &one), Echo::Another);
        assert_eq!(compare(b"          ", &one), Echo::None);
        assert_eq!(compare(b"1010000000", &one), Echo::None);
        Ok(())
    }
}
