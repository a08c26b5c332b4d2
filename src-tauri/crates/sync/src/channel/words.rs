//! What the register and a shop tell each other, in words that belong to no platform. Amounts are minor
//! units of the register's currency, quantities are thousandths of a unit, moments are milliseconds
//! since 1970 UTC.

use countertop_domain::channel_order::{HandOver, OrderStatus, Recipient};
use countertop_domain::customer::Address;
use countertop_domain::ids::{CustomerId, LineId, VariantId};
use serde::{Deserialize, Serialize};

/// An item as a shop has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductIn {
    /// The shop's id.
    pub external_id: String,
    /// Its name, as plain text.
    pub name: String,
    /// More about it, as plain text.
    pub description: String,
    /// Where it is found, each nested like `Clothing > Hoodies`; the first one is kept.
    pub categories: Vec<String>,
    /// Addresses of its pictures.
    pub images: Vec<String>,
    /// What the shop calls its class of tax; empty for the usual one.
    pub tax_class: String,
    /// False for a draft, or what is hidden.
    pub published: bool,
    /// At least one.
    pub variants: Vec<VariantIn>,
}

/// A variant as a shop has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantIn {
    /// The shop's id, unlike that of every other variant of the shop.
    pub external_id: String,
    /// What its stock is called, where that differs; empty otherwise.
    pub stock_ref: String,
    /// What tells it apart, all of it: what is left out here makes two variants one.
    pub options: Vec<OptionIn>,
    /// The article number; empty if there is none.
    pub sku: String,
    /// Its barcode; empty if there is none.
    pub barcode: String,
    /// What it costs now, as the shop writes prices; none if it has no price.
    pub price: Option<i64>,
    /// What it costs when it is not on sale, if that is more.
    pub compare_at: Option<i64>,
    /// Whether the shop counts it.
    pub tracks_stock: bool,
    /// How much there is, where the answer says so.
    pub stock: Option<i64>,
}

/// One choice that tells variants apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionIn {
    /// What is chosen: `Size`.
    pub name: String,
    /// The choice: `Large`.
    pub value: String,
}

/// How much a shop says that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockIn {
    /// The shop's id of the variant, as in [`VariantIn::external_id`].
    pub external_id: String,
    /// What it offers, or holds, as the platform counts; below nothing if it sold more.
    pub quantity: i64,
}

/// How far an order is in its shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// It is not paid, and nothing is to be done about it yet.
    Unpaid,
    /// It is to be picked: paid, or to be paid when it is collected.
    Open,
    /// The customer has it, or it is on its way.
    Fulfilled,
    /// It was given up; what it took is free again.
    Cancelled,
    /// All of it was given back.
    Refunded,
}

/// An order as a shop has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderIn {
    /// The shop's id.
    pub external_id: String,
    /// What the customer was told.
    pub number: String,
    /// Our id, if the register made it: then it is an echo, and nothing is done.
    pub our_id: Option<String>,
    /// How far it is.
    pub state: OrderState,
    /// How the customer gets it.
    pub hand_over: HandOver,
    /// Whether it is paid.
    pub paid: bool,
    /// When the customer ordered.
    pub ordered_ms: i64,
    /// What it comes to, with taxes and shipping.
    pub total: i64,
    /// The goods.
    pub lines: Vec<LineIn>,
    /// Who ordered, if they have an account there; empty otherwise.
    pub customer: String,
    /// Who gets it.
    pub recipient: Recipient,
    /// What the customer wrote.
    pub note: String,
}

/// A line of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineIn {
    /// The shop's id of the line.
    pub external_id: String,
    /// The shop's id of the variant; empty for what is none.
    pub variant: String,
    /// Its article number; empty if there is none.
    pub sku: String,
    /// As the shop calls it.
    pub name: String,
    /// How much, less what was given back.
    pub quantity: i64,
    /// What one costs, as the shop writes prices.
    pub unit_price: i64,
}

/// A customer as a shop has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerIn {
    /// The shop's id.
    pub external_id: String,
    /// Their name.
    pub name: String,
    /// To be reached at.
    pub email: String,
    /// To be reached at.
    pub phone: String,
    /// Where they live.
    pub address: Address,
    /// What they said about e-mail, and when; none if the shop does not know.
    pub email_consent: Option<(bool, i64)>,
}

/// What a shop calls a variant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    /// The shop's id of the variant.
    pub external_id: String,
    /// That of its product.
    pub product: String,
    /// What its stock is called, where that differs; empty otherwise.
    pub stock_ref: String,
    /// Our article number, for platforms that count by it; empty if there is none.
    #[serde(default)]
    pub sku: String,
}

/// What is to be done in a shop. It is kept as JSON in the queue when the fact is taken up; what the
/// shop calls the goods is filled in when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// A sale of the counter becomes an order, which takes the goods from the shop's stock.
    Sale(SaleOut),
    /// Something came back of a sale that the shop has.
    Refund(RefundOut),
    /// The shop is to offer just so much.
    Stock(StockOut),
    /// Something came in or went out, without a sale.
    StockMove(StockMoveOut),
    /// An order of the shop went on.
    Fulfil(FulfilOut),
    /// A customer is new or changed. One whom the shop knows is found by their address, so that it may
    /// be said twice: it is never looked up before.
    Customer(CustomerOut),
}

impl Task {
    /// The name of its kind, as in the queue.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sale(_) => "sale",
            Self::Refund(_) => "refund",
            Self::Stock(_) => "stock",
            Self::StockMove(_) => "stock_move",
            Self::Fulfil(_) => "fulfil",
            Self::Customer(_) => "customer",
        }
    }

    /// Goods of which it moves the shop's figure by some amount; a figure that is set is none.
    pub(super) fn moves(&self) -> Vec<VariantId> {
        let mut moved: Vec<VariantId> = match self {
            Self::Sale(sale) => sale.lines.iter().map(|line| line.variant).collect(),
            Self::Refund(refund) => refund.lines.iter().map(|line| line.variant).collect(),
            Self::StockMove(moved) => vec![moved.variant],
            Self::Stock(_) | Self::Fulfil(_) | Self::Customer(_) => Vec::new(),
        };
        moved.sort_unstable();
        moved.dedup();
        moved
    }
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleOut {
    /// The receipt's number.
    pub number: String,
    /// When it was paid.
    pub at_ms: i64,
    /// ISO 4217.
    pub currency: String,
    /// Decimal places of the currency.
    pub exponent: u32,
    /// What was sold; nothing that came back.
    pub lines: Vec<LineOut>,
    /// Without tax.
    pub net: i64,
    /// All taxes.
    pub tax: i64,
    /// With tax.
    pub total: i64,
    /// How it was paid.
    pub paid: Vec<PaidWith>,
    /// Who bought.
    pub customer: Option<CustomerId>,
    /// What the shop calls them; filled in when it is sent.
    #[serde(default)]
    pub customer_external: String,
}

/// A line of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineOut {
    /// Its id.
    pub id: LineId,
    /// What was sold.
    pub variant: VariantId,
    /// What the shop calls it; none for what it does not have. Filled in when it is sent.
    #[serde(default)]
    pub goods: Option<Goods>,
    /// As printed.
    pub name: String,
    /// The article number; empty if there is none.
    pub sku: String,
    /// How much.
    pub quantity: i64,
    /// Without tax, after reductions.
    pub net: i64,
    /// With tax, after reductions.
    pub total: i64,
    /// Each tax.
    pub taxes: Vec<TaxOut>,
}

/// A tax of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxOut {
    /// Its code in the shop's table here.
    pub code: String,
    /// How much.
    pub amount: i64,
}

/// A payment of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidWith {
    /// `cash`, `card_external` and so on.
    pub kind: String,
    /// How much.
    pub amount: i64,
}

/// Something came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundOut {
    /// The sale that it came back from, our id.
    pub sale: String,
    /// What the shop calls that order; filled in when it is sent.
    #[serde(default)]
    pub order_external: String,
    /// The receipt's number of the refund.
    pub number: String,
    /// When.
    pub at_ms: i64,
    /// ISO 4217.
    pub currency: String,
    /// Decimal places of the currency.
    pub exponent: u32,
    /// What came back.
    pub lines: Vec<RefundLineOut>,
    /// What was given back, with tax; above nothing.
    pub total: i64,
    /// Why; may be empty.
    pub reason: String,
}

/// A line of a refund. Amounts and quantity are above nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLineOut {
    /// The sold line.
    pub line: LineId,
    /// What came back.
    pub variant: VariantId,
    /// What the shop calls it; filled in when it is sent.
    #[serde(default)]
    pub goods: Option<Goods>,
    /// How much.
    pub quantity: i64,
    /// Without tax.
    pub net: i64,
    /// With tax.
    pub total: i64,
    /// Each tax.
    pub taxes: Vec<TaxOut>,
    /// Whether it goes back on the shelf.
    pub restock: bool,
}

/// The shop is to offer just so much. What is said last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockOut {
    /// Of what.
    pub variant: VariantId,
    /// What the shop calls it; filled in when it is sent.
    #[serde(default)]
    pub goods: Option<Goods>,
    /// How much, as the ledger has it when it is sent.
    #[serde(default)]
    pub figure: i64,
    /// What the shop said last, for platforms that compare before they set.
    #[serde(default)]
    pub expected: Option<i64>,
}

/// Something came in or went out, without a sale. Never put together with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMoveOut {
    /// Of what.
    pub variant: VariantId,
    /// What the shop calls it; filled in when it is sent.
    #[serde(default)]
    pub goods: Option<Goods>,
    /// How much: above nothing for what came in.
    pub quantity: i64,
    /// Why: `receive`, `waste`, `adjust`.
    pub reason: String,
}

/// An order of the shop went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfilOut {
    /// The shop's id of the order.
    pub order_external: String,
    /// How far it is now.
    pub status: OrderStatus,
    /// How the customer gets it.
    pub hand_over: HandOver,
    /// The parcel's number; may be empty.
    pub tracking: String,
    /// True if it was paid at the counter, when it was collected.
    pub paid_here: bool,
}

/// A customer is new or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOut {
    /// Our id.
    pub id: CustomerId,
    /// What the shop calls them; empty if it does not know them yet. Filled in when it is sent.
    #[serde(default)]
    pub external_id: String,
    /// Their name.
    pub name: String,
    /// To be reached at; never empty: shops know people by it.
    pub email: String,
    /// To be reached at.
    pub phone: String,
    /// Where they live.
    pub address: Address,
    /// Whether they said yes to e-mail; none if they were not asked.
    pub email_consent: Option<bool>,
}

/// What a shop says when something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What the shop calls what was made or changed.
    pub external_id: String,
    /// What it says that there is now, where it says so: known without asking again.
    pub stock: Vec<StockIn>,
    /// Goods whose figure the shop did not move by itself, or of which nobody knows whether it did:
    /// the engine sets it next.
    pub unset: Vec<VariantId>,
}
