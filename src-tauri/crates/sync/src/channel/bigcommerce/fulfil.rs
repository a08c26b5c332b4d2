//! How far an order of the shop is here.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use serde_json::{Value, json};

use super::super::connector::Trouble;
use super::super::transport::Request;
use super::super::value::{decimal, id, iso, rows, text};
use super::super::words::{Done, FulfilOut};
use super::BigCommerce;
use super::stock::number;

impl BigCommerce {
    /// Says how far it is. All of it may be said twice: states are set, and what was sent is looked at
    /// before it is sent.
    pub(super) async fn send_fulfil(&self, fulfil: &FulfilOut) -> Result<Done, Trouble> {
        let order = &fulfil.order_external;
        let collect = fulfil.hand_over == HandOver::Collect;
        let status = match fulfil.status {
            OrderStatus::New | OrderStatus::Picking => return Ok(Done::default()),
            OrderStatus::Ready if collect => 8,
            OrderStatus::Ready => 9,
            OrderStatus::Shipped => {
                self.ship(order, &fulfil.tracking).await?;
                2
            }
            OrderStatus::Collected | OrderStatus::Delivered => 10,
            OrderStatus::Cancelled => 5,
        };
        if collect {
            self.pickup(order, fulfil.status).await?;
        }
        let now = self
            .get(Request::get(format!("v2/orders/{order}")))
            .await
            .map_err(Trouble::before_anything)?;
        let mut body = json!({ "status_id": status });
        if fulfil.paid_here {
            body["payment_method"] = "Countertop: paid when collected".into();
        }
        // A change without one would look like news of the shop's.
        if now.body["status_id"].as_i64() != Some(status) {
            self.change(Request::put(format!("v2/orders/{order}"), body)).await?;
        }
        Ok(Done { external_id: order.clone(), ..Done::default() })
    }

    /// Sends what was not sent yet. Sends mail to the customer, so never twice.
    async fn ship(&self, order: &str, tracking: &str) -> Result<(), Trouble> {
        let sold = self.get(Request::get(format!("v2/orders/{order}/products")).with("limit", 250));
        let sold = sold.await.map_err(Trouble::before_anything)?.body;
        let items: Vec<Value> = rows(&sold)
            .iter()
            .filter_map(|row| {
                let count = |field: &str| decimal(&row[field], 0).unwrap_or(0);
                let left =
                    count("quantity") - count("quantity_shipped") - count("quantity_refunded");
                (left > 0).then(|| json!({ "order_product_id": row["id"], "quantity": left }))
            })
            .collect();
        if items.is_empty() {
            return Ok(());
        }
        let to = self.get(Request::get(format!("v2/orders/{order}/shipping_addresses")));
        let to = to.await.map_err(Trouble::before_anything)?.body;
        // Downloads and orders to collect have none: their state says it all.
        let Some(address) = rows(&to).first().and_then(|row| id(&row["id"])) else { return Ok(()) };
        let body = json!({
            "order_address_id": number(&address),
            "tracking_number": tracking,
            "shipping_provider": "",
            "items": items,
        });
        self.change(Request::post(format!("v2/orders/{order}/shipments"), body)).await?;
        Ok(())
    }

    /// Says when an order to collect was ready and when it was collected.
    async fn pickup(&self, order: &str, status: OrderStatus) -> Result<(), Trouble> {
        let field = match status {
            OrderStatus::Ready => "ready_at",
            OrderStatus::Collected => "collected_at",
            _ => return Ok(()),
        };
        let request = Request::get("v3/orders/pickups").with("order_id:in", order);
        let answer = self.get(request).await.map_err(Trouble::before_anything)?;
        let at = answer.server_ms.unwrap_or_default();
        let said: Vec<Value> = rows(&answer.body["data"])
            .iter()
            .filter(|row| text(&row[field]).is_empty())
            .map(|row| json!({ "id": row["id"], "pickup_id": row["id"], field: iso(at) }))
            .collect();
        if !said.is_empty() {
            self.change(Request::put("v3/orders/pickups", Value::from(said))).await?;
        }
        Ok(())
    }
}
