//! Money: whole minor units of one currency, checked in every operation.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency of ISO 4217, known by its three-letter code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro, the demo store's currency.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// Reads a code such as `EUR`; upper or lower case.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`] if ISO 4217 does not list it.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase())
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency { code: code.to_owned() })
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The three-digit number of ISO 4217: 978 for EUR.
    pub fn numeric(self) -> u16 {
        self.0.numeric()
    }

    /// Decimal places of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217, list one).
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// What can be wrong with an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Beyond [`Money::MAX_MINOR`] in either direction.
    #[error("the amount is too large: a register counts up to {} minor units", Money::MAX_MINOR)]
    TooLarge,
    /// Two currencies met in one operation.
    #[error("{left} and {right} cannot be added up: convert one of them first")]
    CurrencyMismatch {
        /// Code of the first amount.
        left: &'static str,
        /// Code of the second amount.
        right: &'static str,
    },
    /// No such code in ISO 4217.
    #[error("\"{code}\" is not a currency code of ISO 4217: use one such as EUR")]
    UnknownCurrency {
        /// What was given.
        code: String,
    },
    /// Not a decimal number.
    #[error("\"{text}\" is not an amount: write it like 12.50")]
    NotANumber {
        /// What was given.
        text: String,
    },
    /// More decimal places than the currency has.
    #[error("\"{text}\" has more than {exponent} decimal places, the most that {currency} has")]
    TooPrecise {
        /// What was given.
        text: String,
        /// Code of the currency.
        currency: &'static str,
        /// Its decimal places.
        exponent: u32,
    },
    /// Nothing to allocate to.
    #[error("an amount cannot be shared out among no parts, or by negative weights")]
    NoWeights,
}

/// An amount in minor units (cents for EUR) of one currency, within ±[`Money::MAX_MINOR`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// 2^53 - 1: the largest whole number that every JSON reader keeps exact (RFC 8259 section 6).
    pub const MAX_MINOR: i64 = (1 << 53) - 1;

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// An amount from minor units.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond [`Money::MAX_MINOR`].
    pub fn new(minor: impl Into<i128>, currency: Currency) -> Result<Self, MoneyError> {
        let minor = i64::try_from(minor.into()).map_err(|_| MoneyError::TooLarge)?;
        if minor.unsigned_abs() > Self::MAX_MINOR.unsigned_abs() {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    /// Reads a decimal such as `12.5` with a point, as catalogue files write prices.
    ///
    /// # Errors
    /// Not a number, more decimals than the currency has, or too large.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let trimmed = text.trim();
        let not_a_number = || MoneyError::NotANumber { text: text.to_owned() };
        let plain = trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        if !plain || trimmed.is_empty() {
            return Err(not_a_number());
        }
        let value = match Decimal::from_str_exact(trimmed) {
            Ok(value) => value,
            // More digits than a Decimal holds is a number, only far too large a one.
            Err(_) if trimmed.bytes().filter(u8::is_ascii_digit).count() > 20 => {
                return Err(MoneyError::TooLarge);
            }
            Err(_) => return Err(not_a_number()),
        };
        let scale = Decimal::from(10_u64.pow(currency.exponent()));
        let minor = value.checked_mul(scale).ok_or(MoneyError::TooLarge)?;
        if !minor.fract().is_zero() {
            return Err(MoneyError::TooPrecise {
                text: text.to_owned(),
                currency: currency.code(),
                exponent: currency.exponent(),
            });
        }
        Self::new(minor.to_i128().ok_or(MoneyError::TooLarge)?, currency)
    }

    /// Minor units: cents for EUR.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// True for an amount of nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// True below nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// `self + other`.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::new(i128::from(self.minor) + i128::from(other.minor), self.currency)
    }

    /// `self - other`.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// The same amount the other way round.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { minor: -self.minor, currency: self.currency }
    }

    /// The sum of amounts, zero for none.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Shares the amount out by weight without losing a unit: the parts always add up to `self`.
    /// What the division leaves over goes, unit by unit, to the largest remainders, the earlier
    /// part first among equals. All weights zero counts as all equal.
    ///
    /// # Errors
    /// [`MoneyError::NoWeights`] for no weights or a negative one.
    pub fn allocate(self, weights: &[i64]) -> Result<Vec<Self>, MoneyError> {
        if weights.is_empty() || weights.iter().any(|w| *w < 0) {
            return Err(MoneyError::NoWeights);
        }
        let all_zero = weights.iter().all(|w| *w == 0);
        let weight = |w: i64| if all_zero { 1 } else { i128::from(w) };
        let whole: i128 = weights.iter().map(|w| weight(*w)).sum();
        let sign = i128::from(self.minor.signum());
        let amount = i128::from(self.minor).abs();
        let mut parts: Vec<i128> = weights.iter().map(|w| amount * weight(*w) / whole).collect();
        let left = amount - parts.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| {
            (std::cmp::Reverse(weights.get(*i).map_or(0, |w| amount * weight(*w) % whole)), *i)
        });
        // `left` is smaller than the number of parts, and parts of weight zero have remainder zero.
        for index in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
            if let Some(part) = parts.get_mut(index) {
                *part += 1;
            }
        }
        parts.into_iter().map(|part| Self::new(sign * part, self.currency)).collect()
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch {
            left: self.currency.code(),
            right: other.currency.code(),
        })
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `12.50 EUR`, for messages and logs; receipts and screens format by locale.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount =
            Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.exponent());
        write!(f, "{amount} {}", self.currency.code())
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            minor: i64,
            currency: Currency,
        }
        let wire = Wire::deserialize(deserializer)?;
        Self::new(wire.minor, wire.currency).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Currency, Money, MoneyError};

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR).unwrap_or(Money::zero(Currency::EUR))
    }

    proptest! {
        #[test]
        fn sharing_out_an_amount_never_loses_a_unit(
            minor in -Money::MAX_MINOR..=Money::MAX_MINOR,
            weights in prop::collection::vec(0_i64..1_000_000, 1..40),
        ) {
            let parts = eur(minor).allocate(&weights)?;
            prop_assert_eq!(Money::sum(Currency::EUR, parts.iter().copied())?, eur(minor));
            let whole: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            if whole > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    // No part is further than one unit from its exact share.
                    let exact_times_whole = i128::from(minor) * i128::from(*weight);
                    let difference = (i128::from(part.minor()) * whole - exact_times_whole).abs();
                    prop_assert!(difference < whole);
                }
            }
        }

        #[test]
        fn a_sum_too_large_is_refused_and_never_wraps(a: i64, b: i64) {
            let exact = i128::from(a) + i128::from(b);
            let sum = Money::new(a, Currency::EUR)
                .and_then(|a| Money::new(b, Currency::EUR).and_then(|b| a.plus(b)));
            match sum {
                Ok(sum) => prop_assert_eq!(i128::from(sum.minor()), exact),
                Err(error) => prop_assert_eq!(error, MoneyError::TooLarge),
            }
        }

        #[test]
        fn what_is_written_reads_back(minor in -Money::MAX_MINOR..=Money::MAX_MINOR) {
            for code in ["EUR", "JPY", "KWD"] {
                let money = Money::new(minor, Currency::parse(code)?)?;
                let text = money.to_string();
                let number = text.split(' ').next().unwrap_or_default();
                prop_assert_eq!(Money::parse(number, money.currency())?, money);
            }
        }
    }

    #[test]
    fn a_third_of_a_euro_thrice_is_a_euro() -> Result<(), MoneyError> {
        let parts = eur(100).allocate(&[1, 1, 1])?;
        assert_eq!(parts, [eur(34), eur(33), eur(33)]);
        assert_eq!(eur(-100).allocate(&[1, 1, 1])?, [eur(-34), eur(-33), eur(-33)]);
        assert_eq!(eur(5).allocate(&[0, 3, 0])?, [eur(0), eur(5), eur(0)]);
        Ok(())
    }

    #[test]
    fn an_amount_that_cannot_be_read_says_what_is_wrong() {
        let parse = |text| Money::parse(text, Currency::EUR);
        assert_eq!(parse("45").ok(), Some(eur(4500)));
        assert_eq!(parse(" 45.5 ").ok(), Some(eur(4550)));
        assert!(matches!(parse("9.999"), Err(MoneyError::TooPrecise { .. })));
        assert!(matches!(parse("9,99"), Err(MoneyError::NotANumber { .. })));
        assert!(matches!(parse(""), Err(MoneyError::NotANumber { .. })));
        assert_eq!(parse("90071992547409.92"), Err(MoneyError::TooLarge));
        assert_eq!(parse(&"9".repeat(60)), Err(MoneyError::TooLarge));
    }

    #[test]
    fn two_currencies_never_add_up() -> Result<(), MoneyError> {
        let yen = Money::new(1, Currency::parse("jpy")?)?;
        assert!(matches!(eur(1).plus(yen), Err(MoneyError::CurrencyMismatch { .. })));
        Ok(())
    }
}
