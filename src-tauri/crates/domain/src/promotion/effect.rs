//! What one promotion takes off, given the units that it may take.

use super::Promotion;
use super::PromotionRule;
use super::pool::{MICRO, Member, Pool, Take, Unit, mul_div};
use super::rules_of_sets::{bundle, buy_get, every, for_price};
use crate::discount::Reduction;
use crate::money::Money;
use crate::pricing::{Exact, share_out};
use crate::rounding::{RoundingMode, divide};
use crate::tax::Percent;

/// What a promotion would do now.
#[derive(Debug)]
pub(crate) struct Effect {
    units: Vec<Unit>,
    /// By line.
    takes: Vec<Take>,
    lines: Vec<LineEffect>,
    /// Minor units; above nothing.
    pub(crate) saving: i64,
}

/// What it does to one line.
#[derive(Clone, Copy, Debug)]
struct LineEffect {
    line: usize,
    /// How many of its units it takes.
    count: i64,
    /// In [`MICRO`], before rounding.
    exact: i128,
    /// In whole minor units.
    off: i64,
}

/// None if it takes nothing off.
pub(crate) fn effect(
    promotion: &Promotion,
    members: &[Member],
    pool: &Pool,
    mode: RoundingMode,
) -> Option<Effect> {
    let rule = &promotion.rule;
    let units = pool.units(members, promotion.stacks, rule.counts());
    let mut takes = takes(rule, &units, mode);
    if takes.is_empty() {
        return None;
    }
    // Ties between lines go by variant and id, never by the order in which lines came.
    let line_of = |take: &Take| units.get(take.unit).map_or(0, |unit| unit.line);
    takes.sort_by_key(|take| pool.tie(line_of(take)));
    let mut lines: Vec<LineEffect> = Vec::with_capacity(takes.len());
    for take in &takes {
        let line = line_of(take);
        match lines.last_mut() {
            Some(last) if last.line == line => {
                last.count += take.count;
                last.exact += take.off;
            }
            _ => lines.push(LineEffect { line, count: take.count, exact: take.off, off: 0 }),
        }
    }
    if rule.is_whole() {
        let sum: i128 = lines.iter().map(|line| line.exact).sum();
        let exact: Vec<Exact> = lines
            .iter()
            .map(|line| Exact::Small { numerator: line.exact, denominator: MICRO })
            .collect();
        let shares = share_out(divide(sum, MICRO, mode)?, &exact)?;
        for (line, share) in lines.iter_mut().zip(shares) {
            line.off = i64::try_from(share).ok()?;
        }
    } else {
        for line in &mut lines {
            if let Some(percent) = of_whole_line(rule, line, pool) {
                line.exact = i128::from(pool.left(line.line)) * percent.millionths();
            }
            line.off = i64::try_from(divide(line.exact, MICRO, mode)?).ok()?;
        }
    }
    for line in &mut lines {
        line.off = line.off.clamp(0, pool.left(line.line));
    }
    let saving = lines.iter().map(|line| line.off).sum();
    (saving > 0).then_some(Effect { units, takes, lines, saving })
}

/// The percentage, if the rule is one and takes all of the line.
fn of_whole_line(rule: &PromotionRule, line: &LineEffect, pool: &Pool) -> Option<Percent> {
    match rule {
        PromotionRule::PercentOff { percent, .. } if line.count == pool.count(line.line) => {
            Some(*percent)
        }
        _ => None,
    }
}

impl Effect {
    /// Takes it off. Gives what each line saved, and the percentage where it is one of the line.
    pub(crate) fn apply(
        self,
        promotion: &Promotion,
        pool: &mut Pool,
    ) -> Vec<(usize, i64, Option<Percent>)> {
        let mut saved = Vec::with_capacity(self.lines.len());
        let units = &self.units;
        let takes = self.takes.iter().filter_map(|take| Some((*units.get(take.unit)?, *take)));
        let takes: Vec<(Unit, Take)> = takes.collect();
        let mut rest = takes.as_slice();
        for line in &self.lines {
            let other = |(unit, _): &(Unit, Take)| unit.line != line.line;
            let (of_line, others) =
                rest.split_at(rest.iter().position(other).unwrap_or(rest.len()));
            rest = others;
            let percent = of_whole_line(&promotion.rule, line, pool);
            pool.take(line.line, of_line, line.off, promotion.stacks);
            if line.off > 0 {
                saved.push((line.line, line.off, percent));
            }
        }
        saved
    }
}

impl PromotionRule {
    /// Whether it counts units.
    pub(super) const fn counts(&self) -> bool {
        matches!(
            self,
            Self::XForY { .. }
                | Self::XForPrice { .. }
                | Self::NthAtPercent { .. }
                | Self::Bundle { .. }
                | Self::BuyGet { .. }
        )
    }

    /// Whether the whole is rounded and shared out, rather than each line by itself.
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self, Self::XForPrice { .. } | Self::Bundle { .. } | Self::Spend { .. })
    }
}

/// The units that it takes of `units`, and what comes off them.
pub(super) fn takes(rule: &PromotionRule, units: &[Unit], mode: RoundingMode) -> Vec<Take> {
    match rule {
        PromotionRule::XForY { take, pay, .. } => every(units, *take, *pay, FULL),
        PromotionRule::NthAtPercent { nth, percent_off, .. } => {
            every(units, *nth, nth.saturating_sub(1), percent_off.millionths())
        }
        PromotionRule::XForPrice { take, price, .. } => for_price(units, *take, micro(*price)),
        PromotionRule::Bundle { parts, price } => bundle(units, parts, micro(*price)),
        PromotionRule::BuyGet { buy, get, percent_off } => {
            buy_get(units, buy.1, get.1, percent_off.millionths())
        }
        PromotionRule::Spend { over, off, .. } => spend(units, over.minor().into(), *off, mode),
        PromotionRule::PercentOff { percent, .. } => {
            let millionths = percent.millionths();
            each(units, |unit| mul_div(unit.total, millionths, FULL))
        }
        PromotionRule::AmountOff { amount, .. } => each(units, |unit| {
            let amount = micro(*amount);
            let off = if unit.weighed {
                mul_div(amount, unit.thousandths.into(), 1000)
            } else {
                amount * i128::from(unit.count)
            };
            off.min(unit.total)
        }),
        PromotionRule::FixedPrice { price, .. } => each(units, |unit| {
            if unit.weighed {
                // What is printed is price × weight, rounded.
                let exact = i128::from(price.minor()) * i128::from(unit.thousandths);
                return unit.total - divide(exact, 1000, mode).unwrap_or(0) * MICRO;
            }
            unit.total - micro(*price) * i128::from(unit.count)
        }),
    }
}

/// All of it, in millionths.
const FULL: i128 = 1_000_000;

const fn micro(amount: Money) -> i128 {
    amount.minor() as i128 * MICRO
}

/// So much off each run; units that it does not make cheaper stay free for others.
fn each(units: &[Unit], off: impl Fn(&Unit) -> i128) -> Vec<Take> {
    let mut takes = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        let off = off(unit);
        if off > 0 {
            takes.push(Take { unit: index, count: unit.count, off });
        }
    }
    takes
}

fn spend(units: &[Unit], over: i128, off: Reduction, mode: RoundingMode) -> Vec<Take> {
    let sum: i128 = units.iter().map(|unit| unit.total).sum();
    let spent = divide(sum, MICRO, mode).unwrap_or(0);
    if spent < over || sum == 0 {
        return Vec::new();
    }
    let off = match off {
        Reduction::Percent(percent) => {
            divide(spent * percent.millionths(), FULL, mode).unwrap_or(0)
        }
        Reduction::Amount(amount) => i128::from(amount.minor()).min(spent),
    } * MICRO;
    let share = |unit: &Unit| mul_div(unit.total, off, sum);
    let take =
        |(index, unit): (usize, &Unit)| Take { unit: index, count: unit.count, off: share(unit) };
    units.iter().enumerate().map(take).collect()
}
