//! What another program is told of: facts of the journal and changes of what can be edited, in one
//! order, each with an id that stays the same for ever.

mod changes;
mod facts;
mod filter;
mod id;
mod read;

pub use filter::{Filter, FilterError, TYPES};
pub use id::EventId;
pub use read::{Batch, ReadError, events_after, newest_id};

use countertop_domain::scope::Scope;
use serde_json::{Value, json};

/// Something that happened, as another program is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// By which it is known again.
    pub id: EventId,
    /// Its type: `sale.completed`.
    pub kind: String,
    /// When it happened, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What it is about: events of one thing are told in order.
    pub about: String,
    /// What is told of it.
    pub data: Value,
    /// What a program needs to be let in for to hear of it.
    pub scope: Scope,
}

impl Event {
    /// The event as a holder of these scopes may hear it; none if they may not.
    pub fn for_holder(mut self, scopes: &[Scope]) -> Option<Self> {
        if !scopes.contains(&self.scope) {
            return None;
        }
        // Who bought is told only to those who may read customers.
        if !scopes.contains(&Scope::CustomersRead)
            && let Some(data) = self.data.as_object_mut()
        {
            data.remove("customer_id");
        }
        Some(self)
    }

    /// The event as JSON: `{"type":"sale.completed","timestamp":"…","data":{…}}`.
    pub fn body(&self) -> String {
        json!({ "type": self.kind, "timestamp": time(self.at_ms), "data": self.data }).to_string()
    }
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub(crate) fn time(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
