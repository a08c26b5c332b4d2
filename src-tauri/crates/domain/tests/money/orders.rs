//! Quotes, layaways and orders: what may be paid ahead, and what comes back.

use countertop_domain::ids::{BasketId, HeldOrderId, ShiftId};
use countertop_domain::money::Currency;
use countertop_domain::order::{
    DepositTaken, Fee, HeldOrder, HeldOrderKind, OrderCancelled, OrderError, check_cancel,
    check_deposit, deposited, left_to_pay,
};
use countertop_domain::posting::{self, Account};
use countertop_domain::pricing::TaxSum;
use countertop_domain::shift::ShiftTotals;
use countertop_domain::tax::{Rate, Tax, TaxMode};
use countertop_domain::tender::{Offer, PayOut, Tender, TenderKind, TenderState, pay_out, take};

use crate::shop::{Outcome, SHIFT, actor, at, day, eur, id, steps, uuid};

pub(crate) fn order(kind: HeldOrderKind) -> HeldOrder {
    HeldOrder {
        order: HeldOrderId::new(uuid(1)),
        number: "O-1".to_owned(),
        kind,
        basket: BasketId::new(uuid(1)),
        customer: None,
        due: Some(day()),
        note: String::new(),
        total: eur(10_000),
        at: at(),
        actor: actor(),
    }
}

pub(crate) fn paid(minor: i64) -> Tender {
    take(Offer::new(id(1), TenderKind::CardExternal, eur(minor)), eur(minor), None).unwrap()
}

pub(crate) fn deposit(tender: Tender) -> DepositTaken {
    DepositTaken {
        order: HeldOrderId::new(uuid(1)),
        shift: ShiftId::new(uuid(SHIFT)),
        tender,
        at: at(),
        actor: actor(),
    }
}

/// A fee with a fifth of VAT inside.
fn fee(kept: i64) -> Fee {
    let tax = eur(kept / 6);
    let net = eur(kept - kept / 6);
    let vat = Tax::percent("vat-20", "VAT", Rate::new(20.into()).unwrap(), TaxMode::Inclusive);
    Fee { net, tax, total: eur(kept), taxes: vec![TaxSum { tax: vat, base: net, amount: tax }] }
}

pub(crate) fn cancelled(refunds: Vec<Tender>, kept: i64) -> OrderCancelled {
    OrderCancelled {
        order: HeldOrderId::new(uuid(1)),
        shift: ShiftId::new(uuid(SHIFT)),
        reason: "changed their mind".to_owned(),
        refunds,
        kept: eur(kept),
        fee: (kept > 0).then(|| fee(kept)),
        at: at(),
        actor: actor(),
    }
}

fn out(minor: i64) -> Tender {
    let wish = PayOut::new(id(2), TenderKind::CardExternal, eur(minor));
    pay_out(wish, eur(-minor), None).unwrap()
}

#[test]
fn a_quote_takes_no_deposit() {
    let refused = check_deposit(&order(HeldOrderKind::Quote), &[], &paid(100)).unwrap_err();
    assert_eq!(refused, OrderError::QuoteTakesNoDeposit);
    for kind in HeldOrderKind::ALL {
        assert_eq!(HeldOrderKind::parse(kind.name()), Some(kind));
        let taken = check_deposit(&order(kind), &[], &paid(100)).is_ok();
        assert_eq!(taken, kind != HeldOrderKind::Quote);
    }
}

#[test]
fn deposits_never_come_to_more_than_the_total() -> Outcome {
    let order = order(HeldOrderKind::Layaway);
    let deposits = [deposit(paid(3_000)), deposit(paid(6_500))];
    assert_eq!(deposited(&order, &deposits)?, eur(9_500));
    assert_eq!(left_to_pay(&order, &deposits)?, eur(500));
    assert_eq!(check_deposit(&order, &deposits, &paid(500)), Ok(()));
    let refused = check_deposit(&order, &deposits, &paid(501)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "5.01 EUR is more than the 5.00 EUR left to pay on this order: take 5.00 EUR or less"
    );
    let other = DepositTaken { order: HeldOrderId::new(uuid(2)), ..deposit(paid(3_000)) };
    assert_eq!(deposited(&order, &[other])?, eur(0));
    let announced = Tender { state: TenderState::Pending, ..paid(100) };
    let refused = check_deposit(&order, &[], &announced);
    assert_eq!(refused, Err(OrderError::Pending { amount: eur(100) }));
    let backwards = Tender { amount: eur(-100), ..paid(100) };
    assert_eq!(check_deposit(&order, &[], &backwards), Err(OrderError::NotPositive));
    Ok(())
}

#[test]
fn a_cancelled_order_gives_back_what_was_paid_less_the_fee() {
    let order = order(HeldOrderKind::Collect);
    let deposits = [deposit(paid(3_000)), deposit(paid(2_000))];
    let check = |refunds, kept| check_cancel(&order, &deposits, &cancelled(refunds, kept));
    assert_eq!(check(vec![out(5_000)], 0), Ok(()));
    assert_eq!(check(vec![out(3_000), out(1_500)], 500), Ok(()));
    assert_eq!(check(Vec::new(), 5_000), Ok(()));
    let refused = check(vec![out(5_001)], 0).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "50.00 EUR was paid on this order, but 50.01 EUR would go back and 0.00 EUR be kept: \
         change one of them so that they add up"
    );
    assert!(matches!(check(vec![out(4_000)], 0), Err(OrderError::DoesNotAddUp { .. })));
    assert!(matches!(check(vec![out(5_000)], 1), Err(OrderError::DoesNotAddUp { .. })));
    assert_eq!(check(vec![out(5_100)], -100), Err(OrderError::NegativeFee));
    // Money cannot be taken in under the name of a refund.
    let taken = check(vec![out(6_000), paid(1_000)], 0);
    assert!(matches!(taken, Err(OrderError::DoesNotAddUp { .. })));
}

#[test]
fn a_deposit_in_rounded_cash_counts_with_its_amount() -> Outcome {
    let order = order(HeldOrderKind::Deliver);
    let cash = take(Offer::new(id(1), TenderKind::Cash, eur(1_000)), eur(998), steps(5))?;
    assert_eq!(check_deposit(&order, &[], &cash), Ok(()));
    assert_eq!(deposited(&order, &[deposit(cash)])?, eur(998));
    Ok(())
}

#[test]
fn a_fee_is_earned_and_its_tax_is_owed_to_the_tax_office() -> Outcome {
    let cancelled = cancelled(vec![out(4_400)], 600);
    let postings = posting::of_order_cancel(&cancelled)?;
    let on = |account| {
        let one = postings.iter().find(|posting| posting.account == account);
        one.map(|posting| posting.amount.minor())
    };
    assert_eq!(
        [Account::Deposits, Account::CardExternal, Account::Fees, Account::Tax].map(on),
        [Some(5_000), Some(-4_400), Some(-500), Some(-100)]
    );
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_deposit(&deposit(paid(5_000)))?;
    totals.add_cancel(&cancelled)?;
    // What is left of the deposit is takings now, and its tax stands among the shift's.
    assert_eq!([totals.deposits, totals.takings], [eur(0), eur(600)]);
    assert_eq!([totals.net, totals.tax], [eur(500), eur(100)]);
    let tax: Vec<_> = totals.taxes.iter().map(|row| (&*row.code, row.base, row.amount)).collect();
    assert_eq!(tax, [("vat-20", eur(500), eur(100))]);
    Ok(())
}

#[test]
fn a_fee_whose_parts_are_not_what_is_kept_is_refused() {
    let order = order(HeldOrderKind::Layaway);
    let deposits = [deposit(paid(5_000))];
    let check = |fee| {
        let cancelled = OrderCancelled { fee: Some(fee), ..cancelled(vec![out(4_400)], 600) };
        check_cancel(&order, &deposits, &cancelled)
    };
    assert_eq!(check(fee(600)), Ok(()));
    let refused = Err(OrderError::FeeDoesNotAddUp { kept: eur(600) });
    assert_eq!(check(fee(1_200)), refused);
    assert_eq!(check(Fee { net: eur(499), ..fee(600) }), refused);
    assert_eq!(check(Fee { taxes: Vec::new(), ..fee(600) }), refused);
}

#[test]
fn a_cancellation_from_before_fees_were_taxed_reads_and_books_as_it_did() -> Outcome {
    let old = OrderCancelled { fee: None, ..cancelled(vec![out(4_400)], 600) };
    let text = serde_json::to_string(&old)?;
    assert!(!text.contains("fee"), "{text}");
    assert_eq!(serde_json::from_str::<OrderCancelled>(&text)?, old);
    let fees = posting::of_order_cancel(&old)?;
    let fees = fees.iter().find(|posting| posting.account == Account::Fees);
    assert_eq!(fees.map(|posting| posting.amount), Some(eur(-600)));
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_cancel(&old)?;
    assert_eq!(totals.takings, eur(0));
    Ok(())
}
