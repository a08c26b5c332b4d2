//! Twins of web shops: the other side of each platform's language, as strict as the facts that we have,
//! with books of their own that tests read as the truth. For tests, the bench and demos; no register
//! links them.
//!
//! A platform's twin implements [`Platform`]: it answers calls and keeps its books. [`Shop`] serves it
//! over HTTP, keeps a list of the calls, and strikes with scripted faults before or after the books were
//! written.
//!
//! No twin simulates TLS, HTTP/2, or a shop on several machines.

pub mod bigcommerce;
mod fault;
mod graphql;
mod http;
pub mod magento;
mod medusa;
mod shop;
pub mod shopify;
mod vendure;
mod woocommerce;

pub use fault::{Fault, FaultKind, Strike};
pub use http::{Call, Reply};
pub use medusa::{MedusaTwin, MedusaVariant};
pub use shop::{Platform, Shop};
pub use vendure::{VendureCustomer, VendureOrder, VendureTwin, VendureVariant};
pub use woocommerce::{WooBooks, WooProduct, WooSettings};
