//! Moments, as the API writes and reads them: RFC 3339, in UTC.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A moment, such as `2026-03-01T09:30:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-03-01T09:30:00.000Z")]
pub(super) struct Moment(i64);

impl Moment {
    /// Milliseconds since 1970 UTC.
    pub(super) const fn of(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970 UTC.
    pub(super) const fn ms(self) -> i64 {
        self.0
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        serializer.collect_str(&moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let moment: jiff::Timestamp = text.parse().map_err(|_| {
            D::Error::custom(
                "a moment is written as 2026-03-01T09:30:00Z (in a query, write + as %2B)",
            )
        })?;
        Ok(Self(moment.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::Moment;

    #[test]
    fn a_moment_is_utc_to_the_millisecond_and_read_back() {
        let moment = Moment::of(1_772_357_400_007);
        let text = serde_json::to_string(&moment).unwrap();
        assert_eq!(text, "\"2026-03-01T09:30:00.007Z\"");
        assert_eq!(serde_json::from_str::<Moment>(&text).unwrap(), moment);
        let there: Moment = serde_json::from_str("\"2026-03-01T11:30:00.007+02:00\"").unwrap();
        assert_eq!(there, moment);
        for text in ["\"\"", "\"yesterday\"", "\"2026-03-01\"", "\"2026-03-01T09:30:00\"", "1"] {
            assert!(serde_json::from_str::<Moment>(text).is_err(), "{text}");
        }
    }
}
