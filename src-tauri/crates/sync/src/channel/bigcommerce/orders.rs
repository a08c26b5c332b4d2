//! Orders of the shop's customers.

use std::collections::HashSet;

use countertop_domain::channel_order::{HandOver, Recipient};
use serde_json::Value;

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::Request;
use super::super::value::{address, decimal, id, is_hostile, iso, moment, name, rows, text};
use super::super::words::{LineIn, OrderIn, OrderState};
use super::{BigCommerce, SOURCE};

/// Orders of a page: each takes two more requests.
const LIMIT: usize = 25;
/// States of an order in which something is to be done here: a new register reads these alone.
const OPEN: [i64; 6] = [1, 3, 7, 8, 9, 11];
/// Ways to pay that are paid when the goods are handed over.
const LATER: [&str; 3] = ["pay in store", "cash on delivery", "cash on pickup"];

impl BigCommerce {
    /// By id upwards. The first run reads the open ones, state by state; its place is `state/id`.
    pub(super) async fn orders_page(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let place = ask.next.as_deref().unwrap_or_default();
        let (state, from) = match place.split_once('/') {
            Some((state, from)) => (state.parse().ok(), from.to_owned()),
            None if ask.since_ms.is_none() => (Some(0), place.to_owned()),
            None => (None, place.to_owned()),
        };
        let state: Option<usize> = state;
        let from: i64 = from.parse().unwrap_or(1);
        let mut request = Request::get("v2/orders")
            .with("min_id", from)
            .with("sort", "id:asc")
            .with("limit", LIMIT);
        if let Some(since) = ask.since_ms {
            request = request.with("min_date_modified", iso(since));
        }
        if let Some(status) = state.and_then(|at| OPEN.get(at)) {
            request = request.with("status_id", status);
        }
        let answer = self.get(request).await?;
        let found = rows(&answer.body);
        let (server_ms, mut items, mut bad) = (answer.server_ms, Vec::new(), Vec::new());
        let collected = self.pickups(found).await?;
        for row in found {
            let Some(number) = id(&row["id"]) else { continue };
            // Nobody ordered that yet.
            if row["status_id"].as_i64() == Some(0) {
                continue;
            }
            match self.order(&number, row, collected.contains(&number)).await? {
                Ok(order) => items.push(order),
                Err(words) => bad.push((number, words)),
            }
        }
        let last = found.last().and_then(|row| row["id"].as_i64()).unwrap_or(from);
        let is_full = found.len() >= LIMIT;
        let next = match state {
            Some(state) if is_full => Some(format!("{state}/{}", last.saturating_add(1))),
            Some(state) if state + 1 < OPEN.len() => Some(format!("{}/1", state + 1)),
            None if is_full => Some(last.saturating_add(1).to_string()),
            _ => None,
        };
        Ok(Page { items, next, server_ms, total: None, bad })
    }

    /// Those of these orders that are collected at the counter.
    async fn pickups(&self, found: &[Value]) -> Result<HashSet<String>, Trouble> {
        let ids: Vec<String> =
            found.iter().filter(|row| !is_ours(row)).filter_map(|row| id(&row["id"])).collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let request = Request::get("v3/orders/pickups").with("order_id:in", ids.join(","));
        let body = self.get(request).await?.body;
        Ok(rows(&body["data"]).iter().filter_map(|row| id(&row["order_id"])).collect())
    }

    async fn order(
        &self,
        number: &str,
        row: &Value,
        is_pickup: bool,
    ) -> Result<Result<OrderIn, String>, Trouble> {
        let ours = is_ours(row);
        let mut shipping = Value::Null;
        let mut sold = Value::Null;
        // Of what we made ourselves only the echo is told.
        if !ours {
            let request = Request::get(format!("v2/orders/{number}/products")).with("limit", 250);
            sold = self.get(request).await?.body;
            if !is_pickup {
                let request = Request::get(format!("v2/orders/{number}/shipping_addresses"));
                shipping = self.get(request).await?.body;
            }
        }
        let to = rows(&shipping).first().unwrap_or(&row["billing_address"]);
        let by = text(&to["shipping_method"]).to_lowercase();
        let collect = is_pickup || by.contains("pickup") || by.contains("pick up");
        Ok(self.order_of(number, row, &sold, to, collect))
    }

    fn order_of(
        &self,
        number: &str,
        row: &Value,
        sold: &Value,
        to: &Value,
        collect: bool,
    ) -> Result<OrderIn, String> {
        let ours = is_ours(row);
        let paid = is_paid(row);
        let total = decimal(&row["total_inc_tax"], self.exponent).ok_or("it has no total")?;
        let lines = rows(sold).iter().map(|line| self.line(line)).collect::<Result<Vec<_>, _>>()?;
        if total < 0 {
            return Err("it comes to less than nothing".to_owned());
        }
        let billing = &row["billing_address"];
        let or_billing = |field: &str| {
            let own = text(&to[field]);
            if own.is_empty() { text(&billing[field]) } else { own }
        };
        let recipient = Recipient {
            name: name(&to["first_name"], &to["last_name"]),
            email: or_billing("email"),
            phone: or_billing("phone"),
            address: address(
                &[&to["company"], &to["street_1"], &to["street_2"]],
                &to["zip"],
                &to["city"],
                &to["state"],
                &to["country_iso2"],
            ),
        };
        let note = text(&row["customer_message"]);
        let mut texts = vec![&recipient.name, &recipient.email, &recipient.phone, &note];
        texts.extend(lines.iter().flat_map(|line| [&line.name, &line.sku]));
        texts.extend(&recipient.address.lines);
        texts.extend([&recipient.address.city, &recipient.address.region]);
        if texts.into_iter().any(|one| is_hostile(one)) {
            return Err(format!(
                "order {number} has characters in its texts that cannot be shown: look at it in the shop"
            ));
        }
        Ok(OrderIn {
            external_id: number.to_owned(),
            number: number.to_owned(),
            our_id: ours.then(|| text(&row["external_order_id"])).filter(|id| !id.is_empty()),
            state: state(row, paid, collect),
            hand_over: if collect { HandOver::Collect } else { HandOver::Ship },
            paid,
            ordered_ms: moment(&row["date_created"]).unwrap_or_default(),
            total,
            lines,
            customer: id(&row["customer_id"]).unwrap_or_default(),
            recipient,
            note,
        })
    }

    fn line(&self, row: &Value) -> Result<LineIn, String> {
        let thousandths = |field: &str| decimal(&row[field], 3).unwrap_or(0);
        let price = if self.with_tax { "price_inc_tax" } else { "price_ex_tax" };
        let unit_price = decimal(&row[price], self.exponent).ok_or("a line has no price")?;
        let quantity = thousandths("quantity") - thousandths("quantity_refunded");
        if unit_price < 0 || quantity < 0 {
            return Err("a line has a price or a quantity below nothing".to_owned());
        }
        Ok(LineIn {
            external_id: text(&row["id"]),
            variant: id(&row["variant_id"]).unwrap_or_default(),
            sku: text(&row["sku"]),
            name: text(&row["name"]),
            quantity,
            unit_price,
        })
    }
}

fn is_ours(row: &Value) -> bool {
    text(&row["external_source"]) == SOURCE
}

fn is_paid(row: &Value) -> bool {
    let later = text(&row["payment_method"]).to_lowercase();
    match text(&row["payment_status"]).as_str() {
        "captured" | "paid" | "partially refunded" | "refunded" => true,
        "" if LATER.contains(&later.as_str()) => false,
        "" => matches!(row["status_id"].as_i64(), Some(2 | 3 | 8..=11 | 14)),
        _ => false,
    }
}

fn state(row: &Value, paid: bool, collect: bool) -> OrderState {
    let count = |field: &str| decimal(&row[field], 0).unwrap_or(0);
    match row["status_id"].as_i64() {
        Some(2 | 10) => OrderState::Fulfilled,
        Some(4) => OrderState::Refunded,
        Some(5 | 6) => OrderState::Cancelled,
        Some(14) if count("items_shipped") >= count("items_total") => OrderState::Fulfilled,
        Some(3 | 8 | 9 | 11 | 14) => OrderState::Open,
        // To be paid when it is collected.
        Some(7) if collect => OrderState::Open,
        _ if paid => OrderState::Open,
        _ => OrderState::Unpaid,
    }
}
