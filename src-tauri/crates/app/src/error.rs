//! Why a command is refused: a code that a client acts on, and a sentence that says what to do.

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
use countertop_domain::quantity::{Quantity, QuantityError};
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
    /// The code that a client acts on. Codes are only added.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownBarcode { .. } => "unknown_barcode",
            Self::NoSuch { code, .. } => code,
            Self::BadText { .. } => "bad_text",
            Self::Basket(error) => basket_code(error),
            Self::Pricing(PricingError::NoPrice { .. }) => "needs_price",
            Self::Pricing(PricingError::Money(_)) | Self::Money(_) => "bad_amount",
            Self::Pricing(_) => "bad_price_rule",
            Self::Tender(error) => tender_code(error),
            Self::Sale(error) => match error {
                SaleError::Empty => "basket_empty",
                SaleError::NotPaid { .. } => "partly_paid",
                SaleError::Pending { .. } => "payment_pending",
                SaleError::Money(_) => "bad_amount",
            },
            Self::Discount(_) => "bad_discount",
            Self::DiscountLimit { .. } => "discount_limit",
            Self::Return(_) => "bad_return",
            Self::Credit(_) => "bad_credit",
            Self::UnknownCredit { .. } => "unknown_credit",
            Self::UnknownCoupon { .. } => "unknown_coupon",
            Self::CouponExpired { .. } => "coupon_expired",
            Self::CouponUsedUp { .. } => "coupon_used_up",
            Self::Rule(_) => "bad_rule",
            Self::OrderTakenUp { .. } => "order_taken_up",
            Self::OrderEnded { .. } => "order_ended",
            Self::Order(_) => "bad_order",
            Self::PaymentCode(_) => "bad_payment_code",
            Self::RulesChanged => "rules_changed",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::WebAddress(countertop_sync::AddressError::Private(_)) => "address_not_allowed",
            Self::WebAddress(_) => "bad_web_address",
            Self::InUse { .. } => "in_use",
            Self::AlreadyThere { .. } => "already_there",
            Self::BarcodeTaken { .. } => "barcode_taken",
            Self::Retired { .. } => "item_retired",
            Self::LastVariant { .. } => "last_variant",
            Self::Stock(_) => "bad_quantity",
            Self::NotTracked { .. } => "not_tracked",
            Self::StockChanged { .. } => "stock_changed",
            Self::CountedSince { .. } => "counted_since",
            Self::Conflict { code, .. } => code,
            Self::Loyalty(LoyaltyError::NotEnough { .. }) => "not_enough_points",
            Self::Loyalty(_) => "bad_points",
            Self::NoShift => "no_shift",
            Self::ShiftOpen => "shift_open",
            Self::OpenPayments => "partly_paid",
            Self::Shift(error) => shift_code(error),
            Self::MoreThanInDrawer { .. } => "more_than_in_drawer",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Wrong(wrong) => wrong.fault.code(),
            Self::AskedAmount { .. } => "asked_amount",
            Self::RequestEnded { .. } => "request_ended",
            Self::CardOpen { .. } => "card_open",
            Self::NotInDoubt => "not_in_doubt",
            Self::NoTerminal => "no_terminal",
            Self::TerminalNotReady { .. } => "terminal_not_ready",
            Self::TerminalBusy { .. } => "terminal_busy",
            Self::CannotRefund { .. } => "cannot_refund",
            Self::NoPrinter => "no_printer",
            Self::Device(_) | Self::Printer { .. } => "device_trouble",
            Self::Scale(error) => scale_code(error),
            Self::NoScale => "no_scale",
            Self::Address(_) => "bad_address",
            // A total that would grow beyond what a register counts.
            Self::Store(StoreError::Money(_)) => "bad_amount",
            Self::Store(StoreError::DiskFull) => "disk_full",
            Self::Store(StoreError::ReadOnly) => "read_only",
            Self::Store(_) => "storage_trouble",
            Self::File(_) | Self::Io { .. } => "bad_file",
            Self::Pdf { .. } => "no_pdf",
            Self::BadRequest { .. } => "bad_request",
            Self::LanShut => "lan_shut",
            Self::BadPairingCode => "bad_pairing_code",
            Self::TooManyTries { .. } => "too_many_tries",
            Self::UnknownCommand { .. } => "unknown_command",
        }
    }

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

const fn tender_code(error: &TenderError) -> &'static str {
    match error {
        TenderError::NothingDue => "nothing_due",
        TenderError::MoreThanDue { .. } => "more_than_due",
        TenderError::OwedToCustomer { .. } => "owed_to_customer",
        TenderError::NothingOwed { .. } => "nothing_owed",
        TenderError::MoreThanOwed { .. } | TenderError::MoreThanPaid { .. } => "more_than_owed",
        TenderError::NotInSteps { .. } | TenderError::LastOfPayment { .. } => "not_in_steps",
        TenderError::NeedsReference { .. } | TenderError::NeedsName => "needs_reference",
        TenderError::NeedsRate { .. } | TenderError::BadRate { .. } => "needs_rate",
        TenderError::CannotPayOut { .. } => "cannot_pay_out",
        _ => "bad_amount",
    }
}

const fn shift_code(error: &ShiftError) -> &'static str {
    match error {
        ShiftError::Negative
        | ShiftError::MovesNothing
        | ShiftError::NoSaleMoves
        | ShiftError::Money(_) => "bad_amount",
        ShiftError::WorthlessPiece
        | ShiftError::PiecesDoNotAddUp { .. }
        | ShiftError::CountedTwice { .. } => "bad_count",
        ShiftError::NotCounted { .. } => "not_counted",
        ShiftError::NeedsReason | ShiftError::ReasonTooLong => "bad_text",
        ShiftError::NeedsValue { .. } => "needs_rate",
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
        BasketError::CouponTwice { .. } => "coupon_twice",
        BasketError::TooManyCoupons | BasketError::NoSuchCoupon { .. } => "bad_coupon",
        BasketError::GiftCard | BasketError::GiftCardTwice { .. } | BasketError::EmptyGiftCard => {
            "bad_gift_card"
        }
        BasketError::NegativeTip => "bad_amount",
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

const fn scale_code(error: &ScaleError) -> &'static str {
    match error {
        ScaleError::Moving => "scale_moving",
        ScaleError::Empty => "scale_empty",
        ScaleError::TooHeavy => "scale_too_heavy",
        ScaleError::BelowZero => "scale_below_zero",
        _ => "scale_trouble",
    }
}
