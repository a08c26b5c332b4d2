//! Orders are made, go on, and are given back.

use serde_json::{Value, json};

use super::goods::goods_of;
use super::{WooBooks, cents, decimal, moment, page, refusal, rows};
use crate::http::{Call, Reply};

impl WooBooks {
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
        let body = json!({ "status": "processing", "created_via": "checkout", "set_paid": true,
            "line_items": [self.line_of(product, quantity)] });
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
        let status = if paid { "processing" } else { "on-hold" };
        let body = json!({ "status": status, "created_via": "checkout", "set_paid": paid,
            "line_items": [self.line_of(product, quantity)],
            "shipping_lines": [{ "method_id": "local_pickup", "method_title": "Local pickup" }],
            "billing": { "first_name": "Mary", "last_name": "Miller",
                "email": "mary@example.com", "phone": "+44 20 7946 0000" } });
        self.take_order(&body, now_ms).unwrap_or_default()
    }

    fn line_of(&self, product: i64, quantity: i64) -> Value {
        let found = self.product(product);
        let price = found.map_or(0, |one| cents(&json!(one.price)));
        let parent = found.and_then(|one| one.parent);
        json!({
            "product_id": parent.unwrap_or(product),
            "variation_id": if parent.is_some() { product } else { 0 },
            "quantity": quantity, "name": found.map(|one| format!("Product {}", one.sku)),
            "total": decimal(price * quantity),
        })
    }

    /// The shop's owner cancels an order; false if there is none.
    pub fn cancel(&mut self, id: i64, now_ms: i64) -> bool {
        self.set_order(id, &json!({ "status": "cancelled" }), now_ms).status == 200
    }

    pub(super) fn list_orders(&self, call: &Call) -> Reply {
        let via = call.asked("created_via");
        let fits = |order: &&Value| via.is_none_or(|via| order["created_via"] == json!(via));
        let at = |order: &Value| order["modified_ms"].as_i64().unwrap_or(0);
        page(call, self.orders.values().filter(fits).map(|one| (at(one), one.clone())).collect())
    }

    pub(super) fn take_order(&mut self, body: &Value, now: i64) -> Result<i64, Reply> {
        self.check_lines(&body["line_items"])?;
        let id = self.next_id();
        let (mut kept, mut total) = (Vec::new(), 0);
        for (mut line, nth) in rows(&body["line_items"]).iter().cloned().zip(1_i64..) {
            self.move_stock(&line, -line["quantity"].as_i64().unwrap_or(0), now);
            let product = goods_of(&line).and_then(|id| self.product(id));
            line["sku"] = json!(product.map(|one| &one.sku));
            line["id"] = json!(id * 1_000 + nth);
            total += cents(&line["total"]);
            kept.push(line);
        }
        for more in ["fee_lines", "shipping_lines"] {
            total += rows(&body[more]).iter().map(|line| cents(&line["total"])).sum::<i64>();
        }
        let mut order = body.clone();
        order["id"] = json!(id);
        order["number"] = json!(id.to_string());
        order["line_items"] = Value::Array(kept);
        order["total"] = json!(decimal(total));
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
    pub(super) fn set_order(&mut self, id: i64, body: &Value, now: i64) -> Reply {
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
            for line in rows(&order["line_items"]) {
                self.move_stock(line, line["quantity"].as_i64().unwrap_or(0), now);
            }
        }
        Reply::json(200, &order)
    }

    pub(super) fn refund(&mut self, id: i64, body: &Value, now: i64) -> Reply {
        let Some(sold) = self.orders.get(&id).cloned() else {
            return refusal(404, "woocommerce_rest_invalid_order_id", "Invalid order ID.");
        };
        if body["api_refund"] == json!(true) {
            let words = "The payment gateway for this order does not support automatic refunds.";
            return refusal(500, "woocommerce_rest_cannot_create_order_refund", words);
        }
        let made = self.refunds.get(&id).map_or(&[][..], Vec::as_slice);
        let back: i64 = made.iter().map(|one| cents(&one["amount"])).sum();
        let (amount, total) = (cents(&body["amount"]), cents(&sold["total"]));
        if amount <= 0 || back + amount > total {
            let words = "Invalid refund amount.";
            return refusal(400, "woocommerce_rest_cannot_create_order_refund", words);
        }
        let mut restocked = Vec::new();
        for line in rows(&body["line_items"]) {
            let of = rows(&sold["line_items"]).iter().find(|sold| sold["id"] == line["id"]);
            let Some(of) = of else {
                return refusal(400, "woocommerce_rest_invalid_item_id", "Invalid item.");
            };
            restocked.push((of.clone(), line["quantity"].as_i64().unwrap_or(0)));
        }
        if body["api_restock"] == json!(true) {
            for (line, pieces) in restocked {
                self.move_stock(&line, pieces, now);
            }
        }
        let mut kept = body.clone();
        kept["id"] = json!(self.next_id());
        self.refunds.entry(id).or_default().push(kept.clone());
        if let Some(order) = self.orders.get_mut(&id) {
            let told = json!({ "id": kept["id"], "total": decimal(-amount) });
            match order["refunds"].as_array_mut() {
                Some(all) => all.push(told),
                None => order["refunds"] = json!([told]),
            }
            if back + amount == total {
                order["status"] = json!("refunded");
            }
            order["modified_ms"] = json!(now);
        }
        Reply::json(201, &kept)
    }
}
