//! From a basket's parts to its amounts, in the order that the module's description gives.

use super::formula::Formula;
use super::taxing::{Amounts, Labelled, add_to_sums, amounts};
use super::{
    Adjustment, AdjustmentKind, PricingContext, PricingError, Settled, SettledLine, TaxSum,
};
use crate::basket::{Basket, Coupon, Line};
use crate::customer::CustomerRef;
use crate::discount::{Discount, Reduction};
use crate::money::{Money, MoneyError};
use crate::promotion::{Occasion, Offered};
use crate::quantity::Quantity;
use crate::returns::ReturnLine;
use crate::rounding::{RoundingMode, divide};
use crate::tax::{FiscalPosition, Keeps, Tax};
use crate::time::Timestamp;

/// What of a basket decides its price.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) lines: &'a [Line],
    pub(crate) returns: &'a [ReturnLine],
    pub(crate) discount: Option<&'a Discount>,
    pub(crate) customer: Option<&'a CustomerRef>,
    pub(crate) position: Option<&'a str>,
    pub(crate) coupons: &'a [Coupon],
    pub(crate) priced_at: Option<Timestamp>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(basket: &'a Basket) -> Self {
        Self {
            lines: basket.lines(),
            returns: basket.returns(),
            discount: basket.discount(),
            customer: basket.customer(),
            position: basket.position(),
            coupons: basket.coupons(),
            priced_at: basket.priced_at(),
        }
    }
}

/// A line on its way to its amounts.
struct Work<'a> {
    line: &'a Line,
    unit_price: Money,
    gross: Money,
    adjustments: Vec<Adjustment>,
    /// Gross and every adjustment so far: what taxes will be computed on.
    label: Money,
}

impl Work<'_> {
    fn adjust(&mut self, adjustment: Adjustment) -> Result<(), MoneyError> {
        self.label = self.label.plus(adjustment.amount)?;
        self.adjustments.push(adjustment);
        Ok(())
    }
}

pub(crate) fn settle(
    parts: &Parts<'_>,
    context: &PricingContext<'_>,
) -> Result<Settled, PricingError> {
    let position = position(parts, context)?;
    let mut lines = prices(parts, context)?;
    promotions(&mut lines, parts, context)?;
    let mode = context.rounding.mode;
    for work in &mut lines {
        line_discount(work, mode)?;
    }
    if let Some(discount) = parts.discount {
        basket_discount(&mut lines, discount, mode)?;
    }
    let mut formulas = Formulas { list: Vec::new(), context };
    let taxed = tax(&mut lines, &position, &mut formulas)?;
    sum_up(lines, taxed, &formulas, parts.returns)
}

/// `quantity` at `price` a unit, rounded once.
pub(crate) fn extend(
    price: Money,
    quantity: Quantity,
    mode: RoundingMode,
) -> Result<Money, MoneyError> {
    let exact = i128::from(price.minor()) * i128::from(quantity.thousandths());
    Money::new(divide(exact, 1000, mode).ok_or(MoneyError::TooLarge)?, price.currency())
}

fn occasion<'a>(parts: &Parts<'a>, context: &PricingContext<'a>) -> Occasion<'a> {
    Occasion {
        groups: parts.customer.map_or(&[], |customer| customer.groups.as_slice()),
        channel: context.channel,
        at: parts.priced_at.unwrap_or(context.at),
        mode: context.rounding.mode,
    }
}

fn prices<'a>(
    parts: &Parts<'a>,
    context: &PricingContext<'a>,
) -> Result<Vec<Work<'a>>, PricingError> {
    let nothing = Money::zero(context.currency);
    let mode = context.rounding.mode;
    if let Some(currency) = context.rules.currency() {
        // Rules in another currency are refused, never taken for amounts in this one.
        nothing.plus(Money::zero(currency))?;
    }
    let occasion = occasion(parts, context);
    let mut chooser = context.rules.chooser(&occasion, parts.lines);
    let mut lines = Vec::with_capacity(parts.lines.len());
    for line in parts.lines {
        let unit_price = line
            .unit_price()
            .ok_or_else(|| PricingError::NoPrice { name: line.sellable.name.clone() })?;
        // A price in another currency is refused here, before anything is compared with it.
        let mut unit_price = nothing.plus(unit_price)?;
        let mut adjustments = Vec::new();
        let chosen = if takes_rules(line) { chooser.price(line)? } else { None };
        if let Some(chosen) = &chosen {
            unit_price = nothing.plus(chosen.price)?;
        }
        let extended = extend(unit_price, line.quantity, mode)?;
        let gross = line.label.price.map_or(Ok(extended), |label| nothing.plus(label))?;
        if let Some(list) = line.sellable.price
            && (line.price_override.is_some() || chosen.is_some() || gross != extended)
        {
            let amount = gross.minus(extend(list, line.quantity, mode)?)?;
            let reason = line.price_override.as_ref().map(|o| o.reason.clone());
            adjustments.push(match chosen {
                Some(chosen) => Adjustment {
                    kind: AdjustmentKind::PriceBook,
                    id: chosen.book.id.clone(),
                    name: chosen.book.name.clone(),
                    percent: chosen.percent,
                    amount,
                },
                None => Adjustment {
                    kind: AdjustmentKind::Override,
                    id: String::new(),
                    name: reason.unwrap_or_default(),
                    percent: None,
                    amount,
                },
            });
        }
        lines.push(Work { line, unit_price, gross, adjustments, label: gross });
    }
    Ok(lines)
}

/// A price that a person set or a label says, an open price and a gift card stay as they are.
fn takes_rules(line: &Line) -> bool {
    line.price_override.is_none()
        && line.gift_card.is_none()
        && line.label.price.is_none()
        && line.sellable.price.is_some()
}

fn promotions(
    lines: &mut [Work<'_>],
    parts: &Parts<'_>,
    context: &PricingContext<'_>,
) -> Result<(), PricingError> {
    for coupon in parts.coupons {
        if !context.rules.promotions().iter().any(|p| p.id == coupon.promotion) {
            return Err(PricingError::UnknownCoupon { code: coupon.code.clone() });
        }
    }
    if context.rules.promotions().is_empty() {
        return Ok(());
    }
    let mut places = Vec::new();
    let mut offered = Vec::new();
    for (place, work) in lines.iter().enumerate() {
        if takes_rules(work.line) && work.gross.minor() > 0 {
            places.push(place);
            offered.push(Offered {
                line: work.line.id,
                sellable: &work.line.sellable,
                quantity: work.line.quantity,
                gross: work.gross.minor(),
            });
        }
    }
    let occasion = occasion(parts, context);
    for saved in context.rules.apply(&offered, parts.coupons, &occasion) {
        let Some(work) = places.get(saved.line).and_then(|place| lines.get_mut(*place)) else {
            continue;
        };
        let kind = match saved.coupon {
            Some(_) => AdjustmentKind::Coupon,
            None => AdjustmentKind::Promotion,
        };
        work.adjust(Adjustment {
            kind,
            id: saved.coupon.unwrap_or(&saved.promotion.id).to_owned(),
            name: saved.promotion.name.clone(),
            percent: saved.percent,
            amount: Money::new(-saved.amount, context.currency)?,
        })?;
    }
    Ok(())
}

fn line_discount(work: &mut Work<'_>, mode: RoundingMode) -> Result<(), PricingError> {
    let Some(discount) = &work.line.discount else { return Ok(()) };
    let off = discount.reduction.of(work.label, mode).map_err(|source| {
        PricingError::LineDiscount { name: work.line.sellable.name.clone(), source }
    })?;
    work.adjust(Adjustment {
        kind: AdjustmentKind::LineDiscount,
        id: String::new(),
        name: discount.reason.clone(),
        percent: discount.reduction.as_percent(),
        amount: off.negated(),
    })?;
    Ok(())
}

/// Shares the basket's discount out over what is sold. A gift card is money and never gets cheaper.
/// In a quote, what comes back is a side of its own: a percentage is taken on each side, an amount
/// off what is sold, or off what comes back if that is all there is.
fn basket_discount(
    lines: &mut [Work<'_>],
    discount: &Discount,
    mode: RoundingMode,
) -> Result<(), PricingError> {
    let is_percent = matches!(discount.reduction, Reduction::Percent(_));
    let sold = share_discount(lines, discount, mode, false)?;
    if is_percent || !sold {
        share_discount(lines, discount, mode, true)?;
    }
    Ok(())
}

/// True if there was anything on that side.
fn share_discount(
    lines: &mut [Work<'_>],
    discount: &Discount,
    mode: RoundingMode,
    back: bool,
) -> Result<bool, PricingError> {
    let mut side: Vec<&mut Work<'_>> = lines
        .iter_mut()
        .filter(|work| work.line.gift_card.is_none())
        .filter(|work| (work.line.quantity.thousandths() < 0) == back)
        .collect();
    let Some(first) = side.first() else { return Ok(false) };
    // What is left over must not depend on the order of the lines: ties go by id.
    let currency = first.label.currency();
    side.sort_by_key(|work| work.line.id);
    let price = Money::sum(currency, side.iter().map(|work| work.label))?;
    let off = discount.reduction.of(price, mode).map_err(PricingError::BasketDiscount)?;
    let weights: Vec<i64> = side.iter().map(|work| work.label.minor().abs()).collect();
    for (work, part) in side.into_iter().zip(off.allocate(&weights)?) {
        if !part.is_zero() {
            work.adjust(Adjustment {
                kind: AdjustmentKind::BasketDiscount,
                id: String::new(),
                name: discount.reason.clone(),
                percent: discount.reduction.as_percent(),
                amount: part.negated(),
            })?;
        }
    }
    Ok(true)
}

/// How this sale is taxed.
enum Taxed<'a> {
    Usually,
    /// The customer pays no tax.
    Exempt,
    By(&'a FiscalPosition),
}

fn position<'a>(
    parts: &Parts<'_>,
    context: &PricingContext<'a>,
) -> Result<Taxed<'a>, PricingError> {
    let of_customer = parts.customer.and_then(|customer| customer.position.as_deref());
    let position = match parts.position.or(of_customer) {
        None => None,
        Some(id) => Some(
            context
                .taxes
                .position(id)
                .ok_or_else(|| PricingError::UnknownPosition { id: id.to_owned() })?,
        ),
    };
    if parts.customer.is_some_and(|customer| customer.tax_exempt) {
        return Ok(Taxed::Exempt);
    }
    Ok(position.map_or(Taxed::Usually, Taxed::By))
}

/// The formulas in use, one for each set of taxes.
struct Formulas<'a, 'c> {
    list: Vec<Formula<'a>>,
    context: &'c PricingContext<'a>,
}

impl<'a> Formulas<'a, '_> {
    fn of(&mut self, taxes: &'a [Tax], name: &str) -> Result<usize, PricingError> {
        let same = |formula: &Formula<'_>| {
            formula.taxes.len() == taxes.len()
                && formula.taxes.iter().zip(taxes).all(|(a, b)| std::ptr::eq(*a, b))
        };
        if let Some(index) = self.list.iter().position(same) {
            return Ok(index);
        }
        for tax in taxes {
            let known = self.list.iter().flat_map(|formula| formula.taxes.iter().copied());
            if known.chain(taxes).any(|other| other.code == tax.code && other != tax) {
                return Err(PricingError::TwoTaxes { code: tax.code.clone() });
            }
        }
        let formula = Formula::of(taxes.iter().collect(), self.context.currency, name)?;
        self.list.push(formula);
        Ok(self.list.len() - 1)
    }
}

fn tax<'a>(
    lines: &mut [Work<'_>],
    position: &Taxed<'a>,
    formulas: &mut Formulas<'a, '_>,
) -> Result<Vec<(usize, Amounts)>, PricingError> {
    let rounding = formulas.context.rounding;
    let table = formulas.context.taxes;
    let keeps_net = match position {
        Taxed::Usually => false,
        Taxed::Exempt => true,
        Taxed::By(position) => position.keeps == Keeps::Net,
    };
    let mut labelled = Vec::with_capacity(lines.len());
    for work in lines.iter() {
        let usual = table.of(&work.line.sellable.tax_class);
        let taxes = match position {
            Taxed::By(position) if !keeps_net => {
                table.of(position.swap(&work.line.sellable.tax_class))
            }
            _ => usual,
        };
        labelled.push(Labelled {
            id: work.line.id,
            label: work.label,
            quantity: work.line.quantity,
            formula: formulas.of(taxes, &work.line.sellable.name)?,
        });
    }
    let mut taxed = amounts(&labelled, &formulas.list, rounding)?;
    if keeps_net {
        relabel(lines, &mut labelled, &taxed, position, formulas)?;
        taxed = amounts(&labelled, &formulas.list, rounding)?;
    }
    Ok(labelled.iter().map(|line| line.formula).zip(taxed).collect())
}

/// Gives each line the label amount that has the same net amount under the other taxes.
fn relabel<'a>(
    lines: &mut [Work<'_>],
    labelled: &mut [Labelled],
    taxed: &[Amounts],
    position: &Taxed<'a>,
    formulas: &mut Formulas<'a, '_>,
) -> Result<(), PricingError> {
    let table = formulas.context.taxes;
    for ((work, labelled), amounts) in lines.iter_mut().zip(labelled).zip(taxed) {
        let class = &work.line.sellable.tax_class;
        let (taxes, id, name) = match position {
            Taxed::By(position) => (table.of(position.swap(class)), &*position.id, &*position.name),
            _ => (&[] as &[Tax], "exempt", "Tax exempt"),
        };
        let usual = labelled.formula;
        labelled.formula = formulas.of(taxes, &work.line.sellable.name)?;
        let Some(formula) =
            formulas.list.get(labelled.formula).filter(|_| usual != labelled.formula)
        else {
            continue;
        };
        let label = formula
            .label
            .at(work.line.quantity.thousandths().into(), amounts.net.minor().into())
            .round(formulas.context.rounding.mode)
            .ok_or(MoneyError::TooLarge)?;
        // A fixed tax inside a price of less than itself leaves a net price below nothing. Without
        // the tax it is free: nobody is paid for taking it along.
        let sold = work.line.quantity.thousandths() > 0;
        let label = if sold { label.max(0) } else { label.min(0) };
        let label = Money::new(label, work.label.currency())?;
        let change = label.minus(work.label)?;
        if !change.is_zero() {
            work.adjust(Adjustment {
                kind: AdjustmentKind::Position,
                id: id.to_owned(),
                name: name.to_owned(),
                percent: None,
                amount: change,
            })?;
        }
        labelled.label = label;
    }
    Ok(())
}

fn sum_up(
    lines: Vec<Work<'_>>,
    taxed: Vec<(usize, Amounts)>,
    formulas: &Formulas<'_, '_>,
    returns: &[ReturnLine],
) -> Result<Settled, PricingError> {
    let nothing = Money::zero(formulas.context.currency);
    let mut settled = Settled {
        lines: Vec::with_capacity(lines.len()),
        taxes: Vec::<TaxSum>::new(),
        net: nothing,
        tax: nothing,
        total: nothing,
        discount: nothing,
    };
    for (work, (formula, amounts)) in lines.into_iter().zip(taxed) {
        let taxes = formulas.list.get(formula).map_or(&[] as &[&Tax], |f| f.taxes.as_slice());
        for (tax, part) in taxes.iter().zip(&amounts.taxes) {
            add_to_sums(&mut settled.taxes, tax, part)?;
        }
        settled.net = settled.net.plus(amounts.net)?;
        settled.total = settled.total.plus(amounts.total)?;
        for adjustment in work.adjustments.iter().filter(|a| a.kind.is_reduction()) {
            settled.discount = settled.discount.minus(adjustment.amount)?;
        }
        settled.lines.push(SettledLine {
            line: work.line.id,
            list_price: work.line.sellable.price,
            unit_price: work.unit_price,
            gross: work.gross,
            adjustments: work.adjustments,
            net: amounts.net,
            total: amounts.total,
            taxes: amounts.taxes,
        });
    }
    for line in returns {
        for part in &line.taxes {
            let tax = line.tax_defs.iter().find(|tax| tax.code == part.code);
            if let Some(tax) = tax {
                add_to_sums(&mut settled.taxes, tax, part)?;
            }
        }
        settled.net = settled.net.plus(line.net)?;
        settled.total = settled.total.plus(line.total)?;
    }
    settled.tax = Money::sum(nothing.currency(), settled.taxes.iter().map(|sum| sum.amount))?;
    Ok(settled)
}
