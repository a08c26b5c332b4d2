//! Which price book decides a line's price.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::occasion::{Occasion, When};
use super::rules::PriceRules;
use crate::basket::Line;
use crate::ids::VariantId;
use crate::money::{Money, MoneyError};
use crate::price_book::{PriceBook, PriceRule, RulePrice};
use crate::rounding::{RoundingMode, divide};
use crate::tax::Percent;

/// The price that a book gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen<'a> {
    pub(crate) book: &'a PriceBook,
    pub(crate) price: Money,
    pub(crate) percent: Option<Percent>,
}

/// Chooses prices for the lines of one basket.
#[derive(Debug)]
pub(crate) struct Chooser<'a> {
    rules: &'a PriceRules,
    open: Vec<bool>,
    quantities: HashMap<VariantId, i64>,
    mode: RoundingMode,
}

impl PriceRules {
    pub(crate) fn chooser<'a>(&'a self, occasion: &Occasion<'_>, lines: &[Line]) -> Chooser<'a> {
        let mut quantities = HashMap::new();
        if !self.books().is_empty() {
            for line in lines {
                let quantity: &mut i64 = quantities.entry(line.sellable.variant).or_default();
                *quantity = quantity.saturating_add(line.quantity.thousandths());
            }
        }
        let holds = |book: &PriceBook| {
            occasion.is(&When {
                groups: &book.groups,
                channels: &book.channels,
                from: book.from,
                until: book.until,
                weekdays: &[],
                hours: None,
            })
        };
        Chooser {
            rules: self,
            open: self.books().iter().map(holds).collect(),
            quantities,
            mode: occasion.mode,
        }
    }
}

impl<'a> Chooser<'a> {
    /// The highest priority, then the lowest price, then the first book by id.
    pub(crate) fn price(&mut self, line: &Line) -> Result<Option<Chosen<'a>>, MoneyError> {
        let Some(list) = line.sellable.price.filter(|_| !self.open.is_empty()) else {
            return Ok(None);
        };
        let quantity = self.quantities.get(&line.sellable.variant).copied().unwrap_or(0);
        let mut best: Option<Chosen<'a>> = None;
        let mut failed = None;
        let (rules, open) = (self.rules, &self.open);
        rules.prices().each(&line.sellable, |(book, rule)| {
            if !open.get(book as usize).is_some_and(|open| *open) {
                return;
            }
            let Some(book) = rules.books().get(book as usize) else { return };
            let Some(rule) = book.prices.get(rule as usize) else { return };
            if rule.min_quantity.thousandths() > quantity {
                return;
            }
            if best.is_some_and(|best| best.book.priority > book.priority) {
                return;
            }
            match of_rule(rule, list, self.mode) {
                Ok((price, percent)) => {
                    let rank = |book: &'a PriceBook, price: Money| {
                        (Reverse(book.priority), price.minor(), &book.id)
                    };
                    if best.is_none_or(|best| rank(book, price) < rank(best.book, best.price)) {
                        best = Some(Chosen { book, price, percent });
                    }
                }
                Err(error) => failed = Some(error),
            }
        });
        failed.map_or(Ok(best), Err)
    }
}

fn of_rule(
    rule: &PriceRule,
    list: Money,
    mode: RoundingMode,
) -> Result<(Money, Option<Percent>), MoneyError> {
    match rule.price {
        // In another currency it is refused, not compared.
        RulePrice::Fixed(price) => Money::zero(list.currency()).plus(price).map(|p| (p, None)),
        RulePrice::PercentOff(percent) => {
            let exact = i128::from(list.minor()) * percent.millionths();
            let off = divide(exact, 1_000_000, mode).ok_or(MoneyError::TooLarge)?;
            let price = Money::new(i128::from(list.minor()) - off, list.currency())?;
            Ok((price, Some(percent)))
        }
    }
}
