//! Price books and promotions: listed, read, added, changed and removed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{
    GetPriceRule, ListPriceRules, RemovePriceRule, SavePriceRuleCommand,
};
use countertop_app::wire::{PriceRuleRequest, PriceRuleView, SavePriceRule};
use countertop_app::{App, AppError, Caller, perform};
use countertop_domain::scope::Scope;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::edit::edit;
use super::etag::{IfMatch, Tagged};
use super::input::{Body, PathOf, QueryOf};
use super::page::{Page, PageQuery};
use super::price_rules::{PriceBook, PriceBookPatch, Promotion, PromotionPatch, Shape};
use super::price_shapes::{from_domain, to_domain};
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list_price_books, create_price_book))
        .routes(routes!(read_price_book, update_price_book, delete_price_book))
        .routes(routes!(list_promotions, create_promotion))
        .routes(routes!(read_promotion, update_promotion, delete_promotion))
}

/// A page of few that are all known, in the order of their names.
pub(super) fn page_of<T>(
    all: Vec<T>,
    page: &PageQuery,
    name: impl Fn(&T) -> &str,
) -> Result<(Vec<T>, Option<String>), AppError> {
    let after = page.cursor.as_deref();
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let mut few: Vec<T> =
        all.into_iter().filter(|one| after.is_none_or(|after| name(one) > after)).collect();
    let more = few.len() > limit;
    few.truncate(limit);
    let next = few.last().filter(|_| more).map(|last| name(last).to_owned());
    Ok((few, next))
}

fn listed<T: Shape>(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<T>, AppError> {
    let all = perform::<ListPriceRules>(app, caller, T::KIND)?.rules;
    let (few, next_cursor) = page_of(all, page, |rule| &rule.id)?;
    let data = few.into_iter().map(|view| from_domain(view.rule));
    Ok(Page { data: data.collect::<Result<_, _>>()?, next_cursor })
}

fn created<T: Shape>(app: &App, caller: &Caller, rule: &T) -> Result<T, AppError> {
    if rule.id().len() > 400 || rule.id().trim() != rule.id() {
        return Err(AppError::BadText {
            reason: "an id is short, and has no white space around it".to_owned(),
        });
    }
    let request = SavePriceRule { kind: T::KIND, version: None, rule: to_domain(rule)? };
    from_domain(perform::<SavePriceRuleCommand>(app, caller, request)?.rule)
}

fn seen<T: Shape>(app: &App, caller: &Caller, id: &str) -> Result<PriceRuleView, AppError> {
    let request = PriceRuleRequest { kind: T::KIND, id: id.to_owned(), version: None };
    perform::<GetPriceRule>(app, caller, request)
}

fn read<T: Shape>(app: &App, caller: &Caller, id: &str) -> Result<T, AppError> {
    from_domain(seen::<T>(app, caller, id)?.rule)
}

fn updated<T: Shape>(
    (app, caller): (&App, &Caller),
    id: &str,
    if_match: &IfMatch,
    patch: &impl Serialize,
) -> Result<T, AppError> {
    edit(|| {
        let view = seen::<T>(app, caller, id)?;
        if_match.check(&from_domain::<T>(view.rule.clone())?)?;
        let mut rule = view.rule;
        let patch = to_domain(patch)?;
        if let (Some(fields), Some(new)) = (rule.as_object_mut(), patch.as_object()) {
            fields.extend(new.clone());
        }
        let request = SavePriceRule { kind: T::KIND, version: Some(view.version), rule };
        from_domain(perform::<SavePriceRuleCommand>(app, caller, request)?.rule)
    })
}

fn deleted<T: Shape>(
    app: &App,
    caller: &Caller,
    id: &str,
    if_match: &IfMatch,
) -> Result<StatusCode, AppError> {
    edit(|| {
        let view = seen::<T>(app, caller, id)?;
        if_match.check(&from_domain::<T>(view.rule)?)?;
        let version = Some(view.version);
        let request = PriceRuleRequest { kind: T::KIND, id: id.to_owned(), version };
        perform::<RemovePriceRule>(app, caller, request)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Price books, by id.
#[utoipa::path(
    get, path = "/price-books", tag = "prices", params(PageQuery),
    responses((status = 200, body = Page<PriceBook>, description = "A page of them."))
)]
async fn list_price_books(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<PriceBook>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Json(listed(app, caller, &page)?))
    })
    .await
}

/// Adds a price book. Open baskets are priced by it at once, unless they are paid in part.
#[utoipa::path(
    post, path = "/price-books", tag = "prices", request_body = PriceBook,
    responses(
        (status = 201, body = PriceBook, description = "It counts from now on.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: another one has this id. Or the Idempotency-Key belongs to \
                        another request."),
    )
)]
async fn create_price_book(
    State(shell): State<Shell>,
    holder: Holder,
    Body(body): Body<PriceBook>,
) -> Answer<(StatusCode, Tagged<PriceBook>)> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        Ok((StatusCode::CREATED, Tagged(created(app, caller, &body)?)))
    })
    .await
}

/// One price book.
#[utoipa::path(
    get, path = "/price-books/{id}", tag = "prices",
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 200, body = PriceBook, description = "It.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn read_price_book(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
) -> Answer<Tagged<PriceBook>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Tagged(read(app, caller, &id)?))
    })
    .await
}

/// Changes a price book.
#[utoipa::path(
    patch, path = "/price-books/{id}", tag = "prices", request_body = PriceBookPatch,
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 200, body = PriceBook, description = "As it is now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn update_price_book(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
    if_match: IfMatch,
    Body(patch): Body<PriceBookPatch>,
) -> Answer<Tagged<PriceBook>> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        Ok(Tagged(updated((app, caller), &id, &if_match, &patch)?))
    })
    .await
}

/// Removes a price book.
#[utoipa::path(
    delete, path = "/price-books/{id}", tag = "prices",
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn delete_price_book(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        deleted::<PriceBook>(app, caller, &id, &if_match)
    })
    .await
}

/// Promotions, by id.
#[utoipa::path(
    get, path = "/promotions", tag = "prices", params(PageQuery),
    responses((status = 200, body = Page<Promotion>, description = "A page of them."))
)]
async fn list_promotions(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Promotion>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Json(listed(app, caller, &page)?))
    })
    .await
}

/// Adds a promotion. Open baskets are priced by it at once, unless they are paid in part.
#[utoipa::path(
    post, path = "/promotions", tag = "prices", request_body = Promotion,
    responses(
        (status = 201, body = Promotion, description = "It counts from now on.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: another one has this id. Or the Idempotency-Key belongs to \
                        another request."),
    )
)]
async fn create_promotion(
    State(shell): State<Shell>,
    holder: Holder,
    Body(body): Body<Promotion>,
) -> Answer<(StatusCode, Tagged<Promotion>)> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        Ok((StatusCode::CREATED, Tagged(created(app, caller, &body)?)))
    })
    .await
}

/// One promotion.
#[utoipa::path(
    get, path = "/promotions/{id}", tag = "prices",
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 200, body = Promotion, description = "It.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn read_promotion(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
) -> Answer<Tagged<Promotion>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Tagged(read(app, caller, &id)?))
    })
    .await
}

/// Changes a promotion.
#[utoipa::path(
    patch, path = "/promotions/{id}", tag = "prices", request_body = PromotionPatch,
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 200, body = Promotion, description = "As it is now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn update_promotion(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
    if_match: IfMatch,
    Body(patch): Body<PromotionPatch>,
) -> Answer<Tagged<Promotion>> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        Ok(Tagged(updated((app, caller), &id, &if_match, &patch)?))
    })
    .await
}

/// Removes a promotion.
#[utoipa::path(
    delete, path = "/promotions/{id}", tag = "prices",
    params(("id" = String, Path, description = "Its id.", min_length = 1, max_length = 400)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`in_use`: a coupon of it is in an open or parked basket."),
    )
)]
async fn delete_promotion(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<String>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        deleted::<Promotion>(app, caller, &id, &if_match)
    })
    .await
}
