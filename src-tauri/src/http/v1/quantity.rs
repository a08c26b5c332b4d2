//! Quantities, as the API writes and reads them: decimals as text, exact to the thousandth.

use countertop_domain::quantity::Quantity;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// How much, such as `3` or `0.642`; below nothing where that makes sense. Up to a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = r"^-?[0-9]{1,7}(\.[0-9]{1,3})?$", example = "0.642")]
pub(super) struct Much(i64);

impl Much {
    /// Thousandths of the unit.
    pub(super) const fn of(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// Thousandths of the unit.
    pub(super) const fn thousandths(self) -> i64 {
        self.0
    }
}

impl Serialize for Much {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Quantity::from_thousandths(self.0))
    }
}

impl<'de> Deserialize<'de> for Much {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let quantity = Some(&*text).filter(|text| is_plain(text)).map(Quantity::parse);
        match quantity {
            Some(Ok(quantity)) => Ok(Self(quantity.thousandths())),
            Some(Err(error)) => Err(D::Error::custom(error)),
            None => Err(D::Error::custom("a quantity is written as text, like \"3\" or \"0.642\"")),
        }
    }
}

/// What the description says: a sign, up to seven digits, up to three decimals.
fn is_plain(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match text.split_once('.') {
        None => digits(text, 7),
        Some((whole, decimals)) => digits(whole, 7) && digits(decimals, 3),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::Much;

    #[test]
    fn a_quantity_is_text_exact_to_the_thousandth() {
        for (text, thousandths) in [("3", 3_000), ("0.642", 642), ("-1.5", -1_500), ("007", 7_000)]
        {
            let read: Much = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(read.thousandths(), thousandths);
        }
        assert_eq!(serde_json::to_string(&Much::of(-1_500)).unwrap(), "\"-1.500\"");
        assert_eq!(serde_json::to_string(&Much::of(3_000)).unwrap(), "\"3\"");
        for text in ["", "+1", "1e3", "1_000", ".5", "1.", "0.0001", "1000001", " 1", "--1"] {
            assert!(serde_json::from_str::<Much>(&format!("\"{text}\"")).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Much>("3").is_err());
    }
}
