//! A line explains itself.

use countertop_domain::basket::Change;
use countertop_domain::money::Money;
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::explain::{self, Difference, StepKind, recompute};
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::promotion::{PriceRules, PromotionRule};
use countertop_domain::rounding::{RoundingMode, RoundingScope, TaxRounding};
use countertop_domain::sale::Sale;
use countertop_domain::tax::TaxMode;

use crate::shop::{
    basket, by_weight, context, eur, line_id, percent, percent_off, promotion, rules, sell, thing,
    vat,
};

fn told(sale: &Sale, line: usize) -> Vec<String> {
    let explanation = explain::sold(&sale.lines[line], sale).unwrap();
    let step = |step: &explain::ExplainStep| {
        let (kind, amount, running) = (step.kind.name(), step.amount.minor(), step.running.minor());
        format!("{kind} | {} | {} | {amount} | {running}", step.name, step.detail)
    };
    explanation.steps.iter().map(step).collect()
}

#[test]
fn every_step_from_the_label_to_the_total_is_told_with_its_figures() {
    let taxes = vat(TaxMode::Inclusive);
    let rule = PromotionRule::PercentOff { of: Selector::All, percent: percent("10") };
    let rules = rules(vec![promotion("happy", rule)]);
    let mut basket = basket(&[(1, thing(1, 240), 3000)]);
    basket.apply(Change::SetDiscount(line_id(1), Some(percent_off("5")))).unwrap();
    let sale = sell(basket, &context(&taxes, &rules));
    assert_eq!(
        told(&sale, 0),
        [
            "list_price |  |  | 240 | 240",
            "quantity |  | 3 x 2.40 | 720 | 720",
            "promotion | Promotion happy | 10% of 7.20 | -72 | 648",
            "line_discount | Friends | 5% of 6.48 | -32 | 616",
            "tax | VAT | 1/6 of 6.16 = 1.026666… | 103 | 616",
            "net |  |  | 513 | 616",
            "total |  |  | 616 | 616",
        ]
    );
}

#[test]
fn weights_and_taxes_on_top_show_what_was_rounded() {
    let taxes = vat(TaxMode::Exclusive);
    let sale =
        sell(basket(&[(1, by_weight(thing(1, 1295)), 642)]), &context(&taxes, PriceRules::none()));
    assert_eq!(
        told(&sale, 0)[1..3],
        [
            "quantity |  | 0.642 x 12.95 = 8.3139 | 831 | 831",
            "tax | VAT | 20% of 8.31 = 1.662 | 166 | 997",
        ]
    );
}

#[test]
fn a_cent_that_the_whole_receipt_decided_is_told_as_such() {
    let taxes = vat(TaxMode::Exclusive);
    let document = TaxRounding { scope: RoundingScope::Document, mode: RoundingMode::HalfUp };
    let context = PricingContext { rounding: document, ..context(&taxes, PriceRules::none()) };
    // 20 % of 0.02 is 0.4 cents; of three of them 1.2 cents.
    let lines = [(1, thing(1, 2), 1000), (2, thing(2, 2), 1000), (3, thing(3, 2), 1000)];
    let sale = sell(basket(&lines), &context);
    assert_eq!(sale.tax, eur(1));
    assert_eq!(
        told(&sale, 0)[2..4],
        ["tax | VAT | 20% of 0.02 = 0.004 | 1 | 3", "rounding | VAT |  | 1 | 3"]
    );
    assert!(told(&sale, 1).iter().all(|step| !step.starts_with("rounding")));
}

#[test]
fn the_till_and_the_stored_sale_tell_the_same() {
    let taxes = vat(TaxMode::Inclusive);
    let context = context(&taxes, PriceRules::none());
    let basket = basket(&[(1, thing(1, 999), 2000)]);
    let settled = settle(&basket, &context).unwrap();
    let rounding = TaxRounding::default();
    let at_the_till =
        explain::settled(&basket.lines()[0], &settled.lines[0], &settled.taxes, rounding).unwrap();
    let sale = sell(basket, &context);
    assert_eq!(at_the_till, explain::sold(&sale.lines[0], &sale).unwrap());
    assert_eq!(at_the_till.steps[0].kind, StepKind::ListPrice);
}

#[test]
fn an_amount_that_was_tampered_with_is_found_and_named() {
    let taxes = vat(TaxMode::Inclusive);
    let mut with_discount = basket(&[(1, thing(1, 999), 2000), (2, thing(2, 500), 1000)]);
    with_discount.apply(Change::SetDiscount(line_id(1), Some(percent_off("10")))).unwrap();
    let honest = sell(with_discount, &context(&taxes, PriceRules::none()));
    recompute(&honest).unwrap();
    let cent = |amount: &mut Money| *amount = amount.plus(eur(1)).unwrap();
    let found = |tamper: &dyn Fn(&mut Sale)| {
        let mut sale = honest.clone();
        tamper(&mut sale);
        match recompute(&sale).unwrap_err() {
            Difference::Amount { what, .. } => what,
            other => other.to_string(),
        }
    };
    assert_eq!(found(&|sale| cent(&mut sale.lines[0].gross)), "line 1 gross");
    assert_eq!(found(&|sale| cent(&mut sale.lines[0].unit_price)), "line 1 gross");
    assert_eq!(
        found(&|sale| cent(&mut sale.lines[0].adjustments[0].amount)),
        "line 1 LineDiscount \"Friends\""
    );
    assert_eq!(found(&|sale| cent(&mut sale.lines[1].net)), "line 2 net");
    assert_eq!(found(&|sale| cent(&mut sale.lines[1].total)), "line 2 total");
    assert_eq!(found(&|sale| cent(&mut sale.lines[1].taxes[0].amount)), "line 2 vat-20");
    assert_eq!(found(&|sale| cent(&mut sale.lines[1].taxes[0].base)), "line 2 vat-20 base");
    assert_eq!(found(&|sale| cent(&mut sale.taxes[0].amount)), "tax vat-20");
    assert_eq!(found(&|sale| cent(&mut sale.taxes[0].base)), "tax vat-20 base");
    assert_eq!(found(&|sale| cent(&mut sale.net)), "net");
    assert_eq!(found(&|sale| cent(&mut sale.tax)), "tax");
    assert_eq!(found(&|sale| cent(&mut sale.total)), "total");
    assert_eq!(found(&|sale| cent(&mut sale.discount)), "discount");
    let unknown = found(&|sale| sale.taxes.clear());
    assert!(unknown.contains("vat-20"), "{unknown}");
}
