//! Codes that a shop's own scale or label printer makes: an EAN-13 of the restricted range whose
//! digits hold the item and its weight, price or count (General Specifications 2.1.11).

use serde::{Deserialize, Serialize};

use crate::barcode::check_digit;
use crate::gs1::minor_units;
use crate::money::{Currency, Money};
use crate::quantity::Quantity;

const LENGTH: usize = 13;

/// What may be wrong with a template, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not thirteen characters.
    #[error("\"{pattern}\" has {length} characters: a code has 13, such as 21IIIIIWWWWWC")]
    Length {
        /// What was given.
        pattern: String,
        /// How long it is.
        length: usize,
    },
    /// Outside the range of in-store codes.
    #[error("\"{pattern}\" must begin with 02, 04 or 20 to 29: other codes belong to other shops")]
    Prefix {
        /// What was given.
        pattern: String,
    },
    /// A letter that means nothing.
    #[error(
        "\"{pattern}\" has \"{letter}\": use I (item), W, P or N, V (price check) and C (last)"
    )]
    Letter {
        /// What was given.
        pattern: String,
        /// The first one that means nothing.
        letter: char,
    },
    /// The last place is not the check digit, or it stands elsewhere.
    #[error("\"{pattern}\" needs its check digit C in the last place, and there only")]
    CheckPlace {
        /// What was given.
        pattern: String,
    },
    /// No item number, or one in pieces.
    #[error("\"{pattern}\" needs the item's number, I, in one piece")]
    Item {
        /// What was given.
        pattern: String,
    },
    /// Not exactly one of weight, price and count, in one piece.
    #[error("\"{pattern}\" needs a weight W, a price P or a count N: one of them, in one piece")]
    Measure {
        /// What was given.
        pattern: String,
    },
    /// A check digit for a field that has none.
    #[error("\"{pattern}\" has a check digit V: it goes with four or five digits, and only once")]
    Verifier {
        /// What was given.
        pattern: String,
    },
    /// More decimals than digits.
    #[error("\"{pattern}\" cannot have {decimals} decimals")]
    Decimals {
        /// What was given.
        pattern: String,
        /// How many were given.
        decimals: u8,
    },
    /// Two templates that read the same codes.
    #[error("\"{first}\" and \"{second}\" begin alike: a code could mean either")]
    Alike {
        /// One of them.
        first: String,
        /// The other one.
        second: String,
    },
}

/// What the variable digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Weight,
    Price,
    Count,
}

impl Field {
    const fn of(letter: u8) -> Option<Self> {
        match letter {
            b'W' => Some(Self::Weight),
            b'P' => Some(Self::Price),
            b'N' => Some(Self::Count),
            _ => None,
        }
    }
}

/// How to read one kind of in-store code, such as `21IIIIIWWWWWC`: leading digits, the item's number
/// I, a weight W, price P or count N, optionally a check digit V of that (General Specifications
/// 7.9.2 to 7.9.4), and the code's check digit C.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Template {
    pattern: String,
    decimals: u8,
    field: Field,
}

/// A template as it is kept.
#[derive(Serialize, Deserialize)]
struct Written {
    pattern: String,
    decimals: u8,
}

impl TryFrom<Written> for Template {
    type Error = TemplateError;
    fn try_from(written: Written) -> Result<Self, TemplateError> {
        Self::new(&written.pattern, Some(written.decimals))
    }
}

impl From<Template> for Written {
    fn from(template: Template) -> Self {
        Self { pattern: template.pattern, decimals: template.decimals }
    }
}

impl Template {
    /// A template from its pattern. `decimals` are those of the weight (in kilograms), the price or
    /// the count; none for three, two and none.
    ///
    /// # Errors
    /// See [`TemplateError`].
    pub fn new(pattern: &str, decimals: Option<u8>) -> Result<Self, TemplateError> {
        let pattern = pattern.trim().to_ascii_uppercase();
        let given = || pattern.clone();
        if pattern.chars().count() != LENGTH {
            let length = pattern.chars().count();
            return Err(TemplateError::Length { pattern: given(), length });
        }
        let means = |c: char| c.is_ascii_digit() || matches!(c, 'I' | 'W' | 'P' | 'N' | 'V' | 'C');
        if let Some(letter) = pattern.chars().find(|c| !means(*c)) {
            return Err(TemplateError::Letter { pattern: given(), letter });
        }
        let literal = literal_of(&pattern);
        let digits_elsewhere = pattern.bytes().skip(literal.len()).any(|b| b.is_ascii_digit());
        let in_range = matches!(literal.as_bytes(), [b'2', _, ..] | [b'0', b'2' | b'4', ..]);
        if !in_range || digits_elsewhere {
            return Err(TemplateError::Prefix { pattern: given() });
        }
        if pattern.find('C') != Some(LENGTH - 1) {
            return Err(TemplateError::CheckPlace { pattern: given() });
        }
        if run_of(&pattern, b'I').is_none() {
            return Err(TemplateError::Item { pattern: given() });
        }
        let mut fields = [b'W', b'P', b'N'].into_iter().filter(|l| pattern.as_bytes().contains(l));
        let letter = fields.next().filter(|letter| run_of(&pattern, *letter).is_some());
        let (Some(letter), None) = (letter, fields.next()) else {
            return Err(TemplateError::Measure { pattern: given() });
        };
        let width = run_of(&pattern, letter).map_or(0, |(_, width)| width);
        match pattern.bytes().filter(|b| *b == b'V').count() {
            0 => {}
            1 if matches!(width, 4 | 5) => {}
            _ => return Err(TemplateError::Verifier { pattern: given() }),
        }
        let field = Field::of(letter).ok_or(TemplateError::Measure { pattern: given() })?;
        let decimals = decimals.unwrap_or(match field {
            Field::Weight => 3,
            Field::Price => 2,
            Field::Count => 0,
        });
        let most = if field == Field::Count { 0 } else { width };
        if usize::from(decimals) > most {
            return Err(TemplateError::Decimals { pattern: given(), decimals });
        }
        Ok(Self { pattern, decimals, field })
    }

    /// `21IIIIIWWWWWC`.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Decimals of the weight, price or count.
    pub const fn decimals(&self) -> u8 {
        self.decimals
    }

    fn reads(&self, code: &str) -> bool {
        code.len() == LENGTH && code.starts_with(literal_of(&self.pattern))
    }

    fn read(&self, code: &str) -> Result<Label, LabelError> {
        let unreadable = || LabelError::CheckDigit { code: code.to_owned() };
        if !crate::barcode::is_gtin(code) {
            return Err(unreadable());
        }
        let letter = match self.field {
            Field::Weight => b'W',
            Field::Price => b'P',
            Field::Count => b'N',
        };
        let item = self.digits(code, b'I').ok_or_else(unreadable)?;
        let digits = self.digits(code, letter).ok_or_else(unreadable)?;
        if let Some(verifier) = self.digits(code, b'V')
            && measure_check_digit(digits).map(|digit| digit.to_string()).as_deref()
                != Some(verifier)
        {
            return Err(LabelError::Verifier { code: code.to_owned() });
        }
        let value: u64 = digits.parse().map_err(|_| unreadable())?;
        let decimals = u32::from(self.decimals);
        let measure = match self.field {
            Field::Weight => {
                // Digits finer than a gram are rounded to it.
                let scale = 10_u64.pow(decimals);
                let grams = (value * 1000 + scale / 2) / scale;
                Measure::Weight(Quantity::from_thousandths(i64::try_from(grams).unwrap_or(0)))
            }
            Field::Price => Measure::Price { digits: value, decimals },
            Field::Count => Measure::Count(u32::try_from(value).unwrap_or(u32::MAX)),
        };
        if value == 0 {
            return Err(LabelError::Nothing { code: code.to_owned() });
        }
        Ok(Label { item: item.to_owned(), base: self.base(code), measure })
    }

    /// The digits of a code where the pattern has `letter`.
    fn digits<'a>(&self, code: &'a str, letter: u8) -> Option<&'a str> {
        let (start, width) = run_of(&self.pattern, letter)?;
        code.get(start..start + width)
    }

    /// The code with nothing in its variable digits: what many catalogues keep for the item.
    fn base(&self, code: &str) -> String {
        let body = self.pattern.bytes().zip(code.chars()).take(LENGTH - 1);
        let body: String = body
            .map(
                |(letter, digit)| {
                    if matches!(letter, b'W' | b'P' | b'N' | b'V') { '0' } else { digit }
                },
            )
            .collect();
        let check = check_digit(&body).unwrap_or('0');
        format!("{body}{check}")
    }
}

fn literal_of(pattern: &str) -> &str {
    let end = pattern.find(|c: char| !c.is_ascii_digit()).unwrap_or(pattern.len());
    pattern.get(..end).unwrap_or(pattern)
}

/// Where the one run of `letter` begins and how long it is; none if there is none, or more.
fn run_of(pattern: &str, letter: u8) -> Option<(usize, usize)> {
    let bytes = pattern.as_bytes();
    let start = bytes.iter().position(|b| *b == letter)?;
    let width = bytes.iter().skip(start).take_while(|b| **b == letter).count();
    let whole = bytes.iter().filter(|b| **b == letter).count() == width;
    whole.then_some((start, width))
}

/// Refuses templates that read the same codes.
///
/// # Errors
/// [`TemplateError::Alike`].
pub fn tell_apart(templates: &[Template]) -> Result<(), TemplateError> {
    for (index, first) in templates.iter().enumerate() {
        for second in templates.iter().skip(index + 1) {
            let (one, other) = (literal_of(&first.pattern), literal_of(&second.pattern));
            if one.starts_with(other) || other.starts_with(one) {
                return Err(TemplateError::Alike {
                    first: first.pattern.clone(),
                    second: second.pattern.clone(),
                });
            }
        }
    }
    Ok(())
}

/// What an in-store code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The item's number on the scale, leading zeros included.
    pub item: String,
    /// The code with zeros in its variable digits, and the check digit that goes with them.
    pub base: String,
    /// How much of it.
    pub measure: Measure,
}

/// How much, as a label says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many kilograms.
    Weight(Quantity),
    /// So much money, in the shop's currency.
    Price {
        /// All digits.
        digits: u64,
        /// How many of them are decimals.
        decimals: u32,
    },
    /// So many pieces.
    Count(u32),
}

impl Measure {
    /// The price, if it is one that the currency can hold.
    pub fn price(self, currency: Currency) -> Option<Money> {
        match self {
            Self::Price { digits, decimals } => minor_units(digits, decimals, currency),
            Self::Weight(_) | Self::Count(_) => None,
        }
    }
}

/// Why an in-store code cannot be used, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// The check digit of the whole is wrong.
    #[error("{code} has a wrong check digit: scan the label again")]
    CheckDigit {
        /// The code.
        code: String,
    },
    /// The check digit of the weight or price is wrong.
    #[error("{code} has a wrong check digit of its weight or price: enter the item by hand")]
    Verifier {
        /// The code.
        code: String,
    },
    /// It says nothing.
    #[error("{code} says a weight or price of nothing: weigh the item again")]
    Nothing {
        /// The code.
        code: String,
    },
}

/// Reads a code by the first template that fits; none if none does.
///
/// # Errors
/// See [`LabelError`].
pub fn read(templates: &[Template], code: &str) -> Result<Option<Label>, LabelError> {
    let template = templates.iter().find(|template| template.reads(code));
    template.map(|template| template.read(code)).transpose()
}

/// Products of a digit with the weights 2-, 3, 5+ and 5- of General Specifications 7.9.2: a minus
/// takes the tens off the units, a plus adds them.
const TWO_MINUS: [u32; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const THREE: [u32; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const FIVE_PLUS: [u32; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const FIVE_MINUS: [u32; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

/// The check digit of a price or weight of four or five digits (sections 7.9.3 and 7.9.4).
pub fn measure_check_digit(digits: &str) -> Option<char> {
    let four = [&TWO_MINUS, &TWO_MINUS, &THREE, &FIVE_MINUS];
    let five = [&FIVE_PLUS, &TWO_MINUS, &FIVE_MINUS, &FIVE_PLUS, &TWO_MINUS];
    let weights: &[&[u32; 10]] = match digits.len() {
        4 => &four,
        5 => &five,
        _ => return None,
    };
    let mut sum = 0;
    for (digit, weight) in digits.chars().zip(weights) {
        sum += weight.get(usize::try_from(digit.to_digit(10)?).ok()?)?;
    }
    let check = if digits.len() == 4 {
        sum * 3 % 10
    } else {
        let rest = (10 - sum % 10) % 10;
        u32::try_from(FIVE_MINUS.iter().position(|product| *product == rest)?).ok()?
    };
    char::from_digit(check, 10)
}

#[cfg(test)]
mod tests;
