//! What a Shopify shop knows, and how it says it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A product.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub title: String,
    /// `ACTIVE`, `DRAFT`, `ARCHIVED` or `UNLISTED`.
    pub status: String,
    /// Where it is found.
    pub category: String,
    /// The address of its picture; may be empty.
    pub image: String,
    /// Its variants; a product has one at least.
    pub variants: Vec<Variant>,
    /// When its name, state or place changed; a variant's change does not move it.
    pub updated_ms: i64,
}

/// A variant.
#[derive(Clone, Debug, Default)]
pub struct Variant {
    /// Its number; that of its inventory item is the same.
    pub id: u64,
    /// The article number.
    pub sku: String,
    /// The barcode.
    pub barcode: String,
    /// What it costs, as written.
    pub price: String,
    /// What it costs when it is not on sale; may be empty.
    pub compare_at: String,
    /// What tells it apart.
    pub options: Vec<(String, String)>,
    /// False if its stock is not counted.
    pub tracked: bool,
    /// By location.
    pub levels: BTreeMap<u64, Level>,
    /// When its price or codes changed; its stock does not move it.
    pub updated_ms: i64,
}

/// How much of a variant is at a location.
#[derive(Clone, Copy, Debug, Default)]
pub struct Level {
    /// What may be sold.
    pub available: i64,
    /// What open orders took.
    pub committed: i64,
    /// When either changed.
    pub updated_ms: i64,
}

/// A line of an order.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its number.
    pub id: u64,
    /// The variant; none for a line of text.
    pub variant: Option<u64>,
    /// Its name.
    pub name: String,
    /// Its article number.
    pub sku: String,
    /// How much was ordered.
    pub quantity: i64,
    /// How much of it was given back.
    pub returned: i64,
    /// What one costs, in minor units.
    pub price: i64,
    /// What the maker of the order wrote down.
    pub properties: Vec<(String, String)>,
}

/// A payment of an order, or what was given back by one.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its number.
    pub id: u64,
    /// `SALE` or `REFUND`.
    pub kind: String,
    /// By what.
    pub gateway: String,
    /// How much, in minor units.
    pub amount: i64,
    /// What it gives back of.
    pub parent: Option<u64>,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its number.
    pub id: u64,
    /// What was written on it.
    pub note: String,
    /// How much was given back, in minor units.
    pub total: i64,
}

/// A part of an order that one location hands over.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its number.
    pub id: u64,
    /// `OPEN`, `IN_PROGRESS`, `ON_HOLD`, `CLOSED`, `CANCELLED`.
    pub status: String,
    /// The location.
    pub location: u64,
    /// `PICK_UP`, `SHIPPING`, `RETAIL`.
    pub method: String,
    /// Lines and how much of each.
    pub lines: Vec<(u64, i64)>,
    /// How often the customer was told that it is ready.
    pub told_ready: u32,
}

/// An order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Its number.
    pub id: u64,
    /// The id of whoever made it.
    pub source: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When it came.
    pub created_ms: i64,
    /// When it changed.
    pub updated_ms: i64,
    /// When it was given up.
    pub cancelled_ms: Option<i64>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The payments.
    pub payments: Vec<Payment>,
    /// The refunds.
    pub refunds: Vec<Refund>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Parcels: number, and how far it is.
    pub parcels: Vec<(u64, String)>,
    /// Parcel's numbers that were told.
    pub tracking: Vec<String>,
    /// Who ordered.
    pub customer: Option<u64>,
    /// What the customer wrote.
    pub note: String,
    /// Where it goes: the name of who gets it.
    pub name: String,
}

/// A customer.
#[derive(Clone, Debug, Default)]
pub struct Customer {
    /// Their number.
    pub id: u64,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Their telephone.
    pub phone: String,
    /// The first line of their address; may be empty.
    pub street: String,
    /// `SUBSCRIBED`, `UNSUBSCRIBED` or `NOT_SUBSCRIBED`.
    pub consent: String,
    /// When they changed.
    pub updated_ms: i64,
}

/// `gid://shopify/Product/1`.
pub fn gid(kind: &str, id: u64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

/// The number of an id.
pub(super) fn number(gid: &Value) -> u64 {
    let text = gid.as_str().unwrap_or_default();
    text.rsplit('/').next().and_then(|end| end.parse().ok()).unwrap_or(0)
}

/// A moment as Shopify writes it.
pub(super) fn moment(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Minor units as Shopify writes them.
pub(super) fn decimal(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

fn money(minor: i64) -> Value {
    json!({ "shopMoney": { "amount": decimal(minor), "currencyCode": "EUR" } })
}

fn or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

impl Variant {
    /// As the API says it; without its product.
    pub(super) fn json(&self) -> Value {
        let level = |(at, level): (&u64, &Level)| {
            let said = json!({ "quantities": [
                { "name": "available", "quantity": level.available },
                { "name": "committed", "quantity": level.committed },
            ]});
            (gid("Location", *at), said)
        };
        json!({
            "__typename": "ProductVariant",
            "id": gid("ProductVariant", self.id),
            "sku": or_null(&self.sku),
            "barcode": or_null(&self.barcode),
            "price": self.price,
            "compareAtPrice": or_null(&self.compare_at),
            "taxable": true,
            "selectedOptions": self.options.iter()
                .map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
            "inventoryItem": {
                "id": gid("InventoryItem", self.id),
                "tracked": self.tracked,
                "inventoryLevel": self.levels.iter().map(level).collect::<serde_json::Map<_, _>>(),
            },
        })
    }
}

impl Product {
    /// As the API says it.
    pub(super) fn json(&self) -> Value {
        let picture = json!({ "preview": { "image": { "url": self.image } } });
        json!({
            "id": gid("Product", self.id),
            "title": self.title,
            "description": "",
            "status": self.status,
            "productType": "",
            "category": if self.category.is_empty() { Value::Null } else {
                json!({ "fullName": self.category })
            },
            "media": if self.image.is_empty() { json!([]) } else { json!([picture]) },
            "variants": self.variants.iter().map(Variant::json).collect::<Vec<_>>(),
        })
    }
}

impl Order {
    /// What it comes to, less what was given back.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| (line.quantity - line.returned) * line.price).sum()
    }

    /// What was paid, less what was given back.
    pub fn paid(&self) -> i64 {
        let one = |payment: &Payment| match payment.kind.as_str() {
            "REFUND" => -payment.amount,
            _ => payment.amount,
        };
        self.payments.iter().map(one).sum()
    }

    fn financial(&self) -> &'static str {
        let taken: i64 =
            self.payments.iter().filter(|one| one.kind == "SALE").map(|one| one.amount).sum();
        let whole: i64 = self.lines.iter().map(|line| line.quantity * line.price).sum();
        match (taken, self.paid()) {
            (0, _) if whole > 0 => "PENDING",
            (_, 0) if whole > 0 => "REFUNDED",
            (taken, paid) if paid < taken => "PARTIALLY_REFUNDED",
            (taken, _) if taken < whole => "PARTIALLY_PAID",
            _ => "PAID",
        }
    }

    fn fulfilment(&self) -> &'static str {
        let live = || self.parts.iter().filter(|part| part.status != "CANCELLED");
        if live().count() > 0 && live().all(|part| part.status == "CLOSED") {
            "FULFILLED"
        } else if live().any(|part| part.status == "CLOSED") {
            "PARTIALLY_FULFILLED"
        } else {
            "UNFULFILLED"
        }
    }

    /// True until all is handed over, given back or given up.
    pub(super) fn is_open(&self) -> bool {
        self.cancelled_ms.is_none() && self.fulfilment() != "FULFILLED"
    }

    /// As the API says it.
    pub(super) fn json(&self) -> Value {
        let line = |line: &Line| {
            json!({
                "id": gid("LineItem", line.id),
                "name": line.name,
                "sku": or_null(&line.sku),
                "currentQuantity": line.quantity - line.returned,
                "refundableQuantity": line.quantity - line.returned,
                "variant": line.variant.map_or(Value::Null, |id| json!({ "id": gid("ProductVariant", id) })),
                "discountedUnitPriceAfterAllDiscountsSet": money(line.price),
                "originalUnitPriceSet": money(line.price),
                "customAttributes": line.properties.iter()
                    .map(|(key, value)| json!({ "key": key, "value": value })).collect::<Vec<_>>(),
            })
        };
        let part = |part: &Part| {
            json!({
                "id": gid("FulfillmentOrder", part.id),
                "status": part.status,
                "assignedLocation": { "location": { "id": gid("Location", part.location) } },
                "deliveryMethod": { "methodType": part.method },
                "lineItems": part.lines.iter().map(|(line, quantity)| json!({
                    "totalQuantity": quantity,
                    "lineItem": { "id": gid("LineItem", *line) },
                })).collect::<Vec<_>>(),
            })
        };
        let payment = |one: &Payment| {
            json!({
                "id": gid("OrderTransaction", one.id),
                "kind": one.kind,
                "status": "SUCCESS",
                "gateway": one.gateway,
                "amountSet": money(one.amount),
                "parentTransaction": one.parent.map_or(Value::Null, |id| {
                    json!({ "id": gid("OrderTransaction", id) })
                }),
            })
        };
        json!({
            "id": gid("Order", self.id),
            "name": format!("#{}", self.id),
            "sourceIdentifier": self.source,
            "tags": self.tags,
            "createdAt": moment(self.created_ms),
            "cancelledAt": self.cancelled_ms.map(moment),
            "displayFinancialStatus": self.financial(),
            "displayFulfillmentStatus": self.fulfilment(),
            "note": or_null(&self.note),
            "email": Value::Null,
            "phone": Value::Null,
            "currentTotalPriceSet": money(self.total()),
            "canMarkAsPaid": self.financial() == "PENDING",
            "customer": self.customer.map_or(Value::Null, |id| json!({ "id": gid("Customer", id) })),
            "shippingAddress": if self.name.is_empty() { Value::Null } else { json!({
                "name": self.name, "phone": null, "address1": "1 High Street", "address2": null,
                "city": "Town", "zip": "1000", "provinceCode": null, "countryCodeV2": "BE",
            })},
            "billingAddress": Value::Null,
            "lineItems": self.lines.iter().map(line).collect::<Vec<_>>(),
            "fulfillmentOrders": self.parts.iter().map(part).collect::<Vec<_>>(),
            "fulfillments": self.parcels.iter().map(|(id, state)| json!({
                "id": gid("Fulfillment", *id), "status": "SUCCESS", "displayStatus": state,
            })).collect::<Vec<_>>(),
            "transactions": self.payments.iter().map(payment).collect::<Vec<_>>(),
            "refunds": self.refunds.iter().map(|one| json!({
                "id": gid("Refund", one.id), "note": or_null(&one.note),
            })).collect::<Vec<_>>(),
        })
    }
}

impl Customer {
    /// As the API says it.
    pub(super) fn json(&self) -> Value {
        let known = self.consent != "NOT_SUBSCRIBED";
        json!({
            "id": gid("Customer", self.id),
            "displayName": self.name,
            "defaultEmailAddress": if self.email.is_empty() { Value::Null } else { json!({
                "emailAddress": self.email,
                "marketingState": self.consent,
                "marketingUpdatedAt": known.then(|| moment(self.updated_ms)),
            })},
            "defaultPhoneNumber": if self.phone.is_empty() { Value::Null } else {
                json!({ "phoneNumber": self.phone })
            },
            "defaultAddress": if self.street.is_empty() { Value::Null } else { json!({
                "address1": self.street, "address2": null, "city": "Town", "zip": "1000",
                "provinceCode": null, "countryCodeV2": "BE",
            })},
        })
    }
}
