//! Receipts as they were when a person last looked at them. `UPDATE_GOLDEN=1 cargo test` writes
//! them anew; look at the difference before committing it.

use std::path::Path;

use countertop_domain::sale::Sale;

use crate::common::{Outcome, letterhead, receipt, sales, wire};
use crate::reports;
use countertop_receipt::escpos::{self, Profile};
use countertop_receipt::{Kind, ReceiptDoc, SaleNames, html, text};

fn check(name: &str, actual: &str) -> Outcome {
    let path = Path::new("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual)?;
        return Ok(());
    }
    let expected = std::fs::read_to_string(&path)?;
    for (number, (was, is)) in (1..).zip(expected.lines().zip(actual.lines())) {
        assert_eq!(is, was, "{name}, line {number}");
    }
    assert_eq!(actual, expected, "{name}");
    Ok(())
}

#[test]
fn the_text_receipt_is_unchanged() -> Outcome {
    check("receipt-48.txt", &text::render(&receipt(Kind::Original)?, 48))?;
    check("receipt-32.txt", &text::render(&receipt(Kind::Original)?, 32))?;
    check("copy-32.txt", &text::render(&receipt(Kind::Copy)?, 32))
}

#[test]
fn the_html_receipt_is_unchanged() -> Outcome {
    check("receipt.html", &html::page(&receipt(Kind::Original)?))
}

#[test]
fn the_printed_receipt_is_unchanged() -> Outcome {
    let wide = escpos::print(&receipt(Kind::Original)?, &Profile::epson_80mm(), true);
    check("receipt-80mm.escpos.txt", &wire::listing(&wide.bytes)?)?;
    let narrow = escpos::print(&receipt(Kind::Copy)?, &Profile::epson_58mm(), false);
    check("copy-58mm.escpos.txt", &wire::listing(&narrow.bytes)?)
}

/// Each kind of receipt, as it prints for a shop that knows its orders and positions.
fn each() -> Result<Vec<(&'static str, ReceiptDoc)>, Box<dyn std::error::Error>> {
    let names = |sale: &Sale| SaleNames {
        order: sale.order.map(|_| "O-17"),
        position: sale.position.as_deref().map(|_| "Take away"),
    };
    let doc =
        |sale: &Sale| ReceiptDoc::of_sale_named(sale, names(sale), &letterhead(), Kind::Original);
    let mut each: Vec<_> =
        sales::all()?.into_iter().map(|(name, sale)| (name, doc(&sale))).collect();
    let gift = ReceiptDoc::gift_of_sale(&sales::promotions()?, &letterhead(), Kind::Original);
    each.push(("gift-receipt", gift));
    each.push(("deposit-slip", reports::deposit_slip()?));
    each.push(("cancel-slip", reports::cancel_slip(Kind::Original)?));
    each.push(("account-slip", reports::account_slip(Kind::Original)?));
    each.push(("credit-slip", reports::credit_slip()));
    each.push(("z-report", reports::z()?));
    each.push(("x-report", reports::x(false)?));
    Ok(each)
}

#[test]
fn every_kind_of_receipt_is_unchanged() -> Outcome {
    for (name, doc) in each()? {
        check(&format!("{name}.txt"), &text::render(&doc, 42))?;
    }
    Ok(())
}

/// On other media, those that have blocks of their own there.
#[test]
fn the_kinds_that_print_otherwise_are_unchanged() -> Outcome {
    for (name, doc) in each()? {
        if matches!(name, "promotions" | "exchange-refund" | "z-report") {
            // Codes are tried elsewhere, and would be most of the file.
            let page = html::fragment(&doc);
            let plain: String = page
                .lines()
                .filter(|line| !line.starts_with("<svg"))
                .collect::<Vec<_>>()
                .join("\n");
            check(&format!("{name}.html"), &(plain + "\n"))?;
            let printed = escpos::print(&doc, &Profile::epson_80mm(), false);
            check(&format!("{name}.escpos.txt"), &wire::listing(&printed.bytes)?)?;
        }
        if name == "credit-slip" {
            let printed = escpos::print(&doc, &Profile::epson_58mm(), false);
            check("credit-slip.escpos.txt", &wire::listing(&printed.bytes)?)?;
        }
    }
    Ok(())
}
