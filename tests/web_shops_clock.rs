//! Clocks that are wrong, shops that are away for days, and figures that a platform cannot show.

use std::sync::Arc;

use countertop_app::Clock;
use countertop_domain::ids::{ChannelId, VariantId};
use countertop_domain::quantity::Unit;
use countertop_shop_twins::{Fault, FaultKind, Shop as Twin, Strike, WooBooks};
use countertop_store::{ChannelRow, StoreError};
use countertop_sync::channel::Limits;
use serde_json::json;
use uuid::Uuid;

use crate::common::goods::{BREAD, good, put_on_sale, variant};
use crate::common::web::{Bent, GoingClock, Hand, KEY, figures, open, put, row, woo};
use crate::common::{Folder, Shop};
use crate::web_shops::{count, web_orders};

const HOUR_MS: i64 = 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const SHOP: ChannelId = ChannelId::new(Uuid::from_u128(50));

/// A register with ten loaves, and a shop that has bread.
struct Town {
    shop: Shop,
    clock: Arc<GoingClock>,
    twin: Twin<WooBooks>,
    product: i64,
    hand: Hand,
}

fn shop_with(code: &str) -> (Twin<WooBooks>, i64) {
    let mut books = WooBooks::new(KEY);
    let product = books.add_product(code, 0);
    books.label(product, code, "1.00", 0);
    (Twin::open(books).unwrap(), product)
}

fn town() -> Town {
    let shop = Shop::open();
    count(&shop, variant(&shop, "Bread"), 10);
    let (twin, product) = shop_with(BREAD);
    put(shop.app(), &row(shop.app(), SHOP, "webshop", &twin.url()));
    let clock = Arc::new(GoingClock::default());
    let hand = Hand::at(shop.app(), &clock, SHOP, woo(&twin.url()));
    hand.in_step();
    let town = Town { shop, clock, twin, product, hand };
    assert_eq!(town.there(), 10);
    town
}

impl Town {
    fn there(&self) -> i64 {
        self.twin.books(|books| books.product(self.product).unwrap().stock)
    }

    fn in_doubt(&self) -> u32 {
        let counts = self.shop.app().store().read::<_, StoreError>(|s| s.channel_op_counts(SHOP));
        counts.unwrap().unknown
    }

    /// Somebody orders a loaf there, by the shop's own clock.
    fn order_by(&self, skew_ms: i64) {
        self.twin.set_skew_ms(skew_ms);
        let now = countertop_app::SystemClock.now().utc_ms + skew_ms;
        self.twin.books(|books| books.order_online(self.product, 1, now));
    }
}

#[test]
fn a_sale_in_doubt_is_found_after_days_and_never_made_twice() {
    for kind in [FaultKind::DropAfter, FaultKind::StatusAfter(504), FaultKind::DropBefore] {
        let town = town();
        let sale = town.shop.sell(&[BREAD], countertop_app::wire::PayWith::Cash);
        town.twin.strike(Fault { strike: Strike::first("POST", "/orders"), kind: kind.clone() });
        let _ = town.hand.once();
        assert_eq!(town.in_doubt(), 1, "{kind:?}");
        // The shop is away for five days, and is asked again and again.
        town.twin.shut(true);
        for _ in 0..20 {
            town.clock.set_by(DAY_MS / 4);
            assert!(town.hand.once().is_err());
        }
        town.twin.shut(false);
        town.clock.set_by(DAY_MS);
        town.hand.in_step();
        let ours = json!(sale.id.to_string());
        let orders = town.twin.books(|books| books.orders());
        assert_eq!(
            orders.iter().filter(|one| one["transaction_id"] == ours).count(),
            1,
            "{kind:?}"
        );
        assert_eq!(town.there(), 9, "{kind:?}");
        assert_eq!(town.hand.dead(), Vec::<String>::new());
    }
}

#[test]
fn what_may_still_be_at_work_in_the_shop_is_not_sent_again_at_once() {
    let town = town();
    town.shop.sell(&[BREAD], countertop_app::wire::PayWith::Cash);
    // The line is cut before the shop has done anything, and a moment later the shop does it.
    town.twin
        .strike(Fault { strike: Strike::first("POST", "/orders"), kind: FaultKind::DropBefore });
    let _ = town.hand.once();
    town.clock.set_by(20_000);
    town.hand.once().unwrap();
    let sent = |town: &Town| {
        let calls = town.twin.calls();
        calls.iter().filter(|call| call.method == "POST" && call.path.ends_with("/orders")).count()
    };
    assert_eq!(sent(&town), 1, "it was not found, which says nothing yet");
    town.hand.in_step();
    assert_eq!((sent(&town), town.there()), (2, 9));
}

#[test]
fn a_shop_whose_clock_is_wrong_by_hours_and_put_right_loses_no_order() {
    let town = town();
    for (nth, skew_ms) in [5, 0, -7, 3, -1, 0].map(|hours| hours * HOUR_MS).into_iter().enumerate()
    {
        // Some time after it was last read, its clock is another.
        town.clock.set_by(HOUR_MS);
        town.order_by(skew_ms);
        town.hand.in_step();
        assert_eq!(web_orders(town.shop.app()).len(), nth + 1, "{skew_ms} ms");
        let (here, promised) = figures(town.shop.app(), variant(&town.shop, "Bread"));
        assert_eq!((here, promised, town.there()), (10, nth as i64 + 1, 9 - nth as i64));
    }
}

#[test]
fn a_register_whose_clock_is_set_back_by_days_tells_its_shop_soon() {
    let town = town();
    town.clock.set_by(3 * DAY_MS);
    town.twin.shut(true);
    town.shop.sell(&[BREAD], countertop_app::wire::PayWith::Cash);
    for _ in 0..4 {
        assert!(town.hand.once().is_err());
        town.clock.set_by(HOUR_MS);
    }
    town.twin.shut(false);
    town.clock.set_by(-3 * DAY_MS - 5 * HOUR_MS);
    for _ in 0..3 {
        town.hand.once().unwrap();
        town.clock.set_by(61_000);
    }
    assert_eq!((town.hand.waiting(), town.there()), (0, 9));
    count(&town.shop, variant(&town.shop, "Bread"), 30);
    for _ in 0..3 {
        town.hand.once().unwrap();
        town.clock.set_by(61_000);
    }
    assert_eq!((town.hand.waiting(), town.there()), (0, 30));
}

#[test]
fn what_is_weighed_is_offered_in_whole_units_and_not_set_again_at_each_reading() {
    let shop = Shop::open();
    put_on_sale(
        &shop,
        vec![good("Ham", Unit::Kilogram, "food", Some(900), Some(9), &[("7001", 1)])],
    );
    let line = json!({ "variant_id": variant(&shop, "Ham"), "counted": 2_750 });
    let request = json!({ "move_id": Uuid::now_v7(), "lines": [line] });
    shop.json("stock.count", request).unwrap();
    let (twin, product) = shop_with("7001");
    put(shop.app(), &row(shop.app(), SHOP, "webshop", &twin.url()));
    let clock = Arc::new(GoingClock::default());
    let hand = Hand::at(shop.app(), &clock, SHOP, woo(&twin.url()));
    hand.in_step();
    let there = || twin.books(|books| books.product(product).unwrap().stock);
    assert_eq!((there(), hand.dead()), (2, Vec::new()));
    twin.forget_calls();
    for nth in 0..3 {
        // Something else about it changed, so that it is read again.
        let now = countertop_app::SystemClock.now().utc_ms;
        twin.books(|books| books.label(product, "7001", &format!("1.0{nth}"), now));
        hand.in_step();
    }
    let calls = twin.calls();
    let set = calls.iter().filter(|call| call.method == "PUT").count();
    assert_eq!((set, there()), (0, 2), "it was right already");
}

#[test]
fn a_shop_that_counts_its_shelf_takes_its_own_promises_off_itself_and_is_told_of_those_of_others() {
    let town = town();
    let app = town.shop.app();
    let (shelf, product) = shop_with(BREAD);
    let id = ChannelId::new(Uuid::from_u128(51));
    put(app, &ChannelRow { ..row(app, id, "shelf", &shelf.url()) });
    let connector = woo(&shelf.url());
    // Its figure is what lies on its shelf.
    let limits = Limits { figure_is_available: false, ..connector.limits() };
    let on_its_shelf = Bent { connector, limits, is_blind: false };
    let hand = Hand::at(app, &town.clock, id, Arc::new(on_its_shelf));
    hand.in_step();
    let on_shelf = || shelf.books(|books| books.product(product).unwrap().stock);
    assert_eq!(on_shelf(), 10);
    town.order_by(0);
    town.hand.in_step();
    hand.in_step();
    assert_eq!((town.there(), on_shelf()), (9, 9), "another shop's order");
    let now = countertop_app::SystemClock.now().utc_ms;
    // Its own order, which it keeps apart: what lies there is what lay there.
    shelf.books(|books| books.order_online(product, 2, now));
    hand.in_step();
    town.hand.in_step();
    let bread: VariantId = variant(&town.shop, "Bread");
    assert_eq!(figures(app, bread), (10, 3));
    assert_eq!((town.there(), on_shelf()), (7, 9));
}

#[test]
fn a_refund_that_is_made_anew_after_a_restore_is_known_by_the_shop() {
    let town = town();
    let sale = town.shop.sell(&[BREAD], countertop_app::wire::PayWith::Cash);
    crate::web_shops::give_back_one(&town.shop, sale.id);
    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("backup.ctop");
    town.shop.app().store().backup(&file).unwrap();
    town.hand.in_step();
    let refunds = || town.twin.books(|books| books.refunds().len());
    assert_eq!((refunds(), town.there()), (1, 10));
    let folder = work.path().join("restored");
    countertop_store::restore(&file, &folder, town.clock.now()).unwrap();
    let app = open(&folder, &town.clock);
    let hand = Hand::at(&app, &town.clock, SHOP, woo(&town.twin.url()));
    hand.in_step();
    assert_eq!((refunds(), town.there()), (1, 10));
    let done = app.store().read::<_, StoreError>(|s| s.channel_ops(SHOP, None, i64::MAX, 99));
    let kinds: Vec<String> = done.unwrap().into_iter().map(|op| op.kind).collect();
    assert!(kinds.contains(&"refund".to_owned()), "it was looked up: {kinds:?}");
    let _: Folder = town.shop.shut();
}
