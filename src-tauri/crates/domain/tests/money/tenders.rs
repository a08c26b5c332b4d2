//! Every way to pay, and what each refuses.

use countertop_domain::ids::TenderId;
use countertop_domain::money::{Currency, Money};
use countertop_domain::returns::TenderLeft;
use countertop_domain::tender::{
    Offer, PayOut, Tender, TenderError, TenderKind, TenderState, home_value, pay_out, take,
};
use rust_decimal::Decimal;

use crate::shop::{Outcome, currency, eur, id, money, steps};

fn offer(kind: TenderKind, minor: i64) -> Offer {
    let reference = kind.needs_reference().then(|| "C-1".to_owned());
    let name = (kind == TenderKind::Custom).then(|| "Meal card".to_owned());
    Offer { reference, name, ..Offer::new(id(1), kind, eur(minor)) }
}

const TO_THE_CENT: [TenderKind; 9] = [
    TenderKind::CardExternal,
    TenderKind::GiftCard,
    TenderKind::StoreCredit,
    TenderKind::OnAccount,
    TenderKind::Voucher,
    TenderKind::BankTransfer,
    TenderKind::Wallet,
    TenderKind::Deposit,
    TenderKind::Custom,
];

#[test]
fn cash_gives_change_and_nothing_else_does() -> Outcome {
    let cash = |offered, due| take(offer(TenderKind::Cash, offered), eur(due), None);
    assert_eq!(cash(2000, 1265)?.change()?, eur(735));
    assert_eq!(cash(500, 1265)?.amount, eur(500));
    assert_eq!(cash(0, 1265), Err(TenderError::NotPositive));
    assert_eq!(cash(-5, 1265), Err(TenderError::NotPositive));
    for kind in TO_THE_CENT {
        let exact = take(offer(kind, 1265), eur(1265), None)?;
        assert_eq!((exact.amount, exact.change()?), (eur(1265), eur(0)));
        let refused = take(offer(kind, 1266), eur(1265), None).unwrap_err();
        assert!(matches!(refused, TenderError::MoreThanDue { .. }));
        assert_eq!(
            refused.to_string(),
            format!(
                "12.66 EUR is more than the 12.65 EUR left to pay: {} gives no change",
                kind.in_words()
            )
        );
        assert_eq!(take(offer(kind, 0), eur(1265), None), Err(TenderError::NotPositive));
        assert_eq!(take(offer(kind, -1), eur(1265), None), Err(TenderError::NotPositive));
    }
    Ok(())
}

#[test]
fn nothing_is_taken_for_a_sale_that_is_paid_or_owes_the_customer() {
    for kind in TenderKind::ALL {
        assert_eq!(take(offer(kind, 500), eur(0), None), Err(TenderError::NothingDue));
        let owed = take(offer(kind, 500), eur(-300), None).unwrap_err();
        assert_eq!(owed, TenderError::OwedToCustomer { owed: eur(300) });
    }
    let words = TenderError::OwedToCustomer { owed: eur(300) }.to_string();
    assert_eq!(words, "the customer gets 3.00 EUR back: pay it out instead of taking a payment");
}

#[test]
fn transfers_and_wallets_wait_until_the_money_is_seen() -> Outcome {
    for kind in TO_THE_CENT {
        let tender = take(offer(kind, 100), eur(100), None)?;
        let waits = matches!(kind, TenderKind::BankTransfer | TenderKind::Wallet);
        assert_eq!(tender.is_pending(), waits, "{kind:?}");
    }
    assert!(!take(offer(TenderKind::Cash, 100), eur(100), None)?.is_pending());
    Ok(())
}

#[test]
fn what_needs_a_reference_is_refused_without_one() {
    for kind in TenderKind::ALL {
        for reference in [None, Some(String::new()), Some("  ".to_owned())] {
            let bare = Offer { reference, ..offer(kind, 100) };
            let refused = take(bare, eur(100), None);
            let needs = matches!(refused, Err(TenderError::NeedsReference { .. }));
            assert_eq!(needs, kind.needs_reference(), "{kind:?}");
        }
    }
    let words = TenderError::NeedsReference { kind: TenderKind::GiftCard }.to_string();
    assert_eq!(words, "a gift card needs the card's code: scan or enter it");
    let nameless = Offer { name: None, ..offer(TenderKind::Custom, 100) };
    assert_eq!(take(nameless, eur(100), None), Err(TenderError::NeedsName));
    let long = Some("x".repeat(Tender::MAX_TEXT + 1));
    let wordy = Offer { reference: long, ..offer(TenderKind::Voucher, 100) };
    assert_eq!(take(wordy, eur(100), None), Err(TenderError::TextTooLong));
}

#[test]
fn dollars_pay_euros_and_change_is_in_euros() -> Outcome {
    let dollars = |minor, rate: Option<&str>| {
        let rate = rate.map(|text| text.parse::<Decimal>().unwrap());
        let received = money(minor, currency("USD"));
        take(
            Offer { rate, ..Offer::new(id(1), TenderKind::ForeignCash, received) },
            eur(4465),
            None,
        )
    };
    // 50.00 USD at 0.9215 are 46.075, so 46.08 EUR.
    let paid = dollars(5000, Some("0.92150"))?;
    assert_eq!((paid.amount, paid.received, paid.change()?), (eur(4465), eur(4608), eur(143)));
    let foreign = paid.foreign.ok_or("no foreign cash")?;
    assert_eq!(foreign.received, money(5000, currency("USD")));
    assert_eq!(foreign.rate.to_string(), "0.9215");
    let part = dollars(2000, Some("0.9215"))?;
    assert_eq!((part.amount, part.change()?), (eur(1843), eur(0)));

    assert_eq!(dollars(5000, None), Err(TenderError::NeedsRate { currency: "USD" }));
    for rate in ["0", "-1", "0.12345678901"] {
        assert!(matches!(dollars(5000, Some(rate)), Err(TenderError::BadRate { .. })), "{rate}");
    }
    let own = Offer { rate: Some(Decimal::ONE), ..offer(TenderKind::ForeignCash, 500) };
    assert_eq!(take(own, eur(500), None), Err(TenderError::NotForeign { currency: "EUR" }));
    // As plain cash it is another currency, and refused as such.
    let mixed = Offer::new(id(1), TenderKind::Cash, money(500, currency("USD")));
    assert!(matches!(take(mixed, eur(500), None), Err(TenderError::Money(_))));
    Ok(())
}

#[test]
fn a_rate_knows_the_decimals_of_both_currencies() -> Outcome {
    let value = |minor, from, rate: &str, to| {
        home_value(money(minor, currency(from)), rate.parse().unwrap(), currency(to))
    };
    assert_eq!(value(10_000, "JPY", "0.00613", "EUR")?, eur(6_130));
    assert_eq!(value(1, "KWD", "3.01", "EUR")?, eur(0));
    assert_eq!(value(5_000, "KWD", "3.01", "EUR")?, eur(1_505));
    assert_eq!(value(500, "EUR", "163.2", "JPY")?, money(816, currency("JPY")));
    assert_eq!(value(1, "EUR", "0.5", "USD")?.minor(), 1);
    let huge = value(Money::MAX_MINOR, "USD", "1000000000000", "EUR");
    assert!(matches!(huge, Err(TenderError::Money(_))));
    Ok(())
}

#[test]
fn foreign_cash_settles_a_rounded_due_and_gives_change_that_can_be_counted() -> Outcome {
    let dollars = |minor, due| {
        let received = money(minor, currency("USD"));
        let rate = Some(Decimal::ONE);
        take(
            Offer { rate, ..Offer::new(id(1), TenderKind::ForeignCash, received) },
            eur(due),
            steps(5),
        )
    };
    let paid = dollars(811, 698)?;
    assert_eq!((paid.change()?, paid.rounding), (eur(115), eur(-2)));
    // As much as cash would be asked, or as is due, is enough.
    let enough = dollars(701, 702)?;
    assert_eq!((enough.amount, enough.rounding, enough.change()?), (eur(702), eur(-1), eur(0)));
    let exact = dollars(698, 698)?;
    assert_eq!((exact.amount, exact.rounding, exact.change()?), (eur(698), eur(0), eur(0)));
    let short = dollars(697, 698)?;
    assert_eq!((short.amount, short.rounding), (eur(697), eur(0)));
    Ok(())
}

fn left(kind: TenderKind, left: i64) -> TenderLeft {
    let tender = Tender {
        id: id(7),
        kind,
        amount: eur(1000),
        received: eur(1000),
        rounding: eur(0),
        state: TenderState::Taken,
        reference: None,
        name: None,
        foreign: None,
        refunds: None,
        card: None,
    };
    TenderLeft { tender, left: eur(left), left_handed: eur(left) }
}

#[test]
fn nothing_is_paid_out_above_what_the_customer_gets_or_the_payment_brought() -> Outcome {
    let card = left(TenderKind::CardExternal, 600);
    let wish = |minor| PayOut::new(id(1), TenderKind::CardExternal, eur(minor));
    let paid = pay_out(wish(400).back_to(&card), eur(-400), None)?;
    assert_eq!((paid.amount, paid.received, paid.refunds), (eur(-400), eur(-400), Some(id(7))));
    assert_eq!(
        pay_out(wish(401).back_to(&card), eur(-400), None),
        Err(TenderError::MoreThanOwed { wished: eur(401), owed: eur(400) })
    );
    let refused = pay_out(wish(601).back_to(&card), eur(-900), None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "6.01 EUR is more than the 6.00 EUR left of that payment: pay the rest another way"
    );
    let spent = left(TenderKind::CardExternal, 0);
    let refused = pay_out(wish(1).back_to(&spent), eur(-900), None);
    assert!(matches!(refused, Err(TenderError::MoreThanPaid { .. })));
    assert_eq!(pay_out(wish(0), eur(-400), None), Err(TenderError::NotPositive));
    assert_eq!(pay_out(wish(-1), eur(-400), None), Err(TenderError::NotPositive));
    assert_eq!(pay_out(wish(1), eur(400), None), Err(TenderError::NothingOwed { due: eur(400) }));
    assert_eq!(pay_out(wish(1), eur(0), None), Err(TenderError::NothingDue));
    Ok(())
}

#[test]
fn foreign_cash_and_deposits_go_back_as_cash() {
    for kind in TenderKind::ALL {
        let wish = PayOut {
            reference: Some("C-1".to_owned()),
            name: Some("Meal card".to_owned()),
            ..PayOut::new(id(1), kind, eur(100))
        };
        let refused = pay_out(wish, eur(-100), None);
        let cannot = matches!(kind, TenderKind::ForeignCash | TenderKind::Deposit);
        assert_eq!(refused == Err(TenderError::CannotPayOut { kind }), cannot, "{kind:?}");
        let goes_back_as = left(kind, 100).goes_back_as();
        assert_eq!(goes_back_as, if cannot { TenderKind::Cash } else { kind });
    }
}

#[test]
fn cash_in_parts_comes_back_in_parts_that_add_up_to_what_was_handed_over() -> Outcome {
    // 7.02 was paid with 7.00. Three thirds of 2.34 would each be 2.35.
    let paid = take(Offer::new(id(1), TenderKind::Cash, eur(700)), eur(702), steps(5))?;
    let mut left = TenderLeft { left: paid.amount, left_handed: paid.handed()?, tender: paid };
    let mut out = Vec::new();
    for _ in 0..3 {
        let most = countertop_domain::tender::most_to_pay_out(
            TenderKind::Cash,
            eur(-234),
            Some(&left),
            steps(5),
        )?;
        let wish = PayOut::new(id(2), TenderKind::Cash, most).back_to(&left);
        let back = pay_out(wish, eur(-234), steps(5))?;
        assert_eq!(back.amount, eur(-234));
        out.push(back.received.minor());
        left.left = left.left.plus(back.amount)?;
        left.left_handed = left.left_handed.plus(back.handed()?)?;
    }
    assert_eq!(out, [-235, -235, -230]);
    assert!(left.left.is_zero() && left.left_handed.is_zero());
    Ok(())
}

#[test]
fn the_last_of_a_payment_never_goes_back_for_fewer_coins_than_it_brought() -> Outcome {
    // 10.02 settled with foreign cash worth 10.04; 9.97 of it went back as 9.95.
    let mut last = left(TenderKind::ForeignCash, 5);
    last.tender = Tender { amount: eur(1002), rounding: eur(2), ..last.tender };
    last.left_handed = eur(1004 - 995);
    let out = |minor| {
        let wish = PayOut::new(id(2), TenderKind::Cash, eur(minor)).back_to(&last);
        pay_out(wish, eur(-5), steps(5))
    };
    assert_eq!(
        out(5).unwrap_err().to_string(),
        "0.10 EUR in cash settles what is left of that payment, not 0.05 EUR: pay out 0.10 EUR"
    );
    let all = out(10)?;
    assert_eq!((all.amount, all.received, all.rounding), (eur(-5), eur(-10), eur(-5)));
    Ok(())
}

#[test]
fn a_tender_is_written_short_and_read_as_it_was() -> Outcome {
    let plain = take(offer(TenderKind::Cash, 2000), eur(1265), None)?;
    let text = serde_json::to_string(&plain)?;
    for absent in ["rounding", "state", "reference", "name", "foreign", "refunds"] {
        assert!(!text.contains(absent), "{text}");
    }
    assert_eq!(serde_json::from_str::<Tender>(&text)?, plain);

    let received = money(5000, currency("USD"));
    let rate = Some("0.9215".parse()?);
    let rich = Offer { rate, ..Offer::new(id(1), TenderKind::ForeignCash, received) };
    let rich = Tender {
        refunds: Some(TenderId::new(uuid::Uuid::nil())),
        state: TenderState::Pending,
        reference: Some("x".to_owned()),
        ..take(rich, eur(4464), steps(5))?
    };
    assert!(!rich.rounding.is_zero());
    let text = serde_json::to_string(&rich)?;
    assert_eq!(serde_json::from_str::<Tender>(&text)?, rich);
    assert_eq!(rich.amount.currency(), Currency::EUR);
    Ok(())
}

#[test]
fn every_kind_reads_back_by_its_name() -> Outcome {
    for kind in TenderKind::ALL {
        assert_eq!(TenderKind::parse(kind.name()), Some(kind));
        assert_eq!(serde_json::to_string(&kind)?, format!("\"{}\"", kind.name()));
    }
    assert_eq!(TenderKind::parse("seashells"), None);
    Ok(())
}
