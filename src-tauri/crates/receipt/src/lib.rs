//! What is printed: a stored sale becomes a document, the document becomes text, HTML, ESC/POS or
//! PDF. Pure: the same sale gives the same bytes, today and in ten years.
//!
//! ```text
//! ReceiptDoc::of_sale        a sale, a refund, an exchange     ReceiptDoc -> text::render
//! ReceiptDoc::gift_of_sale   the same without prices                      -> html::page
//! slip::of_deposit           money towards a held order                   -> escpos::print
//! slip::of_cancel            an order that was given up                  -> pdf::render
//! slip::of_credit            a gift card, a store credit
//! slip::of_account_payment   money towards what a customer owes
//! report::of_shift           X and Z
//! ```
//!
//! Nothing that a person typed can become markup or a printer command: every medium takes the
//! document's words through its own escaping, and only this crate emits commands. What a printer has
//! no letters for is drawn in dots, with the fonts of this crate, in the right order and joined. What
//! even these lack (pictograms, rare scripts) is an empty box and reported.

mod amount;
mod clean;
pub mod codes;
mod columns;
mod doc;
pub mod escpos;
mod gift;
pub mod html;
mod letterhead;
mod letters;
mod of_sale;
pub mod pdf;
mod picture;
pub mod report;
pub mod slip;
pub mod text;
mod ticket;
mod words;
mod wrap;

pub use amount::{CurrencyMark, NumberFormat, format_amount, format_total};
pub use doc::{Block, ItemRow, Kind, ReceiptDoc, ReductionRow, TaxRow, TaxTable};
pub use letterhead::Letterhead;
pub use of_sale::SaleNames;
pub use picture::{Picture, PictureError};
pub use words::Words;
