//! Orders of sales channels: brought in, listed, moved on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::channel_orders::{self, Step};
use countertop_domain::ids::{ChannelOrderId, CustomerId};
use countertop_domain::scope::Scope;
use countertop_store::ChannelOrderFilter;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf, short};
use super::moment::Moment;
use super::order_form::{Order, OrderInput, OrderStatus};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, cursor, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(list, import)).routes(routes!(read)).routes(routes!(step))
}

/// Which orders.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    /// How far they are.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// Of this channel.
    #[param(max_length = 40)]
    channel: Option<String>,
    /// What the channel calls it.
    #[param(max_length = 100)]
    external_id: Option<String>,
    /// Of this customer.
    customer_id: Option<Uuid>,
    /// Changed at this moment or later.
    updated_since: Option<Moment>,
}

/// Orders, in the order in which they were changed, the oldest change first.
#[utoipa::path(
    get, path = "/orders", operation_id = "list_orders", tag = "orders",
    params(OrderQuery, PageQuery),
    responses((status = 200, body = Page<Order>, description = "A page of orders."))
)]
async fn list(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<OrderQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Order>>> {
    let limit = page.limit();
    short(&[
        ("channel", query.channel.as_ref(), 40),
        ("external_id", query.external_id.as_ref(), 100),
    ])?;
    let filter = ChannelOrderFilter {
        status: query.status.map(OrderStatus::read),
        channel: query.channel,
        external_id: query.external_id,
        customers: query.customer_id.map(CustomerId::new).into_iter().collect(),
        updated_since_ms: query.updated_since.map(Moment::ms),
        after: cursor::two(page.cursor.as_deref())?,
    };
    run(&shell, holder, Scope::OrdersRead, move |app, caller| {
        let mut found = channel_orders::list(app, caller, &filter, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let next_cursor = last.map(|last| cursor::of_two(last.updated_ms, last.row));
        Ok(Json(Page { data: found.into_iter().map(Order::of).collect(), next_cursor }))
    })
    .await
}

/// Brings an order in from a sales channel.
///
/// `channel` and `external_id` name it: sent again with the same content it is answered with 200 and is
/// still one order; with other content it is refused with 409. What was paid there is no sale of this
/// register. What is to be collected and is not paid waits at the till as a held order, at the channel's
/// prices; whoever pays it there has it collected.
#[utoipa::path(
    post, path = "/orders", operation_id = "import_order", tag = "orders",
    request_body = OrderInput,
    responses(
        (status = 201, body = Order, description = "The order came in."),
        (status = 200, body = Order, description = "It had come in before."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn import(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(input): Body<OrderInput>,
) -> Answer<(StatusCode, Tagged<Order>)> {
    let id = ChannelOrderId::new(idempotent.id("order"));
    run(&shell, holder, Scope::OrdersWrite, move |app, caller| {
        let (row, is_new) = channel_orders::import(app, caller, id, input.read(app)?)?;
        let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, Tagged(Order::of(row))))
    })
    .await
}

/// One order.
#[utoipa::path(
    get, path = "/orders/{id}", operation_id = "read_order", tag = "orders",
    params(("id" = Uuid, Path, description = "The order's id.")),
    responses(
        (status = 200, body = Order, description = "The order."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such order.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Order>> {
    run(&shell, holder, Scope::OrdersRead, move |app, caller| {
        Ok(Tagged(Order::of(channel_orders::get(app, caller, ChannelOrderId::new(id))?)))
    })
    .await
}

/// What is said of an order's way to its customer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "shipped", "tracking": "1Z999AA10123456784" }))]
struct Fulfilment {
    /// How far it is: new, then picking, ready, and collected, or shipped and delivered; up to ready it
    /// may be cancelled.
    #[serde(default)]
    #[schema(inline)]
    status: Option<OrderStatus>,
    /// The parcel's number.
    #[serde(default)]
    #[schema(max_length = 100)]
    tracking: Option<String>,
    /// True if it was paid meanwhile.
    #[serde(default)]
    paid: bool,
}

/// Says how far an order is.
#[utoipa::path(
    put, path = "/orders/{id}/fulfilment", operation_id = "set_order_fulfilment", tag = "orders",
    params(("id" = Uuid, Path, description = "The order's id.")),
    request_body = Fulfilment,
    responses(
        (status = 200, body = Order, description = "The order as it is now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such order."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "It cannot take that step from where it is.")
    )
)]
async fn step(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    seen: IfMatch,
    Body(input): Body<Fulfilment>,
) -> Answer<Tagged<Order>> {
    run(&shell, holder, Scope::OrdersWrite, move |app, caller| {
        let said = Step {
            status: input.status.map(OrderStatus::read),
            tracking: input.tracking,
            paid: input.paid,
        };
        let id = ChannelOrderId::new(id);
        let row = channel_orders::step(app, caller, id, &said, move |now| {
            seen.check(&Order::of(now.clone()))
        })?;
        Ok(Tagged(Order::of(row)))
    })
    .await
}
