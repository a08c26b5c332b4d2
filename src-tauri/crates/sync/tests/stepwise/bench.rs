//! A connector, its twin with three items, and what is to be done.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, LineId, VariantId};
use countertop_domain::money::Currency;
use countertop_shop_twins::{FaultKind, Platform, Shop, Strike};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Connector, CustomerOut, Done, Errand, Found, Goods, LineOut, LineSettings, PaidWith,
    RefundLineOut, RefundOut, SaleOut, Secret, Setup, StockOut, Task, Trouble, platform,
    without_pauses,
};
use uuid::Uuid;

/// When everything in the books happens.
pub(crate) const NOON: i64 = 1_795_435_200_000;

/// A platform whose orders are made step by step.
pub(crate) trait InSteps: Platform + Sized {
    const KIND: &'static str;
    /// Method and path of all requests.
    const REQUESTS: (&'static str, &'static str);
    const OPTIONS: &'static [(&'static str, &'static str)];
    const SECRET: (&'static str, &'static str);
    /// Sells items 1, 2 and 3, ten of each.
    fn with_three_items() -> Self;
    /// What it calls the goods of a variant.
    fn goods(variant: u64) -> Goods;
}

pub(crate) struct Bench<P: InSteps> {
    pub(crate) shop: Shop<P>,
    pub(crate) connector: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

impl<P: InSteps> Bench<P> {
    pub(crate) fn new() -> Self {
        let shop = Shop::open(P::with_three_items()).unwrap();
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let (secret, value) = pair(&P::SECRET);
        let setup = Setup {
            line: LineSettings {
                url: shop.url(),
                allow_host: true,
                certificate: String::new(),
                names: Arc::new(SystemNames),
                // No fault is waited out here, and no machine is slow enough for this.
                patience: Some(Duration::from_secs(170)),
            },
            options: P::OPTIONS.iter().map(pair).collect(),
            secrets: [(secret, Secret::new(value))].into(),
            currency: Currency::EUR,
        };
        let connector = (platform(P::KIND).unwrap().make)(&setup).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { shop, connector, runtime }
    }

    /// A new day: the books are fresh, and nothing strikes. A connector that has a session finds it gone.
    pub(crate) fn begin(&self) {
        self.shop.clear_script();
        self.shop.forget_calls();
        self.shop.books(|books| *books = P::with_three_items());
    }

    pub(crate) fn run<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(without_pauses(asked))
    }

    /// Does it as the queue does: what is in doubt is looked up before it is sent again, unless `blind`.
    pub(crate) fn until_done(&self, errand: &Errand, blind: bool) -> Done {
        let (mut errand, mut in_doubt) = (errand.clone(), false);
        for _ in 0..20 {
            if in_doubt && !blind {
                match self.run(self.connector.look_up(&errand)) {
                    Ok(Found::Done(done)) => return done,
                    Ok(Found::Missing | Found::CannotTell) => {}
                    // The look-up failed: still in doubt.
                    Err(_) => continue,
                }
            }
            match self.run(self.connector.send(&errand)) {
                Ok(done) => return done,
                Err(Trouble::Refused(words)) => panic!("{words}"),
                Err(Trouble::Unknown { .. }) => in_doubt = true,
                Err(_) => {}
            }
            errand.first_ms = if blind { None } else { Some(NOON) };
        }
        panic!("never done");
    }

    /// How many requests something takes when nothing goes wrong.
    pub(crate) fn requests(&self, errand: &Errand) -> u32 {
        self.shop.forget_calls();
        self.until_done(errand, false);
        u32::try_from(self.shop.calls().len()).unwrap()
    }

    /// The request after so many.
    pub(crate) fn nth(after: u32) -> Strike {
        let (method, path) = P::REQUESTS;
        Strike { after, ..Strike::first(method, path) }
    }

    /// So many thousandths of an item, 30.00 together.
    pub(crate) fn line(variant: u64, quantity: i64) -> LineOut {
        LineOut {
            id: LineId::new(Uuid::from_u128(1)),
            variant: VariantId::new(Uuid::from_u128(u128::from(variant))),
            goods: Some(P::goods(variant)),
            name: "Mug".to_owned(),
            sku: "A-1".to_owned(),
            quantity,
            net: 3_000,
            total: 3_000,
            taxes: Vec::new(),
        }
    }

    /// One of item 1 comes back for 10.00.
    pub(crate) fn refund(order: &str) -> Errand {
        errand(
            8,
            Task::Refund(RefundOut {
                sale: Uuid::from_u128(7).to_string(),
                order_external: order.to_owned(),
                number: "T1-2".to_owned(),
                at_ms: NOON,
                currency: "EUR".to_owned(),
                exponent: 2,
                lines: vec![RefundLineOut {
                    line: LineId::new(Uuid::from_u128(1)),
                    variant: VariantId::new(Uuid::from_u128(1)),
                    goods: Some(P::goods(1)),
                    quantity: 1_000,
                    net: 1_000,
                    total: 1_000,
                    taxes: Vec::new(),
                    restock: true,
                }],
                total: 1_000,
                reason: "broken".to_owned(),
            }),
        )
    }

    /// Item 1 is counted, in thousandths.
    pub(crate) fn count(figure: i64) -> Errand {
        let (variant, goods) = (VariantId::new(Uuid::from_u128(1)), Some(P::goods(1)));
        errand(9, Task::Stock(StockOut { variant, goods, figure, expected: None }))
    }
}

pub(crate) fn errand(id: u128, task: Task) -> Errand {
    let id = Uuid::from_u128(id).to_string();
    Errand { our_id: id.clone(), op_id: id, first_ms: None, task }
}

pub(crate) fn sale(lines: Vec<LineOut>) -> Errand {
    errand(
        7,
        Task::Sale(SaleOut {
            number: "T1-1".to_owned(),
            at_ms: NOON,
            currency: "EUR".to_owned(),
            exponent: 2,
            lines,
            net: 3_000,
            tax: 0,
            total: 3_000,
            paid: vec![PaidWith { kind: "cash".to_owned(), amount: 3_000 }],
            customer: None,
            customer_external: String::new(),
        }),
    )
}

/// Somebody by this name, always the same person.
pub(crate) fn customer(name: &str) -> Errand {
    let address = Address {
        lines: vec!["1 Way".to_owned()],
        city: "Town".to_owned(),
        country: "DE".to_owned(),
        ..Address::default()
    };
    errand(
        11,
        Task::Customer(CustomerOut {
            id: CustomerId::new(Uuid::from_u128(11)),
            external_id: String::new(),
            name: name.to_owned(),
            email: "ada@example.com".to_owned(),
            phone: "1".to_owned(),
            address,
            email_consent: Some(true),
        }),
    )
}

/// Every passing fault, each on a thread and a bench of its own: most of a script is waiting for an answer,
/// and making a line ready takes longer than a whole script.
pub(crate) fn with_each_fault<P: InSteps>(script: impl Fn(&Bench<P>, &FaultKind) + Sync) {
    let script = &script;
    std::thread::scope(|scope| {
        for kind in FaultKind::passing() {
            scope.spawn(move || script(&Bench::new(), &kind));
        }
    });
}
