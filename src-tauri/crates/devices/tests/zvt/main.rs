//! Card terminals that speak ZVT: the driver against the terminal's twin, on real wires and in a
//! world whose clock and whose cables the tests hold in their hands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod books;
mod canaries;
mod commands;
mod faults;
mod traps;
mod world;
