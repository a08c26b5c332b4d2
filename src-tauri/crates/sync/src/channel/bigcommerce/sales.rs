//! Sales and refunds of the counter, told as orders of the shop.

use countertop_domain::ids::VariantId;
use serde_json::{Value, json};

use super::super::amount::decimal_text;
use super::super::connector::{Found, Trouble};
use super::super::transport::{Method, Request};
use super::super::value::{decimal, id, number as amount, rows, text};
use super::super::words::{Done, LineOut, RefundOut, SaleOut};
use super::stock::number;
use super::{BigCommerce, SOURCE, whole};

/// An order that is over: both ways in which a shop may take goods from its stock are through.
const COMPLETED: i64 = 10;
/// Places of a price of one: what a line comes to may not divide.
const UNIT_PLACES: u32 = 4;

impl BigCommerce {
    /// An order that is completed: the platform takes its goods from stock, sends no mail, and counts
    /// neither promotions nor shipping.
    pub(super) async fn send_sale(&self, our_id: &str, sale: &SaleOut) -> Result<Done, Trouble> {
        let store = self.store().await.map_err(Trouble::before_anything)?;
        let body = sale_body(our_id, sale, &store);
        let answer = self.change(Request::post("v2/orders", body)).await?;
        let external_id = id(&answer.body["id"])
            .ok_or_else(|| Trouble::unknown("the shop made an order and did not say which"))?;
        Ok(Done { external_id, unset: unset(sale), ..Done::default() })
    }

    pub(super) async fn find_sale(&self, our_id: &str, sale: &SaleOut) -> Result<Found, Trouble> {
        let request = Request::get("v2/orders").with("external_order_id", our_id).with("limit", 10);
        let answer = self.get(request).await?;
        // An empty list comes as nothing at all (204).
        let found = rows(&answer.body);
        if let Some(order) = found.iter().find(|row| text(&row["external_order_id"]) == our_id) {
            let external_id = text(&order["id"]);
            return Ok(Found::Done(Done { external_id, unset: unset(sale), ..Done::default() }));
        }
        // A list of others: the shop did not search at all.
        Ok(if found.is_empty() { Found::Missing } else { Found::CannotTell })
    }

    /// A refund that was paid out here. The platform puts nothing back on the shelf: what came back is
    /// told next, and set as a figure if nobody knows whether that was done.
    pub(super) async fn send_refund(
        &self,
        our_id: &str,
        refund: &RefundOut,
    ) -> Result<Done, Trouble> {
        let order = &refund.order_external;
        let reason = reason(our_id);
        let request = Request::get(format!("v2/orders/{order}/products")).with("limit", 250);
        let sold = self.get(request).await.map_err(Trouble::before_anything)?.body;
        let items = refunded(&sold, refund, &reason);
        let base = format!("v3/orders/{order}/payment_actions");
        let quote = Request::post(format!("{base}/refund_quotes"), json!({ "items": &items }));
        let quote = self.ask(quote).await.map_err(Trouble::before_anything)?;
        let quoted = &quote.body["data"];
        let fits = !items.is_empty()
            && decimal(&quoted["total_refund_amount"], refund.exponent) == Some(refund.total);
        // Reductions and rounding may make the shop's amount another than what was paid out.
        let items = if fits {
            items
        } else {
            vec![json!({
                "item_type": "ORDER",
                "item_id": number(order),
                "amount": amount(refund.total, refund.exponent),
                "reason": &reason,
            })]
        };
        let payment = json!({
            "provider_id": provider(quoted),
            "amount": amount(refund.total, refund.exponent),
            "offline": true,
        });
        let body = json!({ "items": items, "payments": [payment] });
        let answer = self.change(Request::post(format!("{base}/refunds"), body)).await?;
        let external_id = text(&answer.body["data"]["id"]);
        let mut unset = Vec::new();
        for line in refund.lines.iter().filter(|line| line.restock) {
            let Some(goods) = &line.goods else { continue };
            let told = match whole(line.quantity) {
                Some(back) => self
                    .adjust(Method::Post, "relative", &reason, goods, back)
                    .await
                    .is_ok_and(|answer| (200..300).contains(&answer.status)),
                None => false,
            };
            if !told {
                unset.push(line.variant);
            }
        }
        Ok(Done { external_id, unset, ..Done::default() })
    }

    pub(super) async fn find_refund(
        &self,
        our_id: &str,
        refund: &RefundOut,
    ) -> Result<Found, Trouble> {
        let order = &refund.order_external;
        let request = Request::get(format!("v3/orders/{order}/payment_actions/refunds"));
        let answer = self.get(request).await?;
        let reason = reason(our_id);
        let found = rows(&answer.body["data"]).iter().find(|one| {
            text(&one["reason"]) == reason
                || rows(&one["items"]).iter().any(|item| text(&item["reason"]) == reason)
        });
        // Nobody knows how far the shelf was told.
        let back = refund.lines.iter().filter(|line| line.restock && line.goods.is_some());
        let unset = back.map(|line| line.variant).collect();
        Ok(match found {
            Some(one) => {
                Found::Done(Done { external_id: text(&one["id"]), unset, ..Done::default() })
            }
            None => Found::Missing,
        })
    }
}

fn reason(our_id: &str) -> String {
    format!("Countertop {our_id}")
}

/// Goods of a sale that the order does not take from stock.
fn unset(sale: &SaleOut) -> Vec<VariantId> {
    let lines = sale.lines.iter().filter(|line| line.goods.is_some());
    lines.filter(|line| whole(line.quantity).is_none()).map(|line| line.variant).collect()
}

fn sale_body(our_id: &str, sale: &SaleOut, store: &Value) -> Value {
    let places = sale.exponent;
    let paid: Vec<&str> = sale.paid.iter().map(|one| one.kind.as_str()).collect();
    let or_dash = |value: &Value| Some(text(value)).filter(|t| !t.is_empty()).unwrap_or("-".into());
    // A counter has no address of its buyer, and an order must have one: the shop's own.
    let address = json!({
        "first_name": "Counter",
        "last_name": &sale.number,
        "street_1": or_dash(&store["address"]),
        "city": "-",
        "state": "-",
        "zip": "-",
        "country": or_dash(&store["country"]),
        "country_iso2": text(&store["country_code"]),
        "email": text(&store["admin_email"]),
    });
    json!({
        "status_id": COMPLETED,
        "external_source": SOURCE,
        "external_order_id": our_id,
        "customer_id": number(&sale.customer_external).as_i64().unwrap_or(0),
        "date_created": mail_date(sale.at_ms),
        "billing_address": address,
        "products": sale.lines.iter().map(|line| product(line, places)).collect::<Vec<_>>(),
        "subtotal_ex_tax": decimal_text(sale.net, places),
        "subtotal_inc_tax": decimal_text(sale.total, places),
        "total_ex_tax": decimal_text(sale.net, places),
        "total_inc_tax": decimal_text(sale.total, places),
        "payment_method": format!("Countertop: {}", paid.join(", ")),
        "staff_notes": format!("Sold at the counter, receipt {}", sale.number),
    })
}

/// What was sold: of the catalogue, or a line of text, which takes nothing from stock.
fn product(line: &LineOut, places: u32) -> Value {
    let units = whole(line.quantity).filter(|units| *units > 0);
    let each = |of: i64| unit_price(of, units.unwrap_or(1), places);
    let mut row = json!({
        "quantity": units.unwrap_or(1),
        "price_ex_tax": each(line.net),
        "price_inc_tax": each(line.total),
    });
    match (&line.goods, units) {
        (Some(goods), Some(_)) => {
            row["product_id"] = number(goods.product.trim_start_matches('p'));
            row["variant_id"] = number(&goods.external_id);
        }
        (_, Some(_)) => row["name"] = Value::from(line.name.as_str()),
        (_, None) => {
            row["name"] = format!("{} × {}", line.name, decimal_text(line.quantity, 3)).into();
        }
    }
    if row["product_id"].is_null() && !line.sku.is_empty() {
        row["sku"] = Value::from(line.sku.as_str());
    }
    row
}

/// What one costs, to four places.
fn unit_price(of: i64, units: i64, places: u32) -> String {
    let finer = UNIT_PLACES.saturating_sub(places);
    let fine = i128::from(of) * 10_i128.pow(finer);
    let units = i128::from(units);
    // Nothing here is below nothing: half goes up.
    let each = i64::try_from((fine * 2 + units) / (units * 2)).unwrap_or(i64::MAX);
    decimal_text(each, places + finer)
}

fn mail_date(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// What came back, as lines of the order that it came back from; nothing if one of them is not found.
fn refunded(sold: &Value, refund: &RefundOut, reason: &str) -> Vec<Value> {
    let mut left: Vec<(&Value, i64)> = rows(sold)
        .iter()
        .map(|row| {
            let count = |field: &str| decimal(&row[field], 0).unwrap_or(0);
            (row, count("quantity") - count("quantity_refunded"))
        })
        .collect();
    let mut items = Vec::new();
    for line in &refund.lines {
        let (Some(goods), Some(mut wanted)) = (&line.goods, whole(line.quantity)) else {
            return Vec::new();
        };
        for (row, left) in &mut left {
            let take = wanted.min(*left);
            if take > 0 && text(&row["variant_id"]) == goods.external_id {
                *left -= take;
                wanted -= take;
                items.push(json!({
                    "item_type": "PRODUCT",
                    "item_id": row["id"],
                    "quantity": take,
                    "reason": reason,
                }));
            }
        }
        if wanted > 0 {
            return Vec::new();
        }
    }
    items
}

/// What the money went back by, of those that the shop offers: never one that moves money.
fn provider(quoted: &Value) -> String {
    let offered = rows(&quoted["refund_methods"]).iter().filter_map(|method| {
        let [only] = rows(method) else { return None };
        (only["offline"].as_bool() == Some(true)).then(|| text(&only["provider_id"]))
    });
    offered.into_iter().find(|one| !one.is_empty()).unwrap_or_else(|| "custom".to_owned())
}

#[cfg(test)]
mod tests {
    use super::unit_price;

    #[test]
    fn a_price_of_one_is_written_to_four_places() {
        assert_eq!(unit_price(1_000, 3, 2), "3.3333");
        assert_eq!(unit_price(2_000, 3, 2), "6.6667");
        assert_eq!(unit_price(1_000, 1, 2), "10.0000");
        assert_eq!(unit_price(1_000, 3, 0), "333.3333");
    }
}
