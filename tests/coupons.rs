//! Coupons and the rules that they open: each counts as often as it may, and until its day.

use std::time::Duration;

use countertop_app::commands::{
    AddCoupon, CurrentBasket, GetPriceRules, Hold, IssueCouponCommand, ListCoupons, PayTender,
    RecallHeld, RemoveCoupon, Scan, SetPriceRulesCommand,
};
use countertop_app::wire::{
    BasketView, CouponList, CouponRequest, HeldKind, HeldRequest, HoldOrder, IssueCoupon, Nothing,
    PayWith, PriceRulesView, ScanRequest, SetPriceRules,
};
use countertop_app::{AppError, perform};
use countertop_domain::staff::Role;
use serde_json::{Value, json};

use crate::common::goods::{BREAD, WINE};
use crate::common::{Shop, code, verify_ok};
use crate::customers::as_role;

/// Ten percent off everything, with a coupon only.
fn tenth_off() -> Value {
    json!({
        "id": "tenth", "name": "A tenth off", "needs_coupon": true,
        "rule": { "by": "percent_off", "of": { "by": "all" }, "percent": "10" },
    })
}

fn set_promotions(shop: &Shop, promotions: Vec<Value>) -> Result<PriceRulesView, AppError> {
    shop.call::<SetPriceRulesCommand>(SetPriceRules {
        version: shop.call::<GetPriceRules>(Nothing {}).unwrap().version,
        books: Vec::new(),
        promotions,
        stacking: "best_for_customer".to_owned(),
    })
}

fn issue(
    shop: &Shop,
    text: &str,
    limit: Option<u32>,
    expires: Option<&str>,
) -> Result<CouponList, AppError> {
    shop.call::<IssueCouponCommand>(IssueCoupon {
        code: text.to_owned(),
        promotion: "tenth".to_owned(),
        limit,
        expires: expires.map(str::to_owned),
    })
}

/// A shop with an open shift and a coupon for a tenth off.
fn shop_with_coupon(limit: Option<u32>, expires: Option<&str>) -> Shop {
    let shop = Shop::open();
    set_promotions(&shop, vec![tenth_off()]).unwrap();
    issue(&shop, "TENTH", limit, expires).unwrap();
    shop
}

fn show(shop: &Shop, text: &str) -> Result<BasketView, AppError> {
    let (basket_id, code) = (shop.basket().id, text.to_owned());
    shop.call::<AddCoupon>(CouponRequest { basket_id, code })
}

fn uses(shop: &Shop) -> u32 {
    shop.call::<ListCoupons>(Nothing {}).unwrap().coupons[0].uses
}

#[test]
fn a_coupon_opens_its_promotion_and_is_used_up_with_the_sale() {
    let shop = shop_with_coupon(Some(1), None);
    assert_eq!(shop.scan(WINE).total, 1_199);
    let basket = show(&shop, " tenth ").unwrap();
    assert_eq!((basket.total, basket.coupons[0].code.as_str()), (1_079, "TENTH"));
    assert_eq!((basket.coupons[0].amount, basket.coupons[0].name.as_str()), (-120, "A tenth off"));
    assert_eq!(uses(&shop), 0);
    let sale = shop.pay(PayWith::Cash, 1_079).unwrap().sale.expect("paid in full");
    assert_eq!((sale.total, uses(&shop)), (1_079, 1));
    shop.scan(WINE);
    assert_eq!(code(show(&shop, "TENTH")), "coupon_used_up");
    assert_eq!(shop.basket().total, 1_199);
    let shop = shop.reopen();
    assert_eq!(uses(&shop), 1);
    verify_ok(shop.app());
    shop.app().store().rebuild().unwrap();
    assert_eq!(uses(&shop), 1);
}

#[test]
fn a_coupon_in_two_baskets_counts_for_the_one_that_is_paid_first() {
    let shop = shop_with_coupon(Some(1), None);
    let tablet = shop.at("tablet");
    let basket = perform::<CurrentBasket>(shop.app(), &tablet, Nothing {}).unwrap();
    let scan = ScanRequest { basket_id: basket.id, code: WINE.to_owned() };
    perform::<Scan>(shop.app(), &tablet, scan).unwrap();
    let coupon = CouponRequest { basket_id: basket.id, code: "TENTH".to_owned() };
    perform::<AddCoupon>(shop.app(), &tablet, coupon.clone()).unwrap();
    shop.scan(WINE);
    show(&shop, "TENTH").unwrap();
    shop.pay(PayWith::Cash, 1_079).unwrap().sale.expect("paid in full");
    let request = shop.request(basket.id, PayWith::Cash, 1_079);
    assert_eq!(code(perform::<PayTender>(shop.app(), &tablet, request)), "coupon_used_up");
    assert_eq!(shop.sales().len(), 1);
    // Nothing was taken, so the coupon can go out and the full price be paid.
    let full = perform::<RemoveCoupon>(shop.app(), &tablet, coupon).unwrap();
    assert_eq!((full.total, full.tenders.len()), (1_199, 0));
    let request = shop.request(basket.id, PayWith::Cash, 1_199);
    perform::<PayTender>(shop.app(), &tablet, request).unwrap().sale.expect("paid in full");
    assert_eq!(uses(&shop), 1);
    verify_ok(shop.app());
}

#[test]
fn a_coupon_that_took_nothing_off_can_be_used_another_day() {
    let wine_only = json!({
        "id": "tenth", "name": "A tenth off", "needs_coupon": true,
        "rule": { "by": "percent_off", "of": { "by": "categories", "of": ["Wine"] },
            "percent": "10" },
    });
    let shop = shop_with_coupon(Some(1), None);
    set_promotions(&shop, vec![wine_only]).unwrap();
    shop.scan(BREAD);
    let basket = show(&shop, "TENTH").unwrap();
    assert_eq!((basket.total, basket.coupons[0].amount), (345, 0));
    shop.pay(PayWith::Cash, 345).unwrap().sale.expect("paid in full");
    assert_eq!(uses(&shop), 0);
}

#[test]
fn a_coupon_counts_as_often_as_it_may() {
    let shop = shop_with_coupon(Some(2), None);
    for used in 1..=2 {
        shop.scan(WINE);
        show(&shop, "TENTH").unwrap();
        shop.pay(PayWith::Cash, 1_079).unwrap().sale.expect("paid in full");
        assert_eq!(uses(&shop), used);
    }
    shop.scan(WINE);
    assert_eq!(code(show(&shop, "TENTH")), "coupon_used_up");
    // Given out anew with another limit, its uses count on.
    issue(&shop, "TENTH", Some(3), None).unwrap();
    show(&shop, "TENTH").unwrap();
}

#[test]
fn a_coupon_counts_to_the_end_of_its_last_day() {
    // It is the 23rd at 14:08.
    let shop = shop_with_coupon(None, Some("2026-11-24"));
    shop.clock.forward(Duration::from_secs(24 * 3600));
    shop.scan(WINE);
    assert_eq!(show(&shop, "TENTH").unwrap().total, 1_079);
    shop.close_shift(crate::common::FLOAT);
    shop.open_shift();
    shop.clock.forward(Duration::from_secs(12 * 3600));
    // Past midnight, in the shift of its last day: what was agreed holds.
    shop.pay(PayWith::Cash, 1_079).unwrap().sale.expect("paid in full");
    shop.close_shift(crate::common::FLOAT + 1_079);
    shop.open_shift();
    shop.scan(WINE);
    assert_eq!(code(show(&shop, "TENTH")), "coupon_expired");
}

#[test]
fn a_parked_basket_whose_coupon_has_expired_is_not_paid_with_it() {
    let shop = shop_with_coupon(None, Some("2026-11-23"));
    shop.scan(WINE);
    show(&shop, "TENTH").unwrap();
    shop.close_shift(crate::common::FLOAT);
    shop.clock.forward(Duration::from_secs(24 * 3600));
    shop.open_shift();
    assert_eq!(code(shop.pay(PayWith::Cash, 1_079)), "coupon_expired");
    assert_eq!(shop.sales().len(), 0);
}

#[test]
fn a_coupon_that_is_none_or_is_shown_twice_is_refused_and_the_basket_stays() {
    let shop = shop_with_coupon(None, None);
    shop.scan(WINE);
    assert_eq!(code(show(&shop, "ELEVENTH")), "unknown_coupon");
    assert_eq!(code(show(&shop, "")), "unknown_coupon");
    show(&shop, "TENTH").unwrap();
    assert_eq!(code(show(&shop, "tenth")), "coupon_twice");
    assert_eq!(shop.basket().total, 1_079);
}

#[test]
fn a_coupon_is_given_out_only_for_a_promotion_that_needs_one() {
    let shop = Shop::closed();
    assert_eq!(code(issue(&shop, "TENTH", None, None)), "bad_text");
    let mut for_all = tenth_off();
    for_all["needs_coupon"] = json!(false);
    set_promotions(&shop, vec![for_all]).unwrap();
    assert_eq!(code(issue(&shop, "TENTH", None, None)), "bad_text");
    set_promotions(&shop, vec![tenth_off()]).unwrap();
    for (limit, expires) in [(Some(0), None), (None, Some("2026-11-22")), (None, Some("soon"))] {
        assert_eq!(code(issue(&shop, "TENTH", limit, expires)), "bad_text", "{expires:?}");
    }
    assert_eq!(code(issue(&shop, &"X".repeat(41), None, None)), "bad_text");
    assert!(shop.call::<ListCoupons>(Nothing {}).unwrap().coupons.is_empty());
    // Without a code it gets one.
    assert_eq!(issue(&shop, "", None, None).unwrap().coupons[0].code.len(), 16);
}

#[test]
fn a_rule_that_cannot_be_is_refused_by_name_and_the_old_ones_stay() {
    let shop = shop_with_coupon(None, None);
    let before = serde_json::to_string(&shop.call::<GetPriceRules>(Nothing {}).unwrap()).unwrap();
    let broken = json!({
        "id": "broken", "name": "Half of half",
        "rule": { "by": "percent_off", "of": { "by": "all" }, "percent": "many" },
    });
    let refused = set_promotions(&shop, vec![tenth_off(), broken]).unwrap_err();
    assert_eq!((refused.code(), refused.about().as_str()), ("bad_rule", "Half of half"));
    let twice = set_promotions(&shop, vec![tenth_off(), tenth_off()]).unwrap_err();
    assert_eq!(twice.code(), "bad_rule");
    let unknown = SetPriceRules {
        version: 1,
        books: Vec::new(),
        promotions: Vec::new(),
        stacking: "all_at_once".to_owned(),
    };
    assert_eq!(code(shop.call::<SetPriceRulesCommand>(unknown.clone())), "bad_rule");
    let cashier = as_role(&shop, Role::Cashier);
    let refused = perform::<SetPriceRulesCommand>(shop.app(), &cashier, unknown);
    assert_eq!(code(refused), "not_allowed");
    let after = serde_json::to_string(&shop.call::<GetPriceRules>(Nothing {}).unwrap()).unwrap();
    assert_eq!(after, before);
}

#[test]
fn rules_hold_from_the_moment_they_are_set_and_after_a_restart() {
    let shop = Shop::open();
    shop.scan(WINE);
    let mut for_all = tenth_off();
    for_all["needs_coupon"] = json!(false);
    let set = set_promotions(&shop, vec![for_all]).unwrap();
    assert_eq!(set.promotions[0]["name"], "A tenth off");
    assert_eq!(shop.basket().total, 1_079);
    let shop = shop.reopen();
    assert_eq!(shop.basket().total, 1_079);
    set_promotions(&shop, Vec::new()).unwrap();
    assert_eq!(shop.basket().total, 1_199);
}

#[test]
fn a_promotion_does_not_go_while_a_basket_shows_its_coupon() {
    let shop = shop_with_coupon(None, None);
    shop.scan(WINE);
    let basket = show(&shop, "TENTH").unwrap();
    let refused = set_promotions(&shop, Vec::new()).unwrap_err();
    assert_eq!(refused.code(), "bad_rule");
    assert!(refused.to_string().contains("TENTH"), "{refused}");
    assert_eq!(shop.basket().total, 1_079);
    let coupon = CouponRequest { basket_id: basket.id, code: "TENTH".to_owned() };
    shop.call::<RemoveCoupon>(coupon).unwrap();
    set_promotions(&shop, Vec::new()).unwrap();
    assert_eq!(code(show(&shop, "TENTH")), "unknown_coupon");
    assert_eq!(shop.basket().total, 1_199);
}

#[test]
fn a_held_order_outlasts_the_day_of_its_coupon_but_a_late_quote_does_not() {
    for (kind, total) in [(HeldKind::Collect, 1_079), (HeldKind::Quote, 1_199)] {
        let shop = shop_with_coupon(Some(1), Some("2026-11-23"));
        shop.scan(WINE);
        let basket_id = shop.basket().id;
        show(&shop, "TENTH").unwrap();
        let due = Some("2026-11-24".to_owned());
        let hold = HoldOrder { basket_id, kind, due, note: String::new() };
        let order = shop.call::<Hold>(hold).unwrap();
        shop.close_shift(crate::common::FLOAT);
        shop.clock.forward(Duration::from_secs(2 * 24 * 3600));
        shop.open_shift();
        let basket = shop.call::<RecallHeld>(HeldRequest { order_id: order.id }).unwrap();
        assert_eq!(basket.total, total, "{kind:?}");
        shop.pay(PayWith::Cash, total).unwrap().sale.expect("paid in full");
        assert_eq!(uses(&shop), u32::from(total == 1_079));
        verify_ok(shop.app());
    }
}

#[test]
fn a_held_order_whose_promotion_is_gone_can_still_be_taken_up() {
    let shop = shop_with_coupon(None, None);
    shop.scan(WINE);
    let basket_id = shop.basket().id;
    show(&shop, "TENTH").unwrap();
    let hold = HoldOrder { basket_id, kind: HeldKind::Collect, due: None, note: String::new() };
    let order = shop.call::<Hold>(hold).unwrap();
    set_promotions(&shop, Vec::new()).unwrap();
    let basket = shop.call::<RecallHeld>(HeldRequest { order_id: order.id }).unwrap();
    assert_eq!((basket.total, basket.coupons.len()), (1_199, 0));
}

#[test]
fn two_screens_never_overwrite_each_others_price_rules() {
    let shop = Shop::open();
    let seen = shop.call::<GetPriceRules>(Nothing {}).unwrap().version;
    let set = |version, promotions| {
        let stacking = "in_order".to_owned();
        let request = SetPriceRules { version, books: Vec::new(), promotions, stacking };
        shop.call::<SetPriceRulesCommand>(request)
    };
    // Both screens have read the same rules; the first to save is heard.
    let first = set(seen, vec![tenth_off()]).unwrap();
    assert!(first.version > seen);
    assert_eq!(code(set(seen, Vec::new())), "rules_changed");
    let kept = shop.call::<GetPriceRules>(Nothing {}).unwrap();
    assert_eq!((kept.version, kept.promotions.len()), (first.version, 1));
    // Whoever has read them anew may go on.
    assert_eq!(set(first.version, Vec::new()).unwrap().promotions.len(), 0);
    let shop = shop.reopen();
    let version = shop.call::<GetPriceRules>(Nothing {}).unwrap().version;
    assert!(version > first.version, "a restart made an old edition look new");
}
