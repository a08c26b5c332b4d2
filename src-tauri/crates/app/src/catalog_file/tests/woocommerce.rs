use countertop_domain::quantity::Quantity;
use countertop_domain::tax::TaxClass;

use super::super::Format;
use super::{FileError, WOOCOMMERCE, day, eur, item, options, read_all, read_on, skipped};

#[test]
fn a_variation_finds_its_parent_by_number_or_name_before_or_after_it() -> Result<(), FileError> {
    let (summary, items) = read_all(WOOCOMMERCE)?;
    assert_eq!((summary.format, summary.rows), (Format::WooCommerce, 15));
    assert_eq!((summary.items, summary.variants), (7, 8));
    let bag = item(&items, "10");
    assert_eq!(bag.name, "Bag & Strap");
    assert_eq!(bag.category.as_deref(), Some("Bags > Canvas, waxed"));
    assert_eq!(bag.tax_class.name(), "reduced-rate");
    assert!(bag.favourite);
    // An attribute without a value fits any, so it does not name the variant.
    assert_eq!(options(bag), ["Size=Small, Colour=Red, dark", "Size=Large"]);
    assert_eq!(bag.variants[0].stock, Some(Quantity::pieces(5)));
    assert_eq!(bag.variants[1].stock, None, "shared stock is not one variant's");
    assert_eq!(bag.variants[1].price, Some(eur(1550)));
    assert_eq!(bag.images.len(), 2, "each picture once");
    Ok(())
}

#[test]
fn a_simple_product_has_one_variant_whatever_its_attributes() -> Result<(), FileError> {
    let (_, items) = read_all(WOOCOMMERCE)?;
    let pen = item(&items, "20");
    assert_eq!(pen.name, "Fountain pen – \"Nib\"");
    assert_eq!(options(pen), [""]);
    assert_eq!(pen.variants[0].barcodes[0].code, "9783161484100");
    assert_eq!(pen.variants[0].stock, Some(Quantity::from_thousandths(2500)));
    assert_eq!(
        (pen.variants[0].price, pen.variants[0].compare_at),
        (Some(eur(990)), Some(eur(1200)))
    );
    let pattern = item(&items, "22");
    assert_eq!((pattern.variants[0].price, pattern.tax_class.name()), (None, "zero-rate"));
    let keys: Vec<&str> = items.iter().map(|i| i.source_key.as_str()).collect();
    assert_eq!(keys, ["20", "21", "22", "23", "loose", "Scrap", "10"]);
    Ok(())
}

#[test]
fn a_sale_price_counts_only_on_its_days_and_only_if_it_is_lower() -> Result<(), FileError> {
    let prices = |today| {
        let (_, items) = read_on(WOOCOMMERCE, today)?;
        let ink = item(&items, "21").variants[0].clone();
        Ok::<_, FileError>((ink.price, ink.compare_at))
    };
    let regular = (Some(eur(600)), None);
    let on_sale = (Some(eur(400)), Some(eur(600)));
    assert_eq!(prices(None)?, regular);
    assert_eq!(prices(day("2026-10-31"))?, regular);
    assert_eq!(prices(day("2026-11-01"))?, on_sale);
    assert_eq!(prices(day("2026-11-30"))?, on_sale, "the last day is part of the sale");
    assert_eq!(prices(day("2026-12-01"))?, regular);
    let (_, items) = read_all(WOOCOMMERCE)?;
    let clip = &item(&items, "23").variants[0];
    assert_eq!((clip.price, clip.compare_at), (Some(eur(250)), None));
    assert_eq!(item(&items, "21").tax_class, TaxClass::exempt());
    assert_eq!(item(&items, "21").variants[0].stock, Some(Quantity::pieces(-3)));
    Ok(())
}

#[test]
fn what_is_left_out_is_named_with_its_line() -> Result<(), FileError> {
    let (summary, _) = read_all(WOOCOMMERCE)?;
    let expected = [
        (9, "a grouped product: its members are items themselves"),
        (10, "an external product: another shop sells it"),
        (11, "it is not published: publish it to take it"),
        (12, "its parent id:99 is no variable product that this file offers"),
        (
            13,
            "products of the type subscription cannot be sold here: simple, variable and \
             variation can",
        ),
        (14, "no variation of it is in the file: export them too"),
    ];
    assert_eq!(skipped(&summary), expected);
    Ok(())
}

#[test]
fn only_the_first_thousand_left_out_are_named_and_the_rest_counted() -> Result<(), FileError> {
    let mut file = "Type,Name,Regular price\n".to_owned();
    file.push_str(&"external,Poster,9\n".repeat(1_234));
    let (summary, items) = read_all(file.as_bytes())?;
    assert!(items.is_empty());
    assert_eq!((summary.skipped.len(), summary.skipped_more), (1_000, 234));
    Ok(())
}
