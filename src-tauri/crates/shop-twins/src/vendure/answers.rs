//! What is read.

use serde_json::{Map, Value, json};

use super::{VendureCustomer, VendureOrder, VendureTwin, VendureVariant};
use crate::graphql::FieldError;

fn iso(ms: i64) -> String {
    // As SQLite keeps it: whole seconds.
    let seconds = jiff::Timestamp::from_second(ms.div_euclid(1_000)).unwrap_or_default();
    seconds.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

fn moment(value: &Value) -> Option<i64> {
    Some(value.as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}

impl VendureTwin {
    /// Answers a field of a query; none if it is of a mutation.
    pub(super) fn read(
        &self,
        field: &str,
        args: &Map<String, Value>,
    ) -> Option<Result<Value, FieldError>> {
        let options = args.get("options").cloned().unwrap_or_else(|| json!({}));
        let id = args.get("id").or_else(|| args.get("orderId")).map(as_id).unwrap_or_default();
        Some(match field {
            "me" => Ok(json!({ "channels": [
                { "code": "__default_channel__", "token": "t", "permissions": self.rights }] })),
            "activeChannel" => {
                Ok(json!({ "code": "__default_channel__", "defaultCurrencyCode": "EUR",
                "pricesIncludeTax": false }))
            }
            "globalSettings" => Ok(json!({ "trackInventory": true })),
            "stockLocations" => Ok(json!({ "items": [{ "id": "1", "name": "Shop" }] })),
            "products" => list(&options, &self.variants, |one| one.product_ms, |_| true, product),
            "productVariants" => {
                let wanted = options["filter"]["id"]["in"].clone();
                let fits = |one: &VendureVariant| {
                    wanted.as_array().is_none_or(|ids| ids.contains(&json!(one.id.to_string())))
                };
                list(&options, &self.variants, |one| one.updated_ms, fits, variant)
            }
            "productVariant" => {
                Ok(self.variants.iter().find(|one| one.id == id).map_or(Value::Null, variant))
            }
            "orders" => {
                let filter = options["filter"].clone();
                let fits = |one: &VendureOrder| order_fits(one, &filter);
                list(&options, &self.orders, |one| one.updated_ms, fits, |one| self.order_out(one))
            }
            "order" => Ok(self
                .orders
                .iter()
                .find(|one| one.id == id)
                .map_or(Value::Null, |one| self.order_out(one))),
            "eligibleShippingMethodsForDraftOrder" => Ok(json!([
                { "id": "1", "code": "standard-shipping", "priceWithTax": 500 },
                { "id": "2", "code": "counter", "priceWithTax": 0 }])),
            "customers" => {
                let email = options["filter"]["emailAddress"]["eq"].clone();
                let fits = |one: &VendureCustomer| email.is_null() || email == json!(one.email);
                list(&options, &self.customers, |one| one.updated_ms, fits, customer)
            }
            _ => return None,
        })
    }

    pub(super) fn order_out(&self, order: &VendureOrder) -> Value {
        let by = order.customer.and_then(|id| self.customers.iter().find(|one| one.id == id));
        let variant_of = |id: u64| self.variants.iter().find(|one| one.id == id);
        let total: i64 = self.total(order);
        json!({
            "__typename": "Order",
            "id": order.id.to_string(),
            "code": format!("CODE{}", order.id),
            "state": order.state,
            "createdAt": iso(order.created_ms),
            "updatedAt": iso(order.updated_ms),
            "orderPlacedAt": if order.payments.is_empty() { Value::Null } else { json!(iso(order.created_ms)) },
            "totalWithTax": total,
            "customer": by.map_or(Value::Null, customer),
            "shippingAddress": { "fullName": null, "streetLine1": null, "streetLine2": null, "city": null,
                "province": null, "postalCode": null, "countryCode": null, "phoneNumber": null },
            "lines": order.lines.iter().map(|line| {
                let one = variant_of(line.variant);
                json!({ "id": line.id.to_string(), "quantity": line.quantity,
                    "proratedUnitPrice": one.map_or(0, |one| one.price),
                    "proratedUnitPriceWithTax": one.map_or(0, |one| one.price),
                    "productVariant": one.map_or(Value::Null, variant) })
            }).collect::<Vec<_>>(),
            "shippingLines": if order.shipping.is_empty() { json!([]) } else {
                json!([{ "shippingMethod": { "code": order.shipping } }]) },
            "payments": order.payments.iter().map(|one| json!({
                "id": one.id.to_string(), "method": one.method, "amount": one.amount,
                "state": one.state, "transactionId": one.transaction, "metadata": one.metadata,
                "refunds": one.refunds.iter().map(|back| json!({ "__typename": "Refund",
                    "id": back.id.to_string(), "state": back.state, "total": back.total,
                    "reason": back.reason })).collect::<Vec<_>>() })).collect::<Vec<_>>(),
            "fulfillments": order.parcels.iter().map(|one| json!({
                "id": one.id.to_string(), "state": one.state,
                "lines": one.lines.iter().map(|(line, quantity)| json!({
                    "orderLineId": line.to_string(), "quantity": quantity })).collect::<Vec<_>>()
            })).collect::<Vec<_>>(),
            "history": { "items": order.history.iter().map(|(kind, data)| json!({
                "type": kind, "data": data })).collect::<Vec<_>>() },
        })
    }

    /// What an order comes to: what is cancelled stays owed until it is refunded.
    pub(super) fn total(&self, order: &VendureOrder) -> i64 {
        order.lines.iter().map(|line| self.price_of(line.variant) * line.quantity).sum()
    }
}

pub(super) fn as_id(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.parse().unwrap_or(0),
        Value::Number(number) => number.as_u64().unwrap_or(0),
        _ => 0,
    }
}

fn order_fits(order: &VendureOrder, filter: &Value) -> bool {
    let has = |list: &Value, text: &str| {
        list.as_array().is_some_and(|all| all.iter().any(|one| one == text))
    };
    let state = &filter["state"];
    let transaction = &filter["transactionId"]["eq"];
    let after = moment(&filter["createdAt"]["after"]);
    (state["in"].is_null() || has(&state["in"], &order.state))
        && (state["notIn"].is_null() || !has(&state["notIn"], &order.state))
        && (transaction.is_null()
            || order.payments.iter().any(|one| transaction == &json!(one.transaction)))
        && after.is_none_or(|after| order.created_ms > after)
}

fn list<T>(
    options: &Value,
    all: &[T],
    updated_ms: impl Fn(&T) -> i64,
    fits: impl Fn(&T) -> bool,
    out: impl Fn(&T) -> Value,
) -> Result<Value, FieldError> {
    let take = options["take"].as_u64().unwrap_or(1_000);
    if take > 1_000 {
        let words = "Cannot take more than 1000 results from a list query";
        return Err(FieldError::new("USER_INPUT_ERROR", words));
    }
    let since = &options["filter"]["updatedAt"]["after"];
    let after = moment(since);
    if !since.is_null() && after.is_none() {
        return Err(FieldError::new("BAD_USER_INPUT", "DateTime cannot represent that"));
    }
    let found: Vec<&T> = all
        .iter()
        .filter(|one| after.is_none_or(|after| updated_ms(one).div_euclid(1_000) * 1_000 > after))
        .filter(|one| fits(one))
        .collect();
    let skip = usize::try_from(options["skip"].as_u64().unwrap_or(0)).unwrap_or(0);
    let take = usize::try_from(take).unwrap_or(0);
    let items: Vec<Value> = found.iter().skip(skip).take(take).map(|one| out(one)).collect();
    Ok(json!({ "totalItems": found.len(), "items": items }))
}

fn variant(one: &VendureVariant) -> Value {
    let mut out = bare_variant(one);
    out["product"] = product(one);
    out
}

fn bare_variant(one: &VendureVariant) -> Value {
    json!({ "__typename": "ProductVariant", "id": one.id.to_string(), "name": one.name,
        "sku": one.sku, "price": one.price, "priceWithTax": one.price, "trackInventory": "INHERIT",
        "updatedAt": iso(one.updated_ms), "taxCategory": { "name": "Standard Tax" },
        "options": [{ "name": "One", "group": { "name": "Size" } }],
        "stockLevels": [{ "stockLocationId": "1", "stockOnHand": one.on_hand,
            "stockAllocated": one.allocated }] })
}

fn product(one: &VendureVariant) -> Value {
    json!({ "__typename": "Product", "id": one.id.to_string(), "name": one.name,
        "description": "<p>Good &amp; cheap</p>", "enabled": true,
        "assets": [{ "preview": "http://shop.example/a.jpg" }],
        "collections": [{ "name": "Hoodies", "breadcrumbs": [{ "name": "__root_collection__" },
            { "name": "Clothing" }, { "name": "Hoodies" }] }],
        "variants": [bare_variant(one)] })
}

pub(super) fn customer(one: &VendureCustomer) -> Value {
    let address = |(at, address): (usize, &Map<String, Value>)| {
        let part = |name: &str| address.get(name).cloned().unwrap_or(Value::Null);
        json!({ "id": (one.id * 100 + u64::try_from(at).unwrap_or(0)).to_string(),
            "streetLine1": part("streetLine1"), "streetLine2": part("streetLine2"),
            "city": part("city"), "province": part("province"), "postalCode": part("postalCode"),
            "country": { "code": part("countryCode") },
            "defaultShippingAddress": part("defaultShippingAddress") })
    };
    json!({ "__typename": "Customer", "id": one.id.to_string(), "firstName": one.first,
        "lastName": one.last, "emailAddress": one.email, "phoneNumber": one.phone,
        "updatedAt": iso(one.updated_ms), "user": null,
        "addresses": one.addresses.iter().enumerate().map(address).collect::<Vec<_>>() })
}
