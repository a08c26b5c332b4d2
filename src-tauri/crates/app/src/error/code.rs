//! The lasting codes of refusals, in one place.

use countertop_devices::ScaleError;
use countertop_domain::basket::BasketError;
use countertop_domain::loyalty::LoyaltyError;
use countertop_domain::pricing::PricingError;
use countertop_domain::quantity::QuantityError;
use countertop_domain::sale::SaleError;
use countertop_domain::shift::ShiftError;
use countertop_domain::tender::TenderError;
use countertop_store::StoreError;

use super::AppError;

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
            other => other.machine_code(),
        }
    }

    /// The code of what a machine on the counter refuses.
    const fn machine_code(&self) -> &'static str {
        match self {
            Self::CardOpen { .. } => "card_open",
            Self::NotInDoubt => "not_in_doubt",
            Self::NoTerminal => "no_terminal",
            Self::TerminalNotReady { .. } => "terminal_not_ready",
            Self::TerminalBusy { .. } => "terminal_busy",
            Self::CannotRefund { .. } => "cannot_refund",
            Self::NoPrinter => "no_printer",
            Self::Scale(error) => scale_code(error),
            Self::NoScale => "no_scale",
            Self::Address(_) => "bad_address",
            _ => "device_trouble",
        }
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

const fn scale_code(error: &ScaleError) -> &'static str {
    match error {
        ScaleError::Moving => "scale_moving",
        ScaleError::Empty => "scale_empty",
        ScaleError::TooHeavy => "scale_too_heavy",
        ScaleError::BelowZero => "scale_below_zero",
        _ => "scale_trouble",
    }
}
