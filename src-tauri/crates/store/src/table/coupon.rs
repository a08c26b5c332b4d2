//! Coupons that were given out, with how often each was used.

use countertop_domain::time::BusinessDay;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// A coupon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouponRow {
    /// What is printed on it.
    pub code: String,
    /// The id of the promotion that it opens.
    pub promotion: String,
    /// How often it may be used; none without limit.
    pub limit: Option<u32>,
    /// The last day on which it counts.
    pub expires: Option<BusinessDay>,
    /// How often it was used.
    pub uses: u32,
}

const SELECT: &str = "SELECT coupon.code, promotion, max_uses, expires, coalesce(uses, 0)
   FROM coupon LEFT JOIN coupon_count USING(code)";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A coupon by its code.
    pub fn coupon(&self, code: &str) -> Result<Option<CouponRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE coupon.code = ?1"))?
            .query_row([code], from_row)
            .optional()?)
    }

    /// Coupons by code.
    pub fn coupons(&self, limit: u32) -> Result<Vec<CouponRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} ORDER BY coupon.code LIMIT ?1"))?;
        let rows = statement.query_map([limit], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Gives a coupon out, or changes its promotion and its limits; how often it was used stays.
    pub fn put_coupon(&self, coupon: &CouponRow) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO coupon(code, promotion, max_uses, expires) VALUES(?1, ?2, ?3, ?4)
                 ON CONFLICT(code) DO UPDATE SET promotion = ?2, max_uses = ?3, expires = ?4",
            )?
            .execute(params![
                coupon.code,
                coupon.promotion,
                coupon.limit,
                coupon.expires.map(|day| day.to_string()),
            ])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CouponRow> {
    let expires: Option<String> = row.get(3)?;
    let expires = expires.map(BusinessDay::try_from).transpose().map_err(|reason| {
        rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, reason.into())
    })?;
    Ok(CouponRow {
        code: row.get(0)?,
        promotion: row.get(1)?,
        limit: row.get(2)?,
        expires,
        uses: row.get(4)?,
    })
}
