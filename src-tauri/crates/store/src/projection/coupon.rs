//! Which sale used which coupon, and how often each was used.

use countertop_domain::journal::Entry;
use rusqlite::{Connection, params};

use crate::error::StoreError;

/// Writes which coupons entry `seq` used up.
pub(crate) fn apply(connection: &Connection, seq: i64, entry: &Entry) -> Result<(), StoreError> {
    let Entry::SaleCompleted(sale) = entry else { return Ok(()) };
    if sale.coupons.is_empty() {
        return Ok(());
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO coupon_use(seq, position, code, promotion) VALUES(?1, ?2, ?3, ?4)",
    )?;
    let mut count = connection.prepare_cached(
        "INSERT INTO coupon_count(code, uses) VALUES(?1, 1)
         ON CONFLICT(code) DO UPDATE SET uses = uses + 1",
    )?;
    for (position, coupon) in (1_i64..).zip(&sale.coupons) {
        insert.execute(params![seq, position, coupon.code, coupon.promotion])?;
        count.execute([&coupon.code])?;
    }
    Ok(())
}
