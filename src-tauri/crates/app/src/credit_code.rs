//! Codes for gift cards and credit notes: sixteen characters that nobody guesses, the last of which
//! finds every mistyped character and every two that were swapped.

use uuid::Uuid;

/// No 0 and O, no 1, I and L. A prime number of them, so that the check below misses nothing.
const ALPHABET: &[u8; PRIME as usize] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const PRIME: u128 = 31;
/// Characters before the check character.
const BODY: usize = 15;

/// A code from the lower 32 bits of each id: those are random in ids of version 7, 96 bits where
/// the code holds 74.
pub(crate) fn make(ids: [Uuid; 3]) -> String {
    let mut chance = ids.iter().fold(0, |sum, id| sum << 32 | (id.as_u128() & 0xFFFF_FFFF));
    let mut values = Vec::with_capacity(BODY + 1);
    for _ in 0..BODY {
        values.push(chance % PRIME);
        chance /= PRIME;
    }
    values.push((PRIME - weighed(&values)) % PRIME);
    values.into_iter().map(character).collect()
}

/// True for a code that the register made; hardly ever for another maker's.
pub(crate) fn is_ours(code: &str) -> bool {
    let values: Option<Vec<u128>> = code.bytes().map(value).collect();
    code.chars().count() == BODY + 1 && values.is_some() && !is_mistyped(code)
}

/// True for what looks like a code of ours but has a wrong character in it.
pub(crate) fn is_mistyped(code: &str) -> bool {
    if code.chars().count() != BODY + 1 {
        return false;
    }
    let values: Option<Vec<u128>> = code.bytes().map(value).collect();
    // Characters that no code has are a mistake too, where the rest looks like one.
    values.is_none_or(|values| {
        let (body, check) = values.split_at(BODY);
        !(weighed(body) + check.iter().sum::<u128>()).is_multiple_of(PRIME)
    })
}

/// Each value times its place, from 2 on; the check character's place is 1.
fn weighed(values: &[u128]) -> u128 {
    values.iter().zip(2..).map(|(value, weight)| value * weight).sum::<u128>() % PRIME
}

fn character(value: u128) -> char {
    usize::try_from(value).ok().and_then(|at| ALPHABET.get(at)).map_or('2', |&c| char::from(c))
}

fn value(character: u8) -> Option<u128> {
    ALPHABET.iter().position(|&c| c == character).map(|at| at as u128)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::{ALPHABET, is_mistyped, is_ours, make};

    fn code(number: u128) -> String {
        make([number, number + 1, number + 2].map(Uuid::from_u128))
    }

    #[test]
    fn every_code_is_another_one() {
        let codes: BTreeSet<_> = (0..3_000).map(|n| code(n * 3)).collect();
        assert_eq!(codes.len(), 3_000);
        assert!(codes.iter().all(|code| code.len() == 16 && !is_mistyped(code)));
    }

    #[test]
    fn a_mistyped_character_is_noticed_wherever_it_is() {
        let code = code(0x1234_5678).into_bytes();
        for place in 0..code.len() {
            for &other in ALPHABET.iter().filter(|&&other| Some(&other) != code.get(place)) {
                let mut typed = code.clone();
                if let Some(at) = typed.get_mut(place) {
                    *at = other;
                }
                assert!(is_mistyped(&String::from_utf8_lossy(&typed)), "{place}");
            }
        }
    }

    #[test]
    fn two_characters_that_change_places_are_noticed() {
        for number in [7, 0xFEED_BEEF, 0x0BAD_CAFE] {
            let code = code(number).into_bytes();
            for one in 0..code.len() {
                for other in one + 1..code.len() {
                    let mut typed = code.clone();
                    typed.swap(one, other);
                    assert_eq!(is_mistyped(&String::from_utf8_lossy(&typed)), typed != code);
                }
            }
        }
    }

    #[test]
    fn a_card_of_another_maker_is_not_called_mistyped() {
        assert!(!is_mistyped("6031-40"));
        assert!(!is_ours("6031-40") && !is_ours("1234567890123456") && is_ours(&code(7)));
        assert!(!is_mistyped("12345678901234567890"));
    }
}
