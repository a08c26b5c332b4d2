//! The basket: a sale that is still open. Every change can be undone; nothing here knows a total.

mod change;
mod error;
mod held;

use serde::{Deserialize, Serialize};

pub use self::change::{Change, Step, StepKind};
pub use self::error::BasketError;
pub use self::held::Renewed;

use crate::customer::CustomerRef;
use crate::discount::Discount;
use crate::ids::{BasketId, HeldOrderId, LineId, TenderId, VariantId};
use crate::item::Sellable;
use crate::label::Label;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::returns::ReturnLine;
use crate::tender::{Tender, TenderState};
use crate::time::Timestamp;

/// One line: a variant as it was when it was added, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id; kept by the sale.
    pub id: LineId,
    /// What is sold, frozen: a later price change does not reach into an open basket.
    pub sellable: Sellable,
    /// How much; always positive.
    pub quantity: Quantity,
    /// Another price for one unit, and why.
    pub price_override: Option<PriceOverride>,
    /// For the customer or the kitchen.
    pub note: Option<String>,
    /// What comes off this line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// The code of the gift card that this line sells; then it is no revenue but a debt of the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<String>,
    /// What the label of the very piece says.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
}

/// A price set at the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceOverride {
    /// For one unit.
    pub price: Money,
    /// Why, as printed; empty for an item without a price of its own.
    pub reason: String,
}

impl Line {
    /// The price of one unit: the override, else the catalogue's.
    pub fn unit_price(&self) -> Option<Money> {
        self.price_override.as_ref().map(|o| o.price).or(self.sellable.price)
    }

    fn takes_more_of(&self, variant: VariantId) -> bool {
        self.sellable.variant == variant
            && !self.sellable.unit.is_divisible()
            && self.price_override.is_none()
            && self.note.is_none()
            && self.discount.is_none()
            && self.gift_card.is_none()
            && self.label.is_empty()
    }
}

/// A coupon that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    /// What is printed on it.
    pub code: String,
    /// The promotion that it opens.
    pub promotion: String,
}

/// What holds for the basket as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Terms {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    coupons: Vec<Coupon>,
}

impl Terms {
    const fn are_usual(&self) -> bool {
        self.customer.is_none()
            && self.position.is_none()
            && self.discount.is_none()
            && self.coupons.is_empty()
    }
}

/// An open sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    id: BasketId,
    lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    returns: Vec<ReturnLine>,
    #[serde(default, skip_serializing_if = "Terms::are_usual")]
    terms: Terms,
    tenders: Vec<Tender>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tip: Option<Money>,
    /// The held order that it was taken up from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<HeldOrderId>,
    /// From the first payment on, prices are those of that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    priced_at: Option<Timestamp>,
    /// Whether a payment was ever taken: from then on, what is removed is written into the journal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    tendered: bool,
    /// For a quote that was taken up after its day: its prices are today's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renewed: Option<Renewed>,
    /// Set while it waits for its customer to come back.
    pub parked: Option<Parked>,
    steps: Vec<Step>,
}

/// A basket that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// What the cashier calls it: `Blue coat`; empty for none.
    pub label: String,
}

impl Basket {
    /// More than any real trolley; a limit so that a stuck scanner key cannot fill the memory.
    pub const MAX_LINES: usize = 1_000;
    /// Characters of a note.
    pub const MAX_NOTE: usize = 500;
    /// Changes that can be taken back.
    pub const MAX_STEPS: usize = 20;
    /// Coupons shown at once.
    pub const MAX_COUPONS: usize = 20;

    /// An empty basket.
    pub const fn new(id: BasketId) -> Self {
        Self {
            id,
            lines: Vec::new(),
            returns: Vec::new(),
            terms: Terms { customer: None, position: None, discount: None, coupons: Vec::new() },
            tenders: Vec::new(),
            tip: None,
            order: None,
            priced_at: None,
            tendered: false,
            renewed: None,
            parked: None,
            steps: Vec::new(),
        }
    }

    /// Its id; the sale's too, once paid.
    pub const fn id(&self) -> BasketId {
        self.id
    }

    /// Its lines, in the order in which they came.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What comes back, in the order in which it came.
    pub fn returns(&self) -> &[ReturnLine] {
        &self.returns
    }

    /// Who buys.
    pub const fn customer(&self) -> Option<&CustomerRef> {
        self.terms.customer.as_ref()
    }

    /// The fiscal position: the basket's own, else the customer's.
    pub fn position(&self) -> Option<&str> {
        let customers = || self.customer().and_then(|customer| customer.position.as_deref());
        self.terms.position.as_deref().or_else(customers)
    }

    /// What comes off the whole basket.
    pub const fn discount(&self) -> Option<&Discount> {
        self.terms.discount.as_ref()
    }

    /// The coupons that were shown.
    pub fn coupons(&self) -> &[Coupon] {
        &self.terms.coupons
    }

    /// What the customer gives on top.
    pub const fn tip(&self) -> Option<Money> {
        self.tip
    }

    /// The moment whose prices hold; none while they follow the clock.
    pub const fn priced_at(&self) -> Option<Timestamp> {
        self.priced_at
    }

    /// Whether a payment was ever taken for it.
    pub const fn was_tendered(&self) -> bool {
        self.tendered
    }

    /// What was paid so far.
    pub fn tenders(&self) -> &[Tender] {
        &self.tenders
    }

    /// The change that [`Basket::undo`] would take back.
    pub fn last_step(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// True when there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.returns.is_empty() && self.tenders.is_empty()
    }

    /// Adds a payment. What may be paid is [`crate::tender`]'s to say. With the first one, prices
    /// stand still: a happy hour that ends between two payments changes nothing.
    pub fn add_tender(&mut self, tender: Tender, at: Timestamp) {
        self.tenders.push(tender);
        self.priced_at.get_or_insert(at);
        self.tendered = true;
    }

    /// Takes a payment back and returns it.
    pub fn remove_tender(&mut self, id: TenderId) -> Option<Tender> {
        let index = self.tenders.iter().position(|tender| tender.id == id)?;
        let tender = self.tenders.remove(index);
        // What was agreed for a held order still holds.
        if self.tenders.is_empty() && self.order.is_none() {
            self.priced_at = None;
        }
        Some(tender)
    }

    /// A payment that waited has come in; false if there is none such.
    pub fn confirm_tender(&mut self, id: TenderId) -> bool {
        match self.tenders.iter_mut().find(|tender| tender.id == id) {
            None => false,
            Some(tender) => {
                tender.state = TenderState::Taken;
                true
            }
        }
    }

    /// Sets or clears the tip: a matter of paying, so it may change while a part is paid.
    ///
    /// # Errors
    /// [`BasketError::NegativeTip`].
    pub fn set_tip(&mut self, tip: Option<Money>) -> Result<(), BasketError> {
        if tip.is_some_and(Money::is_negative) {
            return Err(BasketError::NegativeTip);
        }
        self.tip = tip.filter(|tip| !tip.is_zero());
        Ok(())
    }
}
