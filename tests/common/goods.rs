//! What the shop of the tests sells, and how it is taxed.

use countertop_app::catalog_file::{ItemDraft, VariantDraft};
use countertop_app::commands::{SearchCatalog, SetShop};
use countertop_app::import_drafts;
use countertop_app::wire::{Search, ShopSettings, TaxSetting};
use countertop_domain::ids::VariantId;
use countertop_domain::item::Barcode;
use countertop_domain::money::{Currency, Money};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;

use super::Shop;

/// 3.45, 7 % inside, 100 on the shelf.
pub(crate) const BREAD: &str = "1001";
/// 11.99, 19 % inside, 24 on the shelf.
pub(crate) const WINE: &str = "1002";
/// A bottle of water: 0.79, 19 % inside, 60 on the shelf.
pub(crate) const WATER: &str = "1003";
/// Six bottles of the same water.
pub(crate) const SIX_WATERS: &str = "1006";
/// 19.50 a kilogram, 7 % inside; a scan is one kilogram.
pub(crate) const CHEESE: &str = "1004";
/// Costs nothing.
pub(crate) const SAMPLE: &str = "1005";
/// 25.00, 8.25 % and 1.5 % on top.
pub(crate) const TOOL: &str = "1008";
/// The name of an item whose price is asked at the till; it has no code.
pub(crate) const REPAIR: &str = "Repair";

/// A good with one variant.
pub(crate) fn good(
    name: &str,
    unit: Unit,
    class: &str,
    price: Option<i64>,
    stock: Option<i32>,
    codes: &[(&str, i32)],
) -> ItemDraft {
    ItemDraft {
        source_key: name.to_lowercase(),
        name: name.to_owned(),
        category: Some("All".to_owned()),
        tax_class: TaxClass::new(class),
        unit,
        images: Vec::new(),
        favourite: false,
        line: 1,
        variants: vec![VariantDraft {
            source_key: "only".to_owned(),
            options: Vec::new(),
            sku: None,
            barcodes: codes
                .iter()
                .map(|(code, count)| Barcode {
                    code: (*code).to_owned(),
                    quantity: Quantity::pieces(*count),
                })
                .collect(),
            price: price.map(|minor| Money::new(minor, Currency::EUR).unwrap()),
            compare_at: None,
            stock: stock.map(Quantity::pieces),
            line: 1,
        }],
    }
}

fn all() -> Vec<ItemDraft> {
    vec![
        good("Bread", Unit::Piece, "food", Some(345), Some(100), &[(BREAD, 1)]),
        good("Wine", Unit::Piece, "standard", Some(1_199), Some(24), &[(WINE, 1)]),
        good("Water", Unit::Piece, "standard", Some(79), Some(60), &[(WATER, 1), (SIX_WATERS, 6)]),
        good("Cheese", Unit::Kilogram, "food", Some(1_950), None, &[(CHEESE, 1)]),
        good("Sample", Unit::Piece, "standard", Some(0), None, &[(SAMPLE, 1)]),
        good("Tool", Unit::Piece, "abroad", Some(2_500), None, &[(TOOL, 1)]),
        good(REPAIR, Unit::Piece, "standard", None, None, &[]),
    ]
}

/// Sets the shop up.
pub(crate) fn furnish(shop: &Shop) {
    shop.call::<SetShop>(settings()).unwrap();
    import_drafts(shop.app(), &shop.caller, "test", all()).unwrap();
}

/// The shop's name and taxes.
pub(crate) fn settings() -> ShopSettings {
    let tax = |class: &str, name: &str, rate: &str, inclusive| TaxSetting {
        class: class.to_owned(),
        name: name.to_owned(),
        rate: rate.to_owned(),
        inclusive,
        amount: None,
        affects_base: false,
        ignores_others: false,
    };
    ShopSettings {
        name: "Corner".to_owned(),
        address: Vec::new(),
        tax_number: None,
        footer: Vec::new(),
        taxes: vec![
            tax("standard", "VAT", "19", true),
            tax("food", "VAT", "7", true),
            tax("abroad", "State", "8.25", false),
            tax("abroad", "City", "1.5", false),
        ],
        positions: Vec::new(),
        tax_rounding: None,
        money: None,
        print_z: false,
        fee_class: None,
        in_store: None,
    }
}

/// Puts goods on sale, or brings them up to date.
pub(crate) fn put_on_sale(shop: &Shop, drafts: Vec<ItemDraft>) {
    import_drafts(shop.app(), &shop.caller, "test", drafts).unwrap();
}

/// A variant by its item's name.
pub(crate) fn variant(shop: &Shop, name: &str) -> VariantId {
    let found = shop.call::<SearchCatalog>(Search { text: name.to_owned() }).unwrap();
    found.tiles.first().and_then(|tile| tile.variant_id).expect("on sale")
}
