//! Shifts: the drawer from its float to its count.

use countertop_domain::ids::{CashMoveId, ShiftId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftView {
    /// Its id.
    #[ts(type = "string")]
    pub id: ShiftId,
    /// Day in the books: `2026-11-23`.
    pub business_day: String,
    /// When it was opened, milliseconds since 1970 UTC.
    pub opened_at: i64,
    /// When, on the shop's wall clock.
    pub opened_local: String,
    /// By whom.
    pub opened_by: String,
    /// The float.
    pub float: i64,
    /// Sales so far.
    pub sales: u32,
    /// What the drawer should hold; none for those who count blind.
    pub expected: Option<i64>,
}

/// So many coins or notes of one value.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PiecesView {
    /// The value of one.
    pub value: i64,
    /// How many.
    pub count: u32,
}

/// An amount in some currency.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CurrencyAmount {
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of its minor unit.
    pub exponent: u32,
    /// In its minor units.
    pub amount: i64,
}

/// A currency that the drawer takes.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DrawerCurrency {
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of its minor unit.
    pub exponent: u32,
    /// Its coins and notes, the largest first.
    pub denominations: Vec<i64>,
    /// What one unit is worth in the register's currency; none for that currency.
    pub rate: Option<String>,
}

/// Opens a shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenShift {
    /// The change put into the drawer.
    pub float: i64,
    /// By denomination; must add up to the float where given.
    #[serde(default)]
    pub pieces: Option<Vec<PiecesView>>,
    /// Change in other currencies.
    #[serde(default)]
    pub foreign: Option<Vec<CurrencyAmount>>,
    /// The day in the books; none for today.
    #[serde(default)]
    pub business_day: Option<String>,
}

impl OpenShift {
    /// With change of the register's own currency only, today.
    pub const fn with_float(float: i64) -> Self {
        Self { float, pieces: None, foreign: None, business_day: None }
    }
}

/// Why cash moves, or the drawer opens, without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CashMoveKindView {
    /// Cash is put in.
    PayIn,
    /// Cash is taken out to pay for something.
    PayOut,
    /// Cash is brought to the safe.
    SafeDrop,
    /// The drawer is opened for nothing.
    NoSale,
}

/// Puts cash in, takes it out, or opens the drawer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveCash {
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub id: CashMoveId,
    /// Why.
    pub kind: CashMoveKindView,
    /// How much; nothing for a no sale.
    pub amount: i64,
    /// In which currency; none for the register's own.
    #[serde(default)]
    pub currency: Option<String>,
    /// Why; needed.
    pub reason: String,
}

/// What was found in one currency.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CountRequest {
    /// ISO 4217 code.
    pub currency: String,
    /// The cash found.
    pub counted: i64,
    /// By denomination; must add up where given.
    #[serde(default)]
    pub pieces: Option<Vec<PiecesView>>,
}

/// Closes the open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseShift {
    /// The register's own currency, and every other that was taken.
    pub counts: Vec<CountRequest>,
}

impl CloseShift {
    /// One currency, counted as a sum.
    pub fn counted(currency: &str, counted: i64) -> Self {
        Self { counts: vec![CountRequest { currency: currency.to_owned(), counted, pieces: None }] }
    }
}

/// A count beside what was expected.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CountView {
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of its minor unit.
    pub exponent: u32,
    /// What the drawer should hold.
    pub expected: i64,
    /// What was found; none on an X report.
    pub counted: Option<i64>,
    /// Counted less expected: negative is short.
    pub over_short: Option<i64>,
    /// By denomination, where it was counted so.
    pub pieces: Vec<PiecesView>,
}

/// A row of a report.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TotalRow {
    /// The tender, cash move or tax it sums up.
    pub kind: String,
    /// As printed, where it has a name of its own; may be empty.
    pub name: String,
    /// How many.
    pub count: u32,
    /// How much.
    pub amount: i64,
}

/// A tax of a report.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaxRowView {
    /// As printed.
    pub name: String,
    /// Percentage or amount.
    pub rate: String,
    /// What it was taken on.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// An X report (any time) or a Z report (at the close).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftReport {
    /// Of which shift.
    #[ts(type = "string")]
    pub shift_id: ShiftId,
    /// Its number in the gapless series; none for an X.
    pub z_number: Option<u32>,
    /// Its name, which no other report of any register ever has: `T1-Z7`; none for an X.
    pub z_name: Option<String>,
    /// Day in the books.
    pub business_day: String,
    /// When it was opened.
    pub opened_local: String,
    /// By whom.
    pub opened_by: String,
    /// When it was closed; none for an X.
    pub closed_local: Option<String>,
    /// By whom.
    pub closed_by: Option<String>,
    /// The float.
    pub float: i64,
    /// Sales.
    pub sales: u32,
    /// Tickets that paid out.
    pub refunds: u32,
    /// What sales came to, less refunds.
    pub takings: i64,
    /// Without tax.
    pub net: i64,
    /// All taxes.
    pub tax: i64,
    /// What reductions took off.
    pub discount: i64,
    /// Tips.
    pub tip: i64,
    /// What cash rounding added or took off.
    pub cash_rounding: i64,
    /// Baskets that were given up.
    pub voids: u32,
    /// Drawer openings for nothing.
    pub no_sales: u32,
    /// By way of paying; empty where the reader counts blind.
    pub tenders: Vec<TotalRow>,
    /// By tax.
    pub taxes: Vec<TaxRowView>,
    /// Pay-ins, pay-outs, safe drops.
    pub cash_moves: Vec<TotalRow>,
    /// By currency; empty where the reader counts blind.
    pub counts: Vec<CountView>,
    /// The first receipt.
    pub first_receipt: Option<String>,
    /// The last receipt.
    pub last_receipt: Option<String>,
    /// Everything that this register ever took; never reset.
    pub grand_total: i64,
    /// The report as a fixed-width column, as it would be printed.
    pub text: String,
}

/// Names a shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ShiftRequest {
    /// Which.
    #[ts(type = "string")]
    pub shift_id: ShiftId,
}

/// A closed shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ClosedShiftRow {
    /// Which.
    #[ts(type = "string")]
    pub shift_id: ShiftId,
    /// Its number.
    pub z_number: u32,
    /// Its name: `T1-Z7`.
    pub z_name: String,
    /// Day in the books.
    pub business_day: String,
    /// When it was closed.
    pub closed_local: String,
    /// What it took.
    pub takings: i64,
    /// Of the register's own currency.
    pub over_short: i64,
}

/// Closed shifts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ClosedShifts {
    /// The newest first; sixty at most.
    pub shifts: Vec<ClosedShiftRow>,
}
