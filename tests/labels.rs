//! Codes that say more than the item: labels of the shop's own scale, and GS1 codes with weight, price,
//! lot, serial number and best-before day.

use countertop_app::commands::{GetShop, PreviewReceipt, Scan, SetLineQuantity, SetShop};
use countertop_app::wire::{
    Added, InStoreSetting, Nothing, PayWith, SaleRequest, ScanRequest, SetQuantity,
};
use countertop_app::{AppError, Caller, perform};
use countertop_domain::barcode::check_digit;
use countertop_domain::quantity::Unit;

use crate::common::goods::{self, BREAD, WATER, good};
use crate::common::{Shop, code};

/// Ham at 24.90 a kilogram, with a GTIN of its own.
const HAM: &str = "4006381333931";

fn with_labels(patterns: &[&str]) -> Shop {
    let shop = Shop::open();
    let label = |pattern: &&str| InStoreSetting { pattern: (*pattern).to_owned(), decimals: None };
    let mut settings = goods::settings();
    settings.in_store = Some(patterns.iter().map(label).collect());
    shop.call::<SetShop>(settings).unwrap();
    let ham = good("Ham", Unit::Kilogram, "food", Some(2_490), None, &[(HAM, 1)]);
    goods::put_on_sale(&shop, vec![ham]);
    shop
}

/// The usual labels: weight, and price.
fn shop() -> Shop {
    with_labels(&["21IIIIIWWWWWC", "22IIIIIPPPPPC"])
}

/// A code and its check digit.
fn label(body: &str) -> String {
    format!("{body}{}", check_digit(body).unwrap())
}

fn added(shop: &Shop, code: &str) -> Result<Added, AppError> {
    let request = ScanRequest { basket_id: shop.basket().id, code: code.to_owned() };
    shop.call::<Scan>(request)
}

#[test]
fn a_weight_label_sells_that_much_at_the_shops_price() {
    let shop = shop();
    let basket = shop.scan(&label("210100401253"));
    // 1.253 kg of cheese at 19.50.
    assert_eq!((basket.lines[0].quantity, basket.total), (1_253, 2_443));
    // Another piece is another line.
    assert_eq!(shop.scan(&label("210100400500")).lines.len(), 2);
    shop.pay(PayWith::Cash, 5_000).unwrap();
    shop.books_agree();
}

#[test]
fn a_price_label_costs_what_it_says_and_weighs_what_that_comes_to() {
    let shop = shop();
    let basket = shop.scan(&label("220100400999"));
    assert_eq!(basket.total, 999);
    assert_eq!((basket.lines[0].quantity, basket.lines[0].unit_price), (512, 1_950));
    let sale = shop.pay(PayWith::Cash, 999).unwrap().sale.unwrap();
    assert_eq!(sale.total, 999);
    shop.books_agree();
}

#[test]
fn no_price_label_is_ever_a_cent_off() {
    let shop = with_labels(&["22IIIIIPPPPPC"]);
    let dear = good("Saffron", Unit::Kilogram, "food", Some(499_900), None, &[("77", 1)]);
    goods::put_on_sale(&shop, vec![dear]);
    for cents in (1..3_000).step_by(37) {
        // A gram of saffron is five euros: hardly any amount is a whole number of grams.
        let before = shop.basket().total;
        let basket = shop.scan(&label(&format!("2200077{cents:05}")));
        assert_eq!(basket.total - before, cents);
    }
    let due = shop.basket().due;
    shop.pay(PayWith::CardExternal, due).unwrap();
    shop.books_agree();
}

#[test]
fn a_price_label_on_a_piece_is_the_price_of_the_piece() {
    let shop = shop();
    let basket = shop.scan(&label("220100100300"));
    let line = &basket.lines[0];
    assert_eq!((line.name.as_str(), line.quantity, line.total), ("Bread", 1_000, 300));
    assert_eq!(line.list_price, Some(345));
    // At the usual price it is bread like any other.
    shop.scan(BREAD);
    assert_eq!(shop.scan(&label("220100100345")).lines[1].quantity, 2_000);
}

#[test]
fn a_weight_label_on_something_sold_by_the_piece_says_so_and_sells_nothing() {
    let shop = shop();
    let refused = shop.try_scan(&label("210100100500")).unwrap_err();
    assert!(refused.to_string().contains("not sold by weight"), "{refused}");
    assert!(shop.basket().lines.is_empty());
}

#[test]
fn a_label_whose_item_nobody_knows_names_the_code_to_give_it() {
    let shop = shop();
    let refused = shop.try_scan(&label("219999900500"));
    let Err(AppError::UnknownBarcode { code }) = refused else { panic!("{refused:?}") };
    assert_eq!(code, label("219999900000"));
    // That code on an item is all it takes.
    let item = good("Olives", Unit::Kilogram, "food", Some(1_000), None, &[(code.as_str(), 1)]);
    goods::put_on_sale(&shop, vec![item]);
    assert_eq!(shop.scan(&label("219999900500")).total, 500);
}

#[test]
fn a_label_that_was_misread_sells_nothing() {
    let shop = with_labels(&["20IIIIIVPPPPC"]);
    // 28.75 has the price check digit 9.
    assert!(shop.try_scan(&label("200100492875")).is_ok());
    let refused = shop.try_scan(&label("200100482875")).unwrap_err();
    assert!(refused.to_string().contains("check digit"), "{refused}");
    assert_eq!(code(shop.try_scan("2001004928750")), "bad_text");
    assert_eq!(shop.basket().lines.len(), 1);
}

#[test]
fn labels_are_read_as_the_shop_has_set_it_after_a_restart_too() {
    let shop = shop();
    for (patterns, word) in [
        (vec!["21IIIIIWWWWW"], "13"),
        (vec!["41IIIIIWWWWWC"], "begin with"),
        (vec!["21IIIIIWWWWWC", "21IIIIIPPPPPC"], "begin alike"),
    ] {
        let label = |p: &&str| InStoreSetting { pattern: (*p).to_owned(), decimals: None };
        let mut settings = goods::settings();
        settings.in_store = Some(patterns.iter().map(label).collect());
        let refused = shop.call::<SetShop>(settings).unwrap_err();
        assert!(refused.to_string().contains(word), "{refused}");
    }
    // Whoever does not know of labels leaves them alone.
    shop.call::<SetShop>(goods::settings()).unwrap();
    let shop = shop.reopen();
    let kept = shop.call::<GetShop>(Nothing {}).unwrap().in_store.unwrap();
    let kept: Vec<_> = kept.iter().map(|label| (label.pattern.as_str(), label.decimals)).collect();
    assert_eq!(kept, [("21IIIIIWWWWWC", Some(3)), ("22IIIIIPPPPPC", Some(2))]);
    assert_eq!(shop.scan(&label("210100401000")).total, 1_950);
}

#[test]
fn a_gs1_code_fills_weight_lot_serial_and_best_before() {
    let shop = shop();
    let gs1 = format!("]C1010{HAM}31030006421526123110L-77\u{1D}21S9");
    let added = added(&shop, &gs1).unwrap();
    let line = &added.basket.lines[0];
    // 0.642 kg at 24.90.
    assert_eq!((line.quantity, line.total), (642, 1_599));
    assert_eq!((line.lot.as_deref(), line.serial.as_deref()), (Some("L-77"), Some("S9")));
    assert_eq!((line.best_before.as_deref(), added.warning), (Some("2026-12-31"), None));
    let sale = shop.pay(PayWith::Cash, 2_000).unwrap().sale.unwrap();
    assert_eq!(sale.lines[0].lot.as_deref(), Some("L-77"));
    let label = &shop.sales()[0].lines[0].label;
    assert_eq!((label.lot.as_deref(), label.serial.as_deref()), (Some("L-77"), Some("S9")));
    let receipt = shop.call::<PreviewReceipt>(SaleRequest { sale_id: sale.id }).unwrap();
    for words in ["Lot L-77", "Serial no. S9", "Best before 2026-12-31"] {
        assert!(receipt.text.contains(words), "{}", receipt.text);
    }
    shop.books_agree();
    assert_eq!(shop.reopen().sales()[0].lines[0].label.lot.as_deref(), Some("L-77"));
}

#[test]
fn goods_of_two_lots_are_two_lines_and_plain_ones_a_third() {
    let shop = shop();
    let water = good("Milk", Unit::Piece, "food", Some(120), None, &[("96385074", 1)]);
    goods::put_on_sale(&shop, vec![water]);
    for lot in ["A", "B"] {
        shop.scan(&format!("010000009638507410{lot}"));
    }
    shop.scan("96385074");
    let lines = shop.scan("96385074").lines;
    assert_eq!(lines.len(), 3);
    assert_eq!((lines[2].quantity, lines[2].lot.as_deref()), (2_000, None));
}

#[test]
fn goods_past_their_day_are_sold_with_a_word_to_the_cashier() {
    let shop = shop();
    // Today is 2026-11-23: that is the last good day, the day before it was not.
    let good_until = |day: &str| added(&shop, &format!("010{HAM}310300010015{day}")).unwrap();
    assert_eq!(good_until("261123").warning, None);
    let warned = good_until("261122");
    assert!(warned.warning.unwrap().contains("2026-11-22"));
    assert_eq!(warned.basket.lines.len(), 2);
    shop.pay(PayWith::Cash, 10_000).unwrap();
}

#[test]
fn a_price_in_a_gs1_code_is_charged_to_the_cent() {
    let shop = shop();
    // 0.496 kg would be 12.35.
    let basket = shop.scan(&format!("010{HAM}310300049639221234"));
    assert_eq!((basket.lines[0].quantity, basket.total), (496, 1_234));
    assert_eq!(basket.lines[0].unit_price, 2_490);
    let dollars = shop.try_scan(&format!("010{HAM}310300049639328401234")).unwrap_err();
    assert!(dollars.to_string().contains("840"), "{dollars}");
    // Weighed again it costs what it weighs.
    let basket_id = basket.id;
    let set = SetQuantity { basket_id, line_id: basket.lines[0].id, quantity: 500 };
    assert_eq!(shop.call::<SetLineQuantity>(set).unwrap().total, 1_245);
}

#[test]
fn a_gs1_code_that_is_wrong_anywhere_sells_nothing_and_says_why() {
    let shop = shop();
    for (gs1, word) in [
        (format!("010{HAM}15261331"), "best-before date"),
        ("]C101040063813339323103000642".to_owned(), "check digit"),
        ("]C110LOT".to_owned(), "names no item"),
        (format!("010{HAM}3109000642"), "does not know"),
    ] {
        let refused = shop.try_scan(&gs1).unwrap_err();
        assert!(refused.to_string().contains(word), "{gs1}: {refused}");
    }
    assert_eq!(code(shop.try_scan("01095212345432133103000642")), "unknown_barcode");
    assert_eq!(code(shop.try_scan("40063\u{1B}81333931")), "bad_text");
    assert!(shop.basket().lines.is_empty());
}

#[test]
fn an_item_is_found_whichever_way_its_number_is_written() {
    let shop = shop();
    for scanned in [HAM.to_owned(), format!("0{HAM}"), format!("]E0{HAM}"), format!("(01)0{HAM}")] {
        let basket = shop.scan(&scanned);
        assert_eq!(basket.lines.last().unwrap().name, "Ham", "{scanned}");
    }
    // A count goes with pieces.
    let six = good("Can", Unit::Piece, "food", Some(100), None, &[("96385074", 1)]);
    goods::put_on_sale(&shop, vec![six]);
    let basket = shop.scan("0100000096385074306");
    assert_eq!(basket.lines.last().unwrap().quantity, 6_000);
    assert_eq!(shop.scan(WATER).lines.last().unwrap().name, "Water");
}

#[test]
fn a_cashier_needs_no_right_to_change_prices_for_what_a_label_says() {
    let shop = shop();
    let mut cashier: Caller = shop.caller.clone();
    cashier.actor.role = countertop_domain::staff::Role::Cashier;
    let request = ScanRequest { basket_id: shop.basket().id, code: label("220100400999") };
    let added = perform::<Scan>(shop.app(), &cashier, request).unwrap();
    assert_eq!(added.basket.total, 999);
}
