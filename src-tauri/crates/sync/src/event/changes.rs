//! The event of a change of what can be edited, and of a card payment of which nobody knew the end.

use countertop_domain::ids::TenderId;
use countertop_store::{ChangeRow, Snapshot, StoreError};
use serde_json::{Value, json};

use super::filter::scope_of;
use super::{Event, EventId, facts};

/// None for a kind that nobody is told of.
pub(super) fn event(
    snapshot: &Snapshot<'_>,
    id: EventId,
    change: &ChangeRow,
) -> Result<Option<Event>, StoreError> {
    // Facts of the journal, which tells of them.
    if change.kind == "customer" && ["merged", "erased"].contains(&change.verb.as_str()) {
        return Ok(None);
    }
    let Some(scope) = scope_of(&change.kind) else { return Ok(None) };
    let data = if change.kind == "card" { card(snapshot, change)? } else { None };
    Ok(Some(Event {
        id,
        kind: format!("{}.{}", change.kind, change.verb),
        at_ms: change.at_ms,
        about: format!("{}:{}", change.kind, change.resource),
        data: data.unwrap_or_else(|| json!({ "id": change.resource })),
        scope,
    }))
}

/// What was asked of the terminal, which never changes, and what came of it if that is settled.
fn card(snapshot: &Snapshot<'_>, change: &ChangeRow) -> Result<Option<Value>, StoreError> {
    let Ok(id) = change.resource.parse() else { return Ok(None) };
    Ok(snapshot.payment(TenderId::new(id))?.map(|row| {
        let charged = (change.verb == "settled").then(|| row.state.is_done());
        facts::without_null(facts::card_data(&row.for_journal(), charged))
    }))
}
