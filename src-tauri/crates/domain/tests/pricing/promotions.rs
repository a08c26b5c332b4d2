//! Promotions, one rule of the shop at a time.

use countertop_domain::basket::{Basket, Change, PriceOverride};
use countertop_domain::discount::Reduction;
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::{AdjustmentKind, PricingError};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};

use crate::shop::{
    add, basket, by_weight, coupon, customer, eur, in_category, labels, line_id, only, percent,
    priced, promotion, rules, thing, total,
};

fn three_for_two() -> PromotionRule {
    PromotionRule::XForY { of: Selector::All, take: 3, pay: 2 }
}

fn pieces(prices: &[i64]) -> Vec<(u128, Sellable, i64)> {
    (1_u128..).zip(prices).map(|(id, price)| (id, thing(id, *price), 1000)).collect()
}

#[test]
fn of_three_taken_the_cheapest_is_free() {
    let rules = rules(vec![promotion("3for2", three_for_two())]);
    let settled = priced(&basket(&pieces(&[800, 1000, 600])), &rules).unwrap();
    assert_eq!(labels(&settled), [800, 1000, 0]);
    assert_eq!(settled.discount, eur(600));
    let adjustment = &settled.lines[2].adjustments[0];
    assert_eq!(adjustment.kind, AdjustmentKind::Promotion);
    assert_eq!((&*adjustment.id, &*adjustment.name), ("3for2", "Promotion 3for2"));
    // Two of a fourth price: sets are made from the dearest down, so 8.00 is free, not 1.00.
    assert_eq!(total(&basket(&pieces(&[900, 1000, 800, 100])), &rules), 2000);
    // A line of seven is two sets and one over.
    assert_eq!(total(&basket(&[(1, thing(1, 500), 7000)]), &rules), 2500);
}

#[test]
fn a_set_price_is_met_to_the_cent_and_never_dearer() {
    let rule = PromotionRule::XForPrice { of: Selector::All, take: 3, price: eur(1000) };
    let rules = rules(vec![promotion("3for10", rule)]);
    let settled = priced(&basket(&pieces(&[400, 400, 400])), &rules).unwrap();
    assert_eq!(settled.total, eur(1000));
    // Two cents cannot be shared out among three alike: ties go by line.
    assert_eq!(labels(&settled), [333, 333, 334]);
    assert_eq!(total(&basket(&pieces(&[300, 300, 300])), &rules), 900);
    assert_eq!(total(&basket(&[(1, thing(1, 400), 7000)]), &rules), 2400);
}

#[test]
fn the_second_is_at_half_price() {
    let rule =
        PromotionRule::NthAtPercent { of: Selector::All, nth: 2, percent_off: percent("50") };
    let rules = rules(vec![promotion("second", rule)]);
    assert_eq!(total(&basket(&pieces(&[1000, 501])), &rules), 1000 + 250);
    assert_eq!(total(&basket(&[(1, thing(1, 1000), 5000)]), &rules), 4000);
}

#[test]
fn a_bundle_needs_each_of_its_parts() {
    let coffee = Selector::Categories(vec!["Coffee".to_owned()]);
    let rule =
        PromotionRule::Bundle { parts: vec![(Selector::All, 1), (coffee, 1)], price: eur(500) };
    let rules = rules(vec![promotion("breakfast", rule)]);
    let espresso = in_category(thing(1, 390), "Coffee > Espresso");
    let roll = thing(2, 250);
    assert_eq!(total(&basket(&[(1, roll.clone(), 2000)]), &rules), 500);
    // "Anything" does not take the only coffee away, although it is the dearest.
    assert_eq!(
        total(&basket(&[(1, espresso.clone(), 1000), (2, roll.clone(), 1000)]), &rules),
        500
    );
    let settled = priced(&basket(&[(1, espresso, 3000), (2, roll, 2000)]), &rules).unwrap();
    // The dearest sets first: two coffees (7.80), then a coffee and a roll (6.40); a roll is left.
    assert_eq!(settled.total, eur(500 + 500 + 250));
}

#[test]
fn what_is_bought_pays_for_what_is_got() {
    let rule = |percent_off| PromotionRule::BuyGet {
        buy: (only(&[1]), 2),
        get: (only(&[2, 3]), 1),
        percent_off: percent(percent_off),
    };
    let lines = [(1, thing(1, 1000), 4000), (2, thing(2, 500), 1000), (3, thing(3, 300), 3000)];
    let free = rules(vec![promotion("a", rule("100"))]);
    // Four bought: the two cheapest of what may be got are free.
    assert_eq!(labels(&priced(&basket(&lines), &free).unwrap()), [4000, 500, 300]);
    let half = rules(vec![promotion("a", rule("50"))]);
    assert_eq!(total(&basket(&lines), &half), 4000 + 500 + 900 - 300);
    let same = PromotionRule::BuyGet {
        buy: (Selector::All, 2),
        get: (Selector::All, 1),
        percent_off: percent("100"),
    };
    let same = rules(vec![promotion("same", same)]);
    assert_eq!(total(&basket(&pieces(&[100, 200, 300, 400, 500])), &same), 1400);
    assert_eq!(total(&basket(&pieces(&[100, 200, 300, 400, 500, 600])), &same), 1800);
    // The cheap ones may be got too, but both are needed for buying: the dear one is free.
    let either = PromotionRule::BuyGet {
        buy: (only(&[1]), 2),
        get: (only(&[1, 2]), 1),
        percent_off: percent("100"),
    };
    let either = rules(vec![promotion("either", either)]);
    let lines = [(1, thing(1, 300), 2000), (2, thing(2, 500), 1000)];
    assert_eq!(labels(&priced(&basket(&lines), &either).unwrap()), [600, 0]);
}

#[test]
fn spending_enough_takes_something_off_all_of_it() {
    let spend = |off| PromotionRule::Spend { of: Selector::All, over: eur(5000), off };
    let ten = rules(vec![promotion("p", spend(Reduction::Percent(percent("10"))))]);
    assert_eq!(total(&basket(&pieces(&[3000, 1999])), &ten), 4999);
    assert_eq!(total(&basket(&pieces(&[3000, 2000])), &ten), 4500);
    let five = rules(vec![promotion("p", spend(Reduction::Amount(eur(500))))]);
    assert_eq!(
        labels(&priced(&basket(&pieces(&[3000, 3000, 3000])), &five).unwrap()),
        [2833, 2833, 2834]
    );
}

#[test]
fn weighed_goods_are_reduced_but_never_counted() {
    let cheese = by_weight(thing(1, 1999));
    let lines = [(1, cheese, 642)]; // 0.642 kg, 12.83
    let try_rule = |rule| total(&basket(&lines), &rules(vec![promotion("p", rule)]));
    assert_eq!(try_rule(three_for_two()), 1283);
    let of = Selector::All;
    assert_eq!(
        try_rule(PromotionRule::PercentOff { of: of.clone(), percent: percent("10") }),
        1283 - 128
    );
    // 1.00 less a kilogram is 0.64 less.
    assert_eq!(try_rule(PromotionRule::AmountOff { of: of.clone(), amount: eur(100) }), 1283 - 64);
    // At 10.00 a kilogram 0.642 kg cost what the scale says: 6.42.
    assert_eq!(try_rule(PromotionRule::FixedPrice { of: of.clone(), price: eur(1000) }), 642);
    let off = Reduction::Amount(eur(100));
    assert_eq!(try_rule(PromotionRule::Spend { of, over: eur(1000), off }), 1183);
}

#[test]
fn a_price_a_person_set_an_open_price_and_a_gift_card_stay_as_they_are() {
    let rule = PromotionRule::PercentOff { of: Selector::All, percent: percent("10") };
    let rules = rules(vec![promotion("p", rule)]);
    let mut with_override = basket(&pieces(&[1000]));
    let price = PriceOverride { price: eur(900), reason: "Scratched".to_owned() };
    with_override.apply(Change::SetPrice(line_id(1), Some(price))).unwrap();
    assert_eq!(total(&with_override, &rules), 900);
    let mut open = basket(&[]);
    let line = line_id(1);
    let sellable = Sellable { price: None, ..thing(1, 0) };
    let quantity = countertop_domain::quantity::Quantity::ONE;
    let price = Some(eur(700));
    open.apply(Change::Add { line, sellable: sellable.clone(), quantity, price }).unwrap();
    assert_eq!(total(&open, &rules), 700);
    let mut card = basket(&[]);
    let code = "GC1".to_owned();
    card.apply(Change::AddGiftCard { line, sellable, code, amount: eur(5000) }).unwrap();
    assert_eq!(total(&card, &rules), 5000);
}

#[test]
fn the_customer_gets_the_better_of_two_that_exclude_each_other() {
    let all = Selector::All;
    let tenth = PromotionRule::PercentOff { of: all.clone(), percent: percent("10") };
    let list = vec![
        Promotion { priority: 9, ..promotion("tenth", tenth) },
        promotion("3for2", three_for_two()),
    ];
    let lines = pieces(&[1000, 1000, 1000, 1000]);
    let best = rules(list.clone());
    // One of three free, and a tenth off the fourth, which no set used.
    assert_eq!(total(&basket(&lines), &best), 2000 + 900);
    let in_order = PriceRules::new(Vec::new(), list, Stacking::InOrder).unwrap();
    assert_eq!(total(&basket(&lines), &in_order), 3600, "the higher priority goes first");
}

#[test]
fn promotions_that_stack_take_off_what_is_left() {
    let all = Selector::All;
    let tenth = PromotionRule::PercentOff { of: all.clone(), percent: percent("10") };
    let fifth = PromotionRule::PercentOff { of: all, percent: percent("20") };
    let stacking = |stacks| {
        rules(vec![
            Promotion { stacks, ..promotion("a", tenth.clone()) },
            Promotion { stacks, ..promotion("b", fifth.clone()) },
        ])
    };
    let lines = pieces(&[1000]);
    assert_eq!(total(&basket(&lines), &stacking(true)), 720);
    assert_eq!(total(&basket(&lines), &stacking(false)), 800);
}

#[test]
fn a_group_of_many_is_as_good_as_its_best_and_does_not_depend_on_the_order_of_rules() {
    let list: Vec<Promotion> = (1..=9)
        .map(|n| {
            let percent = percent(&format!("{n}"));
            let rule = PromotionRule::PercentOff { of: Selector::All, percent };
            promotion(&format!("p{n}"), rule)
        })
        .collect();
    let lines = pieces(&[1000, 2000]);
    assert_eq!(total(&basket(&lines), &rules(list.clone())), 2730);
    let backwards: Vec<Promotion> = list.into_iter().rev().collect();
    assert_eq!(total(&basket(&lines), &rules(backwards)), 2730);
}

#[test]
fn a_promotion_never_reduces_what_it_excepts() {
    let rule = PromotionRule::PercentOff { of: Selector::All, percent: percent("50") };
    let except = Some(Selector::Categories(vec!["Books".to_owned()]));
    let rules = rules(vec![Promotion { except, ..promotion("p", rule) }]);
    let book = in_category(thing(1, 1000), "Books > Novels");
    let bookshelf = in_category(thing(2, 1000), "Bookshelves");
    let settled = priced(&basket(&[(1, book, 1000), (2, bookshelf, 1000)]), &rules).unwrap();
    assert_eq!(labels(&settled), [1000, 500]);
}

#[test]
fn a_coupon_opens_its_promotion_and_is_named_on_the_line() {
    let rule = PromotionRule::AmountOff { of: Selector::All, amount: eur(300) };
    let rules = rules(vec![Promotion { needs_coupon: true, ..promotion("welcome", rule) }]);
    let mut basket = basket(&pieces(&[1000]));
    assert_eq!(total(&basket, &rules), 1000);
    basket.apply(Change::AddCoupon(coupon("HELLO-1", "welcome"))).unwrap();
    let settled = priced(&basket, &rules).unwrap();
    assert_eq!(settled.total, eur(700));
    let adjustment = &settled.lines[0].adjustments[0];
    assert_eq!((adjustment.kind, &*adjustment.id), (AdjustmentKind::Coupon, "HELLO-1"));
    basket.apply(Change::AddCoupon(coupon("HELLO-2", "welcome"))).unwrap();
    assert_eq!(total(&basket, &rules), 700, "a promotion opens once");
    basket.apply(Change::AddCoupon(coupon("OLD", "gone"))).unwrap();
    let code = "OLD".to_owned();
    assert_eq!(priced(&basket, &rules), Err(PricingError::UnknownCoupon { code }));
}

#[test]
fn coupons_come_after_the_shop_s_own_promotions_and_leave_exclusive_ones_alone() {
    let all = Selector::All;
    let tenth = PromotionRule::PercentOff { of: all.clone(), percent: percent("10") };
    let euro = PromotionRule::AmountOff { of: all, amount: eur(100) };
    let list = |stacks| {
        rules(vec![
            Promotion { stacks, ..promotion("tenth", tenth.clone()) },
            Promotion { stacks, needs_coupon: true, ..promotion("euro", euro.clone()) },
        ])
    };
    let mut basket = basket(&pieces(&[1000]));
    basket.apply(Change::AddCoupon(coupon("C", "euro"))).unwrap();
    assert_eq!(total(&basket, &list(true)), 800);
    assert_eq!(total(&basket, &list(false)), 900);
}

#[test]
fn a_member_s_price_is_for_members() {
    let rule = PromotionRule::FixedPrice { of: Selector::All, price: eur(750) };
    let groups = vec!["members".to_owned()];
    let rules = rules(vec![Promotion { groups, ..promotion("member", rule) }]);
    let mut basket = basket(&[(1, thing(1, 1000), 2000), (2, thing(2, 700), 1000)]);
    assert_eq!(total(&basket, &rules), 2700);
    basket.apply(Change::SetCustomer(Some(customer(&["members"], false)))).unwrap();
    assert_eq!(total(&basket, &rules), 2200, "where it is lower");
}

#[test]
fn taking_a_line_out_again_leaves_the_basket_as_it_was() {
    let rules = rules(vec![promotion("3for2", three_for_two())]);
    let mut basket = basket(&pieces(&[900, 800]));
    let before = priced(&basket, &rules).unwrap();
    add(&mut basket, 9, thing(9, 1000), 1000);
    assert_ne!(priced(&basket, &rules).unwrap(), before);
    basket.apply(Change::Remove(line_id(9))).unwrap();
    assert_eq!(priced(&basket, &rules).unwrap(), before);
}

#[test]
fn a_rule_that_cannot_be_is_refused_by_name_with_what_to_change() {
    let refused = |promotion: Promotion| {
        let error = PriceRules::new(Vec::new(), vec![promotion], Stacking::InOrder).unwrap_err();
        assert_eq!(error.rule, "Promotion p");
        error.problem
    };
    let all = || Selector::All;
    let of = |rule| promotion("p", rule);
    let problem = refused(of(PromotionRule::XForY { of: all(), take: 2, pay: 2 }));
    assert!(problem.contains("fewer than 2"), "{problem}");
    refused(of(PromotionRule::XForY { of: all(), take: 2, pay: 0 }));
    refused(of(PromotionRule::NthAtPercent { of: all(), nth: 0, percent_off: percent("5") }));
    refused(of(PromotionRule::PercentOff { of: all(), percent: percent("101") }));
    refused(of(PromotionRule::AmountOff { of: all(), amount: eur(-1) }));
    refused(of(PromotionRule::AmountOff { of: Selector::Items(Vec::new()), amount: eur(1) }));
    refused(of(PromotionRule::Bundle { parts: Vec::new(), price: eur(1) }));
    let off = Reduction::Amount(eur(200));
    refused(of(PromotionRule::Spend { of: all(), over: eur(100), off }));
    let fine = || of(three_for_two());
    refused(Promotion { weekdays: vec![0], ..fine() });
    refused(Promotion { hours: Some((600, 600)), ..fine() });
    let day = |text: &str| Some(text.to_owned().try_into().unwrap());
    refused(Promotion { from: day("2026-02-01"), until: day("2026-01-01"), ..fine() });
    refused(Promotion { id: " ".to_owned(), ..fine() });
    let twice = PriceRules::new(Vec::new(), vec![fine(), fine()], Stacking::InOrder).unwrap_err();
    assert!(twice.to_string().contains("another promotion has the id \"p\""), "{twice}");
}

#[test]
fn stored_rules_are_checked_when_they_are_read() {
    let rules = rules(vec![promotion("3for2", three_for_two())]);
    let text = serde_json::to_string(&rules).unwrap();
    assert_eq!(serde_json::from_str::<PriceRules>(&text).unwrap(), rules);
    let broken = text.replace("\"pay\":2", "\"pay\":3");
    assert!(serde_json::from_str::<PriceRules>(&broken).is_err());
}

#[test]
fn a_thousand_of_a_thing_are_counted_without_counting() {
    let rules = rules(vec![promotion("3for2", three_for_two())]);
    let many: Basket = basket(&[(1, thing(1, 100), 1_000_000_000)]);
    assert_eq!(total(&many, &rules), 100_000_000 - 33_333_300);
}

#[test]
fn rules_in_another_currency_are_refused_and_never_converted_one_to_one() {
    let dollars = Money::new(100, Currency::parse("USD").unwrap()).unwrap();
    let off = PromotionRule::AmountOff { of: Selector::All, amount: dollars };
    let foreign = rules(vec![promotion("p", off.clone())]);
    let error = priced(&basket(&pieces(&[1000])), &foreign).unwrap_err();
    assert!(error.to_string().contains("EUR and USD"), "{error}");
    let euros = PromotionRule::AmountOff { of: Selector::All, amount: eur(100) };
    let both = vec![promotion("p", euros), promotion("q", off)];
    let error = PriceRules::new(Vec::new(), both, Stacking::InOrder).unwrap_err();
    assert_eq!(error.rule, "Promotion q");
}

#[test]
fn one_that_stacks_and_one_that_does_not_never_share_a_unit() {
    let tenth = PromotionRule::PercentOff { of: Selector::All, percent: percent("10") };
    let in_order = |tenth_first: bool| {
        let tenth = Promotion {
            stacks: true,
            priority: i32::from(tenth_first),
            ..promotion("z", tenth.clone())
        };
        let list = vec![promotion("a", three_for_two()), tenth];
        PriceRules::new(Vec::new(), list, Stacking::InOrder).unwrap()
    };
    let lines = pieces(&[1000, 1000, 1000, 1000]);
    assert_eq!(total(&basket(&lines), &in_order(true)), 3600);
    assert_eq!(total(&basket(&lines), &in_order(false)), 2900);
}

#[test]
fn a_set_that_stacks_counts_units_at_what_they_cost_by_then() {
    let tenth = PromotionRule::PercentOff { of: Selector::All, percent: percent("10") };
    let list = vec![
        Promotion { stacks: true, priority: 1, ..promotion("tenth", tenth) },
        Promotion { stacks: true, ..promotion("3for2", three_for_two()) },
    ];
    let rules = PriceRules::new(Vec::new(), list, Stacking::InOrder).unwrap();
    assert_eq!(total(&basket(&[(1, thing(1, 1000), 3000)]), &rules), 1800);
    // 3 x 0.99 less 10 % is 2.67 (0.297 rounded); a third of that is free.
    let settled = priced(&basket(&[(1, thing(1, 99), 3000)]), &rules).unwrap();
    let off: Vec<i64> = settled.lines[0].adjustments.iter().map(|a| a.amount.minor()).collect();
    assert_eq!(off, [-30, -89]);
}

/// What several that compete would save is reckoned as what they take off is: a percentage of the
/// whole line, 83.5 cents of 8.35, and not of its units one by one, which cost 2.78 and a third.
#[test]
fn where_many_compete_a_percentage_is_one_of_the_whole_line() {
    let of = || Selector::All;
    let stacks = |id, rule| Promotion { stacks: true, ..promotion(id, rule) };
    let cents = |amount| PromotionRule::AmountOff { of: of(), amount: eur(amount) };
    let second = PromotionRule::NthAtPercent { of: of(), nth: 2, percent_off: percent("49.5") };
    let rules = rules(vec![
        stacks("set", PromotionRule::XForPrice { of: of(), take: 3, price: eur(1000) }),
        stacks("second", second),
        stacks("tenth", PromotionRule::PercentOff { of: of(), percent: percent("10") }),
        stacks("two", cents(2)),
        stacks("one", cents(1)),
    ]);
    let settled = priced(&basket(&[(1, thing(1, 500), 3000)]), &rules).unwrap();
    let off: Vec<_> =
        settled.lines[0].adjustments.iter().map(|a| (a.id.as_str(), a.amount.minor())).collect();
    let each = [("set", -500), ("second", -165), ("tenth", -84), ("two", -6), ("one", -3)];
    assert_eq!(off, each);
}
