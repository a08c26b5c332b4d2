//! ESC/POS, the language of receipt printers.
//!
//! Three layers: [`CodePage`] turns letters into bytes that can only print, [`Command`] writes what
//! the printer is told, [`print()`] makes the job of a document. Characters beyond every code page of
//! the profile come out as `?` and are reported; sending them as pictures is a later piece of work.

mod code_page;
mod command;
mod print;
mod profile;

pub use code_page::{CodePage, Encoded, Run, runs};
pub use command::{Align, Band, Bitmap, Command, Ean13, QrLevel};
pub use print::{Printed, open_drawer, print};
pub use profile::{CodeTable, DrawerPin, DrawerPulse, Profile};
