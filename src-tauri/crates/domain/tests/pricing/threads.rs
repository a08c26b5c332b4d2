//! Promotions that other systems' tills miscounted, each named after its thread; the amounts are
//! the thread's own unless it says otherwise.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::AdjustmentKind;
use countertop_domain::promotion::{Promotion, PromotionRule};

use crate::shop::{basket, coupon, eur, percent, priced, promotion, rules, thing};

fn tenth_off() -> PromotionRule {
    PromotionRule::PercentOff { of: Selector::All, percent: percent("10") }
}

/// The thread's till made an endless reward out of a tenth off and 5.00 off. The price of 20.00 is
/// ours, and so is one that the 5.00 are more than.
#[test]
fn odoo_127770_a_tenth_off_and_five_euros_off_come_off_once_each() {
    let five_off = PromotionRule::AmountOff { of: Selector::All, amount: eur(500) };
    let stacks = |promotion| Promotion { stacks: true, ..promotion };
    let rules = rules(vec![
        stacks(promotion("tenth", tenth_off())),
        Promotion { needs_coupon: true, ..stacks(promotion("five", five_off)) },
    ]);
    for (price, off) in [(2_000, [-200, -500]), (300, [-30, -270])] {
        let mut basket = basket(&[(1, thing(1, price), 1000)]);
        basket.apply(Change::AddCoupon(coupon("POINTS", "five"))).unwrap();
        let line = &priced(&basket, &rules).unwrap().lines[0];
        let kinds: Vec<_> = line.adjustments.iter().map(|a| (a.kind, a.amount.minor())).collect();
        let expected = [AdjustmentKind::Promotion, AdjustmentKind::Coupon];
        assert_eq!(kinds, expected.into_iter().zip(off).collect::<Vec<_>>());
    }
}

/// The thread's till gave a tenth off again each time the order was left and opened. The prices are
/// ours.
#[test]
fn odoo_109889_an_order_that_is_left_and_opened_again_has_its_promotion_once() {
    let rules = rules(vec![promotion("tenth", tenth_off())]);
    let mut basket = basket(&[(1, thing(1, 1_000), 2000), (2, thing(2, 499), 1000)]);
    let first = priced(&basket, &rules).unwrap();
    assert_eq!(first.total, eur(1_800 + 449));
    for _ in 0..3 {
        let kept = serde_json::to_string(&basket).unwrap();
        basket = serde_json::from_str::<Basket>(&kept).unwrap();
        assert_eq!(priced(&basket, &rules).unwrap(), first);
    }
}
