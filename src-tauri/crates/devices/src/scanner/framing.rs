//! Where one code ends and the next begins: bytes in, codes out, no clock and no wire.

use std::str::FromStr;

use countertop_domain::gs1::{SEPARATOR, split_symbology};

use super::Scanned;

/// Longer than any symbology's code.
const LONGEST: usize = 512;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
/// The separator of GS1 elements, the only control character that belongs to a code.
const GS: u8 = 0x1D;

/// What a scanner sends after each code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suffix {
    /// CR, as scanners come from the factory; a following LF is left out too.
    #[default]
    Cr,
    /// LF.
    Lf,
    /// CR and LF.
    CrLf,
    /// TAB.
    Tab,
    /// Nothing: a code ends when the line falls silent.
    None,
}

impl Suffix {
    const ALL: [Self; 5] = [Self::Cr, Self::Lf, Self::CrLf, Self::Tab, Self::None];

    /// Its name in settings and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cr => "cr",
            Self::Lf => "lf",
            Self::CrLf => "crlf",
            Self::Tab => "tab",
            Self::None => "none",
        }
    }

    /// True for a byte that ends a code. The lone LF of CR LF ends an empty one, which is none.
    const fn ends(self, byte: u8) -> bool {
        match self {
            Self::Cr | Self::CrLf => matches!(byte, b'\r' | b'\n'),
            Self::Lf => byte == b'\n',
            Self::Tab => byte == b'\t',
            Self::None => false,
        }
    }
}

impl FromStr for Suffix {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|suffix| suffix.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("\"{name}\" is no suffix of a scanner: choose one of {known}")
        })
    }
}

/// How a scanner is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Framing {
    /// What comes after each code.
    pub suffix: Suffix,
    /// Whether each code stands between STX and ETX.
    pub stx_etx: bool,
}

/// Why what came is no code, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanFault {
    /// The line fell silent in the middle.
    #[error(
        "the scanner sent \"{begun}\" and then nothing: scan again. If it happens each time, its \
         suffix is not the one that is set for it"
    )]
    CutOff {
        /// What had come, up to 20 characters.
        begun: String,
    },
    /// Longer than a code.
    #[error("the scanner sent more than {LONGEST} characters without an end: check its suffix")]
    TooLong,
    /// A byte that no code has.
    #[error(
        "the scanner sent a character that is in no barcode: scan again, and check speed and parity"
    )]
    BadCharacter,
}

/// Puts a scanner's bytes together to codes.
#[derive(Debug)]
pub(super) struct Framer {
    framing: Framing,
    held: Vec<u8>,
    /// What came since the last end is of no use: it is thrown away up to the next one.
    spoiled: bool,
    /// Between STX and ETX.
    inside: bool,
}

impl Framer {
    pub(super) const fn new(framing: Framing) -> Self {
        Self { framing, held: Vec::new(), spoiled: false, inside: false }
    }

    /// Takes a byte in; a code, or why there is none, once it is whole.
    pub(super) fn push(&mut self, byte: u8) -> Option<Result<Scanned, ScanFault>> {
        if self.framing.stx_etx {
            match byte {
                STX => {
                    self.held.clear();
                    (self.inside, self.spoiled) = (true, false);
                    return None;
                }
                ETX if self.inside => return self.end(),
                // The suffix after ETX.
                _ if !self.inside => return None,
                _ => {}
            }
        } else if self.framing.suffix.ends(byte) {
            return self.end();
        }
        if self.spoiled {
            return None;
        }
        if byte < b' ' && byte != GS || byte == 0x7F {
            return self.spoil(ScanFault::BadCharacter);
        }
        if self.held.len() >= LONGEST {
            return self.spoil(ScanFault::TooLong);
        }
        self.held.push(byte);
        None
    }

    /// The line has been silent for the idle gap.
    pub(super) fn silence(&mut self) -> Option<Result<Scanned, ScanFault>> {
        if self.framing.suffix == Suffix::None && !self.framing.stx_etx {
            return self.end();
        }
        let begun: String = String::from_utf8_lossy(&self.held).chars().take(20).collect();
        let cut_off = !self.held.is_empty();
        self.held.clear();
        (self.spoiled, self.inside) = (false, false);
        cut_off.then_some(Err(ScanFault::CutOff { begun }))
    }

    /// True while a code has begun and not ended.
    pub(super) fn is_waiting(&self) -> bool {
        !self.held.is_empty() || self.spoiled || self.inside
    }

    fn spoil(&mut self, fault: ScanFault) -> Option<Result<Scanned, ScanFault>> {
        self.held.clear();
        self.spoiled = true;
        Some(Err(fault))
    }

    fn end(&mut self) -> Option<Result<Scanned, ScanFault>> {
        let bytes = std::mem::take(&mut self.held);
        (self.spoiled, self.inside) = (false, false);
        if bytes.is_empty() {
            return None;
        }
        // Eight-bit bytes that are no UTF-8 come from a wrong parity or speed.
        let Ok(text) = String::from_utf8(bytes) else { return Some(Err(ScanFault::BadCharacter)) };
        if text.chars().any(|c| c.is_control() && c != SEPARATOR) {
            return Some(Err(ScanFault::BadCharacter));
        }
        let (symbology, code) = split_symbology(&text);
        if code.is_empty() {
            return None;
        }
        let symbology = symbology.map(str::to_owned);
        Some(Ok(Scanned { code: code.to_owned(), symbology }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Framer, Framing, ScanFault, Suffix};
    use crate::scanner::Scanned;

    fn heard(framing: Framing, bytes: &[u8]) -> Vec<Result<Scanned, ScanFault>> {
        let mut framer = Framer::new(framing);
        let mut heard: Vec<_> = bytes.iter().filter_map(|byte| framer.push(*byte)).collect();
        heard.extend(framer.silence());
        heard
    }

    fn with(suffix: Suffix) -> Framing {
        Framing { suffix, stx_etx: false }
    }

    fn code(code: &str, symbology: Option<&str>) -> Result<Scanned, ScanFault> {
        Ok(Scanned { code: code.to_owned(), symbology: symbology.map(str::to_owned) })
    }

    #[test]
    fn each_code_ends_with_its_suffix() {
        let two = [code("4006381333931", None), code("96385074", None)];
        assert_eq!(heard(with(Suffix::Cr), b"4006381333931\r96385074\r"), two);
        assert_eq!(heard(with(Suffix::CrLf), b"4006381333931\r\n96385074\r\n"), two);
        assert_eq!(heard(with(Suffix::Lf), b"4006381333931\n96385074\n"), two);
        assert_eq!(heard(with(Suffix::Tab), b"4006381333931\t96385074\t"), two);
        let framed = Framing { suffix: Suffix::Cr, stx_etx: true };
        assert_eq!(heard(framed, b"\x024006381333931\x03\r\x0296385074\x03\r"), two);
    }

    #[test]
    fn the_symbology_is_split_off_and_the_separator_of_gs1_is_kept() {
        let codes = heard(with(Suffix::Cr), b"]E04006381333931\r]C110AB\x1D21X\r");
        assert_eq!(codes, [code("4006381333931", Some("E0")), code("10AB\u{1D}21X", Some("C1"))]);
    }

    #[test]
    fn without_a_suffix_silence_ends_a_code() {
        assert_eq!(heard(with(Suffix::None), b"96385074"), [code("96385074", None)]);
    }

    #[test]
    fn half_a_code_is_never_a_code() {
        let cut = heard(with(Suffix::Cr), b"40063813");
        assert_eq!(cut, [Err(ScanFault::CutOff { begun: "40063813".to_owned() })]);
        let framed = Framing { suffix: Suffix::Cr, stx_etx: true };
        assert!(matches!(heard(framed, b"\x0240063813")[..], [Err(ScanFault::CutOff { .. })]));
        // The half is not glued to the next one.
        let mut framer = Framer::new(with(Suffix::Cr));
        for byte in b"4006" {
            assert_eq!(framer.push(*byte), None);
        }
        framer.silence();
        let next: Vec<_> = b"96385074\r".iter().filter_map(|byte| framer.push(*byte)).collect();
        assert_eq!(next, [code("96385074", None)]);
    }

    #[test]
    fn a_control_character_spoils_its_code_and_no_other() {
        let codes = heard(with(Suffix::Cr), b"40063\x1B81333931\r96385074\r");
        assert_eq!(codes, [Err(ScanFault::BadCharacter), code("96385074", None)]);
        let eight_bits = heard(with(Suffix::Cr), b"\xB4\x30\x30\r");
        assert_eq!(eight_bits, [Err(ScanFault::BadCharacter)]);
        // U+0085, a control character that is two bytes long.
        assert_eq!(heard(with(Suffix::Cr), b"40\xC2\x8506\r"), [Err(ScanFault::BadCharacter)]);
    }

    #[test]
    fn a_scanner_that_never_ends_a_code_fills_no_memory() {
        let mut endless = vec![b'7'; 100_000];
        endless.extend(b"\r96385074\r");
        let codes = heard(with(Suffix::Cr), &endless);
        assert_eq!(codes, [Err(ScanFault::TooLong), code("96385074", None)]);
    }

    #[test]
    fn no_bytes_make_the_framer_fall_over_or_let_a_control_character_through() {
        let mut dice = crate::fuzz::Dice::new(11);
        for run in 0..crate::fuzz::runs() {
            let suffix = Suffix::ALL[usize::try_from(run % 5).unwrap_or(0)];
            let framing = Framing { suffix, stx_etx: run % 3 == 0 };
            let mut framer = Framer::new(framing);
            for byte in dice.wire(b"0123456789]E0C1\x1D\r\n\t\x02\x03") {
                let event = if dice.below(40) == 0 { framer.silence() } else { framer.push(byte) };
                assert!(framer.held.len() <= super::LONGEST);
                if let Some(Ok(scanned)) = event {
                    assert!(!scanned.code.is_empty());
                    let is_good = |c: char| !c.is_control() || c == '\u{1D}';
                    assert!(scanned.code.chars().all(is_good), "{:?}", scanned.code);
                }
            }
        }
    }
}
