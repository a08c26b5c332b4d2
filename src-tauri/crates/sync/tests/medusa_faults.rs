//! A sale, a refund and a count against a strict twin of Medusa, with every fault that passes at every
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
use countertop_shop_twins::{Fault, FaultKind, MedusaTwin, Shop, Strike};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Ask, Connector, CustomerOut, Done, Errand, Found, FulfilOut, Goods, LineOut, LineSettings,
    OrderState, PaidWith, RefundLineOut, RefundOut, SaleOut, Secret, Setup, StockOut, Task,
    Trouble, platform,
};
use uuid::Uuid;

const NOON: i64 = 1_795_435_200_000;

struct Bench {
    shop: Shop<MedusaTwin>,
    connector: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

fn bench() -> Bench {
    let shop = Shop::open(MedusaTwin::with_items(3, 10, NOON)).unwrap();
    let setup = Setup {
        line: LineSettings {
            url: shop.url(),
            allow_host: true,
            certificate: String::new(),
            names: Arc::new(SystemNames),
            patience: Some(Duration::from_secs(20)),
        },
        options: [
            ("region", "reg_1"),
            ("sales_channel", "sc_1"),
            ("location", "sloc_1"),
            ("shipping_option", "so_1"),
            ("pickup_options", "so_pickup"),
            ("consent_field", "newsletter"),
        ]
        .map(|(name, set)| (name.to_owned(), set.to_owned()))
        .into(),
        secrets: BTreeMap::from([("key".to_owned(), Secret::new("sk_1"))]),
        currency: Currency::EUR,
    };
    let connector = (platform("medusa").unwrap().make)(&setup).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Bench { shop, connector, runtime }
}

fn goods(variant: u64) -> Option<Goods> {
    Some(Goods {
        external_id: format!("variant_{variant}"),
        product: format!("prod_{variant}"),
        stock_ref: format!("iitem_{variant}"),
        sku: String::new(),
    })
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
    Strike { after, ..Strike::first("", "/admin/") }
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

fn orders(books: &MedusaTwin) -> usize {
    books.orders_with("countertop_id", &Uuid::from_u128(7).to_string())
}

fn figures(books: &MedusaTwin) -> ([i64; 3], Vec<i64>) {
    let stocked = books.variants.iter().map(|one| one.stocked).collect();
    ([1, 2, 3].map(|number| books.available(number)), stocked)
}

#[test]
fn whatever_fails_at_whichever_step_one_sale_becomes_one_order_and_takes_the_goods_once() {
    // A line that the shop does not have goes as text.
    let text = || LineOut { goods: None, ..line(9, 1_000) };
    let wanted = || sale(vec![line(1, 2_000), line(2, 1_000), line(1, 1_000), text()]);
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
                    let said = format!("{kind:?} {second:?} at {step}");
                    assert_eq!((orders(books), books.orders.len()), (1, 1), "{said}");
                    assert_eq!(figures(books), ([7, 9, 10], vec![7, 9, 10]), "{said}");
                    let order = &books.orders[0];
                    assert_eq!(order["payment_status"], "captured", "{said}");
                    assert_eq!(order["fulfillment_status"], "delivered", "{said}");
                });
                scripts.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let scripts = scripts.load(Ordering::SeqCst);
    assert!(scripts > 300, "{scripts}");
}

#[test]
fn whatever_fails_one_refund_gives_the_money_back_once_and_the_figure_is_set() {
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
            let done = until_done(&bench, &refund(&order), false);
            assert_eq!(done.unset, [VariantId::new(Uuid::from_u128(1))]);
            bench.shop.books(|books| {
                let payment = &books.orders[0]["payment_collections"][0]["payments"][0];
                let refunds = payment["refunds"].as_array().unwrap();
                assert_eq!(refunds.len(), 1, "{kind:?} at {step}");
                assert_eq!(refunds[0]["amount"], 10, "{kind:?} at {step}");
            });
        }
    });
}

#[test]
fn a_count_sets_what_may_be_sold_and_leaves_what_open_orders_will_take() {
    with_each_fault(|kind| {
        for step in 0..2 {
            let bench = bench();
            bench.shop.books(|books| books.order_online(1, 4, "so_1", NOON));
            bench.shop.strike(Fault { strike: nth(step), kind: kind.clone() });
            let done = until_done(&bench, &count(5_000), false);
            assert_eq!(done.stock[0].quantity, 5_000, "{kind:?} at {step}");
            let held = bench.shop.books(|books| (books.available(1), books.variants[0].stocked));
            assert_eq!(held, (5, 9), "{kind:?} at {step}");
        }
    });
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = bench();
    let steps = requests(&self::bench(), &sale(vec![line(1, 3_000)]));
    bench.shop.strike(Fault { strike: nth(steps - 1), kind: FaultKind::DropAfter });
    until_done(&bench, &sale(vec![line(1, 3_000)]), true);
    assert_eq!(bench.shop.books(|books| (orders(books), books.available(1))), (2, 4));
}

#[test]
fn a_draft_bears_our_id_and_the_prices_of_the_counter_from_its_first_moment() {
    let bench = bench();
    until_done(&bench, &sale(vec![line(1, 3_000)]), false);
    let calls = bench.shop.calls();
    let draft = calls.iter().find(|call| call.path == "/admin/draft-orders").unwrap();
    assert_eq!(draft.body["metadata"]["countertop_id"], Uuid::from_u128(7).to_string());
    assert_eq!(draft.body["metadata"]["countertop_receipt"], "T1-1");
    let item = &draft.body["items"][0];
    assert_eq!((&item["quantity"], &item["unit_price"]), (&3.into(), &10.into()));
    assert_eq!(draft.body["no_notification_order"], true);
}

#[test]
fn more_than_the_shop_has_is_for_a_person_and_takes_nothing() {
    let bench = bench();
    let sent = bench.runtime.block_on(bench.connector.send(&sale(vec![line(1, 11_000)])));
    let Err(Trouble::Refused(words)) = sent else { panic!("{sent:?}") };
    assert!(words.contains("required inventory"), "{words}");
    assert_eq!(bench.shop.books(|books| (orders(books), books.available(1))), (0, 10));
}

#[test]
fn a_product_has_the_plain_price_in_our_currency_and_all_that_a_till_needs() {
    let bench = bench();
    let page = bench.runtime.block_on(bench.connector.products(&Ask::default())).unwrap();
    let first = &page.items[0];
    assert_eq!((&*first.external_id, &*first.name), ("prod_1", "Item 1"));
    let variant = &first.variants[0];
    assert_eq!((variant.price, &*variant.barcode), (Some(1_000), "4006381333931"));
    assert_eq!((&*variant.stock_ref, variant.tracks_stock), ("iitem_1", true));
    let stock = bench.runtime.block_on(bench.connector.stock(&Ask::default())).unwrap();
    assert_eq!((&*stock.items[0].external_id, stock.items[0].quantity), ("variant_1", 10_000));
}

#[test]
fn a_variant_that_changed_alone_is_read_and_once_an_hour_everything() {
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
    assert_eq!(read(None).0.len(), 3);
    // Long ago: another hour of the shop's clock.
    assert_eq!(read(Some(NOON)).0.len(), 3);
    // A run that goes on is not turned into another kind in its middle.
    let changed = Ask { since_ms: Some(NOON), next: Some("v:0".to_owned()) };
    bench.shop.books(|books| {
        books.variants[0].updated_ms = NOON - 1_000;
        books.variants[1].updated_ms = NOON + 1_000;
        books.variants[2].updated_ms = NOON - 1_000;
    });
    let page = bench.runtime.block_on(bench.connector.products(&changed)).unwrap();
    let ids: Vec<&str> = page.items.iter().map(|one| &*one.external_id).collect();
    assert_eq!(ids, ["prod_2"]);
    bench.shop.books(|books| {
        books.variants[0].price = -100;
        books.variants[2].title = "\u{202e}gpj.exe".to_owned();
    });
    assert_eq!(
        read(None),
        (vec!["prod_2".to_owned()], vec!["prod_1".to_owned(), "prod_3".to_owned()])
    );
}

#[test]
fn an_order_of_the_shop_is_collected_and_paid_here_once_whatever_fails() {
    let prepared = || {
        let bench = bench();
        let id = bench.shop.books(|books| books.order_online(1, 2, "so_pickup", NOON));
        let task = Task::Fulfil(FulfilOut {
            order_external: id,
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
                let order = &books.orders[0];
                assert_eq!(order["fulfillment_status"], "delivered", "{kind:?} at {step}");
                assert_eq!(order["payment_status"], "captured", "{kind:?} at {step}");
                assert_eq!(figures(books).1, [8, 10, 10], "{kind:?} at {step}");
            });
        }
    });
}

#[test]
fn an_order_to_be_sent_goes_off_with_its_parcels_number_and_is_paid_when_the_money_is_set_aside() {
    let bench = bench();
    let id = bench.shop.books(|books| books.order_online(1, 2, "so_1", NOON));
    let page = bench.runtime.block_on(bench.connector.orders(&Ask::default())).unwrap();
    let order = &page.items[0];
    assert_eq!((order.hand_over, order.paid), (HandOver::Ship, true));
    let task = Task::Fulfil(FulfilOut {
        order_external: id,
        status: OrderStatus::Shipped,
        hand_over: HandOver::Ship,
        tracking: "1Z9".to_owned(),
        paid_here: false,
    });
    until_done(&bench, &errand(10, task), false);
    assert_eq!(bench.shop.books(|books| books.orders[0]["fulfillment_status"].clone()), "shipped");
    let calls = bench.shop.calls();
    let sent = calls.iter().find(|call| call.path.ends_with("/shipments")).unwrap();
    assert_eq!(sent.body["labels"][0]["tracking_number"], "1Z9");
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
        for step in 0..4 {
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
            let page = bench.runtime.block_on(bench.connector.customers(&Ask::default())).unwrap();
            assert_eq!(page.items.len(), 1, "{kind:?} at {step}");
            let ada = &page.items[0];
            assert_eq!((&*ada.name, &*ada.address.country), ("Ada Lovelace", "DE"));
            assert_eq!(ada.email_consent.map(|(is, _)| is), Some(true));
            let addresses = bench
                .shop
                .books(|books| books.customers[0]["addresses"].as_array().map_or(0, Vec::len));
            assert_eq!(addresses, 1, "{kind:?} at {step}");
        }
    });
}

#[test]
fn the_test_of_a_connection_says_what_the_shop_does_not_have() {
    let bench = bench();
    let info = bench.runtime.block_on(bench.connector.test()).unwrap();
    assert_eq!((&*info.name, &*info.currency, info.warnings.len()), ("Medusa Store", "EUR", 0));
    bench.shop.books(|books| countertop_shop_twins::Platform::expire(books, true));
    let tested = bench.runtime.block_on(bench.connector.test());
    assert!(matches!(tested, Err(Trouble::Denied(_))), "{tested:?}");
}
