//! A twin of a shop on BigCommerce: REST v2 and v3 under `/stores/twin/`.
//!
//! As strict as the facts: no key for "once" anywhere; an empty list of v2 is an answer without a body;
//! a date without a time is read as that day at this time of day; 150 requests in 30 seconds, said in
//! headers; orders take stock only as the shop is set; a refund by API puts nothing back; a figure is
//! seen a moment after it was set; a relative adjustment needs an absolute one before it, and what is
//! counted by product is refused by variant; customers come in tens; a right that is missing is 403.
//!
//! Not simulated: price lists, currencies beside the shop's, several storefronts, gift certificates,
//! modifiers, files to download, sending and blocking of webhooks, mail, deleting.

mod customers;
mod inventory;
mod orders;
mod products;
mod refunds;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::http::{Call, Reply};
use crate::shop::Platform;

/// The token that the twin lets in.
pub const TOKEN: &str = "twin-access-token";
/// What it signs webhooks with.
pub const CLIENT_SECRET: &str = "twin-client-secret";
/// When an order takes goods from stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakesStock {
    /// When it is made.
    Placed,
    /// When it is shipped or completed.
    Completed,
    /// Never.
    Never,
}

/// Figures of a variant at the one place.
#[derive(Clone, Debug, Default)]
struct Level {
    /// What it was and when that was said: the last one is true now.
    said: Vec<(i64, i64)>,
}

/// The books of a shop on BigCommerce.
#[derive(Debug)]
pub struct BigCommerce {
    /// Requests that a window allows.
    pub quota: u32,
    /// Milliseconds of such a window.
    pub window_ms: i64,
    /// Whether a filter of orders that is asked for is kept; where not, it is passed over in silence.
    pub searches: bool,
    /// When orders take stock.
    pub takes_stock: TakesStock,
    /// How long after it changed a figure is seen, in milliseconds.
    pub lag_ms: i64,
    /// Rights that the key does not have: `orders`, `products`, `inventory`, `customers`,
    /// `fulfillment`, `transactions`, `marketing`, `information`.
    pub without: BTreeSet<String>,
    products: BTreeMap<i64, Value>,
    levels: BTreeMap<i64, Level>,
    orders: BTreeMap<i64, Value>,
    order_products: BTreeMap<i64, Vec<Value>>,
    addresses: BTreeMap<i64, Vec<Value>>,
    pickups: BTreeMap<i64, Value>,
    shipments: BTreeMap<i64, Vec<Value>>,
    refunds: BTreeMap<i64, Vec<Value>>,
    customers: BTreeMap<i64, Value>,
    subscribers: BTreeMap<i64, Value>,
    taken: BTreeSet<i64>,
    number: i64,
    expired: bool,
    window: (i64, u32),
}

impl Default for BigCommerce {
    fn default() -> Self {
        Self {
            quota: 150,
            window_ms: 30_000,
            searches: true,
            takes_stock: TakesStock::Placed,
            lag_ms: 0,
            without: BTreeSet::new(),
            products: BTreeMap::new(),
            levels: BTreeMap::new(),
            orders: BTreeMap::new(),
            order_products: BTreeMap::new(),
            addresses: BTreeMap::new(),
            pickups: BTreeMap::new(),
            shipments: BTreeMap::new(),
            refunds: BTreeMap::new(),
            customers: BTreeMap::new(),
            subscribers: BTreeMap::new(),
            taken: BTreeSet::new(),
            number: 100,
            expired: false,
            window: (0, 0),
        }
    }
}

impl BigCommerce {
    /// The path of the shop's API, after the address of its server.
    pub const PATH: &'static str = "/stores/twin";

    /// The books of a shop whose plan allows so many requests in 30 seconds.
    pub fn with_quota(quota: u32) -> Self {
        Self { quota, ..Self::default() }
    }

    fn next(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    /// Every order, by id.
    pub fn orders(&self) -> &BTreeMap<i64, Value> {
        &self.orders
    }

    /// The goods of an order.
    pub fn order_products(&self, order: i64) -> &[Value] {
        self.order_products.get(&order).map_or(&[], Vec::as_slice)
    }

    /// The refunds of an order.
    pub fn refunds_of(&self, order: i64) -> &[Value] {
        self.refunds.get(&order).map_or(&[], Vec::as_slice)
    }

    /// The parcels of an order.
    pub fn shipments_of(&self, order: i64) -> &[Value] {
        self.shipments.get(&order).map_or(&[], Vec::as_slice)
    }

    /// Every pick-up, by id.
    pub fn pickups(&self) -> &BTreeMap<i64, Value> {
        &self.pickups
    }

    /// Every customer, by id.
    pub fn customers(&self) -> &BTreeMap<i64, Value> {
        &self.customers
    }

    /// Who gets mail, by id.
    pub fn subscribers(&self) -> &BTreeMap<i64, Value> {
        &self.subscribers
    }

    /// A webhook as the shop sends it: its headers and its body.
    pub fn webhook(
        &self,
        scope: &str,
        about: i64,
        at_s: i64,
    ) -> (BTreeMap<String, String>, Vec<u8>) {
        let body = json!({
            "scope": scope,
            "store_id": "1",
            "data": { "type": "order", "id": about },
            "hash": format!("{scope}-{about}-{at_s}"),
            "created_at": at_s,
            "producer": "stores/twin",
        });
        let body = body.to_string().into_bytes();
        let (id, at) = (format!("msg_{about}_{at_s}"), at_s.to_string());
        let mut headers = BTreeMap::new();
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()) {
            mac.update(format!("{id}.{at}.").as_bytes());
            mac.update(&body);
            let signed = STANDARD.encode(mac.finalize().into_bytes());
            headers.insert("webhook-signature".to_owned(), format!("v1,{signed}"));
        }
        headers.insert("webhook-id".to_owned(), id);
        headers.insert("webhook-timestamp".to_owned(), at);
        (headers, body)
    }

    fn routed(&mut self, call: &Call, now: i64) -> Reply {
        let path = call.path.strip_prefix(Self::PATH).unwrap_or_default().to_owned();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        let right = right(&parts);
        if self.without.contains(right) {
            return v3_error(403, "You don't have a required scope to access the endpoint");
        }
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["v2", "store"]) => Reply::json(
                200,
                &json!({
                    "id": "twin", "name": "Twin of a shop", "currency": "EUR", "country": "Germany",
                    "country_code": "DE", "address": "Hauptstrasse 1",
                    "admin_email": "shop@example.com",
                }),
            ),
            ("GET", ["v2", "tax_classes"]) => Reply::json(
                200,
                &json!([{ "id": 0, "name": "Default Tax Class" }, { "id": 2, "name": "Reduced" }]),
            ),
            ("GET", ["v3", "catalog", "products"]) => self.list_products(call, now),
            ("GET", ["v3", "catalog", "trees", "categories"]) => Self::list_categories(call),
            ("GET", ["v3", "inventory", "locations", "1", "items"]) => self.list_items(call, now),
            ("PUT", ["v3", "inventory", "adjustments", "absolute"]) => {
                self.adjust(&call.body, true, now)
            }
            ("POST", ["v3", "inventory", "adjustments", "relative"]) => {
                self.adjust(&call.body, false, now)
            }
            ("GET", ["v2", "orders"]) => self.list_orders(call, now),
            ("POST", ["v2", "orders"]) => self.make_order(&call.body, now),
            ("GET", ["v2", "orders", id]) => self.orders.get(&number(id)).map_or_else(
                || v2_error(404, "The requested resource was not found."),
                |order| Reply::json(200, order),
            ),
            ("PUT", ["v2", "orders", id]) => self.change_order(number(id), &call.body, now),
            ("GET", ["v2", "orders", id, "products"]) => {
                v2_list(self.order_products(number(id)).to_vec())
            }
            ("GET", ["v2", "orders", id, "shipping_addresses"]) => {
                v2_list(self.addresses.get(&number(id)).cloned().unwrap_or_default())
            }
            ("POST", ["v2", "orders", id, "shipments"]) => {
                self.make_shipment(number(id), &call.body, now)
            }
            ("GET", ["v3", "orders", "pickups"]) => self.list_pickups(call),
            ("PUT", ["v3", "orders", "pickups"]) => self.change_pickups(&call.body, now),
            ("GET", ["v3", "orders", id, "payment_actions", "refunds"]) => {
                v3_list(self.refunds_of(number(id)).to_vec(), call, 250)
            }
            ("POST", ["v3", "orders", id, "payment_actions", "refund_quotes"]) => {
                self.quote(number(id), &call.body)
            }
            ("POST", ["v3", "orders", id, "payment_actions", "refunds"]) => {
                self.make_refund(number(id), &call.body, now)
            }
            ("GET", ["v3", "customers"]) => self.list_customers(call, now),
            ("POST", ["v3", "customers"]) => self.make_customers(&call.body, now),
            ("PUT", ["v3", "customers"]) => self.change_customers(&call.body, now),
            ("GET", ["v3", "customers", "subscribers"]) => self.list_subscribers(call, now),
            ("POST", ["v3", "customers", "subscribers"]) => self.make_subscriber(&call.body, now),
            ("PUT", ["v3", "customers", "subscribers", id]) => {
                self.change_subscriber(number(id), &call.body, now)
            }
            _ => v3_error(404, "The route is not found"),
        }
    }
}

impl Platform for BigCommerce {
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply {
        if now_ms - self.window.0 >= self.window_ms {
            self.window = (now_ms, 0);
        }
        self.window.1 += 1;
        let reset = self.window_ms - (now_ms - self.window.0);
        let left = self.quota.saturating_sub(self.window.1);
        let reply = if self.window.1 > self.quota {
            Reply::json(429, &json!({ "status": 429, "title": "Too many requests" }))
        } else if self.expired || call.header("x-auth-token") != TOKEN {
            v3_error(401, "Unauthorized")
        } else {
            self.routed(call, now_ms)
        };
        reply
            .with("X-Rate-Limit-Requests-Left", left)
            .with("X-Rate-Limit-Requests-Quota", self.quota)
            .with("X-Rate-Limit-Time-Window-Ms", self.window_ms)
            .with("X-Rate-Limit-Time-Reset-Ms", reset)
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }

    fn busy(&self, retry_after_s: Option<u32>) -> Reply {
        let reset = i64::from(retry_after_s.unwrap_or(0)) * 1_000;
        Reply::json(429, &json!({ "status": 429, "title": "Too many requests" }))
            .with("X-Rate-Limit-Requests-Left", 0)
            .with("X-Rate-Limit-Time-Reset-Ms", reset)
    }
}

/// The right that a path needs.
fn right(parts: &[&str]) -> &'static str {
    match parts {
        ["v2", "store" | "tax_classes"] => "information",
        ["v3", "orders", "pickups"] => "fulfillment",
        ["v3", "orders", ..] => "transactions",
        ["v2", "orders", ..] => "orders",
        ["v3", "catalog", ..] => "products",
        ["v3", "inventory", ..] => "inventory",
        ["v3", "customers", "subscribers", ..] => "marketing",
        ["v3", "customers", ..] => "customers",
        _ => "",
    }
}

fn v2_error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!([{ "status": status, "message": message }]))
}

fn v3_error(status: u16, title: &str) -> Reply {
    let mut reply = Reply::json(status, &json!({ "status": status, "title": title, "errors": {} }));
    reply.kind = "application/problem+json".to_owned();
    reply
}

/// A list of v2: nothing at all if it is empty.
fn v2_list(rows: Vec<Value>) -> Reply {
    if rows.is_empty() { Reply::json(204, &Value::Null) } else { Reply::json(200, &rows.into()) }
}

/// A page of a list of v3, of at most so many rows.
fn v3_list(rows: Vec<Value>, call: &Call, most: usize) -> Reply {
    let asked = |name: &str| call.asked(name).and_then(|text| text.parse::<usize>().ok());
    let limit = asked("limit").unwrap_or(50).clamp(1, most);
    let page = asked("page").unwrap_or(1).max(1);
    let total = rows.len();
    let data: Vec<Value> = rows.into_iter().skip((page - 1) * limit).take(limit).collect();
    let pagination = json!({
        "total": total, "count": data.len(), "per_page": limit, "current_page": page,
        "total_pages": total.div_ceil(limit).max(1),
    });
    Reply::json(200, &json!({ "data": data, "meta": { "pagination": pagination } }))
}

/// The values of a filter such as `id:in`.
fn listed<'a>(call: &'a Call, name: &str) -> Option<Vec<&'a str>> {
    Some(call.asked(name)?.split(',').collect())
}

/// The moment of a filter. A date alone is that day at this time of day.
fn since(call: &Call, name: &str, now: i64) -> i64 {
    let Some(text) = call.asked(name) else { return i64::MIN };
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return moment.as_millisecond();
    }
    let day = text.parse::<jiff::civil::Date>().ok();
    let day = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
    day.map_or(i64::MAX, |day| day.timestamp().as_millisecond() + now.rem_euclid(86_400_000))
}

fn iso(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// The form of moments in v2.
fn mail(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// An amount in ten-thousandths.
fn fine(value: &Value) -> Option<i64> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = format!("{part:0<4}");
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(10_000)?.checked_add(part.get(..4)?.parse().ok()?)
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
