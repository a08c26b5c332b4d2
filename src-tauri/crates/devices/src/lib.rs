//! The machines on the counter: where they are ([`Address`]), the wire to them ([`open`],
//! [`Link`]), and what they do ([`ReceiptPrinter`]).
//!
//! Every call has a deadline and blocks at most that long. Every [`DeviceError`] says in its
//! [`Phase`] whether the machine may have acted already: only before the first byte is it safe to
//! try again without asking anyone.

mod address;
mod error;
mod ports;
mod printer;
mod scale;
mod scanner;
mod terminal;
mod transport;

mod display;

pub use address::{
    Address, AddressError, FileAddress, Flow, Parity, SerialAddress, SerialSettings, TcpAddress,
    TwinAddress,
};
pub use display::{CustomerDisplay, DisplayText};
pub use error::{DeviceError, DeviceErrorKind, Phase};
pub use ports::serial_ports;
pub use printer::{Patience, PrinterAt, ReceiptPrinter, Sent};
pub use scale::{Scale, ScaleError, ScaleReading};
pub use scanner::Scanned;
pub use terminal::{
    Doubt, EndOfDay, NotStored, PaymentEnd, PaymentKind, PaymentOrder, PaymentTerminal,
    PaymentWitness, Progress, Refusal, Resolution, TerminalAbilities, TerminalError, TerminalSlip,
    TerminalStatus,
};
pub use transport::{Link, ReadOutcome, Settled, TwinEnd, TwinSocket, open, pair};
