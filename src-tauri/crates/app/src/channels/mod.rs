//! Web shops: set up, tested, paused, looked after.

mod desk;
mod edit;
mod keychain;
mod names;
mod page;
mod to_do;

pub(crate) use self::desk::ChannelDesk;
pub use self::desk::ChannelWorker;
pub(crate) use self::edit::{pause, remove, save, sync, test};
pub use self::keychain::SecretVault;
pub(crate) use self::names::{list as list_names, set as set_name};
pub(crate) use self::page::list;
pub(crate) use self::to_do::{ops, problems, retry, set_aside, take_up};

use crate::error::AppError;

const fn no_shop() -> AppError {
    AppError::NoSuch { code: "no_such_channel", what: "that web shop" }
}

fn bad(reason: impl Into<String>) -> AppError {
    AppError::BadText { reason: reason.into() }
}
