//! ESC/POS, the language of receipt printers.
//!
//! Three layers: [`CodePage`] turns letters into bytes that can only print, [`Command`] writes what
//! the printer is told, [`print()`] makes the job of a document. A line with letters beyond every code
//! page of the profile is sent as a picture of that line.

mod code_page;
mod command;
mod drawn;
mod model;
mod print;
mod profile;
mod run;

pub use code_page::CodePage;
pub use command::{Align, Asked, Band, Bitmap, Command, QrLevel};
pub use model::Model;
pub use print::{Printed, open_drawer, print};
pub use profile::{Answers, CodeTable, DrawerPin, DrawerPulse, Profile};
pub use run::{Encoded, Run, runs};
