//! Goods whose label says an amount: that amount is charged.

use countertop_domain::basket::Change;
use countertop_domain::label::Label;
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::explain::{self, recompute};
use countertop_domain::promotion::{PriceRules, PromotionRule};
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::give_back;
use countertop_domain::tax::TaxMode;
use proptest::prelude::*;

use crate::shop::{
    basket, by_weight, cases, context, eur, line_id, percent, percent_off, promotion, rules, sell,
    thing, vat,
};

/// Cheese at so much a kilogram, so many grams of it, and what its label asks.
fn labelled(price: i64, grams: i64, label: i64) -> Change {
    Change::AddLabelled {
        line: line_id(1),
        sellable: by_weight(thing(1, price)),
        quantity: Quantity::from_thousandths(grams),
        price: None,
        label: Label { price: Some(eur(label)), ..Label::default() },
    }
}

proptest! {
    #![proptest_config(cases())]
    #[test]
    fn what_the_label_says_is_what_is_charged(
        price in 1_i64..20_000, grams in 1_i64..30_000, label in 1_i64..100_000, mode: bool
    ) {
        let taxes = vat(if mode { TaxMode::Inclusive } else { TaxMode::Exclusive });
        let mut basket = basket(&[]);
        basket.apply(labelled(price, grams, label)).unwrap();
        let sale = sell(basket, &context(&taxes, PriceRules::none()));
        prop_assert_eq!(sale.lines[0].gross, eur(label));
        prop_assert_eq!(sale.lines[0].unit_price, eur(price));
        if mode {
            prop_assert_eq!(sale.total, eur(label));
        }
        prop_assert_eq!(recompute(&sale), Ok(()));
        let told = explain::sold(&sale.lines[0], &sale).unwrap();
        prop_assert_eq!(told.steps.last().unwrap().amount, sale.lines[0].total);
        // All of it comes back for all of it.
        let all = Quantity::from_thousandths(grams);
        let back = give_back(&sale, &[], &[], line_id(1), all, line_id(2), "").unwrap();
        prop_assert_eq!(back.total, sale.total.negated());
    }
}

#[test]
fn a_promotion_does_not_change_what_the_label_says_but_a_discount_by_hand_does() {
    let taxes = vat(TaxMode::Inclusive);
    let rule = PromotionRule::PercentOff { of: Selector::All, percent: percent("10") };
    let rules = rules(vec![promotion("happy", rule)]);
    let mut basket = basket(&[]);
    basket.apply(labelled(2_490, 496, 1_234)).unwrap();
    basket.apply(Change::SetDiscount(line_id(1), Some(percent_off("50")))).unwrap();
    let sale = sell(basket, &context(&taxes, &rules));
    // 0.496 x 24.90 would be 12.35.
    assert_eq!((sale.lines[0].gross, sale.total), (eur(1_234), eur(617)));
    assert_eq!(recompute(&sale), Ok(()));
}

#[test]
fn weighed_again_the_goods_cost_what_they_weigh() {
    let taxes = vat(TaxMode::Inclusive);
    let mut basket = basket(&[]);
    basket.apply(labelled(2_000, 500, 800)).unwrap();
    basket.apply(Change::SetQuantity(line_id(1), Quantity::from_thousandths(250))).unwrap();
    let sale = sell(basket.clone(), &context(&taxes, PriceRules::none()));
    assert_eq!(sale.total, eur(500));
    basket.undo().unwrap();
    assert_eq!(sell(basket, &context(&taxes, PriceRules::none())).total, eur(800));
}

#[test]
fn a_line_without_a_label_is_stored_as_it_always_was() {
    let taxes = vat(TaxMode::Inclusive);
    let sale = sell(basket(&[(1, thing(1, 240), 1000)]), &context(&taxes, PriceRules::none()));
    let stored = serde_json::to_string(&sale).unwrap();
    assert!(!stored.contains("\"label\""), "{stored}");
    assert!(serde_json::from_str::<countertop_domain::sale::Sale>(&stored).unwrap() == sale);
}
