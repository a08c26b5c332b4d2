//! Why a command is refused: a code that a client acts on, and a sentence that says what to do.

mod code;

use countertop_devices::{AddressError, DeviceError, ScaleError};
use countertop_domain::basket::BasketError;
use countertop_domain::credit::CreditError;
use countertop_domain::discount::DiscountError;
use countertop_domain::loyalty::LoyaltyError;
use countertop_domain::money::MoneyError;
use countertop_domain::order::OrderError;
use countertop_domain::payment_code::PaymentCodeError;
use countertop_domain::pricing::PricingError;
use countertop_domain::promotion::RuleError;
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::ReturnError;
use countertop_domain::sale::SaleError;
use countertop_domain::shift::ShiftError;
use countertop_domain::staff::Right;
use countertop_domain::stock::StockError;
use countertop_domain::tender::TenderError;
use countertop_domain::time::BusinessDay;
use countertop_store::StoreError;

use crate::catalog_file::FileError;
use crate::payment_requests::Wrong;
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
    /// The discount is refused.
    #[error(transparent)]
    Discount(#[from] DiscountError),
    /// More is taken off than the role may.
    #[error("that takes more than {limit} % off, the most that a cashier may: ask a manager")]
    DiscountLimit {
        /// The limit.
        limit: rust_decimal::Decimal,
    },
    /// The return is refused.
    #[error(transparent)]
    Return(#[from] ReturnError),
    /// A card's or an account's balance refuses.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// No such card, credit or account.
    #[error("no {what} has the code {code}: {hint}")]
    UnknownCredit {
        /// In words.
        what: &'static str,
        /// As asked.
        code: String,
        /// What to do.
        hint: &'static str,
    },
    /// No such coupon.
    #[error("{code} is no coupon of this shop: read it again")]
    UnknownCoupon {
        /// As shown.
        code: String,
    },
    /// A coupon whose last day is over.
    #[error("coupon {code} counted until {day}: take it out of the basket")]
    CouponExpired {
        /// Its code.
        code: String,
        /// Its last day.
        day: BusinessDay,
    },
    /// A coupon that has been used as often as it may be.
    #[error(
        "coupon {code} has been used {uses} times, as often as it may: take it out of the basket"
    )]
    CouponUsedUp {
        /// Its code.
        code: String,
        /// How often.
        uses: u32,
    },
    /// A price book or promotion is refused.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A held order is in an open basket.
    #[error(
        "order {number} is in a basket at a screen: pay for it there, or set it aside again first"
    )]
    OrderTakenUp {
        /// Its number.
        number: String,
    },
    /// A held order that was completed or cancelled.
    #[error("order {number} does not wait any more: it was completed or cancelled")]
    OrderEnded {
        /// Its number.
        number: String,
    },
    /// The held order refuses.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// No code can be made to pay with.
    #[error(transparent)]
    PaymentCode(#[from] PaymentCodeError),
    /// The basket is no sale yet.
    #[error(transparent)]
    Sale(#[from] SaleError),
    /// An amount is refused.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Another screen saved price rules meanwhile.
    #[error(
        "prices were changed at another screen meanwhile: they are shown as they are now; make your \
         change once more"
    )]
    RulesChanged,
    /// What is to be changed is not what the caller saw any more: `If-Match` of the open API.
    #[error("it was changed meanwhile: read it again and make your change once more")]
    ChangedMeanwhile,
    /// A webhook's address is refused.
    #[error(transparent)]
    WebAddress(#[from] countertop_sync::AddressError),
    /// Something that is to be taken out of the settings is in use.
    #[error("\"{what}\" is used by {by}: complete it or change it there, then take \"{what}\" out")]
    InUse {
        /// A fiscal position, a class of taxes, a way to pay.
        what: String,
        /// The basket or the order that names it.
        by: String,
    },
    /// Something else of this name or id is there.
    #[error("there is another {what} \"{name}\" already: choose another, or change that one")]
    AlreadyThere {
        /// In words.
        what: &'static str,
        /// Its name or id.
        name: String,
    },
    /// A code that another item has.
    #[error("the barcode {code} belongs to \"{by}\": take it out there, or give another")]
    BarcodeTaken {
        /// The code.
        code: String,
        /// The variant that has it.
        by: String,
    },
    /// An item that is sold no more.
    #[error("\"{name}\" is sold no more and cannot be changed: add it as a new item")]
    Retired {
        /// Its name.
        name: String,
    },
    /// The last variant of an item.
    #[error("\"{name}\" has no other variant: take the item off sale instead")]
    LastVariant {
        /// The item's name.
        name: String,
    },
    /// A movement that cannot be.
    #[error(transparent)]
    Stock(#[from] StockError),
    /// Stock of something that is not counted.
    #[error("stock of \"{name}\" is not tracked: have it tracked first")]
    NotTracked {
        /// Its name.
        name: String,
    },
    /// A level that is not what was expected.
    #[error("there should have been {level} of \"{name}\", not what was expected: look again")]
    StockChanged {
        /// Its name.
        name: String,
        /// What there should have been.
        level: Quantity,
    },
    /// A count that is older than another.
    #[error("\"{name}\" was counted again since: this older count changes nothing")]
    CountedSince {
        /// Its name.
        name: String,
    },
    /// What is there already forbids this.
    #[error("{reason}")]
    Conflict {
        /// The code.
        code: &'static str,
        /// What is in the way and what to do.
        reason: String,
    },
    /// Points are refused.
    #[error(transparent)]
    Loyalty(#[from] LoyaltyError),
    /// No shift is open.
    #[error("no shift is open: open one with the float that is in the drawer")]
    NoShift,
    /// A shift is open already.
    #[error("a shift is open already: close it before you open another")]
    ShiftOpen,
    /// A basket is partly paid, so the drawer holds cash of no sale.
    #[error("a basket is partly paid: complete it or take the payment back, then close the shift")]
    OpenPayments,
    /// A float, a movement of cash or a count is refused.
    #[error(transparent)]
    Shift(#[from] ShiftError),
    /// More cash is to go out than there should be. How much that is, is not told: whoever counts
    /// blind must not learn it this way.
    #[error(
        "the drawer should not hold that much {currency}: take out less, or put cash in first with \
         pay-in"
    )]
    MoreThanInDrawer {
        /// Code of the currency.
        currency: &'static str,
    },
    /// The actor may not.
    #[error("{actor} may not {}: ask a manager or the owner", .right.in_words())]
    NotAllowed {
        /// Who asked.
        actor: String,
        /// For what.
        right: Right,
    },
    /// A payment request is wrong.
    #[error("{}", .0.words)]
    Wrong(Wrong),
    /// A basket whose amount an app asked for is to be changed.
    #[error("{app} asked for this amount: take it as it is, or cancel the request")]
    AskedAmount {
        /// The app.
        app: String,
    },
    /// A payment request is not where it could be given up or taken up.
    #[error("that payment request is {status} already: look at what became of it")]
    RequestEnded {
        /// Where it is.
        status: &'static str,
    },
    /// A payment at a terminal holds the basket or the terminal.
    #[error(
        "{}",
        if *.in_doubt {
            format!("it is not known yet what became of the payment at {terminal}: wait for it, or \
                     park this sale and serve the next customer")
        } else {
            format!("a card payment is under way at {terminal}: wait for its end, or stop it")
        }
    )]
    CardOpen {
        /// The terminal's name.
        terminal: String,
        /// True if nobody knows what became of it.
        in_doubt: bool,
    },
    /// A decision about a payment that is none to decide.
    #[error("nothing is to be decided about that payment: the terminal has told what became of it")]
    NotInDoubt,
    /// No such terminal.
    #[error("no card terminal is set up: add one under Devices")]
    NoTerminal,
    /// A terminal that cannot be reached by this program.
    #[error("{terminal} is not ready: {words}")]
    TerminalNotReady {
        /// Its name.
        terminal: String,
        /// Why.
        words: String,
    },
    /// A printer that did not print.
    #[error("{words}")]
    Printer {
        /// Which, why, and what to do.
        words: String,
    },
    /// A terminal that does something else.
    #[error("{terminal} is closing its day: wait until it is done")]
    TerminalBusy {
        /// Its name.
        terminal: String,
    },
    /// A terminal that gives no money back on an order from here.
    #[error(
        "{terminal} gives nothing back on an order from here: do it on the terminal itself, then have \
         a manager record it"
    )]
    CannotRefund {
        /// Its name.
        terminal: String,
    },
    /// No printer is set up.
    #[error("no receipt printer is set up: add one under Devices")]
    NoPrinter,
    /// A device refuses.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// No weight.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// There is no scale.
    #[error("no scale is set up: add it under Devices, or type the weight")]
    NoScale,
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
    /// The door to the network is shut.
    #[error(
        "the register is not open to the network: open it first under Apps, Tablets and phones"
    )]
    LanShut,
    /// A code or a ticket of a pairing that is no good (any more).
    #[error(
        "that code is no good any more: it lasts two minutes and lets one device ask; have the till show \
         a new one"
    )]
    BadPairingCode,
    /// Too many wrong codes from one address.
    #[error("too many wrong codes came from this device: wait {seconds} seconds")]
    TooManyTries {
        /// How long.
        seconds: u32,
    },
    /// No such command.
    #[error("there is no command \"{name}\": this page is of another version; load it again")]
    UnknownCommand {
        /// As asked.
        name: String,
    },
}

impl AppError {
    /// What it is about: the scanned code, the item; may be empty.
    pub fn about(&self) -> String {
        match self {
            Self::UnknownBarcode { code } => code.clone(),
            Self::Basket(BasketError::NeedsPrice { name })
            | Self::Pricing(PricingError::NoPrice { name }) => name.clone(),
            Self::UnknownCredit { code, .. }
            | Self::UnknownCoupon { code }
            | Self::CouponExpired { code, .. }
            | Self::CouponUsedUp { code, .. } => code.clone(),
            Self::Rule(error) => error.rule.clone(),
            Self::InUse { what, .. } => what.clone(),
            Self::BarcodeTaken { code, .. } => code.clone(),
            Self::AlreadyThere { name, .. }
            | Self::Retired { name }
            | Self::LastVariant { name }
            | Self::NotTracked { name }
            | Self::StockChanged { name, .. }
            | Self::CountedSince { name } => name.clone(),
            Self::OrderTakenUp { number } | Self::OrderEnded { number } => number.clone(),
            Self::UnknownCommand { name } => name.clone(),
            _ => String::new(),
        }
    }

    pub(crate) const fn no_basket() -> Self {
        Self::NoSuch { code: "no_such_basket", what: "that basket" }
    }

    pub(crate) const fn no_tender() -> Self {
        Self::NoSuch { code: "no_such_payment", what: "that payment" }
    }

    pub(crate) const fn no_sale() -> Self {
        Self::NoSuch { code: "no_such_sale", what: "that sale" }
    }

    pub(crate) const fn no_customer() -> Self {
        Self::NoSuch { code: "no_such_customer", what: "that customer" }
    }

    pub(crate) const fn no_order() -> Self {
        Self::NoSuch { code: "no_such_order", what: "that order" }
    }

    pub(crate) const fn no_item() -> Self {
        Self::NoSuch { code: "no_such_item", what: "that item" }
    }

    pub(crate) const fn no_category() -> Self {
        Self::NoSuch { code: "no_such_category", what: "that category" }
    }

    pub(crate) const fn no_rule() -> Self {
        Self::NoSuch { code: "no_such_rule", what: "that price book or promotion" }
    }

    pub(crate) const fn no_tax() -> Self {
        Self::NoSuch { code: "no_such_tax", what: "that tax" }
    }

    pub(crate) fn retired(name: &str) -> Self {
        Self::Retired { name: name.to_owned() }
    }

    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file: look at its name and folder",
            std::io::ErrorKind::PermissionDenied => "may not be read: look at the file's rights",
            std::io::ErrorKind::IsADirectory => "is a folder: name a file in it",
            _ => return Self::Io { path: path.display().to_string(), reason: error.to_string() },
        };
        Self::Io { path: path.display().to_string(), reason: reason.to_owned() }
    }
}

impl From<Wrong> for AppError {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string(), about: error.about() }
    }
}
