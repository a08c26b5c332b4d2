//! Which rules speak of a variant, found without asking every rule.

use std::collections::HashMap;

use crate::ids::{ItemId, VariantId};
use crate::item::Sellable;
use crate::price_book::{Selector, with_parents};

/// As far back a value that makes another idle is looked for, so that a long list is made in no time.
const LOOKED_BACK: usize = 32;

/// Values by what their selectors cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index<T> {
    all: Vec<T>,
    variants: HashMap<VariantId, Vec<T>>,
    items: HashMap<ItemId, Vec<T>>,
    categories: HashMap<String, Vec<T>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            variants: HashMap::new(),
            items: HashMap::new(),
            categories: HashMap::new(),
        }
    }
}

impl<T: Copy> Index<T> {
    pub(crate) fn add(&mut self, selector: &Selector, value: T) {
        self.add_unless(selector, value, |_| false);
    }

    /// Leaves the value out wherever one that was added just before `is_idle` beside it.
    pub(crate) fn add_unless(
        &mut self,
        selector: &Selector,
        value: T,
        is_idle: impl Fn(T) -> bool,
    ) {
        let add = |values: &mut Vec<T>| {
            if !values.iter().rev().take(LOOKED_BACK).any(|before| is_idle(*before)) {
                values.push(value);
            }
        };
        match selector {
            Selector::All => add(&mut self.all),
            Selector::Variants(variants) => {
                for variant in variants {
                    add(self.variants.entry(*variant).or_default());
                }
            }
            Selector::Items(items) => {
                for item in items {
                    add(self.items.entry(*item).or_default());
                }
            }
            Selector::Categories(categories) => {
                for category in categories {
                    add(self.categories.entry(category.trim().to_owned()).or_default());
                }
            }
        }
    }

    /// Every value that speaks of `sellable`; one may come more than once.
    pub(crate) fn each(&self, sellable: &Sellable, mut found: impl FnMut(T)) {
        let mut give = |values: Option<&Vec<T>>| {
            for value in values.into_iter().flatten() {
                found(*value);
            }
        };
        give(Some(&self.all));
        if !self.variants.is_empty() {
            give(self.variants.get(&sellable.variant));
        }
        if !self.items.is_empty() {
            give(self.items.get(&sellable.item));
        }
        if let Some(category) = sellable.category.as_deref().filter(|_| !self.categories.is_empty())
        {
            for part in with_parents(category) {
                give(self.categories.get(part));
            }
        }
    }
}
