//! The fields of a message: one byte says which, and the table says how long.

use super::{bcd, tlv};

/// How the length of a field is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Fixed(usize),
    /// So many bytes hold one decimal digit of the length each, in their lower halves.
    Digits(usize),
    /// As in a TLV container.
    Tlv,
}

/// Chapter 13 of the standard.
fn length_of(field: u8) -> Option<Length> {
    Some(match field {
        0x06 => Length::Tlv,
        0x01..=0x03 | 0x05 | 0x19 | 0x27 | 0x72..=0x75 | 0x8A | 0x8C | 0xA0 => Length::Fixed(1),
        0xD0 | 0xD2 | 0xD3 | 0xE0 | 0xE9 | 0xEA | 0xF0 | 0xF9..=0xFD => Length::Fixed(1),
        0x0D | 0x0E | 0x17 | 0x3A | 0x49 | 0x87 => Length::Fixed(2),
        0x0B | 0x0C | 0x37 | 0x3D | 0x88 | 0xAA => Length::Fixed(3),
        0x29 | 0x70 | 0x71 => Length::Fixed(4),
        0xBA => Length::Fixed(5),
        0x04 => Length::Fixed(6),
        0x3B | 0xEB => Length::Fixed(8),
        0x2A => Length::Fixed(15),
        0x22 | 0x23 | 0x2D | 0x8B | 0xA7 | 0xD1 | 0xE1..=0xE8 | 0xF1..=0xF8 => Length::Digits(2),
        0x24 | 0x2E | 0x3C | 0x60 | 0x9A | 0xAF => Length::Digits(3),
        _ => return None,
    })
}

/// Why the fields of a message cannot be read. Its text holds none of their contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FieldError {
    /// A field that the table does not have: nobody knows where the next one begins.
    #[error("field {0:02X} is unknown")]
    Unknown(u8),
    /// The message ends within the field.
    #[error("field {0:02X} is cut off")]
    CutOff(u8),
    /// Its length is no number.
    #[error("field {0:02X} has a length that is no number")]
    BadLength(u8),
    /// A half byte is no decimal digit.
    #[error("field {0:02X} is no number")]
    NoNumber(u8),
}

/// The fields of a message, in the order in which they stand there. After an error nothing follows.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    fn one(&mut self, field: u8) -> Result<&'a [u8], FieldError> {
        let rest = &self.rest[1..];
        let cut_off = FieldError::CutOff(field);
        let (length, head) = match length_of(field).ok_or(FieldError::Unknown(field))? {
            Length::Fixed(length) => (length, 0),
            Length::Digits(digits) => {
                let length = rest.get(..digits).ok_or(cut_off)?.iter().try_fold(0, |sum, byte| {
                    let digit = usize::from(byte & 0x0F);
                    (digit <= 9).then_some(sum * 10 + digit)
                });
                (length.ok_or(FieldError::BadLength(field))?, digits)
            }
            Length::Tlv => tlv::length(rest).ok_or(FieldError::BadLength(field))?,
        };
        let value = rest.get(head..head + length).ok_or(cut_off)?;
        self.rest = &rest[head + length..];
        Ok(value)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u8, &'a [u8]), FieldError>;

    fn next(&mut self) -> Option<Self::Item> {
        let field = *self.rest.first()?;
        let value = self.one(field);
        if value.is_err() {
            self.rest = &[];
        }
        Some(value.map(|value| (field, value)))
    }
}

/// The number that a field holds.
pub(crate) fn number(field: u8, value: &[u8]) -> Result<u64, FieldError> {
    bcd::read(value).ok_or(FieldError::NoNumber(field))
}

/// A field whose length is written as `N` digits; longer values are cut.
pub(crate) fn counted<const N: u32>(field: u8, value: &[u8]) -> Vec<u8> {
    let most = 10_usize.pow(N) - 1;
    let value = &value[..value.len().min(most)];
    let mut bytes = vec![field];
    for place in (0..N).rev() {
        let digit = value.len() / 10_usize.pow(place) % 10;
        bytes.push(0xF0 | u8::try_from(digit).unwrap_or(0));
    }
    bytes.extend(value);
    bytes
}

#[cfg(test)]
mod tests {
    use super::{FieldError, Fields, counted, length_of};

    fn read(data: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, FieldError> {
        Fields::of(data).map(|one| one.map(|(field, value)| (field, value.to_vec()))).collect()
    }

    #[test]
    fn every_field_of_the_table_is_skipped_by_its_length() -> Result<(), FieldError> {
        let mut known = 0;
        for field in 0..=0xFF {
            if length_of(field).is_none() {
                assert_eq!(read(&[field, 0, 0, 0]), Err(FieldError::Unknown(field)));
                continue;
            }
            known += 1;
            // Long enough for the longest; the result code must still be found behind it.
            let mut data = vec![field];
            data.extend(match length_of(field) {
                Some(super::Length::Fixed(length)) => vec![1; length],
                Some(super::Length::Digits(2)) => vec![0xF0, 0xF3, 1, 1, 1],
                Some(super::Length::Digits(_)) => {
                    vec![0xF0, 0xF1, 0xF2].into_iter().chain(std::iter::repeat_n(9, 12)).collect()
                }
                _ => vec![0x81, 0x02, 7, 7],
            });
            data.extend([0x27, 0x6C]);
            assert_eq!(read(&data)?.last(), Some(&(0x27, vec![0x6C])), "{field:02X}");
        }
        assert_eq!(known, 74, "chapter 13 has so many");
        Ok(())
    }

    #[test]
    fn a_field_that_is_cut_off_or_has_no_length_is_an_error() {
        assert_eq!(read(&[0x04, 0, 0]), Err(FieldError::CutOff(0x04)));
        assert_eq!(read(&[0x22, 0xF0]), Err(FieldError::CutOff(0x22)));
        assert_eq!(read(&[0x22, 0xF0, 0xFB]), Err(FieldError::BadLength(0x22)));
        assert_eq!(read(&[0x06, 0x83, 1, 1, 1]), Err(FieldError::BadLength(0x06)));
        assert_eq!(counted::<3>(0x3C, b"GEN")[..4], [0x3C, 0xF0, 0xF0, 0xF3]);
    }
}
