//! BigCommerce, REST v2 and v3.
//!
//! What is particular: there is no key for "once" anywhere, so a sale is found again by its
//! `external_order_id` and a refund by its reason; a refund by API puts nothing back on the shelf; a
//! figure of stock moves a moment after it was set; inventory is asked one request at a time. A product
//! whose stock is counted for all its variants together is not counted here.

mod catalogue;
mod customers;
mod fulfil;
mod orders;
mod sales;
mod stock;
mod webhook;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countertop_store::ChannelStream;
use serde_json::Value;

use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
use super::platform::{Field, Platform, Setup};
use super::transport::{Answer, Line, Request, Secret};
use super::value::{rows, text};
use super::words::{CustomerIn, Done, Goods, OrderIn, ProductIn, StockIn, Task};

const TOKEN: Field = Field { name: "token", label: "Access token", needed: true };
const CLIENT_SECRET: Field = Field { name: "secret", label: "Client secret", needed: false };
const LOCATION: Field = Field { name: "location", label: "Location's number", needed: false };
const ALLOWANCE: Field = Field {
    name: "allowance",
    label: "Requests that its plan allows in 30 seconds",
    needed: false,
};
const PRICES: Field = Field {
    name: "prices",
    label: "Prices are entered inclusive or exclusive of tax",
    needed: false,
};

/// The platform, as it is set up.
pub(super) const PLATFORM: Platform = Platform {
    kind: "bigcommerce",
    name: "BigCommerce",
    secrets: &[TOKEN, CLIENT_SECRET],
    options: &[LOCATION, PRICES, ALLOWANCE],
    rights: &[
        "Products: read-only",
        "Orders: modify",
        "Order Transactions: modify",
        "Order Fulfillment: modify",
        "Store Inventory: modify",
        "Customers: modify",
        "Marketing: modify",
        "Information & Settings: read-only",
    ],
    make,
};

/// What the shop's orders of ours are known by.
const SOURCE: &str = "POS (Countertop)";
/// Below so many requests that are left in its window the shop is left alone until the next one: other
/// apps of the shop live on the same allowance.
const RESERVE: i64 = 5;

/// What may be asked of a plan with this allowance: a tenth of it is left to the shop's other apps.
fn limits(allowance: u32) -> Limits {
    Limits {
        at_once: 1,
        per_second_milli: allowance.saturating_mul(30),
        stock: StockStyle::Relative,
        figure_is_available: true,
        counts_parts: false,
        streams: ChannelStream::ALL.to_vec(),
        search_lag_ms: 0,
    }
}

fn make(setup: &Setup) -> Result<Arc<dyn Connector>, String> {
    let mut line = setup.line.clone();
    // The platform shows the address with its version at the end.
    let url = line.url.trim().trim_end_matches('/');
    let url = url.strip_suffix("/v3").or_else(|| url.strip_suffix("/v2")).unwrap_or(url);
    if !url.contains("/stores/") {
        return Err(
            "that is not the API path of a store: it looks like https://api.bigcommerce.com/stores/abc123"
                .to_owned(),
        );
    }
    line.url = url.to_owned();
    let location = match setup.option(&LOCATION) {
        "" => 1,
        number => number.parse().map_err(|_| format!("{number} is no location's number"))?,
    };
    let with_tax = match setup.option(&PRICES) {
        "" | "inclusive" => true,
        "exclusive" => false,
        other => return Err(format!("prices are inclusive or exclusive, not {other}")),
    };
    let allowance = match setup.option(&ALLOWANCE) {
        "" => 150,
        number => number
            .parse()
            .ok()
            .filter(|allowance| (30..=1_000_000).contains(allowance))
            .ok_or_else(|| format!("{number} is no number of requests in 30 seconds"))?,
    };
    let limits = limits(allowance);
    Ok(Arc::new(BigCommerce {
        line: Line::new(&line, &limits)?,
        limits,
        token: setup.secret(&TOKEN)?.clone(),
        client_secret: setup.secret(&CLIENT_SECRET).ok().cloned(),
        location,
        with_tax,
        currency: setup.currency.code().to_owned(),
        exponent: setup.currency.exponent(),
        names: Mutex::default(),
        store: Mutex::default(),
    }))
}

/// A connector to a shop on BigCommerce.
struct BigCommerce {
    line: Line,
    limits: Limits,
    token: Secret,
    client_secret: Option<Secret>,
    /// Where this register's goods lie.
    location: i64,
    /// Whether the shop's prices are with tax.
    with_tax: bool,
    currency: String,
    exponent: u32,
    /// What categories and classes of tax are called; asked again with every run.
    names: Mutex<catalogue::Names>,
    /// What the shop says about itself: an order must have an address, and the counter's is the shop's.
    store: Mutex<Option<Value>>,
}

impl BigCommerce {
    async fn ask(&self, request: Request) -> Result<Answer, Trouble> {
        let answer = self.line.ask(&request.header("X-Auth-Token", &self.token)).await?;
        let left = answer.number("X-Rate-Limit-Requests-Left");
        if let (Some(left), Some(reset)) = (left, answer.number("X-Rate-Limit-Time-Reset-Ms"))
            && left < RESERVE
        {
            self.line.hold_ms(reset);
        }
        Ok(answer)
    }

    /// Asks for what must be there.
    async fn get(&self, request: Request) -> Result<Answer, Trouble> {
        self.ask(request).await?.accepted(said)
    }

    /// Does something: a refusal is one.
    async fn change(&self, request: Request) -> Result<Answer, Trouble> {
        self.ask(request).await?.accepted(said)
    }

    /// What the shop says about itself.
    async fn store(&self) -> Result<Value, Trouble> {
        let known = self.store.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let store = self.get(Request::get("v2/store")).await?.body;
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(store.clone());
        Ok(store)
    }

    async fn test_now(&self) -> Result<ShopInfo, Trouble> {
        let mut info = ShopInfo::default();
        let mut works = false;
        let number = self.location;
        let none = || Value::Array(Vec::new());
        // A change that changes nothing: what is refused as wrong would have been allowed.
        let tries = [
            ("Information & Settings: read-only", Request::get("v2/store")),
            ("Products: read-only", Request::get("v3/catalog/products").with("limit", 1)),
            ("Orders: modify", Request::post("v2/orders", Value::Object(serde_json::Map::new()))),
            (
                "Order Transactions: modify",
                Request::get("v3/orders/0/payment_actions/refunds").with("limit", 1),
            ),
            ("Order Fulfillment: modify", Request::put("v3/orders/pickups", none())),
            (
                "Store Inventory: modify",
                Request::get(format!("v3/inventory/locations/{number}/items")).with("limit", 1),
            ),
            ("Customers: modify", Request::put("v3/customers", none())),
            ("Marketing: modify", Request::get("v3/customers/subscribers").with("limit", 1)),
        ];
        for (right, request) in tries {
            match self.ask(request).await {
                Ok(answer) => {
                    works = true;
                    if right.starts_with("Information") {
                        info.name = text(&answer.body["name"]);
                        info.currency = text(&answer.body["currency"]);
                    }
                    if right.starts_with("Store Inventory") && answer.status == 404 {
                        info.warnings.push(format!(
                            "the shop has no location {number}: enter the number of the one that this \
                             register sells from"
                        ));
                    }
                }
                Err(Trouble::Denied(_)) => info.missing.push(right.to_owned()),
                Err(trouble) => return Err(trouble),
            }
        }
        if !works {
            return Err(Trouble::Denied(
                "the shop does not let us in: look at the access token and the API path".to_owned(),
            ));
        }
        if !info.currency.is_empty() && info.currency != self.currency {
            info.warnings.push(format!(
                "the shop sells in {}, the register in {}",
                info.currency, self.currency
            ));
        }
        Ok(info)
    }

    async fn send_now(&self, errand: &Errand) -> Result<Done, Trouble> {
        match &errand.task {
            Task::Sale(sale) => self.send_sale(&errand.our_id, sale).await,
            Task::Refund(refund) => self.send_refund(&errand.our_id, refund).await,
            Task::Stock(stock) => self.set_stock(stock).await,
            Task::StockMove(moved) => self.move_stock(moved).await,
            Task::Fulfil(fulfil) => self.send_fulfil(fulfil).await,
            Task::Customer(customer) => self.send_customer(customer).await,
        }
    }

    async fn look_up_now(&self, errand: &Errand) -> Result<Found, Trouble> {
        match &errand.task {
            Task::Sale(sale) => self.find_sale(&errand.our_id, sale).await,
            Task::Refund(refund) => self.find_refund(&errand.our_id, refund).await,
            // There is no way to ask whether something was added.
            Task::StockMove(_) => Ok(Found::CannotTell),
            // These set what they say, and look first at what is there.
            Task::Stock(_) | Task::Fulfil(_) | Task::Customer(_) => Ok(Found::Missing),
        }
    }
}

impl Connector for BigCommerce {
    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        Box::pin(self.test_now())
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
        Box::pin(self.send_now(errand))
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        Box::pin(self.look_up_now(errand))
    }

    fn webhook(&self, headers: &HashMap<String, String>, body: &[u8]) -> Option<WebhookHint> {
        webhook::read(self.client_secret.as_ref()?.reveal(), headers, body)
    }
}

/// The shop's words of a refusal: v3 says `title` and `errors`, v2 a list of `message`s.
fn said(body: &Value) -> Option<String> {
    let mut words = vec![text(&body["title"])];
    words.extend(rows(body).iter().map(|row| text(&row["message"])));
    if let Some(errors) = body["errors"].as_object() {
        words.extend(errors.iter().map(|(field, error)| format!("{field}: {}", text(error))));
    }
    words.retain(|one| !one.is_empty());
    (!words.is_empty()).then(|| words.join("; "))
}

/// How many rows there are on all pages, and whether this page is the last.
fn pages(answer: &Answer) -> (Option<u64>, bool) {
    let pagination = &answer.body["meta"]["pagination"];
    let total = pagination["total"].as_u64();
    let got = u64::try_from(rows(&answer.body["data"]).len()).unwrap_or(0);
    (total, total.is_none_or(|total| got >= total))
}

/// Whole units, if a quantity is one.
const fn whole(quantity: i64) -> Option<i64> {
    if quantity % 1_000 == 0 { Some(quantity / 1_000) } else { None }
}
