//! Payments that other apps ask for: another program hands the register an amount, a cashier takes
//! the money, the program gets the result.

mod apps;
mod callback;

pub(crate) use self::apps::{list_apps, revoke_app, save_app, set_square_links};
pub use self::callback::{CallbackKind, is_registered, shape};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    BasketView, CancelRequest, ListRequests, Nothing, OpenRequests, PaymentRequestRef, ReceiveLink,
    RequestEnd, RequestList, RequestReceived, RequestView,
};

const fn no_request() -> AppError {
    AppError::NoSuch { code: "no_such_request", what: "that payment request" }
}

pub(crate) fn open(_: &App, _: &Caller, _: Nothing) -> Result<OpenRequests, AppError> {
    Ok(OpenRequests::default())
}

pub(crate) fn accept(_: &App, _: &Caller, _: PaymentRequestRef) -> Result<BasketView, AppError> {
    Err(no_request())
}

pub(crate) fn cancel(_: &App, _: &Caller, _: CancelRequest) -> Result<RequestEnd, AppError> {
    Err(no_request())
}

pub(crate) fn end(_: &App, _: &Caller, _: PaymentRequestRef) -> Result<RequestEnd, AppError> {
    Err(no_request())
}

pub(crate) fn called_back(
    _: &App,
    _: &Caller,
    _: PaymentRequestRef,
) -> Result<RequestView, AppError> {
    Err(no_request())
}

pub(crate) fn receive_link(
    _: &App,
    _: &Caller,
    _: ReceiveLink,
) -> Result<RequestReceived, AppError> {
    Ok(RequestReceived {
        request: None,
        end: None,
        message: "This register does not know the app that opened the link.".to_owned(),
        error_code: Some("client_not_authorized_for_user".to_owned()),
    })
}

pub(crate) fn requests_of(_: &App, _: &Caller, _: ListRequests) -> Result<RequestList, AppError> {
    Ok(RequestList { requests: Vec::new(), more: false })
}
