//! Customers, both ways. The platform has no list by change, knows people by their e-mail address, and
//! has no consent of its own: that is a field of their meta data.

use serde_json::{Value, json};

use super::incoming::{address, each, id, name_of, text, when};
use super::outgoing::made_id;
use super::{API, WooCommerce};
use crate::channel::connector::{Ask, Found, Page, Trouble};
use crate::channel::transport::Request;
use crate::channel::value::names;
use crate::channel::words::{CustomerIn, CustomerOut, Done};

impl WooCommerce {
    /// Always all of them.
    pub(super) async fn customers_page(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let all = Ask { since_ms: None, next: ask.next.clone() };
        let (items, page) = self.list("customers", &all, &[("role", "all".to_owned())]).await?;
        let Page { next, server_ms, total, .. } = page;
        let items = items.iter().map(|item| self.customer(item)).collect();
        Ok(Page { items, next, server_ms, total, bad: Vec::new() })
    }

    fn customer(&self, item: &Value) -> CustomerIn {
        let billing = item.get("billing").unwrap_or(&Value::Null);
        let name = name_of(item);
        let said = each(item, "meta_data").find(|one| text(one, "key") == self.consent_field);
        let consent = said.and_then(|one| match text(one, "value").to_lowercase().as_str() {
            "yes" | "1" | "true" | "on" => Some(true),
            "no" | "0" | "false" | "off" => Some(false),
            _ => None,
        });
        let at = when(item, "date_modified_gmt").unwrap_or(0);
        CustomerIn {
            external_id: id(item),
            name: if name.is_empty() { text(item, "username") } else { name },
            email: text(item, "email"),
            phone: text(billing, "phone"),
            address: address(billing),
            email_consent: consent.map(|yes| (yes, at)),
        }
    }

    /// Makes or changes a customer. Found by e-mail, so that it may be said twice.
    pub(super) async fn send_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        let mut external_id = customer.external_id.clone();
        if external_id.is_empty() {
            let found = self.find_customer(customer).await.map_err(Trouble::before_anything)?;
            if let Found::Done(known) = found {
                external_id = known.external_id;
            }
        }
        let (first, last) = names(&customer.name);
        let mut billing = json!({
            "first_name": &first, "last_name": &last,
            "phone": &customer.phone, "email": &customer.email,
        });
        let lives = &customer.address;
        // What is not known here stays as it is there.
        for (field, value) in [
            ("address_1", lives.lines.first()),
            ("address_2", lives.lines.get(1)),
            ("city", Some(&lives.city)),
            ("postcode", Some(&lives.postal_code)),
            ("state", Some(&lives.region)),
            ("country", Some(&lives.country)),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                billing[field] = json!(value);
            }
        }
        let mut body = json!({
            "email": &customer.email, "first_name": first, "last_name": last, "billing": billing,
        });
        if let Some(yes) = customer.email_consent {
            let said = if yes { "yes" } else { "no" };
            body["meta_data"] = json!([{ "key": &self.consent_field, "value": said }]);
        }
        let request = if external_id.is_empty() {
            Request::post(format!("{API}customers"), body)
        } else {
            Request::put(format!("{API}customers/{external_id}"), body)
        };
        made_id(&self.ask(request).await?.body)
    }

    /// Whom the shop knows by this address.
    pub(super) async fn find_customer(&self, customer: &CustomerOut) -> Result<Found, Trouble> {
        let email = [("email", customer.email.clone()), ("role", "all".to_owned())];
        let answer = self.get("customers", &email).await?;
        let known = answer.body.as_array().and_then(|all| all.first());
        Ok(known.map_or(Found::Missing, |known| {
            Found::Done(Done { external_id: id(known), ..Done::default() })
        }))
    }
}
