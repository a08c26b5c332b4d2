//! Who hears that something was written: called after the commit, while the writer is held.

use std::sync::{Arc, Mutex, PoisonError, Weak};

type Tell = dyn Fn() + Send + Sync;

/// Who listens.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Weak<Tell>>>);

/// Listens until it is dropped.
pub struct Listening {
    _tell: Arc<Tell>,
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listening").finish_non_exhaustive()
    }
}

impl Listeners {
    pub(crate) fn add(&self, tell: Arc<Tell>) -> Listening {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&tell));
        Listening { _tell: tell }
    }

    pub(crate) fn tell(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).for_each(|tell| tell());
    }
}
