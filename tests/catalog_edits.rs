//! The catalogue, prices and taxes, edited one at a time by the till's commands.

use std::collections::BTreeMap;
use std::time::Duration;

use countertop_app::wire::PayWith;
use serde_json::{Value, json};

use crate::common::goods::{BREAD, WINE, good, put_on_sale};
use crate::common::{Shop, code};

/// A product by its name.
fn product(shop: &Shop, name: &str) -> Value {
    let found = shop.json("products.list", json!({ "text": name })).unwrap();
    found["products"][0].clone()
}

/// What a product is saved as if nothing of it changes.
fn saved(product: &Value) -> Value {
    let mut request = product.clone();
    let fields = request.as_object_mut().unwrap();
    for name in ["category_id", "source", "retired", "updated_ms"] {
        fields.remove(name);
    }
    for variant in request["variants"].as_array_mut().unwrap() {
        let fields = variant.as_object_mut().unwrap();
        for name in ["product_id", "name", "retired", "updated_ms"] {
            fields.remove(name);
        }
    }
    request
}

fn save(shop: &Shop, request: Value) -> Result<Value, String> {
    shop.json("products.save", request).map_err(|refusal| refusal.code)
}

fn new(name: &str, barcode: &str) -> Value {
    json!({ "name": name, "unit": "piece", "tax_class": "standard", "category": "New",
            "variants": [{ "sku": format!("SKU-{barcode}"), "price": 500, "tracks_stock": true,
                           "barcodes": [{ "code": barcode, "quantity": 1_000 }] }] })
}

fn tiles(shop: &Shop, text: &str) -> usize {
    let found = shop.json("catalog.search", json!({ "text": text })).unwrap();
    found["tiles"].as_array().unwrap().len()
}

#[test]
fn a_renamed_item_is_found_by_its_new_name_at_once_and_no_more_by_its_old_one() {
    let shop = Shop::open();
    let mut request = saved(&product(&shop, "Wine"));
    request["name"] = json!("Claret");
    save(&shop, request).unwrap();
    assert_eq!((tiles(&shop, "clar"), tiles(&shop, "wine")), (1, 0));
    assert_eq!(shop.scan(WINE).lines[0].name, "Claret");
}

#[test]
fn a_scan_finds_a_new_code_and_no_more_the_old_one() {
    let shop = Shop::open();
    let mut request = saved(&product(&shop, "Bread"));
    request["variants"][0]["barcodes"] = json!([{ "code": "036000291452", "quantity": 2_000 }]);
    request["variants"][0]["price"] = json!(399);
    save(&shop, request).unwrap();
    assert_eq!(code(shop.try_scan(BREAD)), "unknown_barcode");
    let basket = shop.scan("0036000291452");
    assert_eq!((basket.lines[0].quantity, basket.total), (2_000, 798));
    // A code belongs to one item.
    let refusal = shop.json("products.save", new("Other", "036000291452")).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.about.as_str()), ("barcode_taken", "0036000291452"));
    assert!(refusal.message.contains("Bread"), "{}", refusal.message);
    assert_eq!(tiles(&shop, "Other"), 0, "nothing of it was kept");
}

#[test]
fn what_is_taken_off_sale_is_found_no_more_and_paid_where_it_is_in_a_basket() {
    let shop = Shop::open();
    let wine = product(&shop, "Wine");
    shop.scan(WINE);
    let id = &wine["product_id"];
    shop.json("products.retire", json!({ "product_id": id })).unwrap();
    assert_eq!(code(shop.try_scan(WINE)), "unknown_barcode");
    assert_eq!(tiles(&shop, "wine"), 0);
    let all = shop.json("catalog.browse", json!({ "category": "All" })).unwrap();
    assert!(all["tiles"].as_array().unwrap().iter().all(|tile| tile["name"] != "Wine"));
    let categories = shop.json("catalog.categories", json!({})).unwrap();
    assert_eq!(categories["categories"][0]["items"], 6);
    let due = shop.basket().due;
    assert_eq!(due, 1_199);
    shop.pay(PayWith::CardExternal, due).unwrap().sale.expect("paid in full");
    // Again changes nothing; it is there to be read, and cannot be changed.
    let retired = shop.json("products.retire", json!({ "product_id": id })).unwrap();
    assert_eq!(retired["retired"], true);
    assert_eq!(retired["variants"], json!([]));
    let mut request = saved(&wine);
    request["version"] = retired["version"].clone();
    assert_eq!(save(&shop, request).unwrap_err(), "item_retired");
    shop.books_agree();
}

#[test]
fn who_asks_for_changes_by_their_time_misses_none_of_the_same_millisecond() {
    let shop = Shop::open();
    let mut copy: BTreeMap<String, Value> = BTreeMap::new();
    let mut since = 0;
    let mut edits = 0_u32;
    for round in 0..60 {
        // Edits between the pages, all at the same moment; sometimes the clock is set back.
        if round == 6 {
            shop.clock.back(Duration::from_hours(1));
        }
        let mut after = Value::Null;
        loop {
            let request = json!({ "updated_since_ms": since, "after": after, "limit": 2 });
            let page = shop.json("products.list", request).unwrap();
            for product in page["products"].as_array().unwrap() {
                since = since.max(product["updated_ms"].as_i64().unwrap());
                copy.insert(product["product_id"].as_str().unwrap().to_owned(), product.clone());
            }
            let name = ["Bread", "Wine", "Water", "Cheese", "Tool"][edits as usize % 5];
            let mut request = saved(&product(&shop, name));
            request["description"] = json!(format!("edit {edits}"));
            if edits < 40 {
                save(&shop, request).unwrap();
                edits += 1;
            }
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
    }
    assert_eq!(edits, 40);
    let all = shop.json("products.list", json!({ "limit": 200 })).unwrap();
    let all = all["products"].as_array().unwrap();
    assert_eq!(all.len(), copy.len());
    for product in all {
        assert_eq!(&copy[product["product_id"].as_str().unwrap()], product);
    }
}

#[test]
fn an_edit_of_what_was_changed_meanwhile_is_refused() {
    let shop = Shop::open();
    let first = saved(&product(&shop, "Bread"));
    let mut second = first.clone();
    second["name"] = json!("Rye bread");
    save(&shop, second).unwrap();
    assert_eq!(save(&shop, first.clone()).unwrap_err(), "changed_meanwhile");
    let stale = json!({ "product_id": first["product_id"], "version": first["version"] });
    assert_eq!(shop.json("products.retire", stale).unwrap_err().code, "changed_meanwhile");
    assert_eq!(tiles(&shop, "rye"), 1);
}

#[test]
fn what_cannot_be_an_item_is_refused_and_nothing_of_it_is_kept() {
    let shop = Shop::open();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut request = new("Novelty", "4006381333931");
        change(&mut request);
        save(&shop, request).unwrap_err()
    };
    let variant = json!({ "options": [], "price": 1 });
    for (change, code) in [
        (&(|r: &mut Value| r["name"] = json!(" ")) as &dyn Fn(&mut Value), "bad_text"),
        (&|r| r["name"] = json!("x".repeat(201)), "bad_text"),
        (&|r| r["name"] = json!("a\u{0}b"), "bad_text"),
        (&|r| r["unit"] = json!("dozen"), "bad_text"),
        (&|r| r["tax_class"] = json!("nowhere"), "bad_text"),
        (&|r| r["images"] = json!(["javascript:alert(1)"]), "bad_text"),
        (&|r| r["variants"] = json!([]), "bad_text"),
        (&|r| r["variants"] = json!([variant, variant]), "bad_text"),
        (&|r| r["variants"][0]["price"] = json!(-1), "bad_text"),
        (&|r| r["variants"][0]["price"] = json!(i64::MAX), "bad_amount"),
        (&|r| r["variants"][0]["compare_at"] = json!(500), "bad_text"),
        (&|r| r["variants"][0]["barcodes"][0]["quantity"] = json!(0), "bad_text"),
        (&|r| r["variants"][0]["barcodes"][0]["quantity"] = json!(1_500), "bad_text"),
        (&|r| r["variants"][0]["barcodes"][0]["code"] = json!(""), "bad_text"),
        (&|r| r["colour"] = json!("blue"), "bad_request"),
    ] {
        assert_eq!(with(change), code);
    }
    assert_eq!(tiles(&shop, "novelty"), 0);
    let categories = shop.json("categories.list", json!({})).unwrap();
    assert_eq!(categories["categories"].as_array().unwrap().len(), 1);
    // A variant of another item is not taken over.
    let bread = product(&shop, "Bread");
    let mut request = new("Novelty", "4006381333931");
    request["variants"][0]["variant_id"] = bread["variants"][0]["variant_id"].clone();
    assert_eq!(save(&shop, request).unwrap_err(), "already_there");
    assert_eq!(shop.scan(BREAD).lines[0].name, "Bread");
}

#[test]
fn the_same_file_again_leaves_an_edited_item_as_it_is() {
    let shop = Shop::open();
    let draft = || {
        good(
            "Tea",
            countertop_domain::quantity::Unit::Piece,
            "food",
            Some(250),
            Some(9),
            &[("7001", 1)],
        )
    };
    put_on_sale(&shop, vec![draft()]);
    let before = product(&shop, "Tea");
    let mut request = saved(&before);
    request["variants"][0]["price"] = json!(275);
    let edited = save(&shop, request).unwrap();
    put_on_sale(&shop, vec![draft()]);
    assert_eq!(product(&shop, "Tea"), edited);
    assert_eq!(shop.scan("7001").total, 275);
    // A file that says something new of it is followed.
    let mut changed = draft();
    changed.name = "Green tea".to_owned();
    put_on_sale(&shop, vec![changed]);
    let after = product(&shop, "Green tea");
    assert_eq!(after["product_id"], edited["product_id"]);
    assert!(after["updated_ms"].as_i64() > edited["updated_ms"].as_i64());
}

#[test]
fn a_category_is_renamed_with_its_items_and_goes_only_when_it_is_empty() {
    let shop = Shop::open();
    let found = shop.json("categories.list", json!({})).unwrap();
    let all = &found["categories"][0];
    let mut request = json!({ "category_id": all["category_id"], "version": all["version"],
                              "name": "Everything", "ink": 4 });
    let before = product(&shop, "Bread");
    let renamed = shop.json("categories.save", request.clone()).unwrap();
    let after = product(&shop, "Bread");
    assert_eq!(after["category"], "Everything");
    assert!(after["updated_ms"].as_i64() > before["updated_ms"].as_i64());
    request["name"] = json!("Late");
    assert_eq!(shop.json("categories.save", request).unwrap_err().code, "changed_meanwhile");
    let gone = json!({ "category_id": all["category_id"] });
    assert_eq!(shop.json("categories.remove", gone).unwrap_err().code, "in_use");
    // A name that prices follow stays.
    let book = json!({ "kind": "book", "rule": { "id": "b", "name": "Book", "prices": [
        { "of": { "by": "categories", "of": ["Everything"] }, "min_quantity": 1,
          "price": { "by": "percent_off", "value": "10" } } ] } });
    shop.json("prices.save_rule", book).unwrap();
    let request = json!({ "category_id": all["category_id"], "version": renamed["version"],
                          "name": "Nothing", "ink": 4 });
    let refusal = shop.json("categories.save", request).unwrap_err();
    assert_eq!(refusal.code, "in_use");
    assert!(refusal.message.contains("Book"), "{}", refusal.message);
    let empty = shop.json("categories.save", json!({ "name": "Empty", "ink": 1 })).unwrap();
    let twice = json!({ "name": "Empty", "ink": 2 });
    assert_eq!(shop.json("categories.save", twice).unwrap_err().code, "already_there");
    let gone = json!({ "category_id": empty["category_id"] });
    shop.json("categories.remove", gone.clone()).unwrap();
    assert_eq!(shop.json("categories.remove", gone).unwrap_err().code, "no_such_category");
}

#[test]
fn changes_are_told_in_their_order() {
    let shop = Shop::open();
    let since = shop.app().store().read(|snapshot| snapshot.last_position()).unwrap();
    let made = save(&shop, new("Novelty", "4006381333931")).unwrap();
    shop.json("products.retire", json!({ "product_id": made["product_id"] })).unwrap();
    let book = json!({ "kind": "book", "rule": { "id": "b", "name": "B", "prices": [] } });
    shop.json("prices.save_rule", book).unwrap();
    shop.json("prices.remove_rule", json!({ "kind": "book", "id": "b" })).unwrap();
    let tax = json!({ "class": "books", "taxes": [
        { "class": "", "name": "VAT", "rate": "5.5", "inclusive": true } ] });
    let mut full = tax.clone();
    full["taxes"][0]["amount"] = Value::Null;
    full["taxes"][0]["affects_base"] = json!(false);
    full["taxes"][0]["ignores_others"] = json!(false);
    shop.json("taxes.save", full).unwrap();
    shop.json("taxes.remove", json!({ "class": "books" })).unwrap();
    let told = shop.app().store().read(|snapshot| snapshot.happened_after(since, 100)).unwrap();
    let changes: Vec<String> = told
        .into_iter()
        .filter_map(|happened| match happened.what {
            countertop_store::Happening::Change(row) => Some(format!("{} {}", row.kind, row.verb)),
            countertop_store::Happening::Entry(_) => None,
        })
        .collect();
    let expected = [
        "category created",
        "product created",
        "product deleted",
        "price_book created",
        "price_book deleted",
        "tax created",
        "tax deleted",
    ];
    assert_eq!(changes, expected);
}

#[test]
fn a_promotion_whose_coupon_is_in_a_basket_stays() {
    let shop = Shop::open();
    let rule = json!({ "id": "ten", "name": "Ten off", "needs_coupon": true,
                       "rule": { "by": "percent_off", "of": { "by": "all" }, "percent": "10" } });
    let save = json!({ "kind": "promotion", "rule": rule });
    let first = shop.json("prices.save_rule", save.clone()).unwrap();
    shop.json("prices.save_rule", save).unwrap();
    shop.json("coupons.issue", json!({ "code": "TEN", "promotion": "ten" })).unwrap();
    shop.scan(BREAD);
    let coupon = json!({ "basket_id": shop.basket().id, "code": "TEN" });
    shop.json("basket.add_coupon", coupon.clone()).unwrap();
    let gone = json!({ "kind": "promotion", "id": "ten", "version": first["version"] });
    assert_eq!(shop.json("prices.remove_rule", gone.clone()).unwrap_err().code, "in_use");
    shop.json("basket.remove_coupon", coupon).unwrap();
    let mut other = rule;
    other["name"] = json!("Ten percent");
    let save = json!({ "kind": "promotion", "rule": other, "version": first["version"] });
    shop.json("prices.save_rule", save.clone()).unwrap();
    assert_eq!(shop.json("prices.save_rule", save).unwrap_err().code, "changed_meanwhile");
    assert_eq!(shop.json("prices.remove_rule", gone).unwrap_err().code, "changed_meanwhile");
}

#[test]
fn a_class_of_tax_goes_only_when_nothing_is_taxed_so() {
    let shop = Shop::open();
    let food = shop.json("taxes.get", json!({ "class": "food" })).unwrap();
    let refusal = shop.json("taxes.remove", json!({ "class": "food" })).unwrap_err();
    assert_eq!(refusal.code, "in_use");
    shop.scan(BREAD);
    let mut taxes = food["taxes"].clone();
    taxes[0]["rate"] = json!("10");
    let save = json!({ "class": "food", "version": food["version"], "taxes": taxes });
    shop.json("taxes.save", save.clone()).unwrap();
    assert_eq!(shop.basket().taxes[0].amount, 31, "10 of 110 parts of 3.45");
    assert_eq!(shop.json("taxes.save", save).unwrap_err().code, "changed_meanwhile");
    shop.pay(PayWith::CardExternal, 100).unwrap();
    let changed = shop.json("taxes.get", json!({ "class": "food" })).unwrap();
    let save = json!({ "class": "food", "version": changed["version"], "taxes": food["taxes"] });
    assert_eq!(shop.json("taxes.save", save).unwrap_err().code, "partly_paid");
}
