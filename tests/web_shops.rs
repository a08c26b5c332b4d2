//! A register and its web shops: what happens on either side is known on the other, once, whatever
//! fails in between.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use countertop_app::channel_orders::{Step, step};
use countertop_app::refunds::{RefundRequest, RefundTo, refund};
use countertop_app::wire::PayWith;
use countertop_app::{App, ChannelIntake, Clock, Ids, SystemClock, SystemIds, SystemNames};
use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelId, ChannelOpId, SaleId, VariantId};
use countertop_domain::money::Currency;
use countertop_domain::quantity::Quantity;
use countertop_shop_twins::{Platform, Shop as Twin, WooBooks};
use countertop_store::{
    ChannelOrderFilter, ChannelOrderRow, ChannelRow, OpState, ProblemState, StoreError, restore,
};
use countertop_sync::channel::{
    Connector, Engine, LineSettings, Secret, Senses, Setup, Tempo, platform, without_pauses,
};
use serde_json::json;
use uuid::Uuid;

use crate::common::web::row;
use crate::common::{Shop, books_agree};

const KEY: &str = "ck_1:cs_2";
pub(crate) const LOAF: &str = "4006381333931";
pub(crate) const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));

/// Names and what they are set to.
pub(crate) type Pairs = &'static [(&'static str, &'static str)];

/// A platform with a connector and a twin, for scripts that are the same for all.
pub(crate) trait Example: Platform + Sized {
    /// Its name, as a shop is set up.
    const KIND: &'static str;
    /// What comes after the address of its server.
    const PATH: &'static str = "";
    /// Sells loaves for three euros with a barcode, so many.
    fn with_loaves(barcode: &str, stock: i64, now_ms: i64) -> Self;
    /// The secrets and the options that it is set up with.
    fn keys() -> (Pairs, Pairs);
    /// How many loaves it offers.
    fn loaves(&self) -> i64;
    /// How many orders bear our id.
    fn orders_of_ours(&self, our_id: &str) -> usize;
    fn refund_count(&self) -> usize;
    /// Somebody orders a loaf there, to be sent, and pays; returns what the shop calls the order.
    fn order_loaf(&mut self, now_ms: i64) -> String;
    /// The request that makes an order of a sale.
    fn sells_at() -> (&'static str, &'static str);
    /// Where faults strike: every kind of request of a day.
    fn places() -> Vec<(&'static str, &'static str)>;
}

impl Example for WooBooks {
    const KIND: &'static str = "woocommerce";

    fn with_loaves(barcode: &str, stock: i64, now_ms: i64) -> Self {
        let mut books = Self::new(KEY);
        let loaf = books.add_product("LOAF", stock);
        books.label(loaf, barcode, "3.00", now_ms);
        books
    }

    fn keys() -> (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)])
    {
        (&[("key", KEY)], &[])
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

    fn sells_at() -> (&'static str, &'static str) {
        ("POST", "/orders")
    }

    fn places() -> Vec<(&'static str, &'static str)> {
        vec![
            ("GET", "/products"),
            ("GET", "/orders"),
            ("GET", "/orders/"),
            ("GET", "/customers"),
            ("POST", "/orders"),
            ("POST", "/refunds"),
            ("PUT", "/products"),
            ("PUT", "/orders"),
        ]
    }
}

/// A connector as the register makes it; `patience` is how long a shop's first byte may take.
pub(crate) fn connector<P: Example>(url: &str, patience: Option<Duration>) -> Arc<dyn Connector> {
    let (secrets, options) = P::keys();
    let setup = Setup {
        line: LineSettings {
            url: format!("{url}{}", P::PATH),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            patience,
        },
        options: options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        secrets: secrets.iter().map(|(k, v)| ((*k).to_owned(), Secret::new(*v))).collect(),
        currency: Currency::EUR,
    };
    (platform(P::KIND).unwrap().make)(&setup).unwrap()
}

/// A web shop and the engine that keeps a register in step with it.
pub(crate) struct Web<P: Example> {
    pub(crate) twin: Twin<P>,
    clock: Arc<AtomicI64>,
    /// How far the shop's clock is ahead of the register's, in milliseconds.
    pub(crate) ahead_ms: i64,
    /// To make one takes longer than a round of the engine.
    pub(crate) connector: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

impl<P: Example> Web<P> {
    pub(crate) fn of(app: &Arc<App>, barcode: &str, stock: i64) -> Self {
        let now = SystemClock.now().utc_ms;
        let twin = Twin::open(P::with_loaves(barcode, stock, now)).unwrap();
        put_channel_of(app, P::KIND, &twin.url(), now);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clock = Arc::new(AtomicI64::new(now));
        let connector = connector::<P>(&twin.url(), None);
        Self { twin, clock, ahead_ms: 0, connector, runtime }
    }

    /// By the clock of the register.
    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Somebody orders a loaf in the shop; a while later its lists show that. What the shop calls it.
    pub(crate) fn order_loaf(&self) -> String {
        let now = self.now() + self.ahead_ms;
        self.clock.fetch_add(60_000, Ordering::SeqCst);
        self.twin.books(|books| books.order_loaf(now))
    }

    /// One round of a fresh engine, as after a start of the register.
    pub(crate) fn once(&self, app: &Arc<App>) -> Result<(), String> {
        self.once_with(app, Arc::clone(&self.connector))
    }

    pub(crate) fn once_with(
        &self,
        app: &Arc<App>,
        connector: Arc<dyn Connector>,
    ) -> Result<(), String> {
        let clock = Arc::clone(&self.clock);
        let senses = Senses {
            now: Arc::new(move || clock.fetch_add(1, Ordering::SeqCst)),
            id: Arc::new(|| ChannelOpId::new(SystemIds.next())),
            dice: Arc::new(|| 7),
        };
        // Time passes in the shop as it does here.
        self.twin.set_skew_ms(self.now() - SystemClock.now().utc_ms + self.ahead_ms);
        let intake = Arc::new(ChannelIntake::new(Arc::clone(app)));
        let (store, tempo) = (Arc::clone(app.store()), Tempo::default());
        let mut engine = Engine::new(store, SHOP, connector, intake, senses, tempo).unwrap();
        let ended = self.runtime.block_on(without_pauses(engine.once()));
        // What is waited for passes at once: the clock is ours.
        self.clock.fetch_add(20 * 60 * 1_000, Ordering::SeqCst);
        ended
    }

    /// Until nothing is left to be told.
    pub(crate) fn in_step(&self, app: &Arc<App>) {
        let mut last = Ok(());
        for _ in 0..100 {
            last = self.once(app);
            let counts = app.store().read::<_, StoreError>(|s| s.channel_op_counts(SHOP)).unwrap();
            if last.is_ok() && counts.waiting == 0 {
                return;
            }
            // Whoever is asked for a new key enters one.
            self.twin.books(|books| books.expire(false));
        }
        panic!("never in step: {last:?}");
    }

    pub(crate) fn loaves(&self) -> i64 {
        self.twin.books(|books| books.loaves())
    }
}

pub(crate) fn put_channel(app: &App, url: &str, now: i64) -> ChannelRow {
    put_channel_of(app, "woocommerce", url, now)
}

fn put_channel_of(app: &App, kind: &str, url: &str, now: i64) -> ChannelRow {
    let row = ChannelRow {
        kind: kind.to_owned(),
        created_ms: now - 60_000,
        updated_ms: now,
        ..row(app, SHOP, "webshop", url)
    };
    let kept = row.clone();
    app.store().write::<_, StoreError>(move |tx| tx.put_channel(&kept)).unwrap();
    row
}

pub(crate) fn loaf(app: &App) -> VariantId {
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
    app.store().read::<_, StoreError>(|s| s.channel_orders(&filter, 10_000)).unwrap()
}

pub(crate) fn to_dos(app: &App) -> Vec<(String, String)> {
    let open = app
        .store()
        .read::<_, StoreError>(|s| s.channel_problems(SHOP, ProblemState::Open, 0, 100))
        .unwrap();
    open.into_iter().map(|one| (one.problem.kind, one.problem.words)).collect()
}

pub(crate) fn dead(app: &App) -> Vec<String> {
    let ops = app
        .store()
        .read::<_, StoreError>(|s| s.channel_ops(SHOP, Some(OpState::Dead), i64::MAX, 9))
        .unwrap();
    ops.into_iter().map(|op| format!("{}: {}", op.kind, op.trouble)).collect()
}

pub(crate) fn give_back_one(shop: &Shop, sale: SaleId) {
    let line = shop.sales().iter().find(|one| one.id == sale).unwrap().lines[0].id;
    let request = RefundRequest {
        sale,
        lines: vec![(line, Quantity::ONE)],
        reason: "Stale".to_owned(),
        to: RefundTo::Original,
    };
    refund(shop.app(), &shop.caller, SaleId::new(SystemIds.next()), &request).unwrap();
}

pub(crate) fn hand_over(shop: &Shop, order: &ChannelOrderRow) {
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
