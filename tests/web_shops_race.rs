//! Two web shops and the counter race for the last pieces of the same goods: no shop sells more than it
//! was told to offer, whatever is oversold is said, and nothing else is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countertop_app::channel_orders::{Step, step};
use countertop_app::commands::{CurrentBasket, PayTender, Scan};
use countertop_app::wire::{Nothing, PayRequest, PayWith, ScanRequest};
use countertop_app::{App, Caller, Clock, Ids, SystemIds, perform};
use countertop_domain::channel_order::OrderStatus;
use countertop_domain::ids::{ChannelId, TenderId, VariantId};
use countertop_domain::quantity::Unit;
use countertop_shop_twins::{Shop as Twin, WooBooks};
use countertop_store::{ChannelOrderRow, ChannelPolicy, ChannelRow, StoreError};
use uuid::Uuid;

use crate::common::goods::{good, put_on_sale};
use crate::common::web::{GoingClock, Hand, KEY, figures, open, put, row, to_dos, woo};
use crate::common::{Dice, Folder, Shop, books_agree};

/// Races of a register at the same time: each is about goods of its own.
const AT_ONCE: usize = 100;
/// What the second shop never offers, in pieces.
const BUFFER: i64 = 1;

/// Goods that everybody wants.
struct Goods {
    code: String,
    variant: VariantId,
    /// What each shop calls it.
    products: [i64; 2],
    /// How many there were.
    pieces: i64,
    sold: i64,
    ordered: [i64; 2],
}

struct Town {
    app: Arc<App>,
    caller: Caller,
    clock: Arc<GoingClock>,
    twins: [Twin<WooBooks>; 2],
    rows: [ChannelRow; 2],
    goods: Vec<Goods>,
    dice: Dice,
    _folder: Folder,
}

impl Town {
    /// Both shops were told how many there are: one or two of each.
    fn found(seed: u64) -> Self {
        let (shop, mut dice) = (Shop::open(), Dice(seed));
        let codes: Vec<String> = (0..AT_ONCE).map(|nth| format!("5{nth:03}")).collect();
        let pieces: Vec<i64> = codes.iter().map(|_| 1 + dice.below(2) as i64).collect();
        let drafts = codes.iter().zip(&pieces).map(|(code, pieces)| {
            let (name, stock) = (format!("Last {code}"), i32::try_from(*pieces).ok());
            good(&name, Unit::Piece, "food", Some(100), stock, &[(code, 1)])
        });
        put_on_sale(&shop, drafts.collect());
        let folder = shop.shut();
        let clock = Arc::new(GoingClock::default());
        let app = open(folder.path(), &clock);
        let caller = countertop::caller(&app, "till").unwrap();
        let mut books = [WooBooks::new(KEY), WooBooks::new(KEY)];
        let goods = codes.iter().zip(&pieces).map(|(code, pieces)| {
            let found = app.store().read::<_, StoreError>(|s| s.variant_by_code(code)).unwrap();
            let add = |books: &mut WooBooks| {
                let product = books.add_product(code, 0);
                books.label(product, code, "1.00", 0);
                product
            };
            let [one, other] = &mut books;
            Goods {
                code: code.clone(),
                variant: found.unwrap().variant.id,
                products: [add(one), add(other)],
                pieces: *pieces,
                sold: 0,
                ordered: [0; 2],
            }
        });
        let goods = goods.collect();
        let twins = books.map(|books| Twin::open(books).unwrap());
        let rows = [("first", &twins[0]), ("second", &twins[1])].map(|(name, twin)| {
            let id = ChannelId::new(Uuid::now_v7());
            let row = row(&app, id, name, &twin.url());
            let is_second = name == "second";
            ChannelRow {
                policy: if is_second { ChannelPolicy::Split } else { ChannelPolicy::Till },
                buffer: if is_second { BUFFER * 1_000 } else { 0 },
                ..row
            }
        });
        rows.iter().for_each(|row| put(&app, row));
        let town = Self { app, caller, clock, twins, rows, goods, dice, _folder: folder };
        town.in_step();
        for one in &town.goods {
            assert_eq!(town.offers(one), [one.pieces, one.pieces - BUFFER], "told at the start");
        }
        town
    }

    fn hand(&self, nth: usize) -> Hand {
        let shop = woo(&self.twins[nth].url());
        Hand::at(&self.app, &self.clock, self.rows[nth].id, shop)
    }

    /// What one shop hears changes what the other may offer, so twice.
    fn in_step(&self) {
        for nth in [0, 1, 0, 1] {
            self.hand(nth).in_step();
        }
    }

    fn offers(&self, goods: &Goods) -> [i64; 2] {
        [0, 1].map(|nth| {
            let product = goods.products[nth];
            self.twins[nth].books(|books| books.product(product).unwrap().stock)
        })
    }

    /// Everybody comes for a piece of these goods, in any order; whoever sees none goes away.
    fn race(&mut self, nth: usize) {
        let first = self.dice.below(3);
        for turn in 0..3 {
            let who = (first + turn * (1 + self.dice.below(2))) % 3;
            if self.dice.below(4) == 0 {
                continue;
            }
            let goods = &mut self.goods[nth];
            if who == 2 {
                // Whoever has it in their hand is sold it.
                if figures(&self.app, goods.variant).0 > 0 {
                    goods.sold += 1;
                    sell(&self.app, &self.caller, &goods.code);
                }
                continue;
            }
            let (shop, now) = (who as usize, self.clock.now().utc_ms);
            let product = goods.products[shop];
            goods.ordered[shop] += self.twins[shop].books(|books| {
                let offered = books.product(product).unwrap().stock;
                i64::from(offered > 0 && books.order_online(product, 1, now) > 0)
            });
        }
    }

    /// The shops are told and read meanwhile, each in a thread of its own.
    fn run(&mut self) {
        let over = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = [0, 1]
            .map(|nth| {
                let (hand, over) = (self.hand(nth), Arc::clone(&over));
                std::thread::spawn(move || {
                    while !over.load(Ordering::SeqCst) {
                        hand.once().unwrap();
                    }
                })
            })
            .into();
        for nth in 0..self.goods.len() {
            self.race(nth);
        }
        over.store(true, Ordering::SeqCst);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        self.in_step();
    }

    /// What everybody took of it beyond what there was; what is said about it, and what is offered.
    fn check(&self) -> usize {
        let said: Vec<String> = self
            .rows
            .iter()
            .flat_map(|row| to_dos(&self.app, row.id))
            .map(|(kind, about, _)| {
                assert_eq!(kind, "oversold");
                about
            })
            .collect();
        let mut short = 0;
        for goods in &self.goods {
            let told = [goods.pieces, goods.pieces - BUFFER];
            for nth in [0, 1] {
                assert!(goods.ordered[nth] <= told[nth], "{} sold more than told", goods.code);
            }
            let (here, promised) = figures(&self.app, goods.variant);
            assert_eq!(here, goods.pieces - goods.sold);
            assert_eq!(promised, goods.ordered.iter().sum::<i64>());
            let is_short = promised > here;
            short += usize::from(is_short);
            let about = format!("promised:{}", goods.variant);
            let times = said.iter().filter(|said| **said == about).count();
            assert_eq!(times, usize::from(is_short), "{}: {here} and {promised}", goods.code);
            let left = here - promised;
            assert_eq!(self.offers(goods), [left.max(0), (left - BUFFER).max(0)]);
        }
        assert_eq!(said.len(), short);
        short
    }

    /// What is short is told to the customer, and cancelled: the newest order first.
    fn cancel_the_short(&self) {
        for goods in &self.goods {
            loop {
                let (here, promised) = figures(&self.app, goods.variant);
                if promised <= here {
                    break;
                }
                let last =
                    self.app.store().read::<_, StoreError>(|s| s.last_promise(goods.variant));
                let order: ChannelOrderRow = last.unwrap().unwrap();
                let next = Step { status: Some(OrderStatus::Cancelled), ..Step::default() };
                step(&self.app, &self.caller, order.id, &next, |_| Ok(())).unwrap();
            }
        }
    }
}

fn sell(app: &App, caller: &Caller, code: &str) {
    let basket = perform::<CurrentBasket>(app, caller, Nothing {}).unwrap();
    let scan = ScanRequest { basket_id: basket.id, code: code.to_owned() };
    let basket = perform::<Scan>(app, caller, scan).unwrap().basket;
    let tender = TenderId::new(SystemIds.next());
    let pay = PayRequest::plain(basket.id, tender, PayWith::Cash, basket.due, false);
    assert!(perform::<PayTender>(app, caller, pay).unwrap().sale.is_some(), "paid in full");
}

#[test]
fn two_shops_and_the_counter_race_for_the_last_pieces_and_every_oversell_is_said() {
    let races = if std::env::var_os("COUNTERTOP_LONG").is_some() { 1_000 } else { AT_ONCE };
    let (mut short, mut sold, mut ordered) = (0, 0, [0, 0]);
    for nth in 0..races / AT_ONCE {
        let mut town = Town::found(7 + nth as u64);
        town.run();
        short += town.check();
        for goods in &town.goods {
            sold += goods.sold;
            ordered = [ordered[0] + goods.ordered[0], ordered[1] + goods.ordered[1]];
        }
        town.cancel_the_short();
        town.in_step();
        for row in &town.rows {
            assert_eq!(to_dos(&town.app, row.id), [], "cancelled: nobody is to look any more");
        }
        books_agree(&town.app);
    }
    println!(
        "{races} races: {sold} sold, {ordered:?} ordered in the shops, {short} oversold, all said"
    );
}
