//! Points: earned with the sale, never below nothing, the same after a rebuild.

use countertop_app::commands::AddReturnCommand;
use countertop_app::wire::{AddReturn, PayRequest, PayWith};
use countertop_domain::ids::CustomerId;
use countertop_domain::posting::Account;
use serde_json::json;

use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, verify_ok};
use crate::credit::sell_card;
use crate::customers::{buys, named, save, take_everything};
use crate::customers_api::Program;

const SCOPES: &[&str] = &["credit", "settings", "customers:write"];

fn switch_on(program: &Program, per_unit: i64) {
    let rule = json!({ "points_per_unit": per_unit,
                       "point_value": { "amount": 2, "currency": "EUR" } });
    program.done("PUT", "/v1/loyalty/rule", Some(rule));
}

fn points(program: &Program, id: CustomerId) -> i64 {
    program.done("GET", &format!("/v1/loyalty/{id}"), None)["points"].as_i64().unwrap()
}

#[test]
fn points_are_earned_only_where_the_shop_gives_them_and_the_customer_is_known() {
    let shop = Shop::open();
    let program = Program::of_owner(&shop, SCOPES);
    let mira = save(&shop, named("Mira")).id;
    buys(&shop, mira);
    shop.sell(&[WINE], PayWith::Cash);
    assert_eq!(points(&program, mira), 0);
    assert_eq!(program.refused("GET", "/v1/loyalty/rule", None).0, 404);
    switch_on(&program, 3);
    shop.sell(&[WINE], PayWith::Cash);
    assert_eq!(points(&program, mira), 0, "nobody said who bought");
    buys(&shop, mira);
    shop.sell(&[WINE, BREAD], PayWith::Cash);
    // 15.44 x 3 = 46.32 points.
    assert_eq!(points(&program, mira), 46);
    take_everything(&shop);
    buys(&shop, mira);
    sell_card(&shop, "CARD1", 5_000);
    assert_eq!(points(&program, mira), 46, "a gift card is bought with, it is not bought");
    program.done("DELETE", "/v1/loyalty/rule", None);
    buys(&shop, mira);
    shop.sell(&[WINE], PayWith::Cash);
    assert_eq!(points(&program, mira), 46);
    verify_ok(shop.app());
}

#[test]
fn points_become_credit_once_and_never_go_below_nothing() {
    let shop = Shop::open();
    let program = Program::of_owner(&shop, SCOPES);
    switch_on(&program, 10);
    let mira = save(&shop, named("Mira")).id;
    buys(&shop, mira);
    let sale = shop.sell(&[WINE], PayWith::Cash);
    assert_eq!(points(&program, mira), 119);
    let redeem = |points: i64, key: &str| {
        let key = format!("Idempotency-Key: {key}");
        let path = format!("/v1/loyalty/{mira}/redeem");
        let body = json!({ "points": points });
        program.door.ask_with(&program.secret, "POST", &path, Some(&body), &[&key]).status
    };
    assert_eq!(redeem(120, "a"), 409);
    assert_eq!(redeem(0, "b"), 422);
    assert_eq!(redeem(100, "c"), 200);
    assert_eq!(redeem(100, "c"), 200, "the same again");
    assert_eq!(points(&program, mira), 19);
    let credit = program.done("GET", &format!("/v1/store-credit/{mira}"), None);
    assert_eq!(credit["balance"]["amount"], 200);
    assert_eq!(shop.balance(Account::StoreCredit), -200);
    // The wine goes back: its 119 points are gone already, but for 19.
    buys(&shop, mira);
    let basket_id = shop.basket().id;
    shop.call::<AddReturnCommand>(AddReturn {
        basket_id,
        sale_id: sale.id,
        line_id: sale.lines[0].id,
        quantity: 1_000,
        reason: "Corked".to_owned(),
    })
    .unwrap();
    let request = shop.request(basket_id, PayWith::Cash, 1_199);
    let back = PayRequest { refunds: Some(sale.tenders[0].id), ..request };
    shop.call::<countertop_app::commands::PayTender>(back).unwrap().sale.expect("paid out");
    assert_eq!(points(&program, mira), 0);
    let body = json!({ "points": -1, "reason": "oops" });
    let refused = program.refused("POST", &format!("/v1/loyalty/{mira}/adjust"), Some(body));
    assert_eq!(refused, (409, "not_enough_points".to_owned()));
    verify_ok(shop.app());
    shop.app().store().rebuild().unwrap();
    verify_ok(shop.app());
    assert_eq!(points(&program, mira), 0);
    let moves = program.done("GET", &format!("/v1/loyalty/{mira}/moves"), None);
    let why: Vec<_> = moves["data"].as_array().unwrap().iter().map(|m| m["why"].clone()).collect();
    assert_eq!(why, ["taken_back", "redeemed", "earned"]);
}

#[test]
fn points_of_two_who_were_one_come_together() {
    let shop = Shop::open();
    let program = Program::of_owner(&shop, SCOPES);
    switch_on(&program, 1);
    let (mira, double) = (save(&shop, named("Mira")).id, save(&shop, named("Mirabel")).id);
    for customer in [mira, double] {
        buys(&shop, customer);
        shop.sell(&[WINE], PayWith::Cash);
    }
    let body = json!({ "merge": double.to_string() });
    program.done("POST", &format!("/v1/customers/{mira}/merge"), Some(body));
    assert_eq!((points(&program, mira), points(&program, double)), (22, 22));
    buys(&shop, double);
    shop.sell(&[WINE], PayWith::Cash);
    assert_eq!(points(&program, mira), 33);
    verify_ok(shop.app());
    shop.app().store().rebuild().unwrap();
    verify_ok(shop.app());
}
