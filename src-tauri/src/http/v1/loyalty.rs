//! Points of customers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::loyalty;
use countertop_domain::ids::{CustomerId, PointsMoveId};
use countertop_domain::loyalty::LoyaltyRule as Rule;
use countertop_domain::money::Money;
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::credit_form::PointsMove;
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf};
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, cursor, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(rule, set_rule, switch_off))
        .routes(routes!(read))
        .routes(routes!(moves))
        .routes(routes!(redeem))
        .routes(routes!(adjust))
}

/// What points are earned by, and worth.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "points_per_unit": 1, "point_value": { "amount": 1, "currency": "EUR" }
}))]
struct LoyaltyRule {
    /// Points for each whole unit of the currency that was paid for goods.
    #[schema(minimum = 1, maximum = 1000)]
    points_per_unit: i64,
    /// What one point is worth as store credit; nothing where points cannot become any.
    point_value: Amount,
}

impl LoyaltyRule {
    fn of(rule: Rule) -> Self {
        let Rule { points_per_unit, point_value } = rule;
        Self { points_per_unit, point_value: point_value.into() }
    }
}

/// The points of a customer.
#[derive(Serialize, ToSchema)]
struct LoyaltyAccount {
    /// Whose.
    customer_id: Uuid,
    /// How many.
    points: i64,
    /// What they are worth as store credit.
    worth: Amount,
}

impl LoyaltyAccount {
    fn of(app: &countertop_app::App, account: loyalty::PointsAccount) -> Self {
        Self {
            customer_id: account.customer.uuid(),
            points: account.points,
            worth: Amount::of(account.worth, app.identity().currency.code()),
        }
    }
}

/// What points are earned by, and worth; 404 where the shop gives none.
#[utoipa::path(
    get, path = "/loyalty/rule", operation_id = "read_loyalty_rule", tag = "loyalty",
    responses(
        (status = 200, body = LoyaltyRule, description = "The rule."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "The shop gives no points.")
    )
)]
async fn rule(State(shell): State<Shell>, holder: Holder) -> Answer<Tagged<LoyaltyRule>> {
    let rule = run(&shell, holder, Scope::Credit, loyalty::rule).await?;
    let rule = rule.ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "no_such_rule", "this shop gives no points")
    })?;
    Ok(Tagged(LoyaltyRule::of(rule)))
}

/// Sets what points are earned by and worth, from the next sale on.
#[utoipa::path(
    put, path = "/loyalty/rule", operation_id = "set_loyalty_rule", tag = "loyalty",
    request_body = LoyaltyRule,
    responses((status = 200, body = LoyaltyRule, description = "The rule."))
)]
async fn set_rule(
    State(shell): State<Shell>,
    holder: Holder,
    seen: IfMatch,
    Body(input): Body<LoyaltyRule>,
) -> Answer<Tagged<LoyaltyRule>> {
    run(&shell, holder, Scope::Settings, move |app, caller| {
        // What can never be a rule is no question of what was changed meanwhile.
        let value = Money::new(input.point_value.minor(app)?, app.identity().currency)?;
        let rule = Rule { points_per_unit: input.points_per_unit, point_value: value };
        rule.check()?;
        seen.check(&loyalty::rule(app, caller)?.map(LoyaltyRule::of))?;
        loyalty::set_rule(app, caller, Some(rule))?;
        Ok(Tagged(input))
    })
    .await
}

/// Gives no points from the next sale on; those that customers have stay theirs.
#[utoipa::path(
    delete, path = "/loyalty/rule", operation_id = "delete_loyalty_rule", tag = "loyalty",
    responses((status = 204, description = "No points are given."))
)]
async fn switch_off(
    State(shell): State<Shell>,
    holder: Holder,
    seen: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::Settings, move |app, caller| {
        seen.check(&loyalty::rule(app, caller)?.map(LoyaltyRule::of))?;
        loyalty::set_rule(app, caller, None)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The points of a customer.
#[utoipa::path(
    get, path = "/loyalty/{customer_id}", operation_id = "read_loyalty", tag = "loyalty",
    params(("customer_id" = Uuid, Path, description = "The customer's id.")),
    responses(
        (status = 200, body = LoyaltyAccount, description = "The points."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<LoyaltyAccount>> {
    run(&shell, holder, Scope::Credit, move |app, caller| {
        let account = loyalty::balance(app, caller, CustomerId::new(id))?;
        Ok(Json(LoyaltyAccount::of(app, account)))
    })
    .await
}

/// What moved a customer's points, the newest first.
#[utoipa::path(
    get, path = "/loyalty/{customer_id}/moves", operation_id = "list_loyalty_moves", tag = "loyalty",
    params(("customer_id" = Uuid, Path, description = "The customer's id."), PageQuery),
    responses(
        (status = 200, body = Page<PointsMove>, description = "A page of moves."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn moves(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<PointsMove>>> {
    let limit = page.limit();
    let before = cursor::one(page.cursor.as_deref())?.unwrap_or(i64::MAX);
    run(&shell, holder, Scope::Credit, move |app, caller| {
        let mut rows = loyalty::moves(app, caller, CustomerId::new(id), before, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.seq.to_string());
        let currency = app.identity().currency;
        let data = rows.into_iter().map(|row| PointsMove::of(row, currency)).collect();
        Ok(Json(Page { data, next_cursor }))
    })
    .await
}

/// Points that are to become store credit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PointsToRedeem {
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    points: i64,
}

/// Turns points into store credit of the same customer, which pays at the till and at `/v1/store-credit`.
#[utoipa::path(
    post, path = "/loyalty/{customer_id}/redeem", operation_id = "redeem_loyalty", tag = "loyalty",
    params(("customer_id" = Uuid, Path, description = "The customer's id.")),
    request_body = PointsToRedeem,
    responses(
        (status = 200, body = LoyaltyAccount, description = "The points that are left."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn redeem(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    idempotent: Idempotent,
    Body(input): Body<PointsToRedeem>,
) -> Answer<Json<LoyaltyAccount>> {
    let move_id = PointsMoveId::new(idempotent.id("points"));
    run(&shell, holder, Scope::Credit, move |app, caller| {
        let customer = CustomerId::new(id);
        let account = loyalty::redeem(app, caller, move_id, customer, input.points)?;
        Ok(Json(LoyaltyAccount::of(app, account)))
    })
    .await
}

/// Points that are to be given or taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PointsToAdjust {
    /// How many; below nothing they are taken. Never nothing.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    points: i64,
    /// Why.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Gives points to a customer, or takes some; never more than there are.
#[utoipa::path(
    post, path = "/loyalty/{customer_id}/adjust", operation_id = "adjust_loyalty", tag = "loyalty",
    params(("customer_id" = Uuid, Path, description = "The customer's id.")),
    request_body = PointsToAdjust,
    responses(
        (status = 200, body = LoyaltyAccount, description = "The points now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn adjust(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    idempotent: Idempotent,
    Body(input): Body<PointsToAdjust>,
) -> Answer<Json<LoyaltyAccount>> {
    let move_id = PointsMoveId::new(idempotent.id("points"));
    run(&shell, holder, Scope::Credit, move |app, caller| {
        let (customer, reason) = (CustomerId::new(id), input.reason);
        let account = loyalty::adjust(app, caller, move_id, customer, input.points, &reason)?;
        Ok(Json(LoyaltyAccount::of(app, account)))
    })
    .await
}
