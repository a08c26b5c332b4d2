//! Refunds in any order and any parts come to exactly what was paid.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::money::Money;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::returns::{
    ReturnError, TenderLeft, check, give_back, returnable, tender_shares,
};
use countertop_domain::sale::Sale;
use countertop_domain::tender::{
    Offer, PayOut, TenderError, TenderKind, most_to_pay_out, pay_out, take,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::shop::{Shop, Wanted, any_shop, any_wanted, at, cases, currency, id, money, uuid};

/// How the customer pays: a share by card, some dollars, then cash; and a tip.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payment {
    card_percent: i64,
    dollars: i64,
    over: i64,
    tip: i64,
}

pub(crate) const BY_CARD: Payment = Payment { card_percent: 100, dollars: 0, over: 0, tip: 0 };

pub(crate) fn sell(shop: &Shop, wanted: &[Wanted], off: Option<i64>, payment: &Payment) -> Sale {
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
pub(crate) struct Hand {
    last_first: bool,
    twice: bool,
}

/// One ticket that takes parts back; paid out to the original payments, in the order given.
pub(crate) fn refund(
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
pub(crate) fn pay_a_half(shop: &Shop, basket: &mut Basket, tender: u128, original: &TenderLeft) {
    let due = shop.due(basket);
    let most = most_to_pay_out(TenderKind::Cash, due, Some(original), shop.cash).unwrap().minor();
    let step = shop.cash.map_or(1, |cash| cash.step().minor());
    let half = most / 2 / step * step;
    if half > 0 {
        let wish = PayOut::new(id(tender), TenderKind::Cash, shop.money(half)).back_to(original);
        match pay_out(wish, due, shop.cash) {
            Ok(tender) => basket.add_tender(tender, at()),
            // So little is left that it goes in one.
            Err(refused) => assert!(matches!(refused, TenderError::LastOfPayment { .. })),
        }
    }
}

/// Cuts every line into parts, shuffles all of them and deals them out to tickets.
pub(crate) fn any_parts(sale: &Sale, cuts: &[u32], keys: &[u32]) -> Vec<Vec<(LineId, Quantity)>> {
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

/// By payment: nothing is left but the tip, which is the staff's.
fn nothing_is_left_of_the_payments(
    shop: &Shop,
    sale: &Sale,
    refunds: &[Sale],
    tip: i64,
) -> Result<(), TestCaseError> {
    let shares = tender_shares(sale, refunds, &[])?;
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
    Ok(())
}

/// Gross, taxes and adjustments of each line.
fn each_line_came_back_whole(
    shop: &Shop,
    sale: &Sale,
    refunds: &[Sale],
) -> Result<(), TestCaseError> {
    for (index, line) in sale.lines.iter().enumerate() {
        let back = || {
            refunds
                .iter()
                .flat_map(|one| &one.lines)
                .filter(|back| back.origin.as_ref().is_some_and(|origin| origin.line == line.id))
        };
        prop_assert_eq!(
            Money::sum(shop.currency, back().map(|one| one.gross))?,
            line.gross.negated(),
            "gross of line {}",
            index
        );
        for tax in 0..line.taxes.len() {
            let taxes = back().map(|one| one.taxes[tax].amount);
            prop_assert_eq!(Money::sum(shop.currency, taxes)?, line.taxes[tax].amount.negated());
            let bases = back().map(|one| one.taxes[tax].base);
            prop_assert_eq!(Money::sum(shop.currency, bases)?, line.taxes[tax].base.negated());
        }
        for one in 0..line.adjustments.len() {
            let amounts = back().map(|back| back.adjustments[one].amount);
            prop_assert_eq!(
                Money::sum(shop.currency, amounts)?,
                line.adjustments[one].amount.negated()
            );
        }
    }
    Ok(())
}

proptest! {
    // A case is a sale and up to some dozen refunds.
    #![proptest_config(cases())]

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
        each_line_came_back_whole(&shop, &sale, &refunds)?;
        for left in returnable(&sale, &refunds, &[]).unwrap() {
            prop_assert!(left.total.is_zero() && left.net.is_zero());
            prop_assert_eq!(left.quantity, Quantity::default());
        }

        nothing_is_left_of_the_payments(&shop, &sale, &refunds, tip)?;

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
