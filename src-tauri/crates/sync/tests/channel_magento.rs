//! The connector to Magento, against its twin: what it asks, what it makes of the answers, and that
//! nothing is done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use std::sync::Arc;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, VariantId};
use countertop_shop_twins::magento::{CONSUMER, CONSUMER_SECRET, Magento, TOKEN, TOKEN_SECRET};
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike};
use countertop_sync::channel::{
    Ask, Connector, CustomerOut, Found, FulfilOut, Goods, OrderState, StockOut, StockStyle, Task,
    Trouble,
};
use serde_json::{Value, json};
use shops::{REFUND, SALE, connector, errand, line, once, refund, run, sale};
use uuid::Uuid;

const NOW: i64 = 1_795_435_200_000;
const KEYS: [(&str, &str); 4] = [
    ("token", TOKEN),
    ("token_secret", TOKEN_SECRET),
    ("consumer_key", CONSUMER),
    ("consumer_secret", CONSUMER_SECRET),
];

fn open() -> (Shop<Magento>, Arc<dyn Connector>) {
    let shop = Shop::open(Magento::default()).unwrap();
    let connector = connect(&shop);
    (shop, connector)
}

fn connect(shop: &Shop<Magento>) -> Arc<dyn Connector> {
    connector("magento", &shop.url(), &KEYS, &[("rate", "10000")]).unwrap()
}

fn goods(sku: &str) -> Goods {
    Goods { external_id: sku.to_owned(), product: "p1".to_owned(), ..Goods::default() }
}

fn ours() -> VariantId {
    VariantId::new(Uuid::from_u128(1))
}

fn since(ms: i64) -> Ask {
    Ask { since_ms: Some(ms), next: None }
}

#[test]
fn variants_come_with_their_product_and_single_products_by_themselves() {
    let (shop, connector) = open();
    let (parent, _) = shop.books(|b| {
        let mug = b.add_simple("Mug", "MUG", 1_250, 10, NOW);
        b.set_attribute(mug, "ean", json!("4006381333931"), NOW);
        b.set_attribute(mug, "special_price", json!("9.9900"), NOW);
        b.set_attribute(mug, "tax_class_id", json!("4"), NOW);
        b.add_configurable("Hoodie", "H", &[("H-R", "50"), ("H-B", "51")], 4_990, 3, NOW)
    });
    let page = run(connector.products(&Ask::default())).unwrap();
    assert!(page.bad.is_empty(), "{:?}", page.bad);
    assert_eq!((page.items.len(), page.next, page.total), (2, None, Some(4)));
    let mug = page.items.iter().find(|one| one.name == "Mug").unwrap();
    assert_eq!(
        (mug.tax_class.as_str(), mug.categories[0].as_str()),
        ("Reduced", "Clothing > Hoodies")
    );
    assert!(mug.images[0].ends_with("/media/catalog/product/m/1.jpg"));
    let one = &mug.variants[0];
    assert_eq!((one.external_id.as_str(), one.barcode.as_str()), ("MUG", "4006381333931"));
    assert_eq!((one.price, one.compare_at), (Some(999), Some(1_250)));
    let hoodie = page.items.iter().find(|one| one.name == "Hoodie").unwrap();
    assert_eq!(hoodie.external_id, format!("p{parent}"));
    let told: Vec<(&str, &str)> = hoodie
        .variants
        .iter()
        .map(|one| (one.external_id.as_str(), one.options[0].value.as_str()))
        .collect();
    assert_eq!(told, [("H-R", "Red"), ("H-B", "Blue")]);
    assert_eq!(
        (hoodie.variants[0].options[0].name.as_str(), hoodie.tax_class.as_str()),
        ("Colour", "")
    );
}

#[test]
fn a_variant_that_changed_brings_its_whole_product_after_a_restart_too() {
    let (shop, connector) = open();
    let (parent, variants) = shop.books(|b| {
        b.add_simple("Mug", "MUG", 1_250, 10, NOW);
        b.add_configurable("Hoodie", "H", &[("H-R", "50"), ("H-B", "51")], 4_990, 3, NOW)
    });
    run(connector.products(&Ask::default())).unwrap();
    shop.books(|b| b.change_product(variants[1], NOW + 5_000, |row| row["price"] = json!(59.9)));
    for connector in [connector, connect(&shop)] {
        let page = run(connector.products(&since(NOW + 1_000))).unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(page.items[0].external_id, format!("p{parent}"));
        let prices: Vec<Option<i64>> = page.items[0].variants.iter().map(|one| one.price).collect();
        assert_eq!(prices, [Some(4_990), Some(5_990)]);
    }
}

#[test]
fn lists_end_although_the_platform_repeats_its_last_page_and_never_ask_for_too_long_ones() {
    let (shop, connector) = open();
    shop.books(|b| {
        for number in 0..450 {
            b.add_simple(&format!("Thing {number}"), &format!("T{number:04}"), 100, 1, NOW);
        }
    });
    let count = |of: &dyn Fn(&Ask) -> (usize, Option<String>)| {
        let (mut all, mut ask) = (0, Ask::default());
        loop {
            let (some, next) = of(&ask);
            all += some;
            let Some(next) = next else { return all };
            ask.next = Some(next);
        }
    };
    let products = |ask: &Ask| {
        let page = run(connector.products(ask)).unwrap();
        (page.items.len(), page.next)
    };
    let stock = |ask: &Ask| {
        let page = run(connector.stock(ask)).unwrap();
        (page.items.len(), page.next)
    };
    let sweep = |ask: &Ask| {
        let page = run(connector.sweep(ask)).unwrap();
        (page.items.len(), page.next)
    };
    assert_eq!((count(&products), count(&stock), count(&sweep)), (450, 450, 900));
    assert!(shop.calls().iter().all(|call| call.status == 200));
}

#[test]
fn a_product_that_is_nonsense_is_a_to_do_and_not_in_the_way_of_the_others() {
    let (shop, connector) = open();
    let bad = shop.books(|b| {
        b.add_simple("Good", "G", 100, 1, NOW);
        let spoil: [fn(&mut Value); 3] = [
            |row| row["price"] = json!(-1),
            |row| row["name"] = "Nul\u{0}l".into(),
            |row| row["name"] = "\u{202e}gpj.exe".into(),
        ];
        let mut number = 0;
        spoil.map(|spoil| {
            number += 1;
            let product = b.add_simple("Bad", &format!("B{number}"), 100, 1, NOW);
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
        shop.strike(Fault { strike: Strike::first("GET", "orders"), kind: kind.clone() });
        let trouble = run(connector.orders(&Ask::default())).unwrap_err();
        assert!(trouble.is_of_the_shop(), "{kind:?}: {trouble}");
    }
}

#[test]
fn figures_count_what_lies_here_and_do_not_move_any_product() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug", "MUG, big", 1_250, 10, NOW));
    let limits = connector.limits();
    assert_eq!((limits.stock, limits.figure_is_available), (StockStyle::Absolute, false));
    // What is promised is the platform's to take off.
    shop.books(|b| b.order_online(&[("MUG, big", 3)], true, false, NOW));
    let page = run(connector.stock(&since(NOW + 1_000))).unwrap();
    assert_eq!((page.items[0].external_id.as_str(), page.items[0].quantity), ("MUG, big", 10_000));
    let task = Task::Stock(StockOut {
        variant: ours(),
        goods: Some(goods("MUG, big")),
        figure: 6_500,
        expected: None,
    });
    run(connector.send(&errand(SALE, task))).unwrap();
    assert_eq!(shop.books(|b| (b.on_shelf("MUG, big"), b.salable("MUG, big"))), (6_500, 3_500));
    let said = run(connector.stock_of(&[goods("MUG, big")])).unwrap();
    assert_eq!(said[0].quantity, 6_500);
    assert_eq!(run(connector.products(&since(NOW + 1_000))).unwrap().items.len(), 0);
}

#[test]
fn a_sale_becomes_an_order_of_the_shops_history_and_names_the_figures_to_set() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW));
    let other = VariantId::new(Uuid::from_u128(2));
    let task = sale(vec![
        line(ours(), Some(goods("MUG")), "Mug", 3_000, 3_750),
        line(other, None, "Only here", 500, 500),
    ]);
    let done = run(connector.send(&errand(SALE, Task::Sale(task)))).unwrap();
    assert_eq!(done.unset, [ours()]);
    shop.books(|b| {
        // Nothing is taken and nothing promised: the figure that the engine sets is all that counts.
        assert_eq!((b.on_shelf("MUG"), b.salable("MUG")), (10_000, 10_000));
        let (id, order) = b.orders().iter().next().unwrap();
        assert_eq!(done.external_id, id.to_string());
        assert_eq!(order["ext_order_id"], format!("countertop:{SALE}"));
        assert_eq!((&order["state"], &order["grand_total"]), (&json!("complete"), &json!(42.5)));
        assert_eq!(order["created_at"], "2026-11-23 12:00:00");
        assert_eq!((&order["store_id"], &order["total_paid"]), (&json!(1), &json!(42.5)));
        let item = &order["items"][0];
        assert_eq!((&item["sku"], &item["price_incl_tax"]), (&json!("MUG"), &json!(12.5)));
        assert_eq!((&item["qty_ordered"], &item["qty_invoiced"]), (&json!(3.0), &json!(3.0)));
        assert_eq!(order["items"][1]["qty_ordered"], json!(0.5));
    });
}

/// Every fault that passes, at every request of a sale and of its refund.
#[test]
fn whatever_breaks_there_is_one_order_and_one_credit_memo() {
    let places = [
        ("GET", "store/storeViews"),
        ("POST", "V1/orders"),
        ("GET", "V1/orders/"),
        ("POST", "/refund"),
        ("GET", "creditmemos"),
    ];
    for kind in FaultKind::passing() {
        for (method, path) in places {
            let (shop, connector) = open();
            shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW));
            shop.strike(Fault { strike: Strike::first(method, path), kind: kind.clone() });
            let sold = line(ours(), Some(goods("MUG")), "Mug", 3_000, 1_000);
            let of = sold.id;
            let done = once(&*connector, &errand(SALE, Task::Sale(sale(vec![sold]))));
            assert_eq!(done.unset, [ours()]);
            // A third of ten is 3.33 there, and was 3.34 here.
            let task = refund(&done.external_id, of, ours(), &goods("MUG"), 1_000, 334);
            let back = once(&*connector, &errand(REFUND, Task::Refund(task)));
            assert_eq!(back.unset, [ours()]);
            shop.books(|b| {
                assert_eq!(b.orders().len(), 1, "{kind:?} at {path}");
                assert_eq!(b.memos().len(), 1, "{kind:?} at {path}");
                let (id, memo) = b.memos().iter().next().unwrap();
                assert_eq!(back.external_id, id.to_string());
                assert_eq!(
                    (&memo["grand_total"], &memo["items"][0]["qty"]),
                    (&json!(3.34), &json!(1.0))
                );
            });
        }
    }
}

#[test]
fn to_try_again_without_looking_makes_two_orders_of_one_sale() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW));
    let errand =
        errand(SALE, Task::Sale(sale(vec![line(ours(), Some(goods("MUG")), "Mug", 1_000, 1_250)])));
    assert_eq!(run(connector.look_up(&errand)).unwrap(), Found::Missing);
    shop.strike(Fault { strike: Strike::first("POST", "V1/orders"), kind: FaultKind::DropAfter });
    assert!(matches!(run(connector.send(&errand)), Err(Trouble::Unknown { .. })));
    assert!(matches!(run(connector.look_up(&errand)).unwrap(), Found::Done(_)));
    run(connector.send(&errand)).unwrap();
    assert_eq!(
        shop.books(|b| b.orders().len()),
        2,
        "the twin has no key for once, as the platform"
    );
}

#[test]
fn orders_come_in_to_collect_and_to_ship_and_ours_only_as_an_echo() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW));
    let task = sale(vec![line(ours(), Some(goods("MUG")), "Mug", 1_000, 1_250)]);
    once(&*connector, &errand(SALE, Task::Sale(task)));
    let (ship, collect, later, waiting) = shop.books(|b| {
        (
            b.order_online(&[("MUG", 2)], false, false, NOW),
            b.order_online(&[("MUG", 1)], true, false, NOW),
            b.order_online(&[("MUG", 1)], true, true, NOW),
            b.order_online(&[("MUG", 1)], false, true, NOW),
        )
    });
    shop.books(|b| {
        b.edit_order(ship, NOW, |row| {
            // The part of a product with choices stands below it.
            let mut part = row["items"][0].clone();
            part["parent_item_id"] = row["items"][0]["item_id"].clone();
            part["price"] = 0.into();
            row["items"].as_array_mut().unwrap().push(part);
        });
    });
    let page = run(connector.orders(&since(NOW - 1_000))).unwrap();
    let of = |id: i64| page.items.iter().find(|one| one.external_id == id.to_string()).unwrap();
    let echo: Vec<&str> = page.items.iter().filter_map(|one| one.our_id.as_deref()).collect();
    assert_eq!(echo, [SALE]);
    let order = of(ship);
    assert_eq!(
        (order.hand_over, order.state, order.paid),
        (HandOver::Ship, OrderState::Open, true)
    );
    assert_eq!((order.lines.len(), order.lines[0].quantity, order.total), (1, 2_000, 2_500));
    assert_eq!(order.lines[0].variant, "MUG");
    assert_eq!(order.recipient.address.lines, ["Lane 1"]);
    assert_eq!((of(collect).hand_over, of(collect).state), (HandOver::Collect, OrderState::Open));
    assert_eq!((of(later).state, of(later).paid), (OrderState::Open, false));
    assert_eq!(of(waiting).state, OrderState::Unpaid);

    // A new register reads the open ones alone.
    let page = run(connector.orders(&Ask::default())).unwrap();
    assert_eq!(page.items.len(), 4);
    assert!(page.items.iter().all(|order| order.our_id.is_none()));
}

fn fulfil(order: i64, status: OrderStatus, hand_over: HandOver, paid_here: bool) -> Task {
    let tracking = if hand_over == HandOver::Ship { "T1" } else { "" };
    Task::Fulfil(FulfilOut {
        order_external: order.to_string(),
        status,
        hand_over,
        tracking: tracking.to_owned(),
        paid_here,
    })
}

#[test]
fn an_order_goes_on_and_what_was_said_twice_is_done_once() {
    for kind in FaultKind::passing() {
        let (shop, connector) = open();
        shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW));
        let (ship, collect, later, up) = shop.books(|b| {
            (
                b.order_online(&[("MUG", 2)], false, false, NOW),
                b.order_online(&[("MUG", 1)], true, false, NOW),
                b.order_online(&[("MUG", 1)], true, true, NOW),
                b.order_online(&[("MUG", 1)], true, false, NOW),
            )
        });
        for place in ["/ship", "notify-orders", "/invoice", "/cancel"] {
            shop.strike(Fault { strike: Strike::first("POST", place), kind: kind.clone() });
        }
        let tell = |task: Task| {
            once(&*connector, &errand(SALE, task.clone()));
            once(&*connector, &errand(SALE, task));
        };
        tell(fulfil(ship, OrderStatus::Shipped, HandOver::Ship, false));
        tell(fulfil(collect, OrderStatus::Ready, HandOver::Collect, false));
        tell(fulfil(collect, OrderStatus::Collected, HandOver::Collect, false));
        tell(fulfil(later, OrderStatus::Collected, HandOver::Collect, true));
        tell(fulfil(up, OrderStatus::Cancelled, HandOver::Collect, false));
        shop.books(|b| {
            for order in [ship, collect, later] {
                assert_eq!(b.orders()[&order]["state"], "complete", "{kind:?}");
            }
            assert_eq!(b.orders()[&up]["state"], "canceled", "{kind:?}");
            assert_eq!((b.on_shelf("MUG"), b.salable("MUG")), (6_000, 6_000), "{kind:?}");
        });
    }
}

#[test]
fn what_was_handed_over_is_shipped_although_the_figure_says_that_nothing_was_there() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 1, NOW));
    let order = shop.books(|b| b.order_online(&[("MUG", 1)], true, false, NOW));
    shop.books(|b| b.set_stock("MUG", 0));
    once(
        &*connector,
        &errand(SALE, fulfil(order, OrderStatus::Collected, HandOver::Collect, false)),
    );
    shop.books(|b| {
        assert_eq!(b.orders()[&order]["state"], "complete");
        assert_eq!((b.on_shelf("MUG"), b.salable("MUG")), (0, 0));
    });
}

#[test]
fn customers_come_and_go_with_what_they_said_about_mail_and_keep_what_they_had() {
    let (shop, connector) = open();
    let ada = shop.books(|b| b.sign_up("ada@example.com", "Ada", "Lovelace", true, NOW));
    let page = run(connector.customers(&Ask::default())).unwrap();
    assert_eq!(
        (page.items[0].name.as_str(), page.items[0].email_consent),
        ("Ada Lovelace", Some((true, NOW)))
    );
    assert_eq!(
        (page.items[0].address.country.as_str(), page.items[0].phone.as_str()),
        ("GB", "123")
    );
    let customer = |email: &str, name: &str, consent| {
        Task::Customer(CustomerOut {
            id: CustomerId::new(Uuid::from_u128(9)),
            external_id: String::new(),
            name: name.to_owned(),
            email: email.to_owned(),
            phone: String::new(),
            address: Address {
                lines: vec!["Road 2".to_owned()],
                city: "Bath".to_owned(),
                country: "GB".to_owned(),
                ..Address::default()
            },
            email_consent: consent,
        })
    };
    for kind in FaultKind::passing() {
        shop.strike(Fault { strike: Strike::first("POST", "V1/customers"), kind });
        once(&*connector, &errand(SALE, customer("eve@example.com", "Eve Moneypenny", Some(true))));
        shop.clear_script();
    }
    once(&*connector, &errand(SALE, customer("ada@example.com", "Ada King", Some(false))));
    shop.books(|b| {
        assert_eq!(b.customers().len(), 2);
        let row = &b.customers()[&ada];
        assert_eq!((&row["lastname"], &row["group_id"]), (&json!("King"), &json!(3)));
        assert_eq!(row["addresses"][0]["street"], json!(["Lane 1"]));
        assert_eq!(row["extension_attributes"]["is_subscribed"], false);
    });
}

#[test]
fn a_test_names_what_is_missing_and_a_token_alone_needs_the_shops_leave() {
    let (shop, connector) = open();
    let info = run(connector.test()).unwrap();
    assert_eq!(info.currency, "EUR");
    assert!(info.missing.is_empty() && info.warnings.is_empty(), "{info:?}");
    shop.books(|b| b.without = ["sales", "inventory"].map(str::to_owned).into());
    let info = run(connector.test()).unwrap();
    assert_eq!(
        info.missing,
        ["Sales: Orders, Invoices, Shipments, Credit Memos", "Stores: Inventory (Sources)"]
    );
    shop.books(|b| b.without.clear());
    let elsewhere = [("rate", "10000"), ("source", "north")];
    let elsewhere = shops::connector("magento", &shop.url(), &KEYS, &elsewhere).unwrap();
    assert!(run(elsewhere.test()).unwrap().warnings[0].contains("north"));

    let alone =
        || shops::connector("magento", &shop.url(), &KEYS[..1], &[("rate", "10000")]).unwrap();
    assert!(matches!(run(alone().test()), Err(Trouble::Denied(_))));
    shop.books(|b| b.bearer_allowed = true);
    assert!(run(alone().test()).unwrap().missing.is_empty());
    let some = shops::connector("magento", &shop.url(), &KEYS[..2], &[]);
    assert!(some.err().unwrap().contains("all four keys"));
}

#[test]
fn no_signature_is_used_twice_and_all_that_is_asked_is_signed() {
    let (shop, connector) = open();
    shop.books(|b| b.add_simple("Mug ~*'()!", "M/U+G é", 1_250, 10, NOW));
    for _ in 0..3 {
        run(connector.stock_of(&[goods("M/U+G é")])).unwrap();
    }
    assert!(shop.calls().iter().all(|call| call.status == 200));
    // A shop whose clock is off by more than it forgives says no, in words for a person.
    shop.set_skew_ms(3_600_000);
    assert!(matches!(run(connector.stock(&Ask::default())), Err(Trouble::Denied(_))));
}
