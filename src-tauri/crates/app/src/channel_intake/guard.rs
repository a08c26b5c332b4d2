//! What a shop may say at all: text that can be shown, amounts that can be, numbers of things that a till
//! can hold. Whoever has the shop's key may write anything there.

use std::collections::BTreeSet;

use countertop_domain::money::Money;
use countertop_sync::channel::{ProductIn, VariantIn, is_deceptive};

use crate::app::App;

/// Characters of a name, category, option or article number.
const MAX_NAME: usize = 200;
/// Characters of a barcode.
const MAX_BARCODE: usize = 80;
/// Variants of an item, as many as the till shows to choose from.
pub(super) const MAX_VARIANTS: usize = 500;
/// Choices that tell variants apart.
const MAX_OPTIONS: usize = 10;

/// What is wrong with an item of a shop; none if it can be kept.
pub(super) fn wrong_with(app: &App, product: &ProductIn) -> Option<String> {
    if product.name.trim().is_empty() {
        return Some("it has no name".to_owned());
    }
    if product.variants.is_empty() || product.variants.len() > MAX_VARIANTS {
        return Some(format!(
            "it has {} variants: a till shows 1 to {MAX_VARIANTS}",
            product.variants.len()
        ));
    }
    let mut wrong = text("its name", &product.name, MAX_NAME)
        .or_else(|| text("its id", &product.external_id, MAX_NAME))
        .or_else(|| text("its class of tax", &product.tax_class, 100));
    let first: Vec<&str> = options(product.variants.first()?);
    let (mut choices, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for variant in &product.variants {
        let values: Vec<&str> =
            variant.options.iter().map(|option| option.value.as_str()).collect();
        wrong = wrong.or_else(|| wrong_with_variant(app, variant)).or_else(|| {
            if options(variant) != first {
                Some("its variants have different options".to_owned())
            } else if !choices.insert(values) || !ids.insert(variant.external_id.as_str()) {
                Some("two of its variants are the same".to_owned())
            } else {
                None
            }
        });
    }
    wrong
}

fn options(variant: &VariantIn) -> Vec<&str> {
    variant.options.iter().map(|option| option.name.as_str()).collect()
}

fn wrong_with_variant(app: &App, variant: &VariantIn) -> Option<String> {
    if variant.options.len() > MAX_OPTIONS {
        return Some(format!("it has more than {MAX_OPTIONS} options"));
    }
    for option in &variant.options {
        if option.name.trim().is_empty() || option.value.trim().is_empty() {
            return Some("one of its options is empty".to_owned());
        }
        let wrong = text("an option", &option.name, MAX_NAME)
            .or_else(|| text("an option", &option.value, MAX_NAME));
        if wrong.is_some() {
            return wrong;
        }
    }
    text("an id", &variant.external_id, MAX_NAME)
        .or_else(|| text("an article number", &variant.sku, MAX_NAME))
        .or_else(|| text("a barcode", &variant.barcode, MAX_BARCODE))
        .or_else(|| amount(app, "a price", variant.price))
        .or_else(|| amount(app, "a price before a reduction", variant.compare_at))
}

fn amount(app: &App, what: &str, minor: Option<i64>) -> Option<String> {
    match app.money(minor?) {
        Ok(money) if !Money::is_negative(money) => None,
        Ok(_) => Some(format!("{what} is below nothing")),
        Err(_) => Some(format!("{what} is more than a till can count")),
    }
}

fn text(what: &str, text: &str, most: usize) -> Option<String> {
    if text.chars().count() > most {
        return Some(format!("{what} is longer than {most} characters"));
    }
    is_deceptive(text).then(|| format!("{what} has characters that hide or turn text around"))
}

/// Whether a price went so far from what it was that somebody is to look: to less than half, or to more
/// than twice as much.
pub(super) const fn is_jump(before: i64, now: i64) -> bool {
    before > 0 && (now < before / 2 || now / 2 > before)
}

#[cfg(test)]
mod tests {
    use super::is_jump;

    #[test]
    fn a_price_that_jumps_is_looked_at_and_a_sale_is_not() {
        assert!(is_jump(1000, 10) && is_jump(1000, 0) && is_jump(1000, 10_000));
        assert!(!is_jump(1000, 700) && !is_jump(1000, 500) && !is_jump(1000, 2000));
        assert!(!is_jump(0, 10));
    }
}
