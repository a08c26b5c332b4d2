//! Discounts that a person gives.

use countertop_domain::basket::Change;
use countertop_domain::discount::DiscountError;
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{AdjustmentKind, PricingError, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::tax::{Tax, TaxClass, TaxMode};

use crate::shop::{
    amount_off, basket, context, eur, labels, line_id, percent_off, priced, rate, table, thing,
};

fn none() -> &'static PriceRules {
    PriceRules::none()
}

#[test]
fn a_basket_s_discount_is_shared_by_price_and_every_rate_gets_its_share() {
    let taxes = table(&[
        ("standard", vec![Tax::percent("vat-20", "VAT", rate("20"), TaxMode::Inclusive)]),
        ("food", vec![Tax::percent("vat-5.5", "VAT", rate("5.5"), TaxMode::Inclusive)]),
    ]);
    let mut bread = thing(2, 333);
    bread.tax_class = TaxClass::new("food");
    let mut basket =
        basket(&[(1, thing(1, 1000), 1000), (2, bread, 1000), (3, thing(3, 667), 1000)]);
    basket.apply(Change::SetBasketDiscount(Some(amount_off(1001)))).unwrap();
    let settled = settle(&basket, &context(&taxes, none())).unwrap();
    // 1001 × 1000, 333 and 667 of 2000: 500.5, 166.67, 333.83.
    assert_eq!(labels(&settled), [500, 166, 333]);
    assert_eq!((settled.total, settled.discount), (eur(999), eur(1001)));
    let tax = |code| settled.taxes.iter().find(|sum| sum.tax.code == code).unwrap().amount;
    assert_eq!((tax("vat-20"), tax("vat-5.5")), (eur(83 + 56), eur(9)));
    assert_eq!(settled.net.plus(settled.tax).unwrap(), settled.total);
}

#[test]
fn a_line_s_discount_comes_before_the_basket_s() {
    let mut basket = basket(&[(1, thing(1, 1000), 1000), (2, thing(2, 1000), 1000)]);
    basket.apply(Change::SetDiscount(line_id(1), Some(percent_off("50")))).unwrap();
    basket.apply(Change::SetBasketDiscount(Some(percent_off("10")))).unwrap();
    let settled = priced(&basket, none()).unwrap();
    assert_eq!(labels(&settled), [450, 900]);
    let kinds: Vec<_> = settled.lines[0].adjustments.iter().map(|a| a.kind).collect();
    assert_eq!(kinds, [AdjustmentKind::LineDiscount, AdjustmentKind::BasketDiscount]);
    assert_eq!(settled.lines[0].adjustments[0].name, "Friends");
}

#[test]
fn all_of_it_may_come_off_but_no_more() {
    let mut basket = basket(&[(1, thing(1, 1000), 1000)]);
    basket.apply(Change::SetDiscount(line_id(1), Some(percent_off("100")))).unwrap();
    assert_eq!(priced(&basket, none()).unwrap().total, eur(0));
    basket.apply(Change::SetDiscount(line_id(1), Some(amount_off(1001)))).unwrap();
    let source = DiscountError::AboveThePrice { discount: eur(1001), price: eur(1000) };
    let name = "Thing 1".to_owned();
    assert_eq!(priced(&basket, none()), Err(PricingError::LineDiscount { name, source }));
    basket.apply(Change::SetDiscount(line_id(1), None)).unwrap();
    basket.apply(Change::SetBasketDiscount(Some(amount_off(1001)))).unwrap();
    let message = priced(&basket, none()).unwrap_err().to_string();
    assert!(message.contains("10.01 EUR is more than the price of 10.00 EUR"), "{message}");
}

#[test]
fn a_gift_card_is_money_and_gets_no_cheaper_with_the_basket() {
    let mut basket = basket(&[(1, thing(1, 1000), 1000)]);
    let card = Change::AddGiftCard {
        line: line_id(2),
        sellable: Sellable { price: None, ..thing(2, 0) },
        code: "GC1".to_owned(),
        amount: eur(5000),
    };
    basket.apply(card).unwrap();
    basket.apply(Change::SetBasketDiscount(Some(percent_off("10")))).unwrap();
    assert_eq!(labels(&priced(&basket, none()).unwrap()), [900, 5000]);
}

#[test]
fn an_empty_basket_costs_nothing_whatever_its_terms() {
    let mut basket = basket(&[]);
    basket.apply(Change::SetBasketDiscount(Some(amount_off(500)))).unwrap();
    let settled = priced(&basket, none()).unwrap();
    assert_eq!((settled.total, settled.discount), (eur(0), eur(0)));
    assert!(settled.lines.is_empty() && settled.taxes.is_empty());
}

#[test]
fn what_is_too_large_is_refused_and_another_currency_too() {
    let mut large = thing(1, 0);
    large.price = Some(eur(Money::MAX_MINOR));
    let error = priced(&basket(&[(1, large, 2000)]), none()).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
    let mut foreign = thing(1, 0);
    foreign.price = Some(Money::new(5, Currency::parse("USD").unwrap()).unwrap());
    let error = priced(&basket(&[(1, foreign, 1000)]), none()).unwrap_err();
    assert!(error.to_string().contains("EUR and USD"), "{error}");
}
