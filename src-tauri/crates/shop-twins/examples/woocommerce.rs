//! A WooCommerce twin on a port of this machine, for trying the register by hand and for tests of the page.
//!
//! `cargo run -p countertop-shop-twins --example woocommerce [-- PRODUCTS [PORT]]` opens a shop with so
//! many products (two, if it is not said) and the key `ck_demo:cs_demo`, and says where it is. Each line
//! of standard input is something that happens in the shop, and is answered with one line:
//!
//! | line | what happens | answer |
//! |---|---|---|
//! | `ship SKU [PIECES]` | somebody orders and pays, to be sent | `order ID` |
//! | `collect SKU [PIECES]` | somebody orders and pays, to fetch it | `order ID` |
//! | `pay-here SKU [PIECES]` | somebody orders, to fetch it and pay then | `order ID` |
//! | `cancel ID` | the shop's owner cancels an order | `done` |
//! | `add SKU PIECES [BARCODE]` | a new product, three euros each | `product ID` |
//! | `stock SKU` | | `stock PIECES` |
//! | `set SKU PIECES` | somebody changes the figure in the shop | `done` |
//! | `ours` | | `ours COUNT`: orders that the register made |
//! | `refunds` | | `refunds COUNT` |
//! | `status ID` | | `status processing` and so on |
//! | `shut`, `open` | the shop is out of reach, and is there again | `done` |
//! | `expire`, `renew` | its key is no good, and is good again | `done` |
//! | `slow MS` | every answer takes so long | `done` |
//!
//! It ends with its standard input.
#![allow(missing_docs)]

use std::io::{BufRead, Write};

use countertop_shop_twins::{Platform, Shop, WooBooks};

const KEY: &str = "ck_demo:cs_demo";

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let products: i64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(2);
    let port: u16 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut books = WooBooks::new(KEY);
    for nth in 1..=products {
        let id = books.add_product(&format!("CUP-{nth}"), 10 + nth % 7);
        books.label(id, &format!("20{nth:010}"), "3.00", now_ms());
    }
    let shop = Shop::open_at(&format!("127.0.0.1:{port}"), books)?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", shop.url())?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = happen(&shop, &words).unwrap_or_else(|| format!("not understood: {line}"));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Something happens in the shop; none if the line says nothing that can.
fn happen(shop: &Shop<WooBooks>, words: &[&str]) -> Option<String> {
    let number = |nth: usize, usual: i64| {
        words.get(nth).map_or(Some(usual), |text| text.parse::<i64>().ok())
    };
    let done = || Some("done".to_owned());
    let of = |sku: &str| shop.books(|books| books.id_of(sku));
    match *words {
        [how @ ("ship" | "collect" | "pay-here"), sku, ..] => {
            let (product, pieces) = (of(sku)?, number(2, 1)?);
            let order = shop.books(|books| match how {
                "ship" => books.order_online(product, pieces, now_ms()),
                how => books.order_to_collect(product, pieces, how == "collect", now_ms()),
            });
            Some(format!("order {order}"))
        }
        ["cancel", id] => {
            let id = id.parse().ok()?;
            shop.books(|books| books.cancel(id, now_ms())).then(|| "done".to_owned())
        }
        ["add", sku, pieces, ..] => {
            let pieces = pieces.parse().ok()?;
            let barcode = words.get(3).copied().unwrap_or_default();
            let id = shop.books(|books| {
                let id = books.add_product(sku, pieces);
                books.label(id, barcode, "3.00", now_ms());
                id
            });
            Some(format!("product {id}"))
        }
        ["stock", sku] => {
            let id = of(sku)?;
            let stock = shop.books(|books| books.product(id).map(|one| one.stock))?;
            Some(format!("stock {stock}"))
        }
        ["set", sku, pieces] => {
            let (id, pieces) = (of(sku)?, pieces.parse().ok()?);
            shop.books(|books| books.set_stock(id, pieces, now_ms()));
            done()
        }
        ["ours"] => {
            let ours = |order: &serde_json::Value| order["created_via"] == "countertop";
            let count = shop.books(|books| books.orders().iter().filter(|one| ours(one)).count());
            Some(format!("ours {count}"))
        }
        ["refunds"] => Some(format!("refunds {}", shop.books(|books| books.refunds().len()))),
        ["status", id] => {
            let id: i64 = id.parse().ok()?;
            let orders = shop.books(|books| books.orders());
            let order = orders.iter().find(|order| order["id"] == id)?;
            Some(format!("status {}", order["status"].as_str()?))
        }
        [door @ ("shut" | "open")] => {
            shop.shut(door == "shut");
            done()
        }
        [key @ ("expire" | "renew")] => {
            shop.books(|books| books.expire(key == "expire"));
            done()
        }
        ["slow", ms] => {
            shop.set_delay_ms(ms.parse().ok()?);
            done()
        }
        _ => None,
    }
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
