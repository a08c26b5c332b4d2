//! Medusa 2, by its Admin API; tried against a real 2.21.2 (`cargo xtask test --with-shops`):
//!
//! - A sale is made as a draft with our id in its metadata and our prices, in one request; converting it
//!   reserves the goods, fulfilling it takes them. Nothing is idempotent: at whichever step it breaks
//!   off, it is found by its metadata and goes on there.
//! - What it may sell is stocked less reserved, at one location; only what is stocked can be set.
//! - `inventory_item.updated_at` does not move when an order takes something: stock is read whole. A
//!   product's moment says nothing of its variants', and a price has none of its own: changed variants
//!   are asked for, too, and everything is read once an hour of the shop's clock.
//! - An order without an address is not taxed, so that a counter sale goes with what was paid for it.
//! - It makes as many payment collections of an order as it is asked for and adds them all up: the open one
//!   is used before another is made.
//! - A refund gives the money back; the figure of what came back is set by the engine.
//! - Amounts are decimals of the currency's main unit. Quantities may have parts.
//! - It has no webhooks of its own: it is polled.

mod catalogue;
mod customers;
mod orders;
mod sale;
mod stock;

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_store::ChannelStream;
use serde_json::{Value, json};

use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
use super::platform::{Field, Platform, Setup};
use super::transport::{Answer, Line, Request, Secret};
use super::value::{decimal, rows, text};
use super::words::{CustomerIn, Done, Goods, OrderIn, ProductIn, StockIn, Task};

const KEY: Field = Field { name: "key", label: "Secret API key (sk_…)", needed: true };
const REGION: Field =
    Field { name: "region", label: "Region of counter sales (reg_…)", needed: true };
const SALES_CHANNEL: Field =
    Field { name: "sales_channel", label: "Sales channel of counter sales (sc_…)", needed: true };
const LOCATION: Field =
    Field { name: "location", label: "Stock location (sloc_…)", needed: true };
const SHIPPING: Field = Field {
    name: "shipping_option",
    label: "Shipping option of counter sales (so_…)",
    needed: true,
};
const PICKUP: Field = Field {
    name: "pickup_options",
    label: "Shipping options to collect (so_…, so_…)",
    needed: false,
};
const CONSENT: Field =
    Field { name: "consent_field", label: "Name of consent in metadata", needed: false };

/// Medusa.
pub(super) const PLATFORM: Platform = Platform {
    kind: "medusa",
    name: "Medusa",
    secrets: &[KEY],
    options: &[REGION, SALES_CHANNEL, LOCATION, SHIPPING, PICKUP, CONSENT],
    rights: &["Secret API key of the admin (Settings, Secret API Keys)"],
    make: |setup| Ok(Arc::new(Medusa::new(setup)?)),
};

/// Thousandths: decimal places of a quantity.
const QUANTITY: u32 = 3;

/// The connector.
struct Medusa {
    line: Line,
    key: Secret,
    region: String,
    sales_channel: String,
    location: String,
    shipping_option: String,
    pickup_options: Vec<String>,
    consent_field: String,
    /// In lower case, as Medusa writes it.
    currency: String,
    /// Decimal places of the register's currency.
    places: u32,
}

impl Medusa {
    fn new(setup: &Setup) -> Result<Self, String> {
        let needed = |field: &Field| match setup.option(field) {
            "" => Err(format!("enter the {}", field.label)),
            set => Ok(set.to_owned()),
        };
        let basic = STANDARD.encode(format!("{}:", setup.secret(&KEY)?.reveal()));
        let pickup = setup.option(&PICKUP).split(',').map(|one| one.trim().to_owned());
        Ok(Self {
            line: Line::new(&setup.line, &limits())?,
            key: Secret::new(format!("Basic {basic}")),
            region: needed(&REGION)?,
            sales_channel: needed(&SALES_CHANNEL)?,
            location: needed(&LOCATION)?,
            shipping_option: needed(&SHIPPING)?,
            pickup_options: pickup.filter(|one| !one.is_empty()).collect(),
            consent_field: setup.option(&CONSENT).to_owned(),
            currency: setup.currency.code().to_ascii_lowercase(),
            places: setup.currency.exponent(),
        })
    }

    /// Asks, and takes no for a refusal.
    async fn ask(&self, request: Request) -> Result<Answer, Trouble> {
        let request = request.header("Authorization", &self.key);
        self.line.ask(&request).await?.accepted(|body| Some(text(&body["message"])))
    }

    /// A page of a list by id upwards, of what changed at a moment or later.
    async fn list(&self, path: &str, list: &List<'_>) -> Result<Answer, Trouble> {
        let mut request = Request::get(path)
            .with("limit", list.limit)
            .with("offset", list.offset)
            .with("order", "id")
            .with("fields", list.fields);
        for (name, value) in &list.filters {
            request = request.with(name, value);
        }
        self.ask(request).await
    }

    fn amount(&self, value: &Value) -> Option<i64> {
        decimal(value, self.places)
    }

    fn written(&self, amount: i64) -> Value {
        number(amount, self.places)
    }

    async fn tested(&self) -> Result<ShopInfo, Trouble> {
        let store = self.ask(Request::get("admin/stores").with("fields", "id,name")).await?;
        let mut info = ShopInfo {
            name: text(&rows(&store.body["stores"]).first().unwrap_or(&Value::Null)["name"]),
            currency: self.currency.to_ascii_uppercase(),
            ..ShopInfo::default()
        };
        for (what, path, id) in [
            ("region", "admin/regions", &self.region),
            ("sales channel", "admin/sales-channels", &self.sales_channel),
            ("stock location", "admin/stock-locations", &self.location),
            ("shipping option", "admin/shipping-options", &self.shipping_option),
        ] {
            let request = Request::get(format!("{path}/{id}")).header("Authorization", &self.key);
            let answer = self.line.ask(&request).await?;
            if answer.status == 404 {
                info.warnings.push(format!("the shop has no {what} {id}"));
            } else if what == "region" {
                let currency = text(&answer.body["region"]["currency_code"]);
                info.currency = currency.to_ascii_uppercase();
            }
        }
        Ok(info)
    }
}

/// What of a list is asked for.
struct List<'a> {
    limit: u64,
    offset: u64,
    fields: &'a str,
    filters: Vec<(&'static str, String)>,
}

impl<'a> List<'a> {
    fn new(limit: u64, offset: u64, fields: &'a str) -> Self {
        Self { limit, offset, fields, filters: Vec::new() }
    }

    fn only(mut self, name: &'static str, value: impl ToString) -> Self {
        self.filters.push((name, value.to_string()));
        self
    }
}

/// A decimal as a JSON number; whole ones without a point.
fn number(units: i64, places: u32) -> Value {
    match 10_i64.checked_pow(places) {
        Some(one) if units % one == 0 => json!(units / one),
        _ => super::value::number(units, places),
    }
}

/// Where a list goes on: the next offset, if there is more.
fn after(offset: u64, got: usize, body: &Value) -> Option<u64> {
    let next = offset.saturating_add(u64::try_from(got).unwrap_or(0));
    (got > 0 && next < body["count"].as_u64().unwrap_or(0)).then_some(next)
}

/// The same trouble after something may have been done before it: what is half done is found again.
fn after_a_part(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::NotSent(words) | Trouble::Denied(words) => Trouble::unknown(words),
        Trouble::Busy { words, wait_ms } => Trouble::Unknown { words, wait_ms },
        trouble => trouble,
    }
}

fn limits() -> Limits {
    Limits {
        at_once: 2,
        per_second_milli: 25_000,
        stock: StockStyle::Absolute,
        figure_is_available: true,
        counts_parts: true,
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

impl Connector for Medusa {
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
                    Err(Trouble::Refused("Medusa is told figures, not movements".to_owned()))
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
