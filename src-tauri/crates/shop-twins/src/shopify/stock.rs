//! Stock and customers are changed.

use serde_json::{Map, Value, json};

use super::books::{Customer, Level, gid, number};
use super::{ShopifyBooks, failed, payload};

/// Reasons that Shopify knows, as far as we give any.
const REASONS: [&str; 6] =
    ["correction", "cycle_count_available", "damaged", "other", "received", "restock"];

impl ShopifyBooks {
    /// What every change of stock must have.
    fn checked(&self, input: &Value) -> Option<Value> {
        if input["name"] != "available" {
            return Some(failed(
                "INVALID_QUANTITY_NAME",
                "The specified quantity name is invalid.",
            ));
        }
        if !REASONS.iter().any(|reason| input["reason"] == *reason) {
            return Some(failed("INVALID_REASON", "The specified reason is invalid."));
        }
        let uri = input["referenceDocumentUri"].as_str().unwrap_or("a:b");
        if uri.starts_with("gid://shopify/") || !uri.contains(':') {
            return Some(failed(
                "INVALID_REFERENCE_DOCUMENT",
                "The reference document is invalid.",
            ));
        }
        None
    }

    fn level(&mut self, one: &Value) -> Result<&mut Level, Value> {
        let (item, at) = (number(&one["inventoryItemId"]), number(&one["locationId"]));
        let is_item =
            one["inventoryItemId"].as_str().is_some_and(|id| id.contains("/InventoryItem/"));
        let Some(variant) = self.variant_mut(item).filter(|_| is_item) else {
            return Err(failed("INVALID_INVENTORY_ITEM", "The inventory item could not be found."));
        };
        match variant.levels.get_mut(&at) {
            Some(level) => Ok(level),
            None => Err(failed("INVALID_LOCATION", "The location could not be found.")),
        }
    }

    pub(super) fn adjust(&mut self, input: &Value) -> Value {
        if let Some(wrong) = self.checked(input) {
            return wrong;
        }
        let now = self.now_ms;
        let changes = input["changes"].as_array().cloned().unwrap_or_default();
        let mut said = Vec::new();
        for one in &changes {
            if one.get("changeFromQuantity").is_none() {
                return failed("BAD_REQUEST", "changeFromQuantity must be given");
            }
            let level = match self.level(one) {
                Ok(level) => level,
                Err(wrong) => return wrong,
            };
            if !one["changeFromQuantity"].is_null() && one["changeFromQuantity"] != level.available
            {
                return failed("CHANGE_FROM_QUANTITY_STALE", "The quantity is another.");
            }
            level.available += one["delta"].as_i64().unwrap_or(0);
            level.updated_ms = now;
            said.push(json!({ "quantityAfterChange": level.available }));
        }
        payload(
            json!({ "inventoryAdjustmentGroup": { "id": "gid://shopify/G/1", "changes": said } }),
        )
    }

    pub(super) fn set(&mut self, input: &Value) -> Value {
        if let Some(wrong) = self.checked(input) {
            return wrong;
        }
        let now = self.now_ms;
        for one in &input["quantities"].as_array().cloned().unwrap_or_default() {
            let quantity = one["quantity"].as_i64().unwrap_or(-1);
            if quantity < 0 {
                return failed("INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative.");
            }
            if one.get("changeFromQuantity").is_none() {
                return failed("COMPARE_QUANTITY_REQUIRED", "changeFromQuantity must be given");
            }
            let level = match self.level(one) {
                Ok(level) => level,
                Err(wrong) => return wrong,
            };
            if !one["changeFromQuantity"].is_null() && one["changeFromQuantity"] != level.available
            {
                return failed("CHANGE_FROM_QUANTITY_STALE", "The quantity is another.");
            }
            (level.available, level.updated_ms) = (quantity, now);
        }
        payload(json!({ "inventoryAdjustmentGroup": { "id": "gid://shopify/G/1", "changes": [] } }))
    }

    pub(super) fn activate(&mut self, args: &Map<String, Value>) -> Value {
        let (item, at, now) =
            (number(&args["inventoryItemId"]), number(&args["locationId"]), self.now_ms);
        let known = self.locations.contains_key(&at);
        let Some(variant) = self.variant_mut(item).filter(|_| known) else {
            return failed("NOT_FOUND", "The inventory item could not be found.");
        };
        let available = args.get("available").and_then(Value::as_i64).unwrap_or(0);
        if variant.levels.contains_key(&at) {
            return failed("TAKEN", "Not allowed to set available when it is already active.");
        }
        variant.levels.insert(at, Level { available, committed: 0, updated_ms: now });
        payload(json!({ "inventoryLevel": { "id": gid("InventoryLevel", at) } }))
    }

    pub(super) fn customer_set(&mut self, by: &Value, input: &Value) -> Value {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        let (email, phone) = (text("email"), text("phone"));
        if by["email"].is_string() && by["email"] != input["email"] {
            return failed("INPUT_MISMATCH", "The identifier value does not match.");
        }
        if !phone.is_empty() && !phone.starts_with('+') {
            let wrong = json!([{ "field": ["input", "phone"], "message": "Phone is invalid", "code": "INVALID" }]);
            return payload(json!({ "userErrors": wrong }));
        }
        let found = self
            .customers
            .values()
            .find(|one| {
                by["id"] == gid("Customer", one.id).as_str() || by["email"] == one.email.as_str()
            })
            .map(|one| one.id);
        if by["id"].is_string() && found.is_none() {
            return failed("NOT_FOUND", "Resource matching the identifier was not found.");
        }
        let id = found.unwrap_or_else(|| self.next_id());
        let consent = "NOT_SUBSCRIBED".to_owned();
        let customer =
            self.customers.entry(id).or_insert(Customer { id, consent, ..Customer::default() });
        customer.name = format!("{} {}", text("firstName"), text("lastName")).trim().to_owned();
        customer.email = email;
        if !phone.is_empty() {
            customer.phone = phone;
        }
        // A list takes the place of the one that was there.
        if let Some(addresses) = input["addresses"].as_array() {
            let first = addresses.first().map(|one| one["address1"].as_str().unwrap_or_default());
            customer.street = first.unwrap_or_default().to_owned();
        }
        customer.updated_ms = self.now_ms;
        payload(json!({ "customer": { "id": gid("Customer", id) } }))
    }

    pub(super) fn consent(&mut self, input: &Value) -> Value {
        let now = self.now_ms;
        let state = input["emailMarketingConsent"]["marketingState"].as_str().unwrap_or_default();
        if !["SUBSCRIBED", "UNSUBSCRIBED", "PENDING"].contains(&state) {
            return failed("INVALID", "The marketing state is invalid.");
        }
        match self.customers.get_mut(&number(&input["customerId"])) {
            Some(customer) if !customer.email.is_empty() => {
                (customer.consent, customer.updated_ms) = (state.to_owned(), now);
                payload(json!({ "customer": { "id": gid("Customer", customer.id) } }))
            }
            _ => failed("INVALID", "The customer has no e-mail."),
        }
    }
}
