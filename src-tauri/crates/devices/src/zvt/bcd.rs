//! Numbers as ZVT writes them: two decimal digits a byte.

/// `value` in `N` bytes; none if it has more digits than fit.
pub(crate) fn write<const N: usize>(mut value: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for byte in bytes.iter_mut().rev() {
        let pair = u8::try_from(value % 100).ok()?;
        *byte = pair / 10 * 16 + pair % 10;
        value /= 100;
    }
    (value == 0).then_some(bytes)
}

/// The number in `bytes`, at most nine of them; none if a half byte is no digit.
pub(crate) fn read(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 9 {
        return None;
    }
    nibbles(bytes)
        .try_fold(0, |number: u64, digit| (digit <= 9).then(|| number * 10 + u64::from(digit)))
}

/// Like [`read`], for numbers that fit a `u32`.
pub(crate) fn read_u32(bytes: &[u8]) -> Option<u32> {
    read(bytes).and_then(|number| number.try_into().ok())
}

/// The half bytes, upper one first.
pub(crate) fn nibbles(bytes: &[u8]) -> impl DoubleEndedIterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn a_number_reads_back_and_one_that_is_too_long_is_refused() {
        assert_eq!(write::<6>(11_000), Some([0, 0, 0, 1, 0x10, 0]));
        assert_eq!(read(&[0, 0, 0, 1, 0x10, 0]), Some(11_000));
        assert_eq!(write::<2>(9_999), Some([0x99, 0x99]));
        assert_eq!(write::<2>(10_000), None);
        assert_eq!(read(&[0x1A]), None);
        assert_eq!(read(&[0x99; 10]), None);
    }
}
