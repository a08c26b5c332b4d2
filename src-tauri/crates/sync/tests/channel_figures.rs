//! The engine against the twins of BigCommerce and Magento: whatever fails, the figures are equal at the
//! end, and what a platform does not count by itself is set.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shops;

use std::sync::Arc;

use countertop_shop_twins::bigcommerce::{self, BigCommerce};
use countertop_shop_twins::magento::{self, Magento};
use countertop_shop_twins::{Fault, FaultKind, Shop, Strike};
use countertop_store::OpState;
use countertop_sync::channel::{Connector, Goods, Task};
use shops::bench::{Bench, MUG};
use shops::{SALE, connector, line, sale};

fn at_bigcommerce(there: i64) -> (Shop<BigCommerce>, i64, Bench) {
    let shop = Shop::open(BigCommerce::with_quota(1_000_000)).unwrap();
    let (_, variant) = shop.books(|b| b.add_simple("Mug", "A-1", 1_250, there, 0));
    let url = format!("{}{}", shop.url(), BigCommerce::PATH);
    let make = move || -> Arc<dyn Connector> {
        let secrets = [("token", bigcommerce::TOKEN)];
        connector("bigcommerce", &url, &secrets, &[("allowance", "1000000")]).unwrap()
    };
    (shop, variant, Bench::new("bigcommerce", Box::new(make)))
}

fn at_magento(there: i64) -> (Shop<Magento>, Bench) {
    let shop = Shop::open(Magento::default()).unwrap();
    shop.books(|b| {
        b.bearer_allowed = true;
        b.add_simple("Mug", "A-1", 1_250, there, 0)
    });
    let url = shop.url();
    let make = move || -> Arc<dyn Connector> {
        let secrets = [("token", magento::TOKEN)];
        connector("magento", &url, &secrets, &[("rate", "10000")]).unwrap()
    };
    (shop, Bench::new("magento", Box::new(make)))
}

#[test]
fn whatever_fails_the_figures_at_bigcommerce_are_equal_at_the_end() {
    let places = [
        ("GET", "catalog/products"),
        ("GET", "/items"),
        ("GET", "/orders"),
        ("PUT", "adjustments/absolute"),
        ("POST", "adjustments/relative"),
    ];
    for kind in FaultKind::passing() {
        for (method, path) in places {
            let (shop, variant, bench) = at_bigcommerce(3);
            bench.in_step();
            assert_eq!(shop.books(|b| b.stock_of(variant)), 0, "the till's figure counts");
            shop.strike(Fault { strike: Strike::first(method, path), kind: kind.clone() });
            bench.receive(10);
            bench.receive(5);
            bench.in_step();
            assert_eq!(shop.books(|b| b.stock_of(variant)), 15, "{kind:?} at {path}");
            assert_eq!(bench.ops(OpState::Dead), [] as [&str; 0], "{kind:?} at {path}");
        }
    }
}

#[test]
fn whatever_fails_the_figures_at_magento_are_equal_at_the_end() {
    let places = [
        ("GET", "V1/products"),
        ("GET", "source-items"),
        ("GET", "V1/orders"),
        ("POST", "source-items"),
    ];
    for kind in FaultKind::passing() {
        for (method, path) in places {
            let (shop, bench) = at_magento(3);
            shop.strike(Fault { strike: Strike::first(method, path), kind: kind.clone() });
            bench.receive(10);
            bench.in_step();
            assert_eq!(shop.books(|b| b.on_shelf("A-1")), 10_000, "{kind:?} at {path}");
            assert_eq!(bench.ops(OpState::Dead), [] as [&str; 0], "{kind:?} at {path}");
        }
    }
}

#[test]
fn a_sale_at_magento_is_followed_by_the_figure_that_its_order_does_not_move() {
    let (shop, bench) = at_magento(10);
    bench.receive(10);
    bench.in_step();
    shop.forget_calls();
    let goods = Goods { external_id: "A-1".to_owned(), ..Goods::default() };
    let sold = line(MUG, Some(goods), "Mug", 2_000, 2_500);
    bench.queue(SALE, &Task::Sale(sale(vec![sold])));
    bench.in_step();
    assert_eq!(shop.books(|b| b.orders().len()), 1);
    let set = |path: &str| {
        shop.calls().iter().filter(|c| c.method == "POST" && c.path.ends_with(path)).count()
    };
    assert_eq!((set("/orders"), set("/source-items")), (1, 1));
    assert_eq!(
        shop.books(|b| b.on_shelf("A-1")),
        10_000,
        "what the ledger says, not what the shop has"
    );
}

#[test]
fn a_sale_at_bigcommerce_takes_its_goods_there_and_sets_no_figure() {
    for kind in FaultKind::passing() {
        let (shop, variant, bench) = at_bigcommerce(10);
        bench.receive(10);
        bench.in_step();
        shop.strike(Fault { strike: Strike::first("POST", "v2/orders"), kind: kind.clone() });
        shop.forget_calls();
        let goods = Goods { external_id: variant.to_string(), ..Goods::default() };
        let sold = line(MUG, Some(goods), "Mug", 2_000, 2_500);
        // The ledger moves with the sale: what came in the other way stands for it here.
        bench.waste(2);
        bench.queue(SALE, &Task::Sale(sale(vec![sold])));
        bench.in_step();
        assert_eq!(shop.books(|b| b.orders().len()), 1, "{kind:?}");
        assert_eq!(shop.books(|b| b.stock_of(variant)), 8, "{kind:?}");
        assert_eq!(bench.ops(OpState::Dead), [] as [&str; 0], "{kind:?}");
    }
}
