//! A sale, a refund and a count against a strict twin of Vendure, with every fault that passes at every
//! step: each is done once, and the figures are equal at the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, LineId, VariantId};
use countertop_domain::money::Currency;
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike, VendureTwin};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Ask, Connector, CustomerOut, Done, Errand, Found, FulfilOut, Goods, LineOut, LineSettings,
    OrderState, PaidWith, RefundLineOut, RefundOut, SaleOut, Secret, Setup, StockOut, Task,
    Trouble, platform,
};
use uuid::Uuid;

const NOON: i64 = 1_795_435_200_000;

struct Bench {
    shop: Shop<VendureTwin>,
    connector: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

fn bench() -> Bench {
    let shop = Shop::open(VendureTwin::with_items(3, 10, NOON)).unwrap();
    let setup = Setup {
        line: LineSettings {
            url: shop.url(),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            patience: Some(Duration::from_secs(20)),
        },
        options: BTreeMap::from([("user".to_owned(), "till".to_owned())]),
        secrets: BTreeMap::from([("password".to_owned(), Secret::new("secret"))]),
        currency: Currency::EUR,
    };
    let connector = (platform("vendure").unwrap().make)(&setup).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Bench { shop, connector, runtime }
}

fn goods(variant: u64) -> Option<Goods> {
    let id = variant.to_string();
    Some(Goods { external_id: id.clone(), product: id, ..Goods::default() })
}

fn errand(id: u128, task: Task) -> Errand {
    let id = Uuid::from_u128(id).to_string();
    Errand { our_id: id.clone(), op_id: id, first_ms: None, task }
}

fn line(variant: u64, quantity: i64) -> LineOut {
    LineOut {
        id: LineId::new(Uuid::from_u128(1)),
        variant: VariantId::new(Uuid::from_u128(u128::from(variant))),
        goods: goods(variant),
        name: "Mug".to_owned(),
        sku: "A-1".to_owned(),
        quantity,
        net: 3_000,
        total: 3_000,
        taxes: Vec::new(),
    }
}

fn sale(lines: Vec<LineOut>) -> Errand {
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

fn refund(order: &str) -> Errand {
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
                goods: goods(1),
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

fn count(figure: i64) -> Errand {
    let variant = VariantId::new(Uuid::from_u128(1));
    errand(9, Task::Stock(StockOut { variant, goods: goods(1), figure, expected: None }))
}

/// Does it as the queue does: what is in doubt is looked up before it is sent again, unless `blind`.
fn until_done(bench: &Bench, errand: &Errand, blind: bool) -> Done {
    let (mut errand, mut in_doubt) = (errand.clone(), false);
    for _ in 0..20 {
        if in_doubt && !blind {
            match bench.runtime.block_on(bench.connector.look_up(&errand)) {
                Ok(Found::Done(done)) => return done,
                Ok(Found::Missing | Found::CannotTell) => {}
                // The look-up failed: still in doubt.
                Err(_) => continue,
            }
        }
        match bench.runtime.block_on(bench.connector.send(&errand)) {
            Ok(done) => return done,
            Err(Trouble::Refused(words)) => panic!("{words}"),
            Err(Trouble::Unknown { .. }) => in_doubt = true,
            Err(_) => {}
        }
        errand.first_ms = if blind { None } else { Some(NOON) };
    }
    panic!("never done");
}

fn nth(after: u32) -> Strike {
    Strike { after, ..Strike::first("POST", "/admin-api") }
}

/// How many requests something takes when nothing goes wrong.
fn requests(bench: &Bench, errand: &Errand) -> u32 {
    bench.shop.forget_calls();
    until_done(bench, errand, false);
    u32::try_from(bench.shop.calls().len()).unwrap()
}

/// Every passing fault, each on a thread of its own: most of a script is waiting for its turn.
fn with_each_fault(script: impl Fn(&FaultKind) + Sync) {
    let script = &script;
    std::thread::scope(|scope| {
        for kind in FaultKind::passing() {
            scope.spawn(move || script(&kind));
        }
    });
}

fn paid_orders(books: &VendureTwin) -> usize {
    let ours = Uuid::from_u128(7).to_string();
    books.orders.iter().filter(|one| one.transactions().contains(&ours)).count()
}

#[test]
fn whatever_fails_at_whichever_step_one_sale_becomes_one_order_and_takes_the_goods_once() {
    let wanted = || sale(vec![line(1, 2_000), line(2, 1_000), line(1, 1_000)]);
    let steps = requests(&bench(), &wanted());
    let scripts = AtomicU32::new(0);
    with_each_fault(|kind| {
        for second in [None, Some(FaultKind::DropBefore), Some(FaultKind::StatusAfter(502))] {
            for step in 0..steps {
                let bench = bench();
                bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
                if let Some(kind) = second.clone() {
                    bench.shop.strike(Fault { strike: nth(step + 1), kind });
                }
                until_done(&bench, &wanted(), false);
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
    let prepared = || {
        let bench = bench();
        let order = until_done(&bench, &sale(vec![line(1, 3_000)]), false).external_id;
        (bench, order)
    };
    let (first, order) = prepared();
    let steps = requests(&first, &refund(&order));
    with_each_fault(|kind| {
        for step in 0..steps {
            let (bench, order) = prepared();
            bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
            until_done(&bench, &refund(&order), false);
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
    with_each_fault(|kind| {
        for step in 0..3 {
            let bench = bench();
            bench.shop.books(|books| books.order_online(1, 4, true, "counter", NOON));
            bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
            let done = until_done(&bench, &count(5_000), false);
            assert_eq!(done.stock[0].quantity, 5_000, "{kind:?} at {step}");
            let held = bench.shop.books(|books| (books.available(1), books.variants[0].on_hand));
            assert_eq!(held, (5, 9), "{kind:?} at {step}");
        }
    });
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = bench();
    let steps = requests(&self::bench(), &sale(vec![line(1, 3_000)]));
    // The answer to the payment's step and what follows is lost.
    bench.shop.strike(Fault { strike: nth(steps - 1), kind: FaultKind::DropAfter });
    until_done(&bench, &sale(vec![line(1, 3_000)]), true);
    assert_eq!(bench.shop.books(|books| (paid_orders(books), books.available(1))), (2, 4));
}

#[test]
fn more_than_the_shop_has_is_for_a_person_and_takes_nothing() {
    let bench = bench();
    let sent = bench.runtime.block_on(bench.connector.send(&sale(vec![line(1, 11_000)])));
    let Err(Trouble::Refused(words)) = sent else { panic!("{sent:?}") };
    assert!(words.contains("insufficient stock"), "{words}");
    assert_eq!(bench.shop.books(|books| (paid_orders(books), books.available(1))), (0, 10));
}

#[test]
fn what_is_sold_by_weight_stays_out_of_the_order_and_its_figure_is_set() {
    let bench = bench();
    let done = until_done(&bench, &sale(vec![line(1, 1_000), line(2, 250)]), false);
    assert_eq!(done.unset, [VariantId::new(Uuid::from_u128(2))]);
    let figures = bench.shop.books(|books| [books.available(1), books.available(2)]);
    assert_eq!(figures, [9, 10]);
}

#[test]
fn a_session_that_ended_is_begun_again_and_a_wrong_password_is_for_a_person() {
    let bench = bench();
    let stock = |bench: &Bench| bench.runtime.block_on(bench.connector.stock(&Ask::default()));
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
    let bench = bench();
    let read = |since_ms: Option<i64>| {
        let mut ask = Ask { since_ms, next: None };
        let (mut ids, mut bad) = (Vec::new(), Vec::new());
        loop {
            let page = bench.runtime.block_on(bench.connector.products(&ask)).unwrap();
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
    let bench = bench();
    let page = bench.runtime.block_on(bench.connector.products(&Ask::default())).unwrap();
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
    let prepared = || {
        let bench = bench();
        let id = bench.shop.books(|books| books.order_online(1, 2, false, "pickup", NOON));
        let task = Task::Fulfil(FulfilOut {
            order_external: id.to_string(),
            status: OrderStatus::Collected,
            hand_over: HandOver::Collect,
            tracking: String::new(),
            paid_here: true,
        });
        (bench, errand(10, task))
    };
    let (first, fulfil) = prepared();
    let page = first.runtime.block_on(first.connector.orders(&Ask::default())).unwrap();
    let order = &page.items[0];
    assert_eq!(
        (order.state, order.hand_over, order.paid),
        (OrderState::Open, HandOver::Collect, false)
    );
    assert_eq!((order.lines[0].quantity, order.total), (2_000, 2_000));
    let steps = requests(&first, &fulfil);
    with_each_fault(|kind| {
        for step in 0..steps {
            let (bench, fulfil) = prepared();
            bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
            until_done(&bench, &fulfil, false);
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
    let bench = bench();
    until_done(&bench, &sale(vec![line(1, 1_000)]), false);
    let ask = Ask { since_ms: Some(NOON), next: None };
    let page = bench.runtime.block_on(bench.connector.orders(&ask)).unwrap();
    let ours: Vec<Option<String>> = page.items.into_iter().map(|one| one.our_id).collect();
    assert_eq!(ours, [Some(Uuid::from_u128(7).to_string())]);
}

#[test]
fn a_customer_is_made_once_and_changed_after_that() {
    let address = Address {
        lines: vec!["1 Way".to_owned()],
        city: "Town".to_owned(),
        country: "DE".to_owned(),
        ..Address::default()
    };
    with_each_fault(|kind| {
        for step in 0..5 {
            let bench = bench();
            let customer = |name: &str| {
                errand(
                    11,
                    Task::Customer(CustomerOut {
                        id: CustomerId::new(Uuid::from_u128(11)),
                        external_id: String::new(),
                        name: name.to_owned(),
                        email: "ada@example.com".to_owned(),
                        phone: "1".to_owned(),
                        address: address.clone(),
                        email_consent: Some(true),
                    }),
                )
            };
            bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
            until_done(&bench, &customer("Ada Byron"), false);
            until_done(&bench, &customer("Ada Lovelace"), false);
            bench.shop.books(|books| {
                let all: Vec<(&str, usize)> =
                    books.customers.iter().map(|one| (&*one.last, one.addresses.len())).collect();
                assert_eq!(all, [("Lovelace", 1)], "{kind:?} at {step}");
            });
        }
    });
    let bench = bench();
    let page = bench.runtime.block_on(bench.connector.customers(&Ask::default())).unwrap();
    assert!(page.items.is_empty());
}

#[test]
fn the_test_of_a_connection_names_the_rights_that_are_missing() {
    let bench = bench();
    let info = bench.runtime.block_on(bench.connector.test()).unwrap();
    assert_eq!((&*info.currency, info.missing.len()), ("EUR", 0));
    bench.shop.books(|books| books.rights.retain(|right| right != "CreateOrder"));
    let info = bench.runtime.block_on(bench.connector.test()).unwrap();
    assert_eq!(info.missing, ["CreateOrder: to send counter sales"]);
}

#[test]
fn a_page_that_is_no_json_or_drowns_us_stops_this_list_and_does_nothing() {
    let bench = bench();
    for kind in [
        FaultKind::Redirect("http://169.254.169.254/".to_owned()),
        FaultKind::Html,
        FaultKind::Huge(17 * 1024 * 1024),
    ] {
        bench.shop.strike(Fault { strike: nth(0), kind });
        assert!(bench.runtime.block_on(bench.connector.products(&Ask::default())).is_err());
    }
    assert_eq!(
        bench.runtime.block_on(bench.connector.products(&Ask::default())).unwrap().items.len(),
        3
    );
}
