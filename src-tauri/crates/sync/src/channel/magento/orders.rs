//! Orders of the shop's customers.

use countertop_domain::channel_order::{HandOver, Recipient};
use serde_json::Value;

use super::super::connector::{Ask, Page, Trouble};
use super::super::value::{address, decimal, id, is_hostile, moment, name, rows, text};
use super::super::words::{LineIn, OrderIn, OrderState};
use super::sales::our_id;
use super::{LIMIT, Magento, Search, found, thousandths};

/// States of an order in which something is to be done here: a new register reads these alone.
const OPEN: &str = "new,pending_payment,payment_review,processing,holded";
/// Ways to pay that are paid when the goods are handed over.
const LATER: [&str; 2] = ["cashondelivery", "free"];

impl Magento {
    pub(super) async fn orders_page(&self, ask: &Ask) -> Result<Page<OrderIn>, Trouble> {
        let mut search = Search::new("orders").since(ask.since_ms);
        if ask.since_ms.is_none() {
            search = search.filter("state", "in", OPEN);
        }
        let search = search.after("entity_id", ask.next.as_deref());
        let answer = self.must(search.limit(LIMIT)).await?;
        let (some, total, is_last) = found(&answer);
        let (mut items, mut bad) = (Vec::new(), Vec::new());
        for row in some {
            let Some(number) = id(&row["entity_id"]) else { continue };
            match self.order(&number, row) {
                Ok(order) => items.push(order),
                Err(words) => bad.push((number, words)),
            }
        }
        Ok(Page {
            items,
            next: some.last().and_then(|row| id(&row["entity_id"])).filter(|_| !is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            bad,
        })
    }

    fn order(&self, external_id: &str, row: &Value) -> Result<OrderIn, String> {
        let extra = &row["extension_attributes"];
        let shipping = rows(&extra["shipping_assignments"]).first();
        let shipping = shipping.map_or(&Value::Null, |one| &one["shipping"]);
        let to = &shipping["address"];
        let to = if to.is_object() { to } else { &row["billing_address"] };
        let collect = is_pickup(row);
        let amount = |field: &str| decimal(&row[field], self.exponent);
        let total = amount("grand_total").ok_or("it has no total")?;
        let paid = amount("total_paid").unwrap_or(0) >= total;
        // The parts of a product with choices stand below it, without a price.
        let lines = rows(&row["items"]).iter().filter(|line| id(&line["parent_item_id"]).is_none());
        let lines = lines.map(|line| self.line(line)).collect::<Result<Vec<_>, _>>()?;
        if total < 0 {
            return Err("it comes to less than nothing".to_owned());
        }
        let street: Vec<&Value> =
            std::iter::once(&to["company"]).chain(rows(&to["street"])).collect();
        let recipient = Recipient {
            name: name(&to["firstname"], &to["lastname"]),
            email: text(&row["customer_email"]),
            phone: text(&to["telephone"]),
            address: address(
                &street,
                &to["postcode"],
                &to["city"],
                &to["region"],
                &to["country_id"],
            ),
        };
        let (number, note) = (text(&row["increment_id"]), text(&row["customer_note"]));
        let mut texts = vec![&recipient.name, &recipient.email, &recipient.phone, &note, &number];
        texts.extend(lines.iter().flat_map(|line| [&line.name, &line.sku]));
        texts.extend(&recipient.address.lines);
        texts.extend([&recipient.address.city, &recipient.address.region]);
        if texts.into_iter().any(|one| is_hostile(one)) {
            return Err(format!(
                "order {external_id} has characters in its texts that cannot be shown: look at it in \
                 the shop"
            ));
        }
        Ok(OrderIn {
            external_id: external_id.to_owned(),
            our_id: our_id(row),
            state: state(row, paid, collect),
            hand_over: if collect { HandOver::Collect } else { HandOver::Ship },
            paid,
            ordered_ms: moment(&row["created_at"]).unwrap_or_default(),
            total,
            lines,
            customer: id(&row["customer_id"]).unwrap_or_default(),
            recipient,
            number,
            note,
        })
    }

    fn line(&self, row: &Value) -> Result<LineIn, String> {
        let price = if self.with_tax { "price_incl_tax" } else { "price" };
        let unit_price = decimal(&row[price], self.exponent).ok_or("a line has no price")?;
        let quantity = thousandths(row, "qty_ordered")
            - thousandths(row, "qty_refunded")
            - thousandths(row, "qty_canceled");
        if unit_price < 0 || quantity < 0 {
            return Err("a line has a price or a quantity below nothing".to_owned());
        }
        let sku = text(&row["sku"]);
        Ok(LineIn {
            external_id: text(&row["item_id"]),
            variant: sku.clone(),
            sku,
            name: text(&row["name"]),
            quantity,
            unit_price,
        })
    }
}

/// Whether an order is collected where its goods lie.
pub(super) fn is_pickup(row: &Value) -> bool {
    let extra = &row["extension_attributes"];
    let shipping = rows(&extra["shipping_assignments"]).first();
    let method = shipping.map(|one| text(&one["shipping"]["method"])).unwrap_or_default();
    !text(&extra["pickup_location_code"]).is_empty() || method.starts_with("instore_")
}

fn state(row: &Value, paid: bool, collect: bool) -> OrderState {
    let later = LATER.contains(&text(&row["payment"]["method"]).as_str());
    match text(&row["state"]).as_str() {
        "complete" => OrderState::Fulfilled,
        "closed" => OrderState::Refunded,
        "canceled" => OrderState::Cancelled,
        "processing" => OrderState::Open,
        // To be paid when it is handed over.
        "new" if paid || collect || later => OrderState::Open,
        _ => OrderState::Unpaid,
    }
}
