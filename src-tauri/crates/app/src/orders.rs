//! Finding what was sold.

use countertop_store::{SaleRow, Snapshot};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::pay::find_sale;
use crate::views::pay_with;
use crate::wire::{FindOrders, OrderRow, Orders, SaleRequest, SaleView};

/// Sales of a page.
const PAGE: u32 = 40;
/// Typed characters that count.
const MAX_TEXT: usize = 100;

pub(crate) fn find(app: &App, _: &Caller, request: FindOrders) -> Result<Orders, AppError> {
    let before = match request.after {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| AppError::BadText {
            reason: "that page cannot be continued: load the list again".to_owned(),
        })?,
    };
    let text: String = request.text.trim().chars().take(MAX_TEXT).collect();
    let mut rows = app.store.read(|snapshot| rows(snapshot, &text, before))?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    Ok(Orders { orders: rows.into_iter().map(order_row).collect(), next })
}

fn rows(snapshot: &Snapshot<'_>, text: &str, before: i64) -> Result<Vec<SaleRow>, AppError> {
    if text.is_empty() {
        return Ok(snapshot.sales_before(before, PAGE + 1)?);
    }
    if before == i64::MAX {
        let found = by_receipt(snapshot, text)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(snapshot.sales_by_item(text, before, PAGE + 1)?)
}

/// `T1-1042`, or just `1042`.
fn by_receipt(snapshot: &Snapshot<'_>, text: &str) -> Result<Vec<SaleRow>, AppError> {
    let (series, number) = match text.rsplit_once('-') {
        Some((series, number)) => (Some(series.to_uppercase()), number),
        None => (None, text),
    };
    match number.parse::<i64>() {
        Ok(number) => Ok(snapshot.sales_by_receipt(series.as_deref(), number)?),
        Err(_) => Ok(Vec::new()),
    }
}

fn order_row(row: SaleRow) -> OrderRow {
    OrderRow {
        id: row.id,
        receipt: row.receipt,
        local_time: row.at.local_text(),
        cashier: row.cashier,
        paid_with: row.paid_with.into_iter().map(pay_with).collect(),
        total: row.total,
        lines: row.lines,
    }
}

pub(crate) fn get(app: &App, _: &Caller, request: SaleRequest) -> Result<SaleView, AppError> {
    find_sale(app, request.sale_id)
}
