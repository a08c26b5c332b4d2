//! Price books, promotions and coupons, as they are set up. Their shapes are the domain's own: see
//! `countertop_domain::price_book` and `countertop_domain::promotion`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Every rule that prices follow.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PriceRulesView {
    /// Which edition they are.
    pub version: u32,
    /// Price books.
    #[ts(type = "Array<unknown>")]
    pub books: Vec<Value>,
    /// Promotions.
    #[ts(type = "Array<unknown>")]
    pub promotions: Vec<Value>,
    /// `best_for_customer` or `in_order`.
    pub stacking: String,
}

/// Replaces the rules.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPriceRules {
    /// The edition that these replace, as `prices.get` gave it; refused with `rules_changed` if
    /// another one was saved meanwhile.
    pub version: u32,
    /// Price books.
    #[ts(type = "Array<unknown>")]
    pub books: Vec<Value>,
    /// Promotions.
    #[ts(type = "Array<unknown>")]
    pub promotions: Vec<Value>,
    /// `best_for_customer` or `in_order`.
    pub stacking: String,
}

/// A coupon that was given out.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CouponRow {
    /// What is printed on it.
    pub code: String,
    /// The id of the promotion that it opens.
    pub promotion: String,
    /// How often it was used.
    pub uses: u32,
    /// How often it may be used; none without limit.
    pub limit: Option<u32>,
    /// The last day on which it counts.
    pub expires: Option<String>,
}

/// Coupons.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CouponList {
    /// By code; a thousand at most.
    pub coupons: Vec<CouponRow>,
}

/// Gives out a coupon, or changes its limits.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct IssueCoupon {
    /// What is printed on it.
    pub code: String,
    /// The id of the promotion that it opens.
    pub promotion: String,
    /// How often it may be used; none without limit.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The last day on which it counts.
    #[serde(default)]
    pub expires: Option<String>,
}
