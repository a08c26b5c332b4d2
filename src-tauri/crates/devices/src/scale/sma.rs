//! SMA SCP-0499: LF W CR is answered by LF, status, range, gross or net, motion, a place to spare,
//! ten characters of weight, three of unit, CR.

use super::language::{Answer, Heard, Language, named_unit, thousandths};

const LF: u8 = b'\n';
const CR: u8 = b'\r';
/// A weight's answer has 18 characters; others are a little longer.
const LONGEST: usize = 40;

/// The register's side.
#[derive(Debug, Default)]
pub(super) struct Sma {
    /// What came after LF; none before it.
    frame: Option<Vec<u8>>,
}

impl Language for Sma {
    fn ask(&mut self) -> &'static [u8] {
        self.frame = None;
        b"\nW\r"
    }

    fn hear(&mut self, byte: u8) -> Heard {
        let byte = byte & 0x7F;
        if byte == LF {
            self.frame = Some(Vec::new());
            return Heard::More;
        }
        let Some(frame) = &mut self.frame else { return Heard::More };
        if byte != CR && frame.len() < LONGEST {
            frame.push(byte);
            return Heard::More;
        }
        let answer = answer(frame);
        self.frame = None;
        Heard::Answer(answer)
    }

    fn zero(&mut self) -> Option<&'static [u8]> {
        self.frame = None;
        Some(b"\nZ\r")
    }

    fn tare(&mut self) -> Option<&'static [u8]> {
        self.frame = None;
        Some(b"\nT\r")
    }
}

fn answer(frame: &[u8]) -> Answer {
    let unreadable = || Answer::unreadable(frame);
    let [status, _range, kind, motion, _spare, rest @ ..] = frame else {
        return if frame == b"?" { Answer::Unknown } else { unreadable() };
    };
    match status {
        b'O' => return Answer::TooHeavy,
        b'U' => return Answer::BelowZero,
        // It could not zero itself, or not take the tare.
        b'E' | b'I' | b'T' => return Answer::Refused,
        b' ' | b'Z' => {}
        _ => return unreadable(),
    }
    match motion {
        b'M' => return Answer::Moving,
        b' ' => {}
        _ => return unreadable(),
    }
    let net = match kind {
        b'G' | b'g' => false,
        b'N' | b'n' => true,
        _ => return unreadable(),
    };
    let Some((weight, unit)) = rest.split_at_checked(10) else { return unreadable() };
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    let Some(unit) = named_unit(text(unit)) else { return unreadable() };
    let Some(value) = thousandths(text(weight), 0) else { return unreadable() };
    let half = value.signum() * unit.in_one / 2;
    Answer::Weight { thousandths: (value + half) / unit.in_one, pounds: unit.pounds, net }
}

#[cfg(test)]
mod tests {
    use super::Sma;
    use crate::scale::language::{Answer, Heard, Language as _};

    fn heard(bytes: &[u8]) -> Option<Answer> {
        let mut scale = Sma::default();
        assert_eq!(scale.ask(), b"\nW\r");
        bytes.iter().find_map(|byte| match scale.hear(*byte) {
            Heard::Answer(answer) => Some(answer),
            _ => None,
        })
    }

    #[test]
    fn a_weight_names_its_unit_and_whether_a_tare_is_off() {
        let weight = |thousandths, pounds, net| Some(Answer::Weight { thousandths, pounds, net });
        assert_eq!(heard(b"\n 1G       1.255kg_\r"), weight(1255, false, false));
        assert_eq!(heard(b"\n 1N       0.500kg \r"), weight(500, false, true));
        assert_eq!(heard(b"\n 1G        2.75lb_\r"), weight(2750, true, false));
        assert_eq!(heard(b"\n 1G         642g  \r"), weight(642, false, false));
        assert_eq!(heard(b"\n 1G          24oz \r"), weight(1500, true, false));
        assert_eq!(heard(b"\nZ1G       0.000kg_\r"), weight(0, false, false));
    }

    #[test]
    fn a_scale_that_moves_is_overloaded_or_below_zero_says_so() {
        assert_eq!(heard(b"\n 1GM      1.255kg_\r"), Some(Answer::Moving));
        assert_eq!(heard(b"\nO1G      15.005kg_\r"), Some(Answer::TooHeavy));
        assert_eq!(heard(b"\nU1G      -0.005kg_\r"), Some(Answer::BelowZero));
        assert_eq!(heard(b"\nE1G ----------kg_\r"), Some(Answer::Refused));
        assert_eq!(heard(b"\n?\r"), Some(Answer::Unknown));
    }

    #[test]
    fn half_an_answer_is_none_and_garbage_is_no_weight() {
        assert_eq!(heard(b"\n 1G       1.25"), None);
        assert!(matches!(heard(b"\n 1G       1.255stn\r"), Some(Answer::Unreadable(_))));
        assert!(matches!(heard(b"\n 1G       1x255kg_\r"), Some(Answer::Unreadable(_))));
        assert!(matches!(heard(b"\n 1G  \r"), Some(Answer::Unreadable(_))));
        let whole = Some(Answer::Weight { thousandths: 1255, pounds: false, net: false });
        assert_eq!(heard(b"\n 1G       9.9\n 1G       1.255kg_\r"), whole);
    }
}
