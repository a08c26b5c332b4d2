//! A WooCommerce shop, REST v3.
//!
//! Strict about: the key, what it may, and a host that takes it out of the header; plain permalinks, with
//! which there is no `wp-json`; orders that are taken as often as they are sent; stock that an order takes
//! at once and may drive below nothing; `date_modified` that moves with stock, and of a variation's change
//! only its product's; customers, who have no list by change and one address each; a page after the last
//! one, which is empty; line items that need a product; refunds that restock, and never give back more
//! than the order came to.
//!
//! Not simulated: taxes of its own, coupons, drafts, `search`, the sending of webhooks, TLS: keys are taken
//! as if a proxy before it had said that the line is safe.

mod customers;
mod goods;
mod orders;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub use self::goods::WooProduct;
use crate::http::{Call, Reply};
use crate::shop::Platform;

/// How a shop is set up, and what its host lets through.
#[derive(Clone, Debug)]
pub struct WooSettings {
    /// ISO 4217.
    pub currency: String,
    /// Of WooCommerce.
    pub version: String,
    /// Whether it counts stock.
    pub counts_stock: bool,
    /// Whether it adds taxes of its own.
    pub adds_taxes: bool,
    /// Whether orders are in tables of their own (HPOS).
    pub has_order_tables: bool,
    /// Whether its pages have names: without, there is no `wp-json`.
    pub has_pretty_permalinks: bool,
    /// Whether its host passes the header `Authorization` on.
    pub passes_keys: bool,
    /// Whether the key may only read.
    pub is_read_only: bool,
    /// What the key's user may not: `products`, `orders`, `customers`, `settings`.
    pub without: BTreeSet<&'static str>,
}

impl Default for WooSettings {
    fn default() -> Self {
        Self {
            currency: "EUR".to_owned(),
            version: "10.5.0".to_owned(),
            counts_stock: true,
            adds_taxes: true,
            has_order_tables: true,
            has_pretty_permalinks: true,
            passes_keys: true,
            is_read_only: false,
            without: BTreeSet::new(),
        }
    }
}

/// A shop and its books.
#[derive(Debug, Default)]
pub struct WooBooks {
    /// How it is set up.
    pub set: WooSettings,
    key: String,
    expired: bool,
    products: BTreeMap<i64, WooProduct>,
    orders: BTreeMap<i64, Value>,
    refunds: BTreeMap<i64, Vec<Value>>,
    customers: BTreeMap<i64, Value>,
    last_id: i64,
}

impl WooBooks {
    /// An empty shop with a key, `ck_…:cs_…`.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), last_id: 100, ..Self::default() }
    }

    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// The headers of a webhook with this body, as the shop signs it.
    pub fn sign(secret: &str, resource: &str, id: &str, body: &[u8]) -> Vec<(String, String)> {
        let signed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        });
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            pair("x-wc-webhook-signature", &signed.unwrap_or_default()),
            pair("x-wc-webhook-resource", resource),
            pair("x-wc-webhook-delivery-id", id),
        ]
    }

    /// Why a call is not let in; none if it is.
    fn turned_away(&self, call: &Call, rest: &[&str]) -> Option<Reply> {
        let by_header = self.set.passes_keys
            && call.header("authorization") == format!("Basic {}", STANDARD.encode(&self.key));
        let (name, secret) = self.key.split_once(':').unwrap_or((&self.key, ""));
        let by_address = call.asked("consumer_key") == Some(name)
            && call.asked("consumer_secret") == Some(secret);
        if self.expired || !(by_header || by_address) {
            let words = "Sorry, you cannot list resources.";
            return Some(refusal(401, "woocommerce_rest_cannot_view", words));
        }
        if self.set.is_read_only && call.method != "GET" {
            let words = "The API key provided does not have write permissions.";
            return Some(refusal(401, "woocommerce_rest_authentication_error", words));
        }
        let right = match rest.first() {
            Some(&"system_status") => "settings",
            Some(first) => first,
            None => "",
        };
        self.set.without.contains(right).then(|| {
            refusal(403, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
        })
    }

    fn setting(&self, id: &str) -> Reply {
        let said = |yes: bool| if yes { "yes" } else { "no" };
        let value = match id {
            "woocommerce_manage_stock" => said(self.set.counts_stock),
            "woocommerce_calc_taxes" => said(self.set.adds_taxes),
            _ => return refusal(404, "rest_setting_setting_invalid", "Invalid setting."),
        };
        Reply::json(200, &json!({ "id": id, "value": value }))
    }

    fn status(&self) -> Reply {
        Reply::json(
            200,
            &json!({
                "environment": { "site_url": "http://127.0.0.1", "version": self.set.version },
                "settings": {
                    "currency": self.set.currency, "HPOS_enabled": self.set.has_order_tables,
                    "taxonomies": {},
                },
                "security": { "secure_connection": true, "hide_errors": true },
            }),
        )
    }

    fn routed(&mut self, call: &Call, rest: &[&str], now: i64) -> Reply {
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        match (call.method.as_str(), rest) {
            ("GET", ["data", "currencies", "current"]) => {
                Reply::json(200, &json!({ "code": self.set.currency }))
            }
            ("GET", ["system_status"]) => self.status(),
            ("GET", ["settings", _, id]) => self.setting(id),
            ("GET", ["products"]) => self.list_products(call),
            ("GET", ["products", id]) => self.one_product(number(id), None),
            ("GET", ["products", id, "variations"]) => self.list_variations(call, number(id)),
            ("GET", ["products", of, "variations", id]) => {
                self.one_product(number(id), Some(number(of)))
            }
            ("PUT", ["products", id]) => self.set_product(number(id), None, &call.body, now),
            ("PUT", ["products", of, "variations", id]) => {
                self.set_product(number(id), Some(number(of)), &call.body, now)
            }
            ("GET", ["orders"]) => self.list_orders(call),
            ("POST", ["orders"]) => match self.take_order(&call.body, now) {
                Ok(id) => Reply::json(201, &self.orders.get(&id).cloned().unwrap_or_default()),
                Err(refused) => refused,
            },
            ("POST", ["orders", "batch"]) => Reply::json(200, &json!({})),
            ("GET", ["orders", id]) => match self.orders.get(&number(id)) {
                Some(order) => Reply::json(200, order),
                None => refusal(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID."),
            },
            ("PUT", ["orders", id]) => self.set_order(number(id), &call.body, now),
            ("GET", ["orders", id, "refunds"]) => {
                let made = self.refunds.get(&number(id)).cloned().unwrap_or_default();
                page(call, made.into_iter().map(|one| (i64::MAX / 2, one)).collect())
            }
            ("POST", ["orders", id, "refunds"]) => self.refund(number(id), &call.body, now),
            ("GET", ["customers"]) => self.list_customers(call),
            ("GET", ["customers", id]) => self.one_customer(number(id)),
            ("POST", ["customers"]) => self.make_customer(&call.body, now),
            ("PUT", ["customers", id]) => self.set_customer(number(id), &call.body, now),
            _ => refusal(404, "rest_no_route", "No route was found matching the URL."),
        }
    }
}

fn refusal(status: u16, code: &str, words: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "message": words, "data": { "status": status } }))
}

fn moment(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Hundredths of an amount as the shop writes it; nothing for what is none.
fn cents(value: &Value) -> i64 {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return 0,
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = format!("{part:0<2}");
    let whole: i64 = whole.parse().unwrap_or(0);
    whole * 100 + part.get(..2).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0)
}

fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A page of a list, as asked for. `all` is each with when it changed.
fn page(call: &Call, mut all: Vec<(i64, Value)>) -> Reply {
    let number = |name: &str, usual: usize| {
        call.asked(name).and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let (size, nth) = (number("per_page", 10).clamp(1, 100), number("page", 1).max(1));
    let since = call.asked("modified_after").unwrap_or_default().to_owned();
    all.retain(|(modified, _)| moment(*modified).as_str() > since.as_str() || since.is_empty());
    if call.asked("order").unwrap_or("desc") == "desc" {
        all.reverse();
    }
    let total = all.len();
    let items: Vec<Value> =
        all.into_iter().skip(size * (nth - 1)).take(size).map(|(_, value)| value).collect();
    Reply::json(200, &Value::Array(items))
        .with("X-WP-Total", total)
        .with("X-WP-TotalPages", total.div_ceil(size))
}

impl Platform for WooBooks {
    fn answer(&mut self, call: &Call, now: i64) -> Reply {
        let parts: Vec<String> = match call.asked("rest_route") {
            Some(route) => route.split('/').map(str::to_owned).collect(),
            None if !self.set.has_pretty_permalinks => Vec::new(),
            None => {
                call.path.trim_start_matches("/wp-json").split('/').map(str::to_owned).collect()
            }
        };
        let parts: Vec<&str> =
            parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let ["wc", "v3", rest @ ..] = parts.as_slice() else {
            let words = "<!doctype html><title>Page not found</title>";
            return Reply::text(404, "text/html; charset=UTF-8", words);
        };
        match self.turned_away(call, rest) {
            Some(refused) => refused,
            None => self.routed(call, rest, now),
        }
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }
}
