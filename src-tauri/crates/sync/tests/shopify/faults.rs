//! Whatever fails: one order a sale, one refund, stock equal at the end.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_shop_twins::shopify::ShopifyBooks;
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike};
use countertop_sync::channel::{Done, Errand, Found, Task, Trouble};

use crate::bench::{Bench, TOKEN, bench, customer, errand, fulfil};

/// Where faults strike: the document that does it, and whatever is asked second.
fn places(document: &str) -> [Strike; 2] {
    [Strike::first("POST", document), Strike { after: 1, ..Strike::first("POST", "") }]
}

/// Every passing fault at every place of a document, alone and with a second one at the look-up.
fn scripts(document: &str, look_up: &str) -> Vec<Vec<Fault>> {
    let mut scripts = Vec::new();
    for kind in FaultKind::passing() {
        for strike in places(document) {
            for second in [None, Some(FaultKind::DropBefore), Some(FaultKind::StatusBefore(503))] {
                let mut script = vec![Fault { strike: strike.clone(), kind: kind.clone() }];
                if let Some(kind) = second {
                    script.push(Fault { strike: Strike::first("POST", look_up), kind });
                }
                scripts.push(script);
            }
        }
    }
    scripts
}

fn each(document: &str, look_up: &str, run: impl Fn(&Bench, &[Fault])) -> usize {
    let scripts = scripts(document, look_up);
    for script in &scripts {
        let bench = bench();
        // Nothing is found until half a minute after it was made.
        bench.shop.books(|books| books.search_lag_ms = 30_000);
        run(&bench, script);
    }
    scripts.len()
}

fn strike(bench: &Bench, script: &[Fault]) {
    script.iter().cloned().for_each(|fault| bench.shop.strike(fault));
}

#[test]
fn whatever_fails_one_sale_becomes_one_order_and_takes_the_goods_once() {
    let run = |bench: &Bench, script: &[Fault]| {
        strike(bench, script);
        bench.until_done(&bench.sale());
        let (orders, total, paid) = bench.shop.books(|books| {
            let order = books.orders.values().next().unwrap();
            (books.orders.len(), order.total(), order.paid())
        });
        assert_eq!((orders, total, paid, bench.there()), (1, 1_500, 1_500, 7), "{script:?}");
    };
    assert_eq!(each("mutation CreateOrder", "query FindOrder", run), 84);
}

#[test]
fn whatever_fails_one_refund_gives_goods_and_money_back_once() {
    let run = |bench: &Bench, script: &[Fault]| {
        let order = bench.until_done(&bench.sale()).external_id;
        strike(bench, script);
        bench.until_done(&bench.refund(&order));
        let (refunds, paid) = bench.shop.books(|books| {
            let order = books.orders.values().next().unwrap();
            (order.refunds.len(), order.paid())
        });
        assert_eq!((refunds, paid, bench.there()), (1, 833, 9), "{script:?}");
    };
    assert_eq!(each("mutation CreateRefund", "query RefundBase", run), 84);
}

#[test]
fn whatever_fails_what_came_in_is_there_once() {
    let run = |bench: &Bench, script: &[Fault]| {
        strike(bench, script);
        bench.until_done(&bench.moved(5_000));
        assert_eq!(bench.there(), 15, "{script:?}");
    };
    assert_eq!(each("mutation AdjustStock", "query Shop", run), 84);
}

#[test]
fn whatever_fails_a_count_ends_as_the_figure_that_was_counted() {
    // A figure is not looked up but set again.
    for kind in FaultKind::passing() {
        let bench = bench();
        bench.shop.strike(Fault {
            strike: Strike::first("POST", "mutation SetStock"),
            kind: kind.clone(),
        });
        let mut done: Option<Done> = None;
        for _ in 0..5 {
            done = done.or_else(|| bench.send(&bench.count(42_000, None)).ok());
        }
        assert_eq!((bench.there(), done.unwrap().stock[0].quantity), (42, 42_000), "{kind:?}");
    }
}

#[test]
fn whatever_fails_an_order_is_called_ready_paid_and_handed_over_once() {
    let documents = [
        ("mutation Ready", OrderStatus::Ready),
        ("mutation Paid", OrderStatus::Collected),
        ("mutation Fulfil", OrderStatus::Collected),
    ];
    for (document, status) in documents {
        let run = |bench: &Bench, script: &[Fault]| {
            let order =
                bench.shop.books(|books| books.order_online(bench.mug, 2, true, false, 1_000));
            let paid_here = status == OrderStatus::Collected;
            strike(bench, script);
            bench.until_done(&fulfil(order, status, HandOver::Collect, paid_here));
            bench.shop.books(|books| {
                let order = &books.orders[&order];
                let part = &order.parts[0];
                let expected =
                    if paid_here { (0, 1, 1, "CLOSED") } else { (1, 0, 0, "IN_PROGRESS") };
                let is =
                    (part.told_ready, order.payments.len(), order.parcels.len(), &*part.status);
                assert_eq!(is, expected, "{document} {script:?}");
            });
        };
        assert_eq!(each(document, "query Progress", run), 84);
    }
}

#[test]
fn whatever_fails_a_customer_is_there_once_with_what_they_said() {
    for document in ["mutation SetCustomer", "mutation SetConsent"] {
        let run = |bench: &Bench, script: &[Fault]| {
            strike(bench, script);
            bench.until_done(&errand(Task::Customer(customer("", Some(true)))));
            bench.shop.books(|books| {
                let all: Vec<_> = books.customers.values().collect();
                assert_eq!(all.len(), 1, "{script:?}");
                let is = (&*all[0].name, &*all[0].consent, &*all[0].street);
                assert_eq!(is, ("Ann Van Other", "SUBSCRIBED", "2 Low Street"));
            });
        };
        assert_eq!(each(document, "query FindCustomer", run), 84);
    }
}

fn blindly(bench: &Bench, errand: &Errand) {
    for _ in 0..5 {
        if bench.send(errand).is_ok() {
            return;
        }
    }
    panic!("never done");
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = bench();
    let strike = Strike::first("POST", "mutation CreateOrder");
    bench.shop.strike(Fault { strike, kind: FaultKind::DropAfter });
    blindly(&bench, &bench.sale());
    assert_eq!((bench.shop.books(|books| books.orders.len()), bench.there()), (2, 4));
}

/// The other control: the search lags, so what it does not find at once may be there.
#[test]
fn a_look_up_before_the_search_can_know_finds_nothing_and_one_after_it_finds_the_order() {
    let bench = bench();
    bench.shop.books(|books| books.search_lag_ms = 30_000);
    let strike = Strike::first("POST", "mutation CreateOrder");
    bench.shop.strike(Fault { strike, kind: FaultKind::DropAfter });
    let sale = bench.sale();
    assert!(matches!(bench.send(&sale), Err(Trouble::Unknown { .. })));
    assert_eq!(bench.look_up(&sale), Ok(Found::Missing));
    bench.shop.set_skew_ms(bench.connector.limits().search_lag_ms);
    assert!(matches!(bench.look_up(&sale), Ok(Found::Done(_))));
}

#[test]
fn under_a_key_a_blind_retry_does_nothing_twice() {
    let bench = bench();
    let strike =
        |document| Fault { strike: Strike::first("POST", document), kind: FaultKind::DropAfter };
    bench.shop.strike(strike("mutation AdjustStock"));
    blindly(&bench, &bench.moved(5_000));
    assert_eq!(bench.there(), 15);
}

#[test]
fn a_shop_that_sends_us_into_a_private_network_or_drowns_us_is_not_followed() {
    let bench = bench();
    let elsewhere = Shop::open(ShopifyBooks::new(TOKEN)).unwrap();
    for kind in [
        FaultKind::Redirect(format!("{}/admin/api/2026-10/graphql.json", elsewhere.url())),
        FaultKind::Redirect("http://169.254.169.254/".to_owned()),
        FaultKind::Huge(17 * 1024 * 1024),
    ] {
        let strike = Strike::first("POST", "mutation CreateOrder");
        bench.shop.strike(Fault { strike, kind });
        let sent = bench.send(&bench.sale());
        assert!(matches!(sent, Err(Trouble::Denied(_) | Trouble::Unknown { .. })), "{sent:?}");
    }
    assert!(elsewhere.calls().is_empty());
    assert_eq!(bench.shop.books(|books| books.orders.len()), 0);
}
