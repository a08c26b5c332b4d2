//! A twin of Vendure 3.7's Admin API, as measured with 3.7.3: sessions are bearer tokens in a header of
//! the answer; one that ended answers `FORBIDDEN` with a status of 200; lists give at most 1,000; an
//! order is a draft, is arranged, paid (which allocates goods), packed (which takes them off hand) and
//! delivered; a list's `after` is strict; a product's moment does not move with its variants', nor a
//! variant's with an order; a refund waits to be settled; nothing is idempotent.
//!
//! Not simulated: promotions, several channels, currencies and locations, taxes beyond one rate,
//! modified orders, shipping prices, jobs, custom fields, the order of lines in a shop on PostgreSQL.

mod answers;
mod order;

use serde_json::{Map, Value, json};

use crate::graphql::{FieldError, answer};
use crate::http::{Call, Reply};
use crate::shop::Platform;

/// A variant in the books; each has a product of its own.
#[derive(Clone, Debug, Default)]
pub struct VendureVariant {
    /// Its id, which is its product's, too.
    pub id: u64,
    /// Its product's name.
    pub name: String,
    /// Its article number.
    pub sku: String,
    /// Without tax, in hundredths.
    pub price: i64,
    /// Pieces on hand.
    pub on_hand: i64,
    /// Pieces that orders will take.
    pub allocated: i64,
    /// When it changed; orders do not count.
    pub updated_ms: i64,
    /// When its product changed; its variant does not count.
    pub product_ms: i64,
}

/// A line of an order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    id: u64,
    variant: u64,
    quantity: i64,
    packed: i64,
    cancelled: i64,
}

/// A payment of an order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payment {
    id: u64,
    method: String,
    amount: i64,
    state: &'static str,
    transaction: String,
    metadata: Value,
    refunds: Vec<Refund>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Refund {
    id: u64,
    total: i64,
    reason: String,
    state: &'static str,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Parcel {
    id: u64,
    state: String,
    lines: Vec<(u64, i64)>,
}

/// An order in the books.
#[derive(Clone, Debug, Default)]
pub struct VendureOrder {
    /// Its id.
    pub id: u64,
    /// `Draft`, `PaymentSettled` and so on.
    pub state: String,
    /// When it was made.
    pub created_ms: i64,
    /// When it changed.
    pub updated_ms: i64,
    /// The customer's id.
    pub customer: Option<u64>,
    /// The code of its way of shipping.
    pub shipping: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) history: Vec<(String, Value)>,
}

impl VendureOrder {
    /// The transactions of its payments.
    pub fn transactions(&self) -> Vec<String> {
        self.payments.iter().map(|one| one.transaction.clone()).collect()
    }

    /// Pieces of a variant in it.
    pub fn pieces(&self, variant: u64) -> i64 {
        self.lines.iter().filter(|line| line.variant == variant).map(|line| line.quantity).sum()
    }

    /// What its settled refunds come to, in hundredths, and how many there are in any state.
    pub fn refunded(&self) -> (i64, usize) {
        let all: Vec<&Refund> = self.payments.iter().flat_map(|one| &one.refunds).collect();
        let settled = all.iter().filter(|one| one.state == "Settled").map(|one| one.total).sum();
        (settled, all.len())
    }
}

/// A customer in the books.
#[derive(Clone, Debug, Default)]
pub struct VendureCustomer {
    /// The id.
    pub id: u64,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// E-mail.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// When it changed.
    pub updated_ms: i64,
    /// Where they live: what was written.
    pub addresses: Vec<Map<String, Value>>,
}

/// The shop and its books.
#[derive(Clone, Debug)]
pub struct VendureTwin {
    /// What it sells.
    pub variants: Vec<VendureVariant>,
    /// Every order and draft.
    pub orders: Vec<VendureOrder>,
    /// Every customer.
    pub customers: Vec<VendureCustomer>,
    /// The rights of the administrator.
    pub rights: Vec<String>,
    /// Sessions that were begun.
    pub logins: u64,
    expired: bool,
    token: Option<String>,
    last_id: u64,
}

/// Every right.
const RIGHTS: [&str; 9] = [
    "ReadCatalog",
    "UpdateCatalog",
    "ReadSettings",
    "ReadOrder",
    "CreateOrder",
    "UpdateOrder",
    "ReadCustomer",
    "CreateCustomer",
    "UpdateCustomer",
];

impl VendureTwin {
    /// A shop with so many items, each with so many pieces on hand.
    pub fn with_items(items: u64, on_hand: i64, now_ms: i64) -> Self {
        let item = |id: u64| VendureVariant {
            id,
            name: format!("Item {id}"),
            sku: format!("SKU-{id}"),
            price: 1_000,
            on_hand,
            allocated: 0,
            updated_ms: now_ms,
            product_ms: now_ms,
        };
        Self {
            variants: (1..=items).map(item).collect(),
            orders: Vec::new(),
            customers: Vec::new(),
            rights: RIGHTS.iter().map(|&right| right.to_owned()).collect(),
            logins: 0,
            expired: false,
            token: None,
            last_id: 0,
        }
    }

    /// What may be sold of a variant.
    pub fn available(&self, id: u64) -> i64 {
        self.variants.iter().find(|one| one.id == id).map_or(0, |one| one.on_hand - one.allocated)
    }

    /// A customer orders in the shop and pays, or only sets the money aside; the order's id.
    pub fn order_online(
        &mut self,
        variant: u64,
        pieces: i64,
        pay: bool,
        shipping: &str,
        now: i64,
    ) -> u64 {
        let id = self.next_id();
        let line = self.next_id();
        let payment = self.next_id();
        let amount = self.price_of(variant).saturating_mul(pieces);
        self.orders.push(VendureOrder {
            id,
            state: if pay { "PaymentSettled" } else { "PaymentAuthorized" }.to_owned(),
            created_ms: now,
            updated_ms: now,
            customer: None,
            shipping: shipping.to_owned(),
            lines: vec![Line { id: line, variant, quantity: pieces, packed: 0, cancelled: 0 }],
            payments: vec![Payment {
                id: payment,
                method: if pay { "card" } else { "pay-at-collection" }.to_owned(),
                amount,
                state: if pay { "Settled" } else { "Authorized" },
                transaction: format!("web-{id}"),
                metadata: Value::Null,
                refunds: Vec::new(),
            }],
            parcels: Vec::new(),
            history: Vec::new(),
        });
        if let Some(one) = self.variants.iter_mut().find(|one| one.id == variant) {
            one.allocated += pieces;
        }
        id
    }

    /// No money is set aside for an order any more.
    pub fn leave_unpaid(&mut self, id: u64) {
        if let Some(order) = self.orders.iter_mut().find(|one| one.id == id) {
            "ArrangingPayment".clone_into(&mut order.state);
            order.payments.clear();
        }
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn price_of(&self, variant: u64) -> i64 {
        self.variants.iter().find(|one| one.id == variant).map_or(0, |one| one.price)
    }

    fn resolve(
        &mut self,
        field: &str,
        args: &Map<String, Value>,
        now: i64,
    ) -> Result<Value, FieldError> {
        if let Some(read) = self.read(field, args) {
            return read;
        }
        self.write(field, args, now)
    }

    fn login(&mut self, args: &Map<String, Value>) -> Value {
        if args.get("password") == Some(&json!("secret")) && !self.expired {
            self.logins += 1;
            self.token = Some(format!("token-{}", self.logins));
            return json!({ "__typename": "CurrentUser", "id": "1" });
        }
        json!({ "__typename": "InvalidCredentialsError", "errorCode": "INVALID_CREDENTIALS_ERROR",
            "message": "The provided credentials are invalid" })
    }
}

impl Platform for VendureTwin {
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply {
        if call.method != "POST" || call.path != "/admin-api" {
            return Reply::text(404, "text/html", "Cannot find that");
        }
        if !call.header("content-type").starts_with("application/json") {
            return Reply::json(400, &json!({ "errors": [{ "message": "no JSON" }] }));
        }
        let bearer = call.header("authorization").strip_prefix("Bearer ").map(str::to_owned);
        let is_in = bearer.is_some() && bearer == self.token && !self.expired;
        let mut begun = false;
        let (status, said) = answer(&call.body, |field, args| {
            if field == "login" {
                begun = true;
                return Ok(self.login(args));
            }
            if !is_in {
                let words = "You are not currently authorized to perform this action";
                return Err(FieldError::new("FORBIDDEN", words));
            }
            self.resolve(field, args, now_ms)
        });
        let reply = Reply::json(status, &said);
        match &self.token {
            Some(token) if begun => reply.with("vendure-auth-token", token),
            _ => reply,
        }
    }

    fn expire(&mut self, expired: bool) {
        self.expired = expired;
        self.token = None;
    }
}
