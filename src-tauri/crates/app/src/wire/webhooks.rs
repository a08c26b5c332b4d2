//! Webhooks: the addresses that are told of events.

use countertop_domain::ids::WebhookId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every webhook.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebhookList {
    /// The newest first.
    pub webhooks: Vec<WebhookView>,
    /// Hosts of the shop's own network that webhooks may point to, `host:port`.
    pub allowed_hosts: Vec<String>,
    /// What events are about: `sale`, `customer` and so on.
    pub subjects: Vec<String>,
}

/// A webhook, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebhookView {
    /// Its id.
    #[ts(type = "string")]
    pub id: WebhookId,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Which events: `sale.completed`, `sale.*`; none for all.
    pub types: Vec<String>,
    /// False if it was switched off.
    pub enabled: bool,
    /// Why the register switched it off; empty otherwise.
    pub trouble: String,
    /// The program whose token made it; none if a person did.
    pub program: Option<String>,
    /// True if that token was revoked: then nothing is sent any more.
    pub revoked: bool,
    /// One more authority whose certificates it trusts, PEM; empty for none.
    pub certificate: String,
    /// Until when the old secret signs too, milliseconds since 1970 UTC.
    pub old_secret_until_ms: Option<i64>,
    /// When it was made.
    pub created_ms: i64,
    /// When it was last changed.
    pub updated_ms: i64,
    /// When the last message arrived.
    pub success_ms: Option<i64>,
    /// Messages that wait.
    pub waiting: u32,
    /// When the oldest of them was made.
    pub oldest_ms: Option<i64>,
    /// Messages that were given up.
    pub dead: u32,
}

/// Adds a webhook or sets one anew.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveWebhook {
    /// Which; none for a new one.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub id: Option<WebhookId>,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Which events; none for all.
    pub types: Vec<String>,
    /// False to switch it off.
    pub enabled: bool,
    /// One more authority to trust, PEM; empty for none.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub certificate: String,
    /// True if its host and port may be in this machine or in the shop's own network.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub allow_host: bool,
}

/// A webhook that was saved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WebhookSaved {
    /// The webhook.
    pub webhook: WebhookView,
    /// A new secret: shown once.
    pub secret: Option<String>,
}

/// One webhook.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// Which.
    #[ts(type = "string")]
    pub webhook_id: WebhookId,
}

/// Asks for a webhook's messages.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListDeliveries {
    /// Whose.
    #[ts(type = "string")]
    pub webhook_id: WebhookId,
    /// `waiting`, `delivered` or `dead`; none for all.
    #[serde(default)]
    #[ts(optional)]
    pub state: Option<String>,
    /// `number` of the last one of the page before.
    #[serde(default)]
    #[ts(optional)]
    pub before: Option<i64>,
}

/// A page of messages.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeliveryList {
    /// The newest first.
    pub deliveries: Vec<DeliveryView>,
    /// True if there are older ones.
    pub more: bool,
}

/// A message to a webhook.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeliveryView {
    /// Its place in the order of the messages.
    pub number: i64,
    /// The event's id.
    pub event_id: String,
    /// The event's type: `sale.completed`.
    pub kind: String,
    /// `waiting`, `delivered` or `dead`.
    pub state: String,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub tried_ms: Option<i64>,
    /// When it is tried next; none unless it waits.
    pub due_ms: Option<i64>,
    /// What the address answered last, an HTTP status.
    pub status: Option<u16>,
    /// Why it did not arrive; empty if it did.
    pub trouble: String,
}

/// Sends a message once more, or all that were given up.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Redeliver {
    /// To whom.
    #[ts(type = "string")]
    pub webhook_id: WebhookId,
    /// Which event; none for all that were given up.
    #[serde(default)]
    #[ts(optional)]
    pub event_id: Option<String>,
}
