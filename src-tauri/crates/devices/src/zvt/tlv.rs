//! The TLV container: tag, length, value, and values that hold the same again.

/// Containers within containers, at most so deep.
const DEEPEST: usize = 8;

/// The length that `bytes` begin with, and how many bytes say so: one up to 7F, after 81 one more,
/// after 82 two more.
pub(crate) fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes {
        [short @ ..=0x7F, ..] => Some((usize::from(short), 1)),
        [0x81, length, ..] => Some((usize::from(length), 2)),
        [0x82, high, low, ..] => Some((usize::from(u16::from_be_bytes([high, low])), 3)),
        _ => None,
    }
}

/// Shows every value to `see`, containers before what they hold, until something cannot be read.
/// Nothing that decides about money is in a container, so what cannot be read there is left out.
pub(crate) fn walk(bytes: &[u8], see: &mut impl FnMut(u32, &[u8])) {
    walk_down(bytes, DEEPEST, see);
}

fn walk_down(mut bytes: &[u8], deeper: usize, see: &mut impl FnMut(u32, &[u8])) {
    while let Some((tag, value, rest)) = first(bytes) {
        see(tag.number, value);
        if tag.holds_more && deeper > 0 {
            walk_down(value, deeper - 1, see);
        }
        bytes = rest;
    }
}

struct Tag {
    /// Its bytes: `1F07` is 0x1F07.
    number: u32,
    holds_more: bool,
}

fn first(bytes: &[u8]) -> Option<(Tag, &[u8], &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let mut number = u32::from(*first);
    if first & 0x1F == 0x1F {
        loop {
            let (next, after) = rest.split_first()?;
            number = number.checked_mul(0x100)? | u32::from(*next);
            rest = after;
            if next & 0x80 == 0 {
                break;
            }
        }
    }
    let (length, head) = length(rest)?;
    let value = rest.get(head..head + length)?;
    Some((Tag { number, holds_more: first & 0x20 != 0 }, value, &rest[head + length..]))
}

/// One value with its tag and length; `value` has at most 65,535 bytes.
pub(crate) fn write(tag: u32, value: &[u8]) -> Vec<u8> {
    let tag = tag.to_be_bytes();
    let mut bytes: Vec<u8> = tag.into_iter().skip_while(|byte| *byte == 0).collect();
    bytes.extend(written_length(value.len()));
    bytes.extend(value);
    bytes
}

/// Field 06 of a message with these values in it.
pub(crate) fn container(values: &[Vec<u8>]) -> Vec<u8> {
    let inside = values.concat();
    let mut bytes = vec![0x06];
    bytes.extend(written_length(inside.len()));
    bytes.extend(inside);
    bytes
}

fn written_length(length: usize) -> Vec<u8> {
    let [low, high, ..] = length.to_le_bytes();
    match length {
        ..=0x7F => vec![low],
        0x80..=0xFF => vec![0x81, low],
        _ => vec![0x82, high, low],
    }
}

#[cfg(test)]
mod tests {
    use super::{container, length, walk, write};

    fn seen(bytes: &[u8]) -> Vec<(u32, usize)> {
        let mut seen = Vec::new();
        walk(bytes, &mut |tag, value| seen.push((tag, value.len())));
        seen
    }

    #[test]
    fn values_of_every_length_read_back_and_containers_are_opened() {
        for size in [0, 1, 127, 128, 255, 256, 5000] {
            let inner = write(0x07, &vec![b'x'; size]);
            let outer = write(0x25, &inner);
            assert_eq!(seen(&outer), [(0x25, inner.len()), (0x07, size)]);
            assert_eq!(
                length(&container(std::slice::from_ref(&outer))[1..]).map(|(l, _)| l),
                Some(outer.len())
            );
        }
        assert_eq!(write(0x1F07, &[2]), [0x1F, 0x07, 1, 2]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert_eq!(seen(&[0x07, 1, b'a', 0x07, 9, b'b']), [(0x07, 1)]);
        assert_eq!(seen(&[0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), []);
        assert_eq!(seen(&[0x07, 0x84, 1]), []);
    }

    #[test]
    fn a_container_that_holds_itself_for_ever_has_an_end() {
        let mut deep = write(0x07, b"bottom");
        for _ in 0..40 {
            deep = write(0x25, &deep);
        }
        assert_eq!(seen(&deep).len(), 9);
    }
}
