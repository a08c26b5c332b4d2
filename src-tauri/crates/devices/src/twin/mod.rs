//! Twins: machines that this program plays itself, on the very wires and in the very bytes of the
//! real ones. For a shop without hardware, for training, and for tests.

mod caisse_ap;
mod concert;
mod display;
mod paper;
mod printer;
mod scale;
mod scanner;
mod serve;
mod terminal;
mod zvt;

pub use caisse_ap::{CaisseApHabits, CaisseApTwin};
pub use concert::{ConcertHabits, ConcertTwin};
pub use display::DisplayTwin;
pub use paper::{PaperAlign, PaperImage, PaperItem, PaperSpan};
pub use printer::{PrinterFault, PrinterTwin};
pub use scale::{OnScale, ScaleTwin};
pub use scanner::ScannerTwin;
pub use terminal::{Booking, TerminalButton};
pub use zvt::{
    Charged, ChargedKind, ChargedState, ZvtButton, ZvtMachine, ZvtTakingBack, ZvtTwin,
    ZvtTwinSettings,
};
