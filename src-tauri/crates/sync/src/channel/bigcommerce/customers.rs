//! Customers, both ways, with what they said about e-mail.

use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::transport::Request;
use super::super::value::{address, id, is_hostile, iso, moment, name, names, rows, text};
use super::super::words::{CustomerIn, CustomerOut, Done};
use super::stock::number;
use super::{BigCommerce, said};

/// Customers of a page.
const LIMIT: usize = 250;
/// Subscribers of a page: their addresses stand in the next request's.
const SUBSCRIBERS: usize = 50;
/// What a subscriber said yes to.
const NEWS: &str = "marketing_newsletter";

impl BigCommerce {
    /// First all customers, then, from the place `s1` on, what each said about e-mail.
    pub(super) async fn customers_page(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let place = ask.next.as_deref().unwrap_or("1");
        if let Some(number) = place.strip_prefix('s') {
            return self.subscribers_page(ask, number.parse().unwrap_or(1)).await;
        }
        let number: u64 = place.parse().unwrap_or(1);
        let mut request = Request::get("v3/customers")
            .with("include", "addresses")
            .with("sort", "date_created:asc")
            .with("limit", LIMIT)
            .with("page", number);
        if let Some(since) = ask.since_ms {
            request = request.with("date_modified:min", iso(since));
        }
        let answer = self.get(request).await?;
        let mut page = Page { server_ms: answer.server_ms, ..Page::default() };
        page.total = answer.body["meta"]["pagination"]["total"].as_u64();
        let found = rows(&answer.body["data"]);
        put(&mut page, found, |_| None);
        let there = answer.body["meta"]["pagination"]["total_pages"].as_u64().unwrap_or(0);
        let next = if number < there { (number + 1).to_string() } else { "s1".to_owned() };
        page.next = Some(next);
        Ok(page)
    }

    async fn subscribers_page(&self, ask: &Ask, number: u64) -> Result<Page<CustomerIn>, Trouble> {
        let mut request = Request::get("v3/customers/subscribers")
            .with("limit", SUBSCRIBERS)
            .with("page", number);
        if let Some(since) = ask.since_ms {
            request = request.with("date_modified:min", iso(since));
        }
        let answer = self.get(request).await?;
        let subscribers = rows(&answer.body["data"]);
        let mut page = Page { server_ms: answer.server_ms, ..Page::default() };
        let there = answer.body["meta"]["pagination"]["total_pages"].as_u64().unwrap_or(0);
        page.next = (number < there).then(|| format!("s{}", number + 1));
        let emails: Vec<String> = subscribers.iter().map(|row| text(&row["email"])).collect();
        if emails.is_empty() {
            return Ok(page);
        }
        let request = Request::get("v3/customers")
            .with("email:in", emails.join(","))
            .with("include", "addresses")
            .with("limit", LIMIT);
        let body = self.get(request).await?.body;
        put(&mut page, rows(&body["data"]), |customer| {
            let email = text(&customer["email"]);
            let said =
                subscribers.iter().find(|row| text(&row["email"]).eq_ignore_ascii_case(&email))?;
            let yes = rows(&said["consents"]).iter().any(|one| one.as_str() == Some(NEWS));
            Some((yes, moment(&said["date_modified"]).unwrap_or_default()))
        });
        Ok(page)
    }

    /// Makes or changes a customer. Found by e-mail, so that it may be said twice.
    pub(super) async fn send_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        let mut external_id = customer.external_id.clone();
        if external_id.is_empty() {
            let request = Request::get("v3/customers").with("email:in", &customer.email);
            let body = self.get(request).await.map_err(Trouble::before_anything)?.body;
            let known = rows(&body["data"])
                .iter()
                .find(|row| text(&row["email"]).eq_ignore_ascii_case(&customer.email));
            external_id = known.and_then(|row| id(&row["id"])).unwrap_or_default();
        }
        let (first, last) = names(&customer.name);
        let mut row = json!({
            "email": &customer.email,
            "first_name": &first,
            "last_name": &last,
            "phone": &customer.phone,
        });
        let answer = if external_id.is_empty() {
            if let Some(address) = address_out(customer, &first, &last) {
                row["addresses"] = json!([address]);
            }
            self.change(Request::post("v3/customers", json!([row]))).await?
        } else {
            row["id"] = number(&external_id);
            self.change(Request::put("v3/customers", json!([row]))).await?
        };
        if let Some(known) = rows(&answer.body["data"]).first().and_then(|row| id(&row["id"])) {
            external_id = known;
        }
        if let Some(yes) = customer.email_consent {
            self.send_consent(customer, yes, &first, &last).await?;
        }
        Ok(Done { external_id, ..Done::default() })
    }

    /// Says what a customer said about e-mail; nothing if the shop has that already.
    async fn send_consent(
        &self,
        customer: &CustomerOut,
        yes: bool,
        first: &str,
        last: &str,
    ) -> Result<(), Trouble> {
        let request = Request::get("v3/customers/subscribers").with("email", &customer.email);
        let body = self.get(request).await?.body;
        let known = rows(&body["data"])
            .iter()
            .find(|row| text(&row["email"]).eq_ignore_ascii_case(&customer.email));
        let consents = |row: &Value| rows(&row["consents"]).to_vec();
        let said_yes = known.is_some_and(|row| consents(row).contains(&NEWS.into()));
        if said_yes == yes {
            return Ok(());
        }
        let mut news = known.map(consents).unwrap_or_default();
        news.retain(|one| one.as_str() != Some(NEWS));
        if yes {
            news.push(NEWS.into());
        }
        let body = json!({
            "email": &customer.email,
            "first_name": first,
            "last_name": last,
            "consents": news,
        });
        let request = match known.and_then(|row| id(&row["id"])) {
            Some(known) => Request::put(format!("v3/customers/subscribers/{known}"), body),
            None => Request::post("v3/customers/subscribers", body),
        };
        self.ask(request).await?.accepted(said)?;
        Ok(())
    }
}

fn put(
    page: &mut Page<CustomerIn>,
    found: &[Value],
    consent: impl Fn(&Value) -> Option<(bool, i64)>,
) {
    for row in found {
        let Some(external_id) = id(&row["id"]) else { continue };
        let lives = rows(&row["addresses"]).first().unwrap_or(&Value::Null);
        let customer = CustomerIn {
            external_id,
            name: name(&row["first_name"], &row["last_name"]),
            email: text(&row["email"]),
            phone: text(&row["phone"]),
            address: address(
                &[&lives["company"], &lives["address1"], &lives["address2"]],
                &lives["postal_code"],
                &lives["city"],
                &lives["state_or_province"],
                &lives["country_code"],
            ),
            email_consent: consent(row),
        };
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
}

/// An address as the platform insists on it: with a street, a town and a country, or none.
fn address_out(customer: &CustomerOut, first: &str, last: &str) -> Option<Value> {
    let lives = &customer.address;
    let street = lives.lines.first().filter(|line| !line.is_empty())?;
    if lives.city.is_empty() || lives.country.is_empty() {
        return None;
    }
    Some(json!({
        "first_name": first,
        "last_name": last,
        "address1": street,
        "address2": lives.lines.get(1..).unwrap_or_default().join(", "),
        "city": &lives.city,
        "state_or_province": &lives.region,
        "postal_code": &lives.postal_code,
        "country_code": &lives.country,
    }))
}
