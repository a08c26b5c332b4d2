//! WooCommerce, REST v3.
//!
//! A sale goes as an order, which takes the goods from stock in the shop's own transaction: figures that
//! are read and set beside it lose sales. Figures are set only where nothing else is under way. The order
//! bears our id as its `transaction_id` and `countertop` as its `created_via`, and is searched for before
//! it is sent again: the platform takes the same order twice.
//!
//! Parts of a piece (weights) are not counted by WooCommerce; such lines go as fees. It knows nothing of
//! consent to e-mail: that stands in a field of a customer's meta data.

mod customers;
mod incoming;
mod outgoing;
mod setup;

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_store::ChannelStream;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::OnceCell;

use super::connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
use super::platform::{Field, Platform};
use super::transport::{Answer, Line, LineSettings, Request, Secret};
use super::words::{CustomerIn, Done, Goods, OrderIn, ProductIn, StockIn};

/// Where the API is.
const API: &str = "wp-json/wc/v3/";
/// Things of a page: the most that the platform gives.
const PAGE: usize = 100;
/// What our orders say about where they come from.
const VIA: &str = "countertop";

/// The key of the REST API.
const KEY: Field =
    Field { name: "key", label: "Consumer key and secret (ck_…:cs_…)", needed: true };
/// What its webhooks are signed with.
const WEBHOOK: Field = Field { name: "webhook_secret", label: "Webhook secret", needed: false };
/// Where the key stands in a request.
const SENT_IN: Field = Field {
    name: "key_in",
    label: "Where the key is sent: header, or address for hosts that take it out of the header",
    needed: false,
};
/// Where consent to e-mail is kept.
const CONSENT: Field = Field {
    name: "consent_field",
    label: "Customer meta field that holds consent to e-mail (yes or no)",
    needed: false,
};
/// Where it is kept if nobody says otherwise.
const CONSENT_FIELD: &str = "countertop_email_consent";

/// WooCommerce, as it is set up.
pub(super) const PLATFORM: Platform = Platform {
    kind: "woocommerce",
    name: "WooCommerce",
    secrets: &[KEY, WEBHOOK],
    options: &[SENT_IN, CONSENT],
    rights: &["REST API key with Read/Write, of a user who manages the shop"],
    make: |setup| {
        let webhook = setup.secrets.get(WEBHOOK.name).cloned();
        let webhook = webhook.unwrap_or_else(|| Secret::new(String::new()));
        let places = setup.currency.exponent();
        let mut shop = WooCommerce::new(&setup.line, setup.secret(&KEY)?, webhook, places)?;
        shop.in_address = match setup.option(&SENT_IN) {
            "" | "header" => false,
            // Addresses stand in logs: only on a line that nobody reads.
            "address" if shop.line.base().scheme() == "https" || setup.line.allow_host => true,
            "address" => return Err("a key in an address goes over https only".to_owned()),
            other => return Err(format!("a key is sent in header or address, not in {other}")),
        };
        if !setup.option(&CONSENT).is_empty() {
            shop.consent_field = setup.option(&CONSENT).to_owned();
        }
        Ok(Arc::new(shop))
    },
};

/// A connector to a WooCommerce shop.
#[derive(Clone, Debug)]
pub struct WooCommerce {
    line: Line,
    /// `ck_…:cs_…`.
    key: Secret,
    /// Whether the key stands in the address, not in the header.
    in_address: bool,
    webhook_secret: Secret,
    /// Decimal places of the register's currency.
    places: u32,
    /// The meta field that holds consent to e-mail.
    consent_field: String,
    /// Whether the shop adds taxes to what an order's lines come to; asked once.
    adds_taxes: OnceCell<bool>,
}

impl WooCommerce {
    /// A connector. `key` is `ck_…:cs_…`; `webhook_secret` may be empty if there are no webhooks.
    ///
    /// # Errors
    /// In words: the address is not allowed, or the certificate is none.
    pub fn new(
        settings: &LineSettings,
        key: &Secret,
        webhook_secret: Secret,
        places: u32,
    ) -> Result<Self, String> {
        let line = Line::new(settings, &limits())?;
        Ok(Self {
            line,
            key: key.clone(),
            in_address: false,
            webhook_secret,
            places,
            consent_field: CONSENT_FIELD.to_owned(),
            adds_taxes: OnceCell::new(),
        })
    }

    async fn ask(&self, request: Request) -> Result<Answer, Trouble> {
        self.line.ask(&self.with_key(request, self.in_address)).await?.accepted(words)
    }

    fn with_key(&self, request: Request, in_address: bool) -> Request {
        if in_address {
            let (name, secret) = self.key.reveal().split_once(':').unwrap_or_default();
            return request.with("consumer_key", name).with("consumer_secret", secret);
        }
        let basic = Secret::new(format!("Basic {}", STANDARD.encode(self.key.reveal())));
        request.header("Authorization", &basic)
    }

    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, Trouble> {
        let mut request = Request::get(format!("{API}{path}"));
        for (name, value) in query {
            request = request.with(name, value);
        }
        self.ask(request).await
    }

    /// A page of a list, by id upwards; `next` is the number of the page.
    async fn list(
        &self,
        path: &str,
        ask: &Ask,
        more: &[(&str, String)],
    ) -> Result<(Vec<Value>, Page<()>), Trouble> {
        let number: u64 = ask.next.as_deref().and_then(|next| next.parse().ok()).unwrap_or(1);
        let mut query = vec![
            ("orderby", "id".to_owned()),
            ("order", "asc".to_owned()),
            ("per_page", PAGE.to_string()),
            ("page", number.to_string()),
        ];
        if let Some(since) = ask.since_ms {
            query.push(("modified_after", moment(since)));
            query.push(("dates_are_gmt", "true".to_owned()));
        }
        query.extend_from_slice(more);
        let answer = self.get(path, &query).await?;
        let count = |name| answer.number(name).map(i64::unsigned_abs);
        let Value::Array(items) = answer.body.clone() else {
            return Err(Trouble::unknown("the shop's list is no list"));
        };
        let is_last = match count("x-wp-totalpages") {
            Some(pages) => number >= pages,
            None => items.len() < PAGE,
        };
        let page = Page {
            next: (!is_last && !items.is_empty()).then(|| (number + 1).to_string()),
            server_ms: answer.server_ms,
            total: count("x-wp-total"),
            ..Page::default()
        };
        Ok((items, page))
    }
}

fn limits() -> Limits {
    use ChannelStream::{Customers, Orders, Products, Sweep};
    Limits {
        at_once: 2,
        // It names no limit. Two at once: a host that needs a tenth of a second is asked twenty times.
        per_second_milli: 25_000,
        stock: StockStyle::Absolute,
        figure_is_available: true,
        counts_parts: false,
        streams: vec![Products, Orders, Customers, Sweep],
        search_lag_ms: 0,
    }
}

/// What the platform says about a refusal.
fn words(body: &Value) -> Option<String> {
    body.get("message").and_then(Value::as_str).map(str::to_owned)
}

/// A moment as WordPress reads it.
fn moment(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

impl Connector for WooCommerce {
    fn limits(&self) -> Limits {
        limits()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        Box::pin(self.tested())
    }

    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>> {
        Box::pin(self.products_page(ask))
    }

    fn stock<'a>(&'a self, _: &'a Ask) -> Asked<'a, Page<StockIn>> {
        // It comes with the products.
        Box::pin(async { Ok(Page::default()) })
    }

    fn stock_of<'a>(&'a self, goods: &'a [Goods]) -> Asked<'a, Vec<StockIn>> {
        Box::pin(self.figures(goods))
    }

    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>> {
        Box::pin(self.orders_page(ask))
    }

    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>> {
        Box::pin(self.customers_page(ask))
    }

    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>> {
        Box::pin(self.ids_page(ask))
    }

    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Done> {
        Box::pin(self.carry_out(errand))
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        Box::pin(self.search(errand))
    }

    fn webhook(&self, headers: &HashMap<String, String>, body: &[u8]) -> Option<WebhookHint> {
        let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
        let secret = self.webhook_secret.reveal();
        if secret.is_empty() {
            return None;
        }
        let signature = STANDARD.decode(header("x-wc-webhook-signature")).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(body);
        // In constant time.
        mac.verify_slice(&signature).ok()?;
        let stream = match header("x-wc-webhook-resource") {
            "product" => ChannelStream::Products,
            "customer" => ChannelStream::Customers,
            _ => ChannelStream::Orders,
        };
        Some(WebhookHint { id: header("x-wc-webhook-delivery-id").to_owned(), stream })
    }
}
