//! Why a line costs what it costs, step by step: at the till and from a stored sale alike.

use num_bigint::BigInt;
use num_traits::One as _;
use serde::{Deserialize, Serialize};

use super::exact::{Exact, Linear};
use super::formula::Formula;
use super::settle::extend;
use super::{Adjustment, AdjustmentKind, LineTax, SettledLine, TaxSum};
use crate::basket::Line;
use crate::money::{Money, MoneyError};
use crate::quantity::Quantity;
use crate::rounding::TaxRounding;
use crate::sale::{Sale, SaleLine};
use crate::tax::{Tax, TaxKind, TaxMode};

pub use super::recompute::{Difference, recompute};

/// Every step from a line's price to its total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// In the order in which they apply.
    pub steps: Vec<ExplainStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainStep {
    /// Which kind.
    pub kind: StepKind,
    /// What did it, as printed: a promotion, a reason, a tax; may be empty.
    pub name: String,
    /// The arithmetic in figures: `3 x 2.40`, `10% of 7.20`, `1/6 of 6.48 = 1.08`; may be empty.
    pub detail: String,
    /// The effect of the step; for prices and sums the value itself.
    pub amount: Money,
    /// What the line comes to after it.
    pub running: Money,
}

/// The kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The catalogue's price of one unit.
    ListPrice,
    /// Another price of one unit, by a price book.
    PriceBook,
    /// Another price of one unit, by a person; or an open price.
    Override,
    /// Price × quantity.
    Quantity,
    /// A promotion.
    Promotion,
    /// A promotion that a coupon opened.
    Coupon,
    /// The line's own discount.
    LineDiscount,
    /// The line's share of the basket's discount.
    BasketDiscount,
    /// The fiscal position kept the net price.
    Position,
    /// A tax: inside the amount, or on top of it.
    Tax,
    /// What the line's tax differs from its own rounding, because the document was rounded once and
    /// shared out. The tax has it already.
    Rounding,
    /// The receipt that a return comes from: its amounts are shares of what was paid.
    Origin,
    /// Without tax.
    Net,
    /// With tax.
    Total,
}

impl StepKind {
    /// The name in files and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ListPrice => "list_price",
            Self::PriceBook => "price_book",
            Self::Override => "override",
            Self::Quantity => "quantity",
            Self::Promotion => "promotion",
            Self::Coupon => "coupon",
            Self::LineDiscount => "line_discount",
            Self::BasketDiscount => "basket_discount",
            Self::Position => "position",
            Self::Tax => "tax",
            Self::Rounding => "rounding",
            Self::Origin => "origin",
            Self::Net => "net",
            Self::Total => "total",
        }
    }
}

impl From<AdjustmentKind> for StepKind {
    fn from(kind: AdjustmentKind) -> Self {
        match kind {
            AdjustmentKind::PriceBook => Self::PriceBook,
            AdjustmentKind::Override => Self::Override,
            AdjustmentKind::Promotion => Self::Promotion,
            AdjustmentKind::Coupon => Self::Coupon,
            AdjustmentKind::LineDiscount => Self::LineDiscount,
            AdjustmentKind::BasketDiscount => Self::BasketDiscount,
            AdjustmentKind::Position => Self::Position,
        }
    }
}

/// Explains a line of an open basket. `taxes` are the basket's [`super::Settled::taxes`].
///
/// # Errors
/// Too large.
pub fn settled(
    line: &Line,
    settled: &SettledLine,
    taxes: &[TaxSum],
    rounding: TaxRounding,
) -> Result<Explanation, MoneyError> {
    Told {
        list_price: settled.list_price,
        unit_price: settled.unit_price,
        quantity: line.quantity,
        gross: settled.gross,
        label: line.label.price,
        adjustments: &settled.adjustments,
        net: settled.net,
        total: settled.total,
        taxes: &settled.taxes,
        origin: None,
    }
    .steps(taxes, rounding)
}

/// Explains a line of a stored sale, from what is stored with it.
///
/// # Errors
/// Too large.
pub fn sold(line: &SaleLine, sale: &Sale) -> Result<Explanation, MoneyError> {
    let returned = line.quantity.thousandths() < 0;
    Told {
        list_price: line.list_price,
        unit_price: line.unit_price,
        quantity: line.quantity,
        gross: line.gross,
        label: line.label.price,
        adjustments: &line.adjustments,
        net: line.net,
        total: line.total,
        taxes: &line.taxes,
        origin: returned.then(|| line.origin.as_ref().map_or("", |origin| &origin.receipt)),
    }
    .steps(&sale.taxes, sale.rounding)
}

/// What is known of a line, wherever it lies.
struct Told<'a> {
    list_price: Option<Money>,
    unit_price: Money,
    quantity: Quantity,
    gross: Money,
    /// The amount on the label of the very piece, which is the gross one then.
    label: Option<Money>,
    adjustments: &'a [Adjustment],
    net: Money,
    total: Money,
    taxes: &'a [LineTax],
    /// The receipt of a return.
    origin: Option<&'a str>,
}

struct Steps {
    list: Vec<ExplainStep>,
    running: Money,
}

impl Steps {
    fn push(&mut self, kind: StepKind, name: &str, detail: String, amount: Money) {
        let running = self.running;
        self.list.push(ExplainStep { kind, name: name.to_owned(), detail, amount, running });
    }
}

impl Told<'_> {
    fn steps(&self, sums: &[TaxSum], rounding: TaxRounding) -> Result<Explanation, MoneyError> {
        let mut steps = Steps { list: Vec::new(), running: self.unit_price };
        self.price(&mut steps);
        if let Some(receipt) = self.origin {
            steps.running = self.gross;
            steps.push(StepKind::Origin, receipt, String::new(), self.gross);
        } else if let Some(label) = self.label {
            steps.running = extend(self.unit_price, self.quantity, rounding.mode)?;
            steps.push(StepKind::Quantity, "", self.extended(), steps.running);
            steps.running = label;
            steps.push(StepKind::Override, "", String::new(), label);
        } else {
            steps.running = self.gross;
            steps.push(StepKind::Quantity, "", self.extended(), self.gross);
        }
        for adjustment in self.adjustments.iter().filter(|a| !a.kind.is_in_gross()) {
            let detail = match adjustment.percent {
                Some(percent) if adjustment.kind != AdjustmentKind::BasketDiscount => {
                    format!("{}% of {}", percent.value(), number(steps.running))
                }
                Some(percent) => format!("{}%", percent.value()),
                None => String::new(),
            };
            steps.running = steps.running.plus(adjustment.amount)?;
            steps.push(adjustment.kind.into(), &adjustment.name, detail, adjustment.amount);
        }
        self.taxes(&mut steps, sums, rounding)?;
        steps.push(StepKind::Net, "", String::new(), self.net);
        steps.push(StepKind::Total, "", String::new(), self.total);
        Ok(Explanation { steps: steps.list })
    }

    fn price(&self, steps: &mut Steps) {
        if let Some(list) = self.list_price {
            steps.running = list;
            steps.push(StepKind::ListPrice, "", String::new(), list);
        }
        let changed = self.adjustments.iter().find(|adjustment| adjustment.kind.is_in_gross());
        // What a label changed is the amount, not the price of one unit.
        let of_unit = self.label.is_none() || self.list_price != Some(self.unit_price);
        let changed = changed.filter(|_| of_unit);
        steps.running = self.unit_price;
        match (changed, self.list_price) {
            (Some(changed), list) => {
                let detail = match (changed.percent, list) {
                    (Some(percent), Some(list)) => {
                        format!("{}% of {}", percent.value(), number(list))
                    }
                    _ => String::new(),
                };
                steps.push(changed.kind.into(), &changed.name, detail, self.unit_price);
            }
            (None, None) if self.origin.is_none() => {
                steps.push(StepKind::Override, "", String::new(), self.unit_price);
            }
            (None, _) => {}
        }
    }

    fn extended(&self) -> String {
        let product = format!("{} x {}", self.quantity, number(self.unit_price));
        let exact = Exact::Small {
            numerator: i128::from(self.unit_price.minor())
                * i128::from(self.quantity.thousandths()),
            denominator: 1000,
        };
        let exact = exact.text(self.unit_price.currency().exponent());
        if exact == number(self.gross) { product } else { format!("{product} = {exact}") }
    }

    fn taxes(
        &self,
        steps: &mut Steps,
        sums: &[TaxSum],
        rounding: TaxRounding,
    ) -> Result<(), MoneyError> {
        let label = steps.running;
        let taxes: Vec<&Tax> = self.taxes.iter().filter_map(|tax| tax.definition(sums)).collect();
        let formula = Formula::of(taxes.clone(), label.currency(), "").ok();
        let formula = formula.filter(|_| self.origin.is_none() && taxes.len() == self.taxes.len());
        for (index, part) in self.taxes.iter().enumerate() {
            let tax = part.definition(sums);
            let share = formula.as_ref().and_then(|formula| formula.shares.get(index));
            let exact = share
                .map(|share| share.at(self.quantity.thousandths().into(), label.minor().into()));
            let detail = match (tax, share, &exact) {
                (Some(tax), Some(share), Some(exact)) => {
                    self.tax_detail(tax, share, exact, label, part)
                }
                _ => String::new(),
            };
            if tax.is_some_and(|tax| tax.mode == TaxMode::Exclusive) {
                steps.running = steps.running.plus(part.amount)?;
            }
            let name = tax.map_or(part.code.as_str(), |tax| &tax.name);
            steps.push(StepKind::Tax, name, detail, part.amount);
            let own = exact.as_ref().and_then(|exact| exact.round(rounding.mode));
            let shared_out = own.map_or(0, |own| i128::from(part.amount.minor()) - own);
            if shared_out != 0 {
                let amount = Money::new(shared_out, label.currency())?;
                steps.push(StepKind::Rounding, name, String::new(), amount);
            }
        }
        Ok(())
    }

    fn tax_detail(
        &self,
        tax: &Tax,
        share: &Linear,
        exact: &Exact,
        label: Money,
        part: &LineTax,
    ) -> String {
        let value = exact.text(label.currency().exponent());
        match tax.kind {
            TaxKind::Fixed { amount } => {
                let product = format!("{} x {}", self.quantity, number(amount));
                if value == number(part.amount) { product } else { format!("{product} = {value}") }
            }
            TaxKind::Percent { rate } => match share.share_of_amount() {
                Some(share) if tax.mode == TaxMode::Inclusive && share.denom() > &BigInt::one() => {
                    format!("{share} of {} = {value}", number(label))
                }
                _ => format!("{}% of {} = {value}", rate.value(), number(part.base)),
            },
        }
    }
}

/// `12.50`, without the currency.
fn number(amount: Money) -> String {
    Exact::Small { numerator: amount.minor().into(), denominator: 1 }
        .text(amount.currency().exponent())
}
