//! The connector to Shopify against a strict twin of its Admin GraphQL API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod engine;
mod faults;
mod golden;
mod lists;
mod rules;
