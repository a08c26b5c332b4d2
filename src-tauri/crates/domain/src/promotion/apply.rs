//! Which promotions apply, and in which order.
//!
//! Promotions that share no line do not compete, so each group that does is looked at by itself. Up
//! to four that compete are tried in every order and the best order for the customer is taken. Of
//! more, the one that saves most now goes first, then the one that saves most after that. Ties go
//! by priority, then by id: nothing depends on the order in which lines or rules came.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::effect::effect;
use super::occasion::{Occasion, When};
use super::pool::{LineState, Member, Offered, Pool, in_order};
use super::reckon::Reckoning;
use super::rules::PriceRules;
use super::{Promotion, Stacking};
use crate::basket::Coupon;
use crate::tax::Percent;

/// As many promotions that compete are tried in every order.
const TRY_EVERY_ORDER: usize = 4;

/// What a promotion took off a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saved<'a> {
    /// Which of the lines offered.
    pub(crate) line: usize,
    pub(crate) promotion: &'a Promotion,
    /// The code that opened it.
    pub(crate) coupon: Option<&'a str>,
    /// Minor units, above nothing.
    pub(crate) amount: i64,
    pub(crate) percent: Option<Percent>,
}

/// A promotion that may apply now, and the lines that it speaks of.
struct Candidate<'a> {
    promotion: &'a Promotion,
    coupon: Option<&'a str>,
    members: Vec<Member>,
}

/// Which candidate saved how much on which line.
type Savings = Vec<(usize, (usize, i64, Option<Percent>))>;

impl PriceRules {
    /// What promotions take off, in the order in which they apply: those of the shop, then those
    /// that coupons open. A coupon shown twice opens its promotion once.
    pub(crate) fn apply<'a>(
        &'a self,
        offered: &[Offered<'_>],
        coupons: &'a [Coupon],
        occasion: &Occasion<'_>,
    ) -> Vec<Saved<'a>> {
        let order = in_order(offered);
        let candidates = self.candidates(offered, &order, coupons, occasion);
        if candidates.is_empty() {
            return Vec::new();
        }
        let mut pool = Pool::of(offered, &order);
        let mut savings = Savings::new();
        let (by_coupon, by_shop): (Vec<usize>, Vec<usize>) = (0..candidates.len())
            .partition(|index| candidates.get(*index).is_some_and(|c| c.coupon.is_some()));
        let stage = Stage { candidates: &candidates, occasion };
        for indexes in [by_shop, by_coupon] {
            match self.stacking() {
                Stacking::InOrder => stage.in_order(&indexes, &mut pool, &mut savings),
                Stacking::BestForCustomer => {
                    for group in stage.groups(&indexes, offered.len()) {
                        if group.len() <= TRY_EVERY_ORDER {
                            stage.best_order(&group, &mut pool, &mut savings);
                        } else {
                            stage.best_first(&group, &mut pool, &mut savings);
                        }
                    }
                }
            }
        }
        let saved = |(index, (line, amount, percent)): (usize, (usize, i64, Option<Percent>))| {
            let candidate = candidates.get(index)?;
            let Candidate { promotion, coupon, .. } = candidate;
            Some(Saved { line, promotion, coupon: *coupon, amount, percent })
        };
        savings.into_iter().filter_map(saved).collect()
    }

    /// By priority, then id; only those that hold now and speak of something in the basket.
    fn candidates<'a>(
        &'a self,
        offered: &[Offered<'_>],
        order: &[usize],
        coupons: &'a [Coupon],
        occasion: &Occasion<'_>,
    ) -> Vec<Candidate<'a>> {
        let open = |promotion: &'a Promotion| {
            let coupon = coupons.iter().find(|coupon| coupon.promotion == promotion.id);
            let holds = (coupon.is_some() || !promotion.needs_coupon) && holds(promotion, occasion);
            holds.then(|| Candidate {
                promotion,
                coupon: coupon.filter(|_| promotion.needs_coupon).map(|c| c.code.as_str()),
                members: Vec::new(),
            })
        };
        let mut all: Vec<Option<Candidate<'a>>> = self.promotions().iter().map(open).collect();
        if all.iter().all(Option::is_none) {
            return Vec::new();
        }
        for line in order.iter().copied() {
            let Some(offered) = offered.get(line) else { continue };
            self.parts().each(offered.sellable, |(promotion, part)| {
                let Some(Some(candidate)) = all.get_mut(promotion as usize) else { return };
                let bit = 1_u128.checked_shl(part.into()).unwrap_or(0);
                match candidate.members.last_mut() {
                    Some(member) if member.line == line => member.parts |= bit,
                    _ => candidate.members.push(Member { line, parts: bit }),
                }
            });
            self.excepted().each(offered.sellable, |promotion| {
                if let Some(Some(candidate)) = all.get_mut(promotion as usize) {
                    candidate.members.pop_if(|member| member.line == line);
                }
            });
        }
        let mut candidates: Vec<Candidate<'a>> =
            all.into_iter().flatten().filter(|c| !c.members.is_empty()).collect();
        candidates.sort_by_key(|c| (Reverse(c.promotion.priority), &c.promotion.id));
        candidates
    }
}

fn holds(promotion: &Promotion, occasion: &Occasion<'_>) -> bool {
    occasion.is(&When {
        groups: &promotion.groups,
        channels: &promotion.channels,
        from: promotion.from,
        until: promotion.until,
        weekdays: &promotion.weekdays,
        hours: promotion.hours,
    })
}

/// An order that was tried.
struct Tried {
    saving: i64,
    savings: Savings,
    after: Vec<(usize, LineState)>,
}

struct Stage<'a, 'c> {
    candidates: &'c [Candidate<'a>],
    occasion: &'c Occasion<'c>,
}

impl Stage<'_, '_> {
    /// Applies one; gives what it saved.
    fn apply(&self, index: usize, pool: &mut Pool, savings: &mut Savings) -> i64 {
        let Some(candidate) = self.candidates.get(index) else { return 0 };
        let now = effect(candidate.promotion, &candidate.members, pool, self.occasion.mode);
        let Some(now) = now else { return 0 };
        let saving = now.saving;
        let lines = now.apply(candidate.promotion, pool);
        savings.extend(lines.into_iter().map(|line| (index, line)));
        saving
    }

    fn in_order(&self, indexes: &[usize], pool: &mut Pool, savings: &mut Savings) {
        for index in indexes {
            self.apply(*index, pool, savings);
        }
    }

    /// Candidates that share lines, directly or through others.
    fn groups(&self, indexes: &[usize], lines: usize) -> Vec<Vec<usize>> {
        // The group of a line is that of the first candidate that spoke of it.
        let mut group_of_line: Vec<Option<usize>> = vec![None; lines];
        let mut parent: Vec<usize> = (0..indexes.len()).collect();
        for (group, index) in indexes.iter().enumerate() {
            let members = self.candidates.get(*index).map_or(&[] as &[Member], |c| &c.members);
            for member in members {
                match group_of_line.get_mut(member.line) {
                    Some(Some(other)) => {
                        let (a, b) = (root(&parent, *other), root(&parent, group));
                        if let Some(slot) = parent.get_mut(a.max(b)) {
                            *slot = a.min(b);
                        }
                    }
                    Some(free) => *free = Some(group),
                    None => {}
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); indexes.len()];
        for (group, index) in indexes.iter().enumerate() {
            if let Some(members) = groups.get_mut(root(&parent, group)) {
                members.push(*index);
            }
        }
        groups.retain(|group| !group.is_empty());
        groups
    }

    fn best_order(&self, group: &[usize], pool: &mut Pool, savings: &mut Savings) {
        if group.len() < 2 {
            return self.in_order(group, pool, savings);
        }
        let mut lines: Vec<usize> = group
            .iter()
            .filter_map(|index| self.candidates.get(*index))
            .flat_map(|candidate| candidate.members.iter().map(|member| member.line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let before = pool.save(&lines);
        let mut best: Option<Tried> = None;
        for order in orders(group) {
            pool.put_back(&before);
            let mut tried = Savings::new();
            let saving = order.iter().map(|index| self.apply(*index, pool, &mut tried)).sum();
            if best.as_ref().is_none_or(|best| saving > best.saving) {
                best = Some(Tried { saving, savings: tried, after: pool.save(&lines) });
            }
        }
        if let Some(best) = best {
            pool.put_back(&best.after);
            savings.extend(best.savings);
        }
    }

    /// What a promotion saves hardly ever grows because another applied, so a figure from before is
    /// looked at again only when it is the highest.
    fn best_first(&self, group: &[usize], pool: &mut Pool, savings: &mut Savings) {
        let mut reckoning = Reckoning::default();
        let mut saving = |index: usize, pool: &Pool, changed: bool| {
            if changed {
                reckoning.forget();
            }
            self.candidates.get(index).map_or(0, |candidate| {
                let Candidate { promotion, members, .. } = candidate;
                reckoning.saving(promotion, members, pool, self.occasion.mode)
            })
        };
        let mut heap: BinaryHeap<(i64, Reverse<usize>)> =
            group.iter().map(|index| (saving(*index, pool, false), Reverse(*index))).collect();
        let mut changed = false;
        while let Some((known, Reverse(index))) = heap.pop() {
            if known == 0 {
                break;
            }
            let now = saving(index, pool, changed);
            changed = false;
            let stays_first = heap.peek().is_none_or(|next| (now, Reverse(index)) > *next);
            if stays_first {
                changed = self.apply(index, pool, savings) > 0;
            } else {
                heap.push((now, Reverse(index)));
            }
        }
    }
}

fn root(parent: &[usize], mut group: usize) -> usize {
    while let Some(up) = parent.get(group).filter(|up| **up != group) {
        group = *up;
    }
    group
}

/// Every order of a few; the given one first.
fn orders(group: &[usize]) -> Vec<Vec<usize>> {
    if group.len() <= 1 {
        return vec![group.to_vec()];
    }
    let mut all = Vec::new();
    for (place, first) in group.iter().enumerate() {
        let mut rest = group.to_vec();
        rest.remove(place);
        for mut order in orders(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}
