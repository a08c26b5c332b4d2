//! Taxes: what each class of products is taxed with.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::{GetTaxClass, ListTaxClasses, RemoveTaxClass, SaveTaxClassCommand};
use countertop_app::wire::{Nothing, SaveTaxClass, TaxClassRequest, TaxClassView, TaxSetting};
use countertop_app::{App, AppError, Caller, perform};
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::Holder;
use super::edit::{edit, minor_of};
use super::etag::{IfMatch, Tagged};
use super::input::{Body, PathOf, QueryOf};
use super::money::Amount;
use super::page::{Page, PageQuery};
use super::prices::page_of;
use super::problem::Problem;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new()
        .routes(routes!(list_taxes, create_tax))
        .routes(routes!(read_tax, update_tax, delete_tax))
}

/// The taxes of one class of products.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "class": "standard",
    "taxes": [{ "name": "VAT", "rate": "19", "amount": null, "included": true,
                "affects_base": false, "ignores_others": false }]
}))]
struct TaxClass {
    /// The class, as `tax_class` of products names it.
    class: String,
    /// Its taxes, in the order in which they are computed.
    taxes: Vec<Tax>,
}

impl TaxClass {
    fn of(currency: &str, view: TaxClassView) -> Self {
        let tax = |tax: TaxSetting| Tax {
            name: tax.name,
            rate: tax.amount.is_none().then_some(tax.rate),
            amount: tax.amount.map(|minor| Amount::of(minor, currency)),
            included: tax.inclusive,
            affects_base: tax.affects_base,
            ignores_others: tax.ignores_others,
        };
        Self { class: view.class, taxes: view.taxes.into_iter().map(tax).collect() }
    }
}

/// One tax: a percentage or an amount a unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "VAT", "rate": "19", "included": true }))]
struct Tax {
    /// As printed.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// A percentage from -100 to 1000 with up to four decimals; `null` for an amount.
    #[serde(default)]
    #[schema(pattern = r"^-?[0-9]{1,4}(\.[0-9]{1,4})?$", max_length = 10)]
    rate: Option<String>,
    /// The same for every unit; `null` for a percentage.
    #[serde(default)]
    amount: Option<Amount>,
    /// Whether it is inside the label price, or comes on top.
    included: bool,
    /// Whether it is part of the base of the taxes after it.
    #[serde(default)]
    affects_base: bool,
    /// Whether the taxes before it are no part of its base.
    #[serde(default)]
    ignores_others: bool,
}

impl Tax {
    fn saved(&self, app: &App) -> Result<TaxSetting, AppError> {
        let rate = match (&self.rate, &self.amount) {
            (Some(rate), None) if is_rate(rate) => rate.clone(),
            (None, Some(_)) => "0".to_owned(),
            (Some(rate), None) => {
                return Err(bad(&format!("\"{rate}\" is no percentage: write it like 13.5")));
            }
            _ => return Err(bad("a tax has a rate or an amount: give one of them")),
        };
        Ok(TaxSetting {
            class: String::new(),
            name: self.name.clone(),
            rate,
            inclusive: self.included,
            amount: minor_of(app, self.amount.as_ref())?,
            affects_base: self.affects_base,
            ignores_others: self.ignores_others,
        })
    }
}

/// What the description says of a rate.
fn is_rate(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match text.split_once('.') {
        None => digits(text),
        Some((whole, decimals)) => digits(whole) && digits(decimals),
    }
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}

/// A new class with its taxes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "class": "books", "taxes": [{ "name": "VAT", "rate": "5.5", "included": true }]
}))]
struct NewTaxClass {
    /// Its name, kept in small letters.
    #[schema(min_length = 1, max_length = 100)]
    class: String,
    /// Its taxes, in the order in which they are computed. A shop has 20 at most.
    #[schema(min_items = 1, max_items = 20)]
    taxes: Vec<Tax>,
}

/// What is to be changed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "taxes": [{ "name": "VAT", "rate": "20", "included": true }] }))]
struct TaxClassPatch {
    /// All its taxes from now on.
    #[schema(min_items = 1, max_items = 20)]
    taxes: Vec<Tax>,
}

/// The taxes of every class, by class.
#[utoipa::path(
    get, path = "/taxes", tag = "taxes", params(PageQuery),
    responses((status = 200, body = Page<TaxClass>, description = "A page of them."))
)]
async fn list_taxes(
    State(shell): State<Shell>,
    holder: Holder,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Json<Page<TaxClass>>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let currency = app.identity().currency.code();
        let all = perform::<ListTaxClasses>(app, caller, Nothing {})?.classes;
        let (few, next_cursor) = page_of(all, &page, |class| &class.class)?;
        let data = few.into_iter().map(|view| TaxClass::of(currency, view)).collect();
        Ok(Json(Page { data, next_cursor }))
    })
    .await
}

/// Adds a class with its taxes.
#[utoipa::path(
    post, path = "/taxes", tag = "taxes", request_body = NewTaxClass,
    responses(
        (status = 201, body = TaxClass, description = "Products may be taxed so from now on.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`already_there`: there is such a class; `partly_paid`: a basket is paid in \
                        part at the old taxes. Or the Idempotency-Key belongs to another request."),
    )
)]
async fn create_tax(
    State(shell): State<Shell>,
    holder: Holder,
    Body(body): Body<NewTaxClass>,
) -> Answer<(StatusCode, Tagged<TaxClass>)> {
    run(&shell, holder, Scope::Settings, move |app, caller| {
        if body.class.trim().is_empty() {
            return Err(bad("a class of tax needs a name, such as books"));
        }
        let taxes = body.taxes.iter().map(|tax| tax.saved(app)).collect::<Result<_, _>>()?;
        let request = SaveTaxClass { class: body.class, version: None, taxes };
        let view = perform::<SaveTaxClassCommand>(app, caller, request)?;
        Ok((StatusCode::CREATED, Tagged(TaxClass::of(app.identity().currency.code(), view))))
    })
    .await
}

/// The taxes of one class.
#[utoipa::path(
    get, path = "/taxes/{class}", tag = "taxes",
    params(("class" = String, Path, description = "The class.", min_length = 1, max_length = 100)),
    responses(
        (status = 200, body = TaxClass, description = "They.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such class."),
    )
)]
async fn read_tax(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(class): PathOf<String>,
) -> Answer<Tagged<TaxClass>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let view = view_of(app, caller, &class)?;
        Ok(Tagged(TaxClass::of(app.identity().currency.code(), view)))
    })
    .await
}

/// Changes the taxes of a class. Open baskets are priced by them at once.
#[utoipa::path(
    patch, path = "/taxes/{class}", tag = "taxes", request_body = TaxClassPatch,
    params(("class" = String, Path, description = "The class.", min_length = 1, max_length = 100)),
    responses(
        (status = 200, body = TaxClass, description = "As they are now.",
         headers(("ETag" = String, description = "For `If-Match`."))),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such class."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`partly_paid`: a basket is paid in part at the old taxes."),
    )
)]
async fn update_tax(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(class): PathOf<String>,
    if_match: IfMatch,
    Body(patch): Body<TaxClassPatch>,
) -> Answer<Tagged<TaxClass>> {
    run(&shell, holder, Scope::Settings, move |app, caller| {
        let currency = app.identity().currency.code();
        edit(|| {
            let view = view_of(app, caller, &class)?;
            let version = Some(view.version.clone());
            if_match.check(&TaxClass::of(currency, view))?;
            let taxes = patch.taxes.iter().map(|tax| tax.saved(app)).collect::<Result<_, _>>()?;
            let request = SaveTaxClass { class: class.clone(), version, taxes };
            let view = perform::<SaveTaxClassCommand>(app, caller, request)?;
            Ok(Tagged(TaxClass::of(currency, view)))
        })
    })
    .await
}

/// Removes a class that nothing is taxed as.
#[utoipa::path(
    delete, path = "/taxes/{class}", tag = "taxes",
    params(("class" = String, Path, description = "The class.", min_length = 1, max_length = 100)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such class."),
        (status = 409, body = Problem, content_type = "application/problem+json",
         description = "`in_use`: a product, an open basket, an order, a fiscal position or the fee \
                        on cancelled orders is taxed so; `partly_paid`: a basket is paid in part."),
    )
)]
async fn delete_tax(
    State(shell): State<Shell>,
    holder: Holder,
    PathOf(class): PathOf<String>,
    if_match: IfMatch,
) -> Answer<StatusCode> {
    run(&shell, holder, Scope::Settings, move |app, caller| {
        let currency = app.identity().currency.code();
        edit(|| {
            let view = view_of(app, caller, &class)?;
            let version = Some(view.version.clone());
            if_match.check(&TaxClass::of(currency, view))?;
            let request = TaxClassRequest { class: class.clone(), version };
            perform::<RemoveTaxClass>(app, caller, request)?;
            Ok(StatusCode::NO_CONTENT)
        })
    })
    .await
}

fn view_of(app: &App, caller: &Caller, class: &str) -> Result<TaxClassView, AppError> {
    let request = TaxClassRequest { class: class.to_owned(), version: None };
    perform::<GetTaxClass>(app, caller, request)
}
