//! Shifts: the drawer from its float to its count, and cash that moved without a sale.

use axum::Json;
use axum::extract::State;
use countertop_app::commands::{ShiftX, ShiftZ};
use countertop_app::wire::{Nothing, ShiftReport as Report, ShiftRequest, TotalRow};
use countertop_app::{App, AppError, perform, shifts};
use countertop_domain::ids::ShiftId;
use countertop_domain::scope::Scope;
use countertop_store::{CashMoved, ShiftRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::input::{PathOf, QueryOf};
use super::moment::Moment;
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, cursor, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(current))
        .routes(routes!(read))
        .routes(routes!(cash_moves))
}

/// A shift in a list.
#[derive(Serialize, ToSchema)]
struct Shift {
    /// Its id.
    id: Uuid,
    /// The day in the books.
    #[schema(example = "2026-03-01")]
    business_day: String,
    /// When it was opened.
    opened_at: Moment,
    /// By whom.
    opened_by: String,
    /// When it was closed; not there for the open one.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<Moment>,
    /// The number of its Z report, in a series without a gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    z_number: Option<i64>,
    /// The float.
    float: Amount,
    /// Tickets that came to nothing or more.
    sales: u32,
    /// What all tickets came to.
    takings: Amount,
    /// What the drawer should hold, or should have held.
    expected: Amount,
    /// What was found in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<Amount>,
}

impl Shift {
    fn of(app: &App, row: ShiftRow) -> Self {
        let amount = |minor| Amount::of(minor, app.identity().currency.code());
        let closed = row.closed;
        Self {
            id: row.id.uuid(),
            business_day: row.business_day,
            opened_at: Moment::of(row.opened_at.utc_ms),
            opened_by: row.opened_by,
            closed_at: closed.as_ref().map(|closed| Moment::of(closed.at.utc_ms)),
            z_number: closed.as_ref().map(|closed| closed.z_number),
            float: amount(row.float),
            sales: row.sales,
            takings: amount(row.takings),
            expected: amount(row.expected),
            counted: closed.map(|closed| amount(closed.counted)),
        }
    }
}

/// A row of a shift's report.
#[derive(Serialize, ToSchema)]
struct ShiftTotal {
    /// The way of paying, or of moving cash.
    kind: String,
    /// As printed, where it has a name of its own; may be empty.
    name: String,
    /// How many.
    count: u32,
    /// How much.
    amount: Amount,
}

impl ShiftTotal {
    fn of(row: TotalRow, currency: &str) -> Self {
        let TotalRow { kind, name, count, amount } = row;
        Self { kind, name, count, amount: Amount::of(amount, currency) }
    }
}

/// A tax of a shift's report.
#[derive(Serialize, ToSchema)]
struct ShiftTax {
    /// As printed.
    name: String,
    /// The percentage, or the amount for each unit.
    rate: String,
    /// What it was taken on.
    base: Amount,
    /// How much.
    amount: Amount,
}

/// A currency in the drawer.
#[derive(Serialize, ToSchema)]
struct ShiftCount {
    /// What the drawer should hold.
    expected: Amount,
    /// What was found; not there before the count.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<Amount>,
    /// Counted less expected: below nothing is short.
    #[serde(skip_serializing_if = "Option::is_none")]
    over_short: Option<Amount>,
}

/// The report of a shift: X while it is open, Z at its end.
#[derive(Serialize, ToSchema)]
struct ShiftReport {
    /// Of which shift.
    shift_id: Uuid,
    /// The name of a Z report, which no other ever has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "T1-Z7")]
    z_name: Option<String>,
    /// The day in the books.
    business_day: String,
    /// The float.
    float: Amount,
    /// Sales.
    sales: u32,
    /// Tickets that paid out.
    refunds: u32,
    /// Baskets that were given up.
    voids: u32,
    /// Openings of the drawer for nothing.
    no_sales: u32,
    /// What sales came to, less refunds.
    takings: Amount,
    /// Without tax.
    net: Amount,
    /// All taxes.
    tax: Amount,
    /// What reductions took off.
    discount: Amount,
    /// Tips.
    tip: Amount,
    /// What cash rounding added, or took off.
    cash_rounding: Amount,
    /// By way of paying; empty for a token that counts blind.
    tenders: Vec<ShiftTotal>,
    /// By tax.
    taxes: Vec<ShiftTax>,
    /// Pay-ins, pay-outs and safe drops.
    cash_movements: Vec<ShiftTotal>,
    /// By currency; empty for a token that counts blind.
    counts: Vec<ShiftCount>,
    /// The first receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_receipt: Option<String>,
    /// The last receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_receipt: Option<String>,
    /// Everything that this register ever took; never set back.
    grand_total: Amount,
    /// The report as a fixed-width column, as it is printed.
    text: String,
}

impl ShiftReport {
    fn of(app: &App, report: Report) -> Self {
        let code = app.identity().currency.code();
        let amount = |minor| Amount::of(minor, code);
        let total = |row| ShiftTotal::of(row, code);
        Self {
            shift_id: report.shift_id.uuid(),
            z_name: report.z_name,
            business_day: report.business_day,
            float: amount(report.float),
            sales: report.sales,
            refunds: report.refunds,
            voids: report.voids,
            no_sales: report.no_sales,
            takings: amount(report.takings),
            net: amount(report.net),
            tax: amount(report.tax),
            discount: amount(report.discount),
            tip: amount(report.tip),
            cash_rounding: amount(report.cash_rounding),
            tenders: report.tenders.into_iter().map(total).collect(),
            taxes: report
                .taxes
                .into_iter()
                .map(|tax| ShiftTax {
                    name: tax.name,
                    rate: tax.rate,
                    base: amount(tax.base),
                    amount: amount(tax.amount),
                })
                .collect(),
            cash_movements: report.cash_moves.into_iter().map(total).collect(),
            counts: report
                .counts
                .into_iter()
                .map(|count| ShiftCount {
                    expected: Amount::of(count.expected, &count.currency),
                    counted: count.counted.map(|minor| Amount::of(minor, &count.currency)),
                    over_short: count.over_short.map(|minor| Amount::of(minor, &count.currency)),
                })
                .collect(),
            first_receipt: report.first_receipt,
            last_receipt: report.last_receipt,
            grand_total: amount(report.grand_total),
            text: report.text,
        }
    }
}

/// Shifts, the newest first; the open one too.
#[utoipa::path(
    get, path = "/shifts", operation_id = "list_shifts", tag = "shifts",
    params(PageQuery),
    responses((status = 200, body = Page<Shift>, description = "A page of shifts."))
)]
async fn list(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Shift>>> {
    let limit = page.limit();
    let before = cursor::one(page.cursor.as_deref())?.unwrap_or(i64::MAX);
    run(&shell, holder, Scope::Shifts, move |app, caller| {
        let mut rows = shifts::list(app, caller, before, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.opened_seq.to_string());
        let data = rows.into_iter().map(|row| Shift::of(app, row)).collect();
        Ok(Json(Page { data, next_cursor }))
    })
    .await
}

/// The X report: the open shift so far.
#[utoipa::path(
    get, path = "/shifts/current", operation_id = "read_current_shift", tag = "shifts",
    responses(
        (status = 200, body = ShiftReport, description = "The shift so far."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No shift is open.")
    )
)]
async fn current(State(shell): State<Shell>, holder: Holder) -> Answer<Json<ShiftReport>> {
    run(&shell, holder, Scope::Shifts, |app, caller| {
        let report = perform::<ShiftX>(app, caller, Nothing {}).map_err(|error| match error {
            AppError::NoShift => AppError::NoSuch { code: "no_such_shift", what: "an open shift" },
            error => error,
        })?;
        Ok(Json(ShiftReport::of(app, report)))
    })
    .await
}

/// The Z report of a closed shift.
#[utoipa::path(
    get, path = "/shifts/{id}", operation_id = "read_shift", tag = "shifts",
    params(("id" = Uuid, Path, description = "The shift's id.")),
    responses(
        (status = 200, body = ShiftReport, description = "The report."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such shift, or one that is still open: that is /v1/shifts/current.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<ShiftReport>> {
    run(&shell, holder, Scope::Shifts, move |app, caller| {
        let report = perform::<ShiftZ>(app, caller, ShiftRequest { shift_id: ShiftId::new(id) })?;
        Ok(Json(ShiftReport::of(app, report)))
    })
    .await
}

/// Cash that moved without a sale.
#[derive(Serialize, ToSchema)]
struct CashMovement {
    /// Its id.
    id: Uuid,
    /// In which shift.
    shift_id: Uuid,
    /// When.
    at: Moment,
    /// Who moved it.
    actor: String,
    /// `pay_in`, `pay_out`, `safe_drop`, or `no_sale` where the drawer was only opened.
    #[schema(example = "pay_out")]
    kind: String,
    /// How much, in its own currency.
    amount: Amount,
    /// Why.
    reason: String,
}

impl CashMovement {
    fn of(row: CashMoved) -> Self {
        Self {
            id: row.id.uuid(),
            shift_id: row.shift.uuid(),
            at: Moment::of(row.at_ms),
            actor: row.actor,
            kind: row.kind,
            amount: Amount::of(row.amount, &row.currency),
            reason: row.reason,
        }
    }
}

/// Which movements.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CashMovementQuery {
    /// Of this shift.
    shift_id: Option<Uuid>,
}

/// Cash that moved without a sale, the newest first.
#[utoipa::path(
    get, path = "/cash-movements", operation_id = "list_cash_movements", tag = "shifts",
    params(CashMovementQuery, PageQuery),
    responses((status = 200, body = Page<CashMovement>, description = "A page of movements."))
)]
async fn cash_moves(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<CashMovementQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<CashMovement>>> {
    let (limit, shift) = (page.limit(), query.shift_id.map(ShiftId::new));
    let before = cursor::one(page.cursor.as_deref())?.unwrap_or(i64::MAX);
    run(&shell, holder, Scope::Shifts, move |app, caller| {
        let mut rows = shifts::cash_moves(app, caller, shift, before, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.seq.to_string());
        Ok(Json(Page { data: rows.into_iter().map(CashMovement::of).collect(), next_cursor }))
    })
    .await
}
