//! Open baskets are given back: after a kill, after a clean end, parked ones too.

use countertop_app::commands::{CurrentBasket, ListParked, ParkBasket, Recall, Scan};
use countertop_app::perform;
use countertop_app::wire::{BasketRequest, Nothing, Park, PayWith, ScanRequest};
use serde_json::json;

use crate::common::goods::{BREAD, CHEESE, WINE};
use crate::common::wire::done;
use crate::common::{Shop, code, daemon, wait_for};

fn park(shop: &Shop, label: &str) {
    let basket_id = shop.basket().id;
    shop.call::<ParkBasket>(Park { basket_id, label: label.to_owned() }).unwrap();
}

fn parked(shop: &Shop) -> Vec<(String, i64)> {
    let list = shop.call::<ListParked>(Nothing {}).unwrap();
    list.baskets.into_iter().map(|basket| (basket.label, basket.total)).collect()
}

#[test]
fn open_and_parked_baskets_are_given_back_after_a_clean_end() {
    let shop = Shop::open();
    shop.scan(WINE);
    park(&shop, "Blue coat");
    shop.scan(CHEESE);
    park(&shop, "");
    let basket = shop.scan(BREAD);
    let shop = shop.reopen();
    assert_eq!((shop.basket().id, shop.basket().total), (basket.id, 345));
    assert_eq!(parked(&shop), [("Blue coat".to_owned(), 1_199), (String::new(), 1_950)]);
    let wine = shop.call::<ListParked>(Nothing {}).unwrap().baskets[0].id;
    let recalled = shop.call::<Recall>(BasketRequest { basket_id: wine }).unwrap();
    // What was open is parked in its place.
    assert_eq!((recalled.id, recalled.total, recalled.parked), (wine, 1_199, 2));
    let shop = shop.reopen();
    assert_eq!(shop.basket().id, wine);
    assert_eq!(parked(&shop), [(String::new(), 1_950), (String::new(), 345)]);
    shop.pay(PayWith::Cash, 1_199).unwrap().sale.expect("paid in full");
    shop.books_agree();
}

#[test]
fn open_and_parked_baskets_are_given_back_after_a_kill() {
    let folder = Shop::open().shut();
    let served = daemon::Served::start(folder.path());
    let at = served.address;
    let first = done(at, "basket.current", &json!({}))["id"].clone();
    done(at, "basket.scan", &json!({ "basket_id": first, "code": WINE }));
    let second = done(at, "basket.park", &json!({ "basket_id": first, "label": "Blue coat" }));
    let second = second["id"].clone();
    done(at, "basket.scan", &json!({ "basket_id": second, "code": BREAD }));
    done(at, "basket.scan", &json!({ "basket_id": second, "code": BREAD }));
    let pay = |basket: &serde_json::Value, offered: i64| {
        json!({
            "basket_id": basket, "tender_id": "0190aaaa-0000-7000-8000-000000000001",
            "kind": "card_external", "offered": offered, "print": false,
        })
    };
    // A part payment is on disk when it is answered, and so is every scan before it.
    assert_eq!(done(at, "pay.tender", &pay(&second, 100))["basket"]["due"], 590);
    served.kill();

    let served = daemon::Served::start(folder.path());
    let at = served.address;
    let basket = done(at, "basket.current", &json!({}));
    assert_eq!(
        (&basket["id"], &basket["total"], &basket["due"]),
        (&second, &json!(690), &json!(590))
    );
    let parked = done(at, "basket.parked", &json!({}));
    assert_eq!(parked["baskets"][0]["id"], first);
    assert_eq!(parked["baskets"][0]["label"], "Blue coat");
    assert_eq!(parked["baskets"][0]["total"], 1_199);
    served.kill();
}

#[test]
fn a_scan_reaches_the_disk_without_any_payment() {
    let folder = Shop::open().shut();
    // Scans do not wait for the disk, so a kill may take the very last one; it is asked again
    // until it stays.
    wait_for("a scan that outlives a kill", || {
        let served = daemon::Served::start(folder.path());
        let basket = done(served.address, "basket.current", &json!({}));
        if basket["total"] != 0 {
            assert_eq!(basket["lines"][0]["name"], "Bread");
            return Some(());
        }
        let id = basket["id"].clone();
        done(served.address, "basket.scan", &json!({ "basket_id": id, "code": BREAD }));
        // Another request of the same page, as a cashier's next step would be.
        done(served.address, "register.state", &json!({}));
        served.kill();
        None
    });
}

#[test]
fn each_screen_has_a_basket_of_its_own() {
    let shop = Shop::open();
    shop.scan(BREAD);
    let tablet = shop.at("tablet");
    let other = perform::<CurrentBasket>(shop.app(), &tablet, Nothing {}).unwrap();
    assert!(other.lines.is_empty());
    let scan = ScanRequest { basket_id: other.id, code: WINE.to_owned() };
    perform::<Scan>(shop.app(), &tablet, scan).unwrap();
    assert_eq!(shop.basket().total, 345);
    let shop = shop.reopen();
    let given = perform::<CurrentBasket>(shop.app(), &shop.at("tablet"), Nothing {}).unwrap();
    assert_eq!((given.id, given.total), (other.id, 1_199));
    assert_eq!(shop.basket().total, 345);
}

#[test]
fn a_parked_basket_goes_on_at_another_screen_and_at_one_only() {
    let shop = Shop::open();
    shop.scan(WINE);
    park(&shop, "Blue coat");
    let basket_id = shop.call::<ListParked>(Nothing {}).unwrap().baskets[0].id;
    let (app, request) = (shop.app(), || BasketRequest { basket_id });
    let results: Vec<_> = std::thread::scope(|scope| {
        let recall = |client: &str| {
            let caller = shop.at(client);
            scope.spawn(move || perform::<Recall>(app, &caller, request()))
        };
        let both = [recall("tablet"), recall("window")];
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let refused = results.into_iter().find(Result::is_err).unwrap();
    assert_eq!(code(refused), "no_such_basket");
    assert!(parked(&shop).is_empty());
}

#[test]
fn a_basket_that_was_paid_or_emptied_is_not_given_back() {
    let shop = Shop::open();
    let paid = shop.scan(BREAD).id;
    shop.pay(PayWith::Cash, 345).unwrap();
    let emptied = shop.scan(WINE);
    let line_id = emptied.lines[0].id;
    let request = countertop_app::wire::LineRequest { basket_id: emptied.id, line_id };
    shop.call::<countertop_app::commands::RemoveLine>(request).unwrap();
    let shop = shop.reopen();
    assert_ne!(shop.basket().id, paid);
    assert!(shop.basket().lines.is_empty());
}
