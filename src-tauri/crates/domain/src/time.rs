//! Moments and days, handed in by the caller: nothing here asks what time it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A moment in UTC and the shop's offset from it then, so that an old receipt keeps its wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub utc_ms: i64,
    /// Minutes to add for the shop's wall clock: 60 for Paris in winter.
    pub offset_min: i16,
}

impl Timestamp {
    /// The day on the shop's wall clock.
    pub fn local_day(self) -> BusinessDay {
        let date = self.local().date();
        BusinessDay { year: date.year(), month: date.month(), day: date.day() }
    }

    /// `2026-11-23 14:08` on the shop's wall clock.
    pub fn local_text(self) -> String {
        let local = self.local();
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute()
        )
    }

    /// The hour on the shop's wall clock, 0 to 23.
    pub fn local_hour(self) -> i8 {
        self.local().hour()
    }

    fn local(self) -> jiff::civil::DateTime {
        let local_ms = self.utc_ms.saturating_add(i64::from(self.offset_min) * 60_000);
        let moment = jiff::Timestamp::from_millisecond(local_ms).unwrap_or_default();
        jiff::tz::Offset::UTC.to_datetime(moment)
    }
}

/// The day that a sale belongs to in the books: that of its shift, not of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BusinessDay {
    year: i16,
    month: i8,
    day: i8,
}

impl BusinessDay {
    /// The year, four digits.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> i8 {
        self.date().weekday().to_monday_one_offset()
    }

    /// So many days later, or earlier; none beyond the calendar.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.date().checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Self::of)
    }

    /// The same day so many years later, or earlier; the 28th where there is no 29th of February.
    /// None beyond the calendar.
    pub fn plus_years(self, years: i16) -> Option<Self> {
        self.date().checked_add(jiff::Span::new().try_years(years).ok()?).ok().map(Self::of)
    }

    /// How many days later another day is; below nothing if it is earlier.
    pub fn days_until(self, other: Self) -> i32 {
        self.date().until(other.date()).map_or(0, |span| span.get_days())
    }

    /// The first day of its month.
    #[must_use]
    pub const fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }

    /// The last day of its month.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self { day: self.date().days_in_month(), ..self }
    }

    /// The first day of its year.
    #[must_use]
    pub const fn first_of_year(self) -> Self {
        Self { year: self.year, month: 1, day: 1 }
    }

    /// The last day of its year.
    #[must_use]
    pub const fn last_of_year(self) -> Self {
        Self { year: self.year, month: 12, day: 31 }
    }

    fn of(date: jiff::civil::Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }

    fn date(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month, self.day).unwrap_or_default()
    }
}

impl fmt::Display for BusinessDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<BusinessDay> for String {
    fn from(day: BusinessDay) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for BusinessDay {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<jiff::civil::Date>()
            .map(|date| Self { year: date.year(), month: date.month(), day: date.day() })
            .map_err(|_| format!("\"{text}\" is not a day: write it like 2026-11-23"))
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn the_wall_clock_decides_the_day() {
        // 2026-11-23T23:30:00Z is already the 24th in Paris.
        let utc_ms = 1_795_476_600_000;
        let day = |offset_min| Timestamp { utc_ms, offset_min }.local_day().to_string();
        assert_eq!(day(0), "2026-11-23");
        assert_eq!(day(60), "2026-11-24");
        assert_eq!(Timestamp { utc_ms, offset_min: 60 }.local_text(), "2026-11-24 00:30");
    }
}
