//! The two command sets of pole displays. Neither ever gets a CR LF: on a full line that scrolls.

use std::str::FromStr;

use super::{DisplayPage, DisplayText};

/// Which commands a display takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DisplayMode {
    /// Epson's, of the DM-D series and its imitations.
    #[default]
    EscPos,
    /// CD5220, of most others.
    Cd5220,
}

impl DisplayMode {
    /// Its name in settings and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EscPos => "escpos",
            Self::Cd5220 => "cd5220",
        }
    }
}

impl FromStr for DisplayMode {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "escpos" => Ok(Self::EscPos),
            "cd5220" => Ok(Self::Cd5220),
            _ => Err(format!("\"{name}\" is no kind of display: choose escpos or cd5220")),
        }
    }
}

/// How a display is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisplaySettings {
    /// Which commands it takes.
    pub mode: DisplayMode,
    /// Which characters it has.
    pub page: DisplayPage,
    /// True if it shares a line with a printer and has to be called before each message.
    pub select: bool,
}

/// ESC = 2 calls the display, ESC = 1 the printer again.
const CALL_DISPLAY: &[u8] = b"\x1B=\x02";
const CALL_PRINTER: &[u8] = b"\x1B=\x01";
/// ESC @
const INITIALISE: &[u8] = b"\x1B@";
/// CLR
const CLEAR: &[u8] = b"\x0C";
/// US MD1: what is written replaces, and nothing scrolls.
const OVERWRITE: &[u8] = b"\x1F\x01";
/// US $ x y: the cursor's place, from 1.
const UPPER_LEFT: &[u8] = b"\x1F$\x01\x01";
const LOWER_LEFT: &[u8] = b"\x1F$\x01\x02";
/// ESC Q A and ESC Q B: a whole line, ended by CR.
const WHOLE_UPPER: &[u8] = b"\x1BQA";
const WHOLE_LOWER: &[u8] = b"\x1BQB";

impl DisplaySettings {
    /// What makes a display ready that was just switched on.
    pub(super) fn begin(&self) -> Vec<u8> {
        let table = [0x1B, b't', self.page.number()];
        match self.mode {
            DisplayMode::EscPos => self.called(&[INITIALISE, &table, OVERWRITE, CLEAR]),
            DisplayMode::Cd5220 => self.called(&[INITIALISE, &table, CLEAR]),
        }
    }

    pub(super) fn show(&self, text: &DisplayText) -> Vec<u8> {
        let (upper, lower) = (self.page.cells(&text.upper), self.page.cells(&text.lower));
        match self.mode {
            DisplayMode::EscPos => self.called(&[UPPER_LEFT, &upper, LOWER_LEFT, &lower]),
            DisplayMode::Cd5220 => {
                self.called(&[WHOLE_UPPER, &upper, b"\r", WHOLE_LOWER, &lower, b"\r"])
            }
        }
    }

    pub(super) fn clear(&self) -> Vec<u8> {
        self.called(&[CLEAR])
    }

    fn called(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.select {
            bytes.extend(CALL_DISPLAY);
        }
        for part in parts {
            bytes.extend(*part);
        }
        if self.select {
            bytes.extend(CALL_PRINTER);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{DisplayMode, DisplaySettings};
    use crate::display::{DisplayPage, DisplayText};

    fn text() -> DisplayText {
        DisplayText { upper: "Café".to_owned(), lower: "2.50".to_owned() }
    }

    #[test]
    fn the_bytes_are_those_of_the_command_sets() {
        let epson = DisplaySettings { page: DisplayPage::Cp858, ..DisplaySettings::default() };
        assert_eq!(epson.begin(), b"\x1B@\x1Bt\x13\x1F\x01\x0C");
        assert_eq!(
            epson.show(&text()),
            b"\x1F$\x01\x01Caf\x82                \x1F$\x01\x022.50                "
        );
        let cd5220 = DisplaySettings { mode: DisplayMode::Cd5220, ..DisplaySettings::default() };
        assert_eq!(cd5220.begin(), b"\x1B@\x1Bt\x00\x0C");
        assert_eq!(
            cd5220.show(&text()),
            b"\x1BQACaf\x82                \r\x1BQB2.50                \r"
        );
    }

    #[test]
    fn a_display_behind_a_printer_is_called_and_the_printer_after_it() {
        let behind = DisplaySettings { select: true, ..DisplaySettings::default() };
        let bytes = behind.show(&text());
        assert!(bytes.starts_with(b"\x1B=\x02") && bytes.ends_with(b"\x1B=\x01"));
        assert_eq!(behind.clear(), b"\x1B=\x02\x0C\x1B=\x01");
    }

    #[test]
    fn no_display_ever_gets_a_line_end() {
        for mode in [DisplayMode::EscPos, DisplayMode::Cd5220] {
            let settings = DisplaySettings { mode, ..DisplaySettings::default() };
            let bytes = settings
                .show(&DisplayText { upper: "a\r\nb\n".repeat(9), lower: "\r\n".to_owned() });
            assert!(!bytes.contains(&b'\n'));
        }
    }
}
