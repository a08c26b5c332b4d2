//! How fast a shop is asked: under the platform's limit, slower when it struggles, faster when it is
//! well again.

/// The slowest pace: one request in ten seconds, in thousandths of a request a second.
const SLOWEST: u32 = 100;
/// An answer that takes longer than this slows the pace down, in milliseconds.
const SLOW_MS: i64 = 5_000;

/// A shop's pace. Without a clock of its own: moments are milliseconds of any clock that goes on.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The platform's limit, in thousandths of a request a second.
    most: u32,
    /// The pace now, in the same measure.
    now: u32,
    /// The next request may go then, in microseconds.
    free_us: i64,
    /// Requests that may go at once after a rest.
    burst: i64,
}

impl Pace {
    /// A pace of at most `per_second_milli` thousandths of a request a second.
    pub fn new(per_second_milli: u32, burst: usize) -> Self {
        let most = per_second_milli.max(SLOWEST);
        let burst = i64::try_from(burst).unwrap_or(1).max(1);
        Self { most, now: most, free_us: i64::MIN, burst }
    }

    fn gap_us(&self) -> i64 {
        1_000_000_000 / i64::from(self.now)
    }

    /// Takes the next place in the line; returns in how many milliseconds it is there.
    pub fn take(&mut self, now_ms: i64) -> i64 {
        let now_us = now_ms.saturating_mul(1_000);
        let gap = self.gap_us();
        // After a rest a few may go at once, no more.
        let place = self.free_us.max(now_us.saturating_sub(gap.saturating_mul(self.burst - 1)));
        self.free_us = place.saturating_add(gap);
        (place.saturating_sub(now_us).max(0) + 999) / 1_000
    }

    /// Nothing goes before this moment: the shop said so.
    pub fn hold(&mut self, until_ms: i64) {
        self.free_us = self.free_us.max(until_ms.saturating_mul(1_000));
    }

    /// The shop answered: a little faster, up to the limit; slower if it took long.
    pub fn answered(&mut self, took_ms: i64) {
        if took_ms > SLOW_MS {
            self.now = (self.now - self.now / 4).max(SLOWEST);
        } else {
            self.now = (self.now + self.most / 20 + 1).min(self.most);
        }
    }

    /// The shop is too busy: half as fast.
    pub fn busy(&mut self) {
        self.now = (self.now / 2).max(SLOWEST);
    }

    /// The pace now, in thousandths of a request a second.
    pub const fn per_second_milli(&self) -> u32 {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    /// Sends as fast as it may for a while and counts.
    fn sent_within(pace: &mut Pace, from_ms: i64, for_ms: i64) -> i64 {
        let (mut now, mut sent) = (from_ms, 0);
        loop {
            now += pace.take(now);
            if now >= from_ms + for_ms {
                return sent;
            }
            sent += 1;
        }
    }

    #[test]
    fn a_shop_is_never_asked_faster_than_its_platform_allows() {
        for (limit, burst) in [(500, 1), (2_000, 2), (5_000, 4), (15_000, 8)] {
            let mut pace = Pace::new(limit, burst);
            let sent = sent_within(&mut pace, 0, 60_000);
            let most = i64::from(limit) * 60 / 1_000 + i64::try_from(burst).unwrap_or(0);
            assert!(sent <= most, "{sent} > {most} at {limit}");
            assert!(sent >= most * 9 / 10 - 1, "{sent} of {most} at {limit}");
        }
    }

    #[test]
    fn a_long_rest_does_not_save_up_more_than_a_few_requests() {
        let mut pace = Pace::new(1_000, 3);
        pace.take(0);
        let at_once = (0..10).filter(|_| pace.take(10_000_000) == 0).count();
        assert_eq!(at_once, 3);
    }

    #[test]
    fn a_busy_shop_is_asked_half_as_often_and_slowly_trusted_again() {
        let mut pace = Pace::new(8_000, 1);
        pace.busy();
        assert_eq!(pace.per_second_milli(), 4_000);
        for _ in 0..9 {
            pace.busy();
        }
        assert_eq!(pace.per_second_milli(), 100);
        for _ in 0..30 {
            pace.answered(100);
        }
        assert_eq!(pace.per_second_milli(), 8_000);
        pace.answered(9_000);
        assert_eq!(pace.per_second_milli(), 6_000);
    }

    #[test]
    fn what_a_shop_asks_us_to_wait_is_waited() {
        let mut pace = Pace::new(10_000, 4);
        pace.hold(30_000);
        assert_eq!(pace.take(0), 30_000);
        assert_eq!(pace.take(30_000), 100);
    }
}
