//! Commands as bytes. Every variable part is bounded, so that no command can run into the next.

use crate::codes::{Code128, ProductCode, ProductCodeKind, Qr};

use super::profile::DrawerPulse;
use super::run::Encoded;

/// What the printer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `ESC @`: forget what an earlier job left behind.
    Initialise,
    /// `ESC R 0`: `#`, `$`, `[` and the like as in ASCII, whatever country the printer was set to.
    AsciiSigns,
    /// `ESC t`: letters beyond ASCII, by the printer's own number of a code page.
    CodeTable(u8),
    /// `ESC a`.
    Align(Align),
    /// `ESC E`.
    Bold(bool),
    /// `ESC -`.
    Underline(bool),
    /// `GS !`: so many times as wide and as high, 1 to 8.
    Size {
        /// Times the width.
        width: u8,
        /// Times the height.
        height: u8,
    },
    /// Text, already free of controls.
    Text(Encoded),
    /// `LF`: print the line.
    Line,
    /// `ESC d`: advance so many lines.
    Feed(u8),
    /// `GS V 66 0`: advance to the knife and cut, leaving a corner.
    Cut,
    /// `ESC p`: all five bytes; a shorter form would swallow what follows.
    Drawer(DrawerPulse),
    /// `GS h`: height of bar codes in dots, at least 1.
    BarcodeHeight(u8),
    /// `GS w`: dots a module of bar codes, 2 to 6.
    BarcodeModule(u8),
    /// `GS H`: the number under a bar code, or not.
    BarcodeNumber(bool),
    /// `GS k 73`, set B.
    Code128(Code128),
    /// `GS k 65`, `67` or `68`: UPC-A, EAN-13 or EAN-8, its check digit with it.
    Product(ProductCode),
    /// `GS r n`: how is the paper (1), how is the drawer (2); answered when all before it is done.
    Ask(Asked),
    /// `GS ( k` 165: model 2.
    QrModel2,
    /// `GS ( k` 167: dots a module, 1 to 16.
    QrModule(u8),
    /// `GS ( k` 169: how much may be smudged.
    QrLevel(QrLevel),
    /// `GS ( k` 180: the data.
    QrStore(Qr),
    /// `GS ( k` 181: print what is stored.
    QrPrint,
    /// `GS v 0`: part of a picture.
    Raster(Band),
}

/// Where a line or a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How much of a QR code may be smudged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrLevel {
    /// 7 percent.
    L,
    /// 15 percent.
    M,
    /// 25 percent.
    Q,
    /// 30 percent.
    H,
}

/// What `GS r` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The paper.
    Paper = 1,
    /// The drawer.
    Drawer = 2,
}

/// A black and white picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    bytes_a_row: u16,
    rows: Vec<u8>,
}

/// At most 255 rows of a [`Bitmap`]: small printers lose what is longer than their buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    bytes_a_row: u16,
    height: u8,
    rows: Vec<u8>,
}

impl Bitmap {
    /// A picture of `bytes_a_row` * 8 dots across: eight dots a byte, the leftmost in the highest
    /// bit, a set bit black, rows from the top. None unless the rows are whole.
    ///
    /// Some printers act on a real-time command even inside a picture, so where dots would spell one
    /// (`DLE` and `EOT`, `ENQ` or `DC4`) a dot is added.
    pub fn new(bytes_a_row: u16, mut rows: Vec<u8>) -> Option<Self> {
        let whole = bytes_a_row > 0 && rows.len().is_multiple_of(usize::from(bytes_a_row));
        for place in 1..rows.len() {
            if let Some([0x10, second @ (0x04 | 0x05 | 0x14)]) = rows.get_mut(place - 1..=place) {
                *second |= 0x08;
            }
        }
        whole.then_some(Self { bytes_a_row, rows })
    }

    /// The commands that print it, from the top.
    pub fn bands(&self) -> Vec<Command> {
        let bytes_a_row = self.bytes_a_row;
        self.rows
            .chunks(usize::from(bytes_a_row) * usize::from(u8::MAX))
            .map(|rows| {
                let height = rows.len() / usize::from(bytes_a_row);
                let height = u8::try_from(height).unwrap_or(u8::MAX);
                Command::Raster(Band { bytes_a_row, height, rows: rows.to_vec() })
            })
            .collect()
    }
}

impl Command {
    /// Appends the command's bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Initialise => out.extend(b"\x1b@"),
            Self::AsciiSigns => out.extend(b"\x1bR\x00"),
            Self::CodeTable(n) => out.extend([0x1b, b't', *n]),
            Self::Align(align) => out.extend([0x1b, b'a', *align as u8]),
            Self::Bold(on) => out.extend([0x1b, b'E', u8::from(*on)]),
            Self::Underline(on) => out.extend([0x1b, b'-', u8::from(*on)]),
            Self::Size { width, height } => {
                let [width, height] = [width, height].map(|times| times.clamp(&1, &8) - 1);
                out.extend([0x1d, b'!', width << 4 | height]);
            }
            Self::Text(text) => out.extend(text.bytes()),
            Self::Line => out.push(b'\n'),
            Self::Feed(lines) => out.extend([0x1b, b'd', *lines]),
            Self::Cut => out.extend([0x1d, b'V', 0x42, 0x00]),
            Self::Drawer(pulse) => {
                out.extend([0x1b, b'p', pulse.pin as u8, pulse.on, pulse.off]);
            }
            Self::BarcodeHeight(dots) => out.extend([0x1d, b'h', *dots.max(&1)]),
            Self::BarcodeModule(dots) => out.extend([0x1d, b'w', *dots.clamp(&2, &6)]),
            Self::BarcodeNumber(below) => out.extend([0x1d, b'H', if *below { 2 } else { 0 }]),
            Self::Code128(code) => code128(code, out),
            Self::Product(code) => {
                let kind = match code.kind() {
                    ProductCodeKind::UpcA => 65,
                    ProductCodeKind::Ean13 => 67,
                    ProductCodeKind::Ean8 => 68,
                };
                let digits = code.digits().as_bytes();
                out.extend([0x1d, b'k', kind, u8::try_from(digits.len()).unwrap_or(0)]);
                out.extend(digits);
            }
            Self::Ask(what) => out.extend([0x1d, b'r', *what as u8]),
            Self::QrModel2 => out.extend(b"\x1d(k\x04\x001A2\x00"),
            Self::QrModule(dots) => {
                out.extend(b"\x1d(k\x03\x001C");
                out.push(*dots.clamp(&1, &16));
            }
            Self::QrLevel(level) => {
                out.extend(b"\x1d(k\x03\x001E");
                out.push(b'0' + *level as u8);
            }
            Self::QrStore(qr) => {
                // A QR code holds 2,331 bytes at most: two bytes of length are enough.
                let length = u16::try_from(qr.data().len() + 3).unwrap_or(u16::MAX);
                out.extend(b"\x1d(k");
                out.extend(length.to_le_bytes());
                out.extend(b"1P0");
                out.extend(qr.data().as_bytes());
            }
            Self::QrPrint => out.extend(b"\x1d(k\x03\x001Q0"),
            Self::Raster(band) => {
                out.extend(b"\x1dv0\x00");
                out.extend(band.bytes_a_row.to_le_bytes());
                out.extend(u16::from(band.height).to_le_bytes());
                out.extend(&band.rows);
            }
        }
    }
}

/// `{B` chooses the set; a brace of the data is doubled, since a single one is the printer's.
fn code128(code: &Code128, out: &mut Vec<u8>) {
    let mut data = b"{B".to_vec();
    for byte in code.data().bytes() {
        data.push(byte);
        data.extend((byte == b'{').then_some(b'{'));
    }
    out.extend([0x1d, b'k', 73, u8::try_from(data.len()).unwrap_or(u8::MAX)]);
    out.extend(data);
}

#[cfg(test)]
mod tests {
    use super::{Align, Asked, Bitmap, Command, QrLevel};
    use crate::codes::{Code128, ProductCode, Qr};
    use crate::escpos::{DrawerPin, DrawerPulse};

    fn bytes(command: &Command) -> Vec<u8> {
        let mut out = Vec::new();
        command.encode(&mut out);
        out
    }

    #[test]
    fn commands_are_the_bytes_that_printers_document() -> Result<(), &'static str> {
        let qr = Qr::new("AB").ok_or("no code")?;
        let code = Code128::new("A{1").ok_or("no code")?;
        let product = |digits| ProductCode::new(digits).map(Command::Product).ok_or("no code");
        let pulse = DrawerPulse::default();
        let second = DrawerPulse { pin: DrawerPin::Five, ..pulse };
        let known: [(Command, &[u8]); 21] = [
            (Command::Initialise, &[0x1b, 0x40]),
            (Command::CodeTable(19), &[0x1b, 0x74, 19]),
            (Command::Align(Align::Centre), &[0x1b, 0x61, 1]),
            (Command::Align(Align::Right), &[0x1b, 0x61, 2]),
            (Command::Bold(true), &[0x1b, 0x45, 1]),
            (Command::Underline(true), &[0x1b, 0x2d, 1]),
            (Command::Size { width: 2, height: 2 }, &[0x1d, 0x21, 0x11]),
            (Command::Size { width: 0, height: 99 }, &[0x1d, 0x21, 0x07]),
            (Command::Cut, &[0x1d, 0x56, 0x42, 0]),
            (Command::Drawer(pulse), &[0x1b, 0x70, 0, 0x19, 0xfa]),
            (Command::Drawer(second), &[0x1b, 0x70, 1, 0x19, 0xfa]),
            (Command::Code128(code), b"\x1dk\x49\x06{BA{{1"),
            (product("4006381333931")?, b"\x1dk\x43\x0d4006381333931"),
            (product("96385074")?, b"\x1dk\x44\x0896385074"),
            (product("036000291452")?, b"\x1dk\x41\x0c036000291452"),
            (Command::Ask(Asked::Paper), b"\x1dr\x01"),
            (Command::QrModel2, &[0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0]),
            (Command::QrModule(6), &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, 6]),
            (Command::QrLevel(QrLevel::M), &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31]),
            (Command::QrStore(qr), b"\x1d(k\x05\x001P0AB"),
            (Command::QrPrint, &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30]),
        ];
        for (command, expected) in known {
            assert_eq!(bytes(&command), expected, "{command:?}");
        }
        Ok(())
    }

    #[test]
    fn a_tall_picture_goes_out_in_bands_that_a_small_printer_can_hold() -> Result<(), &'static str>
    {
        let rows: Vec<u8> = (0..600_u16).flat_map(|row| row.to_be_bytes()).collect();
        let bands = Bitmap::new(2, rows.clone()).ok_or("rows are whole")?.bands();
        let sent: Vec<Vec<u8>> = bands.iter().map(bytes).collect();
        let heads: Vec<&[u8]> = sent.iter().filter_map(|band| band.get(..8)).collect();
        let head = |height: u8| [0x1d, 0x76, 0x30, 0, 2, 0, height, 0];
        assert_eq!(heads, [head(255), head(255), head(90)]);
        let pixels: Vec<u8> = sent.iter().flat_map(|band| band.iter().skip(8)).copied().collect();
        assert_eq!(pixels, rows);
        assert_eq!(Bitmap::new(2, vec![0; 3]), None);
        Ok(())
    }

    #[test]
    fn dots_never_spell_a_command_that_acts_at_once() -> Result<(), &'static str> {
        let rows = vec![0x10, 0x04, 0x01, 0x10, 0x14, 0x01];
        let bands = Bitmap::new(3, rows).ok_or("rows are whole")?.bands();
        let sent: Vec<u8> = bands.iter().flat_map(bytes).collect();
        assert_eq!(sent[8..], [0x10, 0x0c, 0x01, 0x10, 0x1c, 0x01]);
        Ok(())
    }
}
