//! Cash rounding: only the cash part, and its refund is its mirror image.

use countertop_domain::cash_rounding::{CashRounding, asked};
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::tender::{
    Offer, PayOut, TenderError, TenderKind, pay_out, quick_cash, take,
};
use proptest::prelude::*;

use crate::shop::{Outcome, cases, currency, eur, id, steps};

#[test]
fn six_ninety_eight_is_asked_as_seven_and_given_back_as_seven() -> Outcome {
    let rounding = steps(5);
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(1000)), eur(698), rounding)?;
    assert_eq!((paid.amount, paid.rounding, paid.change()?), (eur(698), eur(2), eur(300)));
    let back = pay_out(PayOut::new(id(2), TenderKind::Cash, eur(700)), eur(-698), rounding)?;
    assert_eq!((back.amount, back.rounding), (eur(-698), eur(-2)));
    assert_eq!((back.received, back.change()?), (eur(-700), eur(0)));
    Ok(())
}

#[test]
fn a_card_pays_to_the_cent_and_only_the_rest_is_rounded() -> Outcome {
    let rounding = steps(5);
    let card = take(Offer::new(id(1), TenderKind::CardExternal, eur(333)), eur(698), rounding)?;
    assert_eq!((card.amount, card.rounding), (eur(333), eur(0)));
    let left = eur(698).minus(card.amount)?;
    let cash = take(Offer::new(id(2), TenderKind::Cash, eur(365)), left, rounding)?;
    assert_eq!((cash.amount, cash.rounding), (eur(365), eur(0)));
    let all = take(Offer::new(id(3), TenderKind::CardExternal, eur(698)), eur(698), rounding)?;
    assert_eq!((all.amount, all.rounding), (eur(698), eur(0)));
    Ok(())
}

#[test]
fn cash_that_no_coins_make_up_is_refused_and_told_what_is_asked() {
    let offer = |minor| take(Offer::new(id(1), TenderKind::Cash, eur(minor)), eur(698), steps(5));
    let refused = offer(698).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "6.98 EUR cannot be counted in coins: cash goes in steps of 0.05 EUR, here 7.00 EUR"
    );
    assert!(matches!(offer(703), Err(TenderError::NotInSteps { .. })));
    assert!(matches!(offer(301), Err(TenderError::NotInSteps { .. })));
    assert_eq!(offer(300).map(|tender| tender.amount), Ok(eur(300)));
    assert_eq!(offer(700).map(|tender| tender.amount), Ok(eur(698)));
}

#[test]
fn what_is_left_below_the_smallest_coin_is_settled_with_nothing() -> Outcome {
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(0)), eur(2), steps(5))?;
    assert_eq!((paid.amount, paid.rounding, paid.change()?), (eur(2), eur(-2), eur(0)));
    let note = take(Offer::new(id(1), TenderKind::Cash, eur(500)), eur(2), steps(5))?;
    assert_eq!((note.amount, note.change()?), (eur(2), eur(500)));
    let back = pay_out(PayOut::new(id(2), TenderKind::Cash, eur(0)), eur(-2), steps(5))?;
    assert_eq!((back.amount, back.rounding, back.received), (eur(-2), eur(2), eur(0)));
    // But nothing is no payment for what could be paid.
    let nothing = take(Offer::new(id(1), TenderKind::Cash, eur(0)), eur(3), steps(5));
    assert_eq!(nothing, Err(TenderError::NotPositive));
    let nothing = pay_out(PayOut::new(id(2), TenderKind::Cash, eur(0)), eur(-3), steps(5));
    assert_eq!(nothing, Err(TenderError::NotPositive));
    Ok(())
}

#[test]
fn the_amounts_offered_are_those_that_coins_make_up() {
    let minors = |due, rounding| {
        quick_cash(eur(due), rounding).iter().map(|m| m.minor()).collect::<Vec<_>>()
    };
    assert_eq!(minors(1000, None), [1000, 2000, 5000, 10_000]);
    assert_eq!(minors(1265, None), [1265, 1500, 2000, 5000, 10_000]);
    assert_eq!(minors(4465, None), [4465, 4500, 5000, 6000, 10_000]);
    assert_eq!(minors(30, None), [30, 500, 1000]);
    assert_eq!(minors(698, steps(5)), [700, 1000, 2000, 5000]);
    assert_eq!(minors(1001, steps(5)), [1000, 2000, 5000, 10_000]);
}

#[test]
fn a_step_is_the_smallest_coin_of_the_country() -> Outcome {
    let step = |code| CashRounding::of(currency(code)).map(|rounding| rounding.step().minor());
    assert_eq!(step("CHF"), Some(5));
    assert_eq!(step("DKK"), Some(50));
    assert_eq!(step("SEK"), Some(100));
    assert_eq!(step("HUF"), Some(500));
    assert_eq!(step("EUR"), None);
    let refused = CashRounding::new(eur(0)).map(|_| ()).map_err(|error| error.to_string());
    let words = "cash cannot be rounded to steps of 0.00 EUR: give the smallest coin, such as 0.05";
    assert_eq!(refused, Err(words.to_owned()));
    assert!(CashRounding::new(eur(-5)).is_err());
    let written = serde_json::to_string(&steps(5))?;
    assert_eq!(serde_json::from_str::<Option<CashRounding>>(&written)?, steps(5));
    let nothing = serde_json::to_string(&eur(0))?;
    assert!(serde_json::from_str::<CashRounding>(&nothing).is_err());
    Ok(())
}

#[test]
fn two_currencies_are_never_rounded_together() {
    let yen = Money::new(100, currency("JPY")).unwrap();
    assert!(matches!(asked(yen, steps(5)), Err(MoneyError::CurrencyMismatch { .. })));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_asked_is_the_nearest_multiple_and_its_refund_the_same(
        minor in 0_i64..10_000_000,
        step in prop::sample::select(vec![1_i64, 5, 10, 50, 100, 500]),
    ) {
        let rounding = CashRounding::new(eur(step))?;
        let rounded = rounding.round(eur(minor))?.minor();
        prop_assert_eq!(rounded % step, 0);
        prop_assert!((rounded - minor).abs() * 2 <= step);
        // A half goes up.
        prop_assert!((rounded - minor) * 2 > -step);
        prop_assert_eq!(rounding.round(eur(-minor))?.minor(), -rounded);
    }

    #[test]
    fn a_sale_in_cash_and_its_refund_leave_the_drawer_as_it_was(
        due in 1_i64..1_000_000,
        step in prop::sample::select(vec![1_i64, 5, 10, 50, 100]),
        card in 0_i64..1_000_000,
        over in 0_i64..1_000,
    ) {
        let rounding = Some(CashRounding::new(eur(step))?);
        let due = eur(due).minus(eur(card % due))?;
        let asked = asked(due, rounding)?;
        let offered = asked.plus(eur(over * step))?;
        let paid = take(Offer::new(id(1), TenderKind::Cash, offered), due, rounding)?;
        prop_assert_eq!(paid.amount, due);
        prop_assert_eq!(paid.received.minor() % step, 0);
        prop_assert_eq!(paid.change()?.minor() % step, 0);
        prop_assert_eq!(paid.change()?, eur(over * step));
        prop_assert_eq!(paid.handed()?, asked);
        let back = pay_out(PayOut::new(id(2), TenderKind::Cash, asked), due.negated(), rounding)?;
        prop_assert!(back.handed()?.plus(paid.handed()?)?.is_zero());
        prop_assert!(back.rounding.plus(paid.rounding)?.is_zero());
    }

    #[test]
    fn foreign_cash_is_worth_its_rate_and_its_change_can_be_counted(
        due in 1_i64..100_000,
        foreign in 1_i64..10_000_000,
        mantissa in 1_i64..2_000_000,
        scale in 0_u32..6,
        step in prop::sample::select(vec![1_i64, 5, 10, 100]),
        code in prop::sample::select(vec!["USD", "JPY", "KWD"]),
    ) {
        let rounding = Some(CashRounding::new(eur(step))?);
        let rate = rust_decimal::Decimal::new(mantissa, scale);
        let received = Money::new(foreign, currency(code))?;
        let offer = Offer { rate: Some(rate), ..Offer::new(id(1), TenderKind::ForeignCash, received) };
        // Exact: minor x rate, in cents.
        let tens = i128::from(10_u32.pow(scale + currency(code).exponent()));
        let exact_times = i128::from(foreign) * i128::from(mantissa) * 100;
        match take(offer, eur(due), rounding) {
            Ok(tender) => {
                let value = i128::from(tender.received.minor());
                prop_assert!((value * tens - exact_times).abs() * 2 <= tens);
                let change = tender.change()?;
                prop_assert_eq!(change.currency(), Currency::EUR);
                prop_assert!(!change.is_negative() && change.minor() % step == 0);
                prop_assert!(tender.amount.minor() <= due);
                prop_assert!(tender.rounding.minor().abs() * 2 <= step);
                if tender.amount.minor() < due {
                    prop_assert!(change.is_zero() && tender.rounding.is_zero());
                }
                let kept = tender.foreign.ok_or_else(|| TestCaseError::fail("no foreign"))?;
                prop_assert_eq!(kept.received, received);
            }
            Err(error) => {
                // Only what is worth less than half a cent.
                prop_assert_eq!(error, TenderError::NotPositive);
                prop_assert!(exact_times * 2 < tens);
            }
        }
    }
}
