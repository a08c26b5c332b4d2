//! Webhooks: addresses that are told of events. A program sees only those that it made.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use countertop_app::wire::{DeliveryView, SaveWebhook, WebhookSaved, WebhookView};
use countertop_domain::ids::WebhookId;
use countertop_domain::scope::Scope;
use countertop_store::DeliveryState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::etag::{IfMatch, Tagged};
use super::idempotency::{Idempotent, Kept};
use super::input::{Body, PathOf, QueryOf};
use super::moment::Moment;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, update, remove))
        .routes(routes!(status))
        .routes(routes!(rotate))
        .routes(routes!(deliveries))
        .routes(routes!(redeliver))
}

/// An address that is told of events.
#[derive(Serialize, ToSchema)]
struct Webhook {
    /// Its id.
    id: Uuid,
    /// What people call it.
    #[schema(example = "Newsletter")]
    name: String,
    /// Where events are posted to.
    #[schema(example = "https://hooks.example.com/countertop")]
    url: String,
    /// Which events; an empty list for all that the token may hear of.
    #[schema(example = json!(["sale.completed", "customer.*"]))]
    types: Vec<String>,
    /// False if it is switched off.
    enabled: bool,
    /// Why the register switched it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// One more authority whose certificates are trusted, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    /// Until when messages are signed with the old secret, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<Moment>,
    /// When it was made.
    created_at: Moment,
    /// When it was last changed.
    updated_at: Moment,
}

impl From<&WebhookView> for Webhook {
    fn from(view: &WebhookView) -> Self {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            id: view.id.uuid(),
            name: view.name.clone(),
            url: view.url.clone(),
            types: view.types.clone(),
            enabled: view.enabled,
            trouble: some(&view.trouble),
            certificate: some(&view.certificate),
            old_secret_until: view.old_secret_until_ms.map(Moment::of),
            created_at: Moment::of(view.created_ms),
            updated_at: Moment::of(view.updated_ms),
        }
    }
}

/// A webhook with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
struct WebhookWithSecret {
    #[serde(flatten)]
    webhook: Webhook,
    /// What every message is signed with (Standard Webhooks). Not in the answer to a request that is
    /// sent again under its `Idempotency-Key`: if the first was lost, have it made anew (`rotate-secret`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    secret: Option<String>,
}

impl WebhookWithSecret {
    /// The answer, and what is kept of it.
    fn answer(saved: WebhookSaved) -> (Extension<Kept>, Json<Self>) {
        let webhook = Webhook::from(&saved.webhook);
        let kept = Kept::of(&webhook);
        (Extension(kept), Json(Self { webhook, secret: saved.secret }))
    }
}

/// Makes a webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Newsletter", "url": "https://hooks.example.com/countertop", "types": ["customer.*"]
}))]
struct NewWebhook {
    /// What people call it.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Where events are posted to: https, on the open internet. Hosts of the shop's own network and
    /// other ports than 443 are allowed by the owner, at the register.
    #[schema(format = "uri", max_length = 2000)]
    url: String,
    /// Which events: `sale.completed`, `sale.*`; an empty list for all that the token may hear of.
    #[serde(default)]
    #[schema(inline, max_items = 40)]
    types: Vec<EventType>,
    /// One more authority whose certificates are trusted, PEM.
    #[serde(default)]
    #[schema(max_length = 40000)]
    certificate: Option<String>,
}

/// Changes what is named.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": false }))]
struct WebhookChange {
    /// What people call it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// Where events are posted to.
    #[serde(default)]
    #[schema(format = "uri", max_length = 2000)]
    url: Option<String>,
    /// Which events.
    #[serde(default)]
    #[schema(inline, max_items = 40)]
    types: Option<Vec<EventType>>,
    /// False to switch it off. What happens while it is off is not told later.
    #[serde(default)]
    enabled: Option<bool>,
    /// One more authority whose certificates are trusted, PEM; empty for none.
    #[serde(default)]
    #[schema(max_length = 40000)]
    certificate: Option<String>,
}

/// A type of event, or all about one thing.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    value_type = String, example = "sale.completed",
    pattern = "^(account|card|cash|category|coupon|credit|customer|inventory|loyalty|order|payment_request|price_book|product|promotion|refund|register|sale|shift|tax)\\.(\\*|[a-z_]{1,30})$"
)]
struct EventType(String);

/// How a webhook's messages are.
#[derive(Serialize, ToSchema)]
struct WebhookStatus {
    /// Messages that wait.
    waiting: u32,
    /// When the oldest of them was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_waiting_at: Option<Moment>,
    /// Messages that were given up after a day.
    dead: u32,
    /// When the last message arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success_at: Option<Moment>,
}

/// A message to a webhook.
#[derive(Serialize, ToSchema)]
struct Delivery {
    /// The event's id: the header `webhook-id` of the message.
    #[schema(example = "1042-17-1-9f3c21aa")]
    event_id: String,
    /// The event's type.
    #[serde(rename = "type")]
    #[schema(example = "sale.completed")]
    kind: String,
    /// What became of it: `waiting`, `delivered` or `dead`.
    #[schema(example = "delivered")]
    state: String,
    /// When it was made.
    created_at: Moment,
    /// How often it was tried.
    attempts: u32,
    /// When it was last tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    tried_at: Option<Moment>,
    /// When it is tried next.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Moment>,
    /// What the address answered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    /// Why it did not arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl From<&DeliveryView> for Delivery {
    fn from(view: &DeliveryView) -> Self {
        Self {
            event_id: view.event_id.clone(),
            kind: view.kind.clone(),
            state: view.state.clone(),
            created_at: Moment::of(view.created_ms),
            attempts: view.attempts,
            tried_at: view.tried_ms.map(Moment::of),
            // Before the first try it is due since it was made.
            due_at: view.due_ms.map(|ms| Moment::of(ms.max(view.created_ms))),
            http_status: view.status,
            trouble: Some(view.trouble.clone()).filter(|text| !text.is_empty()),
        }
    }
}

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only those in this state.
    #[param(inline)]
    state: Option<StateName>,
}

/// What became of a message.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateName {
    Waiting,
    Delivered,
    Dead,
}

/// The webhooks that this token made.
#[utoipa::path(
    get, path = "/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    responses((status = 200, body = Page<Webhook>, description = "All of them, the newest first."))
)]
async fn list(State(shell): State<Shell>, holder: Holder) -> Answer<Json<Page<Webhook>>> {
    let all = run(&shell, holder, Scope::Webhooks, |app, caller| app.webhooks(caller)).await?;
    Ok(Json(Page { data: all.iter().map(Webhook::from).collect(), next_cursor: None }))
}

/// Has events posted to an address.
///
/// Messages follow Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and
/// `webhook-signature`, the body `{"type":"sale.completed","timestamp":"…","data":{…}}`. Answer with any
/// 2xx within 10 s. Each message comes at least once: one that comes twice has the same `webhook-id`.
/// Events about one thing come in order. A message that does not arrive is tried for a day. Only
/// what the token may read is told; when the token is revoked, its webhooks end.
#[utoipa::path(
    post, path = "/webhooks", operation_id = "create_webhook", tag = "webhooks",
    request_body = NewWebhook,
    responses((status = 201, body = WebhookWithSecret, description = "The webhook and its secret."))
)]
async fn create(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(new): Body<NewWebhook>,
) -> Answer<(StatusCode, (Extension<Kept>, Json<WebhookWithSecret>))> {
    let id = WebhookId::new(idempotent.id("webhook"));
    let request = SaveWebhook {
        id: None,
        name: new.name,
        url: new.url,
        types: names(new.types),
        enabled: true,
        certificate: new.certificate.unwrap_or_default(),
        allow_host: false,
    };
    let saved = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.add_webhook(caller, id, request)
    })
    .await?;
    Ok((StatusCode::CREATED, WebhookWithSecret::answer(saved)))
}

/// One webhook.
#[utoipa::path(
    get, path = "/webhooks/{id}", operation_id = "get_webhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Webhook, description = "The webhook."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or another program made it.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Webhook>> {
    let view = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.webhook(caller, WebhookId::new(id))
    })
    .await?;
    Ok(Tagged(Webhook::from(&view)))
}

/// Changes a webhook: only what is named.
#[utoipa::path(
    patch, path = "/webhooks/{id}", operation_id = "update_webhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "Its id.")),
    request_body = WebhookChange,
    responses(
        (status = 200, body = Webhook, description = "The webhook as it is now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or another program made it.")
    )
)]
async fn update(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    seen: IfMatch,
    Body(change): Body<WebhookChange>,
) -> Answer<Tagged<Webhook>> {
    let id = WebhookId::new(id);
    let saved = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        let now = app.webhook(caller, id)?;
        let before = now.updated_ms;
        let request = SaveWebhook {
            id: None,
            name: change.name.unwrap_or(now.name),
            url: change.url.unwrap_or(now.url),
            types: change.types.map_or(now.types, names),
            enabled: change.enabled.unwrap_or(now.enabled),
            certificate: change.certificate.unwrap_or(now.certificate),
            allow_host: false,
        };
        app.set_webhook(caller, id, request, move |now| {
            seen.check(&Webhook::from(now))?;
            // What was not named is kept as it was read: nobody may have changed it since.
            if now.updated_ms == before {
                Ok(())
            } else {
                Err(countertop_app::AppError::ChangedMeanwhile)
            }
        })
    })
    .await?;
    Ok(Tagged(Webhook::from(&saved.webhook)))
}

/// Removes a webhook and its messages.
#[utoipa::path(
    delete, path = "/webhooks/{id}", operation_id = "delete_webhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or another program made it.")
    )
)]
async fn remove(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.remove_webhook(caller, WebhookId::new(id), move |now| seen.check(&Webhook::from(now)))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a webhook's messages are: how many wait, and since when.
#[utoipa::path(
    get, path = "/webhooks/{id}/status", operation_id = "get_webhook_status", tag = "webhooks",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = WebhookStatus, description = "How its messages are."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or another program made it.")
    )
)]
async fn status(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<WebhookStatus>> {
    let view = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.webhook(caller, WebhookId::new(id))
    })
    .await?;
    Ok(Json(WebhookStatus {
        waiting: view.waiting,
        oldest_waiting_at: view.oldest_ms.map(Moment::of),
        dead: view.dead,
        last_success_at: view.success_ms.map(Moment::of),
    }))
}

/// Gives a webhook a new secret. For 24 hours messages are signed with the old one, too.
#[utoipa::path(
    post, path = "/webhooks/{id}/rotate-secret", operation_id = "rotate_webhook_secret",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = WebhookWithSecret, description = "The webhook and its new secret."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or another program made it.")
    )
)]
async fn rotate(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<(Extension<Kept>, Json<WebhookWithSecret>)> {
    let saved = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.rotate_webhook(caller, WebhookId::new(id))
    })
    .await?;
    Ok(WebhookWithSecret::answer(saved))
}

/// A webhook's messages: those on their way, those that were given up, and the last 1,000 that arrived.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", operation_id = "list_webhook_deliveries",
    tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook's id."), DeliveryQuery, PageQuery),
    responses(
        (status = 200, body = Page<Delivery>, description = "A page of them, the newest first."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such webhook, or another program made it.")
    )
)]
async fn deliveries(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    QueryOf(which): QueryOf<DeliveryQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Delivery>>> {
    let before =
        match page.cursor.as_deref() {
            None => None,
            Some(text) => Some(text.parse::<u32>().map(i64::from).map_err(|_| {
                Problem::bad_request("cursor is the next_cursor of the page before")
            })?),
        };
    let state = which.state.map(|state| match state {
        StateName::Waiting => DeliveryState::Waiting,
        StateName::Delivered => DeliveryState::Delivered,
        StateName::Dead => DeliveryState::Dead,
    });
    let limit = page.limit();
    let found = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.webhook_deliveries(caller, WebhookId::new(id), state, before, limit)
    })
    .await?;
    let last = found.deliveries.last().map(|delivery| delivery.number.to_string());
    Ok(Json(Page {
        data: found.deliveries.iter().map(Delivery::from).collect(),
        next_cursor: last.filter(|_| found.more),
    }))
}

/// Sends a message once more, with the same `webhook-id`.
#[utoipa::path(
    post, path = "/webhooks/{id}/deliveries/{event_id}/redeliver",
    operation_id = "redeliver_webhook", tag = "webhooks",
    params(
        ("id" = Uuid, Path, description = "The webhook's id."),
        ("event_id" = String, Path, description = "The event's id.", max_length = 64)
    ),
    responses(
        (status = 200, body = Delivery, description = "The message, which waits to be sent."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such webhook or message.")
    )
)]
async fn redeliver(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf((id, event)): PathOf<(Uuid, String)>,
) -> Answer<Json<Delivery>> {
    let view = run(&shell, holder, Scope::Webhooks, move |app, caller| {
        app.redeliver_webhook(caller, WebhookId::new(id), &event)
    })
    .await?;
    Ok(Json(Delivery::from(&view)))
}

fn names(types: Vec<EventType>) -> Vec<String> {
    types.into_iter().map(|one| one.0).collect()
}
