//! The twin's orders.

use serde_json::{Value, json};

use super::{
    BigCommerce, TakesStock, fine, iso, listed, mail, rows, since, v2_error, v2_list, v3_error,
    v3_list,
};
use crate::http::{Call, Reply};

/// What an address of a bill must have.
const ADDRESS: [&str; 7] =
    ["first_name", "last_name", "street_1", "city", "state", "zip", "country"];
/// What may be set of an order; more is refused.
const WRITABLE: [&str; 17] = [
    "status_id",
    "external_source",
    "external_order_id",
    "customer_id",
    "date_created",
    "billing_address",
    "shipping_addresses",
    "products",
    "subtotal_ex_tax",
    "subtotal_inc_tax",
    "total_ex_tax",
    "total_inc_tax",
    "payment_method",
    "staff_notes",
    "customer_message",
    "customer_locale",
    "base_shipping_cost",
];

impl BigCommerce {
    /// A customer orders in the shop; returns the order's id. It is paid and awaits its fulfilment.
    /// `collect` is for an order that is fetched.
    pub fn order_online(&mut self, goods: &[(i64, i64)], collect: bool, now: i64) -> i64 {
        let products: Vec<Value> = goods
            .iter()
            .filter_map(|(variant, quantity)| {
                let product = self.product_of(*variant)?;
                let price = &product["price"];
                Some(json!({
                    "product_id": product["id"], "variant_id": variant, "quantity": quantity,
                    "name": product["name"], "price_inc_tax": price, "price_ex_tax": price,
                }))
            })
            .collect();
        let lives = json!({
            "first_name": "Ada", "last_name": "Lovelace", "street_1": "Lane 1", "city": "London",
            "state": "-", "zip": "E1", "country": "United Kingdom", "country_iso2": "GB",
            "email": "ada@example.com", "phone": "123",
        });
        let body = json!({
            "status_id": 11, "billing_address": lives, "products": products,
            "payment_method": "Card",
        });
        self.make_order(&body, now);
        let order = self.orders.keys().next_back().copied().unwrap_or_default();
        if let Some(row) = self.orders.get_mut(&order) {
            row["payment_status"] = "captured".into();
        }
        if collect {
            let id = self.next();
            let row = json!({
                "id": id, "pickup_method_id": 1, "order_id": order, "ready_at": "",
                "pickup_items": [],
            });
            self.pickups.insert(id, row);
        } else {
            let id = self.next();
            let mut to = lives;
            to["id"] = id.into();
            to["shipping_method"] = "Parcel".into();
            self.addresses.insert(order, vec![to]);
        }
        order
    }

    /// Changes an order as the shop's owner would.
    pub fn edit_order(&mut self, order: i64, now: i64, change: impl FnOnce(&mut Value)) {
        if let Some(row) = self.orders.get_mut(&order) {
            change(row);
            row["date_modified"] = mail(now).into();
            row["modified_ms"] = now.into();
        }
    }

    /// Changes the goods of an order, past all rules: for bad input.
    pub fn edit_order_products(&mut self, order: i64, change: impl FnOnce(&mut Vec<Value>)) {
        change(self.order_products.entry(order).or_default());
    }

    pub(super) fn list_orders(&self, call: &Call, now: i64) -> Reply {
        let number = |name: &str| call.asked(name).and_then(|text| text.parse::<i64>().ok());
        let min = number("min_id").unwrap_or(0);
        let since = since(call, "min_date_modified", now);
        let limit = number("limit").unwrap_or(50).clamp(1, 250);
        let page = number("page").unwrap_or(1).max(1);
        let external = call.asked("external_order_id").filter(|_| self.searches);
        let found = self
            .orders
            .values()
            .filter(|row| row["id"].as_i64().unwrap_or(0) >= min)
            .filter(|row| row["modified_ms"].as_i64().unwrap_or(0) >= since)
            .filter(|row| number("status_id").is_none_or(|id| row["status_id"] == id))
            .filter(|row| external.is_none_or(|id| row["external_order_id"] == id));
        let skip = usize::try_from((page - 1) * limit).unwrap_or(0);
        let found = found.skip(skip).take(usize::try_from(limit).unwrap_or(50));
        v2_list(found.cloned().collect())
    }

    pub(super) fn make_order(&mut self, body: &Value, now: i64) -> Reply {
        if let Err(message) = self.checked(body) {
            return v2_error(400, &message);
        }
        let order = self.next();
        let mut products = Vec::new();
        let mut total = 0;
        for row in rows(&body["products"]) {
            let id = self.next();
            let quantity = row["quantity"].as_i64().unwrap_or(1);
            let variant = row["variant_id"].as_i64().unwrap_or(0);
            let of = self.product_of(variant);
            let name = of.map_or(&row["name"], |product| &product["name"]).clone();
            total += fine(&row["price_inc_tax"]).unwrap_or(0) * quantity;
            products.push(json!({
                "id": id, "order_id": order, "product_id": row["product_id"].as_i64().unwrap_or(0),
                "variant_id": variant, "name": name, "sku": row["sku"].as_str().unwrap_or_default(),
                "quantity": quantity, "quantity_shipped": 0, "quantity_refunded": 0,
                "price_inc_tax": row["price_inc_tax"], "price_ex_tax": row["price_ex_tax"],
                "type": if variant > 0 { "physical" } else { "custom" },
            }));
        }
        let pieces: i64 = products.iter().filter_map(|row| row["quantity"].as_i64()).sum();
        let sum = json!(format!("{}.{:04}", total / 10_000, total % 10_000));
        let given = |field: &str, or: &Value| {
            Some(&body[field]).filter(|value| !value.is_null()).unwrap_or(or).clone()
        };
        let row = json!({
            "id": order, "status_id": given("status_id", &json!(1)),
            "external_source": body["external_source"],
            "external_order_id": body["external_order_id"],
            "customer_id": given("customer_id", &json!(0)),
            "billing_address": body["billing_address"],
            "date_created": given("date_created", &json!(mail(now))),
            "date_modified": mail(now), "modified_ms": now,
            "total_inc_tax": given("total_inc_tax", &sum),
            "total_ex_tax": given("total_ex_tax", &sum),
            "payment_method": given("payment_method", &json!("")), "payment_status": "",
            "staff_notes": body["staff_notes"],
            "customer_message": given("customer_message", &json!("")),
            "items_total": pieces, "items_shipped": 0,
        });
        let status = row["status_id"].as_i64().unwrap_or(1);
        self.orders.insert(order, row.clone());
        self.order_products.insert(order, products);
        self.take(order, status, true, now);
        Reply::json(201, &row)
    }

    /// What is wrong with a new order.
    fn checked(&self, body: &Value) -> Result<(), String> {
        let fields = body.as_object().ok_or("The body is no object.")?;
        if let Some(field) = fields.keys().find(|field| !WRITABLE.contains(&field.as_str())) {
            return Err(format!("The field '{field}' cannot be written to."));
        }
        for field in ADDRESS {
            if body["billing_address"][field].as_str().unwrap_or_default().is_empty() {
                return Err(format!(
                    "The required field 'billing_address.{field}' was not supplied."
                ));
            }
        }
        let products = rows(&body["products"]);
        if products.is_empty() {
            return Err("The required field 'products' was not supplied.".to_owned());
        }
        if body["customer_id"]
            .as_i64()
            .is_some_and(|id| id != 0 && !self.customers.contains_key(&id))
        {
            return Err("The customer does not exist.".to_owned());
        }
        for row in products {
            if row["price_inc_tax"].is_null() != row["price_ex_tax"].is_null() {
                return Err("price_ex_tax and price_inc_tax go together.".to_owned());
            }
            if row["quantity"].as_i64().is_none_or(|quantity| quantity < 1) {
                return Err("The quantity is invalid.".to_owned());
            }
            if row["product_id"].is_null() {
                if row["name"].as_str().unwrap_or_default().is_empty() {
                    return Err("A custom product needs a name.".to_owned());
                }
                continue;
            }
            let variant = row["variant_id"].as_i64().unwrap_or(0);
            let product = self.product_of(variant).ok_or("The product is invalid.")?;
            if product["id"] != row["product_id"] {
                return Err("The variant is not one of the product.".to_owned());
            }
        }
        Ok(())
    }

    /// Takes an order's goods from stock, once, when the shop is set to do so.
    fn take(&mut self, order: i64, status: i64, is_new: bool, now: i64) {
        let due = match self.takes_stock {
            TakesStock::Placed => is_new,
            TakesStock::Completed => matches!(status, 2 | 10),
            TakesStock::Never => false,
        };
        if !due || !self.taken.insert(order) {
            return;
        }
        for row in self.order_products(order).to_vec() {
            let (variant, quantity) = (row["variant_id"].as_i64(), row["quantity"].as_i64());
            if let (Some(variant @ 1..), Some(quantity)) = (variant, quantity) {
                let left = self.stock_of(variant) - quantity;
                self.set_stock(variant, left, now);
            }
        }
    }

    pub(super) fn change_order(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let Some(fields) = body.as_object() else { return v2_error(400, "The body is no object.") };
        let Some(row) = self.orders.get_mut(&order) else {
            return v2_error(404, "The requested resource was not found.");
        };
        for (field, value) in fields {
            if !WRITABLE.contains(&field.as_str()) {
                return v2_error(400, &format!("The field '{field}' cannot be written to."));
            }
            row[field] = value.clone();
        }
        row["date_modified"] = mail(now).into();
        row["modified_ms"] = now.into();
        let (row, status) = (row.clone(), row["status_id"].as_i64().unwrap_or(0));
        self.take(order, status, false, now);
        Reply::json(200, &row)
    }

    pub(super) fn make_shipment(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let there = self.addresses.get(&order).into_iter().flatten();
        if !there.into_iter().any(|row| row["id"] == body["order_address_id"]) {
            return v2_error(400, "The order_address_id is invalid.");
        }
        let Some(products) = self.order_products.get_mut(&order) else {
            return v2_error(404, "The requested resource was not found.");
        };
        let mut sent = 0;
        for item in rows(&body["items"]) {
            let row = products.iter_mut().find(|row| row["id"] == item["order_product_id"]);
            let (Some(row), Some(quantity)) = (row, item["quantity"].as_i64()) else {
                return v2_error(400, "An item is invalid.");
            };
            let shipped = row["quantity_shipped"].as_i64().unwrap_or(0) + quantity;
            if shipped > row["quantity"].as_i64().unwrap_or(0) {
                return v2_error(400, "More is shipped than was ordered.");
            }
            row["quantity_shipped"] = shipped.into();
            sent += quantity;
        }
        let id = self.next();
        let mut shipment = body.clone();
        shipment["id"] = id.into();
        self.shipments.entry(order).or_default().push(shipment.clone());
        let mut status = 3;
        if let Some(row) = self.orders.get_mut(&order) {
            let shipped = row["items_shipped"].as_i64().unwrap_or(0) + sent;
            row["items_shipped"] = shipped.into();
            status = if shipped >= row["items_total"].as_i64().unwrap_or(0) { 2 } else { 3 };
            row["status_id"] = status.into();
            row["date_modified"] = mail(now).into();
            row["modified_ms"] = now.into();
        }
        self.take(order, status, false, now);
        Reply::json(201, &shipment)
    }

    pub(super) fn list_pickups(&self, call: &Call) -> Reply {
        let wanted = listed(call, "order_id:in");
        let found = self.pickups.values().filter(|row| {
            let order = row["order_id"].to_string();
            wanted.as_ref().is_none_or(|some| some.contains(&order.as_str()))
        });
        v3_list(found.cloned().collect(), call, 250)
    }

    pub(super) fn change_pickups(&mut self, body: &Value, now: i64) -> Reply {
        if rows(body).is_empty() {
            return v3_error(422, "JSON data is missing or invalid");
        }
        let mut changed = Vec::new();
        for said in rows(body) {
            let id = said["pickup_id"].as_i64().unwrap_or(0);
            let Some(row) = self.pickups.get_mut(&id) else {
                return v3_error(422, "The pickup does not exist");
            };
            for field in ["ready_at", "collected_at"] {
                if !said[field].is_null() {
                    row[field] = said[field].clone();
                }
            }
            row["updated_at"] = iso(now).into();
            changed.push(row.clone());
        }
        Reply::json(200, &json!({ "data": changed, "meta": {} }))
    }
}
