//! Medusa, step by step.

use std::sync::atomic::{AtomicU32, Ordering};

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::VariantId;
use countertop_shop_twins::{Fault, FaultKind, MedusaTwin};
use countertop_sync::channel::{Ask, FulfilOut, Goods, LineOut, OrderState, Task, Trouble};
use uuid::Uuid;

use super::bench::{InSteps, NOON, customer, errand, sale, with_each_fault};

type Bench = super::bench::Bench<MedusaTwin>;

impl InSteps for MedusaTwin {
    const KIND: &'static str = "medusa";
    const REQUESTS: (&'static str, &'static str) = ("", "/admin/");
    const OPTIONS: &'static [(&'static str, &'static str)] = &[
        ("region", "reg_1"),
        ("sales_channel", "sc_1"),
        ("location", "sloc_1"),
        ("shipping_option", "so_1"),
        ("pickup_options", "so_pickup"),
        ("consent_field", "newsletter"),
    ];
    const SECRET: (&'static str, &'static str) = ("key", "sk_1");

    fn with_three_items() -> Self {
        Self::with_items(3, 10, NOON)
    }

    fn goods(variant: u64) -> Goods {
        Goods {
            external_id: format!("variant_{variant}"),
            product: format!("prod_{variant}"),
            stock_ref: format!("iitem_{variant}"),
            sku: String::new(),
        }
    }
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
    let text = || LineOut { goods: None, ..Bench::line(9, 1_000) };
    let wanted =
        || sale(vec![Bench::line(1, 2_000), Bench::line(2, 1_000), Bench::line(1, 1_000), text()]);
    let steps = Bench::new().requests(&wanted());
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
            let done = bench.until_done(&Bench::refund(&order), false);
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
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..2 {
            bench.begin();
            bench.shop.books(|books| books.order_online(1, 4, "so_1", NOON));
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            let done = bench.until_done(&Bench::count(5_000), false);
            assert_eq!(done.stock[0].quantity, 5_000, "{kind:?} at {step}");
            let held = bench.shop.books(|books| (books.available(1), books.variants[0].stocked));
            assert_eq!(held, (5, 9), "{kind:?} at {step}");
        }
    });
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = Bench::new();
    let steps = Bench::new().requests(&sale(vec![Bench::line(1, 3_000)]));
    bench.shop.strike(Fault { strike: Bench::nth(steps - 1), kind: FaultKind::DropAfter });
    bench.until_done(&sale(vec![Bench::line(1, 3_000)]), true);
    assert_eq!(bench.shop.books(|books| (orders(books), books.available(1))), (2, 4));
}

#[test]
fn a_draft_bears_our_id_and_the_prices_of_the_counter_from_its_first_moment() {
    let bench = Bench::new();
    bench.until_done(&sale(vec![Bench::line(1, 3_000)]), false);
    let calls = bench.shop.calls();
    let draft = calls.iter().find(|call| call.path == "/admin/draft-orders").unwrap();
    assert_eq!(draft.body["metadata"]["countertop_id"], Uuid::from_u128(7).to_string());
    assert_eq!(draft.body["metadata"]["countertop_receipt"], "T1-1");
    let item = &draft.body["items"][0];
    assert_eq!((&item["quantity"], &item["unit_price"]), (&3.into(), &10.into()));
    assert_eq!(draft.body["no_notification_order"], true);
}

#[test]
fn an_order_comes_to_what_was_paid_and_all_of_it_can_be_given_back() {
    let bench = Bench::new();
    let three = LineOut { net: 840, total: 1_000, ..Bench::line(1, 3_000) };
    let order = bench.until_done(&sale(vec![three]), false).external_id;
    let calls = bench.shop.calls();
    let draft = calls.iter().find(|call| call.path == "/admin/draft-orders").unwrap();
    assert_eq!(draft.body["items"][0]["unit_price"].to_string(), "3.333333334");
    bench.until_done(&Bench::refund(&order), false);
    bench.shop.books(|books| assert_eq!(books.orders[0]["payment_status"], "refunded"));
}

#[test]
fn what_the_shop_does_not_offer_at_present_goes_as_text_and_its_figure_is_set() {
    let lines = || vec![Bench::line(1, 1_000), Bench::line(2, 1_000)];
    let used = Bench::new();
    used.shop.books(|books| books.variants[1].draft = true);
    let steps = used.requests(&sale(lines()));
    with_each_fault(|bench: &Bench, kind| {
        for step in 0..steps {
            bench.begin();
            bench.shop.books(|books| books.variants[1].draft = true);
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            let done = bench.until_done(&sale(lines()), false);
            assert_eq!(done.unset, [VariantId::new(Uuid::from_u128(2))], "{kind:?} at {step}");
            bench.shop.books(|books| {
                assert_eq!(orders(books), 1, "{kind:?} at {step}");
                assert_eq!(figures(books).0, [9, 10, 10], "{kind:?} at {step}");
                assert_eq!(books.orders[0]["total"], 60, "{kind:?} at {step}");
            });
        }
    });
}

#[test]
fn more_than_the_shop_has_is_for_a_person_and_takes_nothing() {
    let bench = Bench::new();
    let sent = bench.run(bench.connector.send(&sale(vec![Bench::line(1, 11_000)])));
    let Err(Trouble::Refused(words)) = sent else { panic!("{sent:?}") };
    assert!(words.contains("required inventory"), "{words}");
    assert_eq!(bench.shop.books(|books| (orders(books), books.available(1))), (0, 10));
}

#[test]
fn a_product_has_the_plain_price_in_our_currency_and_all_that_a_till_needs() {
    let bench = Bench::new();
    let page = bench.run(bench.connector.products(&Ask::default())).unwrap();
    let first = &page.items[0];
    assert_eq!((&*first.external_id, &*first.name), ("prod_1", "Item 1"));
    let variant = &first.variants[0];
    assert_eq!((variant.price, &*variant.barcode), (Some(1_000), "4006381333931"));
    assert_eq!((&*variant.stock_ref, variant.tracks_stock), ("iitem_1", true));
    let stock = bench.run(bench.connector.stock(&Ask::default())).unwrap();
    assert_eq!((&*stock.items[0].external_id, stock.items[0].quantity), ("variant_1", 10_000));
}

#[test]
fn a_variant_that_changed_alone_is_read_and_once_an_hour_everything() {
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
    let page = bench.run(bench.connector.products(&changed)).unwrap();
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
    let prepared = |bench: &Bench| {
        bench.begin();
        let id = bench.shop.books(|books| books.order_online(1, 2, "so_pickup", NOON));
        let task = Task::Fulfil(FulfilOut {
            order_external: id,
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
    let bench = Bench::new();
    let id = bench.shop.books(|books| books.order_online(1, 2, "so_1", NOON));
    let page = bench.run(bench.connector.orders(&Ask::default())).unwrap();
    let order = &page.items[0];
    assert_eq!((order.hand_over, order.paid), (HandOver::Ship, true));
    let task = Task::Fulfil(FulfilOut {
        order_external: id,
        status: OrderStatus::Shipped,
        hand_over: HandOver::Ship,
        tracking: "1Z9".to_owned(),
        paid_here: false,
    });
    bench.until_done(&errand(10, task), false);
    assert_eq!(bench.shop.books(|books| books.orders[0]["fulfillment_status"].clone()), "shipped");
    let calls = bench.shop.calls();
    let sent = calls.iter().find(|call| call.path.ends_with("/shipments")).unwrap();
    assert_eq!(sent.body["labels"][0]["tracking_number"], "1Z9");
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
        for step in 0..4 {
            bench.begin();
            bench.shop.strike(Fault { strike: Bench::nth(step), kind: kind.clone() });
            bench.until_done(&customer("Ada Byron"), false);
            bench.until_done(&customer("Ada Lovelace"), false);
            let page = bench.run(bench.connector.customers(&Ask::default())).unwrap();
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
    let bench = Bench::new();
    let info = bench.run(bench.connector.test()).unwrap();
    assert_eq!((&*info.name, &*info.currency, info.warnings.len()), ("Medusa Store", "EUR", 0));
    bench.shop.books(|books| countertop_shop_twins::Platform::expire(books, true));
    let tested = bench.run(bench.connector.test());
    assert!(matches!(tested, Err(Trouble::Denied(_))), "{tested:?}");
}
