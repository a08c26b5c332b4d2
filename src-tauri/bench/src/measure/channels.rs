//! Web shops: a hundred thousand products come in while the cashier sells, a shop in which nothing
//! happens is looked after, and a thousand sales are told to it. The shop answers at once, so that all
//! time is the register's own, or the pace that it keeps.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use countertop_app::commands::{ListChannels, SaveChannelCommand};
use countertop_app::wire::{ChannelState, ChannelView, Nothing, SaveChannel};
use countertop_app::{import_catalogue, perform};
use countertop_shop_twins::{Call, Platform, Reply, Shop};
use serde_json::{Value, json};

use super::Session;
use super::pay::Metronome;
use crate::catalogue::{Order, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::{Figure, Times};
use crate::report::{Row, Wanted};
use crate::till::Till;

/// What the till sells meanwhile.
const ITEMS: u64 = 1_000;
const LINES: usize = 3;
const PACE: Duration = Duration::from_millis(20);
/// After so many sales the till looks how far the shop is.
const LOOK: usize = 50;
/// How long the shop may take for anything.
const PATIENCE: Duration = Duration::from_secs(200);

/// A WooCommerce shop with very many products, which answers as fast as it can and keeps hardly any
/// books. It is strict about nothing: the tests' twin is.
struct Wholesale {
    products: u64,
    orders: u64,
}

impl Wholesale {
    fn page(&self, call: &Call) -> Reply {
        let number: u64 = call.asked("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        // Nothing changes there.
        let all = if call.asked("modified_after").is_some() { 0 } else { self.products };
        let first = (number - 1) * 100 + 1;
        let items: Vec<Value> = (first..(first + 100).min(all + 1)).map(product).collect();
        listed(items, all)
    }
}

fn listed(items: Vec<Value>, all: u64) -> Reply {
    Reply::json(200, &Value::Array(items))
        .with("X-WP-Total", all)
        .with("X-WP-TotalPages", all.div_ceil(100))
}

fn product(id: u64) -> Value {
    let price = format!("{}.{:02}", 1 + id % 90, id % 100);
    json!({
        "id": id, "name": format!("Ware {id}"), "type": "simple", "status": "publish",
        "sku": format!("W-{id}"), "global_unique_id": code(id), "price": price,
        "regular_price": price, "manage_stock": true, "stock_quantity": 1_000, "tax_class": "",
        "categories": [{ "id": id % 40, "name": format!("Shelf {}", id % 40) }], "images": [],
        "attributes": [],
    })
}

fn code(id: u64) -> String {
    (9_100_000_000_000 + id).to_string()
}

impl Platform for Wholesale {
    fn answer(&mut self, call: &Call, _: i64) -> Reply {
        let rest = call.parts().get(3..).unwrap_or_default().to_vec();
        match (call.method.as_str(), rest.as_slice()) {
            ("GET", ["products"]) => self.page(call),
            ("POST", ["orders"]) => {
                self.orders += 1;
                Reply::json(201, &json!({ "id": self.orders }))
            }
            ("PUT", ["products", id]) => Reply::json(
                200,
                &json!({ "id": id, "stock_quantity": call.body["stock_quantity"] }),
            ),
            ("GET", _) => listed(Vec::new(), 0),
            _ => Reply::json(404, &json!({ "code": "rest_no_route", "message": "No route" })),
        }
    }

    fn expire(&mut self, _: bool) {}
}

/// Measures and reports.
///
/// # Errors
/// The register's, or the shop came into trouble.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let products = if session.quick { 10_000 } else { 100_000 };
    let folder = session.folder.path().join("channels");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products.csv");
    write_csv(&file, Order::Running, 0, ITEMS)?;
    let till = Till::open(&folder.join("register"))?;
    import_catalogue(till.app(), &till.caller, &file)?;
    let shop = Shop::open(Wholesale { products, orders: 0 })?;
    let mut town = Town { till, chance: Chance::new(3), products };
    town.sell(50, None)?; // Warm.
    let calm = town.sell(session.times(1_000, 200), Some(PACE))?;
    town.first_reading(session, &shop, calm)?;
    town.idle(session)?;
    town.burst(session, &shop)
}

struct Town {
    till: Till,
    chance: Chance,
    products: u64,
}

impl Town {
    /// Sells the till's own goods; how long each payment took.
    fn sell(&mut self, sales: usize, pace: Option<Duration>) -> anyhow::Result<Times> {
        let (mut times, mut clock) = (Times::default(), pace.map(Metronome::new));
        for _ in 0..sales {
            let codes = (0..LINES).map(|_| barcode(Order::Running, self.chance.below(ITEMS)));
            let codes: Vec<String> = codes.collect();
            let request = Till::cash_for(&self.till.ring_up(codes)?);
            if let Some(clock) = &mut clock {
                clock.wait();
            }
            times.time(|| self.till.pay(request))?;
        }
        Ok(times)
    }

    fn shop(&self) -> anyhow::Result<ChannelView> {
        let list = perform::<ListChannels>(self.till.app(), &self.till.caller, Nothing {})?;
        let shop = list.channels.into_iter().next().context("there is no shop")?;
        ensure!(shop.trouble.is_empty(), "the shop is in trouble: {}", shop.trouble);
        Ok(shop)
    }

    fn first_reading(
        &mut self,
        session: &mut Session,
        shop: &Shop<Wholesale>,
        calm: Times,
    ) -> anyhow::Result<()> {
        let before = memory();
        let request = SaveChannel {
            id: None,
            kind: "woocommerce".to_owned(),
            name: "wholesale".to_owned(),
            url: shop.url(),
            options: Default::default(),
            secrets: [("key".to_owned(), "ck_1:cs_2".to_owned())].into(),
            policy: String::new(),
            buffer: 0,
            allow_host: true,
            certificate: String::new(),
        };
        let began = Instant::now();
        perform::<SaveChannelCommand>(self.till.app(), &self.till.caller, request)?;
        let (mut times, mut sizes) = (Times::default(), Vec::new());
        loop {
            times.append(self.sell(LOOK, Some(PACE))?);
            let shop = self.shop()?;
            sizes.push((shop.items, memory()));
            if shop.state == ChannelState::InStep {
                break;
            }
            ensure!(began.elapsed() < PATIENCE, "the shop is not read: {} items", shop.items);
        }
        let took = began.elapsed();
        let report = &mut session.report;
        let wanted = Wanted { p50: Some(60.0), ..Wanted::default() };
        report.add(
            Row::new("channels_first", "the first reading of a web shop, the till sells", "s")
                .items(self.products)
                .goal(23, wanted)
                .measured(Figure::single(took.as_secs_f64()))
                .note("the shop answers at once; to a second, as the till looks"),
        );
        report.add(
            Row::new("channels_pay", "pay to durable meanwhile; yardstick: before", "ms")
                .items(self.products)
                .goal(23, Wanted { worst_ratio: Some(1.25), ..Wanted::default() })
                .measured(times.milliseconds())
                .beside(calm.milliseconds()),
        );
        let after = |part: u64| {
            let from = u32::try_from(self.products * part / 100).unwrap_or(u32::MAX);
            sizes.iter().find(|(items, _)| *items >= from).map(|(_, size)| *size)
        };
        let most = sizes.iter().map(|(_, size)| *size).fold(0.0, f64::max);
        report.add(
            Row::new("channels_memory", "memory at its most; yardstick: a fifth was read", "MiB")
                .items(self.products)
                .goal(23, Wanted { ratio: Some(1.25), ..Wanted::default() })
                .measured(Figure::single(most))
                .beside(after(20).map(Figure::single))
                .note(format!("{before:.0} MiB before; the shop is in the same process")),
        );
        Ok(())
    }

    /// What the processor does for a shop in which nothing happens.
    fn idle(&mut self, session: &mut Session) -> anyhow::Result<()> {
        // What is still behind from the reading is done, and every list that changes is read in a minute.
        let minute = Duration::from_secs(60);
        std::thread::sleep(Duration::from_secs(5));
        let (began, before) = (Instant::now(), processor());
        std::thread::sleep(minute);
        let busy = 100.0 * (processor() - before) / began.elapsed().as_secs_f64();
        self.shop()?;
        session.report.add(
            Row::new("channels_idle", "of one core, while nothing happens in the shop", "%")
                .items(self.products)
                .goal(23, Wanted { p50: Some(1.0), ..Wanted::default() })
                .measured(Figure::single(busy))
                .note("the whole register and the shop, for a minute"),
        );
        Ok(())
    }

    /// A thousand sales of what the shop has, as fast as the till can.
    fn burst(&mut self, session: &mut Session, shop: &Shop<Wholesale>) -> anyhow::Result<()> {
        const SALES: u64 = 1_000;
        shop.forget_calls();
        let began = Instant::now();
        for _ in 0..SALES {
            let codes: Vec<String> =
                (0..LINES).map(|_| code(1 + self.chance.below(self.products))).collect();
            let request = Till::cash_for(&self.till.ring_up(codes)?);
            self.till.pay(request)?;
        }
        let sold = began.elapsed();
        while shop.books(|books| books.orders) < SALES {
            ensure!(began.elapsed() < PATIENCE, "the shop is not told");
            std::thread::sleep(Duration::from_millis(20));
        }
        let took = began.elapsed();
        let calls = shop.calls().len();
        let rate =
            |of: usize| u32::try_from(of).map_or(f64::INFINITY, f64::from) / took.as_secs_f64();
        session.report.add(
            Row::new("channels_burst", "orders a second told after 1,000 sales at once", "1/s")
                .items(self.products)
                .measured(Figure::single(rate(SALES as usize)))
                .beside(Figure::single(rate(calls)))
                .note(format!(
                    "sold in {:.1} s, told in {:.1} s; yardstick: all requests, which keep the \
                     platform's pace",
                    sold.as_secs_f64(),
                    took.as_secs_f64()
                )),
        );
        Ok(())
    }
}

/// What this process has in memory, in MiB.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kib = line.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1_024.0
}

/// Seconds that a processor worked for this process, to a hundredth.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Its name may have blanks.
    let rest = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks =
        rest.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
