//! What is printed: a stored sale becomes a document, the document becomes text, HTML, ESC/POS or
//! PDF. Pure: the same sale gives the same bytes, today and in ten years.
//!
//! ```text
//! Sale + Letterhead + Kind -> ReceiptDoc -> text::render   (any number of columns)
//!                                        -> html::page     (one file, nothing fetched)
//!                                        -> escpos::print  (bytes for the printer)
//!                                        -> pdf::render    (80 mm roll or A4)
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
pub mod html;
mod letterhead;
mod of_sale;
pub mod pdf;
pub mod text;
mod wrap;

pub use amount::{CurrencyMark, NumberFormat, format_amount, format_total};
pub use doc::{Block, ItemRow, Kind, ReceiptDoc, TaxRow, TaxTable};
pub use letterhead::{Letterhead, Words};
