//! Every document as it is sent, with its variables, and what the twin answers. The file is checked
//! against Shopify's published schema: `tests/contract/shopify.mjs`.

use std::collections::BTreeMap;
use std::path::Path;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_shop_twins::shopify::{Customer, Product, ShopifyBooks, Variant};
use countertop_sync::channel::{Ask, Errand, Task};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::bench::{THEN, TOKEN, bench_of, customer, errand, fulfil};

/// A shop with a shirt in seven sizes, and a customer.
fn stocked() -> ShopifyBooks {
    let mut books = ShopifyBooks::new(TOKEN);
    let variant = |id: u64| Variant {
        id,
        price: "3.00".to_owned(),
        options: vec![("Size".to_owned(), id.to_string())],
        tracked: true,
        updated_ms: THEN,
        ..Variant::default()
    };
    let (title, status) = ("Shirt".to_owned(), "ACTIVE".to_owned());
    let (category, image) = ("Clothing".to_owned(), "https://cdn.example.com/1.jpg".to_owned());
    let variants = (1..=7).map(variant).collect();
    let shirt = Product { id: 1, title, status, category, image, variants, updated_ms: THEN };
    books.products.insert(1, shirt);
    let mail = |id: u64, consent: &str| Customer {
        id,
        name: "Ann Other".to_owned(),
        email: format!("{id}@example.com"),
        phone: "+3212345678".to_owned(),
        street: "1 High Street".to_owned(),
        consent: consent.to_owned(),
        updated_ms: THEN,
    };
    books.customers.insert(1, mail(1, "SUBSCRIBED"));
    books
}

/// A day in which every document is sent.
fn day() -> BTreeMap<String, Value> {
    let bench = bench_of(stocked());
    let connector = &bench.connector;
    let mug = bench.mug;
    let order =
        |collect, paid| bench.shop.books(|books| books.order_online(mug, 1, collect, paid, THEN));

    bench.wait(connector.test()).unwrap();
    let since = Ask { since_ms: Some(THEN - 1_000), next: None };
    let variants = Ask { next: Some("variants:".to_owned()), ..since.clone() };
    for ask in [Ask::default(), since.clone(), variants] {
        bench.wait(connector.products(&ask)).unwrap();
    }
    for ask in [Ask::default(), since.clone()] {
        bench.wait(connector.stock(&ask)).unwrap();
    }
    bench.wait(connector.stock_of(&[bench.goods().unwrap()])).unwrap();
    bench.wait(connector.sweep(&Ask::default())).unwrap();
    bench.wait(connector.customers(&since)).unwrap();

    let mut sale = bench.sale();
    if let Task::Sale(sale) = &mut sale.task {
        sale.customer_external = "gid://shopify/Customer/1".to_owned();
    }
    let made = bench.send(&sale).unwrap().external_id;
    bench.look_up(&sale).unwrap();
    bench.send(&bench.refund(&made)).unwrap();
    let second = |errand: Errand| Errand { op_id: Uuid::from_u128(8).to_string(), ..errand };
    bench.send(&second(bench.moved(5_000))).unwrap();
    bench.send(&second(bench.count(6_000, None))).unwrap();
    bench.shop.books(|books| books.variant_mut(mug).unwrap().levels.clear());
    bench.send(&second(bench.count(6_000, None))).unwrap();

    let collected = order(true, false);
    bench.wait(connector.orders(&since)).unwrap();
    for status in [OrderStatus::Ready, OrderStatus::Collected] {
        bench.send(&fulfil(collected, status, HandOver::Collect, true)).unwrap();
    }
    let sent = order(false, true);
    for status in [OrderStatus::Shipped, OrderStatus::Delivered] {
        bench.send(&fulfil(sent, status, HandOver::Ship, false)).unwrap();
    }
    bench
        .send(&fulfil(order(true, true), OrderStatus::Cancelled, HandOver::Collect, false))
        .unwrap();
    bench.send(&errand(Task::Customer(customer("+3212345679", Some(true))))).unwrap();

    // The last one of each name: its answer is the one that was kept.
    let mut golden = BTreeMap::new();
    let said = bench.shop.books(|books| books.said.clone());
    for call in bench.shop.calls() {
        let text = call.body["query"].as_str().unwrap();
        let name = text.split_whitespace().nth(1).unwrap().split('(').next().unwrap().to_owned();
        let Some(answer) = said.get(&name) else { continue };
        let variables = &call.body["variables"];
        golden.insert(name, json!({ "query": text, "variables": variables, "answer": answer }));
    }
    golden
}

#[test]
fn every_document_is_sent_as_it_was_checked_against_the_schema() {
    let mut golden = day();
    let documents =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/channel/shopify/documents"));
    let files = documents.unwrap().filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        !name.to_string_lossy().ends_with("_parts.graphql")
    });
    assert_eq!(golden.len(), files.count(), "a document was not sent: {:?}", golden.keys());
    // When a customer said yes is the twin's own clock.
    if let Some(one) = golden.get_mut("FindCustomer") {
        one["answer"] = json!({ "customerByIdentifier": null });
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shopify/golden.json");
    let now = serde_json::to_string_pretty(&golden).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "what is sent changed: look at it, then UPDATE_GOLDEN=1");
}
