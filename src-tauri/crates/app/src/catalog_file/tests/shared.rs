//! The real exports, where they are at hand; counts and figures checked by hand in the files.

use std::path::PathBuf;

use super::super::Format;
use super::{FileError, ItemDraft, Summary, eur, item, options, read_all};

fn bytes_of(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("COUNTERTOP_SHARED").map_or_else(
        || PathBuf::from("../../../../shared/data"),
        |shared| PathBuf::from(shared).join("data"),
    );
    let bytes = std::fs::read(folder.join(name)).ok();
    if bytes.is_none() {
        println!("left out: no ../shared/data");
    }
    bytes
}

fn real(name: &str) -> Option<(Summary, Vec<ItemDraft>)> {
    let result: Result<_, FileError> = read_all(&bytes_of(name)?);
    Some(result.unwrap())
}

#[test]
fn the_real_shopify_catalogues_come_in_whole() {
    for (name, rows, items, variants) in [
        ("shopify-apparel.csv", 22, 20, 22),
        ("shopify-home-and-garden.csv", 21, 20, 21),
        ("shopify-jewelery.csv", 41, 20, 23),
    ] {
        let Some((summary, _)) = real(name) else { return };
        assert_eq!(summary.format, Format::Shopify);
        assert_eq!((summary.rows, summary.items, summary.variants), (rows, items, variants));
        assert!(summary.skipped.is_empty(), "{name}: {:?}", summary.skipped);
    }
}

#[test]
fn real_variants_prices_and_pictures_are_kept() {
    let Some((_, items)) = real("shopify-jewelery.csv") else { return };
    let anchor = item(&items, "leather-anchor");
    assert_eq!(anchor.name, "Anchor Bracelet Mens");
    assert_eq!(anchor.category.as_deref(), Some("Bracelet"));
    assert_eq!(options(anchor), ["Color=Gold", "Color=Silver"]);
    assert_eq!(anchor.variants[0].price, Some(eur(6999)));
    assert_eq!(anchor.variants[1].price, Some(eur(5500)));
    assert_eq!(anchor.variants[1].compare_at, Some(eur(8500)));
    assert_eq!(anchor.images.len(), 3);
    // Its description spans lines, and pictures of the next items still belong to the right one.
    assert_eq!(item(&items, "choker-with-gold-pendant").images.len(), 2);
    assert_eq!(item(&items, "origami-crane-necklace").images.len(), 4);
}

#[test]
fn the_real_woocommerce_catalogue_comes_in_whole() {
    let Some((summary, items)) = real("woocommerce-products.csv") else { return };
    assert_eq!(summary.format, Format::WooCommerce);
    assert_eq!((summary.rows, summary.items, summary.variants), (25, 16, 21));
    let lines: Vec<u64> = summary.skipped.iter().map(|s| s.line).collect();
    assert_eq!(lines, [24, 25], "the grouped and the external product");
    let hoodie = item(&items, "45");
    assert_eq!(
        options(hoodie),
        [
            "Color=Red, Logo=No",
            "Color=Green, Logo=No",
            "Color=Blue, Logo=No",
            "Color=Blue, Logo=Yes"
        ]
    );
    assert_eq!(hoodie.category.as_deref(), Some("Clothing > Hoodies"));
    assert_eq!(hoodie.variants[0].price, Some(eur(4200)));
    assert_eq!(hoodie.variants[0].compare_at, Some(eur(4500)));
    let tee = item(&items, "44");
    assert_eq!(options(tee), ["Color=Red", "Color=Green", "Color=Blue"]);
    assert!(tee.favourite);
    assert_eq!(item(&items, "73").variants[0].price, Some(eur(1500)), "an album to download");
}

#[test]
fn a_real_file_of_another_kind_is_refused() {
    for name in ["woocommerce-tax-rates.csv", "grocery-baskets.csv"] {
        let Some(bytes) = bytes_of(name) else { return };
        let error = read_all(&bytes).unwrap_err();
        assert!(error.what.contains("not the headings"), "{error}");
    }
}
