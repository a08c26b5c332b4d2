//! The sales report: time after time, those of nothing too, as a chart wants them.

use std::collections::BTreeMap;

use countertop_domain::report::{About, Figures, Level, Span, cover};
use countertop_domain::time::BusinessDay;
use countertop_store::{ReportRow, Snapshot};

use super::{Known, MAX_REPORT_ROWS, bad};
use crate::error::AppError;
use crate::wire::ReportBy;

pub(super) fn rows(
    snapshot: &Snapshot<'_>,
    by: ReportBy,
    known: Known,
    from: BusinessDay,
    to: BusinessDay,
) -> Result<Vec<ReportRow>, AppError> {
    let times = times(by, from, to)?;
    let sums = match by {
        ReportBy::Hour => hours(snapshot, from, to)?,
        ReportBy::Month => months(snapshot, known, from, to)?,
        ReportBy::Day | ReportBy::Week => days(snapshot, by, from, to)?,
    };
    let row = |code: String| {
        let figures = sums.get(&code).copied().unwrap_or_default();
        ReportRow { code, detail: String::new(), name: String::new(), figures }
    };
    Ok(times.into_iter().map(row).collect())
}

/// The times of a range, one for each row.
fn times(by: ReportBy, from: BusinessDay, to: BusinessDay) -> Result<Vec<String>, AppError> {
    let most = usize::try_from(MAX_REPORT_ROWS).unwrap_or(usize::MAX);
    let mut times = Vec::new();
    let mut at = Some(from);
    while let Some(day) = at.filter(|day| *day <= to) {
        at = match by {
            ReportBy::Hour => {
                times.extend((0..24).map(|hour| format!("{day}T{hour:02}")));
                day.plus_days(1)
            }
            ReportBy::Day => {
                times.push(day.to_string());
                day.plus_days(1)
            }
            ReportBy::Week => {
                times.push(monday(day).to_string());
                monday(day).plus_days(7)
            }
            ReportBy::Month => {
                times.push(Span::of(Level::Month, day).to_string());
                day.last_of_month().plus_days(1)
            }
        };
        if times.len() > most {
            return Err(bad(format!(
                "that is more than {most} rows: choose fewer days, or weeks or months"
            )));
        }
    }
    Ok(times)
}

type Sums = BTreeMap<String, Figures>;

fn hours(snapshot: &Snapshot<'_>, from: BusinessDay, to: BusinessDay) -> Result<Sums, AppError> {
    let mut sums = Sums::new();
    for (day, row) in snapshot.report_by_day(About::Hour, from, to)? {
        sums.insert(format!("{day}T{}", row.code), row.figures);
    }
    Ok(sums)
}

fn days(
    snapshot: &Snapshot<'_>,
    by: ReportBy,
    from: BusinessDay,
    to: BusinessDay,
) -> Result<Sums, AppError> {
    let mut sums = Sums::new();
    for (day, row) in snapshot.report_by_day(About::All, from, to)? {
        let time = if by == ReportBy::Week { monday(day) } else { day };
        add(&mut sums, time.to_string(), &row.figures)?;
    }
    Ok(sums)
}

/// Whole months as they are kept, and the days of those that are cut off.
fn months(
    snapshot: &Snapshot<'_>,
    known: Known,
    from: BusinessDay,
    to: BusinessDay,
) -> Result<Sums, AppError> {
    let mut sums = Sums::new();
    let Some(known) = known else { return Ok(sums) };
    let mut at = Some(from.max(known.0));
    while let Some(day) = at.filter(|day| *day <= to.min(known.1)) {
        let spans = cover(day, day.last_of_month().min(to), known);
        for row in snapshot.report(About::All, &spans)? {
            add(&mut sums, Span::of(Level::Month, day).to_string(), &row.figures)?;
        }
        at = day.last_of_month().plus_days(1);
    }
    Ok(sums)
}

fn add(sums: &mut Sums, time: String, more: &Figures) -> Result<(), AppError> {
    use countertop_domain::money::MoneyError;
    let sum = sums.entry(time).or_default();
    *sum = sum.plus(more).ok_or(MoneyError::TooLarge)?;
    Ok(())
}

fn monday(day: BusinessDay) -> BusinessDay {
    day.plus_days(1 - i32::from(day.weekday())).unwrap_or(day)
}
