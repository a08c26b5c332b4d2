//! What happens in a shift, as running totals: a report reads them and adds nothing up.
//!
//! The arithmetic is the domain's: a fact alone is made into totals, and these are added to those of
//! its shift.

use countertop_domain::credit::AccountPayment;
use countertop_domain::ids::ShiftId;
use countertop_domain::journal::Entry;
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::order::{DepositTaken, OrderCancelled};
use countertop_domain::posting;
use countertop_domain::sale::{ReceiptNumber, Sale};
use countertop_domain::shift::{CashMove, ShiftClose, ShiftOpen, ShiftTotals};
use countertop_domain::voids::Voided;
use rusqlite::{Connection, OptionalExtension, params};

use super::post;
use crate::error::StoreError;
use crate::table::shift::{grand_total, totals};

/// Writes what entry `seq` means for its shift, with the postings of those that are not
/// sales.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    match entry {
        Entry::ShiftOpened(open) => opened(connection, seq, open),
        Entry::SaleCompleted(sale) => sold(connection, sale),
        Entry::CashMoved(moved) => cash_moved(connection, seq, moved),
        Entry::BasketVoided(voided) => basket_voided(connection, voided),
        Entry::AccountPaid(payment) => account_paid(connection, seq, payment),
        Entry::DepositTaken(deposit) => deposit_taken(connection, seq, deposit),
        Entry::OrderCancelled(cancelled) => order_cancelled(connection, seq, cancelled),
        Entry::ShiftClosed(close) => closed(connection, seq, close),
        Entry::RegisterFounded(_)
        | Entry::RegisterRestored(_)
        | Entry::StockImported(_)
        | Entry::LinesVoided(_)
        | Entry::TenderUndone(_)
        | Entry::CreditIssued(_)
        | Entry::OrderHeld(_)
        | Entry::PaymentResolved(_)
        | Entry::CardPaymentOrphaned(_)
        | Entry::CardPaymentReversed(_)
        | Entry::StockMoved(_)
        | Entry::CustomersMerged(_)
        | Entry::CustomerErased(_)
        | Entry::CreditRedeemed(_)
        | Entry::PointsMoved(_) => Ok(()),
    }
}

fn opened(connection: &Connection, seq: i64, open: &ShiftOpen) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shift(shift_id, opened_seq, business_day, opened_ms, opened_offset_min,
               opened_by, float_minor)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            open.shift.uuid().as_bytes().as_slice(),
            seq,
            open.business_day.to_string(),
            open.at.utc_ms,
            open.at.offset_min,
            open.actor.name,
            open.float.minor(),
        ])?;
    let mut totals = ShiftTotals::new(open.float.currency());
    totals.add_open(open)?;
    add(connection, open.shift, &totals)?;
    post(connection, seq, &posting::of_shift_open(open)?)
}

/// The part of a sale that its shift keeps. The sale's own rows and postings are made elsewhere.
fn sold(connection: &Connection, sale: &Sale) -> Result<(), StoreError> {
    let mut totals = ShiftTotals::new(sale.total.currency());
    totals.add_sale(sale)?;
    add(connection, sale.shift, &totals)
}

fn cash_moved(connection: &Connection, seq: i64, moved: &CashMove) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO cash_move(seq, move_id, shift_id, at_ms, actor, kind, currency,
               amount_minor, reason)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            seq,
            moved.id.uuid().as_bytes().as_slice(),
            moved.shift.uuid().as_bytes().as_slice(),
            moved.at.utc_ms,
            moved.actor.name,
            moved.kind.name(),
            moved.amount.currency().code(),
            moved.amount.minor(),
            moved.reason,
        ])?;
    let mut totals = ShiftTotals::new(moved.into_drawer().value.currency());
    totals.add_move(moved)?;
    add(connection, moved.shift, &totals)?;
    post(connection, seq, &posting::of_cash_move(moved)?)
}

/// A basket was given up. Outside of a shift nothing counts it.
fn basket_voided(connection: &Connection, voided: &Voided) -> Result<(), StoreError> {
    let Some(shift) = voided.shift else { return Ok(()) };
    let mut totals = ShiftTotals::new(voided.total.currency());
    totals.add_void();
    add(connection, shift, &totals)
}

fn account_paid(
    connection: &Connection,
    seq: i64,
    payment: &AccountPayment,
) -> Result<(), StoreError> {
    let mut totals = ShiftTotals::new(payment.tender.amount.currency());
    totals.add_account_payment(payment)?;
    add(connection, payment.shift, &totals)?;
    post(connection, seq, &posting::of_account_payment(payment)?)
}

fn deposit_taken(
    connection: &Connection,
    seq: i64,
    deposit: &DepositTaken,
) -> Result<(), StoreError> {
    let mut totals = ShiftTotals::new(deposit.tender.amount.currency());
    totals.add_deposit(deposit)?;
    add(connection, deposit.shift, &totals)?;
    post(connection, seq, &posting::of_deposit(deposit)?)
}

fn order_cancelled(
    connection: &Connection,
    seq: i64,
    cancelled: &OrderCancelled,
) -> Result<(), StoreError> {
    let mut totals = ShiftTotals::new(cancelled.kept.currency());
    totals.add_cancel(cancelled)?;
    add(connection, cancelled.shift, &totals)?;
    post(connection, seq, &posting::of_order_cancel(cancelled)?)
}

/// Ends a shift. What its Z report says must be what the shift came to, or it is not written.
fn closed(connection: &Connection, seq: i64, close: &ShiftClose) -> Result<(), StoreError> {
    let home = close.grand_total.currency();
    if totals(connection, close.shift, home)?.as_ref() != Some(&close.totals) {
        return Err(wrong(close, "its totals are not those of its shift"));
    }
    let before = grand_total(connection)?;
    if close.z_number != before.z_number + 1 {
        return Err(wrong(close, &format!("it follows number {}", before.z_number)));
    }
    if close.totals.grand_total_after(Money::new(before.amount, home)?)? != close.grand_total {
        return Err(wrong(close, "its grand total is not the sum of all shifts"));
    }
    let counted = close.home().filter(|count| count.currency == home);
    let counted = counted.ok_or_else(|| wrong(close, "the drawer was not counted"))?;
    let changed = connection
        .prepare_cached(
            "UPDATE shift SET closed_seq = ?2, closed_ms = ?3, closed_offset_min = ?4,
               z_number = ?5, counted_minor = ?6, z_series = ?7
             WHERE shift_id = ?1 AND closed_seq IS NULL",
        )?
        .execute(params![
            close.shift.uuid().as_bytes().as_slice(),
            seq,
            close.at.utc_ms,
            close.at.offset_min,
            close.z_number,
            counted.counted.minor(),
            close.series,
        ])?;
    if changed != 1 {
        return Err(not_open(close.shift));
    }
    connection
        .prepare_cached(
            "INSERT INTO grand_total(id, z_number, amount_minor) VALUES(1, ?1, ?2)
             ON CONFLICT(id) DO UPDATE SET z_number = excluded.z_number,
               amount_minor = excluded.amount_minor",
        )?
        .execute(params![close.z_number, close.grand_total.minor()])?;
    post(connection, seq, &posting::of_shift_close(close)?)
}

fn wrong(close: &ShiftClose, what: &str) -> StoreError {
    StoreError::damaged("shift", format!("Z report {}: {what}", close.z_number))
}

fn not_open(shift: ShiftId) -> StoreError {
    StoreError::damaged("shift", format!("shift {shift} is not open"))
}

/// Adds totals to those of an open shift. A total that no register can count is refused, and with it
/// the fact: a shift can always be shown and closed.
fn add(connection: &Connection, shift: ShiftId, more: &ShiftTotals) -> Result<(), StoreError> {
    let home = more.takings.currency();
    let drawer = more.drawer.iter().find(|cash| cash.amount.currency() == home);
    let (first, last) = (more.first_receipt.as_ref(), more.last_receipt.as_ref());
    let series = |receipt: Option<&ReceiptNumber>| receipt.map(|r| r.series.clone());
    let sequence = |receipt: Option<&ReceiptNumber>| receipt.map(|r| r.sequence);
    let sums: [i64; 9] = connection
        .prepare_cached(
            "UPDATE shift SET sales = sales + ?2, refunds = refunds + ?3, voids = voids + ?4,
               no_sales = no_sales + ?5, takings_minor = takings_minor + ?6,
               net_minor = net_minor + ?7, tax_minor = tax_minor + ?8,
               discount_minor = discount_minor + ?9, tip_minor = tip_minor + ?10,
               cash_rounding_minor = cash_rounding_minor + ?11,
               deposits_minor = deposits_minor + ?12,
               account_payments_minor = account_payments_minor + ?13,
               drawer_minor = drawer_minor + ?14,
               first_series = coalesce(first_series, ?15),
               first_sequence = coalesce(first_sequence, ?16),
               last_series = coalesce(?17, last_series),
               last_sequence = coalesce(?18, last_sequence)
             WHERE shift_id = ?1 AND closed_seq IS NULL
             RETURNING takings_minor, net_minor, tax_minor, discount_minor, tip_minor,
               cash_rounding_minor, deposits_minor, account_payments_minor, drawer_minor",
        )?
        .query_row(
            params![
                shift.uuid().as_bytes().as_slice(),
                more.sales,
                more.refunds,
                more.voids,
                more.no_sales,
                more.takings.minor(),
                more.net.minor(),
                more.tax.minor(),
                more.discount.minor(),
                more.tip.minor(),
                more.cash_rounding.minor(),
                more.deposits.minor(),
                more.account_payments.minor(),
                drawer.map_or(0, |cash| cash.amount.minor()),
                series(first),
                sequence(first),
                series(last),
                sequence(last),
            ],
            |row| {
                let mut sums = [0; 9];
                for (column, sum) in sums.iter_mut().enumerate() {
                    *sum = row.get(column)?;
                }
                Ok(sums)
            },
        )
        .optional()?
        .ok_or_else(|| not_open(shift))?;
    sums.into_iter().try_for_each(countable)?;
    add_rows(connection, shift, more)
}

fn add_rows(connection: &Connection, shift: ShiftId, more: &ShiftTotals) -> Result<(), StoreError> {
    let home = more.takings.currency();
    let rows = Rows { connection, shift };
    for tender in &more.tenders {
        let name = tender.name.as_deref().unwrap_or_default();
        let key = ["tender", tender.kind.name(), name, ""];
        rows.add(key, tender.count, tender.amount, None)?;
    }
    for tax in &more.taxes {
        rows.add(["tax", &tax.code, &tax.name, &tax.rate], 0, tax.amount, Some(tax.base))?;
    }
    for moved in &more.cash_moves {
        let key = ["move", moved.kind.name(), moved.amount.currency().code(), ""];
        rows.add(key, moved.count, moved.amount, None)?;
    }
    for cash in more.drawer.iter().filter(|cash| cash.amount.currency() != home) {
        let key = ["drawer", cash.amount.currency().code(), "", ""];
        rows.add(key, 0, cash.amount, Some(cash.value))?;
    }
    Ok(())
}

struct Rows<'a> {
    connection: &'a Connection,
    shift: ShiftId,
}

impl Rows<'_> {
    fn add(
        &self,
        [kind, code, name, rate]: [&str; 4],
        count: i64,
        amount: Money,
        base: Option<Money>,
    ) -> Result<(), StoreError> {
        let (amount, base): (i64, i64) = self
            .connection
            .prepare_cached(
                "INSERT INTO shift_total(shift_id, kind, code, name, rate, count, amount_minor,
                   base_minor)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT(shift_id, kind, code, name, rate) DO UPDATE SET
                   count = count + excluded.count,
                   amount_minor = amount_minor + excluded.amount_minor,
                   base_minor = base_minor + excluded.base_minor
                 RETURNING amount_minor, base_minor",
            )?
            .query_row(
                params![
                    self.shift.uuid().as_bytes().as_slice(),
                    kind,
                    code,
                    name,
                    rate,
                    count,
                    amount.minor(),
                    base.map_or(0, Money::minor),
                ],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
        countable(amount)?;
        Ok(countable(base)?)
    }
}

/// Refuses a sum that no amount can be.
fn countable(minor: i64) -> Result<(), MoneyError> {
    if minor.unsigned_abs() > Money::MAX_MINOR.unsigned_abs() {
        return Err(MoneyError::TooLarge);
    }
    Ok(())
}
