//! One file a table (or a small family): its rows, its readers, its writers.

pub(crate) mod api_answer;
pub(crate) mod basket;
pub(crate) mod catalog;
pub(crate) mod category;
pub(crate) mod change;
pub(crate) mod channel;
pub(crate) mod channel_map;
pub(crate) mod channel_op;
pub(crate) mod channel_order;
pub(crate) mod channel_problem;
pub(crate) mod client_app;
pub(crate) mod coupon;
pub(crate) mod credit;
pub(crate) mod customer;
pub(crate) mod customer_record;
pub(crate) mod device;
pub(crate) mod held;
pub(crate) mod link;
pub(crate) mod outbox;
pub(crate) mod paper;
pub(crate) mod payment;
pub(crate) mod payment_request;
pub(crate) mod points;
pub(crate) mod print_job;
pub(crate) mod product;
pub(crate) mod report;
pub(crate) mod result_address;
pub(crate) mod sale;
pub(crate) mod setting;
pub(crate) mod shift;
pub(crate) mod staff;
pub(crate) mod stock;
pub(crate) mod terminal_report;
pub(crate) mod token;
pub(crate) mod webhook;

use uuid::Uuid;

/// A 16-byte column as an id.
pub(crate) fn uuid_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get::<_, [u8; 16]>(index)?))
}

/// A text column that must be one of a few names.
pub(crate) fn named<T>(
    row: &rusqlite::Row<'_>,
    index: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    parse(&text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            format!("\"{text}\" is unknown").into(),
        )
    })
}
