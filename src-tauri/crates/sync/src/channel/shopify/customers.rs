//! Customers, both ways. Shopify knows people by their e-mail; to set one twice is to set them once.

use serde_json::{Value, json};

use super::super::connector::{Ask, Page, Trouble};
use super::super::words::{CustomerIn, CustomerOut, Done};
use super::Shopify;
use super::catalogue::lost;
use super::documents::{CUSTOMERS, FIND_CUSTOMER, SET_CONSENT, SET_CUSTOMER};
use super::orders::address;
use super::read::{following, list, moment, search, text};

impl Shopify {
    pub(super) async fn read_customers(&self, ask: &Ask) -> Result<Page<CustomerIn>, Trouble> {
        let after = match ask.next.as_deref() {
            Some(next) => Some(next.parse::<u64>().map_err(|_| lost())?),
            None => None,
        };
        let query = search(ask.since_ms, after);
        let said = self.api.ask(CUSTOMERS, &json!({ "query": query })).await?;
        let next = following(&said.data["customers"])?;
        Ok(Page {
            items: list(&said.data, "/customers/nodes").iter().map(customer).collect(),
            next: next.map(|number| number.to_string()),
            server_ms: said.server_ms,
            ..Page::default()
        })
    }

    pub(super) async fn set_customer(&self, customer: &CustomerOut) -> Result<Done, Trouble> {
        let identifier = if customer.external_id.is_empty() {
            json!({ "emailAddress": customer.email })
        } else {
            json!({ "id": customer.external_id })
        };
        let said = self.api.ask(FIND_CUSTOMER, &json!({ "identifier": identifier })).await?;
        let there = &said.data["customerByIdentifier"];
        let payload = match self.put_customer(customer, there, true).await {
            // Shopify takes a number only once, and only one that it can dial: the rest still counts.
            Err(Trouble::Refused(words)) if words.contains("phone") => {
                self.put_customer(customer, there, false).await?
            }
            answered => answered?,
        };
        let external_id = text(&payload, "/customer/id");
        if external_id.is_empty() {
            return Err(Trouble::unknown("the shop does not say what it called the customer"));
        }
        self.set_consent(customer, there, &external_id).await?;
        Ok(Done { external_id, ..Done::default() })
    }

    async fn put_customer(
        &self,
        customer: &CustomerOut,
        there: &Value,
        phone: bool,
    ) -> Result<Value, Trouble> {
        let (first, last) = customer.name.trim().rsplit_once(' ').unwrap_or(("", &customer.name));
        let mut input = json!({
            "email": customer.email,
            "firstName": first.trim(),
            "lastName": last.trim(),
        });
        if phone && !customer.phone.is_empty() {
            input["phone"] = json!(customer.phone);
        }
        // A list takes the place of the one that is there: addresses that only the shop knows stay.
        if there["defaultAddress"].is_null() && !customer.address.is_empty() {
            input["addresses"] = json!([address_out(customer, first, last)]);
        }
        let identifier = match text(there, "/id") {
            id if id.is_empty() => json!({ "email": customer.email }),
            id => json!({ "id": id }),
        };
        let variables = json!({ "identifier": identifier, "input": input });
        self.api.change(SET_CUSTOMER, "customerSet", &variables).await
    }

    async fn set_consent(
        &self,
        customer: &CustomerOut,
        there: &Value,
        id: &str,
    ) -> Result<(), Trouble> {
        let Some(yes) = customer.email_consent else { return Ok(()) };
        let now = text(there, "/defaultEmailAddress/marketingState");
        let said = if yes { "SUBSCRIBED" } else { "UNSUBSCRIBED" };
        // Who never said yes need not be told that they said no.
        if now == said || (!yes && now != "SUBSCRIBED" && now != "PENDING") {
            return Ok(());
        }
        let consent = json!({ "marketingState": said, "marketingOptInLevel": "SINGLE_OPT_IN" });
        let input = json!({ "customerId": id, "emailMarketingConsent": consent });
        let name = "customerEmailMarketingConsentUpdate";
        self.api.change(SET_CONSENT, name, &json!({ "input": input })).await?;
        Ok(())
    }
}

fn customer(node: &Value) -> CustomerIn {
    let state = text(node, "/defaultEmailAddress/marketingState");
    let said = match state.as_str() {
        "SUBSCRIBED" => Some(true),
        "UNSUBSCRIBED" => Some(false),
        _ => None,
    };
    let when = moment(node, "/defaultEmailAddress/marketingUpdatedAt");
    CustomerIn {
        external_id: text(node, "/id"),
        name: text(node, "/displayName"),
        email: text(node, "/defaultEmailAddress/emailAddress"),
        phone: text(node, "/defaultPhoneNumber/phoneNumber"),
        address: address(&node["defaultAddress"]),
        email_consent: said.zip(when),
    }
}

fn address_out(customer: &CustomerOut, first: &str, last: &str) -> Value {
    let from = &customer.address;
    let mut to = json!({
        "firstName": first.trim(),
        "lastName": last.trim(),
        "city": from.city,
        "zip": from.postal_code,
    });
    let (line1, rest) = from.lines.split_first().map_or(("", &[][..]), |(one, rest)| (one, rest));
    to["address1"] = json!(line1);
    to["address2"] = json!(rest.join(", "));
    if !from.region.is_empty() {
        to["provinceCode"] = json!(from.region);
    }
    if !from.country.is_empty() {
        to["countryCode"] = json!(from.country);
    }
    to
}
