//! A twin of a Shopify shop: its Admin GraphQL API 2026-10, as strict as the facts that we have.
//!
//! Points: a document's cost is taken before it runs and what was too much given back after; a bucket that
//! is short answers `THROTTLED` with a status of 200. `orderCreate` is not idempotent, and refuses the
//! directive; stock and refunds must bear a key, replay what was answered under it, and refuse it with
//! other parameters or after a failure. Figures are compared before they are set. An order takes nothing
//! from stock unless it is told to. What is searched for is found a while after it was made. A product's
//! clock does not move with its variants', nor a variant's with its stock. Webhooks are signed.
//!
//! It does not simulate: types beyond what our documents ask for (those are checked against the published
//! schema), bulk operations, pages beyond 25,000, presentment currencies (all is in EUR), order edits,
//! returns, several parts of one order made by itself, sending webhooks, and what a deleted product does
//! to its orders.

mod books;
mod document;
mod orders;
mod reading;
mod stock;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub use self::books::{Customer, Level, Line, Order, Part, Payment, Product, Refund, Variant, gid};
use self::document::{Asked, Field, objects, part, read};
use crate::http::{Call, Reply};
use crate::shop::Platform;

/// Points that one document may cost.
const MOST: i64 = 1_000;
/// Orders a minute that a development shop takes.
const TRIAL_ORDERS: usize = 5;

/// What was answered under a key.
#[derive(Clone, Debug)]
struct Kept {
    asked: String,
    /// None if it failed.
    answer: Option<Value>,
}

/// Why a document is not answered: a code, and words.
type Refusal = (&'static str, String);

/// The books of a Shopify shop.
#[derive(Debug)]
pub struct ShopifyBooks {
    /// What the app was granted.
    pub scopes: BTreeSet<String>,
    /// Locations by their number.
    pub locations: BTreeMap<u64, String>,
    /// How long a search does not find what is new, in milliseconds.
    pub search_lag_ms: i64,
    /// True for a shop that takes five orders a minute.
    pub development: bool,
    /// The products by their number.
    pub products: BTreeMap<u64, Product>,
    /// The orders by their number.
    pub orders: BTreeMap<u64, Order>,
    /// The customers by their number.
    pub customers: BTreeMap<u64, Customer>,
    /// What was last answered to each document that was done, by its name.
    pub said: BTreeMap<String, Value>,
    /// How often there were too few points.
    pub throttled: u32,
    token: String,
    client: (String, String),
    /// The token of the grant that is good now; each new one ends the one before.
    granted: u32,
    expired: bool,
    keys: HashMap<String, Kept>,
    /// Points that are there, in thousandths.
    points: i64,
    most_points: i64,
    restored: i64,
    points_ms: Option<i64>,
    minted: Vec<i64>,
    last_id: u64,
    /// The clock of the call that is answered.
    now_ms: i64,
}

impl ShopifyBooks {
    /// An empty shop with one location, `1`, whose app has this token (and this as its client secret) and
    /// every right.
    pub fn new(token: &str) -> Self {
        let all = [
            "read_products",
            "read_locations",
            "write_inventory",
            "write_orders",
            "write_merchant_managed_fulfillment_orders",
            "write_customers",
            "read_all_orders",
        ];
        Self {
            scopes: all.into_iter().map(str::to_owned).collect(),
            locations: BTreeMap::from([(1, "Shop".to_owned())]),
            search_lag_ms: 0,
            development: false,
            products: BTreeMap::new(),
            orders: BTreeMap::new(),
            customers: BTreeMap::new(),
            said: BTreeMap::new(),
            throttled: 0,
            token: token.to_owned(),
            client: ("client".to_owned(), token.to_owned()),
            granted: 0,
            expired: false,
            keys: HashMap::new(),
            points: 100_000_000,
            most_points: 100_000,
            restored: 100_000,
            points_ms: None,
            minted: Vec::new(),
            last_id: 100,
            now_ms: 0,
        }
    }

    /// So many points at most, and so many that come back each second.
    pub fn set_points(&mut self, most: i64, restored: i64) {
        (self.most_points, self.restored, self.points) = (most, restored, most * 1_000);
    }

    /// A product in one form, with so many at location 1; its number is that of its variant, too.
    pub fn add_product(&mut self, sku: &str, price: &str, available: i64) -> u64 {
        let id = self.next_id();
        let level = Level { available, ..Level::default() };
        let variant = Variant {
            id,
            sku: sku.to_owned(),
            barcode: format!("{id:013}"),
            price: price.to_owned(),
            options: vec![("Title".to_owned(), "Default Title".to_owned())],
            tracked: true,
            levels: BTreeMap::from([(1, level)]),
            ..Variant::default()
        };
        let product = Product {
            id,
            title: format!("Product {sku}"),
            status: "ACTIVE".to_owned(),
            variants: vec![variant],
            ..Product::default()
        };
        self.products.insert(id, product);
        id
    }

    /// A number that nothing has yet.
    pub fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// What may be sold of a variant at location 1.
    pub fn available(&self, variant: u64) -> i64 {
        let found = self.variant(variant).and_then(|found| found.levels.get(&1));
        found.map_or(0, |level| level.available)
    }

    /// A variant.
    pub fn variant(&self, id: u64) -> Option<&Variant> {
        self.products.values().flat_map(|product| &product.variants).find(|one| one.id == id)
    }

    /// A variant, to be changed.
    pub fn variant_mut(&mut self, id: u64) -> Option<&mut Variant> {
        let all = self.products.values_mut().flat_map(|product| &mut product.variants);
        all.into_iter().find(|one| one.id == id)
    }

    /// The headers of a webhook with this body, as the shop signs it.
    pub fn sign(&self, topic: &str, id: &str, body: &str) -> HashMap<String, String> {
        let signed = Hmac::<Sha256>::new_from_slice(self.client.1.as_bytes()).map(|mut mac| {
            mac.update(body.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        });
        HashMap::from([
            ("X-Shopify-Topic".to_owned(), topic.to_owned()),
            ("X-Shopify-Webhook-Id".to_owned(), id.to_owned()),
            ("X-Shopify-Hmac-SHA256".to_owned(), signed.unwrap_or_default()),
        ])
    }

    fn grant(&mut self, call: &Call) -> Reply {
        let said = |name: &str| call.body[name].as_str().unwrap_or_default();
        let good = said("grant_type") == "client_credentials"
            && (said("client_id"), said("client_secret")) == (&self.client.0, &self.client.1);
        if !good {
            return Reply::json(400, &json!({ "error": "invalid_client" }));
        }
        self.granted += 1;
        self.expired = false;
        let token = self.granted_token();
        Reply::json(200, &json!({ "access_token": token, "scope": "", "expires_in": 86_399 }))
    }

    fn granted_token(&self) -> String {
        format!("shpat_granted_{}", self.granted)
    }

    /// The bucket after what came back meanwhile.
    fn fill(&mut self) {
        let since = self.points_ms.map_or(0, |then| (self.now_ms - then).max(0));
        self.points_ms = Some(self.now_ms);
        self.points = (self.points + since * self.restored).min(self.most_points * 1_000);
    }

    fn cost(&self, asked: i64, actual: Option<i64>) -> Value {
        json!({ "cost": {
            "requestedQueryCost": asked,
            "actualQueryCost": actual,
            "throttleStatus": {
                // As Shopify writes them.
                "maximumAvailable": float(self.most_points),
                "currentlyAvailable": self.points / 1_000,
                "restoreRate": float(self.restored),
            },
        }})
    }

    fn graphql(&mut self, call: &Call) -> Value {
        let text = call.body["query"].as_str().unwrap_or_default();
        let asked = match read(text, &call.body["variables"]) {
            Ok(asked) => asked,
            Err(words) => return refused(("GRAPHQL_VALIDATION_FAILED", words)),
        };
        let cost: i64 = if asked.mutation {
            10
        } else {
            asked.fields.iter().map(Field::cost).sum::<i64>().max(1)
        };
        if cost > MOST {
            return refused((
                "MAX_COST_EXCEEDED",
                format!("Query cost is {cost}, max cost {MOST}"),
            ));
        }
        self.fill();
        if self.points < cost * 1_000 {
            self.throttled += 1;
            let mut body = refused(("THROTTLED", "Throttled".to_owned()));
            body["extensions"] = self.cost(cost, None);
            return body;
        }
        let before = self.points - cost * 1_000;
        match self.run(&asked) {
            Err(refusal) => {
                self.points = before;
                let mut body = refused(refusal);
                body["extensions"] = self.cost(cost, None);
                body
            }
            Ok(data) => {
                let actual = if asked.mutation { 10 } else { (objects(&data) - 1).clamp(1, cost) };
                self.points = before + (cost - actual) * 1_000;
                self.said.insert(name_of(text), data.clone());
                json!({ "data": data, "extensions": self.cost(cost, Some(actual)) })
            }
        }
    }

    fn run(&mut self, asked: &Asked) -> Result<Value, Refusal> {
        let mut data = serde_json::Map::new();
        for field in &asked.fields {
            self.allowed(&field.name)?;
            let whole = if asked.mutation { self.change(field)? } else { self.look(field)? };
            let some = part(&whole, field).map_err(|words| ("undefinedField", words))?;
            data.insert(field.out.clone(), some);
        }
        Ok(Value::Object(data))
    }

    fn allowed(&self, field: &str) -> Result<(), Refusal> {
        let right = match field {
            "products" | "productsCount" | "productVariants" | "product" | "nodes" => {
                "read_products"
            }
            "locations" | "location" => "read_locations",
            "inventoryAdjustQuantities" | "inventorySetQuantities" | "inventoryActivate" => {
                "write_inventory"
            }
            "orders" | "order" => "read_orders",
            "orderCreate" | "refundCreate" | "orderMarkAsPaid" | "orderCancel" => "write_orders",
            "fulfillmentCreate"
            | "fulfillmentEventCreate"
            | "fulfillmentOrderLineItemsPreparedForPickup" => {
                "write_merchant_managed_fulfillment_orders"
            }
            "customers" | "customerByIdentifier" => "read_customers",
            "customerSet" | "customerEmailMarketingConsentUpdate" => "write_customers",
            _ => return Ok(()),
        };
        let write = right.replacen("read_", "write_", 1);
        if self.scopes.contains(right) || self.scopes.contains(&write) {
            return Ok(());
        }
        Err((
            "ACCESS_DENIED",
            format!("Access denied for {field} field. Required access: `{right}`."),
        ))
    }

    /// A change, under its key where it must have one.
    fn change(&mut self, field: &Field) -> Result<Value, Refusal> {
        const KEYED: [&str; 4] = [
            "inventoryAdjustQuantities",
            "inventorySetQuantities",
            "inventoryActivate",
            "refundCreate",
        ];
        let keyed = KEYED.contains(&field.name.as_str());
        let key = match (&field.key, keyed) {
            (Some(_), false) => {
                return Err(("BAD_REQUEST", format!("{} is not idempotent", field.name)));
            }
            (None, true) => {
                return Err(("BAD_REQUEST", format!("{} needs @idempotent", field.name)));
            }
            (Some(key), true) if key.trim().is_empty() => {
                return Err(("BAD_REQUEST", "the idempotency key is empty".to_owned()));
            }
            (Some(key), true) => key.clone(),
            (None, false) => return self.changed(field),
        };
        let asked = format!("{} {}", field.name, Value::Object(field.args.clone()));
        match self.keys.get(&key) {
            Some(kept) if kept.asked != asked => {
                return Ok(failed("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "other parameters"));
            }
            Some(Kept { answer: Some(answer), .. }) => return Ok(answer.clone()),
            Some(Kept { answer: None, .. }) => {
                return Ok(failed("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "failed before"));
            }
            None => {}
        }
        let answer = self.changed(field)?;
        let well = answer["userErrors"].as_array().is_some_and(Vec::is_empty);
        self.keys.insert(key, Kept { asked, answer: well.then(|| answer.clone()) });
        Ok(answer)
    }

    fn changed(&mut self, field: &Field) -> Result<Value, Refusal> {
        let args = &field.args;
        Ok(match field.name.as_str() {
            "orderCreate" => self.order_create(&args["order"], args.get("options")),
            "refundCreate" => self.refund_create(&args["input"]),
            "orderMarkAsPaid" => self.order_paid(&args["input"]),
            "orderCancel" => self.order_cancel(args),
            "fulfillmentOrderLineItemsPreparedForPickup" => self.prepared(&args["input"]),
            "fulfillmentCreate" => self.fulfillment_create(&args["fulfillment"]),
            "fulfillmentEventCreate" => self.fulfillment_event(&args["fulfillmentEvent"]),
            "inventoryAdjustQuantities" => self.adjust(&args["input"]),
            "inventorySetQuantities" => self.set(&args["input"]),
            "inventoryActivate" => self.activate(args),
            "customerSet" => self.customer_set(&args["identifier"], &args["input"]),
            "customerEmailMarketingConsentUpdate" => self.consent(&args["input"]),
            other => return Err(("undefinedField", format!("Field '{other}' doesn't exist"))),
        })
    }
}

/// The name of a document's operation.
fn name_of(text: &str) -> String {
    let word = text.split_whitespace().nth(1).unwrap_or_default();
    word.split('(').next().unwrap_or_default().to_owned()
}

/// A whole number as Shopify writes it here: with a point.
fn float(number: i64) -> Value {
    serde_json::from_str(&format!("{number}.0")).unwrap_or_default()
}

fn refused((code, words): Refusal) -> Value {
    json!({ "errors": [{ "message": words, "extensions": { "code": code } }] })
}

/// A change that was refused, with every payload's members that our documents ask for.
fn failed(code: &str, message: &str) -> Value {
    payload(json!({ "userErrors": [{ "field": ["input"], "message": message, "code": code }] }))
}

/// A payload: what it has, and null for what it has not.
fn payload(mut has: Value) -> Value {
    for name in [
        "order",
        "refund",
        "fulfillment",
        "fulfillmentEvent",
        "inventoryAdjustmentGroup",
        "inventoryLevel",
        "customer",
        "job",
    ] {
        if has.get(name).is_none() {
            has[name] = Value::Null;
        }
    }
    if has.get("userErrors").is_none() {
        has["userErrors"] = json!([]);
    }
    has["orderCancelUserErrors"] = has["userErrors"].clone();
    has
}

impl Platform for ShopifyBooks {
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply {
        self.now_ms = now_ms;
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/admin/oauth/access_token") => return self.grant(call),
            ("POST", "/admin/api/2026-10/graphql.json") => {}
            _ => return Reply::json(404, &json!({ "errors": "Not Found" })),
        }
        let token = call.header("x-shopify-access-token");
        let granted = self.granted > 0 && token == self.granted_token();
        if self.expired || !(token == self.token || granted) {
            let words =
                "[API] Invalid API key or access token (unrecognized login or wrong password)";
            return Reply::json(401, &json!({ "errors": words }));
        }
        let body = self.graphql(call);
        Reply::json(200, &body).with("X-Shopify-API-Version", "2026-10")
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }

    /// Points, not requests: the status is 200.
    fn busy(&self, _: Option<u32>) -> Reply {
        let mut body = refused(("THROTTLED", "Throttled".to_owned()));
        body["extensions"] = self.cost(10, None);
        Reply::json(200, &body)
    }
}
