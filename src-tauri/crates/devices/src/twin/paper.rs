//! A printer's side of ESC/POS: from the very bytes to what is on the paper.

use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

/// Something on the paper, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperItem {
    /// A line of text; an empty one is a line feed.
    Line {
        /// Its parts, each in one style.
        spans: Vec<PaperSpan>,
        /// Where it stands.
        align: PaperAlign,
    },
    /// Dots.
    Image(PaperImage),
    /// A bar code or a QR code.
    Code {
        /// `QR`, `CODE128`, `EAN13`, `EAN8` or `UPC-A`.
        kind: &'static str,
        /// What it says.
        data: String,
    },
    /// The paper moved on by so many lines.
    Feed(u8),
    /// The knife.
    Cut,
    /// The cash drawer's pulse: the pin, 2 or 5.
    Pulse(u8),
    /// Bytes that this printer knows no command for.
    Unknown(Vec<u8>),
}

/// Text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperSpan {
    /// The letters.
    pub text: String,
    /// Heavy.
    pub bold: bool,
    /// With a line under it.
    pub underline: bool,
    /// White on black.
    pub inverse: bool,
    /// Times as wide.
    pub wide: u8,
    /// Times as high.
    pub tall: u8,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaperAlign {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// Dots on the paper, 203 to the inch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperImage {
    /// Eight dots each.
    pub bytes_a_row: u16,
    /// Eight dots a byte, the leftmost in the highest bit, a set bit black, rows from the top.
    pub rows: Vec<u8>,
    /// Where it stands.
    pub align: PaperAlign,
}

impl PaperImage {
    /// Dots down.
    pub fn height(&self) -> usize {
        self.rows.len() / usize::from(self.bytes_a_row.max(1))
    }

    /// Its black dots as runs along a row: `(x, y, length)`.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (y, row) in self.rows.chunks(usize::from(self.bytes_a_row.max(1))).enumerate() {
            let dots: Vec<bool> = row
                .iter()
                .flat_map(|byte| (0..8).map(move |bit| byte << bit & 0x80 != 0))
                .collect();
            let mut x = 0;
            for run in dots.chunk_by(|a, b| a == b) {
                runs.extend((run.first() == Some(&true)).then_some((x, y, run.len())));
                x += run.len();
            }
        }
        runs
    }
}

/// What the printer does with the next bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Print(Vec<u8>),
    Command(Vec<u8>),
    /// `DLE EOT n` and `DLE DC4`: acted upon at once.
    Realtime(Vec<u8>),
    Unknown(Vec<u8>),
}

/// Cuts the stream into commands. A command that is not whole waits for its rest.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pending: Vec<u8>,
}

impl Tokens {
    pub(super) fn push(&mut self, byte: u8) -> Option<Token> {
        self.pending.push(byte);
        let whole = match command_length(&self.pending) {
            Length::Known(length) if length <= self.pending.len() => true,
            Length::Known(_) | Length::More => false,
            Length::NoCommand => return Some(Token::Unknown(std::mem::take(&mut self.pending))),
        };
        if !whole {
            return None;
        }
        let bytes = std::mem::take(&mut self.pending);
        Some(match bytes.first() {
            Some(0x10) => Token::Realtime(bytes),
            Some(0x20..=0x7e | 0x80..) => Token::Print(bytes),
            _ => Token::Command(bytes),
        })
    }

    /// Forgets a command that is not whole.
    pub(super) fn reset(&mut self) {
        self.pending.clear();
    }
}

enum Length {
    Known(usize),
    More,
    NoCommand,
}

/// How long the command is that begins with `bytes`.
fn command_length(bytes: &[u8]) -> Length {
    use Length::{Known, More, NoCommand};
    let word = |at: usize| match bytes.get(at..at + 2) {
        Some([low, high]) => Some(usize::from(*low) + 256 * usize::from(*high)),
        _ => None,
    };
    match *bytes {
        [] | [0x1b | 0x1d | 0x10] | [0x10, 0x04 | 0x14] => More,
        // NUL prints nothing.
        [0x0a | 0x0d | 0x09 | 0x00 | 0x20..=0x7e | 0x80.., ..] => Known(1),
        [0x10, 0x04, ..] => Known(3),
        [0x10, 0x14, 1, ..] => Known(5),
        [0x1b, b'@' | b'2', ..] => Known(2),
        [0x1b, b'R' | b't' | b'a' | b'E' | b'-' | b'd' | b'J' | b'3' | b'M' | b'!', ..] => Known(3),
        [0x1b, b'p', ..] => Known(5),
        [0x1d, b'!' | b'B' | b'h' | b'w' | b'H' | b'f' | b'r' | b'a' | b'I', ..] => Known(3),
        [0x1d, b'V'] | [0x1d, b'k'] | [0x1d, b'v'] | [0x1d, b'('] => More,
        [0x1d, b'V', 65 | 66, ..] => Known(4),
        [0x1d, b'V', 0 | 1 | 48 | 49, ..] => Known(3),
        [0x1d, b'k', 65..=73] => More,
        [0x1d, b'k', 65..=73, length, ..] => Known(4 + usize::from(length)),
        [0x1d, b'v', b'0', ..] => match (word(4), word(6)) {
            (Some(width), Some(height)) => Known(8 + width * height),
            _ => More,
        },
        [0x1d, b'(', b'k', ..] => word(3).map_or(More, |length| Known(5 + length)),
        _ => NoCommand,
    }
}

#[derive(Clone, Debug)]
struct Style {
    table: u8,
    align: PaperAlign,
    bold: bool,
    underline: bool,
    inverse: bool,
    wide: u8,
    tall: u8,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            table: 0,
            align: PaperAlign::Left,
            bold: false,
            underline: false,
            inverse: false,
            wide: 1,
            tall: 1,
        }
    }
}

/// The roll, and how the next letters will look.
#[derive(Debug, Default)]
pub(super) struct Roll {
    pub(super) items: Vec<PaperItem>,
    line: Vec<PaperSpan>,
    style: Style,
    qr: String,
}

impl Roll {
    /// Prints letters.
    pub(super) fn letters(&mut self, bytes: &[u8]) {
        let text: String = bytes.iter().map(|byte| letter(*byte, self.style.table)).collect();
        let Style { bold, underline, inverse, wide, tall, .. } = self.style;
        let span = PaperSpan { text: String::new(), bold, underline, inverse, wide, tall };
        match self.line.last_mut() {
            Some(last) if (PaperSpan { text: String::new(), ..last.clone() }) == span => {
                last.text.push_str(&text);
            }
            _ => self.line.push(PaperSpan { text, ..span }),
        }
    }

    fn end_line(&mut self) {
        let spans = std::mem::take(&mut self.line);
        self.items.push(PaperItem::Line { spans, align: self.style.align });
    }

    /// Anything but letters begins on a line of its own.
    fn push(&mut self, item: PaperItem) {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.items.push(item);
    }

    pub(super) fn unknown(&mut self, bytes: Vec<u8>) {
        self.push(PaperItem::Unknown(bytes));
    }

    pub(super) fn pulse(&mut self, pin: u8) {
        self.items.push(PaperItem::Pulse(pin));
    }

    /// Does what a command says; those that are answered are not for the paper.
    pub(super) fn command(&mut self, command: &[u8]) {
        match *command {
            [0x0a] => self.end_line(),
            [0x1b, b'@'] => {
                self.line.clear();
                self.style = Style::default();
            }
            [0x1b, b't', table] => self.style.table = table,
            [0x1b, b'a', align] => {
                self.style.align = match align {
                    1 | b'1' => PaperAlign::Centre,
                    2 | b'2' => PaperAlign::Right,
                    _ => PaperAlign::Left,
                };
            }
            [0x1b, b'E', on] => self.style.bold = on & 1 == 1,
            [0x1b, b'-', on] => self.style.underline = !matches!(on, 0 | b'0'),
            [0x1d, b'B', on] => self.style.inverse = on & 1 == 1,
            [0x1d, b'!', size] => {
                (self.style.wide, self.style.tall) = ((size >> 4 & 7) + 1, (size & 7) + 1);
            }
            [0x1b, b'd', lines] => self.push(PaperItem::Feed(lines)),
            [0x1d, b'V', ..] => self.push(PaperItem::Cut),
            [0x1d, b'k', kind, _, ref data @ ..] => self.bar_code(kind, data),
            [0x1d, b'v', b'0', _, low, high, _, _, ref rows @ ..] => {
                let bytes_a_row = u16::from_le_bytes([low, high]);
                let align = self.style.align;
                self.push(PaperItem::Image(PaperImage { bytes_a_row, rows: rows.to_vec(), align }));
            }
            [0x1d, b'(', b'k', _, _, b'1', b'P', b'0', ref data @ ..] => {
                self.qr = String::from_utf8_lossy(data).into_owned();
            }
            [0x1d, b'(', b'k', _, _, b'1', b'Q', ..] => {
                let data = self.qr.clone();
                self.push(PaperItem::Code { kind: "QR", data });
            }
            _ => {}
        }
    }

    fn bar_code(&mut self, kind: u8, data: &[u8]) {
        let kind = match kind {
            65 => "UPC-A",
            67 => "EAN13",
            68 => "EAN8",
            73 => "CODE128",
            _ => return self.unknown(data.to_vec()),
        };
        let text = String::from_utf8_lossy(data);
        let data = text.strip_prefix("{B").unwrap_or(&text).replace("{{", "{");
        self.push(PaperItem::Code { kind, data });
    }
}

/// The letter of a byte under the table of an Epson printer.
fn letter(byte: u8, table: u8) -> char {
    if byte < 0x80 {
        return char::from(byte);
    }
    let dos = match table {
        0 => 437,
        2 => 850,
        5 => 865,
        13 => 857,
        14 => 737,
        17 => 866,
        18 => 852,
        19 => 858,
        33 => 775,
        _ => 0,
    };
    if let Some(table) = DECODING_TABLE_CP_MAP.get(&dos) {
        let decoded = table.decode_string_checked([byte].as_slice());
        return decoded.and_then(|text| text.chars().next()).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let windows = match table {
        16 => encoding_rs::WINDOWS_1252,
        45 => encoding_rs::WINDOWS_1250,
        46 => encoding_rs::WINDOWS_1251,
        47 => encoding_rs::WINDOWS_1253,
        48 => encoding_rs::WINDOWS_1254,
        51 => encoding_rs::WINDOWS_1257,
        _ => return char::REPLACEMENT_CHARACTER,
    };
    decoded(windows, byte)
}

fn decoded(page: &'static Encoding, byte: u8) -> char {
    let bytes = [byte];
    let text = page.decode_without_bom_handling(&bytes).0;
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::{PaperItem, Roll, Token, Tokens};

    fn printed(bytes: &[u8]) -> Vec<PaperItem> {
        let (mut tokens, mut roll) = (Tokens::default(), Roll::default());
        for byte in bytes {
            match tokens.push(*byte) {
                Some(Token::Print(bytes)) => roll.letters(&bytes),
                Some(Token::Command(bytes)) => roll.command(&bytes),
                Some(Token::Unknown(bytes)) => roll.unknown(bytes),
                Some(Token::Realtime(_)) | None => {}
            }
        }
        roll.items
    }

    #[test]
    fn letters_are_those_of_the_code_page() {
        let bytes = [
            b"\x1b@".as_slice(),
            b"\x82 ",
            b"\x1bt\x13\xd5 ",
            b"\x1bt\x11\x97\xa0\xa9 ",
            b"\x1bt\x2f\xd9\n",
        ]
        .concat();
        let items = printed(&bytes);
        let [PaperItem::Line { spans, .. }] = items.as_slice() else {
            unreachable!("{items:?}");
        };
        assert_eq!(spans[0].text, "é € Чай Ω");
    }

    #[test]
    fn styles_codes_pictures_and_the_knife_are_told() {
        let bytes = [
            b"\x1b@\x1b\x61\x01\x1b\x45\x01\x1d\x21\x11SHOP\n".as_slice(),
            b"\x1dv0\x00\x01\x00\x02\x00\xff\x01",
            b"\x1dk\x49\x04{BT1",
            b"\x1d(k\x04\x001P0x\x1d(k\x03\x001Q0",
            b"\x1dVB\x00",
        ]
        .concat();
        let items = printed(&bytes);
        assert_eq!(items.len(), 5, "{items:?}");
        assert!(matches!(&items[0], PaperItem::Line { spans, .. }
            if spans[0].bold && spans[0].wide == 2 && spans[0].tall == 2));
        assert!(matches!(&items[1], PaperItem::Image(image)
            if image.runs() == [(0, 0, 8), (7, 1, 1)]));
        assert_eq!(items[2], PaperItem::Code { kind: "CODE128", data: "T1".to_owned() });
        assert_eq!(items[3], PaperItem::Code { kind: "QR", data: "x".to_owned() });
        assert_eq!(items[4], PaperItem::Cut);
        assert_eq!(printed(b"\x1b\x7f"), [PaperItem::Unknown(vec![0x1b, 0x7f])]);
    }
}
