//! QR codes, error correction level M: a smudge may cover 15 percent.

use qrcode::{Color, EcLevel, QrCode};

/// A QR code: its text and its square of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    data: String,
    size: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// Light modules that must stay free on every side.
    pub const QUIET: usize = 4;

    /// `data` as a QR code; none if it is empty or longer than a code holds (2,331 bytes).
    pub fn new(data: &str) -> Option<Self> {
        if data.is_empty() {
            return None;
        }
        let code = QrCode::with_error_correction_level(data, EcLevel::M).ok()?;
        let size = code.width();
        let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { data: data.to_owned(), size, dark })
    }

    /// What it says.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Modules along a side, without the quiet zone.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Its dark modules as runs along a row: `(x, y, length)`, in modules from the upper left.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (y, row) in self.dark.chunks(self.size).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    runs.push((x, y, run.len()));
                }
                x += run.len();
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    #[test]
    fn the_runs_cover_the_dark_modules_and_nothing_else() {
        let qr = Qr::new("T1-1042 | 2026-11-23 14:08").map(|qr| (qr.runs(), qr.dark, qr.size));
        let (runs, dark, size) = qr.unwrap_or_default();
        let mut drawn = vec![false; dark.len()];
        for (x, y, length) in runs {
            drawn.iter_mut().skip(y * size + x).take(length).for_each(|module| *module = true);
        }
        assert!(size >= 21);
        assert_eq!(drawn, dark);
        assert_eq!(Qr::new(&"x".repeat(3000)), None);
    }
}
