//! Web shops: how each does, its queue, its to-dos and its names for our things.

use std::collections::BTreeMap;

use countertop_domain::ids::{ChannelId, VariantId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every web shop, and which platforms there are.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelList {
    /// The oldest first.
    pub channels: Vec<ChannelView>,
    /// What a shop may be on.
    pub platforms: Vec<PlatformView>,
}

/// A platform that a shop may be on.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlatformView {
    /// `woocommerce` and so on.
    pub kind: String,
    /// Its name for people.
    pub name: String,
    /// Secrets that it needs.
    pub secrets: Vec<ChannelField>,
    /// Settings that are no secret.
    pub options: Vec<ChannelField>,
    /// The least rights of its key, as the platform calls them.
    pub rights: Vec<String>,
}

/// Something that a person types when a shop is set up.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelField {
    /// Its name: `key`.
    pub name: String,
    /// What the platform calls it.
    pub label: String,
    /// False if it may be left out.
    pub needed: bool,
}

/// How a web shop does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// A person paused it.
    Paused,
    /// It is read for the first time.
    First,
    /// Nothing is in its way.
    InStep,
    /// Something is in its way.
    Trouble,
}

/// A web shop, without its secrets.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelView {
    /// Its id.
    #[ts(type = "string")]
    pub id: ChannelId,
    /// Its platform: `woocommerce`.
    pub kind: String,
    /// The platform's name for people.
    pub platform: String,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Its settings.
    pub options: BTreeMap<String, String>,
    /// Which secrets this machine knows, by name.
    pub secrets: Vec<String>,
    /// True if all of them are in the keychain of whoever runs the register; otherwise they are in a file
    /// that only its owner can read.
    pub in_keychain: bool,
    /// `till`, `web` or `split`: whose figures of stock count.
    pub policy: String,
    /// What the shop never offers of each variant, in thousandths of a unit; for `split`.
    pub buffer: i64,
    /// One more authority to trust, PEM; empty for none.
    pub certificate: String,
    /// True if its host may be in this machine or in the shop's own network.
    pub allow_host: bool,
    /// How it does.
    pub state: ChannelState,
    /// What is in its way, in words; empty if nothing is.
    pub trouble: String,
    /// Since when, milliseconds since 1970 UTC.
    pub trouble_since_ms: Option<i64>,
    /// When it was added.
    pub created_ms: i64,
    /// When it was last read to the end without trouble.
    pub success_ms: Option<i64>,
    /// When one of its webhooks last came.
    pub woken_ms: Option<i64>,
    /// When one last came, since the register was started, that was not signed as it should be.
    pub hook_refused_ms: Option<i64>,
    /// Where its webhooks go at this register's doors; none if the platform has none.
    pub hook: Option<String>,
    /// Updates that wait to be sent.
    pub waiting: u32,
    /// Of these, those of which it is not known whether they arrived.
    pub unknown: u32,
    /// Updates that were given up.
    pub dead: u32,
    /// When the oldest of those that wait was made.
    pub oldest_ms: Option<i64>,
    /// To-dos that are open.
    pub problems: u32,
    /// Variants that it sells.
    pub items: u32,
    /// Of these, those that stand for nothing here.
    pub unmatched: u32,
    /// Orders that came from it on this day.
    pub orders_today: u32,
    /// How far each list was read.
    pub streams: Vec<ChannelStreamView>,
}

/// How far a list of a shop was read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelStreamView {
    /// `products`, `stock`, `orders`, `customers` or `sweep`.
    pub stream: String,
    /// How many were read in the run under way, or in the last one.
    pub read: i64,
    /// How many there are, where the shop says so.
    pub total: Option<i64>,
    /// True while a run is under way.
    pub running: bool,
    /// When a run last came to its end, milliseconds since 1970 UTC.
    pub done_ms: Option<i64>,
}

/// Adds a web shop or sets one anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveChannel {
    /// Which; none for a new one.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub id: Option<ChannelId>,
    /// Its platform; that of a shop that is there stays.
    pub kind: String,
    /// What people call it; no two alike.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Its settings.
    #[serde(default)]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub options: BTreeMap<String, String>,
    /// Secrets that are new; those that are left out or empty stay as they are.
    #[serde(default)]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub secrets: BTreeMap<String, String>,
    /// `till`, `web` or `split`; empty for `till`.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub policy: String,
    /// What it never offers, in thousandths of a unit.
    #[serde(default)]
    #[ts(optional, as = "Option<i64>")]
    pub buffer: i64,
    /// True if its host and port may be in this machine or in the shop's own network.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub allow_host: bool,
    /// One more authority to trust, PEM; empty for none.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub certificate: String,
}

/// Tries a connection: of a shop that is there, or of one as it would be saved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestChannel {
    /// A shop that is there.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub channel_id: Option<ChannelId>,
    /// Or one as it would be saved; secrets that are left out are those that are known.
    #[serde(default)]
    #[ts(optional)]
    pub draft: Option<SaveChannel>,
}

/// What a try of a connection found.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelTested {
    /// True if the shop can be used as it is set up.
    pub ready: bool,
    /// What the shop calls itself.
    pub name: String,
    /// Its platform's version; empty if it does not say.
    pub version: String,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// Rights that are missing, with what they are for.
    pub missing: Vec<String>,
    /// What works but should be looked at.
    pub warnings: Vec<String>,
    /// Why it cannot be used, and what to do; empty if it can.
    pub trouble: String,
}

/// Names a web shop.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChannelRequest {
    /// Which.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
}

/// Pauses a web shop, or has it go on.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PauseChannel {
    /// Which.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
    /// True to pause it.
    pub paused: bool,
}

/// Asks for a shop's to-dos.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListChannelProblems {
    /// Which shop.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
    /// `open`, `aside` or `solved`; none for open.
    #[serde(default)]
    #[ts(optional)]
    pub state: Option<String>,
    /// `number` of the last one of the page before.
    #[serde(default)]
    #[ts(optional)]
    pub after: Option<i64>,
}

/// A page of to-dos.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelProblems {
    /// In the order in which they came up.
    pub problems: Vec<ChannelProblemView>,
    /// True if there are more.
    pub more: bool,
}

/// A to-do: what a person is to look at.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelProblemView {
    /// Its number.
    pub number: i64,
    /// What kind of trouble: `ambiguous`, `refused`, `oversold` and so on.
    pub kind: String,
    /// In plain words, with what to do.
    pub words: String,
    /// `open`, `aside` or `solved`.
    pub state: String,
    /// When it first came up, milliseconds since 1970 UTC.
    pub first_ms: i64,
    /// When it last came up.
    pub last_ms: i64,
    /// How often.
    pub times: u32,
    /// True if an update waits to be sent once more.
    pub can_retry: bool,
    /// The shop's id of the variant that it is about, if an item can be chosen for it.
    pub external_id: Option<String>,
    /// What the shop calls that; empty if it is not known.
    pub title: String,
}

/// Names a to-do.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChannelProblemRequest {
    /// Which.
    pub number: i64,
}

/// Asks for a shop's updates.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListChannelOps {
    /// Which shop.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
    /// `new`, `sent`, `unknown`, `done` or `dead`; none for all.
    #[serde(default)]
    #[ts(optional)]
    pub state: Option<String>,
    /// `number` of the last one of the page before.
    #[serde(default)]
    #[ts(optional)]
    pub before: Option<i64>,
}

/// A page of updates.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelOps {
    /// The newest first.
    pub ops: Vec<ChannelOpView>,
    /// True if there are older ones.
    pub more: bool,
}

/// An update of a shop.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelOpView {
    /// Its place in the order of the updates.
    pub number: i64,
    /// `sale`, `refund`, `stock`, `stock_move`, `fulfil` or `customer`.
    pub kind: String,
    /// What it is about, for people: a receipt's number, an item's name; empty if that is gone.
    pub about: String,
    /// `new`, `sent`, `unknown`, `done` or `dead`.
    pub state: String,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it was last tried.
    pub tried_ms: Option<i64>,
    /// When it is tried next; none unless it waits.
    pub due_ms: Option<i64>,
    /// How often it was tried.
    pub attempts: u32,
    /// What the shop calls what was made; empty until it is known.
    pub external_id: String,
    /// What was in the way; empty if nothing was.
    pub trouble: String,
}

/// Asks for a shop's names for our variants.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListChannelMap {
    /// Which shop.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
    /// Only those that stand for nothing here.
    pub unmatched: bool,
    /// `external_id` of the last one of the page before.
    #[serde(default)]
    #[ts(optional)]
    pub after: Option<String>,
}

/// A page of a shop's names.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelMap {
    /// By the shop's id.
    pub names: Vec<ChannelNameView>,
    /// True if there are more.
    pub more: bool,
}

/// What a shop calls a variant.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChannelNameView {
    /// The shop's id.
    pub external_id: String,
    /// What the shop calls it, for people.
    pub title: String,
    /// Ours; none while nobody knows.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// What we call it; empty if it is not matched, or sold no more.
    pub name: String,
    /// Our article number.
    pub sku: Option<String>,
    /// How much there is by what the shop last said, in thousandths of a unit.
    pub stock: Option<i64>,
    /// When the shop was found not to have it any more, milliseconds since 1970 UTC.
    pub gone_ms: Option<i64>,
}

/// Says which variant of ours a shop's name stands for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetChannelName {
    /// Which shop.
    #[ts(type = "string")]
    pub channel_id: ChannelId,
    /// The shop's id.
    pub external_id: String,
    /// Ours; none if it stands for nothing here.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
}
