//! Gift cards and store credit: given out, spent away from the till, looked at.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::IssueCreditCommand;
use countertop_app::credit::{self, Redeem};
use countertop_app::wire::{CreditOf, CreditView, IssueCredit};
use countertop_app::{App, AppError, perform};
use countertop_domain::ids::{CreditIssueId, RedemptionId};
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::credit_form::CreditMove;
use super::idempotency::Idempotent;
use super::input::{Body, PathOf};
use super::money::Amount;
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(issue_card))
        .routes(routes!(read_card))
        .routes(routes!(redeem_card))
        .routes(routes!(issue_credit))
        .routes(routes!(read_credit))
        .routes(routes!(redeem_credit))
}

/// A gift card, or store credit.
#[derive(Serialize, ToSchema)]
struct Credit {
    /// Its code: whoever has it spends it. Of a customer's own credit, the customer's id.
    #[schema(example = "7K3M9QXA4TZC")]
    code: String,
    /// What is on it.
    balance: Amount,
    /// What moved it, the newest first; fifty at most.
    moves: Vec<CreditMove>,
}

impl Credit {
    fn read(app: &App, view: CreditView) -> Result<Self, AppError> {
        let currency = app.identity().currency;
        let kind = credit::kind_of(view.kind);
        let moves = app
            .store()
            .read::<_, AppError>(|snapshot| Ok(snapshot.credit_moves(kind, &view.code, 50)?))?;
        Ok(Self {
            balance: Amount::of(view.balance, currency.code()),
            code: view.code,
            moves: moves.into_iter().map(|row| CreditMove::of(row, currency)).collect(),
        })
    }
}

/// Credit that is to be given out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "amount": { "amount": 2500, "currency": "EUR" }, "reason": "sold in the web shop, order 1042"
}))]
struct CreditInput {
    /// The code to load; for store credit also a customer's id. Empty or none for a new code.
    #[serde(default)]
    #[schema(max_length = 64)]
    code: Option<String>,
    /// How much; above nothing.
    amount: Amount,
    /// Why.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Credit that is to be spent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "amount": { "amount": 1099, "currency": "EUR" }, "reason": "web shop, order 1042"
}))]
struct RedeemInput {
    /// How much; above nothing.
    amount: Amount,
    /// For what.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

async fn issue(
    shell: &Shell,
    holder: Holder,
    idempotent: Idempotent,
    (kind, input): (CreditOf, CreditInput),
) -> Answer<(StatusCode, Json<Credit>)> {
    let id = CreditIssueId::new(idempotent.id("credit"));
    run(shell, holder, Scope::Credit, move |app, caller| {
        let request = IssueCredit {
            id,
            kind,
            code: input.code.unwrap_or_default(),
            amount: input.amount.minor(app)?,
            reason: input.reason,
        };
        let view = perform::<IssueCreditCommand>(app, caller, request)?;
        Ok((StatusCode::CREATED, Json(Credit::read(app, view)?)))
    })
    .await
}

async fn read(
    shell: &Shell,
    holder: Holder,
    (kind, code): (CreditOf, String),
) -> Answer<Json<Credit>> {
    run(shell, holder, Scope::Credit, move |app, caller| {
        let view = credit::look_up(app, caller, kind, &code)?;
        Ok(Json(Credit::read(app, view)?))
    })
    .await
}

async fn redeem(
    shell: &Shell,
    holder: Holder,
    idempotent: Idempotent,
    (kind, code, input): (CreditOf, String, RedeemInput),
) -> Answer<Json<Credit>> {
    let id = RedemptionId::new(idempotent.id("redemption"));
    run(shell, holder, Scope::Credit, move |app, caller| {
        let amount = input.amount.minor(app)?;
        let request = Redeem { kind, code, amount, reason: input.reason };
        let view = credit::redeem(app, caller, id, &request)?;
        Ok(Json(Credit::read(app, view)?))
    })
    .await
}

/// Gives out a gift card, or loads one. It is no sale of this register: money that was taken for it was
/// taken elsewhere.
#[utoipa::path(
    post, path = "/gift-cards", operation_id = "issue_gift_card", tag = "gift cards",
    request_body = CreditInput,
    responses((status = 201, body = Credit, description = "The card."))
)]
async fn issue_card(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(input): Body<CreditInput>,
) -> Answer<(StatusCode, Json<Credit>)> {
    issue(&shell, holder, idempotent, (CreditOf::GiftCard, input)).await
}

/// What is on a gift card.
#[utoipa::path(
    get, path = "/gift-cards/{code}", operation_id = "read_gift_card", tag = "gift cards",
    params(("code" = String, Path, max_length = 64, description = "The card's code.")),
    responses(
        (status = 200, body = Credit, description = "The card."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such card.")
    )
)]
async fn read_card(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(code): PathOf<String>,
) -> Answer<Json<Credit>> {
    read(&shell, holder, (CreditOf::GiftCard, code)).await
}

/// Spends from a gift card away from the till, for goods that are sold elsewhere.
#[utoipa::path(
    post, path = "/gift-cards/{code}/redeem", operation_id = "redeem_gift_card", tag = "gift cards",
    params(("code" = String, Path, max_length = 64, description = "The card's code.")),
    request_body = RedeemInput,
    responses(
        (status = 200, body = Credit, description = "The card, with what is left."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such card.")
    )
)]
async fn redeem_card(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(code): PathOf<String>,
    idempotent: Idempotent,
    Body(input): Body<RedeemInput>,
) -> Answer<Json<Credit>> {
    redeem(&shell, holder, idempotent, (CreditOf::GiftCard, code, input)).await
}

/// Gives store credit: to a customer, or under a code.
#[utoipa::path(
    post, path = "/store-credit", operation_id = "issue_store_credit", tag = "store credit",
    request_body = CreditInput,
    responses((status = 201, body = Credit, description = "The credit."))
)]
async fn issue_credit(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(input): Body<CreditInput>,
) -> Answer<(StatusCode, Json<Credit>)> {
    issue(&shell, holder, idempotent, (CreditOf::StoreCredit, input)).await
}

/// What the shop owes as store credit, by a code or a customer's id.
#[utoipa::path(
    get, path = "/store-credit/{code}", operation_id = "read_store_credit", tag = "store credit",
    params(("code" = String, Path, max_length = 64,
            description = "The code, or the customer's id.")),
    responses(
        (status = 200, body = Credit, description = "The credit."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such credit.")
    )
)]
async fn read_credit(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(code): PathOf<String>,
) -> Answer<Json<Credit>> {
    read(&shell, holder, (CreditOf::StoreCredit, code)).await
}

/// Spends store credit away from the till, for goods that are sold elsewhere.
#[utoipa::path(
    post, path = "/store-credit/{code}/redeem", operation_id = "redeem_store_credit",
    tag = "store credit",
    params(("code" = String, Path, max_length = 64,
            description = "The code, or the customer's id.")),
    request_body = RedeemInput,
    responses(
        (status = 200, body = Credit, description = "The credit, with what is left."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such credit.")
    )
)]
async fn redeem_credit(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(code): PathOf<String>,
    idempotent: Idempotent,
    Body(input): Body<RedeemInput>,
) -> Answer<Json<Credit>> {
    redeem(&shell, holder, idempotent, (CreditOf::StoreCredit, code, input)).await
}
