//! Shops in which a sale takes several requests: a sale, a refund and a count against strict twins, with
//! every fault that passes at every step. Each is done once, and the figures are equal at the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod medusa;
mod vendure;
