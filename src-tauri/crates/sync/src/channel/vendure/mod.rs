//! Vendure 3, by its Admin API. Measured with 3.7.3:
//!
//! - An order takes goods when it is paid (allocated) and sends them when it is fulfilled (on hand).
//!   What it may sell is on hand less allocated; only what is on hand can be set. A figure is therefore
//!   read and then set, which an order in between does not spoil: it moves what is allocated.
//! - A product's `updatedAt` does not move with its variants', nor a variant's with an order: changed
//!   variants are asked for of their own, and stock is read whole.
//! - A session that ended answers `FORBIDDEN` with a status of 200.
//! - Nothing is idempotent. A sale becomes a draft with our id in a note, then an order whose payment
//!   has our id as its transaction: at whichever step it breaks off, it is found and goes on there.
//! - An order is charged with the shop's own prices. What was paid at the counter stands in the
//!   payment's metadata.
//! - It counts whole pieces: what is sold by weight stays out of its orders, and figures are rounded down.
//! - It has no webhooks of its own: it is polled.

mod catalogue;
mod customers;
mod orders;
mod sale;
mod stock;
mod wire;

use std::collections::HashMap;
use std::sync::Arc;

use countertop_store::ChannelStream;
use serde_json::json;

use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
use super::platform::{Field, Platform, Setup};
use super::transport::Line;
use super::value::{rows, text};
use super::words::{CustomerIn, Done, Goods, OrderIn, ProductIn, StockIn, Task};
use wire::{Api, Key};

const USER: Field = Field { name: "user", label: "Administrator", needed: false };
const CHANNEL: Field = Field { name: "channel", label: "Channel token", needed: false };
const LOCATION: Field = Field { name: "location", label: "Stock location", needed: false };
const BARCODE: Field =
    Field { name: "barcode_field", label: "Custom field of barcodes", needed: false };
const CONSENT: Field =
    Field { name: "consent_field", label: "Custom field of consent", needed: false };
const SHIPPING: Field =
    Field { name: "shipping_method", label: "Shipping method of counter sales", needed: false };
const PICKUP: Field =
    Field { name: "pickup_methods", label: "Shipping methods to collect", needed: false };
const PAY_LATER: Field =
    Field { name: "pay_at_collection", label: "Payment method paid when collected", needed: false };
const PASSWORD: Field =
    Field { name: "password", label: "Administrator's password", needed: false };
const API_KEY: Field = Field { name: "api_key", label: "API key", needed: false };

/// Rights, each with others that give the same.
const RIGHTS: [(&str, &str, &str); 9] = [
    ("ReadCatalog", "ReadProduct", "to read the catalogue"),
    ("UpdateCatalog", "UpdateProduct", "to set stock"),
    ("ReadSettings", "ReadStockLocation", "to find the stock location"),
    ("ReadOrder", "", "to read orders"),
    ("CreateOrder", "", "to send counter sales"),
    ("UpdateOrder", "", "to fulfil and refund orders"),
    ("ReadCustomer", "", "to read customers"),
    ("CreateCustomer", "", "to send customers"),
    ("UpdateCustomer", "", "to send changes of customers"),
];

/// Vendure.
pub(super) const PLATFORM: Platform = Platform {
    kind: "vendure",
    name: "Vendure",
    secrets: &[API_KEY, PASSWORD],
    options: &[USER, CHANNEL, LOCATION, BARCODE, CONSENT, SHIPPING, PICKUP, PAY_LATER],
    rights: &[
        "ReadCatalog",
        "UpdateCatalog",
        "ReadSettings",
        "ReadOrder",
        "CreateOrder",
        "UpdateOrder",
        "ReadCustomer",
        "CreateCustomer",
        "UpdateCustomer",
    ],
    make: |setup| Ok(Arc::new(Vendure::new(setup)?)),
};

/// The connector.
struct Vendure {
    api: Api,
    /// Decimal places of the register's currency; Vendure always writes hundredths.
    exponent: u32,
    /// The stock location's id; empty for the shop's first.
    location: String,
    barcode_field: String,
    consent_field: String,
    shipping_method: String,
    pickup_methods: Vec<String>,
    pay_later: Vec<String>,
}

impl Vendure {
    fn new(setup: &Setup) -> Result<Self, String> {
        let key = match (setup.secret(&API_KEY), setup.option(&USER)) {
            (Ok(key), _) => Key::Api(key.clone()),
            (Err(_), "") => {
                return Err(
                    "enter an API key of Vendure, or an administrator (user) and a password"
                        .to_owned(),
                );
            }
            (Err(_), user) => {
                Key::Login { user: user.to_owned(), password: setup.secret(&PASSWORD)?.clone() }
            }
        };
        let line = Line::new(&setup.line, &limits())?;
        let named = |field: &Field| {
            let name = setup.option(field);
            let mut letters = name.chars();
            let is_name = letters.next().is_none_or(|first| first.is_ascii_alphabetic())
                && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
            if is_name {
                Ok(name.to_owned())
            } else {
                Err(format!("{}: \"{name}\" is no name of a field in Vendure", field.label))
            }
        };
        let list = |field: &Field, usual: &str| {
            let set = setup.option(field);
            let set = if set.is_empty() { usual } else { set };
            set.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
        };
        Ok(Self {
            api: Api::new(line, key, setup.option(&CHANNEL)),
            exponent: setup.currency.exponent(),
            location: setup.option(&LOCATION).to_owned(),
            barcode_field: named(&BARCODE)?,
            consent_field: named(&CONSENT)?,
            shipping_method: setup.option(&SHIPPING).to_owned(),
            pickup_methods: list(&PICKUP, "pickup,collect,click-and-collect,local-pickup"),
            pay_later: list(&PAY_LATER, "pay-at-collection,pay-in-store"),
        })
    }

    /// An amount of Vendure's, in hundredths, as an amount of the register's.
    fn ours(&self, amount: i64) -> i64 {
        match self.exponent {
            0 => amount / 100,
            1 => amount / 10,
            2 => amount,
            more => 10_i64.checked_pow(more - 2).map_or(amount, |by| amount.saturating_mul(by)),
        }
    }

    /// The same the other way.
    fn theirs(&self, amount: i64) -> i64 {
        match self.exponent {
            0 => amount.saturating_mul(100),
            1 => amount.saturating_mul(10),
            2 => amount,
            more => 10_i64.checked_pow(more - 2).map_or(amount, |by| amount / by),
        }
    }

    async fn tested(&self) -> Result<ShopInfo, Trouble> {
        const ME: &str = "query Me { me { channels { code permissions } }
            activeChannel { code defaultCurrencyCode } }";
        const PLACES: &str = "query Places { stockLocations { items { id name } } }";
        let said = self.api.ask(ME, json!({})).await?.data;
        let channel = &said["activeChannel"];
        let code = text(&channel["code"]);
        let mine = rows(&said["me"]["channels"]).iter().find(|one| text(&one["code"]) == code);
        let has: Vec<String> = mine
            .map(|one| rows(&one["permissions"]).iter().map(text).collect())
            .unwrap_or_default();
        let missing: Vec<String> = RIGHTS
            .iter()
            .filter(|(one, other, _)| !has.iter().any(|has| has == one || has == other))
            .map(|(one, _, why)| format!("{one}: {why}"))
            .collect();
        let mut warnings = Vec::new();
        if missing.is_empty() {
            let places = self.api.ask(PLACES, json!({})).await?.data;
            let places = rows(&places["stockLocations"]["items"]);
            let is_there = places.iter().any(|one| text(&one["id"]) == self.location);
            if !self.location.is_empty() && !is_there {
                warnings.push(format!("the shop has no stock location {}", self.location));
            } else if self.location.is_empty() && places.len() > 1 {
                let first = places.first().map(|one| text(&one["name"])).unwrap_or_default();
                warnings.push(format!(
                    "the shop has {} stock locations: only {first} is kept in step",
                    places.len()
                ));
            }
        }
        Ok(ShopInfo {
            name: if code == "__default_channel__" { "Vendure".to_owned() } else { code },
            version: String::new(),
            currency: text(&channel["defaultCurrencyCode"]),
            missing,
            warnings,
        })
    }
}

fn limits() -> Limits {
    Limits {
        at_once: 2,
        per_second_milli: 25_000,
        stock: StockStyle::Absolute,
        figure_is_available: true,
        counts_parts: false,
        streams: vec![
            ChannelStream::Products,
            ChannelStream::Stock,
            ChannelStream::Orders,
            ChannelStream::Customers,
            ChannelStream::Sweep,
        ],
        search_lag_ms: 0,
    }
}

impl Connector for Vendure {
    fn limits(&self) -> Limits {
        limits()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        Box::pin(self.tested())
    }

    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>> {
        Box::pin(self.products_page(ask))
    }

    fn stock<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<StockIn>> {
        Box::pin(self.stock_page(ask))
    }

    fn stock_of<'a>(&'a self, goods: &'a [Goods]) -> Asked<'a, Vec<StockIn>> {
        Box::pin(self.stock_now(goods))
    }

    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>> {
        Box::pin(self.orders_page(ask))
    }

    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>> {
        Box::pin(self.customers_page(ask))
    }

    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>> {
        Box::pin(self.sweep_page(ask))
    }

    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Done> {
        Box::pin(async move {
            match &errand.task {
                Task::Sale(sale) => self.send_sale(errand, sale).await,
                Task::Refund(refund) => self.send_refund(errand, refund).await,
                Task::Stock(stock) => self.set_stock(stock).await,
                Task::StockMove(_) => {
                    Err(Trouble::Refused("Vendure is told figures, not movements".to_owned()))
                }
                Task::Fulfil(fulfil) => self.send_fulfil(fulfil).await,
                Task::Customer(customer) => self.send_customer(customer).await,
            }
        })
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        Box::pin(async move {
            match &errand.task {
                Task::Sale(sale) => self.find_sale(errand, sale).await,
                Task::Refund(refund) => self.find_refund(errand, refund).await,
                Task::Stock(_) | Task::StockMove(_) => Ok(Found::CannotTell),
                Task::Fulfil(fulfil) => self.find_fulfil(fulfil).await,
                Task::Customer(customer) => self.find_customer(customer).await,
            }
        })
    }

    fn webhook(&self, _: &HashMap<String, String>, _: &[u8]) -> Option<WebhookHint> {
        None
    }
}
