//! Scanners on a serial line.

mod framing;
mod serial;

pub use framing::{Framing, ScanFault, Suffix};
pub use serial::{ScannerEvent, SerialScanner};

/// One code, as a scanner read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// The code without framing and AIM identifier; GS (0x1D) between GS1 elements is kept.
    pub code: String,
    /// The AIM symbology identifier without `]`, if the scanner sends one: `E0`, `C1`.
    pub symbology: Option<String>,
}
