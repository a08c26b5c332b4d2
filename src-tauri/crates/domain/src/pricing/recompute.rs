//! A stored sale, computed once more from its frozen inputs: list prices, quantities, adjustments,
//! tax definitions and rounding. An honest sale differs in nothing.

use super::formula::Formula;
use super::settle::extend;
use super::taxing::{Labelled, add_to_sums, amounts};
use super::{AdjustmentKind, LineTax, PricingError, TaxSum};
use crate::discount::Reduction;
use crate::money::Money;
use crate::sale::{Sale, SaleLine};
use crate::tax::Tax;

/// An amount that is not what the frozen inputs come to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Stored one way, computed another.
    #[error("{what} is stored as {stored}, but comes to {computed}")]
    Amount {
        /// Which: `line 2 gross`, `tax vat-20 base`, `total`.
        what: String,
        /// What is stored.
        stored: Money,
        /// What the inputs come to.
        computed: Money,
    },
    /// A line names a tax that is not among the sale's.
    #[error("{what} names tax \"{code}\", which the sale does not define")]
    UnknownTax {
        /// Which line.
        what: String,
        /// The tax.
        code: String,
    },
    /// The inputs come to no amount.
    #[error("{what}: {source}")]
    Pricing {
        /// Which line, or the sale.
        what: String,
        /// Why not.
        source: PricingError,
    },
}

/// Computes every amount of a stored sale and compares. Lines that came back are shares of another
/// sale's amounts: they are added up, not computed.
///
/// # Errors
/// The first difference.
pub fn recompute(sale: &Sale) -> Result<(), Difference> {
    let currency = sale.total.currency();
    let sold = || sale.lines.iter().enumerate().filter(|(_, line)| !is_return(line));
    let mut formulas: Vec<Formula<'_>> = Vec::new();
    let mut labelled = Vec::new();
    for (index, line) in sold() {
        let what = format!("line {}", index + 1);
        let failed = |source| Difference::Pricing { what: what.clone(), source };
        let label = label(&what, line, sale)?;
        let taxes = definitions(&what, line, sale)?;
        let same = |formula: &Formula<'_>| formula.taxes == taxes;
        let formula = match formulas.iter().position(same) {
            Some(formula) => formula,
            None => {
                formulas.push(Formula::of(taxes, currency, &line.name).map_err(failed)?);
                formulas.len() - 1
            }
        };
        labelled.push(Labelled { id: line.id, label, quantity: line.quantity, formula });
    }
    let failed = |source| Difference::Pricing { what: "the sale".to_owned(), source };
    let computed = amounts(&labelled, &formulas, sale.rounding)
        .map_err(PricingError::Money)
        .map_err(failed)?;
    let mut sums: Vec<TaxSum> = Vec::new();
    let mut net = Money::zero(currency);
    let mut total = Money::zero(currency);
    let add =
        |left: Money, right: Money| left.plus(right).map_err(PricingError::Money).map_err(failed);
    for (((index, line), labelled), computed) in sold().zip(&labelled).zip(computed) {
        let what = |part: &str| format!("line {} {part}", index + 1);
        same(|| what("net"), line.net, computed.net)?;
        same(|| what("total"), line.total, computed.total)?;
        let taxes = formulas.get(labelled.formula).map_or(&[] as &[&Tax], |f| &f.taxes);
        for ((stored, computed), tax) in line.taxes.iter().zip(&computed.taxes).zip(taxes) {
            same(|| what(&stored.code), stored.amount, computed.amount)?;
            same(|| what(&format!("{} base", stored.code)), stored.base, computed.base)?;
            add_to_sums(&mut sums, tax, computed).map_err(PricingError::Money).map_err(failed)?;
        }
        net = add(net, computed.net)?;
        total = add(total, computed.total)?;
    }
    for line in sale.lines.iter().filter(|line| is_return(line)) {
        for part in &line.taxes {
            if let Some(tax) = part.definition(&sale.taxes) {
                add_to_sums(&mut sums, tax, part).map_err(PricingError::Money).map_err(failed)?;
            }
        }
        net = add(net, line.net)?;
        total = add(total, line.total)?;
    }
    document(sale, &sums, net, total).and_then(|()| discount(sale))
}

fn is_return(line: &SaleLine) -> bool {
    line.quantity.thousandths() < 0
}

fn same(what: impl FnOnce() -> String, stored: Money, computed: Money) -> Result<(), Difference> {
    if stored == computed {
        return Ok(());
    }
    Err(Difference::Amount { what: what(), stored, computed })
}

/// The label amount of a line; checks what leads to it.
fn label(what: &str, line: &SaleLine, sale: &Sale) -> Result<Money, Difference> {
    let failed = |source: PricingError| Difference::Pricing { what: what.to_owned(), source };
    let money = |result: Result<Money, _>| result.map_err(PricingError::Money).map_err(failed);
    let mode = sale.rounding.mode;
    let gross = money(extend(line.unit_price, line.quantity, mode))?;
    // What the label says is the amount, whatever the product rounds to.
    let gross = line.label.price.unwrap_or(gross);
    same(|| format!("{what} gross"), line.gross, gross)?;
    let mut label = gross;
    for adjustment in &line.adjustments {
        let named = || format!("{what} {:?} \"{}\"", adjustment.kind, adjustment.name);
        if adjustment.kind.is_in_gross() {
            if let Some(list) = line.list_price {
                let at_list = money(extend(list, line.quantity, mode))?;
                same(named, adjustment.amount, money(gross.minus(at_list))?)?;
            }
            continue;
        }
        let of_line = adjustment.kind != AdjustmentKind::BasketDiscount;
        if let Some(percent) = adjustment.percent.filter(|_| of_line) {
            let off = Reduction::Percent(percent).of(label, mode).map_err(|source| {
                failed(PricingError::LineDiscount { name: line.name.clone(), source })
            })?;
            same(named, adjustment.amount, off.negated())?;
        }
        label = money(label.plus(adjustment.amount))?;
    }
    Ok(label)
}

fn definitions<'a>(
    what: &str,
    line: &SaleLine,
    sale: &'a Sale,
) -> Result<Vec<&'a Tax>, Difference> {
    let unknown =
        |code: &str| Difference::UnknownTax { what: what.to_owned(), code: code.to_owned() };
    let find = |part: &LineTax| part.definition(&sale.taxes).ok_or_else(|| unknown(&part.code));
    line.taxes.iter().map(find).collect()
}

fn document(sale: &Sale, sums: &[TaxSum], net: Money, total: Money) -> Result<(), Difference> {
    let nothing = Money::zero(sale.total.currency());
    let mut tax = nothing;
    for stored in &sale.taxes {
        let (base, amount) = sums
            .iter()
            .find(|sum| sum.tax == stored.tax)
            .map_or((nothing, nothing), |sum| (sum.base, sum.amount));
        same(|| format!("tax {} base", stored.tax.code), stored.base, base)?;
        same(|| format!("tax {}", stored.tax.code), stored.amount, amount)?;
        tax = tax.plus(amount).map_err(|error| Difference::Pricing {
            what: "the sale".to_owned(),
            source: error.into(),
        })?;
    }
    same(|| "net".to_owned(), sale.net, net)?;
    same(|| "tax".to_owned(), sale.tax, tax)?;
    same(|| "total".to_owned(), sale.total, total)
}

fn discount(sale: &Sale) -> Result<(), Difference> {
    let sold = sale.lines.iter().filter(|line| !is_return(line));
    let reductions = sold.flat_map(|line| &line.adjustments).filter(|a| a.kind.is_reduction());
    let sum = Money::sum(sale.total.currency(), reductions.map(|a| a.amount.negated()));
    let sum = sum.map_err(|error| Difference::Pricing {
        what: "the sale".to_owned(),
        source: error.into(),
    })?;
    same(|| "discount".to_owned(), sale.discount, sum)
}
