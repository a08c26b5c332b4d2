//! CAS "type 6": ENQ is answered by ACK, DC1 by SOH STX STA SIGN W5..W0 UN1 UN0 BCC ETX EOT.

use super::language::{Answer, Heard, Language, named_unit, thousandths};

const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const EOT: u8 = 0x04;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
const ENQ: &[u8] = &[0x05];
const DC1: &[u8] = &[0x11];

/// STX, status, sign, six of weight, two of unit, check, ETX, EOT.
const LENGTH: usize = 14;

/// The register's side.
#[derive(Debug, Default)]
pub(super) struct Cas {
    /// ACK has come, and DC1 was sent.
    asked: bool,
    /// What came after SOH; none before it.
    frame: Option<Vec<u8>>,
}

impl Language for Cas {
    fn ask(&mut self) -> &'static [u8] {
        *self = Self::default();
        ENQ
    }

    fn hear(&mut self, byte: u8) -> Heard {
        let byte = byte & 0x7F;
        let Some(frame) = &mut self.frame else {
            return match byte {
                ACK if !self.asked => {
                    self.asked = true;
                    Heard::Say(DC1)
                }
                NAK => Heard::Answer(Answer::Refused),
                SOH if self.asked => {
                    self.frame = Some(Vec::with_capacity(LENGTH));
                    Heard::More
                }
                _ => Heard::More,
            };
        };
        frame.push(byte);
        if frame.len() < LENGTH {
            return Heard::More;
        }
        let answer = answer(frame);
        self.frame = None;
        Heard::Answer(answer)
    }

    fn zero(&mut self) -> Option<&'static [u8]> {
        None
    }

    fn tare(&mut self) -> Option<&'static [u8]> {
        None
    }
}

fn answer(frame: &[u8]) -> Answer {
    let unreadable = || Answer::unreadable(frame);
    let [STX, checked @ .., check, ETX, EOT] = frame else { return unreadable() };
    if checked.iter().fold(0, |sum, byte| sum ^ byte) != *check {
        return unreadable();
    }
    let [status, sign, rest @ ..] = checked else { return unreadable() };
    let Some((weight, unit)) = rest.split_at_checked(6) else { return unreadable() };
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    let Some(unit) = named_unit(text(unit)) else { return unreadable() };
    match (status, sign) {
        (_, b'F') => return Answer::TooHeavy,
        (b'U', _) => return Answer::Moving,
        (b'S', b' ' | b'+' | b'-') => {}
        _ => return unreadable(),
    }
    // Most leave the point out: a kilogram has three decimals, a pound two, a gram none.
    let decimals = match (unit.in_one, unit.pounds) {
        (1, false) => 3,
        (1, true) => 2,
        _ => 0,
    };
    let Some(value) = thousandths(text(weight), decimals) else { return unreadable() };
    if *sign == b'-' && value != 0 {
        return Answer::BelowZero;
    }
    let thousandths = (value + unit.in_one / 2) / unit.in_one;
    Answer::Weight { thousandths, pounds: unit.pounds, net: false }
}

#[cfg(test)]
mod tests {
    use super::{Cas, DC1, ENQ};
    use crate::scale::language::{Answer, Heard, Language as _};

    fn frame(text: &[u8]) -> Vec<u8> {
        let mut bytes = vec![1, 2];
        bytes.extend(text);
        bytes.push(text.iter().fold(0, |sum, byte| sum ^ byte));
        bytes.extend([3, 4]);
        bytes
    }

    fn heard(bytes: &[u8]) -> Option<Answer> {
        let mut scale = Cas::default();
        assert_eq!(scale.ask(), ENQ);
        assert_eq!(scale.hear(6), Heard::Say(DC1));
        bytes.iter().find_map(|byte| match scale.hear(*byte) {
            Heard::Answer(answer) => Some(answer),
            _ => None,
        })
    }

    #[test]
    fn a_weight_comes_with_or_without_its_point() {
        let weight = |thousandths, pounds| Some(Answer::Weight { thousandths, pounds, net: false });
        assert_eq!(heard(&frame(b"S 001253kg")), weight(1253, false));
        assert_eq!(heard(&frame(b"S 01.253kg")), weight(1253, false));
        assert_eq!(heard(&frame(b"S  2.750lb")), weight(2750, true));
        assert_eq!(heard(&frame(b"S 000275lb")), weight(2750, true));
        assert_eq!(heard(&frame(b"S 001253 g")), weight(1253, false));
    }

    #[test]
    fn a_scale_that_moves_is_overloaded_or_below_zero_says_so() {
        assert_eq!(heard(&frame(b"U 001253kg")), Some(Answer::Moving));
        assert_eq!(heard(&frame(b"SF000000kg")), Some(Answer::TooHeavy));
        assert_eq!(heard(&frame(b"S-000005kg")), Some(Answer::BelowZero));
    }

    #[test]
    fn a_weight_whose_check_does_not_fit_is_no_weight() {
        let good = frame(b"S 001253kg");
        for place in 2..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 1;
            assert!(!matches!(heard(&bad), Some(Answer::Weight { .. })), "{place}");
        }
        assert_eq!(heard(&good[..good.len() - 1]), None);
    }
}
