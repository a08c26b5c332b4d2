//! Why a command is refused: a code that a client acts on, and a sentence that says what to do.

use countertop_devices::{AddressError, DeviceError};
use countertop_domain::basket::BasketError;
use countertop_domain::money::MoneyError;
use countertop_domain::pricing::PricingError;
use countertop_domain::quantity::QuantityError;
use countertop_domain::sale::SaleError;
use countertop_domain::staff::Right;
use countertop_domain::tender::TenderError;
use countertop_store::StoreError;

use crate::catalog_file::FileError;
use crate::wire::Refusal;

/// A refused command. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A scanned code that no item has.
    #[error("no item has the code {code}: check the label, or sell it with an open price")]
    UnknownBarcode {
        /// As scanned.
        code: String,
    },
    /// What was asked for is not there (any more).
    #[error("{what} is no longer there: it was changed at another screen")]
    NoSuch {
        /// The code: `no_such_basket` and the like.
        code: &'static str,
        /// In words.
        what: &'static str,
    },
    /// A text that is too long or empty.
    #[error("{reason}")]
    BadText {
        /// What is wrong and what to do.
        reason: String,
    },
    /// The basket refuses.
    #[error(transparent)]
    Basket(#[from] BasketError),
    /// No total.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// The payment is refused.
    #[error(transparent)]
    Tender(#[from] TenderError),
    /// The basket is no sale yet.
    #[error(transparent)]
    Sale(#[from] SaleError),
    /// An amount is refused.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// No shift is open.
    #[error("no shift is open: open one with the float that is in the drawer")]
    NoShift,
    /// A shift is open already.
    #[error("a shift is open already: close it before you open another")]
    ShiftOpen,
    /// A basket is partly paid, so the drawer holds cash of no sale.
    #[error("a basket is partly paid: complete it or take the payment back, then close the shift")]
    OpenPayments,
    /// The actor may not.
    #[error("{actor} may not {}: ask a manager or the owner", .right.in_words())]
    NotAllowed {
        /// Who asked.
        actor: String,
        /// For what.
        right: Right,
    },
    /// No printer is set up.
    #[error("no receipt printer is set up: add one under Devices")]
    NoPrinter,
    /// A device refuses.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A device's address cannot be read.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that cannot be taken.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that cannot be read or written.
    #[error("{path}: {reason}")]
    Io {
        /// Which.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A receipt that cannot be made into a file.
    #[error("the receipt cannot be made into a PDF: {reason}")]
    Pdf {
        /// What is wrong.
        reason: String,
    },
    /// A request that is not of the command's form.
    #[error("the request for {command} cannot be read: {reason}")]
    BadRequest {
        /// The command.
        command: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// No such command.
    #[error("there is no command \"{name}\": this page is of another version; load it again")]
    UnknownCommand {
        /// As asked.
        name: String,
    },
}

impl AppError {
    /// The code that a client acts on. Codes are only added.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownBarcode { .. } => "unknown_barcode",
            Self::NoSuch { code, .. } => code,
            Self::BadText { .. } => "bad_text",
            Self::Basket(error) => basket_code(error),
            Self::Pricing(PricingError::NoPrice { .. }) => "needs_price",
            Self::Pricing(PricingError::Money(_)) | Self::Money(_) => "bad_amount",
            Self::Tender(error) => match error {
                TenderError::NotPositive | TenderError::Money(_) => "bad_amount",
                TenderError::NothingDue => "nothing_due",
                TenderError::MoreThanDue { .. } => "more_than_due",
            },
            Self::Sale(error) => match error {
                SaleError::Empty => "basket_empty",
                SaleError::NotPaid { .. } => "partly_paid",
                SaleError::Money(_) => "bad_amount",
            },
            Self::NoShift => "no_shift",
            Self::ShiftOpen => "shift_open",
            Self::OpenPayments => "partly_paid",
            Self::NotAllowed { .. } => "not_allowed",
            Self::NoPrinter => "no_printer",
            Self::Device(_) => "device_trouble",
            Self::Address(_) => "bad_address",
            Self::Store(StoreError::DiskFull) => "disk_full",
            Self::Store(StoreError::ReadOnly) => "read_only",
            Self::Store(_) => "storage_trouble",
            Self::File(_) | Self::Io { .. } => "bad_file",
            Self::Pdf { .. } => "no_pdf",
            Self::BadRequest { .. } => "bad_request",
            Self::UnknownCommand { .. } => "unknown_command",
        }
    }

    /// What it is about: the scanned code, the item; may be empty.
    pub fn about(&self) -> String {
        match self {
            Self::UnknownBarcode { code } => code.clone(),
            Self::Basket(BasketError::NeedsPrice { name })
            | Self::Pricing(PricingError::NoPrice { name }) => name.clone(),
            Self::UnknownCommand { name } => name.clone(),
            _ => String::new(),
        }
    }

    pub(crate) const fn no_basket() -> Self {
        Self::NoSuch { code: "no_such_basket", what: "that basket" }
    }

    pub(crate) const fn no_sale() -> Self {
        Self::NoSuch { code: "no_such_sale", what: "that sale" }
    }

    pub(crate) const fn no_item() -> Self {
        Self::NoSuch { code: "no_such_item", what: "that item" }
    }

    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), reason: error.to_string() }
    }
}

const fn basket_code(error: &BasketError) -> &'static str {
    match error {
        BasketError::NoSuchLine => "no_such_line",
        BasketError::Quantity(QuantityError::NotANumber { .. }) | BasketError::Quantity(_) => {
            "bad_quantity"
        }
        BasketError::NeedsPrice { .. } => "needs_price",
        BasketError::NegativePrice => "bad_price",
        BasketError::TooManyLines => "basket_full",
        BasketError::NoteTooLong => "bad_text",
        BasketError::PartlyPaid => "partly_paid",
        BasketError::NothingToUndo => "nothing_to_undo",
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string(), about: error.about() }
    }
}
