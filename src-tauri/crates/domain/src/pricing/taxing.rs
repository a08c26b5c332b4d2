//! From label amounts to taxes, per line or per document.

use super::exact::{Exact, Linear, share_out};
use super::formula::Formula;
use super::{LineTax, TaxSum};
use crate::ids::LineId;
use crate::money::{Money, MoneyError};
use crate::quantity::Quantity;
use crate::rounding::{RoundingScope, TaxRounding};
use crate::tax::TaxMode;

/// A line whose label amount is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelled {
    pub(crate) id: LineId,
    pub(crate) label: Money,
    pub(crate) quantity: Quantity,
    /// Which of the formulas.
    pub(crate) formula: usize,
}

/// A line's amounts.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    pub(crate) net: Money,
    pub(crate) total: Money,
    pub(crate) taxes: Vec<LineTax>,
}

/// The taxes of lines, in the lines' order.
pub(crate) fn amounts(
    lines: &[Labelled],
    formulas: &[Formula<'_>],
    rounding: TaxRounding,
) -> Result<Vec<Amounts>, MoneyError> {
    let parts = match rounding.scope {
        RoundingScope::Line => by_line(lines, formulas, rounding)?,
        RoundingScope::Document => by_document(lines, formulas, rounding)?,
    };
    lines
        .iter()
        .zip(&parts)
        .map(|(line, parts)| of_line(line, of(line, formulas)?, parts))
        .collect()
}

/// One tax of one line, in minor units.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    amount: i128,
    /// What it was taken on; none for the net price, or what the amounts before it make of it.
    base: Option<i128>,
}

type Parts = Vec<Vec<Part>>;

fn of<'f, 'a>(line: &Labelled, formulas: &'f [Formula<'a>]) -> Result<&'f Formula<'a>, MoneyError> {
    formulas.get(line.formula).ok_or(MoneyError::TooLarge)
}

fn at(line: &Labelled, linear: &Linear) -> Exact {
    linear.at(line.quantity.thousandths().into(), line.label.minor().into())
}

fn by_line(
    lines: &[Labelled],
    formulas: &[Formula<'_>],
    rounding: TaxRounding,
) -> Result<Parts, MoneyError> {
    let round = |line: &Labelled| {
        let part = |share: &Linear| {
            let amount = at(line, share).round(rounding.mode).ok_or(MoneyError::TooLarge)?;
            Ok(Part { amount, base: None })
        };
        of(line, formulas)?.shares.iter().map(part).collect()
    };
    lines.iter().map(round).collect()
}

/// Each tax is summed exactly over its lines, rounded once, and shared out again.
fn by_document(
    lines: &[Labelled],
    formulas: &[Formula<'_>],
    rounding: TaxRounding,
) -> Result<Parts, MoneyError> {
    let mut parts: Parts = Vec::with_capacity(lines.len());
    let mut by_id: Vec<(usize, &Labelled, &Formula<'_>)> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let formula = of(line, formulas)?;
        parts.push(vec![Part::default(); formula.taxes.len()]);
        by_id.push((index, line, formula));
    }
    // What is left over must not depend on the order of the lines: ties go by id.
    by_id.sort_by_key(|(_, line, _)| line.id);
    let mut codes: Vec<&str> = Vec::new();
    for tax in formulas.iter().flat_map(|formula| &formula.taxes) {
        if !codes.contains(&tax.code.as_str()) {
            codes.push(&tax.code);
        }
    }
    for code in codes {
        let places = by_id.iter().flat_map(|(index, line, formula)| {
            let is = |place: &usize| formula.taxes.get(*place).is_some_and(|t| t.code == code);
            let place = (0..formula.taxes.len()).filter(is);
            place.map(move |place| (*index, place, *line, *formula))
        });
        let places: Vec<(usize, usize, &Labelled, &Formula<'_>)> = places.collect();
        let share = |(_, place, line, formula): &(usize, usize, &Labelled, &Formula<'_>)| {
            formula.shares.get(*place).map(|share| at(line, share))
        };
        let amounts = share_document(places.iter().filter_map(share).collect(), rounding)?;
        let base = |(_, place, line, formula): &(usize, usize, &Labelled, &Formula<'_>)| {
            formula.bases.get(*place)?.as_ref().map(|base| at(line, base))
        };
        let bases: Vec<Option<Exact>> = places.iter().map(base).collect();
        let exact = bases.iter().flatten().cloned().collect();
        let mut shared = share_document(exact, rounding)?.into_iter();
        for (((line, place, ..), amount), base) in places.iter().zip(amounts).zip(bases) {
            if let Some(slot) = parts.get_mut(*line).and_then(|taxes| taxes.get_mut(*place)) {
                *slot = Part { amount, base: base.and_then(|_| shared.next()) };
            }
        }
    }
    Ok(parts)
}

/// Rounds the sum once, and shares it out.
fn share_document(parts: Vec<Exact>, rounding: TaxRounding) -> Result<Vec<i128>, MoneyError> {
    let sum = Exact::sum(&parts).round(rounding.mode).ok_or(MoneyError::TooLarge)?;
    share_out(sum, &parts).ok_or(MoneyError::TooLarge)
}

fn of_line(line: &Labelled, formula: &Formula<'_>, parts: &[Part]) -> Result<Amounts, MoneyError> {
    let currency = line.label.currency();
    let (mut net, mut total) = (line.label, line.label);
    for (tax, part) in formula.taxes.iter().zip(parts) {
        let amount = Money::new(part.amount, currency)?;
        match tax.mode {
            TaxMode::Inclusive => net = net.minus(amount)?,
            TaxMode::Exclusive => total = total.plus(amount)?,
        }
    }
    let mut taxes = Vec::with_capacity(parts.len());
    let mut built = net;
    for (tax, part) in formula.taxes.iter().zip(parts) {
        let amount = Money::new(part.amount, currency)?;
        let base = match part.base {
            Some(base) => Money::new(base, currency)?,
            None if tax.affected_by_base => built,
            None => net,
        };
        if tax.affects_base {
            built = built.plus(amount)?;
        }
        taxes.push(LineTax { code: tax.code.clone(), nth: 0, base, amount });
    }
    Ok(Amounts { net, total, taxes })
}

/// Adds a line's tax to the sums.
pub(crate) fn add_to_sums(
    sums: &mut Vec<TaxSum>,
    tax: &crate::tax::Tax,
    part: &LineTax,
) -> Result<(), MoneyError> {
    if let Some(sum) = sums.iter_mut().find(|sum| sum.tax == *tax) {
        sum.base = sum.base.plus(part.base)?;
        sum.amount = sum.amount.plus(part.amount)?;
    } else {
        sums.push(TaxSum { tax: tax.clone(), base: part.base, amount: part.amount });
    }
    Ok(())
}
