//! Code pages: what a receipt printer calls the letters beyond ASCII.

use serde::{Deserialize, Serialize};

/// A code page. The number by which a printer selects it differs by model: see
/// [`super::Profile::code_pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePage {
    /// The United States and the beginning of all printers.
    Cp437,
    /// Western Europe.
    Cp850,
    /// Western Europe with the euro sign.
    Cp858,
    /// Western Europe as Windows has it, with typographic quotes.
    Cp1252,
}

// The characters of the bytes 80 to FF; U+FFFD where a page has none.
const CP437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP850: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP858: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP1252: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const NONE: char = char::REPLACEMENT_CHARACTER;

impl CodePage {
    const fn upper(self) -> &'static str {
        match self {
            Self::Cp437 => CP437,
            Self::Cp850 => CP850,
            Self::Cp858 => CP858,
            Self::Cp1252 => CP1252,
        }
    }

    /// The byte for a character; never a control, so never a command.
    pub fn byte(self, c: char) -> Option<u8> {
        if is_plain(c) {
            return u8::try_from(c).ok();
        }
        let place = self.upper().chars().position(|upper| upper == c && c != NONE)?;
        u8::try_from(place + 0x80).ok()
    }
}

/// Printable ASCII, which every code page has at the same place.
pub(crate) fn is_plain(c: char) -> bool {
    (' '..='~').contains(&c)
}

/// Text as bytes that print and do nothing else. Only [`runs`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Vec<u8>);

impl Encoded {
    /// The bytes: 20 to 7E, and 80 to FF.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Text that one code page can print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which of the printer's pages, as an index into what was given to [`runs`]; none for plain
    /// ASCII under whatever page is set.
    pub page: Option<usize>,
    /// Its bytes there.
    pub text: Encoded,
}

/// Splits `text` into runs, staying with the page `current` while it can print the text and else
/// taking the page that prints the most of what follows. What no page can print becomes `?`.
pub fn runs(text: &str, pages: &[CodePage], current: Option<usize>) -> Vec<Run> {
    let chars: Vec<char> = text.chars().collect();
    let reach = |page: &CodePage, from: usize| {
        chars.iter().skip(from).take_while(|c| page.byte(**c).is_some()).count()
    };
    let mut runs: Vec<Run> = Vec::new();
    let mut page = current.filter(|index| *index < pages.len());
    let mut open = Vec::new();
    for (index, c) in chars.iter().enumerate() {
        if !is_plain(*c) && page.and_then(|p| pages.get(p)?.byte(*c)).is_none() {
            let best = pages
                .iter()
                .enumerate()
                .map(|(other, table)| (reach(table, index), std::cmp::Reverse(other)))
                .filter(|(reach, _)| *reach > 0)
                .max();
            if let Some((_, std::cmp::Reverse(best))) = best {
                close(&mut runs, page, &mut open);
                page = Some(best);
            }
        }
        let byte = page.and_then(|p| pages.get(p)?.byte(*c));
        open.push(byte.or(is_plain(*c).then_some(*c as u8)).unwrap_or(b'?'));
    }
    close(&mut runs, page, &mut open);
    runs
}

fn close(runs: &mut Vec<Run>, page: Option<usize>, open: &mut Vec<u8>) {
    if !open.is_empty() {
        runs.push(Run { page, text: Encoded(std::mem::take(open)) });
    }
}

#[cfg(test)]
mod tests {
    use super::CodePage::{self, Cp437, Cp850, Cp858, Cp1252};
    use super::runs;

    #[test]
    fn the_tables_agree_with_known_facts() {
        let known = [
            (Cp437, 'ü', Some(0x81)),
            (Cp437, 'é', Some(0x82)),
            (Cp437, 'ß', Some(0xe1)),
            (Cp437, '€', None),
            (Cp437, '£', Some(0x9c)),
            (Cp850, '€', None),
            (Cp850, 'ı', Some(0xd5)),
            (Cp850, 'Ø', Some(0x9d)),
            (Cp858, '€', Some(0xd5)),
            (Cp858, 'ı', None),
            (Cp858, 'ø', Some(0x9b)),
            (Cp1252, '€', Some(0x80)),
            (Cp1252, 'ü', Some(0xfc)),
            (Cp1252, 'ÿ', Some(0xff)),
            (Cp1252, '’', Some(0x92)),
            (Cp1252, '\u{fffd}', None),
            (Cp1252, '\u{1b}', None),
            (Cp1252, '\u{9b}', None),
            (Cp437, '\u{7f}', None),
            (Cp437, 'A', Some(0x41)),
            (Cp437, '茶', None),
        ];
        for (page, c, byte) in known {
            assert_eq!(page.byte(c), byte, "{page:?} {c:?}");
        }
        for page in [Cp437, Cp850, Cp858, Cp1252] {
            assert_eq!(page.upper().chars().count(), 128, "{page:?}");
        }
        let cp1252_gaps = Cp1252.upper().chars().filter(|c| *c == '\u{fffd}').count();
        assert_eq!(cp1252_gaps, 5);
    }

    #[test]
    fn a_run_stays_on_its_page_and_switches_for_the_longest_reach() {
        let pages: [CodePage; 3] = [Cp437, Cp850, Cp858];
        let split = |text, current| {
            runs(text, &pages, current)
                .into_iter()
                .map(|run| (run.page, run.text.bytes().to_vec()))
                .collect::<Vec<_>>()
        };
        assert_eq!(split("Tea", None), [(None, b"Tea".to_vec())]);
        assert_eq!(split("ü", Some(2)), [(Some(2), vec![0x81])]);
        assert_eq!(split("ü", None), [(Some(0), vec![0x81])]);
        // 437 has the first letter, only 858 has the second too.
        assert_eq!(split("é€", None), [(Some(2), vec![0x82, 0xd5])]);
        assert_eq!(
            split("ß π €", Some(1)),
            [(Some(1), vec![0xe1, b' ']), (Some(0), vec![0xe3, b' ']), (Some(2), vec![0xd5])]
        );
        assert_eq!(split("茶", Some(1)), [(Some(1), vec![b'?'])]);
    }
}
