//! Reading events on from a place.

use countertop_store::{Happening, Snapshot, StoreError};

use super::{Event, EventId, changes, facts};

/// Why events cannot be read on from a place.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Events after that place are kept no longer, or it is of another journal.
    #[error(
        "what followed that event is no longer kept: read everything anew, then go on from now"
    )]
    Gone,
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Events, and how far they go.
#[derive(Clone, Debug)]
pub struct Batch {
    /// In order.
    pub events: Vec<Event>,
    /// From where to go on.
    pub end: EventId,
}

/// The place after everything that has happened so far.
///
/// # Errors
/// The store's.
pub fn newest_id(snapshot: &Snapshot<'_>) -> Result<EventId, StoreError> {
    let position = snapshot.last_position()?;
    Ok(EventId { position, part: 0, mark: snapshot.mark(position.seq)?.unwrap_or_default() })
}

/// What happened after a place: the events of `limit` happenings at most. Nothing left: the batch ends
/// where it began.
///
/// # Errors
/// See [`ReadError`].
pub fn events_after(
    snapshot: &Snapshot<'_>,
    after: EventId,
    limit: u32,
) -> Result<Batch, ReadError> {
    if snapshot.mark(after.position.seq)? != Some(after.mark) {
        return Err(ReadError::Gone);
    }
    let mut events = Vec::new();
    let mut end = after;
    if after.part > 0 {
        // Of an entry with several events not all were told.
        let entry = snapshot.entry(after.position.seq)?.ok_or(ReadError::Gone)?;
        let told = facts::events(after, &entry)?;
        events.extend(told.into_iter().filter(|event| event.id.part > after.part));
        end.part = 0;
    }
    let happened = snapshot.happened_after(after.position, limit)?;
    // Asked after reading: what was forgotten meanwhile counts.
    if snapshot.forgotten_position()?.change > after.position.change
        || after.position.change > snapshot.last_position()?.change
    {
        return Err(ReadError::Gone);
    }
    for one in happened {
        end = EventId { position: one.position, part: 0, mark: one.mark };
        match one.what {
            Happening::Entry(entry) => events.extend(facts::events(end, &entry)?),
            Happening::Change(change) => events.extend(changes::event(snapshot, end, &change)?),
        }
    }
    Ok(Batch { events, end })
}
