//! Orders of other sales channels: sold elsewhere, picked and handed over here.

use serde::{Deserialize, Serialize};

use crate::customer::Address;
use crate::ids::{LineId, StockMoveId, VariantId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::tax::TaxClass;

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// It came in.
    New,
    /// Somebody fetches its goods.
    Picking,
    /// Its goods lie together.
    Ready,
    /// The customer has it.
    Collected,
    /// It is on its way.
    Shipped,
    /// It came to where it was sent.
    Delivered,
    /// It was given up.
    Cancelled,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Picking,
        Self::Ready,
        Self::Collected,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
    ];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Picking => "picking",
            Self::Ready => "ready",
            Self::Collected => "collected",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads what [`OrderStatus::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// True while something is left to be done about it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Picking | Self::Ready | Self::Shipped)
    }

    /// Whether an order that is handed over in this way may come from here to `next`. A small shop
    /// that fetches goods at once goes from new to ready.
    pub const fn may_become(self, next: Self, hand_over: HandOver) -> bool {
        match (self, next) {
            (Self::New, Self::Picking | Self::Ready | Self::Cancelled)
            | (Self::Picking, Self::Ready | Self::Cancelled)
            | (Self::Ready, Self::Cancelled) => true,
            (Self::Ready, Self::Collected) => matches!(hand_over, HandOver::Collect),
            (Self::Ready, Self::Shipped) | (Self::Shipped, Self::Delivered) => {
                matches!(hand_over, HandOver::Ship)
            }
            _ => false,
        }
    }
}

/// How the customer gets the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// They fetch them at the counter.
    Collect,
    /// They are sent or brought.
    Ship,
}

impl HandOver {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Ship => "ship",
        }
    }
}

fn nothing(quantity: &Quantity) -> bool {
    quantity.thousandths() == 0
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Its id.
    pub id: LineId,
    /// What the catalogue knows it as; none for what only the channel knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantId>,
    /// As the channel calls it.
    pub name: String,
    /// The shop's own article number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// Of that, what its customer brought back to the counter.
    #[serde(default, skip_serializing_if = "nothing")]
    pub returned: Quantity,
    /// What the channel asks for one unit, as the shop writes prices.
    pub unit_price: Money,
    /// Which taxes apply to what only the channel knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<TaxClass>,
}

/// Who gets an order: personal data, which goes when the customer's is erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Their name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// To be reached at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// To be reached at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Address::is_empty")]
    pub address: Address,
}

/// What was ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBody {
    /// What the customer was told: `#1042`.
    pub number: String,
    /// How they get it.
    pub hand_over: HandOver,
    /// The goods.
    pub lines: Vec<OrderLine>,
    /// What the channel says it comes to, with taxes and shipping.
    pub total: Money,
    /// Who gets it.
    #[serde(default)]
    pub recipient: Recipient,
    /// For the shop.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The parcel's number, once it is shipped.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tracking: String,
    /// When the customer ordered, milliseconds since 1970 UTC.
    pub ordered_ms: i64,
    /// What came back to the counter, by the ids of its tellings: each is counted once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<StockMoveId>,
}

#[cfg(test)]
mod tests {
    use super::{HandOver, OrderStatus};

    #[test]
    fn what_was_handed_over_or_given_up_never_changes_again() {
        for hand_over in [HandOver::Collect, HandOver::Ship] {
            for end in [OrderStatus::Collected, OrderStatus::Delivered, OrderStatus::Cancelled] {
                for next in OrderStatus::ALL {
                    assert!(!end.may_become(next, hand_over), "{end:?} {next:?}");
                }
            }
        }
    }

    #[test]
    fn goods_are_handed_over_in_the_way_that_was_ordered() {
        let ready = OrderStatus::Ready;
        assert!(ready.may_become(OrderStatus::Collected, HandOver::Collect));
        assert!(!ready.may_become(OrderStatus::Collected, HandOver::Ship));
        assert!(!ready.may_become(OrderStatus::Shipped, HandOver::Collect));
        assert!(!OrderStatus::New.may_become(OrderStatus::Shipped, HandOver::Ship));
    }
}
