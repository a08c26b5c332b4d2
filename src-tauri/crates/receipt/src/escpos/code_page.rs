//! Code pages: which characters a receipt printer has beyond ASCII, and at which byte.

use serde::{Deserialize, Serialize};

/// A code page. The number by which a printer selects it differs by model: see
/// [`super::Profile::code_pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePage {
    /// The United States and the beginning of all printers.
    Cp437,
    /// Greek.
    Cp737,
    /// The Baltic countries.
    Cp775,
    /// Western Europe.
    Cp850,
    /// Central Europe.
    Cp852,
    /// Turkish.
    Cp857,
    /// Western Europe with the euro sign.
    Cp858,
    /// The Nordic countries.
    Cp865,
    /// Cyrillic.
    Cp866,
    /// Central Europe as Windows has it.
    Cp1250,
    /// Cyrillic as Windows has it, with Ukrainian and Serbian letters.
    Cp1251,
    /// Western Europe as Windows has it, with typographic quotes.
    Cp1252,
    /// Greek as Windows has it, with the euro sign.
    Cp1253,
    /// Turkish as Windows has it.
    Cp1254,
    /// The Baltic countries as Windows has them.
    Cp1257,
}

const NONE: char = char::REPLACEMENT_CHARACTER;

impl CodePage {
    /// Every page that is known here.
    pub const ALL: [Self; 15] = [
        Self::Cp437,
        Self::Cp737,
        Self::Cp775,
        Self::Cp850,
        Self::Cp852,
        Self::Cp857,
        Self::Cp858,
        Self::Cp865,
        Self::Cp866,
        Self::Cp1250,
        Self::Cp1251,
        Self::Cp1252,
        Self::Cp1253,
        Self::Cp1254,
        Self::Cp1257,
    ];

    const fn upper(self) -> &'static str {
        match self {
            Self::Cp437 => CP437,
            Self::Cp737 => CP737,
            Self::Cp775 => CP775,
            Self::Cp850 => CP850,
            Self::Cp852 => CP852,
            Self::Cp857 => CP857,
            Self::Cp858 => CP858,
            Self::Cp865 => CP865,
            Self::Cp866 => CP866,
            Self::Cp1250 => CP1250,
            Self::Cp1251 => CP1251,
            Self::Cp1252 => CP1252,
            Self::Cp1253 => CP1253,
            Self::Cp1254 => CP1254,
            Self::Cp1257 => CP1257,
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

// The characters of the bytes 80 to FF; U+FFFD where a page has none.
const CP437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP737: &str = "\
    ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθ\
    ικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u{a0}";
const CP775: &str = "\
    ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤\
    ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐\
    └┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀\
    ÓßŌŃõÕµńĶķĻļņĒŅ’\u{ad}±“¾¶§÷„°∙·¹³²■\u{a0}";
const CP850: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP852: &str = "\
    ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č\
    áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
    └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀\
    ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";
const CP857: &str = "\
    ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞş\
    áíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\u{fffd}ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµ\u{fffd}×ÚÛÙìÿ¯´\u{ad}±\u{fffd}¾¶§÷¸°¨·¹³²■\u{a0}";
const CP858: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP865: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP866: &str = "\
    АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{a0}";
const CP1250: &str = "\
    €\u{fffd}‚\u{fffd}„…†‡\u{fffd}‰Š‹ŚŤŽŹ\u{fffd}‘’“”•–—\u{fffd}™š›śťžź\
    \u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż\
    ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß\
    ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
const CP1251: &str = "\
    ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{fffd}™љ›њќћџ\
    \u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї\
    АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмнопрстуфхцчшщъыьэюя";
const CP1252: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const CP1253: &str = "\
    €\u{fffd}‚ƒ„…†‡\u{fffd}‰\u{fffd}‹\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}‘’“”•–—\u{fffd}™\u{fffd}›\u{fffd}\u{fffd}\u{fffd}\u{fffd}\
    \u{a0}΅Ά£¤¥¦§¨©\u{fffd}«¬\u{ad}®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏ\
    ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\u{fffd}ΣΤΥΦΧΨΩΪΫάέήί\
    ΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\u{fffd}";
const CP1254: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}\u{fffd}\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}\u{fffd}Ÿ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß\
    àáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ";
const CP1257: &str = "\
    €\u{fffd}‚\u{fffd}„…†‡\u{fffd}‰\u{fffd}‹\u{fffd}¨ˇ¸\u{fffd}‘’“”•–—\u{fffd}™\u{fffd}›\u{fffd}¯˛\u{fffd}\
    \u{a0}\u{fffd}¢£¤\u{fffd}¦§Ø©Ŗ«¬\u{ad}®Æ°±²³´µ¶·ø¹ŗ»¼½¾æ\
    ĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽß\
    ąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž˙";

#[cfg(test)]
mod tests {
    use super::CodePage::{self, Cp437, Cp737, Cp850, Cp852, Cp858, Cp866, Cp1251, Cp1252, Cp1253};

    #[test]
    fn the_tables_agree_with_known_facts() {
        let known = [
            (Cp437, 'ü', Some(0x81)),
            (Cp437, 'é', Some(0x82)),
            (Cp437, 'ß', Some(0xe1)),
            (Cp437, '€', None),
            (Cp437, '£', Some(0x9c)),
            (Cp737, 'Ω', Some(0x97)),
            (Cp850, '€', None),
            (Cp850, 'ı', Some(0xd5)),
            (Cp850, 'Ø', Some(0x9d)),
            (Cp852, 'Ł', Some(0x9d)),
            (Cp858, '€', Some(0xd5)),
            (Cp858, 'ı', None),
            (Cp858, 'ø', Some(0x9b)),
            (Cp866, 'Ж', Some(0x86)),
            (Cp1251, 'Ж', Some(0xc6)),
            (Cp1251, 'ї', Some(0xbf)),
            (Cp1252, '€', Some(0x80)),
            (Cp1252, 'ü', Some(0xfc)),
            (Cp1252, 'ÿ', Some(0xff)),
            (Cp1252, '’', Some(0x92)),
            (Cp1252, '\u{fffd}', None),
            (Cp1252, '\u{1b}', None),
            (Cp1252, '\u{9b}', None),
            (Cp1253, 'ώ', Some(0xfe)),
            (Cp437, '\u{7f}', None),
            (Cp437, 'A', Some(0x41)),
            (Cp437, '茶', None),
        ];
        for (page, c, byte) in known {
            assert_eq!(page.byte(c), byte, "{page:?} {c:?}");
        }
        for page in CodePage::ALL {
            assert_eq!(page.upper().chars().count(), 128, "{page:?}");
            let controls = page.upper().chars().filter(|c| c.is_control()).count();
            assert_eq!(controls, 0, "{page:?}");
        }
        let gaps = |page: CodePage| page.upper().chars().filter(|c| *c == '\u{fffd}').count();
        assert_eq!((gaps(Cp1252), gaps(Cp866)), (5, 0));
    }
}
