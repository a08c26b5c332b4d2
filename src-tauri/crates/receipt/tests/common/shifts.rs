//! A shift of a day, with a little of everything.

use countertop_domain::credit::AccountPayment;
use countertop_domain::ids::ShiftId;
use countertop_domain::money::{Currency, Money};
use countertop_domain::order::{DepositTaken, Fee, HeldOrder, HeldOrderKind, OrderCancelled};
use countertop_domain::pricing::TaxSum;
use countertop_domain::shift::{
    CashMove, CashMoveKind, Counted, DrawerCash, Pieces, ShiftClose, ShiftOpen, ShiftTotals, count,
};
use countertop_domain::tax::{Rate, Tax, TaxMode};
use countertop_domain::tender::{Offer, PayOut, Tender, TenderKind, pay_out, take};
use countertop_domain::time::Timestamp;
use countertop_receipt::report::ShiftFacts;

use super::sales;
use super::till::{AT, Tried, customer, eur, id, zoe};

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::parse("USD").unwrap()).unwrap()
}

fn cash(number: u64, minor: i64) -> Tried<Tender> {
    Ok(take(Offer::new(id(number), TenderKind::Cash, eur(minor)), eur(minor), None)?)
}

pub(crate) fn opened() -> ShiftOpen {
    ShiftOpen {
        shift: id(3),
        business_day: AT.local_day(),
        at: Timestamp { utc_ms: AT.utc_ms - 6 * 3_600_000, ..AT },
        actor: zoe(),
        float: eur(20_000),
        pieces: Vec::new(),
        foreign: vec![DrawerCash { amount: usd(2000), value: eur(1843) }],
    }
}

pub(crate) fn facts(open: &ShiftOpen) -> ShiftFacts<'_> {
    ShiftFacts {
        shift: open.shift,
        register: "T1",
        business_day: "2026-11-23",
        opened_at: open.at,
        opened_by: &open.actor.name,
        float: open.float,
        foreign_float: &open.foreign,
    }
}

pub(crate) fn order() -> HeldOrder {
    HeldOrder {
        order: id(900),
        number: "O-17".to_owned(),
        kind: HeldOrderKind::Layaway,
        basket: id(910),
        customer: Some(customer("Anna Berg")),
        due: Some(AT.local_day()),
        note: String::new(),
        total: eur(49_900),
        at: AT,
        actor: zoe(),
    }
}

pub(crate) fn deposit(number: u64, minor: i64) -> Tried<DepositTaken> {
    let tender = cash(number, minor)?;
    Ok(DepositTaken { order: id(900), shift: id(3), tender, at: AT, actor: zoe() })
}

/// Both deposits are in cash; a fifth of VAT is inside the fee that is kept of them.
pub(crate) fn cancelled() -> Tried<OrderCancelled> {
    let wish = PayOut::new(id(942), TenderKind::Cash, eur(12_000));
    let vat = Tax::percent("vat-20", "VAT", Rate::new(20.into())?, TaxMode::Inclusive);
    let taxes = vec![TaxSum { tax: vat, base: eur(2500), amount: eur(500) }];
    Ok(OrderCancelled {
        order: id(900),
        shift: id(3),
        reason: "Moved away".to_owned(),
        refunds: vec![pay_out(wish, eur(-12_000), None)?],
        kept: eur(3000),
        fee: Some(Fee { net: eur(2500), tax: eur(500), total: eur(3000), taxes }),
        at: AT,
        actor: zoe(),
    })
}

pub(crate) fn account_payment() -> Tried<AccountPayment> {
    Ok(AccountPayment {
        customer: id(950),
        name: "Anna Berg".to_owned(),
        tender: cash(951, 4000)?,
        shift: id(3),
        at: AT,
        actor: zoe(),
    })
}

/// Every kind of sale, a deposit, a payment on an account, and cash in and out.
pub(crate) fn totals() -> Tried<ShiftTotals> {
    let mut totals = ShiftTotals::new(Currency::EUR);
    totals.add_open(&opened())?;
    for (_, sale) in sales::all()? {
        totals.add_sale(&sale)?;
    }
    totals.add_deposit(&deposit(920, 10_000)?)?;
    totals.add_account_payment(&AccountPayment {
        customer: id(700),
        name: "Anna Berg".to_owned(),
        tender: cash(921, 3000)?,
        shift: id(3),
        at: AT,
        actor: zoe(),
    })?;
    let moves = [
        (CashMoveKind::PayIn, eur(5000), None),
        (CashMoveKind::PayOut, eur(1250), None),
        (CashMoveKind::SafeDrop, eur(10_000), None),
        (CashMoveKind::SafeDrop, usd(5000), Some(eur(4608))),
        (CashMoveKind::NoSale, eur(0), None),
    ];
    for (number, (kind, amount, value)) in (930..).zip(moves) {
        let reason = "Because".to_owned();
        let shift: ShiftId = id(3);
        let id = id(number);
        totals.add_move(&CashMove {
            id,
            shift,
            at: AT,
            actor: zoe(),
            kind,
            amount,
            value,
            reason,
        })?;
    }
    totals.add_void();
    Ok(totals)
}

/// The same shift, counted five cents short.
pub(crate) fn closed() -> Tried<ShiftClose> {
    let totals = totals()?;
    let expected = totals.expected(Currency::EUR);
    let rest = expected.minor() - 5 - 20_000 - 305;
    let piece = |value, count| Pieces { value: eur(value), count };
    let pieces = vec![
        piece(5000, 4),
        piece(100, 3),
        piece(5, 1),
        piece(2, 0),
        piece(rest, u32::from(rest > 0)),
    ];
    let found = vec![
        Counted::of_pieces(Currency::EUR, pieces)?,
        Counted { amount: totals.expected(usd(0).currency()), pieces: Vec::new() },
    ];
    let counts = count(&totals.drawer, found)?;
    let grand_total = totals.grand_total_after(eur(1_234_567))?;
    Ok(ShiftClose {
        shift: id(3),
        z_number: 12,
        series: "T1".to_owned(),
        at: AT,
        actor: zoe(),
        counts,
        totals,
        grand_total,
    })
}
