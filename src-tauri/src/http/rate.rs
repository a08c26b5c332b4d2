//! How fast a token may ask, and how fast an address may try tokens that are none, or send webhooks.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// A pace: so many at once, and then so many a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) burst: u32,
    pub(super) a_second: u32,
}

/// A token: far more than a program needs, and less than what would slow the till down.
const TOKEN: Pace = Pace { burst: 1_000, a_second: 200 };
/// Wrong tokens from an address.
const STRANGER: Pace = Pace { burst: 100, a_second: 10 };
/// Askers that are remembered; those who could ask at full pace again are forgotten first.
const MAX_ASKERS: usize = 4_096;

/// Who asked how much lately.
#[derive(Debug)]
pub(super) struct Rates {
    tokens: Buckets<Uuid>,
    strangers: Buckets<IpAddr>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { tokens: Buckets::new(TOKEN), strangers: Buckets::new(STRANGER) }
    }
}

impl Rates {
    /// Counts a request of a token. Seconds to wait, if it asks too fast.
    pub(super) fn token(&self, token: Uuid) -> Result<(), u32> {
        self.tokens.take(token, Instant::now())
    }

    /// Counts a wrong token from an address. Seconds to wait, if it tries too fast.
    pub(super) fn wrong_token(&self, address: IpAddr) -> Result<(), u32> {
        self.strangers.take(address, Instant::now())
    }

    /// Seconds to wait, if an address has tried too many wrong tokens.
    pub(super) fn stranger(&self, address: IpAddr) -> Result<(), u32> {
        self.strangers.wait(&address, Instant::now())
    }
}

/// Token buckets. Each asker's is kept as the moment at which it will be full again.
#[derive(Debug)]
pub(super) struct Buckets<K> {
    pace: Pace,
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, full_at: Mutex::default() }
    }

    /// What one request costs in time.
    fn each(&self) -> Duration {
        Duration::from_secs(1) / self.pace.a_second
    }

    /// Counts a request. Seconds to wait, if that is too fast.
    pub(super) fn take(&self, asker: K, now: Instant) -> Result<(), u32> {
        let most = self.each() * self.pace.burst;
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MAX_ASKERS && !full_at.contains_key(&asker) {
            full_at.retain(|_, full| *full > now);
            if full_at.len() >= MAX_ASKERS {
                return Err(1);
            }
        }
        let full = full_at.entry(asker).or_insert(now);
        let after = (*full).max(now) + self.each();
        let over = after.saturating_duration_since(now).saturating_sub(most);
        if !over.is_zero() {
            return Err(seconds(over));
        }
        *full = after;
        Ok(())
    }

    fn wait(&self, asker: &K, now: Instant) -> Result<(), u32> {
        let most = self.each() * self.pace.burst;
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(full) = full_at.get(asker) else { return Ok(()) };
        let over = (full.saturating_duration_since(now) + self.each()).saturating_sub(most);
        if over.is_zero() { Ok(()) } else { Err(seconds(over)) }
    }
}

/// At least one: "wait no seconds" would be asked again at once.
fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Buckets, MAX_ASKERS, Pace};

    #[test]
    fn a_burst_is_let_through_and_then_the_pace_holds() {
        let buckets = Buckets::new(Pace { burst: 10, a_second: 5 });
        let start = Instant::now();
        let taken = |at: Instant| (0..100).filter(|_| buckets.take(1, at).is_ok()).count();
        assert_eq!(taken(start), 10);
        assert_eq!(buckets.wait(&1, start), Err(1));
        assert_eq!(taken(start + Duration::from_secs(1)), 5);
        // Nobody saves up more than the burst.
        assert_eq!(taken(start + Duration::from_secs(3_600)), 10);
    }

    #[test]
    fn one_asker_does_not_use_up_anothers_pace() {
        let buckets = Buckets::new(Pace { burst: 1, a_second: 1 });
        let now = Instant::now();
        assert_eq!(buckets.take(1, now), Ok(()));
        assert_eq!(buckets.take(1, now), Err(2));
        assert_eq!(buckets.take(2, now), Ok(()));
        assert_eq!(buckets.wait(&3, now), Ok(()));
    }

    #[test]
    fn any_number_of_askers_takes_a_bounded_place() {
        let buckets = Buckets::new(Pace { burst: 1, a_second: 1 });
        let now = Instant::now();
        for asker in 0..MAX_ASKERS * 2 {
            let _ = buckets.take(asker, now);
        }
        let kept = buckets.full_at.lock().map_or(0, |all| all.len());
        assert_eq!(kept, MAX_ASKERS);
        // Who asked a while ago is forgotten for who asks now.
        assert_eq!(buckets.take(MAX_ASKERS * 3, now + Duration::from_secs(2)), Ok(()));
    }
}
