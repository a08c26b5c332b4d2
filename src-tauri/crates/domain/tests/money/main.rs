//! How money moves: payments, refunds, credit, shifts, postings and codes to pay by.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod books;
mod cash;
mod credit;
mod orders;
mod payment_codes;
mod refunds;
mod refunds_whole;
mod shifts;
mod shop;
mod tenders;
mod threads;
