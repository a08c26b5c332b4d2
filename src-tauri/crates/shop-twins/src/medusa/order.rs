//! Orders: drafted, converted, paid, packed, delivered, refunded.

use serde_json::{Value, json};

use super::{Answer, LOCATION, MedusaTwin, amount, decimal, iso, only, refused};

/// A decimal in billionths.
fn billionths(value: &Value) -> i64 {
    let text = value.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part: String = part.chars().chain("000000000".chars()).take(9).collect();
    format!("{whole}{part}").parse().unwrap_or(0)
}

/// What an order's payment collections are, added up, as Medusa does it.
fn paid(order: &Value) -> &'static str {
    let collections = list(&order["payment_collections"]);
    let payments = || collections.iter().flat_map(|one| list(&one["payments"]));
    let sum = |of: &[Value]| -> i64 { of.iter().map(|one| billionths(&one["amount"])).sum() };
    let owed = sum(collections);
    let captured: i64 = payments().map(|one| sum(list(&one["captures"]))).sum();
    let back: i64 = payments().map(|one| sum(list(&one["refunds"]))).sum();
    // What is less than a cent is nothing.
    let trace = 10_000_000;
    match (captured, back) {
        (_, back) if back > 0 && back + trace > captured => "refunded",
        (_, back) if back > 0 => "partially_refunded",
        (captured, _) if captured > 0 && captured + trace > owed => "captured",
        (captured, _) if captured > 0 => "partially_captured",
        _ if payments().next().is_some() => "authorized",
        _ => "not_paid",
    }
}

/// The number in `variant_7`.
fn number_of(id: &Value) -> u64 {
    let text = id.as_str().unwrap_or_default();
    text.rsplit_once('_').and_then(|(_, number)| number.parse().ok()).unwrap_or(0)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl MedusaTwin {
    /// A customer orders in the shop, with the money set aside or not; the order's id.
    pub fn order_online(&mut self, variant: u64, pieces: i64, option: &str, now: i64) -> String {
        let id = self.next_id("order");
        let item = self.next_id("ordli");
        let price =
            self.variants.iter().find(|one| one.number == variant).map_or(0, |one| one.price);
        let total = amount(price * pieces);
        self.orders.push(json!({ "id": id, "display_id": 7, "status": "pending",
            "email": "ada@example.com", "created_at": iso(now), "updated_at": iso(now), "total": total,
            "metadata": null, "customer_id": null, "payment_status": "authorized",
            "fulfillment_status": "not_fulfilled",
            "items": [{ "id": item, "variant_id": format!("variant_{variant}"), "variant_sku": "S",
                "title": "Item", "quantity": pieces, "unit_price": amount(price),
                "requires_shipping": true, "detail": { "fulfilled_quantity": 0 } }],
            "shipping_address": null, "shipping_methods": [{ "shipping_option_id": option }],
            "payment_collections": [{ "id": "paycol_web", "status": "authorized", "payments": [{
                "id": format!("pay_{id}"), "provider_id": "pp_system_default", "amount": total,
                "captured_at": null, "canceled_at": null, "captures": [], "refunds": [] }] }],
            "fulfillments": [] }));
        self.reserve(variant, pieces);
        id
    }

    fn reserve(&mut self, variant: u64, pieces: i64) {
        if let Some(one) = self.variants.iter_mut().find(|one| one.number == variant) {
            one.reserved += pieces;
        }
    }

    pub(super) fn post_order(&mut self, parts: &[&str], body: &Value, now: i64) -> Answer {
        match parts {
            ["draft-orders"] => self.draft(body, now),
            ["payment-collections"] => self.collection(body),
            ["payment-collections", id, "mark-as-paid"] => self.mark_as_paid(id, body, now),
            ["payments", id, "refund"] => self.refund(id, body),
            ["payments", id, "capture"] => self.capture(id, now),
            ["draft-orders", id, "convert-to-order"] => self.convert(id, now),
            ["orders", id, rest @ ..] => self.go_on(id, rest, body, now),
            _ => refused(404, "Not found"),
        }
    }

    fn draft(&mut self, body: &Value, now: i64) -> Answer {
        only(
            body,
            &[
                "status",
                "sales_channel_id",
                "email",
                "customer_id",
                "billing_address",
                "shipping_address",
                "items",
                "region_id",
                "promo_codes",
                "currency_code",
                "no_notification_order",
                "shipping_methods",
                "locale",
                "metadata",
            ],
        )?;
        if body["region_id"] != "reg_1" || body["sales_channel_id"] != "sc_1" {
            return refused(400, "Invalid request: Field 'region_id' is required");
        }
        let mut items = Vec::new();
        let mut total = 0;
        for item in list(&body["items"]) {
            only(
                item,
                &[
                    "title",
                    "variant_sku",
                    "variant_barcode",
                    "sku",
                    "barcode",
                    "variant_id",
                    "unit_price",
                    "quantity",
                    "metadata",
                ],
            )?;
            let variant = number_of(&item["variant_id"]);
            let is_offered = self.variants.iter().any(|v| v.number == variant && !v.draft);
            if item.get("variant_id").is_some() && !is_offered {
                let id = item["variant_id"].as_str().unwrap_or_default();
                return refused(
                    400,
                    format!(
                        "Variants {id} do not exist or belong to a product that is not published"
                    ),
                );
            }
            let id = self.next_id("ordli");
            let pieces = item["quantity"].as_i64().unwrap_or(0);
            total += billionths(&item["unit_price"]) * pieces;
            items.push(json!({ "id": id, "variant_id": item["variant_id"], "title": item["title"],
                "variant_sku": null, "quantity": item["quantity"], "unit_price": item["unit_price"],
                "requires_shipping": item.get("variant_id").is_some(),
                "detail": { "fulfilled_quantity": 0 } }));
        }
        let id = self.next_id("order");
        let order = json!({ "id": id, "display_id": self.orders.len() + 1, "status": "draft",
            "email": body["email"], "created_at": iso(now), "updated_at": iso(now),
            "total": decimal(total), "metadata": body["metadata"], "customer_id": body["customer_id"],
            "payment_status": "not_paid", "fulfillment_status": "not_fulfilled", "items": items,
            "shipping_address": null, "shipping_methods": [], "payment_collections": [],
            "fulfillments": [] });
        self.orders.push(order.clone());
        Ok(json!({ "draft_order": order }))
    }

    fn order_mut(&mut self, id: &str, now: i64) -> Result<&mut Value, (u16, String)> {
        let found = self.orders.iter_mut().find(|one| one["id"] == id);
        let Some(order) = found else { return refused(404, format!("Order id not found: {id}")) };
        order["updated_at"] = json!(iso(now));
        Ok(order)
    }

    fn convert(&mut self, id: &str, now: i64) -> Answer {
        let order = self.order_mut(id, now)?.clone();
        if order["status"] != "draft" {
            return refused(400, format!("Order {id} is not a draft order"));
        }
        let taken: Vec<(u64, i64)> = list(&order["items"])
            .iter()
            .filter(|item| !item["variant_id"].is_null())
            .map(|item| (number_of(&item["variant_id"]), item["quantity"].as_i64().unwrap_or(0)))
            .collect();
        if taken.iter().any(|(variant, pieces)| self.available(*variant) < *pieces) {
            return refused(400, "Some variant does not have the required inventory");
        }
        for (variant, pieces) in taken {
            self.reserve(variant, pieces);
        }
        let order = self.order_mut(id, now)?;
        order["status"] = json!("pending");
        Ok(json!({ "order": order }))
    }

    fn collection(&mut self, body: &Value) -> Answer {
        only(body, &["order_id", "amount"])?;
        let id = self.next_id("paycol");
        let Some(order) = self.orders.iter_mut().find(|one| one["id"] == body["order_id"]) else {
            return refused(404, "Order not found");
        };
        let made =
            json!({ "id": id, "status": "not_paid", "amount": body["amount"], "payments": [] });
        if let Some(all) = order["payment_collections"].as_array_mut() {
            all.push(made.clone());
        }
        order["payment_status"] = json!(paid(order));
        Ok(json!({ "payment_collection": made }))
    }

    fn mark_as_paid(&mut self, id: &str, body: &Value, now: i64) -> Answer {
        only(body, &["order_id", "provider_id"])?;
        let payment = self.next_id("pay");
        let order = self.order_mut(body["order_id"].as_str().unwrap_or_default(), now)?;
        let found = order["payment_collections"]
            .as_array_mut()
            .and_then(|all| all.iter_mut().find(|one| one["id"] == id));
        let Some(collection) = found else { return refused(404, "Payment collection not found") };
        if collection["status"] != "not_paid" {
            return refused(400, "Can only mark 'not_paid' payment collection as paid");
        }
        let owed = collection["amount"].clone();
        collection["status"] = json!("completed");
        collection["payments"] = json!([{ "id": payment, "provider_id": "pp_system_default",
            "amount": owed, "captured_at": iso(now), "canceled_at": null,
            "captures": [{ "amount": owed }], "refunds": [] }]);
        order["payment_status"] = json!(paid(order));
        Ok(json!({ "payment_collection": { "id": id } }))
    }

    fn payment(&mut self, id: &str) -> Option<(&mut Value, usize)> {
        let at = self.orders.iter().position(|order| {
            let all = list(&order["payment_collections"]).iter();
            all.flat_map(|one| list(&one["payments"])).any(|one| one["id"] == id)
        })?;
        let collections = self.orders.get_mut(at)?["payment_collections"].as_array_mut()?;
        let payments = collections.iter_mut().filter_map(|one| one["payments"].as_array_mut());
        Some((payments.flatten().find(|one| one["id"] == id)?, at))
    }

    fn refund(&mut self, id: &str, body: &Value) -> Answer {
        only(body, &["amount", "refund_reason_id", "note"])?;
        let Some((payment, at)) = self.payment(id) else {
            return refused(404, "Payment not found");
        };
        let sum =
            |of: &Value| -> i64 { list(of).iter().map(|one| billionths(&one["amount"])).sum() };
        let left = sum(&payment["captures"]) - sum(&payment["refunds"]);
        let back = billionths(&body["amount"]);
        if back <= 0 {
            return refused(
                400,
                "Invalid request: Value for field 'amount' too small, expected at least: '0'",
            );
        }
        if back > left {
            return refused(400, "You are not allowed to refund more than the captured amount");
        }
        if let Some(all) = payment["refunds"].as_array_mut() {
            all.push(json!({ "amount": body["amount"], "note": body["note"] }));
        }
        if let Some(order) = self.orders.get_mut(at) {
            order["payment_status"] = json!(paid(order));
            // What was given back is no part of an order's total.
            order["total"] = decimal((billionths(&order["total"]) - back).max(0));
        }
        Ok(json!({ "payment": { "id": id } }))
    }

    fn capture(&mut self, id: &str, now: i64) -> Answer {
        let Some((payment, at)) = self.payment(id) else {
            return refused(404, "Payment not found");
        };
        payment["captured_at"] = json!(iso(now));
        payment["captures"] = json!([{ "amount": payment["amount"] }]);
        if let Some(order) = self.orders.get_mut(at) {
            order["payment_status"] = json!(paid(order));
        }
        Ok(json!({ "payment": { "id": id } }))
    }

    fn go_on(&mut self, id: &str, rest: &[&str], body: &Value, now: i64) -> Answer {
        match rest {
            [] => {
                only(
                    body,
                    &["email", "shipping_address", "billing_address", "locale", "metadata"],
                )?;
                self.order_mut(id, now)?["metadata"] = body["metadata"].clone();
            }
            ["cancel"] => {
                let order = self.order_mut(id, now)?;
                if order["status"] == "canceled" {
                    return refused(400, format!("Order with id {id} has been canceled."));
                }
                if !list(&order["fulfillments"]).is_empty() {
                    return refused(
                        400,
                        "All fulfillments must be canceled before canceling an order",
                    );
                }
                order["status"] = json!("canceled");
                let items = list(&order["items"]).to_vec();
                for item in items {
                    let open = item["quantity"].as_i64().unwrap_or(0)
                        - item["detail"]["fulfilled_quantity"].as_i64().unwrap_or(0);
                    self.reserve(number_of(&item["variant_id"]), -open);
                }
            }
            ["fulfillments"] => return self.pack(id, body, now),
            ["fulfillments", parcel, what] => {
                let order = self.order_mut(id, now)?;
                let all = order["fulfillments"].as_array_mut();
                let found = all.and_then(|all| all.iter_mut().find(|one| one["id"] == *parcel));
                let Some(one) = found else { return refused(404, "Fulfillment not found") };
                let name = match *what {
                    "mark-as-delivered" => "delivered_at",
                    "shipments" => "shipped_at",
                    _ => return refused(404, "Not found"),
                };
                if !one[name].is_null() {
                    return refused(400, "Fulfillment has already been marked delivered");
                }
                one[name] = json!(iso(now));
                let state = if name == "shipped_at" { "shipped" } else { "delivered" };
                order["fulfillment_status"] = json!(state);
            }
            _ => return refused(404, "Not found"),
        }
        let order = self.order_mut(id, now)?;
        Ok(json!({ "order": order }))
    }

    fn pack(&mut self, id: &str, body: &Value, now: i64) -> Answer {
        only(body, &["items", "location_id", "shipping_option_id", "no_notification", "metadata"])?;
        let parcel = self.next_id("ful");
        let order = self.order_mut(id, now)?.clone();
        if body["location_id"] != LOCATION || order["status"] != "pending" {
            return refused(404, "StockLocation id not found");
        }
        let mut kinds = Vec::new();
        let mut moved = Vec::new();
        let mut items = list(&order["items"]).to_vec();
        for wanted in list(&body["items"]) {
            let Some(item) = items.iter_mut().find(|item| item["id"] == wanted["id"]) else {
                return refused(400, "Items do not exist in the order");
            };
            let pieces = wanted["quantity"].as_i64().unwrap_or(0);
            let done = item["detail"]["fulfilled_quantity"].as_i64().unwrap_or(0);
            if done + pieces > item["quantity"].as_i64().unwrap_or(0) {
                return refused(
                    400,
                    "Quantity to fulfill exceeds the reserved quantity for the item",
                );
            }
            item["detail"]["fulfilled_quantity"] = json!(done + pieces);
            kinds.push(item["requires_shipping"].clone());
            moved.push((number_of(&item["variant_id"]), pieces));
        }
        if kinds.is_empty() || kinds.iter().any(|kind| Some(kind) != kinds.first()) {
            return refused(
                400,
                "Fulfillment can only be created entirely with items with shipping or \
                                 items without shipping. Split this request into 2 fulfillments.",
            );
        }
        for (variant, pieces) in moved {
            if let Some(one) = self.variants.iter_mut().find(|one| one.number == variant) {
                one.stocked -= pieces;
                one.reserved -= pieces;
            }
        }
        let lines: Vec<Value> = list(&body["items"])
            .iter()
            .map(|one| json!({ "line_item_id": one["id"], "quantity": one["quantity"] }))
            .collect();
        let order = self.order_mut(id, now)?;
        order["items"] = Value::Array(items);
        order["fulfillment_status"] = json!("fulfilled");
        if let Some(all) = order["fulfillments"].as_array_mut() {
            all.push(
                json!({ "id": parcel, "items": lines, "shipped_at": null, "delivered_at": null,
                "canceled_at": null }),
            );
        }
        Ok(json!({ "order": order }))
    }
}
