//! Rules of the shop: what a register must do whatever happens, tried from outside through
//! `Register::open`, `countertopd` and the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod backup;
mod bad_input;
mod basket;
mod basket_undo;
mod common;
mod coupons;
mod crash;
mod credit;
mod customers;
mod demo;
mod disk;
mod held;
mod http;
mod import;
mod journal;
mod open_baskets;
mod oracle;
mod pricing;
mod printer_peer;
mod printing;
mod refunds;
mod replay;
mod rights;
mod sale;
mod shift;
mod shift_cash;
mod twice;
