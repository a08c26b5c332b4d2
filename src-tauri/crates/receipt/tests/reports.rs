//! X and Z reports, and slips.

use countertop_domain::credit::CreditKind;
use countertop_domain::money::{Currency, Money};
use countertop_receipt::report::{Stage, of_shift};
use countertop_receipt::slip::{Credit, of_account_payment, of_cancel, of_credit, of_deposit};
use countertop_receipt::{Block, Kind, ReceiptDoc, text};

use crate::common::shifts::{
    account_payment, cancelled, closed, deposit, facts, opened, order, totals,
};
use crate::common::till::{AT, Tried, eur};
use crate::common::{Outcome, letterhead};

pub(crate) fn z() -> Tried<ReceiptDoc> {
    Ok(of_shift(&facts(&opened()), Stage::Closed(&closed()?), &letterhead(), Kind::Original)?)
}

pub(crate) fn x(blind: bool) -> Tried<ReceiptDoc> {
    let totals = totals()?;
    let stage = Stage::Open { totals: &totals, at: AT, by: "Zoë Łaska", blind };
    Ok(of_shift(&facts(&opened()), stage, &letterhead(), Kind::Original)?)
}

pub(crate) fn deposit_slip() -> Tried<ReceiptDoc> {
    let (before, now) = (deposit(940, 5000)?, deposit(941, 10_000)?);
    Ok(of_deposit(&order(), &[before], &now, &letterhead(), Kind::Original)?)
}

pub(crate) fn cancel_slip(kind: Kind) -> Tried<ReceiptDoc> {
    let deposits = [deposit(940, 5000)?, deposit(941, 10_000)?];
    Ok(of_cancel(&order(), &deposits, &cancelled()?, &letterhead(), kind)?)
}

pub(crate) fn account_slip(kind: Kind) -> Tried<ReceiptDoc> {
    Ok(of_account_payment(&account_payment()?, eur(9950), &letterhead(), kind)?)
}

pub(crate) fn credit_slip() -> ReceiptDoc {
    let credit = Credit {
        kind: CreditKind::StoreCredit,
        code: "SC-4F7K-22Q9",
        value: eur(3338),
        balance: None,
        customer: Some("Anna Berg"),
        receipt: Some("T1-1053"),
        at: AT,
        by: "Zoë Łaska",
    };
    of_credit(&credit, &letterhead(), Kind::Original)
}

fn euros(printed: &str) -> Tried<i64> {
    let plain = printed.replace("EUR ", "").replace(',', "").replace('\u{2212}', "-");
    Ok(Money::parse(&plain, Currency::EUR)?.minor())
}

/// The amounts and subtotals of each section, by its heading.
type Section = (String, Vec<(String, i64)>, Vec<(String, i64)>);

fn sections(doc: &ReceiptDoc) -> Tried<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for block in &doc.blocks {
        match block {
            Block::Section(text) => sections.push((text.clone(), Vec::new(), Vec::new())),
            Block::Amount { label, amount } => {
                let amounts = &mut sections.last_mut().ok_or("an amount before a section")?.1;
                amounts.push((label.clone(), euros(amount)?));
            }
            Block::Subtotal { label, amount } => {
                let sums = &mut sections.last_mut().ok_or("a sum before a section")?.2;
                sums.push((label.clone(), euros(amount)?));
            }
            _ => {}
        }
    }
    Ok(sections)
}

#[test]
fn every_sum_of_a_z_report_can_be_added_up() -> Outcome {
    let z = z()?;
    let sections = sections(&z)?;
    let sum = |rows: &[(String, i64)]| rows.iter().map(|(_, amount)| amount).sum::<i64>();
    let names: Vec<&str> = sections.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["Takings", "Payments", "Drawer EUR", "Drawer USD"]);
    let (_, taken, taken_sums) = &sections[0];
    assert_eq!(sum(&taken[..2]), taken_sums[0].1, "net and tax are the takings");
    assert_eq!(sum(taken), taken_sums[1].1, "with tips, deposits and accounts");
    let (_, payments, payment_sums) = &sections[1];
    assert_eq!(sum(payments), payment_sums[0].1);
    assert_eq!(payment_sums[0].1, taken_sums[1].1, "what was taken is what was paid");
    for (name, rows, sums) in &sections[2..] {
        let [expected, counted, difference] = [&sums[0], &sums[1], &sums[2]];
        assert_eq!(sum(rows), expected.1, "{name}");
        assert_eq!(counted.1 - expected.1, difference.1, "{name}");
    }
    // Each row for itself, lest one wrong row hide behind another.
    let rows: Vec<(&str, i64)> = sections[2].1.iter().map(|(l, a)| (l.as_str(), *a)).collect();
    let cash = payments.iter().find(|(label, _)| label == "Cash (5)").ok_or("no cash")?.1;
    assert_eq!(
        rows,
        [
            ("Float", 20_000),
            ("Cash", cash),
            ("Cash rounding", -1),
            ("Change for foreign cash", -1029),
            ("Paid in (1)", 5000),
            ("Paid out (1)", -1250),
            ("To the safe (1)", -10_000),
        ]
    );
    assert_eq!(sections[2].2[2], ("Short".to_owned(), -5));
    assert_eq!(sections[3].2[2], ("Over or short".to_owned(), 0));
    Ok(())
}

#[test]
fn who_counts_blind_sees_neither_payments_nor_drawer() -> Outcome {
    let names = |doc: &ReceiptDoc| -> Tried<Vec<String>> {
        Ok(sections(doc)?.into_iter().map(|(name, ..)| name).collect())
    };
    assert_eq!(names(&x(true)?)?, ["Takings"]);
    assert_eq!(names(&x(false)?)?, ["Takings", "Payments", "Drawer EUR", "Drawer USD"]);
    assert!(!text::render(&x(false)?, 48).contains("Grand total"));
    Ok(())
}

#[test]
fn a_deposit_slip_says_what_is_left_however_often_it_is_printed() -> Outcome {
    let slip = text::render(&deposit_slip()?, 48);
    let row = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows: Vec<String> = slip.lines().map(row).collect();
    for wanted in [
        "Order O-17 (Layaway)",
        "Order total 499.00",
        "Paid before \u{2212}50.00",
        "Paid now \u{2212}100.00",
        "Left to pay EUR 349.00",
        "Cash received 100.00",
    ] {
        assert!(rows.iter().any(|row| row == wanted), "{wanted}: {slip}");
    }
    Ok(())
}

#[test]
fn a_cancelled_order_shows_what_is_kept_with_its_tax_and_what_goes_back() -> Outcome {
    let printed = text::render(&cancel_slip(Kind::Original)?, 42);
    let rows: Vec<String> =
        printed.lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for wanted in [
        "Paid before 150.00",
        "Fee kept \u{2212}30.00",
        "Given back EUR 120.00",
        "Paid out: Cash \u{2212}120.00",
        "VAT 20% 25.00 5.00",
        "Net and tax 25.00 5.00",
    ] {
        assert!(rows.iter().any(|row| row == wanted), "{wanted} is missing:\n{printed}");
    }
    Ok(())
}

#[test]
fn a_customers_own_credit_shows_no_code() {
    let credit = Credit {
        kind: CreditKind::StoreCredit,
        code: "",
        value: eur(500),
        balance: Some(eur(1500)),
        customer: Some("Anna Berg"),
        receipt: None,
        at: AT,
        by: "Zo\u{eb}",
    };
    let doc = of_credit(&credit, &letterhead(), Kind::Original);
    let is_code = |block: &Block| matches!(block, Block::Barcode(_) | Block::Qr(_));
    assert!(!doc.blocks.iter().any(is_code));
    assert_eq!(doc.title, "Store credit Anna Berg");
}

/// A stored paper is copied as it is; that must be what a copy made from the facts would be.
#[test]
fn a_copy_of_a_paper_is_that_paper_with_a_banner_at_both_ends() -> Outcome {
    let words = letterhead().words;
    let copy = of_shift(&facts(&opened()), Stage::Closed(&closed()?), &letterhead(), Kind::Copy)?;
    assert_eq!(z()?.copied(&words), copy);
    assert_eq!(cancel_slip(Kind::Original)?.copied(&words), cancel_slip(Kind::Copy)?);
    assert_eq!(account_slip(Kind::Original)?.copied(&words), account_slip(Kind::Copy)?);
    // A copy of a copy says it once.
    assert_eq!(copy.clone().copied(&words), copy);
    Ok(())
}
