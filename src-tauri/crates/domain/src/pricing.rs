//! Pricing: the only maker of totals. A basket and the shop's taxes in, every amount out.

use serde::{Deserialize, Serialize};

use crate::basket::{Basket, Line};
use crate::ids::LineId;
use crate::money::{Currency, Money, MoneyError};
use crate::quantity::Quantity;
use crate::rounding::half_up;
use crate::tax::{Tax, TaxMode, TaxTable};

/// What prices depend on besides the basket. Customer, channel, time and promotions join here.
#[derive(Clone, Copy, Debug)]
pub struct PricingContext<'a> {
    /// The shop's currency.
    pub currency: Currency,
    /// The shop's taxes.
    pub taxes: &'a TaxTable,
}

/// What a basket costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// In the basket's order.
    pub lines: Vec<SettledLine>,
    /// By tax, in order of first appearance; their amounts add up to [`Settled::tax`].
    pub taxes: Vec<TaxSum>,
    /// Without any tax.
    pub net: Money,
    /// All taxes, inclusive and exclusive.
    pub tax: Money,
    /// What the customer pays: net + tax.
    pub total: Money,
}

/// What a line costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledLine {
    /// Which line.
    pub line: LineId,
    /// The price of one unit, as on the label or overridden.
    pub unit_price: Money,
    /// Without any tax.
    pub net: Money,
    /// With all its taxes.
    pub total: Money,
    /// Each of its taxes.
    pub taxes: Vec<LineTax>,
}

/// One tax of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// The tax's code.
    pub code: String,
    /// How much.
    pub amount: Money,
}

/// One tax over the whole basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSum {
    /// The tax as it was.
    pub tax: Tax,
    /// The net amount that it was taken on.
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
    /// Too large, or two currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Prices a basket. Pure: the same basket and context always give the same amounts.
///
/// Rounding: a line's amount once (price × quantity), then its tax once, halves away from zero. An
/// inclusive price stays what the label says: tax is the rounded share, net the rest.
///
/// # Errors
/// See [`PricingError`]; nothing is guessed.
pub fn settle(basket: &Basket, context: &PricingContext<'_>) -> Result<Settled, PricingError> {
    let currency = context.currency;
    let mut lines = Vec::with_capacity(basket.lines().len());
    let mut sums: Vec<TaxSum> = Vec::new();
    for line in basket.lines() {
        let taxes = context.taxes.of(&line.sellable.tax_class);
        let settled = settle_line(line, taxes)?;
        for (tax, part) in taxes.iter().zip(&settled.taxes) {
            add_to_sums(&mut sums, tax, settled.net, part.amount)?;
        }
        lines.push(settled);
    }
    let net = Money::sum(currency, lines.iter().map(|line| line.net))?;
    let total = Money::sum(currency, lines.iter().map(|line| line.total))?;
    let tax = Money::sum(currency, sums.iter().map(|sum| sum.amount))?;
    Ok(Settled { lines, taxes: sums, net, tax, total })
}

/// What is still to pay.
///
/// # Errors
/// Two currencies, or too large.
pub fn due(basket: &Basket, settled: &Settled) -> Result<Money, MoneyError> {
    let paid = Money::sum(settled.total.currency(), basket.tenders().iter().map(|t| t.amount))?;
    settled.total.minus(paid)
}

/// The amount of `quantity` at `price` a unit.
fn extend(price: Money, quantity: Quantity) -> Result<Money, MoneyError> {
    let exact = i128::from(price.minor()) * i128::from(quantity.thousandths());
    Money::new(half_up(exact, 1000).unwrap_or(0), price.currency())
}

fn settle_line(line: &Line, taxes: &[Tax]) -> Result<SettledLine, PricingError> {
    let unit_price = line
        .unit_price()
        .ok_or_else(|| PricingError::NoPrice { name: line.sellable.name.clone() })?;
    let labelled = extend(unit_price, line.quantity)?;
    let inclusive: i128 =
        taxes.iter().filter(|t| t.mode == TaxMode::Inclusive).map(|t| t.rate.millionths()).sum();
    let inside = share(labelled, inclusive, 1_000_000 + inclusive)?;
    let net = labelled.minus(inside)?;

    // Several inclusive taxes share the one rounded amount, so that nothing is lost between them.
    let weights: Vec<i64> = taxes
        .iter()
        .filter(|t| t.mode == TaxMode::Inclusive)
        .map(|t| i64::try_from(t.rate.millionths()).unwrap_or(i64::MAX))
        .collect();
    let mut shares =
        if weights.is_empty() { Vec::new() } else { inside.allocate(&weights)? }.into_iter();

    let mut parts = Vec::with_capacity(taxes.len());
    let mut total = labelled;
    for tax in taxes {
        let amount = match tax.mode {
            TaxMode::Inclusive => shares.next().unwrap_or(Money::zero(net.currency())),
            TaxMode::Exclusive => {
                let amount = share(net, tax.rate.millionths(), 1_000_000)?;
                total = total.plus(amount)?;
                amount
            }
        };
        parts.push(LineTax { code: tax.code.clone(), amount });
    }
    Ok(SettledLine { line: line.id, unit_price, net, total, taxes: parts })
}

/// `amount × numerator / denominator`, rounded once.
fn share(amount: Money, numerator: i128, denominator: i128) -> Result<Money, MoneyError> {
    let exact = i128::from(amount.minor()) * numerator;
    Money::new(half_up(exact, denominator).unwrap_or(0), amount.currency())
}

fn add_to_sums(
    sums: &mut Vec<TaxSum>,
    tax: &Tax,
    base: Money,
    amount: Money,
) -> Result<(), MoneyError> {
    if let Some(sum) = sums.iter_mut().find(|sum| sum.tax.code == tax.code) {
        sum.base = sum.base.plus(base)?;
        sum.amount = sum.amount.plus(amount)?;
    } else {
        sums.push(TaxSum { tax: tax.clone(), base, amount });
    }
    Ok(())
}
