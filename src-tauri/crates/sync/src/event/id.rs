//! An event's id, which is also the place from which a reader goes on.

use std::fmt;
use std::str::FromStr;

use countertop_store::Position;

/// `1042-17-1-9f3c21aa`: the place in the journal, the place among the changes, which of an entry's
/// events it is (0 for a change, or for all of an entry's), and a mark of the journal, because one
/// that went on from a backup gives the same places to other events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventId {
    /// How far it is in both sources.
    pub position: Position,
    /// Which of an entry's events: 1, 2 and so on; 0 if nothing of this place is left to tell.
    pub part: u32,
    /// The first bytes of the hash of the entry.
    pub mark: [u8; 4],
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, part, mark } = self;
        write!(f, "{}-{}-{part}-{:08x}", position.seq, position.change, u32::from_be_bytes(*mark))
    }
}

impl FromStr for EventId {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('-');
        let mut number = || -> Option<i64> {
            let digits = parts.next()?;
            let plain =
                (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let (seq, change, part) = (number().ok_or(())?, number().ok_or(())?, number().ok_or(())?);
        let mark = parts.next().filter(|hex| hex.len() == 8).ok_or(())?;
        let mark = u32::from_str_radix(mark, 16).map_err(|_| ())?;
        let id = Self {
            position: Position { seq, change },
            part: u32::try_from(part).map_err(|_| ())?,
            mark: mark.to_be_bytes(),
        };
        // One id is written in one way.
        if parts.next().is_none() && id.to_string() == text { Ok(id) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::EventId;

    #[test]
    fn an_id_is_written_in_one_way() {
        let id: EventId = "1042-17-1-0f3c21aa".parse().unwrap();
        assert_eq!((id.position.seq, id.position.change, id.part), (1042, 17, 1));
        assert_eq!(id.to_string(), "1042-17-1-0f3c21aa");
        for bad in [
            "",
            "1",
            "1-2-3",
            "1-2-3-4",
            "01-2-3-0f3c21aa",
            "1-2-3-0F3C21AA",
            "1-2-3-0f3c21aa-",
            "-1-2-3-0f3c21aa",
            "1-2-3-+f3c21aa",
            "9999999999999999-0-0-0f3c21aa",
            "1-2-99999999999-0f3c21aa",
        ] {
            assert!(bad.parse::<EventId>().is_err(), "{bad}");
        }
    }
}
