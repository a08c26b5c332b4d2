//! Whatever bytes come, the reader ends without a panic and hands over nothing that cannot be sold.

use countertop_domain::money::Currency;
use proptest::prelude::*;

use super::super::field::MAX_NAME;
use super::super::{MAX_IMAGES, MAX_VARIANTS};
use super::{FileError, ItemDraft, SHOPIFY, SHOPIFY_2025, Summary, WOOCOMMERCE, day, read_on};

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let result = read_on(bytes, day("2026-11-23"));
    if let Ok((summary, items)) = &result {
        sellable(summary, items)?;
    }
    // The second reading writes what the first has checked.
    prop_assert_eq!(read_on(bytes, day("2026-11-23")), result);
    Ok(())
}

fn sellable(summary: &Summary, items: &[ItemDraft]) -> Result<(), TestCaseError> {
    let mut barcodes = std::collections::HashSet::new();
    for item in items {
        prop_assert!(!item.name.is_empty() && item.name.chars().count() <= MAX_NAME);
        prop_assert!(!item.name.contains(char::is_control));
        prop_assert!(!item.source_key.is_empty());
        prop_assert!((1..=MAX_VARIANTS).contains(&item.variants.len()));
        prop_assert!(item.images.len() <= MAX_IMAGES);
        let mut keys = std::collections::HashSet::new();
        for variant in &item.variants {
            prop_assert!(keys.insert(&variant.source_key) && !variant.source_key.is_empty());
            prop_assert!(variant.price.is_none_or(|price| !price.is_negative()));
            if let Some(before) = variant.compare_at {
                prop_assert!(variant.price.is_some_and(|price| price.minor() < before.minor()));
            }
            for barcode in &variant.barcodes {
                prop_assert!(barcodes.insert(&barcode.code) && !barcode.code.is_empty());
            }
        }
    }
    let variants: usize = items.iter().map(|item| item.variants.len()).sum();
    prop_assert_eq!(summary.items, u64::try_from(items.len()).unwrap());
    prop_assert_eq!(summary.variants, u64::try_from(variants).unwrap());
    prop_assert!(summary.variants <= summary.rows);
    Ok(())
}

/// What breaks files: signs of the format, numbers, and bytes that are no text.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(vec![
            "\"",
            ",",
            "\n",
            "\r\n",
            "\r",
            "\"\"",
            "'",
            "-",
            "-1",
            "0",
            "\\,",
            "&#0;",
            "&amp;",
            "\u{feff}",
            "\0",
            "false",
            "draft",
            "variation",
            "variable",
            "id:10",
            "9,5",
            "1e5",
            "2000000000015",
        ])
        .prop_map(|s| s.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..6),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_or_refused_and_never_sells_below_nothing(
        file in prop::sample::select(vec![SHOPIFY, SHOPIFY_2025, WOOCOMMERCE]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, piece()), 1..6),
    ) {
        let mut bytes = file.to_vec();
        for (at, remove, insert) in damage {
            let at = at.index(bytes.len() + 1);
            let end = (at + remove).min(bytes.len());
            bytes.splice(at..end, insert);
        }
        check(&bytes)?;
    }

    #[test]
    fn any_bytes_below_good_headings_are_read_or_refused(
        woo in any::<bool>(),
        pieces in prop::collection::vec(piece(), 0..60),
    ) {
        let head: &[u8] = if woo {
            b"ID,Type,Name,Regular price,Sale price,Parent,Stock,Images\n"
        } else {
            b"Handle,Title,Option1 Value,Variant Price,Variant Barcode\n"
        };
        check(&[head, &pieces.concat()].concat())?;
    }

    #[test]
    fn any_bytes_at_all_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes)?;
    }

    #[test]
    fn a_file_reads_the_same_however_its_bytes_arrive(step in 1_usize..40) {
        struct Drops<'a>(&'a [u8], usize);
        impl std::io::Read for Drops<'_> {
            fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
                let most = self.1.min(into.len());
                std::io::Read::read(&mut self.0, &mut into[..most])
            }
        }
        for file in [SHOPIFY, SHOPIFY_2025, WOOCOMMERCE] {
            let mut items = Vec::new();
            let summary = super::super::read(Drops(file, step), Currency::EUR, None, &mut |item| {
                items.push(item);
                Ok::<(), FileError>(())
            })?;
            prop_assert_eq!((summary, items), read_on(file, None)?);
        }
    }
}
