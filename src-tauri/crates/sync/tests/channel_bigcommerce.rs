//! The connector to BigCommerce, against its twin: what it asks, what it makes of the answers, and that
//! nothing is done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::{CustomerId, VariantId};
use countertop_shop_twins::bigcommerce::{BigCommerce, CLIENT_SECRET, TOKEN, TakesStock};
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike};
use countertop_store::ChannelStream;
use countertop_sync::channel::{
    Ask, Connector, CustomerOut, Found, FulfilOut, Goods, OrderState, StockMoveOut, StockOut, Task,
    Trouble,
};
use serde_json::{Value, json};
use shops::{SALE, connector, errand, line, once, refund, run, sale};
use uuid::Uuid;

const NOW: i64 = 1_795_435_200_000;

fn open() -> (Shop<BigCommerce>, Arc<dyn Connector>) {
    let shop = Shop::open(BigCommerce::with_quota(1_000_000)).unwrap();
    let connector = connect(&shop, &[]);
    (shop, connector)
}

fn connect(shop: &Shop<BigCommerce>, options: &[(&str, &str)]) -> Arc<dyn Connector> {
    let mut all = vec![("allowance", "1000000")];
    all.extend(options);
    let url = format!("{}{}/v3/", shop.url(), BigCommerce::PATH);
    connector("bigcommerce", &url, &[("token", TOKEN), ("secret", CLIENT_SECRET)], &all).unwrap()
}

fn goods(product: i64, variant: i64) -> Goods {
    Goods {
        external_id: variant.to_string(),
        product: format!("p{product}"),
        stock_ref: String::new(),
        sku: "MUG".to_owned(),
    }
}

fn mug(shop: &Shop<BigCommerce>) -> (i64, i64) {
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW))
}

fn since(ms: i64) -> Ask {
    Ask { since_ms: Some(ms), next: None }
}

#[test]
fn the_whole_catalogue_comes_in_by_id_and_later_only_what_changed() {
    let (shop, connector) = open();
    let ids = shop.books(|b| {
        b.add_simple("Mug", "MUG", 1_250, 10, NOW);
        let product = 500;
        let ids = b.add_product(
            product,
            "Hoodie",
            &[("H-S", "Size", "Small"), ("H-L", "Size", "Large")],
            4_990,
            3,
            NOW,
        );
        b.change_product(product, NOW, |row| {
            row["variants"][1]["price"] = json!(59.9);
            row["variants"][1]["sale_price"] = json!(54.35);
            row["variants"][1]["gtin"] = json!("4006381333931");
            row["tax_class_id"] = json!(2);
        });
        for number in 0..260 {
            b.add_simple(&format!("Thing {number}"), "", 100, 1, NOW);
        }
        ids
    });
    let mut all = Vec::new();
    let mut ask = Ask::default();
    let mut totals = Vec::new();
    loop {
        let page = run(connector.products(&ask)).unwrap();
        assert!(page.bad.is_empty());
        totals.extend(page.total);
        all.extend(page.items);
        let Some(next) = page.next else { break };
        ask.next = Some(next);
    }
    assert_eq!((all.len(), totals.as_slice()), (262, [262].as_slice()));
    let hoodie = all.iter().find(|one| one.name == "Hoodie").unwrap();
    assert_eq!(hoodie.external_id, "p500");
    assert_eq!(hoodie.categories, ["Clothing > Hoodies"]);
    assert_eq!(hoodie.tax_class, "Reduced");
    assert_eq!(hoodie.images, ["https://cdn.example.com/500.jpg"]);
    let [small, large] = hoodie.variants.as_slice() else { panic!("two variants") };
    assert_eq!((small.price, small.compare_at, small.stock), (Some(4_990), None, Some(3_000)));
    assert_eq!((large.price, large.compare_at), (Some(5_435), Some(5_990)));
    assert_eq!(
        (large.barcode.as_str(), large.external_id.clone()),
        ("4006381333931", ids[1].to_string())
    );
    assert_eq!(large.options[0].value, "Large");

    let page = run(connector.products(&since(NOW + 1_000))).unwrap();
    assert_eq!(page.items.len(), 0);
    shop.books(|b| b.change_product(500, NOW + 5_000, |row| row["name"] = "Pullover".into()));
    let page = run(connector.products(&since(NOW + 1_000))).unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].name, "Pullover");
}

#[test]
fn a_delta_is_always_asked_for_with_a_whole_moment() {
    let (shop, connector) = open();
    run(connector.products(&since(NOW))).unwrap();
    run(connector.orders(&since(NOW))).unwrap();
    for name in ["date_modified:min", "min_date_modified"] {
        let calls = shop.calls();
        let asked = calls.iter().find_map(|call| call.asked(name)).unwrap().to_owned();
        assert_eq!(asked, "2026-11-23T12:00:00Z");
    }
}

#[test]
fn a_product_that_is_nonsense_is_a_to_do_and_not_in_the_way_of_the_others() {
    let (shop, connector) = open();
    let bad = shop.books(|b| {
        b.add_simple("Good", "G", 100, 1, NOW);
        let spoil: [fn(&mut Value); 4] = [
            |row| row["price"] = json!(-1.0),
            |row| row["name"] = "Nul\u{0}l".into(),
            |row| row["name"] = "\u{202e}gpj.exe".into(),
            |row| row["variants"] = json!([]),
        ];
        spoil.map(|spoil| {
            let (product, _) = b.add_simple("Bad", "B", 100, 1, NOW);
            b.change_product(product, NOW, spoil);
            format!("p{product}")
        })
    });
    let page = run(connector.products(&Ask::default())).unwrap();
    assert_eq!(page.items.len(), 1);
    let named: Vec<String> = page.bad.into_iter().map(|(id, _)| id).collect();
    assert_eq!(named, bad);
}

#[test]
fn html_a_page_without_end_and_a_redirect_stop_the_reading_and_are_not_believed() {
    for kind in [
        FaultKind::Html,
        FaultKind::Huge(100 * 1024 * 1024),
        FaultKind::HalfJson,
        FaultKind::Redirect("http://10.0.0.1/".to_owned()),
        FaultKind::Expired,
    ] {
        let (shop, connector) = open();
        mug(&shop);
        shop.strike(Fault { strike: Strike::first("GET", "products"), kind: kind.clone() });
        let trouble = run(connector.products(&Ask::default())).unwrap_err();
        assert!(trouble.is_of_the_shop(), "{kind:?}: {trouble}");
    }
}

#[test]
fn a_sale_becomes_an_order_that_takes_its_goods_and_carries_our_id() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let task = sale(vec![
        line(
            VariantId::new(Uuid::from_u128(1)),
            Some(goods(product, variant)),
            "Mug",
            3_000,
            3_750,
        ),
        line(VariantId::new(Uuid::from_u128(2)), None, "Only here", 1_000, 500),
    ]);
    let done = run(connector.send(&errand(SALE, Task::Sale(task)))).unwrap();
    assert!(done.unset.is_empty());
    shop.books(|b| {
        assert_eq!(b.stock_of(variant), 7);
        let (id, order) = b.orders().iter().next().unwrap();
        assert_eq!(done.external_id, id.to_string());
        assert_eq!(order["external_order_id"], SALE);
        assert_eq!(order["external_source"], "POS (Countertop)");
        assert_eq!((&order["status_id"], &order["total_inc_tax"]), (&json!(10), &json!("42.50")));
        let lines = b.order_products(*id);
        assert_eq!((&lines[0]["variant_id"], &lines[0]["quantity"]), (&json!(variant), &json!(3)));
        assert_eq!(lines[0]["price_inc_tax"], "12.5000");
        assert_eq!((&lines[1]["name"], &lines[1]["type"]), (&json!("Only here"), &json!("custom")));
    });
}

#[test]
fn a_part_of_a_unit_is_a_line_of_text_and_its_figure_is_set_by_the_engine() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let ours = VariantId::new(Uuid::from_u128(1));
    let task = sale(vec![line(ours, Some(goods(product, variant)), "Cheese", 350, 700)]);
    let done = run(connector.send(&errand(SALE, Task::Sale(task)))).unwrap();
    assert_eq!(done.unset, [ours]);
    shop.books(|b| {
        assert_eq!(b.stock_of(variant), 10);
        let id = *b.orders().keys().next().unwrap();
        assert_eq!(b.order_products(id)[0]["name"], "Cheese × 0.350");
    });
}

/// Every fault that passes, at every request of a sale and of its refund: one order, one refund, and the
/// figure right or named as not right.
#[test]
fn whatever_breaks_there_is_one_order_and_one_refund_of_each() {
    let places = [
        ("GET", "/v2/store"),
        ("POST", "/v2/orders"),
        ("GET", "/products"),
        ("POST", "refund_quotes"),
        ("POST", "payment_actions/refunds"),
        ("POST", "adjustments/relative"),
    ];
    for kind in FaultKind::passing() {
        for (method, path) in places {
            let (shop, connector) = open();
            let (product, variant) = mug(&shop);
            let ours = VariantId::new(Uuid::from_u128(1));
            let goods = goods(product, variant);
            shop.strike(Fault { strike: Strike::first(method, path), kind: kind.clone() });
            let sold = line(ours, Some(goods.clone()), "Mug", 2_000, 2_500);
            let of = sold.id;
            let done = once(&*connector, &errand(SALE, Task::Sale(sale(vec![sold]))));
            assert!(done.unset.is_empty());
            let task = refund(&done.external_id, of, ours, &goods, 1_000, 1_250);
            let back = once(&*connector, &errand(shops::REFUND, Task::Refund(task)));
            shop.books(|b| {
                assert_eq!(b.orders().len(), 1, "{kind:?} at {path}");
                let id = *b.orders().keys().next().unwrap();
                assert_eq!(b.refunds_of(id).len(), 1, "{kind:?} at {path}");
                assert_eq!(b.order_products(id)[0]["quantity_refunded"], 1);
                let right = b.stock_of(variant) == 9;
                assert!(right || back.unset == [ours], "{kind:?} at {path}");
            });
        }
    }
}

#[test]
fn to_try_again_without_looking_makes_two_orders_of_one_sale() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let ours = VariantId::new(Uuid::from_u128(1));
    let sold = line(ours, Some(goods(product, variant)), "Mug", 1_000, 1_250);
    let errand = errand(SALE, Task::Sale(sale(vec![sold])));
    shop.strike(Fault { strike: Strike::first("POST", "/v2/orders"), kind: FaultKind::DropAfter });
    assert!(matches!(run(connector.send(&errand)), Err(Trouble::Unknown { .. })));
    run(connector.send(&errand)).unwrap();
    assert_eq!(
        shop.books(|b| b.orders().len()),
        2,
        "the twin has no key for once, as the platform"
    );
}

#[test]
fn a_shop_that_does_not_search_is_not_believed_that_an_order_is_missing() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let sold = line(
        VariantId::new(Uuid::from_u128(1)),
        Some(goods(product, variant)),
        "Mug",
        1_000,
        1_250,
    );
    let errand = errand(SALE, Task::Sale(sale(vec![sold])));
    assert_eq!(run(connector.look_up(&errand)).unwrap(), Found::Missing);
    let other = shop.books(|b| b.order_online(&[(variant, 1)], false, NOW));
    shop.books(|b| b.edit_order(other, NOW, |row| row["external_order_id"] = SALE.into()));
    assert!(matches!(run(connector.look_up(&errand)).unwrap(), Found::Done(_)));
}

#[test]
fn a_refund_that_the_shop_counts_otherwise_is_paid_back_as_it_was_here() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let ours = VariantId::new(Uuid::from_u128(1));
    let goods = goods(product, variant);
    let sold = line(ours, Some(goods.clone()), "Mug", 3_000, 1_000);
    let of = sold.id;
    let done = once(&*connector, &errand(SALE, Task::Sale(sale(vec![sold]))));
    // A third of ten is 3.33 there, and was 3.34 here.
    let task = refund(&done.external_id, of, ours, &goods, 1_000, 334);
    once(&*connector, &errand(shops::REFUND, Task::Refund(task)));
    shop.books(|b| {
        let id = *b.orders().keys().next().unwrap();
        let refund = &b.refunds_of(id)[0];
        assert_eq!(refund["items"][0]["item_type"], "ORDER");
        assert_eq!(
            refund["payments"],
            json!([{ "provider_id": "custom", "amount": 3.34, "offline": true }])
        );
        assert_eq!(b.stock_of(variant), 8);
    });
}

#[test]
fn figures_are_set_and_movements_told_by_variant_or_by_product() {
    let (shop, connector) = open();
    let (product, variant) = mug(&shop);
    let ours = VariantId::new(Uuid::from_u128(1));
    let goods = goods(product, variant);
    let set = |figure| {
        Task::Stock(StockOut { variant: ours, goods: Some(goods.clone()), figure, expected: None })
    };
    let moved = |quantity| {
        let (goods, reason) = (Some(goods.clone()), "receive".to_owned());
        Task::StockMove(StockMoveOut { variant: ours, goods, quantity, reason })
    };
    run(connector.send(&errand(SALE, set(5_000)))).unwrap();
    assert_eq!(shop.books(|b| b.stock_of(variant)), 5);
    let done = run(connector.send(&errand(SALE, moved(2_000)))).unwrap();
    assert!(done.unset.is_empty());
    assert_eq!(shop.books(|b| b.stock_of(variant)), 7);

    // Never below nothing: the shop refuses, and the figure is set instead.
    let done = run(connector.send(&errand(SALE, moved(-9_000)))).unwrap();
    assert_eq!(done.unset, [ours]);
    // Never counted before: the same.
    shop.books(|b| b.never_counted(variant));
    let done = run(connector.send(&errand(SALE, moved(1_000)))).unwrap();
    assert_eq!(done.unset, [ours]);
    // Counted by product since: the shop says so, and is told so.
    shop.books(|b| {
        b.change_product(product, NOW, |row| row["inventory_tracking"] = "product".into())
    });
    run(connector.send(&errand(SALE, set(4_000)))).unwrap();
    assert_eq!(shop.books(|b| b.stock_of(variant)), 4);
    let said = run(connector.stock_of(std::slice::from_ref(&goods))).unwrap();
    assert_eq!((said[0].external_id.clone(), said[0].quantity), (variant.to_string(), 4_000));

    // Of a movement in doubt nobody can tell.
    assert_eq!(run(connector.look_up(&errand(SALE, moved(1_000)))).unwrap(), Found::CannotTell);
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
    let connector = connect(&shop, &[]);
    mug(&shop);
    // Eight are allowed; the last five are left to others, so that the fifth request waits.
    for _ in 0..4 {
        run(connector.stock(&Ask::default())).unwrap();
    }
    assert!(shop.calls().iter().all(|call| call.status == 200));
    let waits = run(async {
        let ask = Ask::default();
        let asked = connector.stock(&ask);
        tokio::time::timeout(std::time::Duration::from_millis(200), asked).await.is_err()
    });
    assert!(waits, "the window is half a minute long");
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
