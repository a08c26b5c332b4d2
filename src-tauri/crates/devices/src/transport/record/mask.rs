//! What is kept secret of a recording, for each language.

use std::ops::Range;

use super::Way;

/// The digits of the shortest and of the longest card's number.
const CARD: Range<usize> = 12..20;

/// Hides nothing: scanners, scales, displays and printers know no secrets.
pub fn mask_nothing(_: Way, _: &[u8]) -> Vec<Range<usize>> {
    Vec::new()
}

/// Hides what may be a card's number in text that comes from a terminal: twelve digits or more in a
/// row.
pub fn mask_cards(way: Way, bytes: &[u8]) -> Vec<Range<usize>> {
    match way {
        Way::Out => Vec::new(),
        Way::In => runs(bytes, u8::is_ascii_digit, CARD.start),
    }
}

/// Hides what may be a card's number in the answers of a Concert terminal: result and amount, in
/// front of the report of the card, stay to be seen.
pub fn mask_concert(way: Way, bytes: &[u8]) -> Vec<Range<usize>> {
    /// Behind STX: register, result, amount and means.
    const HEAD: usize = 12;
    let mut hidden = mask_cards(way, bytes);
    for run in &mut hidden {
        let begins = run.start.checked_sub(1).and_then(|before| bytes.get(before));
        if begins == Some(&0x02) {
            run.start = run.end.min(run.start + HEAD);
        }
    }
    hidden.retain(|run| run.len() >= CARD.start);
    hidden
}

/// Hides passwords in what goes to a ZVT terminal, and in what comes from it a card's number, track
/// and expiry date, as text or as packed digits.
pub fn mask_zvt(way: Way, bytes: &[u8]) -> Vec<Range<usize>> {
    match way {
        Way::Out => password(bytes).into_iter().collect(),
        Way::In => {
            let mut hidden = runs(bytes, u8::is_ascii_digit, CARD.start);
            hidden.extend(fields(bytes));
            hidden.extend(packed_cards(bytes));
            hidden
        }
    }
}

/// Commands whose first field is a password of three bytes.
const WITH_PASSWORD: [u8; 12] =
    [0x00, 0x10, 0x12, 0x18, 0x20, 0x21, 0x22, 0x23, 0x25, 0x30, 0x31, 0x50];

fn password(message: &[u8]) -> Option<Range<usize>> {
    let start = if message.starts_with(&[0x10, 0x02]) { 2 } else { 0 };
    let &[class, instruction, length] = message.get(start..start + 3)? else { return None };
    let has_one = (class == 0x06 && WITH_PASSWORD.contains(&instruction))
        || (class == 0x05 && instruction == 0x01);
    let skip = if length == 0xFF { 5 } else { 3 };
    // A byte 10 in it is doubled on a serial line.
    let from = start + skip;
    (has_one && length >= 3).then(|| from..message.len().min(from + 6))
}

/// Card number (22), track two (23), track three (24) and track one (2D), each behind its length in
/// digits of the form Fx Fy; expiry date (0E); and the same in EMV's own fields.
fn fields(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    for (place, window) in bytes.windows(3).enumerate() {
        match window {
            [0x22 | 0x23 | 0x2D, tens @ 0xF0..=0xF9, ones @ 0xF0..=0xF9] => {
                let length = usize::from(tens & 0x0F) * 10 + usize::from(ones & 0x0F);
                hidden.push(place + 3..place + 3 + length);
            }
            [0x24, hundreds @ 0xF0..=0xF9, tens @ 0xF0..=0xF9] => {
                let ones = bytes.get(place + 3).copied().unwrap_or_default() & 0x0F;
                let length = usize::from(hundreds & 0x0F) * 100
                    + usize::from(tens & 0x0F) * 10
                    + usize::from(ones);
                hidden.push(place + 4..place + 4 + length);
            }
            [0x5A | 0x57, length @ 6..=19, _] => {
                hidden.push(place + 2..place + 2 + usize::from(*length));
            }
            _ => {}
        }
    }
    hidden.into_iter().map(|range| range.start..range.end.min(bytes.len())).collect()
}

/// Fourteen to nineteen packed digits anywhere that are right as a card's number: its first digit
/// says so, and its check digit. An amount has twelve, and begins with noughts.
fn packed_cards(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    for start in 0..bytes.len() {
        let mut digits = Vec::new();
        for byte in bytes.iter().skip(start).take(10) {
            let nibbles = [byte >> 4, byte & 0x0F];
            digits.extend(nibbles.into_iter().take_while(|nibble| *nibble <= 9));
            let is_one = (14..=19).contains(&digits.len())
                && digits.first().is_some_and(|first| (2..=6).contains(first))
                && is_checked(&digits);
            if is_one {
                hidden.push(start..start + digits.len().div_ceil(2));
            }
            if nibbles.iter().any(|nibble| *nibble > 9) {
                break;
            }
        }
    }
    hidden
}

/// Whether the last digit is the check digit of a card's number.
fn is_checked(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(*digit) * if place % 2 == 0 { 1 } else { 2 } {
            two if two > 9 => two - 9,
            one => one,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn runs(bytes: &[u8], fits: fn(&u8) -> bool, shortest: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in 0..=bytes.len() {
        if !bytes.get(end).is_some_and(fits) {
            if end - start >= shortest {
                found.push(start..end);
            }
            start = end + 1;
        }
    }
    found
}
