//! Cases out of other systems' issue threads. Each is named after its thread; the amounts are the
//! thread's own unless it says otherwise.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::cash_rounding::asked;
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::{give_back, tender_shares};
use countertop_domain::sale::Sale;
use countertop_domain::shift::ShiftTotals;
use countertop_domain::tender::{Offer, TenderKind, take};

use crate::shop::{Outcome, Shop, Wanted, currency, eur, id, money, steps, uuid};

const EXEMPT: usize = 6;

fn one(price: i64) -> Vec<Wanted> {
    vec![Wanted::pieces(EXEMPT, price, 1)]
}

/// Takes all of the lines given back, to the payments that they were paid with.
fn refund(shop: &Shop, sale: &Sale, refunds: &[Sale], lines: &[usize]) -> Sale {
    let number = 100 + u128::try_from(refunds.len()).unwrap();
    let mut basket = Basket::new(BasketId::new(uuid(number << 64)));
    for index in lines {
        let line = &sale.lines[*index];
        let new = LineId::new(uuid((number << 64) + u128::try_from(*index).unwrap()));
        let back =
            give_back(sale, refunds, basket.returns(), line.id, line.quantity, new, "").unwrap();
        basket.apply(Change::AddReturn(Box::new(back))).unwrap();
    }
    for (original, index) in tender_shares(sale, refunds, &[]).unwrap().iter().zip(0_u128..) {
        if !shop.due(&basket).is_zero() && !original.left.is_zero() {
            let kind = original.goes_back_as();
            shop.pay_back(&mut basket, (number << 32) + index, kind, original).unwrap();
        }
    }
    shop.close(&basket, 2)
}

/// Sold for cash at that step: what was asked for it, and what came back for it.
fn there_and_back(price: i64, step: i64) -> (i64, i64) {
    let shop = Shop::new(Currency::EUR).rounding_cash(step);
    let mut basket = shop.basket(1, &one(price), None);
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    let refund = refund(&shop, &sale, &[], &[0]);
    (sale.tenders[0].received.minor(), refund.tenders[0].received.minor())
}

#[test]
fn odoo_65043_22_90_in_cash_is_23_and_paid_at_once() -> Outcome {
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(2300)), eur(2290), steps(100))?;
    assert_eq!((paid.amount, paid.rounding, paid.change()?), (eur(2290), eur(10), eur(0)));
    Ok(())
}

/// The thread rounds down (7.00 asked, 8.00 given back); half up asks 8.00. Either way the same
/// must come back.
#[test]
fn odoo_96721_what_was_asked_is_what_comes_back() {
    assert_eq!(there_and_back(750, 100), (800, -800));
    assert_eq!(there_and_back(749, 100), (700, -700));
}

#[test]
fn odoo_85275_1_98_is_2_00_and_its_refund_2_00() {
    assert_eq!(there_and_back(198, 5), (200, -200));
}

/// The thread rounds 1.98 down to 1.95 and its refund to 2.00; half up rounds 1.97 down, both ways.
#[test]
fn odoo_108859_a_refund_rounds_the_way_of_its_sale() {
    assert_eq!(there_and_back(197, 5), (195, -195));
}

/// The thread rounds down at 0.10; half up gives the same 129.30.
#[test]
fn odoo_61480_minus_129_33_is_minus_129_30() {
    assert_eq!(there_and_back(12_933, 10), (12_930, -12_930));
}

#[test]
fn odoo_146474_49_99_comes_back_as_50_00() {
    assert_eq!(there_and_back(4_999, 5), (5_000, -5_000));
}

#[test]
fn odoo_111469_1_61_at_whole_units_is_2_without_change() -> Outcome {
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(200)), eur(161), steps(100))?;
    assert_eq!((paid.amount, paid.change()?), (eur(161), eur(0)));
    for (due, whole) in [(170, 200), (150, 200), (140, 100)] {
        assert_eq!(asked(eur(due), steps(100))?, eur(whole));
        assert_eq!(asked(eur(-due), steps(100))?, eur(-whole));
    }
    Ok(())
}

#[test]
fn odoo_115080_1_97_of_2_00_leaves_5_cents_of_change() -> Outcome {
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(200)), eur(197), steps(5))?;
    assert_eq!((paid.amount, paid.rounding, paid.change()?), (eur(197), eur(-2), eur(5)));
    Ok(())
}

#[test]
fn odoo_141189_35_75_at_ten_cents_is_35_80() -> Outcome {
    assert_eq!(asked(eur(3575), steps(10))?, eur(3580));
    Ok(())
}

#[test]
fn odoo_121626_38_by_bank_of_40_leaves_nothing_in_cash_at_steps_of_5() -> Outcome {
    for (total, cash) in [(4000, 0), (4100, 500)] {
        let card =
            take(Offer::new(id(1), TenderKind::CardExternal, eur(3800)), eur(total), steps(500))?;
        let left = eur(total).minus(card.amount)?;
        assert_eq!(asked(left, steps(500))?, eur(cash));
        let paid = take(Offer::new(id(2), TenderKind::Cash, eur(cash)), left, steps(500))?;
        assert_eq!((paid.amount, paid.received), (left, eur(cash)));
    }
    Ok(())
}

/// The thread rounds the 83.00 left for cash down to 80.00; half up asks 85.00. The refund gives
/// 55.00 and 85.00 back, not the total rounded once more.
#[test]
fn odoo_161564_a_refund_of_card_and_cash_is_rounded_as_each_was() -> Outcome {
    let shop = Shop::new(Currency::EUR).rounding_cash(500);
    let mut basket = shop.basket(1, &one(13_800), None);
    shop.pay(&mut basket, Offer::new(id(1), TenderKind::CardExternal, eur(5_500)));
    shop.pay_cash(&mut basket, 2);
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.cash_rounding()?, eur(200));
    let refund = refund(&shop, &sale, &[], &[0]);
    let out: Vec<_> = refund.tenders.iter().map(|t| (t.kind, t.received.minor())).collect();
    assert_eq!(out, [(TenderKind::CardExternal, -5_500), (TenderKind::Cash, -8_500)]);
    assert_eq!(refund.cash_rounding()?, eur(-200));
    Ok(())
}

#[test]
fn odoo_65297_16_51_by_bank_is_16_51() -> Outcome {
    let paid = take(Offer::new(id(1), TenderKind::CardExternal, eur(1651)), eur(1651), steps(5))?;
    assert_eq!((paid.amount, paid.rounding), (eur(1651), eur(0)));
    Ok(())
}

/// The thread gives no amounts; two payments below the rounded total must settle it.
#[test]
fn odoo_169421_two_cash_payments_settle_a_rounded_total() -> Outcome {
    let shop = Shop::new(Currency::EUR).rounding_cash(5);
    let mut basket = shop.basket(1, &one(698), None);
    shop.pay(&mut basket, Offer::new(id(1), TenderKind::Cash, eur(500)));
    assert_eq!(shop.due(&basket), eur(198));
    shop.pay(&mut basket, Offer::new(id(2), TenderKind::Cash, eur(200)));
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.cash_rounding()?, eur(2));
    Ok(())
}

/// The thread's 47.50 USD paid with 50 USD, in a shop that counts in NIO; the rate is ours.
#[test]
fn erpnext_44901_dollars_are_taken_and_change_is_given_in_the_shop_s_money() -> Outcome {
    let nio = |minor| money(minor, currency("NIO"));
    let rate = Some("36.6243".parse()?);
    let due = countertop_domain::tender::home_value(
        money(4_750, currency("USD")),
        "36.6243".parse()?,
        currency("NIO"),
    )?;
    assert_eq!(due, nio(173_965));
    let received = money(5_000, currency("USD"));
    let offer = Offer { rate, ..Offer::new(id(1), TenderKind::ForeignCash, received) };
    let paid = take(offer, due, None)?;
    assert_eq!((paid.received, paid.change()?), (nio(183_122), nio(9_157)));
    Ok(())
}

/// 112.50 less 4.45, so 108.05 paid: that comes back, not 116.95 and not 112.50.
#[test]
fn erpnext_7436_a_discount_is_not_given_back() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &one(11_250), None);
    let off = countertop_domain::discount::Reduction::amount(eur(445))?;
    let reason = "Damaged".to_owned();
    let off = countertop_domain::discount::Discount { reduction: off, reason };
    basket.apply(Change::SetBasketDiscount(Some(off)))?;
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.total, eur(10_805));
    let refund = refund(&shop, &sale, &[], &[0]);
    assert_eq!((refund.total, refund.tenders[0].received), (eur(-10_805), eur(-10_805)));
    Ok(())
}

/// 550 less 70 over three items, so 480 paid; the thread's till gave 550 back. The prices of the
/// three are ours.
#[test]
fn pos_awesome_v15_2800_each_item_comes_back_less_its_share_of_the_discount() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let three: Vec<_> =
        [25_000, 20_000, 10_000].map(|price| Wanted::pieces(EXEMPT, price, 1)).into();
    let mut basket = shop.basket(1, &three, None);
    let off = countertop_domain::discount::Reduction::amount(eur(7_000))?;
    let off = countertop_domain::discount::Discount { reduction: off, reason: "VIP".to_owned() };
    basket.apply(Change::SetBasketDiscount(Some(off)))?;
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.total, eur(48_000));
    let mut refunds = Vec::new();
    for index in [2, 0, 1] {
        let refund = refund(&shop, &sale, &refunds, &[index]);
        assert_eq!(refund.total, sale.lines[index].total.negated());
        refunds.push(refund);
    }
    let all = Money::sum(Currency::EUR, refunds.iter().map(|refund| refund.total))?;
    assert_eq!(all, eur(-48_000));
    Ok(())
}

/// 375.00 and 82.13 of tax on top, so 457.13 paid; the thread's till gave 375.00 back.
#[test]
fn pos_awesome_476_the_tax_comes_back_too() -> Outcome {
    use countertop_domain::tax::{Rate, Tax, TaxClass, TaxMode, TaxTable};
    let tax = Tax::percent("vat", "VAT", Rate::new("21.9".parse()?)?, TaxMode::Exclusive);
    let taxes = TaxTable::new([(TaxClass::new("exempt"), vec![tax])].into());
    let shop = Shop { taxes, ..Shop::new(Currency::EUR) };
    let mut basket = shop.basket(1, &one(37_500), None);
    shop.pay_cash(&mut basket, 1);
    let sale = shop.close(&basket, 1);
    assert_eq!((sale.tax, sale.total), (eur(8_213), eur(45_713)));
    let refund = refund(&shop, &sale, &[], &[0]);
    assert_eq!((refund.tax, refund.tenders[0].amount), (eur(-8_213), eur(-45_713)));
    Ok(())
}

/// One of two items comes back; both threads' tills refused because more had been paid (one: with
/// change). The thread's item is 48.00, the other one is ours.
#[test]
fn erpnext_31375_and_37998_one_of_two_items_comes_back_whatever_was_handed_over() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let two = [Wanted::pieces(EXEMPT, 4_800, 1), Wanted::pieces(EXEMPT, 3_000, 1)];
    let mut basket = shop.basket(1, &two, None);
    shop.pay(&mut basket, Offer::new(id(1), TenderKind::Cash, eur(10_000)));
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.change, eur(2_200));
    let refund = refund(&shop, &sale, &[], &[0]);
    assert_eq!(refund.tenders[0].received, eur(-4_800));
    let left = tender_shares(&sale, &[refund], &[])?;
    assert_eq!(left[0].left, eur(3_000));
    assert_eq!(sale.lines[0].quantity, Quantity::ONE);
    Ok(())
}

/// 75 sold, 100 handed over, 25 given back: the thread's till expected the change in the drawer too,
/// with a minus before it.
#[test]
fn erpnext_25638_the_drawer_should_hold_what_was_handed_over_less_the_change() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut basket = shop.basket(1, &one(7_500), None);
    shop.pay(&mut basket, Offer::new(id(1), TenderKind::Cash, eur(10_000)));
    let sale = shop.close(&basket, 1);
    assert_eq!(sale.change, eur(2_500));
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_sale(&sale)?;
    assert_eq!(totals.expected(Currency::EUR), eur(7_500));
    totals.add_sale(&refund(&shop, &sale, &[], &[0]))?;
    assert_eq!(totals.expected(Currency::EUR), eur(0));
    Ok(())
}
