//! What a register does: the use cases, and the one list of commands.
//!
//! Every client, the window as much as a browser or a test, gives commands through [`dispatch`] (JSON)
//! or [`perform`] (typed). Nothing else changes the register.

mod app;
mod catalog;
pub mod catalog_file;
mod checkout;
mod clock;
pub mod commands;
pub mod demo;
pub mod demo_store;
mod devices;
mod error;
mod export;
mod import;
mod open_baskets;
mod orders;
mod pay;
mod print_worker;
mod printing;
mod register;
mod replay;
mod shifts;
mod shop;
mod views;
pub mod wire;

#[cfg(test)]
mod bindings;

pub use app::{App, Caller};
pub use clock::{Clock, Ids, SystemClock, SystemIds};
pub use commands::{dispatch, perform};
pub use error::AppError;
pub use export::{ExportFormat, ExportWhat, export};
pub use import::{Imported, import_catalogue, import_drafts};
pub use print_worker::PrintWorker;
pub use replay::{Acknowledge, Customers, Replay, ReplayFile, TenderMix, replay};
pub use shop::{Shop, read_shop};
