//! Payment requests: an app hands the register an amount, and finds out what became of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use countertop_app::payment_requests::{self, Reply, ReplyMoney, ReplyTender, RequestRecord};
use countertop_domain::ids::PaymentRequestId;
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::input::{Body, PathOf, QueryOf};
use super::moment::Moment;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read)).routes(routes!(cancel))
}

/// What an app asks for: the same JSON as in a link. Fields that are not described are let be, because
/// apps that were written for other registers send some.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the shape for the description; the core reads the JSON itself")]
#[schema(as = PaymentRequestBody, example = json!({
    "client_id": "kiosk", "version": "1",
    "amount_money": { "amount": 1099, "currency_code": "EUR" },
    "state": "order 4711", "notes": "Table 3",
    "options": { "supported_tender_types": ["CASH", "CREDIT_CARD"] }
}))]
struct Asked {
    /// The app, as the owner registered it. A token that is an app's own need not say it.
    #[schema(min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9._-]+$")]
    client_id: Option<String>,
    /// `1`; `1.0` to `1.3` are taken too.
    #[schema(pattern = "^1(\\.[0-3])?$", default = "1")]
    version: Option<String>,
    /// How much.
    amount_money: AskedMoney,
    /// Where to tell the result: one of the app's registered addresses. It is opened with the reply in
    /// it or, if the owner set the app up so, the reply is posted there as JSON: at least once, with the
    /// same `webhook-id` each time, and tried for a day.
    #[schema(min_length = 1, max_length = 2000)]
    callback_url: Option<String>,
    /// Given back as it is, and found by. Without an idempotency key it also tells a second sending from
    /// another request: the same content is the same request, other content is refused. Once the request
    /// was canceled or ran out, its state may be used again, since nothing was charged; a key may not.
    #[schema(max_length = 4000, pattern = "^[^\\x00]*$")]
    state: Option<String>,
    /// For receipt and payment.
    #[schema(max_length = 500, pattern = "^[^\\x00]*$")]
    notes: Option<String>,
    /// The register that is meant: its id, or the series of its receipts.
    #[schema(max_length = 128)]
    location_id: Option<String>,
    /// A customer of the shop.
    #[schema(max_length = 128)]
    customer_id: Option<String>,
    /// How it is to be paid and shown.
    options: Option<AskedOptions>,
    /// What it is for: lines that add up to the amount.
    #[schema(max_items = 100)]
    line_items: Option<Vec<AskedLine>>,
    /// Tips.
    tip_settings: Option<AskedTips>,
    /// From when on it is not to be taken any more: within 15 minutes.
    expires_at: Option<Moment>,
    /// What makes a second sending the same request; the state, if it is left out.
    #[schema(max_length = 128, pattern = "^[^\\x00]*$")]
    idempotency_key: Option<String>,
}

/// An amount that is asked for.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the shape for the description")]
struct AskedMoney {
    /// In the currency's smallest unit: 1099 for 10.99. A text of digits is taken too.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    amount: i64,
    /// The register's currency, ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency_code: String,
}

/// How a request is to be paid and shown.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the shape for the description")]
struct AskedOptions {
    /// The ways to pay; all if left out.
    #[schema(min_items = 1)]
    supported_tender_types: Option<Vec<AskedTender>>,
    /// True: no taxes are put on by themselves.
    clear_default_fees: Option<bool>,
    /// True: the reply is opened without a tap.
    auto_return: Option<bool>,
    /// True: no screen for the receipt where nothing was paid in cash.
    skip_receipt: Option<bool>,
    /// True: no cards that are not there.
    disable_cnp: Option<bool>,
    /// True: wait behind other requests, up to 20, instead of `could_not_perform`.
    queue: Option<bool>,
}

/// A way to pay.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AskedTender {
    CreditCard,
    Cash,
    Other,
    SquareGiftCard,
    CardOnFile,
    Paypay,
}

/// One thing that is paid for.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the shape for the description")]
struct AskedLine {
    /// What it is called, on one line.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// How much of it.
    #[schema(pattern = "^[0-9]{1,6}(\\.[0-9]{1,3})?$", default = "1", example = "2")]
    quantity: Option<String>,
    /// The price of one.
    base_price_money: AskedMoney,
    /// The variant of the shop's catalogue that it is: its taxes and its stock.
    variant_id: Option<Uuid>,
}

/// Whether a tip is welcome.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "the shape for the description")]
struct AskedTips {
    /// Left out: as the shop does it.
    allow_tipping: Option<bool>,
}

/// A payment request, and what became of it.
#[derive(Serialize, ToSchema)]
struct PaymentRequest {
    /// Its id.
    id: Uuid,
    /// The app that asked.
    client_id: String,
    /// The app's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// `received`, `shown`, `accepted`, then `completed`, `canceled`, `expired` or `in_doubt`. Only
    /// `in_doubt` is followed by another one.
    #[schema(example = "completed")]
    status: &'static str,
    /// What was asked.
    amount_money: PaymentMoney,
    /// True for a test: nothing of it is in the books.
    sandbox: bool,
    /// When it came.
    created_at: Moment,
    /// When it changed last.
    updated_at: Moment,
    /// From when on it is not taken any more.
    expires_at: Moment,
    /// What the app is told; not there while the payment is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<PaymentReply>,
}

/// An amount of a payment request.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "amount": 1099, "currency_code": "EUR" }))]
struct PaymentMoney {
    /// In the currency's smallest unit.
    amount: i64,
    /// ISO 4217.
    currency_code: String,
}

/// What an app is told: the same that its callback carries. What is not there is left out.
#[derive(Serialize, ToSchema)]
struct PaymentReply {
    /// `ok` if it was paid, else `error`.
    #[schema(example = "ok")]
    status: String,
    /// The register's id of the payment; only if it was paid, then always.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
    /// The id of the request, for clients that look for it here; only if it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_transaction_id: Option<String>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "payment_canceled")]
    error_code: Option<String>,
    /// Why not, for a developer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    /// The app's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// The id of the request.
    request_id: String,
    /// The sale that it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_id: Option<String>,
    /// The number of its receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "T1-1042")]
    receipt_number: Option<String>,
    /// What was paid, without the tip.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_money: Option<PaymentMoney>,
    /// The tip.
    #[serde(skip_serializing_if = "Option::is_none")]
    tip_money: Option<PaymentMoney>,
    /// How it was paid, in parts where it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tenders: Vec<PaymentTender>,
    /// True for a test.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sandbox: bool,
    /// The register's signature: Ed25519 over the reply in its canonical form, base64url. A line a
    /// field, `name=value` with the value percent-encoded and a line feed after it, fields that are not
    /// there left out: first `countertop-payment-reply-1`, then client_id, request_id, state, status,
    /// error_code, transaction_id, receipt_number, total_money and tip_money (`1099 EUR`), a tender for
    /// each (`cash 1099`), and sandbox (`true`). The public key is at /v1/keys.
    signature: String,
}

/// One payment of a request.
#[derive(Serialize, ToSchema)]
struct PaymentTender {
    /// `cash`, `card`, `card_external`, `gift_card` and so on.
    #[schema(example = "card")]
    kind: String,
    /// What it counts for, in the currency's smallest unit.
    amount: i64,
    /// The brand of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// The last four digits of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<String>,
    /// The authorisation code of the card's bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_code: Option<String>,
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of this app.
    #[param(min_length = 1, max_length = 100)]
    client_id: String,
    /// With this state.
    #[param(max_length = 4000)]
    state: Option<String>,
}

impl From<ReplyMoney> for PaymentMoney {
    fn from(money: ReplyMoney) -> Self {
        Self { amount: money.amount, currency_code: money.currency_code }
    }
}

impl From<ReplyTender> for PaymentTender {
    fn from(tender: ReplyTender) -> Self {
        Self {
            kind: tender.kind,
            amount: tender.amount,
            brand: tender.brand,
            last4: tender.last4,
            auth_code: tender.auth_code,
        }
    }
}

impl From<Reply> for PaymentReply {
    fn from(reply: Reply) -> Self {
        Self {
            status: reply.status,
            transaction_id: reply.transaction_id,
            client_transaction_id: reply.client_transaction_id,
            error_code: reply.error_code,
            error_description: reply.error_description,
            state: reply.state,
            request_id: reply.request_id,
            sale_id: reply.sale_id,
            receipt_number: reply.receipt_number,
            total_money: reply.total_money.map(PaymentMoney::from),
            tip_money: reply.tip_money.map(PaymentMoney::from),
            tenders: reply.tenders.into_iter().map(PaymentTender::from).collect(),
            sandbox: reply.sandbox,
            signature: reply.signature,
        }
    }
}

impl From<RequestRecord> for PaymentRequest {
    fn from(record: RequestRecord) -> Self {
        Self {
            id: record.id.uuid(),
            client_id: record.client_id,
            state: record.state,
            status: record.status,
            amount_money: PaymentMoney { amount: record.amount, currency_code: record.currency },
            sandbox: record.sandbox,
            created_at: Moment::of(record.received_ms),
            updated_at: Moment::of(record.updated_ms),
            expires_at: Moment::of(record.expires_ms),
            reply: record.reply.map(PaymentReply::from),
        }
    }
}

/// Ask for a payment.
///
/// The register shows it to the cashier, who takes the money; nothing is charged by the call itself. Ask
/// for the result with its id, or with client id and state. The same request again, known by
/// `idempotency_key` or else by `state`, is answered with what became of the first.
#[utoipa::path(
    post, path = "/payment-requests", tag = "payment-requests", operation_id = "ask_for_payment",
    request_body(content = inline(Asked), content_type = "application/json"),
    responses(
        (status = 201, body = PaymentRequest, description = "It is on disk, and will be shown."),
        (status = 200, body = PaymentRequest, description = "It was asked for before: as it is now."),
        (status = 403, body = Problem, content_type = "application/problem+json",
         description = "The token has no scope `payments`, or the app may not ask for payments."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`could_not_perform`: another request is under way; `idempotency_conflict`: the \
                        same key or state with another content."),
        (status = 422, body = Problem, content_type = "application/problem+json",
         description = "What is wrong, as one of the dialect's codes, such as `amount_invalid_format`."),
    )
)]
async fn create(
    State(shell): State<Shell>,
    holder: Holder,
    Body(body): Body<Map<String, Value>>,
) -> Answer<Response> {
    let (record, new) = run(&shell, holder, Scope::Payments, move |app, caller| {
        payment_requests::submit(app, caller, &body)
    })
    .await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(PaymentRequest::from(record))).into_response())
}

/// What became of a payment.
#[utoipa::path(
    get, path = "/payment-requests/{id}", tag = "payment-requests",
    operation_id = "read_payment_request", params(("id" = Uuid, Path, description = "Which.")),
    responses(
        (status = 200, body = PaymentRequest, description = "As it is now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or it is another app's."),
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<PaymentRequest>> {
    let record = run(&shell, holder, Scope::Payments, move |app, caller| {
        payment_requests::get(app, caller, PaymentRequestId::new(id))
    })
    .await?;
    Ok(Json(record.into()))
}

/// Find payments after a lost answer: by app, and by the app's own word.
#[utoipa::path(
    get, path = "/payment-requests", tag = "payment-requests",
    operation_id = "find_payment_requests", params(Wanted, PageQuery),
    responses((status = 200, body = Page<PaymentRequest>, description = "The newest first."))
)]
async fn list(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(wanted): QueryOf<Wanted>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<PaymentRequest>>> {
    let after = match page.cursor.as_deref() {
        None => None,
        Some(text) => Some(text.parse::<PaymentRequestId>().map_err(|_| {
            Problem::bad_request("that cursor is none that this list gave: begin at the first page")
        })?),
    };
    if !(1..=100).contains(&wanted.client_id.chars().count()) {
        return Err(Problem::bad_request("name the app in client_id, in 1 to 100 characters"));
    }
    let limit = page.limit();
    let mut found = run(&shell, holder, Scope::Payments, move |app, caller| {
        let state = wanted.state.as_deref();
        payment_requests::find(app, caller, &wanted.client_id, state, after, limit + 1)
    })
    .await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let next_cursor = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(Page { data: found.into_iter().map(PaymentRequest::from).collect(), next_cursor }))
}

/// Give a payment up that no cashier has accepted yet.
#[utoipa::path(
    post, path = "/payment-requests/{id}/cancel", tag = "payment-requests",
    operation_id = "cancel_payment_request", params(("id" = Uuid, Path, description = "Which.")),
    responses(
        (status = 200, body = PaymentRequest, description = "It is canceled: nothing was charged."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none, or it is another app's."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`request_ended`: a cashier has accepted it, or it has ended another way."),
    )
)]
async fn cancel(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<PaymentRequest>> {
    let record = run(&shell, holder, Scope::Payments, move |app, caller| {
        payment_requests::cancel_own(app, caller, PaymentRequestId::new(id))
    })
    .await?;
    Ok(Json(record.into()))
}
