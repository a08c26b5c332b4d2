//! The twin's refunds: nothing goes back on the shelf by them.

use serde_json::{Value, json};

use super::{BigCommerce, fine, iso, mail, rows, v3_error};
use crate::http::Reply;

impl BigCommerce {
    pub(super) fn quote(&self, order: i64, body: &Value) -> Reply {
        let total = match self.worth(order, body) {
            Ok(total) => total,
            Err(title) => return v3_error(422, &title),
        };
        let amount = number(total);
        let method = |provider: &str, offline: bool| json!([{ "provider_id": provider, "amount": amount, "offline": offline }]);
        Reply::json(
            200,
            &json!({
                "data": {
                    "total_refund_amount": amount, "total_refund_tax_amount": 0, "rounding": 0,
                    "refund_methods": [method("storecredit", false), method("custom", true)],
                },
                "meta": {},
            }),
        )
    }

    pub(super) fn make_refund(&mut self, order: i64, body: &Value, now: i64) -> Reply {
        let total = match self.worth(order, body) {
            Ok(total) => total,
            Err(title) => return v3_error(422, &title),
        };
        let paid: Option<i64> =
            rows(&body["payments"]).iter().map(|row| fine(&row["amount"])).sum();
        if paid != Some(total) {
            return v3_error(422, "The payments do not add up to the refund.");
        }
        if let Some(products) = self.order_products.get_mut(&order) {
            for item in rows(&body["items"]) {
                let row = products.iter_mut().find(|row| row["id"] == item["item_id"]);
                if let (Some(row), "PRODUCT") = (row, item["item_type"].as_str().unwrap_or("")) {
                    let back = row["quantity_refunded"].as_i64().unwrap_or(0);
                    row["quantity_refunded"] =
                        (back + item["quantity"].as_i64().unwrap_or(0)).into();
                }
            }
        }
        let id = self.next();
        let refund = json!({
            "id": id, "order_id": order, "created": iso(now), "reason": "",
            "total_amount": number(total), "items": body["items"], "payments": body["payments"],
        });
        self.refunds.entry(order).or_default().push(refund.clone());
        let back: i64 =
            self.refunds_of(order).iter().filter_map(|row| fine(&row["total_amount"])).sum();
        if let Some(row) = self.orders.get_mut(&order) {
            let all = back >= fine(&row["total_inc_tax"]).unwrap_or(0);
            row["status_id"] = if all { 4 } else { 14 }.into();
            row["date_modified"] = mail(now).into();
            row["modified_ms"] = now.into();
        }
        Reply::json(200, &json!({ "data": refund, "meta": {} }))
    }

    /// What the items of a refund come to, in ten-thousandths.
    fn worth(&self, order: i64, body: &Value) -> Result<i64, String> {
        let row = self.orders.get(&order).ok_or("The order does not exist.")?;
        if !matches!(row["status_id"].as_i64(), Some(2 | 3 | 8 | 9 | 10 | 11 | 14)) {
            return Err("The order is not paid.".to_owned());
        }
        let items = rows(&body["items"]);
        if items.is_empty() {
            return Err("There are no items.".to_owned());
        }
        let mut total = 0;
        for item in items {
            match item["item_type"].as_str() {
                Some("ORDER") if item["item_id"].as_i64() == Some(order) => {
                    total += fine(&item["amount"]).ok_or("An amount is invalid.")?;
                }
                Some("PRODUCT") => {
                    let sold = self
                        .order_products(order)
                        .iter()
                        .find(|row| row["id"] == item["item_id"])
                        .ok_or("An item is not of this order.")?;
                    let count = |field: &str| sold[field].as_i64().unwrap_or(0);
                    let quantity = item["quantity"].as_i64().ok_or("A quantity is invalid.")?;
                    if quantity < 1 || quantity > count("quantity") - count("quantity_refunded") {
                        return Err("More is refunded than was sold.".to_owned());
                    }
                    let each = fine(&sold["price_inc_tax"]).unwrap_or(0);
                    // Refunds are whole hundredths.
                    total += (each * quantity + 50) / 100 * 100;
                }
                _ => return Err("An item's type is invalid.".to_owned()),
            }
        }
        let back: i64 =
            self.refunds_of(order).iter().filter_map(|row| fine(&row["total_amount"])).sum();
        if back + total > fine(&row["total_inc_tax"]).unwrap_or(0) {
            return Err("More is refunded than was paid.".to_owned());
        }
        Ok(total)
    }
}

fn number(fine: i64) -> Value {
    serde_json::from_str(&format!("{}.{:04}", fine / 10_000, fine % 10_000)).unwrap_or_default()
}
