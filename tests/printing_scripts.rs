//! Receipts in the scripts of the world, and tickets for the kitchen.

use std::path::Path;

use countertop_app::commands::PayTender;
use countertop_app::wire::{PayRequest, PayWith};
use countertop_devices::{PaperItem, PrinterTwin};
use countertop_domain::quantity::Unit;
use serde_json::json;

use crate::common::Shop;
use crate::common::goods::{BREAD, good, put_on_sale};
use crate::printer_peer;
use crate::printing::queue_is_empty;

pub(crate) fn add_printer(shop: &Shop, name: &str, address: &str, options: &serde_json::Value) {
    let device = json!({ "name": name, "address": address, "options": options });
    shop.json("devices.add", device).unwrap();
}

fn sell(shop: &Shop, codes: &[&str]) {
    for code in codes {
        shop.scan(code);
    }
    let basket = shop.basket();
    let request = PayRequest { print: true, ..shop.request(basket.id, PayWith::Cash, basket.due) };
    shop.call::<PayTender>(request).unwrap().sale.expect("paid in full");
}

#[test]
fn receipts_in_every_script_come_out_of_an_independent_printer() {
    let Some(mut peer) = printer_peer::start() else { return };
    let shop = Shop::open();
    let names = [
        ("2001", "Crème brûlée à l'orange"),
        ("2002", "Żurek z jajkiem, łosoś"),
        ("2003", "Ελληνικός καφές σκέτος"),
        ("2004", "Борщ український"),
        ("2005", "شاي أخضر بالنعناع"),
        ("2006", "חומוס עם טחינה"),
        ("2007", "绿茶 乌龙茶 (大杯)"),
        ("2008", "抹茶ラテ アイス"),
        ("2009", "김치찌개 곱빼기"),
        ("2010", "ชาเขียวเย็น น้ำตาลน้อย"),
        ("2011", "मसाला चाय"),
        ("2012", "Green tea 🍵 large"),
    ];
    let drafts = names
        .iter()
        .map(|(code, name)| good(name, Unit::Piece, "food", Some(450), None, &[(code, 1)]));
    put_on_sale(&shop, drafts.collect());
    let address = format!("serial:{}", peer.pty().display());
    // Of a printer of any make it is not sure where it has Greek.
    add_printer(&shop, "Front", &address, &json!({ "model": "generic-80" }));
    let codes: Vec<&str> = names.iter().map(|(code, _)| *code).collect();
    sell(&shop, &codes);
    let receipt = peer.next_receipt();
    if let Some(folder) = std::env::var_os("COUNTERTOP_LOOK") {
        std::fs::write(Path::new(&folder).join("scripts.png"), &receipt.png).unwrap();
        std::fs::write(Path::new(&folder).join("scripts.txt"), &receipt.text).unwrap();
    }
    assert!(receipt.cut);
    // Code pages carry these as text; the others are pictures of their lines.
    for (_, name) in [names[0], names[1], names[3]] {
        assert!(receipt.text.contains(name), "{name} is missing:\n{}", receipt.text);
    }
    assert_eq!(receipt.text.matches("[image 576x30]").count(), names.len() - 3);
    assert!(!receipt.text.contains(['?', '\u{fffd}']), "{}", receipt.text);
    assert!(receipt.codes().contains("T1-1"));
    queue_is_empty(&shop);
}

/// The lines of a twin's paper.
pub(crate) fn lines(twin: &PrinterTwin) -> Vec<String> {
    let text = |item| match item {
        PaperItem::Line { spans, .. } => Some(spans.into_iter().map(|span| span.text).collect()),
        _ => None,
    };
    twin.paper().into_iter().filter_map(text).collect()
}

#[test]
fn kitchen_and_bar_get_what_is_theirs_without_prices_and_the_customer_gets_the_receipt() {
    let shop = Shop::open();
    let of = |name: &str, category: &str, code: &str| {
        let mut draft = good(name, Unit::Piece, "food", Some(450), None, &[(code, 1)]);
        draft.category = Some(category.to_owned());
        draft
    };
    put_on_sale(&shop, vec![of("Soup", "Food > Warm", "2001"), of("Lemonade", "Drinks", "2002")]);
    let twins = ["front", "kitchen", "bar"]
        .map(|name| PrinterTwin::plug(&format!("tickets-{name}")).unwrap());
    let orders = |categories: &str| json!({ "prints": "orders", "categories": categories });
    add_printer(&shop, "Kitchen", "twin:tickets-kitchen", &orders("Food"));
    add_printer(&shop, "Bar", "twin:tickets-bar", &orders("Drinks, Wine"));
    add_printer(&shop, "Front", "twin:tickets-front", &json!({}));
    sell(&shop, &["2001", "2001", "2002", BREAD]);
    queue_is_empty(&shop);
    let [front, kitchen, bar] = twins.each_ref().map(|twin| lines(twin).join("\n"));
    for part in ["Soup", "Lemonade", "Bread", "4.50"] {
        assert!(front.contains(part), "{front}");
    }
    assert!(kitchen.contains("2 x Soup") && kitchen.contains("T1-1"), "{kitchen}");
    assert!(!kitchen.contains("Lemonade") && !kitchen.contains("4.50"), "{kitchen}");
    assert!(bar.contains("1 x Lemonade") && !bar.contains("Soup"), "{bar}");
    let [front, kitchen, bar] = twins.each_ref().map(PrinterTwin::drawer_is_open);
    assert_eq!((front, kitchen, bar), (true, false, false));

    // Nothing of theirs was sold.
    twins.iter().for_each(PrinterTwin::tear_off);
    sell(&shop, &[BREAD]);
    queue_is_empty(&shop);
    let [front, kitchen, bar] = twins.each_ref().map(|twin| lines(twin).len());
    assert!(front > 0 && kitchen == 0 && bar == 0);
    shop.books_agree();
}

/// Sixteen by four points: the left half black.
const LOGO: &str = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAECAAAAACi3+AwAAAAEUlEQVR4nGNggIL/UMBAugAAvLEf4SL/VpsAAAAASUVORK5CYII=";

#[test]
fn the_logo_stands_above_the_shop_s_name_until_it_is_taken_off() {
    let shop = Shop::open();
    let twin = PrinterTwin::plug("logo-front").unwrap();
    add_printer(&shop, "Front", "twin:logo-front", &json!({}));
    let refused = shop.json("shop.set_logo", json!({ "png": "R0lGODlh" })).unwrap_err();
    assert_eq!(refused.code, "bad_text");
    shop.json("shop.set_logo", json!({ "png": LOGO })).unwrap();
    sell(&shop, &[BREAD]);
    queue_is_empty(&shop);
    let paper = twin.paper();
    let logo = paper.iter().position(|item| match item {
        PaperItem::Image(image) => image.rows == [0xff, 0].repeat(4),
        _ => false,
    });
    let name = paper.iter().position(|item| match item {
        PaperItem::Line { spans, .. } => spans.iter().any(|span| span.text.contains("Corner")),
        _ => false,
    });
    assert!(logo.is_some() && logo < name, "{paper:?}");

    shop.json("shop.set_logo", json!({ "png": null })).unwrap();
    twin.tear_off();
    sell(&shop, &[BREAD]);
    queue_is_empty(&shop);
    assert!(!twin.paper().iter().any(|item| matches!(item, PaperItem::Image(_))));
}
