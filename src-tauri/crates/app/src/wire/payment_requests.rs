//! Payments that other apps ask for, and the apps.

use countertop_domain::ids::{BasketId, PaymentRequestId, SaleId, TokenId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::PayWith;

/// What apps ask for now.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct OpenRequests {
    /// The one to answer or to pay; none while nobody asks.
    pub current: Option<RequestView>,
    /// How many wait behind it.
    pub waiting: u32,
}

/// A payment that an app asks for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RequestView {
    /// Its id.
    #[ts(type = "string")]
    pub id: PaymentRequestId,
    /// What people call the app.
    pub app: String,
    /// What the app calls itself.
    pub client_id: String,
    /// How much it asks for.
    pub amount: i64,
    /// Whether a tip may be given on top.
    pub tip_allowed: bool,
    /// What it is for, where the app says so.
    pub line_items: Vec<RequestLine>,
    /// What the app wants noted; may be empty.
    pub notes: String,
    /// The shop's customer whom the app names.
    pub customer: Option<String>,
    /// The ways to pay that the app and the shop both take.
    pub tenders: Vec<PayWith>,
    /// After how long the reply is opened by itself, milliseconds; none where the cashier does.
    pub auto_return_ms: Option<u32>,
    /// Whether to leave the receipt's screen out where nothing was paid in cash.
    pub skip_receipt: bool,
    /// Whether to leave out keys for cards that are not there.
    pub disable_cnp: bool,
    /// Whether taxes are not put on by themselves.
    pub untaxed: bool,
    /// Where it is.
    pub status: RequestStatusView,
    /// The basket that it is paid in, once accepted.
    #[ts(type = "string | null")]
    pub basket_id: Option<BasketId>,
    /// The sale that it became.
    #[ts(type = "string | null")]
    pub sale_id: Option<SaleId>,
    /// The receipt's number of that sale.
    pub receipt: Option<String>,
    /// Why it came to nothing, as the code that the app gets.
    pub error_code: Option<String>,
    /// True for a test: nothing of it is in the books.
    pub sandbox: bool,
    /// When it came, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// From when on it is not taken any more.
    pub expires_ms: i64,
    /// True once a reply was given out.
    pub replied: bool,
    /// How often the callback was opened.
    pub called_back: u32,
    /// What became of the result that the register posted; none where it posted none.
    pub posted: Option<PostedResult>,
}

/// A result that the register posts to its app.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PostedResult {
    /// `waiting`, `delivered` or `dead`: given up, for a person to decide.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, milliseconds since 1970 UTC; none unless it waits.
    pub due_ms: Option<i64>,
    /// Why it did not arrive; empty if it did, or was not tried yet.
    pub trouble: String,
}

/// What an app says that it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequestLine {
    /// What it is called.
    pub name: String,
    /// How much of it, thousandths.
    pub quantity: i64,
    /// The price of one.
    pub price: i64,
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatusView {
    /// On disk, and not shown yet.
    Received,
    /// Shown to the cashier.
    Shown,
    /// The cashier takes the payment.
    Accepted,
    /// Nobody knows yet what became of its card payment.
    InDoubt,
    /// Paid.
    Completed,
    /// Given up, with nothing charged.
    Canceled,
    /// Something in it was wrong.
    Refused,
    /// Its time was over, with nothing charged.
    Expired,
}

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequestRef {
    /// Which.
    #[ts(type = "string")]
    pub request_id: PaymentRequestId,
}

/// Gives a request up, before it was accepted or while nothing is paid.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// Which.
    #[ts(type = "string")]
    pub request_id: PaymentRequestId,
    /// Why, for the owner; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// What became of a request, and how its app hears of it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RequestEnd {
    /// Where it is. While it is neither ended nor in doubt, there is nothing to tell yet.
    pub status: RequestStatusView,
    /// What to open: the whole address with the reply in it. None where the app asks for the result
    /// itself, or where there is nothing to tell yet.
    pub callback_url: Option<String>,
    /// True where the register itself sends the reply: then nothing is to be opened.
    pub post: bool,
    /// After how long it is opened by itself, milliseconds; none where the cashier does.
    pub auto_return_ms: Option<u32>,
    /// The app's name, for the words on screen.
    pub app: String,
    /// What happened, in words.
    pub message: String,
}

/// A link that another program opened.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceiveLink {
    /// As it was opened, whole.
    pub url: String,
}

/// What a link led to: a request that is on disk, or the reason why there is none.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RequestReceived {
    /// The request; none where the link could not be taken.
    pub request: Option<RequestView>,
    /// The reply to open at once: the link was wrong, but its app and its address are known; or the
    /// request has ended already. None where nothing is to be opened.
    pub end: Option<RequestEnd>,
    /// What happened, in words for the screen.
    pub message: String,
    /// The code of what was wrong; none if nothing was.
    pub error_code: Option<String>,
}

/// An app that may hand the register an amount.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AppView {
    /// What it calls itself in its requests.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// Where results may be told.
    pub callbacks: Vec<String>,
    /// What it may ask for: names such as `payments`.
    pub scopes: Vec<String>,
    /// True where the register itself posts results to https and loopback callbacks.
    pub post: bool,
    /// The token that it comes with over HTTP.
    #[ts(type = "string | null")]
    pub token_id: Option<TokenId>,
    /// True for a test app: nothing that it asks for is in the books.
    pub sandbox: bool,
    /// When it was registered, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// Since when it may not ask any more.
    pub revoked_ms: Option<i64>,
}

/// Every app.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AppList {
    /// By name.
    pub apps: Vec<AppView>,
    /// Whether links of Square's own kind (`square-commerce-v1://`) are taken.
    pub square_links: bool,
}

/// Registers an app, or changes one; a revoked one may ask again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveApp {
    /// What it calls itself: letters, digits, `-`, `_` and `.`; `sandbox-` at the beginning for a
    /// test.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// Where results may be told: whole https addresses, or how an address of its own scheme begins.
    pub callbacks: Vec<String>,
    /// What it may ask for; `payments` if left out.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Whether the register itself posts results to https and loopback callbacks, in place of opening them.
    #[serde(default)]
    pub post: bool,
    /// Whether to make it a token for HTTP; the one that it has is revoked.
    #[serde(default)]
    pub new_token: bool,
}

/// An app that was just saved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SavedApp {
    /// The app.
    pub app: AppView,
    /// Its new token's secret: shown once, kept nowhere.
    pub secret: Option<String>,
}

/// One app.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AppRef {
    /// Which.
    pub client_id: String,
}

/// Asks for an app's requests.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListRequests {
    /// Of which app.
    pub client_id: String,
    /// Those before this one; none for the newest.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub before: Option<PaymentRequestId>,
}

/// An app's requests.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RequestList {
    /// The newest first.
    pub requests: Vec<RequestView>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Whether links of Square's own kind are taken.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSquareLinks {
    /// True to take them.
    pub taken: bool,
}
