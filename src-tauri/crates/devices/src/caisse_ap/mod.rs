//! Card terminals that speak Caisse-AP, which is Concert V3, over the network (France).
//!
//! One connection carries one order and its answer. There is no question for the last payment: where
//! no whole answer comes once a byte of the order has left, a person decides by the terminal's
//! display or slip.

mod fields;
mod terminal;
mod words;

pub(crate) use fields::{Fields, Reading};
pub use terminal::{CaisseApOptions, CaisseApTerminal, CaisseApTimers};

#[cfg(test)]
mod tests {
    use super::{Fields, Reading, terminal::facts};
    use crate::fuzz::{Dice, runs};

    #[test]
    fn no_bytes_on_the_line_do_harm() {
        let mut dice = Dice::new(2);
        for _ in 0..runs() {
            let mut bytes = b"CZ0040320".to_vec();
            for _ in 0..dice.below(8) {
                let value = dice.wire(b"0123456789A* ");
                let tag =
                    [dice.below(26), dice.below(26)].map(|letter| b"ACABEFICDGKLM"[letter / 2]);
                bytes.extend(tag);
                // Not always as long as it says.
                let length = value.len() + dice.below(20) / 19;
                bytes.extend(format!("{length:03}").bytes());
                bytes.extend(value);
            }
            bytes.truncate(bytes.len() - dice.below(bytes.len()) * (dice.below(4) / 3));
            if let Reading::Whole(fields) = Fields::read(&bytes) {
                let facts = facts(&fields);
                assert!(facts.last_four.len() <= 4 && facts.authorisation.len() <= 10);
                assert_eq!(Fields::read(&fields.text()), Reading::Whole(fields));
            }
            let _ = Fields::read(&dice.wire(b"CZAEF0123456789 "));
        }
    }
}
