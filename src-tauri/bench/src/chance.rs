//! Chance that falls the same way in every run.

/// A generator of numbers (SplitMix64): the same seed, the same numbers.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Begins at `seed`.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) const fn below(&mut self, limit: u64) -> u64 {
        (self.number() >> 11) % limit
    }

    /// True `percent` times in a hundred.
    pub(crate) const fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `words`; nothing of none.
    pub(crate) fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(words.len().max(1) as u64);
        usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
    }
}
