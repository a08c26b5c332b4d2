//! A twin of Medusa 2's Admin API, as a real 2.21.2 answered: a secret key as the name of Basic; bodies with
//! fields that it does not know are refused; a draft reserves nothing, converting it does, fulfilling takes
//! what is reserved; of a product that is not published nothing is ordered; an order has as many payment
//! collections as are asked for; an inventory item's and a variant's moment do not move with an order;
//! nothing is idempotent.
//!
//! Not simulated: taxes (it puts none on what has no address), promotions, several locations and currencies, which fields are asked for, kits,
//! exchanges, claims and returns, workflows that go on after the answer.

mod order;

use serde_json::{Map, Value, json};

use crate::http::{Call, Reply};
use crate::shop::Platform;

/// The only stock location.
pub(crate) const LOCATION: &str = "sloc_1";
/// The only shipping option.
pub(crate) const OPTION: &str = "so_1";

/// A variant in the books; each has a product and an inventory item of its own.
#[derive(Clone, Debug, Default)]
pub struct MedusaVariant {
    /// Its number: `variant_1`, `prod_1`, `iitem_1`.
    pub number: u64,
    /// Its product's title.
    pub title: String,
    /// In hundredths.
    pub price: i64,
    /// What is stocked.
    pub stocked: i64,
    /// What orders will take.
    pub reserved: i64,
    /// When it changed; prices and orders do not count.
    pub updated_ms: i64,
    /// Not offered at present.
    pub draft: bool,
}

/// The shop and its books.
#[derive(Clone, Debug)]
pub struct MedusaTwin {
    /// What it sells.
    pub variants: Vec<MedusaVariant>,
    /// Orders and drafts, as they are answered.
    pub orders: Vec<Value>,
    /// Customers, as they are answered.
    pub customers: Vec<Value>,
    expired: bool,
    last_id: u64,
}

pub(crate) type Answer = Result<Value, (u16, String)>;

pub(crate) fn refused<T>(status: u16, words: impl Into<String>) -> Result<T, (u16, String)> {
    Err((status, words.into()))
}

pub(crate) fn iso(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

pub(crate) fn moment(value: &Value) -> i64 {
    let moment = value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    moment.map_or(0, jiff::Timestamp::as_millisecond)
}

/// Billionths of one hundredth.
const TRACES: i64 = 10_000_000;

/// Hundredths as a decimal.
pub(crate) fn amount(hundredths: i64) -> Value {
    decimal(hundredths * TRACES)
}

/// Billionths as a decimal.
pub(crate) fn decimal(billionths: i64) -> Value {
    let one = 1_000_000_000;
    let part = format!("{:09}", billionths % one);
    let part = part.trim_end_matches('0');
    let text = format!("{}.{part}", billionths / one);
    serde_json::from_str(text.trim_end_matches('.')).unwrap_or(Value::Null)
}

impl MedusaTwin {
    /// A shop with so many items, each with so many pieces stocked.
    pub fn with_items(items: u64, stocked: i64, now_ms: i64) -> Self {
        let item = |number: u64| MedusaVariant {
            number,
            title: format!("Item {number}"),
            price: 1_000,
            stocked,
            reserved: 0,
            updated_ms: now_ms,
            draft: false,
        };
        let (orders, customers) = (Vec::new(), Vec::new());
        let variants = (1..=items).map(item).collect();
        Self { variants, orders, customers, expired: false, last_id: 0 }
    }

    /// What may be sold of a variant.
    pub fn available(&self, number: u64) -> i64 {
        let found = self.variants.iter().find(|one| one.number == number);
        found.map_or(0, |one| one.stocked - one.reserved)
    }

    /// Orders that are no drafts and have this in their metadata.
    pub fn orders_with(&self, name: &str, value: &str) -> usize {
        let fits = |one: &&Value| one["metadata"][name] == value && one["status"] != "draft";
        self.orders.iter().filter(fits).count()
    }

    pub(crate) fn next_id(&mut self, kind: &str) -> String {
        self.last_id += 1;
        format!("{kind}_{:08}", self.last_id)
    }

    fn variant_out(&self, one: &MedusaVariant) -> Value {
        let levels = json!([{ "location_id": LOCATION, "stocked_quantity": one.stocked,
            "reserved_quantity": one.reserved }]);
        let item = format!("iitem_{}", one.number);
        json!({ "id": format!("variant_{}", one.number), "product_id": format!("prod_{}", one.number),
            "title": "One", "sku": format!("SKU-{}", one.number), "barcode": null, "ean": "4006381333931",
            "upc": null, "manage_inventory": true, "updated_at": iso(one.updated_ms),
            "prices": [
                { "amount": 1, "currency_code": "usd", "min_quantity": null, "rules_count": 0 },
                { "amount": 2, "currency_code": "eur", "min_quantity": 10, "rules_count": 0 },
                { "amount": amount(one.price), "currency_code": "eur", "min_quantity": null,
                    "rules_count": 0 }],
            "options": [{ "value": "Large", "option": { "title": "Size" } }],
            "inventory_items": [{ "inventory_item_id": item, "required_quantity": 1,
                "inventory": { "id": item, "location_levels": levels } }] })
    }

    fn product_out(&self, one: &MedusaVariant) -> Value {
        json!({ "id": format!("prod_{}", one.number), "title": one.title, "description": "Good",
            "status": if one.draft { "draft" } else { "published" }, "updated_at": "2020-01-01T00:00:00Z",
            "images": [{ "url": "http://shop.example/a.jpg" }], "categories": [{ "name": "Hoodies" }],
            "variants": [self.variant_out(one)] })
    }

    fn listed(&self, call: &Call, name: &str, all: Vec<Value>) -> Answer {
        let asked = |name: &str| call.asked(name).and_then(|text| text.parse::<usize>().ok());
        let (limit, offset) = (asked("limit").unwrap_or(20), asked("offset").unwrap_or(0));
        let many = |name: &str| -> Vec<&str> {
            let name = format!("{name}[]");
            call.query.iter().filter(|(key, _)| *key == name).map(|(_, is)| is.as_str()).collect()
        };
        let (ids, states) = (many("id"), many("status"));
        let since =
            |name: &str| call.asked(&format!("{name}[$gte]")).map(|text| moment(&json!(text)));
        let (updated, created) = (since("updated_at"), since("created_at"));
        let email = call.asked("email");
        let is_in = |of: &[&str], value: &Value| of.is_empty() || of.iter().any(|one| value == one);
        let found: Vec<Value> = all
            .into_iter()
            .filter(|one| is_in(&ids, &one["id"]) && is_in(&states, &one["status"]))
            .filter(|one| updated.is_none_or(|since| moment(&one["updated_at"]) >= since))
            .filter(|one| created.is_none_or(|since| moment(&one["created_at"]) >= since))
            .filter(|one| email.is_none_or(|email| one["email"] == email))
            .collect();
        let part: Vec<&Value> = found.iter().skip(offset).take(limit).collect();
        Ok(json!({ name: part, "count": found.len(), "offset": offset, "limit": limit }))
    }

    fn get(&self, call: &Call, parts: &[&str]) -> Answer {
        let drafts = |is: bool| -> Vec<Value> {
            self.orders.iter().filter(|one| (one["status"] == "draft") == is).cloned().collect()
        };
        match parts {
            ["stores"] => Ok(json!({ "stores": [{ "id": "store_1", "name": "Medusa Store" }] })),
            ["regions", "reg_1"] => {
                Ok(json!({ "region": { "id": "reg_1", "currency_code": "eur" } }))
            }
            ["sales-channels", "sc_1"] => Ok(json!({ "sales_channel": { "id": "sc_1" } })),
            ["stock-locations", LOCATION] => Ok(json!({ "stock_location": { "id": LOCATION } })),
            ["shipping-options", OPTION] => Ok(json!({ "shipping_option": { "id": OPTION } })),
            ["products"] => {
                let all = self.variants.iter().map(|one| self.product_out(one)).collect();
                self.listed(call, "products", all)
            }
            ["product-variants"] => {
                let all = self.variants.iter().map(|one| self.variant_out(one)).collect();
                self.listed(call, "variants", all)
            }
            ["inventory-items", id] => self.item(id),
            ["orders"] => self.listed(call, "orders", drafts(false)),
            ["draft-orders"] => self.listed(call, "draft_orders", drafts(true)),
            ["orders", id] => match self.orders.iter().find(|one| one["id"] == *id) {
                Some(order) => Ok(json!({ "order": order })),
                None => refused(404, format!("Order id not found: {id}")),
            },
            ["customers"] => self.listed(call, "customers", self.customers.clone()),
            _ => refused(404, "Not found"),
        }
    }

    fn item(&self, id: &str) -> Answer {
        let found = self.variants.iter().find(|one| id == format!("iitem_{}", one.number));
        match found {
            Some(one) => Ok(json!({ "inventory_item": { "id": id, "location_levels": [{
                "location_id": LOCATION, "stocked_quantity": one.stocked,
                "reserved_quantity": one.reserved }] } })),
            None => refused(404, format!("Inventory item with id: {id} was not found")),
        }
    }

    fn set_level(&mut self, id: &str, location: &str, body: &Value) -> Answer {
        let found = self.variants.iter_mut().find(|one| id == format!("iitem_{}", one.number));
        let Some(one) = found.filter(|_| location == LOCATION) else {
            return refused(404, format!("Item {id} is not stocked at location {location}"));
        };
        only(body, &["stocked_quantity", "incoming_quantity"])?;
        match body["stocked_quantity"].as_i64() {
            Some(stocked) if stocked >= 0 => one.stocked = stocked,
            _ => {
                return refused(
                    400,
                    "Invalid request: Value for field 'stocked_quantity' too small, expected at \
                     least: '0'",
                );
            }
        }
        self.item(id)
    }

    fn save_customer(&mut self, id: Option<&str>, body: &Value, now: i64) -> Answer {
        only(body, &["email", "company_name", "first_name", "last_name", "phone", "metadata"])?;
        let taken = |one: &Value| {
            one["email"] == body["email"] && Some(&one["id"]) != id.map(|id| json!(id)).as_ref()
        };
        if self.customers.iter().any(taken) {
            let email = body["email"].as_str().unwrap_or_default();
            return refused(
                400,
                format!("Customer with email: {email}, has_account: false, already exists."),
            );
        }
        let at = match id {
            Some(id) => self.customers.iter().position(|one| one["id"] == id),
            None => {
                let id = self.next_id("cus");
                self.customers.push(json!({ "id": id, "addresses": [], "metadata": null }));
                Some(self.customers.len() - 1)
            }
        };
        let Some(one) = at.and_then(|at| self.customers.get_mut(at)) else {
            return refused(404, "Customer not found");
        };
        for (name, value) in body.as_object().into_iter().flatten() {
            one[name] = value.clone();
        }
        one["updated_at"] = json!(iso(now));
        Ok(json!({ "customer": one }))
    }

    fn save_address(&mut self, of: &str, address: Option<&str>, body: &Value) -> Answer {
        let id = self.next_id("caddr");
        let Some(one) = self.customers.iter_mut().find(|one| one["id"] == of) else {
            return refused(404, "Customer not found");
        };
        let mut written = body.clone();
        written["id"] = json!(address.unwrap_or(&id));
        let all = one["addresses"].as_array_mut();
        if let Some(all) = all {
            all.retain(|known| known["id"] != written["id"]);
            all.push(written);
        }
        Ok(json!({ "customer": one }))
    }

    fn post(&mut self, parts: &[&str], body: &Value, now: i64) -> Answer {
        match parts {
            ["inventory-items", id, "location-levels", location] => {
                self.set_level(id, location, body)
            }
            ["customers"] => self.save_customer(None, body, now),
            ["customers", id] => self.save_customer(Some(id), body, now),
            ["customers", id, "addresses"] => self.save_address(id, None, body),
            ["customers", id, "addresses", address] => self.save_address(id, Some(address), body),
            _ => self.post_order(parts, body, now),
        }
    }
}

/// Bodies with other fields are refused.
pub(crate) fn only(body: &Value, names: &[&str]) -> Result<(), (u16, String)> {
    let empty = Map::new();
    let given = body.as_object().unwrap_or(&empty);
    match given.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => refused(400, format!("Invalid request: Unrecognized fields: '{key}'")),
        None => Ok(()),
    }
}

impl Platform for MedusaTwin {
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply {
        // "sk_1:" as Basic.
        if self.expired || call.header("authorization") != "Basic c2tfMTo=" {
            return Reply::json(401, &json!({ "message": "Unauthorized" }));
        }
        let parts = call.parts();
        let said = match (call.method.as_str(), parts.split_first()) {
            ("GET", Some((&"admin", rest))) => self.get(call, rest),
            ("POST", Some((&"admin", rest))) => self.post(rest, &call.body, now_ms),
            _ => refused(404, "Not found"),
        };
        match said {
            Ok(body) => Reply::json(200, &body),
            Err((status, message)) => {
                let kind = if status == 404 { "not_found" } else { "invalid_data" };
                Reply::json(status, &json!({ "type": kind, "message": message }))
            }
        }
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
    }
}
