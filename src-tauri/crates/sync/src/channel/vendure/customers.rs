//! Customers. Vendure itself knows no consent: where the shop keeps it in a custom field, that is set up.

use serde_json::{Value, json};

use super::Vendure;
use super::wire::{accepted, after, after_a_part};
use crate::channel::connector::{Ask, Found, Page, Trouble};
use crate::channel::value::{address, id, is_hostile, iso, moment, name, names, rows, text};
use crate::channel::words::{CustomerIn, CustomerOut, Done};

/// Customers on a page.
const PAGE: u64 = 100;

impl Vendure {
    fn customer_fields(&self) -> String {
        let consent = if self.consent_field.is_empty() {
            String::new()
        } else {
            format!("customFields {{ {} }}", self.consent_field)
        };
        format!(
            "id updatedAt firstName lastName emailAddress phoneNumber
             addresses {{ id streetLine1 streetLine2 city province postalCode country {{ code }}
               defaultShippingAddress }} {consent}"
        )
    }

    pub(super) async fn customers_page(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let skip = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(0);
        let mut options = json!({ "skip": skip, "take": PAGE, "sort": { "id": "ASC" } });
        if let Some(since) = ask.since_ms {
            options["filter"] = json!({ "updatedAt": { "after": iso(since) } });
        }
        let said = self.customers_with(options).await?;
        let list = &said.data["customers"];
        let items = rows(&list["items"]);
        let total = list["totalItems"].as_u64().unwrap_or(0);
        let next = after(skip, items.len(), total).map(|skip| skip.to_string());
        let mut page =
            Page { next, server_ms: said.server_ms, total: Some(total), ..Page::default() };
        for item in items {
            match self.customer(item) {
                // Whom counter sales are put down to is nobody.
                Ok(one) if one.email.ends_with("@countertop.invalid") => {}
                Ok(one) => page.items.push(one),
                Err(words) => page.bad.push((text(&item["id"]), words)),
            }
        }
        Ok(page)
    }

    async fn customers_with(&self, options: Value) -> Result<super::wire::Said, Trouble> {
        let document = format!(
            "query Customers($options: CustomerListOptions) {{
               customers(options: $options) {{ totalItems items {{ {} }} }} }}",
            self.customer_fields()
        );
        self.api.ask(&document, json!({ "options": options })).await
    }

    fn customer(&self, said: &Value) -> Result<CustomerIn, String> {
        let external_id = id(&said["id"]).ok_or("a customer without an id")?;
        let lives = usual_address(said);
        let consent = said["customFields"][&self.consent_field].as_bool();
        let customer = CustomerIn {
            external_id,
            name: name(&said["firstName"], &said["lastName"]),
            email: text(&said["emailAddress"]),
            phone: text(&said["phoneNumber"]),
            address: address(
                &[&lives["streetLine1"], &lives["streetLine2"]],
                &lives["postalCode"],
                &lives["city"],
                &lives["province"],
                &lives["country"]["code"],
            ),
            email_consent: consent.zip(moment(&said["updatedAt"])),
        };
        if is_hostile(&customer.name) || is_hostile(&customer.email) {
            return Err("a name with characters that hide or turn others".to_owned());
        }
        Ok(customer)
    }

    /// The shop's customer with this address for e-mail.
    async fn customer_by_email(&self, email: &str) -> Result<Option<Value>, Trouble> {
        let options = json!({ "take": 10, "filter": { "emailAddress": { "eq": email } } });
        let said = self.customers_with(options).await?.data;
        let is_same = |one: &&Value| text(&one["emailAddress"]).eq_ignore_ascii_case(email);
        Ok(rows(&said["customers"]["items"]).iter().find(is_same).cloned())
    }

    pub(super) async fn send_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        const CREATE: &str = "mutation NewCustomer($input: CreateCustomerInput!) {
            saved: createCustomer(input: $input) {
                __typename ... on Customer { id } ... on ErrorResult { errorCode message } } }";
        const UPDATE: &str = "mutation ChangeCustomer($input: UpdateCustomerInput!) {
            saved: updateCustomer(input: $input) {
                __typename ... on Customer { id } ... on ErrorResult { errorCode message } } }";
        let known = self.customer_by_email(&customer.email).await?;
        let known_id = known.as_ref().and_then(|known| id(&known["id"]));
        let external_id =
            Some(customer.external_id.clone()).filter(|id| !id.is_empty()).or(known_id);
        let (first, last) = names(&customer.name);
        let mut input = json!({ "firstName": first, "lastName": last,
            "emailAddress": customer.email, "phoneNumber": customer.phone });
        if let (Some(consent), false) = (customer.email_consent, self.consent_field.is_empty()) {
            input["customFields"] = json!({ &self.consent_field: consent });
        }
        let document = match &external_id {
            Some(id) => {
                input["id"] = json!(id);
                UPDATE
            }
            None => CREATE,
        };
        let said = self.api.ask(document, json!({ "input": input })).await?.data;
        let external_id = text(&accepted(&said["saved"])?["id"]);
        self.send_address(customer, &external_id, known.as_ref()).await.map_err(after_a_part)?;
        Ok(Done { external_id, ..Done::default() })
    }

    async fn send_address(
        &self,
        customer: &CustomerOut,
        external_id: &str,
        known: Option<&Value>,
    ) -> Result<(), Trouble> {
        const CREATE: &str = "mutation NewAddress($customer: ID!, $input: CreateAddressInput!) {
            createCustomerAddress(customerId: $customer, input: $input) { id } }";
        const UPDATE: &str = "mutation ChangeAddress($input: UpdateAddressInput!) {
            updateCustomerAddress(input: $input) { id } }";
        let lives = &customer.address;
        let Some(street) = lives.lines.first() else { return Ok(()) };
        if lives.country.is_empty() {
            return Ok(());
        }
        let mut input = json!({ "fullName": customer.name, "streetLine1": street,
            "streetLine2": lives.lines.get(1..).unwrap_or_default().join(", "),
            "city": lives.city, "province": lives.region, "postalCode": lives.postal_code,
            "countryCode": lives.country, "phoneNumber": customer.phone,
            "defaultShippingAddress": true });
        match known.and_then(|known| id(&usual_address(known)["id"])) {
            Some(address) => {
                input["id"] = json!(address);
                self.api.ask(UPDATE, json!({ "input": input })).await?;
            }
            None => {
                let variables = json!({ "customer": external_id, "input": input });
                self.api.ask(CREATE, variables).await?;
            }
        }
        Ok(())
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
    let usual = all.iter().find(|one| one["defaultShippingAddress"] == true);
    usual.or_else(|| all.first()).unwrap_or(&Value::Null)
}
