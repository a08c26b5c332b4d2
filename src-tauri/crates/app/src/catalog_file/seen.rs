//! What has stood in the file before, and where.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Remembers texts by a fingerprint of 128 bits and the line of each: 24 bytes a text, so that a
/// million handles and a million barcodes cost tens of megabytes whatever their length.
#[derive(Default)]
pub(super) struct Seen(HashMap<(u64, u64), u64>);

impl Seen {
    /// Remembers a text; the line where it stood before, if it did.
    pub(super) fn before(&mut self, text: &str, line: u64) -> Option<u64> {
        match self.0.entry(fingerprint(text)) {
            std::collections::hash_map::Entry::Occupied(earlier) => Some(*earlier.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(line);
                None
            }
        }
    }
}

fn fingerprint(text: &str) -> (u64, u64) {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        text.hash(&mut hasher);
        hasher.finish()
    };
    (half(0), half(1))
}
