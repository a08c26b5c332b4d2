//! Customers, both ways, with what they said about e-mail.

use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::Request;
use super::super::value::{address, id, is_hostile, moment, name, names, rows, text};
use super::super::words::{CustomerIn, CustomerOut, Done};
use super::{LIMIT, Magento, Search, found, part, post};

impl Magento {
    pub(super) async fn customers_page(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let search = Search::new("customers/search")
            .since(ask.since_ms)
            .after("entity_id", ask.next.as_deref());
        let answer = self.must(search.limit(LIMIT)).await?;
        let (some, total, is_last) = found(&answer);
        let mut page = Page {
            next: some.last().and_then(|row| id(&row["id"])).filter(|_| !is_last),
            server_ms: answer.server_ms,
            total: total.filter(|_| ask.next.is_none()),
            ..Page::default()
        };
        for row in some {
            let Some(external_id) = id(&row["id"]) else { continue };
            let customer = customer(external_id, row);
            let mut texts = vec![&customer.name, &customer.email, &customer.phone];
            texts.extend(&customer.address.lines);
            texts.extend([&customer.address.city, &customer.address.region]);
            if texts.into_iter().any(|one| is_hostile(one)) {
                let words =
                    "their texts have characters that cannot be shown: write them anew in the shop";
                page.bad.push((customer.external_id, words.to_owned()));
            } else {
                page.items.push(customer);
            }
        }
        Ok(page)
    }

    /// Makes or changes a customer. Found by e-mail, so that it may be said twice.
    pub(super) async fn send_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        let mut external_id = customer.external_id.clone();
        if external_id.is_empty() {
            let search = Search::new("customers/search").filter("email", "eq", &customer.email);
            let answer = self.must(search.limit(1)).await.map_err(Trouble::before_anything)?;
            external_id =
                found(&answer).0.first().and_then(|row| id(&row["id"])).unwrap_or_default();
        }
        let (first, last) = names(&customer.name);
        // What is left out of a change is emptied there: all of it is sent back.
        let mut row = if external_id.is_empty() {
            json!({})
        } else {
            let path = format!("customers/{}", part(&external_id));
            self.must(Request::get(path)).await.map_err(Trouble::before_anything)?.body
        };
        row["email"] = customer.email.as_str().into();
        row["firstname"] = first.as_str().into();
        row["lastname"] = last.as_str().into();
        if let Some(yes) = customer.email_consent {
            row["extension_attributes"]["is_subscribed"] = yes.into();
        }
        let answer = if external_id.is_empty() {
            if let Some(address) = address_out(customer, &first, &last) {
                row["addresses"] = json!([address]);
            }
            self.must(post("customers".to_owned(), json!({ "customer": row }))).await?
        } else {
            let path = format!("customers/{}", part(&external_id));
            self.must(Request::put(path, json!({ "customer": row }))).await?
        };
        let external_id = id(&answer.body["id"]).unwrap_or(external_id);
        Ok(Done { external_id, ..Done::default() })
    }
}

fn customer(external_id: String, row: &Value) -> CustomerIn {
    let all = rows(&row["addresses"]);
    let usual = all.iter().find(|one| one["default_billing"].as_bool() == Some(true));
    let lives = usual.or(all.first()).unwrap_or(&Value::Null);
    let street: Vec<&Value> =
        std::iter::once(&lives["company"]).chain(rows(&lives["street"])).collect();
    let subscribed = row["extension_attributes"]["is_subscribed"].as_bool();
    CustomerIn {
        external_id,
        name: name(&row["firstname"], &row["lastname"]),
        email: text(&row["email"]),
        phone: text(&lives["telephone"]),
        address: address(
            &street,
            &lives["postcode"],
            &lives["city"],
            &lives["region"]["region"],
            &lives["country_id"],
        ),
        email_consent: subscribed.map(|yes| (yes, moment(&row["updated_at"]).unwrap_or_default())),
    }
}

/// An address as the platform insists on it, or none.
fn address_out(customer: &CustomerOut, first: &str, last: &str) -> Option<Value> {
    let lives = &customer.address;
    if lives.lines.is_empty() || lives.city.is_empty() || lives.country.is_empty() {
        return None;
    }
    Some(json!({
        "firstname": first,
        "lastname": last,
        "street": &lives.lines,
        "city": &lives.city,
        "postcode": &lives.postal_code,
        "region": { "region": &lives.region },
        "country_id": &lives.country,
        "telephone": if customer.phone.is_empty() { "-" } else { &customer.phone },
        "default_billing": true,
        "default_shipping": true,
    }))
}
