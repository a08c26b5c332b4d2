//! What is printed: a stored sale becomes a document, the document becomes text, HTML, ESC/POS or
//! PDF. Pure: the same sale gives the same bytes, today and in ten years.
//!
//! ```text
//! ReceiptDoc::of_sale        a sale, a refund, an exchange     ReceiptDoc -> text::render
//! ReceiptDoc::gift_of_sale   the same without prices                      -> html::page
//! slip::of_deposit           money towards a held order                   -> escpos::print
//! slip::of_credit            a gift card, a store credit                  -> pdf::render
//! report::of_shift           X and Z
//! ```
//!
//! Nothing that a person typed can become markup or a printer command: every medium takes the
//! document's words through its own escaping, and only this crate emits commands. Characters that
//! a medium does not have are printed as `?` and reported. Printing them as pictures, and shaping
//! of scripts that run right to left or join their letters, is not part of this crate yet.

mod amount;
mod clean;
pub mod codes;
mod columns;
mod doc;
pub mod escpos;
mod gift;
pub mod html;
mod letterhead;
mod of_sale;
pub mod pdf;
pub mod report;
pub mod slip;
pub mod text;
mod words;
mod wrap;

pub use amount::{CurrencyMark, NumberFormat, format_amount, format_total};
pub use doc::{Block, ItemRow, Kind, ReceiptDoc, ReductionRow, TaxRow, TaxTable};
pub use letterhead::Letterhead;
pub use of_sale::SaleNames;
pub use words::Words;
