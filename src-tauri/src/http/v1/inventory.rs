//! Inventory: how much there is, what moved, and moving and counting it.
//!
//! A level is the sum of its movements; a count is one, too.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{CountStockCommand, MoveStockCommand, StockLevels, StockMovements};
use countertop_app::wire::{
    CountLine, CountStock, ListLevels, ListMovements, MoveLine, MoveStock, MovedLine, MovementView,
    StockLevelView, StockMoveView,
};
use countertop_app::{AppError, perform};
use countertop_domain::ids::{StockMoveId, VariantId};
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::minor_of;
use super::idempotency::Idempotent;
use super::input::{Body, QueryOf};
use super::moment::Moment;
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::products::{Status, UnitName};
use super::quantity::Much;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list_levels))
        .routes(routes!(list_movements, create_movement))
        .routes(routes!(create_count))
}

/// How much there is of a variant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11",
    "product_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a10", "name": "Espresso beans, 250 g",
    "sku": "ESP-250", "unit": "piece", "quantity": "24", "tracks_stock": true, "status": "active"
}))]
struct Level {
    /// The variant.
    variant_id: Uuid,
    /// Its product.
    product_id: Uuid,
    /// Its name.
    name: String,
    /// Its article number.
    sku: Option<String>,
    /// What one of it is.
    #[schema(value_type = UnitName)]
    unit: String,
    /// How much there is; below nothing where more was sold than counted.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    quantity: Much,
    /// Whether sales take from it.
    tracks_stock: bool,
    /// Whether it is sold.
    status: Status,
}

impl From<StockLevelView> for Level {
    fn from(view: StockLevelView) -> Self {
        Self {
            variant_id: view.variant_id.uuid(),
            product_id: view.product_id.uuid(),
            name: view.name,
            sku: view.sku,
            unit: view.unit,
            quantity: Much::of(view.quantity),
            tracks_stock: view.tracks_stock,
            status: Status::of(view.retired),
        }
    }
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

/// Why stock moved.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    /// Found in a catalogue file when the item was new.
    Import,
    /// Sold.
    Sale,
    /// Came back from a customer.
    Return,
    /// Put right by hand.
    Adjust,
    /// Broken, spoilt, stolen, or used in the shop.
    Waste,
    /// Came from a supplier.
    Receive,
    /// Came from another place of the shop.
    TransferIn,
    /// Went to another place of the shop.
    TransferOut,
    /// Found by counting.
    Count,
}

impl Reason {
    const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjust => "adjust",
            Self::Waste => "waste",
            Self::Receive => "receive",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Count => "count",
        }
    }
}

/// One movement of one variant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "1042-1", "at": "2026-03-01T09:30:00.000Z",
    "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "-2", "reason": "sale",
    "counted": null, "unit_cost": null, "sale_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3aff",
    "move_id": null, "reference": "", "note": "", "actor": ""
}))]
struct Movement {
    /// Its journal entry and its place there: lasting.
    id: String,
    /// When.
    at: Moment,
    /// What moved.
    variant_id: Uuid,
    /// How much: above nothing came in, below nothing went out.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    quantity: Much,
    /// Why.
    #[schema(value_type = Reason)]
    reason: String,
    /// What was found, where it was counted.
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,3})?$")]
    counted: Option<Much>,
    /// What a unit cost, where it was received.
    unit_cost: Option<Amount>,
    /// The sale that moved it.
    sale_id: Option<Uuid>,
    /// The movement by hand that it belongs to.
    move_id: Option<Uuid>,
    /// A delivery note, an order, another shop.
    reference: String,
    /// In words.
    note: String,
    /// Who moved it by hand.
    actor: String,
}

impl Movement {
    fn of(currency: &str, view: MovementView) -> Self {
        Self {
            id: view.id,
            at: Moment::of(view.at_ms),
            variant_id: view.variant_id.uuid(),
            quantity: Much::of(view.quantity),
            reason: view.reason,
            counted: view.counted.map(Much::of),
            unit_cost: view.cost.map(|minor| Amount::of(minor, currency)),
            sale_id: view.sale_id.map(|id| id.uuid()),
            move_id: view.move_id.map(|id| id.uuid()),
            reference: view.reference,
            note: view.note,
            actor: view.actor,
        }
    }
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

/// Why a person or a program moves stock.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HandReason {
    /// Put right by hand: the quantity has a sign.
    Adjust,
    /// Broken, spoilt, stolen, or used in the shop.
    Waste,
    /// Came from a supplier.
    Receive,
    /// Came from another place of the shop.
    TransferIn,
    /// Went to another place of the shop.
    TransferOut,
}

impl HandReason {
    const fn name(self) -> &'static str {
        match self {
            Self::Adjust => "adjust",
            Self::Waste => "waste",
            Self::Receive => "receive",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
        }
    }
}

/// Stock that is to be moved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "receive", "reference": "DN-2026-118",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "24",
                "unit_cost": { "amount": 412, "currency": "EUR" } }]
}))]
struct NewMovement {
    /// Why; it says which way.
    reason: HandReason,
    /// A delivery note, an order, another shop.
    #[serde(default)]
    #[schema(max_length = 100)]
    reference: String,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
    /// What moves, each variant once.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<NewMovementLine>,
}

/// One variant that is to be moved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMovementLine {
    /// What.
    variant_id: Uuid,
    /// How much, above nothing; an adjustment may be below.
    quantity: Much,
    /// What a unit cost, where it is received. It is noted and changes nothing else.
    #[serde(default)]
    unit_cost: Option<Amount>,
}

/// A movement by hand, as it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3b00", "at": "2026-03-01T09:30:00.000Z",
    "counted_at": null, "reason": "receive", "reference": "DN-2026-118", "note": "",
    "actor": "Purchasing",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "quantity": "24",
                "counted": null, "unit_cost": { "amount": 412, "currency": "EUR" }, "level": "48" }]
}))]
struct StockMove {
    /// Its id.
    id: Uuid,
    /// When it was made.
    at: Moment,
    /// When the shelves were counted, where they were.
    counted_at: Option<Moment>,
    /// Why.
    #[schema(value_type = Reason)]
    reason: String,
    /// A delivery note, an order, another shop.
    reference: String,
    /// In words.
    note: String,
    /// Who.
    actor: String,
    /// What moved.
    lines: Vec<StockMoveLine>,
}

/// One variant of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct StockMoveLine {
    /// What.
    variant_id: Uuid,
    /// How much: above nothing came in, below nothing went out.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    quantity: Much,
    /// What was found, where it was counted.
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,3})?$")]
    counted: Option<Much>,
    /// What a unit cost, where it was received.
    unit_cost: Option<Amount>,
    /// How much there is now.
    #[schema(value_type = String, pattern = r"^-?[0-9]+(\.[0-9]{1,3})?$")]
    level: Much,
}

impl StockMove {
    fn of(currency: &str, view: StockMoveView) -> Self {
        let line = |line: MovedLine| StockMoveLine {
            variant_id: line.variant_id.uuid(),
            quantity: Much::of(line.quantity),
            counted: line.counted.map(Much::of),
            unit_cost: line.cost.map(|minor| Amount::of(minor, currency)),
            level: Much::of(line.level),
        };
        Self {
            id: view.move_id.uuid(),
            at: Moment::of(view.at_ms),
            counted_at: view.counted_at_ms.map(Moment::of),
            reason: view.reason,
            reference: view.reference,
            note: view.note,
            actor: view.actor,
            lines: view.lines.into_iter().map(line).collect(),
        }
    }
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

/// What was found on the shelves.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "counted_at": "2026-03-01T09:30:00Z",
    "lines": [{ "variant_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "counted": "22" }]
}))]
struct NewCount {
    /// When the shelves were counted, at most seven days ago: what was sold or moved since comes on top
    /// of what was found. Now, unless told otherwise.
    #[serde(default)]
    counted_at: Option<Moment>,
    /// A sheet's number.
    #[serde(default)]
    #[schema(max_length = 100)]
    reference: String,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
    /// What was counted, each variant once.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<NewCountLine>,
}

/// One variant that was counted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCountLine {
    /// What.
    variant_id: Uuid,
    /// How much was found: nothing or more.
    #[schema(value_type = String, pattern = r"^[0-9]{1,7}(\.[0-9]{1,3})?$", example = "22")]
    counted: Much,
    /// What the level was, if the count is to be refused where it was another one.
    #[serde(default)]
    expected: Option<Much>,
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
