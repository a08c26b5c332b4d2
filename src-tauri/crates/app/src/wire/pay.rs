//! Paying.

use countertop_domain::ids::{BasketId, TenderId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::{BasketView, PayWith};
use super::orders::SaleView;

/// Takes a payment. Safe to send again: the same tender id never counts twice, and a basket that
/// is paid answers with the sale that it became.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    /// For which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What was handed over: for cash it may be more than is due. To pay out (the basket's due is
    /// below nothing), what is to be handed back, as a positive amount.
    pub offered: i64,
    /// Card code, voucher number, credit code and the like, where the way to pay needs one.
    #[serde(default)]
    pub reference: Option<String>,
    /// The name of a custom tender or wallet.
    #[serde(default)]
    pub name: Option<String>,
    /// The currency of `offered` for foreign cash.
    #[serde(default)]
    pub currency: Option<String>,
    /// The original payment that this pays back.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub refunds: Option<TenderId>,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

impl PayRequest {
    /// Cash or a card, without anything special.
    pub const fn plain(
        basket_id: BasketId,
        tender_id: TenderId,
        kind: PayWith,
        offered: i64,
        print: bool,
    ) -> Self {
        Self {
            basket_id,
            tender_id,
            kind,
            offered,
            reference: None,
            name: None,
            currency: None,
            refunds: None,
            print,
        }
    }
}

/// What a payment led to: the basket if something is left to pay, else the sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Paid {
    /// The basket, with what is still due.
    pub basket: Option<BasketView>,
    /// The completed sale: it is on disk.
    pub sale: Option<SaleView>,
}

/// Takes a payment back before the sale is complete.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which payment.
    #[ts(type = "string")]
    pub tender_id: TenderId,
}

/// A payment that was announced has come in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTender {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which payment.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

/// Sets or clears the tip.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetTip {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// A percentage of the total, as text; none for an amount, or to clear.
    #[serde(default)]
    pub percent: Option<String>,
    /// An amount; none for a percentage, or to clear.
    #[serde(default)]
    pub amount: Option<i64>,
}

/// Asks for the code that a customer scans to pay.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaymentCodeRequest {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// `bank_transfer` or `wallet`.
    pub kind: PayWith,
    /// How much of what is due.
    pub amount: i64,
}

/// A QR code to pay with.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PaymentCode {
    /// What it says.
    pub text: String,
    /// The reference that comes back with the payment.
    pub reference: String,
    /// Its modules, a row a string: `1` is dark. No quiet zone.
    pub modules: Vec<String>,
}
