//! What keeps a receipt from coming out, in words for whoever stands before the printer.

use std::fmt;

use crate::address::Address;
use crate::error::DeviceError;

/// Why a printer does not print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TroubleCause {
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The knife is stuck.
    Cutter,
    /// A fault that only switching off and on ends.
    Broken,
    /// The head is hot; it goes on by itself.
    Resting,
    /// Set offline by a person.
    Offline,
    /// It takes what is sent and says nothing.
    Silent,
    /// The wire: not there, unplugged, in use.
    Wire(DeviceError),
}

/// The trouble of one printer. Its text names the printer, the cause and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterTrouble {
    cause: TroubleCause,
    place: String,
}

impl PrinterTrouble {
    pub(super) fn new(cause: TroubleCause, address: &Address) -> Self {
        Self { cause, place: address.place() }
    }

    /// Why.
    pub fn cause(&self) -> &TroubleCause {
        &self.cause
    }

    /// What happened, without where: `is out of paper`.
    pub fn what(&self) -> &'static str {
        match &self.cause {
            TroubleCause::PaperOut => "is out of paper",
            TroubleCause::CoverOpen => "has its cover open",
            TroubleCause::Cutter => "has a stuck knife",
            TroubleCause::Broken => "reports a fault",
            TroubleCause::Resting => "lets its head cool",
            TroubleCause::Offline => "is offline",
            TroubleCause::Silent => "does not answer",
            TroubleCause::Wire(_) => "cannot be reached",
        }
    }

    /// What to do.
    pub fn remedy(&self) -> &'static str {
        match &self.cause {
            TroubleCause::PaperOut => "put in a new roll",
            TroubleCause::CoverOpen => "close the cover",
            TroubleCause::Cutter => "open the cover and take out what is stuck",
            TroubleCause::Broken => "switch it off and on again",
            TroubleCause::Resting => "wait a moment",
            TroubleCause::Offline => "press its FEED or ONLINE button",
            TroubleCause::Silent => "check that it is switched on, and its cable",
            TroubleCause::Wire(_) => "check its cable and that it is switched on",
        }
    }

    /// When it goes on by itself: `when paper is in`.
    pub fn until(&self) -> &'static str {
        match &self.cause {
            TroubleCause::PaperOut => "when paper is in",
            TroubleCause::CoverOpen => "when the cover is closed",
            TroubleCause::Cutter | TroubleCause::Broken => "when the printer is well again",
            TroubleCause::Resting => "when it has cooled",
            TroubleCause::Offline => "when it is online again",
            TroubleCause::Silent => "when the printer answers again",
            TroubleCause::Wire(_) => "when the printer is there again",
        }
    }
}

impl fmt::Display for PrinterTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            TroubleCause::Wire(error) => write!(f, "{}", error.without_phase()),
            _ => write!(f, "The printer at {} {}: {}.", self.place, self.what(), self.remedy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PrinterTrouble, TroubleCause};

    #[test]
    fn trouble_names_the_printer_the_cause_and_the_next_step()
    -> Result<(), Box<dyn std::error::Error>> {
        let trouble = PrinterTrouble::new(TroubleCause::PaperOut, &"serial:COM3".parse()?);
        assert_eq!(trouble.to_string(), "The printer at COM3 is out of paper: put in a new roll.");
        assert_eq!(trouble.until(), "when paper is in");
        Ok(())
    }
}
