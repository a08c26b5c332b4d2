//! Payments that other apps ask for: another program hands the register an amount, a cashier takes
//! the money, the program gets the result.
//!
//! A link, the same link in Android's words, and a call over HTTP become one [`PaymentRequest`] and take
//! one way: checked, on disk, shown, accepted by a person, paid in a basket like any other, and the
//! result on disk before anyone is told. A request never completes a payment by itself.

mod android;
mod api;
mod apps;
mod callback;
mod course;
mod desk;
mod fault;
mod filling;
mod json;
mod link;
mod outcome;
mod page;
mod percent;
mod posting;
mod receive;
mod request;
mod sandbox;
mod tenders;
#[cfg(test)]
mod tests;
mod watch;

pub use self::api::{RequestRecord, cancel as cancel_own, find, get, public_key, submit};
pub(crate) use self::apps::{list_apps, revoke_app, save_app, set_square_links};
pub use self::callback::{CallbackKind, is_registered, shape};
pub(crate) use self::course::after_sale;
pub(crate) use self::desk::{RequestDesk, allows, allows_tip, are_asked, must_not_be_asked};
pub use self::fault::{Fault, Flavour, Wrong};
pub use self::json::{From, read as read_json};
pub use self::link::read_link;
pub use self::outcome::{Reply, ReplyMoney, ReplyTender};
pub(crate) use self::page::{accept, called_back, cancel, end, open, receive_link, requests_of};
pub(crate) use self::posting::post_again;
pub use self::request::{Asked, Dialect, LineItem, PaymentRequest, TenderWord};
pub use self::sandbox::FAULTS;
pub(crate) use self::watch::RequestWatch;

use crate::error::AppError;

const fn no_request() -> AppError {
    AppError::NoSuch { code: "no_such_request", what: "that payment request" }
}
