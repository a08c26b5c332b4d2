use countertop_domain::quantity::Quantity;
use countertop_domain::tax::TaxClass;

use super::super::{Format, detect};
use super::{FileError, SHOPIFY, SHOPIFY_2025, eur, item, options, read_all, skipped};

#[test]
fn rows_of_one_handle_are_one_item_and_its_pictures_are_no_variants() -> Result<(), FileError> {
    let (summary, items) = read_all(SHOPIFY)?;
    assert_eq!((summary.format, summary.rows), (Format::Shopify, 13));
    assert_eq!((summary.items, summary.variants), (4, 6));
    let board = item(&items, "oak-board");
    assert_eq!((board.name.as_str(), board.line), ("Oak Board", 2));
    assert_eq!(board.category.as_deref(), Some("Kitchen"));
    assert_eq!(board.images.len(), 3);
    assert_eq!(options(board), [""]);
    let variant = &board.variants[0];
    assert_eq!((variant.price, variant.compare_at), (Some(eur(2450)), Some(eur(3000))));
    assert_eq!(variant.stock, Some(Quantity::pieces(4)));
    assert_eq!(variant.sku.as_deref(), Some("OAK-1"));
    // The apostrophe is the spreadsheet's, not the barcode's.
    assert_eq!(variant.barcodes[0].code, "2000000000015");
    Ok(())
}

#[test]
fn every_option_tells_variants_apart() -> Result<(), FileError> {
    let (_, items) = read_all(SHOPIFY)?;
    let apron = item(&items, "linen-apron");
    let expected = ["Colour=Sand, Size=S", "Colour=Sand, Size=L", "Colour=Ink, Size=L"];
    assert_eq!(options(apron), expected);
    // The board's description spans two lines, so the apron begins on line 6.
    let lines: Vec<u64> = apron.variants.iter().map(|v| v.line).collect();
    assert_eq!(lines, [6, 7, 8]);
    assert_eq!(apron.variants[1].source_key, "Sand / L");
    assert_eq!(apron.category.as_deref(), Some("textile"), "without a type, the first tag");
    assert_eq!(apron.images.len(), 3, "each picture once");
    assert_eq!(apron.variants[1].compare_at, None, "the same price is no reduction");
    // Twelve digits are the same code with a zero before them.
    assert_eq!(apron.variants[2].barcodes[0].code, "0400000000015");
    Ok(())
}

#[test]
fn stock_is_kept_where_it_is_counted_and_only_there() -> Result<(), FileError> {
    let (_, items) = read_all(SHOPIFY)?;
    let stock = |key: &str| item(&items, key).variants.iter().map(|v| v.stock).collect::<Vec<_>>();
    let pieces = |n| Some(Quantity::pieces(n));
    assert_eq!(stock("linen-apron"), [pieces(0), pieces(3), pieces(-2)]);
    assert_eq!(stock("repair"), [None], "no tracker and nothing counted");
    Ok(())
}

#[test]
fn an_item_without_a_price_is_asked_at_the_till_and_without_tax_is_exempt() -> Result<(), FileError>
{
    let (_, items) = read_all(SHOPIFY)?;
    let repair = item(&items, "repair");
    assert_eq!(repair.variants[0].price, None);
    assert_eq!(repair.tax_class, TaxClass::exempt());
    assert_eq!(item(&items, "oak-board").tax_class, TaxClass::standard());
    assert_eq!(item(&items, "peg-rail").name, "-50 % Peg Rail");
    Ok(())
}

#[test]
fn what_is_left_out_is_named_with_its_line() -> Result<(), FileError> {
    let (summary, _) = read_all(SHOPIFY)?;
    let expected = [
        (10, "its status is archived: make it active to take it"),
        (11, "it is not published: publish it to take it"),
        (12, "a gift card is issued at the till, not sold from stock"),
        (15, "the row holds neither a variant nor a picture"),
    ];
    assert_eq!(skipped(&summary), expected);
    assert_eq!(summary.skipped_more, 0);
    Ok(())
}

#[test]
fn the_headings_of_2025_in_any_order_with_mark_and_crlf_are_read_too() -> Result<(), FileError> {
    let (summary, items) = read_all(SHOPIFY_2025)?;
    assert_eq!((summary.rows, summary.items, summary.variants), (4, 2, 3));
    assert_eq!(skipped(&summary), [(7, "its status is draft: make it active to take it")]);
    let towel = item(&items, "tea-towel");
    assert_eq!(options(towel), ["Colour=Red", "Colour=Blue"]);
    assert_eq!(towel.variants[0].compare_at, Some(eur(950)));
    assert_eq!(towel.variants[1].stock, Some(Quantity::pieces(0)));
    assert_eq!(towel.images.len(), 3);
    let brush = item(&items, "dish-brush");
    assert_eq!((brush.line, brush.category.as_deref()), (5, Some("wood")));
    Ok(())
}

#[test]
fn headings_are_known_in_any_case_and_order() {
    assert_eq!(detect(&["variant price", "TITLE", "\u{feff}handle"]), Some(Format::Shopify));
    assert_eq!(detect(&["NAME", "type", "regular PRICE"]), Some(Format::WooCommerce));
    assert_eq!(detect(&["Name", "Type", "Price"]), None);
    assert_eq!(detect::<&str>(&[]), None);
}
