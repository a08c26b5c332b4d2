//! Text of a shop that people are to read. Whoever has the shop's key may write anything there.

/// Marks that one letter may carry: more than any language piles up.
const MAX_MARKS: usize = 4;

/// Whether text would not be read as it stands: control characters, marks that turn it around, letters
/// that nobody sees, piles of accents.
pub fn is_deceptive(text: &str) -> bool {
    let mut marks = 0;
    text.chars().any(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        is_hidden(c) || marks > MAX_MARKS
    })
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Text of an order, which must not be lost for a letter: what may not be shown is marked, what is too
/// long is cut.
pub fn marked(text: &str, most: usize) -> String {
    let mut marks = 0;
    let shown = text.trim().chars().filter_map(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            return None;
        }
        Some(match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_hidden(c) => '\u{FFFD}',
            c => c,
        })
    });
    shown.take(most).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_deceptive, marked};

    #[test]
    fn text_that_deceives_the_eye_is_known_and_every_language_may_be_written() {
        for bad in ["a\0b", "gnp\u{202E}.exe", "\u{2066}x", "Z\u{301}\u{301}\u{301}\u{301}\u{301}"]
        {
            assert!(is_deceptive(bad), "{bad:?}");
        }
        for good in ["Café crème", "Jérôme", "שוקולד", "شاي", "綠茶", "Ệ", "👩\u{200D}🍳 apron"]
        {
            assert!(!is_deceptive(good), "{good:?}");
        }
        assert_eq!(marked(" a\0b\u{202E}c\nd ", 5), "a\u{FFFD}b\u{FFFD}c");
    }
}
