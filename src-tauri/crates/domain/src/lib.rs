//! The rules and words of the shop: pure, exact, no clock, no randomness, no IO.
//!
//! Time and ids come in as arguments; money is whole minor units; every total is made in
//! [`pricing`] and nowhere else.

pub mod barcode;
pub mod basket;
pub mod card;
pub mod cash_rounding;
pub mod channel_order;
pub mod credit;
pub mod customer;
pub mod denominations;
pub mod discount;
pub mod gs1;
pub mod ids;
pub mod in_store;
pub mod item;
pub mod journal;
pub mod label;
pub mod loyalty;
pub mod money;
pub mod order;
pub mod payment_code;
pub mod posting;
pub mod price_book;
pub mod pricing;
pub mod promotion;
pub mod quantity;
pub mod quote;
pub mod report;
pub mod returns;
pub mod rounding;
pub mod sale;
pub mod scope;
pub mod shift;
pub mod staff;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod time;
pub mod voids;
