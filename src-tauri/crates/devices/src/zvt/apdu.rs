//! One message of ZVT: class, instruction, data.

use std::fmt;

/// A length byte of this value says that two length bytes follow, the lower one first.
const LONG: u8 = 0xFF;

/// One message. Its `Debug` form shows no data, because a card's number may be in there.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Apdu {
    pub(crate) class: u8,
    pub(crate) instr: u8,
    /// At most 65,535 bytes.
    pub(crate) data: Vec<u8>,
}

impl fmt::Debug for Apdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} ({} bytes)", self.class, self.instr, self.data.len())
    }
}

impl Apdu {
    pub(crate) fn new(class: u8, instr: u8, data: &[u8]) -> Self {
        Self { class, instr, data: data.to_vec() }
    }

    /// `80 00 00`: heard, and done.
    pub(crate) fn positive() -> Self {
        Self::new(0x80, 0x00, &[])
    }

    /// `84 xx 00`: refused.
    pub(crate) fn negative(code: u8) -> Self {
        Self::new(0x84, code, &[])
    }

    /// True for an answer to a command, false for a command.
    pub(crate) fn is_reply(&self) -> bool {
        matches!(self.class, 0x80 | 0x84)
    }

    /// As it travels.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.class, self.instr];
        match u8::try_from(self.data.len()) {
            Ok(length) if length < LONG => bytes.push(length),
            _ => {
                let [low, high, ..] = self.data.len().to_le_bytes();
                bytes.extend([LONG, low, high]);
            }
        }
        bytes.extend(&self.data);
        bytes
    }

    /// The message at the beginning of `bytes` and how many bytes it takes; none if some are still
    /// missing.
    pub(crate) fn first(bytes: &[u8]) -> Option<(Self, usize)> {
        let (&[class, instr, short], rest) = bytes.split_first_chunk::<3>()?;
        let (length, head) = if short == LONG {
            let pair = rest.first_chunk::<2>()?;
            (usize::from(u16::from_le_bytes(*pair)), 5)
        } else {
            (usize::from(short), 3)
        };
        let data = bytes.get(head..head + length)?;
        Some((Self::new(class, instr, data), head + length))
    }

    /// The message that `bytes` are; none if they are anything else.
    pub(crate) fn whole(bytes: &[u8]) -> Option<Self> {
        Self::first(bytes).filter(|(_, taken)| *taken == bytes.len()).map(|(apdu, _)| apdu)
    }
}

#[cfg(test)]
mod tests {
    use super::Apdu;

    #[test]
    fn a_length_beyond_254_takes_two_more_bytes_the_lower_one_first() {
        for (length, head) in [
            (0, vec![0x06, 0xD3, 0x00]),
            (254, vec![0x06, 0xD3, 0xFE]),
            (255, vec![0x06, 0xD3, 0xFF, 0xFF, 0x00]),
            (650, vec![0x06, 0xD3, 0xFF, 0x8A, 0x02]),
        ] {
            let apdu = Apdu::new(0x06, 0xD3, &vec![7; length]);
            let bytes = apdu.bytes();
            assert_eq!(bytes[..head.len()], head[..], "{length}");
            assert_eq!(Apdu::whole(&bytes), Some(apdu));
            assert_eq!(Apdu::first(&bytes[..bytes.len() - 1]), None);
        }
    }

    #[test]
    fn a_message_shows_no_data_where_programs_are_debugged() {
        let apdu = Apdu::new(0x04, 0x0F, b"4111111111111111");
        assert_eq!(format!("{apdu:?}"), "04 0F (16 bytes)");
    }
}
