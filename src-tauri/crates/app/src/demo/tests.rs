#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;
use std::path::Path;

use countertop_domain::barcode::is_gtin;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::staff::Role;
use countertop_domain::tax::TaxClass;

use super::{BASKET_LINES, CATEGORIES, HOURS, STAFF, categories, demand, items, letterhead, taxes};

#[test]
fn the_shop_has_what_a_first_look_should_show() {
    let items = items();
    let variants: Vec<_> = items.iter().flat_map(|item| &item.variants).collect();
    assert!((80..=90).contains(&items.len()), "{} items", items.len());
    assert!((105..=125).contains(&variants.len()), "{} variants", variants.len());
    assert_eq!(items.iter().filter(|item| item.favourite).count(), 24);
    assert!(items.iter().filter(|item| item.unit == Unit::Kilogram).count() >= 8);
    assert!(variants.iter().filter(|v| v.price.is_none()).count() >= 3, "open prices");
    assert!(variants.iter().filter(|v| v.compare_at.is_some()).count() >= 3, "reduced prices");
    assert!(variants.iter().filter(|v| v.options.len() == 2).count() >= 6, "two choices");
    let six = Quantity::pieces(6);
    assert!(variants.iter().any(|v| v.barcodes.iter().any(|b| b.quantity == six)), "a six-pack");
    for (category, ink) in categories() {
        assert!((1..=6).contains(ink));
        assert!(items.iter().any(|item| item.category.as_deref() == Some(category)));
    }
    assert_eq!(CATEGORIES.len(), 8);
    assert_eq!(STAFF.map(|member| member.role), [Role::Owner, Role::Cashier]);
    assert_eq!(letterhead().shop, "Harbour Lane");
}

#[test]
fn every_code_scans_as_one_thing_and_is_no_real_products() {
    let mut codes = HashSet::new();
    let mut skus = HashSet::new();
    for variant in items().iter().flat_map(|item| &item.variants) {
        for barcode in &variant.barcodes {
            assert!(is_gtin(&barcode.code) && barcode.code.starts_with("20"), "{}", barcode.code);
            assert!(codes.insert(barcode.code.clone()), "{} twice", barcode.code);
        }
        if let Some(sku) = &variant.sku {
            assert!(skus.insert(sku.clone()), "{sku} twice");
        }
    }
}

#[test]
fn every_item_can_be_sold_found_and_seen() {
    let mut keys = HashSet::new();
    let pictures = Path::new("../../../ui/public");
    for item in items() {
        assert!(keys.insert(item.source_key.clone()), "{} twice", item.source_key);
        assert!(!item.variants.is_empty(), "{}", item.name);
        let choices: HashSet<_> = item.variants.iter().map(|v| &v.options).collect();
        assert_eq!(choices.len(), item.variants.len(), "{}: two variants look alike", item.name);
        for variant in &item.variants {
            let told_apart = variant.options.is_empty() == (item.variants.len() == 1);
            assert!(told_apart, "{}", item.name);
            assert!(variant.price.is_none_or(|price| price.minor() > 0), "{}", item.name);
            if let Some(before) = variant.compare_at {
                assert!(variant.price.is_some_and(|price| price.minor() < before.minor()));
            }
        }
        for image in &item.images {
            let file = pictures.join(image.trim_start_matches('/'));
            let svg = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(svg.starts_with("<svg") && svg.len() < 1_024, "{}", file.display());
            assert!(!svg.contains("script") && !svg.contains("href"), "{}", file.display());
        }
    }
}

#[test]
fn every_tax_class_but_the_exempt_one_has_its_tax() {
    let taxes = taxes();
    let rate = |class: &TaxClass| -> Vec<String> {
        taxes.of(class).iter().map(|tax| tax.rate_text()).collect()
    };
    assert_eq!(rate(&TaxClass::standard()), ["23"]);
    assert_eq!(rate(&TaxClass::new("reduced")), ["13.5"]);
    assert_eq!(rate(&TaxClass::new("zero")), ["0"]);
    let classes: HashSet<TaxClass> = items().into_iter().map(|item| item.tax_class).collect();
    assert_eq!(classes.len(), 4);
    for class in classes {
        assert_eq!(rate(&class).is_empty(), class == TaxClass::exempt(), "{}", class.name());
    }
}

#[test]
fn past_baskets_hold_only_what_a_line_may_hold() {
    let items = items();
    let demand = demand();
    assert!(demand.len() >= 100);
    for wanted in &demand {
        let item = items.iter().find(|item| item.source_key == wanted.item).unwrap();
        let variant = item.variants.iter().find(|v| v.source_key == wanted.variant).unwrap();
        assert!(variant.price.is_some(), "{}: an open price needs someone to ask", item.name);
        assert_eq!(item.unit, wanted.unit);
        assert!(wanted.weight > 0 && wanted.least <= wanted.most);
        assert!(wanted.least.for_line(item.unit).is_ok(), "{}", item.name);
        assert!(wanted.most.for_line(item.unit).is_ok(), "{}", item.name);
    }
    assert!(HOURS.iter().all(|(hour, weight)| *hour < 24 && *weight > 0));
    assert!(BASKET_LINES.iter().all(|(lines, weight)| *lines > 0 && *weight > 0));
}
