//! Card terminals that speak Concert E or E+ over a serial line (France).
//!
//! There is no question for the last payment in this language. The order carries a token of the
//! payment, and only an answer with that token, amount, currency and register counts; where none
//! comes once a byte of the order has left, a person decides by the terminal's display or slip.

mod message;
mod session;
mod talk;
mod terminal;

pub(crate) use message::{Answer, Order, Verdict};
pub use session::ConcertTimers;
pub use terminal::{ConcertOptions, ConcertTerminal, Private, Refunds};

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::session::{ConcertTimers, Session, Settle, Step};
    use super::{Answer, Order};
    use crate::framing::stx_etx_lrc::framed;
    use crate::fuzz::{Dice, runs};

    /// What a line carries mostly: control bytes and digits.
    const USUAL: &[u8] = b"\x02\x03\x04\x05\x06\x15\x02\x030123456789 X*T";

    #[test]
    fn no_bytes_on_the_line_do_harm() {
        let (mut dice, now) = (Dice::new(1), Instant::now());
        for _ in 0..runs() {
            let mut bytes = dice.wire(USUAL);
            if dice.below(2) == 0 {
                // Well framed, so that what is inside is read.
                let length = [25, 34, 80][dice.below(3)].min(bytes.len());
                bytes = framed(&bytes[..length]);
            }
            let mut session = Session::listen(ConcertTimers::default(), now);
            for byte in &bytes {
                for step in session.hear(*byte, now) {
                    if let Step::Answer(text) = step {
                        assert!(
                            Answer::read(&text).is_none_or(|answer| answer.last_four.len() <= 4)
                        );
                        session.settle(Settle::Another, now);
                    }
                }
            }
            let _ = Answer::read(&bytes);
            if let Some(order) = Order::read(&bytes) {
                assert_eq!(order.text(), bytes);
            }
        }
    }
}
