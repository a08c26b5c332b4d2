//! Customers by the open API: kept in step, merged for good, given out whole, forgotten without a trace.

use std::path::Path;

use countertop_app::commands::{PayTender, SetBasketCustomer};
use countertop_app::wire::{PayRequest, PayWith, SetCustomer};
use countertop_domain::ids::CustomerId;
use serde_json::{Value, json};

use crate::common::door::{OpenDoor, token};
use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, code, verify_ok};
use crate::customers::{buys, take_everything};

/// A program that may do everything with customers and their credit.
pub(crate) struct Program {
    pub(crate) door: OpenDoor,
    pub(crate) secret: String,
}

impl Program {
    pub(crate) fn of(shop: &Shop, scopes: &[&str]) -> Self {
        let (_, secret) = token(shop, scopes);
        Self { door: OpenDoor::of(shop.app()), secret }
    }

    /// The same, trusted as the owner is.
    pub(crate) fn of_owner(shop: &Shop, scopes: &[&str]) -> Self {
        let request = json!({ "name": "Owner's", "scopes": scopes, "role": "owner" });
        let made = shop.json("tokens.create", request).unwrap();
        let secret = made["secret"].as_str().unwrap().to_owned();
        Self { door: OpenDoor::of(shop.app()), secret }
    }

    /// Asks, and says what came: status and body.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let answer = self.door.ask(&self.secret, method, path, body.as_ref());
        let value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
        (answer.status, value)
    }

    /// Asks for what must be done.
    pub(crate) fn done(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, value) = self.ask(method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {value}");
        value
    }

    /// Asks for what must be refused: status and code.
    pub(crate) fn refused(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
        let (status, value) = self.ask(method, path, body);
        assert!(status >= 400, "{method} {path}: {status} {value}");
        (status, value["code"].as_str().unwrap_or_default().to_owned())
    }
}

const ALL: &[&str] = &["customers:read", "customers:write", "credit", "sales:read", "orders:write"];

pub(crate) fn add(program: &Program, body: Value) -> CustomerId {
    let made = program.done("POST", "/v1/customers", Some(body));
    made["id"].as_str().unwrap().parse().unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

fn credit_of(program: &Program, id: CustomerId) -> i64 {
    let (status, value) = program.ask("GET", &format!("/v1/store-credit/{id}"), None);
    assert_eq!(status, 200, "{value}");
    value["balance"]["amount"].as_i64().unwrap()
}

fn give_credit(program: &Program, id: CustomerId, amount: i64) {
    let body = json!({ "code": id.to_string(), "reason": "sorry",
                       "amount": { "amount": amount, "currency": "EUR" } });
    program.done("POST", "/v1/store-credit", Some(body));
}

#[test]
fn a_mailing_tool_finds_whom_it_may_write_to_and_who_bought() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    let consent = |given: bool, at: &str| json!([{ "channel": "email", "given": given, "at": at }]);
    let mira = add(
        &program,
        json!({ "name": "Mira", "email": "mira@example.com", "groups": ["member"],
                "consents": consent(true, "2026-01-01T00:00:00Z") }),
    );
    let no = consent(false, "2026-01-01T00:00:00Z");
    add(&program, json!({ "name": "Ned", "consents": no }));
    add(&program, json!({ "name": "Ola" }));
    buys(&shop, mira);
    shop.sell(&[BREAD, WINE], PayWith::Cash);
    let list = |query: &str| program.done("GET", &format!("/v1/customers{query}"), None);
    assert_eq!(names(&list("?consent=email")), ["Mira"]);
    assert_eq!(names(&list("?group=member")), ["Mira"]);
    assert_eq!(names(&list("?min_sales=1&min_value=1544")), ["Mira"]);
    assert!(names(&list("?min_value=1545")).is_empty());
    assert_eq!(names(&list("?last_sale_after=2026-11-23T00:00:00Z")), ["Mira"]);
    assert!(names(&list("?last_sale_before=2026-11-23T00:00:00Z")).is_empty());
    assert_eq!(names(&list("?q=mir")), ["Mira"]);
    let page = list("?limit=2");
    assert_eq!(names(&page), ["Mira", "Ned"]);
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(names(&list(&format!("?limit=2&cursor={cursor}"))), ["Ola"]);
    assert_eq!(program.refused("GET", "/v1/customers?cursor=x", None).0, 400);

    // A withdrawal counts, and an older word that is told later does not.
    let path = format!("/v1/customers/{mira}/consents/email");
    let said = |given: bool, at: &str| Some(json!({ "given": given, "at": at, "source": "mail" }));
    program.done("PUT", &path, said(false, "2026-02-01T00:00:00Z"));
    program.done("PUT", &path, said(true, "2026-01-15T00:00:00Z"));
    assert!(names(&list("?consent=email")).is_empty());
    verify_ok(shop.app());
}

#[test]
fn an_edit_of_what_somebody_changed_meanwhile_is_refused() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    let id = add(&program, json!({ "name": "Mira" }));
    let path = format!("/v1/customers/{id}");
    let read = program.door.ask(&program.secret, "GET", &path, None);
    let tag = read.head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let put = |name: &str| {
        let header = format!("If-Match: {tag}");
        let body = json!({ "name": name });
        program.door.ask_with(&program.secret, "PUT", &path, Some(&body), &[&header]).status
    };
    assert_eq!(put("Mira Lindqvist"), 200);
    assert_eq!(put("Somebody else"), 412);
    assert_eq!(program.done("GET", &path, None)["name"], "Mira Lindqvist");
    let limit = json!({ "name": "Mira", "account_limit": { "amount": 100, "currency": "EUR" } });
    let narrow = Program::of(&shop, &["customers:write"]);
    assert_eq!(narrow.refused("PUT", &path, Some(limit)), (403, "not_allowed".to_owned()));
}

#[test]
fn a_name_of_another_system_stands_for_one_customer() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    let named = |name: &str| json!({ "name": name, "external_ids": [{ "system": "mailing", "id": "c-1" }] });
    let mira = add(&program, named("Mira"));
    let refused = program.refused("POST", "/v1/customers", Some(named("Ned")));
    assert_eq!(refused, (409, "external_id_taken".to_owned()));
    let found = program.done("GET", "/v1/customers?system=mailing&external_id=c-1", None);
    assert_eq!(found["data"][0]["id"], mira.to_string());
}

#[test]
fn credit_of_two_who_were_one_is_spent_once() {
    let shop = Shop::open();
    take_everything(&shop);
    let program = Program::of(&shop, ALL);
    let mira = add(&program, json!({ "name": "Mira", "notes": "left-handed" }));
    let double = add(&program, json!({ "name": "M. Lindqvist", "email": "mira@example.com" }));
    give_credit(&program, mira, 500);
    give_credit(&program, double, 700);
    buys(&shop, double);
    shop.sell(&[BREAD], PayWith::Cash);
    // The second's id is in an open basket while the two are merged.
    buys(&shop, double);
    shop.scan(WINE);
    let path = format!("/v1/customers/{mira}/merge");
    let body = json!({ "merge": double.to_string() });
    let one = program.done("POST", &path, Some(body.clone()));
    assert_eq!((&one["name"], &one["email"]), (&json!("Mira"), &json!("mira@example.com")));
    assert_eq!(one["merged_ids"], json!([double.to_string()]));
    assert_eq!(one["figures"]["sales"], 1);
    // Again changes nothing, and the way back is the same.
    program.done("POST", &path, Some(body));
    let back = format!("/v1/customers/{double}/merge");
    program.done("POST", &back, Some(json!({ "merge": mira.to_string() })));
    assert_eq!((credit_of(&program, mira), credit_of(&program, double)), (1_200, 1_200));
    assert_eq!(
        program.done("GET", &format!("/v1/customers/{double}"), None)["id"],
        mira.to_string()
    );

    // 15.44 are due, and 12.00 of credit are there, by whichever id they are spent.
    shop.scan(BREAD);
    let pay = |id: CustomerId, amount: i64| {
        let request = shop.request(shop.basket().id, PayWith::StoreCredit, amount);
        shop.call::<PayTender>(PayRequest { reference: Some(id.to_string()), ..request })
    };
    pay(double, 1_000).unwrap();
    assert_eq!(code(pay(mira, 201)), "bad_credit");
    assert_eq!(code(pay(double, 201)), "bad_credit");
    pay(mira, 199).unwrap();
    shop.pay(PayWith::Cash, 345).unwrap().sale.expect("paid");
    assert_eq!((credit_of(&program, mira), credit_of(&program, double)), (1, 1));
    for id in [mira, double] {
        let sales = program.done("GET", &format!("/v1/sales?customer_id={id}"), None);
        assert_eq!(sales["data"].as_array().unwrap().len(), 2);
    }
    verify_ok(shop.app());
    shop.app().store().rebuild().unwrap();
    verify_ok(shop.app());
    assert_eq!(credit_of(&program, double), 1);
}

#[test]
fn nobody_is_merged_with_themselves_nor_found_after() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    let mira = add(&program, json!({ "name": "Mira" }));
    let double = add(&program, json!({ "name": "Mirabel" }));
    let third = add(&program, json!({ "name": "Mi Lin" }));
    let merge = |into: CustomerId, merged: CustomerId| {
        let body = json!({ "merge": merged.to_string() });
        program.ask("POST", &format!("/v1/customers/{into}/merge"), Some(body)).0
    };
    assert_eq!(merge(mira, mira), 422);
    assert_eq!(merge(double, third), 200);
    assert_eq!(merge(mira, double), 200);
    assert_eq!(merge(third, mira), 200, "a ring of merges is one customer");
    assert_eq!(names(&program.done("GET", "/v1/customers", None)), ["Mira"]);
    for id in [mira, double, third] {
        let read = program.done("GET", &format!("/v1/customers/{id}"), None);
        assert_eq!(read["id"], mira.to_string());
    }
    verify_ok(shop.app());
}

/// Whether any file below a folder holds these bytes, in any case of letters.
fn holds(folder: &Path, canary: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holds(&path, canary));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        let canary = canary.to_ascii_lowercase();
        if bytes.windows(canary.len()).any(|window| window == canary.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn who_was_erased_is_in_no_file_any_more() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    for other in 0..50 {
        add(&program, json!({ "name": format!("Bystander {other}"), "phone": "555 0100" }));
    }
    let canaries = ["zebrawood", "quagga", "okapistreet", "dodomail", "thylacine", "aurochsid"];
    let body = |notes: &str| {
        json!({
            "name": "Zebrawood Quagga", "email": "zebrawood@dodomail.example", "notes": notes,
            "address": { "lines": ["1 Okapistreet"], "city": "Quagga" },
            "consents": [{ "channel": "post", "given": true, "at": "2026-01-01T00:00:00Z",
                           "source": "thylacine" }],
            "external_ids": [{ "system": "crm", "id": "aurochsid" }]
        })
    };
    // With a key, so that the answer is kept for a while.
    let key = ["Idempotency-Key: once"];
    let first = body(&"a thylacine is allergic to everything ".repeat(40));
    let made = program.door.ask_with(&program.secret, "POST", "/v1/customers", Some(&first), &key);
    assert_eq!(made.status, 201, "{made:?}");
    let id: CustomerId = made.json()["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/v1/customers/{id}");
    program.done("PUT", &path, Some(body("shorter")));
    program.done("PUT", &path, Some(body(&"thylacine, again and longer ".repeat(60))));
    let order = json!({
        "channel": "webshop", "external_id": "1", "hand_over": "ship", "paid": true,
        "customer_id": id.to_string(), "recipient": { "name": "Zebrawood" },
        "lines": [{ "name": "Wrapping", "quantity": "1",
                    "unit_price": { "amount": 100, "currency": "EUR" } }]
    });
    let order = program.done("POST", "/v1/orders", Some(order));
    // They were in a basket, which was emptied again.
    buys(&shop, id);
    shop.scan(BREAD);
    let basket_id = shop.basket().id;
    shop.call::<SetBasketCustomer>(SetCustomer { basket_id, customer_id: None }).unwrap();
    assert!(!holds(shop.folder(), "zebrawood").is_empty(), "the canary sings before");

    let refused = program.refused("DELETE", &path, None);
    assert_eq!(refused, (409, "customer_in_use".to_owned()), "the order is open");
    let order_path = format!("/v1/orders/{}/fulfilment", order["id"].as_str().unwrap());
    program.done("PUT", &order_path, Some(json!({ "status": "cancelled" })));
    shop.pay(PayWith::Cash, 345).unwrap();
    let erased = program.done("DELETE", &path, None);
    assert_eq!(erased["has_sales"], false);
    assert_eq!(program.refused("GET", &path, None).0, 404);
    assert!(names(&program.done("GET", "/v1/customers?q=zebra", None)).is_empty());
    for canary in canaries {
        assert_eq!(holds(shop.folder(), canary), Vec::<String>::new(), "{canary} while it runs");
    }
    verify_ok(shop.app());
    drop(program);
    let folder = shop.shut();
    for canary in canaries {
        assert_eq!(holds(folder.path(), canary), Vec::<String>::new(), "{canary}");
    }
}

#[test]
fn who_owes_or_waits_is_not_forgotten_and_their_sales_keep_their_amounts() {
    let shop = Shop::open();
    take_everything(&shop);
    let owner = Program::of(&shop, &["customers:write", "customers:read", "credit", "sales:read"]);
    let limit = json!({ "amount": 10_000, "currency": "EUR" });
    let mira = add(&owner, json!({ "name": "Mira", "account_limit": limit }));
    buys(&shop, mira);
    let sale = shop.sell(&[WINE], PayWith::OnAccount);
    let path = format!("/v1/customers/{mira}");
    assert_eq!(owner.refused("DELETE", &path, None), (409, "customer_owes".to_owned()));
    let request = json!({ "customer_id": mira.to_string(), "kind": "cash", "amount": 1_199,
                          "tender_id": shop.tender_id().to_string() });
    shop.json("customers.pay_account", request).unwrap();
    let export = owner.done("GET", &format!("{path}/export"), None);
    assert_eq!(export["sales"][0]["total"]["amount"], 1_199);
    assert_eq!(export["account"].as_array().unwrap().len(), 2);
    assert_eq!(owner.done("DELETE", &path, None)["has_sales"], true);
    let kept = owner.done("GET", &format!("/v1/sales/{}", sale.id), None);
    assert_eq!(kept["total"]["amount"], 1_199);
    verify_ok(shop.app());
}

#[test]
fn a_spreadsheet_of_customers_calculates_nothing() {
    let shop = Shop::open();
    let program = Program::of(&shop, ALL);
    add(&program, json!({ "name": "=1+1", "phone": "+44 1" }));
    let answer = program.door.ask(&program.secret, "GET", "/v1/customers.csv", None);
    assert!(answer.head.contains("text/csv"), "{}", answer.head);
    assert!(answer.body.contains(",'=1+1,") && answer.body.contains(",'+44 1,"), "{}", answer.body);
}
