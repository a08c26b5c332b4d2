//! What a basket refuses, in words.

use crate::quantity::QuantityError;

use super::Basket;

/// What a basket refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// No such line.
    #[error("that line is no longer in the basket")]
    NoSuchLine,
    /// The quantity cannot be sold.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// The item has no price and none was given.
    #[error("\"{name}\" has no price: enter one")]
    NeedsPrice {
        /// The item.
        name: String,
    },
    /// A price below nothing.
    #[error("a price cannot be below nothing")]
    NegativePrice,
    /// Too many lines.
    #[error("a basket holds up to {} lines: pay this one and start another", Basket::MAX_LINES)]
    TooManyLines,
    /// A note too long to print.
    #[error("a note holds up to {} characters", Basket::MAX_NOTE)]
    NoteTooLong,
    /// Money was taken already.
    #[error("part of this basket is paid: take the payment back before you change it")]
    PartlyPaid,
    /// Nothing to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The same coupon again.
    #[error("coupon {code} is in this basket already: it counts once")]
    CouponTwice {
        /// Its code.
        code: String,
    },
    /// More coupons than anyone shows.
    #[error("a basket takes up to {} coupons", Basket::MAX_COUPONS)]
    TooManyCoupons,
    /// No such coupon in the basket.
    #[error("coupon {code} is not in this basket")]
    NoSuchCoupon {
        /// Its code.
        code: String,
    },
    /// The line sells a gift card.
    #[error("a gift card is sold as it is: remove the line and add another card")]
    GiftCard,
    /// The same card on two lines.
    #[error("gift card {code} is in this basket already: use another card")]
    GiftCardTwice {
        /// Its code.
        code: String,
    },
    /// A gift card of nothing.
    #[error("a gift card needs an amount to load")]
    EmptyGiftCard,
    /// A tip below nothing.
    #[error("a tip cannot be below nothing")]
    NegativeTip,
}
