//! Quotes: what a basket would cost, without selling it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countertop_app::commands::QuoteBasketCommand;
use countertop_app::perform;
use countertop_app::wire::{QuoteBasket, QuoteBasketLine, QuotedBasket};
use countertop_domain::ids::{CustomerId, VariantId};
use countertop_domain::quote::{Given, Quote, quote_given};
use countertop_domain::scope::Scope;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::auth::Holder;
use super::edit::minor_of;
use super::input::Body;
use super::money::Amount;
use super::problem::Problem;
use super::quantity::Much;
use super::{Answer, Shell, run};

pub(super) fn routes() -> OpenApiRouter<Shell> {
    OpenApiRouter::new().routes(routes!(quote_basket)).routes(routes!(quote_in_shop))
}

/// A basket that brings its own taxes, as `countertopd quote` takes it. Amounts are whole minor units,
/// rates, percentages and quantities decimals as text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the description of what the domain reads")]
#[schema(example = json!({
    "currency": "EUR", "rounding": "line",
    "taxes": { "vat": { "kind": "percent", "rate": "19", "included": true } },
    "lines": [{ "description": "Beans", "quantity": "2", "unit_price": 899, "taxes": ["vat"] }]
}))]
struct QuoteRequest {
    /// Its code, ISO 4217.
    #[schema(min_length = 3, max_length = 3)]
    currency: String,
    /// Whether taxes are rounded a line or over the document; a line, unless told otherwise.
    rounding: Option<RoundingWord>,
    /// How halves are rounded; up, unless told otherwise.
    rounding_mode: Option<RoundingModeWord>,
    /// The smallest amount that is paid in cash.
    cash_rounding: Option<i64>,
    /// The taxes that lines name, in the order in which they are computed.
    taxes: Option<BTreeMap<String, QuoteTaxRequest>>,
    /// What is in it.
    #[schema(max_items = 1000)]
    lines: Vec<QuoteLineRequest>,
    /// What comes off the whole.
    discount: Option<QuoteDiscount>,
}

/// Where taxes are rounded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RoundingWord {
    /// On each line.
    Line,
    /// Over all lines.
    Document,
}

/// How halves are rounded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RoundingModeWord {
    /// Up.
    HalfUp,
    /// To the even neighbour.
    HalfEven,
}

/// One tax.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the description of what the domain reads")]
struct QuoteTaxRequest {
    /// A share, or the same for every unit.
    kind: QuoteTaxKind,
    /// The percentage, of a share.
    rate: Option<String>,
    /// The amount, of the same for every unit.
    amount: Option<i64>,
    /// Whether it is inside the price.
    included: Option<bool>,
    /// Whether it is part of the base of the taxes after it.
    affects_base: Option<bool>,
    /// Whether the taxes before it are part of its base.
    affected_by_base: Option<bool>,
}

/// What a tax is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum QuoteTaxKind {
    /// A share.
    Percent,
    /// The same for every unit.
    Fixed,
}

/// One line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the description of what the domain reads")]
struct QuoteLineRequest {
    /// In words.
    description: Option<String>,
    /// How much, not nothing; below nothing comes back.
    quantity: String,
    /// What one costs.
    #[schema(minimum = 0)]
    unit_price: i64,
    /// Which taxes.
    taxes: Option<Vec<String>>,
    /// What comes off.
    discount: Option<QuoteDiscount>,
}

/// What comes off: one of both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the description of what the domain reads")]
struct QuoteDiscount {
    /// A percentage.
    percent: Option<String>,
    /// An amount.
    amount: Option<i64>,
}

/// What it would cost, in minor units.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "net": 1511, "tax": 287, "total": 1798, "cash_total": 1798,
    "taxes": [{ "id": "vat", "base": 1511, "amount": 287 }],
    "lines": [{ "net": 1511, "tax": 287, "total": 1798 }]
}))]
#[allow(dead_code, reason = "the description of what the domain answers")]
struct QuoteAnswer {
    /// Without tax.
    net: i64,
    /// All taxes.
    tax: i64,
    /// What is to pay.
    total: i64,
    /// What is to pay in cash.
    cash_total: i64,
    /// Each tax that some line has.
    taxes: Vec<QuoteAnswerTax>,
    /// In the order in which lines were given.
    lines: Vec<QuoteAnswerLine>,
}

/// One tax over all lines.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "the description of what the domain answers")]
struct QuoteAnswerTax {
    /// As given.
    id: String,
    /// What it was taken on.
    base: i64,
    /// How much.
    amount: i64,
}

/// One line.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "the description of what the domain answers")]
struct QuoteAnswerLine {
    /// Without tax.
    net: i64,
    /// Its taxes.
    tax: i64,
    /// With tax.
    total: i64,
}

/// The shop's arithmetic without its catalogue: prices a basket that brings its own prices and taxes, as
/// `countertopd quote` does, to the cent. Nothing is kept.
#[utoipa::path(
    post, path = "/quotes", tag = "quotes", request_body = QuoteRequest,
    responses((status = 200, body = QuoteAnswer, description = "What it would cost."))
)]
async fn quote_basket(
    State(shell): State<Shell>,
    holder: Holder,
    Body(given): Body<Given>,
) -> Answer<Json<Quote>> {
    let quote = run(&shell, holder, Scope::CatalogueRead, move |_, _| Ok(quote_given(&given)));
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    quote.await?.map(Json).map_err(|error| {
        Problem::new(refused, error.code, error.message.clone()).about_field(&error.path)
    })
}

/// A basket of the shop's own products.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "lines": [{ "sku": "ESP-250", "quantity": "2" }] }))]
struct ShopQuoteRequest {
    /// What is in it.
    #[schema(min_items = 1, max_items = 1000)]
    lines: Vec<ShopQuoteLine>,
    /// Who would buy: their groups open price books and promotions.
    #[serde(default)]
    customer_id: Option<Uuid>,
    /// A fiscal position, by id: take away, export.
    #[serde(default)]
    #[schema(max_length = 100)]
    position: Option<String>,
}

/// One line. It names its variant once: by `variant_id`, `barcode` or `sku`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopQuoteLine {
    /// The variant.
    #[serde(default)]
    variant_id: Option<Uuid>,
    /// Its code.
    #[serde(default)]
    #[schema(max_length = 80)]
    barcode: Option<String>,
    /// Its article number, where only one variant has it.
    #[serde(default)]
    #[schema(max_length = 200)]
    sku: Option<String>,
    /// How much, above nothing; what a scan of the code adds, else one, unless told otherwise.
    #[serde(default)]
    quantity: Option<Much>,
    /// The price of one unit, for a variant without one.
    #[serde(default)]
    unit_price: Option<Amount>,
}

/// What the shop would ask for it now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "net": { "amount": 1511, "currency": "EUR" }, "tax": { "amount": 287, "currency": "EUR" },
    "total": { "amount": 1798, "currency": "EUR" }, "cash_total": { "amount": 1800, "currency": "EUR" },
    "discount": { "amount": 0, "currency": "EUR" }, "taxes": [], "lines": []
}))]
struct ShopQuote {
    /// Without tax.
    net: Amount,
    /// All taxes.
    tax: Amount,
    /// What is to pay.
    total: Amount,
    /// What is to pay in cash.
    cash_total: Amount,
    /// What promotions took off.
    discount: Amount,
    /// By tax.
    taxes: Vec<ShopQuoteTax>,
    /// Lines of the same variant may have become one.
    lines: Vec<ShopQuotedLine>,
}

/// One tax over all lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ShopQuoteTax {
    /// Short and lasting.
    code: String,
    /// As printed.
    name: String,
    /// How much it is: `20` percent, or `0.25 EUR` a unit.
    rate: String,
    /// What it was taken on.
    base: Amount,
    /// How much.
    amount: Amount,
}

/// One line.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ShopQuotedLine {
    /// The variant.
    variant_id: Uuid,
    /// Its name.
    name: String,
    /// How much.
    quantity: Much,
    /// The catalogue's price of one unit.
    list_price: Option<Amount>,
    /// The price of one unit after price books.
    unit_price: Amount,
    /// Every rule that touched the price.
    adjustments: Vec<ShopQuoteAdjustment>,
    /// Without tax.
    net: Amount,
    /// Its taxes.
    tax: Amount,
    /// With tax.
    total: Amount,
}

/// One rule that touched a price.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ShopQuoteAdjustment {
    /// `price_book`, `promotion` or `position`.
    kind: String,
    /// As printed.
    name: String,
    /// The percentage, where it is one.
    percent: Option<String>,
    /// Its exact effect: below nothing takes off.
    amount: Amount,
}

impl ShopQuote {
    fn of(currency: &str, quoted: QuotedBasket) -> Self {
        let amount = |minor: i64| Amount::of(minor, currency);
        let taxes = quoted.taxes.into_iter().map(|tax| ShopQuoteTax {
            code: tax.code,
            name: tax.name,
            rate: tax.rate,
            base: amount(tax.base),
            amount: amount(tax.amount),
        });
        let lines = quoted.lines.into_iter().map(|line| ShopQuotedLine {
            variant_id: line.variant_id.uuid(),
            name: line.name,
            quantity: Much::of(line.quantity),
            list_price: line.list_price.map(amount),
            unit_price: amount(line.unit_price),
            adjustments: line
                .adjustments
                .into_iter()
                .map(|one| ShopQuoteAdjustment {
                    kind: one.kind,
                    name: one.name,
                    percent: one.percent,
                    amount: amount(one.amount),
                })
                .collect(),
            net: amount(line.net),
            tax: amount(line.tax),
            total: amount(line.total),
        });
        Self {
            net: amount(quoted.net),
            tax: amount(quoted.tax),
            total: amount(quoted.total),
            cash_total: amount(quoted.cash_total),
            discount: amount(quoted.discount),
            taxes: taxes.collect(),
            lines: lines.collect(),
        }
    }
}

/// Prices a basket of the shop's products as the till would at this moment: by its prices, price books,
/// promotions without coupon, and taxes. Nothing is kept, and no stock is set aside.
#[utoipa::path(
    post, path = "/quotes/shop", tag = "quotes", request_body = ShopQuoteRequest,
    responses(
        (status = 200, body = ShopQuote, description = "What the till would ask for it."),
        (status = 404, body = Problem, content_type = "application/problem+json",
         description = "There is no such variant, code or customer."),
    )
)]
async fn quote_in_shop(
    State(shell): State<Shell>,
    holder: Holder,
    Body(body): Body<ShopQuoteRequest>,
) -> Answer<Json<ShopQuote>> {
    run(&shell, holder, Scope::CatalogueRead, move |app, caller| {
        let mut lines = Vec::with_capacity(body.lines.len());
        for line in body.lines {
            lines.push(QuoteBasketLine {
                variant_id: line.variant_id.map(VariantId::new),
                barcode: line.barcode,
                sku: line.sku,
                quantity: line.quantity.map(Much::thousandths),
                unit_price: minor_of(app, line.unit_price.as_ref())?,
            });
        }
        let customer_id = body.customer_id.map(CustomerId::new);
        let request = QuoteBasket { lines, customer_id, position: body.position };
        let quoted = perform::<QuoteBasketCommand>(app, caller, request)?;
        Ok(Json(ShopQuote::of(app.identity().currency.code(), quoted)))
    })
    .await
}
