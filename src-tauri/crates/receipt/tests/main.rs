//! The receipt from the outside: rules, printers, files, and other programs reading them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
mod escpos_peer;
mod golden;
mod kinds;
mod peers;
mod printer;
mod reports;
mod rules;
mod sums;
