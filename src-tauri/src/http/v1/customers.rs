//! Customers: kept in step with other programs, merged, given out whole, forgotten.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use countertop_app::{ExportFormat, ExportWhat, customer_book, export};
use countertop_domain::customer::{Consent as Said, ExternalId as ExternalName};
use countertop_domain::ids::CustomerId;
use countertop_domain::scope::Scope;
use countertop_store::CustomerFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::credit_form::{CreditMove, PointsMove};
use super::customer_form::{Channel, Customer, CustomerInput};
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf, short};
use super::moment::Moment;
use super::money::Amount;
use super::order_form::Order;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::sale_form::Sale;
use super::{Answer, Shell, cursor, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(csv))
        .routes(routes!(read, replace, erase))
        .routes(routes!(consent))
        .routes(routes!(merge))
        .routes(routes!(everything))
}

/// The largest amount there is.
const MOST: u64 = 9_007_199_254_740_991;

/// Which customers.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CustomerQuery {
    /// Words of the name, the e-mail address or the phone number that begin so.
    #[param(max_length = 100)]
    q: Option<String>,
    /// The e-mail address, in any case.
    #[param(max_length = 254)]
    email: Option<String>,
    /// In this group.
    #[param(max_length = 100, example = "member")]
    group: Option<String>,
    /// Who gave their consent to be written to in this way.
    #[param(inline)]
    consent: Option<Channel>,
    /// Of this other system; `external_id` is needed with it.
    #[param(max_length = 100)]
    system: Option<String>,
    /// What the other system calls them; `system` is needed with it.
    #[param(max_length = 100)]
    external_id: Option<String>,
    /// Changed at this moment or later.
    updated_since: Option<Moment>,
    /// Their last sale was before this moment.
    last_sale_before: Option<Moment>,
    /// Their last sale was at this moment or later.
    last_sale_after: Option<Moment>,
    /// They bought so often at least.
    #[param(minimum = 0, maximum = 4_294_967_295_u32)]
    min_sales: Option<u32>,
    /// They bought for so much at least, in minor units of the register's currency.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    min_value: Option<u64>,
}

impl CustomerQuery {
    fn read(self) -> Result<CustomerFilter, Problem> {
        short(&[
            ("q", self.q.as_ref(), 100),
            ("email", self.email.as_ref(), 254),
            ("group", self.group.as_ref(), 100),
            ("system", self.system.as_ref(), 100),
            ("external_id", self.external_id.as_ref(), 100),
        ])?;
        if self.min_value.is_some_and(|minor| minor > MOST) {
            return Err(Problem::bad_request(format!("min_value is up to {MOST}")));
        }
        let external_id = match (self.system, self.external_id) {
            (None, None) => None,
            (Some(system), Some(id)) => Some(ExternalName { system, id }),
            _ => return Err(Problem::bad_request("send system and external_id together")),
        };
        Ok(CustomerFilter {
            text: self.q,
            email: self.email,
            group: self.group,
            consent: self.consent.map(|channel| (channel.read(), true)),
            external_id,
            updated_since_ms: self.updated_since.map(Moment::ms),
            last_sale_before_ms: self.last_sale_before.map(Moment::ms),
            last_sale_after_ms: self.last_sale_after.map(Moment::ms),
            min_sales: self.min_sales.map(i64::from),
            min_value: self.min_value.map(|minor| i64::try_from(minor).unwrap_or(i64::MAX)),
            after: None,
        })
    }
}

/// Customers, in the order in which they were changed, the oldest change first.
///
/// A program that keeps its own list in step asks with `updated_since`, follows `next_cursor` to the
/// end, and hears of changes from `/v1/events`. Merged and erased customers are not in the list; they
/// are told as `customer.merged` and `customer.erased`.
#[utoipa::path(
    get, path = "/customers", operation_id = "list_customers", tag = "customers",
    params(CustomerQuery, PageQuery),
    responses((status = 200, body = Page<Customer>, description = "A page of customers."))
)]
async fn list(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<CustomerQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Customer>>> {
    let (limit, after) = (page.limit(), cursor::two(page.cursor.as_deref())?);
    let filter = CustomerFilter { after, ..query.read()? };
    run(&shell, holder, Scope::CustomersRead, move |app, caller| {
        let mut found = customer_book::list(app, caller, &filter, limit + 1)?;
        let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = found.last().filter(|_| more);
        let next_cursor = last.map(|last| cursor::of_two(last.updated_ms, last.row));
        let currency = app.identity().currency;
        let data = found.into_iter().map(|record| Customer::of(record, currency)).collect();
        Ok(Json(Page { data, next_cursor }))
    })
    .await
}

/// Adds a customer.
#[utoipa::path(
    post, path = "/customers", operation_id = "create_customer", tag = "customers",
    request_body = CustomerInput,
    responses((status = 201, body = Customer, description = "The customer."))
)]
async fn create(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(input): Body<CustomerInput>,
) -> Answer<(StatusCode, Tagged<Customer>)> {
    let id = CustomerId::new(idempotent.id("customer"));
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let record = customer_book::create(app, caller, id, input.read(app)?)?;
        let customer = Customer::of(record, app.identity().currency);
        Ok((StatusCode::CREATED, Tagged(customer)))
    })
    .await
}

/// Every customer as a table.
#[utoipa::path(
    get, path = "/customers.csv", operation_id = "export_customers", tag = "customers",
    responses((status = 200, body = String, content_type = "text/csv",
               description = "RFC 4180, UTF-8, with a row of names first. A text that a spreadsheet \
                              would calculate has an apostrophe before it."))
)]
async fn csv(State(shell): State<Shell>, holder: Holder) -> Answer<Response> {
    let bytes = run(&shell, holder, Scope::CustomersRead, |app, _| {
        let mut out = Vec::new();
        export(app, ExportWhat::Customers, ExportFormat::Csv, &mut out)?;
        Ok(out)
    })
    .await?;
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"customers.csv\""),
    ];
    Ok((kind, bytes).into_response())
}

/// One customer; by an id that was merged into another's, the other.
#[utoipa::path(
    get, path = "/customers/{id}", operation_id = "read_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id.")),
    responses(
        (status = 200, body = Customer, description = "The customer."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer, or one who was erased.")
    )
)]
async fn read(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Customer>> {
    run(&shell, holder, Scope::CustomersRead, move |app, caller| {
        let record = customer_book::get(app, caller, CustomerId::new(id))?;
        Ok(Tagged(Customer::of(record, app.identity().currency)))
    })
    .await
}

/// Puts what is sent in place of what is kept of a customer.
#[utoipa::path(
    put, path = "/customers/{id}", operation_id = "replace_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id.")),
    request_body = CustomerInput,
    responses(
        (status = 200, body = Customer, description = "The customer as it is now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "Another customer has one of these external ids.")
    )
)]
async fn replace(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    seen: IfMatch,
    Body(input): Body<CustomerInput>,
) -> Answer<Tagged<Customer>> {
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let (draft, currency) = (input.read(app)?, app.identity().currency);
        let id = CustomerId::new(id);
        let record = customer_book::replace(app, caller, id, draft, move |now| {
            seen.check(&Customer::of(now.clone(), currency))
        })?;
        Ok(Tagged(Customer::of(record, currency)))
    })
    .await
}

/// What a customer said about being written to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "given": false, "at": "2026-03-02T10:00:00Z", "source": "newsletter" }))]
struct ConsentInput {
    /// True where it was given, false where it was withdrawn.
    given: bool,
    /// When it was said; the later word counts, in whatever order words are sent.
    at: Moment,
    /// Where it was said.
    #[serde(default)]
    #[schema(max_length = 100)]
    source: String,
}

/// Notes consent, or its withdrawal, for one way of being written to.
#[utoipa::path(
    put, path = "/customers/{id}/consents/{channel}", operation_id = "set_customer_consent",
    tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id."),
           ("channel" = inline(Channel), Path, description = "The way.")),
    request_body = ConsentInput,
    responses(
        (status = 200, body = Customer, description = "The customer as it is now."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn consent(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf((id, channel)): PathOf<(Uuid, Channel)>,
    seen: IfMatch,
    Body(input): Body<ConsentInput>,
) -> Answer<Tagged<Customer>> {
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let (id, currency) = (CustomerId::new(id), app.identity().currency);
        let said = Said {
            channel: channel.read(),
            given: input.given,
            at_ms: input.at.ms(),
            source: input.source,
        };
        let record = customer_book::set_consent(app, caller, id, said, move |now| {
            seen.check(&Customer::of(now.clone(), currency))
        })?;
        Ok(Tagged(Customer::of(record, currency)))
    })
    .await
}

/// Names the second of two records.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInput {
    /// The customer whose record becomes part of this one's.
    merge: Uuid,
}

/// Makes another customer's record part of this one's: two records of one person.
///
/// What this one does not say is taken from the other; store credit, account and points come together;
/// sales are found by both ids, and the other's id names this customer from then on. There is no way
/// back. Asked again, it is answered as it is.
#[utoipa::path(
    post, path = "/customers/{id}/merge", operation_id = "merge_customers", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer whose record stays.")),
    request_body = MergeInput,
    responses(
        (status = 200, body = Customer, description = "Both as one."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer.")
    )
)]
async fn merge(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    Body(input): Body<MergeInput>,
) -> Answer<Tagged<Customer>> {
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let (kept, merged) = (CustomerId::new(id), CustomerId::new(input.merge));
        let record = customer_book::merge(app, caller, kept, merged)?;
        Ok(Tagged(Customer::of(record, app.identity().currency)))
    })
    .await
}

/// What is left of a customer who was erased.
#[derive(Serialize, ToSchema)]
struct ErasedCustomer {
    /// The id that sales still name.
    id: Uuid,
    /// Whether there are sales that name them. Those stay as they were written, with the name that the
    /// receipt shows: the law has a shop keep them, and no journal entry is ever changed.
    has_sales: bool,
    /// Store credit that whoever shows the id may still spend.
    store_credit: Amount,
}

/// Erases everything that the register keeps of a person, but for what bookkeeping needs: sales,
/// payments on account and held orders stay as they were written. Copies in backups are not reached.
#[utoipa::path(
    delete, path = "/customers/{id}", operation_id = "erase_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id.")),
    responses(
        (status = 200, body = ErasedCustomer, description = "They are forgotten."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer, or one who was erased before."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "They owe something, or have an order or a basket that is open.")
    )
)]
async fn erase(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    seen: IfMatch,
) -> Answer<Json<ErasedCustomer>> {
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let currency = app.identity().currency;
        let erased = customer_book::erase(app, caller, CustomerId::new(id), move |now| {
            seen.check(&Customer::of(now.clone(), currency))
        })?;
        Ok(Json(ErasedCustomer {
            id: erased.customer.uuid(),
            has_sales: erased.has_sales,
            store_credit: Amount::of(erased.store_credit, currency.code()),
        }))
    })
    .await
}

/// A held order of a customer.
#[derive(Serialize, ToSchema)]
struct CustomerHeldOrder {
    /// Its id.
    id: Uuid,
    /// Its number.
    number: String,
    /// The goods, in words.
    lines: Vec<String>,
    /// What it came to.
    total: Amount,
    /// What was paid on it.
    deposit: Amount,
    /// What stands beside it.
    note: String,
}

/// All that the register knows of a person.
#[derive(Serialize, ToSchema)]
struct CustomerExport {
    /// Their record.
    customer: Customer,
    /// What moved their store credit, the newest first.
    store_credit: Vec<CreditMove>,
    /// What moved their account.
    account: Vec<CreditMove>,
    /// What moved their points.
    points: Vec<PointsMove>,
    /// Their sales and refunds.
    sales: Vec<Sale>,
    /// Their held orders.
    held_orders: Vec<CustomerHeldOrder>,
    /// Their orders from sales channels.
    orders: Vec<Order>,
}

/// All that the register knows of a person, for that person: whole, not a page.
#[utoipa::path(
    get, path = "/customers/{id}/export", operation_id = "export_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id.")),
    responses(
        (status = 200, body = CustomerExport, description = "Everything."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "No such customer, or one who was erased.")
    )
)]
async fn everything(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Json<CustomerExport>> {
    run(&shell, holder, Scope::CustomersWrite, move |app, caller| {
        let currency = app.identity().currency;
        let all = customer_book::everything(app, caller, CustomerId::new(id))?;
        let held = all.held.into_iter().map(|order| CustomerHeldOrder {
            id: order.id.uuid(),
            number: order.number,
            lines: order.lines,
            total: Amount::of(order.total, currency.code()),
            deposit: Amount::of(order.deposit, currency.code()),
            note: order.note,
        });
        let moves = |rows: Vec<countertop_store::CreditMoveRow>| {
            rows.into_iter().map(|row| CreditMove::of(row, currency)).collect()
        };
        Ok(Json(CustomerExport {
            customer: Customer::of(all.record, currency),
            store_credit: moves(all.store_credit),
            account: moves(all.account),
            points: all.points.into_iter().map(|row| PointsMove::of(row, currency)).collect(),
            sales: all.sales.into_iter().map(Sale::of).collect(),
            held_orders: held.collect(),
            orders: all.orders.into_iter().map(Order::of).collect(),
        }))
    })
    .await
}
