//! What a basket needs to wait as a held order, and to be taken up again.

use serde::{Deserialize, Serialize};

use super::{Basket, Coupon};
use crate::ids::{LineId, VariantId};
use crate::item::Sellable;
use crate::money::Money;
use crate::tender::{Tender, TenderKind};
use crate::time::Timestamp;

/// That prices are not those that were agreed: the quote was taken up after its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// What everything came to when it was agreed.
    pub agreed: Money,
    /// The lines that came to something else then, and how much.
    pub lines: Vec<(LineId, Money)>,
}

impl Basket {
    /// True while a payment of this basket itself is in it, be it only announced. What was paid
    /// earlier on its held order is no reason to keep the goods as they are.
    pub fn is_being_paid(&self) -> bool {
        self.tenders.iter().any(|tender| tender.kind != TenderKind::Deposit)
    }

    /// Takes in what was paid on its held order, in place of what it knew of that before. Prices
    /// stay as they are.
    pub fn take_deposits(&mut self, deposits: Vec<Tender>) {
        self.tenders.retain(|tender| tender.kind != TenderKind::Deposit);
        self.tenders.extend(deposits);
    }

    /// From now on, books and promotions are those of that moment: what was agreed then holds.
    pub const fn keep_prices_of(&mut self, at: Timestamp) {
        self.priced_at = Some(at);
    }

    /// Gives every line the price and the name of today, where `today` knows the variant, and lets
    /// books and promotions follow the clock again. Prices set by hand stay.
    pub fn renew_prices(&mut self, mut today: impl FnMut(VariantId) -> Option<Sellable>) {
        for line in self.lines.iter_mut().filter(|line| line.gift_card.is_none()) {
            let renewed = today(line.sellable.variant);
            // Without a price of its own any more, it keeps the one that was agreed.
            let renewed = renewed.filter(|s| s.price.is_some() || line.price_override.is_some());
            if let Some(sellable) = renewed {
                line.sellable = sellable;
            }
        }
        self.priced_at = None;
    }

    /// What is different from what was agreed, for a quote that was taken up late.
    pub const fn renewed(&self) -> Option<&Renewed> {
        self.renewed.as_ref()
    }

    /// Says what is different from what was agreed; none once something new is agreed.
    pub fn set_renewed(&mut self, renewed: Option<Renewed>) {
        self.renewed = renewed;
    }

    /// Takes out every coupon that does not count any more, without a step to undo.
    pub fn keep_coupons(&mut self, counts: impl FnMut(&Coupon) -> bool) {
        self.terms.coupons.retain(counts);
    }

    /// Forgets what could be taken back: another day, nobody remembers what the last change was.
    pub fn forget_steps(&mut self) {
        self.steps.clear();
    }
}
