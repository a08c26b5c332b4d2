//! When something is tried again, and when a shop is left alone.

use countertop_store::LONGEST_PAUSE_MS;

/// The longest that is waited for after the first failure, in milliseconds; it doubles with each.
const FIRST_MS: i64 = 1_000;
/// The longest pause: a quarter of an hour.
const LONGEST_MS: i64 = 15 * 60 * 1_000;

/// How long to wait after so many failed tries: anything up to a bound that doubles (full jitter), so
/// that many registers do not come back together; at least what the shop asked for. `dice` is any
/// number.
pub fn backoff_ms(attempts: u32, asked_ms: Option<i64>, dice: u64) -> i64 {
    let doubled = FIRST_MS.saturating_mul(1_i64 << attempts.saturating_sub(1).min(20));
    let bound = doubled.clamp(FIRST_MS, LONGEST_MS);
    let jitter = i64::try_from(dice % u64::try_from(bound).unwrap_or(1)).unwrap_or(0);
    // A shop that asks for a day is asked again after an hour: a person may have put it right.
    let asked = asked_ms.unwrap_or(0).clamp(0, 4 * LONGEST_MS);
    if asked > 0 { asked + jitter.min(FIRST_MS) } else { jitter.max(FIRST_MS / 4) }
}

/// Failures in a row after which a shop is left alone.
const TRIES: u32 = 5;

/// Leaves a shop alone that fails again and again, then lets one request try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    until_ms: i64,
}

impl Breaker {
    /// In how many milliseconds the shop may be asked; 0 for now. Longer than any pause is only what a
    /// clock that was set back makes of one: then it may be asked.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        let wait = self.until_ms.saturating_sub(now_ms).max(0);
        if wait > LONGEST_PAUSE_MS { 0 } else { wait }
    }

    /// True while it was not yet seen to be well again: one request at a time.
    pub const fn is_careful(&self) -> bool {
        self.failures > 0
    }

    /// The shop answered.
    pub fn well(&mut self) {
        *self = Self::default();
    }

    /// The shop failed as a whole. `asked_ms` is how long it asked us to wait.
    pub fn failed(&mut self, now_ms: i64, asked_ms: Option<i64>, dice: u64) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= TRIES || asked_ms.is_some() {
            let over = self.failures.saturating_sub(TRIES) + 3;
            let pause = backoff_ms(over, asked_ms, dice);
            let until = now_ms.saturating_add(self.wait_ms(now_ms));
            self.until_ms = until.max(now_ms.saturating_add(pause));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, LONGEST_MS, backoff_ms};

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour_and_are_spread_over_all_of_it() {
        for attempts in 1..40 {
            let all: Vec<i64> =
                (0..200).map(|dice| backoff_ms(attempts, None, dice * 7_919_113)).collect();
            assert!(all.iter().all(|ms| (250..LONGEST_MS).contains(ms)), "try {attempts}");
        }
        let late: Vec<i64> = (0..200).map(|dice| backoff_ms(30, None, dice * 7_919_113)).collect();
        assert!(late.iter().any(|ms| *ms < LONGEST_MS / 4));
        assert!(late.iter().any(|ms| *ms > LONGEST_MS * 3 / 4));
    }

    #[test]
    fn what_the_shop_asks_for_comes_first_but_not_for_ever() {
        for dice in [0, 1, 999_999_999] {
            let wait = backoff_ms(1, Some(30_000), dice);
            assert!((30_000..=31_000).contains(&wait), "{wait}");
        }
        assert!(backoff_ms(1, Some(i64::MAX), 0) <= 4 * LONGEST_MS + 1_000);
        assert!(backoff_ms(1, Some(-5), 0) > 0);
    }

    #[test]
    fn a_shop_that_fails_five_times_is_left_alone_and_tried_with_care() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(1_000, None, 3_999);
            assert_eq!(breaker.wait_ms(1_000), 0);
        }
        breaker.failed(1_000, None, 3_999);
        assert_eq!(breaker.wait_ms(1_000), 3_999);
        assert!(breaker.is_careful());
        breaker.well();
        assert_eq!(breaker, Breaker::default());
        breaker.failed(0, Some(60_000), 0);
        assert_eq!(breaker.wait_ms(0), 60_000);
    }

    #[test]
    fn a_clock_that_is_set_back_by_a_day_leaves_no_shop_alone_for_a_day() {
        let day = 24 * 60 * 60 * 1_000;
        let mut breaker = Breaker::default();
        breaker.failed(2 * day, Some(60_000), 0);
        assert_eq!(breaker.wait_ms(2 * day), 60_000);
        assert_eq!(breaker.wait_ms(day), 0);
        breaker.failed(day, Some(30_000), 0);
        assert_eq!(breaker.wait_ms(day), 30_000);
    }
}
