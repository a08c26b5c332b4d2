//! The fields of a message: a tag of two letters, a length of three digits, and a text.

use std::collections::BTreeMap;

/// Text beyond this is no message of anybody.
const LONGEST: usize = 16 * 1024;

/// The fields of a message, each once. A value may be a card's number: see [`Fields::get`] for the
/// only way to one, and nothing shows them all.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

/// What the bytes so far are.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The beginning of a message, or nothing.
    More,
    /// A message; more fields may still follow, since nothing says how many there are.
    Whole(Fields),
    /// No message, and no beginning of one.
    Bad,
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::More => f.write_str("More"),
            Self::Whole(fields) => f.debug_tuple("Whole").field(fields).finish(),
            Self::Bad => f.write_str("Bad"),
        }
    }
}

impl Fields {
    /// Reads fields up to the end of `bytes`. The first one is the version.
    pub(crate) fn read(bytes: &[u8]) -> Reading {
        if bytes.len() > LONGEST || !bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return Reading::Bad;
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return Reading::Bad };
        let mut fields = BTreeMap::new();
        let mut rest = text;
        while !rest.is_empty() {
            let Some((head, tail)) = rest.split_at_checked(5) else {
                return if begins_a_field(rest) { Reading::More } else { Reading::Bad };
            };
            let (tag, length) = head.split_at(2);
            if !begins_a_field(head) || (fields.is_empty() && tag != "CZ") {
                return Reading::Bad;
            }
            let Ok(length) = length.parse::<usize>() else { return Reading::Bad };
            let Some((value, after)) = tail.split_at_checked(length) else { return Reading::More };
            if length == 0 || fields.insert(tag.to_owned(), value.to_owned()).is_some() {
                return Reading::Bad;
            }
            rest = after;
        }
        if fields.is_empty() { Reading::More } else { Reading::Whole(Self(fields)) }
    }

    /// A field's value.
    pub(crate) fn get(&self, tag: &str) -> Option<&str> {
        self.0.get(tag).map(String::as_str)
    }

    /// A field's value as a number; leading noughts say nothing.
    pub(crate) fn number(&self, tag: &str) -> Option<i64> {
        let value = self.get(tag)?;
        value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok()).flatten()
    }

    /// Sets a field.
    pub(crate) fn set(&mut self, tag: &str, value: impl Into<String>) {
        self.0.insert(tag.to_owned(), value.into());
    }

    /// The message, its version first.
    pub(crate) fn text(&self) -> Vec<u8> {
        let version = self.0.iter().filter(|(tag, _)| *tag == "CZ");
        let others = self.0.iter().filter(|(tag, _)| *tag != "CZ");
        let write = |(tag, value): (&String, &String)| format!("{tag}{:03}{value}", value.len());
        version.chain(others).map(write).collect::<String>().into_bytes()
    }
}

/// True for the first one to five characters of a field.
fn begins_a_field(head: &str) -> bool {
    head.bytes().enumerate().all(|(place, byte)| match place {
        0 | 1 => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Fields, Reading};

    #[test]
    fn a_message_is_read_whole_or_not_at_all() {
        let text = b"CZ0040320CA00201CB0041234AE00210";
        let Reading::Whole(fields) = Fields::read(text) else { panic!("not read") };
        assert_eq!(fields.get("AE"), Some("10"));
        assert_eq!((fields.number("CA"), fields.number("CB")), (Some(1), Some(1234)));
        let mut whole = 0;
        for cut in 0..text.len() {
            match Fields::read(&text[..cut]) {
                Reading::More => {}
                Reading::Whole(fields) => {
                    whole += 1;
                    assert_eq!(fields.get("AE"), None, "{cut}");
                }
                Reading::Bad => panic!("{cut} is a beginning"),
            }
        }
        assert_eq!(whole, 3, "the ends of the first three fields");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bad in [
            "CA00201",
            "CZ0040320CA00x01",
            "CZ0040320CA00201CA00201",
            "CZ0040320CB000",
            "CZ0040320cb00112",
            "CZ0040320CB\n01",
            "HTTP/1.1 400 Bad Request",
        ] {
            assert_eq!(Fields::read(bad.as_bytes()), Reading::Bad, "{bad}");
        }
    }

    #[test]
    fn fields_are_shown_by_their_tags_only() {
        let Reading::Whole(fields) = Fields::read(b"CZ0040320AA0164976701234567890") else {
            panic!("not read")
        };
        assert_eq!(format!("{fields:?}"), r#"["AA", "CZ"]"#);
        assert_eq!(fields.text(), b"CZ0040320AA0164976701234567890");
    }
}
