//! The days of `web_shops`, in shops on other platforms.

use countertop_shop_twins::bigcommerce::BigCommerce;
use countertop_shop_twins::magento::Magento;
use countertop_shop_twins::shopify::ShopifyBooks;
use countertop_shop_twins::{WooBooks, bigcommerce, magento};
use serde_json::json;

use crate::web_shops::{Example, Pairs};
use crate::web_shops_days::{blind, every_fault, quiet_days};

impl Example for ShopifyBooks {
    const KIND: &'static str = "shopify";

    fn with_loaves(barcode: &str, stock: i64, now_ms: i64) -> Self {
        let mut books = Self::new("shpat_1");
        books.search_lag_ms = 30_000;
        let loaf = books.add_product("LOAF", "3.00", stock);
        if let Some(variant) = books.variant_mut(loaf) {
            (variant.barcode, variant.updated_ms) = (barcode.to_owned(), now_ms);
        }
        books
    }

    fn keys() -> (Pairs, Pairs) {
        (&[("token", "shpat_1")], &[])
    }

    fn loaves(&self) -> i64 {
        self.available(101)
    }

    fn orders_of_ours(&self, our_id: &str) -> usize {
        self.orders.values().filter(|order| order.source.as_deref() == Some(our_id)).count()
    }

    fn refund_count(&self) -> usize {
        self.orders.values().map(|order| order.refunds.len()).sum()
    }

    fn order_loaf(&mut self, now_ms: i64) -> String {
        let order = self.order_online(101, 1, false, true, now_ms);
        countertop_shop_twins::shopify::gid("Order", order)
    }

    fn sells_at() -> (&'static str, &'static str) {
        ("POST", "mutation CreateOrder")
    }

    fn places() -> Vec<(&'static str, &'static str)> {
        let documents = [
            "query Locations",
            "query Products",
            "query ChangedVariants",
            "query ChangedStock",
            "query Orders",
            "query Order(",
            "query Customers",
            "mutation CreateOrder",
            "query RefundBase",
            "mutation CreateRefund",
            "query Progress",
            "mutation Fulfil",
            "query StockOf",
            "mutation SetStock",
        ];
        documents.map(|document| ("POST", document)).into()
    }
}

impl Example for BigCommerce {
    const KIND: &'static str = "bigcommerce";
    const PATH: &'static str = Self::PATH;

    fn with_loaves(barcode: &str, stock: i64, now_ms: i64) -> Self {
        let mut books = Self::default();
        let (product, _) = books.add_simple("Loaf", "LOAF", 300, stock, now_ms);
        books.change_product(product, now_ms, |row| row["upc"] = json!(barcode));
        books
    }

    fn keys() -> (Pairs, Pairs) {
        (&[("token", bigcommerce::TOKEN)], &[])
    }

    fn loaves(&self) -> i64 {
        self.stock_of(102)
    }

    fn orders_of_ours(&self, our_id: &str) -> usize {
        self.orders().values().filter(|order| order["external_order_id"] == our_id).count()
    }

    fn refund_count(&self) -> usize {
        self.orders().keys().map(|order| self.refunds_of(*order).len()).sum()
    }

    fn order_loaf(&mut self, now_ms: i64) -> String {
        self.order_online(&[(102, 1)], false, now_ms).to_string()
    }

    fn sells_at() -> (&'static str, &'static str) {
        ("POST", "/v2/orders")
    }

    fn places() -> Vec<(&'static str, &'static str)> {
        vec![
            ("GET", "/v3/catalog/products"),
            ("GET", "/v3/inventory"),
            ("GET", "/v2/orders"),
            ("GET", "/v3/orders/pickups"),
            ("GET", "/products"),
            ("GET", "/shipping_addresses"),
            ("GET", "/v2/store"),
            ("GET", "/v3/customers"),
            ("GET", "/subscribers"),
            ("POST", "/v2/orders"),
            ("POST", "/refund_quotes"),
            ("POST", "/refunds"),
            ("POST", "/adjustments/relative"),
            ("PUT", "/adjustments/absolute"),
            ("POST", "/shipments"),
        ]
    }
}

impl Example for Magento {
    const KIND: &'static str = "magento";

    fn with_loaves(barcode: &str, stock: i64, now_ms: i64) -> Self {
        let mut books = Self::default();
        // A signature is good for ten minutes, and time flies here.
        books.bearer_allowed = true;
        let loaf = books.add_simple("Loaf", "LOAF", 300, stock, now_ms);
        books.set_attribute(loaf, "ean", json!(barcode), now_ms);
        books
    }

    fn keys() -> (Pairs, Pairs) {
        (&[("token", magento::TOKEN)], &[])
    }

    fn loaves(&self) -> i64 {
        self.salable("LOAF") / 1_000
    }

    fn orders_of_ours(&self, our_id: &str) -> usize {
        let ours = format!("countertop:{our_id}");
        self.orders().values().filter(|order| order["ext_order_id"] == ours.as_str()).count()
    }

    fn refund_count(&self) -> usize {
        self.memos().len()
    }

    fn order_loaf(&mut self, now_ms: i64) -> String {
        self.order_online(&[("LOAF", 1)], false, false, now_ms).to_string()
    }

    fn sells_at() -> (&'static str, &'static str) {
        ("POST", "/V1/orders")
    }

    fn places() -> Vec<(&'static str, &'static str)> {
        vec![
            ("GET", "/V1/products"),
            ("GET", "/source-items"),
            ("GET", "/V1/orders"),
            ("GET", "/V1/orders/"),
            ("GET", "/storeViews"),
            ("GET", "/customers/search"),
            ("POST", "/V1/orders"),
            ("POST", "/refund"),
            ("POST", "/ship"),
            ("POST", "/source-items"),
        ]
    }
}

#[test]
fn a_day_on_shopify_ends_with_equal_figures() {
    quiet_days::<ShopifyBooks>();
}

#[test]
fn a_day_on_bigcommerce_ends_with_equal_figures() {
    quiet_days::<BigCommerce>();
}

#[test]
fn a_day_on_magento_ends_with_equal_figures() {
    quiet_days::<Magento>();
}

#[test]
fn without_a_look_up_a_lost_answer_sells_twice_on_every_platform() {
    blind::<WooBooks>();
    blind::<ShopifyBooks>();
    blind::<BigCommerce>();
    blind::<Magento>();
}

#[test]
fn whatever_fails_on_shopify_each_thing_is_done_once_and_the_figures_are_equal_one_half() {
    every_fault::<ShopifyBooks>(0, 2);
}

#[test]
fn whatever_fails_on_shopify_each_thing_is_done_once_and_the_figures_are_equal_other_half() {
    every_fault::<ShopifyBooks>(1, 2);
}

#[test]
fn whatever_fails_on_bigcommerce_each_thing_is_done_once_and_the_figures_are_equal_one_half() {
    every_fault::<BigCommerce>(0, 2);
}

#[test]
fn whatever_fails_on_bigcommerce_each_thing_is_done_once_and_the_figures_are_equal_other_half() {
    every_fault::<BigCommerce>(1, 2);
}

#[test]
fn whatever_fails_on_magento_each_thing_is_done_once_and_the_figures_are_equal() {
    every_fault::<Magento>(0, 1);
}
