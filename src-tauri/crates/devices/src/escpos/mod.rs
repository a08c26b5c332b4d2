//! Receipt printers that speak ESC/POS: what they say of themselves, and printing that is finished
//! only when the printer says so.

mod driver;
mod status;
mod trouble;

pub use driver::{Asks, EscPosPrinter, JobWatch, PrintOutcome, PrintTiming};
pub use status::{Heard, Paper, PrinterState, StatusReader};
pub use trouble::{PrinterTrouble, TroubleCause};

#[cfg(test)]
mod tests {
    use super::{Heard, PrinterState, StatusReader};
    use crate::fuzz::{Dice, runs};

    /// Reads `bytes` as what a printer says, in pieces of any size, each taken in.
    fn heard_in(bytes: &[u8]) -> usize {
        let mut state = PrinterState::default();
        let mut reader = StatusReader::default();
        let mut heard = 0;
        for (place, byte) in bytes.iter().enumerate() {
            for one in reader.push(std::slice::from_ref(byte)) {
                heard += 1;
                match one {
                    Heard::Automatic(four) => state.automatic(four),
                    Heard::Realtime(one) => {
                        state.realtime(u8::try_from(place % 4 + 1).unwrap_or(1), one);
                    }
                    Heard::Reply(one) => state.paper_reply(one),
                    Heard::Wait | Heard::Go | Heard::Noise(_) => {}
                }
                let _ = state.cause();
            }
        }
        heard
    }

    #[test]
    fn no_bytes_that_a_printer_may_say_are_too_much() {
        let mut dice = Dice::new(4);
        for _ in 0..runs() {
            let wire = dice.wire(&[0x12, 0x16, 0x1e, 0x10, 0x14, 0x18, 0x00, 0x0c, 0x11, 0x13]);
            assert!(heard_in(&wire) <= wire.len());
        }
    }
}
