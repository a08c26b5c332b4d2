//! Orders of sales channels: in once, whatever the channel sends, and paid once.

use std::collections::HashSet;
use std::sync::{Barrier, Mutex};

use countertop_app::channel_orders::{LineDraft, OrderDraft, import};
use countertop_app::commands::{ListHeldOrders, RecallHeld};
use countertop_app::wire::{HeldRequest, ListHeld, PayWith};
use countertop_domain::channel_order::{HandOver, Recipient};
use countertop_domain::ids::{ChannelOrderId, HeldOrderId};
use serde_json::{Value, json};

use crate::common::goods::{BREAD, variant};
use crate::common::{Shop, books_agree, verify_ok};
use crate::customers_api::Program;

const SCOPES: &[&str] = &["orders:read", "orders:write", "sales:read"];

fn order(external_id: &str, hand_over: &str, paid: bool, lines: Value) -> Value {
    json!({ "channel": "webshop", "external_id": external_id, "number": "#7",
            "hand_over": hand_over, "paid": paid, "lines": lines })
}

fn price(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "EUR" })
}

fn step(program: &Program, id: &str, status: &str) -> (u16, Value) {
    let body = json!({ "status": status });
    program.ask("PUT", &format!("/v1/orders/{id}/fulfilment"), Some(body))
}

#[test]
fn an_order_that_comes_a_hundred_times_at_once_is_one() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let draft = OrderDraft {
        channel: "webshop".to_owned(),
        external_id: "gid-1".to_owned(),
        number: "#7".to_owned(),
        hand_over: HandOver::Collect,
        paid: false,
        customer: None,
        recipient: Recipient::default(),
        note: String::new(),
        lines: vec![LineDraft {
            barcode: Some(BREAD.to_owned()),
            quantity: 2_000,
            ..LineDraft::default()
        }],
        total: None,
        ordered_ms: None,
    };
    let together = Barrier::new(100);
    let came = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                let (id, draft) = (ChannelOrderId::new(shop.tender_id().uuid()), draft.clone());
                together.wait();
                let (row, is_new) = import(shop.app(), &shop.caller, id, draft).unwrap();
                came.lock().unwrap().push((row.id, is_new));
            });
        }
    });
    let came = came.into_inner().unwrap();
    assert_eq!(came.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert_eq!(came.iter().map(|(id, _)| *id).collect::<HashSet<_>>().len(), 1);
    let held = shop.call::<ListHeldOrders>(ListHeld { open_only: true }).unwrap();
    assert_eq!(held.orders.len(), 1, "and waits once at the till");
    let body = order("gid-9", "collect", false, json!([{ "barcode": "1001", "quantity": "2" }]));
    assert_eq!(program.ask("POST", "/v1/orders", Some(body.clone())).0, 201);
    assert_eq!(program.ask("POST", "/v1/orders", Some(body)).0, 200);
    let other = order("gid-9", "collect", false, json!([{ "barcode": "1002", "quantity": "2" }]));
    let refused = program.refused("POST", "/v1/orders", Some(other));
    assert_eq!(refused, (409, "order_differs".to_owned()));
    verify_ok(shop.app());
}

#[test]
fn an_unpaid_order_is_paid_at_the_till_at_the_channels_prices_and_is_collected_with_it() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let bread = variant(&shop, "Bread").to_string();
    let lines = json!([
        { "variant_id": bread, "quantity": "2" },
        { "variant_id": bread, "quantity": "1", "unit_price": price(300) },
        { "name": "Gift wrapping", "quantity": "1", "unit_price": price(250) }
    ]);
    let made = program.done("POST", "/v1/orders", Some(order("gid-2", "collect", false, lines)));
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["total"]["amount"], 2 * 345 + 300 + 250);
    assert_eq!(step(&program, id, "picking").0, 200);
    assert_eq!(step(&program, id, "ready").0, 200);
    let (status, problem) = step(&program, id, "collected");
    assert_eq!((status, &problem["code"]), (409, &json!("order_step")), "it is not paid");
    let order_id: HeldOrderId = made["held_order_id"].as_str().unwrap().parse().unwrap();
    let basket = shop.call::<RecallHeld>(HeldRequest { order_id }).unwrap();
    assert_eq!(basket.due, 1_240);
    // While it is at a screen it cannot be given up.
    assert_eq!(step(&program, id, "cancelled").0, 422);
    shop.pay(PayWith::Cash, 1_240).unwrap().sale.expect("paid");
    let after = program.done("GET", &format!("/v1/orders/{id}"), None);
    assert_eq!((&after["status"], &after["paid"]), (&json!("collected"), &json!(true)));
    books_agree(shop.app());
}

#[test]
fn an_order_goes_its_way_and_never_back() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let lines = json!([{ "sku": "unknown-1", "name": "Print", "quantity": "1",
                         "unit_price": price(999) }]);
    let made = program.done("POST", "/v1/orders", Some(order("gid-3", "ship", true, lines)));
    assert_eq!(made["held_order_id"], Value::Null, "what is paid waits for nobody's money");
    let id = made["id"].as_str().unwrap();
    for (status, answer) in [
        ("collected", 409),
        ("shipped", 409),
        ("ready", 200),
        ("picking", 409),
        ("shipped", 200),
        ("shipped", 200),
        ("cancelled", 409),
        ("delivered", 200),
        ("new", 409),
    ] {
        assert_eq!(step(&program, id, status).0, answer, "{status}");
    }
    assert_eq!(shop.sales().len(), 0, "what was paid elsewhere is no sale here");
    let list = program.done("GET", "/v1/orders?status=delivered&channel=webshop", None);
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_cancelled_order_does_not_wait_at_the_till() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let lines = json!([{ "barcode": "1001", "quantity": "1" }]);
    let made = program.done("POST", "/v1/orders", Some(order("gid-4", "collect", false, lines)));
    assert_eq!(step(&program, made["id"].as_str().unwrap(), "cancelled").0, 200);
    let held = shop.call::<ListHeldOrders>(ListHeld { open_only: true }).unwrap();
    assert!(held.orders.is_empty());
    books_agree(shop.app());
}

#[test]
fn a_line_that_nobody_can_sell_is_refused_and_nothing_is_kept() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    for line in [
        json!({ "sku": "unknown", "quantity": "1" }),
        json!({ "name": "Free of price", "quantity": "1" }),
        json!({ "barcode": "1001", "quantity": "0" }),
        json!({ "barcode": "1001", "quantity": "0.5" }),
        json!({ "barcode": "1001", "sku": "1", "quantity": "1" }),
        json!({ "name": "Refund", "quantity": "1", "unit_price": price(-1) }),
        json!({ "name": "Dollars", "quantity": "1",
                "unit_price": { "amount": 1, "currency": "USD" } }),
    ] {
        let body = order("gid-5", "collect", false, json!([line]));
        assert_eq!(program.ask("POST", "/v1/orders", Some(body)).0, 422, "{line}");
    }
    let list = program.done("GET", "/v1/orders", None);
    assert_eq!(list["data"], json!([]));
}
