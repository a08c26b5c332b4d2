//! The basket that pays what an app asked for.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::customer::CustomerRef;
use countertop_domain::ids::{BasketId, CustomerId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::Money;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use countertop_store::Snapshot;
use uuid::Uuid;

use super::fault::{Fault, Wrong};
use super::request::{LineItem, PaymentRequest};
use crate::app::App;
use crate::error::AppError;

/// What stands for an amount as something to sell; in no catalogue.
const ITEM: ItemId = ItemId::new(Uuid::from_u128(0x6173_6b65_6420_8172_8400_0000_0000_0001));
/// Its only variant.
const VARIANT: VariantId =
    VariantId::new(Uuid::from_u128(0x6173_6b65_6420_8172_8400_0000_0000_0002));

/// Makes the basket: one line with the amount, or the lines that the app gave. Prices are the app's;
/// no price book, promotion or fiscal position changes what it asked for.
pub(super) fn basket(
    app: &App,
    snapshot: &Snapshot<'_>,
    asked: &PaymentRequest,
    app_name: &str,
    id: BasketId,
) -> Result<Basket, AppError> {
    let customer = customer(snapshot, asked)?;
    // Whoever pays no tax pays what was asked: nothing is taken out of it.
    let exempt = customer.as_ref().is_some_and(|customer| customer.tax_exempt);
    let untaxed = asked.clear_default_fees || exempt;
    let whole = [LineItem {
        name: format!("Amount asked by {app_name}"),
        quantity: Quantity::ONE.thousandths(),
        price: asked.amount,
        variant: None,
    }];
    let items = if asked.line_items.is_empty() { &whole[..] } else { &asked.line_items[..] };
    let mut basket = Basket::new(id);
    for item in items {
        let sellable = sellable(snapshot, item, untaxed)?;
        basket
            .apply(Change::Add {
                line: LineId::new(app.ids.next()),
                sellable,
                quantity: Quantity::from_thousandths(item.quantity),
                price: Some(app.money(item.price)?),
            })
            .map_err(|error| Wrong::data(format!("\"{}\": {error}", item.name)))?;
    }
    if let (Some(line), false) =
        (basket.lines().first().map(|line| line.id), asked.notes.is_empty())
    {
        basket.apply(Change::SetNote(line, Some(asked.notes.clone())))?;
    }
    if let Some(customer) = customer {
        basket.apply(Change::SetCustomer(Some(CustomerRef { position: None, ..customer })))?;
    }
    basket.forget_steps();
    adds_up(app, &basket, asked)?;
    Ok(basket)
}

/// The lines must come to the amount: what was asked is what is charged.
fn adds_up(app: &App, basket: &Basket, asked: &PaymentRequest) -> Result<(), AppError> {
    let settled = app.settle(basket)?;
    let sum = Money::sum(app.currency(), settled.lines.iter().map(|line| line.gross))?;
    if sum.minor() == asked.amount {
        return Ok(());
    }
    Err(Wrong::data(format!(
        "the line_items come to {} and amount_money says {}: send lines that add up to it",
        sum.minor(),
        asked.amount
    ))
    .into())
}

fn sellable(snapshot: &Snapshot<'_>, item: &LineItem, untaxed: bool) -> Result<Sellable, AppError> {
    let mut sellable = match item.variant {
        None => Sellable {
            item: ITEM,
            variant: VARIANT,
            name: item.name.clone(),
            sku: None,
            category: None,
            unit: Unit::Piece,
            price: None,
            tax_class: TaxClass::standard(),
            tracks_stock: false,
            unit_cost: None,
        },
        Some(id) => snapshot.by_variant(id)?.ok_or_else(|| {
            Wrong::data(format!("\"{}\": no item of this shop has that variant_id", item.name))
        })?,
    };
    if untaxed {
        sellable.tax_class = TaxClass::exempt();
    }
    Ok(sellable)
}

/// The customer whom the app names.
pub(super) fn customer(
    snapshot: &Snapshot<'_>,
    asked: &PaymentRequest,
) -> Result<Option<CustomerRef>, AppError> {
    let Some(text) = &asked.customer_id else { return Ok(None) };
    let id: Option<CustomerId> = text.parse().ok();
    let found = id.map(|id| snapshot.customer(id)).transpose()?.flatten();
    match found {
        Some(customer) => Ok(Some(CustomerRef::from(&customer))),
        None => Err(Wrong::from(Fault::InvalidCustomer).into()),
    }
}
