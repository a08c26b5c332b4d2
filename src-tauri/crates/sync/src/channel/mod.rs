//! Web shops: what is sold here is told there, and what is ordered there comes here, in the background.
//!
//! A connector speaks one platform's language and knows nothing of the store. The engine reads the
//! journal, keeps a queue of operations on disk, and hands what comes in to the register. A sale waits
//! for none of it and writes nothing for it.

mod amount;
mod bigcommerce;
mod connector;
mod customers;
mod engine;
mod errand;
mod guard;
mod magento;
mod medusa;
mod outgoing;
mod pace;
mod platform;
mod policy;
mod progress;
mod reading;
mod retry;
mod shopify;
mod shown;
mod transport;
mod value;
mod vendure;
mod woocommerce;
mod words;
mod worker;

pub use amount::{decimal_text, minor_units};
pub use connector::{
    Ask, Asked, Connector, Errand, Found, Limits, Page, ShopInfo, StockStyle, Trouble, WebhookHint,
};
pub use engine::{Engine, Intake, Senses, Tempo};
pub use outgoing::stock_op;
pub use pace::Pace;
pub use platform::{Field, Platform, Setup, platform, platforms};
pub use policy::offered;

pub use progress::{OVERLAP_MS, begun, read_on};
pub use reading::MADE;
pub use retry::{Breaker, backoff_ms};
pub use shown::{is_deceptive, marked};
pub use transport::{Answer, Line, LineSettings, Method, Request, Secret, without_pauses};
pub use woocommerce::WooCommerce;
pub use words::{
    CustomerIn, CustomerOut, Done, FulfilOut, Goods, LineIn, LineOut, OptionIn, OrderIn,
    OrderState, PaidWith, ProductIn, RefundLineOut, RefundOut, SaleOut, StockIn, StockMoveOut,
    StockOut, Task, TaxOut, VariantIn,
};
pub use worker::{ChannelWorkers, MakeConnector, WebhookTaken, test_connection};
