//! What promotions work on: the units of a basket, in runs of equal ones, so that a thousand of a
//! thing cost no more to think about than one.

use std::cmp::Reverse;

use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use crate::ids::LineId;
use crate::item::Sellable;
use crate::quantity::Quantity;
use crate::rounding::quotient;

/// Amounts between promotions are kept in millionths of a minor unit, so that a third of a set's
/// price is not rounded before the set is whole.
pub(crate) const MICRO: i128 = 1_000_000;

/// A line that promotions may reduce.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offered<'a> {
    pub(crate) line: LineId,
    pub(crate) sellable: &'a Sellable,
    pub(crate) quantity: Quantity,
    /// Minor units, above nothing.
    pub(crate) gross: i64,
}

/// Equal units of a line.
#[derive(Clone, Copy, Debug)]
struct Run {
    count: i64,
    /// What they cost now together, in [`MICRO`]. The runs of a line always add up to what it costs.
    total: i128,
    /// What one costs, rounded down.
    each: i128,
    /// Some promotion reduced or counted them.
    used: bool,
    /// An exclusive one did.
    closed: bool,
}

impl Run {
    fn new(count: i64, total: i128, used: bool, closed: bool) -> Self {
        let each = if count == 1 { total } else { mul_div(total, 1, count.max(1).into()) };
        Self { count, total, each, used, closed }
    }
}

/// A line between promotions.
#[derive(Clone, Debug)]
pub(crate) struct LineState {
    runs: Vec<Run>,
    /// What the line costs now, in minor units.
    left: i64,
    /// By weight, volume or length: one unit that cannot be counted.
    weighed: bool,
    thousandths: i64,
    /// Its place among the lines by variant and id: ties go by this, never by the order in which
    /// lines came.
    tie: usize,
}

/// A line and, bit by bit, the parts of a promotion that it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) line: usize,
    pub(crate) parts: u128,
}

/// Units that one promotion may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub(crate) line: usize,
    run: usize,
    pub(crate) parts: u128,
    pub(crate) count: i64,
    /// What they cost together, in [`MICRO`].
    pub(crate) total: i128,
    each: i128,
    pub(crate) weighed: bool,
    pub(crate) thousandths: i64,
    tie: usize,
}

impl Unit {
    /// What `count` of them cost.
    pub(crate) fn of(&self, count: i64) -> i128 {
        if count == self.count {
            self.total
        } else {
            mul_div(self.total, count.into(), self.count.into())
        }
    }
}

/// Units that a promotion takes, and what comes off them together, in [`MICRO`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Take {
    pub(crate) unit: usize,
    pub(crate) count: i64,
    pub(crate) off: i128,
}

/// All lines between promotions.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    lines: Vec<LineState>,
}

impl Pool {
    /// `order` is [`in_order`].
    pub(crate) fn of(offered: &[Offered<'_>], order: &[usize]) -> Self {
        let mut ties = vec![0; offered.len()];
        for (tie, index) in order.iter().enumerate() {
            if let Some(slot) = ties.get_mut(*index) {
                *slot = tie;
            }
        }
        let lines = offered.iter().zip(ties).map(|(offered, tie)| {
            let weighed = offered.sellable.unit.is_divisible();
            let count = if weighed { 1 } else { offered.quantity.thousandths() / 1000 };
            let total = i128::from(offered.gross) * MICRO;
            let run = Run::new(count, total, false, false);
            LineState {
                runs: vec![run],
                left: offered.gross,
                weighed,
                thousandths: offered.quantity.thousandths(),
                tie,
            }
        });
        Self { lines: lines.collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn tie(&self, line: usize) -> usize {
        self.lines.get(line).map_or(0, |line| line.tie)
    }

    /// What the line costs now.
    pub(crate) fn left(&self, line: usize) -> i64 {
        self.lines.get(line).map_or(0, |line| line.left)
    }

    pub(crate) fn count(&self, line: usize) -> i64 {
        self.lines.get(line).map_or(0, |line| line.runs.iter().map(|run| run.count).sum())
    }

    pub(crate) fn save(&self, lines: &[usize]) -> Vec<(usize, LineState)> {
        let line = |index: &usize| Some((*index, self.lines.get(*index)?.clone()));
        lines.iter().filter_map(line).collect()
    }

    pub(crate) fn put_back(&mut self, saved: &[(usize, LineState)]) {
        for (index, state) in saved {
            if let Some(line) = self.lines.get_mut(*index) {
                line.clone_from(state);
            }
        }
    }

    /// The units that a promotion may take, the dearest first if they are to be `counted`.
    pub(crate) fn units(&self, members: &[Member], stacks: bool, counted: bool) -> Vec<Unit> {
        let mut units = Vec::with_capacity(members.len());
        for member in members {
            let Some(line) = self.lines.get(member.line) else { continue };
            if counted && line.weighed {
                continue;
            }
            for (index, run) in line.runs.iter().enumerate() {
                if run.count > 0 && !run.closed && (stacks || !run.used) {
                    units.push(Unit {
                        line: member.line,
                        run: index,
                        parts: member.parts,
                        count: run.count,
                        total: run.total.max(0),
                        each: run.each,
                        weighed: line.weighed,
                        thousandths: line.thousandths,
                        tie: line.tie,
                    });
                }
            }
        }
        if counted {
            units.sort_by_key(|unit| (Reverse(unit.each), unit.tie, unit.run));
        }
        units
    }

    /// Takes units off which `off` came in whole minor units, shared as their takes say. What they
    /// cost from now on adds up to what the line costs.
    pub(crate) fn take(&mut self, line: usize, takes: &[(Unit, Take)], off: i64, stacks: bool) {
        let Some(state) = self.lines.get_mut(line) else { return };
        state.left -= off;
        let mut left = i128::from(off) * MICRO;
        let mut weight: i128 = takes.iter().map(|(_, take)| take.off).sum();
        for (unit, take) in takes {
            let Some(run) = state.runs.get_mut(unit.run).filter(|_| take.count > 0) else {
                continue;
            };
            let total = if take.count == run.count {
                run.total
            } else {
                mul_div(run.total, take.count.into(), run.count.into())
            };
            *run = Run::new(run.count - take.count, run.total - total, run.used, run.closed);
            let reduction = if take.off == weight { left } else { mul_div(left, take.off, weight) };
            left -= reduction;
            weight -= take.off;
            let total = total - reduction;
            state.runs.push(Run::new(take.count, total, true, !stacks));
        }
        state.runs.retain(|run| run.count > 0);
    }
}

/// The lines by variant and id.
pub(crate) fn in_order(offered: &[Offered<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..offered.len()).collect();
    order.sort_by_key(|index| offered.get(*index).map(|o| (o.sellable.variant, o.line)));
    order
}

/// `left × right / by`, rounded towards zero, whatever their length.
pub(crate) fn mul_div(left: i128, right: i128, by: i128) -> i128 {
    match left.checked_mul(right) {
        Some(product) => quotient(product, by).map_or(0, |(quotient, _)| quotient),
        None if by == 0 => 0,
        None => {
            (BigInt::from(left) * BigInt::from(right) / BigInt::from(by)).to_i128().unwrap_or(0)
        }
    }
}
