//! The receipt as PDF: on an 80 mm roll, one page as long as the receipt, or on A4.
//!
//! Fonts are part of the program and embedded as subsets, so the file looks the same everywhere;
//! codes are vectors. Dates and ids come from the sale: the same sale gives the same bytes.
//! The fonts hold Latin, Greek and Cyrillic. Scripts that join letters or run right to left need
//! shaping, which is a later piece of work: their characters come out as `?` and are reported.

mod face;
mod pages;
mod sheet;
mod write;

use serde::{Deserialize, Serialize};

use crate::clean::fit;
use crate::doc::ReceiptDoc;

use face::Faces;

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
    /// Characters that the fonts lack, each once; they are in the file as `?`.
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
    let faces = Faces::load()?;
    let mut unprintable = Vec::new();
    let fitted = doc.map_text(|text| fit(text, |c| faces.have(c), &mut unprintable));
    let metrics = sheet::Metrics::of(paper);
    let pieces = sheet::pieces(&fitted, &faces, &metrics);
    let pages = pages::paginate(pieces, &fitted.number, &faces, &metrics);
    let bytes = write::write(&fitted, pages, faces, paper)?;
    Ok(Pdf { bytes, unprintable })
}

/// A length in hundredths of a point: whole numbers, so that every machine lays out alike.
type Length = i64;

/// Hundredths of a point in so many tenths of a millimetre.
const fn mm10(tenths: i64) -> Length {
    tenths * 7200 / 254
}
