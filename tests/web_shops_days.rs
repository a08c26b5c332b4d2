//! Days at the counter and in a web shop, the same for every platform, and what fails in them.

use std::sync::Arc;
use std::time::Duration;

use countertop_app::App;
use countertop_app::wire::PayWith;
use countertop_domain::ids::VariantId;
use countertop_shop_twins::{Fault, FaultKind, Strike, WooBooks};
use countertop_sync::channel::Limits;

use crate::common::Shop;
use crate::common::web::Bent;
use crate::web_shops::{
    Example, LOAF, Web, connector, count, dead, give_back_one, hand_over, here, loaf, reserved,
    web_orders,
};

/// A register and a shop that were in step when they opened, for days one after another.
struct Days<P: Example> {
    shop: Shop,
    web: Web<P>,
    loaf: VariantId,
    /// How many there were.
    past: usize,
}

impl<P: Example> Days<P> {
    fn open(ahead_ms: i64) -> Self {
        let shop = Shop::open();
        let mut web: Web<P> = Web::of(shop.app(), LOAF, 10);
        web.ahead_ms = ahead_ms;
        web.in_step(shop.app());
        let loaf = loaf(shop.app());
        assert_eq!((here(shop.app(), loaf), web.loaves()), (10, 10), "opens with the shop's");
        Self { shop, web, loaf, past: 0 }
    }

    /// A day: sold, ordered there, given back, handed over, counted; there are ten again at its end. A
    /// fault strikes in it, if there is one.
    fn day(&mut self, fault: Option<Fault>) {
        let told = format!("{}: {fault:?}", P::KIND);
        let (app, loaf) = (Arc::clone(self.shop.app()), self.loaf);
        // Whoever waits for an answer that never ends waits less long here.
        let dawdles = fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Dawdle);
        let patience = dawdles.then_some(Duration::from_millis(400));
        self.web.connector = connector::<P>(&self.web.twin.url(), patience);
        self.past += 1;
        if let Some(fault) = fault {
            self.web.twin.strike(fault);
        }
        let (shop, web) = (&self.shop, &self.web);
        let figures = |app: &App| (here(app, loaf), reserved(app, loaf), web.loaves());
        let sale = shop.sell(&[LOAF, LOAF], PayWith::Cash);
        web.in_step(&app);
        assert_eq!(figures(&app), (8, 0, 8), "{told}: sold");
        let ordered = web.order_loaf();
        give_back_one(shop, sale.id);
        web.in_step(&app);
        let orders = web_orders(&app);
        assert_eq!(orders.len(), self.past, "{told}: one order came, and our own is none");
        let order = orders.iter().find(|order| order.external_id == ordered).expect("it came");
        assert_eq!(figures(&app), (9, 1, 8), "{told}: given back, ordered, promised");
        hand_over(shop, order);
        web.in_step(&app);
        assert_eq!(figures(&app), (8, 0, 8), "{told}: handed over, and taken once");
        count(shop, loaf, 10);
        web.in_step(&app);
        assert_eq!(figures(&app), (10, 0, 10), "{told}: counted");
        let ours = web.twin.books(|books| books.orders_of_ours(&sale.id.to_string()));
        assert_eq!(ours, 1, "{told}: one order a sale");
        let refunds = web.twin.books(|books| books.refund_count());
        assert_eq!(refunds, self.past, "{told}: one refund");
        assert_eq!(dead(&app), Vec::<String>::new(), "{told}");
        assert!(web.twin.script_is_over(), "{told}: it never struck");
    }
}

/// Every fault that passes by itself, or once somebody enters a key.
fn faults() -> Vec<FaultKind> {
    let mut all = FaultKind::passing();
    all.extend([
        FaultKind::Dawdle,
        FaultKind::Redirect("http://10.0.0.1/".to_owned()),
        FaultKind::Expired,
    ]);
    all
}

/// Of all faults at all places those of one share of so many, a day for each; two of three of them,
/// or every one in a long run.
pub(crate) fn every_fault<P: Example>(share: usize, shares: usize) {
    let long = std::env::var_os("COUNTERTOP_LONG").is_some();
    let mut days = Days::<P>::open(0);
    for (row, (method, path)) in P::places().into_iter().enumerate() {
        for (column, kind) in faults().into_iter().enumerate() {
            if column % shares == share && (long || !(row + column / shares).is_multiple_of(3)) {
                days.day(Some(Fault { strike: Strike::first(method, path), kind }));
            }
        }
    }
    println!("{} days of faults on {}", days.past, P::KIND);
    days.shop.books_agree();
}

/// A control: who does not look before sending again makes two orders of a sale whose answer was lost.
pub(crate) fn blind<P: Example>() {
    let days = Days::<P>::open(0);
    let (app, web) = (days.shop.app(), &days.web);
    let sale = days.shop.sell(&[LOAF], PayWith::Cash);
    let (method, path) = P::sells_at();
    web.twin.strike(Fault { strike: Strike::first(method, path), kind: FaultKind::DropAfter });
    for _ in 0..10 {
        let connector = Arc::clone(&web.connector);
        let limits = Limits { search_lag_ms: 0, ..connector.limits() };
        let _ = web.once_with(app, Arc::new(Bent { connector, limits, is_blind: true }));
    }
    let ours = web.twin.books(|books| books.orders_of_ours(&sale.id.to_string()));
    assert_eq!(ours, 2, "{}: the look-up is what keeps a sale one order", P::KIND);
}

/// Days without a fault.
pub(crate) fn quiet_days<P: Example>() {
    for ahead_ms in [0, 3 * 3_600_000, -3 * 3_600_000] {
        let mut days = Days::<P>::open(ahead_ms);
        days.day(None);
        days.day(None);
        days.shop.books_agree();
    }
}

#[test]
fn a_day_at_the_counter_and_in_the_shop_ends_with_equal_figures() {
    quiet_days::<WooBooks>();
}

#[test]
fn whatever_fails_in_a_day_each_thing_is_done_once_and_the_figures_are_equal() {
    every_fault::<WooBooks>(0, 1);
}
