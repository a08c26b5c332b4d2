//! Payment requests over HTTP, by a register that is a process of its own and is killed at the worst
//! moment.

use serde_json::{Value, json};

use crate::common::Shop;
use crate::common::api::{Token, ask};
use crate::common::daemon::Served;
use crate::common::wire::done;

const REQUESTS: &str = "/v1/payment-requests";

/// An app, registered as the screen does it, with a token of its own.
fn app(served: &Served, client_id: &str) -> Token {
    let saved = done(
        served.address,
        "apps.save",
        &json!({ "client_id": client_id, "name": "Kiosk", "new_token": true,
                 "callbacks": ["https://shop.example/paid"] }),
    );
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Token { id: text(&saved["app"]["token_id"]), secret: text(&saved["secret"]) }
}

fn wanted(state: &str, amount: i64) -> Value {
    json!({ "state": state, "amount_money": { "amount": amount, "currency_code": "EUR" } })
}

#[test]
fn a_caller_whose_register_is_killed_after_the_payment_still_learns_the_truth() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let token = app(&served, "kiosk");
    let post = format!("POST {REQUESTS}");
    let asked = token.ask(served.address, &post, &[], Some(&wanted("order 1", 1099)));
    assert_eq!(asked.status, 201, "{asked:?}");
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    // Killed before anyone has seen it: it is shown when the register is back.
    served.kill();
    let served = Served::start(folder.path());
    let open = done(served.address, "requests.open", &json!({}));
    assert_eq!(open["current"]["id"], id);
    let basket = done(served.address, "requests.accept", &json!({ "request_id": id }));
    let paid = json!({
        "basket_id": basket["id"], "tender_id": "01900000-0000-7000-8000-00000000aaaa",
        "kind": "cash", "offered": 1099, "print": false,
    });
    let sale = done(served.address, "pay.tender", &paid)["sale"]["id"].clone();
    // Killed between the payment and the callback: nobody has asked what became of the request.
    served.kill();
    let served = Served::start(folder.path());
    let found = token.ask(
        served.address,
        &format!("GET {REQUESTS}?client_id=kiosk&state=order%201"),
        &[],
        None,
    );
    let record = &found.json()["data"][0];
    assert_eq!((&record["id"], &record["status"]), (&json!(id), &json!("completed")));
    assert_eq!(record["reply"]["transaction_id"], sale);
    let read = token.ask(served.address, &format!("GET {REQUESTS}/{id}"), &[], None);
    assert_eq!(read.json()["reply"], record["reply"]);
    let again = token.ask(served.address, &post, &[], Some(&wanted("order 1", 1099)));
    assert_eq!((again.status, &again.json()["id"]), (200, &json!(id)));
}

#[test]
fn what_a_program_asks_is_answered_in_the_words_of_the_contract() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let token = app(&served, "kiosk");
    let post = format!("POST {REQUESTS}");
    let ask_for = |body: &Value| token.ask(at, &post, &[], Some(body));
    let first = ask_for(&wanted("a", 100));
    assert_eq!(first.status, 201);
    let record = first.json();
    assert_eq!(record["status"], "received");
    assert_eq!(record["amount_money"], json!({ "amount": 100, "currency_code": "EUR" }));
    assert!(record.get("reply").is_none() && record["created_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(ask_for(&wanted("a", 100)).status, 200);
    ask_for(&wanted("a", 101)).is_problem(409, "idempotency_conflict");
    ask_for(&wanted("b", 100)).is_problem(409, "could_not_perform");
    ask_for(&wanted("c", 0)).is_problem(422, "amount_too_small");
    ask_for(&json!({ "amount_money": { "amount": 1.5, "currency_code": "EUR" } }))
        .is_problem(422, "amount_invalid_format");
    ask_for(&json!({})).is_problem(422, "amount_invalid_format");
    let mut other = wanted("d", 100);
    other["client_id"] = json!("other");
    ask_for(&other).is_problem(403, "client_not_authorized_for_user");
    ask_for(&json!([])).is_problem(422, "bad_field");
    ask(at, &post, &[], Some(&wanted("e", 100))).is_problem(401, "no_token");
    let reader = Token::make(at, "Reader", &["sales:read"], "manager");
    reader.ask(at, &post, &[], Some(&wanted("f", 100))).is_problem(403, "missing_scope");
    let id = record["id"].as_str().unwrap();
    let cancel = format!("POST {REQUESTS}/{id}/cancel");
    let canceled = token.ask(at, &cancel, &[], None);
    assert_eq!((canceled.status, &canceled.json()["status"]), (200, &json!("canceled")));
    assert_eq!(canceled.json()["reply"]["error_code"], "payment_canceled");
    let nothing = "01900000-0000-7000-8000-00000000bbbb";
    token
        .ask(at, &format!("GET {REQUESTS}/{nothing}"), &[], None)
        .is_problem(404, "no_such_request");
    token.ask(at, &format!("GET {REQUESTS}/x"), &[], None).is_problem(400, "bad_request");
    // Open to everyone: the key that replies are checked with.
    let keys = ask(at, "GET /v1/keys", &[], None);
    assert_eq!(keys.status, 200, "{keys:?}");
    let key = &keys.json()["keys"][0];
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert_eq!(key["x"].as_str().unwrap().len(), 43);
}

#[test]
fn a_list_comes_in_pages_the_newest_first() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let token = app(&served, "sandbox-kiosk");
    for n in 0..5 {
        let asked =
            token.ask(at, &format!("POST {REQUESTS}"), &[], Some(&wanted(&n.to_string(), 1000)));
        assert_eq!(asked.status, 201, "{asked:?}");
    }
    let (mut states, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("GET {REQUESTS}?client_id=sandbox-kiosk&limit=2{cursor}");
        let page = token.ask(at, &path, &[], None).json();
        let data = page["data"].as_array().unwrap();
        states.extend(data.iter().map(|one| one["state"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(states, ["4", "3", "2", "1", "0"]);
}
