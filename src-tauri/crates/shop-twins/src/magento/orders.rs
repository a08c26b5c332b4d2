//! The twin's orders: what is reserved, taken, given back.

use serde_json::{Value, json};

use super::{Magento, number, refused, rows, stamp, thousandths};
use crate::http::Reply;

impl Magento {
    /// A customer orders in the shop; returns the order's id. Its goods are reserved; it is paid unless
    /// `later`. `collect` is for an order that is fetched.
    pub fn order_online(
        &mut self,
        goods: &[(&str, i64)],
        collect: bool,
        later: bool,
        now: i64,
    ) -> i64 {
        let order = self.next();
        let mut items = Vec::new();
        let mut cents = 0;
        for (sku, pieces) in goods {
            let id = self.next();
            let product = self.products.values().find(|row| row["sku"] == *sku);
            let price = product.map_or(json!(1), |row| row["price"].clone());
            cents += thousandths(&price) / 10 * pieces;
            items.push(json!({
                "item_id": id, "sku": sku, "name": sku, "product_type": "simple",
                "qty_ordered": pieces, "qty_invoiced": if later { 0 } else { *pieces },
                "qty_shipped": 0, "qty_refunded": 0, "qty_canceled": 0, "price": price,
                "price_incl_tax": price, "row_total_incl_tax": number(thousandths(&price) * pieces),
            }));
            *self.reservations.entry((*sku).to_owned()).or_default() -= pieces * 1_000;
        }
        let lives = json!({
            "firstname": "Ada", "lastname": "Lovelace", "street": ["Lane 1"], "city": "London",
            "postcode": "E1", "country_id": "GB", "telephone": "123",
        });
        let total = number(cents * 10);
        let method = if collect { "instore_pickup" } else { "flatrate_flatrate" };
        let row = json!({
            "entity_id": order, "increment_id": format!("{order:09}"),
            "state": if later { "new" } else { "processing" },
            "status": if later { "pending" } else { "processing" },
            "created_at": stamp(now), "updated_at": stamp(now), "grand_total": total,
            "total_paid": if later { json!(null) } else { total.clone() },
            "customer_email": "ada@example.com", "billing_address": lives,
            "payment": { "method": "checkmo" }, "items": items,
            "extension_attributes": { "shipping_assignments": [
                { "shipping": { "method": method, "address": lives } },
            ] },
        });
        self.orders.insert(order, row);
        order
    }

    /// Changes an order as the shop's owner would, past all rules.
    pub fn edit_order(&mut self, order: i64, now: i64, change: impl FnOnce(&mut Value)) {
        if let Some(row) = self.orders.get_mut(&order) {
            change(row);
            row["updated_at"] = stamp(now).into();
        }
    }

    /// An order that is written by API: it reserves nothing and takes nothing.
    pub(super) fn write_order(&mut self, body: &Value, now: i64) -> Reply {
        let entity = &body["entity"];
        for field in ["customer_email", "grand_total", "base_grand_total", "items", "payment"] {
            if entity[field].is_null() {
                return refused(400, "\"%fieldName\" is required. Enter and try again.");
            }
        }
        let items = rows(&entity["items"]);
        if items.is_empty() || items.iter().any(|item| !item["sku"].is_string()) {
            return refused(400, "Please specify order items.");
        }
        let order = self.next();
        let mut row = entity.clone();
        row["entity_id"] = order.into();
        row["increment_id"] = format!("{order:09}").into();
        row["updated_at"] = stamp(now).into();
        if let Some(items) = row["items"].as_array_mut() {
            for item in items {
                self.number += 1;
                item["item_id"] = self.number.into();
                item["qty_refunded"] = 0.into();
            }
        }
        self.orders.insert(order, row.clone());
        Reply::json(200, &row)
    }

    pub(super) fn cancel(&mut self, order: i64, now: i64) -> Reply {
        let Some(row) = self.orders.get_mut(&order) else {
            return refused(404, "The entity that was requested doesn't exist.");
        };
        if !matches!(row["state"].as_str(), Some("new" | "processing")) {
            return Reply::json(200, &json!(false));
        }
        row["state"] = "canceled".into();
        row["updated_at"] = stamp(now).into();
        for item in rows(&row["items"]) {
            let sku = item["sku"].as_str().unwrap_or_default().to_owned();
            let left = thousandths(&item["qty_ordered"]) - thousandths(&item["qty_shipped"]);
            *self.reservations.entry(sku).or_default() += left;
        }
        Reply::json(200, &json!(true))
    }

    pub(super) fn invoice(&mut self, order: i64, now: i64) -> Reply {
        let Some(row) = self.orders.get_mut(&order) else {
            return refused(404, "The entity that was requested doesn't exist.");
        };
        if row["state"] != "new" {
            return refused(400, "The order does not allow an invoice to be created.");
        }
        row["state"] = "processing".into();
        row["total_paid"] = row["grand_total"].clone();
        row["updated_at"] = stamp(now).into();
        if let Some(items) = row["items"].as_array_mut() {
            items.iter_mut().for_each(|item| item["qty_invoiced"] = item["qty_ordered"].clone());
        }
        Reply::json(200, &json!(self.next().to_string()))
    }

    pub(super) fn ship(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let source = &body["arguments"]["extension_attributes"]["source_code"];
        if !source.is_null() && *source != "default" {
            return refused(400, "The source does not exist.");
        }
        let Some(row) = self.orders.get(&order) else {
            return refused(404, "The entity that was requested doesn't exist.");
        };
        let mut taken = Vec::new();
        for said in rows(&body["items"]) {
            let item =
                rows(&row["items"]).iter().find(|one| one["item_id"] == said["order_item_id"]);
            let Some(item) = item else { return refused(400, "The item is not of this order.") };
            let quantity = thousandths(&said["qty"]);
            let left = thousandths(&item["qty_ordered"]) - thousandths(&item["qty_shipped"]);
            if quantity <= 0 || quantity > left {
                return refused(
                    400,
                    "The quantity to ship must not be greater than the unshipped one.",
                );
            }
            let sku = item["sku"].as_str().unwrap_or_default().to_owned();
            if self.on_shelf(&sku) < quantity {
                return refused(
                    400,
                    "Not all of your products are available in the requested quantity.",
                );
            }
            taken.push((said["order_item_id"].clone(), sku, quantity));
        }
        if taken.is_empty() {
            return refused(400, "You can't create a shipment without products.");
        }
        for (id, sku, quantity) in taken {
            *self.source.entry(sku.clone()).or_default() -= quantity;
            *self.reservations.entry(sku).or_default() += quantity;
            self.count_item(order, &id, "qty_shipped", quantity);
        }
        self.settle(order, now);
        Reply::json(200, &json!(self.next().to_string()))
    }

    pub(super) fn notify_ready(&mut self, body: &Value, now: i64) -> Reply {
        let mut errors = Vec::new();
        for id in rows(&body["orderIds"]) {
            let order = id.as_i64().unwrap_or(0);
            let row = self.orders.get(&order);
            let to_collect = row.is_some_and(|row| {
                let shipping = &row["extension_attributes"]["shipping_assignments"][0]["shipping"];
                shipping["method"] == "instore_pickup"
            });
            let items: Vec<Value> = row
                .map(|row| rows(&row["items"]).to_vec())
                .unwrap_or_default()
                .iter()
                .map(|item| json!({ "order_item_id": item["item_id"], "qty": item["qty_ordered"] }))
                .collect();
            let shipped =
                to_collect && self.ship(order, &json!({ "items": items }), now).status == 200;
            if !shipped {
                errors.push(json!({ "id": id, "message": "The order is not ready for pickup" }));
            }
        }
        Reply::json(200, &json!({ "is_successful": errors.is_empty(), "errors": errors }))
    }

    pub(super) fn refund(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let Some(row) = self.orders.get(&order).cloned() else {
            return refused(404, "The entity that was requested doesn't exist.");
        };
        let mut total = 0;
        let mut back = Vec::new();
        for said in rows(&body["items"]) {
            let item =
                rows(&row["items"]).iter().find(|one| one["item_id"] == said["order_item_id"]);
            let Some(item) = item else { return refused(400, "The item is not of this order.") };
            let quantity = thousandths(&said["qty"]);
            let left = thousandths(&item["qty_invoiced"]) - thousandths(&item["qty_refunded"]);
            if quantity <= 0 || quantity > left {
                return refused(
                    400,
                    "The quantity to refund must not be greater than the unrefunded one.",
                );
            }
            let all = thousandths(&item["qty_ordered"]).max(1);
            total += (thousandths(&item["row_total_incl_tax"]) * quantity + all / 2) / all;
            back.push((said["order_item_id"].clone(), quantity));
        }
        let more = |field: &str| thousandths(&body["arguments"][field]);
        // Whole hundredths.
        total = (total + 5) / 10 * 10 + more("adjustment_positive") - more("adjustment_negative");
        let refunded = thousandths(&row["total_refunded"]) + total;
        if total <= 0 || refunded > thousandths(&row["total_paid"]) {
            return refused(400, "The most money available to refund is %1.");
        }
        for (id, quantity) in back {
            self.count_item(order, &id, "qty_refunded", quantity);
        }
        if let Some(row) = self.orders.get_mut(&order) {
            row["total_refunded"] = number(refunded);
            if refunded == thousandths(&row["total_paid"]) {
                row["state"] = "closed".into();
            }
            row["updated_at"] = stamp(now).into();
        }
        let id = self.next();
        self.memos.insert(
            id,
            json!({
                "entity_id": id, "order_id": order, "grand_total": number(total),
                "said": body["comment"]["comment"], "items": body["items"],
            }),
        );
        Reply::json(200, &json!(id.to_string()))
    }

    pub(super) fn memo_comments(&self, memo: i64) -> Reply {
        match self.memos.get(&memo) {
            Some(memo) => {
                let comments = json!([{ "entity_id": 1, "comment": memo["said"] }]);
                Reply::json(200, &json!({ "items": comments, "total_count": 1 }))
            }
            None => refused(404, "The entity that was requested doesn't exist."),
        }
    }

    fn count_item(&mut self, order: i64, item: &Value, field: &str, more: i64) {
        let items = self.orders.get_mut(&order).and_then(|row| row["items"].as_array_mut());
        if let Some(row) =
            items.and_then(|items| items.iter_mut().find(|row| row["item_id"] == *item))
        {
            row[field] = number(thousandths(&row[field]) + more);
        }
    }

    /// What is paid and shipped is over.
    fn settle(&mut self, order: i64, now: i64) {
        if let Some(row) = self.orders.get_mut(&order) {
            let over = rows(&row["items"]).iter().all(|item| {
                let all = thousandths(&item["qty_ordered"]);
                thousandths(&item["qty_shipped"]) >= all
                    && thousandths(&item["qty_invoiced"]) >= all
            });
            row["state"] = if over { "complete" } else { "processing" }.into();
            row["updated_at"] = stamp(now).into();
        }
    }
}
