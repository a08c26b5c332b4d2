//! Magento 2 and Adobe Commerce, REST V1.
//!
//! What is particular: an order that is written by API reserves nothing and takes nothing from stock, so
//! a sale becomes an order for the shop's history, and the figure of this register's source is set after
//! it; a source's figure is what lies on the shelf, and the platform takes its own reservations off it.
//! Figures have no time of change, so all of them are read, by article number, which is what a variant
//! is known by here. Nothing tells us when something happens: orders are asked for.

mod auth;
mod catalogue;
mod customers;
mod fulfil;
mod orders;
mod sales;
mod stock;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countertop_store::ChannelStream;
use serde_json::Value;

use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
use super::platform::{Field, Platform, Setup};
use super::transport::{Answer, Line, Method, Request};
use super::value::{decimal, iso, rows, text};
use super::words::{CustomerIn, Done, Goods, OrderIn, ProductIn, StockIn, Task};

const TOKEN: Field = Field { name: "token", label: "Access token", needed: true };
const TOKEN_SECRET: Field =
    Field { name: "token_secret", label: "Access token secret", needed: false };
const CONSUMER: Field = Field { name: "consumer_key", label: "Consumer key", needed: false };
const CONSUMER_SECRET: Field =
    Field { name: "consumer_secret", label: "Consumer secret", needed: false };
const STORE: Field = Field { name: "store", label: "Code of the store view", needed: false };
const SOURCE: Field =
    Field { name: "source", label: "Code of this register's source", needed: false };
const BARCODE: Field =
    Field { name: "barcode", label: "Attribute that holds the barcode", needed: false };
const PRICES: Field = Field {
    name: "prices",
    label: "Prices are entered inclusive or exclusive of tax",
    needed: false,
};
const RATE: Field =
    Field { name: "rate", label: "Requests a second that its server takes", needed: false };

/// The platform, as it is set up.
pub(super) const PLATFORM: Platform = Platform {
    kind: "magento",
    name: "Magento 2 / Adobe Commerce",
    secrets: &[TOKEN, TOKEN_SECRET, CONSUMER, CONSUMER_SECRET],
    options: &[STORE, SOURCE, BARCODE, PRICES, RATE],
    rights: &[
        "Catalog: Products and Categories",
        "Sales: Orders, Invoices, Shipments, Credit Memos",
        "Stores: Inventory (Sources), Taxes, Settings (All Stores)",
        "Customers: All Customers",
    ],
    make,
};

/// Rows of a page: servers may refuse more than 300.
const LIMIT: usize = 200;

fn make(setup: &Setup) -> Result<Arc<dyn Connector>, String> {
    let or = |field: &Field, usual: &str| match setup.option(field) {
        "" => usual.to_owned(),
        other => other.to_owned(),
    };
    let with_tax = match setup.option(&PRICES) {
        "inclusive" => true,
        "" | "exclusive" => false,
        other => return Err(format!("prices are inclusive or exclusive, not {other}")),
    };
    let rate: u32 = match setup.option(&RATE) {
        "" => 4,
        number => number
            .parse()
            .ok()
            .filter(|rate| (1..=10_000).contains(rate))
            .ok_or_else(|| format!("{number} is no number of requests a second"))?,
    };
    let store = or(&STORE, "default");
    let source = or(&SOURCE, "default");
    let is_code =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !is_code(&store) || !is_code(&source) {
        return Err(
            "codes of store views and sources have letters, digits, - and _ only".to_owned()
        );
    }
    let limits = Limits {
        at_once: 2,
        per_second_milli: rate.saturating_mul(1_000),
        stock: StockStyle::Absolute,
        figure_is_available: false,
        counts_parts: true,
        streams: ChannelStream::ALL.to_vec(),
        search_lag_ms: 0,
    };
    Ok(Arc::new(Magento {
        line: Line::new(&setup.line, &limits)?,
        limits,
        keys: auth::Keys::of(setup)?,
        store,
        source,
        barcode: setup.option(&BARCODE).to_owned(),
        with_tax,
        currency: setup.currency.code().to_owned(),
        exponent: setup.currency.exponent(),
        names: Mutex::default(),
        parents: Mutex::default(),
    }))
}

/// A connector to a shop on Magento.
struct Magento {
    line: Line,
    limits: Limits,
    keys: auth::Keys,
    /// The store view whose texts and prices are read.
    store: String,
    /// Where this register's goods lie.
    source: String,
    /// The attribute that holds barcodes; empty to try the usual ones.
    barcode: String,
    /// Whether the shop's prices are with tax.
    with_tax: bool,
    currency: String,
    exponent: u32,
    /// What categories, classes of tax and choices are called; asked again with every run.
    names: Mutex<catalogue::Names>,
    /// Which product a variant belongs to: the platform tells only the other way round.
    parents: Mutex<Option<HashMap<String, String>>>,
}

impl Magento {
    /// Asks something of the store view's API.
    async fn ask(&self, mut request: Request) -> Result<Answer, Trouble> {
        request.path = format!("rest/{}/V1/{}", self.store, request.path);
        let key = self.keys.sign(self.line.base(), &request)?;
        self.line.ask(&request.header("Authorization", &key)).await
    }

    /// Asks for what must be there, or does something: a refusal is one.
    async fn must(&self, request: Request) -> Result<Answer, Trouble> {
        self.ask(request).await?.accepted(said)
    }

    async fn test_now(&self) -> Result<ShopInfo, Trouble> {
        let mut info = ShopInfo::default();
        let mut works = false;
        let tries = [
            ("Stores: Settings (All Stores)", Request::get("store/storeConfigs")),
            ("Catalog: Products and Categories", Search::new("products").limit(1)),
            ("Sales: Orders, Invoices, Shipments, Credit Memos", Search::new("orders").limit(1)),
            (
                "Stores: Inventory (Sources)",
                Request::get(format!("inventory/sources/{}", self.source)),
            ),
            ("Customers: All Customers", Search::new("customers/search").limit(1)),
            ("Stores: Taxes", Search::new("taxClasses/search").limit(1)),
        ];
        for (right, request) in tries {
            match self.ask(request).await {
                Ok(answer) => {
                    works = true;
                    if right == "Stores: Settings (All Stores)" {
                        self.learn_shop(&answer, &mut info);
                    }
                    if right == "Stores: Inventory (Sources)" && answer.status == 404 {
                        info.warnings.push(format!(
                            "the shop has no source {}: enter the code of the one that this register \
                             sells from",
                            self.source
                        ));
                    }
                }
                Err(Trouble::Denied(_)) => info.missing.push(right.to_owned()),
                Err(trouble) => return Err(trouble),
            }
        }
        if !works {
            return Err(Trouble::Denied(
                "the shop does not let us in: look at the access token; a token alone works only if the \
                 shop allows integration tokens as bearer tokens, otherwise all four keys are needed"
                    .to_owned(),
            ));
        }
        Ok(info)
    }

    fn learn_shop(&self, answer: &Answer, info: &mut ShopInfo) {
        let Some(config) = rows(&answer.body).iter().find(|row| text(&row["code"]) == self.store)
        else {
            info.warnings.push(format!("the shop has no store view {}", self.store));
            return;
        };
        info.name = text(&config["base_url"]);
        info.currency = text(&config["base_currency_code"]);
        if info.currency != self.currency {
            info.warnings.push(format!(
                "the shop sells in {}, the register in {}",
                info.currency, self.currency
            ));
        }
    }

    async fn send_now(&self, errand: &Errand) -> Result<Done, Trouble> {
        match &errand.task {
            Task::Sale(sale) => self.send_sale(&errand.our_id, sale).await,
            Task::Refund(refund) => self.send_refund(&errand.our_id, refund).await,
            Task::Stock(stock) => self.set_stock(stock).await,
            // Never made for a platform that only sets figures: the figure is right in any case.
            Task::StockMove(moved) => Ok(Done { unset: vec![moved.variant], ..Done::default() }),
            Task::Fulfil(fulfil) => self.send_fulfil(fulfil).await,
            Task::Customer(customer) => self.send_customer(customer).await,
        }
    }

    async fn look_up_now(&self, errand: &Errand) -> Result<Found, Trouble> {
        match &errand.task {
            Task::Sale(sale) => self.find_sale(&errand.our_id, sale).await,
            Task::Refund(refund) => self.find_refund(&errand.our_id, refund).await,
            // These set what they say, and look first at what is there.
            _ => Ok(Found::Missing),
        }
    }
}

impl Connector for Magento {
    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        Box::pin(self.test_now())
    }

    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>> {
        Box::pin(self.products_page(ask))
    }

    fn stock<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<StockIn>> {
        Box::pin(self.stock_page(ask))
    }

    fn stock_of<'a>(&'a self, goods: &'a [Goods]) -> Asked<'a, Vec<StockIn>> {
        Box::pin(self.stock_now(goods))
    }

    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>> {
        Box::pin(self.orders_page(ask))
    }

    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>> {
        Box::pin(self.customers_page(ask))
    }

    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>> {
        Box::pin(self.sweep_page(ask))
    }

    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Done> {
        Box::pin(self.send_now(errand))
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        Box::pin(self.look_up_now(errand))
    }

    /// The platform has none of its own.
    fn webhook(&self, _: &HashMap<String, String>, _: &[u8]) -> Option<WebhookHint> {
        None
    }
}

/// A search: filters that must all be true.
struct Search {
    request: Request,
    filters: usize,
}

impl Search {
    fn new(path: impl Into<String>) -> Self {
        Self { request: Request::get(path), filters: 0 }
    }

    fn filter(mut self, field: &str, condition: &str, value: impl ToString) -> Self {
        let base = format!("searchCriteria[filter_groups][{}][filters][0]", self.filters);
        self.request = self
            .request
            .with(&format!("{base}[field]"), field)
            .with(&format!("{base}[value]"), value)
            .with(&format!("{base}[condition_type]"), condition);
        self.filters += 1;
        self
    }

    /// What changed at a moment or later.
    fn since(self, since_ms: Option<i64>) -> Self {
        match since_ms {
            Some(since) => {
                self.filter("updated_at", "gteq", iso(since).replace('T', " ").replace('Z', ""))
            }
            None => self,
        }
    }

    /// After a value of a field, by that field upwards: what is added or deleted meanwhile shifts no
    /// page, and there is no page behind the last one, which the platform would repeat.
    fn after(mut self, field: &str, last: Option<&str>) -> Self {
        if let Some(last) = last {
            self = self.filter(field, "gt", last);
        }
        self.request = self
            .request
            .with("searchCriteria[sortOrders][0][field]", field)
            .with("searchCriteria[sortOrders][0][direction]", "ASC");
        self
    }

    fn fields(mut self, fields: &str) -> Self {
        self.request = self.request.with("fields", fields);
        self
    }

    fn limit(self, rows: usize) -> Request {
        self.request.with("searchCriteria[pageSize]", rows).with("searchCriteria[currentPage]", 1)
    }
}

/// The rows of a search's answer, and how many there are of them and after them.
fn found(answer: &Answer) -> (&[Value], Option<u64>, bool) {
    let some = rows(&answer.body["items"]);
    let total = answer.body["total_count"].as_u64();
    let got = u64::try_from(some.len()).unwrap_or(0);
    (some, total, total.is_none_or(|total| got >= total) || some.is_empty())
}

/// The shop's words of a refusal: `message` with its `parameters` put in.
fn said(body: &Value) -> Option<String> {
    let mut words = text(&body["message"]);
    for (at, value) in rows(&body["parameters"]).iter().enumerate() {
        words = words.replace(&format!("%{}", at + 1), &text(value));
    }
    if let Some(named) = body["parameters"].as_object() {
        for (name, value) in named {
            words = words.replace(&format!("%{name}"), &text(value));
        }
    }
    (!words.is_empty()).then_some(words)
}

/// A part of a path, which may hold anything.
fn part(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
    }
    part
}

/// A number of a row in thousandths; nothing if it is not there.
fn thousandths(row: &Value, field: &str) -> i64 {
    decimal(&row[field], 3).unwrap_or(0)
}

/// A request that makes something.
fn post(path: String, body: Value) -> Request {
    let mut request = Request::new(Method::Post, path);
    request.body = Some(body);
    request
}

impl Magento {
    fn names(&self) -> std::sync::MutexGuard<'_, catalogue::Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn parents(&self) -> std::sync::MutexGuard<'_, Option<HashMap<String, String>>> {
        self.parents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
