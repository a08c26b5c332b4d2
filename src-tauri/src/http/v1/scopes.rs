//! What a token must be good for, route by route. The gate asks before anything of a request is read,
//! the description tells it, and a route without a row here fails a test.

use axum::http::Method;
use countertop_domain::scope::Scope;

/// Method and path as the description has them, and the scope; `None` for any good token.
#[rustfmt::skip] // one row a route
const ROUTES: &[(&str, &str, Option<Scope>)] = &[
    ("GET", "/v1/events", Some(Scope::Events)),
    ("GET", "/v1/payment-requests", Some(Scope::Payments)),
    ("POST", "/v1/payment-requests", Some(Scope::Payments)),
    ("GET", "/v1/payment-requests/{id}", Some(Scope::Payments)),
    ("POST", "/v1/payment-requests/{id}/cancel", Some(Scope::Payments)),
    ("GET", "/v1/token", None),
    ("GET", "/v1/products", Some(Scope::CatalogueRead)),
    ("POST", "/v1/products", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/products/{id}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/products/{id}", Some(Scope::CatalogueWrite)),
    ("DELETE", "/v1/products/{id}", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/variants", Some(Scope::CatalogueRead)),
    ("POST", "/v1/variants", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/variants/{id}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/variants/{id}", Some(Scope::CatalogueWrite)),
    ("DELETE", "/v1/variants/{id}", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/categories", Some(Scope::CatalogueRead)),
    ("POST", "/v1/categories", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/categories/{id}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/categories/{id}", Some(Scope::CatalogueWrite)),
    ("DELETE", "/v1/categories/{id}", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/price-books", Some(Scope::CatalogueRead)),
    ("POST", "/v1/price-books", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/price-books/{id}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/price-books/{id}", Some(Scope::CatalogueWrite)),
    ("DELETE", "/v1/price-books/{id}", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/promotions", Some(Scope::CatalogueRead)),
    ("POST", "/v1/promotions", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/promotions/{id}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/promotions/{id}", Some(Scope::CatalogueWrite)),
    ("DELETE", "/v1/promotions/{id}", Some(Scope::CatalogueWrite)),
    ("GET", "/v1/taxes", Some(Scope::CatalogueRead)),
    ("POST", "/v1/taxes", Some(Scope::Settings)),
    ("GET", "/v1/taxes/{class}", Some(Scope::CatalogueRead)),
    ("PATCH", "/v1/taxes/{class}", Some(Scope::Settings)),
    ("DELETE", "/v1/taxes/{class}", Some(Scope::Settings)),
    ("POST", "/v1/quotes", Some(Scope::CatalogueRead)),
    ("POST", "/v1/quotes/shop", Some(Scope::CatalogueRead)),
    ("GET", "/v1/inventory", Some(Scope::InventoryRead)),
    ("GET", "/v1/inventory/movements", Some(Scope::InventoryRead)),
    ("POST", "/v1/inventory/movements", Some(Scope::InventoryWrite)),
    ("POST", "/v1/inventory/counts", Some(Scope::InventoryWrite)),
    ("GET", "/v1/customers", Some(Scope::CustomersRead)),
    ("POST", "/v1/customers", Some(Scope::CustomersWrite)),
    ("GET", "/v1/customers.csv", Some(Scope::CustomersRead)),
    ("GET", "/v1/customers/{id}", Some(Scope::CustomersRead)),
    ("PUT", "/v1/customers/{id}", Some(Scope::CustomersWrite)),
    ("DELETE", "/v1/customers/{id}", Some(Scope::CustomersWrite)),
    ("PUT", "/v1/customers/{id}/consents/{channel}", Some(Scope::CustomersWrite)),
    ("GET", "/v1/customers/{id}/export", Some(Scope::CustomersWrite)),
    ("POST", "/v1/customers/{id}/merge", Some(Scope::CustomersWrite)),
    ("GET", "/v1/orders", Some(Scope::OrdersRead)),
    ("POST", "/v1/orders", Some(Scope::OrdersWrite)),
    ("GET", "/v1/orders/{id}", Some(Scope::OrdersRead)),
    ("PUT", "/v1/orders/{id}/fulfilment", Some(Scope::OrdersWrite)),
    ("GET", "/v1/sales", Some(Scope::SalesRead)),
    ("GET", "/v1/sales/{id}", Some(Scope::SalesRead)),
    ("GET", "/v1/sales/{id}/explain", Some(Scope::SalesRead)),
    ("GET", "/v1/sales/{id}/receipt", Some(Scope::SalesRead)),
    ("GET", "/v1/refunds", Some(Scope::SalesRead)),
    ("POST", "/v1/refunds", Some(Scope::Refunds)),
    ("POST", "/v1/gift-cards", Some(Scope::Credit)),
    ("GET", "/v1/gift-cards/{code}", Some(Scope::Credit)),
    ("POST", "/v1/gift-cards/{code}/redeem", Some(Scope::Credit)),
    ("POST", "/v1/store-credit", Some(Scope::Credit)),
    ("GET", "/v1/store-credit/{code}", Some(Scope::Credit)),
    ("POST", "/v1/store-credit/{code}/redeem", Some(Scope::Credit)),
    ("GET", "/v1/loyalty/rule", Some(Scope::Credit)),
    ("PUT", "/v1/loyalty/rule", Some(Scope::Settings)),
    ("DELETE", "/v1/loyalty/rule", Some(Scope::Settings)),
    ("GET", "/v1/loyalty/{customer_id}", Some(Scope::Credit)),
    ("GET", "/v1/loyalty/{customer_id}/moves", Some(Scope::Credit)),
    ("POST", "/v1/loyalty/{customer_id}/redeem", Some(Scope::Credit)),
    ("POST", "/v1/loyalty/{customer_id}/adjust", Some(Scope::Credit)),
    ("GET", "/v1/shifts", Some(Scope::Shifts)),
    ("GET", "/v1/shifts/current", Some(Scope::Shifts)),
    ("GET", "/v1/shifts/{id}", Some(Scope::Shifts)),
    ("GET", "/v1/cash-movements", Some(Scope::Shifts)),
];

/// The scope that a route needs. `None` if there is no such row.
pub(super) fn of(method: &str, path: &str) -> Option<Option<Scope>> {
    ROUTES.iter().find(|row| row.0 == method && row.1 == path).map(|row| row.2)
}

/// The same for a request; HEAD reads as GET does.
pub(super) fn of_request(method: &Method, path: &str) -> Option<Option<Scope>> {
    of(if method == Method::HEAD { "GET" } else { method.as_str() }, path)
}
