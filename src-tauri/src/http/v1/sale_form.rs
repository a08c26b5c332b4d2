//! Sales, as the API writes them: whole, as they were paid.

use countertop_domain::pricing::Adjustment;
use countertop_domain::sale::{Sale as Sold, SaleLine as SoldLine};
use countertop_domain::tender::{Tender, TenderKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::moment::Moment;
use super::money::Amount;

/// Who bought, as the receipt shows them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleCustomer {
    /// Their id; it may be one that was merged into another's since.
    id: Uuid,
    /// As printed.
    name: String,
}

/// A tax of a sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleTax {
    /// Its code.
    code: String,
    /// As printed.
    name: String,
    /// The percentage, or the amount for each unit.
    #[schema(example = "20")]
    rate: String,
    /// What it was taken on.
    base: Amount,
    /// How much.
    amount: Amount,
}

/// A tax of a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleLineTax {
    /// Its code.
    code: String,
    /// What it was taken on.
    base: Amount,
    /// How much.
    amount: Amount,
}

/// What a rule did to the price of a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleAdjustment {
    /// Which kind of rule.
    #[schema(example = "promotion")]
    kind: String,
    /// Of the price book or the promotion; may be empty.
    id: String,
    /// As printed; may be empty.
    name: String,
    /// Below nothing takes off.
    amount: Amount,
}

impl SaleAdjustment {
    fn of(rule: Adjustment) -> Self {
        let kind = serde_json::to_value(rule.kind).ok();
        let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
        Self { kind, id: rule.id, name: rule.name, amount: rule.amount.into() }
    }
}

/// The sold line that a line takes back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleOrigin {
    /// The sale.
    sale_id: Uuid,
    /// Its line.
    line_id: Uuid,
    /// Its receipt.
    receipt_number: String,
}

/// A line of a sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleLine {
    /// Its id.
    id: Uuid,
    /// The product.
    product_id: Uuid,
    /// Its variant.
    variant_id: Uuid,
    /// As printed.
    name: String,
    /// The shop's own article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    /// The category then.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// What one of it is.
    #[schema(example = "piece")]
    unit: String,
    /// How much; below nothing for what came back.
    #[schema(example = "0.642")]
    quantity: String,
    /// The catalogue's price of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price: Option<Amount>,
    /// What was asked for one unit, before reductions.
    unit_price: Amount,
    /// Why it was set by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_reason: Option<String>,
    /// For the customer or the kitchen.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Unit price times quantity.
    gross: Amount,
    /// Every rule that touched the price, in order.
    adjustments: Vec<SaleAdjustment>,
    /// Without tax.
    net: Amount,
    /// With tax.
    total: Amount,
    /// Each tax.
    taxes: Vec<SaleLineTax>,
    /// The end of the code of the gift card that it sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    gift_card: Option<String>,
    /// The sold line that it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<SaleOrigin>,
    /// Why it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_reason: Option<String>,
}

/// A payment of a sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleTender {
    /// Its id.
    id: Uuid,
    /// How.
    #[schema(example = "cash")]
    kind: String,
    /// The name of the shop's own kind, or of the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What counts towards total and tip; below nothing for what was paid out.
    amount: Amount,
    /// What was handed over.
    received: Amount,
    /// What cash rounding added, or took off.
    rounding: Amount,
    /// What tells where it came from. Of a card or a credit that whoever has the code may spend, only
    /// the end of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// The kind of card.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// The last four digits of the card's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<String>,
    /// The authorisation code of the card's bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_code: Option<String>,
    /// The payment of an earlier sale that this one pays back.
    #[serde(skip_serializing_if = "Option::is_none")]
    refunds: Option<Uuid>,
}

/// Names a sale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SaleRef {
    /// Its id.
    id: Uuid,
    /// Its receipt.
    receipt_number: String,
}

/// A sale, or a refund: a sale that comes to less than nothing. It never changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Sale {
    /// Its id.
    pub(super) id: Uuid,
    /// The receipt's number; a register's series has no gap.
    #[schema(example = "T1-1042")]
    receipt_number: String,
    /// When it was paid.
    at: Moment,
    /// The day in the books.
    #[schema(example = "2026-03-01")]
    business_day: String,
    /// Who sold.
    cashier: String,
    /// The shift that it belongs to.
    shift_id: Uuid,
    /// Who bought, if they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<SaleCustomer>,
    /// The held order that it completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_order_id: Option<Uuid>,
    /// The fiscal position that applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    fiscal_position: Option<String>,
    /// What was sold, then what came back.
    lines: Vec<SaleLine>,
    /// By tax.
    taxes: Vec<SaleTax>,
    /// How it was paid.
    tenders: Vec<SaleTender>,
    /// Without tax.
    net: Amount,
    /// All taxes.
    tax: Amount,
    /// What the goods came to.
    total: Amount,
    /// What reductions took off.
    discount: Amount,
    /// What the customer gave on top.
    tip: Amount,
    /// Cash handed back.
    change: Amount,
    /// The tickets that took goods of it back; only where one sale is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    refunded_by: Option<Vec<SaleRef>>,
}

impl Sale {
    pub(super) fn of(sale: Sold) -> Self {
        let nothing = countertop_domain::money::Money::zero(sale.total.currency());
        Self {
            id: sale.id.uuid(),
            receipt_number: sale.receipt.to_string(),
            at: Moment::of(sale.at.utc_ms),
            business_day: sale.business_day.to_string(),
            cashier: sale.actor.name,
            shift_id: sale.shift.uuid(),
            customer: sale
                .customer
                .map(|customer| SaleCustomer { id: customer.id.uuid(), name: customer.name }),
            held_order_id: sale.order.map(|order| order.uuid()),
            fiscal_position: sale.position,
            lines: sale.lines.into_iter().map(line).collect(),
            taxes: sale
                .taxes
                .into_iter()
                .map(|sum| SaleTax {
                    rate: sum.tax.rate_text(),
                    code: sum.tax.code,
                    name: sum.tax.name,
                    base: sum.base.into(),
                    amount: sum.amount.into(),
                })
                .collect(),
            tenders: sale.tenders.into_iter().map(tender).collect(),
            net: sale.net.into(),
            tax: sale.tax.into(),
            total: sale.total.into(),
            discount: sale.discount.into(),
            tip: sale.tip.unwrap_or(nothing).into(),
            change: sale.change.into(),
            refunded_by: None,
        }
    }

    /// The same with what took goods of it back.
    pub(super) fn with_refunds(sale: Sold, refunds: &[Sold]) -> Self {
        let refs = refunds.iter().map(|refund| SaleRef {
            id: refund.id.uuid(),
            receipt_number: refund.receipt.to_string(),
        });
        Self { refunded_by: Some(refs.collect()), ..Self::of(sale) }
    }
}

fn line(line: SoldLine) -> SaleLine {
    SaleLine {
        id: line.id.uuid(),
        product_id: line.item.uuid(),
        variant_id: line.variant.uuid(),
        name: line.name,
        sku: line.sku,
        category: line.category,
        unit: line.unit.name().to_owned(),
        quantity: line.quantity.to_string(),
        list_price: line.list_price.map(Amount::from),
        unit_price: line.unit_price.into(),
        price_reason: line.price_reason,
        note: line.note,
        gross: line.gross.into(),
        adjustments: line.adjustments.into_iter().map(SaleAdjustment::of).collect(),
        net: line.net.into(),
        total: line.total.into(),
        taxes: line
            .taxes
            .into_iter()
            .map(|tax| SaleLineTax {
                code: tax.code,
                base: tax.base.into(),
                amount: tax.amount.into(),
            })
            .collect(),
        gift_card: line.gift_card.as_deref().map(end_of),
        origin: line.origin.map(|origin| SaleOrigin {
            sale_id: origin.sale.uuid(),
            line_id: origin.line.uuid(),
            receipt_number: origin.receipt,
        }),
        return_reason: Some(line.return_reason).filter(|reason| !reason.is_empty()),
    }
}

fn tender(tender: Tender) -> SaleTender {
    let spendable = matches!(tender.kind, TenderKind::GiftCard | TenderKind::StoreCredit);
    let reference = match tender.reference {
        Some(code) if spendable => Some(end_of(&code)),
        other => other,
    };
    let known = |text: String| Some(text).filter(|text| !text.is_empty());
    let (brand, last4, auth_code) = match tender.card {
        Some(card) => (known(card.brand), known(card.last_four), known(card.authorisation)),
        None => (None, None, None),
    };
    SaleTender {
        id: tender.id.uuid(),
        kind: tender.kind.name().to_owned(),
        name: tender.name,
        amount: tender.amount.into(),
        received: tender.received.into(),
        rounding: tender.rounding.into(),
        reference,
        brand,
        last4,
        auth_code,
        refunds: tender.refunds.map(|id| id.uuid()),
    }
}

/// The last four characters of a code that can be spent.
fn end_of(code: &str) -> String {
    let skip = code.chars().count().saturating_sub(4);
    format!("…{}", code.chars().skip(skip).collect::<String>())
}
