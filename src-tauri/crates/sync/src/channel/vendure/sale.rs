//! Counter sales as orders, and what comes back of them. Vendure needs several steps for either, and none
//! is idempotent: each try reads how far the one before it came and goes on there.

use std::collections::BTreeMap;

use countertop_domain::ids::VariantId;
use serde_json::{Value, json};

use super::Vendure;
use super::orders::{ORDER, fulfilled, open_fulfilments};
use super::wire::{accepted, after, after_a_part};
use crate::channel::connector::{Errand, Found, Trouble};
use crate::channel::value::{id, iso, names, rows, text};
use crate::channel::words::{Done, LineOut, RefundOut, SaleOut};

/// The payment method of counter sales.
pub(super) const METHOD: &str = "countertop";
/// Whom a sale is put down to that nobody left a name for; nothing can be delivered to it.
const WALK_IN: &str = "counter-sale@countertop.invalid";
/// How far back before the first try drafts are looked through: the shop's clock may differ.
const DRAFTS_MS: i64 = 24 * 3_600_000;
/// Orders on a page of those.
const PAGE: u64 = 100;
/// Steps of one order; each brings it further.
const MAX_STEPS: u32 = 12;

/// Pieces of each variant that are to be in the order.
fn wanted(sale: &SaleOut) -> BTreeMap<String, i64> {
    let mut wanted = BTreeMap::new();
    for line in &sale.lines {
        let Some(goods) = &line.goods else { continue };
        // Vendure counts whole pieces.
        if line.quantity % 1_000 == 0 {
            *wanted.entry(goods.external_id.clone()).or_insert(0) += line.quantity / 1_000;
        }
    }
    wanted
}

/// What the order leaves out: its figure is set instead.
fn left_out(sale: &SaleOut) -> Vec<VariantId> {
    let is_part = |line: &&LineOut| line.goods.is_some() && line.quantity % 1_000 != 0;
    sale.lines.iter().filter(is_part).map(|line| line.variant).collect()
}

/// Pieces of each variant that are in an order, with the line's id.
fn present(order: &Value) -> BTreeMap<String, (String, i64)> {
    let of = |line: &Value| {
        let quantity = line["quantity"].as_i64().unwrap_or(0);
        (text(&line["productVariant"]["id"]), (text(&line["id"]), quantity))
    };
    rows(&order["lines"]).iter().map(of).collect()
}

fn has_note(order: &Value, our_id: &str) -> bool {
    rows(&order["history"]["items"]).iter().any(|one| {
        text(&one["type"]) == "ORDER_NOTE" && text(&one["data"]["note"]).contains(our_id)
    })
}

fn is_paid_by(order: &Value, our_id: &str) -> bool {
    rows(&order["payments"]).iter().any(|one| text(&one["transactionId"]) == our_id)
}

/// True if there is nothing left to do for an order of a sale.
fn is_whole(order: &Value) -> bool {
    let state = text(&order["state"]);
    matches!(&*state, "Delivered" | "Cancelled")
        || (fulfilled(order) && open_fulfilments(order).is_empty())
}

impl Vendure {
    pub(super) async fn send_sale(&self, errand: &Errand, sale: &SaleOut) -> Result<Done, Trouble> {
        let wanted = wanted(sale);
        let unset = left_out(sale);
        if wanted.is_empty() {
            return Ok(Done { unset, ..Done::default() });
        }
        let found = match errand.first_ms {
            Some(first_ms) => self.order_of(&errand.our_id, first_ms).await?,
            None => None,
        };
        let mut order = match found {
            Some(order) => order,
            None => self.drafted(sale, &errand.our_id).await?,
        };
        for _ in 0..MAX_STEPS {
            if is_whole(&order) {
                return Ok(Done { external_id: text(&order["id"]), unset, ..Done::default() });
            }
            order = self.step(&order, errand, sale, &wanted).await.map_err(after_a_part)?;
        }
        Err(Trouble::unknown(format!(
            "the order {} in the shop does not get further than {}",
            text(&order["code"]),
            text(&order["state"])
        )))
    }

    async fn drafted(&self, sale: &SaleOut, our_id: &str) -> Result<Value, Trouble> {
        let document = format!("mutation Draft {{ draft: createDraftOrder {{ {ORDER} }} }}");
        let made = self.api.ask(&document, json!({})).await?.data;
        let mut order = made["draft"].clone();
        let note = format!(
            "mutation Mark($note: AddNoteToOrderInput!) {{ note: addNoteToOrder(input: $note) {{ {ORDER} }} }}"
        );
        let words = format!("Countertop {} ({our_id})", sale.number);
        let input = json!({ "id": order["id"], "note": words, "isPublic": false });
        let noted = self.api.ask(&note, json!({ "note": input })).await.map_err(after_a_part)?;
        order = noted.data["note"].clone();
        Ok(order)
    }

    /// The next step of an order of ours; it comes back as it is then.
    async fn step(
        &self,
        order: &Value,
        errand: &Errand,
        sale: &SaleOut,
        wanted: &BTreeMap<String, i64>,
    ) -> Result<Value, Trouble> {
        let state = text(&order["state"]);
        match &*state {
            "Draft" => self.step_of_a_draft(order, sale, wanted).await,
            "ArrangingPayment" => {
                let document = format!(
                    "mutation Pay($payment: ManualPaymentInput!) {{
                       paid: addManualPaymentToOrder(input: $payment) {{
                         __typename ... on Order {{ {ORDER} }} ... on ErrorResult {{ errorCode message }} }} }}"
                );
                let paid: Vec<Value> = sale
                    .paid
                    .iter()
                    .map(|one| json!({ "kind": one.kind, "amount": one.amount }))
                    .collect();
                let payment = json!({ "orderId": order["id"], "method": METHOD,
                    "transactionId": errand.our_id,
                    "metadata": { "receipt": sale.number, "total": sale.total,
                        "currency": sale.currency, "soldAt": iso(sale.at_ms), "paid": paid } });
                let said = self.api.ask(&document, json!({ "payment": payment })).await?.data;
                accepted(&said["paid"]).cloned()
            }
            "PaymentSettled" | "PartiallyShipped" | "PartiallyDelivered" | "Shipped" => {
                self.step_to_hand_over(order, "Counter", "", "Delivered").await
            }
            _ => Err(Trouble::Refused(format!(
                "the order {} of this sale is {state} in the shop: finish it there, then set this aside",
                text(&order["code"])
            ))),
        }
    }

    async fn step_of_a_draft(
        &self,
        order: &Value,
        sale: &SaleOut,
        wanted: &BTreeMap<String, i64>,
    ) -> Result<Value, Trouble> {
        let present = present(order);
        for (variant, quantity) in wanted {
            match present.get(variant) {
                Some((_, has)) if has == quantity => {}
                // Set, not added to: what a try before this one put in is not put in twice.
                Some((line, _)) => return self.put_line(order, None, Some(line), *quantity).await,
                None => return self.put_line(order, Some(variant), None, *quantity).await,
            }
        }
        if order["customer"].is_null() {
            let document = format!(
                "mutation Buyer($order: ID!, $id: ID, $input: CreateCustomerInput) {{
                   buyer: setCustomerForDraftOrder(orderId: $order, customerId: $id, input: $input) {{
                     __typename ... on Order {{ {ORDER} }} ... on ErrorResult {{ errorCode message }} }} }}"
            );
            let (first, last) = names("Counter sale");
            let variables = if sale.customer_external.is_empty() {
                let input =
                    json!({ "firstName": first, "lastName": last, "emailAddress": WALK_IN });
                json!({ "order": order["id"], "input": input })
            } else {
                json!({ "order": order["id"], "id": sale.customer_external })
            };
            let said = self.api.ask(&document, variables).await?.data;
            return accepted(&said["buyer"]).cloned();
        }
        let way = self.way_of_shipping(order).await?;
        let document = format!(
            "mutation Ready($order: ID!, $way: ID!) {{
               way: setDraftOrderShippingMethod(orderId: $order, shippingMethodId: $way) {{
                 __typename ... on ErrorResult {{ errorCode message }} }}
               ready: transitionOrderToState(id: $order, state: \"ArrangingPayment\") {{
                 __typename ... on Order {{ {ORDER} }}
                 ... on OrderStateTransitionError {{ errorCode message transitionError }} }} }}"
        );
        let said = self.api.ask(&document, json!({ "order": order["id"], "way": way })).await?.data;
        accepted(&said["way"])?;
        accepted(&said["ready"]).cloned()
    }

    /// Puts a variant into a draft, or sets how much of it is in there.
    async fn put_line(
        &self,
        order: &Value,
        variant: Option<&str>,
        line: Option<&str>,
        quantity: i64,
    ) -> Result<Value, Trouble> {
        let (call, input, type_of) = match (variant, line) {
            (Some(variant), _) => (
                "addItemToDraftOrder",
                json!({ "productVariantId": variant, "quantity": quantity }),
                "AddItemToDraftOrderInput",
            ),
            (None, line) => (
                "adjustDraftOrderLine",
                json!({ "orderLineId": line, "quantity": quantity }),
                "AdjustDraftOrderLineInput",
            ),
        };
        let document = format!(
            "mutation Put($order: ID!, $input: {type_of}!) {{
               put: {call}(orderId: $order, input: $input) {{
                 __typename ... on Order {{ {ORDER} }} ... on ErrorResult {{ errorCode message }} }} }}"
        );
        let variables = json!({ "order": order["id"], "input": input });
        let said = self.api.ask(&document, variables).await?.data;
        accepted(&said["put"]).cloned()
    }

    /// The way of shipping of a counter sale: the one that is set, or else the cheapest.
    async fn way_of_shipping(&self, order: &Value) -> Result<String, Trouble> {
        const WAYS: &str = "query Ways($order: ID!) {
            eligibleShippingMethodsForDraftOrder(orderId: $order) { id code priceWithTax } }";
        let said = self.api.ask(WAYS, json!({ "order": order["id"] })).await?.data;
        let ways = rows(&said["eligibleShippingMethodsForDraftOrder"]);
        let found = if self.shipping_method.is_empty() {
            ways.iter().min_by_key(|way| way["priceWithTax"].as_i64().unwrap_or(i64::MAX))
        } else {
            ways.iter().find(|way| text(&way["code"]) == self.shipping_method)
        };
        found.and_then(|way| id(&way["id"])).ok_or_else(|| {
            Trouble::Refused(
                "the shop has no shipping method for counter sales: make one there that costs nothing \
                 and is open to every order"
                    .to_owned(),
            )
        })
    }

    /// The order of a sale, however far it came: by its payment, or by the note of its draft.
    async fn order_of(&self, our_id: &str, first_ms: i64) -> Result<Option<Value>, Trouble> {
        let paid = self
            .orders_with(json!({ "transactionId": { "eq": our_id } }), 0)
            .await?
            .0
            .into_iter()
            .find(|order| is_paid_by(order, our_id));
        if paid.is_some() {
            return Ok(paid);
        }
        let since = iso(first_ms.saturating_sub(DRAFTS_MS));
        let filter = json!({ "state": { "in": ["Draft", "ArrangingPayment"] },
            "createdAt": { "after": since } });
        let mut skip = 0;
        loop {
            let (orders, total) = self.orders_with(filter.clone(), skip).await?;
            let got = orders.len();
            if let Some(found) = orders.into_iter().find(|order| has_note(order, our_id)) {
                return Ok(Some(found));
            }
            match after(skip, got, total) {
                Some(next) => skip = next,
                None => return Ok(None),
            }
        }
    }

    async fn orders_with(&self, filter: Value, skip: u64) -> Result<(Vec<Value>, u64), Trouble> {
        let document = format!(
            "query Find($options: OrderListOptions) {{
               orders(options: $options) {{ totalItems items {{ {ORDER} }} }} }}"
        );
        let options =
            json!({ "filter": filter, "sort": { "id": "ASC" }, "skip": skip, "take": PAGE });
        let said = self.api.ask(&document, json!({ "options": options })).await?.data;
        let list = &said["orders"];
        Ok((rows(&list["items"]).to_vec(), list["totalItems"].as_u64().unwrap_or(0)))
    }

    /// An order that went half of the way is missing: sending goes on with it.
    pub(super) async fn find_sale(
        &self,
        errand: &Errand,
        sale: &SaleOut,
    ) -> Result<Found, Trouble> {
        let first_ms = errand.first_ms.unwrap_or(sale.at_ms);
        let found = self.order_of(&errand.our_id, first_ms).await?;
        Ok(match found {
            Some(order) if is_whole(&order) => {
                let (external_id, unset) = (text(&order["id"]), left_out(sale));
                Found::Done(Done { external_id, unset, ..Done::default() })
            }
            _ => Found::Missing,
        })
    }
}

/// What of a refund the shop has already.
struct Refunded {
    order: Value,
    /// The refund of the money, if it is there.
    money: Option<Value>,
    /// True if the goods are back, or none are to come back.
    goods: bool,
    /// What came back here and cannot come back there: its figure is set instead.
    unset: Vec<VariantId>,
    /// What of the order's lines is to come back: line and pieces.
    lines: Vec<(String, i64)>,
    /// What is to be given back, and of which payment; none if nothing can be.
    amount: Option<(String, i64)>,
}

impl Vendure {
    async fn refunded(&self, errand: &Errand, refund: &RefundOut) -> Result<Refunded, Trouble> {
        let order = self.order(&refund.order_external).await?;
        let ours = |reason: &Value| text(reason).contains(&errand.our_id);
        let payments = rows(&order["payments"]);
        let money = payments
            .iter()
            .flat_map(|payment| rows(&payment["refunds"]))
            .find(|one| ours(&one["reason"]))
            .cloned();
        let left = |payment: &Value| {
            let back: i64 = rows(&payment["refunds"])
                .iter()
                .filter(|one| text(&one["state"]) != "Failed")
                .map(|one| one["total"].as_i64().unwrap_or(0))
                .sum();
            payment["amount"].as_i64().unwrap_or(0).saturating_sub(back)
        };
        let amount = payments
            .iter()
            .filter(|payment| text(&payment["state"]) == "Settled")
            .map(|payment| (text(&payment["id"]), left(payment).min(self.theirs(refund.total))))
            .max_by_key(|(_, amount)| *amount)
            .filter(|(_, amount)| *amount > 0);
        let (mut lines, mut unset) = (Vec::new(), Vec::new());
        let mut there = present(&order);
        for line in refund.lines.iter().filter(|line| line.restock) {
            let Some(goods) = &line.goods else { continue };
            let wanted = line.quantity / 1_000;
            let pieces = match there.get_mut(&goods.external_id) {
                Some((id, has)) => {
                    let pieces = wanted.min(*has);
                    *has -= pieces;
                    if pieces > 0 {
                        lines.push((id.clone(), pieces));
                    }
                    pieces
                }
                None => 0,
            };
            if pieces * 1_000 != line.quantity {
                unset.push(line.variant);
            }
        }
        let goods = lines.is_empty()
            || rows(&order["history"]["items"]).iter().any(|one| {
                text(&one["type"]) == "ORDER_CANCELLATION" && ours(&one["data"]["reason"])
            });
        Ok(Refunded { order, money, goods, unset, lines, amount })
    }

    /// The money first, then the goods; each says whose it is in its reason.
    pub(super) async fn send_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Done, Trouble> {
        const MONEY: &str = "mutation Money($input: RefundOrderInput!) {
            money: refundOrder(input: $input) {
                __typename ... on Refund { id state } ... on ErrorResult { errorCode message } } }";
        const SETTLE: &str = "mutation Settle($input: SettleRefundInput!) {
            settled: settleRefund(input: $input) {
                __typename ... on Refund { id state } ... on ErrorResult { errorCode message } } }";
        const GOODS: &str = "mutation Goods($input: CancelOrderInput!) {
            goods: cancelOrder(input: $input) {
                __typename ... on Order { id } ... on ErrorResult { errorCode message } } }";
        let known = self.refunded(errand, refund).await?;
        let reason = format!("{} {} ({})", refund.number, refund.reason, errand.our_id);
        let mut money = known.money;
        if let (None, Some((payment, amount))) = (&money, &known.amount) {
            // What is deprecated beside the amount may not be left out: 3.7 fails without it.
            let input = json!({ "paymentId": payment, "amount": amount, "reason": reason,
                "lines": [], "shipping": 0, "adjustment": 0 });
            let said = self.api.ask(MONEY, json!({ "input": input })).await?.data;
            money = Some(accepted(&said["money"])?.clone());
        }
        let mut external_id = errand.our_id.clone();
        if let Some(money) = &money {
            external_id = text(&money["id"]);
            if text(&money["state"]) == "Pending" {
                let input = json!({ "id": external_id, "transactionId": refund.number });
                let said = self.api.ask(SETTLE, json!({ "input": input })).await;
                accepted(&said.map_err(after_a_part)?.data["settled"])?;
            }
        }
        if !known.goods {
            let lines: Vec<Value> = known
                .lines
                .iter()
                .map(|(line, pieces)| json!({ "orderLineId": line, "quantity": pieces }))
                .collect();
            let input = json!({ "orderId": known.order["id"], "lines": lines, "reason": reason });
            let said = self.api.ask(GOODS, json!({ "input": input })).await;
            accepted(&said.map_err(after_a_part)?.data["goods"])?;
        }
        Ok(Done { external_id, unset: known.unset, ..Done::default() })
    }

    pub(super) async fn find_refund(
        &self,
        errand: &Errand,
        refund: &RefundOut,
    ) -> Result<Found, Trouble> {
        let known = self.refunded(errand, refund).await?;
        let is_settled = match &known.money {
            Some(money) => text(&money["state"]) != "Pending",
            None => known.amount.is_none(),
        };
        if !known.goods || !is_settled {
            return Ok(Found::Missing);
        }
        let external_id = known.money.map_or_else(|| errand.our_id.clone(), |one| text(&one["id"]));
        Ok(Found::Done(Done { external_id, unset: known.unset, ..Done::default() }))
    }
}
