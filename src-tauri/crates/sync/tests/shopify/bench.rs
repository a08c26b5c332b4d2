//! A connector, its twin, and what is to be done.

use std::collections::BTreeMap;
use std::sync::Arc;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, LineId, VariantId};
use countertop_domain::money::Currency;
use countertop_shop_twins::Shop;
use countertop_shop_twins::shopify::{ShopifyBooks, gid};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Connector, CustomerOut, Done, Errand, Found, FulfilOut, Goods, LineOut, LineSettings, PaidWith,
    RefundLineOut, RefundOut, SaleOut, Secret, Setup, StockMoveOut, StockOut, Task, TaxOut,
    Trouble, platform,
};
use uuid::Uuid;

pub(crate) const TOKEN: &str = "shpat_1";
/// When everything of the tests happened: 2023-11-14T22:13:20Z.
pub(crate) const THEN: i64 = 1_700_000_000_000;

pub(crate) struct Bench {
    pub(crate) shop: Shop<ShopifyBooks>,
    pub(crate) connector: Arc<dyn Connector>,
    /// A variant at 1.00, of which there are ten.
    pub(crate) mug: u64,
    runtime: tokio::runtime::Runtime,
}

pub(crate) fn settings(
    url: &str,
    secrets: &[(&str, &str)],
    options: &[(&str, &str)],
) -> Result<Arc<dyn Connector>, String> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let setup = Setup {
        line: LineSettings {
            url: url.to_owned(),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            patience: None,
        },
        options: options.iter().map(pair).collect(),
        secrets: secrets.iter().map(pair).map(|(name, value)| (name, Secret::new(value))).collect(),
        currency: Currency::EUR,
    };
    let _: &BTreeMap<String, String> = &setup.options;
    (platform("shopify").unwrap().make)(&setup)
}

pub(crate) fn bench() -> Bench {
    bench_of(ShopifyBooks::new(TOKEN))
}

pub(crate) fn bench_of(mut books: ShopifyBooks) -> Bench {
    let mug = books.add_product("A-1", "1.00", 10);
    let shop = Shop::open(books).unwrap();
    let connector = settings(&shop.url(), &[("token", TOKEN), ("secret", TOKEN)], &[]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Bench { shop, connector, mug, runtime }
}

impl Bench {
    pub(crate) fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    pub(crate) fn send(&self, errand: &Errand) -> Result<Done, Trouble> {
        self.wait(self.connector.send(errand))
    }

    pub(crate) fn look_up(&self, errand: &Errand) -> Result<Found, Trouble> {
        self.wait(self.connector.look_up(errand))
    }

    pub(crate) fn there(&self) -> i64 {
        self.shop.books(|books| books.available(self.mug))
    }

    /// Does it as the queue does: what is in doubt is looked up before it is sent again, and not before
    /// the shop's search can know of it. Waiting passes at once: the shop's clock is ours.
    pub(crate) fn until_done(&self, errand: &Errand) -> Done {
        let mut in_doubt = false;
        let mut skew = 0;
        for _ in 0..20 {
            if in_doubt {
                skew += self.connector.limits().search_lag_ms;
                self.shop.set_skew_ms(skew);
                match self.look_up(errand) {
                    Ok(Found::Done(done)) => return done,
                    Ok(Found::Missing) => {}
                    Ok(Found::CannotTell) => panic!("the shop can tell"),
                    // The look-up failed: still in doubt.
                    Err(_) => continue,
                }
            }
            match self.send(errand) {
                Ok(done) => return done,
                Err(Trouble::Refused(words)) => panic!("{words}"),
                Err(Trouble::Unknown { .. }) => in_doubt = true,
                Err(_) => {}
            }
        }
        panic!("never done");
    }

    pub(crate) fn goods(&self) -> Option<Goods> {
        Some(Goods {
            external_id: gid("ProductVariant", self.mug),
            product: gid("Product", self.mug),
            stock_ref: gid("InventoryItem", self.mug),
            sku: "A-1".to_owned(),
        })
    }

    pub(crate) fn sale(&self) -> Errand {
        let line = |id: u128, goods, name: &str, quantity, net, tax| LineOut {
            id: LineId::new(Uuid::from_u128(id)),
            variant: VariantId::new(Uuid::from_u128(id)),
            goods,
            name: name.to_owned(),
            sku: String::new(),
            quantity,
            net,
            total: net + tax,
            taxes: vec![TaxOut { code: "V".to_owned(), amount: tax }],
        };
        errand(Task::Sale(SaleOut {
            number: "T1-000001".to_owned(),
            at_ms: THEN,
            currency: "EUR".to_owned(),
            exponent: 2,
            // Three for 10.00: no price of one comes out even. The shop does not know the second.
            lines: vec![
                line(1, self.goods(), "Mug", 3_000, 840, 160),
                line(2, None, "Repair", 1_000, 420, 80),
            ],
            net: 1_260,
            tax: 240,
            total: 1_500,
            paid: vec![
                PaidWith { kind: "cash".to_owned(), amount: 500 },
                PaidWith { kind: "card_external".to_owned(), amount: 1_000 },
            ],
            customer: None,
            customer_external: String::new(),
        }))
    }

    /// Two of the three mugs come back.
    pub(crate) fn refund(&self, order: &str) -> Errand {
        errand(Task::Refund(RefundOut {
            sale: Uuid::from_u128(7).to_string(),
            order_external: order.to_owned(),
            number: "T1-000002".to_owned(),
            at_ms: THEN,
            currency: "EUR".to_owned(),
            exponent: 2,
            lines: vec![RefundLineOut {
                line: LineId::new(Uuid::from_u128(1)),
                variant: VariantId::new(Uuid::from_u128(1)),
                goods: self.goods(),
                quantity: 2_000,
                net: 560,
                total: 667,
                taxes: Vec::new(),
                restock: true,
            }],
            total: 667,
            reason: "too small".to_owned(),
        }))
    }

    pub(crate) fn moved(&self, quantity: i64) -> Errand {
        let variant = VariantId::new(Uuid::from_u128(1));
        let reason = "receive".to_owned();
        errand(Task::StockMove(StockMoveOut { variant, goods: self.goods(), quantity, reason }))
    }

    pub(crate) fn count(&self, figure: i64, expected: Option<i64>) -> Errand {
        let variant = VariantId::new(Uuid::from_u128(1));
        errand(Task::Stock(StockOut { variant, goods: self.goods(), figure, expected }))
    }
}

pub(crate) fn errand(task: Task) -> Errand {
    let id = Uuid::from_u128(7).to_string();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    Errand { our_id: id.clone(), op_id: id, first_ms: Some(now), task }
}

pub(crate) fn fulfil(
    order: u64,
    status: OrderStatus,
    hand_over: HandOver,
    paid_here: bool,
) -> Errand {
    errand(Task::Fulfil(FulfilOut {
        order_external: gid("Order", order),
        status,
        hand_over,
        tracking: "TRACK-1".to_owned(),
        paid_here,
    }))
}

pub(crate) fn customer(phone: &str, consent: Option<bool>) -> CustomerOut {
    CustomerOut {
        id: CustomerId::new(Uuid::from_u128(5)),
        external_id: String::new(),
        name: "Ann Van Other".to_owned(),
        email: "ann@example.com".to_owned(),
        phone: phone.to_owned(),
        address: Address { lines: vec!["2 Low Street".to_owned()], ..Address::default() },
        email_consent: consent,
    }
}
