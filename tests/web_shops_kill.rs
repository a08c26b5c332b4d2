//! The register is killed again and again while it sells and tells a web shop: in the end the shop has
//! one order for each sale and one refund for each that was given back, and both count the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_app::{Clock, SystemClock};
use countertop_domain::sale::Sale;
use countertop_shop_twins::{Shop as Twin, WooBooks};
use countertop_store::{ChannelOrderFilter, StoreError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::daemon::Served;
use crate::common::goods::{BREAD, WATER, variant};
use crate::common::web::{GoingClock, Hand, KEY, figures, open, woo};
use crate::common::wire::done;
use crate::common::{Dice, Folder, Shop, books_agree, sales_of, wait_for};
use crate::web_shops::count;

/// How many of each there are: more than are ever sold.
const PIECES: i64 = 10_000;

/// A register in a process of its own, and its web shop.
struct Town {
    folder: Folder,
    twin: Twin<WooBooks>,
    /// What the shop calls bread and water.
    products: [(&'static str, i64); 2],
    dice: Dice,
    /// What was sold and may be given back: the sale, its payment, its line, and what that came to.
    sold: Vec<(Value, Value, Value, Value)>,
    online: usize,
}

impl Town {
    /// Both sides know the same goods and count the same.
    fn found(seed: u64) -> Self {
        let shop = Shop::open();
        for name in ["Bread", "Water"] {
            count(&shop, variant(&shop, name), PIECES);
        }
        let mut books = WooBooks::new(KEY);
        let products = [BREAD, WATER].map(|code| {
            let product = books.add_product(code, PIECES);
            books.label(product, code, "1.00", 0);
            (code, product)
        });
        let twin = Twin::open(books).unwrap();
        let folder = shop.shut();
        let town = Self { folder, twin, products, dice: Dice(seed), sold: Vec::new(), online: 0 };
        let served = Served::start(town.folder.path());
        let shop = json!({
            "kind": "woocommerce", "name": "webshop", "url": town.twin.url(),
            "allow_host": true, "secrets": { "key": KEY },
        });
        done(served.address, "channels.save", &shop);
        wait_for("the shop's first reading", || {
            let list = done(served.address, "channels.list", &json!({}));
            (list["channels"][0]["state"] == "in_step").then_some(())
        });
        served.kill();
        town
    }

    /// Sells, gives back and orders a little, and kills the register in the middle of telling it.
    fn round(&mut self) {
        let served = Served::start(self.folder.path());
        self.twin.forget_calls();
        let deeds = 1 + self.dice.below(3);
        for _ in 0..deeds {
            match self.dice.below(4) {
                0 if !self.sold.is_empty() => self.give_back(&served),
                1 => {
                    self.order_online();
                    self.sell(&served);
                }
                _ => self.sell(&served),
            }
        }
        if self.dice.below(3) > 0 {
            // Each of the deeds is told with a call of its own, at the least.
            let calls = 1 + self.dice.below(deeds);
            wait_for("the shop to be told", || {
                (self.twin.calls().len() as u64 >= calls).then_some(())
            });
        }
        let until = Instant::now() + Duration::from_micros(self.dice.below(20_000));
        // A sleep is too coarse.
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        served.kill();
        wait_for("the shop to do what it was sent", || (self.twin.lines() == 0).then_some(()));
    }

    fn sell(&mut self, served: &Served) {
        let basket = done(served.address, "basket.current", &json!({}));
        let code = if self.dice.below(2) == 0 { BREAD } else { WATER };
        let scan = json!({ "basket_id": basket["id"], "code": code });
        let basket = done(served.address, "basket.scan", &scan)["basket"].clone();
        let paid = self.pay(served, &basket, &Value::Null);
        let sale = &paid["sale"];
        let tender = sale["tenders"][0]["id"].clone();
        self.sold.push((
            sale["id"].clone(),
            tender,
            sale["lines"][0]["id"].clone(),
            sale["total"].clone(),
        ));
    }

    fn give_back(&mut self, served: &Served) {
        let nth = self.dice.below(self.sold.len() as u64) as usize;
        let (sale, tender, line, total) = self.sold.swap_remove(nth);
        let mut basket = done(served.address, "basket.current", &json!({}));
        let back = json!({
            "basket_id": basket["id"], "sale_id": sale, "line_id": line, "quantity": 1_000,
            "reason": "stale",
        });
        basket = done(served.address, "basket.add_return", &back);
        basket["due"] = total;
        self.pay(served, &basket, &tender);
    }

    fn pay(&self, served: &Served, basket: &Value, refunds: &Value) -> Value {
        let mut request = json!({
            "basket_id": basket["id"], "tender_id": Uuid::now_v7(), "kind": "cash",
            "offered": basket["due"], "print": false,
        });
        if !refunds.is_null() {
            request["refunds"] = refunds.clone();
        }
        let paid = done(served.address, "pay.tender", &request);
        assert!(!paid["sale"].is_null(), "paid in full: {paid}");
        paid
    }

    fn order_online(&mut self) {
        let product = self.products[self.dice.below(2) as usize].1;
        let now = SystemClock.now().utc_ms;
        self.twin.books(|books| books.order_online(product, 1, now));
        self.online += 1;
    }

    /// Lets the register end its work, and compares both sides' books.
    fn agree(&self) -> String {
        let clock = Arc::new(GoingClock::default());
        let app = open(self.folder.path(), &clock);
        let id = app.store().read::<_, StoreError>(|s| s.channels()).unwrap()[0].id;
        let hand = Hand::at(&app, &clock, id, woo(&self.twin.url()));
        hand.in_step();
        assert_eq!(hand.dead(), Vec::<String>::new());
        let sales = sales_of(&app);
        let (refunds, sold): (Vec<&Sale>, Vec<&Sale>) =
            sales.iter().partition(|sale| sale.total.minor() < 0);
        let mut orders: BTreeMap<String, usize> = BTreeMap::new();
        let mut backs: BTreeMap<String, usize> = BTreeMap::new();
        self.twin.books(|books| {
            for order in books.orders() {
                if order["created_via"] == "countertop" {
                    let ours = order["transaction_id"].as_str().unwrap().to_owned();
                    *orders.entry(ours).or_default() += 1;
                }
            }
            for back in books.refunds() {
                let ours = back["meta_data"][0]["value"].as_str().unwrap().to_owned();
                *backs.entry(ours).or_default() += 1;
            }
        });
        let once: BTreeMap<String, usize> =
            sold.iter().map(|sale| (sale.id.to_string(), 1)).collect();
        assert_eq!(orders, once, "one order a sale, and none without one");
        assert!(backs.values().all(|times| *times == 1), "a refund came twice: {backs:?}");
        assert_eq!(backs.len(), refunds.len(), "one refund each");
        let filter = ChannelOrderFilter::default();
        let came = app.store().read::<_, StoreError>(|s| s.channel_orders(&filter, 10_000));
        assert_eq!(came.unwrap().len(), self.online, "each order of the shop came once");
        for (code, product) in self.products {
            let found = app.store().read::<_, StoreError>(|s| s.variant_by_code(code)).unwrap();
            let (here, promised) = figures(&app, found.unwrap().variant.id);
            let there = self.twin.books(|books| books.product(product).unwrap().stock);
            assert_eq!(here - promised, there, "{code}");
        }
        books_agree(&app);
        format!(
            "{} sales, {} given back, {} orders of the shop",
            sold.len(),
            refunds.len(),
            self.online
        )
    }
}

#[test]
fn killed_at_any_moment_a_register_tells_its_web_shop_everything_once() {
    let rounds = if std::env::var_os("COUNTERTOP_LONG").is_some() { 200 } else { 20 };
    let seed = 20_261_123;
    let mut town = Town::found(seed);
    for _ in 0..rounds {
        town.round();
    }
    println!("seed {seed}: killed {rounds} times, {}", town.agree());
}
