//! A terminal's clock beside the register's. Terminals often leave the year out.

use std::time::Duration;

use countertop_domain::time::Timestamp;

use super::message::Status;

/// A payment is over so long after it was asked for, at the latest.
const LONGEST_PAYMENT: i64 = 30 * 60;

/// A moment on a wall clock, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    /// The register's wall clock.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(at.utc_ms.div_euclid(1000) + i64::from(at.offset_min) * 60)
    }

    /// When `status` says that it was, with the year that comes nearest to `near`; none if it does
    /// not say, or says nonsense.
    pub(crate) fn told(status: &Status, near: Self) -> Option<Self> {
        let (year, month, day) = status.date?;
        let (hour, minute, second) = status.time?;
        let fits = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        if !fits {
            return None;
        }
        let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let in_year = |year: i64| Self(days(year, month.into(), day.into()) * 86_400 + of_day);
        if let Some(year) = year {
            return Some(in_year(year.into()));
        }
        let (this_year, ..) = date(near.0.div_euclid(86_400));
        (this_year - 1..=this_year + 1).map(in_year).min_by_key(|told| (told.0 - near.0).abs())
    }

    /// True if a payment that was asked for at `asked` may have been made now, by a clock that is
    /// off by at most `skew`.
    pub(crate) fn fits(self, asked: Self, skew: Duration) -> bool {
        let skew = i64::try_from(skew.as_secs()).unwrap_or(i64::MAX);
        let after = self.0 - asked.0;
        (-skew..=LONGEST_PAYMENT + skew).contains(&after)
    }

    /// `2026-11-23 14:05:00`.
    pub(crate) fn text(self) -> String {
        let (year, month, day) = date(self.0.div_euclid(86_400));
        let (hours, seconds) = (self.0.rem_euclid(86_400) / 3600, self.0.rem_euclid(3600));
        format!("{year:04}-{month:02}-{day:02} {hours:02}:{:02}:{:02}", seconds / 60, seconds % 60)
    }

    /// Year, month, day, hour, minute, second.
    pub(crate) fn parts(self) -> [u64; 6] {
        let (year, month, day) = date(self.0.div_euclid(86_400));
        let of_day = self.0.rem_euclid(86_400);
        [year, month, day, of_day / 3600, of_day % 3600 / 60, of_day % 60]
            .map(|part| u64::try_from(part).unwrap_or(0))
    }
}

/// Days from 1970-01-01, in the calendar of today. The year begins in March, so that the day of
/// February that comes and goes is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day that is so many days from 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use countertop_domain::time::Timestamp;

    use super::{Moment, date, days};
    use crate::zvt::message::Status;

    /// 2026-11-23T23:30:00Z, in Paris.
    const AT: Timestamp = Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 };

    fn told(month: i8, day: i8, hour: i8, near: Timestamp) -> Option<String> {
        let status = Status {
            date: Some((None, month, day)),
            time: Some((hour, 30, 0)),
            ..Status::default()
        };
        Moment::told(&status, Moment::of(near)).map(Moment::text)
    }

    #[test]
    fn every_day_of_eight_hundred_years_is_that_day() {
        for day in -146_097..146_097 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(Moment::of(AT).text(), "2026-11-24 00:30:00");
    }

    #[test]
    fn the_year_is_the_nearest_one() {
        assert_eq!(told(11, 24, 0, AT).as_deref(), Some("2026-11-24 00:30:00"));
        let new_year = Timestamp { utc_ms: 1_798_761_600_000, offset_min: 0 };
        assert_eq!(Moment::of(new_year).text(), "2027-01-01 00:00:00");
        assert_eq!(told(12, 31, 23, new_year).as_deref(), Some("2026-12-31 23:30:00"));
        assert_eq!(told(13, 1, 0, AT), None);
        assert_eq!(told(1, 1, 24, AT), None);
    }

    #[test]
    fn a_payment_is_neither_older_than_its_order_nor_much_younger() {
        let at = |minutes: i64| Moment(minutes * 60);
        let skew = Duration::from_secs(120);
        for (minutes, fits) in [(-3, false), (-2, true), (0, true), (32, true), (33, false)] {
            assert_eq!(at(minutes).fits(at(0), skew), fits, "{minutes}");
        }
    }
}
