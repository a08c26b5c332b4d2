//! What a model of printer can do.

use serde::{Deserialize, Serialize};

use super::code_page::CodePage;
use super::model::{self, Model};

/// A model of printer. Start from [`Profile::of_model`], [`Profile::epson_80mm`] or
/// [`Profile::epson_58mm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Characters a line in its normal font: 48 on 80 mm, 32 on 58 mm. Held to 20 to 64.
    pub columns: u8,
    /// Dots across the printable width: 576 on 80 mm, 384 on 58 mm.
    pub dots: u16,
    /// Its code pages, the usual one first. None for a printer of ASCII alone.
    pub code_pages: Vec<CodeTable>,
    /// Whether it has a knife.
    pub cut: bool,
    /// Whether it makes QR codes itself; else they are drawn for it.
    pub qr: bool,
    /// Whether it makes bar codes itself; else they are drawn for it.
    pub barcode: bool,
    /// Whether it prints pictures, and so every script there is a font for.
    pub raster: bool,
    /// Whether it says how it is.
    pub answers: Answers,
    /// How it opens the drawer.
    pub drawer: DrawerPulse,
}

/// Whether a printer says how it is when it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// It does; silence means that it is switched off or gone.
    Always,
    /// Some of its kind do; silence means nothing.
    #[default]
    Perhaps,
    /// It never does.
    Never,
}

/// A code page under the number that this model knows it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTable {
    /// For `ESC t`.
    pub table: u8,
    /// What it holds.
    pub page: CodePage,
}

/// The pin of the drawer's plug.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerPin {
    /// Pin 2, the first drawer.
    #[default]
    Two = 0,
    /// Pin 5, a second drawer.
    Five = 1,
}

/// The current that opens a drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DrawerPulse {
    /// Which drawer.
    pub pin: DrawerPin,
    /// For how long, in units of 2 ms.
    pub on: u8,
    /// How long until the next may follow, in units of 2 ms.
    pub off: u8,
}

impl DrawerPulse {
    /// The longest pulse, in milliseconds: a coil that is fed longer may burn.
    pub const LONGEST_MS: u16 = 200;

    /// A pulse of so many milliseconds, rounded up to the printer's steps of two and held to 2 to
    /// [`DrawerPulse::LONGEST_MS`].
    pub fn of_ms(pin: DrawerPin, on_ms: u16) -> Self {
        let on = on_ms.clamp(2, Self::LONGEST_MS).div_ceil(2);
        Self { pin, on: u8::try_from(on).unwrap_or(u8::MAX), ..Self::default() }
    }
}

/// 50 ms on, 500 ms off: opens common drawers and burns none.
impl Default for DrawerPulse {
    fn default() -> Self {
        Self { pin: DrawerPin::Two, on: 0x19, off: 0xfa }
    }
}

impl Profile {
    /// The models that are known, to choose from.
    pub const MODELS: &'static [Model] = model::MODELS;

    /// The profile of a model by its id, such as `epson-tm-t20`.
    pub fn of_model(id: &str) -> Option<Self> {
        Self::MODELS.iter().find(|model| model.id == id).map(Model::profile)
    }

    /// A printer for 80 mm paper as Epson makes them, and most others after it.
    pub fn epson_80mm() -> Self {
        Model::GENERIC_80.profile()
    }

    /// The same for 58 mm paper; these seldom have a knife.
    pub fn epson_58mm() -> Self {
        Model::GENERIC_58.profile()
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::epson_80mm()
    }
}

#[cfg(test)]
mod tests {
    use super::{DrawerPin, DrawerPulse, Profile};

    #[test]
    fn a_pulse_is_set_in_milliseconds_and_never_burns_the_coil() {
        let on = |ms| DrawerPulse::of_ms(DrawerPin::Two, ms).on;
        assert_eq!((on(50), on(51), on(0), on(9999)), (25, 26, 1, 100));
        assert_eq!(DrawerPulse::of_ms(DrawerPin::Two, 50), DrawerPulse::default());
    }

    #[test]
    fn every_model_has_a_name_of_its_own_and_paper_that_its_letters_fit_on() {
        let mut ids = std::collections::BTreeSet::new();
        for model in Profile::MODELS {
            assert!(ids.insert(model.id), "{} is there twice", model.id);
            let profile = Profile::of_model(model.id).unwrap_or_default();
            assert!((20..=64).contains(&profile.columns), "{}", model.id);
            // At least six dots a letter.
            assert!(profile.dots >= 6 * u16::from(profile.columns), "{}", model.id);
        }
        assert!(ids.contains("generic-80") && ids.contains("generic-58"));
        assert_eq!(Profile::of_model("no such printer"), None);
    }
}
