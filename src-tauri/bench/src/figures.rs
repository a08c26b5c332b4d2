//! What was measured, as numbers that can be compared.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A measured figure; its unit stands with its row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// How many measurements it comes from.
    pub(crate) n: usize,
    /// Half of them were at most this; the value itself, where there is one only.
    pub(crate) p50: f64,
    /// 99 in 100 were at most this.
    pub(crate) p99: Option<f64>,
    /// The worst.
    pub(crate) max: Option<f64>,
}

impl Figure {
    /// A figure that is measured once.
    pub(crate) const fn single(value: f64) -> Self {
        Self { n: 1, p50: value, p99: None, max: None }
    }
}

/// Times of the same thing, done many times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Does `work` and keeps how long it took.
    ///
    /// # Errors
    /// Those of `work`, whose time is not kept then.
    pub(crate) fn time<T, E>(&mut self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let began = Instant::now();
        let value = work()?;
        self.0.push(began.elapsed());
        Ok(value)
    }

    /// Keeps a time that was taken elsewhere.
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Adds all of `other`.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The figure in milliseconds; none of no time at all.
    pub(crate) fn milliseconds(mut self) -> Option<Figure> {
        self.0.sort_unstable();
        let max = milliseconds(*self.0.last()?);
        Some(Figure {
            n: self.0.len(),
            p50: milliseconds(self.percentile(50)),
            p99: Some(milliseconds(self.percentile(99))),
            max: Some(max),
        })
    }

    /// Of sorted times, the nearest to `percent` in a hundred.
    fn percentile(&self, percent: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last * percent + 50) / 100).copied().unwrap_or_default()
    }
}

/// A time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// How busy the computer is with everything: processes that run or wait, over the last minute.
/// None where the system does not tell.
pub(crate) fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let mut times = Times::default();
        for ms in (1..=100).rev() {
            times.add(Duration::from_millis(ms));
        }
        let figure = times.milliseconds();
        let expected = Figure { n: 100, p50: 51.0, p99: Some(99.0), max: Some(100.0) };
        assert_eq!(figure, Some(expected));
    }

    #[test]
    fn nothing_measured_is_no_figure() {
        assert_eq!(Times::default().milliseconds(), None);
    }
}
