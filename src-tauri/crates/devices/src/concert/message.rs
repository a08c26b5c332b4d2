//! The two messages of Concert E+: the register's order and the terminal's answer. Both have fixed
//! places for everything.

use crate::card_number;

/// Characters of an order.
pub(crate) const ORDER: usize = 34;
/// Characters of an answer without a report of the card.
const SHORT_ANSWER: usize = 25;
/// Characters of the report of the card.
const REPORT: usize = 55;

/// The largest amount that fits: eight digits.
pub(crate) const MOST: i64 = 99_999_999;

/// What the register asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The register's number, two digits.
    pub(crate) pos: u8,
    /// In minor units, at most [`MOST`].
    pub(crate) amount: u32,
    /// True if the answer shall tell of the card.
    pub(crate) report: bool,
    /// `1` for cards.
    pub(crate) mode: u8,
    /// `0` pays, `1` and `2` give back.
    pub(crate) kind: u8,
    /// The currency's number in ISO 4217.
    pub(crate) currency: u16,
    /// Comes back in the answer.
    pub(crate) private: [u8; 10],
    /// True if the terminal shall ask the bank whatever the amount.
    pub(crate) force: bool,
}

impl Order {
    /// The order's text.
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut text = format!(
            "{:02}{:08}{}{}{}{:03}",
            self.pos,
            self.amount,
            if self.report { '1' } else { '0' },
            char::from(self.mode),
            char::from(self.kind),
            self.currency,
        )
        .into_bytes();
        text.extend_from_slice(&self.private);
        // A010: the answer comes after the payment. With A011 it would come at once, and say
        // nothing about money.
        text.extend_from_slice(if self.force { b"A010B011" } else { b"A010B010" });
        text
    }

    /// Reads an order as a terminal does; none if anything in it is not as it must be.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        if text.len() != ORDER {
            return None;
        }
        let private: [u8; 10] = text.get(16..26)?.try_into().ok()?;
        let order = Self {
            pos: number(text.get(0..2)?)?.try_into().ok()?,
            amount: number(text.get(2..10)?)?,
            report: match text.get(10)? {
                b'0' => false,
                b'1' => true,
                _ => return None,
            },
            mode: *text.get(11)?,
            kind: *text.get(12).filter(|kind| kind.is_ascii_digit())?,
            currency: number(text.get(13..16)?)?.try_into().ok()?,
            private,
            force: match text.get(30..34)? {
                b"B010" => false,
                b"B011" => true,
                _ => return None,
            },
        };
        let private_is_text = private.iter().all(|byte| (b' '..=b'~').contains(byte));
        (text.get(26..30)? == b"A010" && private_is_text && order.mode.is_ascii_alphanumeric())
            .then_some(order)
    }
}

/// What the terminal says of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// `0`: done.
    Done,
    /// `7`: not done.
    Refused,
    /// `9`: the terminal itself does not know.
    NotVerified,
    /// Any other sign.
    Unknown(u8),
}

/// A terminal's answer. Of the card only what may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) pos: u8,
    pub(crate) verdict: Verdict,
    pub(crate) amount: u32,
    pub(crate) mode: u8,
    pub(crate) last_four: String,
    pub(crate) currency: u16,
    pub(crate) private: [u8; 10],
}

impl Answer {
    /// Reads an answer of either length; none if anything in it is not as it must be.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let report = match text.len() {
            SHORT_ANSWER => 0,
            long if long == SHORT_ANSWER + REPORT => REPORT,
            _ => return None,
        };
        let (head, rest) = text.split_at_checked(12)?;
        let (report, tail) = rest.split_at_checked(report)?;
        Some(Self {
            pos: number(head.get(0..2)?)?.try_into().ok()?,
            verdict: match head.get(2)? {
                b'0' => Verdict::Done,
                b'7' => Verdict::Refused,
                b'9' => Verdict::NotVerified,
                other => Verdict::Unknown(*other),
            },
            amount: number(head.get(3..11)?)?,
            mode: *head.get(11)?,
            last_four: card_number::last_four(report),
            currency: number(tail.get(0..3)?)?.try_into().ok()?,
            private: tail.get(3..13)?.try_into().ok()?,
        })
    }

    /// The answer's text, with `report` where one is asked for: at most 55 characters, filled up.
    pub(crate) fn text(&self, report: Option<&str>) -> Vec<u8> {
        let verdict = match self.verdict {
            Verdict::Done => b'0',
            Verdict::Refused => b'7',
            Verdict::NotVerified => b'9',
            Verdict::Unknown(other) => other,
        };
        let head = format!(
            "{:02}{}{:08}{}",
            self.pos,
            char::from(verdict),
            self.amount,
            char::from(self.mode)
        );
        let mut text = head.into_bytes();
        if let Some(report) = report {
            text.extend(report.bytes().chain(std::iter::repeat(b' ')).take(REPORT));
        }
        text.extend(format!("{:03}", self.currency).bytes());
        text.extend_from_slice(&self.private);
        text
    }
}

/// Digits only: no sign, no blank.
fn number(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Answer, Order, Verdict};

    fn order() -> Order {
        Order {
            pos: 1,
            amount: 1234,
            report: true,
            mode: b'1',
            kind: b'0',
            currency: 978,
            private: *b"          ",
            force: false,
        }
    }

    #[test]
    fn an_order_is_34_characters_in_their_places() {
        assert_eq!(order().text(), b"0100001234110978          A010B010");
        assert_eq!(Order::read(&order().text()), Some(order()));
    }

    #[test]
    fn an_order_for_an_answer_before_the_card_is_never_made_and_never_taken() {
        let asks = |force| Order { force, ..order() }.text();
        assert!(asks(true).ends_with(b"A010B011") && asks(false).ends_with(b"A010B010"));
        assert_eq!(Order::read(b"0100001234110978          A011B010"), None);
    }

    #[test]
    fn a_crooked_order_is_not_taken() {
        for crooked in [
            b"0100001234110978          A010B01".as_slice(),
            b"0100001234110978          A010B0100",
            b"01 0001234110978          A010B010",
            b"01+0001234110978          A010B010",
            b"0100001234210978          A010B010",
            b"0100001234110978          A010B019",
            b"01000012341-0978          A010B010",
        ] {
            assert_eq!(Order::read(crooked), None, "{:?}", String::from_utf8_lossy(crooked));
        }
    }

    #[test]
    fn of_the_report_only_four_digits_are_kept() -> Result<(), Box<dyn std::error::Error>> {
        let answer = Answer {
            pos: 1,
            verdict: Verdict::Done,
            amount: 1234,
            mode: b'1',
            last_four: "7890".to_owned(),
            currency: 978,
            private: *b"T123456789",
        };
        let text = answer.text(Some("4976701234567890 2712 A0000000421010"));
        assert_eq!(text.len(), 80);
        let read = Answer::read(&text).ok_or("an answer")?;
        assert_eq!(read, answer);
        assert!(!format!("{read:?}").contains("4976701234567890"));
        let short = answer.text(None);
        assert_eq!(short, b"010000012341978T123456789");
        assert_eq!(Answer::read(&short), Some(Answer { last_four: String::new(), ..answer }));
        Ok(())
    }
}
