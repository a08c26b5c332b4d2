//! How far an order of the shop is here.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use serde_json::{Value, json};

use super::super::connector::Trouble;
use super::super::transport::Request;
use super::super::value::{id, number, rows, text};
use super::super::words::{Done, FulfilOut};
use super::{Magento, post, said, thousandths};

impl Magento {
    /// Says how far it is. What was said already is seen first, so that it may be said twice.
    pub(super) async fn send_fulfil(&self, fulfil: &FulfilOut) -> Result<Done, Trouble> {
        let number = &fulfil.order_external;
        let order = self
            .must(Request::get(format!("orders/{number}")))
            .await
            .map_err(Trouble::before_anything)?
            .body;
        match fulfil.status {
            OrderStatus::New | OrderStatus::Picking | OrderStatus::Delivered => {}
            // The shop has no state for what lies ready to be sent.
            OrderStatus::Ready if fulfil.hand_over == HandOver::Ship => {}
            OrderStatus::Ready => self.ready(&order, number).await?,
            OrderStatus::Collected | OrderStatus::Shipped => {
                if fulfil.paid_here {
                    self.invoice(&order, number).await?;
                }
                self.ship(&order, number, &fulfil.tracking).await?;
            }
            OrderStatus::Cancelled => {
                if text(&order["state"]) != "canceled" {
                    self.must(post(format!("orders/{number}/cancel"), Value::Null)).await?;
                }
            }
        }
        Ok(Done { external_id: number.clone(), ..Done::default() })
    }

    /// Tells the customer that it can be fetched. The platform counts it as shipped from then on.
    async fn ready(&self, order: &Value, number: &str) -> Result<(), Trouble> {
        if unshipped(order).is_empty() {
            return Ok(());
        }
        let body = json!({ "orderIds": [number.parse::<i64>().unwrap_or(0)] });
        let answer =
            self.must(post("order/notify-orders-are-ready-for-pickup".to_owned(), body)).await?;
        let errors = rows(&answer.body["errors"]);
        if errors.is_empty() {
            return Ok(());
        }
        let words: Vec<String> = errors.iter().map(|one| text(&one["message"])).collect();
        Err(Trouble::Refused(format!("the shop answered: {}", words.join("; "))))
    }

    /// Says that it was paid here.
    async fn invoice(&self, order: &Value, number: &str) -> Result<(), Trouble> {
        let open = rows(&order["items"])
            .iter()
            .any(|row| thousandths(row, "qty_ordered") > thousandths(row, "qty_invoiced"));
        if open {
            let body = json!({ "capture": true, "notify": false });
            self.must(post(format!("order/{number}/invoice"), body)).await?;
        }
        Ok(())
    }

    /// Takes it out of this register's source: once, of what was not taken yet.
    async fn ship(&self, order: &Value, number_of: &str, tracking: &str) -> Result<(), Trouble> {
        let items = unshipped(order);
        if items.is_empty() {
            return Ok(());
        }
        let mut body = json!({
            "items": items.iter().map(|(row, left)| {
                json!({ "order_item_id": row["item_id"], "qty": number(*left, 3) })
            }).collect::<Vec<_>>(),
            "notify": !tracking.is_empty(),
            "arguments": { "extension_attributes": { "source_code": &self.source } },
        });
        if !tracking.is_empty() {
            let title = "Parcel";
            body["tracks"] = json!([{
                "track_number": tracking, "title": title, "carrier_code": "custom",
            }]);
        }
        let path = format!("order/{number_of}/ship");
        let answer = self.ask(post(path.clone(), body.clone())).await?;
        let words = said(&answer.body).unwrap_or_default();
        if answer.status != 400 || !words.contains("requested quantity") {
            return answer.accepted(said).map(|_| ());
        }
        // The figure says nothing is there, and it was handed over: it lay there until now. What is set
        // here is taken by the next request.
        for (row, left) in &items {
            let sku = text(&row["sku"]);
            let goods =
                super::super::words::Goods { external_id: sku.clone(), ..Default::default() };
            let there = self.stock_now(&[goods]).await?;
            if there.first().is_none_or(|there| there.quantity < *left) {
                self.set_figure(&sku, *left).await?;
            }
        }
        self.must(post(path, body)).await.map(|_| ())
    }
}

/// Items that were not shipped yet, and how much of each.
fn unshipped(order: &Value) -> Vec<(&Value, i64)> {
    rows(&order["items"])
        .iter()
        .filter(|row| id(&row["parent_item_id"]).is_none())
        .map(|row| {
            let gone = ["qty_shipped", "qty_refunded", "qty_canceled"];
            let gone: i64 = gone.iter().map(|field| thousandths(row, field)).sum();
            (row, thousandths(row, "qty_ordered") - gone)
        })
        .filter(|(_, left)| *left > 0)
        .collect()
}
