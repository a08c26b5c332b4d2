//! The rules and words of the shop: pure, exact, no clock, no randomness, no IO.
//!
//! Time and ids come in as arguments; money is whole minor units; every total is made in
//! [`pricing`] and nowhere else.

pub mod barcode;
pub mod basket;
pub mod ids;
pub mod item;
pub mod journal;
pub mod money;
pub mod posting;
pub mod pricing;
pub mod quantity;
mod rounding;
pub mod sale;
pub mod shift;
pub mod staff;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod time;
