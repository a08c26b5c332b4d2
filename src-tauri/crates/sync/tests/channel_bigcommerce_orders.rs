//! The connector to BigCommerce, against its twin: orders, customers, webhooks, rights and limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use std::collections::{BTreeMap, HashMap};

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::{CustomerId, VariantId};
use countertop_shop_twins::bigcommerce::{BigCommerce, TOKEN, TakesStock};
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike};
use countertop_store::ChannelStream;
use countertop_sync::channel::{Ask, CustomerOut, FulfilOut, OrderState, Task, Trouble};
use serde_json::json;
use shops::bigcommerce::{NOW, connect, goods, mug, open};
use shops::{SALE, connector, errand, line, once, run, sale};
use uuid::Uuid;

fn since(ms: i64) -> Ask {
    Ask { since_ms: Some(ms), next: None }
}

#[test]
fn orders_come_in_to_collect_and_to_ship_and_ours_only_as_an_echo() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let sold = line(
        VariantId::new(Uuid::from_u128(1)),
        Some(goods(product, variant)),
        "Mug",
        1_000,
        1_250,
    );
    once(&*connector, &errand(SALE, Task::Sale(sale(vec![sold]))));
    let (ship, collect, later) = shop.books(|b| {
        let later = b.order_online(&[(variant, 1)], true, NOW);
        b.edit_order(later, NOW, |row| {
            row["status_id"] = 7.into();
            row["payment_status"] = "".into();
            row["payment_method"] = "Pay in Store".into();
        });
        let ship = b.order_online(&[(variant, 2)], false, NOW);
        (ship, b.order_online(&[(variant, 1)], true, NOW), later)
    });
    let page = run(connector.orders(&since(NOW - 1))).unwrap();
    let of = |id: i64| page.items.iter().find(|one| one.external_id == id.to_string()).unwrap();
    let ours = page.items.iter().find(|one| one.our_id.is_some()).unwrap();
    assert_eq!(ours.our_id.as_deref(), Some(SALE));
    let order = of(ship);
    assert_eq!(
        (order.hand_over, order.state, order.paid),
        (HandOver::Ship, OrderState::Open, true)
    );
    assert_eq!(
        (order.total, order.lines[0].quantity, order.lines[0].unit_price),
        (2_500, 2_000, 1_250)
    );
    assert_eq!(order.lines[0].variant, variant.to_string());
    assert_eq!(order.recipient.name, "Ada Lovelace");
    assert_eq!(order.recipient.address.country, "GB");
    assert_eq!(of(collect).hand_over, HandOver::Collect);
    let order = of(later);
    assert_eq!(
        (order.hand_over, order.state, order.paid),
        (HandOver::Collect, OrderState::Open, false)
    );
}

#[test]
fn a_new_register_reads_the_open_orders_alone_and_goes_on_where_it_was() {
    let (shop, connector) = open();
    let (_, variant) = mug(&shop);
    shop.books(|b| {
        for number in 0..40 {
            let order = b.order_online(&[(variant, 1)], true, NOW);
            let status = [11, 7, 10, 5, 0][number % 5];
            b.edit_order(order, NOW, |row| row["status_id"] = status.into());
        }
    });
    let mut found = Vec::new();
    let mut ask = Ask::default();
    loop {
        // A new connector for every page: the place is all that is kept.
        let connector = connect(&shop, &[]);
        let page = run(connector.orders(&ask)).unwrap();
        found.extend(page.items);
        let Some(next) = page.next else { break };
        ask.next = Some(next);
    }
    assert_eq!(found.len(), 16);
    assert!(found.iter().all(|order| order.state == OrderState::Open));
    drop(connector);
}

#[test]
fn an_order_goes_on_and_what_was_said_twice_is_done_once() {
    let (shop, connector) = open();
    let (_, variant) = mug(&shop);
    let (ship, collect) = shop.books(|b| {
        (b.order_online(&[(variant, 2)], false, NOW), b.order_online(&[(variant, 1)], true, NOW))
    });
    let fulfil = |order: i64, status, hand_over, paid_here| {
        Task::Fulfil(FulfilOut {
            order_external: order.to_string(),
            status,
            hand_over,
            tracking: "T1".to_owned(),
            paid_here,
        })
    };
    let status = |order: i64| shop.books(|b| b.orders()[&order]["status_id"].clone());
    for kind in [FaultKind::DropAfter, FaultKind::StatusAfter(502)] {
        shop.strike(Fault { strike: Strike::first("POST", "/shipments"), kind });
        once(&*connector, &errand(SALE, fulfil(ship, OrderStatus::Shipped, HandOver::Ship, false)));
        assert_eq!(shop.books(|b| b.shipments_of(ship).len()), 1);
        assert_eq!(status(ship), json!(2));
        shop.clear_script();
    }
    once(&*connector, &errand(SALE, fulfil(collect, OrderStatus::Ready, HandOver::Collect, false)));
    assert_eq!(status(collect), json!(8));
    once(
        &*connector,
        &errand(SALE, fulfil(collect, OrderStatus::Collected, HandOver::Collect, true)),
    );
    assert_eq!(status(collect), json!(10));
    shop.books(|b| {
        let pickup = b.pickups().values().next().unwrap();
        assert!(pickup["ready_at"].is_string() && pickup["collected_at"].is_string());
        assert_eq!(b.orders()[&collect]["payment_method"], "Countertop: paid when collected");
    });
}

#[test]
fn customers_come_and_go_with_what_they_said_about_mail() {
    let (shop, connector) = open();
    shop.books(|b| {
        b.sign_up("ada@example.com", "Ada", "Lovelace", NOW);
        b.sign_up("bob@example.com", "Bob", "-", NOW);
        b.subscribe("ada@example.com", NOW);
    });
    let page = run(connector.customers(&Ask::default())).unwrap();
    assert_eq!((page.items.len(), page.items[1].name.as_str()), (2, "Bob"));
    let next = Ask { since_ms: None, next: page.next };
    let page = run(connector.customers(&next)).unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    assert_eq!(
        (page.items[0].name.as_str(), page.items[0].email_consent),
        ("Ada Lovelace", Some((true, NOW)))
    );

    let customer = |email: &str, consent| {
        Task::Customer(CustomerOut {
            id: CustomerId::new(Uuid::from_u128(9)),
            external_id: String::new(),
            name: "Eve Moneypenny".to_owned(),
            email: email.to_owned(),
            phone: "1".to_owned(),
            address: countertop_domain::customer::Address::default(),
            email_consent: consent,
        })
    };
    for kind in FaultKind::passing() {
        shop.strike(Fault { strike: Strike::first("POST", "/v3/customers"), kind });
        once(&*connector, &errand(SALE, customer("eve@example.com", Some(true))));
        shop.clear_script();
    }
    once(&*connector, &errand(SALE, customer("ada@example.com", Some(false))));
    shop.books(|b| {
        assert_eq!(b.customers().len(), 3);
        let news: BTreeMap<String, bool> = b
            .subscribers()
            .values()
            .map(|row| (row["email"].as_str().unwrap().to_owned(), row["consents"] != json!([])))
            .collect();
        assert_eq!(
            news,
            BTreeMap::from([
                ("ada@example.com".to_owned(), false),
                ("eve@example.com".to_owned(), true)
            ])
        );
    });
}

#[test]
fn the_sweep_names_every_product_and_variant_that_is_left() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let (gone, _) = shop.books(|b| b.add_simple("Gone", "G", 100, 1, NOW));
    shop.books(|b| b.delete_product(gone));
    let page = run(connector.sweep(&Ask::default())).unwrap();
    assert_eq!(page.items, [format!("p{product}"), variant.to_string()]);
    assert_eq!(page.next, None);
    let page = run(connector.stock(&Ask::default())).unwrap();
    assert_eq!((page.items[0].quantity, page.next), (10_000, None));
}

#[test]
fn a_test_names_every_right_that_is_missing_and_changes_nothing() {
    let (shop, connector) = open();
    let info = run(connector.test()).unwrap();
    assert_eq!((info.name.as_str(), info.currency.as_str()), ("Twin of a shop", "EUR"));
    assert!(info.missing.is_empty() && info.warnings.is_empty());
    let before = shop.books(|b| (b.orders().len(), b.customers().len()));
    assert_eq!(before, (0, 0));
    shop.books(|b| b.without = ["orders", "inventory"].map(str::to_owned).into());
    let info = run(connector.test()).unwrap();
    assert_eq!(info.missing, ["Orders: modify", "Store Inventory: modify"]);
    let elsewhere = run(connect(&shop, &[("location", "7")]).test()).unwrap();
    assert_eq!(elsewhere.missing, ["Orders: modify", "Store Inventory: modify"]);
    shop.strike(Fault { strike: Strike::first("GET", ""), kind: FaultKind::Expired });
    assert!(matches!(run(connector.test()), Err(Trouble::Denied(_))));
}

#[test]
fn the_allowance_of_the_shop_is_kept_by_what_it_says() {
    let shop = Shop::open(BigCommerce::with_quota(8)).unwrap();
    // Longer than any machine stands still.
    shop.books(|b| b.window_ms = 15 * 60 * 1_000);
    let connector = connect(&shop, &[]);
    // Eight are allowed; the last five are left to others, so that the fifth request waits.
    for _ in 0..4 {
        run(connector.stock(&Ask::default())).unwrap();
    }
    let ask = Ask::default();
    let waits = run(async {
        let asked = connector.stock(&ask);
        tokio::time::timeout(std::time::Duration::from_millis(200), asked).await.is_err()
    });
    assert!(waits, "it is asked in the next window");
    assert_eq!(shop.calls().len(), 4);
}

#[test]
fn too_many_requests_say_how_long_to_wait() {
    let (shop, connector) = open();
    shop.strike(Fault { strike: Strike::first("GET", ""), kind: FaultKind::Busy(Some(7)) });
    let trouble = run(connector.stock(&Ask::default())).unwrap_err();
    assert_eq!(trouble.wait_ms(), Some(7_000));
}

#[test]
fn a_webhook_is_believed_only_with_its_signature_and_wakes_one_list() {
    let (shop, connector) = open();
    let (headers, body) = shop.books(|b| b.webhook("store/order/updated", 7, NOW / 1_000));
    let headers: HashMap<String, String> = headers.into_iter().collect();
    let hint = connector.webhook(&headers, &body).unwrap();
    assert_eq!(hint.stream, ChannelStream::Orders);
    // The same one again has the same id.
    assert_eq!(connector.webhook(&headers, &body).unwrap().id, hint.id);
    let mut other = body.clone();
    other[12] ^= 1;
    assert!(connector.webhook(&headers, &other).is_none());
    let mut stale = headers.clone();
    stale.insert("webhook-timestamp".to_owned(), "1".to_owned());
    assert!(connector.webhook(&stale, &body).is_none());
    assert!(connector.webhook(&HashMap::new(), &body).is_none());
    let (headers, body) = shop.books(|b| b.webhook("store/sku/inventory/updated", 7, 1));
    let headers = headers.into_iter().collect();
    assert_eq!(connector.webhook(&headers, &body).unwrap().stream, ChannelStream::Stock);
}

#[test]
fn the_twin_takes_stock_as_the_shop_is_set() {
    for (takes, placed, completed) in
        [(TakesStock::Placed, 9, 9), (TakesStock::Completed, 10, 9), (TakesStock::Never, 10, 10)]
    {
        let (shop, connector) = open();
        let (_, variant) = mug(&shop);
        shop.books(|b| b.takes_stock = takes);
        let order = shop.books(|b| b.order_online(&[(variant, 1)], true, NOW));
        assert_eq!(shop.books(|b| b.stock_of(variant)), placed);
        let task = Task::Fulfil(FulfilOut {
            order_external: order.to_string(),
            status: OrderStatus::Collected,
            hand_over: HandOver::Collect,
            tracking: String::new(),
            paid_here: false,
        });
        once(&*connector, &errand(SALE, task));
        assert_eq!(shop.books(|b| b.stock_of(variant)), completed);
    }
}

#[test]
fn a_shop_is_set_up_with_the_path_that_the_platform_shows() {
    let (shop, _) = open();
    let wrong = connector("bigcommerce", &shop.url(), &[("token", TOKEN)], &[]);
    assert!(wrong.err().unwrap().contains("/stores/"));
    let url = format!("{}{}", shop.url(), BigCommerce::PATH);
    let keyless = connector("bigcommerce", &url, &[], &[]);
    assert!(keyless.err().unwrap().contains("Access token"));
}
