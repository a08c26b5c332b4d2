//! The sale: a basket that was paid, frozen with every amount, so that nothing about it is ever
//! computed again.

use serde::{Deserialize, Serialize};

use crate::basket::{Basket, PriceOverride};
use crate::ids::{ItemId, LineId, RegisterId, SaleId, ShiftId, VariantId};
use crate::money::{Money, MoneyError};
use crate::pricing::{LineTax, Settled, TaxSum, due};
use crate::quantity::{Quantity, Unit};
use crate::staff::Actor;
use crate::tender::Tender;
use crate::time::{BusinessDay, Timestamp};

/// A receipt's number: the register's own series, without a gap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReceiptNumber {
    /// The register's short name, such as `T1`.
    pub series: String,
    /// 1, 2, 3 and so on.
    pub sequence: i64,
}

/// `T1-1042`.
impl std::fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.series, self.sequence)
    }
}

/// A completed sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Its id, that of the basket.
    pub id: SaleId,
    /// The register that made it.
    pub register: RegisterId,
    /// What the receipt says.
    pub receipt: ReceiptNumber,
    /// The shift that it belongs to.
    pub shift: ShiftId,
    /// The day in the books.
    pub business_day: BusinessDay,
    /// When it was paid.
    pub at: Timestamp,
    /// Who sold.
    pub actor: Actor,
    /// What was sold.
    pub lines: Vec<SaleLine>,
    /// By tax; the amounts add up to `tax`.
    pub taxes: Vec<TaxSum>,
    /// Without tax.
    pub net: Money,
    /// All taxes.
    pub tax: Money,
    /// What was paid: net + tax.
    pub total: Money,
    /// How; the amounts add up to `total`.
    pub tenders: Vec<Tender>,
    /// Cash handed back.
    pub change: Money,
}

/// A line of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// Its id in the basket.
    pub id: LineId,
    /// The item.
    pub item: ItemId,
    /// Its variant.
    pub variant: VariantId,
    /// As printed.
    pub name: String,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// The category then.
    pub category: Option<String>,
    /// What one of it is.
    pub unit: Unit,
    /// How much.
    pub quantity: Quantity,
    /// The catalogue's price for one unit, if it had one.
    pub list_price: Option<Money>,
    /// The price for one unit that was asked.
    pub unit_price: Money,
    /// Why it differs from the list price.
    pub price_reason: Option<String>,
    /// For the customer or the kitchen.
    pub note: Option<String>,
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub total: Money,
    /// Each tax.
    pub taxes: Vec<LineTax>,
    /// Whether it took from stock.
    pub tracks_stock: bool,
}

/// The facts that a sale has besides its basket.
#[derive(Clone, Debug)]
pub struct SaleFacts {
    /// The register.
    pub register: RegisterId,
    /// The next number of its series.
    pub receipt: ReceiptNumber,
    /// The open shift.
    pub shift: ShiftId,
    /// That shift's day.
    pub business_day: BusinessDay,
    /// Now.
    pub at: Timestamp,
    /// Who sells.
    pub actor: Actor,
}

/// Why a basket is not yet a sale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaleError {
    /// Nothing in it.
    #[error("the basket is empty: scan or choose something first")]
    Empty,
    /// Not paid in full.
    #[error("{due} is left to pay")]
    NotPaid {
        /// How much is missing.
        due: Money,
    },
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Sale {
    /// Closes a paid basket.
    ///
    /// # Errors
    /// Empty, or not paid to the last unit.
    pub fn close(basket: &Basket, settled: Settled, facts: SaleFacts) -> Result<Self, SaleError> {
        if basket.lines().is_empty() {
            return Err(SaleError::Empty);
        }
        let due = due(basket, &settled)?;
        if !due.is_zero() {
            return Err(SaleError::NotPaid { due });
        }
        let mut change = Money::zero(settled.total.currency());
        for tender in basket.tenders() {
            change = change.plus(tender.change()?)?;
        }
        let lines = basket.lines().iter().zip(settled.lines).map(|(line, settled)| SaleLine {
            id: line.id,
            item: line.sellable.item,
            variant: line.sellable.variant,
            name: line.sellable.name.clone(),
            sku: line.sellable.sku.clone(),
            category: line.sellable.category.clone(),
            unit: line.sellable.unit,
            quantity: line.quantity,
            list_price: line.sellable.price,
            unit_price: settled.unit_price,
            price_reason: line
                .price_override
                .as_ref()
                .map(|PriceOverride { reason, .. }| reason.clone()),
            note: line.note.clone(),
            net: settled.net,
            total: settled.total,
            taxes: settled.taxes,
            tracks_stock: line.sellable.tracks_stock,
        });
        Ok(Self {
            id: basket.id().into(),
            register: facts.register,
            receipt: facts.receipt,
            shift: facts.shift,
            business_day: facts.business_day,
            at: facts.at,
            actor: facts.actor,
            lines: lines.collect(),
            taxes: settled.taxes,
            net: settled.net,
            tax: settled.tax,
            total: settled.total,
            tenders: basket.tenders().to_vec(),
            change,
        })
    }
}
