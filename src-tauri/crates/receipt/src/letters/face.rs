//! The fonts that the program brings along.

use std::io::Read as _;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;
use rustybuzz::Face as Shaping;

/// A font of the folder `fonts`, as the build deflated it.
macro_rules! font {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".deflate"))
    };
}

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

/// A font as it is used: its file, and what finds letters in it.
struct Loaded {
    file: &'static [u8],
    /// None only if the program is damaged; a test loads each.
    shaping: Option<Shaping<'static>>,
}

/// Each is loaded with the first letter that the ones before it lack: most registers never load the
/// large one.
static LOADED: [OnceLock<Loaded>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];

/// It is kept for as long as the program runs.
fn load(deflated: &'static [u8]) -> Loaded {
    let mut file = Vec::new();
    // What cannot be inflated is no font, and found out below.
    let _ = DeflateDecoder::new(deflated).read_to_end(&mut file);
    let file: &'static [u8] = Vec::leak(file);
    Loaded { file, shaping: Shaping::from_slice(file, 0) }
}

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

    fn loaded(self) -> Option<&'static Loaded> {
        let place = ALL.iter().position(|face| *face == self)?;
        Some(LOADED.get(place)?.get_or_init(|| load(self.deflated())))
    }

    const fn deflated(self) -> &'static [u8] {
        match self {
            Self::Sans => font!("NotoSans-Regular"),
            Self::SansBold => font!("NotoSans-Bold"),
            Self::Mono => font!("NotoSansMono-Regular"),
            Self::Arabic => font!("NotoSansArabic-Regular"),
            Self::Hebrew => font!("NotoSansHebrew-Regular"),
            Self::Thai => font!("NotoSansThai-Regular"),
            Self::Devanagari => font!("NotoSansDevanagari-Regular"),
            Self::Armenian => font!("NotoSansArmenian-Regular"),
            Self::Georgian => font!("NotoSansGeorgian-Regular"),
            Self::Cjk => font!("DroidSansFallback"),
        }
    }

    /// The font's file.
    pub(crate) fn file(self) -> &'static [u8] {
        self.loaded().map_or(&[], |loaded| loaded.file)
    }

    pub(super) fn shaping(self) -> Option<&'static Shaping<'static>> {
        self.loaded()?.shaping.as_ref()
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
