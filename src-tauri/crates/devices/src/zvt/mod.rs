//! ZVT, the language of card terminals in Germany, Austria and Switzerland, on a serial port and
//! on the network: the register's side.

pub(crate) mod apdu;
mod ask;
pub(crate) mod bcd;
mod block;
mod command;
mod errand;
pub(crate) mod field;
mod fuzz;
mod judge;
pub(crate) mod line;
mod message;
pub(crate) mod moment;
mod options;
mod pay;
mod slips;
mod terminal;
pub(crate) mod text;
pub(crate) mod tlv;
mod wire;
mod words;

pub use fuzz::fuzz_frames;
pub use line::ZvtFraming;
pub use options::{ZvtOptions, ZvtPrints, ZvtTimers};
pub use terminal::ZvtTerminal;
