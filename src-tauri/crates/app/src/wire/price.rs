//! What changes a price: discounts, coupons, fiscal positions, and the account of it all.

use countertop_domain::ids::{BasketId, LineId, SaleId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What comes off a line or a basket, as it was given.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DiscountView {
    /// A percentage as text: `10`; none for an amount.
    pub percent: Option<String>,
    /// An amount; none for a percentage.
    pub amount: Option<i64>,
    /// Why, as printed; may be empty.
    pub reason: String,
}

/// One rule that touched a line's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdjustmentView {
    /// `price_book`, `override`, `promotion`, `coupon`, `line_discount`, `basket_discount` or `position`.
    pub kind: String,
    /// As printed: the promotion's name or the discount's reason; may be empty.
    pub name: String,
    /// The percentage as text, where it is one.
    pub percent: Option<String>,
    /// Its exact effect: below nothing takes off.
    pub amount: i64,
}

/// What one promotion, coupon or discount took off over all lines.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReductionView {
    /// As in `AdjustmentView`.
    pub kind: String,
    /// As printed.
    pub name: String,
    /// Below nothing.
    pub amount: i64,
}

/// A coupon that was shown.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CouponView {
    /// What is printed on it.
    pub code: String,
    /// The promotion that it opens.
    pub name: String,
    /// What it took off; nothing if its conditions are not met.
    pub amount: i64,
}

/// Sets or clears what comes off a line, or off the whole basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDiscount {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line; none for the whole basket.
    #[ts(type = "string | null")]
    #[serde(default)]
    pub line_id: Option<LineId>,
    /// A percentage as text; none for an amount, or to clear.
    #[serde(default)]
    pub percent: Option<String>,
    /// An amount; none for a percentage, or to clear.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Why, as printed.
    pub reason: String,
}

/// Sets or clears the fiscal position of a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPosition {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Its id; none for the usual taxes.
    #[serde(default)]
    pub position: Option<String>,
}

/// Shows a coupon, or takes it back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CouponRequest {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// What is printed on it.
    pub code: String,
}

/// Asks why an open line costs what it costs.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExplainLine {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Asks why a sold line cost what it cost.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExplainSold {
    /// Which sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Why a line costs what it costs, step by step.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExplanationView {
    /// The line's item.
    pub name: String,
    /// In the order in which they apply.
    pub steps: Vec<ExplainStepView>,
    /// What it came to.
    pub total: i64,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExplainStepView {
    /// `list_price`, `price_book`, `override`, `quantity`, `promotion`, `coupon`, `line_discount`, `basket_discount`, `position`, `tax`, `rounding`, `net`, `total` or `origin`.
    pub kind: String,
    /// What did it, as printed; may be empty.
    pub name: String,
    /// The arithmetic in figures: `3 x 2.40`, `10% of 7.20`, `20/120 of 6.48 = 1.08`; may be empty.
    pub detail: String,
    /// The effect of this step, or for prices and sums the value itself.
    pub amount: i64,
    /// What the line comes to after it.
    pub running: i64,
}
