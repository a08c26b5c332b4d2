//! The machines on the counter: where they are ([`Address`]), the wire to them ([`open`],
//! [`Link`]), and what they do ([`EscPosPrinter`],
//! [`PaymentTerminal`], [`Scale`], [`SerialScanner`], [`CustomerDisplay`]).
//!
//! Every call has a deadline and blocks at most that long. Every [`DeviceError`] says in its
//! [`Phase`] whether the machine may have acted already: only before the first byte is it safe to
//! try again without asking anyone.

mod address;
mod caisse_ap;
mod card_number;
mod clock;
mod concert;
mod error;
mod escpos;
mod framing;
#[cfg(test)]
mod fuzz;
mod hand_check;
mod order_token;
mod ports;
mod reopening;
mod scale;
mod scanner;
mod terminal;
mod transport;
mod travel;
mod twin;
mod zvt;

mod display;

pub use address::{
    Address, AddressError, FileAddress, Flow, Parity, SerialAddress, SerialSettings, TcpAddress,
    TwinAddress,
};
pub use caisse_ap::{CaisseApOptions, CaisseApTerminal, CaisseApTimers};
pub use clock::{Clock, SystemClock};
pub use concert::{ConcertOptions, ConcertTerminal, ConcertTimers, Private, Refunds};
pub use display::{
    CustomerDisplay, DISPLAY_CELLS, DisplayAt, DisplayMode, DisplayPage, DisplaySettings,
    DisplayText,
};
pub use error::{DeviceError, DeviceErrorKind, Phase};
pub use escpos::{
    Asks, EscPosPrinter, Heard, JobWatch, Paper, PrintOutcome, PrintTiming, PrinterState,
    PrinterTrouble, StatusReader, TroubleCause,
};
pub use ports::{PortChange, PortWatch, serial_ports};
pub use reopening::{Backoff, LineOwner, Reopening};
pub use scale::{Scale, ScaleAt, ScaleError, ScaleLanguage, ScalePatience, ScaleReading};
pub use scanner::{Framing, ScanFault, Scanned, ScannerEvent, SerialScanner, Suffix};
pub use terminal::{
    Doubt, EndOfDay, NotStored, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal,
    PaymentWitness, Progress, Refusal, Resolution, TerminalAbilities, TerminalError, TerminalSlip,
    TerminalStatus,
};
pub use transport::{
    Door, Link, Mask, ReadOutcome, Recording, Replay, ReplayError, Settled, TwinEnd, TwinSocket,
    Way, mask_cards, mask_concert, mask_nothing, mask_zvt, open, pair,
};
pub use twin::{
    Booking, CaisseApHabits, CaisseApTwin, ConcertHabits, ConcertTwin, DisplayTwin, OnScale,
    PaperAlign, PaperImage, PaperItem, PaperSpan, PrinterFault, PrinterTwin, ScaleTwin,
    ScannerTwin, TerminalButton,
};
pub use twin::{
    Charged, ChargedKind, ChargedState, ZvtButton, ZvtMachine, ZvtTakingBack, ZvtTwin,
    ZvtTwinSettings,
};
pub use zvt::{ZvtFraming, ZvtOptions, ZvtPrints, ZvtTerminal, ZvtTimers, fuzz_frames};
