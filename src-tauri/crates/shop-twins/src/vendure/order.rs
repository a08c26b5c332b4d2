//! What is written.

use serde_json::{Map, Value, json};

use super::answers::{as_id, customer};
use super::{Line, Parcel, Payment, Refund, VendureCustomer, VendureOrder, VendureTwin};
use crate::graphql::FieldError;

type Answer = Result<Value, FieldError>;

fn refusal(kind: &str, code: &str, message: &str) -> Value {
    json!({ "__typename": kind, "errorCode": code, "message": message, "transitionError": message })
}

fn missing(what: &str) -> FieldError {
    FieldError::new("ENTITY_NOT_FOUND", format!("No {what} with that id could be found"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl VendureTwin {
    pub(super) fn write(&mut self, field: &str, args: &Map<String, Value>, now: i64) -> Answer {
        let input = args.get("input").cloned().unwrap_or(Value::Null);
        let arg = |name: &str| args.get(name).cloned().unwrap_or(Value::Null);
        match field {
            "createDraftOrder" => {
                let id = self.next_id();
                let order =
                    VendureOrder { id, state: "Draft".to_owned(), ..VendureOrder::default() };
                self.orders.push(VendureOrder { created_ms: now, updated_ms: now, ..order });
                self.out(id)
            }
            "addNoteToOrder" => {
                let id = as_id(&input["id"]);
                let note = json!({ "note": input["note"] });
                self.order_mut(id, now)?.history.push(("ORDER_NOTE".to_owned(), note));
                self.out(id)
            }
            "addItemToDraftOrder" => self.add_item(as_id(&arg("orderId")), &input, now),
            "adjustDraftOrderLine" => {
                let (id, line) = (as_id(&arg("orderId")), as_id(&input["orderLineId"]));
                let order = self.draft(id, now)?;
                let found = order.lines.iter_mut().find(|one| one.id == line);
                found.ok_or_else(|| missing("OrderLine"))?.quantity =
                    input["quantity"].as_i64().unwrap_or(0);
                self.out(id)
            }
            "setCustomerForDraftOrder" => {
                let id = as_id(&arg("orderId"));
                let known = as_id(&arg("customerId"));
                let email = text(&input["emailAddress"]);
                let found = self
                    .customers
                    .iter()
                    .find(|one| if known > 0 { one.id == known } else { one.email == email });
                let customer = match found {
                    Some(one) => one.id,
                    None if known > 0 => return Err(missing("Customer")),
                    None => self.new_customer(&input, now),
                };
                self.draft(id, now)?.customer = Some(customer);
                self.out(id)
            }
            "setDraftOrderShippingMethod" => {
                let id = as_id(&arg("orderId"));
                let code = match as_id(&arg("shippingMethodId")) {
                    1 => "standard-shipping",
                    2 => "counter",
                    _ => return Err(missing("ShippingMethod")),
                };
                self.draft(id, now)?.shipping = code.to_owned();
                self.out(id)
            }
            "transitionOrderToState" => self.arrange(as_id(&arg("id")), &text(&arg("state")), now),
            "addManualPaymentToOrder" => self.pay(&input, now),
            "settlePayment" => self.settle_payment(as_id(&arg("id")), now),
            "addFulfillmentToOrder" => self.pack(&input, now),
            "transitionFulfillmentToState" => {
                self.move_parcel(as_id(&arg("id")), &text(&arg("state")), now)
            }
            "refundOrder" => self.refund(&input),
            "settleRefund" => self.settle_refund(&input),
            "cancelOrder" => self.cancel(&input, now),
            "updateProductVariants" => self.set_levels(&input, now),
            "createCustomer" | "updateCustomer" => self.save_customer(&input, now),
            "createCustomerAddress" | "updateCustomerAddress" => {
                self.save_address(as_id(&arg("customerId")), &input, now)
            }
            _ => Err(FieldError::new("GRAPHQL_VALIDATION_FAILED", format!("no field {field}"))),
        }
    }

    fn out(&self, id: u64) -> Answer {
        let order = self.orders.iter().find(|one| one.id == id);
        Ok(order.map_or(Value::Null, |one| self.order_out(one)))
    }

    fn order_mut(&mut self, id: u64, now: i64) -> Result<&mut VendureOrder, FieldError> {
        let order = self.orders.iter_mut().find(|one| one.id == id);
        let order = order.ok_or_else(|| missing("Order"))?;
        order.updated_ms = now;
        Ok(order)
    }

    fn draft(&mut self, id: u64, now: i64) -> Result<&mut VendureOrder, FieldError> {
        let order = self.order_mut(id, now)?;
        if order.state == "Draft" {
            Ok(order)
        } else {
            Err(FieldError::new("USER_INPUT_ERROR", "The Order is not a draft"))
        }
    }

    fn add_item(&mut self, id: u64, input: &Value, now: i64) -> Answer {
        let variant = as_id(&input["productVariantId"]);
        let pieces = input["quantity"].as_i64().unwrap_or(0);
        if pieces <= 0 {
            return Err(FieldError::new("BAD_USER_INPUT", "Int cannot represent that"));
        }
        if !self.variants.iter().any(|one| one.id == variant) {
            return Err(missing("ProductVariant"));
        }
        let there = self.available(variant);
        let line = self.next_id();
        let order = self.draft(id, now)?;
        let has = order.pieces(variant);
        let taken = pieces.min((there - has).max(0));
        // Added to what is there, and as much as there is.
        match order.lines.iter_mut().find(|one| one.variant == variant) {
            Some(line) => line.quantity += taken,
            None if taken > 0 => {
                order.lines.push(Line { id: line, variant, quantity: taken, ..Line::default() });
            }
            None => {}
        }
        if taken < pieces {
            let words =
                format!("Only {taken} items were added to the order due to insufficient stock");
            return Ok(refusal("InsufficientStockError", "INSUFFICIENT_STOCK_ERROR", &words));
        }
        self.out(id)
    }

    fn arrange(&mut self, id: u64, state: &str, now: i64) -> Answer {
        let stock: Vec<(u64, i64)> =
            self.variants.iter().map(|one| (one.id, one.on_hand - one.allocated)).collect();
        let order = self.order_mut(id, now)?;
        let short = order.lines.iter().any(|line| {
            let there = stock.iter().find(|(id, _)| *id == line.variant);
            there.is_none_or(|(_, there)| *there < line.quantity)
        });
        let wrong = if order.state != "Draft" || state != "ArrangingPayment" {
            format!("Cannot transition Order from \"{}\" to \"{state}\"", order.state)
        } else if order.lines.is_empty() {
            "Cannot transition Order to the \"ArrangingPayment\" state when it is empty".to_owned()
        } else if order.customer.is_none() {
            "Cannot transition Order to the \"ArrangingPayment\" state without Customer".to_owned()
        } else if order.shipping.is_empty() {
            "Cannot transition Order to the \"ArrangingPayment\" state without a ShippingMethod"
                .to_owned()
        } else if short {
            "Cannot transition Order to the \"ArrangingPayment\" state due to insufficient stock"
                .to_owned()
        } else {
            order.state = state.to_owned();
            return self.out(id);
        };
        Ok(refusal("OrderStateTransitionError", "ORDER_STATE_TRANSITION_ERROR", &wrong))
    }

    fn pay(&mut self, input: &Value, now: i64) -> Answer {
        let id = as_id(&input["orderId"]);
        let payment = self.next_id();
        let order = self.orders.iter().find(|one| one.id == id).ok_or_else(|| missing("Order"))?;
        if order.state != "ArrangingPayment" {
            let words = "A manual payment can only be added to an Order in ArrangingPayment";
            return Ok(refusal("ManualPaymentStateError", "MANUAL_PAYMENT_STATE_ERROR", words));
        }
        let amount = self.total(order);
        let taken: Vec<(u64, i64)> =
            order.lines.iter().map(|line| (line.variant, line.quantity)).collect();
        let order = self.order_mut(id, now)?;
        order.payments.push(Payment {
            id: payment,
            method: text(&input["method"]),
            amount,
            state: "Settled",
            transaction: text(&input["transactionId"]),
            metadata: input["metadata"].clone(),
            refunds: Vec::new(),
        });
        order.state = "PaymentSettled".to_owned();
        for (variant, pieces) in taken {
            self.shift(variant, 0, pieces);
        }
        self.out(id)
    }

    fn settle_payment(&mut self, payment: u64, now: i64) -> Answer {
        for order in &mut self.orders {
            if let Some(one) = order.payments.iter_mut().find(|one| one.id == payment) {
                one.state = "Settled";
                order.state = "PaymentSettled".to_owned();
                order.updated_ms = now;
                return Ok(json!({ "__typename": "Payment", "id": payment.to_string() }));
            }
        }
        Err(missing("Payment"))
    }

    fn shift(&mut self, variant: u64, on_hand: i64, allocated: i64) {
        // The variant's moment stays as it is.
        if let Some(one) = self.variants.iter_mut().find(|one| one.id == variant) {
            one.on_hand += on_hand;
            one.allocated += allocated;
        }
    }

    fn pack(&mut self, input: &Value, now: i64) -> Answer {
        let handler = &input["handler"];
        let named: Vec<String> =
            list(&handler["arguments"]).iter().map(|one| text(&one["name"])).collect();
        if handler["code"] != "manual-fulfillment" || !named.iter().any(|name| name == "method") {
            let words = "That is no fulfillment handler";
            return Ok(refusal("InvalidFulfillmentHandlerError", "INVALID_HANDLER", words));
        }
        let wanted: Vec<(u64, i64)> = list(&input["lines"])
            .iter()
            .map(|one| (as_id(&one["orderLineId"]), one["quantity"].as_i64().unwrap_or(0)))
            .collect();
        let parcel = self.next_id();
        let first = wanted.first().map_or(0, |(line, _)| *line);
        let holds = |order: &VendureOrder| order.lines.iter().any(|line| line.id == first);
        let order = self.orders.iter_mut().find(|order| holds(order));
        let order = order.ok_or_else(|| missing("OrderLine"))?;
        if !matches!(&*order.state, "PaymentSettled" | "PaymentAuthorized" | "PartiallyShipped") {
            let words = format!("Cannot fulfil an Order that is {}", order.state);
            return Ok(refusal("FulfillmentStateTransitionError", "FULFILLMENT_ERROR", &words));
        }
        let mut moved = Vec::new();
        for (id, pieces) in &wanted {
            let line = order.lines.iter_mut().find(|line| line.id == *id);
            let line = line.ok_or_else(|| missing("OrderLine"))?;
            if line.packed + pieces > line.quantity {
                let words = "One or more OrderItems are already part of a Fulfillment";
                return Ok(refusal("ItemsAlreadyFulfilledError", "ITEMS_ALREADY_FULFILLED", words));
            }
            line.packed += pieces;
            moved.push((line.variant, *pieces));
        }
        order.parcels.push(Parcel { id: parcel, state: "Pending".to_owned(), lines: wanted });
        order.updated_ms = now;
        for (variant, pieces) in moved {
            self.shift(variant, -pieces, -pieces);
        }
        Ok(json!({ "__typename": "Fulfillment", "id": parcel.to_string(), "state": "Pending" }))
    }

    fn move_parcel(&mut self, id: u64, state: &str, now: i64) -> Answer {
        for order in &mut self.orders {
            let Some(parcel) = order.parcels.iter_mut().find(|one| one.id == id) else { continue };
            let allowed = match &*parcel.state {
                "Pending" => matches!(state, "Shipped" | "Delivered"),
                "Shipped" => state == "Delivered",
                _ => false,
            };
            if !allowed {
                let words =
                    format!("Cannot transition Fulfillment from {} to {state}", parcel.state);
                let kind = "FulfillmentStateTransitionError";
                return Ok(refusal(kind, "FULFILLMENT_STATE_TRANSITION_ERROR", &words));
            }
            parcel.state = state.to_owned();
            let is_whole = order.lines.iter().all(|line| line.packed >= line.quantity)
                && order.parcels.iter().all(|one| one.state == state);
            // One whose money is only set aside stays as it is.
            if order.state != "PaymentAuthorized" {
                order.state = if is_whole { state.to_owned() } else { format!("Partially{state}") };
            }
            order.updated_ms = now;
            return Ok(json!({ "__typename": "Fulfillment", "id": id.to_string() }));
        }
        Err(missing("Fulfillment"))
    }

    fn refund(&mut self, input: &Value) -> Answer {
        if input["shipping"].is_null() || input["adjustment"].is_null() || input["lines"].is_null()
        {
            let words = "SqliteError: NOT NULL constraint failed: refund.shipping";
            return Err(FieldError::new("", words));
        }
        let id = self.next_id();
        let payment = as_id(&input["paymentId"]);
        let amount = input["amount"].as_i64().unwrap_or(0);
        // The order's moment does not move.
        let found = self.orders.iter_mut().flat_map(|one| &mut one.payments);
        let payment = found.into_iter().find(|one| one.id == payment);
        let payment = payment.ok_or_else(|| missing("Payment"))?;
        let back: i64 = payment.refunds.iter().map(|one| one.total).sum();
        if amount <= 0 || amount > payment.amount - back {
            let words = "The amount specified exceeds the refundable amount for this payment";
            return Ok(refusal("RefundAmountError", "REFUND_AMOUNT_ERROR", words));
        }
        let reason = text(&input["reason"]);
        payment.refunds.push(Refund { id, total: amount, reason, state: "Pending" });
        Ok(json!({ "__typename": "Refund", "id": id.to_string(), "state": "Pending" }))
    }

    fn settle_refund(&mut self, input: &Value) -> Answer {
        let id = as_id(&input["id"]);
        let payments = self.orders.iter_mut().flat_map(|one| &mut one.payments);
        let mut refunds = payments.flat_map(|one| &mut one.refunds);
        let refund = refunds.find(|one| one.id == id).ok_or_else(|| missing("Refund"))?;
        if refund.state != "Pending" {
            let words = "Cannot transition Refund from Settled to Settled";
            return Ok(refusal("RefundStateTransitionError", "REFUND_STATE_TRANSITION", words));
        }
        refund.state = "Settled";
        Ok(json!({ "__typename": "Refund", "id": id.to_string(), "state": "Settled" }))
    }

    fn cancel(&mut self, input: &Value, now: i64) -> Answer {
        let id = as_id(&input["orderId"]);
        let order = self.order_mut(id, now)?;
        if matches!(&*order.state, "Draft" | "ArrangingPayment") {
            let words = "Cannot cancel OrderLines from an Order which is still active";
            return Ok(refusal("CancelActiveOrderError", "CANCEL_ACTIVE_ORDER_ERROR", words));
        }
        let wanted: Vec<(u64, i64)> = if input["lines"].is_null() {
            order.lines.iter().map(|line| (line.id, line.quantity)).collect()
        } else {
            list(&input["lines"])
                .iter()
                .map(|one| (as_id(&one["orderLineId"]), one["quantity"].as_i64().unwrap_or(0)))
                .collect()
        };
        if wanted.is_empty() {
            let words = "At least one OrderLine must be specified";
            return Ok(refusal("EmptyOrderLineSelectionError", "EMPTY_ORDER_LINE", words));
        }
        let mut moved = Vec::new();
        for (id, pieces) in &wanted {
            let line = order.lines.iter_mut().find(|line| line.id == *id);
            let line = line.ok_or_else(|| missing("OrderLine"))?;
            if *pieces > line.quantity {
                let words = "The specified quantity is greater than the available OrderItems";
                return Ok(refusal("QuantityTooGreatError", "QUANTITY_TOO_GREAT_ERROR", words));
            }
            let on_shelf = (*pieces).min(line.packed - line.cancelled.min(line.packed));
            line.quantity -= pieces;
            line.cancelled += pieces;
            // What was handed over goes back on the shelf, what was only promised is free again.
            moved.push((line.variant, on_shelf, *pieces - on_shelf));
        }
        let data = json!({ "reason": input["reason"], "lines": input["lines"] });
        order.history.push(("ORDER_CANCELLATION".to_owned(), data));
        if order.lines.iter().all(|line| line.quantity == 0) {
            order.state = "Cancelled".to_owned();
        }
        for (variant, on_shelf, promised) in moved {
            self.shift(variant, on_shelf, -promised);
        }
        self.out(id)
    }

    fn set_levels(&mut self, input: &Value, now: i64) -> Answer {
        let mut out = Vec::new();
        for one in list(input) {
            let id = as_id(&one["id"]);
            let variant = self.variants.iter_mut().find(|variant| variant.id == id);
            let variant = variant.ok_or_else(|| missing("ProductVariant"))?;
            for level in list(&one["stockLevels"]) {
                if level["stockLocationId"] != "1" {
                    return Err(missing("StockLocation"));
                }
                variant.on_hand = level["stockOnHand"].as_i64().unwrap_or(0);
            }
            variant.updated_ms = now;
            out.push(json!({ "id": one["id"], "stockLevels": [{ "stockLocationId": "1",
                "stockOnHand": variant.on_hand, "stockAllocated": variant.allocated }] }));
        }
        Ok(Value::Array(out))
    }

    fn new_customer(&mut self, input: &Value, now: i64) -> u64 {
        let id = self.next_id();
        self.customers.push(VendureCustomer {
            id,
            first: text(&input["firstName"]),
            last: text(&input["lastName"]),
            email: text(&input["emailAddress"]),
            phone: text(&input["phoneNumber"]),
            updated_ms: now,
            addresses: Vec::new(),
        });
        id
    }

    fn save_customer(&mut self, input: &Value, now: i64) -> Answer {
        let id = as_id(&input["id"]);
        let email = text(&input["emailAddress"]);
        if self.customers.iter().any(|one| one.email == email && one.id != id) {
            let words = "The email address is not available.";
            let kind = "EmailAddressConflictError";
            return Ok(refusal(kind, "EMAIL_ADDRESS_CONFLICT_ERROR", words));
        }
        let id = if id == 0 { self.new_customer(input, now) } else { id };
        let one = self.customers.iter_mut().find(|one| one.id == id);
        let one = one.ok_or_else(|| missing("Customer"))?;
        one.first = text(&input["firstName"]);
        one.last = text(&input["lastName"]);
        one.email = email;
        one.phone = text(&input["phoneNumber"]);
        one.updated_ms = now;
        Ok(customer(one))
    }

    fn save_address(&mut self, of: u64, input: &Value, now: i64) -> Answer {
        let written = input.as_object().cloned().unwrap_or_default();
        let known = as_id(&input["id"]);
        let (of, at) = if known > 0 { (known / 100, Some(known % 100)) } else { (of, None) };
        let one = self.customers.iter_mut().find(|one| one.id == of);
        let one = one.ok_or_else(|| missing("Customer"))?;
        one.updated_ms = now;
        match at.and_then(|at| one.addresses.get_mut(usize::try_from(at).unwrap_or(usize::MAX))) {
            Some(address) => *address = written,
            None => one.addresses.push(written),
        }
        Ok(json!({ "__typename": "Address", "id": "1" }))
    }
}
