//! Sales, refunds and shifts by the open API: read whole, and never more given back than was paid.

use countertop_app::commands::GetOrder;
use countertop_app::wire::{PayWith, SaleRequest};
use countertop_domain::posting::Account;
use serde_json::{Value, json};

use crate::common::goods::{BREAD, WATER, WINE};
use crate::common::{FLOAT, Shop, books_agree};
use crate::credit::sell_card;
use crate::customers::take_everything;
use crate::customers_api::Program;

const SCOPES: &[&str] = &["sales:read", "refunds", "shifts", "credit"];

fn refund(sale: &impl std::fmt::Display, lines: Value) -> Value {
    json!({ "sale_id": sale.to_string(), "lines": lines, "reason": "damaged" })
}

#[test]
fn a_ledger_reads_every_sale_once_from_the_oldest_on() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let mut sold = Vec::new();
    for code in [BREAD, WINE, WATER, BREAD, WINE] {
        sold.push(shop.sell(&[code], PayWith::Cash).receipt);
    }
    let (mut read, mut query) = (Vec::new(), "?order=oldest&limit=2".to_owned());
    loop {
        let page = program.done("GET", &format!("/v1/sales{query}"), None);
        for sale in page["data"].as_array().unwrap() {
            read.push(sale["receipt_number"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?order=oldest&limit=2&cursor={cursor}");
    }
    assert_eq!(read, sold);
    let newest = program.done("GET", "/v1/sales?limit=1", None);
    assert_eq!(newest["data"][0]["receipt_number"], sold[4].as_str());
    let one = program.done("GET", &format!("/v1/sales?receipt_number={}", sold[1]), None);
    assert_eq!(one["data"][0]["total"]["amount"], 1_199);
    let later = program.done("GET", "/v1/sales?since=2030-01-01T00:00:00Z", None);
    assert_eq!(later["data"], json!([]));
}

#[test]
fn a_sale_is_read_with_its_lines_taxes_payments_and_why_it_cost_that() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let sale = shop.sell(&[BREAD, WINE], PayWith::CardExternal);
    let path = format!("/v1/sales/{}", sale.id);
    let read = program.done("GET", &path, None);
    assert_eq!(read["lines"].as_array().unwrap().len(), 2);
    assert_eq!(read["tenders"][0]["kind"], "card_external");
    let sum: i64 = read["taxes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["amount"]["amount"].as_i64().unwrap())
        .sum();
    assert_eq!(Some(sum), read["tax"]["amount"].as_i64());
    let explained = program.done("GET", &format!("{path}/explain"), None);
    assert_eq!(explained[0]["line_id"], read["lines"][0]["id"]);
    assert_eq!(program.refused("GET", &format!("/v1/sales/{}", shop.tender_id()), None).0, 404);
    assert_eq!(program.refused("GET", "/v1/sales/seven", None).0, 400);
}

#[test]
fn a_receipt_comes_in_the_form_that_is_asked_for() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    let path = format!("/v1/sales/{}/receipt", sale.id);
    let get = |accept: &str| {
        let header = format!("Accept: {accept}");
        program.door.ask_with(&program.secret, "GET", &path, None, &[&header])
    };
    assert!(get("application/pdf").body.starts_with("%PDF-"));
    assert!(get("text/plain").body.contains(&sale.receipt));
    assert!(get("text/html").body.contains("<html"));
    assert!(get("application/octet-stream").body.contains("\u{1b}@"));
    assert_eq!(get("image/png").status, 406);
    let by_query = format!("{path}?format=text");
    let text = program.door.ask(&program.secret, "GET", &by_query, None);
    assert!(text.body.contains("Bread"), "{}", text.body);
}

#[test]
fn a_code_that_can_be_spent_is_not_told_to_who_only_reads_sales() {
    let shop = Shop::open();
    take_everything(&shop);
    sell_card(&shop, "SECRETCARD99", 5_000);
    let program = Program::of(&shop, &["sales:read"]);
    let list = program.door.ask(&program.secret, "GET", "/v1/sales", None);
    assert!(!list.body.contains("SECRETCARD99") && list.body.contains("RD99"), "{}", list.body);
}

#[test]
fn a_program_never_gives_back_more_than_was_paid() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let sale = shop.sell(&[BREAD, BREAD, BREAD, WINE], PayWith::Cash);
    let bread = sale.lines[0].id.to_string();
    let part =
        |quantity: &str| refund(&sale.id, json!([{ "line_id": bread, "quantity": quantity }]));
    assert_eq!(program.ask("POST", "/v1/refunds", Some(part("4"))).0, 422);
    let first = program.done("POST", "/v1/refunds", Some(part("2")));
    assert_eq!(first["total"]["amount"], -690);
    assert_eq!(first["tenders"][0]["kind"], "cash");
    assert_eq!(program.ask("POST", "/v1/refunds", Some(part("2"))).0, 422, "one is left");
    // All that is left, then nothing.
    let rest = program.done("POST", "/v1/refunds", Some(refund(&sale.id, json!([]))));
    assert_eq!(rest["total"]["amount"], -345 - 1_199);
    assert_eq!(program.ask("POST", "/v1/refunds", Some(refund(&sale.id, json!([])))).0, 422);
    let view = shop.call::<GetOrder>(SaleRequest { sale_id: sale.id }).unwrap();
    assert_eq!(view.tenders[0].refunded, view.total);
    assert_eq!(shop.balance(Account::Drawer), FLOAT);
    let refunds = program.done("GET", "/v1/refunds", None);
    assert_eq!(refunds["data"].as_array().unwrap().len(), 2);
    books_agree(shop.app());
}

#[test]
fn a_refund_that_is_sent_twice_is_made_once() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    let sale = shop.sell(&[BREAD, BREAD], PayWith::Cash);
    let line = json!([{ "line_id": sale.lines[0].id.to_string(), "quantity": "1" }]);
    let body = refund(&sale.id, line);
    let key = ["Idempotency-Key: refund-1"];
    let ask = || program.door.ask_with(&program.secret, "POST", "/v1/refunds", Some(&body), &key);
    let (first, again) = (ask(), ask());
    assert_eq!((first.status, again.status), (201, 201), "{first:?} {again:?}");
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(shop.sales().len(), 2);
    books_agree(shop.app());
}

#[test]
fn money_goes_back_to_store_credit_where_that_is_asked() {
    let shop = Shop::open();
    take_everything(&shop);
    let program = Program::of(&shop, SCOPES);
    let sale = shop.sell(&[WINE], PayWith::CardExternal);
    let mut body = refund(&sale.id, json!([]));
    body["to"] = json!("store_credit");
    let back = program.done("POST", "/v1/refunds", Some(body));
    assert_eq!(back["tenders"][0]["kind"], "store_credit");
    assert_eq!(shop.balance(Account::StoreCredit), -1_199);
    books_agree(shop.app());
}

#[test]
fn a_shift_is_read_while_it_is_open_and_after() {
    let shop = Shop::open();
    let program = Program::of(&shop, SCOPES);
    shop.sell(&[WINE], PayWith::Cash);
    let x = program.done("GET", "/v1/shifts/current", None);
    assert_eq!(x["takings"]["amount"], 1_199);
    assert_eq!(x["counts"][0]["expected"]["amount"], FLOAT + 1_199);
    let request = json!({ "id": shop.tender_id().to_string(), "kind": "pay_out", "amount": 100,
                          "reason": "Stamps" });
    shop.json("shift.move_cash", request).unwrap();
    let moves = program.done("GET", "/v1/cash-movements", None);
    assert_eq!(moves["data"][0]["kind"], "pay_out");
    let z = shop.close_shift(FLOAT + 1_099);
    let read = program.done("GET", &format!("/v1/shifts/{}", z.shift_id), None);
    assert_eq!(read["z_name"], z.z_name.unwrap().as_str());
    assert_eq!(program.refused("GET", "/v1/shifts/current", None).0, 404);
    let list = program.done("GET", "/v1/shifts", None);
    assert_eq!(list["data"][0]["counted"]["amount"], FLOAT + 1_099);
}

#[test]
fn a_gift_card_that_is_spent_elsewhere_is_spent_once() {
    let shop = Shop::open();
    take_everything(&shop);
    let program = Program::of(&shop, SCOPES);
    sell_card(&shop, "CARD1", 2_000);
    let spend = |amount: i64, key: &str| {
        let key = format!("Idempotency-Key: {key}");
        let body = json!({ "amount": { "amount": amount, "currency": "EUR" }, "reason": "web 1" });
        let path = "/v1/gift-cards/card-1/redeem";
        program.door.ask_with(&program.secret, "POST", path, Some(&body), &[&key])
    };
    assert_eq!(spend(1_500, "a").json()["balance"]["amount"], 500);
    assert_eq!(spend(1_500, "a").json()["balance"]["amount"], 500, "the same again");
    assert_eq!(spend(501, "b").status, 422);
    assert_eq!(spend(500, "c").json()["balance"]["amount"], 0);
    assert_eq!(shop.balance(Account::GiftCards), 0);
    assert_eq!(shop.balance(Account::Channels), -2_000);
    assert_eq!(program.refused("GET", "/v1/gift-cards/NOSUCH", None).0, 404);
    books_agree(shop.app());
}
