//! Inventory: how much there is, what moved, and moving and counting it.
//!
//! A level is the sum of its movements; a count is one, too.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{CountStockCommand, MoveStockCommand, StockLevels, StockMovements};
use countertop_app::wire::{CountLine, CountStock, ListLevels, ListMovements, MoveLine, MoveStock};
use countertop_app::{AppError, perform};
use countertop_domain::ids::{StockMoveId, VariantId};
use countertop_domain::scope::Scope;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::minor_of;
use super::idempotency::Idempotent;
use super::input::{Body, QueryOf};
use super::moment::Moment;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::quantity::Much;
use super::stock_shapes::{Level, Movement, NewCount, NewMovement, Reason, StockMove};
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list_levels))
        .routes(routes!(list_movements, create_movement))
        .routes(routes!(create_count))
}

/// Which levels. Each filter that is given must fit.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LevelQuery {
    /// Of this variant.
    variant_id: Option<Uuid>,
    /// Only those below this.
    #[param(value_type = Option<String>, pattern = r"^-?[0-9]{1,7}(\.[0-9]{1,3})?$", example = "5")]
    below: Option<Much>,
    /// Those that moved at this moment or later, in the order of their movements; one that moved again
    /// may come again on a later page.
    #[param(value_type = Option<String>, format = DateTime)]
    updated_since: Option<Moment>,
}

/// How much there is of what is sold and counted. A page may hold less than `limit`, even nothing,
/// although there is a next one.
#[utoipa::path(
    get, path = "/inventory", tag = "inventory", params(LevelQuery, PageQuery),
    responses((status = 200, body = Page<Level>, description = "A page of levels."))
)]
async fn list_levels(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<LevelQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Level>>> {
    run(&shell, holder, Scope::InventoryRead, move |app, caller| {
        let limit = Some(page.limit());
        let request = ListLevels {
            variant_ids: query.variant_id.map(VariantId::new).into_iter().collect(),
            below: query.below.map(Much::thousandths),
            updated_since_ms: query.updated_since.map(Moment::ms),
            after: page.cursor,
            limit,
        };
        let found = perform::<StockLevels>(app, caller, request)?;
        let data = found.levels.into_iter().map(Level::from).collect();
        Ok(Json(Page { data, next_cursor: found.next }))
    })
    .await
}

/// Which movements. Each filter that is given must fit.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementQuery {
    /// Of this variant.
    variant_id: Option<Uuid>,
    /// For this reason.
    #[param(inline)]
    reason: Option<Reason>,
    /// From this moment on.
    #[param(value_type = Option<String>, format = DateTime)]
    updated_since: Option<Moment>,
}

/// What moved, the newest first. A page may hold less than `limit`, even nothing, although there is a
/// next one.
#[utoipa::path(
    get, path = "/inventory/movements", tag = "inventory", params(MovementQuery, PageQuery),
    responses((status = 200, body = Page<Movement>, description = "A page of movements."))
)]
async fn list_movements(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<MovementQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Movement>>> {
    run(&shell, holder, Scope::InventoryRead, move |app, caller| {
        let limit = Some(page.limit());
        let request = ListMovements {
            variant_id: query.variant_id.map(VariantId::new),
            reason: query.reason.map(|reason| reason.name().to_owned()),
            since_ms: query.updated_since.map(Moment::ms),
            after: page.cursor,
            limit,
        };
        let found = perform::<StockMovements>(app, caller, request)?;
        let currency = app.identity().currency.code();
        let data = found.movements.into_iter().map(|view| Movement::of(currency, view)).collect();
        Ok(Json(Page { data, next_cursor: found.next }))
    })
    .await
}

/// Receives, sends away, writes off or puts right, all of it or nothing.
#[utoipa::path(
    post, path = "/inventory/movements", tag = "inventory", request_body = NewMovement,
    responses(
        (status = 201, body = StockMove, description = "It is in the journal."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such variant."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: the Idempotency-Key made another movement."),
    )
)]
async fn create_movement(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(body): Body<NewMovement>,
) -> Answer<(StatusCode, Json<StockMove>)> {
    let id = idempotent.id("stock");
    run(&shell, holder, Scope::InventoryWrite, move |app, caller| {
        let lines = body.lines.iter().map(|line| {
            Ok(MoveLine {
                variant_id: VariantId::new(line.variant_id),
                quantity: line.quantity.thousandths(),
                cost: minor_of(app, line.unit_cost.as_ref())?,
            })
        });
        let request = MoveStock {
            move_id: StockMoveId::new(id),
            reason: body.reason.name().to_owned(),
            reference: body.reference,
            note: body.note,
            lines: lines.collect::<Result<_, AppError>>()?,
        };
        let made = perform::<MoveStockCommand>(app, caller, request)?;
        let made = StockMove::of(app.identity().currency.code(), made);
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

/// Writes a count down: each level becomes what was found, and what moved since the counting stays
/// moved. The movement is what was found less what should have been there then.
#[utoipa::path(
    post, path = "/inventory/counts", tag = "inventory", request_body = NewCount,
    responses(
        (status = 201, body = StockMove, description = "It is in the journal."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such variant."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "Nothing was changed. `stock_changed`: the level was not what was expected; \
                        `counted_since`: a later count was written down before; `already_there`: \
                        the Idempotency-Key made another count."),
    )
)]
async fn create_count(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(body): Body<NewCount>,
) -> Answer<(StatusCode, Json<StockMove>)> {
    let id = idempotent.id("stock");
    run(&shell, holder, Scope::InventoryWrite, move |app, caller| {
        let lines = body.lines.iter().map(|line| CountLine {
            variant_id: VariantId::new(line.variant_id),
            counted: line.counted.thousandths(),
            expected: line.expected.map(Much::thousandths),
        });
        let request = CountStock {
            move_id: StockMoveId::new(id),
            counted_at_ms: body.counted_at.map(Moment::ms),
            reference: body.reference,
            note: body.note,
            lines: lines.collect(),
        };
        let made = perform::<CountStockCommand>(app, caller, request)?;
        let made = StockMove::of(app.identity().currency.code(), made);
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}
