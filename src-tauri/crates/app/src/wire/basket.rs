//! The basket and what is done to it.

use countertop_domain::ids::{
    BasketId, CustomerId, HeldOrderId, ItemId, LineId, TenderId, VariantId,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::card::{AttemptView, CardView};
use super::price::{AdjustmentView, CouponView, DiscountView, ReductionView};
use super::returns::{OriginView, ReturnView};

/// A basket, priced.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BasketView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Goods that come back.
    pub returns: Vec<ReturnView>,
    /// Taxes, by tax.
    pub taxes: Vec<TaxView>,
    /// What promotions, coupons and discounts took off, each over all lines.
    pub reductions: Vec<ReductionView>,
    /// Who buys.
    pub customer: Option<BuyerView>,
    /// The fiscal position that applies: its id.
    pub position: Option<String>,
    /// What comes off the whole basket.
    pub discount: Option<DiscountView>,
    /// The coupons that were shown.
    pub coupons: Vec<CouponView>,
    /// The held order that it was taken up from.
    pub order: Option<HeldOrderBrief>,
    /// Set where prices are today's and not those that were agreed: a quote after its day.
    pub renewed: Option<RenewedView>,
    /// Everything; below nothing if more comes back than is bought.
    pub total: i64,
    /// What the customer gives on top.
    pub tip: i64,
    /// What was paid so far.
    pub tenders: Vec<TenderView>,
    /// What is left to pay, tip included; below nothing is to be paid out.
    pub due: i64,
    /// The same in cash, where the smallest coin is larger than the minor unit.
    pub cash_due: i64,
    /// Round amounts that a customer may hand over for what is due, the exact one first.
    pub quick_cash: Vec<QuickCash>,
    /// What Undo would take back; none if there is nothing.
    pub undo: Option<UndoView>,
    /// How many other baskets are parked.
    pub parked: u32,
    /// The payment at a terminal of which nobody knows yet what becomes: until then the basket can
    /// only be parked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub card: Option<AttemptView>,
}

/// Who buys.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BuyerView {
    /// Their id.
    #[ts(type = "string")]
    pub id: CustomerId,
    /// As printed.
    pub name: String,
    /// Groups that prices and promotions name.
    pub groups: Vec<String>,
    /// Pays no tax, by law.
    pub tax_exempt: bool,
}

/// The held order that a basket was taken up from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HeldOrderBrief {
    /// Its id.
    #[ts(type = "string")]
    pub id: HeldOrderId,
    /// Its number: `T1-H7`.
    pub number: String,
}

/// A quote that was taken up after its day: its prices are today's.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RenewedView {
    /// What it came to when it was agreed.
    pub agreed: i64,
    /// The lines that come to something else now.
    pub lines: Vec<RenewedLine>,
}

/// A line whose price is not what was agreed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RenewedLine {
    /// Which.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// What it came to when it was agreed.
    pub agreed: i64,
    /// What it comes to now.
    pub now: i64,
}

/// A line of a basket or a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LineView {
    /// Its id.
    #[ts(type = "string")]
    pub id: LineId,
    /// The variant.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// The item, for the tile's count.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// Its name.
    pub name: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: i64,
    /// The catalogue's price of one unit, where another one is asked.
    pub list_price: Option<i64>,
    /// Why.
    pub price_reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// Unit price times quantity.
    pub gross: i64,
    /// Every rule that touched the price, in order.
    pub adjustments: Vec<AdjustmentView>,
    /// What comes off this line by hand.
    pub discount: Option<DiscountView>,
    /// The code of the gift card that it sells.
    pub gift_card: Option<String>,
    /// The lot, as the label said.
    pub lot: Option<String>,
    /// The serial number, as the label said.
    pub serial: Option<String>,
    /// The last good day, as the label said: `2026-11-30`.
    pub best_before: Option<String>,
    /// The sold line that it takes back; then quantity and amounts are below nothing.
    pub origin: Option<OriginView>,
    /// Why it came back; empty for a line that was sold.
    pub return_reason: String,
    /// What the line comes to, tax included.
    pub total: i64,
}

/// A tax of the whole basket or sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaxView {
    /// As printed: `VAT`.
    pub name: String,
    /// The percentage, as text: `20`.
    pub rate: String,
    /// True if the prices contain it.
    pub inclusive: bool,
    /// What it was taken on.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// A payment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TenderView {
    /// Its id.
    #[ts(type = "string")]
    pub id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What it counts for; below nothing pays out.
    pub amount: i64,
    /// What was handed over.
    pub received: i64,
    /// What goes back.
    pub change: i64,
    /// What cash rounding added or took off.
    pub rounding: i64,
    /// What was paid back of it since, of what it counts for; nothing in an open basket.
    pub refunded: i64,
    /// True while it is announced and has not come in.
    pub pending: bool,
    /// Card code, voucher number, transfer reference and the like.
    pub reference: Option<String>,
    /// The name of a custom tender.
    pub name: Option<String>,
    /// Cash of another currency, as handed over.
    pub foreign: Option<ForeignView>,
    /// What a terminal told of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub card: Option<CardView>,
}

/// Cash of another currency.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ForeignView {
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of its minor unit.
    pub exponent: u32,
    /// What was handed over, in its minor units.
    pub received: i64,
    /// What one unit of it was worth.
    pub rate: String,
}

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PayWith {
    /// Coins and notes.
    Cash,
    /// A card on a terminal of its own.
    CardExternal,
    /// A card on a terminal that the register drives; taken by `card.start`.
    Card,
    /// Coins and notes of another currency.
    ForeignCash,
    /// A gift card.
    GiftCard,
    /// Store credit.
    StoreCredit,
    /// On the customer's account.
    OnAccount,
    /// A paper voucher of somebody else.
    Voucher,
    /// A bank transfer, by QR.
    BankTransfer,
    /// A wallet, by QR.
    Wallet,
    /// A deposit that was paid before.
    Deposit,
    /// A way to pay that the shop named itself.
    Custom,
}

/// An amount that a customer may hand over.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct QuickCash {
    /// The amount.
    pub amount: i64,
    /// The change that it gives.
    pub change: i64,
}

/// What Undo would take back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UndoView {
    /// `added`, `changed`, `removed` or `cleared`.
    #[ts(type = "\"added\" | \"changed\" | \"removed\" | \"cleared\"")]
    pub kind: countertop_domain::basket::StepKind,
    /// The item; empty for all.
    pub name: String,
}

/// Names a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BasketRequest {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
}

/// A scanned code.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// As the scanner gave it.
    pub code: String,
}

/// A basket after something came in, and the line that it came to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Added {
    /// The basket.
    pub basket: BasketView,
    /// The line to show.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// What the cashier should know of it, in words: its best-before day is over.
    pub warning: Option<String>,
}

/// A tap on a tile.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much, in thousandths; none for one.
    pub quantity: Option<i64>,
    /// The price of one unit, for an open price.
    pub price: Option<i64>,
}

/// Sets how much.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// In thousandths.
    pub quantity: i64,
}

/// Sets another price.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// For one unit; none takes the override back.
    pub price: Option<i64>,
    /// Why, as printed.
    pub reason: String,
}

/// Sets or clears a note.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetNote {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// Empty clears it.
    pub note: String,
}

/// Names a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Parks a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Park {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// A word to know it by; may be empty.
    pub label: String,
}

/// A parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its label; may be empty.
    pub label: String,
    /// How many lines.
    pub lines: u32,
    /// Names of the first few.
    pub names: Vec<String>,
    /// What it comes to.
    pub total: i64,
}

/// Every parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedList {
    /// The baskets, the newest last.
    pub baskets: Vec<ParkedView>,
}
