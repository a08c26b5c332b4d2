//! Web shops and the engine that keeps a register in step with them, by hand: on a clock of the test's
//! own, so that what is waited for passes at once.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countertop_app::{App, ChannelIntake, Clock, Ids, SystemClock, SystemIds, SystemNames};
use countertop_domain::ids::{ChannelId, ChannelOpId, VariantId};
use countertop_domain::money::Currency;
use countertop_domain::time::Timestamp;
use countertop_store::{ChannelPolicy, ChannelRow, OpState, ProblemState, StoreError};
use countertop_sync::channel::{
    Ask, Asked, Connector, CustomerIn, Done, Engine, Errand, Found, Goods, Limits, LineSettings,
    OrderIn, Page, ProductIn, Secret, Senses, ShopInfo, StockIn, Tempo, WebhookHint, WooCommerce,
    without_pauses,
};

/// The key of every shop.
pub(crate) const KEY: &str = "ck_1:cs_2";
/// Longer than any pause but that of a shop that asked for an hour.
pub(crate) const LONG_MS: i64 = 20 * 60 * 1_000;

/// A clock that goes, and that can be set.
#[derive(Debug, Default)]
pub(crate) struct GoingClock(AtomicI64);

impl GoingClock {
    /// Sets it ahead by so much, or back.
    pub(crate) fn set_by(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for GoingClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        Timestamp { utc_ms: now.utc_ms + self.0.load(Ordering::SeqCst), ..now }
    }
}

/// A register on such a clock, without threads of its own.
pub(crate) fn open(folder: &Path, clock: &Arc<GoingClock>) -> Arc<App> {
    let clock = Arc::<GoingClock>::clone(clock);
    Arc::new(App::open(folder, Currency::EUR, clock, Arc::new(SystemIds)).unwrap())
}

/// A connector to a WooCommerce twin.
pub(crate) fn woo(url: &str) -> Arc<dyn Connector> {
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

/// A connector whose platform is another than it says.
pub(crate) struct Bent {
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) limits: Limits,
    /// It finds nothing of what was sent.
    pub(crate) is_blind: bool,
}

impl Connector for Bent {
    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn test(&self) -> Asked<'_, ShopInfo> {
        self.connector.test()
    }

    fn products<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<ProductIn>> {
        self.connector.products(ask)
    }

    fn stock<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<StockIn>> {
        self.connector.stock(ask)
    }

    fn stock_of<'a>(&'a self, goods: &'a [Goods]) -> Asked<'a, Vec<StockIn>> {
        self.connector.stock_of(goods)
    }

    fn orders<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<OrderIn>> {
        self.connector.orders(ask)
    }

    fn customers<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<CustomerIn>> {
        self.connector.customers(ask)
    }

    fn sweep<'a>(&'a self, ask: &'a Ask) -> Asked<'a, Page<String>> {
        self.connector.sweep(ask)
    }

    fn send<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Done> {
        self.connector.send(errand)
    }

    fn look_up<'a>(&'a self, errand: &'a Errand) -> Asked<'a, Found> {
        if self.is_blind {
            return Box::pin(async { Ok(Found::Missing) });
        }
        self.connector.look_up(errand)
    }

    fn webhook(&self, headers: &HashMap<String, String>, body: &[u8]) -> Option<WebhookHint> {
        self.connector.webhook(headers, body)
    }
}

/// A shop that is set up; its name is its orders' channel.
pub(crate) fn row(app: &App, id: ChannelId, name: &str, url: &str) -> ChannelRow {
    let now = app.store().read::<_, StoreError>(|s| s.last_position()).unwrap();
    let at = SystemClock.now().utc_ms;
    ChannelRow {
        id,
        kind: "woocommerce".to_owned(),
        name: name.to_owned(),
        url: url.to_owned(),
        options: "{}".to_owned(),
        policy: ChannelPolicy::Till,
        buffer: 0,
        allow_host: true,
        certificate: String::new(),
        enabled: true,
        created_ms: at - 60_000,
        updated_ms: at,
        position: now,
        success_ms: None,
        woken_ms: None,
        trouble: String::new(),
        trouble_since_ms: None,
    }
}

pub(crate) fn put(app: &App, row: &ChannelRow) {
    let row = row.clone();
    app.store().write::<_, StoreError>(move |tx| tx.put_channel(&row)).unwrap();
}

/// Who brings a shop in step, one round after another.
pub(crate) struct Hand {
    app: Arc<App>,
    clock: Arc<GoingClock>,
    channel: ChannelId,
    shop: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

impl Hand {
    pub(crate) fn at(
        app: &Arc<App>,
        clock: &Arc<GoingClock>,
        channel: ChannelId,
        shop: Arc<dyn Connector>,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (app, clock) = (Arc::clone(app), Arc::clone(clock));
        Self { app, clock, channel, shop, runtime }
    }

    /// One round of a fresh engine, as after a start of the register.
    pub(crate) fn once(&self) -> Result<(), String> {
        let clock = Arc::clone(&self.clock);
        let senses = Senses {
            now: Arc::new(move || clock.now().utc_ms),
            id: Arc::new(|| ChannelOpId::new(SystemIds.next())),
            dice: Arc::new(|| 7),
        };
        let intake = Arc::new(ChannelIntake::new(Arc::clone(&self.app)));
        let (store, shop) = (Arc::clone(self.app.store()), Arc::clone(&self.shop));
        let mut engine =
            Engine::new(store, self.channel, shop, intake, senses, Tempo::default()).unwrap();
        self.runtime.block_on(without_pauses(engine.once()))
    }

    pub(crate) fn waiting(&self) -> u32 {
        let id = self.channel;
        self.app.store().read::<_, StoreError>(|s| s.channel_op_counts(id)).unwrap().waiting
    }

    /// Until nothing is left to be told; what is waited for passes.
    pub(crate) fn in_step(&self) {
        let mut last = Ok(());
        for _ in 0..50 {
            last = self.once();
            if last.is_ok() && self.waiting() == 0 {
                return;
            }
            self.clock.set_by(LONG_MS);
        }
        panic!("never in step: {last:?}, {} wait", self.waiting());
    }

    /// What was given up, in words.
    pub(crate) fn dead(&self) -> Vec<String> {
        let id = self.channel;
        let ops = self
            .app
            .store()
            .read::<_, StoreError>(|s| s.channel_ops(id, Some(OpState::Dead), i64::MAX, 9))
            .unwrap();
        ops.into_iter().map(|op| format!("{}: {}", op.kind, op.trouble)).collect()
    }
}

/// The open to-dos of a shop: of which kind, about what, and in words.
pub(crate) fn to_dos(app: &App, id: ChannelId) -> Vec<(String, String, String)> {
    let open = app
        .store()
        .read::<_, StoreError>(|s| s.channel_problems(id, ProblemState::Open, 0, 10_000))
        .unwrap();
    let open = open.into_iter().map(|one| one.problem);
    open.map(|problem| (problem.kind, problem.about, problem.words)).collect()
}

/// How many lie here, and how many of them are promised, in pieces.
pub(crate) fn figures(app: &App, variant: VariantId) -> (i64, i64) {
    let both = app.store().read::<_, StoreError>(|s| {
        Ok((s.stock_of(variant)?.thousandths(), s.reserved_by_channels(variant)?.thousandths()))
    });
    let (here, promised) = both.unwrap();
    (here / 1_000, promised / 1_000)
}
