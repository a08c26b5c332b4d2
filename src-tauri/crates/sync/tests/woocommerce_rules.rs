//! What a shop on WooCommerce is told and says: its test, its goods, its customers, its orders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use std::collections::HashMap;
use std::sync::Arc;

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, LineId, VariantId};
use countertop_shop_twins::{Shop, WooBooks};
use countertop_store::ChannelStream;
use countertop_sync::channel::{
    Ask, Connector, CustomerOut, Found, FulfilOut, Goods, OrderState, ShopInfo, Task, Trouble,
};
use serde_json::json;
use shops::{REFUND, SALE, connector, errand, line, refund, run, sale};
use uuid::Uuid;

const KEY: &str = "ck_1:cs_2";
const NOW: i64 = 1_795_435_200_000;

fn open(books: WooBooks) -> (Shop<WooBooks>, Arc<dyn Connector>) {
    let shop = Shop::open(books).unwrap();
    let connector = connect(&shop, &[]);
    (shop, connector)
}

fn connect(shop: &Shop<WooBooks>, options: &[(&str, &str)]) -> Arc<dyn Connector> {
    let secrets = [("key", KEY), ("webhook_secret", "hush")];
    connector("woocommerce", &shop.url(), &secrets, options).unwrap()
}

fn tested(change: impl FnOnce(&mut WooBooks)) -> Result<ShopInfo, Trouble> {
    let mut books = WooBooks::new(KEY);
    change(&mut books);
    let (_shop, connector) = open(books);
    run(connector.test())
}

fn goods(product: i64) -> Goods {
    let id = product.to_string();
    Goods { external_id: id.clone(), product: id, ..Goods::default() }
}

fn ours() -> VariantId {
    VariantId::new(Uuid::from_u128(1))
}

#[test]
fn the_test_of_a_shop_that_is_well_finds_nothing_but_the_open_line() {
    let info = tested(|_| {}).unwrap();
    assert_eq!((info.currency.as_str(), info.version.as_str()), ("EUR", "10.5.0"));
    assert_eq!(info.missing, Vec::<String>::new());
    assert_eq!(info.warnings.len(), 1, "{:?}", info.warnings);
    assert!(info.warnings[0].contains("https"));
}

#[test]
fn the_test_of_a_shop_names_each_right_that_is_missing_and_what_could_be_better() {
    for (right, words) in [
        ("products", "read products"),
        ("orders", "read and write orders"),
        ("customers", "read and write customers"),
        ("settings", "see the shop's settings"),
    ] {
        let info = tested(|b| b.set.without = [right].into()).unwrap();
        assert!(info.missing.iter().any(|one| one.starts_with(words)), "{:?}", info.missing);
    }
    let info = tested(|b| b.set.is_read_only = true).unwrap();
    assert!(info.missing.iter().any(|one| one.starts_with("Read/Write")), "{:?}", info.missing);
    let info = tested(|b| b.set.currency = "USD".to_owned()).unwrap();
    assert_eq!(info.currency, "USD");
    for (words, set) in [
        ("does not count stock", (|b| b.set.counts_stock = false) as fn(&mut WooBooks)),
        ("order storage", |b| b.set.has_order_tables = false),
        ("no field for barcodes", |b| b.set.version = "8.9.1".to_owned()),
    ] {
        let info = tested(set).unwrap();
        assert!(info.warnings.iter().any(|one| one.contains(words)), "{:?}", info.warnings);
        assert_eq!(info.missing, Vec::<String>::new());
    }
}

#[test]
fn the_test_of_a_shop_that_lets_nobody_in_says_why() {
    let denied = |change: fn(&mut WooBooks)| match tested(change) {
        Err(Trouble::Denied(words)) => words,
        other => panic!("{other:?}"),
    };
    assert!(denied(|b| b.set.has_pretty_permalinks = false).contains("Permalinks"));
    assert!(denied(|b| b.set.passes_keys = false).contains("key_in"));
    assert!(denied(|b| b.set.without = ["data"].into()).contains("https only"));
}

#[test]
fn a_host_that_takes_the_key_out_of_the_header_gets_it_in_the_address() {
    let mut books = WooBooks::new(KEY);
    books.set.passes_keys = false;
    let mug = books.add_product("MUG", 3);
    let (shop, blocked) = open(books);
    assert!(matches!(run(blocked.products(&Ask::default())), Err(Trouble::Denied(_))));
    let connector = connect(&shop, &[("key_in", "address")]);
    let page = run(connector.products(&Ask::default())).unwrap();
    assert_eq!(page.items[0].external_id, mug.to_string());
    assert!(run(connector.test()).is_ok());
}

#[test]
fn variations_come_with_their_product_with_sale_prices_categories_pictures_and_taxes() {
    let mut books = WooBooks::new(KEY);
    let shirt = books.add_product("SHIRT", 0);
    let red = books.add_variation(shirt, ("Colour", "Red"), "SHIRT-R", 4);
    books.add_variation(shirt, ("Colour", "Blue"), "SHIRT-B", 5);
    books.change_product(shirt, NOW, |one| {
        one.categories = vec!["Clothing".to_owned()];
        one.images = vec!["https://shop.example/shirt.jpg".to_owned()];
        one.tax_class = "reduced-rate".to_owned();
    });
    books.change_product(red, NOW, |one| {
        (one.price, one.regular) = ("8.00".to_owned(), "10.00".to_owned());
        one.barcode = "4006381333931".to_owned();
    });
    let (shop, connector) = open(books);
    let page = run(connector.products(&Ask::default())).unwrap();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    let product = &page.items[0];
    assert_eq!(product.categories, ["Clothing"]);
    assert_eq!(product.images, ["https://shop.example/shirt.jpg"]);
    assert_eq!(product.tax_class, "reduced-rate");
    let one = &product.variants[0];
    assert_eq!((one.external_id.clone(), one.barcode.as_str()), (red.to_string(), "4006381333931"));
    assert_eq!((one.price, one.compare_at, one.stock), (Some(800), Some(1_000), Some(4_000)));
    assert_eq!((one.options[0].name.as_str(), one.options[0].value.as_str()), ("Colour", "Red"));

    // A variation's change shows as its product alone, and brings all of it.
    shop.books(|b| b.set_stock(red, 3, NOW + 60_000));
    let since = Ask { since_ms: Some(NOW + 30_000), next: None };
    let page = run(connector.products(&since)).unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].variants[0].stock, Some(3_000));
    let gone = run(connector.sweep(&Ask::default())).unwrap();
    assert!(gone.items.contains(&red.to_string()));
}

#[test]
fn a_variation_is_sold_and_given_back_as_one() {
    let mut books = WooBooks::new(KEY);
    let shirt = books.add_product("SHIRT", 0);
    let red = books.add_variation(shirt, ("Colour", "Red"), "SHIRT-R", 4);
    let (shop, connector) = open(books);
    let goods =
        Goods { external_id: red.to_string(), product: shirt.to_string(), ..Goods::default() };
    let sold = sale(vec![line(ours(), Some(goods.clone()), "Shirt", 2_000, 2_000)]);
    let order = run(connector.send(&errand(SALE, Task::Sale(sold)))).unwrap().external_id;
    let stock = || shop.books(|b| b.product(red).unwrap().stock);
    assert_eq!(stock(), 2);
    let back = refund(&order, LineId::new(ours().uuid()), ours(), &goods, 1_000, 1_000);
    run(connector.send(&errand(REFUND, Task::Refund(back)))).unwrap();
    assert_eq!(stock(), 3);
}

#[test]
fn where_the_shop_adds_no_taxes_an_order_comes_to_what_was_paid_and_all_of_it_can_go_back() {
    for adds_taxes in [true, false] {
        let mut books = WooBooks::new(KEY);
        books.set.adds_taxes = adds_taxes;
        let mug = books.add_product("MUG", 10);
        let (shop, connector) = open(books);
        let mut sold = sale(vec![line(ours(), Some(goods(mug)), "Mug", 1_000, 1_200)]);
        (sold.lines[0].net, sold.net, sold.tax) = (1_000, 1_000, 200);
        let order = run(connector.send(&errand(SALE, Task::Sale(sold)))).unwrap().external_id;
        let total = if adds_taxes { "10.00" } else { "12.00" };
        assert_eq!(shop.books(|b| b.orders()[0]["total"].clone()), json!(total));
        let mut back =
            refund(&order, LineId::new(ours().uuid()), ours(), &goods(mug), 1_000, 1_200);
        back.lines[0].net = 1_000;
        run(connector.send(&errand(REFUND, Task::Refund(back)))).unwrap();
        assert_eq!(shop.books(|b| b.refunds()[0]["amount"].clone()), json!(total));
        assert_eq!(shop.books(|b| b.product(mug).unwrap().stock), 10);
    }
}

#[test]
fn an_order_of_the_shop_is_paid_when_it_is_collected_and_given_back_at_the_counter() {
    let mut books = WooBooks::new(KEY);
    let mug = books.add_product("MUG", 10);
    let order = books.order_to_collect(mug, 2, false, NOW);
    let (shop, connector) = open(books);
    let page = run(connector.orders(&Ask::default())).unwrap();
    let one = &page.items[0];
    assert_eq!((one.hand_over, one.paid, one.state), (HandOver::Collect, false, OrderState::Open));
    assert_eq!((one.lines[0].quantity, one.lines[0].unit_price, one.total), (2_000, 100, 200));
    let collected = FulfilOut {
        order_external: order.to_string(),
        status: OrderStatus::Collected,
        hand_over: HandOver::Collect,
        tracking: String::new(),
        paid_here: true,
    };
    run(connector.send(&errand(SALE, Task::Fulfil(collected)))).unwrap();
    let page = run(connector.orders(&Ask::default())).unwrap();
    assert_eq!((page.items[0].paid, page.items[0].state), (true, OrderState::Fulfilled));
    let line = LineId::new(Uuid::from_u128(9));
    let back = refund(&order.to_string(), line, ours(), &goods(mug), 1_000, 100);
    let back = errand(REFUND, Task::Refund(back));
    let made = run(connector.send(&back)).unwrap().external_id;
    assert_eq!(shop.books(|b| b.product(mug).unwrap().stock), 9);
    match run(connector.look_up(&back)).unwrap() {
        Found::Done(done) => assert_eq!(done.external_id, made),
        other => panic!("{other:?}"),
    }
}

fn customer(external_id: &str, consent: Option<bool>) -> CustomerOut {
    CustomerOut {
        id: CustomerId::new(Uuid::from_u128(5)),
        external_id: external_id.to_owned(),
        name: "Ann Van Other".to_owned(),
        email: "ann@example.com".to_owned(),
        phone: "123".to_owned(),
        address: Address {
            lines: vec!["2 Low Street".to_owned()],
            city: "Town".to_owned(),
            ..Address::default()
        },
        email_consent: consent,
    }
}

#[test]
fn customers_go_both_ways_with_what_they_said_about_mail() {
    let mut books = WooBooks::new(KEY);
    let known = books.sign_up("bob@example.com", "Bob", "Miller", NOW);
    let (shop, connector) = open(books);
    let new = errand(SALE, Task::Customer(customer("", Some(true))));
    assert_eq!(run(connector.look_up(&new)), Ok(Found::Missing));
    let made = run(connector.send(&new)).unwrap().external_id;
    // Said twice, by who does not know what came of it: one address is one customer.
    assert_eq!(run(connector.send(&new)).unwrap().external_id, made);
    assert!(
        matches!(run(connector.look_up(&new)), Ok(Found::Done(done)) if done.external_id == made)
    );
    // There is no list by change: whoever changed is in it, and whoever did not, too.
    let since = Ask { since_ms: Some(NOW * 2), next: None };
    let all = run(connector.customers(&since)).unwrap().items;
    assert_eq!(all.len(), 2);
    let bob = all.iter().find(|one| one.external_id == known.to_string()).unwrap();
    assert_eq!((bob.name.as_str(), bob.email_consent), ("Bob Miller", None));
    let ann = all.iter().find(|one| one.external_id == made).unwrap();
    assert_eq!((ann.name.as_str(), ann.phone.as_str()), ("Ann Van Other", "123"));
    assert_eq!(ann.address.lines, ["2 Low Street"]);
    assert_eq!(ann.email_consent.map(|(yes, _)| yes), Some(true));
    assert!(ann.email_consent.unwrap().1 > 0);

    // What was not asked here stays as it is there, and a no is kept.
    run(connector.send(&errand(SALE, Task::Customer(customer(&made, None))))).unwrap();
    let said = |connector: &dyn Connector| {
        let all = run(connector.customers(&Ask::default())).unwrap().items;
        let ann = all.into_iter().find(|one| one.external_id == made).unwrap();
        ann.email_consent.map(|(yes, _)| yes)
    };
    assert_eq!(said(&*connector), Some(true));
    run(connector.send(&errand(SALE, Task::Customer(customer(&made, Some(false)))))).unwrap();
    assert_eq!(said(&*connector), Some(false));
    // Where another plugin keeps it.
    let other = connect(&shop, &[("consent_field", "newsletter")]);
    assert_eq!(said(&*other), None);
    let id: i64 = made.parse().unwrap();
    let meta = json!([{ "key": "newsletter", "value": "1" }]);
    shop.books(|b| b.edit_customer(id, |one| one["meta_data"] = meta));
    assert_eq!(said(&*other), Some(true));
    assert_eq!(shop.books(|b| b.customers().len()), 2);
}

#[test]
fn a_webhook_is_heard_if_it_is_signed_and_known_again_when_it_comes_twice() {
    let (_shop, connector) = open(WooBooks::new(KEY));
    let body = br#"{"id":1}"#;
    let headers = |secret: &str| -> HashMap<String, String> {
        WooBooks::sign(secret, "order", "d-1", body).into_iter().collect()
    };
    let heard = connector.webhook(&headers("hush"), body).unwrap();
    assert_eq!((heard.id.as_str(), heard.stream), ("d-1", ChannelStream::Orders));
    assert_eq!(connector.webhook(&headers("hush"), body).unwrap().id, heard.id);
    assert!(connector.webhook(&headers("other"), body).is_none());
    assert!(connector.webhook(&headers("hush"), br#"{"id":2}"#).is_none());
    // The ping of a new webhook is not signed.
    assert!(connector.webhook(&HashMap::new(), b"webhook_id=1").is_none());
}
