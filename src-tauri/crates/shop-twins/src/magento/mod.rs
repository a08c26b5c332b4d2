//! A twin of a shop on Magento 2: REST V1 under `/rest/default/V1/`, one source, one stock.
//!
//! As strict as the facts: a token alone lets in only where the shop allows it, otherwise requests are
//! signed and the signature is checked; a page behind the last one repeats it; a page of more than 300
//! rows is refused; figures of a source have no time of change and move no product's; an order of the
//! shop's customers reserves its goods and takes them when it is shipped, which fails if its source has
//! too few, while one that is written by API reserves and takes nothing; the same order twice is two
//! orders; a change of a customer empties what it leaves out; a variant's change names the variant alone.
//!
//! Not simulated: several websites, stocks and sources, queues of bulk requests, sets of products,
//! limits of pace (there are none), mail.

mod catalogue;
mod customers;
mod door;
mod orders;
mod search;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::http::{Call, Reply};
use crate::shop::Platform;

/// The access token that the twin lets in.
pub const TOKEN: &str = "twin-token";
/// Its secret.
pub const TOKEN_SECRET: &str = "twin-token-secret";
/// The consumer's key.
pub const CONSUMER: &str = "twin-consumer";
/// The consumer's secret.
pub const CONSUMER_SECRET: &str = "twin-consumer-secret";

/// The books of a shop on Magento.
#[derive(Debug, Default)]
pub struct Magento {
    /// Whether a token alone lets in.
    pub bearer_allowed: bool,
    /// Rights that the key does not have: `catalog`, `sales`, `inventory`, `customers`, `taxes`,
    /// `stores`.
    pub without: BTreeSet<String>,
    products: BTreeMap<i64, Value>,
    children: BTreeMap<i64, Vec<i64>>,
    /// By article number, in thousandths.
    source: BTreeMap<String, i64>,
    /// By article number, in thousandths: below nothing for what was promised.
    reservations: BTreeMap<String, i64>,
    orders: BTreeMap<i64, Value>,
    memos: BTreeMap<i64, Value>,
    customers: BTreeMap<i64, Value>,
    nonces: BTreeSet<String>,
    number: i64,
    expired: bool,
}

impl Magento {
    fn next(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    /// Every order, by id.
    pub fn orders(&self) -> &BTreeMap<i64, Value> {
        &self.orders
    }

    /// Every credit memo, by id.
    pub fn memos(&self) -> &BTreeMap<i64, Value> {
        &self.memos
    }

    /// Every customer, by id.
    pub fn customers(&self) -> &BTreeMap<i64, Value> {
        &self.customers
    }

    /// What lies at the source, in thousandths.
    pub fn on_shelf(&self, sku: &str) -> i64 {
        self.source.get(sku).copied().unwrap_or(0)
    }

    /// What the shop may still sell, in thousandths.
    pub fn salable(&self, sku: &str) -> i64 {
        self.on_shelf(sku) + self.reservations.get(sku).copied().unwrap_or(0)
    }

    fn routed(&mut self, call: &Call, now: i64) -> Reply {
        let path = decoded(call.path.strip_prefix("/rest/default/V1/").unwrap_or_default());
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let right = right(&parts);
        if self.without.contains(right) {
            return refused(401, "The consumer isn't authorized to access %resources.");
        }
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["store", "storeConfigs"]) => Reply::json(200, &configs()),
            ("GET", ["store", "storeViews"]) => Reply::json(
                200,
                &json!([{ "id": 0, "code": "admin" }, { "id": 1, "code": "default" }]),
            ),
            ("GET", ["products"]) => search::answer(call, self.products.values().cloned(), "id"),
            ("GET", ["products", "attributes", "93"]) => Self::attribute(),
            ("GET", ["products", sku]) => self.product(sku),
            ("GET", ["configurable-products", sku, "children"]) => self.children_of(sku),
            ("GET", ["configurable-products", _, "options", "all"]) => Reply::json(
                200,
                &json!([{ "id": 1, "attribute_id": "93", "label": "Colour", "position": 0 }]),
            ),
            ("GET", ["categories"]) => Self::categories(),
            ("GET", ["taxClasses", "search"]) => {
                let classes = [(2, "Taxable Goods"), (4, "Reduced")];
                let classes = classes.map(|(id, name)| {
                    json!({ "class_id": id, "class_name": name, "class_type": "PRODUCT" })
                });
                search::answer(call, classes, "class_id")
            }
            ("GET", ["inventory", "sources", code]) => {
                if *code == "default" {
                    Reply::json(200, &json!({ "source_code": "default", "enabled": true }))
                } else {
                    refused(404, "Source with code \"%value\" does not exist.")
                }
            }
            ("GET", ["inventory", "source-items"]) => self.source_items(call),
            ("POST", ["inventory", "source-items"]) => self.set_items(&call.body),
            ("GET", ["orders"]) => search::answer(call, self.orders.values().cloned(), "entity_id"),
            ("POST", ["orders"]) => self.write_order(&call.body, now),
            ("GET", ["orders", id]) => self.orders.get(&number(id)).map_or_else(
                || refused(404, "The entity that was requested doesn't exist."),
                |order| Reply::json(200, order),
            ),
            ("POST", ["orders", id, "cancel"]) => self.cancel(number(id), now),
            ("POST", ["order", "notify-orders-are-ready-for-pickup"]) => {
                self.notify_ready(&call.body, now)
            }
            ("POST", ["order", id, "ship"]) => self.ship(number(id), &call.body, now),
            ("POST", ["order", id, "invoice"]) => self.invoice(number(id), now),
            ("POST", ["order", id, "refund"]) => self.refund(number(id), &call.body, now),
            ("GET", ["creditmemos"]) => {
                search::answer(call, self.memos.values().cloned(), "entity_id")
            }
            ("GET", ["creditmemo", id, "comments"]) => self.memo_comments(number(id)),
            ("GET", ["customers", "search"]) => {
                search::answer(call, self.customers.values().cloned(), "id")
            }
            ("GET", ["customers", id]) => self.customers.get(&number(id)).map_or_else(
                || refused(404, "No such entity with customerId = %1"),
                |customer| Reply::json(200, customer),
            ),
            ("POST", ["customers"]) => self.make_customer(&call.body, now),
            ("PUT", ["customers", id]) => self.change_customer(number(id), &call.body, now),
            _ => refused(404, "Request does not match any route."),
        }
    }
}

impl Platform for Magento {
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply {
        if self.expired || !self.lets_in(call, now_ms) {
            return refused(401, "The consumer isn't authorized to access %resources.");
        }
        self.routed(call, now_ms)
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }
}

fn configs() -> Value {
    json!([{ "id": 1, "code": "default", "base_currency_code": "EUR",
        "base_url": "https://twin.example.com/" }])
}

/// The right that a path needs.
fn right(parts: &[&str]) -> &'static str {
    match parts {
        ["products" | "configurable-products" | "categories", ..] => "catalog",
        ["orders" | "order" | "creditmemos" | "creditmemo", ..] => "sales",
        ["inventory", ..] => "inventory",
        ["customers", ..] => "customers",
        ["taxClasses", ..] => "taxes",
        ["store", ..] => "stores",
        _ => "",
    }
}

fn refused(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message }))
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A number in thousandths.
fn thousandths(value: &Value) -> i64 {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return 0,
    };
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest.to_owned()),
        None => (1, text),
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = format!("{part:0<3}");
    let part = part.get(..3).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    sign * (whole.parse::<i64>().unwrap_or(0) * 1_000 + part)
}

fn number(thousandths: i64) -> Value {
    let sign = if thousandths < 0 { "-" } else { "" };
    let units = thousandths.unsigned_abs();
    serde_json::from_str(&format!("{sign}{}.{:03}", units / 1_000, units % 1_000))
        .unwrap_or_default()
}

fn stamp(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn decoded(text: &str) -> String {
    // A plus is one in a path.
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}
