//! A small shop to try the rules on: a register in a temporary folder, on a clock that stands
//! still and ids that count up.

pub(crate) mod daemon;
pub(crate) mod goods;
pub(crate) mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countertop::{Config, Register};
use countertop_app::commands::{
    Command, CurrentBasket, PayTender, Scan, ShiftCloseCommand, ShiftOpenCommand,
};
use countertop_app::wire::{
    BasketView, CloseShift, LineView, Nothing, OpenShift, Paid, PayRequest, PayWith, Refusal,
    SaleView, ScanRequest, ShiftClosed,
};
use countertop_app::{App, AppError, Caller, Clock, Ids, dispatch, perform};
use countertop_domain::ids::{BasketId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::posting::Account;
use countertop_domain::sale::Sale;
use countertop_domain::time::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// The float of every shift, in cents.
pub(crate) const FLOAT: i64 = 10_000;

/// 2026-11-23 14:08 on the wall clock of Paris.
const MOMENT: Timestamp = Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 };

/// A clock that stands still until it is told to go on.
#[derive(Debug)]
pub(crate) struct StillClock(AtomicI64);

impl StillClock {
    pub(crate) fn forward(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp { utc_ms: self.0.load(Ordering::Relaxed), ..MOMENT }
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
        let clock = Arc::new(StillClock(AtomicI64::new(MOMENT.utc_ms)));
        let shop = Self::in_folder(folder, clock, Arc::new(CountedIds(AtomicU64::new(1))));
        goods::furnish(&shop);
        shop
    }

    /// A shop with goods and an open shift.
    pub(crate) fn open() -> Self {
        let shop = Self::closed();
        shop.open_shift();
        shop
    }

    fn in_folder(folder: Folder, clock: Arc<StillClock>, ids: Arc<CountedIds>) -> Self {
        let config = Config {
            clock: Arc::<StillClock>::clone(&clock),
            ids: Arc::<CountedIds>::clone(&ids),
            ..Config::new(folder.path())
        };
        let register = Register::open(&config).unwrap();
        let caller = register.caller("till").unwrap();
        Self { register, clock, ids, caller, folder }
    }

    /// Closes the register and opens it again.
    pub(crate) fn reopen(self) -> Self {
        let Self { register, clock, ids, folder, .. } = self;
        drop(register);
        Self::in_folder(folder, clock, ids)
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
        self.call::<ShiftOpenCommand>(OpenShift { float: FLOAT }).unwrap();
    }

    pub(crate) fn close_shift(&self, counted: i64) -> ShiftClosed {
        self.call::<ShiftCloseCommand>(CloseShift { counted }).unwrap()
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
        PayRequest { basket_id, tender_id: self.tender_id(), kind, offered, print: false }
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
    app.store()
        .read(|snapshot| {
            snapshot.for_each_entry(|stored| {
                if let Entry::SaleCompleted(sale) = stored.entry()? {
                    sales.push(*sale);
                }
                Ok(())
            })
        })
        .unwrap();
    sales
}

/// Adds up the journal by hand and compares it with every other place that knows the amounts.
pub(crate) fn books_agree(app: &App) {
    let (mut takings, mut net, mut cash, mut card) = (0, 0, 0, 0);
    let sales = sales_of(app);
    for sale in &sales {
        takings += sale.total.minor();
        net += sale.net.minor();
        for tender in &sale.tenders {
            match tender.kind {
                countertop_domain::tender::TenderKind::Cash => cash += tender.amount.minor(),
                countertop_domain::tender::TenderKind::CardExternal => {
                    card += tender.amount.minor();
                }
            }
        }
    }
    let (mut floats, mut expected) = (0, 0);
    app.store()
        .read(|snapshot| {
            snapshot.for_each_entry(|stored| {
                match stored.entry()? {
                    Entry::ShiftOpened(open) => floats += open.float.minor(),
                    Entry::ShiftClosed(close) => expected += close.expected.minor(),
                    _ => {}
                }
                Ok(())
            })
        })
        .unwrap();
    let balance = |account| app.store().read(|snapshot| snapshot.balance(account)).unwrap();
    assert_eq!(takings, cash + card, "takings and tenders");
    assert_eq!(balance(Account::Drawer), floats + cash - expected, "drawer");
    let open = app.store().read(|snapshot| snapshot.open_shift()).unwrap();
    let shift = open.map_or(0, |shift| shift.float + shift.cash);
    assert_eq!(balance(Account::Drawer), shift, "drawer and shift");
    assert_eq!(balance(Account::CardExternal), card, "card");
    assert_eq!(-balance(Account::Revenue), net, "revenue");
    assert_eq!(-balance(Account::Tax), takings - net, "tax");
    let (count, _, sum) = app.store().read(|snapshot| snapshot.sales_sums()).unwrap();
    assert_eq!((count, sum), (sales.len() as u64, takings), "the list of sales");
    verify_ok(app);
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

/// Waits until `look` finds something; a minute is for machines that are busy with other work.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
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
