//! Days, months and years: of a long range whole months and years are read instead of their days.

use std::fmt;

use crate::time::BusinessDay;

/// How long a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A business day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Level {
    /// Every level, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// The number in the database.
    pub const fn number(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Month => 2,
            Self::Year => 3,
        }
    }
}

/// A day, a month or a year: `2026-11-23`, `2026-11` or `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    level: Level,
    first: BusinessDay,
}

impl Span {
    /// The span that a day is in.
    pub const fn of(level: Level, day: BusinessDay) -> Self {
        let first = match level {
            Level::Day => day,
            Level::Month => day.first_of_month(),
            Level::Year => day.first_of_year(),
        };
        Self { level, first }
    }

    /// How long it is.
    pub const fn level(self) -> Level {
        self.level
    }

    /// Its first day.
    pub const fn first(self) -> BusinessDay {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> BusinessDay {
        match self.level {
            Level::Day => self.first,
            Level::Month => self.first.last_of_month(),
            Level::Year => self.first.last_of_year(),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first.to_string();
        let length = match self.level {
            Level::Day => day.len(),
            Level::Month => day.len().saturating_sub(3),
            Level::Year => day.len().saturating_sub(6),
        };
        f.write_str(day.get(..length).unwrap_or(&day))
    }
}

/// The fewest spans that are together all days from the first to the last, in order. Days outside of
/// `known` (the first and the last day that have any figures) need not be left out.
pub fn cover(
    first: BusinessDay,
    last: BusinessDay,
    known: (BusinessDay, BusinessDay),
) -> Vec<Span> {
    let (mut from, to) = (first.max(known.0), last.min(known.1));
    let mut spans = Vec::new();
    while from <= to {
        let fits = |level: &Level| {
            let span = Span::of(*level, from);
            let begins = span.first().max(known.0) >= from;
            begins && span.last().min(known.1) <= to
        };
        let level = Level::ALL.into_iter().rev().find(fits).unwrap_or(Level::Day);
        let span = Span::of(level, from);
        spans.push(span);
        match span.last().plus_days(1) {
            Some(next) => from = next,
            None => break,
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{BusinessDay, cover};

    fn day(text: &str) -> BusinessDay {
        BusinessDay::try_from(text.to_owned()).unwrap_or_else(|_| unreachable!("{text}"))
    }

    fn covered(first: &str, last: &str) -> String {
        let known = (day("2024-02-10"), day("2026-11-23"));
        let spans: Vec<String> =
            cover(day(first), day(last), known).iter().map(ToString::to_string).collect();
        spans.join(" ")
    }

    #[test]
    fn whole_months_and_years_are_read_instead_of_their_days() {
        assert_eq!(covered("2025-01-01", "2025-12-31"), "2025");
        assert_eq!(covered("2025-03-30", "2025-05-01"), "2025-03-30 2025-03-31 2025-04 2025-05-01");
        assert_eq!(covered("2025-12-31", "2026-02-28"), "2025-12-31 2026-01 2026-02");
        assert_eq!(covered("2025-06-07", "2025-06-07"), "2025-06-07");
        assert_eq!(covered("2025-06-08", "2025-06-07"), "");
    }

    #[test]
    fn a_year_that_is_not_over_yet_counts_as_whole() {
        assert_eq!(covered("2026-01-01", "2026-11-23"), "2026");
        assert_eq!(covered("2026-01-01", "2030-01-05"), "2026");
        assert_eq!(covered("0001-01-01", "9999-12-31"), "2024 2025 2026");
        assert_eq!(covered("2024-02-01", "2024-12-31"), "2024");
        assert_eq!(covered("2024-02-01", "2024-02-29"), "2024-02");
    }
}
