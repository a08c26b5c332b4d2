//! What may be in a line of a receipt. Names come from files, web shops and keyboards: nothing in
//! them may end a line, steer a printer or turn the reading direction of an amount.

use unicode_normalization::UnicodeNormalization;

/// One line of text: composed (NFC), breaks as spaces, no control or invisible formatting
/// characters.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() || is_invisible(c) => None,
            c => Some(c),
        })
        .nfc()
        .collect()
}

/// Soft hyphens, joiners, marks and overrides of direction, byte order marks, variation selectors:
/// they only steer shaping, which no medium here does.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// What a medium prints in place of a character that it lacks, where a plainer one says the same.
fn plainer(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2212}' | '\u{2010}'..='\u{2015}' => "-",
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2b9}' | '\u{2bc}' => "'",
        '\u{201c}'..='\u{201f}' | '\u{2033}' => "\"",
        '\u{2039}' => "<",
        '\u{203a}' => ">",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{2026}' => "...",
        '\u{2022}' | '\u{25cf}' => "*",
        '\u{2044}' | '\u{2215}' => "/",
        '\u{d7}' => "x",
        '\u{2122}' => "(TM)",
        '\u{a9}' => "(c)",
        '\u{ae}' => "(R)",
        '\u{2190}' => "<-",
        '\u{2192}' => "->",
        _ => return None,
    })
}

/// Cleans `text` and keeps what the medium `has`; what it lacks becomes a plainer character, else a
/// visible `?` that is reported once in `missing`.
pub(crate) fn fit(text: &str, has: impl Fn(char) -> bool, missing: &mut Vec<char>) -> String {
    substitute(text, has, |_| false, '?', missing)
}

/// The same for a medium that has some characters at hand and others at a price: a plainer character
/// is taken before what must be drawn. What can be neither becomes `blank`.
pub(crate) fn substitute(
    text: &str,
    has: impl Fn(char) -> bool,
    draws: impl Fn(char) -> bool,
    blank: char,
    missing: &mut Vec<char>,
) -> String {
    let mut fitted = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match plainer(c) {
            _ if has(c) => fitted.push(c),
            Some(plain) => fitted.push_str(plain),
            None if draws(c) => fitted.push(c),
            None => {
                fitted.push(blank);
                if !missing.contains(&c) {
                    missing.push(c);
                }
            }
        }
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::{clean, fit};

    #[test]
    fn a_line_stays_one_line_and_steers_nothing() {
        assert_eq!(clean("Tea\r\n\tgreen\u{1b}p0\u{7f}\u{9b}"), "Tea   greenp0");
        assert_eq!(clean("5\u{202e}00.1\u{200b}"), "500.1");
        assert_eq!(clean("Cafe\u{301}"), "Café");
    }

    #[test]
    fn what_a_medium_lacks_is_seen_and_reported() {
        let mut missing = Vec::new();
        let line = fit("\u{2212}5 “茶” 茶…", |c| c.is_ascii(), &mut missing);
        assert_eq!(line, "-5 \"?\" ?...");
        assert_eq!(missing, ['茶']);
    }
}
