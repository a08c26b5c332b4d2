//! Reports over any range of days, read from sums that follow the journal: see
//! [`countertop_store::Snapshot::report`].

mod sheet;
mod times;

use countertop_domain::report::{About, Figures, cover};
use countertop_domain::time::BusinessDay;
use countertop_store::{ReportRow, Snapshot};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    AskReport, FiguresView, ReportCompare, ReportKind, ReportRange, ReportRowView, ReportView,
};

pub(crate) use sheet::file;
pub use sheet::{media_type as report_media_type, write as write_report};

/// Rows of a report, if nothing is said.
const LIMIT: u32 = 100;
/// Rows of a report at most.
pub const MAX_REPORT_ROWS: u32 = 1_000;
/// The first year that a report knows.
const FIRST_YEAR: i16 = 1970;

type Known = Option<(BusinessDay, BusinessDay)>;

macro_rules! reports {
    ($($name:ident: $kind:ident;)*) => {$(
        pub(crate) fn $name(app: &App, _: &Caller, ask: AskReport) -> Result<ReportView, AppError> {
            report(app, ReportKind::$kind, &ask)
        }
    )*};
}

reports! {
    sales: Sales;
    items: Items;
    categories: Categories;
    staff: Staff;
    tenders: Tenders;
    taxes: Taxes;
    hours: Hours;
    margin: Margin;
}

fn report(app: &App, kind: ReportKind, ask: &AskReport) -> Result<ReportView, AppError> {
    let from = day(&ask.from)?;
    let to = day(&ask.to)?;
    if to < from {
        return Err(bad(format!("{to} is before {from}: name the first day first")));
    }
    let limit = ask.limit.unwrap_or(LIMIT);
    if !(1..=MAX_REPORT_ROWS).contains(&limit) {
        return Err(bad(format!("a report has 1 to {MAX_REPORT_ROWS} rows, not {limit}")));
    }
    if ask.by.is_some() && kind != ReportKind::Sales {
        return Err(bad("only the sales report goes by time: leave \"by\" out".to_owned()));
    }
    let other = ask.compare.map(|how| earlier(from, to, how)).transpose()?;
    app.store.sum_up()?;
    let asked = Asked { kind, by: ask.by.unwrap_or_default(), limit };
    app.store.read(|snapshot| {
        // Both ranges at one moment.
        let known = snapshot.report_days()?;
        Ok(ReportView {
            kind,
            range: range(snapshot, &asked, known, from, to)?,
            compared: other
                .map(|(from, to)| range(snapshot, &asked, known, from, to))
                .transpose()?,
        })
    })
}

struct Asked {
    kind: ReportKind,
    by: crate::wire::ReportBy,
    limit: u32,
}

fn range(
    snapshot: &Snapshot<'_>,
    asked: &Asked,
    known: Known,
    from: BusinessDay,
    to: BusinessDay,
) -> Result<ReportRange, AppError> {
    let spans = known.map_or_else(Vec::new, |known| cover(from, to, known));
    let total = snapshot.report(About::All, &spans)?;
    let total = total.first().map_or_else(Figures::default, |row| row.figures);
    let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let about = match asked.kind {
        ReportKind::Sales => {
            let rows = times::rows(snapshot, asked.by, known, from, to)?;
            let all_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            return finish(from, to, rows, all_rows, &total);
        }
        ReportKind::Items | ReportKind::Margin => About::Item,
        ReportKind::Categories => About::Category,
        ReportKind::Staff => About::Staff,
        ReportKind::Tenders => About::Tender,
        ReportKind::Taxes => About::Tax,
        ReportKind::Hours => About::Hour,
    };
    if let ([span], ReportKind::Items) = (spans.as_slice(), asked.kind) {
        let (rows, all_rows) = snapshot.best_items(*span, asked.limit)?;
        return finish(from, to, rows, all_rows, &total);
    }
    let mut rows = snapshot.report(about, &spans)?;
    let all_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    match asked.kind {
        ReportKind::Hours => {
            rows.sort_by(|a, b| (&a.detail, &a.code).cmp(&(&b.detail, &b.code)));
        }
        ReportKind::Margin => rows.sort_by_key(|row| std::cmp::Reverse(margin_of(&row.figures))),
        ReportKind::Taxes => rows.sort_by_key(|row| std::cmp::Reverse(row.figures.tax)),
        _ => rows.sort_by_key(|row| std::cmp::Reverse(row.figures.total)),
    }
    if asked.kind != ReportKind::Hours {
        rows.truncate(limit);
    }
    finish(from, to, rows, all_rows, &total)
}

fn finish(
    from: BusinessDay,
    to: BusinessDay,
    rows: Vec<ReportRow>,
    all_rows: u32,
    total: &Figures,
) -> Result<ReportRange, AppError> {
    let rows = rows.into_iter().map(row_view).collect::<Result<_, AppError>>()?;
    let (from, to) = (from.to_string(), to.to_string());
    Ok(ReportRange { from, to, rows, all_rows, total: figures_view(total)? })
}

fn row_view(row: ReportRow) -> Result<ReportRowView, AppError> {
    let figures = figures_view(&row.figures)?;
    Ok(ReportRowView { code: row.code, detail: row.detail, name: row.name, figures })
}

/// Every JSON reader keeps these exact; a larger sum is refused, as an amount is.
fn figures_view(figures: &Figures) -> Result<FiguresView, AppError> {
    use countertop_domain::money::{Money, MoneyError};
    let large = |sum: &i64| sum.unsigned_abs() > Money::MAX_MINOR.unsigned_abs();
    if figures.columns().iter().any(large) {
        return Err(AppError::from(MoneyError::TooLarge));
    }
    let margin = margin_of(figures);
    let Figures { count, back, voids, quantity, total, net, tax, discount, tip, rounding, .. } =
        *figures;
    let Figures { cost, costed_net, .. } = *figures;
    Ok(FiguresView {
        count,
        back,
        voids,
        quantity,
        total,
        net,
        tax,
        discount,
        tip,
        rounding,
        cost,
        costed_net,
        margin,
    })
}

const fn margin_of(figures: &Figures) -> i64 {
    figures.costed_net.saturating_sub(figures.cost)
}

fn earlier(
    from: BusinessDay,
    to: BusinessDay,
    how: ReportCompare,
) -> Result<(BusinessDay, BusinessDay), AppError> {
    let days = from.days_until(to).saturating_add(1);
    let both = match how {
        ReportCompare::Before => from.plus_days(-days).zip(to.plus_days(-days)),
        ReportCompare::YearBefore => from.plus_years(-1).zip(to.plus_years(-1)),
    };
    both.filter(|(from, _)| from.year() >= FIRST_YEAR)
        .ok_or_else(|| bad(format!("there is nothing before {from} to compare with")))
}

fn day(text: &str) -> Result<BusinessDay, AppError> {
    let day = BusinessDay::try_from(text.to_owned()).map_err(bad)?;
    // A time behind the day, or another way to write one, is not what was meant.
    if day.to_string() != text || day.year() < FIRST_YEAR {
        return Err(bad(format!("\"{text}\" is not a day from 1970 on: write it like 2026-11-23")));
    }
    Ok(day)
}

fn bad(reason: String) -> AppError {
    AppError::BadText { reason }
}
