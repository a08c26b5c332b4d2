//! What each kind of receipt says, and what it must not.

use countertop_domain::pricing::Adjustment;
use countertop_domain::sale::Sale;
use countertop_domain::tender::{Offer, TenderKind};
use countertop_receipt::{Block, Kind, ReceiptDoc, SaleNames, html, text};

use crate::common::till::{Till, Tried, eur, id};
use crate::common::{Outcome, letterhead, sales};

fn rows(doc: &ReceiptDoc) -> Vec<String> {
    let row = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text::render(doc, 64).lines().map(row).collect()
}

fn printed(sale: &Sale) -> Vec<String> {
    rows(&ReceiptDoc::of_sale(sale, &letterhead(), Kind::Original))
}

/// Each of `wanted` is a row, in this order.
fn says(rows: &[String], wanted: &[&str]) {
    let mut from = 0;
    for one in wanted {
        let found = rows.iter().skip(from).position(|row| row == one);
        let found = found.unwrap_or_else(|| panic!("{one:?} after row {from} of {rows:#?}"));
        from += found + 1;
    }
}

#[test]
fn every_reduction_stands_under_its_line_and_a_discount_on_everything_once() -> Outcome {
    let rows = printed(&sales::promotions()?);
    says(
        &rows,
        &[
            "Customer Anna Berg",
            "Green tea 11.85",
            "3 x 3.95",
            "Tea: 3 for 2 \u{2212}3.95",
            "Teapot 45.00",
            "Coupon SPRING-77Q (Spring) \u{2212}4.50",
            "Cup 20.00",
            "2 x 10.00",
            "List price 12.50 (Members)",
            "Bowl 18.00",
            "Discount 15% (Chipped) \u{2212}2.70",
            "Subtotal 83.70",
            "Discount (Anniversary) \u{2212}5.00",
            "Total EUR 78.70",
        ],
    );
    assert_eq!(rows.iter().filter(|row| row.contains("Anniversary")).count(), 1);
    Ok(())
}

#[test]
fn equal_reductions_become_one_only_where_their_names_are_equal() -> Outcome {
    let mut sale = sales::promotions()?;
    let line = sale.lines.first_mut().ok_or("a line")?;
    let one = line.adjustments.first().ok_or("a promotion")?.clone();
    let same = Adjustment { amount: eur(-100), ..one.clone() };
    let renamed = Adjustment { name: "Tea week".to_owned(), amount: eur(-100), ..one };
    line.adjustments.extend([same, renamed]);
    let rows = printed(&sale);
    // Another name is another promise to the customer, be it of the same rule.
    says(&rows, &["Tea: 3 for 2 \u{2212}4.95", "Tea week \u{2212}1.00"]);
    Ok(())
}

#[test]
fn a_refund_is_headed_as_one_and_names_the_receipt_that_it_takes_back() -> Outcome {
    let sale = sales::refund()?;
    let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
    assert_eq!(doc.title, "Refund T1-1051");
    says(
        &rows(&doc),
        &[
            "Refund",
            "Receipt T1-1051",
            "Returned: Green tea \u{2212}3.95",
            "Receipt T1-1050",
            "Wrong kind",
            "Returned: Teapot \u{2212}45.00",
            "Lid is broken",
            "Coupon SPRING-77Q (Spring) 4.50",
            "Discount (Anniversary) 2.42",
        ],
    );
    assert!(rows(&doc).iter().any(|row| row.starts_with("Refunded EUR \u{2212}")), "{doc:#?}");
    assert!(rows(&doc).iter().any(|row| row.starts_with("Paid out: Card \u{2212}")), "{doc:#?}");
    assert!(!rows(&doc).iter().any(|row| row.starts_with("Total")), "{doc:#?}");
    Ok(())
}

#[test]
fn cash_is_rounded_in_the_open() -> Outcome {
    // 4.70 and 25.67 are 30.37; 10.37 are left for cash, in steps of five cents.
    says(
        &printed(&sales::split()?),
        &[
            "Total EUR 30.37",
            "Gift card ****0458 10.00",
            "Card 10.00",
            "Cash rounding \u{2212}0.02",
            "To pay in cash 10.35",
            "Cash received 20.00",
            "Change 9.65",
        ],
    );
    says(
        &printed(&sales::refund_in_cash()?),
        &[
            "Refunded EUR \u{2212}19.99",
            "Cash rounding \u{2212}0.01",
            "Paid out: Cash \u{2212}20.00",
        ],
    );
    Ok(())
}

#[test]
fn foreign_cash_shows_its_own_amount_the_rate_and_what_it_was_worth() -> Outcome {
    says(
        &printed(&sales::foreign_cash()?),
        &["Total EUR 45.00", "Foreign cash USD 60.00 at 0.9215 55.29", "Change 10.29"],
    );
    Ok(())
}

#[test]
fn a_tip_stands_between_the_total_and_the_payments() -> Outcome {
    says(
        &printed(&sales::tip()?),
        &[
            "Taxed as away",
            "Total EUR 25.80",
            "Tip 2.58",
            "Total with tip 28.38",
            "Cash rounding 0.02",
            "To pay in cash 28.40",
            "Cash received 50.00",
            "Change 21.60",
        ],
    );
    Ok(())
}

#[test]
fn names_that_a_sale_does_not_keep_come_from_who_prints_it() -> Outcome {
    fn named(sale: &Sale, names: SaleNames<'_>) -> Vec<String> {
        rows(&ReceiptDoc::of_sale_named(sale, names, &letterhead(), Kind::Original))
    }
    let position = SaleNames { position: Some("Take away"), ..SaleNames::default() };
    says(&named(&sales::tip()?, position), &["Taxed as Take away"]);
    let order = SaleNames { order: Some("O-17"), ..SaleNames::default() };
    says(
        &named(&sales::deposit()?, order),
        &[
            "Order O-17",
            "Customer Anna Berg",
            "Total EUR 499.00",
            "Deposit O-17 100.00",
            "Town voucher 20.00",
            "Bank transfer CT-20A4 379.00",
        ],
    );
    // Without them no id is printed in their place.
    says(&printed(&sales::deposit()?), &["Deposit 100.00"]);
    Ok(())
}

#[test]
fn who_pays_no_tax_is_named_and_sees_what_it_makes() -> Outcome {
    says(
        &printed(&sales::exempt()?),
        &[
            "Customer Embassy of Elbonia",
            "Customer's VAT no. EB 40-1177",
            "Taxed as Tax exempt",
            "Teapot 45.00",
            "Oat milk 1 l 4.70",
            "Subtotal 49.70",
            "Tax exempt \u{2212}7.75",
            "Total EUR 41.95",
            "On account Embassy of Elbonia 41.95",
        ],
    );
    Ok(())
}

#[test]
fn taxes_on_taxes_and_by_the_unit_say_what_they_are() -> Outcome {
    says(
        &printed(&sales::compound()?),
        &["Subtotal 29.48", "GST 5% on 25.98 1.30", "QST 9.975% on 27.28 2.72", "Total EUR 33.50"],
    );
    says(
        &printed(&sales::fixed_tax()?),
        &[
            "Bottle fee 0.25 EUR a unit 1.50",
            "Withheld \u{2212}5% on 16.67 \u{2212}0.83",
            "Taxes Base Tax",
        ],
    );
    Ok(())
}

#[test]
fn a_code_that_can_be_spent_is_never_printed_in_full_on_a_receipt() -> Outcome {
    for (name, sale) in sales::all()? {
        let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
        let page = html::page(&doc);
        for code in ["GC-9931-0458", "SC-4F7K-22Q9", "GC-7781-9020"] {
            assert!(!page.contains(code), "{name}: {code}");
        }
    }
    says(&printed(&sales::gift_card()?), &["Gift card 50.00", "Gift card ****9020"]);
    says(
        &printed(&sales::exchange_below_nothing()?),
        &["Refund", "Bought 4.70", "Paid out: Store credit ****22Q9 \u{2212}33.38"],
    );
    Ok(())
}

#[test]
fn what_a_cashier_notes_of_a_card_is_never_printed() -> Outcome {
    let mut till = Till::new(1);
    till.sell("Pen", "standard", "Paper", 200, 1)?;
    let reference = Some("4000 0000 0000 0002".to_owned());
    till.offer(Offer { reference, ..Offer::new(id(1), TenderKind::CardExternal, eur(200)) })?;
    says(&printed(&till.close()?), &["Card 2.00"]);
    Ok(())
}

#[test]
fn a_gift_receipt_tells_no_price_on_any_medium() -> Outcome {
    let amounts = |sale: &Sale| -> Vec<String> {
        let of = |minor: i64| format!("{}.{:02}", minor.abs() / 100, minor.abs() % 100);
        let lines = sale.lines.iter().flat_map(|line| {
            [line.unit_price, line.gross, line.total, line.net].map(|amount| of(amount.minor()))
        });
        lines.chain([of(sale.total.minor())]).collect()
    };
    for (name, sale) in sales::all()? {
        let doc = ReceiptDoc::gift_of_sale(&sale, &letterhead(), Kind::Original);
        let said: Tried<String> = Ok(text::render(&doc, 48) + &html::page(&doc));
        let said = said?;
        for amount in amounts(&sale) {
            assert!(!said.contains(&amount), "{name}: {amount} in {said}");
        }
        assert!(!doc.blocks.iter().any(|block| matches!(block, Block::Qr(_))), "{name}");
        assert!(!said.contains("Anna Berg"), "{name}");
    }
    let doc = ReceiptDoc::gift_of_sale(&sales::split()?, &letterhead(), Kind::Original);
    says(&rows(&doc), &["Gift receipt", "Oat milk 1 l 2", "Comté, 18 months 0.642 kg"]);
    Ok(())
}
