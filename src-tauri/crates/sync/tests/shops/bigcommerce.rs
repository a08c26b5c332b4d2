//! A shop on BigCommerce, opened.

use std::sync::Arc;

use countertop_shop_twins::Shop;
use countertop_shop_twins::bigcommerce::{BigCommerce, CLIENT_SECRET, TOKEN};
use countertop_sync::channel::{Connector, Goods};

use super::connector;

/// When everything in its books happens.
pub(crate) const NOW: i64 = 1_795_435_200_000;

pub(crate) fn open() -> (Shop<BigCommerce>, Arc<dyn Connector>) {
    let shop = Shop::open(BigCommerce::with_quota(1_000_000)).unwrap();
    let connector = connect(&shop, &[]);
    (shop, connector)
}

pub(crate) fn connect(shop: &Shop<BigCommerce>, options: &[(&str, &str)]) -> Arc<dyn Connector> {
    let mut all = vec![("allowance", "1000000")];
    all.extend(options);
    let url = format!("{}{}/v3/", shop.url(), BigCommerce::PATH);
    connector("bigcommerce", &url, &[("token", TOKEN), ("secret", CLIENT_SECRET)], &all).unwrap()
}

pub(crate) fn goods(product: i64, variant: i64) -> Goods {
    Goods {
        external_id: variant.to_string(),
        product: format!("p{product}"),
        stock_ref: String::new(),
        sku: "MUG".to_owned(),
    }
}

pub(crate) fn mug(shop: &Shop<BigCommerce>) -> (i64, i64) {
    shop.books(|b| b.add_simple("Mug", "MUG", 1_250, 10, NOW))
}
