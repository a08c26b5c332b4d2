//! What time it is, for drivers that wait: handed in, so that tests need not wait.

use std::thread;
use std::time::{Duration, Instant};

/// A clock that only goes forward.
pub trait Clock: Send + Sync {
    /// How long it has been since some moment in the past, always the same one.
    fn now(&self) -> Duration;

    /// Waits so long.
    fn wait(&self, time: Duration);
}

/// The clock of the system.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Starts at nought.
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn wait(&self, time: Duration) {
        thread::sleep(time);
    }
}
