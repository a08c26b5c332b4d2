//! GS1 element strings: what a GS1-128, DataBar, DataMatrix or GS1 QR code says besides the item.
//!
//! The table of identifiers is ours; where the specification needs the year (dates have two digits
//! of it), it is an argument.

mod element;
mod table;

use crate::barcode;
use crate::money::{Currency, Money};
use crate::quantity::{Quantity, Unit};
use crate::time::BusinessDay;

use self::element::{Split, split};

/// What stands for FNC1 between two elements.
pub const SEPARATOR: char = '\u{1D}';

/// Symbologies (AIM identifiers) whose codes are element strings.
const SYMBOLOGIES: [&str; 5] = ["C1", "e0", "d2", "Q3", "J1"];

/// A pound is exactly 0.45359237 kg.
const POUND: i128 = 45_359_237;
const POUND_SCALE: i128 = 100_000_000;

/// Why a code is no element string, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    /// Nothing in it.
    #[error("the code is empty: scan it again")]
    Empty,
    /// An identifier that does not exist.
    #[error("the code has a field that GS1 does not know, at \"{at}\": scan it again")]
    UnknownField {
        /// The characters from there on, up to eight.
        at: String,
    },
    /// A field of another length.
    #[error("the {name} ({ai}) in the code is too short or too long: scan it again")]
    Length {
        /// What people call it.
        name: &'static str,
        /// The identifier.
        ai: String,
    },
    /// Characters that the field cannot have.
    #[error("the {name} ({ai}) in the code has a character that cannot be there: scan it again")]
    Character {
        /// What people call it.
        name: &'static str,
        /// The identifier.
        ai: String,
    },
    /// A check digit that does not fit.
    #[error("the {name} ({ai}) in the code has a wrong check digit: scan it again")]
    CheckDigit {
        /// What people call it.
        name: &'static str,
        /// The identifier.
        ai: String,
    },
    /// A day that the calendar does not have.
    #[error("the {name} ({ai}) in the code, {value}, is no day of the calendar")]
    Date {
        /// What people call it.
        name: &'static str,
        /// The identifier.
        ai: String,
        /// What it says.
        value: String,
    },
    /// The same field twice, with two values.
    #[error("the code names the {name} ({ai}) twice, and not the same: enter the item by hand")]
    Twice {
        /// What people call it.
        name: &'static str,
        /// The identifier.
        ai: String,
    },
    /// A price in another currency than the shop's.
    #[error("the price in the code is in currency {number}, the shop sells in {shop}")]
    Currency {
        /// ISO 4217 number.
        number: u16,
        /// The shop's.
        shop: &'static str,
    },
    /// A price that the shop's currency cannot hold.
    #[error("the price in the code, {value}, is no amount in {shop}")]
    Price {
        /// What it says.
        value: String,
        /// The shop's currency.
        shop: &'static str,
    },
}

/// One element as it stands in the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The application identifier: `3103`.
    pub ai: String,
    /// Its data field: `001250`.
    pub value: String,
    /// What people call it: `net weight in kilograms`.
    pub name: &'static str,
}

/// A code that was read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gs1Code {
    /// Every element, in the order of the code.
    pub elements: Vec<Element>,
    /// The item (01), or what is inside (02): 14 digits.
    pub gtin: Option<String>,
    /// How many (37, 30).
    pub count: Option<u32>,
    /// The net weight, length or volume, rounded to a thousandth of the unit; pounds as kilograms.
    pub measure: Option<(Unit, Quantity)>,
    /// What it costs.
    pub price: Option<LabelPrice>,
    /// The lot (10).
    pub lot: Option<String>,
    /// The serial number (21).
    pub serial: Option<String>,
    /// Best before (15).
    pub best_before: Option<BusinessDay>,
    /// The last day of use (17 or 7003), or of sale (16).
    pub expiry: Option<BusinessDay>,
}

/// A price as a code says it (392n, 393n).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPrice {
    digits: u64,
    decimals: u32,
    currency: Option<u16>,
}

impl LabelPrice {
    /// The price of a code in the shop's currency.
    ///
    /// # Errors
    /// Another currency, or finer than the shop's.
    pub fn amount(&self, currency: Currency) -> Result<Money, Gs1Error> {
        if let Some(number) = self.currency.filter(|number| *number != currency.numeric()) {
            return Err(Gs1Error::Currency { number, shop: currency.code() });
        }
        minor_units(self.digits, self.decimals, currency).ok_or_else(|| Gs1Error::Price {
            value: format!("{} with {} decimals", self.digits, self.decimals),
            shop: currency.code(),
        })
    }
}

/// `digits` with so many decimals as an amount; none if the currency has no unit that fine.
pub(crate) fn minor_units(digits: u64, decimals: u32, currency: Currency) -> Option<Money> {
    let (digits, exponent) = (i128::from(digits), currency.exponent());
    let minor = if decimals <= exponent {
        digits.checked_mul(10_i128.checked_pow(exponent - decimals)?)?
    } else {
        let scale = 10_i128.checked_pow(decimals - exponent)?;
        if digits % scale != 0 {
            return None;
        }
        digits / scale
    };
    Money::new(minor, currency).ok()
}

/// True if `code` should be read as an element string: its symbology says so, it has an FNC1 inside
/// or before it, or it begins with a whole item number (01) and goes on.
pub fn is_element_string(code: &str, symbology: Option<&str>) -> bool {
    if let Some(symbology) = symbology {
        return SYMBOLOGIES.contains(&symbology);
    }
    if code.contains(SEPARATOR) || is_typed(code) {
        return true;
    }
    let numbered = code.strip_prefix("01").or_else(|| code.strip_prefix("02"));
    numbered.is_some_and(|rest| rest.get(..14).is_some_and(barcode::is_gtin))
}

/// As it is printed under the symbol: `(01)09521234543213(10)ABC`.
fn is_typed(code: &str) -> bool {
    code.starts_with('(') && code.contains(')')
}

/// Splits an AIM identifier off: `]C101...` is `C1` and `01...`.
pub fn split_symbology(code: &str) -> (Option<&str>, &str) {
    let Some(rest) = code.strip_prefix(']') else { return (None, code) };
    let mut bytes = rest.bytes();
    let (kind, modifier) = (bytes.next(), bytes.next());
    let is = kind.is_some_and(|b| b.is_ascii_alphabetic())
        && modifier.is_some_and(|b| b.is_ascii_alphanumeric());
    match rest.split_at_checked(2) {
        Some((symbology, code)) if is => (Some(symbology), code),
        _ => (None, code),
    }
}

impl Gs1Code {
    /// Reads a whole code, scanned (FNC1 as 0x1D) or as printed under the symbol, with or without
    /// AIM identifier. `year` is the present one: a date's two digits mean a year from 49 before it
    /// to 50 after.
    ///
    /// # Errors
    /// See [`Gs1Error`]; nothing is taken from a code that is wrong anywhere.
    pub fn parse(text: &str, year: i16) -> Result<Self, Gs1Error> {
        let (_, text) = split_symbology(text.trim_matches(' '));
        let parts = split(text)?;
        if parts.is_empty() {
            return Err(Gs1Error::Empty);
        }
        let mut code = Self::default();
        for part in parts {
            code.take(part, year)?;
        }
        Ok(code)
    }

    fn take(&mut self, part: Split<'_>, year: i16) -> Result<(), Gs1Error> {
        part.check(year)?;
        let element = part.element();
        if let Some(known) = self.elements.iter().find(|known| known.ai == element.ai) {
            if known.value == element.value {
                return Ok(());
            }
            return Err(Gs1Error::Twice { name: element.name, ai: element.ai });
        }
        let value = part.value;
        match part.ai {
            "01" => self.gtin = Some(value.to_owned()),
            "02" => {
                self.gtin.get_or_insert_with(|| value.to_owned());
            }
            "10" => self.lot = Some(value.to_owned()),
            "21" => self.serial = Some(value.to_owned()),
            "15" => self.best_before = part.day(year),
            "17" | "7003" => self.expiry = part.day(year),
            "16" => self.expiry = self.expiry.or(part.day(year)),
            "30" | "37" => self.count = value.parse().ok(),
            _ => self.take_number(&part),
        }
        self.elements.push(element);
        Ok(())
    }

    /// Measures and prices: the fourth digit of the identifier is the number of decimals.
    fn take_number(&mut self, part: &Split<'_>) {
        let Some((family, decimals)) = part.family() else { return };
        match family {
            "310" => self.measure = measured(Unit::Kilogram, part.value, decimals, (1, 1)),
            "320" => {
                self.measure = measured(Unit::Kilogram, part.value, decimals, (POUND, POUND_SCALE));
            }
            "311" => self.measure = measured(Unit::Metre, part.value, decimals, (1, 1)),
            "315" => self.measure = measured(Unit::Litre, part.value, decimals, (1, 1)),
            "392" => self.price = price(None, part.value, decimals),
            "393" => {
                let (currency, digits) = part.value.split_at_checked(3).unwrap_or_default();
                self.price = price(currency.parse().ok(), digits, decimals);
            }
            _ => {}
        }
    }
}

/// A kilogram weight from thousandths of a pound, rounded to the gram.
pub fn kilograms_of_pounds(thousandths: i64) -> Quantity {
    let exact = i128::from(thousandths) * POUND;
    let grams = (exact + exact.signum() * POUND_SCALE / 2) / POUND_SCALE;
    Quantity::from_thousandths(i64::try_from(grams).unwrap_or(i64::MAX))
}

fn measured(
    unit: Unit,
    value: &str,
    decimals: u32,
    (times, over): (i128, i128),
) -> Option<(Unit, Quantity)> {
    let digits: i128 = value.parse().ok()?;
    let numerator = digits * times * 1000;
    let denominator = over * 10_i128.checked_pow(decimals)?;
    let thousandths = (numerator + denominator / 2) / denominator;
    Some((unit, Quantity::from_thousandths(i64::try_from(thousandths).ok()?)))
}

fn price(currency: Option<u16>, digits: &str, decimals: u32) -> Option<LabelPrice> {
    Some(LabelPrice { digits: digits.parse().ok()?, decimals, currency })
}

#[cfg(test)]
mod tests;
