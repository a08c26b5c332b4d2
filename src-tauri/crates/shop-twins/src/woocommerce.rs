//! A WooCommerce shop, REST v3.
//!
//! Strict about: the key; orders that are taken as often as they are sent; stock that an order takes at
//! once and may drive below nothing; `date_modified` of a product that moves with its stock; a page
//! after the last one, which is empty; line items that need a product; refunds that restock.
//!
//! Not simulated: taxes of its own, coupons, variations, customers, drafts, `search`, webhooks.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::http::{Call, Reply};
use crate::shop::Platform;

/// A simple product.
#[derive(Clone, Debug)]
pub struct WooProduct {
    /// Its id.
    pub id: i64,
    /// Its article number.
    pub sku: String,
    /// Its barcode; empty if there is none.
    pub barcode: String,
    /// What it costs, as the shop writes it.
    pub price: String,
    /// How much there is.
    pub stock: i64,
    modified_ms: i64,
}

/// A shop and its books.
#[derive(Debug, Default)]
pub struct WooBooks {
    key: String,
    expired: bool,
    products: BTreeMap<i64, WooProduct>,
    orders: BTreeMap<i64, Value>,
    refunds: BTreeMap<i64, Vec<Value>>,
    last_id: i64,
}

impl WooBooks {
    /// An empty shop with a key, `ck_…:cs_…`.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), last_id: 100, ..Self::default() }
    }

    /// Adds a product; returns its id.
    pub fn add_product(&mut self, sku: &str, stock: i64) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        let (sku, price, barcode) = (sku.to_owned(), "1.00".to_owned(), String::new());
        self.products.insert(id, WooProduct { id, sku, barcode, price, stock, modified_ms: 0 });
        id
    }

    /// Somebody writes a barcode and a price on a product.
    pub fn label(&mut self, id: i64, barcode: &str, price: &str, now_ms: i64) {
        if let Some(product) = self.products.get_mut(&id) {
            (product.barcode, product.price) = (barcode.to_owned(), price.to_owned());
            product.modified_ms = now_ms;
        }
    }

    /// The id of the product with an article number.
    pub fn id_of(&self, sku: &str) -> Option<i64> {
        self.products.values().find(|one| one.sku == sku).map(|one| one.id)
    }

    /// Somebody changes a product's figure in the shop.
    pub fn set_stock(&mut self, id: i64, stock: i64, now_ms: i64) {
        if let Some(product) = self.products.get_mut(&id) {
            (product.stock, product.modified_ms) = (stock, now_ms);
        }
    }

    /// The shop's owner cancels an order; false if there is none.
    pub fn cancel(&mut self, id: i64, now_ms: i64) -> bool {
        self.set_order(id, &json!({ "status": "cancelled" }), now_ms).status == 200
    }

    /// A product.
    pub fn product(&self, id: i64) -> Option<&WooProduct> {
        self.products.get(&id)
    }

    /// Every order, the oldest first.
    pub fn orders(&self) -> Vec<Value> {
        self.orders.values().cloned().collect()
    }

    /// Every refund.
    pub fn refunds(&self) -> Vec<Value> {
        self.refunds.values().flatten().cloned().collect()
    }

    /// Somebody orders in the shop, pays there, and has it sent.
    pub fn order_online(&mut self, product: i64, quantity: i64, now_ms: i64) -> i64 {
        let line = json!({ "product_id": product, "quantity": quantity, "total": "1.00" });
        let body = json!({ "status": "processing", "created_via": "checkout", "set_paid": true,
            "line_items": [line] });
        self.take_order(&body, now_ms).unwrap_or_default()
    }

    /// Somebody orders in the shop and comes to fetch it.
    pub fn order_to_collect(
        &mut self,
        product: i64,
        quantity: i64,
        paid: bool,
        now_ms: i64,
    ) -> i64 {
        let line = json!({ "product_id": product, "quantity": quantity, "total": "1.00" });
        let status = if paid { "processing" } else { "on-hold" };
        let mut body = json!({ "status": status, "created_via": "checkout", "set_paid": paid,
            "line_items": [line],
            "shipping_lines": [{ "method_id": "local_pickup", "method_title": "Local pickup" }] });
        body["billing"] = json!({ "first_name": "Mary", "last_name": "Miller",
            "email": "mary@example.com", "phone": "+44 20 7946 0000" });
        self.take_order(&body, now_ms).unwrap_or_default()
    }

    fn take_order(&mut self, body: &Value, now: i64) -> Result<i64, Reply> {
        let lines = body["line_items"].as_array().cloned().unwrap_or_default();
        for line in &lines {
            let known =
                line["product_id"].as_i64().is_some_and(|id| self.products.contains_key(&id));
            if !known {
                return Err(refusal(
                    400,
                    "woocommerce_rest_invalid_product_id",
                    "Invalid product.",
                ));
            }
            if line["quantity"].as_i64().is_none_or(|quantity| quantity < 1) {
                return Err(refusal(400, "rest_invalid_param", "Invalid quantity."));
            }
        }
        self.last_id += 1;
        let id = self.last_id;
        let mut kept = Vec::new();
        for (mut line, nth) in lines.into_iter().zip(1_i64..) {
            let (product, quantity) = (line["product_id"].as_i64(), line["quantity"].as_i64());
            if let Some(product) = product.and_then(|id| self.products.get_mut(&id)) {
                product.stock -= quantity.unwrap_or(0);
                product.modified_ms = now;
                line["sku"] = json!(product.sku);
            }
            line["id"] = json!(id * 1_000 + nth);
            kept.push(line);
        }
        let mut order = body.clone();
        order["id"] = json!(id);
        order["number"] = json!(id.to_string());
        order["line_items"] = Value::Array(kept);
        order["total"] = json!("1.00");
        order["modified_ms"] = json!(now);
        if body["set_paid"] == json!(true) {
            order["date_paid"] = json!(moment(now));
        }
        if order["date_created_gmt"].is_null() {
            order["date_created_gmt"] = json!(moment(now));
        }
        self.orders.insert(id, order);
        Ok(id)
    }

    /// An order goes on. Whoever cancels it gives its goods back to stock, once.
    fn set_order(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        let Some(order) = self.orders.get_mut(&id) else {
            return refusal(400, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.");
        };
        let was_cancelled = order["status"] == json!("cancelled");
        for field in ["status", "meta_data"] {
            if !body[field].is_null() {
                order[field] = body[field].clone();
            }
        }
        if body["set_paid"] == json!(true) {
            order["date_paid"] = json!(moment(now));
        }
        order["modified_ms"] = json!(now);
        let order = order.clone();
        if order["status"] == json!("cancelled") && !was_cancelled {
            for line in order["line_items"].as_array().into_iter().flatten() {
                let product = line["product_id"].as_i64();
                if let Some(product) = product.and_then(|id| self.products.get_mut(&id)) {
                    product.stock += line["quantity"].as_i64().unwrap_or(0);
                    product.modified_ms = now;
                }
            }
        }
        Reply::json(200, &order)
    }

    fn refund(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let Some(sold) = self.orders.get(&order) else {
            return refusal(404, "woocommerce_rest_invalid_order_id", "Invalid order ID.");
        };
        let sold = sold.clone();
        if body["api_restock"] == json!(true) {
            for line in body["line_items"].as_array().into_iter().flatten() {
                let of = sold["line_items"].as_array().into_iter().flatten();
                let mut of = of.filter(|sold| sold["id"] == line["id"]);
                let product = of.next().and_then(|sold| sold["product_id"].as_i64());
                if let Some(product) = product.and_then(|id| self.products.get_mut(&id)) {
                    product.stock += line["quantity"].as_i64().unwrap_or(0);
                    product.modified_ms = now;
                }
            }
        }
        self.last_id += 1;
        let mut kept = body.clone();
        kept["id"] = json!(self.last_id);
        self.refunds.entry(order).or_default().push(kept.clone());
        Reply::json(201, &kept)
    }

    fn set_product(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        let Some(product) = self.products.get_mut(&id) else {
            return refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID.");
        };
        if let Some(stock) = body["stock_quantity"].as_i64() {
            product.stock = stock;
            product.modified_ms = now;
        }
        Reply::json(200, &shown(product))
    }
}

fn shown(product: &WooProduct) -> Value {
    json!({
        "id": product.id, "name": format!("Product {}", product.sku), "type": "simple",
        "status": "publish", "sku": product.sku, "price": product.price, "regular_price": product.price,
        "global_unique_id": product.barcode,
        "manage_stock": true, "stock_quantity": product.stock, "variations": [],
    })
}

fn refusal(status: u16, code: &str, words: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "message": words, "data": { "status": status } }))
}

fn moment(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A page of a list, as asked for.
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
        let expected = format!("Basic {}", STANDARD.encode(&self.key));
        if self.expired || call.header("authorization") != expected {
            return refusal(
                401,
                "woocommerce_rest_cannot_view",
                "Sorry, you cannot list resources.",
            );
        }
        let parts = call.parts();
        let number = |nth: usize| parts.get(nth).and_then(|text| text.parse::<i64>().ok());
        let rest = parts.get(3..).unwrap_or_default();
        match (call.method.as_str(), rest) {
            ("GET", ["products"]) => page(
                call,
                self.products.values().map(|one| (one.modified_ms, shown(one))).collect(),
            ),
            ("GET", ["products", _]) => match number(4).and_then(|id| self.products.get(&id)) {
                Some(product) => Reply::json(200, &shown(product)),
                None => refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID."),
            },
            ("PUT", ["products", _]) => {
                self.set_product(number(4).unwrap_or_default(), &call.body, now)
            }
            ("GET", ["orders"]) => {
                let via = call.asked("created_via");
                let fits =
                    |order: &&Value| via.is_none_or(|via| order["created_via"] == json!(via));
                let orders = self.orders.values().filter(fits);
                let at = |order: &Value| order["modified_ms"].as_i64().unwrap_or(0);
                page(call, orders.map(|order| (at(order), order.clone())).collect())
            }
            ("POST", ["orders"]) => match self.take_order(&call.body, now) {
                Ok(id) => Reply::json(201, &self.orders.get(&id).cloned().unwrap_or_default()),
                Err(refused) => refused,
            },
            ("GET", ["orders", _]) => match number(4).and_then(|id| self.orders.get(&id)) {
                Some(order) => Reply::json(200, order),
                None => refusal(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID."),
            },
            ("PUT", ["orders", _]) => {
                self.set_order(number(4).unwrap_or_default(), &call.body, now)
            }
            ("GET", ["orders", _, "refunds"]) => {
                let made = self.refunds.get(&number(4).unwrap_or_default());
                let made = made.cloned().unwrap_or_default();
                page(call, made.into_iter().map(|one| (i64::MAX / 2, one)).collect())
            }
            ("POST", ["orders", _, "refunds"]) => {
                self.refund(number(4).unwrap_or_default(), &call.body, now)
            }
            ("GET", ["customers"]) => page(call, Vec::new()),
            ("GET", ["data", "currencies", "current"]) => {
                Reply::json(200, &json!({ "code": "EUR", "name": "Euro", "symbol": "&euro;" }))
            }
            ("GET", ["settings", "products", "woocommerce_manage_stock"]) => {
                Reply::json(200, &json!({ "id": "woocommerce_manage_stock", "value": "yes" }))
            }
            _ => refusal(404, "rest_no_route", "No route was found matching the URL."),
        }
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }
}
