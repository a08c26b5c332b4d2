//! Messages as `STX text ETX LRC` among single control bytes, as French card terminals send them.

/// Start of a message.
pub(crate) const STX: u8 = 0x02;
/// End of a message's text.
pub(crate) const ETX: u8 = 0x03;
/// The end of a conversation.
pub(crate) const EOT: u8 = 0x04;
/// "May I speak?"
pub(crate) const ENQ: u8 = 0x05;
/// "Yes", and "understood".
pub(crate) const ACK: u8 = 0x06;
/// "Not understood, say it again".
pub(crate) const NAK: u8 = 0x15;

/// Text beyond this is no message of anybody: the memory that noise can take.
const LONGEST: usize = 512;

/// The sum over everything behind STX, ETX included.
pub(crate) fn lrc(text: &[u8]) -> u8 {
    text.iter().fold(ETX, |sum, byte| sum ^ byte)
}

/// `text` as it goes over the line.
pub(crate) fn framed(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + 3);
    bytes.push(STX);
    bytes.extend_from_slice(text);
    bytes.extend([ETX, lrc(text)]);
    bytes
}

/// What was heard.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// ENQ.
    Enquiry,
    /// ACK.
    Yes,
    /// NAK.
    Again,
    /// EOT.
    End,
    /// A whole message with the right sum: its text.
    Text(Vec<u8>),
    /// A message that was garbled on its way.
    Garbled,
}

/// A message may hold a card's number: only its length is shown.
impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Enquiry => f.write_str("Enquiry"),
            Self::Yes => f.write_str("Yes"),
            Self::Again => f.write_str("Again"),
            Self::End => f.write_str("End"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Garbled => f.write_str("Garbled"),
        }
    }
}

#[derive(Default)]
enum State {
    #[default]
    Between,
    /// Inside a message; true once something in it cannot be part of one.
    Inside(bool),
    /// The next byte is the sum.
    Sum(bool),
}

/// Finds messages and control bytes in what comes in, in pieces of any size.
#[derive(Default)]
pub(crate) struct Framer {
    state: State,
    text: Vec<u8>,
}

impl Framer {
    /// Takes one byte; what it completes, if anything. Anything between messages that is no control
    /// byte is noise.
    pub(crate) fn push(&mut self, byte: u8) -> Option<Heard> {
        match self.state {
            State::Between => match byte {
                STX => {
                    self.text.clear();
                    self.state = State::Inside(false);
                    None
                }
                ENQ => Some(Heard::Enquiry),
                ACK => Some(Heard::Yes),
                NAK => Some(Heard::Again),
                EOT => Some(Heard::End),
                _ => None,
            },
            State::Inside(broken) => {
                match byte {
                    ETX => self.state = State::Sum(broken),
                    // The end of the message before was lost: this is the next one.
                    STX => {
                        self.text.clear();
                        self.state = State::Inside(false);
                    }
                    // It goes on to its ETX all the same, so that its sum is not taken for a
                    // control byte.
                    _ if byte < b' ' || self.text.len() >= LONGEST => {
                        self.state = State::Inside(true);
                    }
                    _ => self.text.push(byte),
                }
                None
            }
            State::Sum(broken) => {
                self.state = State::Between;
                let text = std::mem::take(&mut self.text);
                let good = !broken && lrc(&text) == byte;
                Some(if good { Heard::Text(text) } else { Heard::Garbled })
            }
        }
    }

    /// True while a message has begun and not ended.
    pub(crate) fn is_inside(&self) -> bool {
        !matches!(self.state, State::Between)
    }

    /// The rest of a message did not come in time: forgets its beginning.
    pub(crate) fn give_up(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{ACK, ENQ, EOT, ETX, Framer, Heard, LONGEST, NAK, STX, framed};

    fn heard(bytes: &[u8]) -> Vec<Heard> {
        let mut framer = Framer::default();
        bytes.iter().filter_map(|byte| framer.push(*byte)).collect()
    }

    #[test]
    fn the_sum_runs_over_the_text_and_its_end() {
        let example = b"0100001234110978          A010B010";
        let mut expected = vec![STX];
        expected.extend_from_slice(example);
        expected.extend([ETX, 0x03]);
        assert_eq!(framed(example), expected);
        assert_eq!(heard(&expected), [Heard::Text(example.to_vec())]);
    }

    #[test]
    fn a_sum_that_looks_like_a_control_byte_is_still_the_sum() {
        for control in [STX, ETX, EOT, ENQ, ACK, NAK] {
            // Two characters whose sum with ETX is that byte.
            let text = [0x40, 0x40 ^ ETX ^ control];
            let mut bytes = framed(&text);
            assert_eq!(bytes.last(), Some(&control));
            bytes.push(EOT);
            assert_eq!(heard(&bytes), [Heard::Text(text.to_vec()), Heard::End]);
        }
    }

    #[test]
    fn one_wrong_bit_anywhere_is_noticed() {
        let good = framed(b"0100000012341");
        for place in 1..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[place] ^= 1 << bit;
                // Without its end a message swallows what follows, up to the next one's.
                bad.extend(framed(b"0200000012341"));
                let texts = heard(&bad);
                assert!(!texts.contains(&Heard::Text(b"0100000012341".to_vec())), "{place} {bit}");
                let forged = texts.iter().filter(|one| matches!(one, Heard::Text(_))).count();
                assert!(forged <= 1, "{place} {bit}: {texts:?}");
            }
        }
    }

    #[test]
    fn noise_takes_no_more_memory_than_a_message() {
        let mut framer = Framer::default();
        framer.push(STX);
        for _ in 0..100_000 {
            framer.push(b'x');
        }
        assert!(framer.text.len() <= LONGEST && framer.is_inside());
        framer.give_up();
        assert_eq!(framer.push(ENQ), Some(Heard::Enquiry));
    }

    proptest! {
        #[test]
        fn any_bytes_are_heard_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            heard(&bytes);
        }

        #[test]
        fn a_message_is_heard_in_pieces_of_any_size(
            text in proptest::collection::vec(0x20_u8..=0xFF, 0..200),
            noise in proptest::collection::vec(0x20_u8..=0xFF, 0..20),
        ) {
            let mut bytes = noise;
            bytes.extend(framed(&text));
            assert_eq!(heard(&bytes), [Heard::Text(text)]);
        }
    }
}
