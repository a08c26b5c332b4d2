//! Shifts: what the drawer should hold, what was found, and what X and Z say.

use std::collections::BTreeMap;

use countertop_domain::ids::CustomerId;
use countertop_domain::money::{Currency, Money};
use countertop_domain::sale::ReceiptNumber;
use countertop_domain::shift::{
    CashMove, CashMoveKind, Counted, DrawerCash, Pieces, ShiftClose, ShiftError, ShiftOpen,
    ShiftTotals, count,
};
use countertop_domain::tender::{Offer, TenderKind};
use proptest::prelude::*;

use crate::books::{Fact, account_payment, any_facts, cash_move, closing, opening};
use crate::shop::{Outcome, Shop, Wanted, cases, currency, eur, id, money, uuid};

/// What the drawer should hold, by the sentence in the manual: float + cash in - change - refunds +
/// pay-ins - pay-outs - drops, in each currency. Cents in plain numbers, from the facts alone.
fn expected(facts: &[Fact]) -> BTreeMap<&'static str, i64> {
    let mut drawer: BTreeMap<&'static str, i64> = BTreeMap::from([("EUR", 0)]);
    let mut put = |money: Money, sign: i64| {
        *drawer.entry(money.currency().code()).or_default() += sign * money.minor();
    };
    for fact in facts {
        match fact {
            Fact::Opened(open) => {
                put(open.float, 1);
                open.foreign.iter().for_each(|foreign| put(foreign.amount, 1));
            }
            Fact::Moved(CashMove { kind: CashMoveKind::PayIn, amount, .. }) => put(*amount, 1),
            Fact::Moved(CashMove { kind: CashMoveKind::NoSale, amount, .. }) => put(*amount, 0),
            Fact::Moved(CashMove { amount, .. }) => put(*amount, -1),
            _ => {}
        }
        for tender in fact.tenders() {
            let change = tender.received.minor() - tender.amount.minor() - tender.rounding.minor();
            match (tender.kind, tender.foreign) {
                (TenderKind::Cash, _) => put(tender.received, 1),
                (TenderKind::ForeignCash, Some(foreign)) => put(foreign.received, 1),
                _ => {}
            }
            put(eur(change), -1);
        }
    }
    drawer
}

proptest! {
    // A case is up to ten sales.
    #![proptest_config(cases())]

    #[test]
    fn expected_is_float_plus_cash_in_less_change_refunds_and_drops(facts in any_facts()) {
        let mut totals = ShiftTotals::new(Currency::EUR);
        facts.iter().for_each(|fact| fact.add_to(&mut totals));
        for (code, minor) in expected(&facts) {
            prop_assert_eq!(totals.expected(currency(code)).minor(), minor, "{}", code);
        }
        prop_assert_eq!(totals.drawer[0].amount.currency(), Currency::EUR);
        prop_assert_eq!(totals.drawer[0].amount, totals.drawer[0].value);

        // Takings are what the tickets came to and the fees that were kept; tips and everything else
        // apart.
        let sales: Vec<_> = facts
            .iter()
            .filter_map(|fact| if let Fact::Sold(sale) = fact { Some(sale) } else { None })
            .collect();
        let kept = facts.iter().map(|fact| match fact {
            Fact::Cancelled(cancelled) => cancelled.kept.minor(),
            _ => 0,
        });
        let sold = sales.iter().map(|sale| sale.total.minor()).sum::<i64>();
        let takings = sold + kept.sum::<i64>();
        prop_assert_eq!(totals.takings.minor(), takings);
        prop_assert_eq!(totals.net.plus(totals.tax)?, totals.takings);
        let taxes = Money::sum(Currency::EUR, totals.taxes.iter().map(|tax| tax.amount))?;
        prop_assert_eq!(taxes, totals.tax);
        prop_assert_eq!(totals.sales + totals.refunds, i64::try_from(sales.len()).unwrap());
        // Everything that was paid, by whatever way, is accounted for.
        let paid = Money::sum(Currency::EUR, totals.tenders.iter().map(|row| row.amount))?;
        let owed = totals.takings.plus(totals.tip)?.plus(totals.deposits)?;
        prop_assert_eq!(paid, owed.plus(totals.account_payments)?);
        let before = eur(1_234_567);
        prop_assert_eq!(totals.grand_total_after(before)?.minor(), 1_234_567 + takings);
    }

    #[test]
    fn totals_are_the_same_in_whatever_order_they_were_added(
        (facts, mixed) in any_facts().prop_flat_map(|facts| {
            (Just(facts.clone()), Just(facts).prop_shuffle())
        }),
    ) {
        let add = |facts: &[Fact]| {
            let mut totals = ShiftTotals::new(Currency::EUR);
            facts.iter().for_each(|fact| fact.add_to(&mut totals));
            totals
        };
        let totals = add(&facts);
        prop_assert_eq!(&add(&mixed), &totals);
        let close = closing(totals, 0, 0);
        let written = serde_json::to_string(&close).unwrap();
        prop_assert_eq!(serde_json::from_str::<ShiftClose>(&written).unwrap(), close);
    }
}

#[test]
fn a_shift_s_figures_can_be_told_by_hand() -> Outcome {
    let shop = Shop::new(Currency::EUR).rounding_cash(5);
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_open(&opening(10_000, 0))?;
    let mut basket = shop.basket(1, &[Wanted::pieces(0, 698, 1)], None);
    shop.pay(&mut basket, Offer::new(id(1), TenderKind::Cash, eur(1_000)));
    totals.add_sale(&shop.close(&basket, 41))?;
    let mut basket = shop.basket(2, &[Wanted::pieces(1, 1_055, 2)], None);
    shop.pay(&mut basket, Offer::new(id(2), TenderKind::CardExternal, eur(2_110)));
    totals.add_sale(&shop.close(&basket, 42))?;
    totals.add_move(&cash_move(CashMoveKind::SafeDrop, eur(5_000), None))?;
    totals.add_move(&cash_move(CashMoveKind::PayOut, eur(1_250), None))?;
    totals.add_move(&cash_move(CashMoveKind::PayOut, eur(250), None))?;
    totals.add_move(&cash_move(CashMoveKind::NoSale, eur(0), None))?;
    totals.add_account_payment(&account_payment(CustomerId::new(uuid(1)), 300))?;
    totals.add_void();

    assert_eq!((totals.sales, totals.refunds, totals.voids, totals.no_sales), (2, 0, 1, 1));
    assert_eq!((totals.takings, totals.cash_rounding), (eur(2_808), eur(2)));
    assert_eq!((totals.tax, totals.net), (eur(226), eur(2_582)));
    // 100.00 + 7.00 - 50.00 - 12.50 - 2.50 + 3.00
    assert_eq!(totals.expected(Currency::EUR), eur(4_500));
    let rows: Vec<_> = totals.tenders.iter().map(|t| (t.kind, t.count, t.amount.minor())).collect();
    assert_eq!(rows, [(TenderKind::Cash, 2, 998), (TenderKind::CardExternal, 1, 2_110)]);
    let moves: Vec<_> =
        totals.cash_moves.iter().map(|m| (m.kind, m.count, m.amount.minor())).collect();
    assert_eq!(
        moves,
        [
            (CashMoveKind::PayOut, 2, 1_500),
            (CashMoveKind::SafeDrop, 1, 5_000),
            (CashMoveKind::NoSale, 1, 0)
        ]
    );
    let receipt = |sequence| Some(ReceiptNumber { series: "T1".to_owned(), sequence });
    assert_eq!((totals.first_receipt, totals.last_receipt), (receipt(41), receipt(42)));
    Ok(())
}

#[test]
fn receipts_of_a_restored_register_follow_those_before() -> Outcome {
    let shop = Shop::new(Currency::EUR);
    let mut totals = ShiftTotals::new(Currency::EUR);
    for (series, sequence) in [("T1.10", 1), ("T1", 900), ("T1.9", 7), ("T1", 899)] {
        let mut basket = shop.basket(1, &[Wanted::pieces(0, 100, 1)], None);
        shop.pay_cash(&mut basket, 1);
        let mut sale = shop.close(&basket, sequence);
        sale.receipt.series = series.to_owned();
        totals.add_sale(&sale)?;
    }
    let name = |receipt: Option<ReceiptNumber>| receipt.map(|receipt| receipt.to_string());
    assert_eq!(name(totals.first_receipt).as_deref(), Some("T1-899"));
    assert_eq!(name(totals.last_receipt).as_deref(), Some("T1.10-1"));
    Ok(())
}

#[test]
fn an_addition_that_is_refused_changes_nothing() -> Outcome {
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_open(&opening(10_000, 500))?;
    let before = totals.clone();
    let most = money(Money::MAX_MINOR, Currency::EUR);
    assert!(totals.add_move(&cash_move(CashMoveKind::PayIn, most, None)).is_err());
    assert_eq!(totals, before);
    let valueless = cash_move(CashMoveKind::PayIn, money(5, currency("GBP")), None);
    assert!(totals.add_move(&valueless).is_err());
    assert_eq!(totals, before);
    Ok(())
}

fn pieces(values: &[(i64, u32)]) -> Vec<Pieces> {
    values.iter().map(|(value, count)| Pieces { value: eur(*value), count: *count }).collect()
}

#[test]
fn a_count_by_coin_and_note_is_set_against_what_should_be_there() -> Outcome {
    let drawer = [
        DrawerCash::home(eur(15_000)),
        DrawerCash { amount: money(5_000, currency("USD")), value: eur(4_608) },
    ];
    let home =
        Counted::of_pieces(Currency::EUR, pieces(&[(5_000, 2), (2_000, 2), (500, 1), (10, 45)]))?;
    let dollars = Counted { amount: money(4_000, currency("USD")), pieces: Vec::new() };
    let counts = count(&drawer, vec![dollars.clone(), home.clone()])?;
    assert_eq!(counts.len(), 2);
    assert_eq!((counts[0].currency, counts[0].over_short()?), (Currency::EUR, eur(-50)));
    assert_eq!(counts[1].over_short()?, money(-1_000, currency("USD")));
    // Ten dollars short at the rate they came in at: 9.216, so 9.22 of 46.08.
    assert_eq!(counts[1].counted_value()?, eur(3_686));
    assert_eq!(counts[1].expected_value(), eur(4_608));

    assert_eq!(
        count(&drawer, vec![home.clone()]).unwrap_err().to_string(),
        "count the USD in the drawer too; enter 0 if there is none"
    );
    let none = count(&drawer, vec![dollars.clone()]);
    assert_eq!(none, Err(ShiftError::NotCounted { currency: "EUR" }));
    let twice = count(&drawer, vec![home.clone(), dollars, home.clone()]);
    assert_eq!(twice, Err(ShiftError::CountedTwice { currency: "EUR" }));
    // Nothing expected of a currency need not be counted; what is found all the same is.
    let only_home = [drawer[0]];
    let pounds = Counted { amount: money(500, currency("GBP")), pieces: Vec::new() };
    let counts = count(&only_home, vec![home, pounds])?;
    assert_eq!(counts[1].over_short()?, money(500, currency("GBP")));
    assert!(counts[1].counted_value()?.is_zero());
    Ok(())
}

#[test]
fn a_negative_or_wrong_count_is_refused() {
    let drawer = [DrawerCash::home(eur(15_000))];
    let with = |amount, pieces| count(&drawer, vec![Counted { amount: eur(amount), pieces }]);
    assert_eq!(with(-1, Vec::new()), Err(ShiftError::Negative));
    assert_eq!(
        with(10_000, pieces(&[(5_000, 1)])).unwrap_err().to_string(),
        "the coins and notes come to 50.00 EUR, not 100.00 EUR: correct one of them"
    );
    assert_eq!(with(0, pieces(&[(0, 5)])), Err(ShiftError::WorthlessPiece));
    assert_eq!(with(0, pieces(&[(-100, 1), (100, 1)])), Err(ShiftError::WorthlessPiece));
    assert!(with(0, pieces(&[(100, 0)])).is_ok());
    let huge = vec![Pieces { value: money(Money::MAX_MINOR, Currency::EUR), count: u32::MAX }];
    assert!(matches!(with(0, huge), Err(ShiftError::Money(_))));
    let mixed = vec![Pieces { value: money(100, currency("USD")), count: 1 }];
    assert!(matches!(with(100, mixed), Err(ShiftError::Money(_))));
}

#[test]
fn a_float_is_counted_like_any_cash() {
    let good = ShiftOpen { pieces: pieces(&[(5_000, 2)]), ..opening(10_000, 500) };
    assert_eq!(good.check(), Ok(()));
    let wrong = ShiftOpen { pieces: pieces(&[(5_000, 1)]), ..good.clone() };
    assert!(matches!(wrong.check(), Err(ShiftError::PiecesDoNotAddUp { .. })));
    assert_eq!(opening(-1, 0).check(), Err(ShiftError::Negative));
    let twice = ShiftOpen { foreign: vec![good.foreign[0], good.foreign[0]], ..good.clone() };
    assert_eq!(twice.check(), Err(ShiftError::CountedTwice { currency: "USD" }));
    let home = ShiftOpen { foreign: vec![DrawerCash::home(eur(5))], ..good };
    assert_eq!(home.check(), Err(ShiftError::CountedTwice { currency: "EUR" }));
}

#[test]
fn cash_moves_with_an_amount_and_a_reason_or_not_at_all() {
    use CashMoveKind::{NoSale, PayIn, PayOut};
    let check = |cash_move: CashMove| cash_move.check(Currency::EUR);
    assert_eq!(check(cash_move(PayIn, eur(100), None)), Ok(()));
    assert_eq!(check(cash_move(NoSale, eur(0), None)), Ok(()));
    assert_eq!(check(cash_move(PayIn, eur(0), None)), Err(ShiftError::MovesNothing));
    assert_eq!(check(cash_move(PayOut, eur(-100), None)), Err(ShiftError::Negative));
    assert_eq!(check(cash_move(NoSale, eur(100), None)), Err(ShiftError::NoSaleMoves));
    let silent = CashMove { reason: " ".to_owned(), ..cash_move(PayOut, eur(100), None) };
    assert_eq!(check(silent), Err(ShiftError::NeedsReason));
    let wordy = CashMove { reason: "x".repeat(201), ..cash_move(PayOut, eur(100), None) };
    assert_eq!(check(wordy), Err(ShiftError::ReasonTooLong));
    let dollars = money(100, currency("USD"));
    let valueless = check(cash_move(PayOut, dollars, None));
    assert_eq!(valueless, Err(ShiftError::NeedsValue { currency: "USD" }));
    assert_eq!(check(cash_move(PayOut, dollars, Some(eur(92)))), Ok(()));
    for kind in CashMoveKind::ALL {
        assert_eq!(CashMoveKind::parse(kind.name()), Some(kind));
    }
}
