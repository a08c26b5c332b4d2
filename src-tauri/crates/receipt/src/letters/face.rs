//! The fonts that the program brings along.

use std::sync::LazyLock;

use rustybuzz::Face as Shaping;

/// A font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    Sans,
    SansBold,
    /// Every letter 0.6 em wide, as receipt printers have them.
    Mono,
    Arabic,
    Hebrew,
    Thai,
    Devanagari,
    Armenian,
    Georgian,
    /// Chinese, Japanese and Korean.
    Cjk,
}

const ALL: [Face; 10] = [
    Face::Sans,
    Face::SansBold,
    Face::Mono,
    Face::Arabic,
    Face::Hebrew,
    Face::Thai,
    Face::Devanagari,
    Face::Armenian,
    Face::Georgian,
    Face::Cjk,
];

/// None of them is none unless the program is damaged; a test loads each.
static LOADED: LazyLock<Vec<Option<Shaping<'static>>>> =
    LazyLock::new(|| ALL.iter().map(|face| Shaping::from_slice(face.file(), 0)).collect());

impl Face {
    /// For pages.
    pub(crate) const REGULAR: [Self; 8] = [
        Self::Sans,
        Self::Arabic,
        Self::Hebrew,
        Self::Thai,
        Self::Devanagari,
        Self::Armenian,
        Self::Georgian,
        Self::Cjk,
    ];
    /// For what stands out on pages: only the first of them has a bold cut.
    pub(crate) const BOLD: [Self; 8] = [
        Self::SansBold,
        Self::Arabic,
        Self::Hebrew,
        Self::Thai,
        Self::Devanagari,
        Self::Armenian,
        Self::Georgian,
        Self::Cjk,
    ];
    /// For receipt printers.
    pub(crate) const PRINTER: [Self; 8] = [
        Self::Mono,
        Self::Arabic,
        Self::Hebrew,
        Self::Thai,
        Self::Devanagari,
        Self::Armenian,
        Self::Georgian,
        Self::Cjk,
    ];

    /// The font's file.
    pub(crate) const fn file(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../../fonts/NotoSans-Regular.ttf"),
            Self::SansBold => include_bytes!("../../fonts/NotoSans-Bold.ttf"),
            Self::Mono => include_bytes!("../../fonts/NotoSansMono-Regular.ttf"),
            Self::Arabic => include_bytes!("../../fonts/NotoSansArabic-Regular.ttf"),
            Self::Hebrew => include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf"),
            Self::Thai => include_bytes!("../../fonts/NotoSansThai-Regular.ttf"),
            Self::Devanagari => include_bytes!("../../fonts/NotoSansDevanagari-Regular.ttf"),
            Self::Armenian => include_bytes!("../../fonts/NotoSansArmenian-Regular.ttf"),
            Self::Georgian => include_bytes!("../../fonts/NotoSansGeorgian-Regular.ttf"),
            Self::Cjk => include_bytes!("../../fonts/DroidSansFallback.ttf"),
        }
    }

    pub(super) fn shaping(self) -> Option<&'static Shaping<'static>> {
        let place = ALL.iter().position(|face| *face == self)?;
        LOADED.get(place)?.as_ref()
    }

    /// Units of its own to the em.
    pub(super) fn units(self) -> i64 {
        self.shaping().map_or(1000, |face| i64::from(face.units_per_em())).max(1)
    }

    /// Whether it can show `c`; glyph number 0 is the empty box.
    pub(crate) fn has(self, c: char) -> bool {
        self.shaping().and_then(|face| face.glyph_index(c)).is_some_and(|glyph| glyph.0 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Face};

    #[test]
    fn every_font_loads() {
        for face in ALL {
            assert!(face.shaping().is_some_and(|shaping| shaping.units_per_em() > 0), "{face:?}");
        }
    }

    #[test]
    fn the_fonts_have_the_letters_of_shops_around_the_world() {
        let texts = [
            "Crème brûlée Łódź Žižkov ẞ €£₴₽₹−–’“”…×%ığşİő",
            "Ωμέγα Щука Ґанок Ђорђе",
            "شاي أخضر بالنعناع ٤٫٥٠ پنیر گل ٹماٹر",
            "תה ירוק שקל",
            "绿茶 綠茶 抹茶ラテ おにぎり 녹차 ￥，。「」",
            "ชาเขียวเย็น น้ำตาล ฿",
            "हरी चाय ₹",
            "Կանաչ թեյ მწვანე ჩაი",
        ];
        for c in texts.concat().chars() {
            for faces in [Face::REGULAR, Face::PRINTER] {
                assert!(faces.iter().any(|face| face.has(c)), "{c:?}");
            }
        }
        assert!(!Face::PRINTER.iter().any(|face| face.has('🍵')), "a picture is no letter");
    }
}
