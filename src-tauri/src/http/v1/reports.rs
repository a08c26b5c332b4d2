//! Reports: sums over any days, as JSON and for a spreadsheet.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use countertop_app::commands::{
    ReportCategories, ReportHours, ReportItems, ReportMargin, ReportSales, ReportStaff,
    ReportTaxes, ReportTenders,
};
use countertop_app::wire::{
    AskReport, FiguresView, ReportBy, ReportCompare, ReportRange as Range, ReportRowView,
    ReportView,
};
use countertop_app::{App, AppError, Caller, perform, report_media_type, write_report};
use countertop_domain::money::Currency;
use countertop_domain::quantity::Quantity;
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::input::{PathOf, QueryOf};
use super::money::Amount;
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(csv))
}

/// What a report is about.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Time after time.
    Sales,
    /// By variant, the largest total first.
    Items,
    /// By category.
    Categories,
    /// By member of staff.
    Staff,
    /// By way of paying, deposits and payments on accounts included.
    Tenders,
    /// By tax.
    Taxes,
    /// By day of the week and hour of the day.
    Hours,
    /// By variant, the largest margin first.
    Margin,
}

/// What a row of the sales report is.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    /// An hour on the wall clock.
    Hour,
    /// A business day.
    Day,
    /// A week from Monday on; the first and the last may be cut off by the range.
    Week,
    /// A month.
    Month,
}

/// What to compare with.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Compare {
    /// As many days right before.
    Before,
    /// The same days a year earlier.
    YearBefore,
}

/// Which days, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// The first business day, from 1970 on.
    #[param(format = Date, example = "2026-11-01")]
    from: String,
    /// The last business day.
    #[param(format = Date, example = "2026-11-30")]
    to: String,
    /// What a row of the sales report is, `day` if nothing is said. A report has 1000 rows at most. Of
    /// the other reports it is refused.
    #[param(inline)]
    by: Option<By>,
    /// Adds the same report over other days.
    #[param(inline)]
    compare: Option<Compare>,
    /// The rows that come first, at most; `sales` and `hours` have all.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

impl From<ReportQuery> for AskReport {
    fn from(query: ReportQuery) -> Self {
        let by = query.by.map(|by| match by {
            By::Hour => ReportBy::Hour,
            By::Day => ReportBy::Day,
            By::Week => ReportBy::Week,
            By::Month => ReportBy::Month,
        });
        let compare = query.compare.map(|how| match how {
            Compare::Before => ReportCompare::Before,
            Compare::YearBefore => ReportCompare::YearBefore,
        });
        Self { from: query.from, to: query.to, by, compare, limit: query.limit }
    }
}

/// A report.
#[derive(Serialize, ToSchema)]
struct Report {
    /// What it is about.
    kind: Kind,
    /// Its days.
    #[serde(flatten)]
    range: ReportRange,
    /// What it is compared with, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<ReportRange>,
}

/// A report over a range of business days.
#[derive(Serialize, ToSchema)]
struct ReportRange {
    /// The first day.
    #[schema(example = "2026-11-01")]
    from: String,
    /// The last day.
    #[schema(example = "2026-11-30")]
    to: String,
    /// Its rows.
    rows: Vec<ReportRow>,
    /// How many rows there are with those beyond the limit.
    all_rows: u32,
    /// All tickets of the range together.
    total: ReportFigures,
}

/// A row of a report.
#[derive(Serialize, ToSchema)]
struct ReportRow {
    /// Which one: a time (`2026-11-23T09`, `2026-11-23`, `2026-11`; a week by its Monday), an hour
    /// (`09`), the id of a variant or a member of staff, a category (empty for goods without one), a
    /// kind of tender, the code of a tax.
    #[schema(example = "2026-11-23")]
    code: String,
    /// Of an hour the day of the week, `1` for Monday; of a tender the shop's own name for it, the wallet
    /// or the currency; of a tax its rate and mode, `20 inclusive`.
    detail: String,
    /// What people call it; may be empty.
    name: String,
    /// Its sums.
    #[serde(flatten)]
    figures: ReportFigures,
}

/// Sums; what does not apply is 0.
#[derive(Serialize, ToSchema)]
struct ReportFigures {
    /// Tickets that came to nothing or more; of goods the lines that were sold; of tenders the payments
    /// that were taken.
    count: i64,
    /// Tickets below nothing; lines that came back; payments that were paid out.
    back: i64,
    /// Baskets that were given up.
    voids: i64,
    /// How much of the goods, what came back taken off.
    #[schema(example = "12.642")]
    quantity: String,
    /// Of foreign cash, how much in its own currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign: Option<Amount>,
    /// With tax, without tips; of a tender, what it counted for.
    total: Amount,
    /// Without tax; of a tax, what it was taken on.
    net: Amount,
    /// The tax.
    tax: Amount,
    /// What reductions took off.
    discount: Amount,
    /// Tips.
    tip: Amount,
    /// What cash rounding added; below nothing, what it took off.
    rounding: Amount,
    /// What the goods cost, where that was known when they were sold.
    cost: Amount,
    /// The net of the goods whose cost was known.
    costed_net: Amount,
    /// `costed_net` less `cost`.
    margin: Amount,
}

impl ReportFigures {
    fn of(view: &FiguresView, foreign: Option<Currency>, currency: &str) -> Self {
        let amount = |minor| Amount::of(minor, currency);
        let thousandths = if foreign.is_some() { 0 } else { view.quantity };
        Self {
            count: view.count,
            back: view.back,
            voids: view.voids,
            quantity: Quantity::from_thousandths(thousandths).to_string(),
            foreign: foreign.map(|currency| Amount::of(view.quantity, currency.code())),
            total: amount(view.total),
            net: amount(view.net),
            tax: amount(view.tax),
            discount: amount(view.discount),
            tip: amount(view.tip),
            rounding: amount(view.rounding),
            cost: amount(view.cost),
            costed_net: amount(view.costed_net),
            margin: amount(view.margin),
        }
    }
}

impl ReportRange {
    fn of(range: Range, currency: &str) -> Self {
        let row = |row: ReportRowView| {
            let foreign = Some(&row.detail).filter(|_| row.code == "foreign_cash");
            let foreign = foreign.and_then(|code| Currency::parse(code).ok());
            let figures = ReportFigures::of(&row.figures, foreign, currency);
            ReportRow { code: row.code, detail: row.detail, name: row.name, figures }
        };
        Self {
            total: ReportFigures::of(&range.total, None, currency),
            from: range.from,
            to: range.to,
            rows: range.rows.into_iter().map(row).collect(),
            all_rows: range.all_rows,
        }
    }
}

fn ask(app: &App, caller: &Caller, kind: Kind, ask: AskReport) -> Result<ReportView, AppError> {
    match kind {
        Kind::Sales => perform::<ReportSales>(app, caller, ask),
        Kind::Items => perform::<ReportItems>(app, caller, ask),
        Kind::Categories => perform::<ReportCategories>(app, caller, ask),
        Kind::Staff => perform::<ReportStaff>(app, caller, ask),
        Kind::Tenders => perform::<ReportTenders>(app, caller, ask),
        Kind::Taxes => perform::<ReportTaxes>(app, caller, ask),
        Kind::Hours => perform::<ReportHours>(app, caller, ask),
        Kind::Margin => perform::<ReportMargin>(app, caller, ask),
    }
}

/// What the shop took, in sums that are kept: over a million sales as quickly as over ten.
#[utoipa::path(
    get, path = "/reports/{kind}", operation_id = "read_report", tag = "reports",
    params(("kind" = inline(Kind), Path, description = "What it is about."), ReportQuery),
    responses(
        (status = 200, body = Report, description = "The report, up to this moment."),
        (status = 422, body = Problem, content_type = "application/problem+json",
         description = "A day that is none, or more days than a report has.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(kind): PathOf<Kind>,
    QueryOf(query): QueryOf<ReportQuery>,
) -> Answer<Json<Report>> {
    run(&shell, holder, Scope::Reports, move |app, caller| {
        let view = ask(app, caller, kind, query.into())?;
        let currency = app.identity().currency.code();
        let range = ReportRange::of(view.range, currency);
        let compared = view.compared.map(|range| ReportRange::of(range, currency));
        Ok(Json(Report { kind, range, compared }))
    })
    .await
}

/// The same as a table.
#[utoipa::path(
    get, path = "/reports/{kind}/csv", operation_id = "export_report", tag = "reports",
    params(("kind" = inline(Kind), Path, description = "What it is about."), ReportQuery),
    responses(
        (status = 422, body = Problem, content_type = "application/problem+json",
         description = "A day that is none, or more days than a report has."),
        (status = 200, body = String, content_type = "text/csv",
               description = "RFC 4180, UTF-8, with a row of names first, amounts in whole units with \
                              their decimals. What it is compared with comes after its own rows. A text \
                              that a spreadsheet would calculate has an apostrophe before it.")
    )
)]
async fn csv(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(kind): PathOf<Kind>,
    QueryOf(query): QueryOf<ReportQuery>,
) -> Answer<Response> {
    let text = run(&shell, holder, Scope::Reports, move |app, caller| {
        write_report(&ask(app, caller, kind, query.into())?, app.identity().currency)
    })
    .await?;
    let kind = [
        (header::CONTENT_TYPE, report_media_type()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"report.csv\""),
    ];
    Ok((kind, text).into_response())
}
