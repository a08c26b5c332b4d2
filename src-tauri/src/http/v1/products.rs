//! Products: items as other programs see and edit them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{
    GetProduct, ListProductsCommand, RetireProduct, SaveProductCommand,
};
use countertop_app::wire::{ListProducts, ProductRequest, ProductView, SaveProduct, SaveVariant};
use countertop_app::{App, AppError, Caller, perform};
use countertop_domain::ids::ItemId;
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::{edit, given};
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf, text};
use super::moment::Moment;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::variants::{NewVariant, Variant};
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(list_products, create_product)).routes(routes!(
        read_product,
        update_product,
        retire_product
    ))
}

/// What one of a product is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnitName {
    /// One by one.
    #[default]
    Piece,
    /// By weight.
    Kilogram,
    /// By volume.
    Litre,
    /// By length.
    Metre,
}

impl UnitName {
    const fn name(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kilogram => "kilogram",
            Self::Litre => "litre",
            Self::Metre => "metre",
        }
    }
}

/// Whether something is sold.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It is sold.
    Active,
    /// It is sold no more; what was sold of it stays.
    Retired,
}

impl Status {
    pub(super) const fn of(retired: bool) -> Self {
        if retired { Self::Retired } else { Self::Active }
    }
}

/// Something that the shop sells, in one variant or more.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a10", "name": "Espresso beans", "description": null,
    "category_id": "5d9c2f0e-6f0a-4f3b-8d1e-3a4b5c6d7e8f", "category": "Coffee > Beans",
    "unit": "piece", "tax_class": "food", "images": [], "favourite": false, "source": "own",
    "status": "active", "updated_at": "2026-03-01T09:30:00.000Z", "variants": []
}))]
pub(super) struct Product {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// More about it.
    description: Option<String>,
    /// Its category.
    category_id: Option<Uuid>,
    /// Its category's name; `Clothing > Hoodies` nests.
    category: Option<String>,
    /// What one of it is.
    #[schema(value_type = UnitName)]
    unit: String,
    /// Which of the shop's taxes apply: see `/v1/taxes`; `exempt` for none.
    tax_class: String,
    /// Addresses of pictures.
    images: Vec<String>,
    /// Among the favourites of the till.
    favourite: bool,
    /// Where it comes from: `shopify`, `woocommerce`, `demo`, or `own` for what was made here.
    source: String,
    /// Whether it is sold.
    status: Status,
    /// When it, or a variant of it, was last changed; later with every change.
    updated_at: Moment,
    /// What is sold of it; none once it is retired.
    variants: Vec<Variant>,
}

impl Product {
    fn of(app: &App, view: ProductView) -> Self {
        let currency = app.identity().currency.code();
        Self {
            id: view.product_id.uuid(),
            name: view.name,
            description: view.description,
            category_id: view.category_id.map(|id| id.uuid()),
            category: view.category,
            unit: view.unit,
            tax_class: view.tax_class,
            images: view.images,
            favourite: view.favourite,
            source: view.source,
            status: Status::of(view.retired),
            updated_at: Moment::of(view.updated_ms),
            variants: view.variants.into_iter().map(|one| Variant::of(currency, one)).collect(),
        }
    }
}

/// A new product.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Espresso beans", "category": "Coffee > Beans", "tax_class": "food",
    "variants": [{ "sku": "ESP-250", "barcodes": [{ "code": "4006381333931" }],
                   "price": { "amount": 899, "currency": "EUR" }, "tracks_stock": true }]
}))]
struct NewProduct {
    /// Its name, on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 5000)]
    description: Option<String>,
    /// Its category's name; a new name makes a new category.
    #[serde(default)]
    #[schema(max_length = 200)]
    category: Option<String>,
    /// What one of it is.
    #[serde(default)]
    unit: UnitName,
    /// Which of the shop's taxes apply; `standard` unless told otherwise, `exempt` for none.
    #[serde(default)]
    #[schema(max_length = 100)]
    tax_class: String,
    /// Addresses of pictures, beginning with `https://`, `http://` or `/media/`.
    #[serde(default)]
    #[schema(max_items = 50)]
    images: Vec<String>,
    /// Among the favourites of the till.
    #[serde(default)]
    favourite: bool,
    /// What is sold of it. One without options is enough.
    #[schema(min_items = 1, max_items = 500)]
    variants: Vec<NewVariant>,
}

/// What is to be changed of a product; what is not there stays. Variants have addresses of their own.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Espresso beans, dark", "favourite": true }))]
struct ProductPatch {
    /// Its name, on one line.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Option<String>,
    /// More about it; `null` for nothing.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, required = false, max_length = 5000)]
    description: Option<Option<String>>,
    /// Its category's name; `null` for none, a new name makes a new category.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, required = false, max_length = 200)]
    category: Option<Option<String>>,
    /// What one of it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName, required = false)]
    unit: Option<UnitName>,
    /// Which of the shop's taxes apply.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, max_length = 100)]
    tax_class: Option<String>,
    /// Addresses of pictures.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    images: Option<Vec<String>>,
    /// Among the favourites of the till.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    favourite: Option<bool>,
}

/// Which products. Each filter that is given must fit.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductQuery {
    /// In this category, by its whole name.
    #[param(min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "text::<_, 200>")]
    category: Option<String>,
    /// With words that begin like these, in name or article number: the best matches, in one page.
    #[param(min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "text::<_, 200>")]
    q: Option<String>,
    /// With a variant of this article number.
    #[param(min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "text::<_, 200>")]
    sku: Option<String>,
    /// With a variant of this code.
    #[param(min_length = 1, max_length = 80)]
    #[serde(default, deserialize_with = "text::<_, 80>")]
    barcode: Option<String>,
    /// From this source.
    #[param(min_length = 1, max_length = 40, example = "own")]
    #[serde(default, deserialize_with = "text::<_, 40>")]
    source: Option<String>,
    /// Changed at this moment or later, in the order of the changes. Then retired ones are listed too.
    #[param(value_type = Option<String>, format = DateTime)]
    updated_since: Option<Moment>,
}

/// Products. Whoever follows `next_cursor` of a list by `updated_since` to its end, and goes on from the
/// last `updated_at`, misses nothing. A page may hold less than `limit` although there is a next one.
#[utoipa::path(
    get, path = "/products", tag = "catalogue", params(ProductQuery, PageQuery),
    responses((status = 200, body = Page<Product>, description = "A page of them."))
)]
async fn list_products(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<ProductQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Product>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let limit = Some(page.limit());
        let request = ListProducts {
            category: query.category,
            text: query.q,
            sku: query.sku,
            barcode: query.barcode,
            source: query.source,
            updated_since_ms: query.updated_since.map(Moment::ms),
            after: page.cursor,
            limit,
        };
        let found = perform::<ListProductsCommand>(app, caller, request)?;
        let data = found.products.into_iter().map(|view| Product::of(app, view)).collect();
        Ok(Json(Page { data, next_cursor: found.next }))
    })
    .await
}

/// Adds a product.
#[utoipa::path(
    post, path = "/products", tag = "catalogue", request_body = NewProduct,
    responses(
        (status = 201, body = Product, description = "It is sold from now on.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`barcode_taken`: another product has one of its codes. Or the \
                        Idempotency-Key belongs to another request."),
    )
)]
async fn create_product(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(body): Body<NewProduct>,
) -> Answer<(StatusCode, Tagged<Product>)> {
    let id = idempotent.id("product");
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        let variants = body.variants.into_iter().map(|one| one.saved(app, None));
        let request = SaveProduct {
            product_id: Some(ItemId::new(id)),
            version: None,
            name: body.name,
            description: body.description,
            category: body.category,
            unit: body.unit.name().to_owned(),
            tax_class: body.tax_class,
            images: body.images,
            favourite: body.favourite,
            variants: variants.collect::<Result<_, AppError>>()?,
        };
        let view = perform::<SaveProductCommand>(app, caller, request)?;
        Ok((StatusCode::CREATED, Tagged(Product::of(app, view))))
    })
    .await
}

/// One product, retired or not.
#[utoipa::path(
    get, path = "/products/{id}", tag = "catalogue", params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Product, description = "It.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn read_product(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Product>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Tagged(Product::of(app, view_of(app, caller, id)?)))
    })
    .await
}

/// Changes a product. Tills that are open sell it as it is from their next scan on.
#[utoipa::path(
    patch, path = "/products/{id}", tag = "catalogue", request_body = ProductPatch,
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Product, description = "As it is now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`item_retired`: it is sold no more."),
    )
)]
async fn update_product(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
    Body(patch): Body<ProductPatch>,
) -> Answer<Tagged<Product>> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let view = view_of(app, caller, id)?;
            if_match.check(&Product::of(app, view.clone()))?;
            let mut request = saved(view);
            let patch = patch.clone();
            if let Some(name) = patch.name {
                request.name = name;
            }
            if let Some(description) = patch.description {
                request.description = description;
            }
            if let Some(category) = patch.category {
                request.category = category;
            }
            if let Some(unit) = patch.unit {
                request.unit = unit.name().to_owned();
            }
            if let Some(class) = patch.tax_class {
                request.tax_class = class;
            }
            if let Some(images) = patch.images {
                request.images = images;
            }
            request.favourite = patch.favourite.unwrap_or(request.favourite);
            let view = perform::<SaveProductCommand>(app, caller, request)?;
            Ok(Tagged(Product::of(app, view)))
        })
    })
    .await
}

/// Takes a product off sale. Nothing is erased: it stays readable as `retired`, and a basket that has it
/// can be paid.
#[utoipa::path(
    delete, path = "/products/{id}", tag = "catalogue",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is sold no more."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn retire_product(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let view = view_of(app, caller, id)?;
            let version = Some(view.version);
            if_match.check(&Product::of(app, view))?;
            let request = ProductRequest { product_id: ItemId::new(id), version };
            perform::<RetireProduct>(app, caller, request)?;
            Ok(StatusCode::NO_CONTENT)
        })
    })
    .await
}

/// A product as the core has it.
pub(super) fn view_of(app: &App, caller: &Caller, id: Uuid) -> Result<ProductView, AppError> {
    let request = ProductRequest { product_id: ItemId::new(id), version: None };
    perform::<GetProduct>(app, caller, request)
}

/// What a product is saved as if nothing of it changes.
pub(super) fn saved(view: ProductView) -> SaveProduct {
    let variants = view.variants.into_iter().map(|variant| SaveVariant {
        variant_id: Some(variant.variant_id),
        options: variant.options,
        sku: variant.sku,
        barcodes: variant.barcodes,
        price: variant.price,
        compare_at: variant.compare_at,
        cost: variant.cost,
        tracks_stock: variant.tracks_stock,
    });
    SaveProduct {
        product_id: Some(view.product_id),
        version: Some(view.version),
        name: view.name,
        description: view.description,
        category: view.category,
        unit: view.unit,
        tax_class: view.tax_class,
        images: view.images,
        favourite: view.favourite,
        variants: variants.collect(),
    }
}
