//! Text as exactly twenty bytes that a display shows as twenty characters, and nothing else.

use std::str::FromStr;

use super::DISPLAY_CELLS;

// The characters of the bytes 80 to FF.
const CP437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP858: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The code page of a display.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DisplayPage {
    /// The United States; what every display starts with.
    #[default]
    Cp437,
    /// Western Europe with the euro sign.
    Cp858,
}

impl FromStr for DisplayPage {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "437" => Ok(Self::Cp437),
            "858" => Ok(Self::Cp858),
            _ => Err(format!("\"{name}\" is no code page of a display: choose 437 or 858")),
        }
    }
}

impl DisplayPage {
    /// Its name in settings and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cp437 => "437",
            Self::Cp858 => "858",
        }
    }

    /// The number by which displays select it.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Cp437 => 0,
            Self::Cp858 => 19,
        }
    }

    const fn upper(self) -> &'static str {
        match self {
            Self::Cp437 => CP437,
            Self::Cp858 => CP858,
        }
    }

    fn byte(self, c: char) -> Option<u8> {
        if (' '..='~').contains(&c) {
            return u8::try_from(c).ok();
        }
        let place = self.upper().chars().position(|upper| upper == c)?;
        u8::try_from(place + 0x80).ok()
    }

    /// The character that a byte stands for; none for a control.
    pub(crate) fn character(self, byte: u8) -> Option<char> {
        match byte {
            b' '..=b'~' => Some(char::from(byte)),
            0x80.. => self.upper().chars().nth(usize::from(byte - 0x80)),
            _ => None,
        }
    }

    /// Text as exactly one line of cells: what the page has stands as it is, other scripts in Latin
    /// letters, controls as blanks; cut or filled up with blanks at the end.
    pub(super) fn cells(self, text: &str) -> [u8; DISPLAY_CELLS] {
        let mut cells = [b' '; DISPLAY_CELLS];
        let bytes = text.chars().flat_map(|c| self.bytes(c));
        for (cell, byte) in cells.iter_mut().zip(bytes) {
            *cell = byte;
        }
        cells
    }

    fn bytes(self, c: char) -> Vec<u8> {
        if let Some(byte) = self.byte(c) {
            return vec![byte];
        }
        if c.is_control() {
            return vec![b' '];
        }
        let latin = match c {
            '€' => "EUR",
            '\u{a0}' | '\u{202f}' | '\u{2009}' => " ",
            _ => deunicode::deunicode_char(c).unwrap_or("?"),
        };
        latin.bytes().map(|byte| if (b' '..=b'~').contains(&byte) { byte } else { b' ' }).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DisplayPage;

    fn shown(page: DisplayPage, text: &str) -> String {
        page.cells(text).iter().filter_map(|byte| page.character(*byte)).collect()
    }

    #[test]
    fn what_the_page_has_is_shown_and_the_rest_in_latin_letters() {
        let western = DisplayPage::Cp858;
        assert_eq!(shown(western, "Käse  €2,50"), "Käse  €2,50         ");
        assert_eq!(shown(DisplayPage::Cp437, "Käse  €2,50"), "Käse  EUR2,50       ");
        assert_eq!(shown(western, "Żurek"), "Zurek               ");
        assert_eq!(shown(western, "Чай чёрный"), "Chai chiornyi       ");
        assert_eq!(shown(western, "A name that is longer than the pole"), "A name that is longe");
    }

    proptest! {
        #[test]
        fn no_name_can_be_a_command_or_another_length(text: String) {
            for page in [DisplayPage::Cp437, DisplayPage::Cp858] {
                let cells = page.cells(&text);
                prop_assert!(cells.iter().all(|byte| *byte >= b' ' && *byte != 0x7F));
                prop_assert_eq!(shown(page, &text).chars().count(), 20);
            }
        }
    }
}
