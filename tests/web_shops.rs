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
    Connector, Engine, Intake, LineIn, LineSettings, OrderIn, OrderState, ProductIn, Secret,
    Senses, Tempo, VariantIn, WooCommerce, without_pauses,
};
use serde_json::json;
use uuid::Uuid;

use crate::common::goods::{BREAD, variant};
use crate::common::{Shop, books_agree};

const KEY: &str = "ck_1:cs_2";
const LOAF: &str = "4006381333931";
const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));

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

fn put_channel(app: &App, url: &str, now: i64) -> ChannelRow {
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

fn here(app: &App, variant: VariantId) -> i64 {
    app.store().read::<_, StoreError>(|s| s.stock_of(variant)).unwrap().thousandths() / 1_000
}

fn reserved(app: &App, variant: VariantId) -> i64 {
    let all = app.store().read::<_, StoreError>(|s| s.reserved_by_channels(variant)).unwrap();
    all.thousandths() / 1_000
}

fn web_orders(app: &App) -> Vec<ChannelOrderRow> {
    let filter = ChannelOrderFilter { channel: Some("webshop".to_owned()), ..Default::default() };
    app.store().read::<_, StoreError>(|s| s.channel_orders(&filter, 100)).unwrap()
}

fn to_dos(app: &App) -> Vec<(String, String)> {
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

fn count(shop: &Shop, variant: VariantId, pieces: i64) {
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

fn product(id: &str, name: &str, sku: &str, price: i64) -> ProductIn {
    ProductIn {
        external_id: id.to_owned(),
        name: name.to_owned(),
        published: true,
        variants: vec![VariantIn {
            external_id: id.to_owned(),
            sku: sku.to_owned(),
            price: Some(price),
            tracks_stock: true,
            ..VariantIn::default()
        }],
        ..ProductIn::default()
    }
}

/// A register with a shop whose words the test says itself.
struct Said {
    shop: Shop,
    row: ChannelRow,
    intake: ChannelIntake,
}

fn said() -> Said {
    let shop = Shop::open();
    let row = put_channel(shop.app(), "https://shop.example", SystemClock.now().utc_ms);
    let intake = ChannelIntake::new(Arc::clone(shop.app()));
    Said { shop, row, intake }
}

impl Said {
    fn products(&self, products: &[ProductIn]) {
        self.intake.products(&self.row, products.to_vec()).unwrap();
    }

    fn price_of(&self, sku: &str) -> Option<Option<i64>> {
        let found = self.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku(sku));
        found.unwrap().first().map(|entry| entry.variant.price)
    }

    fn kinds(&self) -> Vec<String> {
        to_dos(self.shop.app()).into_iter().map(|(kind, _)| kind).collect()
    }
}

#[test]
fn nonsense_of_a_shop_is_a_to_do_and_never_on_the_screen() {
    let said = said();
    let million = vec![VariantIn::default(); 1_000_000];
    let bad = [
        product("1", "Cheap", "BAD", -1),
        product("2", "N\0L", "BAD", 100),
        product("3", "Mug \u{202E}gnp.exe", "BAD", 100),
        product("4", &"long ".repeat(1_000), "BAD", 100),
        product("5", "Dear", "BAD", i64::MAX),
        ProductIn { variants: million, ..product("6", "Many", "BAD", 100) },
    ];
    said.products(&bad);
    said.products(&[product("7", "Good", "GOOD", 100)]);
    assert_eq!(said.price_of("BAD"), None);
    assert_eq!(said.price_of("GOOD"), Some(Some(100)), "the rest is not in its way");
    let to_dos = to_dos(said.shop.app());
    assert_eq!(to_dos.len(), 6, "{to_dos:?}");
    for (kind, words) in to_dos {
        assert_eq!(kind, "bad_product");
        assert!(!words.contains(['\0', '\u{202E}']) && words.chars().count() < 200, "{words}");
    }
    // Put right there, it comes in, and the to-do goes.
    said.products(&[product("1", "Cheap", "CHEAP", 1)]);
    assert_eq!((said.price_of("CHEAP"), said.kinds().len()), (Some(Some(1)), 5));
}

#[test]
fn a_price_that_jumps_is_not_sold_before_somebody_looked() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    said.products(&[product("1", "Mug", "MUG", 800)]);
    assert_eq!((said.price_of("MUG"), said.kinds().len()), (Some(Some(800)), 0));
    said.products(&[product("1", "Mug", "MUG", 1)]);
    assert_eq!(said.price_of("MUG"), Some(Some(800)));
    assert_eq!(said.kinds(), ["price_jump"]);
    said.products(&[product("1", "Mug", "MUG", 900)]);
    assert_eq!((said.price_of("MUG"), said.kinds().len()), (Some(Some(900)), 0));
}

#[test]
fn a_number_that_stands_on_two_things_is_never_guessed() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000), product("2", "Cup", "MUG", 1_000)]);
    assert_eq!(said.kinds(), ["ambiguous"]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    assert_eq!(found.unwrap().len(), 1, "the second is not made");
    // The same page again changes nothing.
    said.products(&[product("1", "Mug", "MUG", 1_000), product("2", "Cup", "MUG", 1_000)]);
    assert_eq!(said.kinds(), ["ambiguous"]);
}

#[test]
fn what_the_catalogue_has_is_known_by_its_barcode_and_stays_as_it_is() {
    let said = said();
    let bread = variant(&said.shop, "Bread");
    let mut there = product("1", "Baguette", "", 999);
    there.variants[0].barcode = BREAD.to_owned();
    said.products(&[there]);
    let names = said.shop.app().store().read::<_, StoreError>(|s| {
        s.channel_names_of(SHOP, countertop_store::MapKind::Variant, bread.uuid())
    });
    assert_eq!(names.unwrap().len(), 1);
    let sold = said.shop.app().store().read::<_, StoreError>(|s| s.by_variant(bread));
    let sold = sold.unwrap().unwrap();
    assert_eq!((sold.name.as_str(), sold.price.map(|p| p.minor())), ("Bread", Some(345)));
}

fn order(id: &str, state: OrderState, lines: Vec<LineIn>) -> OrderIn {
    OrderIn {
        external_id: id.to_owned(),
        number: id.to_owned(),
        our_id: None,
        state,
        hand_over: countertop_domain::channel_order::HandOver::Ship,
        paid: true,
        ordered_ms: SystemClock.now().utc_ms,
        total: 1_000,
        lines,
        customer: String::new(),
        recipient: countertop_domain::channel_order::Recipient::default(),
        note: String::new(),
    }
}

fn of_mug(pieces: i64) -> LineIn {
    LineIn {
        external_id: "l".to_owned(),
        variant: "1".to_owned(),
        name: "Mug".to_owned(),
        quantity: pieces * 1_000,
        unit_price: 1_000,
        ..LineIn::default()
    }
}

#[test]
fn an_order_that_comes_twice_is_promised_once_and_let_go_when_it_is_cancelled() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    let app = said.shop.app();
    count(&said.shop, mug, 3);
    let says = |state, pieces| {
        let order = order("9", state, vec![of_mug(pieces)]);
        said.intake.orders(&said.row, vec![order.clone(), order]).unwrap();
    };
    says(OrderState::Unpaid, 2);
    assert_eq!(web_orders(app).len(), 0, "nothing is to be done yet");
    says(OrderState::Open, 2);
    says(OrderState::Open, 2);
    assert_eq!((web_orders(app).len(), reserved(app, mug), here(app, mug)), (1, 2, 3));
    says(OrderState::Cancelled, 2);
    assert_eq!((reserved(app, mug), here(app, mug)), (0, 3));
    assert_eq!(web_orders(app)[0].status, OrderStatus::Cancelled);
    // What the register made itself comes back as an echo.
    let echo =
        OrderIn { our_id: Some("x".to_owned()), ..order("10", OrderState::Open, vec![of_mug(1)]) };
    said.intake.orders(&said.row, vec![echo]).unwrap();
    assert_eq!(web_orders(app).len(), 1);
}

#[test]
fn what_the_shops_own_people_hand_over_leaves_the_shelf_once() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    let app = said.shop.app();
    count(&said.shop, mug, 3);
    for _ in 0..2 {
        let done = order("9", OrderState::Fulfilled, vec![of_mug(2)]);
        said.intake.orders(&said.row, vec![done]).unwrap();
    }
    assert_eq!((reserved(app, mug), here(app, mug)), (0, 1));
    // Long before the shop was added: its goods left then.
    let old = OrderIn { ordered_ms: 0, ..order("8", OrderState::Fulfilled, vec![of_mug(1)]) };
    said.intake.orders(&said.row, vec![old]).unwrap();
    assert_eq!((web_orders(app).len(), here(app, mug)), (1, 1));
}

#[test]
fn more_promised_than_there_is_is_said_and_nothing_is_refused() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    count(&said.shop, mug, 1);
    let orders = vec![
        order("8", OrderState::Open, vec![of_mug(1)]),
        order("9", OrderState::Open, vec![of_mug(1)]),
    ];
    said.intake.orders(&said.row, orders).unwrap();
    assert_eq!(web_orders(said.shop.app()).len(), 2);
    assert_eq!(said.kinds(), ["oversold"]);
}

#[test]
fn an_order_with_one_bad_line_is_a_to_do_and_the_next_one_comes_in() {
    let said = said();
    let bad = LineIn { unit_price: -5, ..of_mug(1) };
    let strange = LineIn { name: "M\0ug\u{202E}".to_owned(), ..of_mug(1) };
    let orders =
        vec![order("8", OrderState::Open, vec![bad]), order("9", OrderState::Open, vec![strange])];
    said.intake.orders(&said.row, orders).unwrap();
    assert_eq!(said.kinds(), ["bad_order"]);
    let came = web_orders(said.shop.app());
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].body.lines[0].name, "M\u{FFFD}ug\u{FFFD}");
}
