//! The event of a change of what can be edited.

use countertop_store::ChangeRow;
use serde_json::json;

use super::filter::scope_of;
use super::{Event, EventId};

/// None for a kind that nobody is told of.
pub(super) fn event(id: EventId, change: &ChangeRow) -> Option<Event> {
    // Facts of the journal, which tells of them.
    if change.kind == "customer" && ["merged", "erased"].contains(&change.verb.as_str()) {
        return None;
    }
    let scope = scope_of(&change.kind)?;
    Some(Event {
        id,
        kind: format!("{}.{}", change.kind, change.verb),
        at_ms: change.at_ms,
        about: format!("{}:{}", change.kind, change.resource),
        data: json!({ "id": change.resource }),
        scope,
    })
}
