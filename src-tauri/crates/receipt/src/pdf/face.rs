//! Text on a page: which characters can be shown and how wide it is.

use crate::letters::{Face, Glyph, shape, width};
use crate::wrap::wrap;

use super::Length;

/// Which cut of the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A cut and a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Font {
    pub(super) weight: Weight,
    pub(super) size: Length,
}

impl Font {
    const fn faces(self) -> &'static [Face] {
        match self.weight {
            Weight::Regular => &Face::REGULAR,
            Weight::Bold => &Face::BOLD,
        }
    }

    /// The text as it stands, from left to right.
    pub(super) fn glyphs(self, text: &str) -> Vec<Glyph> {
        shape(text, self.faces())
    }

    pub(super) fn width(self, text: &str) -> Length {
        width(&self.glyphs(text)) * self.size / 1000
    }

    pub(super) fn wrap(self, text: &str, room: Length) -> Vec<String> {
        wrap(text, |line| self.width(line) <= room)
    }
}

/// Whether the fonts can show `c`, plain and bold.
pub(super) fn have(c: char) -> bool {
    [Face::REGULAR, Face::BOLD].iter().all(|faces| faces.iter().any(|face| face.has(c)))
}

#[cfg(test)]
mod tests {
    use super::{Font, Weight, have};

    #[test]
    fn the_fonts_have_the_letters_and_signs_of_shops() {
        for c in "Crème brûlée Łódź Žižkov Ωμέγα Щука ẞ €£₴₽₹−–’“”…×%ığşİő\u{202f} 茶 ش ท".chars()
        {
            assert!(have(c), "{c:?}");
        }
        assert!(!have('🍵'));
    }

    #[test]
    fn digits_line_up() {
        for weight in [Weight::Regular, Weight::Bold] {
            let font = Font { weight, size: 1000 };
            let widths: std::collections::BTreeSet<i64> =
                ('0'..='9').map(|digit| font.width(&digit.to_string())).collect();
            assert_eq!(widths.len(), 1, "{weight:?}");
        }
    }
}
