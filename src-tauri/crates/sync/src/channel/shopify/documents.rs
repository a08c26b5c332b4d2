//! Every document that is sent. Each is checked against Shopify's published schema by
//! `tests/contract/shopify.mjs`.

/// A document of its own file, with the fragments that it uses.
macro_rules! document {
    ($name:literal $(, $part:literal)*) => {
        concat!(
            include_str!(concat!("documents/", $name, ".graphql"))
            $(, include_str!(concat!("documents/", $part, ".graphql")))*
        )
    };
}

pub(super) const SHOP: &str = document!("shop");
pub(super) const LOCATIONS: &str = document!("locations");
pub(super) const PRODUCTS: &str = document!("products", "product_parts", "variant_parts");
pub(super) const CHANGED_VARIANTS: &str =
    document!("changed_variants", "product_parts", "variant_parts");
pub(super) const VARIANTS: &str = document!("variants", "variant_parts");
pub(super) const ALL_STOCK: &str = document!("all_stock", "stock_parts");
pub(super) const CHANGED_STOCK: &str = document!("changed_stock");
pub(super) const STOCK_OF: &str = document!("stock_of", "stock_parts");
pub(super) const SWEEP: &str = document!("sweep");
pub(super) const ORDERS: &str = document!("orders");
pub(super) const ORDER: &str = document!("order");
pub(super) const FIND_ORDER: &str = document!("find_order");
pub(super) const CREATE_ORDER: &str = document!("create_order");
pub(super) const REFUND_BASE: &str = document!("refund_base");
pub(super) const CREATE_REFUND: &str = document!("create_refund");
pub(super) const ADJUST_STOCK: &str = document!("adjust_stock");
pub(super) const SET_STOCK: &str = document!("set_stock");
pub(super) const ACTIVATE_STOCK: &str = document!("activate_stock");
pub(super) const PROGRESS: &str = document!("progress");
pub(super) const READY: &str = document!("ready");
pub(super) const FULFIL: &str = document!("fulfil");
pub(super) const DELIVERED: &str = document!("delivered");
pub(super) const PAID: &str = document!("paid");
pub(super) const CANCEL: &str = document!("cancel");
pub(super) const CUSTOMERS: &str = document!("customers");
pub(super) const FIND_CUSTOMER: &str = document!("find_customer");
pub(super) const SET_CUSTOMER: &str = document!("set_customer");
pub(super) const SET_CONSENT: &str = document!("set_consent");
