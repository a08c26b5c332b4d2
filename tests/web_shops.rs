//! A register and its web shops: what happens on either side is known on the other, once, whatever
//! fails in between.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countertop_app::channel_orders::{Step, step};
use countertop_app::refunds::{RefundRequest, RefundTo, refund};
use countertop_app::wire::PayWith;
use countertop_app::{App, ChannelIntake, Clock, Ids, SystemClock, SystemIds, SystemNames};
use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelId, ChannelOpId, SaleId, VariantId};
use countertop_domain::quantity::Quantity;
use countertop_shop_twins::{Fault, FaultKind, Platform, Shop as Twin, Strike, WooBooks};
use countertop_store::{
    ChannelOrderFilter, ChannelOrderRow, ChannelPolicy, ChannelRow, OpState, ProblemState,
    StoreError, restore,
};
use countertop_sync::channel::{
    Connector, Engine, LineSettings, Secret, Senses, Tempo, WooCommerce, without_pauses,
};
use serde_json::json;
use uuid::Uuid;

use crate::common::{Shop, books_agree};

const KEY: &str = "ck_1:cs_2";
const LOAF: &str = "4006381333931";
pub(crate) const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));

/// A platform with a connector and a twin, for scripts that are the same for all.
trait Example: Platform + Sized {
    /// Sells loaves with a barcode, so many.
    fn with_loaves(barcode: &str, stock: i64) -> Self;
    fn connector(url: &str) -> Arc<dyn Connector>;
    /// How many loaves it offers.
    fn loaves(&self) -> i64;
    /// How many orders bear our id.
    fn orders_of_ours(&self, our_id: &str) -> usize;
    fn refund_count(&self) -> usize;
    /// Somebody orders a loaf there; returns what the shop calls the order.
    fn order_loaf(&mut self, now_ms: i64) -> String;
    /// Where faults strike.
    fn places() -> Vec<(&'static str, &'static str)>;
}

impl Example for WooBooks {
    fn with_loaves(barcode: &str, stock: i64) -> Self {
        let mut books = Self::new(KEY);
        let loaf = books.add_product("LOAF", stock);
        books.label(loaf, barcode, "3.00", 0);
        books
    }

    fn connector(url: &str) -> Arc<dyn Connector> {
        let settings = LineSettings {
            url: url.to_owned(),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            patience: None,
        };
        let none = Secret::new(String::new());
        Arc::new(WooCommerce::new(&settings, &Secret::new(KEY), none, 2).unwrap())
    }

    fn loaves(&self) -> i64 {
        self.product(101).unwrap().stock
    }

    fn orders_of_ours(&self, our_id: &str) -> usize {
        self.orders().iter().filter(|order| order["transaction_id"] == json!(our_id)).count()
    }

    fn refund_count(&self) -> usize {
        self.refunds().len()
    }

    fn order_loaf(&mut self, now_ms: i64) -> String {
        self.order_online(101, 1, now_ms).to_string()
    }

    fn places() -> Vec<(&'static str, &'static str)> {
        vec![
            ("GET", "/products"),
            ("GET", "/orders"),
            ("POST", "/orders"),
            ("POST", "/refunds"),
            ("PUT", "/products"),
            ("PUT", "/orders"),
        ]
    }
}

/// A web shop and the engine that keeps a register in step with it.
struct Web<P: Example> {
    twin: Twin<P>,
    clock: Arc<AtomicI64>,
    runtime: tokio::runtime::Runtime,
}

impl<P: Example> Web<P> {
    fn of(app: &Arc<App>, barcode: &str, stock: i64) -> Self {
        let twin = Twin::open(P::with_loaves(barcode, stock)).unwrap();
        let now = SystemClock.now().utc_ms;
        put_channel(app, &twin.url(), now);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { twin, clock: Arc::new(AtomicI64::new(now)), runtime }
    }

    /// One round of a fresh engine, as after a start of the register.
    fn once(&self, app: &Arc<App>) -> Result<(), String> {
        let clock = Arc::clone(&self.clock);
        let senses = Senses {
            now: Arc::new(move || clock.fetch_add(1, Ordering::SeqCst)),
            id: Arc::new(|| ChannelOpId::new(SystemIds.next())),
            dice: Arc::new(|| 7),
        };
        let intake = Arc::new(ChannelIntake::new(Arc::clone(app)));
        let connector = P::connector(&self.twin.url());
        let (store, tempo) = (Arc::clone(app.store()), Tempo::default());
        let mut engine = Engine::new(store, SHOP, connector, intake, senses, tempo).unwrap();
        let ended = self.runtime.block_on(without_pauses(engine.once()));
        // What is waited for passes at once: the clock is ours.
        self.clock.fetch_add(20 * 60 * 1_000, Ordering::SeqCst);
        ended
    }

    /// Until nothing is left to be told.
    fn in_step(&self, app: &Arc<App>) {
        let mut last = Ok(());
        for _ in 0..50 {
            last = self.once(app);
            let counts = app.store().read::<_, StoreError>(|s| s.channel_op_counts(SHOP)).unwrap();
            if last.is_ok() && counts.waiting == 0 {
                return;
            }
        }
        panic!("never in step: {last:?}");
    }

    fn loaves(&self) -> i64 {
        self.twin.books(|books| books.loaves())
    }
}

pub(crate) fn put_channel(app: &App, url: &str, now: i64) -> ChannelRow {
    let row = ChannelRow {
        id: SHOP,
        kind: "woocommerce".to_owned(),
        name: "webshop".to_owned(),
        url: url.to_owned(),
        options: "{}".to_owned(),
        policy: ChannelPolicy::Till,
        buffer: 0,
        allow_host: true,
        certificate: String::new(),
        enabled: true,
        created_ms: now - 60_000,
        updated_ms: now,
        position: app.store().read::<_, StoreError>(|s| s.last_position()).unwrap(),
        success_ms: None,
        woken_ms: None,
        trouble: String::new(),
        trouble_since_ms: None,
    };
    let kept = row.clone();
    app.store().write::<_, StoreError>(move |tx| tx.put_channel(&kept)).unwrap();
    row
}

fn loaf(app: &App) -> VariantId {
    let found = app.store().read::<_, StoreError>(|s| s.variant_by_code(LOAF)).unwrap();
    found.expect("made from the shop's").variant.id
}

pub(crate) fn here(app: &App, variant: VariantId) -> i64 {
    app.store().read::<_, StoreError>(|s| s.stock_of(variant)).unwrap().thousandths() / 1_000
}

pub(crate) fn reserved(app: &App, variant: VariantId) -> i64 {
    let all = app.store().read::<_, StoreError>(|s| s.reserved_by_channels(variant)).unwrap();
    all.thousandths() / 1_000
}

pub(crate) fn web_orders(app: &App) -> Vec<ChannelOrderRow> {
    let filter = ChannelOrderFilter { channel: Some("webshop".to_owned()), ..Default::default() };
    app.store().read::<_, StoreError>(|s| s.channel_orders(&filter, 100)).unwrap()
}

pub(crate) fn to_dos(app: &App) -> Vec<(String, String)> {
    let open = app
        .store()
        .read::<_, StoreError>(|s| s.channel_problems(SHOP, ProblemState::Open, 0, 100))
        .unwrap();
    open.into_iter().map(|one| (one.problem.kind, one.problem.words)).collect()
}

fn dead(app: &App) -> Vec<String> {
    let ops = app
        .store()
        .read::<_, StoreError>(|s| s.channel_ops(SHOP, Some(OpState::Dead), i64::MAX, 9))
        .unwrap();
    ops.into_iter().map(|op| format!("{}: {}", op.kind, op.trouble)).collect()
}

fn give_back_one(shop: &Shop, sale: SaleId) {
    let line = shop.sales().iter().find(|one| one.id == sale).unwrap().lines[0].id;
    let request = RefundRequest {
        sale,
        lines: vec![(line, Quantity::ONE)],
        reason: "Stale".to_owned(),
        to: RefundTo::Original,
    };
    refund(shop.app(), &shop.caller, SaleId::new(SystemIds.next()), &request).unwrap();
}

fn hand_over(shop: &Shop, order: &ChannelOrderRow) {
    for status in [OrderStatus::Ready, OrderStatus::Shipped] {
        let next = Step { status: Some(status), ..Step::default() };
        step(shop.app(), &shop.caller, order.id, &next, |_| Ok(())).unwrap();
    }
}

pub(crate) fn count(shop: &Shop, variant: VariantId, pieces: i64) {
    let line = json!({ "variant_id": variant, "counted": pieces * 1_000 });
    let request = json!({ "move_id": SystemIds.next(), "lines": [line] });
    shop.json("stock.count", request).unwrap();
}

/// A day: sold, ordered there, given back, handed over, counted. With faults, if there are any.
fn a_day<P: Example>(fault: Option<Fault>) {
    let told = format!("{fault:?}");
    let shop = Shop::open();
    let web: Web<P> = Web::of(shop.app(), LOAF, 10);
    web.in_step(shop.app());
    let loaf = loaf(shop.app());
    assert_eq!((here(shop.app(), loaf), web.loaves()), (10, 10), "{told}: opens with the shop's");
    if let Some(fault) = fault {
        web.twin.strike(fault);
    }
    let sale = shop.sell(&[LOAF, LOAF], PayWith::Cash);
    web.in_step(shop.app());
    assert_eq!((here(shop.app(), loaf), web.loaves()), (8, 8), "{told}: sold");
    let now = SystemClock.now().utc_ms;
    web.twin.books(|books| books.order_loaf(now));
    give_back_one(&shop, sale.id);
    web.in_step(shop.app());
    let orders = web_orders(shop.app());
    assert_eq!(orders.len(), 1, "{told}: one order came, and our own is none");
    assert_eq!((here(shop.app(), loaf), reserved(shop.app(), loaf)), (9, 1), "{told}: promised");
    assert_eq!(web.loaves(), 8, "{told}: given back and ordered");
    hand_over(&shop, &orders[0]);
    web.in_step(shop.app());
    assert_eq!((here(shop.app(), loaf), reserved(shop.app(), loaf)), (8, 0), "{told}: gone");
    assert_eq!(web.loaves(), 8, "{told}: handing over takes nothing a second time");
    count(&shop, loaf, 20);
    web.in_step(shop.app());
    assert_eq!(web.loaves(), 20, "{told}: counted");
    let ours = web.twin.books(|books| books.orders_of_ours(&sale.id.to_string()));
    assert_eq!(ours, 1, "{told}: one order a sale");
    assert_eq!(web.twin.books(|books| books.refund_count()), 1, "{told}: one refund");
    assert_eq!(dead(shop.app()), Vec::<String>::new(), "{told}");
    shop.books_agree();
}

#[test]
fn a_day_at_the_counter_and_in_the_shop_ends_with_equal_figures() {
    a_day::<WooBooks>(None);
}

#[test]
fn whatever_fails_in_a_day_each_thing_is_done_once_and_the_figures_are_equal() {
    for kind in FaultKind::passing() {
        for (method, path) in WooBooks::places() {
            a_day::<WooBooks>(Some(Fault {
                strike: Strike::first(method, path),
                kind: kind.clone(),
            }));
        }
    }
}

#[test]
fn a_restored_backup_sells_nothing_to_a_shop_twice() {
    for synced_before in [false, true] {
        let shop = Shop::open();
        let web: Web<WooBooks> = Web::of(shop.app(), LOAF, 10);
        web.in_step(shop.app());
        let sale = shop.sell(&[LOAF], PayWith::Cash);
        if synced_before {
            // It is in the queue, and the shop cannot be reached.
            web.twin.shut(true);
            assert!(web.once(shop.app()).is_err());
            web.twin.shut(false);
        }
        let work = tempfile::tempdir().unwrap();
        let file = work.path().join("backup.ctop");
        shop.app().store().backup(&file).unwrap();
        web.in_step(shop.app());
        let ours = |web: &Web<WooBooks>| {
            web.twin.books(|books| books.orders_of_ours(&sale.id.to_string()))
        };
        assert_eq!(ours(&web), 1);
        let folder = work.path().join("restored");
        restore(&file, &folder, SystemClock.now()).unwrap();
        let app = open(&folder);
        web.in_step(&app);
        assert_eq!((ours(&web), web.loaves()), (1, 9), "synced before: {synced_before}");
        books_agree(&app);
    }
}

/// A register without threads of its own.
fn open(folder: &Path) -> Arc<App> {
    let euro = countertop_domain::money::Currency::EUR;
    Arc::new(App::open(folder, euro, Arc::new(SystemClock), Arc::new(SystemIds)).unwrap())
}
