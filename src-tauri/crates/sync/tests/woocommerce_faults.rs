//! A sale, a refund and a count against a strict twin of WooCommerce, with every fault that passes at
//! every place: each is done once, and the figures are equal at the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use countertop_domain::ids::{LineId, VariantId};
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike, WooBooks};
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Connector, Done, Errand, Found, Goods, LineOut, LineSettings, RefundLineOut, RefundOut,
    SaleOut, Secret, StockOut, Task, Trouble, WooCommerce,
};
use uuid::Uuid;

const KEY: &str = "ck_1:cs_2";

struct Bench {
    shop: Shop<WooBooks>,
    connector: Arc<WooCommerce>,
    product: i64,
    runtime: tokio::runtime::Runtime,
}

fn bench() -> Bench {
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("A-1", 10);
    let shop = Shop::open(books).unwrap();
    let settings = LineSettings {
        url: shop.url(),
        allow_host: true,
        certificate: String::new(),
        names: Arc::new(SystemNames),
        patience: Some(Duration::from_secs(20)),
    };
    let secret = Secret::new(String::new());
    let connector = WooCommerce::new(&settings, &Secret::new(KEY), secret, 2).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Bench { shop, connector: Arc::new(connector), product, runtime }
}

fn goods(product: i64) -> Option<Goods> {
    let id = product.to_string();
    Some(Goods { external_id: id.clone(), product: id, ..Goods::default() })
}

fn errand(task: Task) -> Errand {
    let id = Uuid::from_u128(7).to_string();
    Errand { our_id: id.clone(), op_id: id, first_ms: None, task }
}

fn sale(product: i64) -> Errand {
    let line = LineOut {
        id: LineId::new(Uuid::from_u128(1)),
        variant: VariantId::new(Uuid::from_u128(2)),
        goods: goods(product),
        name: "Mug".to_owned(),
        sku: "A-1".to_owned(),
        quantity: 3_000,
        net: 300,
        total: 300,
        taxes: Vec::new(),
    };
    errand(Task::Sale(SaleOut {
        number: "T1-1".to_owned(),
        at_ms: 1_700_000_000_000,
        currency: "EUR".to_owned(),
        exponent: 2,
        lines: vec![line],
        net: 300,
        tax: 0,
        total: 300,
        paid: Vec::new(),
        customer: None,
        customer_external: String::new(),
    }))
}

fn refund(product: i64, order: &str) -> Errand {
    errand(Task::Refund(RefundOut {
        sale: Uuid::from_u128(7).to_string(),
        order_external: order.to_owned(),
        number: "T1-2".to_owned(),
        at_ms: 1_700_000_000_000,
        currency: "EUR".to_owned(),
        exponent: 2,
        lines: vec![RefundLineOut {
            line: LineId::new(Uuid::from_u128(1)),
            variant: VariantId::new(Uuid::from_u128(2)),
            goods: goods(product),
            quantity: 1_000,
            net: 100,
            total: 100,
            taxes: Vec::new(),
            restock: true,
        }],
        total: 100,
        reason: String::new(),
    }))
}

fn count(product: i64, figure: i64) -> Errand {
    let variant = VariantId::new(Uuid::from_u128(2));
    errand(Task::Stock(StockOut { variant, goods: goods(product), figure, expected: None }))
}

/// Does it as the queue does: what is in doubt is looked up before it is sent again, unless `blind`.
fn until_done(bench: &Bench, errand: &Errand, blind: bool) -> Done {
    let mut in_doubt = false;
    for _ in 0..20 {
        if in_doubt && !blind {
            match bench.runtime.block_on(bench.connector.look_up(errand)) {
                Ok(Found::Done(done)) => return done,
                Ok(Found::Missing) => {}
                Ok(Found::CannotTell) => panic!("WooCommerce can tell"),
                // The look-up failed: still in doubt.
                Err(_) => continue,
            }
        }
        match bench.runtime.block_on(bench.connector.send(errand)) {
            Ok(done) => return done,
            Err(Trouble::Refused(words)) => panic!("{words}"),
            Err(Trouble::Unknown { .. }) => in_doubt = true,
            Err(_) => {}
        }
    }
    panic!("never done");
}

/// Where faults strike: the request that does it, and the search after it.
fn places(method: &str, path: &str) -> Vec<Strike> {
    vec![Strike::first(method, path), Strike { after: 1, ..Strike::first("", path) }]
}

#[test]
fn whatever_fails_one_sale_becomes_one_order_and_takes_the_goods_once() {
    let mut scripts = 0;
    for kind in FaultKind::passing() {
        for second in [None, Some(FaultKind::DropBefore), Some(FaultKind::StatusBefore(503))] {
            for strike in places("POST", "/orders") {
                let bench = bench();
                bench.shop.strike(Fault { strike, kind: kind.clone() });
                if let Some(kind) = second.clone() {
                    bench.shop.strike(Fault { strike: Strike::first("GET", "/orders"), kind });
                }
                until_done(&bench, &sale(bench.product), false);
                let (orders, stock) = bench
                    .shop
                    .books(|b| (b.orders().len(), b.product(bench.product).unwrap().stock));
                assert_eq!((orders, stock), (1, 7), "{kind:?} then {second:?}");
                scripts += 1;
            }
        }
    }
    assert_eq!(scripts, 84);
}

#[test]
fn whatever_fails_one_refund_gives_the_goods_back_once() {
    for kind in FaultKind::passing() {
        for strike in places("POST", "/refunds") {
            let bench = bench();
            let order = until_done(&bench, &sale(bench.product), false).external_id;
            bench.shop.strike(Fault { strike, kind: kind.clone() });
            until_done(&bench, &refund(bench.product, &order), false);
            let (refunds, stock) =
                bench.shop.books(|b| (b.refunds().len(), b.product(bench.product).unwrap().stock));
            assert_eq!((refunds, stock), (1, 8), "{kind:?}");
        }
    }
}

#[test]
fn whatever_fails_a_count_ends_as_the_figure_that_was_counted() {
    for kind in FaultKind::passing() {
        let bench = bench();
        let strike = Strike::first("PUT", "/products");
        bench.shop.strike(Fault { strike, kind: kind.clone() });
        let done = until_done(&bench, &count(bench.product, 42_000), false);
        assert_eq!(done.stock[0].quantity, 42_000, "{kind:?}");
        assert_eq!(bench.shop.books(|b| b.product(bench.product).unwrap().stock), 42);
    }
}

/// The control: the twin is as careless as the real platform, so a retry without a look-up shows.
#[test]
fn a_retry_without_looking_up_first_makes_a_second_order() {
    let bench = bench();
    let strike = Strike::first("POST", "/orders");
    bench.shop.strike(Fault { strike, kind: FaultKind::DropAfter });
    until_done(&bench, &sale(bench.product), true);
    let books = bench.shop.books(|b| (b.orders().len(), b.product(bench.product).unwrap().stock));
    assert_eq!(books, (2, 4));
}

#[test]
fn a_shop_that_sends_us_into_a_private_network_or_drowns_us_is_not_followed() {
    let bench = bench();
    let elsewhere = Shop::open(WooBooks::new(KEY)).unwrap();
    for kind in [
        FaultKind::Redirect(format!("{}/wp-json/wc/v3/orders", elsewhere.url())),
        FaultKind::Redirect("http://169.254.169.254/".to_owned()),
        FaultKind::Huge(17 * 1024 * 1024),
    ] {
        bench.shop.strike(Fault { strike: Strike::first("POST", "/orders"), kind });
        let sent = bench.runtime.block_on(bench.connector.send(&sale(bench.product)));
        assert!(matches!(sent, Err(Trouble::Denied(_) | Trouble::Unknown { .. })), "{sent:?}");
    }
    assert!(elsewhere.calls().is_empty());
    assert_eq!(bench.shop.books(|b| b.orders().len()), 0);
}
