//! A report for a spreadsheet: CSV, amounts with their decimals, no cell that calculates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_domain::money::Currency;
use countertop_domain::quantity::Quantity;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::export::harmless;
use crate::wire::{FiguresView, FileView, ReportFile, ReportKind, ReportRowView, ReportView};

/// Of [`write`]'s text.
pub const fn media_type() -> &'static str {
    "text/csv; charset=utf-8"
}

pub(crate) fn file(app: &App, _: &Caller, request: ReportFile) -> Result<FileView, AppError> {
    let view = super::report(app, request.kind, &request.ask)?;
    let text = write(&view, app.currency())?;
    let (from, to) = (&view.range.from, &view.range.to);
    Ok(FileView {
        name: format!("{}-{from}-{to}.csv", name(request.kind)),
        media_type: media_type().to_owned(),
        base64: STANDARD.encode(text),
    })
}

const fn name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Sales => "sales",
        ReportKind::Items => "items",
        ReportKind::Categories => "categories",
        ReportKind::Staff => "staff",
        ReportKind::Tenders => "tenders",
        ReportKind::Taxes => "taxes",
        ReportKind::Hours => "hours",
        ReportKind::Margin => "margin",
    }
}

/// A report as CSV (RFC 4180, UTF-8): the rows of its range, then those of what it is compared with.
///
/// # Errors
/// Memory's.
pub fn write(view: &ReportView, currency: Currency) -> Result<String, AppError> {
    let failed = |error: &dyn std::fmt::Display| AppError::BadText { reason: error.to_string() };
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = columns(view.kind);
    let names = ["from", "to"].into_iter().chain(columns.iter().map(|column| column.0));
    csv.write_record(names).map_err(|error| failed(&error))?;
    for range in std::iter::once(&view.range).chain(&view.compared) {
        for row in &range.rows {
            let cells = columns.iter().map(|column| column.1.text(row, currency));
            let days = [range.from.clone(), range.to.clone()];
            csv.write_record(days.into_iter().chain(cells)).map_err(|error| failed(&error))?;
        }
    }
    let bytes = csv.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

#[derive(Clone, Copy)]
enum Column {
    Code,
    Detail,
    Name,
    Count(fn(&FiguresView) -> i64),
    Quantity,
    /// What foreign cash came to in its own units; else a quantity of goods would be meant.
    Foreign,
    Amount(fn(&FiguresView) -> i64),
}

impl Column {
    fn text(self, row: &ReportRowView, currency: Currency) -> String {
        let figures = &row.figures;
        match self {
            Self::Code => harmless(row.code.clone()),
            Self::Detail => harmless(row.detail.clone()),
            Self::Name => harmless(row.name.clone()),
            Self::Count(of) => of(figures).to_string(),
            Self::Quantity => Quantity::from_thousandths(figures.quantity).to_string(),
            Self::Foreign => Currency::parse(&row.detail)
                .ok()
                .filter(|_| row.code == "foreign_cash")
                .map_or_else(String::new, |foreign| decimal(figures.quantity, foreign)),
            Self::Amount(of) => decimal(of(figures), currency),
        }
    }
}

/// Minor units with the currency's decimals: `-12.40`.
pub(crate) fn decimal(minor: i64, currency: Currency) -> String {
    let decimals = usize::try_from(currency.exponent()).unwrap_or(0);
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let sign = if minor < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

type Named = (&'static str, Column);

const TICKETS: [Named; 9] = [
    ("sales", Column::Count(|row| row.count)),
    ("refunds", Column::Count(|row| row.back)),
    ("voids", Column::Count(|row| row.voids)),
    ("takings", Column::Amount(|row| row.total)),
    ("net", Column::Amount(|row| row.net)),
    ("tax", Column::Amount(|row| row.tax)),
    ("discounts", Column::Amount(|row| row.discount)),
    ("tips", Column::Amount(|row| row.tip)),
    ("cash_rounding", Column::Amount(|row| row.rounding)),
];

const GOODS: [Named; 7] = [
    ("sold_lines", Column::Count(|row| row.count)),
    ("returned_lines", Column::Count(|row| row.back)),
    ("quantity", Column::Quantity),
    ("total", Column::Amount(|row| row.total)),
    ("net", Column::Amount(|row| row.net)),
    ("tax", Column::Amount(|row| row.tax)),
    ("discounts", Column::Amount(|row| row.discount)),
];

fn columns(kind: ReportKind) -> Vec<Named> {
    let with = |first: &[Named], rest: &[Named]| [first, rest].concat();
    match kind {
        ReportKind::Sales => with(&[("time", Column::Code)], &TICKETS),
        ReportKind::Hours => with(&[("weekday", Column::Detail), ("hour", Column::Code)], &TICKETS),
        ReportKind::Staff => with(&[("staff", Column::Name), ("staff_id", Column::Code)], &TICKETS),
        ReportKind::Items => with(&[("item", Column::Name), ("variant_id", Column::Code)], &GOODS),
        ReportKind::Categories => with(&[("category", Column::Code)], &GOODS),
        ReportKind::Tenders => vec![
            ("kind", Column::Code),
            ("name", Column::Detail),
            ("payments", Column::Count(|row| row.count)),
            ("paid_out", Column::Count(|row| row.back)),
            ("amount", Column::Amount(|row| row.total)),
            ("cash_rounding", Column::Amount(|row| row.rounding)),
            ("foreign_amount", Column::Foreign),
        ],
        ReportKind::Taxes => vec![
            ("tax", Column::Name),
            ("code", Column::Code),
            ("rate", Column::Detail),
            ("base", Column::Amount(|row| row.net)),
            ("amount", Column::Amount(|row| row.tax)),
        ],
        ReportKind::Margin => vec![
            ("item", Column::Name),
            ("variant_id", Column::Code),
            ("quantity", Column::Quantity),
            ("net", Column::Amount(|row| row.net)),
            ("net_of_known_cost", Column::Amount(|row| row.costed_net)),
            ("cost", Column::Amount(|row| row.cost)),
            ("margin", Column::Amount(|row| row.margin)),
        ],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use countertop_domain::money::Currency;

    use super::{decimal, write};
    use crate::wire::{FiguresView, ReportKind, ReportRange, ReportRowView, ReportView};

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let yen = Currency::parse("JPY").unwrap();
        let dinar = Currency::parse("BHD").unwrap();
        assert_eq!(decimal(-1240, Currency::EUR), "-12.40");
        assert_eq!(decimal(5, Currency::EUR), "0.05");
        assert_eq!(decimal(5, yen), "5");
        assert_eq!(decimal(1, dinar), "0.001");
    }

    #[test]
    fn a_category_is_never_a_formula_in_a_spreadsheet() {
        let figures = FiguresView { count: 1, quantity: 642, total: 199, ..FiguresView::default() };
        let row = ReportRowView {
            code: "=HYPERLINK(\"http://x\")".to_owned(),
            detail: String::new(),
            name: String::new(),
            figures,
        };
        let range = ReportRange {
            from: "2026-11-01".to_owned(),
            to: "2026-11-30".to_owned(),
            rows: vec![row],
            all_rows: 1,
            total: figures,
        };
        let view = ReportView { kind: ReportKind::Categories, range, compared: None };
        let text = write(&view, Currency::EUR).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert_eq!(
            line,
            "2026-11-01,2026-11-30,\"'=HYPERLINK(\"\"http://x\"\")\",1,0,0.642,1.99,0.00,0.00,0.00"
        );
    }
}
