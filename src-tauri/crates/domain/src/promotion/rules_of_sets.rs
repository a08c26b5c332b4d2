//! The rules that count units into sets. Units come the dearest first.

use super::pool::{Take, Unit, mul_div};
use crate::price_book::Selector;

const FULL: i128 = 1_000_000;

/// In sets of `period`, the units after the first `paid` are reduced by `millionths`.
pub(super) fn every(units: &[Unit], period: u32, paid: u32, millionths: i128) -> Vec<Take> {
    let (period, paid) = (i64::from(period.max(1)), i64::from(paid));
    let total: i64 = units.iter().map(|unit| unit.count).sum();
    let in_sets = total / period * period;
    // Reduced units among the first `n`.
    let reduced_of = |n: i64| n / period * (period - paid) + (n % period - paid).max(0);
    let mut takes = Vec::new();
    let mut start = 0;
    for (index, unit) in units.iter().enumerate() {
        let end = (start + unit.count).min(in_sets);
        if end <= start {
            break;
        }
        let reduced = reduced_of(end) - reduced_of(start);
        let off = unit.of(reduced) * millionths / FULL;
        let paid = end - start - reduced;
        takes.extend(
            [(reduced, off), (paid, 0)]
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, off)| Take { unit: index, count, off }),
        );
        start = end;
    }
    takes
}

/// Every `size` units cost `price` together, as long as that is less than they cost alone.
pub(super) fn for_price(units: &[Unit], size: u32, price: i128) -> Vec<Take> {
    let size = i64::from(size);
    let mut left: Vec<i64> = units.iter().map(|unit| unit.count).collect();
    let mut takes = Vec::new();
    let mut start = 0;
    while start < units.len() {
        let mut set: Vec<(usize, i64)> = Vec::new();
        let mut missing = size;
        for (index, left) in left.iter().enumerate().skip(start) {
            let count = missing.min(*left);
            if count > 0 {
                set.push((index, count));
                missing -= count;
            }
            if missing == 0 {
                break;
            }
        }
        if missing > 0 || !take_sets(units, &mut left, &set, price, &mut takes) {
            break;
        }
        while left.get(start).is_some_and(|left| *left == 0) {
            start += 1;
        }
    }
    takes
}

/// One of each part costs `price` together. The part with the fewest units to choose from chooses
/// first, so that "a coffee and anything" does not spend the coffee on "anything".
pub(super) fn bundle(units: &[Unit], parts: &[(Selector, u32)], price: i128) -> Vec<Take> {
    let is = |unit: &Unit, part: usize| unit.parts & (1 << part) != 0;
    let available = |part: usize| -> i64 {
        units.iter().filter(|unit| is(unit, part)).map(|unit| unit.count).sum()
    };
    let mut order: Vec<(usize, i64)> =
        parts.iter().map(|(_, count)| i64::from(*count)).enumerate().collect();
    order.sort_by_key(|(part, _)| (available(*part), *part));
    let mut left: Vec<i64> = units.iter().map(|unit| unit.count).collect();
    let mut starts = vec![0; parts.len()];
    let mut takes = Vec::new();
    loop {
        let mut set: Vec<(usize, i64)> = Vec::new();
        for (part, count) in &order {
            let mut missing = *count;
            let Some(start) = starts.get_mut(*part) else { return takes };
            // Units are only ever used up, so what is empty now stays so.
            while units.get(*start).is_some_and(|unit| !is(unit, *part))
                || left.get(*start).is_some_and(|left| *left == 0)
            {
                *start += 1;
            }
            for (index, unit) in units.iter().enumerate().skip(*start) {
                if missing == 0 {
                    break;
                }
                if !is(unit, *part) {
                    continue;
                }
                let taken: i64 = set.iter().filter(|(i, _)| *i == index).map(|(_, n)| n).sum();
                let count = missing.min(left.get(index).copied().unwrap_or(0) - taken);
                if count > 0 {
                    set.push((index, count));
                    missing -= count;
                }
            }
            if missing > 0 {
                return takes;
            }
        }
        set.sort_unstable();
        set.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        if !take_sets(units, &mut left, &set, price, &mut takes) {
            return takes;
        }
    }
}

/// Takes as many sets like `set` as there are, at `price` each; false if they are not cheaper so.
fn take_sets(
    units: &[Unit],
    left: &mut [i64],
    set: &[(usize, i64)],
    price: i128,
    takes: &mut Vec<Take>,
) -> bool {
    let amount =
        |(index, count): &(usize, i64)| units.get(*index).map_or(0, |unit| unit.of(*count));
    let sum: i128 = set.iter().map(amount).sum();
    let off = sum - price;
    let whole_sets = |(index, count): &(usize, i64)| {
        left.get(*index).map_or(0, |left| left.checked_div(*count).unwrap_or(0))
    };
    let sets = set.iter().map(whole_sets).min().unwrap_or(0);
    if off <= 0 || sets <= 0 {
        return false;
    }
    for part in set {
        let (index, count) = *part;
        if let Some(left) = left.get_mut(index) {
            *left -= sets * count;
        }
        let share = mul_div(amount(part), off, sum) * i128::from(sets);
        takes.push(Take { unit: index, count: sets * count, off: share });
    }
    true
}

/// For every `buy` units, the cheapest `get` units are reduced. A unit that may be either is kept
/// for buying as far as buying needs it.
pub(super) fn buy_get(units: &[Unit], buy: u32, get: u32, millionths: i128) -> Vec<Take> {
    const BUY: u128 = 1;
    const GET: u128 = 2;
    let count = |parts: u128| -> i64 {
        units.iter().filter(|unit| unit.parts & 3 == parts).map(|unit| unit.count).sum()
    };
    let (only_buy, only_get, either) = (count(BUY), count(GET), count(BUY | GET));
    let (buy, get) = (i64::from(buy.max(1)), i64::from(get.max(1)));
    let times = ((only_buy + either) / buy)
        .min((only_get + either) / get)
        .min((only_buy + only_get + either) / (buy + get));
    let mut to_get = times * get;
    let mut to_buy = times * buy;
    let mut spare = only_buy + either - to_buy;
    let mut left: Vec<i64> = units.iter().map(|unit| unit.count).collect();
    let mut takes = Vec::new();
    for (index, unit) in units.iter().enumerate().rev() {
        if unit.parts & GET == 0 {
            continue;
        }
        let is_either = unit.parts & BUY != 0;
        let most = if is_either { unit.count.min(spare) } else { unit.count };
        let count = most.min(to_get);
        if count > 0 {
            to_get -= count;
            spare -= if is_either { count } else { 0 };
            if let Some(left) = left.get_mut(index) {
                *left -= count;
            }
            let off = unit.of(count) * millionths / FULL;
            takes.push(Take { unit: index, count, off });
        }
    }
    for (index, _) in units.iter().enumerate().filter(|(_, unit)| unit.parts & BUY != 0) {
        let count = left.get(index).map_or(0, |left| to_buy.min(*left));
        if count > 0 {
            to_buy -= count;
            takes.push(Take { unit: index, count, off: 0 });
        }
    }
    takes
}
