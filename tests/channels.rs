//! Web shops beside the counter: set up by command, kept in step by their own thread, never in the way
//! of a sale.

use std::time::Duration;

use countertop_app::wire::PayWith;
use countertop_app::{Clock, SystemClock};
use countertop_shop_twins::{Shop as WebShop, WooBooks};
use serde_json::{Value, json};

use crate::common::goods::BREAD;
use crate::common::{Shop, wait_for};

const KEY: &str = "ck_test:cs_test";

/// A mug of the till's own catalogue with an article number, ten on the shelf; its variant's id.
fn mug(shop: &Shop, sku: &str, name: &str) -> String {
    let saved = shop
        .json(
            "products.save",
            json!({
                "name": name, "unit": "piece", "tax_class": "", "images": [], "favourite": false,
                "variants": [{ "options": [], "sku": sku, "price": 450, "barcodes": [{ "code": format!("90{sku}"), "quantity": 1_000 }],
                    "tracks_stock": true }],
            }),
        )
        .unwrap();
    let variant = saved["variants"][0]["variant_id"].as_str().unwrap().to_owned();
    let id = uuid::Uuid::now_v7();
    shop.json(
        "stock.move",
        json!({ "move_id": id, "reason": "receive", "reference": "", "note": "",
            "lines": [{ "variant_id": variant, "quantity": 10_000 }] }),
    )
    .unwrap();
    variant
}

fn on_hand(shop: &Shop, variant: &str) -> i64 {
    let levels = shop.json("stock.level", json!({ "variant_ids": [variant] })).unwrap();
    levels["levels"][0]["quantity"].as_i64().unwrap()
}

fn connect(shop: &Shop, web: &WebShop<WooBooks>, key: &str) -> String {
    let saved = shop
        .json(
            "channels.save",
            json!({ "kind": "woocommerce", "name": "Online", "url": web.url(), "allow_host": true,
                "secrets": { "key": key } }),
        )
        .unwrap();
    saved["id"].as_str().unwrap().to_owned()
}

/// The only web shop, as its screen sees it.
fn seen(shop: &Shop) -> Value {
    shop.json("channels.list", json!({})).unwrap()["channels"][0].clone()
}

/// Waits until every list was read and nothing waits to be sent.
fn in_step(shop: &Shop) -> Value {
    wait_for("the web shop to be in step", || {
        // What is tried again is tried later: time goes on.
        shop.clock.forward(Duration::from_secs(1));
        let now = seen(shop);
        let calm = now["state"] == "in_step" && now["waiting"] == 0 && !now["success_ms"].is_null();
        calm.then_some(now)
    })
}

fn sync(shop: &Shop, id: &str) {
    shop.json("channels.sync", json!({ "channel_id": id })).unwrap();
}

fn problems(shop: &Shop, id: &str) -> Vec<Value> {
    let page = shop.json("channels.problems", json!({ "channel_id": id })).unwrap();
    page["problems"].as_array().unwrap().clone()
}

#[test]
fn a_sale_at_the_counter_is_one_order_in_the_shop_and_both_count_the_same() {
    let shop = Shop::open();
    let variant = mug(&shop, "MUG-1", "Mug");
    let mut books = WooBooks::new(KEY);
    let (known, other) = (books.add_product("MUG-1", 3), books.add_product("CUP-9", 5));
    let web = WebShop::open(books).unwrap();
    connect(&shop, &web, KEY);
    let now = in_step(&shop);
    assert_eq!((now["items"].clone(), now["unmatched"].clone()), (json!(2), json!(0)));
    // The till's figures count: the shop had three, and ten are here.
    wait_for("the shop's figure", || {
        (web.books(|b| b.product(known).unwrap().stock) == 10).then_some(())
    });
    // What nothing here fits is an item now, with what the shop had of it.
    let cup = shop.json("variants.list", json!({ "sku": "CUP-9" })).unwrap()["variants"][0].clone();
    assert_eq!(on_hand(&shop, cup["variant_id"].as_str().unwrap()), 5_000);
    assert_eq!(web.books(|b| b.product(other).unwrap().stock), 5);

    shop.sell(&["90MUG-1", "90MUG-1"], PayWith::Cash);
    shop.sell(&[BREAD], PayWith::Cash);
    wait_for("the order", || (!web.books(|b| b.orders()).is_empty()).then_some(()));
    in_step(&shop);
    assert_eq!(web.books(|b| b.orders()).len(), 1);
    assert_eq!(web.books(|b| b.product(known).unwrap().stock), 8);
    assert_eq!(on_hand(&shop, &variant), 8_000);
    shop.books_agree();
}

#[test]
fn an_order_of_the_shop_is_picked_and_handed_over_and_its_goods_leave_the_shelf_once() {
    let shop = Shop::open();
    let variant = mug(&shop, "MUG-1", "Mug");
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("MUG-1", 10);
    let web = WebShop::open(books).unwrap();
    let id = connect(&shop, &web, KEY);
    in_step(&shop);
    let ordered = web.books(|b| b.order_online(product, 2, SystemClock.now().utc_ms));
    sync(&shop, &id);
    let order = wait_for("the order", || {
        shop.clock.forward(Duration::from_secs(1));
        let list = shop.json("web_orders.list", json!({ "open_only": true })).unwrap();
        list["orders"].as_array().unwrap().first().cloned()
    });
    assert_eq!(order["external_id"], json!(ordered.to_string()));
    assert_eq!(order["lines"][0]["variant_id"], json!(variant));
    // Promised, and still on the shelf; the shop keeps what it has.
    assert_eq!(on_hand(&shop, &variant), 10_000);
    let found = shop.json("web_orders.find", json!({ "code": order["number"] })).unwrap();
    assert_eq!(found["orders"][0]["id"], order["id"]);

    let end = if order["hand_over"] == "collect" { "collected" } else { "shipped" };
    for status in ["ready", end] {
        shop.json("web_orders.step", json!({ "order_id": order["id"], "status": status })).unwrap();
    }
    assert_eq!(on_hand(&shop, &variant), 8_000);
    let again = shop.json("web_orders.step", json!({ "order_id": order["id"], "status": end }));
    let again_view = again.unwrap();
    assert_eq!(again_view["status"], end);
    sync(&shop, &id);
    in_step(&shop);
    assert_eq!(on_hand(&shop, &variant), 8_000);
    assert_eq!(web.books(|b| b.product(product).unwrap().stock), 8);
    assert_eq!(web.books(|b| b.orders()).len(), 1);

    // One comes back to the counter: it is on the shelf here and on offer there, once, and the money goes
    // back where it is.
    let line = &again_view["lines"][0]["id"];
    let back = |id: u128, quantity: i64| {
        shop.json(
            "web_orders.take_back",
            json!({ "order_id": order["id"], "return_id": uuid::Uuid::from_u128(id), "reason": "too small",
                "lines": [{ "line_id": line, "quantity": quantity }] }),
        )
    };
    assert_eq!(again_view["takes_back"], true);
    for _ in 0..2 {
        assert_eq!(back(1, 1_000).unwrap()["lines"][0]["returned"], 1_000);
    }
    assert!(back(2, 2_000).is_err(), "more came back than went out");
    assert_eq!(on_hand(&shop, &variant), 9_000);
    wait_for("the shop's figure", || {
        shop.clock.forward(Duration::from_secs(1));
        (web.books(|b| b.product(product).unwrap().stock) == 9).then_some(())
    });
    let to_pay_back =
        || problems(&shop, &id).iter().filter(|one| one["kind"] == "pay_back").count();
    assert_eq!(to_pay_back(), 1);
    assert_eq!(back(3, 1_000).unwrap()["takes_back"], false);
    assert_eq!(on_hand(&shop, &variant), 10_000);
    assert_eq!(to_pay_back(), 2);
    in_step(&shop);
    assert_eq!(
        shop.json("web_orders.list", json!({ "open_only": true })).unwrap()["orders"],
        json!([])
    );
    shop.books_agree();
}

#[test]
fn what_more_than_one_item_fits_is_never_guessed_and_counts_once_a_person_chose() {
    let shop = Shop::open();
    let (_, second) = (mug(&shop, "MUG-1", "Mug"), {
        let saved = shop.json(
            "products.save",
            json!({ "name": "Other mug", "unit": "piece", "tax_class": "", "images": [],
                "favourite": false, "variants": [{ "options": [], "sku": "MUG-1", "price": 500,
                "barcodes": [], "tracks_stock": true }] }),
        );
        saved.unwrap()["variants"][0]["variant_id"].as_str().unwrap().to_owned()
    });
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("MUG-1", 3);
    let web = WebShop::open(books).unwrap();
    let id = connect(&shop, &web, KEY);
    let now = in_step(&shop);
    assert_eq!((now["items"].clone(), now["unmatched"].clone()), (json!(1), json!(1)));
    let found = problems(&shop, &id);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["kind"], "ambiguous");
    assert_eq!(found[0]["external_id"], json!(product.to_string()));
    assert_eq!(web.books(|b| b.product(product).unwrap().stock), 3, "a figure was guessed");

    let chosen =
        json!({ "channel_id": id, "external_id": product.to_string(), "variant_id": second });
    shop.json("channels.set_name", chosen).unwrap();
    assert!(problems(&shop, &id).is_empty());
    wait_for("the figure of what was chosen", || {
        (web.books(|b| b.product(product).unwrap().stock) == 0).then_some(())
    });
    assert_eq!(in_step(&shop)["unmatched"], 0);
}

#[test]
fn a_key_that_is_no_good_stops_that_shop_only_and_is_said_in_words() {
    let shop = Shop::open();
    mug(&shop, "MUG-1", "Mug");
    let mut books = WooBooks::new(KEY);
    books.add_product("MUG-1", 10);
    let web = WebShop::open(books).unwrap();
    let draft = |key: &str| {
        json!({ "draft": { "kind": "woocommerce", "name": "Online", "url": web.url(),
            "allow_host": true, "secrets": { "key": key } } })
    };
    let tested = shop.json("channels.test", draft("ck_wrong:cs_wrong")).unwrap();
    assert_eq!(tested["ready"], false);
    assert_ne!(tested["trouble"], "");

    let id = connect(&shop, &web, "ck_wrong:cs_wrong");
    let ill = wait_for("the trouble", || Some(seen(&shop)).filter(|now| now["state"] == "trouble"));
    assert_ne!(ill["trouble"], "");
    assert!(!ill["trouble_since_ms"].is_null());
    // A sale waits for nothing.
    shop.sell(&["90MUG-1"], PayWith::Cash);
    // No answer tells a secret.
    assert_eq!(ill["secrets"], json!(["key"]));
    assert!(!shop.json("channels.list", json!({})).unwrap().to_string().contains("wrong"));

    let mut right = draft(KEY)["draft"].clone();
    right["id"] = json!(id);
    shop.json("channels.save", right).unwrap();
    in_step(&shop);
    assert_eq!(web.books(|b| b.orders()).len(), 1);
}

#[test]
fn a_paused_shop_hears_nothing_and_is_told_afterwards() {
    let shop = Shop::open();
    mug(&shop, "MUG-1", "Mug");
    let mut books = WooBooks::new(KEY);
    books.add_product("MUG-1", 10);
    let web = WebShop::open(books).unwrap();
    let id = connect(&shop, &web, KEY);
    in_step(&shop);
    shop.json("channels.pause", json!({ "channel_id": id, "paused": true })).unwrap();
    assert_eq!(seen(&shop)["state"], "paused");
    web.forget_calls();
    shop.sell(&["90MUG-1"], PayWith::Cash);
    // Its thread is gone: nobody can ask the shop anything.
    assert!(web.calls().is_empty());
    shop.json("channels.pause", json!({ "channel_id": id, "paused": false })).unwrap();
    wait_for("the order", || (!web.books(|b| b.orders()).is_empty()).then_some(()));
    in_step(&shop);
    assert_eq!(web.books(|b| b.orders()).len(), 1);

    let left = shop.json("channels.remove", json!({ "channel_id": id })).unwrap();
    assert_eq!(left["channels"], json!([]));
    assert!(!std::fs::read_to_string(shop.folder().join("secrets")).unwrap().contains("ck_test"));
}
