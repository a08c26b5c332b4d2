//! What a promotion would save now, without each line's share. To choose among many asks this far
//! more often than one is applied, and those that compete mostly speak of the same units.

use super::effect::{effect, takes};
use super::pool::{MICRO, Member, Pool, Unit};
use super::{Promotion, PromotionRule};
use crate::rounding::{RoundingMode, divide};

/// As many sets of units are kept: more would take longer to look through than to make.
const KEPT: usize = 8;

/// What is known of a pool until it changes.
#[derive(Debug, Default)]
pub(crate) struct Reckoning<'a> {
    kept: Vec<Kept<'a>>,
    /// By line: how many of its units are taken, and what comes off them, in [`MICRO`].
    lines: Vec<(i64, i128)>,
}

/// The units that promotions with these members may take.
#[derive(Debug)]
struct Kept<'a> {
    members: &'a [Member],
    stacks: bool,
    counted: bool,
    units: Vec<Unit>,
}

impl<'a> Reckoning<'a> {
    /// The pool changed.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
    }

    /// The saving of [`effect`], in minor units.
    pub(crate) fn saving(
        &mut self,
        promotion: &Promotion,
        members: &'a [Member],
        pool: &Pool,
        mode: RoundingMode,
    ) -> i64 {
        let whole = || effect(promotion, members, pool, mode).map_or(0, |effect| effect.saving);
        let saving = self.quickly(promotion, members, pool, mode).unwrap_or_else(whole);
        debug_assert_eq!(saving, whole(), "what \"{}\" saves is what it takes off", promotion.id);
        saving
    }

    /// None where only the lines' shares tell.
    fn quickly(
        &mut self,
        promotion: &Promotion,
        members: &'a [Member],
        pool: &Pool,
        mode: RoundingMode,
    ) -> Option<i64> {
        let rule = &promotion.rule;
        let place = self.place(promotion, members, pool);
        let units = &self.kept.get(place)?.units;
        self.lines.clear();
        self.lines.resize(pool.len(), (0, 0));
        for take in takes(rule, units, mode) {
            let line = self.lines.get_mut(units.get(take.unit)?.line)?;
            line.0 += take.count;
            line.1 += take.off;
        }
        let taken = self.lines.iter().enumerate().filter(|(_, (count, _))| *count > 0);
        if rule.is_whole() {
            let mut sum = 0;
            for (line, (_, off)) in taken {
                // Else its share is cut to what the line costs.
                let within = 0..=i128::from(pool.left(line)) * MICRO;
                sum += Some(*off).filter(|off| within.contains(off))?;
            }
            return i64::try_from(divide(sum, MICRO, mode)?).ok();
        }
        let percent = match rule {
            PromotionRule::PercentOff { percent, .. } => Some(percent.millionths()),
            _ => None,
        };
        let mut saving = 0;
        for (line, (count, off)) in taken {
            let left = pool.left(line);
            let off = match percent.filter(|_| *count == pool.count(line)) {
                Some(percent) => i128::from(left) * percent,
                None => *off,
            };
            saving += i64::try_from(divide(off, MICRO, mode)?).ok()?.clamp(0, left);
        }
        Some(saving)
    }

    /// Where the units of such a promotion are kept.
    fn place(&mut self, promotion: &Promotion, members: &'a [Member], pool: &Pool) -> usize {
        let (stacks, counted) = (promotion.stacks, promotion.rule.counts());
        let same = |kept: &Kept<'_>| {
            kept.stacks == stacks && kept.counted == counted && kept.members == members
        };
        if let Some(place) = self.kept.iter().position(same) {
            return place;
        }
        let units = pool.units(members, stacks, counted);
        if self.kept.len() == KEPT {
            self.kept.pop();
        }
        self.kept.push(Kept { members, stacks, counted, units });
        self.kept.len() - 1
    }
}
