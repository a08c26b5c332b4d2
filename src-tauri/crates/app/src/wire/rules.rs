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

/// Price books, or promotions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PriceRuleKind {
    /// Other prices for some.
    Book,
    /// Reductions that apply by themselves.
    Promotion,
}

/// Price books or promotions, by id.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PriceRuleList {
    /// All of them.
    pub rules: Vec<PriceRuleView>,
}

/// One price book or promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PriceRuleView {
    /// Its id.
    pub id: String,
    /// A fingerprint of it: another one with every change.
    pub version: String,
    /// Itself.
    #[ts(type = "unknown")]
    pub rule: Value,
}

/// Asks for one price book or promotion, or removes it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceRuleRequest {
    /// Which kind.
    pub kind: PriceRuleKind,
    /// Which.
    pub id: String,
    /// What was seen, to remove it only if it is still that.
    #[serde(default)]
    pub version: Option<String>,
}

/// Adds a price book or promotion, or writes it anew.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePriceRule {
    /// Which kind.
    pub kind: PriceRuleKind,
    /// What it replaces, as it was seen; none for a new one.
    #[serde(default)]
    pub version: Option<String>,
    /// Itself, with its id.
    #[ts(type = "unknown")]
    pub rule: Value,
}
