//! The receipt as plain text of a fixed width: for logs, mails, screens and old printers.

use crate::clean::clean;
use crate::columns::{Row, padded, rows};
use crate::doc::ReceiptDoc;
use crate::wrap::wrap_columns;

/// The narrowest and widest paper: 20 and 64 characters a line. 48 is 80 mm, 32 is 58 mm.
pub const COLUMNS: std::ops::RangeInclusive<usize> = 20..=64;

/// Renders `doc` with `columns` characters a line (brought within [`COLUMNS`]), each line ended by
/// a line feed and never wider, measured as terminals show it. The bar code is left out, since its
/// number is printed above, and so are pictures; of other codes stands what they say.
pub fn render(doc: &ReceiptDoc, columns: usize) -> String {
    let columns = columns.clamp(*COLUMNS.start(), *COLUMNS.end());
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    for row in rows(&doc.map_text(clean), columns, columns) {
        match row {
            Row::Text(cells, _) => line(&padded(&cells)),
            Row::Barcode(_) | Row::Picture(_) => {}
            Row::ProductCode(data) => line(&clean(&data)),
            Row::Qr(data) => wrap_columns(&clean(&data), columns).iter().for_each(|l| line(l)),
        }
    }
    text
}
