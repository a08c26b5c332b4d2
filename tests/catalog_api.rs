//! The catalogue, prices, taxes and stock over /v1.

use serde_json::{Value, json};

use crate::common::api::Token;
use crate::common::daemon::Served;
use crate::common::goods::{BREAD, WINE};
use crate::common::wire::Answer;
use crate::common::{Shop, daemon};

/// A register that is served, and a token for all of the catalogue.
fn served() -> (crate::common::Folder, Served, Token) {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let scopes = ["catalog:read", "catalog:write", "inventory:read", "inventory:write", "settings"];
    let token = Token::make(served.address, "Shop", &scopes, "owner");
    (folder, served, token)
}

struct Api<'a> {
    served: &'a Served,
    token: &'a Token,
}

impl Api<'_> {
    fn ask(&self, first: &str, more: &[&str], body: Option<Value>) -> Answer {
        self.token.ask(self.served.address, first, more, body.as_ref())
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.ask(&format!("GET {path}"), &[], None);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

fn eur(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "EUR" })
}

#[test]
fn a_product_lives_from_post_to_delete_and_each_edit_asks_for_what_was_seen() {
    let (folder, served, token) = served();
    let api = Api { served: &served, token: &token };
    let body = json!({ "name": "Beans", "category": "Coffee", "variants": [
        { "sku": "B-1", "barcodes": [{ "code": "4006381333931" }], "price": eur(899),
          "cost": eur(412), "tracks_stock": true } ] });
    let key = ["Idempotency-Key: beans"];
    let made = api.ask("POST /v1/products", &key, Some(body.clone()));
    assert_eq!(made.status, 201, "{made:?}");
    let again = api.ask("POST /v1/products", &key, Some(body.clone()));
    assert_eq!(again.json(), made.json(), "made once");
    api.ask("POST /v1/products", &[], Some(body)).is_problem(409, "barcode_taken");
    let product = made.json();
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let read = api.ask(&format!("GET {path}"), &[], None);
    assert_eq!(read.json(), product);
    let tag = format!("If-Match: {}", read.header("etag").unwrap());
    let patch = json!({ "name": "Dark beans", "description": "Roasted twice" });
    let patched = api.ask(&format!("PATCH {path}"), &[&tag], Some(patch.clone()));
    assert_eq!(patched.status, 200, "{patched:?}");
    assert_eq!(patched.json()["name"], "Dark beans");
    assert_eq!(patched.json()["category"], "Coffee", "what is not there stays");
    api.ask(&format!("PATCH {path}"), &[&tag], Some(patch)).is_problem(412, "changed_meanwhile");
    api.ask(&format!("DELETE {path}"), &[&tag], None).is_problem(412, "changed_meanwhile");
    let cleared = api.ask(&format!("PATCH {path}"), &[], Some(json!({ "description": null })));
    assert_eq!(cleared.json()["description"], Value::Null);
    api.ask(&format!("PATCH {path}"), &[], Some(json!({ "name": null })))
        .is_problem(422, "bad_field");
    let variant = &product["variants"][0];
    let other = json!({ "price": { "amount": 1, "currency": "USD" } });
    let variant_path = format!("/v1/variants/{}", variant["id"].as_str().unwrap());
    api.ask(&format!("PATCH {variant_path}"), &[], Some(other)).is_problem(422, "bad_text");
    let dearer = api.ask(&format!("PATCH {variant_path}"), &[], Some(json!({ "price": eur(949) })));
    assert_eq!(dearer.json()["price"], eur(949));
    api.ask(&format!("DELETE {variant_path}"), &[], None).is_problem(409, "last_variant");
    // Every filter finds it, and only it.
    for filter in [
        "q=dark",
        "sku=B-1",
        "barcode=4006381333931",
        "category=Coffee",
        "source=own",
        "updated_since=2026-11-23T00:00:00Z&source=own",
    ] {
        let found = api.get(&format!("/v1/products?{filter}"));
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{filter}: {found}");
        assert_eq!(found["data"][0]["id"], product["id"], "{filter}");
    }
    for filter in ["sku=B-1", "barcode=4006381333931"] {
        let found = api.get(&format!("/v1/variants?{filter}"));
        assert_eq!(found["data"][0]["price"], eur(949), "{filter}");
    }
    for nothing in ["sku=B", "barcode=1", "category=Tea", "source=x", "q=nothing"] {
        let found = api.get(&format!("/v1/products?{nothing}"));
        assert_eq!(found["data"], json!([]), "{nothing}");
    }
    let gone = api.ask(&format!("DELETE {path}"), &[], None);
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(api.ask(&format!("DELETE {path}"), &[], None).status, 204);
    assert_eq!(api.get(&path)["status"], "retired");
    assert_eq!(api.get("/v1/products?source=own")["data"], json!([]));
    let since = api.get("/v1/products?source=own&updated_since=2026-11-23T00:00:00Z");
    assert_eq!(since["data"][0]["status"], "retired");
    api.ask("GET /v1/products?cursor=zzz", &[], None).is_problem(400, "bad_request");
    drop(served);
    assert!(daemon::run(folder.path(), &["verify"]).status.success());
}

#[test]
fn books_promotions_and_taxes_are_edited_over_the_wire() {
    let (_folder, served, token) = served();
    let api = Api { served: &served, token: &token };
    for (path, body, patch) in [
        (
            "price-books",
            json!({ "id": "wholesale", "name": "Wholesale", "groups": ["trade"], "prices": [
                { "of": { "by": "all" }, "min_quantity": "2.5",
                  "price": { "by": "fixed", "value": eur(99) } } ] }),
            json!({ "name": "Trade", "until": "2027-01-31" }),
        ),
        (
            "promotions",
            json!({ "id": "menu", "name": "Menu", "rule": { "by": "bundle", "price": eur(500),
                "parts": [{ "of": { "by": "all" }, "count": 2 }] }, "hours": [600, 720] }),
            json!({ "hours": null, "needs_coupon": true }),
        ),
    ] {
        let made = api.ask(&format!("POST /v1/{path}"), &[], Some(body.clone()));
        assert_eq!(made.status, 201, "{made:?}");
        let mut other = body.clone();
        other["name"] = json!("Another");
        api.ask(&format!("POST /v1/{path}"), &[], Some(other)).is_problem(409, "already_there");
        let id = body["id"].as_str().unwrap();
        let read = api.ask(&format!("GET /v1/{path}/{id}"), &[], None);
        for (field, value) in body.as_object().unwrap() {
            if field == "prices" {
                assert_eq!(read.json()["prices"][0]["price"], value[0]["price"]);
            } else {
                assert_eq!(&read.json()[field], value, "{field}");
            }
        }
        let tag = format!("If-Match: {}", read.header("etag").unwrap());
        let patched = api.ask(&format!("PATCH /v1/{path}/{id}"), &[&tag], Some(patch.clone()));
        assert_eq!(patched.status, 200, "{patched:?}");
        for (field, value) in patch.as_object().unwrap() {
            assert_eq!(&patched.json()[field], value, "{field}");
        }
        api.ask(&format!("DELETE /v1/{path}/{id}"), &[&tag], None)
            .is_problem(412, "changed_meanwhile");
        assert_eq!(api.get(&format!("/v1/{path}"))["data"].as_array().unwrap().len(), 1);
        assert_eq!(api.ask(&format!("DELETE /v1/{path}/{id}"), &[], None).status, 204);
        api.ask(&format!("GET /v1/{path}/{id}"), &[], None).is_problem(404, "no_such_rule");
    }
    let books =
        json!({ "class": "Books", "taxes": [{ "name": "VAT", "rate": "5.5", "included": true }] });
    let made = api.ask("POST /v1/taxes", &[], Some(books));
    assert_eq!((made.status, &made.json()["class"]), (201, &json!("books")), "{made:?}");
    let fixed = json!({ "taxes": [{ "name": "Eco", "amount": eur(25), "included": false }] });
    let patched = api.ask("PATCH /v1/taxes/books", &[], Some(fixed));
    assert_eq!(patched.json()["taxes"][0]["amount"], eur(25), "{patched:?}");
    let both =
        json!({ "taxes": [{ "name": "Eco", "rate": "1", "amount": eur(25), "included": true }] });
    api.ask("PATCH /v1/taxes/books", &[], Some(both)).is_problem(422, "bad_text");
    assert_eq!(api.ask("DELETE /v1/taxes/books", &[], None).status, 204);
    api.ask("DELETE /v1/taxes/food", &[], None).is_problem(409, "in_use");
    assert_eq!(api.get("/v1/taxes?limit=2")["data"].as_array().unwrap().len(), 2);
}

#[test]
fn a_quote_is_the_same_over_the_wire_and_what_the_till_would_ask() {
    let (folder, served, token) = served();
    let api = Api { served: &served, token: &token };
    let basket = json!({ "currency": "EUR", "rounding": "document", "cash_rounding": 5,
        "taxes": { "b": { "kind": "percent", "rate": "19", "included": true },
                   "a": { "kind": "fixed", "amount": 7 } },
        "lines": [{ "quantity": "1.5", "unit_price": 333, "taxes": ["a", "b"] },
                  { "quantity": "2", "unit_price": 10, "taxes": ["b"] }] });
    let answered = api.ask("POST /v1/quotes", &[], Some(basket.clone()));
    assert_eq!(answered.status, 200, "{answered:?}");
    let file = folder.path().join("quote.json");
    std::fs::write(&file, basket.to_string()).unwrap();
    let mut quote = std::process::Command::new(env!("CARGO_BIN_EXE_countertopd"));
    let said = quote.arg("quote").arg(&file).output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&said.stdout).unwrap(), answered.json());
    let mut broken = basket;
    broken["lines"][1]["taxes"] = json!(["c"]);
    let refused = api.ask("POST /v1/quotes", &[], Some(broken));
    refused.is_problem(422, "unknown_tax");
    assert_eq!(refused.json()["about"], "lines[1].taxes[0]");
    let lines = json!([{ "barcode": BREAD, "quantity": "2" }, { "barcode": WINE }]);
    let quoted = api.ask("POST /v1/quotes/shop", &[], Some(json!({ "lines": lines })));
    assert_eq!(quoted.json()["total"], eur(2 * 345 + 1_199), "{quoted:?}");
    let unknown = json!({ "lines": [{ "barcode": "nothing" }] });
    api.ask("POST /v1/quotes/shop", &[], Some(unknown)).is_problem(404, "unknown_barcode");
    let both = json!({ "lines": [{ "barcode": BREAD, "sku": "x" }] });
    api.ask("POST /v1/quotes/shop", &[], Some(both)).is_problem(422, "bad_text");
}

#[test]
fn stock_is_received_and_counted_over_the_wire() {
    let (folder, served, token) = served();
    let api = Api { served: &served, token: &token };
    let bread = &api.get("/v1/variants?barcode=1001")["data"][0]["id"];
    let body = json!({ "reason": "receive", "reference": "DN-1",
        "lines": [{ "variant_id": bread, "quantity": "24", "unit_cost": eur(120) }] });
    let key = ["Idempotency-Key: delivery-1"];
    let made = api.ask("POST /v1/inventory/movements", &key, Some(body.clone()));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["lines"][0]["level"], "124");
    let again = api.ask("POST /v1/inventory/movements", &key, Some(body));
    assert_eq!(again.json(), made.json());
    let count = json!({ "lines": [{ "variant_id": bread, "counted": "120", "expected": "124" }] });
    let counted = api.ask("POST /v1/inventory/counts", &[], Some(count.clone()));
    assert_eq!(counted.json()["lines"][0]["quantity"], "-4", "{counted:?}");
    api.ask("POST /v1/inventory/counts", &[], Some(count)).is_problem(409, "stock_changed");
    let id = bread.as_str().unwrap();
    let level = api.get(&format!("/v1/inventory?variant_id={id}"));
    assert_eq!(level["data"][0]["quantity"], "120");
    let reasons = |path: &str| -> Vec<Value> {
        let found = api.get(path);
        found["data"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect()
    };
    let path = format!("/v1/inventory/movements?variant_id={id}");
    assert_eq!(reasons(&path), ["count", "receive", "import"]);
    assert_eq!(reasons(&format!("{path}&reason=receive")), ["receive"]);
    api.ask(&format!("GET {path}&reason=gift"), &[], None).is_problem(400, "bad_request");
    drop(served);
    assert!(daemon::run(folder.path(), &["verify"]).status.success());
}
