//! A day at the counter beside real web shops: their catalogue comes in, sales go out while orders come in,
//! one answer is lost, something comes back, something is collected, something is counted. At the end the
//! figures are equal on both sides, and each sale is one order.
//!
//! Left out unless `cargo xtask test --with-shops` has such a shop: it tells where it is.

mod line;
mod medusa;
mod vendure;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop::{Config, Register};
use countertop_app::channel_orders::{Step, step};
use countertop_app::commands::{
    Add, Command, CurrentBasket, ListChannels, PayTender, SaveChannelCommand, SetShop,
    ShiftOpenCommand,
};
use countertop_app::refunds::{RefundRequest, RefundTo, refund};
use countertop_app::wire::{
    AddRequest, Nothing, OpenShift, PayRequest, PayWith, SaleView, SaveChannel, TaxSetting,
};
use countertop_app::{App, Caller, Ids, SystemIds, dispatch, perform};
use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelId, SaleId, TenderId, VariantId};
use countertop_domain::money::Currency;
use countertop_domain::quantity::Quantity;
use countertop_store::{
    ChannelOrderFilter, ChannelOrderRow, MapKind, OpState, ProblemState, StoreError,
};
use serde_json::{Value, json};

use crate::common::goods::settings;
use crate::common::{FLOAT, books_agree, sales_of};
use line::Line;

/// Pairs of sales at the counter.
const PAIRS: usize = 12;
/// Orders online meanwhile.
const ONLINE: usize = 6;
/// Variants that are sold.
const SOLD: usize = 8;

/// How many there are of a variant, in the shop's own books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shelf {
    on_hand: i64,
    promised: i64,
}

/// Waits until it is so. What a shop does not find is not sent again within a minute, and what it has half
/// done is gone on with only then: a lost answer takes its time.
fn patiently(what: &str, so: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(300);
    while !so() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A shop, looked at by its own means and not by the connector's.
trait Real: Sized {
    const KIND: &'static str;
    const CURRENCY: &'static str;
    /// What it calls the class of tax of what it sells.
    const TAX_CLASS: &'static str;
    /// What the request says of which the answer is lost.
    const LOST: &'static str;
    /// The shop that `cargo xtask test --with-shops` has furnished.
    fn of(seed: &Value) -> Self;
    fn options(&self) -> BTreeMap<String, String>;
    fn secrets(&self) -> BTreeMap<String, String>;
    /// Somebody orders, to collect it, and pays; what the shop calls the order.
    fn order_online(&self, variant: &str, pieces: i64) -> String;
    fn shelves(&self) -> BTreeMap<String, Shelf>;
    /// Our ids, one for each order that has one.
    fn orders_of_ours(&self) -> Vec<String>;
}

/// A shop's API.
pub(crate) struct Api {
    address: String,
    headers: Vec<(String, String)>,
}

impl Api {
    pub(crate) fn new(address: &str, headers: &[(&str, &str)]) -> Self {
        let pair = |(name, is): &(&str, &str)| ((*name).to_owned(), (*is).to_owned());
        Self { address: address.to_owned(), headers: headers.iter().map(pair).collect() }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.ask_for_token(method, path, body).0
    }

    /// What it says, and the session that it began.
    pub(crate) fn ask_for_token(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (Value, Option<String>) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let method = method.parse().unwrap();
            let client = reqwest::Client::new();
            let mut request = client.request(method, format!("{}/{path}", self.address));
            for (name, is) in &self.headers {
                request = request.header(name, is);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let answer = request.send().await.unwrap();
            let token = answer.headers().get("vendure-auth-token");
            let token = token.map(|token| token.to_str().unwrap().to_owned());
            let status = answer.status();
            let said: Value = answer.json().await.unwrap();
            assert!(status.is_success(), "{path}: {status} {said}");
            (said, token)
        })
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A register in a folder of its own, with the machine's clock.
struct Counter {
    register: Register,
    caller: Caller,
    channel: ChannelId,
    // Last: the register goes before its folder.
    _folder: tempfile::TempDir,
}

impl Counter {
    /// A register with an open shift and this shop.
    fn open<R: Real>(shop: &R, line: &Line) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let currency = Currency::parse(R::CURRENCY).unwrap();
        let register = Register::open(&Config { currency, ..Config::new(folder.path()) }).unwrap();
        let caller = register.caller("till").unwrap();
        let request = SaveChannel {
            id: None,
            kind: R::KIND.to_owned(),
            name: R::KIND.to_owned(),
            url: line.url(),
            options: shop.options(),
            secrets: shop.secrets(),
            policy: String::new(),
            buffer: 0,
            allow_host: true,
            certificate: String::new(),
        };
        let app = register.app();
        let mut settings = settings();
        let tax = TaxSetting { class: R::TAX_CLASS.to_owned(), ..settings.taxes.swap_remove(0) };
        settings.taxes = vec![tax];
        perform::<SetShop>(app, &caller, settings).unwrap();
        let channel = perform::<SaveChannelCommand>(app, &caller, request).unwrap().id;
        perform::<ShiftOpenCommand>(app, &caller, OpenShift::with_float(FLOAT)).unwrap();
        Self { register, caller, channel, _folder: folder }
    }

    fn app(&self) -> &Arc<App> {
        self.register.app()
    }

    fn call<C: Command>(&self, request: C::Request) -> C::Reply {
        perform::<C>(self.app(), &self.caller, request).unwrap()
    }

    fn sell(&self, variant_id: VariantId, pieces: i64) -> SaleView {
        let basket_id = self.call::<CurrentBasket>(Nothing {}).id;
        let quantity = Some(pieces * 1_000);
        let added = self.call::<Add>(AddRequest { basket_id, variant_id, quantity, price: None });
        let tender = TenderId::new(SystemIds.next());
        let due = added.basket.due;
        let request = PayRequest::plain(basket_id, tender, PayWith::Cash, due, false);
        self.call::<PayTender>(request).sale.expect("paid in full")
    }

    /// Until all that happened is known on both sides.
    fn in_step(&self) {
        patiently("both sides to know everything", || {
            let read = self.app().sync_channel(self.channel);
            let channel = self.channel;
            let counts = self.app().store().read::<_, StoreError>(|s| s.channel_op_counts(channel));
            read.is_ok() && counts.unwrap().waiting == 0
        });
    }

    /// Until the shop has a sale.
    fn arrived(&self, sale: SaleId) {
        let (channel, ours) = (self.channel, sale.to_string());
        let look = || {
            let read = |snapshot: &countertop_store::Snapshot<'_>| {
                snapshot.channel_ops(channel, Some(OpState::Done), i64::MAX, 500)
            };
            // What was given up never arrives, and says why.
            assert_eq!(self.left(), Vec::<String>::new());
            let done = self.app().store().read::<_, StoreError>(read).unwrap();
            done.iter().any(|op| op.kind == "sale" && op.lane.contains(&ours))
        };
        patiently("a sale in the shop", look);
    }

    /// What the shop calls each of our variants.
    fn names(&self) -> BTreeMap<String, VariantId> {
        let channel = self.channel;
        let rows = self
            .app()
            .store()
            .read::<_, StoreError>(|s| s.channel_map(channel, MapKind::Variant, "", false, 1_000))
            .unwrap();
        let ours =
            |row: countertop_store::MapRow| Some((row.external_id, VariantId::new(row.ours?)));
        rows.into_iter().filter_map(ours).collect()
    }

    /// What is here of a variant, and what of it is promised to orders of the shop.
    fn shelf(&self, variant: VariantId) -> Shelf {
        let read = |snapshot: &countertop_store::Snapshot<'_>| {
            Ok((snapshot.stock_of(variant)?, snapshot.reserved_by_channels(variant)?))
        };
        let (here, promised) = self.app().store().read::<_, StoreError>(read).unwrap();
        Shelf { on_hand: here.thousandths() / 1_000, promised: promised.thousandths() / 1_000 }
    }

    fn orders(&self) -> Vec<ChannelOrderRow> {
        let filter = ChannelOrderFilter::default();
        self.app().store().read::<_, StoreError>(|s| s.channel_orders(&filter, 100)).unwrap()
    }

    /// What is left for a person, and what was given up.
    fn left(&self) -> Vec<String> {
        let channel = self.channel;
        let read = |snapshot: &countertop_store::Snapshot<'_>| {
            let open = snapshot.channel_problems(channel, ProblemState::Open, 0, 100)?;
            let dead = snapshot.channel_ops(channel, Some(OpState::Dead), i64::MAX, 100)?;
            Ok((open, dead))
        };
        let (open, dead) = self.app().store().read::<_, StoreError>(read).unwrap();
        let open = open.into_iter().map(|one| one.problem.words);
        open.chain(dead.into_iter().map(|op| format!("{}: {}", op.kind, op.trouble))).collect()
    }
}

/// The figures are equal, variant by variant.
fn assert_equal<R: Real>(counter: &Counter, shop: &R, names: &BTreeMap<String, VariantId>) {
    let theirs = shop.shelves();
    let ours: BTreeMap<String, Shelf> =
        names.iter().map(|(name, variant)| (name.clone(), counter.shelf(*variant))).collect();
    assert_eq!(ours, theirs);
}

fn a_day<R: Real>(seed: &str) {
    let seed: Value = serde_json::from_str(seed).unwrap();
    let shop = R::of(&seed);
    let line = Line::to(&text(&seed["address"]));
    let counter = Counter::open(&shop, &line);
    let names = first_sync(&counter, &shop, &line);
    let sold: Vec<(String, VariantId)> =
        names.iter().take(SOLD).map(|(name, variant)| (name.clone(), *variant)).collect();

    let (began, requests) = (Instant::now(), line.requests());
    let (mut took, online) = busy_hours::<R>(&counter, &line, &sold, &seed);
    assert!(line.has_lost(), "no answer was lost");
    counter.in_step();
    assert_equal(&counter, &shop, &names);

    give_back(&counter);
    collect(&counter, &online[0]);
    let count = json!({ "variant_id": sold[1].1, "counted": 33_000 });
    let request = json!({ "move_id": SystemIds.next(), "lines": [count] });
    dispatch(counter.app(), &counter.caller, "stock.count", request).unwrap();
    counter.in_step();
    assert_equal(&counter, &shop, &names);
    assert_eq!(counter.shelf(sold[1].1).on_hand, 33);

    assert_one_order_a_sale(&counter, &shop);
    assert_eq!(counter.left(), Vec::<String>::new());
    let list = counter.call::<ListChannels>(Nothing {});
    assert_eq!(list.channels[0].trouble, "");
    books_agree(counter.app());
    took.sort();
    println!(
        "{}: {} sales and {ONLINE} orders in {:.0} s, {} requests; from sale to shop p50 {:.1} s, \
         longest {:.1} s",
        R::KIND,
        took.len(),
        began.elapsed().as_secs_f32(),
        line.requests() - requests,
        took[took.len() / 2].as_secs_f32(),
        took.last().copied().unwrap_or(Duration::ZERO).as_secs_f32()
    );
}

/// The shop's catalogue comes in; what it calls each variant.
fn first_sync<R: Real>(counter: &Counter, shop: &R, line: &Line) -> BTreeMap<String, VariantId> {
    let began = Instant::now();
    counter.in_step();
    let names = counter.names();
    println!(
        "{}: {} variants in {:.1} s, {} requests",
        R::KIND,
        names.len(),
        began.elapsed().as_secs_f32(),
        line.requests()
    );
    assert_eq!(counter.left(), Vec::<String>::new());
    assert_equal(counter, shop, &names);
    names
}

/// Sales, two at a time, while orders come in; how long each took to the shop, and what the shop calls the
/// orders. One answer to a sale is lost.
fn busy_hours<R: Real>(
    counter: &Counter,
    line: &Line,
    sold: &[(String, VariantId)],
    seed: &Value,
) -> (Vec<Duration>, Vec<String>) {
    let mut took = Vec::new();
    std::thread::scope(|scope| {
        let customers = scope.spawn(move || {
            let shop = R::of(seed);
            (0..ONLINE).map(|at| shop.order_online(&sold[at % SOLD].0, 1)).collect()
        });
        for pair in 0..PAIRS {
            if pair == PAIRS / 2 {
                line.lose(R::LOST);
            }
            let began = Instant::now();
            let sell =
                |at: usize| counter.sell(sold[at % SOLD].1, 1 + i64::from(at.is_multiple_of(3))).id;
            for sale in [sell(pair), sell(pair + 3)] {
                counter.arrived(sale);
                took.push(began.elapsed());
            }
        }
        let online = customers.join().unwrap();
        (took, online)
    })
}

fn assert_one_order_a_sale<R: Real>(counter: &Counter, shop: &R) {
    let mut ours = shop.orders_of_ours();
    ours.sort();
    let sales = sales_of(counter.app());
    let sales = sales.iter().filter(|sale| sale.total.minor() > 0);
    let mut sales: Vec<String> = sales.map(|sale| sale.id.to_string()).collect();
    sales.sort();
    assert_eq!(sales.len(), 2 * PAIRS);
    assert_eq!(ours, sales, "exactly one order a sale");
    assert_eq!(counter.orders().len(), ONLINE, "each order once, and none of our own");
}

/// One piece of the first sale comes back at the counter.
fn give_back(counter: &Counter) {
    let first = sales_of(counter.app()).into_iter().next().unwrap();
    let request = RefundRequest {
        sale: first.id,
        lines: vec![(first.lines[0].id, Quantity::ONE)],
        reason: "Broken".to_owned(),
        to: RefundTo::Original,
    };
    refund(counter.app(), &counter.caller, SaleId::new(SystemIds.next()), &request).unwrap();
}

/// Whoever ordered online comes for it.
fn collect(counter: &Counter, external: &str) {
    let order = counter.orders().into_iter().find(|one| one.external_id == external).unwrap();
    for status in [OrderStatus::Ready, OrderStatus::Collected] {
        let next = Step { status: Some(status), ..Step::default() };
        step(counter.app(), &counter.caller, order.id, &next, |_| Ok(())).unwrap();
    }
}

/// The shop that is there for the tests, if one is.
fn there(variable: &str) -> Option<String> {
    let seed = std::env::var(variable).ok();
    if seed.is_none() {
        println!("left out: run it with cargo xtask test --with-shops");
    }
    seed
}

#[test]
fn a_day_beside_a_real_medusa_ends_with_equal_figures_and_one_order_a_sale() {
    if let Some(seed) = there("COUNTERTOP_REAL_MEDUSA") {
        a_day::<medusa::Medusa>(&seed);
    }
}

#[test]
fn a_day_beside_a_real_vendure_ends_with_equal_figures_and_one_order_a_sale() {
    if let Some(seed) = there("COUNTERTOP_REAL_VENDURE") {
        a_day::<vendure::Vendure>(&seed);
    }
}
