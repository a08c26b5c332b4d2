//! Orders of the shop, and what becomes of them here.

use countertop_domain::channel_order::{HandOver, OrderStatus, Recipient};
use serde_json::{Value, json};

use super::sale::{OURS, is_paid, pieces, with};
use super::{List, Medusa, QUANTITY, after, after_a_part, number};
use crate::channel::connector::{Ask, Found, Page, Trouble};
use crate::channel::transport::Request;
use crate::channel::value::{address, id, is_hostile, iso, moment, name, rows, text};
use crate::channel::words::{Done, FulfilOut, LineIn, OrderIn, OrderState};

/// What is asked of an order whenever one is asked for.
pub(super) const ORDER: &str = "id,display_id,status,email,created_at,total,metadata,customer_id,\
    payment_status,fulfillment_status,*items,*items.detail,*shipping_address,*shipping_methods,\
    *payment_collections,*payment_collections.payments,*payment_collections.payments.captures,\
    *payment_collections.payments.refunds,*fulfillments,*fulfillments.items";

/// Orders on a page.
const PAGE: u64 = 50;
/// Steps of handing one over.
const MAX_STEPS: u32 = 8;
/// The name of what the counter says of an order in its metadata.
const STATUS: &str = "countertop_status";

/// Lines of which pieces are not packed: line and thousandths. What needs shipping and what does not
/// may not lie in one parcel: only those that are like the first.
pub(super) fn unfulfilled(order: &Value) -> Vec<(String, i64)> {
    let left = |item: &Value| {
        let packed = pieces(&item["detail"]["fulfilled_quantity"]);
        pieces(&item["quantity"]).saturating_sub(packed)
    };
    let open: Vec<&Value> = rows(&order["items"]).iter().filter(|item| left(item) > 0).collect();
    let ships = open.first().map(|first| &first["requires_shipping"]);
    open.iter()
        .filter(|item| Some(&item["requires_shipping"]) == ships)
        .map(|item| (text(&item["id"]), left(item)))
        .collect()
}

fn parcels(order: &Value) -> impl Iterator<Item = &Value> {
    rows(&order["fulfillments"]).iter().filter(|one| one["canceled_at"].is_null())
}

/// Parcels that the customer does not have yet.
pub(super) fn deliverable(order: &Value) -> Vec<String> {
    let open = parcels(order).filter(|one| one["delivered_at"].is_null());
    open.map(|one| text(&one["id"])).collect()
}

impl Medusa {
    /// Orders that went on since a moment; at first those that are open.
    pub(super) async fn orders_page(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let offset = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let list = List::new(PAGE, offset, ORDER);
        let list = match ask.since_ms {
            Some(since) => list.only("updated_at[$gte]", iso(since)),
            None => list.only("status[]", "pending").only("status[]", "requires_action"),
        };
        let answer = self.list("admin/orders", &list).await?;
        let given = rows(&answer.body["orders"]);
        let mut page = Page {
            items: Vec::new(),
            next: after(offset, given.len(), &answer.body).map(|offset| offset.to_string()),
            server_ms: answer.server_ms,
            total: answer.body["count"].as_u64(),
            bad: Vec::new(),
        };
        for one in given {
            match self.order_in(one) {
                // At first only what something is still to be done for.
                Ok(order) if ask.since_ms.is_none() && order.state == OrderState::Fulfilled => {}
                Ok(order) => page.items.push(order),
                Err(words) => page.bad.push((text(&one["id"]), words)),
            }
        }
        Ok(page)
    }

    fn order_in(&self, said: &Value) -> Result<OrderIn, String> {
        let external_id = id(&said["id"]).ok_or("an order without an id")?;
        let to = &said["shipping_address"];
        let recipient = Recipient {
            name: name(&to["first_name"], &to["last_name"]),
            email: text(&said["email"]),
            phone: text(&to["phone"]),
            address: address(
                &[&to["address_1"], &to["address_2"]],
                &to["postal_code"],
                &to["city"],
                &to["province"],
                &to["country_code"],
            ),
        };
        let mut lines = Vec::new();
        for item in rows(&said["items"]) {
            let price = self.amount(&item["unit_price"]).filter(|price| *price >= 0);
            let back = pieces(&item["detail"]["return_received_quantity"]);
            let quantity = pieces(&item["quantity"]).saturating_sub(back);
            let Some(unit_price) = price.filter(|_| quantity >= 0) else {
                return Err("a line of this order has no quantity or price".to_owned());
            };
            lines.push(LineIn {
                external_id: text(&item["id"]),
                variant: text(&item["variant_id"]),
                sku: text(&item["variant_sku"]),
                name: text(&item["title"]),
                quantity,
                unit_price,
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
        let hand_over = self.way(said);
        let paid = self.counts_as_paid(said, hand_over);
        Ok(OrderIn {
            external_id,
            number: text(&said["display_id"]),
            our_id: id(&said["metadata"][OURS]),
            state: state(said, hand_over, paid),
            hand_over,
            paid,
            ordered_ms: moment(&said["created_at"]).unwrap_or(0),
            total: self.amount(&said["total"]).unwrap_or(0),
            lines,
            customer: text(&said["customer_id"]),
            recipient,
            note: String::new(),
        })
    }

    fn way(&self, order: &Value) -> HandOver {
        let is_pickup = |one: &Value| {
            let option = text(&one["shipping_option_id"]);
            self.pickup_options.contains(&option)
        };
        if rows(&order["shipping_methods"]).iter().any(is_pickup) {
            HandOver::Collect
        } else {
            HandOver::Ship
        }
    }

    /// Paid, or the money is set aside for it; the system's own provider stands for "paid otherwise".
    fn counts_as_paid(&self, order: &Value, hand_over: HandOver) -> bool {
        if is_paid(order) {
            return true;
        }
        let is_real = |one: &Value| {
            hand_over == HandOver::Ship || text(&one["provider_id"]) != "pp_system_default"
        };
        text(&order["payment_status"]) == "authorized"
            && rows(&order["payment_collections"])
                .iter()
                .flat_map(|one| rows(&one["payments"]))
                .any(is_real)
    }

    pub(super) async fn order(&self, external_id: &str) -> Result<Value, Trouble> {
        let request = Request::get(format!("admin/orders/{external_id}")).with("fields", ORDER);
        Ok(self.ask(request).await?.body["order"].clone())
    }

    /// The next step of handing an order over: what is not packed is packed, then the customer has it,
    /// or it is on its way.
    pub(super) async fn hand_over(
        &self,
        order: &Value,
        option: Option<&str>,
        tracking: &str,
        delivered: bool,
    ) -> Result<(), Trouble> {
        let path = format!("admin/orders/{}/fulfillments", text(&order["id"]));
        let left = unfulfilled(order);
        if !left.is_empty() {
            let items: Vec<Value> = left
                .iter()
                .map(|(line, left)| json!({ "id": line, "quantity": number(*left, QUANTITY) }))
                .collect();
            let mut body =
                json!({ "items": items, "location_id": self.location, "no_notification": true });
            if let Some(option) = option {
                body["shipping_option_id"] = json!(option);
            }
            return self.ask(Request::post(path, body)).await.map(|_| ());
        }
        for parcel in parcels(order) {
            let parcel_id = text(&parcel["id"]);
            if delivered && parcel["delivered_at"].is_null() {
                let path = format!("{path}/{parcel_id}/mark-as-delivered");
                let body = json!({ "no_notification": true });
                return self.ask(Request::post(path, body)).await.map(|_| ());
            }
            if !delivered && parcel["shipped_at"].is_null() && parcel["delivered_at"].is_null() {
                let items: Vec<Value> = rows(&parcel["items"])
                    .iter()
                    .map(|one| json!({ "id": one["line_item_id"], "quantity": one["quantity"] }))
                    .collect();
                let mut body = json!({ "items": items });
                if !tracking.is_empty() {
                    let label =
                        json!({ "tracking_number": tracking, "tracking_url": "", "label_url": "" });
                    body["labels"] = json!([label]);
                }
                let path = format!("{path}/{parcel_id}/shipments");
                return self.ask(Request::post(path, body)).await.map(|_| ());
            }
        }
        Ok(())
    }

    pub(super) async fn send_fulfil(&self, fulfil: &FulfilOut) -> Result<Done, Trouble> {
        let mut order = self.order(&fulfil.order_external).await?;
        for step in 0..MAX_STEPS {
            if is_at(&order, fulfil) {
                let external_id = fulfil.order_external.clone();
                return Ok(Done { external_id, ..Done::default() });
            }
            let stepped = self.step_of_fulfil(&order, fulfil).await;
            if step == 0 {
                stepped?;
            } else {
                stepped.map_err(after_a_part)?;
            }
            order = self.order(&fulfil.order_external).await.map_err(after_a_part)?;
        }
        Err(Trouble::unknown("the order does not get any further in the shop"))
    }

    async fn step_of_fulfil(&self, order: &Value, fulfil: &FulfilOut) -> Result<(), Trouble> {
        let path = format!("admin/orders/{}", text(&order["id"]));
        if fulfil.paid_here && !is_paid(order) {
            let authorized = rows(&order["payment_collections"])
                .iter()
                .flat_map(|one| rows(&one["payments"]))
                .find(|one| one["captured_at"].is_null() && one["canceled_at"].is_null());
            return match authorized {
                Some(payment) => {
                    let path = format!("admin/payments/{}/capture", text(&payment["id"]));
                    self.ask(Request::post(path, json!({}))).await.map(|_| ())
                }
                None => self.put_payment(order).await,
            };
        }
        match fulfil.status {
            OrderStatus::Cancelled => {
                self.ask(Request::post(format!("{path}/cancel"), json!({}))).await.map(|_| ())
            }
            OrderStatus::Shipped => self.hand_over(order, None, &fulfil.tracking, false).await,
            OrderStatus::Collected | OrderStatus::Delivered => {
                self.hand_over(order, None, &fulfil.tracking, true).await
            }
            OrderStatus::New | OrderStatus::Picking | OrderStatus::Ready => {
                let metadata = with(&order["metadata"], STATUS, "ready");
                self.ask(Request::post(path, json!({ "metadata": metadata }))).await.map(|_| ())
            }
        }
    }

    /// Sending goes on where it was left, so what is not all done is missing.
    pub(super) async fn find_fulfil(&self, fulfil: &FulfilOut) -> Result<Found, Trouble> {
        let order = self.order(&fulfil.order_external).await?;
        Ok(if is_at(&order, fulfil) {
            let external_id = fulfil.order_external.clone();
            Found::Done(Done { external_id, ..Done::default() })
        } else {
            Found::Missing
        })
    }
}

/// Whether an order is where it is to be.
fn is_at(order: &Value, fulfil: &FulfilOut) -> bool {
    if order["status"] == "canceled" {
        return true;
    }
    if fulfil.paid_here && !is_paid(order) {
        return false;
    }
    let is_packed = unfulfilled(order).is_empty();
    match fulfil.status {
        OrderStatus::New | OrderStatus::Picking => true,
        OrderStatus::Ready => is_packed || order["metadata"][STATUS] == "ready",
        OrderStatus::Shipped => {
            let is_away =
                |one: &Value| !one["shipped_at"].is_null() || !one["delivered_at"].is_null();
            is_packed && parcels(order).all(is_away)
        }
        OrderStatus::Collected | OrderStatus::Delivered => {
            is_packed && deliverable(order).is_empty()
        }
        OrderStatus::Cancelled => false,
    }
}

fn state(order: &Value, hand_over: HandOver, paid: bool) -> OrderState {
    let payment = text(&order["payment_status"]);
    if payment == "refunded" {
        return OrderState::Refunded;
    }
    if order["status"] == "canceled" {
        return OrderState::Cancelled;
    }
    match &*text(&order["fulfillment_status"]) {
        "shipped" | "delivered" => OrderState::Fulfilled,
        _ if paid || hand_over == HandOver::Collect => OrderState::Open,
        _ => OrderState::Unpaid,
    }
}
