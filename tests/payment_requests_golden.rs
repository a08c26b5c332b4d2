//! Both dialects, word for word: what clients send and what they are sent, from files that were
//! written by the contract and not by the register.

use countertop_app::commands::{
    AcceptRequest, CancelRequestCommand, EndRequest, PayTender, SetSquareLinksCommand,
};
use countertop_app::payment_requests::read_link;
use countertop_app::wire::{CancelRequest, PayWith, PaymentRequestRef, SetSquareLinks};
use serde_json::{Value, json};

use crate::common::Shop;
use crate::payment_requests::{CALLBACK, body, data, decode, link, percent, receive, shop};

const REQUESTS: &str = include_str!("fixtures/payment_requests/requests.json");
const REPLIES: &str = include_str!("fixtures/payment_requests/replies.json");

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn requests_of_both_dialects_are_read_as_the_contract_has_them() {
    for case in cases(REQUESTS) {
        let name = &case["name"];
        let asked = read_link(case["link"].as_str().unwrap(), false);
        match case.get("reads") {
            Some(reads) => {
                let asked = asked.unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
                let request = asked.what.unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
                let read = serde_json::to_value(&request).unwrap();
                for (field, value) in reads.as_object().unwrap() {
                    assert_eq!(read[field], *value, "{name}: {field}");
                }
            }
            None => {
                let (dialect, wrong) = match asked {
                    Ok(asked) => (Some(asked.dialect), asked.what.expect_err(&name.to_string())),
                    Err(wrong) => (None, wrong),
                };
                assert_eq!(wrong.fault.ios(), case["refused"], "{name}: {wrong:?}");
                if let Some(android) = case.get("android") {
                    assert_eq!(dialect.unwrap().code_of(wrong.fault), *android, "{name}");
                }
            }
        }
    }
}

#[test]
fn replies_of_both_dialects_are_as_the_contract_has_them() {
    for case in cases(REPLIES) {
        let (shop, name) = (shop(), &case["name"]);
        let id = receive(&shop, case["link"].as_str().unwrap()).request.unwrap().id;
        let request = PaymentRequestRef { request_id: id };
        let basket = shop.call::<AcceptRequest>(request.clone()).unwrap();
        let end = if case["does"] == "pay" {
            shop.call::<PayTender>(shop.request(basket.id, PayWith::Cash, basket.due)).unwrap();
            shop.call::<EndRequest>(request).unwrap()
        } else {
            let request = CancelRequest { request_id: id, reason: String::new() };
            shop.call::<CancelRequestCommand>(request).unwrap()
        };
        let url = end.callback_url.unwrap();
        let (_, signature) = url.rsplit_once("%22signature%22%3A%22").unwrap();
        let (signature, _) = signature.split_once("%22").unwrap();
        assert_eq!(signature.len(), 86, "{name}: 64 bytes, base64url");
        let expected = case["url"]
            .as_str()
            .unwrap()
            .replace("@request", &id.to_string())
            .replace("@sale", &basket.id.to_string())
            .replace("@signature", signature);
        assert_eq!(url, expected, "{name}: {}", decode(&url));
    }
}

/// An amount of a test app that ends so, and what it is called in both dialects.
const CODES: &[(i64, &str, &str)] = &[
    (1, "payment_canceled", "ERROR_TRANSACTION_CANCELED"),
    (2, "in_doubt", "ERROR_UNEXPECTED"),
    (20, "data_invalid", "ERROR_INVALID_REQUEST"),
    (21, "not_logged_in", "ERROR_USER_NOT_LOGGED_IN"),
    (22, "not_logged_in", "ERROR_NO_EMPLOYEE_LOGGED_IN"),
    (23, "location_id_mismatch", "ERROR_ILLEGAL_LOCATION_ID"),
    (24, "user_not_active", "ERROR_USER_NOT_ACTIVATED"),
    (25, "currency_code_missing", "ERROR_INVALID_REQUEST"),
    (26, "unsupported_currency_code", "ERROR_INVALID_REQUEST"),
    (27, "currency_code_mismatch", "ERROR_INVALID_REQUEST"),
    (28, "amount_invalid_format", "ERROR_INVALID_REQUEST"),
    (29, "amount_too_small", "ERROR_INVALID_REQUEST"),
    (30, "amount_too_large", "ERROR_INVALID_REQUEST"),
    (31, "invalid_tender_type", "ERROR_INVALID_REQUEST"),
    (32, "unsupported_tender_type", "ERROR_INVALID_REQUEST"),
    (33, "could_not_perform", "ERROR_TRANSACTION_ALREADY_IN_PROGRESS"),
    (34, "no_network_connection", "ERROR_NO_NETWORK"),
    (35, "unsupported_api_version", "ERROR_UNSUPPORTED_API_VERSION"),
    (36, "unsupported_api_version", "ERROR_UNSUPPORTED_WEB_API_VERSION"),
    (37, "invalid_version_number", "ERROR_INVALID_REQUEST"),
    (38, "customer_management_not_supported", "ERROR_CUSTOMER_MANAGEMENT_NOT_SUPPORTED"),
    (39, "invalid_customer_id", "ERROR_INVALID_CUSTOMER_ID"),
    (40, "client_not_authorized_for_user", "ERROR_UNAUTHORIZED_CLIENT_ID"),
    (41, "client_not_authorized_for_user", "ERROR_DISABLED"),
    (42, "unsupported_tender_type", "ERROR_GIFT_CARDS_NOT_SUPPORTED"),
    (43, "payment_canceled", "ERROR_INSUFFICIENT_CARD_BALANCE"),
    (44, "could_not_perform", "ERROR_UNEXPECTED"),
    (45, "could_not_perform", "ERROR_NO_RESULT"),
    (46, "data_invalid", "ERROR_INVALID_REQUEST"),
    (47, "payment_canceled", "ERROR_TRANSACTION_CANCELED"),
];

/// A test app's link in Android's words.
fn android(amount: i64, more: &str) -> String {
    format!(
        "countertop://charge?com.squareup.pos.CLIENT_ID=sandbox-kiosk&com.squareup.pos.API_VERSION=v2.0\
         &com.squareup.pos.WEB_CALLBACK_URI={}&com.squareup.pos.TOTAL_AMOUNT={amount}\
         &com.squareup.pos.CURRENCY_CODE=EUR&com.squareup.pos.REQUEST_METADATA=m{more}",
        percent(CALLBACK)
    )
}

fn opened(shop: &Shop, url: &str) -> String {
    receive(shop, url).end.unwrap().callback_url.unwrap()
}

/// A member of a callback's query.
fn member(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?').unwrap();
    let value = query.split('&').find_map(|member| member.strip_prefix(name)?.strip_prefix('='));
    value.map(decode)
}

#[test]
fn every_error_code_of_both_dialects_is_reached() {
    let shop = shop();
    for (ending, ios, droid) in CODES {
        let amount = 1000 + ending;
        let money = json!({ "amount": amount, "currency_code": "EUR" });
        let more = json!({ "client_id": "sandbox-kiosk", "state": ending.to_string(),
                           "amount_money": money });
        let reply = data(&opened(&shop, &link(more)));
        assert_eq!((&reply["status"], &reply["error_code"]), (&json!("error"), &json!(ios)));
        assert!(reply.get("transaction_id").is_none(), "{ending}");
        let url = opened(&shop, &android(amount, &ending.to_string()));
        let code = member(&url, "com.squareup.pos.ERROR_CODE").unwrap();
        assert_eq!(code, format!("com.squareup.pos.{droid}"), "{ending}");
        assert!(!member(&url, "com.squareup.pos.ERROR_DESCRIPTION").unwrap().is_empty());
        assert_eq!(member(&url, "com.squareup.pos.CLIENT_TRANSACTION_ID"), None);
        let state = member(&url, "com.squareup.pos.REQUEST_METADATA");
        // Where no result came, nothing is echoed.
        assert_eq!(state.is_none(), *ending == 45, "{ending}");
    }
    let sdk = format!("{}&com.squareup.pos.SDK_VERSION=2", android(1035, "sdk"));
    let code = member(&opened(&shop, &sdk), "com.squareup.pos.ERROR_CODE").unwrap();
    assert_eq!(code, "com.squareup.pos.UNSUPPORTED_API_VERSION", "the SDK's constant");
}

#[test]
fn what_the_register_itself_finds_wrong_has_the_right_code() {
    let shop = shop();
    let money = |amount: i64, code: &str| json!({ "amount": amount, "currency_code": code });
    for (more, expected) in [
        (json!({ "amount_money": money(100, "USD") }), "currency_code_mismatch"),
        (json!({ "location_id": "elsewhere" }), "location_id_mismatch"),
        (json!({ "location_id": "elsewhere", "version": "1.2" }), "user_id_mismatch"),
        (json!({ "customer_id": "nobody" }), "invalid_customer_id"),
        (json!({ "options": { "supported_tender_types": ["PAYPAY"] } }), "unsupported_tender_type"),
        (
            json!({ "amount_money": money(100_000_000, "EUR"),
                 "options": { "supported_tender_types": ["CREDIT_CARD"] } }),
            "amount_too_large",
        ),
        (json!({ "notes": 5 }), "data_invalid"),
    ] {
        let reply = data(&opened(&shop, &link(more.clone())));
        assert_eq!(reply["error_code"], expected, "{more}");
        assert_eq!(reply["state"], "order 7", "{more}");
    }
    for id in ["T1".to_owned(), shop.app().identity().register.to_string()] {
        let queue = json!({ "queue": true });
        let more = json!({ "location_id": id, "state": id, "options": queue });
        let received = receive(&shop, &link(more));
        assert!(received.request.is_some(), "{}", received.message);
    }
}

#[test]
fn squares_own_links_are_taken_only_where_the_owner_says_so() {
    let shop = shop();
    let json = Value::Object(body(json!({}))).to_string();
    let url = format!("square-commerce-v1://payment/create?data={}", percent(&json));
    assert!(receive(&shop, &url).request.is_none());
    shop.call::<SetSquareLinksCommand>(SetSquareLinks { taken: true }).unwrap();
    assert!(receive(&shop, &url).request.is_some());
}
