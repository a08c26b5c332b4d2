//! Shopify, by its Admin GraphQL API 2026-10.
//!
//! A sale becomes an order whose `sourceIdentifier` is our id: creating one is not idempotent, so it is
//! searched for before it is sent again, and the search is not believed too early. Stock moves and refunds
//! bear a key, under which Shopify does them once. An absolute figure is compared before it is set.

mod catalogue;
mod customers;
mod documents;
mod fulfil;
mod graphql;
mod orders;
mod read;
mod refunds;
mod sales;
mod setup;
mod stock;
mod webhook;

use std::collections::HashMap;
use std::sync::Arc;

use countertop_domain::money::Currency;
use countertop_store::ChannelStream;
use tokio::sync::OnceCell;

use self::graphql::Api;
use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, WebhookHint,
};
use super::transport::Secret;
use super::words::{CustomerIn, Goods, OrderIn, ProductIn, StockIn, Task};

pub(super) use self::setup::PLATFORM;

/// How long a new order may not be found by its `sourceIdentifier`: the search has an index of its own,
/// which lags. Milliseconds.
const SEARCH_LAG_MS: i64 = 60_000;

/// A connector to one Shopify shop.
#[derive(Debug)]
struct Shopify {
    api: Api,
    /// The client secret, by which webhooks are signed.
    secret: Option<Secret>,
    /// The location as it was set up: an id, a name, or nothing.
    place: String,
    /// The handle of an order attribution; may be empty.
    source: String,
    currency: Currency,
    /// The id of the location, once it is known.
    location: OnceCell<String>,
}

/// What the platform can do. Shopify counts points, not requests: the line waits when they run low, so
/// its own pace only keeps a burst small.
fn limits() -> Limits {
    Limits {
        at_once: 4,
        per_second_milli: 40_000,
        stock: StockStyle::Relative,
        figure_is_available: true,
        counts_parts: false,
        streams: ChannelStream::ALL.to_vec(),
        search_lag_ms: SEARCH_LAG_MS,
    }
}

impl Connector for Shopify {
    fn limits(&self) -> Limits {
        limits()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        Box::pin(self.look_at_shop())
    }

    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>> {
        Box::pin(self.read_products(ask))
    }

    fn stock<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<StockIn>> {
        Box::pin(self.read_stock(ask))
    }

    fn stock_of<'a>(&'a self, goods: &'a [Goods]) -> Asked<'a, Vec<StockIn>> {
        Box::pin(self.read_stock_of(goods))
    }

    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>> {
        Box::pin(self.read_orders(ask))
    }

    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>> {
        Box::pin(self.read_customers(ask))
    }

    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>> {
        Box::pin(self.read_ids(ask))
    }

    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, super::words::Done> {
        Box::pin(async move {
            match &errand.task {
                Task::Sale(sale) => self.create_order(errand, sale).await,
                Task::Refund(refund) => self.create_refund(errand, refund).await,
                Task::Stock(stock) => self.set_stock(errand, stock).await,
                Task::StockMove(moved) => self.move_stock(errand, moved).await,
                Task::Fulfil(order) => self.fulfil(order).await,
                Task::Customer(customer) => self.set_customer(customer).await,
            }
        })
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        Box::pin(async move {
            match &errand.task {
                Task::Sale(_) => self.find_order(&errand.our_id).await,
                Task::Refund(refund) => self.find_refund(errand, refund).await,
                Task::StockMove(_) => self.key_is_good(errand).await,
                Task::Fulfil(order) => self.find_progress(order).await,
                // What is set to the same twice is the same.
                Task::Stock(_) | Task::Customer(_) => Ok(Found::Missing),
            }
        })
    }

    fn webhook(&self, headers: &HashMap<String, String>, body: &[u8]) -> Option<WebhookHint> {
        let host = self.api.host();
        webhook::read(self.secret.as_ref()?, &host, headers, body)
    }
}

/// For [`PLATFORM`].
fn connector(shop: Shopify) -> Arc<dyn Connector> {
    Arc::new(shop)
}
