//! Draining one destination's queue.

use countertop_store::{Delivery, OutboxMessage, Store, StoreError, StoredEntry};

/// Someone who is told of journal entries. An entry may come twice (the register stopped before it
/// could note the first time): "I have it already" is success.
pub trait Deliver {
    /// Delivers an entry; blocks until they have it.
    ///
    /// # Errors
    /// See [`Failure`].
    fn deliver(&mut self, entry: &StoredEntry) -> Result<(), Failure>;
}

/// Why an entry was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Not reached, or too busy: again later.
    #[error("{0}")]
    Later(String),
    /// Refused for what it is: a person must look.
    #[error("{0}")]
    Refused(String),
}

/// Seconds to wait after the first, second, … failed try.
const BACKOFF_S: [i64; 6] = [2, 10, 30, 120, 600, 1_800];
/// Tries after which a person is to look, about two days of them.
const MAX_ATTEMPTS: u32 = 100;

/// Delivers what is due, the oldest first, and stops at the first that cannot be. Returns how many
/// were delivered.
///
/// # Errors
/// The store's; what a destination says is kept with the message.
pub fn drain(
    store: &Store,
    destination: &str,
    to: &mut dyn Deliver,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let mut delivered = 0;
    loop {
        let name = destination.to_owned();
        let claimed = store.write::<_, StoreError>(move |tx| {
            let message = tx.claim_message(&name, now_ms)?;
            let Some(message) = message else { return Ok(None) };
            let entry = tx.entry(message.seq)?;
            Ok(Some((message, entry)))
        })?;
        let Some((message, entry)) = claimed else { return Ok(delivered) };
        let outcome = match entry {
            Some(entry) => to.deliver(&entry),
            None => Err(Failure::Refused("the journal does not have that entry".to_owned())),
        };
        let settled = settlement(&message, outcome, now_ms);
        let acknowledged = settled == Delivery::Acknowledged;
        store.write::<_, StoreError>(move |tx| tx.settle_message(&message, &settled))?;
        if !acknowledged {
            return Ok(delivered);
        }
        delivered += 1;
    }
}

fn settlement(message: &OutboxMessage, outcome: Result<(), Failure>, now_ms: i64) -> Delivery {
    match outcome {
        Ok(()) => Delivery::Acknowledged,
        Err(Failure::Later(trouble)) if message.attempts < MAX_ATTEMPTS => {
            let tries = usize::try_from(message.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
            let wait_s = BACKOFF_S.get(tries).or(BACKOFF_S.last()).copied().unwrap_or(60);
            Delivery::Later { due_ms: now_ms.saturating_add(wait_s * 1_000), trouble }
        }
        Err(Failure::Later(trouble) | Failure::Refused(trouble)) => Delivery::Rejected { trouble },
    }
}
