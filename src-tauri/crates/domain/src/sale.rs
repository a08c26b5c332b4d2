//! The sale: a basket that was paid, frozen with every amount, so that nothing about it is ever
//! computed again.

use serde::{Deserialize, Serialize};

use crate::basket::{Basket, Coupon, Line, PriceOverride};
use crate::customer::CustomerRef;
use crate::ids::{HeldOrderId, ItemId, LineId, RegisterId, SaleId, ShiftId, VariantId};
use crate::label::Label;
use crate::money::{Money, MoneyError};
use crate::pricing::{Adjustment, AdjustmentKind, LineTax, Settled, SettledLine, TaxSum, due};
use crate::quantity::{Quantity, Unit};
use crate::returns::{Origin, ReturnLine};
use crate::rounding::TaxRounding;
use crate::staff::Actor;
use crate::tender::{Tender, TenderState};
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
    /// Who bought, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerRef>,
    /// The fiscal position that applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// How its taxes were rounded.
    #[serde(default, skip_serializing_if = "TaxRounding::is_default")]
    pub rounding: TaxRounding,
    /// What was sold, then what came back.
    pub lines: Vec<SaleLine>,
    /// By tax; the amounts add up to `tax`. Every tax that a line names is here.
    pub taxes: Vec<TaxSum>,
    /// Without tax.
    pub net: Money,
    /// All taxes.
    pub tax: Money,
    /// What the goods come to: net + tax. Below nothing if more came back than was bought.
    pub total: Money,
    /// What reductions took off, label side; never negative.
    pub discount: Money,
    /// What the customer gave on top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Money>,
    /// How it was paid; the amounts add up to total and tip.
    pub tenders: Vec<Tender>,
    /// Cash handed back.
    pub change: Money,
    /// The held order that it completes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<HeldOrderId>,
    /// The coupons that it used up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Coupon>,
}

impl Sale {
    /// What cash rounding added (or, below nothing, took off).
    ///
    /// # Errors
    /// Too large.
    pub fn cash_rounding(&self) -> Result<Money, MoneyError> {
        Money::sum(self.total.currency(), self.tenders.iter().map(|tender| tender.rounding))
    }

    /// True if more came back than was bought.
    pub const fn is_refund(&self) -> bool {
        self.total.is_negative()
    }
}

/// A line of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// Its id, that of the basket's line.
    pub id: LineId,
    /// The item.
    pub item: ItemId,
    /// Its variant.
    pub variant: VariantId,
    /// Name with options, as printed.
    pub name: String,
    /// The shop's own article number.
    pub sku: Option<String>,
    /// The item's category then.
    pub category: Option<String>,
    /// What one of it is.
    pub unit: Unit,
    /// How much; below nothing for what came back.
    pub quantity: Quantity,
    /// The catalogue's price for one unit, if it had one.
    pub list_price: Option<Money>,
    /// The price for one unit that was asked, before reductions; never negative.
    pub unit_price: Money,
    /// Why it was set by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_reason: Option<String>,
    /// For the customer or the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Unit price × quantity, rounded once.
    pub gross: Money,
    /// Every rule that touched the price, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub total: Money,
    /// Each tax.
    pub taxes: Vec<LineTax>,
    /// Whether it took from stock, or gives back to it.
    pub tracks_stock: bool,
    /// What one unit cost the shop when it was sold, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
    /// The code of the gift card that it sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<String>,
    /// What the label of the very piece said.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
    /// The sold line that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Why it came back; empty for a line that was sold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub return_reason: String,
}

impl SaleLine {
    fn sold(line: &Line, settled: SettledLine) -> Self {
        Self {
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
            gross: settled.gross,
            adjustments: settled.adjustments,
            net: settled.net,
            total: settled.total,
            taxes: settled.taxes,
            tracks_stock: line.sellable.tracks_stock,
            unit_cost: line.sellable.unit_cost,
            gift_card: line.gift_card.clone(),
            label: line.label.clone(),
            origin: None,
            return_reason: String::new(),
        }
    }

    fn taken_back(line: &ReturnLine, sums: &[TaxSum]) -> Self {
        let taxes = line.taxes.iter().map(|part| {
            let definition = line.tax_defs.iter().find(|tax| tax.code == part.code);
            definition.map_or_else(|| part.clone(), |tax| part.clone().defined_by(tax, sums))
        });
        Self {
            id: line.id,
            item: line.item,
            variant: line.variant,
            name: line.name.clone(),
            sku: line.sku.clone(),
            category: line.category.clone(),
            unit: line.unit,
            quantity: line.quantity.negated(),
            list_price: None,
            unit_price: line.unit_price,
            price_reason: None,
            note: None,
            gross: line.gross,
            adjustments: line.adjustments.clone(),
            net: line.net,
            total: line.total,
            taxes: taxes.collect(),
            tracks_stock: line.tracks_stock,
            unit_cost: line.unit_cost,
            gift_card: line.gift_card.clone(),
            label: Label::default(),
            origin: line.origin.clone(),
            return_reason: line.reason.clone(),
        }
    }
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
    /// How the shop rounds taxes.
    pub rounding: TaxRounding,
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
    /// A payment that is announced has not come in.
    #[error("a payment of {amount} has not come in yet: confirm it, or take it back")]
    Pending {
        /// How much.
        amount: Money,
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
        if basket.lines().is_empty() && basket.returns().is_empty() {
            return Err(SaleError::Empty);
        }
        let due = due(basket, &settled)?;
        if !due.is_zero() {
            return Err(SaleError::NotPaid { due });
        }
        if let Some(tender) = basket.tenders().iter().find(|t| t.state == TenderState::Pending) {
            return Err(SaleError::Pending { amount: tender.amount });
        }
        let mut change = Money::zero(settled.total.currency());
        for tender in basket.tenders() {
            change = change.plus(tender.change()?)?;
        }
        let taxes = settled.taxes;
        let sold = basket.lines().iter().zip(settled.lines);
        let lines = sold
            .map(|(line, settled)| SaleLine::sold(line, settled))
            .chain(basket.returns().iter().map(|line| SaleLine::taken_back(line, &taxes)));
        let lines: Vec<SaleLine> = lines.collect();
        // One that was shown for nothing can be used another day.
        let coupons = basket.coupons().iter().filter(|c| took_off(c, &lines)).cloned().collect();
        Ok(Self {
            id: basket.id().into(),
            register: facts.register,
            receipt: facts.receipt,
            shift: facts.shift,
            business_day: facts.business_day,
            at: facts.at,
            actor: facts.actor,
            customer: basket.customer().cloned(),
            position: basket.position().map(str::to_owned),
            rounding: facts.rounding,
            lines,
            taxes,
            net: settled.net,
            tax: settled.tax,
            total: settled.total,
            discount: settled.discount,
            tip: basket.tip(),
            tenders: basket.tenders().to_vec(),
            change,
            order: basket.order,
            coupons,
        })
    }
}

/// Whether a coupon took something off any line.
fn took_off(coupon: &Coupon, lines: &[SaleLine]) -> bool {
    let mut rules = lines.iter().flat_map(|line| &line.adjustments);
    rules.any(|rule| rule.kind == AdjustmentKind::Coupon && rule.id == coupon.code)
}
