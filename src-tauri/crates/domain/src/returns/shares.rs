//! Shares of a sold line: what went back of it so far, and what goes back next.

use super::ReturnLine;
use crate::money::{Money, MoneyError};
use crate::pricing::{Adjustment, LineTax};
use crate::quantity::Quantity;
use crate::rounding::half_up;
use crate::sale::{Sale, SaleLine};

/// What went back of a sold line; all amounts above nothing, as the line's own are.
pub(super) struct Given {
    pub(super) quantity: Quantity,
    pub(super) gross: Money,
    pub(super) net: Money,
    pub(super) total: Money,
    /// In the order of the line's taxes.
    pub(super) taxes: Vec<LineTax>,
    /// In the order of the line's adjustments.
    pub(super) adjustments: Vec<Money>,
}

/// The parts of a line that a refund or a return gives back.
struct Back<'a> {
    quantity: Quantity,
    gross: Money,
    net: Money,
    total: Money,
    taxes: &'a [LineTax],
    adjustments: &'a [Adjustment],
}

impl Given {
    /// What `refunds` and the returns of a basket give back of a line.
    pub(super) fn of(
        sale: &Sale,
        line: &SaleLine,
        refunds: &[Sale],
        open: &[ReturnLine],
    ) -> Result<Self, MoneyError> {
        let is_ours = |origin: &Option<super::Origin>| {
            origin.as_ref().is_some_and(|origin| origin.sale == sale.id && origin.line == line.id)
        };
        let mut given = Self::nothing(line);
        let lines = refunds.iter().flat_map(|refund| &refund.lines);
        for back in lines.filter(|back| is_ours(&back.origin)) {
            given.add(&Back {
                quantity: back.quantity.negated(),
                gross: back.gross,
                net: back.net,
                total: back.total,
                taxes: &back.taxes,
                adjustments: &back.adjustments,
            })?;
        }
        for back in open.iter().filter(|back| is_ours(&back.origin)) {
            given.add(&Back {
                quantity: back.quantity,
                gross: back.gross,
                net: back.net,
                total: back.total,
                taxes: &back.taxes,
                adjustments: &back.adjustments,
            })?;
        }
        Ok(given)
    }

    fn nothing(line: &SaleLine) -> Self {
        let zero = Money::zero(line.total.currency());
        let tax = |tax: &LineTax| LineTax { base: zero, amount: zero, ..tax.clone() };
        Self {
            quantity: Quantity::default(),
            gross: zero,
            net: zero,
            total: zero,
            taxes: line.taxes.iter().map(tax).collect(),
            adjustments: vec![zero; line.adjustments.len()],
        }
    }

    fn add(&mut self, back: &Back<'_>) -> Result<(), MoneyError> {
        self.quantity = self.quantity.plus(back.quantity);
        self.gross = self.gross.minus(back.gross)?;
        self.net = self.net.minus(back.net)?;
        self.total = self.total.minus(back.total)?;
        // A return keeps the taxes and adjustments of its line, in their order.
        for (sum, tax) in self.taxes.iter_mut().zip(back.taxes) {
            sum.base = sum.base.minus(tax.base)?;
            sum.amount = sum.amount.minus(tax.amount)?;
        }
        for (sum, adjustment) in self.adjustments.iter_mut().zip(back.adjustments) {
            *sum = sum.minus(adjustment.amount)?;
        }
        Ok(())
    }

    /// How much has not come back.
    pub(super) const fn left_of(&self, line: &SaleLine) -> Quantity {
        line.quantity.plus(self.quantity.negated())
    }

    /// Whether no more was given back than was paid, and exactly that once everything is back.
    pub(super) fn is_within(&self, line: &SaleLine) -> Result<bool, MoneyError> {
        if self.left_of(line).thousandths() > 0 {
            return Ok(!line.total.minus(self.total)?.is_negative());
        }
        let same_taxes = self.taxes.iter().zip(&line.taxes).all(|(a, b)| a.amount == b.amount);
        Ok(self.total == line.total && self.net == line.net && same_taxes)
    }
}

/// What the next `quantity` of a line gives back.
pub(super) struct Shares {
    pub(super) gross: Money,
    pub(super) net: Money,
    pub(super) total: Money,
    pub(super) taxes: Vec<LineTax>,
    pub(super) adjustments: Vec<Money>,
}

/// The shares of the next `quantity`: of each amount what should have gone back with it, rounded
/// once, less what did. The net is total less taxes, and the label (gross and reductions) is the
/// total or the net where the sale's was, so that a refund adds up as its sale did.
pub(super) fn of(line: &SaleLine, given: &Given, quantity: Quantity) -> Result<Shares, MoneyError> {
    let with_this = given.quantity.plus(quantity);
    let share = |whole: Money, given: Money| {
        let exact = i128::from(whole.minor()) * i128::from(with_this.thousandths());
        let back = half_up(exact, i128::from(line.quantity.thousandths()));
        Money::new(back.ok_or(MoneyError::TooLarge)?, whole.currency())?.minus(given)
    };
    let total = share(line.total, given.total)?;
    let mut net = total;
    let mut taxes = Vec::with_capacity(line.taxes.len());
    for (tax, given) in line.taxes.iter().zip(&given.taxes) {
        let base = share(tax.base, given.base)?;
        let amount = share(tax.amount, given.amount)?;
        net = net.minus(amount)?;
        taxes.push(LineTax { base, amount, ..tax.clone() });
    }

    let counts = |adjustment: &Adjustment| !adjustment.kind.is_in_gross();
    let mut adjustments = Vec::with_capacity(line.adjustments.len());
    for (adjustment, given) in line.adjustments.iter().zip(&given.adjustments) {
        adjustments.push(share(adjustment.amount, *given)?);
    }
    let counting = line.adjustments.iter().filter(|one| counts(one)).map(|one| one.amount);
    let label = Money::sum(total.currency(), counting)?.plus(line.gross)?;
    let label_given = {
        let counting = line.adjustments.iter().zip(&given.adjustments);
        let counting = counting.filter(|(one, _)| counts(one)).map(|(_, amount)| *amount);
        Money::sum(total.currency(), counting)?.plus(given.gross)?
    };
    let label = match label {
        label if label == line.total => total,
        label if label == line.net => net,
        label => share(label, label_given)?,
    };
    let mut gross = share(line.gross, given.gross)?;
    let counted = || line.adjustments.iter().map(counts);
    let reductions = adjustments.iter().zip(counted()).filter(|(_, counts)| *counts);
    let difference = label
        .minus(gross)?
        .minus(Money::sum(total.currency(), reductions.map(|(one, _)| *one))?)?;
    let last = counted().rposition(|counts| counts);
    match last.and_then(|index| adjustments.get_mut(index)) {
        Some(adjustment) => *adjustment = adjustment.plus(difference)?,
        None => gross = gross.plus(difference)?,
    }
    Ok(Shares { gross, net, total, taxes, adjustments })
}
