//! Rules of the shop: what a register must do whatever happens, tried from outside through
//! `Register::open`, `countertopd` and the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api;
mod api_scopes;
mod api_tokens;
mod backup;
mod bad_input;
mod basket;
mod basket_undo;
mod card;
mod card_doubt;
mod card_kill;
mod card_refund;
mod common;
mod counter;
mod coupons;
mod crash;
mod credit;
mod customers;
mod demo;
mod disk;
mod events;
mod held;
mod held_fees;
mod http;
mod import;
mod journal;
mod labels;
mod lan;
mod lan_crowd;
mod open_baskets;
mod oracle;
mod paper;
mod pricing;
mod printer_peer;
mod printing;
mod printing_faults;
mod printing_scripts;
mod refunds;
mod replay;
mod replug;
mod rights;
mod sale;
mod shift;
mod shift_cash;
mod twice;
