//! Sales and refunds of the counter, told as orders and credit memos of the shop.

use countertop_domain::ids::VariantId;
use serde_json::{Value, json};

use super::super::connector::{Found, Trouble};
use super::super::transport::Request;
use super::super::value::{decimal, id, iso, number, rows, text};
use super::super::words::{Done, LineOut, RefundOut, SaleOut};
use super::{Magento, Search, found, post, thousandths};

/// What stands before our id in an order's `ext_order_id`, which others use, too.
const OURS: &str = "countertop:";

/// Our id of an order, if we made it.
pub(super) fn our_id(row: &Value) -> Option<String> {
    text(&row["ext_order_id"]).strip_prefix(OURS).map(str::to_owned)
}

impl Magento {
    /// An order that is over. Written by API it reserves nothing and takes nothing: the figures of what
    /// was sold are set next.
    pub(super) async fn send_sale(&self, our_id: &str, sale: &SaleOut) -> Result<Done, Trouble> {
        let store =
            self.must(Request::get("store/storeViews")).await.map_err(Trouble::before_anything)?;
        let store = rows(&store.body).iter().find(|row| text(&row["code"]) == self.store);
        let store = store.map_or(Value::Null, |row| row["id"].clone());
        let host = self.line.base().host_str().unwrap_or("localhost").to_owned();
        let mut email = format!("counter@{host}");
        if !sale.customer_external.is_empty() {
            let path = format!("customers/{}", super::part(&sale.customer_external));
            let customer = self.ask(Request::get(path)).await.map_err(Trouble::before_anything)?;
            let known = text(&customer.body["email"]);
            if customer.status == 200 && !known.is_empty() {
                email = known;
            }
        }
        let entity = entity(our_id, sale, &store, &email);
        let answer = self.must(post("orders".to_owned(), json!({ "entity": entity }))).await?;
        let external_id = id(&answer.body["entity_id"])
            .ok_or_else(|| Trouble::unknown("the shop made an order and did not say which"))?;
        Ok(Done { external_id, unset: unset(sale), ..Done::default() })
    }

    pub(super) async fn find_sale(&self, our_id: &str, sale: &SaleOut) -> Result<Found, Trouble> {
        let ours = format!("{OURS}{our_id}");
        let search = Search::new("orders")
            .filter("ext_order_id", "eq", &ours)
            .fields("items[entity_id,ext_order_id],total_count");
        let answer = self.must(search.limit(10)).await?;
        let (some, _, _) = found(&answer);
        if let Some(order) = some.iter().find(|row| text(&row["ext_order_id"]) == ours) {
            let external_id = text(&order["entity_id"]);
            return Ok(Found::Done(Done { external_id, unset: unset(sale), ..Done::default() }));
        }
        // A list of others: the shop did not search at all.
        Ok(if some.is_empty() { Found::Missing } else { Found::CannotTell })
    }

    /// A refund that was paid out here. Nothing is given back to the shop's reservations, since our
    /// orders hold none: the figures of what came back are set next.
    pub(super) async fn send_refund(
        &self,
        our_id: &str,
        refund: &RefundOut,
    ) -> Result<Done, Trouble> {
        let order = &refund.order_external;
        let known = self
            .must(Request::get(format!("orders/{order}")))
            .await
            .map_err(Trouble::before_anything)?
            .body;
        let (items, worth) = refunded(&known, refund);
        let more = refund.total - worth;
        let amount = |of: i64| number(of, refund.exponent);
        let body = json!({
            "items": items,
            "notify": false,
            "appendComment": true,
            "comment": { "comment": comment(our_id), "is_visible_on_front": 0 },
            "arguments": {
                "shipping_amount": 0,
                "adjustment_positive": amount(more.max(0)),
                "adjustment_negative": amount((-more).max(0)),
            },
        });
        let answer = self.must(post(format!("order/{order}/refund"), body)).await?;
        let external_id = text(&answer.body);
        Ok(Done { external_id, unset: back(refund), ..Done::default() })
    }

    pub(super) async fn find_refund(
        &self,
        our_id: &str,
        refund: &RefundOut,
    ) -> Result<Found, Trouble> {
        let search = Search::new("creditmemos").filter("order_id", "eq", &refund.order_external);
        let answer = self.must(search.limit(100)).await?;
        let ours = comment(our_id);
        for memo in found(&answer).0 {
            let number = text(&memo["entity_id"]);
            let mut comments = rows(&memo["comments"]).to_vec();
            if comments.is_empty() {
                let path = format!("creditmemo/{number}/comments");
                comments = rows(&self.must(Request::get(path)).await?.body["items"]).to_vec();
            }
            if comments.iter().any(|one| text(&one["comment"]) == ours) {
                let unset = back(refund);
                return Ok(Found::Done(Done { external_id: number, unset, ..Done::default() }));
            }
        }
        Ok(Found::Missing)
    }
}

fn comment(our_id: &str) -> String {
    format!("Countertop {our_id}")
}

fn unset(sale: &SaleOut) -> Vec<VariantId> {
    sale.lines.iter().filter(|line| line.goods.is_some()).map(|line| line.variant).collect()
}

fn back(refund: &RefundOut) -> Vec<VariantId> {
    let lines = refund.lines.iter().filter(|line| line.restock && line.goods.is_some());
    lines.map(|line| line.variant).collect()
}

fn entity(our_id: &str, sale: &SaleOut, store: &Value, email: &str) -> Value {
    let amount = |of: i64| number(of, sale.exponent);
    let paid: Vec<&str> = sale.paid.iter().map(|one| one.kind.as_str()).collect();
    let pieces = sale.lines.iter().map(|line| line.quantity).fold(0, i64::saturating_add);
    let at = iso(sale.at_ms).replace('T', " ").replace('Z', "");
    let words = format!("Sold at the counter, receipt {}: {}", sale.number, paid.join(", "));
    let mut entity = json!({
        "ext_order_id": format!("{OURS}{our_id}"),
        "state": "complete",
        "status": "complete",
        "store_id": store,
        "created_at": at,
        "customer_email": email,
        "customer_firstname": "Counter",
        "customer_lastname": &sale.number,
        "customer_is_guest": i64::from(sale.customer_external.is_empty()),
        // Nothing is sent anywhere.
        "is_virtual": 1,
        "email_sent": 0,
        "total_qty_ordered": number(pieces, 3),
        "items": sale.lines.iter().map(|line| item(line, sale, store)).collect::<Vec<_>>(),
        "billing_address": counter(&sale.number, email),
        "payment": {
            "method": "checkmo",
            "additional_information": [&words],
            "amount_ordered": amount(sale.total),
            "base_amount_ordered": amount(sale.total),
            "amount_paid": amount(sale.total),
            "base_amount_paid": amount(sale.total),
        },
        "status_histories": [{
            "comment": &words,
            "entity_name": "order",
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "status": "complete",
        }],
    });
    if let Ok(customer) = sale.customer_external.parse::<i64>() {
        entity["customer_id"] = customer.into();
    }
    for field in ["global", "base", "store", "order"] {
        entity[format!("{field}_currency_code")] = sale.currency.as_str().into();
    }
    for before in ["", "base_"] {
        for (field, of) in [
            ("grand_total", sale.total),
            ("subtotal", sale.net),
            ("subtotal_incl_tax", sale.total),
            ("subtotal_invoiced", sale.net),
            ("tax_amount", sale.tax),
            ("tax_invoiced", sale.tax),
            ("total_invoiced", sale.total),
            ("total_paid", sale.total),
            ("total_due", 0),
            ("shipping_amount", 0),
            ("discount_amount", 0),
        ] {
            entity[format!("{before}{field}")] = amount(of);
        }
    }
    entity
}

/// A counter knows no address of its buyer, and an order must have one.
fn counter(receipt: &str, email: &str) -> Value {
    json!({
        "address_type": "billing",
        "firstname": "Counter",
        "lastname": receipt,
        "street": ["-"],
        "city": "-",
        "postcode": "-",
        "telephone": "-",
        "country_id": "US",
        "email": email,
    })
}

/// What was sold: paid and handed over, so that it can be given back.
fn item(line: &LineOut, sale: &SaleOut, store: &Value) -> Value {
    let quantity = number(line.quantity, 3);
    let tax = line.total.saturating_sub(line.net);
    let each = |of: i64| {
        let units = i128::from(line.quantity.max(1));
        let fine = (i128::from(of) * 1_000 * 100 + units / 2) / units;
        number(i64::try_from(fine).unwrap_or(i64::MAX), sale.exponent + 2)
    };
    let sku = match &line.goods {
        Some(goods) => goods.external_id.as_str(),
        None if line.sku.is_empty() => "countertop",
        None => line.sku.as_str(),
    };
    let mut item = json!({
        "sku": sku,
        "name": &line.name,
        "product_type": "simple",
        "store_id": store,
        "qty_ordered": &quantity,
        "qty_invoiced": &quantity,
        "qty_shipped": &quantity,
        "is_virtual": 0,
    });
    for before in ["", "base_"] {
        item[format!("{before}price")] = each(line.net);
        item[format!("{before}original_price")] = each(line.net);
        item[format!("{before}price_incl_tax")] = each(line.total);
        for (field, of) in [
            ("row_total", line.net),
            ("row_invoiced", line.net),
            ("row_total_incl_tax", line.total),
            ("tax_amount", tax),
            ("tax_invoiced", tax),
            ("discount_amount", 0),
        ] {
            item[format!("{before}{field}")] = number(of, sale.exponent);
        }
    }
    item
}

/// What came back, as items of the order that it came back from, and what they come to there.
fn refunded(order: &Value, refund: &RefundOut) -> (Vec<Value>, i64) {
    let mut left: Vec<(&Value, i64)> = rows(&order["items"])
        .iter()
        .map(|row| (row, thousandths(row, "qty_ordered") - thousandths(row, "qty_refunded")))
        .collect();
    let (mut items, mut worth) = (Vec::new(), 0_i64);
    for line in &refund.lines {
        let Some(goods) = &line.goods else { continue };
        let mut wanted = line.quantity;
        for (row, left) in &mut left {
            let take = wanted.min(*left);
            if take <= 0 || text(&row["sku"]) != goods.external_id {
                continue;
            }
            *left -= take;
            wanted -= take;
            let all = thousandths(row, "qty_ordered").max(1);
            let total = decimal(&row["row_total_incl_tax"], refund.exponent).unwrap_or(0);
            let part = (i128::from(total) * i128::from(take) * 2 + i128::from(all))
                / (i128::from(all) * 2);
            worth = worth.saturating_add(i64::try_from(part).unwrap_or(0));
            items.push(json!({ "order_item_id": row["item_id"], "qty": number(take, 3) }));
        }
    }
    (items, worth)
}
