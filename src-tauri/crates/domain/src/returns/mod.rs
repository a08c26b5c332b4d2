//! Returns: what comes back, at what was paid for it. Nothing is computed from prices again; every
//! amount is a share of the amount that the sale stored.

mod payments;
mod shares;

use serde::{Deserialize, Serialize};

pub use self::payments::{TenderLeft, tender_shares};

use self::shares::Given;
use crate::basket::Line;
use crate::ids::{ItemId, LineId, SaleId, VariantId};
use crate::money::{Money, MoneyError};
use crate::pricing::{Adjustment, LineTax, SettledLine};
use crate::quantity::{Quantity, QuantityError, Unit};
use crate::sale::{Sale, SaleLine};
use crate::tax::Tax;

/// The sold line that something comes back from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The sale.
    pub sale: SaleId,
    /// Its receipt's number, as printed.
    pub receipt: String,
    /// The line.
    pub line: LineId,
}

/// Something that comes back. Amounts are below nothing, quantity and unit price are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Its id.
    pub id: LineId,
    /// Where it was sold; none without a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
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
    /// How much comes back; above nothing.
    pub quantity: Quantity,
    /// What was asked for one unit; never negative.
    pub unit_price: Money,
    /// Its share of unit price × quantity; below nothing.
    pub gross: Money,
    /// Its share of every rule that touched the price, the other way round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Without tax; below nothing.
    pub net: Money,
    /// With tax; below nothing.
    pub total: Money,
    /// Each tax; below nothing.
    pub taxes: Vec<LineTax>,
    /// The taxes as they were.
    pub tax_defs: Vec<Tax>,
    /// Whether it goes back to stock.
    pub tracks_stock: bool,
    /// What one unit had cost the shop when it was sold, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Money>,
    /// The code of the gift card that was sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<String>,
    /// Why.
    pub reason: String,
}

/// What is left of a sold line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returnable {
    /// Which line.
    pub line: LineId,
    /// How much of it.
    pub quantity: Quantity,
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub total: Money,
    /// Each tax.
    pub taxes: Vec<LineTax>,
}

/// What a return is refused for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReturnError {
    /// No such line on that receipt.
    #[error("that line is not on receipt {receipt}: choose one of its lines")]
    NoSuchLine {
        /// The receipt.
        receipt: String,
    },
    /// What came back cannot come back again.
    #[error("\"{name}\" came back on this receipt: it was not sold here, find the sale itself")]
    IsAReturn {
        /// The item.
        name: String,
    },
    /// More than was sold and has not come back.
    #[error("{asked} of \"{name}\" cannot come back: {left} of {sold} are left on this receipt")]
    MoreThanLeft {
        /// The item.
        name: String,
        /// What was asked for, with its unit.
        asked: String,
        /// What is left, with its unit.
        left: String,
        /// What was sold, with its unit.
        sold: String,
    },
    /// Everything came back already.
    #[error("all of \"{name}\" has come back already")]
    NothingLeft {
        /// The item.
        name: String,
    },
    /// Another refund came between.
    #[error("\"{name}\" was refunded elsewhere meanwhile: remove the return and choose it again")]
    OutOfDate {
        /// The item.
        name: String,
    },
    /// A sale that does not know one of its own taxes.
    #[error("receipt {receipt} does not say what tax \"{code}\" was: refund it without receipt")]
    UnknownTax {
        /// The receipt.
        receipt: String,
        /// The tax's code.
        code: String,
    },
    /// The quantity cannot come back.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What of each sold line has not come back yet, in the order of the receipt; also lines of which
/// nothing is left. `refunds` are the sales that took something of this one back, `open` are the
/// returns of a basket.
///
/// # Errors
/// Too large.
pub fn returnable(
    sale: &Sale,
    refunds: &[Sale],
    open: &[ReturnLine],
) -> Result<Vec<Returnable>, ReturnError> {
    let sold = sale.lines.iter().filter(|line| is_sold(line));
    sold.map(|line| {
        let given = Given::of(sale, line, refunds, open)?;
        let mut taxes = line.taxes.clone();
        for (tax, given) in taxes.iter_mut().zip(&given.taxes) {
            tax.base = tax.base.minus(given.base)?;
            tax.amount = tax.amount.minus(given.amount)?;
        }
        Ok(Returnable {
            line: line.id,
            quantity: given.left_of(line),
            net: line.net.minus(given.net)?,
            total: line.total.minus(given.total)?,
            taxes,
        })
    })
    .collect()
}

/// Takes `quantity` of a sold line back, at its share of what was paid. Each amount given back so
/// far, this one included, is the exact share rounded once; so the last of a line takes what
/// remains, and any order of any parts comes to exactly what was paid.
///
/// # Errors
/// See [`ReturnError`].
pub fn give_back(
    sale: &Sale,
    refunds: &[Sale],
    in_basket: &[ReturnLine],
    line: LineId,
    quantity: Quantity,
    id: LineId,
    reason: &str,
) -> Result<ReturnLine, ReturnError> {
    let receipt = || sale.receipt.to_string();
    let sold = sale.lines.iter().find(|sold| sold.id == line);
    let sold = sold.ok_or_else(|| ReturnError::NoSuchLine { receipt: receipt() })?;
    if !is_sold(sold) {
        return Err(ReturnError::IsAReturn { name: sold.name.clone() });
    }
    let quantity = quantity.for_line(sold.unit)?;
    let given = Given::of(sale, sold, refunds, in_basket)?;
    enough_left(sold, &given, quantity)?;
    let shares = shares::of(sold, &given, quantity)?;
    let definition = |tax: &LineTax| {
        tax.definition(&sale.taxes)
            .cloned()
            .ok_or_else(|| ReturnError::UnknownTax { receipt: receipt(), code: tax.code.clone() })
    };
    Ok(ReturnLine {
        id,
        origin: Some(Origin { sale: sale.id, receipt: receipt(), line }),
        item: sold.item,
        variant: sold.variant,
        name: sold.name.clone(),
        sku: sold.sku.clone(),
        category: sold.category.clone(),
        unit: sold.unit,
        quantity,
        unit_price: sold.unit_price,
        gross: shares.gross.negated(),
        adjustments: mirrored(&sold.adjustments, &shares.adjustments),
        net: shares.net.negated(),
        total: shares.total.negated(),
        taxes: shares.taxes.iter().map(negated).collect(),
        tax_defs: sold.taxes.iter().map(definition).collect::<Result<_, _>>()?,
        tracks_stock: sold.tracks_stock,
        unit_cost: sold.unit_cost,
        gift_card: sold.gift_card.clone(),
        reason: reason.trim().to_owned(),
    })
}

/// Takes something back without a receipt: a line as it would be sold, the other way round. `taxes`
/// are the definitions of the taxes that the settled line names.
pub fn without_receipt(
    line: &Line,
    settled: &SettledLine,
    taxes: &[Tax],
    id: LineId,
    reason: &str,
) -> ReturnLine {
    let amounts: Vec<Money> = settled.adjustments.iter().map(|one| one.amount).collect();
    let of_line = taxes.iter().filter(|tax| settled.taxes.iter().any(|one| one.code == tax.code));
    ReturnLine {
        id,
        origin: None,
        item: line.sellable.item,
        variant: line.sellable.variant,
        name: line.sellable.name.clone(),
        sku: line.sellable.sku.clone(),
        category: line.sellable.category.clone(),
        unit: line.sellable.unit,
        quantity: line.quantity,
        unit_price: settled.unit_price,
        gross: settled.gross.negated(),
        adjustments: mirrored(&settled.adjustments, &amounts),
        net: settled.net.negated(),
        total: settled.total.negated(),
        taxes: settled.taxes.iter().map(negated).collect(),
        tax_defs: of_line.cloned().collect(),
        tracks_stock: line.sellable.tracks_stock,
        unit_cost: line.sellable.unit_cost,
        gift_card: line.gift_card.clone(),
        reason: reason.trim().to_owned(),
    }
}

/// Checks the returns of a basket once more before it becomes a sale: another register may have
/// taken the same goods back meanwhile. Returns of other sales are passed over.
///
/// # Errors
/// See [`ReturnError`].
pub fn check(
    basket_returns: &[ReturnLine],
    sale: &Sale,
    refunds: &[Sale],
) -> Result<(), ReturnError> {
    let mut seen = Vec::new();
    for coming in basket_returns {
        let Some(origin) = coming.origin.as_ref().filter(|origin| origin.sale == sale.id) else {
            continue;
        };
        if seen.contains(&origin.line) {
            continue;
        }
        seen.push(origin.line);
        let sold = sale.lines.iter().find(|sold| sold.id == origin.line && is_sold(sold));
        let sold =
            sold.ok_or_else(|| ReturnError::NoSuchLine { receipt: sale.receipt.to_string() })?;
        let before = Given::of(sale, sold, refunds, &[])?;
        let after = Given::of(sale, sold, refunds, basket_returns)?;
        let coming_back = after.quantity.plus(before.quantity.negated());
        enough_left(sold, &before, coming_back)?;
        if !after.is_within(sold)? {
            return Err(ReturnError::OutOfDate { name: sold.name.clone() });
        }
    }
    Ok(())
}

fn is_sold(line: &SaleLine) -> bool {
    line.origin.is_none() && line.quantity.thousandths() > 0
}

fn enough_left(sold: &SaleLine, given: &Given, asked: Quantity) -> Result<(), ReturnError> {
    let left = given.left_of(sold);
    if left.thousandths() <= 0 {
        return Err(ReturnError::NothingLeft { name: sold.name.clone() });
    }
    if asked > left {
        let with_unit = |quantity: Quantity| match sold.unit.sign() {
            "" => quantity.to_string(),
            sign => format!("{quantity} {sign}"),
        };
        return Err(ReturnError::MoreThanLeft {
            name: sold.name.clone(),
            asked: with_unit(asked),
            left: with_unit(left),
            sold: with_unit(sold.quantity),
        });
    }
    Ok(())
}

fn negated(tax: &LineTax) -> LineTax {
    LineTax { nth: 0, base: tax.base.negated(), amount: tax.amount.negated(), ..tax.clone() }
}

fn mirrored(adjustments: &[Adjustment], amounts: &[Money]) -> Vec<Adjustment> {
    let pairs = adjustments.iter().zip(amounts);
    pairs
        .map(|(adjustment, amount)| Adjustment { amount: amount.negated(), ..adjustment.clone() })
        .collect()
}
