//! What was paid is what comes back.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, QuantityError, Unit};
use countertop_domain::returns::{
    ReturnError, ReturnLine, TenderLeft, check, give_back, returnable, tender_shares,
};
use countertop_domain::sale::Sale;
use countertop_domain::stock::{self, MovementReason};
use countertop_domain::tender::{Offer, PayOut, TenderKind, most_to_pay_out, pay_out, take};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::shop::{
    Outcome, Shop, Wanted, any_shop, any_wanted, at, cases, currency, eur, id, money, uuid,
};

/// How the customer pays: a share by card, some dollars, then cash; and a tip.
#[derive(Clone, Debug, Default)]
struct Payment {
    card_percent: i64,
    dollars: i64,
    over: i64,
    tip: i64,
}

const BY_CARD: Payment = Payment { card_percent: 100, dollars: 0, over: 0, tip: 0 };

fn sell(shop: &Shop, wanted: &[Wanted], off: Option<i64>, payment: &Payment) -> Sale {
    let mut basket = shop.basket(1, wanted, off);
    basket.set_tip(Some(shop.money(payment.tip))).unwrap();
    let due = shop.due(&basket);
    let card = due.minor() * payment.card_percent / 100;
    if card > 0 {
        shop.pay(&mut basket, Offer::new(id(1), TenderKind::CardExternal, shop.money(card)));
    }
    if payment.dollars > 0 && !shop.due(&basket).is_zero() {
        let received = money(payment.dollars, currency("USD"));
        let rate = Some(Decimal::new(9_215, 4));
        let offer = Offer { rate, ..Offer::new(id(3), TenderKind::ForeignCash, received) };
        // In yen, a few cents are worth nothing and are not taken.
        if let Ok(tender) = take(offer, shop.due(&basket), shop.cash) {
            basket.add_tender(tender, at());
        }
    }
    let due = shop.due(&basket);
    if !due.is_zero() {
        let asked = countertop_domain::cash_rounding::asked(due, shop.cash).unwrap();
        let step = shop.cash.map_or(1, |cash| cash.step().minor());
        let over = shop.money(payment.over * step);
        shop.pay(&mut basket, Offer::new(id(2), TenderKind::Cash, asked.plus(over).unwrap()));
    }
    shop.close(&basket, 1)
}

/// How money is paid out: the last payment first, and cash in two goes.
#[derive(Clone, Copy, Debug, Default)]
struct Hand {
    last_first: bool,
    twice: bool,
}

/// One ticket that takes parts back; paid out to the original payments, in the order given.
fn refund(
    shop: &Shop,
    sale: &Sale,
    refunds: &[Sale],
    parts: &[(LineId, Quantity)],
    hand: Hand,
) -> Sale {
    let number = 100 + u128::try_from(refunds.len()).unwrap();
    let mut basket = Basket::new(BasketId::new(uuid(number << 64)));
    for ((line, quantity), index) in parts.iter().zip(0_u128..) {
        let new = LineId::new(uuid((number << 64) + index));
        let back =
            give_back(sale, refunds, basket.returns(), *line, *quantity, new, "broken").unwrap();
        basket.apply(Change::AddReturn(Box::new(back))).unwrap();
    }
    check(basket.returns(), sale, refunds).unwrap();
    let mut left = tender_shares(sale, refunds, &[]).unwrap();
    if hand.last_first {
        left.reverse();
    }
    for (original, index) in left.iter().zip(0_u128..) {
        if shop.due(&basket).is_zero() || original.left.is_zero() {
            continue;
        }
        let (tender, kind) = ((number << 32) + 2 * index, original.goes_back_as());
        if hand.twice && kind == TenderKind::Cash {
            pay_a_half(shop, &mut basket, tender, original);
        }
        // What was paid out a moment ago counts too.
        let left = tender_shares(sale, refunds, basket.tenders()).unwrap();
        let original = left.iter().find(|one| one.tender.id == original.tender.id).unwrap();
        if !shop.due(&basket).is_zero() && !original.left.is_zero() {
            shop.pay_back(&mut basket, tender + 1, kind, original).unwrap();
        }
    }
    shop.close(&basket, 1 + i64::try_from(number).unwrap())
}

/// Pays half of what may be paid out, in coins that there are, if they make up so much.
fn pay_a_half(shop: &Shop, basket: &mut Basket, tender: u128, original: &TenderLeft) {
    let due = shop.due(basket);
    let most = most_to_pay_out(TenderKind::Cash, due, Some(original), shop.cash).unwrap().minor();
    let step = shop.cash.map_or(1, |cash| cash.step().minor());
    let half = most / 2 / step * step;
    if half > 0 {
        let wish = PayOut::new(id(tender), TenderKind::Cash, shop.money(half)).back_to(original);
        basket.add_tender(pay_out(wish, due, shop.cash).unwrap(), at());
    }
}

/// Cuts every line into parts, shuffles all of them and deals them out to tickets.
fn any_parts(sale: &Sale, cuts: &[u32], keys: &[u32]) -> Vec<Vec<(LineId, Quantity)>> {
    let mut parts = Vec::new();
    let mut cuts = cuts.iter().cycle();
    for line in &sale.lines {
        let grain = if line.unit == Unit::Piece { 1000 } else { 1 };
        let mut left = line.quantity.thousandths() / grain;
        while left > 0 {
            let wish = i64::from(*cuts.next().unwrap()) * (line.quantity.thousandths() / grain) / 7;
            let part = wish.clamp(1, left);
            parts.push((line.id, Quantity::from_thousandths(part * grain)));
            left -= part;
        }
    }
    let mut keys = keys.iter().cycle();
    let mut order: Vec<_> = parts.into_iter().map(|part| (*keys.next().unwrap(), part)).collect();
    order.sort_by_key(|(key, _)| *key);
    let mut tickets: Vec<Vec<(LineId, Quantity)>> = Vec::new();
    for (key, part) in order {
        match tickets.last_mut() {
            Some(ticket) if key % 3 == 0 => ticket.push(part),
            _ => tickets.push(vec![part]),
        }
    }
    tickets
}

proptest! {
    // A case is a sale and up to some dozen refunds.
    #![proptest_config(cases(1))]

    #[test]
    fn refunds_in_any_order_and_any_parts_return_exactly_what_was_paid(
        shop in any_shop(),
        wanted in any_wanted(),
        off in prop::option::of(0_i64..=100),
        card_percent in prop_oneof![Just(0_i64), Just(100), 0_i64..=100],
        over in 0_i64..40,
        tip in prop_oneof![3 => Just(0_i64), 1 => 0_i64..500],
        cuts in prop::collection::vec(1_u32..8, 5),
        keys in prop::collection::vec(any::<u32>(), 13),
        dollars in prop_oneof![2 => Just(0_i64), 1 => 1_i64..50_000],
        (last_first, twice) in any::<(bool, bool)>(),
    ) {
        let off = off.filter(|_| wanted.iter().all(|want| want.class != 5));
        let sale = sell(&shop, &wanted, off, &Payment { card_percent, dollars, over, tip });
        let mut refunds: Vec<Sale> = Vec::new();
        for ticket in any_parts(&sale, &cuts, &keys) {
            let refund = refund(&shop, &sale, &refunds, &ticket, Hand { last_first, twice });
            for line in &refund.lines {
                // Every refund adds up by itself.
                let taxes = Money::sum(shop.currency, line.taxes.iter().map(|tax| tax.amount))?;
                prop_assert_eq!(line.net.plus(taxes)?, line.total);
            }
            for tender in refund.tenders.iter().filter(|tender| tender.kind == TenderKind::Cash) {
                if let Some(cash) = shop.cash {
                    prop_assert!(cash.can_be_counted(tender.received), "{:?}", tender);
                    // Half a step now, half a step before, and half a step for dollars.
                    let off = tender.rounding.minor().abs();
                    prop_assert!(off * 2 <= cash.step().minor() * 3, "{:?}", tender);
                }
                prop_assert!(tender.change()?.is_zero());
            }
            refunds.push(refund);
        }

        let sum = |of: fn(&Sale) -> Money| Money::sum(shop.currency, refunds.iter().map(of));
        prop_assert_eq!(sum(|one| one.net)?, sale.net.negated());
        prop_assert_eq!(sum(|one| one.tax)?, sale.tax.negated());
        prop_assert_eq!(sum(|one| one.total)?, sale.total.negated());
        for (index, line) in sale.lines.iter().enumerate() {
            let back = || refunds.iter().flat_map(|one| &one.lines).filter(|back| {
                back.origin.as_ref().is_some_and(|origin| origin.line == line.id)
            });
            prop_assert_eq!(Money::sum(shop.currency, back().map(|one| one.gross))?,
                line.gross.negated(), "gross of line {}", index);
            for tax in 0..line.taxes.len() {
                let taxes = back().map(|one| one.taxes[tax].amount);
                prop_assert_eq!(Money::sum(shop.currency, taxes)?, line.taxes[tax].amount.negated());
                let bases = back().map(|one| one.taxes[tax].base);
                prop_assert_eq!(Money::sum(shop.currency, bases)?, line.taxes[tax].base.negated());
            }
            for one in 0..line.adjustments.len() {
                let amounts = back().map(|back| back.adjustments[one].amount);
                prop_assert_eq!(Money::sum(shop.currency, amounts)?,
                    line.adjustments[one].amount.negated());
            }
        }
        for left in returnable(&sale, &refunds, &[]).unwrap() {
            prop_assert!(left.total.is_zero() && left.net.is_zero());
            prop_assert_eq!(left.quantity, Quantity::default());
        }

        // By payment: nothing is left but the tip, which is the staff's.
        let shares = tender_shares(&sale, &refunds, &[])?;
        let left = Money::sum(shop.currency, shares.iter().map(|share| share.left))?;
        prop_assert_eq!(left.minor(), tip);
        if tip == 0 {
            for share in &shares {
                prop_assert!(share.left.is_zero(), "{:?}", share);
                // Dollars were worth what no coins of the shop may make up.
                let exact = share.tender.kind != TenderKind::ForeignCash;
                prop_assert!(!exact || share.left_handed.is_zero(), "{:?}", share);
                let step = shop.cash.map_or(1, |cash| cash.step().minor());
                prop_assert!(share.left_handed.minor().abs() * 2 <= step);
            }
        }

        // And once everything is back, nothing more is.
        let again = give_back(&sale, &refunds, &[], sale.lines[0].id, sale.lines[0].quantity,
            LineId::new(uuid(9)), "");
        let nothing_left = matches!(again, Err(ReturnError::NothingLeft { .. }));
        prop_assert!(nothing_left);
    }

    #[test]
    fn a_part_of_a_line_comes_back_within_a_unit_of_its_exact_share(
        shop in any_shop(),
        wanted in any_wanted(),
        part in 1_i64..=1000,
    ) {
        let sale = sell(&shop, &wanted, None, &BY_CARD);
        for line in &sale.lines {
            let whole = line.quantity.thousandths();
            let grain = if line.unit == Unit::Piece { 1000 } else { 1 };
            let part = (whole / grain * part / 1000).max(1) * grain;
            let quantity = Quantity::from_thousandths(part);
            let back = give_back(&sale, &[], &[], line.id, quantity, LineId::new(uuid(9)), "")
                .unwrap();
            let near = |back: Money, sold: Money| {
                let exact = i128::from(sold.minor()) * i128::from(part);
                (i128::from(back.minor()) * i128::from(whole) + exact).abs() * 2
                    <= i128::from(whole)
            };
            prop_assert!(near(back.total, line.total));
            for (back, sold) in back.taxes.iter().zip(&line.taxes) {
                prop_assert!(near(back.amount, sold.amount) && near(back.base, sold.base));
            }
            // Label and reductions of a refund add up as those of its sale did.
            let label = |gross: Money, adjustments: &[countertop_domain::pricing::Adjustment]| {
                let off = adjustments.iter().filter(|one| !one.kind.is_in_gross());
                Money::sum(shop.currency, off.map(|one| one.amount)).unwrap().plus(gross).unwrap()
            };
            let sold = label(line.gross, &line.adjustments);
            let came = label(back.gross, &back.adjustments);
            if sold == line.total {
                prop_assert_eq!(came, back.total);
            } else if sold == line.net {
                prop_assert_eq!(came, back.net);
            }
        }
    }
}

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
