//! What leaves the register: the outbox, drained in order, never lost.
//!
//! Every journal entry is queued for every destination in the transaction that writes it. Draining
//! claims the first message of a queue, delivers it, and settles it; a message whose delivery was
//! interrupted is delivered again, and a destination that has it already says so.

pub mod channel;
mod drain;
mod event;
mod spool;
mod webhook;

pub use drain::{Deliver, Failure, drain};
pub use event::{
    Batch, Event, EventId, Filter, FilterError, ReadError, TYPES, events_after, newest_id,
};
pub use spool::Spool;
pub use webhook::{
    AddressError, AllowedHost, ResolveNames, Surroundings, SystemNames, WebhookSender,
    allowed_hosts, check_address, check_result_address, read_certificates, secret_text,
    set_allowed_hosts,
};
