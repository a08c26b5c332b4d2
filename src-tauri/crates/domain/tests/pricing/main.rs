//! What decides a price: taxes, discounts, price books, promotions, quotes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod books;
mod discounts;
mod explained;
mod golden;
mod labels;
mod oracle;
mod positions;
mod promotions;
mod properties;
mod quotes;
mod shop;
mod threads;
