//! Sales and their receipts.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use countertop_app::sales::{self, ReceiptForm};
use countertop_domain::ids::{CustomerId, SaleId};
use countertop_domain::scope::Scope;
use countertop_store::SaleFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::input::{PathOf, QueryOf, short};
use super::moment::Moment;
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::sale_form::Sale;
use super::{Answer, Shell, cursor, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(refunds))
        .routes(routes!(read))
        .routes(routes!(explain))
        .routes(routes!(receipt))
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SaleOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first, for a program that reads on from where it was.
    Oldest,
}

/// Which sales.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SaleQuery {
    /// In which order.
    #[param(inline)]
    #[serde(default)]
    order: SaleOrder,
    /// Paid at this moment or later. A sale never changes: this is its `updated_since`.
    since: Option<Moment>,
    /// The receipt's number, with its series or without.
    #[param(max_length = 60, example = "T1-1042")]
    receipt_number: Option<String>,
    /// Of this customer, by any id that names them.
    customer_id: Option<Uuid>,
}

/// Sales, whole: refunds are among them.
///
/// With `order=oldest` a program keeps the last `next_cursor` or the last id and reads on from there:
/// nothing is ever put between sales that were read.
#[utoipa::path(
    get, path = "/sales", operation_id = "list_sales", tag = "sales",
    params(SaleQuery, PageQuery),
    responses((status = 200, body = Page<Sale>, description = "A page of sales."))
)]
async fn list(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<SaleQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Sale>>> {
    found(&shell, holder, query, page, false).await
}

/// Tickets on which something came back, whole.
#[utoipa::path(
    get, path = "/refunds", operation_id = "list_refunds", tag = "refunds",
    params(SaleQuery, PageQuery),
    responses((status = 200, body = Page<Sale>, description = "A page of refunds."))
)]
async fn refunds(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<SaleQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Sale>>> {
    found(&shell, holder, query, page, true).await
}

async fn found(
    shell: &Shell,
    holder: Holder,
    query: SaleQuery,
    page: PageQuery,
    with_returns: bool,
) -> Answer<Json<Page<Sale>>> {
    let limit = page.limit();
    short(&[("receipt_number", query.receipt_number.as_ref(), 60)])?;
    let oldest_first = matches!(query.order, SaleOrder::Oldest);
    let filter = SaleFilter {
        oldest_first,
        after: cursor::one(page.cursor.as_deref())?,
        since_ms: query.since.map(Moment::ms),
        customers: query.customer_id.map(CustomerId::new).into_iter().collect(),
        receipt: query.receipt_number.as_deref().map(receipt_number).transpose()?,
        with_returns,
    };
    run(shell, holder, Scope::SalesRead, move |app, caller| {
        let mut found = sales::list(app, caller, filter, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        // Who reads on from the oldest is told where even from the last page.
        let last = found.last().filter(|_| more);
        let next_cursor = last.map(|(seq, _)| seq.to_string());
        let data = found.into_iter().map(|(_, sale)| Sale::of(sale)).collect();
        Ok(Json(Page { data, next_cursor }))
    })
    .await
}

/// `T1-1042`, or just `1042`.
fn receipt_number(text: &str) -> Result<(Option<String>, i64), Problem> {
    let (series, number) = match text.rsplit_once('-') {
        Some((series, number)) => (Some(series.to_uppercase()), number),
        None => (None, text),
    };
    let number = number.parse().map_err(|_| {
        Problem::bad_request("a receipt's number is written as T1-1042, or just 1042")
    })?;
    Ok((series, number))
}

/// One sale, with the tickets that took goods of it back.
#[utoipa::path(
    get, path = "/sales/{id}", operation_id = "read_sale", tag = "sales",
    params(("id" = Uuid, Path, description = "The sale's id.")),
    responses(
        (status = 200, body = Sale, description = "The sale."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such sale.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<Sale>> {
    run(&shell, holder, Scope::SalesRead, move |app, caller| {
        let ticket = sales::get(app, caller, SaleId::new(id))?;
        Ok(Json(Sale::with_refunds(ticket.sale, &ticket.refunds)))
    })
    .await
}

/// A step from the list price to what a line cost.
#[derive(Serialize, ToSchema)]
struct ExplainedStep {
    /// Which kind.
    #[schema(example = "promotion")]
    kind: String,
    /// What did it, as printed; may be empty.
    name: String,
    /// The arithmetic in figures; may be empty.
    #[schema(example = "10% of 7.20")]
    detail: String,
    /// Its effect; for prices and sums the value itself.
    amount: Amount,
    /// What the line comes to after it.
    running: Amount,
}

/// Why a line cost what it cost.
#[derive(Serialize, ToSchema)]
struct ExplainedLine {
    /// The line.
    line_id: Uuid,
    /// In the order in which they applied.
    steps: Vec<ExplainedStep>,
}

/// Why each line of a sale cost what it cost, recomputed from what was stored.
#[utoipa::path(
    get, path = "/sales/{id}/explain", operation_id = "explain_sale", tag = "sales",
    params(("id" = Uuid, Path, description = "The sale's id.")),
    responses(
        (status = 200, body = Vec<ExplainedLine>, description = "Every line."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such sale."),
        (status = 422, body = Problem, content_type = "application/problem+json",
         description = "The sale does not say enough about its taxes.")
    )
)]
async fn explain(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<Vec<ExplainedLine>>> {
    run(&shell, holder, Scope::SalesRead, move |app, caller| {
        let sale = sales::get(app, caller, SaleId::new(id))?.sale;
        let explained = sales::explain(app, caller, SaleId::new(id))?;
        let lines = sale.lines.iter().zip(explained).map(|(line, explanation)| ExplainedLine {
            line_id: line.id.uuid(),
            steps: explanation
                .steps
                .into_iter()
                .map(|step| ExplainedStep {
                    kind: step.kind.name().to_owned(),
                    name: step.name,
                    detail: step.detail,
                    amount: step.amount.into(),
                    running: step.running.into(),
                })
                .collect(),
        });
        Ok(Json(lines.collect()))
    })
    .await
}

/// In which form a receipt is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReceiptFormat {
    /// A document.
    Pdf,
    /// A fixed-width column.
    Text,
    /// A page.
    Html,
    /// What the shop's receipt printer would be sent.
    Escpos,
}

impl ReceiptFormat {
    const ALL: [Self; 4] = [Self::Pdf, Self::Text, Self::Html, Self::Escpos];

    const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Escpos => "application/octet-stream",
        }
    }

    const fn read(self) -> ReceiptForm {
        match self {
            Self::Pdf => ReceiptForm::Pdf,
            Self::Text => ReceiptForm::Text,
            Self::Html => ReceiptForm::Html,
            Self::Escpos => ReceiptForm::EscPos,
        }
    }

    /// The first of the forms that `Accept` names, which is all that programs send; a PDF where it names
    /// anything.
    fn accepted(headers: &HeaderMap) -> Option<Self> {
        let Some(accept) = headers.get(header::ACCEPT) else { return Some(Self::Pdf) };
        accept.to_str().unwrap_or_default().split(',').find_map(|wanted| {
            let wanted = wanted.split(';').next().unwrap_or_default().trim();
            match wanted {
                "*/*" | "application/*" => Some(Self::Pdf),
                "text/*" => Some(Self::Text),
                _ => Self::ALL
                    .into_iter()
                    .find(|form| form.media_type().split(';').next() == Some(wanted)),
            }
        })
    }
}

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceiptQuery {
    /// In which form; without it, what `Accept` asks for.
    #[param(inline)]
    format: Option<ReceiptFormat>,
}

/// The receipt of a sale as a file: PDF, text, HTML, or the bytes for the shop's printer.
#[utoipa::path(
    get, path = "/sales/{id}/receipt", operation_id = "read_receipt", tag = "sales",
    params(("id" = Uuid, Path, description = "The sale's id."), ReceiptQuery),
    responses(
        (status = 200, description = "The receipt.", content(
            (String = "application/pdf"), (String = "text/plain"), (String = "text/html"),
            (String = "application/octet-stream")
        )),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such sale."),
        (status = 406, body = Problem, content_type = "application/problem+json",
         description = "There is no receipt in a form that Accept names."),
        (status = 422, body = Problem, content_type = "application/problem+json",
         description = "The receipt cannot be made so.")
    )
)]
async fn receipt(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    QueryOf(query): QueryOf<ReceiptQuery>,
    headers: HeaderMap,
) -> Answer<Response> {
    let format = query.format.or_else(|| ReceiptFormat::accepted(&headers)).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "no_such_form",
            "a receipt is application/pdf, text/plain, text/html or application/octet-stream \
             (ESC/POS): ask for one of them",
        )
    })?;
    let bytes = run(&shell, holder, Scope::SalesRead, move |app, caller| {
        sales::receipt(app, caller, SaleId::new(id), format.read())
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, format.media_type())], bytes).into_response())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{ReceiptFormat, receipt_number};

    #[test]
    fn a_receipt_comes_in_the_first_form_that_is_accepted() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(text));
            ReceiptFormat::accepted(&headers)
        };
        assert_eq!(ReceiptFormat::accepted(&HeaderMap::new()), Some(ReceiptFormat::Pdf));
        assert_eq!(of("text/html,*/*;q=0.8"), Some(ReceiptFormat::Html));
        assert_eq!(of("image/png, text/plain"), Some(ReceiptFormat::Text));
        assert_eq!(of("*/*"), Some(ReceiptFormat::Pdf));
        assert_eq!(of("image/png"), None);
    }

    #[test]
    fn a_receipt_is_named_with_its_series_or_without() {
        assert_eq!(receipt_number("t1-7").unwrap(), (Some("T1".to_owned()), 7));
        assert_eq!(receipt_number("7").unwrap(), (None, 7));
        assert!(receipt_number("T1-x").is_err());
    }
}
