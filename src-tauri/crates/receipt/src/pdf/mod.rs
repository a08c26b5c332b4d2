//! The receipt as PDF: on an 80 mm roll, one page as long as the receipt, or on A4.
//!
//! Fonts are part of the program and embedded as subsets, so the file looks the same everywhere;
//! codes are vectors. Dates and ids come from the sale: the same sale gives the same bytes.
//! Text is put in order, joined and placed here, glyph by glyph where its script asks for it, so that
//! every viewer shows the same. What no font has is a replacement mark and reported.

mod face;
mod pages;
mod sheet;
mod write;

use serde::{Deserialize, Serialize};

use crate::clean::substitute;
use crate::doc::ReceiptDoc;
use crate::letters::is_right_to_left;

/// What a PDF is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// A roll, 80 mm wide.
    Roll80,
    /// A sheet of 210 by 297 mm.
    A4,
}

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Characters that the fonts lack, each once; they are in the file as `\u{fffd}`.
    pub unprintable: Vec<char>,
}

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The program's own font is damaged.
    #[error("the font for PDF receipts cannot be read: install the program again")]
    Font,
    /// The file could not be put together.
    #[error("the PDF could not be made ({reason}): print the receipt instead")]
    Write {
        /// What went wrong, for the log.
        reason: String,
    },
}

/// Renders `doc` on `paper`. A receipt longer than a sheet goes on, with page numbers.
///
/// # Errors
/// See [`PdfError`]; neither depends on what was sold.
pub fn render(doc: &ReceiptDoc, paper: Paper) -> Result<Pdf, PdfError> {
    let mut unprintable = Vec::new();
    let mut clean =
        |text: &str| substitute(text, face::have, |_| false, '\u{fffd}', &mut unprintable);
    let fitted = doc.map_text(&mut clean);
    let metrics = sheet::Metrics::of(paper);
    let pieces = sheet::pieces(&fitted, &metrics);
    let right_to_left = is_right_to_left(&fitted.language);
    let pages = pages::paginate(pieces, &fitted.number, right_to_left, &metrics);
    let bytes = write::write(&fitted, pages, paper)?;
    Ok(Pdf { bytes, unprintable })
}

/// A length in hundredths of a point: whole numbers, so that every machine lays out alike.
type Length = i64;

/// Hundredths of a point in so many tenths of a millimetre.
const fn mm10(tenths: i64) -> Length {
    tenths * 7200 / 254
}
