//! What a printer says of itself. All comes on one line: answers to `DLE EOT`, answers to `GS r`, four
//! bytes of its own accord (`GS a`), and the bytes of flow control. They are told apart by the bits
//! that are fixed in each.

use super::trouble::TroubleCause;

/// Something that a printer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The answer to a `DLE EOT`; to which, only the asker knows.
    Realtime(u8),
    /// Its state, of its own accord.
    Automatic([u8; 4]),
    /// The answer to a `GS r`.
    Reply(u8),
    /// XOFF: send no more for now.
    Wait,
    /// XON: go on.
    Go,
    /// A byte that no status has.
    Noise(u8),
}

/// Puts bytes together to what the printer said.
#[derive(Clone, Debug, Default)]
pub struct StatusReader {
    /// The first bytes of an automatic status.
    begun: Vec<u8>,
}

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

impl StatusReader {
    /// What `bytes` say, together with those before them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Heard> {
        bytes.iter().filter_map(|byte| self.hear(*byte)).collect()
    }

    fn hear(&mut self, byte: u8) -> Option<Heard> {
        Some(match byte {
            XON => Heard::Go,
            XOFF => Heard::Wait,
            // 0xx1xx10: it may come in the middle of an automatic status.
            _ if byte & 0x93 == 0x12 => Heard::Realtime(byte),
            // 0xx1xx00 begins an automatic status; one that was left unfinished is lost.
            _ if byte & 0x93 == 0x10 => {
                self.begun = vec![byte];
                return None;
            }
            // 0xx0xxxx goes on with one, or is an answer by itself.
            _ if byte & 0x90 == 0 => {
                if self.begun.is_empty() {
                    return Some(Heard::Reply(byte));
                }
                self.begun.push(byte);
                let four = <[u8; 4]>::try_from(self.begun.as_slice()).ok()?;
                self.begun.clear();
                Heard::Automatic(four)
            }
            _ => Heard::Noise(byte),
        })
    }
}

/// How much paper there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// Enough, or nobody knows.
    #[default]
    Enough,
    /// The roll is nearly at its end.
    Low,
    /// None.
    Out,
}

/// How a printer is, as far as it said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrinterState {
    /// It prints nothing for now.
    pub offline: bool,
    /// Its cover is open.
    pub cover_open: bool,
    /// Its paper.
    pub paper: Paper,
    /// The knife is stuck.
    pub cutter: bool,
    /// Switching off and on is the only way out.
    pub broken: bool,
    /// It waits by itself, until its head has cooled.
    pub resting: bool,
    /// The level of the drawer's switch (pin 3); which of them means open depends on the drawer. None
    /// before the printer said it.
    pub drawer_high: Option<bool>,
}

const fn bit(byte: u8, bit: u8) -> bool {
    byte >> bit & 1 == 1
}

impl PrinterState {
    /// Takes in the answer to `DLE EOT n`, `n` being 1 to 4.
    pub fn realtime(&mut self, n: u8, byte: u8) {
        match n {
            1 => {
                self.drawer_high = Some(bit(byte, 2));
                self.offline = bit(byte, 3);
                if !self.offline {
                    // Whatever it was is over; the other questions need not be asked to know.
                    let Self { paper, drawer_high, .. } = *self;
                    *self = Self { paper, drawer_high, ..Self::default() };
                }
            }
            2 => {
                self.cover_open = bit(byte, 2);
                if bit(byte, 5) {
                    self.paper = Paper::Out;
                }
            }
            3 => {
                self.cutter = bit(byte, 3);
                self.broken = bit(byte, 5);
                self.resting = bit(byte, 6);
            }
            4 => self.paper = paper(byte & 0x60 != 0, byte & 0x0c != 0),
            _ => {}
        }
    }

    /// Takes in the answer to `GS r 1`.
    pub fn paper_reply(&mut self, byte: u8) {
        self.paper = paper(byte & 0x0c != 0, byte & 0x03 != 0);
    }

    /// Takes in an automatic status.
    pub fn automatic(&mut self, [first, second, third, _]: [u8; 4]) {
        *self = Self {
            offline: bit(first, 3),
            cover_open: bit(first, 5),
            paper: paper(third & 0x0c != 0, third & 0x03 != 0),
            cutter: bit(second, 3),
            broken: bit(second, 5),
            resting: bit(second, 6),
            drawer_high: Some(bit(first, 2)),
        };
    }

    /// What keeps it from printing; none if nothing does.
    pub fn cause(&self) -> Option<TroubleCause> {
        let causes = [
            (self.cover_open, TroubleCause::CoverOpen),
            (self.paper == Paper::Out, TroubleCause::PaperOut),
            (self.cutter, TroubleCause::Cutter),
            (self.broken, TroubleCause::Broken),
            (self.resting, TroubleCause::Resting),
            (self.offline, TroubleCause::Offline),
        ];
        causes.into_iter().find_map(|(is, cause)| is.then_some(cause))
    }
}

const fn paper(out: bool, low: bool) -> Paper {
    match (out, low) {
        (true, _) => Paper::Out,
        (false, true) => Paper::Low,
        (false, false) => Paper::Enough,
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, Paper, PrinterState, StatusReader};
    use crate::escpos::TroubleCause;

    #[test]
    fn answers_are_told_apart_by_their_fixed_bits() {
        let mut reader = StatusReader::default();
        // An automatic status with an answer to DLE EOT, XOFF and XON in the middle of it.
        let bytes = [0x18, 0x00, 0x12, 0x13, 0x0c, 0x11, 0x00, 0x0c, 0xff];
        let heard = reader.push(&bytes);
        assert_eq!(
            heard,
            [
                Heard::Realtime(0x12),
                Heard::Wait,
                Heard::Go,
                Heard::Automatic([0x18, 0x00, 0x0c, 0x00]),
                Heard::Reply(0x0c),
                Heard::Noise(0xff),
            ]
        );
    }

    #[test]
    fn a_state_says_what_keeps_the_printer_from_printing() {
        let asked = |answers: &[(u8, u8)]| {
            let mut state = PrinterState::default();
            answers.iter().for_each(|(n, byte)| state.realtime(*n, *byte));
            state
        };
        assert_eq!(asked(&[(1, 0x12), (4, 0x12)]).cause(), None);
        assert_eq!(asked(&[(1, 0x16)]).drawer_high, Some(true));
        assert_eq!(asked(&[(1, 0x12), (4, 0x1e)]).paper, Paper::Low);
        let known = [
            (vec![(1, 0x1a), (2, 0x16)], TroubleCause::CoverOpen),
            (vec![(1, 0x1a), (2, 0x32)], TroubleCause::PaperOut),
            (vec![(4, 0x7e)], TroubleCause::PaperOut),
            (vec![(1, 0x1a), (2, 0x52), (3, 0x1a)], TroubleCause::Cutter),
            (vec![(1, 0x1a), (3, 0x32)], TroubleCause::Broken),
            (vec![(1, 0x1a), (3, 0x52)], TroubleCause::Resting),
            (vec![(1, 0x1a), (2, 0x12), (3, 0x12)], TroubleCause::Offline),
        ];
        for (answers, cause) in known {
            assert_eq!(asked(&answers).cause(), Some(cause), "{answers:02x?}");
        }
        // Ready again.
        assert_eq!(asked(&[(1, 0x1a), (2, 0x16), (1, 0x12), (4, 0x12)]).cause(), None);
    }

    #[test]
    fn an_automatic_status_says_the_same() {
        let of = |four| {
            let mut state = PrinterState::default();
            state.automatic(four);
            state
        };
        assert_eq!(of([0x10, 0, 0, 0]).cause(), None);
        assert_eq!(of([0x14, 0, 3, 0]).cause(), None);
        assert_eq!(of([0x14, 0, 3, 0]).paper, Paper::Low);
        assert_eq!(of([0x14, 0, 3, 0]).drawer_high, Some(true));
        assert_eq!(of([0x38, 0, 0, 0]).cause(), Some(TroubleCause::CoverOpen));
        assert_eq!(of([0x18, 0, 0x0f, 0]).cause(), Some(TroubleCause::PaperOut));
        assert_eq!(of([0x18, 8, 0, 0]).cause(), Some(TroubleCause::Cutter));
        assert_eq!(of([0x18, 0, 0, 0]).cause(), Some(TroubleCause::Offline));
    }
}
