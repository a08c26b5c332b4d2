//! The connector to BigCommerce, against its twin: catalogue, sales, refunds and stock, and that nothing is
//! done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use countertop_domain::ids::VariantId;
use countertop_shop_twins::{Fault, FaultKind, Strike};
use countertop_sync::channel::{Ask, Found, StockMoveOut, StockOut, Task, Trouble};
use serde_json::{Value, json};
use shops::bigcommerce::{NOW, goods, mug, open};
use shops::{SALE, errand, line, once, refund, run, sale};
use uuid::Uuid;

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
    let ours = VariantId::new(Uuid::from_u128(1));
    let sold = line(ours, Some(goods(product, variant)), "Mug", 1_000, 1_250);
    let errand = errand(SALE, Task::Sale(sale(vec![sold])));
    shop.books(|b| b.order_online(&[(variant, 1)], false, NOW));
    assert_eq!(run(connector.look_up(&errand)).unwrap(), Found::Missing);
    shop.books(|b| b.searches = false);
    assert_eq!(run(connector.look_up(&errand)).unwrap(), Found::CannotTell);
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
