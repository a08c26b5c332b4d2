//! Bytes at random for the tests of decoders.

/// How many runs: 20,000, or what `COUNTERTOP_FUZZ_RUNS` says.
pub(crate) fn runs() -> u64 {
    let set = std::env::var("COUNTERTOP_FUZZ_RUNS").ok();
    set.and_then(|runs| runs.parse().ok()).unwrap_or(20_000)
}

/// A source of numbers that is the same every time (Knuth's linear congruential generator).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    /// Up to 300 bytes, most of them from `usual`, so that decoders get further than the first one.
    pub(crate) fn wire(&mut self, usual: &[u8]) -> Vec<u8> {
        let length = self.below(300);
        let byte = |dice: &mut Self| match dice.below(8) {
            0 => u8::try_from(dice.below(256)).unwrap_or(0),
            _ => usual.get(dice.below(usual.len())).copied().unwrap_or(0),
        };
        (0..length).map(|_| byte(self)).collect()
    }
}
