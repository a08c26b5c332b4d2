//! What was paid is what comes back.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::money::Currency;
use countertop_domain::pricing::explain::recompute;
use countertop_domain::quantity::{Quantity, QuantityError, Unit};
use countertop_domain::returns::{
    ReturnError, ReturnLine, check, give_back, returnable, tender_shares,
};
use countertop_domain::sale::Sale;
use countertop_domain::stock::{self, MovementReason};
use countertop_domain::tax::{Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{Offer, TenderKind};

use crate::refunds_whole::{BY_CARD, Hand, refund, sell};
use crate::shop::{CLASSES, Outcome, Shop, Wanted, eur, id, uuid};

fn sold(wanted: &[Wanted]) -> (Shop, Sale) {
    let shop = Shop::new(Currency::EUR);
    let sale = sell(&shop, wanted, None, &BY_CARD);
    (shop, sale)
}

fn back(sale: &Sale, refunds: &[Sale], count: i32) -> Result<ReturnLine, ReturnError> {
    let (line, quantity) = (sale.lines[0].id, Quantity::pieces(count));
    give_back(sale, refunds, &[], line, quantity, LineId::new(uuid(9)), " broken ")
}

#[test]
fn more_than_is_left_is_refused_and_told_how_much_is_left() -> Outcome {
    let (shop, sale) = sold(&[Wanted::pieces(0, 999, 5)]);
    let refunds =
        [refund(&shop, &sale, &[], &[(sale.lines[0].id, Quantity::pieces(3))], Hand::default())];
    let refused = back(&sale, &refunds, 3).map(|_| ()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "3 of \"Thing 0\" cannot come back: 2 of 5 are left on this receipt"
    );
    assert!(back(&sale, &refunds, 2).is_ok());

    // What is in the basket already counts too.
    let first = back(&sale, &refunds, 1)?;
    let open = [first];
    let (line, two) = (sale.lines[0].id, Quantity::pieces(2));
    let second = give_back(&sale, &refunds, &open, line, two, LineId::new(uuid(10)), "");
    assert!(matches!(second, Err(ReturnError::MoreThanLeft { left, .. }) if left == "1"));
    Ok(())
}

#[test]
fn what_is_weighed_says_what_is_left_with_its_unit() {
    let cheese = Wanted { unit: Unit::Kilogram, thousandths: 642, ..Wanted::pieces(0, 2_490, 1) };
    let (_, sale) = sold(&[cheese]);
    let line = sale.lines[0].id;
    let half = Quantity::from_thousandths(321);
    let much = Quantity::from_thousandths(700);
    let back = |quantity| give_back(&sale, &[], &[], line, quantity, LineId::new(uuid(9)), "");
    assert!(back(half).is_ok());
    let refused = back(much).map(|_| ()).unwrap_err().to_string();
    assert!(refused.starts_with("0.700 kg of \"Thing 0\""), "{refused}");
    assert!(refused.contains("0.642 kg of 0.642 kg are left"), "{refused}");
}

#[test]
fn pieces_come_back_only_whole_and_never_none() {
    let (_, sale) = sold(&[Wanted::pieces(0, 999, 2)]);
    let line = sale.lines[0].id;
    let back = |thousandths| {
        let quantity = Quantity::from_thousandths(thousandths);
        give_back(&sale, &[], &[], line, quantity, LineId::new(uuid(9)), "").map(|_| ())
    };
    assert_eq!(back(500), Err(ReturnError::Quantity(QuantityError::NotWhole)));
    assert_eq!(back(0), Err(ReturnError::Quantity(QuantityError::NotPositive)));
    assert_eq!(back(-1000), Err(ReturnError::Quantity(QuantityError::NotPositive)));
    assert_eq!(back(1000), Ok(()));
}

#[test]
fn a_refund_cannot_be_refunded() {
    let (shop, sale) = sold(&[Wanted::pieces(0, 999, 2)]);
    let refund =
        refund(&shop, &sale, &[], &[(sale.lines[0].id, Quantity::pieces(2))], Hand::default());
    let twice = back(&refund, &[], 1).map(|_| ()).unwrap_err();
    assert_eq!(twice, ReturnError::IsAReturn { name: "Thing 0".to_owned() });
    assert_eq!(returnable(&refund, &[], &[]), Ok(Vec::new()));
}

#[test]
fn a_line_of_another_receipt_is_refused() {
    let (_, sale) = sold(&[Wanted::pieces(0, 999, 2)]);
    let stranger = LineId::new(uuid(12_345));
    let refused = give_back(&sale, &[], &[], stranger, Quantity::ONE, LineId::new(uuid(9)), "");
    let refused = refused.map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused, "that line is not on receipt T1-1: choose one of its lines");
}

#[test]
fn a_third_of_ten_euros_comes_back_as_333_334_and_333() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let third = Wanted { unit: Unit::Kilogram, ..Wanted::pieces(6, 1000, 1) };
    let sale = sell(&shop, &[third], None, &BY_CARD);
    let mut refunds = Vec::new();
    let mut came = Vec::new();
    for thousandths in [333, 334, 333] {
        let part = (sale.lines[0].id, Quantity::from_thousandths(thousandths));
        let refund = refund(&shop, &sale, &refunds, &[part], Hand::default());
        came.push(refund.total.minor());
        refunds.push(refund);
    }
    assert_eq!(came, [-333, -334, -333]);
    Ok(())
}

#[test]
fn a_refund_that_came_between_is_found_before_the_basket_is_paid() -> Outcome {
    let (shop, sale) = sold(&[Wanted::pieces(0, 100, 3)]);
    let line = sale.lines[0].id;
    let open = [back(&sale, &[], 2)?];
    check(&open, &sale, &[])?;

    let elsewhere = [refund(&shop, &sale, &[], &[(line, Quantity::pieces(2))], Hand::default())];
    let refused = check(&open, &sale, &elsewhere);
    assert!(matches!(refused, Err(ReturnError::MoreThanLeft { left, .. }) if left == "1"));

    let all_elsewhere =
        [refund(&shop, &sale, &[], &[(line, Quantity::pieces(3))], Hand::default())];
    let refused = check(&open, &sale, &all_elsewhere);
    assert!(matches!(refused, Err(ReturnError::NothingLeft { .. })));
    Ok(())
}

#[test]
fn the_last_part_must_be_what_remains() -> Outcome {
    // Three for a cent in all: shares of 0, 1 and 0.
    let cent = Wanted { percent_off: Some(67), ..Wanted::pieces(6, 1, 3) };
    let (shop, sale) = sold(&[cent]);
    assert_eq!(sale.total, eur(1));
    let line = sale.lines[0].id;
    let one = Quantity::ONE;
    let first = give_back(&sale, &[], &[], line, one, LineId::new(uuid(20)), "")?;
    let second =
        give_back(&sale, &[], std::slice::from_ref(&first), line, one, LineId::new(uuid(21)), "")?;
    assert_eq!((first.total, second.total), (eur(0), eur(-1)));

    // The same two parts were chosen while another register gave the cent back.
    let refunds = [refund(&shop, &sale, &[], &[(line, one)], Hand::default())];
    check(&[first.clone(), second.clone()], &sale, &refunds)?;
    let refunds = [refund(&shop, &sale, &[], &[(line, Quantity::pieces(2))], Hand::default())];
    assert_eq!(refunds[0].total, eur(-1));
    check(std::slice::from_ref(&first), &sale, &refunds)?;
    let stale = check(std::slice::from_ref(&second), &sale, &refunds);
    assert_eq!(stale, Err(ReturnError::OutOfDate { name: "Thing 0".to_owned() }));
    Ok(())
}

#[test]
fn a_return_taken_out_of_the_basket_leaves_the_sum_right() -> Outcome {
    let (shop, sale) = sold(&[Wanted { percent_off: Some(50), ..Wanted::pieces(0, 333, 3) }]);
    let line = sale.lines[0].id;
    let mut basket = Basket::new(BasketId::new(uuid(200 << 64)));
    for number in [30, 31] {
        let new = LineId::new(uuid(number));
        let one = give_back(&sale, &[], basket.returns(), line, Quantity::ONE, new, "")?;
        basket.apply(Change::AddReturn(Box::new(one)))?;
    }
    basket.apply(Change::Remove(LineId::new(uuid(30))))?;
    check(basket.returns(), &sale, &[])?;
    let left = tender_shares(&sale, &[], &[])?;
    shop.pay_back(&mut basket, 40, TenderKind::CardExternal, &left[0])?;
    let first = shop.close(&basket, 2);
    let refunds = [first.clone()];
    let rest = refund(&shop, &sale, &refunds, &[(line, Quantity::pieces(2))], Hand::default());
    assert_eq!(first.total.plus(rest.total)?, sale.total.negated());
    assert_eq!(first.tax.plus(rest.tax)?, sale.tax.negated());
    Ok(())
}

#[test]
fn a_return_says_where_it_was_sold_and_goes_back_to_stock() -> Outcome {
    let (shop, sale) = sold(&[Wanted::pieces(0, 999, 2), Wanted::pieces(1, 500, 1)]);
    let refund =
        refund(&shop, &sale, &[], &[(sale.lines[0].id, Quantity::pieces(2))], Hand::default());
    let line = &refund.lines[0];
    let origin = line.origin.as_ref().ok_or("no origin")?;
    assert_eq!((origin.sale, origin.receipt.as_str()), (sale.id, "T1-1"));
    assert_eq!((line.quantity, line.unit_price), (Quantity::pieces(-2), eur(999)));
    assert!(refund.is_refund());

    let movements = stock::of_sale(&refund);
    assert_eq!(movements.len(), 1);
    assert_eq!(movements[0].quantity, Quantity::pieces(2));
    assert_eq!(MovementReason::of_ticket(&movements[0]), MovementReason::Return);
    let sold = stock::of_sale(&sale);
    assert_eq!(MovementReason::of_ticket(&sold[0]), MovementReason::Sale);
    Ok(())
}

#[test]
fn an_exchange_settles_the_difference_either_way() -> Outcome {
    let (shop, sale) = sold(&[Wanted::pieces(0, 4_500, 1)]);
    for (price, owed) in [(6_000, 1_500), (4_500, 0), (2_000, -2_500)] {
        let mut basket = shop.basket(50, &[Wanted::pieces(0, price, 1)], None);
        let back = back(&sale, &[], 1)?;
        assert_eq!(back.reason, "broken");
        basket.apply(Change::AddReturn(Box::new(back)))?;
        assert_eq!(shop.due(&basket), eur(owed));
        if owed > 0 {
            shop.pay_cash(&mut basket, 60);
        } else if owed < 0 {
            let left = tender_shares(&sale, &[], &[])?;
            shop.pay_back(&mut basket, 60, TenderKind::CardExternal, &left[0])?;
        }
        let exchange = shop.close(&basket, 3);
        assert_eq!(exchange.total, eur(owed));
        assert_eq!(exchange.net.plus(exchange.tax)?, exchange.total);
        // What is left of the original payment is what was not paid back.
        let left = tender_shares(&sale, &[exchange], &[])?;
        assert_eq!(left[0].left, eur(4_500 + owed.min(0)));
    }
    Ok(())
}

#[test]
fn without_a_receipt_a_line_comes_back_as_it_would_be_sold() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let basket =
        shop.basket(1, &[Wanted { percent_off: Some(10), ..Wanted::pieces(3, 999, 2) }], None);
    let settled = countertop_domain::pricing::settle(&basket, &shop.context())?;
    let defs: Vec<_> = settled.taxes.iter().map(|sum| sum.tax.clone()).collect();
    let new = LineId::new(uuid(9));
    let back = countertop_domain::returns::without_receipt(
        &basket.lines()[0],
        &settled.lines[0],
        &defs,
        new,
        "gift",
    );
    assert_eq!(back.total, settled.total.negated());
    assert_eq!(back.tax_defs.len(), 2);
    assert_eq!(back.origin, None);
    let mut refund = Basket::new(BasketId::new(uuid(5)));
    refund.apply(Change::AddReturn(Box::new(back)))?;
    assert_eq!(shop.due(&refund), settled.total.negated());
    Ok(())
}

#[test]
fn each_line_that_comes_back_keeps_its_own_definition_of_a_tax() -> Outcome {
    // The same code, but another rate and side: the shop changed the tax between the two sales.
    let before = Shop::new(Currency::EUR);
    let old = sell(&before, &[Wanted::pieces(0, 1_200, 2)], None, &BY_CARD);
    let code = old.lines[0].taxes[0].code.clone();
    let changed = Tax::percent(&*code, "VAT", Rate::new(10.into())?, TaxMode::Exclusive);
    let classes = [(TaxClass::new(CLASSES[0]), vec![changed.clone()])];
    let after = Shop { taxes: TaxTable::new(classes.into()), ..Shop::new(Currency::EUR) };

    // An exchange: one thing of the old sale comes back, another one is bought at today's tax.
    let mut basket = after.basket(7, &[Wanted::pieces(0, 5_000, 1)], None);
    basket.apply(Change::AddReturn(Box::new(back(&old, &[], 1)?)))?;
    let due = after.due(&basket);
    after.pay(&mut basket, Offer::new(id(77), TenderKind::CardExternal, due));
    let exchange = after.close(&basket, 2);
    let sums: Vec<_> =
        exchange.taxes.iter().map(|sum| (&*sum.tax.code, sum.amount.minor())).collect();
    assert_eq!(sums, [(&*code, 500), (&*code, -200)]);
    let definitions: Vec<_> =
        exchange.lines.iter().map(|line| line.taxes[0].definition(&exchange.taxes)).collect();
    assert_eq!(definitions, [Some(&changed), old.lines[0].taxes[0].definition(&old.taxes)]);
    recompute(&exchange)?;

    // What was bought comes back at the tax that it was bought at.
    let bought = give_back(
        &exchange,
        &[],
        &[],
        exchange.lines[0].id,
        Quantity::ONE,
        LineId::new(uuid(11)),
        "",
    )?;
    assert_eq!(bought.tax_defs, [changed]);
    assert_eq!(bought.total, eur(-5_500));
    // It reads as it was written, and a line with the first of the code says nothing of it.
    let text = serde_json::to_string(&exchange)?;
    assert_eq!(serde_json::from_str::<Sale>(&text)?, exchange);
    assert_eq!(text.matches("\"nth\"").count(), 1);
    Ok(())
}
