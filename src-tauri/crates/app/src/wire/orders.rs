//! Completed sales, their receipts, and what waits for a printer.

use countertop_domain::ids::{PrintJobId, SaleId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::{BuyerView, LineView, PayWith, TaxView, TenderView};

/// A completed sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SaleView {
    /// Its id.
    #[ts(type = "string")]
    pub id: SaleId,
    /// The receipt's number: `T1-1042`.
    pub receipt: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// When, on the shop's wall clock: `2026-11-23 14:08`.
    pub local_time: String,
    /// Day in the books.
    pub business_day: String,
    /// Who sold.
    pub cashier: String,
    /// Who bought.
    pub customer: Option<BuyerView>,
    /// Its lines, what came back last.
    pub lines: Vec<LineView>,
    /// Its taxes.
    pub taxes: Vec<TaxView>,
    /// Its payments.
    pub tenders: Vec<TenderView>,
    /// Without tax.
    pub net: i64,
    /// What the goods came to; below nothing is a refund.
    pub total: i64,
    /// What reductions took off.
    pub discount: i64,
    /// What the customer gave on top.
    pub tip: i64,
    /// What cash rounding added or took off.
    pub cash_rounding: i64,
    /// Cash handed back.
    pub change: i64,
    /// Refunds of it: their receipts.
    pub refunded_by: Vec<ReceiptRef>,
    /// Where its paper receipt is.
    pub print: PrintStatus,
}

/// Names a receipt.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReceiptRef {
    /// The sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// Its receipt.
    pub receipt: String,
}

/// Where a receipt on paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintStatus {
    /// Not asked for.
    None,
    /// Waits for the printer.
    Waiting,
    /// On its way.
    Printing,
    /// Sent to the printer in full.
    Printed,
    /// Needs a person.
    Parked,
}

/// Looks for sales.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindOrders {
    /// A receipt number or the beginning of words in an item's name; empty for all.
    pub text: String,
    /// Continue after this cursor.
    pub after: Option<String>,
}

/// A page of sales, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Orders {
    /// The sales.
    pub orders: Vec<OrderRow>,
    /// Where to continue, if there is more.
    pub next: Option<String>,
}

/// A sale in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OrderRow {
    /// Its id.
    #[ts(type = "string")]
    pub id: SaleId,
    /// The receipt's number.
    pub receipt: String,
    /// When, on the shop's wall clock: `2026-11-23 14:08`.
    pub local_time: String,
    /// Who sold.
    pub cashier: String,
    /// How it was paid.
    pub paid_with: Vec<PayWith>,
    /// What was paid.
    pub total: i64,
    /// How many lines.
    pub lines: u32,
}

/// Names a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaleRequest {
    /// Which.
    #[ts(type = "string")]
    pub sale_id: SaleId,
}

/// A receipt to look at.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReceiptPreview {
    /// As a fixed-width column of text, just as it would be printed.
    pub text: String,
}

/// Asks for a receipt as PDF.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PdfRequest {
    /// Of which sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// On what paper.
    pub paper: Paper,
}

/// Paper for a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// An 80 mm roll.
    Roll,
    /// A sheet of A4.
    A4,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileView {
    /// A name to save it by.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes in Base64 (RFC 4648 section 4).
    pub base64: String,
}

/// Something that waits for a printer or for a person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PrintJobView {
    /// Its id.
    #[ts(type = "string")]
    pub id: PrintJobId,
    /// Of which sale; of a slip or a report, an id of its own.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// The receipt's number; empty for what is no receipt.
    pub receipt: String,
    /// What a slip or a report is called: `Z report T1-Z7`.
    pub title: Option<String>,
    /// Where it is.
    pub status: PrintStatus,
    /// What is in the way, in plain words; empty if nothing is.
    pub trouble: String,
}

/// Everything that waits for a printer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PrintQueue {
    /// The jobs, the oldest first.
    pub jobs: Vec<PrintJobView>,
}

/// Names a print job.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrintJobRequest {
    /// Which.
    #[ts(type = "string")]
    pub job_id: PrintJobId,
}
