//! One sale and one shop for every test of receipts.

pub(crate) mod sales;
pub(crate) mod shifts;
pub(crate) mod till;
pub(crate) mod wire;

use countertop_domain::sale::Sale;
use countertop_receipt::{Kind, Letterhead, ReceiptDoc};

pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A sale with a weighed line, a lowered price, a note, two taxes, two tenders and change.
pub(crate) fn sale() -> Result<Sale, serde_json::Error> {
    serde_json::from_str(include_str!("../sale.json"))
}

pub(crate) fn letterhead() -> Letterhead {
    let line = str::to_owned;
    Letterhead {
        shop: line("Herbier & Fils"),
        address: vec![line("12, rue des Écoles"), line("75005 Paris"), line("+33 1 99 00 12 34")],
        tax_number: Some(line("FR 12 345678901")),
        footer: vec![line("Exchange within 30 days with this receipt."), line("Thank you!")],
        ..Letterhead::default()
    }
}

pub(crate) fn receipt(kind: Kind) -> Result<ReceiptDoc, serde_json::Error> {
    Ok(ReceiptDoc::of_sale(&sale()?, &letterhead(), kind))
}
