//! For whom, where and when prices are asked.

use crate::rounding::RoundingMode;
use crate::time::{BusinessDay, Timestamp};

const DAY_MS: i64 = 86_400_000;

/// For whom, where and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion<'a> {
    /// The customer's groups.
    pub(crate) groups: &'a [String],
    pub(crate) channel: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) mode: RoundingMode,
}

/// When a rule holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When<'a> {
    pub(crate) groups: &'a [String],
    pub(crate) channels: &'a [String],
    pub(crate) from: Option<BusinessDay>,
    pub(crate) until: Option<BusinessDay>,
    pub(crate) weekdays: &'a [u8],
    pub(crate) hours: Option<(u16, u16)>,
}

impl Occasion<'_> {
    pub(crate) fn is(&self, when: &When<'_>) -> bool {
        let member = when.groups.is_empty() || when.groups.iter().any(|g| self.groups.contains(g));
        let channel =
            when.channels.is_empty() || when.channels.iter().any(|c| c.as_str() == self.channel);
        member && channel && self.is_time(when)
    }

    fn is_time(&self, when: &When<'_>) -> bool {
        let mut at = self.at;
        if let Some((from, until)) = when.hours {
            let minute = minute_of_day(at);
            let (from, until) = (i64::from(from), i64::from(until));
            let after_midnight = from > until && minute < until;
            if !(after_midnight || minute >= from && (from > until || minute < until)) {
                return false;
            }
            if after_midnight {
                // It still belongs to the evening on which it began.
                at.utc_ms = at.utc_ms.saturating_sub(DAY_MS);
            }
        }
        let day = at.local_day();
        when.from.is_none_or(|from| from <= day)
            && when.until.is_none_or(|until| day <= until)
            && (when.weekdays.is_empty() || when.weekdays.contains(&weekday(at)))
    }
}

fn local_ms(at: Timestamp) -> i64 {
    at.utc_ms.saturating_add(i64::from(at.offset_min) * 60_000)
}

fn minute_of_day(at: Timestamp) -> i64 {
    local_ms(at).rem_euclid(DAY_MS) / 60_000
}

/// 1 is Monday, 7 Sunday.
fn weekday(at: Timestamp) -> u8 {
    // 1970-01-01 was a Thursday, three days after a Monday.
    let since_monday = (local_ms(at).div_euclid(DAY_MS) + 3).rem_euclid(7);
    u8::try_from(since_monday).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::{Occasion, When, weekday};
    use crate::rounding::RoundingMode;
    use crate::time::{BusinessDay, Timestamp};

    /// Minutes after Monday 2026-11-23, 00:00 in Paris.
    fn monday(minutes: i64) -> Timestamp {
        // 2026-11-22T23:00:00Z
        Timestamp { utc_ms: 1_795_388_400_000 + minutes * 60_000, offset_min: 60 }
    }

    fn holds(when: &When<'_>, at: Timestamp) -> bool {
        Occasion { groups: &[], channel: "counter", at, mode: RoundingMode::HalfUp }.is(when)
    }

    const ALWAYS: When<'_> =
        When { groups: &[], channels: &[], from: None, until: None, weekdays: &[], hours: None };

    #[test]
    fn a_happy_hour_ends_with_its_last_minute() {
        let happy = When { hours: Some((17 * 60, 19 * 60)), ..ALWAYS };
        assert!(!holds(&happy, monday(17 * 60 - 1)));
        assert!(holds(&happy, monday(17 * 60)));
        assert!(holds(&happy, monday(19 * 60 - 1)));
        assert!(!holds(&happy, monday(19 * 60)));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_began() -> Result<(), String> {
        assert_eq!(weekday(monday(0)), 1);
        assert_eq!(weekday(monday(-1)), 7);
        let day = BusinessDay::try_from("2026-11-23".to_owned())?;
        let night = When {
            hours: Some((22 * 60, 2 * 60)),
            weekdays: &[1],
            from: Some(day),
            until: Some(day),
            ..ALWAYS
        };
        assert!(!holds(&night, monday(60)), "that night began on Sunday");
        assert!(holds(&night, monday(22 * 60)));
        assert!(holds(&night, monday(25 * 60)), "Tuesday, one o'clock, is Monday's night");
        assert!(!holds(&night, monday(26 * 60)));
        Ok(())
    }

    #[test]
    fn a_member_s_price_is_for_members_and_a_channel_s_for_the_channel() {
        let (members, web) = (["members".to_owned()], ["web".to_owned()]);
        assert!(!holds(&When { groups: &members, ..ALWAYS }, monday(0)));
        assert!(!holds(&When { channels: &web, ..ALWAYS }, monday(0)));
        let member = Occasion {
            groups: &members,
            channel: "web",
            at: monday(0),
            mode: RoundingMode::HalfUp,
        };
        assert!(member.is(&When { groups: &members, channels: &web, ..ALWAYS }));
    }
}
