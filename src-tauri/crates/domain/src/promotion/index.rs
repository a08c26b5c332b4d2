//! Which rules speak of a variant, found without asking every rule.

use std::collections::HashMap;

use crate::ids::{ItemId, VariantId};
use crate::item::Sellable;
use crate::price_book::{Selector, with_parents};

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
        match selector {
            Selector::All => self.all.push(value),
            Selector::Variants(variants) => {
                for variant in variants {
                    self.variants.entry(*variant).or_default().push(value);
                }
            }
            Selector::Items(items) => {
                for item in items {
                    self.items.entry(*item).or_default().push(value);
                }
            }
            Selector::Categories(categories) => {
                for category in categories {
                    self.categories.entry(category.trim().to_owned()).or_default().push(value);
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
