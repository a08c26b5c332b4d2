//! A message as a block on a serial line: `DLE STX … DLE ETX CRC CRC`, every DLE inside doubled.

const DLE: u8 = 0x10;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// The longest message there is, with its five bytes of head.
const LONGEST: usize = 5 + 0xFFFF;

/// `body` as a block.
pub(crate) fn write(body: &[u8]) -> Vec<u8> {
    let mut block = vec![DLE, STX];
    for byte in body {
        if *byte == DLE {
            block.push(DLE);
        }
        block.push(*byte);
    }
    block.extend([DLE, ETX]);
    // The check sum's own bytes are never doubled.
    block.extend(checksum(body).to_le_bytes());
    block
}

/// CRC-16/KERMIT over the undoubled body and the ETX.
fn checksum(body: &[u8]) -> u16 {
    body.iter().chain(&[ETX]).fold(0, |crc, byte| kermit(crc, *byte))
}

fn kermit(crc: u16, byte: u8) -> u16 {
    (0..8).fold(
        crc ^ u16::from(byte),
        |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0x8408 } else { crc >> 1 }
        },
    )
}

/// What one more byte made of a block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The block goes on.
    More,
    /// The byte stands outside of any block.
    Outside(u8),
    /// The block is whole, and its check sum agrees.
    Whole(Vec<u8>),
    /// It is not what was sent.
    Broken,
}

/// A block that is being read, byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Block {
    body: Vec<u8>,
    at: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Outside,
    /// After a DLE outside.
    Opening,
    Inside,
    /// After a DLE inside.
    Escaped,
    /// In a block that went wrong: none of its bytes is an acknowledgement.
    Spoilt,
    /// After a DLE there.
    SpoiltEscaped,
    FirstOfChecksum,
    SecondOfChecksum(u8),
}

impl Block {
    /// True while a block has begun and has not ended: after too long a pause it never will.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.at, Place::Outside | Place::Opening)
    }

    pub(crate) fn push(&mut self, byte: u8) -> Reading {
        let (at, reading) = match (self.at, byte) {
            (Place::Outside, DLE) => (Place::Opening, Reading::More),
            (Place::Outside, _) => (Place::Outside, Reading::Outside(byte)),
            // A DLE inside that is neither doubled nor an end: the block began anew.
            (Place::Opening | Place::Escaped | Place::SpoiltEscaped, STX) => {
                self.body.clear();
                (Place::Inside, Reading::More)
            }
            (Place::Opening, DLE) => (Place::Opening, Reading::More),
            (Place::Opening, _) => (Place::Outside, Reading::Outside(byte)),
            (Place::Inside, DLE) => (Place::Escaped, Reading::More),
            (Place::Inside, _) | (Place::Escaped, DLE) => {
                self.body.push(byte);
                if self.body.len() > LONGEST {
                    (Place::Spoilt, Reading::More)
                } else {
                    (Place::Inside, Reading::More)
                }
            }
            (Place::Escaped, ETX) => (Place::FirstOfChecksum, Reading::More),
            (Place::Spoilt, DLE) => (Place::SpoiltEscaped, Reading::More),
            (Place::Escaped | Place::Spoilt | Place::SpoiltEscaped, _) => {
                (Place::Spoilt, Reading::More)
            }
            (Place::FirstOfChecksum, _) => (Place::SecondOfChecksum(byte), Reading::More),
            (Place::SecondOfChecksum(low), _) => {
                let body = std::mem::take(&mut self.body);
                let agrees = checksum(&body) == u16::from_le_bytes([low, byte]);
                (Place::Outside, if agrees { Reading::Whole(body) } else { Reading::Broken })
            }
        };
        self.at = at;
        if matches!(at, Place::Outside | Place::Spoilt) {
            self.body.clear();
        }
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Reading, kermit, write};

    /// Blocks as the standard prints them, with the message in each.
    const PRINTED: &[(&str, &str)] = &[
        ("80 00 00", "10 02 80 00 00 10 03 F5 1F"),
        ("84 9C 00", "10 02 84 9C 00 10 03 C3 41"),
        ("06 00 06 12 34 56 BA 09 78", "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3"),
        ("06 93 03 12 34 56", "10 02 06 93 03 12 34 56 10 03 CA A4"),
        ("06 70 00", "10 02 06 70 00 10 03 D9 F9"),
        ("05 01 03 12 34 56", "10 02 05 01 03 12 34 56 10 03 E0 43"),
        // A DLE in the amount is doubled; the one in the check sum is not.
        (
            "06 01 0A 04 00 00 00 01 10 00 49 09 78",
            "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF",
        ),
        ("06 01 07 04 00 00 00 00 16 10", "10 02 06 01 07 04 00 00 00 00 16 10 10 10 03 2A D2"),
        ("06 01 07 04 00 00 00 00 00 59", "10 02 06 01 07 04 00 00 00 00 00 59 10 03 18 10"),
    ];

    fn bytes(text: &str) -> Vec<u8> {
        text.split(' ').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
    }

    #[test]
    fn the_check_sum_is_kermits() {
        assert_eq!(b"123456789".iter().fold(0, |crc, byte| kermit(crc, *byte)), 0x2189);
    }

    #[test]
    fn every_printed_block_is_written_and_read_byte_for_byte() {
        for (message, block) in PRINTED {
            assert_eq!(write(&bytes(message)), bytes(block), "{message}");
            let mut reader = Block::default();
            let mut last = Reading::More;
            for byte in bytes(block) {
                assert_eq!(last, Reading::More, "{message}");
                last = reader.push(byte);
            }
            assert_eq!(last, Reading::Whole(bytes(message)));
            assert!(!reader.is_open());
        }
    }

    #[test]
    fn a_block_with_any_one_bit_changed_is_never_taken_for_another_message() {
        for (message, block) in PRINTED {
            for bit in 0..block.len() * 8 {
                let mut damaged = bytes(block);
                let Some(byte) = damaged.get_mut(bit / 8) else { continue };
                *byte ^= 1 << (bit % 8);
                let mut reader = Block::default();
                for byte in damaged {
                    if let Reading::Whole(body) = reader.push(byte) {
                        assert_eq!(body, bytes(message), "bit {bit}");
                    }
                }
            }
        }
    }
}
