//! Pricing: the only maker of totals. A basket, the shop's taxes and its price rules in, every
//! amount out.
//!
//! The order: price book, or the override instead; promotions; coupons; the line's discount; the
//! basket's discount; the fiscal position; taxes. A line's amount is rounded once (it is printed),
//! each reduction once, and then each tax, by [`TaxRounding`].

mod exact;
pub mod explain;
mod formula;
mod recompute;
mod settle;
mod taxing;

pub(crate) use exact::{Exact, share_out};
pub(crate) use settle::{Parts, extend, settle as settle_parts};

use serde::{Deserialize, Serialize};

use crate::basket::Basket;
use crate::discount::DiscountError;
use crate::ids::LineId;
use crate::money::{Currency, Money, MoneyError};
use crate::promotion::PriceRules;
use crate::rounding::TaxRounding;
use crate::tax::{Percent, Tax, TaxTable};
use crate::time::Timestamp;

/// What prices depend on besides the basket.
#[derive(Clone, Copy, Debug)]
pub struct PricingContext<'a> {
    /// The shop's currency.
    pub currency: Currency,
    /// The shop's taxes and fiscal positions.
    pub taxes: &'a TaxTable,
    /// How taxes are rounded.
    pub rounding: TaxRounding,
    /// Price books and promotions.
    pub rules: &'a PriceRules,
    /// Where it is sold: `counter`, or a web shop's name.
    pub channel: &'a str,
    /// Now; a basket that fixed its prices earlier keeps that moment.
    pub at: Timestamp,
}

/// What a basket costs. The sums include what comes back ([`Basket::returns`]), below nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// What is sold, in the basket's order; returns are not among them.
    pub lines: Vec<SettledLine>,
    /// By tax, in order of first appearance; their amounts add up to [`Settled::tax`].
    pub taxes: Vec<TaxSum>,
    /// Without any tax.
    pub net: Money,
    /// All taxes, inclusive and exclusive.
    pub tax: Money,
    /// What the customer pays: net + tax. Below nothing if more comes back than is sold.
    pub total: Money,
    /// What promotions, coupons and discounts took off what is sold; never below nothing. In label
    /// prices: with the taxes that are inside them.
    pub discount: Money,
}

/// What a line costs. `gross` and every adjustment but price book and override add up to the label
/// amount, on which taxes are computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledLine {
    /// Which line.
    pub line: LineId,
    /// The catalogue's price of one unit; none for an open price.
    pub list_price: Option<Money>,
    /// The price of one unit after price book or override.
    pub unit_price: Money,
    /// `unit_price` × quantity, rounded.
    pub gross: Money,
    /// Every rule that touched the price, in the order in which they applied.
    pub adjustments: Vec<Adjustment>,
    /// Without any tax.
    pub net: Money,
    /// With all its taxes.
    pub total: Money,
    /// Each of its taxes, in their order.
    pub taxes: Vec<LineTax>,
}

/// One rule's exact effect on a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Which kind of rule.
    pub kind: AdjustmentKind,
    /// Of the price book, promotion or fiscal position, or the coupon's code; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// As printed: the promotion's name, a discount's reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The percentage, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// Below nothing takes off.
    pub amount: Money,
}

/// What touched a price, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Another price by a price book. The amount is the difference to the list price × quantity,
    /// which `gross` has already.
    PriceBook,
    /// Another price by a person; `gross` has it already too.
    Override,
    /// A promotion.
    Promotion,
    /// A promotion that a coupon opened.
    Coupon,
    /// The line's own discount.
    LineDiscount,
    /// The line's share of the basket's discount.
    BasketDiscount,
    /// The fiscal position kept the net price, so that the label price changed.
    Position,
}

impl AdjustmentKind {
    /// True where the amount is part of `gross` already.
    pub const fn is_in_gross(self) -> bool {
        matches!(self, Self::PriceBook | Self::Override)
    }

    /// True for what a customer would call a reduction.
    pub const fn is_reduction(self) -> bool {
        matches!(self, Self::Promotion | Self::Coupon | Self::LineDiscount | Self::BasketDiscount)
    }
}

/// One tax of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// The tax's code.
    pub code: String,
    /// Which of the ticket's taxes with this code, from 0 on: one that was changed since stands beside
    /// what it was when goods that come back were sold.
    #[serde(default, skip_serializing_if = "is_first")]
    pub nth: usize,
    /// The net amount that it was taken on, earlier taxes included that are part of its base.
    pub base: Money,
    /// How much.
    pub amount: Money,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde calls")]
const fn is_first(nth: &usize) -> bool {
    *nth == 0
}

impl LineTax {
    /// Its own definition among a ticket's taxes.
    pub fn definition<'a>(&self, sums: &'a [TaxSum]) -> Option<&'a Tax> {
        sums.iter().map(|sum| &sum.tax).filter(|tax| tax.code == self.code).nth(self.nth)
    }

    /// The same, as a part of a ticket on which this is its definition.
    #[must_use]
    pub fn defined_by(self, tax: &Tax, sums: &[TaxSum]) -> Self {
        let mut same = sums.iter().map(|sum| &sum.tax).filter(|tax| tax.code == self.code);
        let nth = same.position(|other| other == tax).unwrap_or(0);
        Self { nth, ..self }
    }
}

/// One tax over the whole basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSum {
    /// The tax as it was.
    pub tax: Tax,
    /// The net amount that it was taken on, earlier taxes included that are part of its base.
    pub base: Money,
    /// How much.
    pub amount: Money,
}

/// Why a basket has no total.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// A line without any price.
    #[error("\"{name}\" has no price: enter one")]
    NoPrice {
        /// The item.
        name: String,
    },
    /// A line's discount cannot be given.
    #[error("\"{name}\": {source}")]
    LineDiscount {
        /// The item.
        name: String,
        /// Why not.
        source: DiscountError,
    },
    /// The basket's discount cannot be given.
    #[error("the discount on the whole basket: {0}")]
    BasketDiscount(DiscountError),
    /// No such fiscal position.
    #[error("there is no tax position \"{id}\": choose another, or none")]
    UnknownPosition {
        /// What was asked for.
        id: String,
    },
    /// The coupon's promotion is gone.
    #[error("coupon {code} belongs to no promotion: take it out of the basket")]
    UnknownCoupon {
        /// The coupon.
        code: String,
    },
    /// One code, two meanings.
    #[error("two different taxes have the code \"{code}\": give each a code of its own")]
    TwoTaxes {
        /// The code.
        code: String,
    },
    /// Taxes inside the price that leave no price.
    #[error("the taxes inside the price of \"{name}\" take all of it away: correct their rates")]
    ImpossibleTaxes {
        /// The item.
        name: String,
    },
    /// Too large, or two currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Prices a basket. Pure: the same basket and context always give the same amounts.
///
/// # Errors
/// See [`PricingError`]; nothing is guessed.
pub fn settle(basket: &Basket, context: &PricingContext<'_>) -> Result<Settled, PricingError> {
    settle_parts(&Parts::of(basket), context)
}

/// What is still to pay, tip included.
///
/// # Errors
/// Two currencies, or too large.
pub fn due(basket: &Basket, settled: &Settled) -> Result<Money, MoneyError> {
    let paid = Money::sum(settled.total.currency(), basket.tenders().iter().map(|t| t.amount))?;
    let asked = basket.tip().map_or(Ok(settled.total), |tip| settled.total.plus(tip))?;
    asked.minus(paid)
}
