//! What goes out to WooCommerce.

use countertop_domain::channel_order::OrderStatus;
use serde_json::{Value, json};

use super::incoming::{each, id, stock_path, text, when, whole};
use super::{API, VIA, WooCommerce, moment};
use crate::channel::amount::{decimal_text, minor_units};
use crate::channel::connector::{Ask, Errand, Found, Trouble};
use crate::channel::transport::Request;
use crate::channel::words::{Done, FulfilOut, Goods, RefundOut, SaleOut, StockIn, StockOut, Task};

/// Where our id is kept in what has no field for it.
const META: &str = "_countertop_id";
/// How far back an order is searched for before it was first sent: clocks differ.
const BEFORE_MS: i64 = 24 * 60 * 60 * 1_000;

impl WooCommerce {
    pub(super) async fn carry_out(&self, errand: &Errand) -> Result<Done, Trouble> {
        match &errand.task {
            Task::Sale(sale) => {
                let body = order_of(sale, &errand.our_id, self.adds_taxes().await?);
                let made = self.ask(Request::post(format!("{API}orders"), body)).await?;
                made_id(&made.body)
            }
            Task::Refund(refund) => self.refund(refund, &errand.our_id).await,
            Task::Stock(stock) => self.set_figure(stock).await,
            Task::StockMove(_) => Err(Trouble::Refused(
                "this platform cannot be told of a movement, only of a figure".to_owned(),
            )),
            Task::Fulfil(fulfil) => self.fulfil(fulfil).await,
            Task::Customer(customer) => self.send_customer(customer).await,
        }
    }

    async fn set_figure(&self, stock: &StockOut) -> Result<Done, Trouble> {
        let Some(goods) = &stock.goods else { return Ok(Done::default()) };
        let body = json!({ "manage_stock": true, "stock_quantity": pieces(stock.figure)? });
        let path = format!("{API}{}", stock_path(goods));
        let answer = self.ask(Request::put(path, body)).await?;
        let quantity = whole(&answer.body, "stock_quantity")
            .ok_or_else(|| Trouble::unknown("the shop did not say its new figure"))?;
        let said = StockIn { external_id: goods.external_id.clone(), quantity };
        Ok(Done { stock: vec![said], ..Done::default() })
    }

    async fn refund(&self, refund: &RefundOut, our_id: &str) -> Result<Done, Trouble> {
        let path = format!("orders/{}", refund.order_external);
        let order = self.get(&path, &[]).await.map_err(Trouble::before_anything)?;
        let adds_taxes = self.adds_taxes().await?;
        // Taxes may come to a cent less there than here, and no shop gives back more than an order is worth.
        let amount = |of: &Value, name| minor_units(&text(of, name), refund.exponent).unwrap_or(0);
        let back: i64 = each(&order.body, "refunds").map(|one| amount(one, "total").abs()).sum();
        let left = amount(&order.body, "total").saturating_sub(back);
        let mut lines = Vec::new();
        for line in &refund.lines {
            let Some(goods) = &line.goods else { continue };
            let ours = line.line.to_string();
            let mut all = each(&order.body, "line_items");
            let sold = all.find(|sold| bears(sold, &ours));
            let of_goods = || each(&order.body, "line_items").find(|sold| is_of(sold, goods));
            let Some(sold) = sold.or_else(of_goods) else { continue };
            let worth = if adds_taxes { line.net } else { line.total };
            let net = decimal_text(worth, refund.exponent);
            lines.push(json!({
                "id": id(sold).parse::<i64>().unwrap_or_default(),
                "quantity": pieces(line.quantity)?, "refund_total": net,
            }));
        }
        let body = json!({
            "amount": decimal_text(refund.total.min(left), refund.exponent),
            "reason": refund.reason, "line_items": lines, "api_refund": false,
            "api_restock": refund.lines.iter().any(|line| line.restock),
            "meta_data": [{ "key": META, "value": our_id }],
        });
        let path = format!("{API}orders/{}/refunds", refund.order_external);
        made_id(&self.ask(Request::post(path, body)).await?.body)
    }

    async fn fulfil(&self, fulfil: &FulfilOut) -> Result<Done, Trouble> {
        let mut body = json!({});
        if let Some(status) = status_of(fulfil.status) {
            body["status"] = json!(status);
        }
        let mut meta = vec![json!({ "key": "_countertop_status", "value": fulfil.status.name() })];
        if !fulfil.tracking.is_empty() {
            meta.push(json!({ "key": "_countertop_tracking", "value": fulfil.tracking }));
        }
        body["meta_data"] = Value::Array(meta);
        if fulfil.paid_here {
            body["set_paid"] = json!(true);
        }
        let path = format!("{API}orders/{}", fulfil.order_external);
        self.ask(Request::put(path, body)).await?;
        Ok(Done::default())
    }

    pub(super) async fn search(&self, errand: &Errand) -> Result<Found, Trouble> {
        match &errand.task {
            Task::Sale(_) => self.search_order(&errand.our_id, errand.first_ms).await,
            Task::Refund(refund) => {
                let path = format!("orders/{}/refunds", refund.order_external);
                let mut ask = Ask::default();
                loop {
                    let (found, page) = self.list(&path, &ask, &[]).await?;
                    if let Some(known) = found.iter().find(|one| bears(one, &errand.our_id)) {
                        return Ok(Found::Done(Done { external_id: id(known), ..Done::default() }));
                    }
                    match page.next {
                        Some(next) => ask.next = Some(next),
                        None => return Ok(Found::Missing),
                    }
                }
            }
            Task::Customer(customer) => self.find_customer(customer).await,
            // Said twice, these are as said once.
            Task::Stock(_) | Task::Fulfil(_) => Ok(Found::Missing),
            Task::StockMove(_) => Ok(Found::CannotTell),
        }
    }

    /// Our orders, the newest first, back to a day before this one was first sent. A search for text
    /// works only with the platform's newer order tables; this works always.
    async fn search_order(&self, our_id: &str, first_ms: Option<i64>) -> Result<Found, Trouble> {
        let oldest = first_ms.unwrap_or(i64::MIN).saturating_sub(BEFORE_MS);
        for page in 1_u32.. {
            let query = [
                ("created_via", VIA.to_owned()),
                ("orderby", "id".to_owned()),
                ("order", "desc".to_owned()),
                ("status", "any".to_owned()),
                ("per_page", "100".to_owned()),
                ("page", page.to_string()),
            ];
            let answer = self.get("orders", &query).await?;
            let Some(orders) = answer.body.as_array() else {
                return Err(Trouble::unknown("the shop's list is no list"));
            };
            if let Some(known) = orders.iter().find(|one| text(one, "transaction_id") == our_id) {
                return Ok(Found::Done(Done { external_id: id(known), ..Done::default() }));
            }
            let past = orders.last().and_then(|last| when(last, "date_created_gmt"));
            if orders.len() < 100 || past.is_some_and(|past| past < oldest) {
                break;
            }
        }
        Ok(Found::Missing)
    }
}

/// What was made; an answer that does not say it leaves it open whether it was made.
pub(super) fn made_id(body: &Value) -> Result<Done, Trouble> {
    let external_id = id(body);
    if external_id.is_empty() {
        return Err(Trouble::unknown("the shop did not say what it made"));
    }
    Ok(Done { external_id, ..Done::default() })
}

fn bears(one: &Value, our_id: &str) -> bool {
    each(one, "meta_data").any(|meta| text(meta, "key") == META && text(meta, "value") == our_id)
}

fn is_of(sold: &Value, goods: &Goods) -> bool {
    text(sold, "variation_id") == goods.external_id || text(sold, "product_id") == goods.external_id
}

/// The platform's status; none where it has none of its own.
const fn status_of(status: OrderStatus) -> Option<&'static str> {
    match status {
        OrderStatus::Collected | OrderStatus::Shipped | OrderStatus::Delivered => Some("completed"),
        OrderStatus::Cancelled => Some("cancelled"),
        OrderStatus::New | OrderStatus::Picking | OrderStatus::Ready => None,
    }
}

/// A count of whole pieces.
fn pieces(thousandths: i64) -> Result<i64, Trouble> {
    if thousandths % 1_000 == 0 {
        return Ok(thousandths / 1_000);
    }
    Err(Trouble::Refused(
        "WooCommerce counts whole pieces only: parts of one cannot be told to it".to_owned(),
    ))
}

/// A shop that adds taxes is told amounts without them; another one what was paid.
fn order_of(sale: &SaleOut, our_id: &str, adds_taxes: bool) -> Value {
    let (mut items, mut fees) = (Vec::new(), Vec::new());
    for line in &sale.lines {
        let net = decimal_text(if adds_taxes { line.net } else { line.total }, sale.exponent);
        match (&line.goods, pieces(line.quantity)) {
            (Some(goods), Ok(quantity)) => {
                let number = |text: &str| text.parse::<i64>().unwrap_or_default();
                let is_simple = goods.product.is_empty() || goods.product == goods.external_id;
                let product = if is_simple { &goods.external_id } else { &goods.product };
                items.push(json!({
                    "product_id": number(product),
                    "variation_id": if is_simple { 0 } else { number(&goods.external_id) },
                    "quantity": quantity, "subtotal": net, "total": net,
                    "meta_data": [{ "key": META, "value": line.id.to_string() }],
                }));
            }
            // What the shop does not have, or cannot count.
            _ => fees.push(json!({ "name": line.name, "total": net })),
        }
    }
    let methods: Vec<&str> = sale.paid.iter().map(|paid| paid.kind.as_str()).collect();
    json!({
        "status": "completed", "set_paid": true, "created_via": VIA, "transaction_id": our_id,
        "currency": sale.currency, "payment_method": VIA,
        "payment_method_title": methods.join(", "), "date_created_gmt": moment(sale.at_ms),
        "customer_id": sale.customer_external.parse::<i64>().unwrap_or_default(),
        "line_items": items, "fee_lines": fees,
        "meta_data": [{ "key": "_countertop_receipt", "value": sale.number }],
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn parts_of_a_piece_are_never_rounded_into_a_count() {
        assert_eq!(pieces(3_000), Ok(3));
        assert!(pieces(1_500).is_err());
    }
}
