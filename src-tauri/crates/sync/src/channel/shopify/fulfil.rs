//! An order of the shop went on here: ready, collected, sent, brought, given up. What it is now is read
//! first, and only what is missing is said, so that saying it twice does nothing twice.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use serde_json::{Value, json};

use super::super::connector::{Found, Trouble};
use super::super::words::{Done, FulfilOut};
use super::Shopify;
use super::documents::{CANCEL, DELIVERED, FULFIL, PAID, PROGRESS, READY};
use super::read::{flag, list, text};

/// What is still to be said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Missing {
    paid: bool,
    cancelled: bool,
    /// Parts to be called ready.
    ready: Vec<String>,
    /// Parts to be called handed over.
    handed: Vec<String>,
    /// Parcels to be called brought.
    delivered: Vec<String>,
}

impl Shopify {
    pub(super) async fn fulfil(&self, order: &FulfilOut) -> Result<Done, Trouble> {
        let missing = self.missing(order).await?;
        let id = &order.order_external;
        // The first of several that fails may be all that was done: then nobody knows, and what is
        // missing is looked up.
        let mut begun = false;
        if missing.paid {
            let variables = json!({ "input": { "id": id } });
            self.say(PAID, "orderMarkAsPaid", &variables, &mut begun).await?;
        }
        if missing.cancelled {
            self.say(CANCEL, "orderCancel", &json!({ "order": id }), &mut begun).await?;
        }
        let parts = |ids: &[String]| -> Vec<Value> {
            ids.iter().map(|id| json!({ "fulfillmentOrderId": id })).collect()
        };
        if !missing.ready.is_empty() {
            let input = json!({ "lineItemsByFulfillmentOrder": parts(&missing.ready) });
            let variables = json!({ "input": input });
            let name = "fulfillmentOrderLineItemsPreparedForPickup";
            self.say(READY, name, &variables, &mut begun).await?;
        }
        if !missing.handed.is_empty() {
            let sent = order.hand_over == HandOver::Ship;
            let mut fulfillment = json!({
                "lineItemsByFulfillmentOrder": parts(&missing.handed),
                "notifyCustomer": sent,
            });
            if !order.tracking.is_empty() {
                fulfillment["trackingInfo"] = json!({ "number": order.tracking });
            }
            let variables = json!({ "fulfillment": fulfillment });
            self.say(FULFIL, "fulfillmentCreate", &variables, &mut begun).await?;
        }
        for parcel in &missing.delivered {
            let event = json!({ "fulfillmentId": parcel, "status": "DELIVERED" });
            let name = "fulfillmentEventCreate";
            self.say(DELIVERED, name, &json!({ "event": event }), &mut begun).await?;
        }
        Ok(Done { external_id: id.clone(), ..Done::default() })
    }

    /// Says one thing of several.
    async fn say(
        &self,
        document: &str,
        name: &str,
        variables: &Value,
        begun: &mut bool,
    ) -> Result<(), Trouble> {
        let said = self.api.change(document, name, variables).await;
        match said {
            Ok(_) => {
                *begun = true;
                Ok(())
            }
            Err(trouble @ (Trouble::NotSent(_) | Trouble::Busy { .. })) if *begun => {
                let wait_ms = trouble.wait_ms();
                Err(Trouble::Unknown { words: trouble.to_string(), wait_ms })
            }
            Err(trouble) => Err(trouble),
        }
    }

    pub(super) async fn find_progress(&self, order: &FulfilOut) -> Result<Found, Trouble> {
        let missing = self.missing(order).await?;
        let external_id = order.order_external.clone();
        Ok(if missing == Missing::default() {
            Found::Done(Done { external_id, ..Done::default() })
        } else {
            Found::Missing
        })
    }

    async fn missing(&self, order: &FulfilOut) -> Result<Missing, Trouble> {
        let variables = json!({ "order": order.order_external });
        let said = self.api.ask(PROGRESS, &variables).await?;
        let there = &said.data["order"];
        if there.is_null() {
            return Err(Trouble::Refused("the shop has that order no more".to_owned()));
        }
        missing(there, order, self.location().await?).map_err(Trouble::Refused)
    }
}

fn missing(there: &Value, order: &FulfilOut, location: &str) -> Result<Missing, String> {
    let cancelled = !there["cancelledAt"].is_null();
    let mut missing = Missing::default();
    if order.status == OrderStatus::Cancelled {
        missing.cancelled = !cancelled;
        return Ok(missing);
    }
    if cancelled {
        return Err("the order was given up in the shop: ask there what is to be done".to_owned());
    }
    missing.paid = order.paid_here && flag(there, "/canMarkAsPaid");
    let here = |states: &[&str]| -> Vec<String> {
        list(there, "/fulfillmentOrders/nodes")
            .iter()
            .filter(|part| Shopify::is_here(location, part))
            .filter(|part| states.contains(&text(part, "/status").as_str()))
            .map(|part| text(part, "/id"))
            .collect()
    };
    match order.status {
        OrderStatus::Ready if order.hand_over == HandOver::Collect => {
            missing.ready = here(&["OPEN"])
        }
        OrderStatus::Collected | OrderStatus::Shipped => {
            if !here(&["ON_HOLD", "SCHEDULED"]).is_empty() {
                return Err("the shop holds this order back: let it go there first".to_owned());
            }
            missing.handed = here(&["OPEN", "IN_PROGRESS"]);
        }
        OrderStatus::Delivered => {
            missing.delivered = list(there, "/fulfillments")
                .iter()
                .filter(|one| text(one, "/status") == "SUCCESS")
                .filter(|one| text(one, "/displayStatus") != "DELIVERED")
                .map(|one| text(one, "/id"))
                .collect();
        }
        _ => {}
    }
    Ok(missing)
}
