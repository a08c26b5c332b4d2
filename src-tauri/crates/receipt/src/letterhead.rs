//! What a shop puts on its receipts besides the sale.

use serde::{Deserialize, Serialize};

use crate::amount::NumberFormat;

/// The shop, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Letterhead {
    /// Its name, printed large.
    pub shop: String,
    /// Lines under the name: street, town, telephone.
    pub address: Vec<String>,
    /// Its number with the tax office, if the law asks for it.
    pub tax_number: Option<String>,
    /// Lines at the end: returns, opening hours, thanks.
    pub footer: Vec<String>,
    /// Every word that the receipt itself adds.
    pub words: Words,
    /// How numbers are written.
    pub numbers: NumberFormat,
}

/// Every word that a receipt prints besides names and numbers; English unless told otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The language that the words are in, as BCP 47 has it: `en`.
    pub language: String,
    /// Before the number.
    pub receipt: String,
    /// Before the day and time.
    pub date: String,
    /// Before the seller's name.
    pub served_by: String,
    /// Before the shop's tax number.
    pub tax_number: String,
    /// Between quantity and price.
    pub times: String,
    /// Before the price that was not asked.
    pub list_price: String,
    /// Before a line's note.
    pub note: String,
    /// The sum before taxes that come on top.
    pub subtotal: String,
    /// Between a tax and what it is taken on: `VAT 20% on 10.00`.
    pub on: String,
    /// What is paid.
    pub total: String,
    /// Over the taxes that the total contains.
    pub tax_included: String,
    /// Over the amounts without tax.
    pub net: String,
    /// Over the taxes.
    pub tax: String,
    /// Cash handed over.
    pub cash: String,
    /// Paid by card.
    pub card: String,
    /// Cash handed back.
    pub change: String,
    /// On every print but the first.
    pub copy: String,
}

impl Default for Words {
    fn default() -> Self {
        let word = str::to_owned;
        Self {
            language: word("en"),
            receipt: word("Receipt"),
            date: word("Date"),
            served_by: word("Served by"),
            tax_number: word("VAT no."),
            times: word("x"),
            list_price: word("List price"),
            note: word("Note"),
            subtotal: word("Subtotal"),
            on: word("on"),
            total: word("Total"),
            tax_included: word("Tax included"),
            net: word("Net"),
            tax: word("Tax"),
            cash: word("Cash received"),
            card: word("Card"),
            change: word("Change"),
            copy: word("COPY"),
        }
    }
}
