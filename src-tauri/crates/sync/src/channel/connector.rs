//! What speaks a platform's language.

use std::collections::HashMap;

use countertop_store::ChannelStream;
use futures_util::future::BoxFuture;

use super::words::{CustomerIn, Done, OrderIn, ProductIn, StockIn, Task};

/// An answer that is waited for.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, Trouble>>;

/// A connector to one shop. It asks and answers, and keeps nothing: no store, no clock but what it is
/// given. Everything goes through its [`super::Line`], which keeps the pace, the limits and the rules
/// about where a request may go.
pub trait Connector: Send + Sync {
    /// What the platform can do, and how fast it may be asked.
    fn limits(&self) -> Limits;

    /// Whether the shop can be used as it is set up. What is missing is named in the answer, so that it
    /// can be put right at the platform; trouble is for a shop that cannot be asked at all.
    fn test(&self) -> Asked<'_, ShopInfo>;

    /// A page of what it sells. Without `since_ms` all of it, by id upwards, so that what is added
    /// meanwhile shifts no page; with it what changed then or later.
    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>>;

    /// A page of how much there is, for platforms that list [`ChannelStream::Stock`].
    fn stock<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<StockIn>>;

    /// How much there is of these now, one answer for each that the shop has.
    fn stock_of<'a>(&'a self, goods: &'a [super::words::Goods]) -> Asked<'a, Vec<StockIn>>;

    /// A page of orders that changed at a moment or later, in every state that matters here.
    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>>;

    /// A page of customers.
    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>>;

    /// A page of the ids of all products and variants, for finding what was deleted.
    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>>;

    /// Does something once. Trouble says whether it may have been done: see [`Trouble::Unknown`].
    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Done>;

    /// Whether something was done of which that is not known, by our id. Never changes anything.
    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found>;

    /// Reads a webhook of this shop: none if it is not signed as it should be.
    fn webhook(&self, headers: &HashMap<String, String>, body: &[u8]) -> Option<WebhookHint>;
}

/// What is to be done, with everything that is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Our id of the fact: that of the sale, of the refund, otherwise of the operation. The same for
    /// every try, after a restore too: what the shop is searched for.
    pub our_id: String,
    /// The operation's id, for platforms that take a key: the same for every try.
    pub op_id: String,
    /// By the register's clock: it was not sent before this moment. None if it never was.
    pub first_ms: Option<i64>,
    /// What.
    pub task: Task,
}

/// What became of something of which that was not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The shop did it.
    Done(Done),
    /// The shop did not do it: it may be sent again.
    Missing,
    /// The platform cannot tell. The engine reads the figures and sets them right; what is no figure
    /// waits for a person.
    CannotTell,
}

/// What to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// What changed then or later, by the shop's clock; none for all.
    pub since_ms: Option<i64>,
    /// Where to go on, as the page before said; none for the first page.
    pub next: Option<String>,
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where to go on; none if that was all. Kept on disk: it must be good after a restart.
    pub next: Option<String>,
    /// The shop's clock when it answered (`Date`); the next cursor is that of the first page.
    pub server_ms: Option<i64>,
    /// How many there are on all pages, where the shop says so.
    pub total: Option<u64>,
    /// What could not be read, each with its id and in words: a to-do, never in the way of the rest.
    pub bad: Vec<(String, String)>,
}

/// What a test of a shop found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopInfo {
    /// What the shop calls itself.
    pub name: String,
    /// Its platform's version; empty if it does not say.
    pub version: String,
    /// ISO 4217; must be the register's.
    pub currency: String,
    /// Rights that are missing, as the platform calls them, with what they are for.
    pub missing: Vec<String>,
    /// What works but should be looked at, in words.
    pub warnings: Vec<String>,
}

/// How a platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockStyle {
    /// Only figures can be set.
    Absolute,
    /// What came in or went out can be said, too.
    Relative,
}

/// What a platform can do, and how fast it may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests at once.
    pub at_once: usize,
    /// Requests a second, in thousandths; the line goes slower by itself when the shop is slow.
    pub per_second_milli: u32,
    /// How it counts.
    pub stock: StockStyle,
    /// Whether its figure is what it may offer, without what open orders there took (true for most), or
    /// what lies on the shelf (Magento's source items).
    pub figure_is_available: bool,
    /// Whether it counts parts of a unit. Where it does not, a figure is what it can show: whole units,
    /// rounded down.
    pub counts_parts: bool,
    /// Lists that it has.
    pub streams: Vec<ChannelStream>,
    /// For how long after it was sent something may not be found yet: until then `Missing` is not
    /// believed. Milliseconds.
    pub search_lag_ms: i64,
}

/// What a webhook says: only that it is worth while to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookHint {
    /// By which one that comes twice is known; empty if it has none.
    pub id: String,
    /// Which list to read.
    pub stream: ChannelStream,
}

/// What was in the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The request never reached the shop: certainly nothing was done.
    #[error("{0}")]
    NotSent(String),
    /// The shop may or may not have done it: a time-out, a 5xx, an answer that breaks off.
    #[error("{words}")]
    Unknown {
        /// In words.
        words: String,
        /// How long the shop asked us to wait, in milliseconds.
        wait_ms: Option<i64>,
    },
    /// The shop is too busy and did nothing (429 and the like).
    #[error("{words}")]
    Busy {
        /// In words.
        words: String,
        /// How long the shop asked us to wait, in milliseconds.
        wait_ms: Option<i64>,
    },
    /// The key is no good, or a right is missing: nothing works until a person looks.
    #[error("{0}")]
    Denied(String),
    /// The shop does not want that, whoever asks and however often: a person looks.
    #[error("{0}")]
    Refused(String),
    /// The shop compared first, and its figure was another: read again, then set once more.
    #[error("{0}")]
    Stale(String),
}

impl Trouble {
    /// Nobody knows whether it was done.
    pub fn unknown(words: impl Into<String>) -> Self {
        Self::Unknown { words: words.into(), wait_ms: None }
    }

    /// The same of a question on the way to something: nothing was changed yet, whatever became of it.
    #[must_use]
    pub fn before_anything(self) -> Self {
        match self {
            Self::Unknown { words, .. } => Self::NotSent(words),
            other => other,
        }
    }

    /// How long the shop asked us to wait, in milliseconds.
    pub const fn wait_ms(&self) -> Option<i64> {
        match self {
            Self::Unknown { wait_ms, .. } | Self::Busy { wait_ms, .. } => *wait_ms,
            _ => None,
        }
    }

    /// Whether the shop as a whole is in trouble, not only this one thing.
    pub const fn is_of_the_shop(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::Stale(_))
    }
}
