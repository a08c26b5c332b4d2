//! A small shop to try the rules on: a register in a temporary folder, on a clock that stands
//! still and ids that count up.

pub(crate) mod api;
pub(crate) mod authority;
pub(crate) mod daemon;
pub(crate) mod door;
pub(crate) mod goods;
pub(crate) mod receiver;
pub(crate) mod terminal;
pub(crate) mod tls;
pub(crate) mod web;
pub(crate) mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI16, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countertop::{Config, Register};
use countertop_app::commands::{
    Command, CurrentBasket, PayTender, Scan, ShiftCloseCommand, ShiftOpenCommand,
};
use countertop_app::wire::{
    BasketView, CloseShift, LineView, Nothing, OpenShift, Paid, PayRequest, PayWith, Refusal,
    SaleView, ScanRequest, ShiftReport,
};
use countertop_app::{App, AppError, Caller, Clock, Ids, dispatch, perform};
use countertop_domain::ids::{BasketId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::posting::Account;
use countertop_domain::sale::Sale;
use countertop_domain::shift::CashMoveKind;
use countertop_domain::tender::TenderKind;
use countertop_domain::time::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use terminal::Till;
use uuid::Uuid;

/// The float of every shift, in cents.
pub(crate) const FLOAT: i64 = 10_000;

/// 2026-11-23 14:08 on the wall clock of Paris.
const MOMENT: Timestamp = Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 };

/// A clock that stands still until it is told to go on.
#[derive(Debug)]
pub(crate) struct StillClock {
    utc_ms: AtomicI64,
    offset_min: AtomicI16,
}

impl StillClock {
    fn at(moment: Timestamp) -> Self {
        Self { utc_ms: moment.utc_ms.into(), offset_min: moment.offset_min.into() }
    }

    pub(crate) fn forward(&self, by: Duration) {
        self.utc_ms.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn back(&self, by: Duration) {
        self.utc_ms.fetch_sub(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Summer time begins or ends.
    pub(crate) fn change_to(&self, offset_min: i16) {
        self.offset_min.store(offset_min, Ordering::Relaxed);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp {
            utc_ms: self.utc_ms.load(Ordering::Relaxed),
            offset_min: self.offset_min.load(Ordering::Relaxed),
        }
    }
}

/// Ids that count up, so that the same test makes the same ones.
#[derive(Debug)]
pub(crate) struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn next(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
    }
}

/// An open register with goods, taxes and a folder of its own.
pub(crate) struct Shop {
    pub(crate) register: Register,
    pub(crate) clock: Arc<StillClock>,
    ids: Arc<CountedIds>,
    pub(crate) caller: Caller,
    /// Two card terminals, for tests that set them up.
    pub(crate) tills: [Till; 2],
    // Last: the register goes before its folder.
    folder: Folder,
}

/// A data folder; if it is a temporary one, it is there for as long as one of these.
#[derive(Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    _keep: Option<Arc<TempDir>>,
}

impl Folder {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        Self { path: keep.path().to_owned(), _keep: Some(Arc::new(keep)) }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Shop {
    /// A shop with goods and no shift.
    pub(crate) fn closed() -> Self {
        Self::founded_in(Folder::new())
    }

    /// The same in a folder that the test has made.
    pub(crate) fn closed_in(path: &Path) -> Self {
        Self::founded_in(Folder { path: path.to_owned(), _keep: None })
    }

    fn founded_in(folder: Folder) -> Self {
        let clock = Arc::new(StillClock::at(MOMENT));
        let ids = Arc::new(CountedIds(AtomicU64::new(1)));
        let shop = Self::in_folder(folder, clock, ids, [Till::new(), Till::new()]);
        goods::furnish(&shop);
        shop
    }

    /// A shop with goods and an open shift.
    pub(crate) fn open() -> Self {
        let shop = Self::closed();
        shop.open_shift();
        shop
    }

    fn in_folder(
        folder: Folder,
        clock: Arc<StillClock>,
        ids: Arc<CountedIds>,
        tills: [Till; 2],
    ) -> Self {
        let config = Config {
            clock: Arc::<StillClock>::clone(&clock),
            ids: Arc::<CountedIds>::clone(&ids),
            terminals: terminal::maker(&tills),
            // Never the reason why something did not arrive: a busy machine may stand still.
            webhook_patience: Duration::from_secs(3_600),
            ..Config::new(folder.path())
        };
        let register = Register::open(&config).unwrap();
        let caller = register.caller("till").unwrap();
        Self { register, clock, ids, caller, tills, folder }
    }

    /// Closes the register and opens it again.
    pub(crate) fn reopen(self) -> Self {
        let Self { register, clock, ids, folder, tills, .. } = self;
        drop(register);
        Self::in_folder(folder, clock, ids, tills)
    }

    /// Closes the register; the folder stays for as long as the answer is kept.
    pub(crate) fn shut(self) -> Folder {
        self.folder
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        self.register.app()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The same person at another screen.
    pub(crate) fn at(&self, client: &str) -> Caller {
        Caller { client: client.to_owned(), ..self.caller.clone() }
    }

    pub(crate) fn call<C: Command>(&self, request: C::Request) -> Result<C::Reply, AppError> {
        perform::<C>(self.app(), &self.caller, request)
    }

    pub(crate) fn json(&self, command: &str, body: Value) -> Result<Value, Refusal> {
        dispatch(self.app(), &self.caller, command, body)
    }

    pub(crate) fn open_shift(&self) {
        self.call::<ShiftOpenCommand>(OpenShift::with_float(FLOAT)).unwrap();
    }

    pub(crate) fn close_shift(&self, counted: i64) -> ShiftReport {
        self.call::<ShiftCloseCommand>(CloseShift::counted("EUR", counted)).unwrap()
    }

    pub(crate) fn basket(&self) -> BasketView {
        self.call::<CurrentBasket>(Nothing {}).unwrap()
    }

    pub(crate) fn try_scan(&self, code: &str) -> Result<BasketView, AppError> {
        let basket_id = self.basket().id;
        let request = ScanRequest { basket_id, code: code.to_owned() };
        self.call::<Scan>(request).map(|added| added.basket)
    }

    pub(crate) fn scan(&self, code: &str) -> BasketView {
        self.try_scan(code).unwrap()
    }

    pub(crate) fn tender_id(&self) -> TenderId {
        TenderId::new(self.ids.next())
    }

    pub(crate) fn request(&self, basket_id: BasketId, kind: PayWith, offered: i64) -> PayRequest {
        PayRequest::plain(basket_id, self.tender_id(), kind, offered, false)
    }

    /// Pays towards the open basket.
    pub(crate) fn pay(&self, kind: PayWith, offered: i64) -> Result<Paid, AppError> {
        self.call::<PayTender>(self.request(self.basket().id, kind, offered))
    }

    /// Scans and takes the exact amount.
    pub(crate) fn sell(&self, codes: &[&str], kind: PayWith) -> SaleView {
        for code in codes {
            self.scan(code);
        }
        self.pay(kind, self.basket().due).unwrap().sale.expect("paid in full")
    }

    /// Every sale, as its journal entry has it.
    pub(crate) fn sales(&self) -> Vec<Sale> {
        sales_of(self.app())
    }

    pub(crate) fn balance(&self, account: Account) -> i64 {
        self.app().store().read(|snapshot| snapshot.balance(account)).unwrap()
    }

    /// Takings, drawer, card, tax and journal say the same, and verify finds nothing.
    pub(crate) fn books_agree(&self) {
        books_agree(self.app());
    }
}

/// Every sale of a register's journal, in order.
pub(crate) fn sales_of(app: &App) -> Vec<Sale> {
    let mut sales = Vec::new();
    for_each_entry(app, |entry| {
        if let Entry::SaleCompleted(sale) = entry {
            sales.push(*sale);
        }
    });
    sales
}

/// Adds up the journal by hand and compares it with every other place that knows the amounts.
pub(crate) fn books_agree(app: &App) {
    let (mut takings, mut net, mut tip, mut rounding) = (0, 0, 0, 0);
    let (mut cash, mut card, mut tendered, mut cards_sold) = (0, 0, 0, 0);
    let sales = sales_of(app);
    for sale in &sales {
        takings += sale.total.minor();
        tip += sale.tip.map_or(0, |tip| tip.minor());
        rounding += sale.cash_rounding().unwrap().minor();
        for line in &sale.lines {
            match line.gift_card {
                Some(_) => cards_sold += line.net.minor(),
                None => net += line.net.minor(),
            }
        }
        for tender in &sale.tenders {
            tendered += tender.amount.minor();
            match tender.kind {
                TenderKind::Cash => cash += tender.handed().unwrap().minor(),
                // Change for foreign cash is counted out in the shop's own.
                TenderKind::ForeignCash => cash -= tender.change().unwrap().minor(),
                TenderKind::CardExternal => card += tender.amount.minor(),
                _ => {}
            }
        }
    }
    let mut drawer = cash;
    for_each_entry(app, |entry| match entry {
        Entry::ShiftOpened(open) => drawer += open.float.minor(),
        Entry::ShiftClosed(close) => drawer -= close.counts[0].expected.minor(),
        Entry::CashMoved(moved) if moved.value.is_none() => {
            drawer += match moved.kind {
                CashMoveKind::PayIn => moved.amount.minor(),
                CashMoveKind::PayOut | CashMoveKind::SafeDrop => -moved.amount.minor(),
                CashMoveKind::NoSale => 0,
            };
        }
        Entry::AccountPaid(paid) if paid.tender.kind == TenderKind::Cash => {
            drawer += paid.tender.handed().unwrap().minor();
        }
        Entry::DepositTaken(deposit) if deposit.tender.kind == TenderKind::Cash => {
            drawer += deposit.tender.handed().unwrap().minor();
        }
        Entry::OrderCancelled(cancelled) => {
            let cash = cancelled.refunds.iter().filter(|t| t.kind == TenderKind::Cash);
            drawer += cash.map(|tender| tender.handed().unwrap().minor()).sum::<i64>();
        }
        _ => {}
    });
    let balance = |account| app.store().read(|snapshot| snapshot.balance(account)).unwrap();
    assert_eq!(takings + tip, tendered, "takings, tips and tenders");
    assert_eq!(balance(Account::Drawer), drawer, "drawer");
    let open = app.store().read(|snapshot| snapshot.open_shift()).unwrap();
    let shift = open.map_or(0, |shift| shift.expected);
    assert_eq!(balance(Account::Drawer), shift, "drawer and shift");
    assert_eq!(-balance(Account::Revenue), net, "revenue");
    assert_eq!(-balance(Account::Tax), takings - net - cards_sold, "tax");
    assert_eq!(-balance(Account::CashRounding), rounding, "cash rounding");
    assert!(balance(Account::CardExternal) >= card, "card");
    let (count, _, sum) = app.store().read(|snapshot| snapshot.sales_sums()).unwrap();
    assert_eq!((count, sum), (sales.len() as u64, takings), "the list of sales");
    verify_ok(app);
}

/// Every entry of a register's journal, in order.
pub(crate) fn for_each_entry(app: &App, mut look: impl FnMut(Entry)) {
    app.store()
        .read(|snapshot| {
            snapshot.for_each_entry(|stored| {
                look(stored.entry()?);
                Ok(())
            })
        })
        .unwrap();
}

pub(crate) fn verify_ok(app: &App) {
    let verdict = app.store().verify().unwrap();
    assert_eq!(verdict.problems, Vec::<String>::new());
    assert_eq!(verdict.sales, sales_of(app).len() as u64);
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(refused: Result<T, AppError>) -> &'static str {
    refused.expect_err("was not refused").code()
}

/// A line by its name.
pub(crate) fn line<'a>(lines: &'a [LineView], name: &str) -> &'a LineView {
    lines.iter().find(|line| line.name == name).unwrap_or_else(|| panic!("no line {name}"))
}

/// Waits until `look` finds something; a minute is for machines that are busy with other work. A machine
/// that stands still for a while takes nothing off it.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut waited = Duration::ZERO;
    loop {
        let begun = Instant::now();
        if let Some(found) = look() {
            return found;
        }
        assert!(waited < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
        waited += begun.elapsed().min(Duration::from_millis(100));
    }
}

/// Repeatable chance (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}
