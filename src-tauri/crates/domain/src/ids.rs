//! Ids: UUIDs (version 7 where the register makes them, so that they sort by time), one type each,
//! so that a line's id never stands where an item's belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was made elsewhere.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The id itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A register: one drawer, one journal, one series of receipts.
    RegisterId;
    /// An item of the catalogue.
    ItemId;
    /// One sellable variant of an item.
    VariantId;
    /// An open basket.
    BasketId;
    /// A line of a basket and of the sale that it becomes.
    LineId;
    /// A sale: the id of the basket that it was, so that a basket can be paid only once.
    SaleId;
    /// One payment of a sale.
    TenderId;
    /// A drawer session.
    ShiftId;
    /// A member of staff.
    StaffId;
    /// A print job.
    PrintJobId;
    /// A device on the counter.
    DeviceId;
    /// Someone who buys.
    CustomerId;
    /// Cash put into or taken out of the drawer.
    CashMoveId;
    /// A quote, a layaway, or an order to collect or deliver.
    HeldOrderId;
    /// Stock that was moved or counted by hand.
    StockMoveId;
    /// A category of the catalogue.
    CategoryId;
    /// The letting in of a tablet or phone.
    PairingId;
    /// Credit that was given out by hand.
    CreditIssueId;
    /// A payment that another app asked for.
    PaymentRequestId;
    /// What lets a program or a paired device in.
    TokenId;
    /// An address that is told of events.
    WebhookId;
    /// A slip or a report that was made for the printer.
    PaperId;
    /// Credit that was spent away from the till.
    RedemptionId;
    /// Points that were spent or corrected by hand.
    PointsMoveId;
    /// An order that came in from a sales channel.
    ChannelOrderId;
    /// A web shop.
    ChannelId;
    /// Something that is to be done in a web shop.
    ChannelOpId;
}

/// A print job names what it prints, a sale or a paper, by one id.
impl From<PaperId> for SaleId {
    fn from(paper: PaperId) -> Self {
        Self(paper.0)
    }
}

impl From<SaleId> for PaperId {
    fn from(printed: SaleId) -> Self {
        Self(printed.0)
    }
}

impl From<BasketId> for SaleId {
    fn from(basket: BasketId) -> Self {
        Self(basket.0)
    }
}
