//! What the languages of scales have in common: bytes in, an answer out, no clock and no wire.

use std::str::FromStr;

use countertop_domain::quantity::Quantity;

use super::cas::Cas;
use super::sma::Sma;
use super::toledo::Toledo;
use super::{ScaleError, ScaleReading};

/// The languages that scales speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScaleLanguage {
    /// Mettler Toledo 8217, and the many that imitate it. Usually 9600 7E1.
    Toledo8217,
    /// CAS "type 6" and the ECR mode of OHAUS and others. Usually 9600 8N1 or 7E1.
    Cas,
    /// SMA SCP-0499. Usually 9600 8N1.
    Sma,
}

impl ScaleLanguage {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Toledo8217, Self::Cas, Self::Sma];

    /// Its name in settings and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Toledo8217 => "toledo8217",
            Self::Cas => "cas",
            Self::Sma => "sma",
        }
    }

    pub(super) fn speak(self) -> Box<dyn Language> {
        match self {
            Self::Toledo8217 => Box::new(Toledo::default()),
            Self::Cas => Box::new(Cas::default()),
            Self::Sma => Box::new(Sma::default()),
        }
    }
}

impl FromStr for ScaleLanguage {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|language| language.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("\"{name}\" is no language of scales: choose one of {known}")
        })
    }
}

/// One side of a conversation with a scale.
pub(super) trait Language: Send {
    /// Begins to ask for the weight: what to send. What was heard before is forgotten.
    fn ask(&mut self) -> &'static [u8];

    /// Takes a byte of the scale in.
    fn hear(&mut self, byte: u8) -> Heard;

    /// Sets to zero, where the language has a word for it; the answer comes as one to `ask`.
    fn zero(&mut self) -> Option<&'static [u8]>;

    /// Takes what lies on it as tare; likewise.
    fn tare(&mut self) -> Option<&'static [u8]>;
}

/// What came of a byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// More is to come.
    More,
    /// This has to be sent now.
    Say(&'static [u8]),
    /// The answer is whole.
    Answer(Answer),
}

/// What a scale answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It stands still.
    Weight {
        /// Thousandths of a kilogram or a pound.
        thousandths: i64,
        pounds: bool,
        net: bool,
    },
    Moving,
    TooHeavy,
    BelowZero,
    /// It knows the word, but not now.
    Refused,
    /// It does not know the word.
    Unknown,
    /// No answer of this language, as far as it can be shown.
    Unreadable(String),
}

impl Answer {
    /// The weight to sell by.
    pub(super) fn reading(self) -> Result<ScaleReading, ScaleError> {
        Err(match self {
            Self::Weight { thousandths: 0, .. } => ScaleError::Empty,
            Self::Weight { thousandths, .. } if thousandths < 0 => ScaleError::BelowZero,
            Self::Weight { thousandths, pounds, net } => {
                let weight = Quantity::from_thousandths(thousandths);
                return Ok(ScaleReading { weight, pounds, net });
            }
            Self::Moving => ScaleError::Moving,
            Self::TooHeavy => ScaleError::TooHeavy,
            Self::BelowZero => ScaleError::BelowZero,
            Self::Refused => ScaleError::Refused,
            Self::Unknown => ScaleError::Unreadable("it does not know the question".to_owned()),
            Self::Unreadable(shown) => ScaleError::Unreadable(shown),
        })
    }

    pub(super) fn unreadable(bytes: &[u8]) -> Self {
        Self::Unreadable(
            bytes.iter().map(|byte| char::from(*byte).escape_default().to_string()).collect(),
        )
    }
}

/// The unit that a scale names, as thousandths of kilogram or pound for each thousandth of it.
pub(super) struct NamedUnit {
    pub(super) pounds: bool,
    /// So many of these are one kilogram or pound.
    pub(super) in_one: i64,
}

/// `kg`, `lb`, `g`, `oz`, padded with blanks or underscores.
pub(super) fn named_unit(text: &str) -> Option<NamedUnit> {
    let unit = text.trim_matches([' ', '_', '.']).to_ascii_lowercase();
    Some(match unit.as_str() {
        "kg" => NamedUnit { pounds: false, in_one: 1 },
        "g" => NamedUnit { pounds: false, in_one: 1000 },
        "lb" => NamedUnit { pounds: true, in_one: 1 },
        "oz" => NamedUnit { pounds: true, in_one: 16 },
        _ => return None,
    })
}

/// A number such as ` 1.2535` in thousandths, finer ones rounded; none for anything else.
/// Without a point the last `decimals` digits are decimals.
pub(super) fn thousandths(text: &str, decimals: u32) -> Option<i64> {
    let text = text.trim_matches(' ');
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start_matches(' ')),
        None => (false, text),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    // Ten characters are the most that any language has.
    if digits.is_empty() || digits.len() > 10 || !is_number {
        return None;
    }
    let decimals = if text.contains('.') { u32::try_from(fraction.len()).ok()? } else { decimals };
    let scale = 10_i64.checked_pow(decimals)?;
    let value = (digits.parse::<i64>().ok()? * 1000 + scale / 2) / scale;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::{Answer, Heard, ScaleLanguage, thousandths};

    #[test]
    fn a_number_is_read_to_the_gram_and_nothing_else_is_a_number() {
        for (text, value) in [
            ("1.255", Some(1255)),
            ("   01.25", Some(1250)),
            ("-0.005", Some(-5)),
            ("1.2535", Some(1254)),
            ("000642", Some(642)),
            ("12", Some(12)),
            ("----------", None),
            ("1.2.3", None),
            ("1,255", None),
            ("", None),
            (".", None),
            ("99999999999", None),
        ] {
            assert_eq!(thousandths(text, 3), value, "{text}");
        }
    }

    #[test]
    fn a_language_is_found_by_its_name() {
        for language in ScaleLanguage::ALL {
            assert_eq!(language.name().parse(), Ok(language));
        }
        assert!("sics".parse::<ScaleLanguage>().is_err_and(|words| words.contains("toledo8217")));
    }

    #[test]
    fn no_noise_makes_a_language_fall_over_or_spoils_the_next_answer() {
        let mut dice = crate::fuzz::Dice::new(7);
        let good: [&[u8]; 3] =
            [b"\x0201.255\r", b"\x06\x01\x02S 001255kg\x7C\x03\x04", b"\n 1G       1.255kg_\r"];
        for run in 0..crate::fuzz::runs() {
            let which = usize::try_from(run % 3).unwrap_or(0);
            let mut scale = ScaleLanguage::ALL[which].speak();
            scale.ask();
            for byte in dice.wire(b"\x01\x02\x03\x04\x05\x06\n\r?0123456789. SUkglbNGM-") {
                scale.hear(byte);
            }
            scale.ask();
            let answer = good[which].iter().find_map(|byte| match scale.hear(*byte) {
                Heard::Answer(answer) => Some(answer),
                _ => None,
            });
            let weight = Answer::Weight { thousandths: 1255, pounds: false, net: false };
            assert_eq!(answer, Some(weight), "run {run}");
        }
    }
}
