//! Time and ids, asked for in one place so that tests can say what they are.

use std::fmt::Debug;

use countertop_domain::time::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// Now, with the shop's offset.
    fn now(&self) -> Timestamp;
}

/// Makes ids.
pub trait Ids: Debug + Send + Sync {
    /// An id that was never given before.
    fn next(&self) -> Uuid;
}

/// The computer's clock and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = jiff::Zoned::now();
        let offset_min = i16::try_from(now.offset().seconds() / 60).unwrap_or(0);
        Timestamp { utc_ms: now.timestamp().as_millisecond(), offset_min }
    }
}

/// UUIDs of version 7: they sort by time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
