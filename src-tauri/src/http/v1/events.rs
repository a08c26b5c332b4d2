//! What happens, told as it happens: server-sent events.
//!
//! A stream reads the journal and the noted changes on from a place, so that a slow reader holds
//! nothing up and misses nothing: it is only later. One that takes nothing for half a minute is hung
//! up on, and goes on with `Last-Event-ID`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Sse;
use axum::response::sse::Event as Frame;
use countertop_app::{App, Batch, Caller, EventId, Filter, HearError};
use countertop_domain::scope::Scope;
use countertop_store::Listening;
use futures_util::Stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::input::QueryOf;
use super::problem::Problem;
use super::{Answer, Shell};

/// Streams at once.
const MAX_STREAMS: usize = 32;
/// Happenings that are read at once.
const BATCH: u32 = 100;
/// Frames that wait for a reader.
const WAITING: usize = 32;
/// How long a reader may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// After how long without a word the stream says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// When a reader that lost the stream is to come back.
const RETRY: Duration = Duration::from_secs(2);

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(stream))
}

/// What wakes the streams, and ends them.
#[derive(Clone)]
pub(in crate::http) struct Feed {
    news: watch::Receiver<()>,
    end: Arc<watch::Sender<bool>>,
    free: Arc<Semaphore>,
    /// Dropped with the last of them.
    listening: Arc<Listening>,
}

impl Feed {
    pub(in crate::http) fn start(app: &App) -> Self {
        let (tell, news) = watch::channel(());
        let listening = app.on_news(move || {
            tell.send_replace(());
        });
        Self::of(news, Arc::new(listening))
    }

    fn of(news: watch::Receiver<()>, listening: Arc<Listening>) -> Self {
        let (end, _) = watch::channel(false);
        let free = Arc::new(Semaphore::new(MAX_STREAMS));
        Self { news, end: Arc::new(end), free, listening }
    }

    /// The same news at another door, whose streams are counted and ended by themselves.
    pub(in crate::http) fn beside(&self) -> Self {
        Self::of(self.news.clone(), Arc::clone(&self.listening))
    }

    /// Ends every stream.
    pub(in crate::http) fn end(&self) {
        self.end.send_replace(true);
    }
}

/// What to hear of, and from where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// Types with commas between them, such as `sale.completed,customer.*`; without it, all that the
    /// token may hear of.
    #[param(max_length = 1000, example = "sale.*,customer.updated")]
    types: Option<String>,
    /// The id of the last event that was read. `Last-Event-ID` goes before it. Without either the
    /// stream begins now; `0-0-0-00000000` is the beginning of everything.
    #[param(max_length = 64, example = "0-0-0-00000000")]
    after: Option<String>,
}

/// What happens, as it happens.
///
/// Each event is JSON: `{"type":"sale.completed","timestamp":"…","data":{…}}`, with an id that stays the
/// same for ever. After a break, send the last id as `Last-Event-ID` (browsers do it by themselves):
/// nothing is missed and nothing comes twice. A token hears only of what its scopes let it read:
/// `sale.*`, `refund.*` and `card.*` need `sales:read`; `customer.*` `customers:read`; `order.*`
/// `orders:read`; `product.*`, `category.*`, `price_book.*`, `promotion.*`, `coupon.*` and `tax.*`
/// `catalog:read`; `inventory.*` `inventory:read`; `shift.*` and `cash.*` `shifts`; `credit.*`,
/// `loyalty.*` and `account.*` `credit`; `payment_request.*` `payments`.
///
/// **What can be edited** is told by its id alone, `{"id":"…"}`: read it as it is now, since it may have
/// changed again. `product.*` is read at `/v1/products/{id}`, `category.*` at `/v1/categories/{id}`,
/// `customer.*` at `/v1/customers/{id}`, `order.*` at `/v1/orders/{id}`, `price_book.*` at
/// `/v1/price-books/{id}`, `promotion.*` at `/v1/promotions/{id}`, `tax.*` at `/v1/taxes/{id}`,
/// `payment_request.*` at `/v1/payment-requests/{id}`; `coupon.*` names a coupon for which there is no
/// address. The verbs are `created`, `updated` and `deleted`; of a customer `merged` and `erased`, too,
/// and of an order `fulfilled`. Orders that are taken at the till (`order.held`, `order.deposit_taken`,
/// `order.completed`, `order.cancelled`) are told whole. `product.imported` comes once for a whole file, and its id is the name of
/// the source: list the products by `updated_since`.
///
/// **What happened** is told with its data: `sale.completed` with lines and tenders, `shift.closed` with
/// its totals. `card.in_doubt` says that nobody knows whether a card was charged, and `card.settled` that
/// it is known now, by the terminal or by a person: `charged` says which. Each such payment has both, with
/// the same `id`; `sale_id` is the sale that it was for, and `/v1/sales/{sale_id}` finds it only once that
/// is complete. `card.resolved` is a person's decision, `card.orphaned` a charge that belongs to no sale,
/// `card.reversed` one of those that was given back.
#[utoipa::path(
    get, path = "/events", operation_id = "stream_events", tag = "events",
    params(
        EventsQuery,
        ("Last-Event-ID" = Option<String>, Header, max_length = 64,
         description = "The id of the last event that was read.")
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream",
         description = "Events, until the reader hangs up, the token is revoked or the register stops."),
        (status = 410, body = Problem, content_type = "application/problem+json",
         description = "What followed that event is no longer kept (30 days): read everything anew, \
                        then go on from now."),
        (status = 503, body = Problem, content_type = "application/problem+json",
         description = "Too many streams are open.")
    )
)]
async fn stream(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<EventsQuery>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Frame, Infallible>>>> {
    holder.allow(Scope::Events)?;
    let types = query.types.as_deref().unwrap_or_default();
    let types = types.split(',').map(str::trim).filter(|name| !name.is_empty());
    let filter = Filter::parse(types)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "bad_type", error.to_string()))?;
    let after = place(&headers, query.after.as_deref())?;
    let Ok(permit) = Arc::clone(&shell.feed.free).try_acquire_owned() else {
        let words = "too many programs listen already: close a stream, or try again later";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", words));
    };
    // Taken before the first reading: what happens meanwhile wakes the stream.
    let mut news = shell.feed.news.clone();
    news.mark_unchanged();
    let reader = Reader {
        app: Arc::clone(&shell.app),
        caller: holder.into_caller(),
        filter,
        _permit: permit,
    };
    let (reader, first) = reader.begin(after).await?;
    let (send, frames) = mpsc::channel(WAITING);
    let ended = shell.feed.end.subscribe();
    tokio::spawn(async move { reader.tell(first, &send, news, ended).await });
    Ok(Sse::new(ReceiverStream::new(frames)))
}

/// From where to go on; none for now.
fn place(headers: &HeaderMap, after: Option<&str>) -> Answer<Option<EventId>> {
    let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?").trim());
    let Some(text) = header.filter(|text| !text.is_empty()).or(after) else { return Ok(None) };
    text.parse().map(Some).map_err(|()| {
        Problem::bad_request(
            "Last-Event-ID and after are the id of an event, as the stream gave it",
        )
    })
}

/// Who reads, and what.
struct Reader {
    app: Arc<App>,
    caller: Caller,
    filter: Filter,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    async fn begin(self, after: Option<EventId>) -> Answer<(Self, Batch)> {
        let begun = tokio::task::spawn_blocking(move || {
            let after = after.map_or_else(|| self.app.newest_event(), Ok)?;
            let first = self.app.events_after(&self.caller, &self.filter, after, BATCH)?;
            Ok((self, first))
        });
        begun.await.map_err(|_| Problem::stopped())?.map_err(|error: HearError| match error {
            HearError::Gone(gone) => {
                Problem::new(StatusCode::GONE, "events_gone", gone.to_string())
            }
            HearError::Revoked => Problem::no_token(),
            HearError::App(error) => error.into(),
        })
    }

    /// Tells batch after batch until there is a reason to end.
    async fn tell(
        mut self,
        mut batch: Batch,
        send: &mpsc::Sender<Result<Frame, Infallible>>,
        mut news: watch::Receiver<()>,
        mut ended: watch::Receiver<bool>,
    ) {
        // The place is told at once: a reader that loses the stream before the first event has it.
        let mut hello = Some(Frame::default().retry(RETRY));
        loop {
            for event in &batch.events {
                let frame = Frame::default().id(event.id.to_string()).data(event.body());
                if !sent(send, frame).await {
                    return;
                }
            }
            let end = batch.end;
            if let Some(hello) = hello.take()
                && !sent(send, hello.id(end.to_string()).comment("")).await
            {
                return;
            }
            let (reader, next) = match self.read_on(end).await {
                Some(read) => read,
                None => return,
            };
            self = reader;
            batch = next;
            if batch.end != end || !batch.events.is_empty() {
                continue;
            }
            tokio::select! {
                changed = news.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(HEARTBEAT) => {
                    // With the place: what the filter left out needs not be read again.
                    if !sent(send, Frame::default().id(end.to_string()).comment("")).await {
                        return;
                    }
                }
                () = over(&mut ended) => return,
                () = send.closed() => return,
            }
        }
    }

    /// None if nothing more is to be told: the token was revoked, or the register stops.
    async fn read_on(self, after: EventId) -> Option<(Self, Batch)> {
        let read = tokio::task::spawn_blocking(move || {
            let batch = self.app.events_after(&self.caller, &self.filter, after, BATCH);
            (self, batch)
        });
        let (reader, batch) = read.await.ok()?;
        Some((reader, batch.ok()?))
    }
}

/// Waits until the register stops.
async fn over(ended: &mut watch::Receiver<bool>) {
    let _ = ended.wait_for(|end| *end).await;
}

/// False if the reader is gone, or takes nothing.
async fn sent(send: &mpsc::Sender<Result<Frame, Infallible>>, frame: Frame) -> bool {
    matches!(tokio::time::timeout(PATIENCE, send.send(Ok(frame))).await, Ok(Ok(())))
}
