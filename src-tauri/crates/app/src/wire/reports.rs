//! Reports: what the shop took, by day, hour, item, member of staff and more.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for a report.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskReport {
    /// The first business day, such as `2026-11-01`.
    pub from: String,
    /// The last one.
    pub to: String,
    /// What a row of the sales report is; a day, if nothing is said.
    #[serde(default)]
    #[ts(optional)]
    pub by: Option<ReportBy>,
    /// What to compare with.
    #[serde(default)]
    #[ts(optional)]
    pub compare: Option<ReportCompare>,
    /// Rows at most: the largest. Not for the sales report.
    #[serde(default)]
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportBy {
    /// An hour on the wall clock.
    Hour,
    /// A business day.
    #[default]
    Day,
    /// A week, from Monday on.
    Week,
    /// A month.
    Month,
}

/// Another range of days to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportCompare {
    /// As many days right before.
    Before,
    /// The same days a year earlier.
    YearBefore,
}

/// A report as a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportFile {
    /// Which.
    pub kind: ReportKind,
    /// Of what.
    pub ask: AskReport,
}

/// A report's subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Time after time.
    Sales,
    /// By variant.
    Items,
    /// By category.
    Categories,
    /// By member of staff.
    Staff,
    /// By way of paying.
    Tenders,
    /// By tax.
    Taxes,
    /// By day of the week and hour.
    Hours,
    /// What is left of the net after what the goods cost, by variant.
    Margin,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportView {
    /// Which.
    pub kind: ReportKind,
    /// Its days.
    pub range: ReportRange,
    /// What it is compared with.
    pub compared: Option<ReportRange>,
}

/// The rows of a report over a range of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRange {
    /// The first business day.
    pub from: String,
    /// The last one.
    pub to: String,
    /// In order of time; or the largest first.
    pub rows: Vec<ReportRowView>,
    /// How many rows there are with those beyond the limit.
    pub all_rows: u32,
    /// All tickets of the range.
    pub total: FiguresView,
}

/// A row of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRowView {
    /// Which one: a time (`2026-11-23T09`, `2026-11-23`, `2026-11`; of a week its Monday), an hour
    /// (`09`), a variant's or a person's id, a category, a kind of tender, a tax's code.
    pub code: String,
    /// Of an hour the day of the week, 1 for Monday; of a tender the shop's own name, the wallet or the
    /// currency; of a tax its rate and mode, `20 inclusive`.
    pub detail: String,
    /// What people call it.
    pub name: String,
    /// Its figures; what does not apply is 0.
    pub figures: FiguresView,
}

/// Sums, in minor units of the register's currency. Each sum of a report is of ±(2^53 − 1) at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FiguresView {
    /// Tickets, lines or payments of nothing or more.
    pub count: i64,
    /// Those below nothing: refunds, lines that came back, payments that were paid out.
    pub back: i64,
    /// Baskets that were given up.
    pub voids: i64,
    /// Goods, in thousandths of a unit; of foreign cash its own minor units.
    pub quantity: i64,
    /// With tax, without tips; of a payment, what counts towards total and tip.
    pub total: i64,
    /// Without tax; of a tax, what it was taken on.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// What reductions took off.
    pub discount: i64,
    /// Tips.
    pub tip: i64,
    /// What cash rounding added, or took off.
    pub rounding: i64,
    /// What the goods cost, where that is known.
    pub cost: i64,
    /// The net of the goods whose cost is known.
    pub costed_net: i64,
    /// `costed_net` less `cost`.
    pub margin: i64,
}
