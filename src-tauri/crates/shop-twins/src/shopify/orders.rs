//! Orders are made, paid, handed over, given back and given up.

use serde_json::{Map, Value, json};

use super::books::{Line, Order, Part, Payment, Refund, gid, number};
use super::{ShopifyBooks, TRIAL_ORDERS, failed, payload};

/// Minor units of `{"amount": "19.99"}`; none if it is written otherwise.
fn minor(amount: &Value) -> Option<i64> {
    let text = amount.as_str()?;
    let (units, cents) = text.split_once('.').unwrap_or((text, "00"));
    (cents.len() == 2).then(|| format!("{units}{cents}").parse().ok()).flatten()
}

fn shop_money(bag: &Value) -> Option<i64> {
    (bag["shopMoney"]["currencyCode"] == "EUR")
        .then(|| minor(&bag["shopMoney"]["amount"]))
        .flatten()
}

impl ShopifyBooks {
    /// A buyer orders so many of a variant, to be collected at location 1 or sent from it. It is paid, or
    /// to be paid when it is collected. Its number.
    pub fn order_online(
        &mut self,
        variant: u64,
        units: i64,
        collect: bool,
        paid: bool,
        now: i64,
    ) -> u64 {
        let price = self.variant(variant).map(|one| one.price.clone()).unwrap_or_default();
        let line = Line {
            id: self.next_id(),
            variant: Some(variant),
            name: format!("Variant {variant}"),
            quantity: units,
            price: minor(&json!(price)).unwrap_or(0),
            ..Line::default()
        };
        let part = Part {
            id: self.next_id(),
            status: "OPEN".to_owned(),
            location: 1,
            method: if collect { "PICK_UP" } else { "SHIPPING" }.to_owned(),
            lines: vec![(line.id, units)],
            told_ready: 0,
        };
        let mut order = Order {
            id: self.next_id(),
            created_ms: now,
            updated_ms: now,
            lines: vec![line],
            parts: vec![part],
            name: "Ann Other".to_owned(),
            ..Order::default()
        };
        if paid {
            let (id, amount) = (self.next_id(), order.total());
            let (kind, gateway) = ("SALE".to_owned(), "shopify_payments".to_owned());
            order.payments.push(Payment { id, kind, gateway, amount, parent: None });
        }
        self.take(variant, 1, units, now);
        let id = order.id;
        self.orders.insert(id, order);
        id
    }

    fn take(&mut self, variant: u64, location: u64, units: i64, now: i64) {
        let level = self.variant_mut(variant).and_then(|one| one.levels.get_mut(&location));
        if let Some(level) = level {
            level.available -= units;
            level.updated_ms = now;
        }
    }

    pub(super) fn order_create(&mut self, order: &Value, options: Option<&Value>) -> Value {
        let now = self.now_ms;
        if self.development {
            self.minted.retain(|at| now - at < 60_000);
            if self.minted.len() >= TRIAL_ORDERS {
                return failed("INVALID", "Too many attempts. Please try again later.");
            }
        }
        let lines = match self.new_lines(order) {
            Ok(lines) => lines,
            Err(wrong) => return wrong,
        };
        let processed =
            order["processedAt"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        if processed.is_none_or(|at| at.as_millisecond() > now + 60_000) {
            return failed("PROCESSED_AT_INVALID", "processed_at is invalid");
        }
        let payments = match self.new_payments(order) {
            Ok(payments) => payments,
            Err(wrong) => return wrong,
        };
        let location = order["fulfillment"]["locationId"]
            .as_str()
            .map(|_| number(&order["fulfillment"]["locationId"]));
        let mut new = Order {
            id: self.next_id(),
            source: order["sourceIdentifier"].as_str().map(str::to_owned),
            tags: order["tags"]
                .as_array()
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .filter_map(|tag| tag.as_str().map(str::to_owned))
                .collect(),
            created_ms: now,
            updated_ms: now,
            lines,
            payments,
            customer: order["customer"]["toAssociate"]["id"]
                .as_str()
                .map(|_| number(&order["customer"]["toAssociate"]["id"])),
            ..Order::default()
        };
        if new.paid() > new.total() {
            return failed("INVALID", "The transactions come to more than the order.");
        }
        let at = location.unwrap_or(1);
        new.parts.push(Part {
            id: self.next_id(),
            status: if location.is_some() { "CLOSED" } else { "OPEN" }.to_owned(),
            location: at,
            method: "RETAIL".to_owned(),
            lines: new.lines.iter().map(|line| (line.id, line.quantity)).collect(),
            told_ready: 0,
        });
        // Without a word an order takes nothing from stock.
        let how =
            options.and_then(|options| options["inventoryBehaviour"].as_str()).unwrap_or("BYPASS");
        if how == "DECREMENT_IGNORING_POLICY" {
            for line in &new.lines {
                if let Some(variant) = line.variant {
                    self.take(variant, at, line.quantity, now);
                }
            }
        }
        self.minted.push(now);
        let id = new.id;
        self.orders.insert(id, new);
        payload(json!({ "order": { "id": gid("Order", id) } }))
    }

    fn new_payments(&mut self, order: &Value) -> Result<Vec<Payment>, Value> {
        let mut payments = Vec::new();
        for one in order["transactions"].as_array().map_or(&[][..], Vec::as_slice) {
            let Some(amount) = shop_money(&one["amountSet"]) else {
                return Err(failed("INVALID", "amountSet is invalid"));
            };
            payments.push(Payment {
                id: self.next_id(),
                kind: one["kind"].as_str().unwrap_or("SALE").to_owned(),
                gateway: one["gateway"].as_str().unwrap_or_default().to_owned(),
                amount,
                parent: None,
            });
        }
        Ok(payments)
    }

    fn new_lines(&mut self, order: &Value) -> Result<Vec<Line>, Value> {
        let all = order["lineItems"].as_array().cloned().unwrap_or_default();
        if all.is_empty() {
            return Err(failed("INVALID", "Line items can't be blank"));
        }
        let mut lines = Vec::new();
        for one in &all {
            let variant = one["variantId"].as_str().map(|_| number(&one["variantId"]));
            let known = variant.map(|id| self.variant(id).map(|found| found.sku.clone()));
            let (Some(price), Some(quantity)) =
                (shop_money(&one["priceSet"]), one["quantity"].as_i64())
            else {
                return Err(failed("INVALID", "a line has no price or no quantity"));
            };
            if known == Some(None) || quantity < 1 || price < 0 {
                return Err(failed("INVALID", "a line's variant or quantity is invalid"));
            }
            if variant.is_none() && one["title"].as_str().unwrap_or_default().is_empty() {
                return Err(failed("INVALID", "Title can't be blank"));
            }
            for tax in one["taxLines"].as_array().map_or(&[][..], Vec::as_slice) {
                if tax["rate"].is_null() {
                    return Err(failed("TAX_LINE_RATE_MISSING", "the rate is missing"));
                }
            }
            let property = |one: &Value| {
                let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
                (text("name"), text("value"))
            };
            lines.push(Line {
                id: self.next_id(),
                variant,
                name: one["title"].as_str().unwrap_or("Goods").to_owned(),
                sku: known.flatten().unwrap_or_default(),
                quantity,
                returned: 0,
                price,
                properties: one["properties"]
                    .as_array()
                    .map_or(&[][..], Vec::as_slice)
                    .iter()
                    .map(property)
                    .collect(),
            });
        }
        Ok(lines)
    }

    pub(super) fn refund_create(&mut self, input: &Value) -> Value {
        let now = self.now_ms;
        let (refund_id, id) = (self.next_id(), number(&input["orderId"]));
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return failed("INVALID", "Order does not exist");
        };
        let mut back = Vec::new();
        for one in input["refundLineItems"].as_array().map_or(&[][..], Vec::as_slice) {
            let (line, quantity) =
                (number(&one["lineItemId"]), one["quantity"].as_i64().unwrap_or(0));
            let Some(line) = order.lines.iter_mut().find(|found| found.id == line) else {
                return failed("INVALID", "Line item does not exist");
            };
            if quantity < 1 || quantity > line.quantity - line.returned {
                return failed("INVALID", "Quantity cannot refund more items than were purchased");
            }
            line.returned += quantity;
            match one["restockType"].as_str() {
                Some("RETURN") => match (line.variant, one["locationId"].as_str()) {
                    (Some(variant), Some(_)) => {
                        back.push((variant, number(&one["locationId"]), quantity));
                    }
                    _ => {
                        return failed("INVALID", "a location and a variant are needed to restock");
                    }
                },
                Some("NO_RESTOCK") if one.get("locationId").is_none_or(Value::is_null) => {}
                _ => return failed("INVALID", "Restock type is invalid"),
            }
        }
        let mut total = 0;
        for one in input["transactions"].as_array().map_or(&[][..], Vec::as_slice) {
            let parent = one["parentId"].as_str().map(|_| number(&one["parentId"]));
            let known =
                order.payments.iter().any(|pay| Some(pay.id) == parent && pay.kind == "SALE");
            let Some(amount) = minor(&one["amount"]).filter(|amount| *amount > 0 && known) else {
                return failed("INVALID", "Transactions are invalid");
            };
            total += amount;
            let gateway = one["gateway"].as_str().unwrap_or_default().to_owned();
            let payment =
                Payment { id: self.next_id(), kind: "REFUND".to_owned(), gateway, amount, parent };
            order.payments.push(payment);
        }
        if order.paid() < 0 && input["allowOverRefunding"] != true {
            return failed("INVALID", "Refund amount is more than was paid");
        }
        for (variant, location, quantity) in back {
            self.take(variant, location, -quantity, now);
        }
        let note = input["note"].as_str().unwrap_or_default().to_owned();
        order.refunds.push(Refund { id: refund_id, note, total });
        order.updated_ms = now;
        self.orders.insert(id, order);
        payload(json!({ "refund": { "id": gid("Refund", refund_id) } }))
    }

    pub(super) fn order_paid(&mut self, input: &Value) -> Value {
        let (payment, now) = (self.next_id(), self.now_ms);
        let Some(order) = self.orders.get_mut(&number(&input["id"])) else {
            return failed("INVALID", "Order does not exist");
        };
        if !order.payments.is_empty() {
            return failed("INVALID", "Order cannot be marked as paid.");
        }
        let (kind, gateway) = ("SALE".to_owned(), "manual".to_owned());
        let amount = order.total();
        order.payments.push(Payment { id: payment, kind, gateway, amount, parent: None });
        order.updated_ms = now;
        payload(json!({ "order": { "id": gid("Order", order.id) } }))
    }

    pub(super) fn order_cancel(&mut self, args: &Map<String, Value>) -> Value {
        let now = self.now_ms;
        let Some(order) = self.orders.get_mut(&number(&args["orderId"])) else {
            return failed("NOT_FOUND", "Order does not exist");
        };
        if order.cancelled_ms.is_some() {
            return failed("INVALID", "Cannot cancel an order that has already been canceled");
        }
        (order.cancelled_ms, order.updated_ms) = (Some(now), now);
        for part in &mut order.parts {
            part.status = "CANCELLED".to_owned();
        }
        let back: Vec<_> =
            order.lines.iter().filter_map(|line| Some((line.variant?, line.quantity))).collect();
        if args.get("restock") == Some(&json!(true)) {
            for (variant, quantity) in back {
                self.take(variant, 1, -quantity, now);
            }
        }
        payload(json!({ "job": { "id": "gid://shopify/Job/1" } }))
    }

    /// The order that has this part.
    fn of_part(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.values_mut().find(|order| order.parts.iter().any(|part| part.id == id))
    }

    pub(super) fn prepared(&mut self, input: &Value) -> Value {
        let now = self.now_ms;
        for one in input["lineItemsByFulfillmentOrder"].as_array().cloned().unwrap_or_default() {
            let id = number(&one["fulfillmentOrderId"]);
            let Some(order) = self.of_part(id) else {
                return failed("INVALID", "Fulfillment order does not exist");
            };
            order.updated_ms = now;
            for part in order.parts.iter_mut().filter(|part| part.id == id) {
                if part.method != "PICK_UP" || part.status != "OPEN" {
                    return failed(
                        "INVALID",
                        "The fulfillment order cannot be prepared for pickup",
                    );
                }
                part.status = "IN_PROGRESS".to_owned();
                part.told_ready += 1;
            }
        }
        payload(json!({}))
    }

    pub(super) fn fulfillment_create(&mut self, input: &Value) -> Value {
        let (parcel, now) = (self.next_id(), self.now_ms);
        for one in input["lineItemsByFulfillmentOrder"].as_array().cloned().unwrap_or_default() {
            let id = number(&one["fulfillmentOrderId"]);
            let Some(order) = self.of_part(id) else {
                return failed("INVALID", "Fulfillment order does not exist");
            };
            for part in order.parts.iter_mut().filter(|part| part.id == id) {
                if !["OPEN", "IN_PROGRESS"].contains(&part.status.as_str()) {
                    return failed("INVALID", "The fulfillment order is not open");
                }
                part.status = "CLOSED".to_owned();
            }
            order.updated_ms = now;
            order.parcels.push((parcel, "FULFILLED".to_owned()));
            order.tracking.extend(input["trackingInfo"]["number"].as_str().map(str::to_owned));
        }
        payload(json!({ "fulfillment": { "id": gid("Fulfillment", parcel) } }))
    }

    pub(super) fn fulfillment_event(&mut self, input: &Value) -> Value {
        let id = number(&input["fulfillmentId"]);
        let mut parcels = self.orders.values_mut().flat_map(|order| &mut order.parcels);
        match parcels.find(|parcel| parcel.0 == id) {
            Some(parcel) => {
                parcel.1 = input["status"].as_str().unwrap_or_default().to_owned();
                payload(json!({ "fulfillmentEvent": { "id": "gid://shopify/FulfillmentEvent/1" } }))
            }
            None => failed("INVALID", "Fulfillment does not exist"),
        }
    }
}
