//! Stock: levels are sums of movements, and a count takes nothing back that was sold meanwhile.

use std::time::Duration;

use countertop_app::commands::{CurrentBasket, PayTender, Scan};
use countertop_app::wire::{Nothing, PayRequest, PayWith, ScanRequest};
use countertop_app::{dispatch, perform};
use countertop_domain::ids::{TenderId, VariantId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::goods::{BREAD, WATER, WINE, variant};
use crate::common::{Dice, Shop, verify_ok};

/// Levels by name, in thousandths.
fn level(shop: &Shop, variant: VariantId) -> i64 {
    let found = shop.json("stock.level", json!({ "variant_ids": [variant] })).unwrap();
    found["levels"][0]["quantity"].as_i64().unwrap()
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(0x5000 + u128::from(number))
}

fn moved(shop: &Shop, reason: &str, variant: VariantId, quantity: i64) -> Result<Value, String> {
    let body = json!({
        "move_id": Uuid::new_v4(), "reason": reason,
        "lines": [{ "variant_id": variant, "quantity": quantity }],
    });
    shop.json("stock.move", body).map_err(|refusal| refusal.code)
}

fn counted(
    shop: &Shop,
    id: Uuid,
    variant: VariantId,
    found: i64,
    at_ms: Option<i64>,
) -> Result<Value, String> {
    let body = json!({
        "move_id": id, "counted_at_ms": at_ms,
        "lines": [{ "variant_id": variant, "counted": found }],
    });
    shop.json("stock.count", body).map_err(|refusal| refusal.code)
}

fn now_ms(shop: &Shop) -> i64 {
    use countertop_app::Clock as _;
    shop.clock.now().utc_ms
}

/// Every movement, a few a page.
fn movements(shop: &Shop, mut filter: Value) -> Vec<Value> {
    let mut all = Vec::new();
    filter["limit"] = json!(7);
    loop {
        let page = shop.json("stock.movements", filter.clone()).unwrap();
        all.extend(page["movements"].as_array().unwrap().iter().cloned());
        if page["next"].is_null() {
            return all;
        }
        filter["after"] = page["next"].clone();
    }
}

#[test]
fn a_level_is_the_sum_of_its_movements_after_any_mix_and_after_a_rebuild() {
    let shop = Shop::open();
    let goods = [("Bread", BREAD), ("Wine", WINE), ("Water", WATER)];
    let variants: Vec<VariantId> = goods.iter().map(|(name, _)| variant(&shop, name)).collect();
    let mut model: Vec<i64> = variants.iter().map(|one| level(&shop, *one)).collect();
    assert_eq!(model, [100_000, 24_000, 60_000]);
    let mut dice = Dice(18);
    for _ in 0..150 {
        let one = usize::try_from(dice.below(3)).unwrap();
        let pieces = i64::try_from(dice.below(5)).unwrap() * 1_000 + 1_000;
        let change = match dice.below(8) {
            0 | 1 => {
                shop.sell(&[goods[one].1], PayWith::CardExternal);
                -1_000
            }
            2 => moved(&shop, "receive", variants[one], pieces).map(|_| pieces).unwrap(),
            3 => moved(&shop, "waste", variants[one], pieces).map(|_| -pieces).unwrap(),
            4 => moved(&shop, "transfer_in", variants[one], pieces).map(|_| pieces).unwrap(),
            5 => moved(&shop, "transfer_out", variants[one], pieces).map(|_| -pieces).unwrap(),
            6 => moved(&shop, "adjust", variants[one], -pieces).map(|_| -pieces).unwrap(),
            _ => {
                // Sometimes written down later, when something was sold already.
                let (at, seen) = (now_ms(&shop), model[one]);
                let late = dice.below(2) == 0;
                let mut since = 0;
                if late {
                    shop.clock.forward(Duration::from_mins(5));
                    shop.sell(&[goods[one].1], PayWith::CardExternal);
                    since = -1_000;
                }
                let found = pieces * 3;
                counted(&shop, Uuid::new_v4(), variants[one], found, Some(at)).unwrap();
                found + since - seen
            }
        };
        model[one] += change;
        shop.clock.forward(Duration::from_secs(1));
        assert_eq!(level(&shop, variants[one]), model[one]);
    }
    let sums = |shop: &Shop| -> Vec<i64> {
        let all = movements(shop, json!({}));
        let of = |variant: &VariantId| {
            let own = all.iter().filter(|one| one["variant_id"] == json!(variant));
            own.map(|one| one["quantity"].as_i64().unwrap()).sum()
        };
        variants.iter().map(of).collect()
    };
    assert_eq!(sums(&shop), model);
    let before = movements(&shop, json!({}));
    shop.app().store().rebuild().unwrap();
    assert_eq!(movements(&shop, json!({})), before);
    assert_eq!(variants.iter().map(|one| level(&shop, *one)).collect::<Vec<_>>(), model);
    verify_ok(shop.app());
    shop.books_agree();
}

#[test]
fn what_is_sold_between_the_counting_and_the_writing_down_stays_sold() {
    let shop = Shop::open();
    let bread = variant(&shop, "Bread");
    let counted_at = now_ms(&shop);
    shop.clock.forward(Duration::from_mins(10));
    shop.sell(&[BREAD, BREAD], PayWith::CardExternal);
    // 97 lay there when it was counted; two went since.
    let made = counted(&shop, id(1), bread, 97_000, Some(counted_at)).unwrap();
    assert_eq!(made["lines"][0]["quantity"], -3_000);
    assert_eq!(made["lines"][0]["level"], 95_000);
    assert_eq!(level(&shop, bread), 95_000);
    // Counted now, there is nothing in between.
    counted(&shop, id(2), bread, 90_000, None).unwrap();
    assert_eq!(level(&shop, bread), 90_000);
    verify_ok(shop.app());
}

#[test]
fn a_count_sent_twice_counts_once_and_another_one_under_its_id_is_refused() {
    let shop = Shop::open();
    let bread = variant(&shop, "Bread");
    let first = counted(&shop, id(1), bread, 80_000, None).unwrap();
    shop.sell(&[BREAD], PayWith::CardExternal);
    shop.clock.forward(Duration::from_mins(1));
    let again = counted(&shop, id(1), bread, 80_000, None).unwrap();
    assert_eq!(again["lines"][0]["quantity"], first["lines"][0]["quantity"]);
    assert_eq!(level(&shop, bread), 79_000, "the sale stays");
    assert_eq!(counted(&shop, id(1), bread, 70_000, None).unwrap_err(), "already_there");
    let receive = |quantity: i64| {
        let lines = json!([{ "variant_id": bread, "quantity": quantity }]);
        let body = json!({ "move_id": id(2), "reason": "receive", "lines": lines });
        shop.json("stock.move", body).map_err(|refusal| refusal.code)
    };
    receive(5_000).unwrap();
    receive(5_000).unwrap();
    assert_eq!(level(&shop, bread), 84_000);
    assert_eq!(receive(6_000).unwrap_err(), "already_there");
    verify_ok(shop.app());
}

#[test]
fn two_people_who_count_the_same_shelf_put_it_right_once() {
    let shop = Shop::open();
    let bread = variant(&shop, "Bread");
    let first = now_ms(&shop);
    shop.clock.forward(Duration::from_mins(1));
    let second = now_ms(&shop);
    shop.clock.forward(Duration::from_mins(5));
    counted(&shop, id(1), bread, 97_000, Some(first)).unwrap();
    // The second one counted before the first one's sheet was written down.
    let made = counted(&shop, id(2), bread, 97_000, Some(second)).unwrap();
    assert_eq!(made["lines"][0]["quantity"], 0);
    assert_eq!(level(&shop, bread), 97_000);
    // An older sheet than one that is written down already says nothing new.
    assert_eq!(counted(&shop, id(3), bread, 50_000, Some(first)).unwrap_err(), "counted_since");
    assert_eq!(level(&shop, bread), 97_000);
    verify_ok(shop.app());
}

#[test]
fn a_count_that_expects_another_level_changes_nothing() {
    let shop = Shop::open();
    let (bread, wine) = (variant(&shop, "Bread"), variant(&shop, "Wine"));
    let body = json!({ "move_id": id(1), "lines": [
        { "variant_id": wine, "counted": 20_000, "expected": 24_000 },
        { "variant_id": bread, "counted": 90_000, "expected": 99_000 },
    ] });
    let refusal = shop.json("stock.count", body).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.about.as_str()), ("stock_changed", "Bread"));
    assert_eq!((level(&shop, bread), level(&shop, wine)), (100_000, 24_000));
}

#[test]
fn counting_while_it_is_sold_loses_no_sale() {
    let shop = Shop::open();
    let bread = variant(&shop, "Bread");
    let accepted = std::thread::scope(|scope| {
        let sales: Vec<_> = (0..2)
            .map(|till| {
                let caller = shop.at(&format!("till-{till}"));
                let app = shop.app();
                scope.spawn(move || {
                    for _ in 0..10 {
                        let basket = perform::<CurrentBasket>(app, &caller, Nothing {}).unwrap();
                        let code = BREAD.to_owned();
                        let scan = ScanRequest { basket_id: basket.id, code };
                        perform::<Scan>(app, &caller, scan).unwrap();
                        let tender = TenderId::new(Uuid::new_v4());
                        let kind = PayWith::CardExternal;
                        let pay = PayRequest::plain(basket.id, tender, kind, 345, false);
                        perform::<PayTender>(app, &caller, pay).unwrap();
                    }
                })
            })
            .collect();
        let mut accepted = 0;
        while sales.iter().any(|sale| !sale.is_finished()) || accepted == 0 {
            let seen = level(&shop, bread);
            let lines = json!([{ "variant_id": bread, "counted": seen, "expected": seen }]);
            let body = json!({ "move_id": Uuid::new_v4(), "lines": lines });
            match dispatch(shop.app(), &shop.caller, "stock.count", body) {
                Ok(_) => accepted += 1,
                Err(refusal) => assert_eq!(refusal.code, "stock_changed"),
            }
        }
        accepted
    });
    assert!(accepted > 0);
    assert_eq!(level(&shop, bread), 80_000);
    verify_ok(shop.app());
}

#[test]
fn stock_moves_only_as_goods_can() {
    let shop = Shop::open();
    let (bread, cheese) = (variant(&shop, "Bread"), variant(&shop, "Cheese"));
    let nobody = VariantId::new(Uuid::from_u128(77));
    for (reason, variant, quantity, code) in [
        ("waste", bread, -1_000, "bad_quantity"),
        ("receive", bread, 0, "bad_quantity"),
        ("receive", bread, 500, "bad_quantity"),
        ("receive", bread, i64::MAX, "bad_quantity"),
        ("adjust", bread, i64::MIN, "bad_quantity"),
        ("sale", bread, 1_000, "bad_quantity"),
        ("count", bread, 1_000, "bad_text"),
        ("gift", bread, 1_000, "bad_text"),
        ("receive", cheese, 1_000, "not_tracked"),
        ("receive", nobody, 1_000, "no_such_item"),
    ] {
        assert_eq!(moved(&shop, reason, variant, quantity).unwrap_err(), code, "{reason}");
    }
    for (found, at, code) in [
        (-1_000, None, "bad_quantity"),
        (500, None, "bad_quantity"),
        (1_000, Some(now_ms(&shop) + 1), "bad_text"),
        (1_000, Some(now_ms(&shop) - 8 * 86_400_000), "bad_text"),
        (1_000, Some(i64::MIN), "bad_text"),
    ] {
        assert_eq!(counted(&shop, id(1), bread, found, at).unwrap_err(), code, "{found} {at:?}");
    }
    let twice = json!({ "move_id": id(1), "reason": "waste", "lines": [
        { "variant_id": bread, "quantity": 1_000 }, { "variant_id": bread, "quantity": 1_000 },
    ] });
    assert_eq!(shop.json("stock.move", twice).unwrap_err().code, "bad_text");
    let cost = json!({ "move_id": id(1), "reason": "waste",
        "lines": [{ "variant_id": bread, "quantity": 1_000, "cost": 100 }] });
    assert_eq!(shop.json("stock.move", cost).unwrap_err().code, "bad_text");
    assert_eq!(level(&shop, bread), 100_000);
    // All of a movement or nothing.
    let half = json!({ "move_id": id(1), "reason": "waste", "lines": [
        { "variant_id": bread, "quantity": 1_000 }, { "variant_id": cheese, "quantity": 1_000 },
    ] });
    assert_eq!(shop.json("stock.move", half).unwrap_err().code, "not_tracked");
    assert_eq!(level(&shop, bread), 100_000);
}

#[test]
fn a_movement_says_who_why_and_for_what_and_is_found_by_it() {
    let shop = Shop::open();
    let (bread, wine) = (variant(&shop, "Bread"), variant(&shop, "Wine"));
    let sale = shop.sell(&[WINE], PayWith::CardExternal);
    shop.clock.forward(Duration::from_mins(1));
    let since = now_ms(&shop);
    let body = json!({ "move_id": id(1), "reason": "receive", "reference": "DN-118", "note": "two crates",
        "lines": [{ "variant_id": bread, "quantity": 24_000, "cost": 412 }] });
    shop.json("stock.move", body).unwrap();
    let found = movements(&shop, json!({ "variant_id": bread, "reason": "receive" }));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["reference"], "DN-118");
    assert_eq!(found[0]["note"], "two crates");
    assert_eq!(found[0]["cost"], 412);
    assert_eq!(found[0]["actor"], "Owner");
    let sold = movements(&shop, json!({ "variant_id": wine, "reason": "sale" }));
    assert_eq!(sold[0]["sale_id"], json!(sale.id));
    // What moved since, and only that.
    let later = movements(&shop, json!({ "since_ms": since }));
    assert_eq!(later.len(), 1);
    let levels = shop.json("stock.level", json!({ "updated_since_ms": since })).unwrap();
    assert_eq!(levels["levels"].as_array().unwrap().len(), 1);
    assert_eq!(levels["levels"][0]["quantity"], 124_000);
    let low = shop.json("stock.level", json!({ "below": 50_000 })).unwrap();
    let names: Vec<_> = low["levels"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Wine"]);
}

#[test]
fn every_level_comes_in_pages_also_those_that_moved() {
    let shop = Shop::open();
    for name in ["Bread", "Wine", "Water"] {
        moved(&shop, "receive", variant(&shop, name), 1_000).unwrap();
    }
    for filter in [json!({}), json!({ "updated_since_ms": 0 })] {
        let (mut names, mut filter) = (Vec::new(), filter);
        filter["limit"] = json!(1);
        loop {
            let page = shop.json("stock.level", filter.clone()).unwrap();
            for level in page["levels"].as_array().unwrap() {
                names.push(level["name"].as_str().unwrap().to_owned());
            }
            if page["next"].is_null() {
                break;
            }
            filter["after"] = page["next"].clone();
        }
        names.sort();
        names.dedup();
        assert_eq!(names, ["Bread", "Water", "Wine"]);
    }
    assert_eq!(shop.json("stock.level", json!({ "after": "x" })).unwrap_err().code, "bad_request");
}
