//! The fonts: which characters they have and how wide text is.

use printpdf::ParsedFont;

use crate::wrap::wrap;

use super::{Length, PdfError};

const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// Which of the two fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A font and a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Font {
    pub(super) weight: Weight,
    pub(super) size: Length,
}

/// Both fonts.
pub(super) struct Faces {
    pub(super) regular: ParsedFont,
    pub(super) bold: ParsedFont,
}

impl Faces {
    pub(super) fn load() -> Result<Self, PdfError> {
        let face = |bytes| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).ok_or(PdfError::Font);
        Ok(Self { regular: face(REGULAR)?, bold: face(BOLD)? })
    }

    const fn face(&self, weight: Weight) -> &ParsedFont {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Whether both fonts can show `c`; a glyph of number 0 is the empty box.
    pub(super) fn have(&self, c: char) -> bool {
        [&self.regular, &self.bold].iter().all(|face| glyph(face, c).is_some())
    }

    pub(super) fn width(&self, text: &str, font: Font) -> Length {
        let face = self.face(font.weight);
        let units: Length = text
            .chars()
            .map(|c| Length::from(face.get_horizontal_advance(glyph(face, c).unwrap_or(0))))
            .sum();
        units * font.size / Length::from(face.pdf_font_metrics.units_per_em.max(1))
    }

    pub(super) fn wrap(&self, text: &str, font: Font, room: Length) -> Vec<String> {
        wrap(text, |line| self.width(line, font) <= room)
    }
}

fn glyph(face: &ParsedFont, c: char) -> Option<u16> {
    face.lookup_glyph_index(u32::from(c)).filter(|glyph| *glyph != 0)
}

#[cfg(test)]
mod tests {
    use super::{Faces, Font, Weight};
    use crate::pdf::PdfError;

    #[test]
    fn the_fonts_have_the_letters_and_signs_of_a_european_shop() -> Result<(), PdfError> {
        let faces = Faces::load()?;
        for c in "Crème brûlée Łódź Žižkov Ωμέγα Щука ẞ €£₴₽₹−–’“”…×%ığşİő\u{202f}".chars()
        {
            assert!(faces.have(c), "{c:?}");
        }
        assert!(!faces.have('茶'));
        assert!(!faces.have('ش'));
        Ok(())
    }

    #[test]
    fn digits_line_up() -> Result<(), PdfError> {
        let faces = Faces::load()?;
        for weight in [Weight::Regular, Weight::Bold] {
            let font = Font { weight, size: 1000 };
            let widths: std::collections::BTreeSet<i64> =
                ('0'..='9').map(|digit| faces.width(&digit.to_string(), font)).collect();
            assert_eq!(widths.len(), 1, "{weight:?}");
        }
        Ok(())
    }
}
