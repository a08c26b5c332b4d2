//! What the store promises, tried with the database file in hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod baskets;
mod changes;
mod common;
mod formats;
mod identity;
mod people;
mod reports;
mod shift;
mod stock;
mod tamper;
mod turns;
