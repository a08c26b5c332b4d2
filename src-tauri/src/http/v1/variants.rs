//! Variants: the sellable forms of products.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{GetVariant, ListVariantsCommand, SaveProductCommand};
use countertop_app::wire::{
    ChoiceView, CodeView, ListVariants, ProductVariantView, SaveVariant, VariantRequest,
};
use countertop_app::{App, AppError, Caller, perform};
use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::{edit, given, minor_of};
use super::etag::{IfMatch, Tagged};
use super::idempotency::Idempotent;
use super::input::{Body, PathOf, QueryOf, text};
use super::moment::Moment;
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::problem::Problem;
use super::products::{Status, saved, view_of};
use super::quantity::Much;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(list_variants, create_variant)).routes(routes!(
        read_variant,
        update_variant,
        retire_variant
    ))
}

/// A sellable form of a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a11", "product_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a10",
    "name": "Espresso beans, 250 g", "options": [{ "name": "Weight", "value": "250 g" }],
    "sku": "ESP-250", "barcodes": [{ "code": "4006381333931", "quantity": "1" }],
    "price": { "amount": 899, "currency": "EUR" }, "compare_at_price": null,
    "cost": { "amount": 412, "currency": "EUR" }, "tracks_stock": true, "status": "active",
    "updated_at": "2026-03-01T09:30:00.000Z"
}))]
pub(super) struct Variant {
    /// Its id.
    id: Uuid,
    /// Its product.
    product_id: Uuid,
    /// Name with its choices.
    name: String,
    /// What tells it apart from the other variants.
    options: Vec<Choice>,
    /// The shop's own article number; several may have the same.
    sku: Option<String>,
    /// Its codes; a code belongs to one variant.
    barcodes: Vec<Code>,
    /// Price of one unit as on the label; `null` for an open price, asked at the till.
    price: Option<Amount>,
    /// The price before a reduction.
    compare_at_price: Option<Amount>,
    /// What a unit cost the shop.
    cost: Option<Amount>,
    /// Whether sales take from stock.
    tracks_stock: bool,
    /// Whether it is sold.
    status: Status,
    /// When its product was last changed.
    updated_at: Moment,
}

impl Variant {
    pub(super) fn of(currency: &str, view: ProductVariantView) -> Self {
        let amount = |minor: Option<i64>| minor.map(|minor| Amount::of(minor, currency));
        let choice = |choice: ChoiceView| Choice { name: choice.name, value: choice.value };
        let code = |code: CodeView| Code { code: code.code, quantity: Much::of(code.quantity) };
        Self {
            id: view.variant_id.uuid(),
            product_id: view.product_id.uuid(),
            name: view.name,
            options: view.options.into_iter().map(choice).collect(),
            sku: view.sku,
            barcodes: view.barcodes.into_iter().map(code).collect(),
            price: amount(view.price),
            compare_at_price: amount(view.compare_at),
            cost: amount(view.cost),
            tracks_stock: view.tracks_stock,
            status: Status::of(view.retired),
            updated_at: Moment::of(view.updated_ms),
        }
    }
}

/// One choice that tells variants apart.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Size", "value": "Large" }))]
pub(super) struct Choice {
    /// What is chosen.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The choice.
    #[schema(min_length = 1, max_length = 200)]
    value: String,
}

/// A barcode.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "4006381333931", "quantity": "1" }))]
pub(super) struct Code {
    /// What a scanner reads. UPC-A is kept as the EAN-13 that it is.
    #[schema(min_length = 1, max_length = 80)]
    code: String,
    /// How much one scan adds: a six-pack's code is six of the bottle.
    #[serde(default = "one")]
    #[schema(required = false)]
    quantity: Much,
}

const fn one() -> Much {
    Much::of(1_000)
}

/// A variant that comes with a new product.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "sku": "ESP-250", "price": { "amount": 899, "currency": "EUR" } }))]
pub(super) struct NewVariant {
    /// What tells it apart; every variant of a product has the same options.
    #[schema(max_items = 10)]
    options: Vec<Choice>,
    /// The shop's own article number.
    #[schema(max_length = 200)]
    sku: Option<String>,
    /// Its codes.
    #[schema(max_items = 50)]
    barcodes: Vec<Code>,
    /// Price of one unit, nothing or more; none for an open price.
    price: Option<Amount>,
    /// The price before a reduction, above the price.
    compare_at_price: Option<Amount>,
    /// What a unit cost the shop.
    cost: Option<Amount>,
    /// Whether sales take from stock.
    tracks_stock: bool,
}

impl NewVariant {
    pub(super) fn saved(self, app: &App, id: Option<Uuid>) -> Result<SaveVariant, AppError> {
        Ok(SaveVariant {
            variant_id: id.map(VariantId::new),
            options: self.options.into_iter().map(choice).collect(),
            sku: self.sku,
            barcodes: self.barcodes.into_iter().map(code).collect(),
            price: minor_of(app, self.price.as_ref())?,
            compare_at: minor_of(app, self.compare_at_price.as_ref())?,
            cost: minor_of(app, self.cost.as_ref())?,
            tracks_stock: self.tracks_stock,
        })
    }
}

fn choice(choice: Choice) -> ChoiceView {
    ChoiceView { name: choice.name, value: choice.value }
}

fn code(code: Code) -> CodeView {
    CodeView { code: code.code, quantity: code.quantity.thousandths() }
}

/// A variant for a product that is there.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product_id": "0190b7a2-3c55-7c1a-9f63-2f0f6f1f3a10",
    "options": [{ "name": "Weight", "value": "1 kg" }], "price": { "amount": 2899, "currency": "EUR" }
}))]
struct AddedVariant {
    /// Its product.
    product_id: Uuid,
    /// What tells it apart; every variant of a product has the same options.
    #[serde(default)]
    #[schema(max_items = 10)]
    options: Vec<Choice>,
    /// The shop's own article number.
    #[serde(default)]
    #[schema(max_length = 200)]
    sku: Option<String>,
    /// Its codes.
    #[serde(default)]
    #[schema(max_items = 50)]
    barcodes: Vec<Code>,
    /// Price of one unit, nothing or more; none for an open price.
    #[serde(default)]
    price: Option<Amount>,
    /// The price before a reduction, above the price.
    #[serde(default)]
    compare_at_price: Option<Amount>,
    /// What a unit cost the shop.
    #[serde(default)]
    cost: Option<Amount>,
    /// Whether sales take from stock.
    #[serde(default)]
    tracks_stock: bool,
}

/// What is to be changed of a variant; what is not there stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "price": { "amount": 949, "currency": "EUR" } }))]
struct VariantPatch {
    /// What tells it apart.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Choice>, required = false, max_items = 10)]
    options: Option<Vec<Choice>>,
    /// The shop's own article number; `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, required = false, max_length = 200)]
    sku: Option<Option<String>>,
    /// Its codes: all that it has from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Code>, required = false, max_items = 50)]
    barcodes: Option<Vec<Code>>,
    /// Price of one unit; `null` for an open price.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Amount>, required = false)]
    price: Option<Option<Amount>>,
    /// The price before a reduction; `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Amount>, required = false)]
    compare_at_price: Option<Option<Amount>>,
    /// What a unit cost the shop; `null` for unknown.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Amount>, required = false)]
    cost: Option<Option<Amount>>,
    /// Whether sales take from stock.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    tracks_stock: Option<bool>,
}

impl VariantPatch {
    fn apply(self, app: &App, variant: &mut SaveVariant) -> Result<(), AppError> {
        if let Some(options) = self.options {
            variant.options = options.into_iter().map(choice).collect();
        }
        if let Some(sku) = self.sku {
            variant.sku = sku;
        }
        if let Some(barcodes) = self.barcodes {
            variant.barcodes = barcodes.into_iter().map(code).collect();
        }
        if let Some(price) = self.price {
            variant.price = minor_of(app, price.as_ref())?;
        }
        if let Some(before) = self.compare_at_price {
            variant.compare_at = minor_of(app, before.as_ref())?;
        }
        if let Some(cost) = self.cost {
            variant.cost = minor_of(app, cost.as_ref())?;
        }
        variant.tracks_stock = self.tracks_stock.unwrap_or(variant.tracks_stock);
        Ok(())
    }
}

/// Which variants. Each filter that is given must fit.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VariantQuery {
    /// Of this product.
    product_id: Option<Uuid>,
    /// Of this article number.
    #[param(min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "text::<_, 200>")]
    sku: Option<String>,
    /// With this code.
    #[param(min_length = 1, max_length = 80)]
    #[serde(default, deserialize_with = "text::<_, 80>")]
    barcode: Option<String>,
    /// Of products that were changed at this moment or later, in the order of the changes. Then retired
    /// ones are listed too.
    #[param(value_type = Option<String>, format = DateTime)]
    updated_since: Option<Moment>,
}

/// Variants.
#[utoipa::path(
    get, path = "/variants", tag = "catalogue", params(VariantQuery, PageQuery),
    responses((status = 200, body = Page<Variant>, description = "A page of them."))
)]
async fn list_variants(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(query): QueryOf<VariantQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<Variant>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let limit = Some(page.limit());
        let request = ListVariants {
            product_id: query.product_id.map(ItemId::new),
            sku: query.sku,
            barcode: query.barcode,
            updated_since_ms: query.updated_since.map(Moment::ms),
            after: page.cursor,
            limit,
        };
        let found = perform::<ListVariantsCommand>(app, caller, request)?;
        let currency = app.identity().currency.code();
        let data = found.variants.into_iter().map(|view| Variant::of(currency, view)).collect();
        Ok(Json(Page { data, next_cursor: found.next }))
    })
    .await
}

/// Adds a variant to a product.
#[utoipa::path(
    post, path = "/variants", tag = "catalogue", request_body = AddedVariant,
    responses(
        (status = 201, body = Variant, description = "It is sold from now on.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such product."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`barcode_taken`: another variant has one of its codes; `item_retired`: its \
                        product is sold no more. Or the Idempotency-Key belongs to another request."),
    )
)]
async fn create_variant(
    State(shell): State<Shell>,
    holder: Holder,
    idempotent: Idempotent,
    Body(body): Body<AddedVariant>,
) -> Answer<(StatusCode, Tagged<Variant>)> {
    let id = idempotent.id("variant");
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        let product = body.product_id;
        let new = NewVariant {
            options: body.options,
            sku: body.sku,
            barcodes: body.barcodes,
            price: body.price,
            compare_at_price: body.compare_at_price,
            cost: body.cost,
            tracks_stock: body.tracks_stock,
        };
        let new = new.saved(app, Some(id))?;
        edit(|| {
            let view = view_of(app, caller, product)?;
            // Sent again after a power cut: it is there already.
            if !view.variants.iter().any(|variant| variant.variant_id.uuid() == id) {
                let mut request = saved(view);
                request.variants.push(new.clone());
                perform::<SaveProductCommand>(app, caller, request)?;
            }
            Ok((StatusCode::CREATED, Tagged(variant_of(app, caller, id)?)))
        })
    })
    .await
}

/// One variant, retired or not.
#[utoipa::path(
    get, path = "/variants/{id}", tag = "catalogue", params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Variant, description = "It.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
    )
)]
async fn read_variant(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
) -> Answer<Tagged<Variant>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        Ok(Tagged(variant_of(app, caller, id)?))
    })
    .await
}

/// Changes a variant. Baskets that have it keep the price at which it was added.
#[utoipa::path(
    patch, path = "/variants/{id}", tag = "catalogue", request_body = VariantPatch,
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, body = Variant, description = "As it is now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`barcode_taken`: another variant has one of its codes; `item_retired`: it is \
                        sold no more."),
    )
)]
async fn update_variant(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
    Body(patch): Body<VariantPatch>,
) -> Answer<Tagged<Variant>> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let mut request = of_product(app, caller, id, &if_match)?;
            let place = request.variants.iter_mut().find(|one| is(one, id));
            let place = place.ok_or_else(|| retired(&request.name))?;
            patch.clone().apply(app, place)?;
            perform::<SaveProductCommand>(app, caller, request)?;
            Ok(Tagged(variant_of(app, caller, id)?))
        })
    })
    .await
}

/// Takes a variant off sale. The last one of a product goes with its product only.
#[utoipa::path(
    delete, path = "/variants/{id}", tag = "catalogue",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is sold no more."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is none."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`last_variant`: take the product off sale instead."),
    )
)]
async fn retire_variant(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(id): PathOf<Uuid>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::CatalogueWrite, move |app, caller| {
        edit(|| {
            let mut request = of_product(app, caller, id, &if_match)?;
            let before = request.variants.len();
            request.variants.retain(|one| !is(one, id));
            // It may be retired already: then there is nothing to do.
            if request.variants.len() < before {
                if request.variants.is_empty() {
                    return Err(AppError::LastVariant { name: request.name });
                }
                perform::<SaveProductCommand>(app, caller, request)?;
            }
            Ok(StatusCode::NO_CONTENT)
        })
    })
    .await
}

fn is(variant: &SaveVariant, id: Uuid) -> bool {
    variant.variant_id.is_some_and(|own| own.uuid() == id)
}

fn retired(name: &str) -> AppError {
    AppError::Retired { name: name.to_owned() }
}

fn variant_of(app: &App, caller: &Caller, id: Uuid) -> Result<Variant, AppError> {
    let request = VariantRequest { variant_id: VariantId::new(id) };
    let view = perform::<GetVariant>(app, caller, request)?;
    Ok(Variant::of(app.identity().currency.code(), view))
}

/// The product of a variant, as it is to be saved, if the variant is what was seen.
fn of_product(
    app: &App,
    caller: &Caller,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<countertop_app::wire::SaveProduct, AppError> {
    let request = VariantRequest { variant_id: VariantId::new(id) };
    let seen = perform::<GetVariant>(app, caller, request)?;
    let product = view_of(app, caller, seen.product_id.uuid())?;
    // Both of one moment: or the variant that was checked is not the one that is changed.
    if product.updated_ms != seen.updated_ms {
        return Err(AppError::ChangedMeanwhile);
    }
    if_match.check(&Variant::of(app.identity().currency.code(), seen))?;
    Ok(saved(product))
}
