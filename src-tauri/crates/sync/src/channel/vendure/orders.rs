//! Orders of the shop, and what becomes of them here.

use countertop_domain::channel_order::{HandOver, OrderStatus, Recipient};
use serde_json::{Value, json};

use super::Vendure;
use super::sale::METHOD;
use super::wire::{accepted, after, after_a_part};
use crate::channel::connector::{Ask, Found, Page, Trouble};
use crate::channel::value::{address, id, is_hostile, iso, moment, name, rows, text};
use crate::channel::words::{Done, FulfilOut, LineIn, OrderIn, OrderState};

/// What is asked of an order whenever one is asked for.
pub(super) const ORDER: &str = "id code state createdAt orderPlacedAt totalWithTax
    customer { id firstName lastName emailAddress phoneNumber user { id } }
    shippingAddress { fullName streetLine1 streetLine2 city province postalCode countryCode phoneNumber }
    lines { id quantity proratedUnitPrice proratedUnitPriceWithTax productVariant { id sku name } }
    shippingLines { shippingMethod { code } }
    payments { id method amount state transactionId refunds { id state total reason } }
    fulfillments { id state lines { orderLineId quantity } }
    history { items { type data } }";

/// Orders on a page.
const PAGE: u64 = 50;
/// Steps of handing one over.
const MAX_STEPS: u32 = 8;

/// Lines of which pieces are neither packed nor handed over: line and pieces.
pub(super) fn unfulfilled(order: &Value) -> Vec<(String, i64)> {
    let packed = |line: &str| -> i64 {
        rows(&order["fulfillments"])
            .iter()
            .filter(|one| text(&one["state"]) != "Cancelled")
            .flat_map(|one| rows(&one["lines"]))
            .filter(|one| text(&one["orderLineId"]) == line)
            .map(|one| one["quantity"].as_i64().unwrap_or(0))
            .sum()
    };
    rows(&order["lines"])
        .iter()
        .map(|line| {
            let id = text(&line["id"]);
            let left = line["quantity"].as_i64().unwrap_or(0).saturating_sub(packed(&id));
            (id, left)
        })
        .filter(|(_, left)| *left > 0)
        .collect()
}

/// True if everything of it is packed.
pub(super) fn fulfilled(order: &Value) -> bool {
    text(&order["state"]) != "Draft"
        && !rows(&order["fulfillments"]).is_empty()
        && unfulfilled(order).is_empty()
}

/// Parcels that did not arrive yet: id and state.
pub(super) fn open_fulfilments(order: &Value) -> Vec<(String, String)> {
    rows(&order["fulfillments"])
        .iter()
        .map(|one| (text(&one["id"]), text(&one["state"])))
        .filter(|(_, state)| !matches!(state.as_str(), "Delivered" | "Cancelled"))
        .collect()
}

fn is_paid(order: &Value) -> bool {
    let paid: i64 = rows(&order["payments"])
        .iter()
        .filter(|one| text(&one["state"]) == "Settled")
        .map(|one| one["amount"].as_i64().unwrap_or(0))
        .sum();
    paid >= order["totalWithTax"].as_i64().unwrap_or(i64::MAX)
}

impl Vendure {
    /// Orders that went on since a moment; at first those that something is still to be done for.
    pub(super) async fn orders_page(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let skip = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let filter = match ask.since_ms {
            Some(since) => json!({ "updatedAt": { "after": iso(since) },
                "state": { "notIn": ["AddingItems", "Draft", "Created"] } }),
            None => json!({ "state": { "in": ["ArrangingPayment", "PaymentAuthorized",
                "PaymentSettled", "PartiallyShipped", "PartiallyDelivered"] } }),
        };
        let document = format!(
            "query Orders($options: OrderListOptions) {{ activeChannel {{ pricesIncludeTax }}
               orders(options: $options) {{ totalItems items {{ {ORDER} }} }} }}"
        );
        let options =
            json!({ "skip": skip, "take": PAGE, "sort": { "id": "ASC" }, "filter": filter });
        let said = self.api.ask(&document, json!({ "options": options })).await?;
        let with_tax = said.data["activeChannel"]["pricesIncludeTax"] == true;
        let list = &said.data["orders"];
        let items = rows(&list["items"]);
        let total = list["totalItems"].as_u64().unwrap_or(0);
        let next = after(skip, items.len(), total).map(|skip| skip.to_string());
        let mut page = Page {
            items: Vec::new(),
            next,
            server_ms: said.server_ms,
            total: Some(total),
            bad: Vec::new(),
        };
        for item in items {
            match self.order_in(item, with_tax) {
                Ok(order) => page.items.push(order),
                Err(words) => page.bad.push((text(&item["id"]), words)),
            }
        }
        Ok(page)
    }

    fn order_in(&self, said: &Value, with_tax: bool) -> Result<OrderIn, String> {
        let external_id = id(&said["id"]).ok_or("an order without an id")?;
        let customer = &said["customer"];
        let to = &said["shippingAddress"];
        let recipient = Recipient {
            name: Some(text(&to["fullName"]))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| name(&customer["firstName"], &customer["lastName"])),
            email: text(&customer["emailAddress"]),
            phone: Some(text(&to["phoneNumber"]))
                .filter(|phone| !phone.is_empty())
                .unwrap_or_else(|| text(&customer["phoneNumber"])),
            address: address(
                &[&to["streetLine1"], &to["streetLine2"]],
                &to["postalCode"],
                &to["city"],
                &to["province"],
                &to["countryCode"],
            ),
        };
        let mut lines = Vec::new();
        for line in rows(&said["lines"]) {
            let price = if with_tax { "proratedUnitPriceWithTax" } else { "proratedUnitPrice" };
            let (Some(quantity), Some(price)) =
                (line["quantity"].as_i64(), line[price].as_i64().filter(|price| *price >= 0))
            else {
                return Err("a line of this order has no quantity or price".to_owned());
            };
            let variant = &line["productVariant"];
            lines.push(LineIn {
                external_id: text(&line["id"]),
                variant: text(&variant["id"]),
                sku: text(&variant["sku"]),
                name: text(&variant["name"]),
                quantity: quantity.saturating_mul(1_000),
                unit_price: self.ours(price),
            });
        }
        let hostile = lines.iter().flat_map(|line| [&line.name, &line.sku]);
        if hostile.chain([&recipient.name, &recipient.email]).any(|text| is_hostile(text)) {
            return Err(
                "a name in this order has characters that hide or turn others: look at it in \
                        the shop"
                    .to_owned(),
            );
        }
        let payments = rows(&said["payments"]);
        let ours = payments.iter().find(|one| text(&one["method"]) == METHOD);
        let ordered = [&said["orderPlacedAt"], &said["createdAt"]].into_iter().find_map(moment);
        Ok(OrderIn {
            external_id,
            number: text(&said["code"]),
            our_id: ours.map(|one| text(&one["transactionId"])),
            state: state(said),
            hand_over: self.hand_over(said),
            paid: self.counts_as_paid(said),
            ordered_ms: ordered.unwrap_or(0),
            total: self.ours(said["totalWithTax"].as_i64().unwrap_or(0)),
            lines,
            customer: if customer["user"].is_null() {
                String::new()
            } else {
                text(&customer["id"])
            },
            recipient,
            note: String::new(),
        })
    }

    fn hand_over(&self, order: &Value) -> HandOver {
        let is_pickup = |one: &Value| {
            let code = text(&one["shippingMethod"]["code"]);
            self.pickup_methods.contains(&code)
        };
        if rows(&order["shippingLines"]).iter().any(is_pickup) {
            HandOver::Collect
        } else {
            HandOver::Ship
        }
    }

    /// Paid, or the money is set aside for it: not so where it is paid when it is collected.
    fn counts_as_paid(&self, order: &Value) -> bool {
        is_paid(order)
            || rows(&order["payments"]).iter().any(|one| {
                text(&one["state"]) == "Authorized"
                    && !self.pay_later.contains(&text(&one["method"]))
            })
    }

    pub(super) async fn order(&self, external_id: &str) -> Result<Value, Trouble> {
        let document = format!("query One($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}");
        let said = self.api.ask(&document, json!({ "id": external_id })).await?.data;
        match said.get("order").filter(|order| order.is_object()) {
            Some(order) => Ok(order.clone()),
            None => Err(Trouble::Refused("the shop does not have this order any more".to_owned())),
        }
    }

    /// The next step of handing an order over: what is not packed is packed, then parcels go on.
    pub(super) async fn step_to_hand_over(
        &self,
        order: &Value,
        method: &str,
        tracking: &str,
        to: &str,
    ) -> Result<Value, Trouble> {
        const PACK: &str = "mutation Pack($input: FulfillOrderInput!) {
            packed: addFulfillmentToOrder(input: $input) {
                __typename ... on Fulfillment { id } ... on ErrorResult { errorCode message } } }";
        const MOVE: &str = "mutation Move($id: ID!, $state: String!) {
            moved: transitionFulfillmentToState(id: $id, state: $state) {
                __typename ... on Fulfillment { id }
                ... on FulfillmentStateTransitionError { errorCode message transitionError } } }";
        let left = unfulfilled(order);
        if left.is_empty() {
            for (id, state) in open_fulfilments(order) {
                if state != to {
                    let variables = json!({ "id": id, "state": to });
                    let said = self.api.ask(MOVE, variables).await?.data;
                    accepted(&said["moved"])?;
                }
            }
        } else {
            let lines: Vec<Value> = left
                .iter()
                .map(|(line, pieces)| json!({ "orderLineId": line, "quantity": pieces }))
                .collect();
            let handler = json!({ "code": "manual-fulfillment", "arguments": [
                { "name": "method", "value": method }, { "name": "trackingCode", "value": tracking } ] });
            let input = json!({ "lines": lines, "handler": handler });
            let said = self.api.ask(PACK, json!({ "input": input })).await?.data;
            accepted(&said["packed"])?;
        }
        self.order(&text(&order["id"])).await.map_err(after_a_part)
    }

    pub(super) async fn send_fulfil(&self, fulfil: &FulfilOut) -> Result<Done, Trouble> {
        let mut order = self.order(&fulfil.order_external).await?;
        let mut is_first = true;
        for _ in 0..MAX_STEPS {
            if is_at(&order, fulfil) {
                return Ok(Done { external_id: fulfil.order_external.clone(), ..Done::default() });
            }
            let stepped = self.step_of_fulfil(&order, fulfil).await;
            order = if is_first { stepped? } else { stepped.map_err(after_a_part)? };
            is_first = false;
        }
        Err(Trouble::unknown(format!(
            "the order {} in the shop does not get further than {}",
            text(&order["code"]),
            text(&order["state"])
        )))
    }

    async fn step_of_fulfil(&self, order: &Value, fulfil: &FulfilOut) -> Result<Value, Trouble> {
        let order_id = text(&order["id"]);
        if (fulfil.paid_here && !is_paid(order)) || is_only_authorized(order, fulfil) {
            return self.take_payment(order).await;
        }
        match fulfil.status {
            OrderStatus::Cancelled => {
                const CANCEL: &str = "mutation Cancel($input: CancelOrderInput!) {
                    cancelled: cancelOrder(input: $input) {
                        __typename ... on Order { id }
                        ... on OrderStateTransitionError { errorCode message transitionError }
                        ... on ErrorResult { errorCode message } } }";
                let input = json!({ "orderId": order_id, "cancelShipping": true,
                    "reason": "cancelled at the counter" });
                let said = self.api.ask(CANCEL, json!({ "input": input })).await?.data;
                accepted(&said["cancelled"])?;
                self.order(&order_id).await.map_err(after_a_part)
            }
            OrderStatus::Shipped => {
                self.step_to_hand_over(order, "Shipped", &fulfil.tracking, "Shipped").await
            }
            OrderStatus::Collected | OrderStatus::Delivered => {
                let method =
                    if fulfil.hand_over == HandOver::Collect { "Collected" } else { "Shipped" };
                self.step_to_hand_over(order, method, &fulfil.tracking, "Delivered").await
            }
            OrderStatus::New | OrderStatus::Picking | OrderStatus::Ready => {
                let document = format!(
                    "mutation Note($note: AddNoteToOrderInput!) {{
                       noted: addNoteToOrder(input: $note) {{ {ORDER} }} }}"
                );
                let note = json!({ "id": order_id, "note": READY, "isPublic": true });
                let said = self.api.ask(&document, json!({ "note": note })).await?.data;
                Ok(said["noted"].clone())
            }
        }
    }

    /// It was paid here: what the shop set aside is settled, or a payment is put down.
    async fn take_payment(&self, order: &Value) -> Result<Value, Trouble> {
        const SETTLE: &str = "mutation SettlePayment($id: ID!) {
            settled: settlePayment(id: $id) {
                __typename ... on Payment { id } ... on ErrorResult { errorCode message } } }";
        const PAY: &str = "mutation PaidHere($payment: ManualPaymentInput!) {
            paid: addManualPaymentToOrder(input: $payment) {
                __typename ... on Order { id } ... on ErrorResult { errorCode message } } }";
        let order_id = text(&order["id"]);
        let authorized =
            rows(&order["payments"]).iter().find(|one| text(&one["state"]) == "Authorized");
        if let Some(payment) = authorized {
            let said = self.api.ask(SETTLE, json!({ "id": payment["id"] })).await?.data;
            accepted(&said["settled"])?;
        } else {
            let payment = json!({ "orderId": order_id, "method": "countertop-collection",
                "transactionId": "", "metadata": { "paid": "at the counter" } });
            let said = self.api.ask(PAY, json!({ "payment": payment })).await?.data;
            accepted(&said["paid"])?;
        }
        self.order(&order_id).await.map_err(after_a_part)
    }

    /// Sending goes on where it was left, so what is not all done is missing.
    pub(super) async fn find_fulfil(&self, fulfil: &FulfilOut) -> Result<Found, Trouble> {
        let order = self.order(&fulfil.order_external).await?;
        Ok(if is_at(&order, fulfil) {
            Found::Done(Done { external_id: fulfil.order_external.clone(), ..Done::default() })
        } else {
            Found::Missing
        })
    }
}

/// The note that tells the customer.
const READY: &str = "Ready to be collected";

/// Whether it is handed over while its money is only set aside: Vendure packs such an order, but never
/// lets it become shipped or delivered, so that its money is taken first.
fn is_only_authorized(order: &Value, fulfil: &FulfilOut) -> bool {
    let is_handed_over = matches!(
        fulfil.status,
        OrderStatus::Shipped | OrderStatus::Collected | OrderStatus::Delivered
    );
    is_handed_over && text(&order["state"]) == "PaymentAuthorized"
}

/// Whether an order is where it is to be.
fn is_at(order: &Value, fulfil: &FulfilOut) -> bool {
    let state = text(&order["state"]);
    if state == "Cancelled" {
        return true;
    }
    if (fulfil.paid_here && !is_paid(order)) || is_only_authorized(order, fulfil) {
        return false;
    }
    let is_over = fulfilled(order) && open_fulfilments(order).is_empty();
    match fulfil.status {
        OrderStatus::New | OrderStatus::Picking => true,
        OrderStatus::Ready => {
            is_over
                || rows(&order["history"]["items"])
                    .iter()
                    .any(|one| text(&one["data"]["note"]) == READY)
        }
        OrderStatus::Shipped => {
            fulfilled(order) && open_fulfilments(order).iter().all(|(_, state)| state == "Shipped")
        }
        OrderStatus::Collected | OrderStatus::Delivered => is_over,
        OrderStatus::Cancelled => false,
    }
}

fn state(order: &Value) -> OrderState {
    match &*text(&order["state"]) {
        "Shipped" | "Delivered" => OrderState::Fulfilled,
        "Cancelled" => {
            let payments = rows(&order["payments"]);
            let sum = |of: &[Value], name: &str| -> i64 {
                of.iter().map(|one| one[name].as_i64().unwrap_or(0)).sum()
            };
            let back: i64 = payments.iter().map(|one| sum(rows(&one["refunds"]), "total")).sum();
            if back > 0 && back >= sum(payments, "amount") {
                OrderState::Refunded
            } else {
                OrderState::Cancelled
            }
        }
        "ArrangingPayment" | "AddingItems" | "Draft" | "Created" => OrderState::Unpaid,
        _ => OrderState::Open,
    }
}
