//! Customers. Medusa itself knows no consent: where the shop keeps it in metadata, its name is set up.

use serde_json::{Value, json};

use super::sale::with;
use super::{List, Medusa, after, after_a_part};
use crate::channel::connector::{Ask, Found, Page, Trouble};
use crate::channel::transport::Request;
use crate::channel::value::{address, id, is_hostile, iso, moment, name, names, rows, text};
use crate::channel::words::{CustomerIn, CustomerOut, Done};

/// Customers on a page.
const PAGE: u64 = 100;

const CUSTOMER: &str = "id,email,first_name,last_name,phone,updated_at,metadata,*addresses";

impl Medusa {
    pub(super) async fn customers_page(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let offset = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let mut list = List::new(PAGE, offset, CUSTOMER);
        if let Some(since) = ask.since_ms {
            list = list.only("updated_at[$gte]", iso(since));
        }
        let answer = self.list("admin/customers", &list).await?;
        let given = rows(&answer.body["customers"]);
        let mut page = Page {
            next: after(offset, given.len(), &answer.body).map(|offset| offset.to_string()),
            server_ms: answer.server_ms,
            total: answer.body["count"].as_u64(),
            ..Page::default()
        };
        for one in given {
            match self.customer(one) {
                // Whom counter sales are put down to is nobody.
                Ok(one) if one.email.ends_with("@countertop.invalid") => {}
                Ok(one) => page.items.push(one),
                Err(words) => page.bad.push((text(&one["id"]), words)),
            }
        }
        Ok(page)
    }

    fn customer(&self, said: &Value) -> Result<CustomerIn, String> {
        let external_id = id(&said["id"]).ok_or("a customer without an id")?;
        let lives = usual_address(said);
        let consent = match &said["metadata"][&self.consent_field] {
            Value::Bool(is) => Some(*is),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let customer = CustomerIn {
            external_id,
            name: name(&said["first_name"], &said["last_name"]),
            email: text(&said["email"]),
            phone: text(&said["phone"]),
            address: address(
                &[&lives["address_1"], &lives["address_2"]],
                &lives["postal_code"],
                &lives["city"],
                &lives["province"],
                &lives["country_code"],
            ),
            email_consent: consent.zip(moment(&said["updated_at"])),
        };
        if is_hostile(&customer.name) || is_hostile(&customer.email) {
            return Err("a name with characters that hide or turn others".to_owned());
        }
        Ok(customer)
    }

    async fn customer_by_email(&self, email: &str) -> Result<Option<Value>, Trouble> {
        let list = List::new(10, 0, CUSTOMER).only("email", email);
        let body = self.list("admin/customers", &list).await?.body;
        let is_same = |one: &&Value| text(&one["email"]).eq_ignore_ascii_case(email);
        Ok(rows(&body["customers"]).iter().find(is_same).cloned())
    }

    pub(super) async fn send_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        let known = self.customer_by_email(&customer.email).await?;
        let known_id = known.as_ref().and_then(|known| id(&known["id"]));
        let external_id =
            Some(customer.external_id.clone()).filter(|id| !id.is_empty()).or(known_id);
        let (first, last) = names(&customer.name);
        let mut body = json!({ "email": customer.email, "first_name": first, "last_name": last,
            "phone": customer.phone });
        if let (Some(consent), false) = (customer.email_consent, self.consent_field.is_empty()) {
            let metadata = known.as_ref().map_or(Value::Null, |known| known["metadata"].clone());
            body["metadata"] = with(&metadata, &self.consent_field, &consent.to_string());
        }
        let path = match &external_id {
            Some(id) => format!("admin/customers/{id}"),
            None => "admin/customers".to_owned(),
        };
        let said = self.ask(Request::post(path, body)).await?.body;
        let external_id = text(&said["customer"]["id"]);
        self.send_address(customer, &external_id, known.as_ref()).await.map_err(after_a_part)?;
        Ok(Done { external_id, ..Done::default() })
    }

    async fn send_address(
        &self,
        customer: &CustomerOut,
        external_id: &str,
        known: Option<&Value>,
    ) -> Result<(), Trouble> {
        let lives = &customer.address;
        let Some(street) = lives.lines.first() else { return Ok(()) };
        let (first, last) = names(&customer.name);
        let mut path = format!("admin/customers/{external_id}/addresses");
        if let Some(address) = known.and_then(|known| id(&usual_address(known)["id"])) {
            path = format!("{path}/{address}");
        }
        let body = json!({ "first_name": first, "last_name": last, "address_1": street,
            "address_2": lives.lines.get(1..).unwrap_or_default().join(", "), "city": lives.city,
            "province": lives.region, "postal_code": lives.postal_code,
            "country_code": lives.country.to_ascii_lowercase(), "phone": customer.phone,
            "is_default_shipping": true });
        self.ask(Request::post(path, body)).await.map(|_| ())
    }

    /// A customer that the shop has is changed once more, which does no harm; a new one is looked for.
    pub(super) async fn find_customer(&self, customer: &CustomerOut) -> Result<Found, Trouble> {
        if !customer.external_id.is_empty() || !customer.address.is_empty() {
            return Ok(Found::Missing);
        }
        let known = self.customer_by_email(&customer.email).await?;
        Ok(known.and_then(|known| id(&known["id"])).map_or(Found::Missing, |external_id| {
            Found::Done(Done { external_id, ..Done::default() })
        }))
    }
}

/// The address where parcels go, or else the first.
fn usual_address(customer: &Value) -> &Value {
    let all = rows(&customer["addresses"]);
    let usual = all.iter().find(|one| one["is_default_shipping"] == true);
    usual.or_else(|| all.first()).unwrap_or(&Value::Null)
}
