//! Refunds that a program asks for.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::refunds::{self, RefundRequest, RefundTo};
use countertop_domain::basket::BasketError;
use countertop_domain::ids::{LineId, SaleId};
use countertop_domain::quantity::Quantity;
use countertop_domain::scope::Scope;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::idempotency::Idempotent;
use super::input::Body;
use super::problem::Problem;
use super::sale_form::Sale;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(create))
}

/// How the money goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RefundWay {
    /// As it came. A card that was charged at a terminal gets its money back only there.
    #[default]
    Original,
    /// As store credit: the customer's own, or that of a new code.
    StoreCredit,
}

/// A line that comes back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefundLine {
    /// The line of the sale.
    line_id: Uuid,
    /// How much of it.
    #[schema(pattern = r"^[0-9]{1,9}(\.[0-9]{1,3})?$", example = "1")]
    quantity: String,
}

/// What is to go back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefundInput {
    /// Of which sale.
    sale_id: Uuid,
    /// Its lines; none for all that has not come back yet.
    #[serde(default)]
    #[schema(max_items = 1000)]
    lines: Vec<RefundLine>,
    /// Why.
    #[schema(min_length = 1, max_length = 200, example = "damaged")]
    reason: String,
    /// How the money goes back.
    #[serde(default)]
    to: RefundWay,
}

/// Takes goods of a sale back and pays for them, as at the till: each line at its share of what was paid,
/// the money to the payments that it came from, the goods into stock. Cash is counted out of the drawer
/// of the open shift. Never more goes back than was paid.
#[utoipa::path(
    post, path = "/refunds", operation_id = "create_refund", tag = "refunds",
    request_body = RefundInput,
    responses(
        (status = 201, body = Sale, description = "The refund: a sale below nothing."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such sale.")
    )
)]
async fn create(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(input): Body<RefundInput>,
) -> Answer<(StatusCode, Json<Sale>)> {
    let id = SaleId::new(idempotent.id("refund"));
    run(&shell, holder, Scope::Refunds, move |app, caller| {
        let mut lines = Vec::new();
        for line in input.lines {
            let quantity = Quantity::parse(&line.quantity).map_err(BasketError::from)?;
            lines.push((LineId::new(line.line_id), quantity));
        }
        let request = RefundRequest {
            sale: SaleId::new(input.sale_id),
            lines,
            reason: input.reason,
            to: match input.to {
                RefundWay::Original => RefundTo::Original,
                RefundWay::StoreCredit => RefundTo::StoreCredit,
            },
        };
        let ticket = refunds::refund(app, caller, id, &request)?;
        Ok((StatusCode::CREATED, Json(Sale::with_refunds(ticket.sale, &ticket.refunds))))
    })
    .await
}
