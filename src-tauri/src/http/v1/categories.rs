//! Categories: where products are found.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{
    GetCategory, ListAllCategoriesCommand, RemoveCategory, SaveCategoryCommand,
};
use countertop_app::wire::{CategoryRequest, CategoryView, ListAllCategories, SaveCategory};
use countertop_app::{App, AppError, Caller, perform};
use countertop_domain::ids::CategoryId;
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::{edit, given};
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf};
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(list_categories, create_category)).routes(routes!(
        read_category,
        update_category,
        delete_category
    ))
}

/// Where products are found at the till.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "5d9c2f0e-6f0a-4f3b-8d1e-3a4b5c6d7e8f", "name": "Coffee > Beans", "ink": 3
}))]
struct Category {
    /// Its id.
    id: Uuid,
    /// Its name; `Clothing > Hoodies` nests.
    name: String,
    /// 1 to 6: which ink its icons have.
    ink: u8,
}

impl From<CategoryView> for Category {
    fn from(view: CategoryView) -> Self {
        Self { id: view.category_id.uuid(), name: view.name, ink: view.ink }
    }
}

/// A new category.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Coffee > Beans", "ink": 3 }))]
struct NewCategory {
    /// Its name, on one line; no other one has it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// 1 to 6: which ink its icons have.
    #[serde(default = "first_ink")]
    #[schema(minimum = 1, maximum = 6, required = false)]
    ink: u8,
}

const fn first_ink() -> u8 {
    1
}

/// What is to be changed of a category; what is not there stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ink": 5 }))]
struct CategoryPatch {
    /// Its name. Categories within it have names of their own and keep them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Option<String>,
    /// 1 to 6: which ink its icons have.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = u8, required = false, minimum = 1, maximum = 6)]
    ink: Option<u8>,
}

/// Categories, in the shop's order.
#[utoipa::path(
    get, path = "/categories", tag = "catalogue", params(PageQuery),
    responses((status = 200, body = Page<Category>, description = "A page of them."))
)]
async fn list_categories(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Category>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let limit = Some(page.limit());
        let request = ListAllCategories { after: page.cursor, limit };
        let found = perform::<ListAllCategoriesCommand>(app, caller, request)?;
        let data = found.categories.into_iter().map(Category::from).collect();
        Ok(Json(Page { data, next_cursor: found.next }))
    })
    .await
}

/// Adds a category.
#[utoipa::path(
    post, path = "/categories", tag = "catalogue", request_body = NewCategory,
    responses(
        (status = 201, body = Category, description = "It is there.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: another one has this name. Or the Idempotency-Key belongs \
                        to another request."),
    )
)]
async fn create_category(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(body): Body<NewCategory>,
) -> Answer<(StatusCode, Tagged<Category>)> {
    let id = idempotent.id("category");
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        let category_id = Some(CategoryId::new(id));
        let request = SaveCategory { category_id, version: None, name: body.name, ink: body.ink };
        let view = perform::<SaveCategoryCommand>(app, caller, request)?;
        Ok((StatusCode::CREATED, Tagged(Category::from(view))))
    })
    .await
}

/// One category.
#[utoipa::path(
    get, path = "/categories/{id}", tag = "catalogue",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Category, description = "It.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn read_category(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Category>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Tagged(Category::from(view_of(app, caller, id)?)))
    })
    .await
}

/// Changes a category. Its products are changed with its name.
#[utoipa::path(
    patch, path = "/categories/{id}", tag = "catalogue", request_body = CategoryPatch,
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Category, description = "As it is now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: another one has this name; `in_use`: a price book or a \
                        promotion names it."),
    )
)]
async fn update_category(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
    Body(patch): Body<CategoryPatch>,
) -> Answer<Tagged<Category>> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let view = view_of(app, caller, id)?;
            if_match.check(&Category::from(view.clone()))?;
            let request = SaveCategory {
                category_id: Some(view.category_id),
                version: Some(view.version),
                name: patch.name.clone().unwrap_or(view.name),
                ink: patch.ink.unwrap_or(view.ink),
            };
            let view = perform::<SaveCategoryCommand>(app, caller, request)?;
            Ok(Tagged(Category::from(view)))
        })
    })
    .await
}

/// Removes a category that holds no product.
#[utoipa::path(
    delete, path = "/categories/{id}", tag = "catalogue",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`in_use`: it holds products, or a price book or a promotion names it."),
    )
)]
async fn delete_category(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let view = view_of(app, caller, id)?;
            let version = Some(view.version);
            if_match.check(&Category::from(view))?;
            let request = CategoryRequest { category_id: CategoryId::new(id), version };
            perform::<RemoveCategory>(app, caller, request)?;
            Ok(StatusCode::NO_CONTENT)
        })
    })
    .await
}

fn view_of(app: &App, caller: &Caller, id: Uuid) -> Result<CategoryView, AppError> {
    let request = CategoryRequest { category_id: CategoryId::new(id), version: None };
    perform::<GetCategory>(app, caller, request)
}
