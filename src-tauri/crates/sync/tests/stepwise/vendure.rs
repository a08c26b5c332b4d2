//! Vendure, step by step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::VariantId;
use countertop_shop_twins::{Fault, FaultKind, VendureTwin};
use countertop_sync::channel::{Ask, Errand, FulfilOut, Goods, OrderState, Task, Trouble};
use uuid::Uuid;

use super::bench::{InSteps, NOON, customer, errand, sale, with_each_fault};

type Bench = super::bench::Bench<VendureTwin>;

impl InSteps for VendureTwin {
    const KIND: &'static str = "vendure";
    const REQUESTS: (&'static str, &'static str) = ("POST", "/admin-api");
    const OPTIONS: &'static [(&'static str, &'static str)] = &[("user", "till")];
    const SECRET: (&'static str, &'static str) = ("password", "secret");

    fn with_three_items() -> Self {
        Self::with_items(3, 10, NOON)
    }

    fn goods(variant: u64) -> Goods {
        let id = variant.to_string();
        Goods { external_id: id.clone(), product: id, ..Goods::default() }
    }
}

fn paid_orders(books: &VendureTwin) -> usize {
    let ours = Uuid::from_u128(7).to_string();
    books.orders.iter().filter(|one| one.transactions().contains(&ours)).count()
}

#[test]
fn whatever_fails_at_whichever_step_one_sale_becomes_one_order_and_takes_the_goods_once() {
    let wanted = || sale(vec![Bench::line(1, 2_000), Bench::line(2, 1_000), Bench::line(1, 1_000)]);
    // With a session that is gone.
    let used = Bench::new();
    used.requests(&wanted());
    used.begin();
    let steps = used.requests(&wanted());
    let scripts = AtomicU32::new(0);
    with_each_fault(|bench: &Bench, kind| {
        for second in [None, Some(FaultKind::DropBefore), Some(FaultKind::StatusAfter(502))] {
            for step in 0..steps {
                bench.begin();
                bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
                if let Some(kind) = second.clone() {
                    bench.shop.strike(Fault { strike: Bench::nth(step + 1), kind });
                }
                bench.until_done(&wanted(), false);
                bench.shop.books(|books| {
                    let figures = [1, 2, 3].map(|id| books.available(id));
                    let on_hand: Vec<i64> = books.variants.iter().map(|one| one.on_hand).collect();
                    assert_eq!(paid_orders(books), 1, "{kind:?} {second:?} at {step}");
                    assert_eq!(figures, [7, 9, 10], "{kind:?} {second:?} at {step}");
                    assert_eq!(on_hand, [7, 9, 10], "{kind:?} {second:?} at {step}");
                    let states: Vec<&str> = books
                        .orders
                        .iter()
                        .filter(|one| one.state != "Draft")
                        .map(|one| one.state.as_str())
                        .collect();
                    assert_eq!(states, ["Delivered"], "{kind:?} {second:?} at {step}");
                });
                scripts.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let scripts = scripts.load(Ordering::SeqCst);
    assert!(scripts > 300, "{scripts}");
}

#[test]
fn whatever_fails_one_refund_gives_money_and_goods_back_once() {
    let prepared = |bench: &Bench| {
        bench.begin();
        bench.until_done(&sale(vec![Bench::line(1, 3_000)]), false).external_id
    };
    let first = Bench::new();
    let order = prepared(&first);
    let steps = first.requests(&Bench::refund(&order));
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..steps {
            let order = prepared(bench);
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            bench.until_done(&Bench::refund(&order), false);
            bench.shop.books(|books| {
                let of = books.orders.iter().find(|one| one.state == "Delivered").unwrap();
                assert_eq!(of.refunded(), (1_000, 1), "{kind:?} at {step}");
                assert_eq!((of.pieces(1), books.available(1)), (2, 8), "{kind:?} at {step}");
            });
        }
    });
}

#[test]
fn a_count_sets_what_may_be_sold_and_leaves_what_open_orders_will_take() {
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..4 {
            bench.begin();
            bench.shop.books(|books| books.order_online(1, 4, true, "counter", NOON));
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            let done = bench.until_done(&Bench::count(5_000), false);
            assert_eq!(done.stock[0].quantity, 5_000, "{kind:?} at {step}");
            let held = bench.shop.books(|books| (books.available(1), books.variants[0].on_hand));
            assert_eq!(held, (5, 9), "{kind:?} at {step}");
        }
    });
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = Bench::new();
    let steps = Bench::new().requests(&sale(vec![Bench::line(1, 3_000)]));
    // The answer to the payment's step and what follows is lost.
    bench.shop.strike(Fault { strike: Bench::nth(steps - 1), kind: FaultKind::DropAfter });
    bench.until_done(&sale(vec![Bench::line(1, 3_000)]), true);
    assert_eq!(bench.shop.books(|books| (paid_orders(books), books.available(1))), (2, 4));
}

#[test]
fn more_than_the_shop_has_is_for_a_person_and_takes_nothing() {
    let bench = Bench::new();
    let sent = bench.run(bench.connector.send(&sale(vec![Bench::line(1, 11_000)])));
    let Err(Trouble::Refused(words)) = sent else { panic!("{sent:?}") };
    assert!(words.contains("insufficient stock"), "{words}");
    assert_eq!(bench.shop.books(|books| (paid_orders(books), books.available(1))), (0, 10));
}

#[test]
fn what_is_sold_by_weight_stays_out_of_the_order_and_its_figure_is_set() {
    let bench = Bench::new();
    let done = bench.until_done(&sale(vec![Bench::line(1, 1_000), Bench::line(2, 250)]), false);
    assert_eq!(done.unset, [VariantId::new(Uuid::from_u128(2))]);
    let figures = bench.shop.books(|books| [books.available(1), books.available(2)]);
    assert_eq!(figures, [9, 10]);
}

#[test]
fn a_session_that_ended_is_begun_again_and_a_wrong_password_is_for_a_person() {
    let bench = Bench::new();
    let stock = |bench: &Bench| bench.run(bench.connector.stock(&Ask::default()));
    assert!(stock(&bench).is_ok());
    bench.shop.books(|books| {
        countertop_shop_twins::Platform::expire(books, true);
        countertop_shop_twins::Platform::expire(books, false);
    });
    assert!(stock(&bench).is_ok());
    assert_eq!(bench.shop.books(|books| books.logins), 2);
    bench.shop.books(|books| countertop_shop_twins::Platform::expire(books, true));
    assert!(matches!(stock(&bench), Err(Trouble::Denied(_))));
}

#[test]
fn a_variant_that_changed_alone_is_read_and_a_broken_product_is_not_in_the_way() {
    let bench = Bench::new();
    let read = |since_ms: Option<i64>| {
        let mut ask = Ask { since_ms, next: None };
        let (mut ids, mut bad) = (Vec::new(), Vec::new());
        loop {
            let page = bench.run(bench.connector.products(&ask)).unwrap();
            ids.extend(page.items.into_iter().map(|one| one.external_id));
            bad.extend(page.bad.into_iter().map(|(id, _)| id));
            match page.next {
                Some(next) => ask.next = Some(next),
                None => return (ids, bad),
            }
        }
    };
    assert_eq!(read(None).0, ["1", "2", "3"]);
    assert_eq!(read(Some(NOON + 1_000)).0, Vec::<String>::new());
    bench.shop.books(|books| books.variants[1].updated_ms = NOON + 60_000);
    assert_eq!(read(Some(NOON + 1_000)).0, ["2"]);
    bench.shop.books(|books| {
        books.variants[0].price = -1;
        books.variants[2].name = "\u{202e}gpj.exe".to_owned();
    });
    assert_eq!(read(None), (vec!["2".to_owned()], vec!["1".to_owned(), "3".to_owned()]));
}

#[test]
fn the_first_reading_of_a_product_has_all_that_a_till_needs() {
    let bench = Bench::new();
    let page = bench.run(bench.connector.products(&Ask::default())).unwrap();
    let first = &page.items[0];
    assert_eq!((&*first.name, &*first.description), ("Item 1", "Good & cheap"));
    assert_eq!(first.categories, ["Clothing > Hoodies"]);
    assert_eq!(first.tax_class, "Standard Tax");
    let variant = &first.variants[0];
    assert_eq!((&*variant.sku, variant.price, variant.stock), ("SKU-1", Some(1_000), Some(10_000)));
    assert_eq!((&*variant.options[0].name, &*variant.options[0].value), ("Size", "One"));
}

#[test]
fn an_order_of_the_shop_is_collected_and_paid_here_once_whatever_fails() {
    let prepared = |bench: &Bench| {
        bench.begin();
        let id = bench.shop.books(|books| books.order_online(1, 2, false, "pickup", NOON));
        let task = Task::Fulfil(FulfilOut {
            order_external: id.to_string(),
            status: OrderStatus::Collected,
            hand_over: HandOver::Collect,
            tracking: String::new(),
            paid_here: true,
        });
        errand(10, task)
    };
    let first = Bench::new();
    let fulfil = prepared(&first);
    let page = first.run(first.connector.orders(&Ask::default())).unwrap();
    let order = &page.items[0];
    assert_eq!(
        (order.state, order.hand_over, order.paid),
        (OrderState::Open, HandOver::Collect, false)
    );
    assert_eq!((order.lines[0].quantity, order.total), (2_000, 2_000));
    let steps = first.requests(&fulfil);
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..steps {
            let fulfil = prepared(bench);
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            bench.until_done(&fulfil, false);
            bench.shop.books(|books| {
                assert_eq!(books.orders[0].state, "Delivered", "{kind:?} at {step}");
                let one = (books.available(1), books.variants[0].on_hand);
                assert_eq!(one, (8, 8), "{kind:?} at {step}");
            });
        }
    });
}

#[test]
fn an_order_of_ours_comes_back_as_an_echo() {
    let bench = Bench::new();
    bench.until_done(&sale(vec![Bench::line(1, 1_000)]), false);
    let ask = Ask { since_ms: Some(NOON), next: None };
    let page = bench.run(bench.connector.orders(&ask)).unwrap();
    let ours: Vec<Option<String>> = page.items.into_iter().map(|one| one.our_id).collect();
    assert_eq!(ours, [Some(Uuid::from_u128(7).to_string())]);
}

#[test]
fn a_customer_is_made_once_and_changed_after_that() {
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..6 {
            bench.begin();
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            bench.until_done(&customer("Ada Byron"), false);
            bench.until_done(&customer("Ada Lovelace"), false);
            bench.shop.books(|books| {
                let all: Vec<(&str, usize)> =
                    books.customers.iter().map(|one| (&*one.last, one.addresses.len())).collect();
                assert_eq!(all, [("Lovelace", 1)], "{kind:?} at {step}");
            });
        }
    });
    let bench = Bench::new();
    let page = bench.run(bench.connector.customers(&Ask::default())).unwrap();
    assert!(page.items.is_empty());
}

#[test]
fn the_test_of_a_connection_names_the_rights_that_are_missing() {
    let bench = Bench::new();
    let info = bench.run(bench.connector.test()).unwrap();
    assert_eq!((&*info.currency, info.missing.len()), ("EUR", 0));
    bench.shop.books(|books| books.rights.retain(|right| right != "CreateOrder"));
    let info = bench.run(bench.connector.test()).unwrap();
    assert_eq!(info.missing, ["CreateOrder: to send counter sales"]);
}

#[test]
fn a_page_that_is_no_json_or_drowns_us_stops_this_list_and_does_nothing() {
    let bench = Bench::new();
    for kind in [
        FaultKind::Redirect("http://169.254.169.254/".to_owned()),
        FaultKind::Html,
        FaultKind::Huge(17 * 1024 * 1024),
    ] {
        bench.shop.strike(Fault { strike: Bench::nth(0), kind });
        assert!(bench.run(bench.connector.products(&Ask::default())).is_err());
    }
    assert_eq!(bench.run(bench.connector.products(&Ask::default())).unwrap().items.len(), 3);
}

/// Names of all documents that the connector's sources have.
fn documents() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/channel/vendure");
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let words: Vec<&str> =
            source.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let is_name = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
        let pairs = words.windows(2).filter(|pair| matches!(pair[0], "query" | "mutation"));
        names.extend(pairs.filter(|pair| is_name(pair[1])).map(|pair| pair[1].to_owned()));
    }
    names
}

/// `cargo xtask test --with-shops` has them checked against the schema of a real Vendure.
#[test]
fn every_document_is_sent_in_a_day_of_everything() {
    let bench = Bench::new();
    let connector = &bench.connector;
    let since = Ask { since_ms: Some(NOON), next: None };
    bench.run(connector.test()).unwrap();
    for ask in [&Ask::default(), &since] {
        bench.run(connector.orders(ask)).unwrap();
        bench.run(connector.customers(ask)).unwrap();
        bench.run(connector.stock(ask)).unwrap();
        for list in ["products", "sweep"] {
            let mut ask = ask.clone();
            loop {
                let next = match list {
                    "products" => bench.run(connector.products(&ask)).unwrap().next,
                    _ => bench.run(connector.sweep(&ask)).unwrap().next,
                };
                let Some(next) = next else { break };
                ask.next = Some(next);
            }
        }
    }
    bench.until_done(&Bench::count(9_000), false);
    bench.until_done(&customer("Ada Byron"), false);
    bench.until_done(&customer("Ada Lovelace"), false);
    let sold = sale(vec![Bench::line(1, 3_000)]);
    let order = bench.until_done(&sold, false).external_id;
    bench.run(connector.look_up(&Errand { first_ms: Some(NOON), ..sold })).unwrap();
    bench.until_done(&Bench::refund(&order), false);
    for (status, hand_over, paid) in [
        (OrderStatus::Ready, HandOver::Collect, true),
        (OrderStatus::Collected, HandOver::Collect, false),
        (OrderStatus::Delivered, HandOver::Collect, false),
        (OrderStatus::Shipped, HandOver::Ship, true),
        (OrderStatus::Cancelled, HandOver::Collect, true),
    ] {
        let id = bench.shop.books(|books| books.order_online(1, 1, paid, "pickup", NOON));
        if status == OrderStatus::Delivered {
            bench.shop.books(|books| books.leave_unpaid(id));
        }
        let fulfil = FulfilOut {
            order_external: id.to_string(),
            status,
            hand_over,
            tracking: "1Z9".to_owned(),
            paid_here: !paid,
        };
        bench.until_done(&errand(u128::from(id), Task::Fulfil(fulfil)), false);
    }

    let mut sent = BTreeMap::new();
    for call in bench.shop.calls() {
        let words = call.body["query"].as_str().unwrap();
        let name = words.split(|c: char| !c.is_ascii_alphanumeric()).nth(1).unwrap().to_owned();
        sent.insert((name, words.to_owned()), call.body);
    }
    let names: BTreeSet<String> = sent.keys().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, documents());
    if let Some(file) = std::env::var_os("COUNTERTOP_DOCUMENTS") {
        let all: Vec<_> = sent.into_values().collect();
        std::fs::write(file, serde_json::to_string(&all).unwrap()).unwrap();
    }
}
