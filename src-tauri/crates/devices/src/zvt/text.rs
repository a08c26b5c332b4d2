//! Text of a terminal: decoded, cleaned, and without any card's number in it.

/// The upper half of code page 437, which terminals write unless another one was agreed on.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧\
                     ╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A card's number has so many digits.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// The text in `bytes`, with control characters taken out, spaces at its end too, and the digits of
/// any card's number but the last four covered.
pub(crate) fn read(bytes: &[u8]) -> String {
    let text: String = bytes.iter().filter_map(|byte| character(*byte)).collect();
    without_cards(text.trim_end())
}

/// [`read`], trimmed at both ends and at most `most` characters long.
pub(crate) fn short(bytes: &[u8], most: usize) -> String {
    read(bytes).trim().chars().take(most).collect()
}

/// `text` in code page 437; what is not in there becomes a question mark.
pub(crate) fn write(text: &str) -> Vec<u8> {
    text.chars()
        .map(|wanted| match u8::try_from(wanted) {
            Ok(byte @ 0x20..=0x7E) => byte,
            _ => UPPER
                .chars()
                .position(|known| known == wanted)
                .and_then(|place| u8::try_from(place + 0x80).ok())
                .unwrap_or(b'?'),
        })
        .collect()
}

fn character(byte: u8) -> Option<char> {
    match byte {
        0x20..=0x7E => Some(char::from(byte)),
        0x80.. => UPPER.chars().nth(usize::from(byte - 0x80)),
        _ => None,
    }
}

/// `text` with every card's number covered up to its last four digits, and whatever follows one on
/// a magnetic stripe.
pub(crate) fn without_cards(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut covered = characters.clone();
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let places = run_of_digits(&characters, at);
        let end = places.last().map_or(at, |last| last + 1);
        if let Some(length) = card_length(&characters, &places) {
            let kept = places.len() == length;
            let cover = if kept { length - 4 } else { places.len() };
            for place in &places[..cover] {
                covered[*place] = '*';
            }
            at = cover_stripe(&mut covered, end);
        } else {
            at = end;
        }
    }
    covered.into_iter().collect()
}

/// The places of the digits from `at` on that read as one number: single spaces and dashes may stand
/// between.
fn run_of_digits(text: &[char], at: usize) -> Vec<usize> {
    let mut places = vec![at];
    let mut next = at + 1;
    loop {
        let digit = |place: usize| text.get(place).is_some_and(char::is_ascii_digit);
        if digit(next) {
            places.push(next);
            next += 1;
        } else if text.get(next).is_some_and(|c| " -".contains(*c)) && digit(next + 1) {
            places.push(next + 1);
            next += 2;
        } else {
            return places;
        }
    }
}

/// How many of the digits are a card's number, if they begin with one.
fn card_length(text: &[char], places: &[usize]) -> Option<usize> {
    // In groups, a card's number begins with four digits and then has four or six: other numbers
    // that happen to stand beside each other do not.
    let group = |from: usize| {
        places[from..].windows(2).position(|pair| pair[1] != pair[0] + 1).map(|last| last + 1)
    };
    if let Some(first) = group(0)
        && (first != 4 || group(first).is_some_and(|second| second != 4 && second != 6))
    {
        return None;
    }
    let digits: Vec<u32> = places.iter().filter_map(|place| text[*place].to_digit(10)).collect();
    CARD.rev().find(|length| digits.get(..*length).is_some_and(is_card))
}

/// The check digit of cards (ISO/IEC 7812-1, annex B). Nothing but zeros is no number.
fn is_card(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// Covers the rest of a magnetic stripe from `at` on: `=`, `D` or `^` and what follows up to the next
/// space. Answers where that is.
fn cover_stripe(text: &mut [char], at: usize) -> usize {
    if !text.get(at).is_some_and(|c| "=D^".contains(*c)) {
        return at;
    }
    let name = text[at] == '^';
    let mut end = at;
    while end < text.len() && (name || text[end] != ' ') {
        text[end] = '*';
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{UPPER, read, short, without_cards, write};

    #[test]
    fn the_code_page_is_whole_and_reads_back() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(read(b"f\x81r \x8Epfel\x07\x1B "), "für Äpfel");
        assert_eq!(write("für Äpfel"), b"f\x81r \x8Epfel");
        assert_eq!(write("寿"), b"?");
        assert_eq!(short(b"  Debit Mastercard\0", 5), "Debit");
    }

    #[test]
    fn no_card_number_is_left_in_a_text() {
        for (text, covered) in [
            ("4111111111111111", "************1111"),
            ("card 4111 1111 1111 1111 ok", "card **** **** **** 1111 ok"),
            ("5500-0000-0000-0004", "****-****-****-0004"),
            ("378282246310005", "***********0005"),
            (";4111111111111111=25121010000012345678?", ";************1111**********************"),
            ("B4111111111111111^DOE/JANE^2512101", "B************1111*****************"),
            ("411111111111111125121010000012345678", "************************************"),
            // What a slip has besides: dates, receipt and trace numbers, totals.
            ("19.10.2021         13:30:04", "19.10.2021         13:30:04"),
            ("0000013    0004      000001", "0000013    0004      000001"),
            ("411111 1111111111", "411111 1111111111"),
            ("Trace#:            10004001", "Trace#:            10004001"),
            ("L:************0000", "L:************0000"),
            ("0000000000000000", "0000000000000000"),
        ] {
            assert_eq!(without_cards(text), covered);
        }
    }
}
