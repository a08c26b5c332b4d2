//! Test apps: nothing of theirs is in the books, no cashier is asked, and the last two digits of the
//! amount say what becomes of it.
//!
//! | ends in | what becomes of it |
//! | --- | --- |
//! | 01 | canceled at the register |
//! | 02 | in doubt for a minute, then paid |
//! | 03 | in doubt for a minute, then canceled |
//! | 04 | stays open until its time is over, then expired |
//! | 05 | paid in cash |
//! | 06 | paid half in cash, half by card |
//! | 07 | paid by card with a tip of 1.00 |
//! | 20 to 47 | each fault, in the order of [`FAULTS`] |
//! | anything else | paid by card |

use countertop_domain::ids::PaymentRequestId;
use countertop_store::RequestStatus;

use super::fault::Fault;
use super::outcome::{Outcome, ReplyTender};

/// After how long a test that is in doubt is decided.
pub(super) const DOUBT_MS: i64 = 60_000;
/// The ending of the first fault.
const FIRST: i64 = 20;
/// What a request can be refused with, from 20 on.
pub const FAULTS: &[Fault] = &[
    Fault::InvalidData,
    Fault::NotSignedIn,
    Fault::NoEmployee,
    Fault::LocationMismatch,
    Fault::NotActive,
    Fault::CurrencyMissing,
    Fault::UnsupportedCurrency,
    Fault::CurrencyMismatch,
    Fault::AmountFormat,
    Fault::AmountTooSmall,
    Fault::AmountTooLarge,
    Fault::InvalidTenderType,
    Fault::UnsupportedTenderType,
    Fault::Busy,
    Fault::NoNetwork,
    Fault::UnsupportedVersion,
    Fault::UnsupportedWebVersion,
    Fault::InvalidVersion,
    Fault::CustomersNotSupported,
    Fault::InvalidCustomer,
    Fault::Unauthorised,
    Fault::Disabled,
    Fault::GiftCardsNotSupported,
    Fault::InsufficientCardBalance,
    Fault::Unexpected,
    Fault::NoResult,
    Fault::Conflict,
    Fault::Expired,
];

/// The fault that an amount asks for.
pub(super) fn fault(amount: i64) -> Option<Fault> {
    let index = usize::try_from(amount % 100 - FIRST).ok()?;
    FAULTS.get(index).copied()
}

/// What becomes of a test, if it is decided at once; else where it stays.
pub(super) fn outcome(id: PaymentRequestId, amount: i64) -> (RequestStatus, Option<Outcome>) {
    match amount % 100 {
        1 => (RequestStatus::Canceled, Some(Outcome::failed(Fault::Canceled, ""))),
        2 | 3 => (RequestStatus::InDoubt, Some(Outcome::failed(Fault::InDoubt, ""))),
        4 => (RequestStatus::Shown, None),
        5 => (RequestStatus::Completed, Some(paid(id, amount, 0, vec![cash(amount)]))),
        6 => {
            let half = amount / 2;
            let tenders = vec![cash(half), card(amount - half)];
            (RequestStatus::Completed, Some(paid(id, amount, 0, tenders)))
        }
        7 => (RequestStatus::Completed, Some(paid(id, amount, 100, vec![card(amount + 100)]))),
        _ => (RequestStatus::Completed, Some(paid(id, amount, 0, vec![card(amount)]))),
    }
}

/// How a test that was in doubt is decided.
pub(super) fn after_doubt(id: PaymentRequestId, amount: i64) -> (RequestStatus, Outcome) {
    if amount % 100 == 2 {
        return (RequestStatus::Completed, paid(id, amount, 0, vec![card(amount)]));
    }
    (RequestStatus::Canceled, Outcome::failed(Fault::Canceled, ""))
}

fn paid(id: PaymentRequestId, total: i64, tip: i64, tenders: Vec<ReplyTender>) -> Outcome {
    Outcome {
        fault: None,
        transaction: Some(id.to_string()),
        total,
        tip,
        tenders,
        ..Outcome::failed(Fault::Unexpected, "")
    }
}

fn cash(amount: i64) -> ReplyTender {
    ReplyTender { kind: "cash".to_owned(), amount, brand: None, last4: None, auth_code: None }
}

fn card(amount: i64) -> ReplyTender {
    ReplyTender {
        kind: "card".to_owned(),
        amount,
        brand: Some("Test card".to_owned()),
        last4: Some("4242".to_owned()),
        auth_code: Some("SANDBOX".to_owned()),
    }
}
