//! Catalogue files: what comes in, what a second reading changes, what a broken file does.

use std::fs;
use std::path::{Path, PathBuf};

use countertop_app::wire::{BasketView, PayWith};
use countertop_app::{AppError, Imported, import_catalogue};
use countertop_domain::ids::VariantId;
use countertop_domain::quantity::Quantity;
use serde_json::Value;

use crate::common::{Shop, code, daemon, goods};

const HEADINGS: &str = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Barcode,Status\n";

/// A file of Shopify's kind: a mug in two colours, and soap.
fn mugs(blue_price: &str, red_code: &str) -> String {
    format!(
        "{HEADINGS}mug,Mug,Colour,Red,MUG-R,shopify,7,8.50,{red_code},active\n\
         mug,,Colour,Blue,MUG-B,shopify,3,{blue_price},2000000000022,active\n\
         soap,Soap,Title,Default Title,SOAP,,,4.20,2000000000039,active\n"
    )
}

const RED: &str = "2000000000015";
const BLUE: &str = "2000000000022";
const SOAP: &str = "2000000000039";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn import(shop: &Shop, path: &Path) -> Result<Imported, AppError> {
    import_catalogue(shop.app(), &shop.caller, path)
}

fn fixture(name: &str) -> PathBuf {
    Path::new("tests/fixtures/catalog").join(name)
}

fn size(shop: &Shop) -> (u64, u64) {
    shop.app().store().read(|snapshot| snapshot.catalog_size()).unwrap()
}

fn entries(shop: &Shop) -> usize {
    let mut count = 0;
    shop.app()
        .store()
        .read(|snapshot| {
            snapshot.for_each_entry(|_| {
                count += 1;
                Ok(())
            })
        })
        .unwrap();
    count
}

/// The variant that a code stands for.
fn variant_of(shop: &Shop, code: &str) -> Option<VariantId> {
    let found = shop.app().store().read(|snapshot| snapshot.by_code(code)).unwrap();
    found.map(|(sellable, _)| sellable.variant)
}

fn stock(shop: &Shop, code: &str) -> Quantity {
    let variant = variant_of(shop, code).unwrap();
    shop.app().store().read(|snapshot| snapshot.stock_of(variant)).unwrap()
}

fn scanned(shop: &Shop, code: &str) -> BasketView {
    shop.try_scan(code).unwrap()
}

#[test]
fn a_file_says_what_it_brought_and_can_be_sold_at_once() {
    let (shop, files) = (Shop::open(), Files::new());
    let before = size(&shop);
    let imported = import(&shop, &files.write("mugs.csv", &mugs("8.50", RED))).unwrap();
    assert_eq!(imported.format, "shopify");
    assert_eq!((imported.items, imported.variants, imported.rows), (2, 3, 3));
    assert!(imported.skipped.is_empty() && imported.warnings.is_empty(), "{imported:?}");
    assert_eq!(size(&shop), (before.0 + 2, before.1 + 3));
    assert_eq!((stock(&shop, RED), stock(&shop, BLUE)), (Quantity::pieces(7), Quantity::pieces(3)));
    assert_eq!(scanned(&shop, BLUE).lines[0].name, "Mug, Blue");
    let sale = shop.pay(PayWith::Cash, 1_000).unwrap().sale.expect("paid in full");
    assert_eq!((sale.total, sale.change), (850, 150));
    assert_eq!(stock(&shop, BLUE), Quantity::pieces(2));
    shop.books_agree();
}

#[test]
fn the_same_file_again_changes_nothing() {
    let (shop, files) = (Shop::open(), Files::new());
    let path = files.write("mugs.csv", &mugs("8.50", RED));
    import(&shop, &path).unwrap();
    scanned(&shop, RED);
    shop.pay(PayWith::Cash, 850).unwrap();
    let before = (size(&shop), entries(&shop), variant_of(&shop, RED), stock(&shop, RED));
    let again = import(&shop, &path).unwrap();
    assert_eq!((again.items, again.variants, again.unchanged), (0, 0, 2));
    let after = (size(&shop), entries(&shop), variant_of(&shop, RED), stock(&shop, RED));
    assert_eq!(after, before);
    shop.books_agree();
}

#[test]
fn a_changed_price_comes_in_and_every_id_and_count_stays() {
    let (shop, files) = (Shop::open(), Files::new());
    import(&shop, &files.write("mugs.csv", &mugs("8.50", RED))).unwrap();
    let (red, blue) = (variant_of(&shop, RED), variant_of(&shop, BLUE));
    scanned(&shop, BLUE);
    shop.pay(PayWith::Cash, 850).unwrap();
    let changed = import(&shop, &files.write("later.csv", &mugs("9.00", RED))).unwrap();
    assert_eq!((changed.items, changed.variants, changed.unchanged), (1, 2, 1));
    assert_eq!((variant_of(&shop, RED), variant_of(&shop, BLUE)), (red, blue));
    // The file still says three, but one was sold: a file does not overwrite a count.
    assert_eq!(stock(&shop, BLUE), Quantity::pieces(2));
    assert_eq!(scanned(&shop, BLUE).total, 900);
    shop.books_agree();
}

#[test]
fn a_variant_that_the_file_no_longer_has_is_not_sold_but_stays_in_old_sales() {
    let (shop, files) = (Shop::open(), Files::new());
    import(&shop, &files.write("mugs.csv", &mugs("8.50", RED))).unwrap();
    scanned(&shop, BLUE);
    let sale = shop.pay(PayWith::Cash, 850).unwrap().sale.expect("paid in full");
    let without: String = mugs("8.50", RED)
        .lines()
        .filter(|line| !line.contains("Blue"))
        .fold(String::new(), |text, line| text + line + "\n");
    import(&shop, &files.write("later.csv", &without)).unwrap();
    assert_eq!(code(shop.try_scan(BLUE)), "unknown_barcode");
    let request = countertop_app::wire::SaleRequest { sale_id: sale.id };
    let kept = shop.call::<countertop_app::commands::GetOrder>(request).unwrap();
    assert_eq!(kept.lines[0].name, "Mug, Blue");
    // Back in the file, it is the same variant again, with the stock that was left.
    import(&shop, &files.write("back.csv", &mugs("8.50", RED))).unwrap();
    assert_eq!(variant_of(&shop, BLUE), Some(kept.lines[0].variant_id));
    assert_eq!(stock(&shop, BLUE), Quantity::pieces(2));
    shop.books_agree();
}

#[test]
fn a_broken_file_changes_nothing_and_names_line_and_column() {
    let (shop, files) = (Shop::open(), Files::new());
    let good = mugs("8.50", RED);
    for (name, text, said) in [
        ("price", good.replace("4.20", "4.2O"), "line 4, column 8 (Variant Price)"),
        ("negative", good.replace("4.20", "-4.20"), "line 4, column 8 (Variant Price)"),
        ("huge", good.replace("4.20", &"9".repeat(40)), "line 4, column 8 (Variant Price)"),
        ("stock", good.replace(",3,", ",three,"), "line 3, column 7 (Variant Inventory Qty)"),
        ("twice", good.replace(SOAP, BLUE), "line 4, column 9 (Variant Barcode)"),
        ("short", good.replace(",2000000000039,active", ""), "line 4"),
        ("quote", good.replace("Soap", "\"Soap"), "line 4"),
    ] {
        let before = (size(&shop), entries(&shop));
        let error = import(&shop, &files.write("broken.csv", &text)).unwrap_err();
        assert_eq!(error.code(), "bad_file", "{name}");
        assert!(error.to_string().contains(said), "{name}: {error}");
        assert_eq!((size(&shop), entries(&shop)), before, "{name}");
        assert_eq!(variant_of(&shop, RED), None, "{name}");
    }
    let mut bytes = good.into_bytes();
    bytes.extend(b"tea,T\xFFea,,,,,,1.00,,active\n");
    let path = files.0.path().join("latin.csv");
    fs::write(&path, bytes).unwrap();
    let error = import(&shop, &path).unwrap_err();
    assert!(error.to_string().starts_with("line 5"), "{error}");
    shop.books_agree();
}

#[test]
fn a_file_of_another_kind_is_refused_and_says_what_would_be_taken() {
    let (shop, files) = (Shop::open(), Files::new());
    let before = (size(&shop), entries(&shop));
    for text in ["", "Name;Price\nMug;8.50\n", "Date,Amount\n2026-11-23,5\n", "\0\0\0\0", "{}"] {
        let error = import(&shop, &files.write("other.csv", text)).unwrap_err();
        assert_eq!(error.code(), "bad_file", "{text:?}");
    }
    let error = import(&shop, &files.write("other.csv", "Date,Amount\n1,2\n")).unwrap_err();
    assert!(error.to_string().contains("Shopify") && error.to_string().contains("WooCommerce"));
    assert_eq!(code(import(&shop, &files.0.path().join("nowhere.csv"))), "bad_file");
    assert_eq!(code(import(&shop, files.0.path())), "bad_file");
    assert_eq!((size(&shop), entries(&shop)), before);
}

#[test]
fn a_barcode_of_another_item_stays_there_and_is_reported() {
    let (shop, files) = (Shop::open(), Files::new());
    let bread = variant_of(&shop, goods::BREAD);
    let path = files.write("mugs.csv", &mugs("8.50", goods::BREAD));
    let imported = import(&shop, &path).unwrap();
    assert_eq!(imported.items, 2);
    assert_eq!(imported.skipped.len(), 1, "{imported:?}");
    assert_eq!(imported.skipped[0].line, 2);
    assert!(imported.skipped[0].reason.contains(goods::BREAD), "{imported:?}");
    assert_eq!(variant_of(&shop, goods::BREAD), bread);
}

#[test]
fn codes_that_two_items_of_a_file_exchange_are_both_found_afterwards() {
    let (shop, files) = (Shop::open(), Files::new());
    import(&shop, &files.write("mugs.csv", &mugs("8.50", RED))).unwrap();
    let (red, soap) = (variant_of(&shop, RED), variant_of(&shop, SOAP));
    let exchanged = mugs("8.50", "here").replace(SOAP, RED).replace("here", SOAP);
    let path = files.write("later.csv", &exchanged);
    let imported = import(&shop, &path).unwrap();
    assert!(imported.skipped.is_empty(), "{imported:?}");
    assert_eq!((variant_of(&shop, SOAP), variant_of(&shop, RED)), (red, soap));
    assert_eq!(import(&shop, &path).unwrap().items, 0);
}

#[test]
fn goods_without_a_tax_in_the_shops_table_are_pointed_out() {
    let (shop, files) = (Shop::open(), Files::new());
    let imported = import(&shop, &fixture("woocommerce.csv")).unwrap();
    assert!(
        imported.warnings.iter().any(|warning| warning.contains("reduced-rate")),
        "{imported:?}"
    );
    drop(files);
}

#[test]
fn the_formats_of_the_fixtures_come_in_and_come_in_once() {
    for (name, format) in [
        ("shopify.csv", "shopify"),
        ("shopify-2025.csv", "shopify"),
        ("woocommerce.csv", "woocommerce"),
    ] {
        let shop = Shop::open();
        let imported = import(&shop, &fixture(name)).unwrap();
        assert_eq!(imported.format, format, "{name}");
        assert!(imported.items > 0 && imported.variants >= imported.items, "{imported:?}");
        let before = (size(&shop), entries(&shop));
        let again = import(&shop, &fixture(name)).unwrap();
        assert_eq!((again.items, again.unchanged), (0, imported.items), "{name}");
        assert_eq!((size(&shop), entries(&shop)), before, "{name}");
        shop.books_agree();
    }
}

#[test]
fn the_shops_files_of_the_shared_folder_come_in_and_come_in_once() {
    let data = Path::new("../shared/data");
    if !data.is_dir() {
        eprintln!("left out: {} is not there", data.display());
        return;
    }
    for (name, items, variants) in [
        ("shopify-apparel.csv", None, None),
        ("shopify-home-and-garden.csv", None, None),
        ("shopify-jewelery.csv", None, None),
        ("woocommerce-products.csv", None::<u64>, None::<u64>),
    ] {
        let shop = Shop::open();
        let imported = import(&shop, &data.join(name)).unwrap();
        println!("{name}: {} items, {} variants", imported.items, imported.variants);
        assert!(items.is_none_or(|items| items == imported.items));
        assert!(variants.is_none_or(|variants| variants == imported.variants));
        let again = import(&shop, &data.join(name)).unwrap();
        assert_eq!((again.items, again.unchanged), (0, imported.items), "{name}");
        shop.books_agree();
    }
}

#[test]
fn importing_answers_on_the_command_line() {
    let files = Files::new();
    let folder = files.0.path().join("data");
    let path = files.write("mugs.csv", &mugs("8.50", RED));
    let output = daemon::run(&folder, &["import", path.to_str().unwrap(), "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["items"], &answer["variants"]), (&2.into(), &3.into()));
    let broken = files.write("broken.csv", &mugs("8.5O", RED));
    let output = daemon::run(&folder, &["import", broken.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let complaint = daemon::complaint(&output);
    assert!(complaint.contains("line 3, column 8 (Variant Price)"), "{complaint}");
}
