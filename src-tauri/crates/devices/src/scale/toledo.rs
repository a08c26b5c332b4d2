//! Mettler Toledo 8217: `W` is answered by STX, digits, CR, or by STX `?` status CR.

use super::language::{Answer, Heard, Language, thousandths};

const STX: u8 = 0x02;
const CR: u8 = 0x0D;
/// An answer is much shorter.
const LONGEST: usize = 16;

const MOTION: u8 = 1;
const OVER: u8 = 1 << 1;
const UNDER: u8 = 1 << 2;
const BAD_COMMAND: u8 = 1 << 6;

/// The register's side.
#[derive(Debug, Default)]
pub(super) struct Toledo {
    /// What came after STX; none before it.
    frame: Option<Vec<u8>>,
}

impl Language for Toledo {
    fn ask(&mut self) -> &'static [u8] {
        self.frame = None;
        b"W"
    }

    fn hear(&mut self, byte: u8) -> Heard {
        // On a line that is set to eight bits, the parity bit of seven is the eighth.
        let byte = byte & 0x7F;
        let Some(frame) = &mut self.frame else {
            self.frame = (byte == STX).then(Vec::new);
            return Heard::More;
        };
        // The byte after `?` is the status, whatever it looks like.
        let is_status = frame == b"?";
        if byte == STX && !is_status {
            frame.clear();
        } else if byte == CR && !is_status {
            let answer = answer(frame);
            self.frame = None;
            return Heard::Answer(answer);
        } else if frame.len() >= LONGEST {
            let answer = Answer::unreadable(frame);
            self.frame = None;
            return Heard::Answer(answer);
        } else {
            frame.push(byte);
        }
        Heard::More
    }

    fn zero(&mut self) -> Option<&'static [u8]> {
        self.frame = None;
        Some(b"Z")
    }

    fn tare(&mut self) -> Option<&'static [u8]> {
        self.frame = None;
        Some(b"T")
    }
}

fn answer(frame: &[u8]) -> Answer {
    if let [b'?', status] = frame {
        return match *status {
            status if status & BAD_COMMAND != 0 => Answer::Unknown,
            status if status & OVER != 0 => Answer::TooHeavy,
            status if status & UNDER != 0 => Answer::BelowZero,
            status if status & MOTION != 0 => Answer::Moving,
            // Nothing is wrong, and yet it gives no weight.
            _ => Answer::Refused,
        };
    }
    let (digits, net) = match frame.strip_suffix(b"N") {
        Some(digits) => (digits, true),
        None => (frame, false),
    };
    let text = std::str::from_utf8(digits).unwrap_or_default();
    // Three decimals are kilograms, two are pounds.
    let pounds = match text.split_once('.') {
        Some((_, fraction)) if fraction.len() == 3 => false,
        Some((_, fraction)) if fraction.len() == 2 => true,
        _ => return Answer::unreadable(frame),
    };
    match thousandths(text, 0) {
        Some(thousandths) => Answer::Weight { thousandths, pounds, net },
        None => Answer::unreadable(frame),
    }
}

#[cfg(test)]
mod tests {
    use super::Toledo;
    use crate::scale::language::{Answer, Heard, Language as _};

    fn heard(bytes: &[u8]) -> Option<Answer> {
        let mut scale = Toledo::default();
        assert_eq!(scale.ask(), b"W");
        bytes.iter().find_map(|byte| match scale.hear(*byte) {
            Heard::Answer(answer) => Some(answer),
            _ => None,
        })
    }

    #[test]
    fn a_weight_is_kilograms_with_three_decimals_and_pounds_with_two() {
        let weight = |thousandths, pounds, net| Some(Answer::Weight { thousandths, pounds, net });
        assert_eq!(heard(b"\x0201.255\r"), weight(1255, false, false));
        assert_eq!(heard(b"\x0200.500N\r"), weight(500, false, true));
        assert_eq!(heard(b"\x0202.75\r"), weight(2750, true, false));
        // Even parity in the eighth bit.
        assert_eq!(heard(b"\x82\x30\xB1.255\x8D"), weight(1255, false, false));
    }

    #[test]
    fn a_scale_that_moves_or_is_overloaded_gives_no_weight() {
        assert_eq!(heard(b"\x02?\x01\r"), Some(Answer::Moving));
        assert_eq!(heard(b"\x02?\x02\r"), Some(Answer::TooHeavy));
        assert_eq!(heard(b"\x02?\x03\r"), Some(Answer::TooHeavy));
        assert_eq!(heard(b"\x02?\x04\r"), Some(Answer::BelowZero));
        assert_eq!(heard(b"\x02?\x50\r"), Some(Answer::Unknown));
        // A status that looks like a line end: moving, under zero.
        assert_eq!(heard(b"\x02?\x0D\r"), Some(Answer::BelowZero));
    }

    #[test]
    fn half_an_answer_is_none_and_garbage_is_no_weight() {
        assert_eq!(heard(b"\x0201.2"), None);
        assert_eq!(heard(b"01.255\r"), None);
        assert!(matches!(heard(b"\x021.2.5\r"), Some(Answer::Unreadable(_))));
        assert!(matches!(heard(b"\x02hello\r"), Some(Answer::Unreadable(_))));
        assert!(matches!(heard(b"\x0201255\r"), Some(Answer::Unreadable(_))));
        // What was cut off is not glued to what comes next.
        let whole = Some(Answer::Weight { thousandths: 1255, pounds: false, net: false });
        assert_eq!(heard(b"\x0209.9\x0201.255\r"), whole);
    }
}
