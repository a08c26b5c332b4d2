//! Receipts as they were when a person last looked at them. `UPDATE_GOLDEN=1 cargo test` writes
//! them anew; look at the difference before committing it.

use std::path::Path;

use crate::common::{Outcome, receipt, wire};
use countertop_receipt::escpos::{self, Profile};
use countertop_receipt::{Kind, html, text};

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
