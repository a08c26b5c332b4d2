//! What a basket would cost here and now, without selling it.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::customer::CustomerRef;
use countertop_domain::ids::{BasketId, LineId};
use countertop_domain::item::Sellable;
use countertop_domain::money::Money;
use countertop_domain::pricing::{Settled, SettledLine};
use countertop_domain::quantity::Quantity;
use countertop_domain::{barcode, basket::Line};
use countertop_store::Snapshot;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::views::adjustment_view;
use crate::wire::{QuoteBasket, QuoteBasketLine, QuotedBasket, QuotedLine, QuotedTax};

/// Prices a basket by the shop's prices, promotions and taxes of this moment. Nothing is kept.
pub(crate) fn quote(app: &App, _: &Caller, request: QuoteBasket) -> Result<QuotedBasket, AppError> {
    if request.lines.is_empty() || request.lines.len() > Basket::MAX_LINES {
        let most = Basket::MAX_LINES;
        return Err(bad(&format!("a basket has from 1 to {most} lines")));
    }
    let mut basket = Basket::new(BasketId::new(app.ids.next()));
    if let Some(id) = &request.position
        && app.shop().taxes.position(id).is_none()
    {
        return Err(bad(&format!(
            "there is no fiscal position \"{id}\": look at the shop's taxes"
        )));
    }
    app.store.read::<_, AppError>(|snapshot| {
        for line in &request.lines {
            let (sellable, quantity) = found(snapshot, line)?;
            let quantity = line.quantity.map_or(quantity, Quantity::from_thousandths);
            let price = line.unit_price.map(|minor| app.money(minor)).transpose()?;
            let line = LineId::new(app.ids.next());
            basket.apply(Change::Add { line, sellable, quantity, price })?;
        }
        if let Some(id) = request.customer_id {
            let customer = snapshot.customer(id)?.ok_or(AppError::no_customer())?;
            basket.apply(Change::SetCustomer(Some(CustomerRef::from(&customer))))?;
        }
        Ok(())
    })?;
    if let Some(id) = request.position {
        basket.apply(Change::SetPosition(Some(id)))?;
    }
    let settled = app.settle(&basket)?;
    view(app, &basket, &settled)
}

/// What a line names: by id, by code or by article number.
fn found(
    snapshot: &Snapshot<'_>,
    line: &QuoteBasketLine,
) -> Result<(Sellable, Quantity), AppError> {
    match (line.variant_id, &line.barcode, &line.sku) {
        (Some(id), None, None) => {
            Ok((snapshot.by_variant(id)?.ok_or(AppError::no_item())?, Quantity::ONE))
        }
        (None, Some(code), None) => {
            let unknown = || AppError::UnknownBarcode { code: code.clone() };
            snapshot.by_code(&barcode::normalise(code))?.ok_or_else(unknown)
        }
        (None, None, Some(sku)) => {
            let variants = snapshot.variants_by_sku(sku.trim())?;
            if variants.len() > 1 {
                let many = variants.len();
                return Err(bad(&format!(
                    "{many} variants have the article number \"{sku}\": name one by its id"
                )));
            }
            let id = variants.first().map(|entry| entry.variant.id).ok_or(AppError::no_item())?;
            Ok((snapshot.by_variant(id)?.ok_or(AppError::no_item())?, Quantity::ONE))
        }
        _ => Err(bad("a line names its item once: by variant_id, barcode or sku")),
    }
}

fn view(app: &App, basket: &Basket, settled: &Settled) -> Result<QuotedBasket, AppError> {
    let cash = match app.shop().money.cash_rounding {
        Some(rounding) => rounding.round(settled.total)?,
        None => settled.total,
    };
    let lines = basket.lines().iter().zip(&settled.lines).map(|(line, price)| quoted(line, price));
    Ok(QuotedBasket {
        net: settled.net.minor(),
        tax: settled.tax.minor(),
        total: settled.total.minor(),
        cash_total: cash.minor(),
        discount: settled.discount.minor(),
        taxes: settled
            .taxes
            .iter()
            .map(|sum| QuotedTax {
                code: sum.tax.code.clone(),
                name: sum.tax.name.clone(),
                rate: sum.tax.rate_text(),
                base: sum.base.minor(),
                amount: sum.amount.minor(),
            })
            .collect(),
        lines: lines.collect::<Result<_, AppError>>()?,
    })
}

fn quoted(line: &Line, price: &SettledLine) -> Result<QuotedLine, AppError> {
    let tax = Money::sum(price.net.currency(), price.taxes.iter().map(|tax| tax.amount))?;
    Ok(QuotedLine {
        variant_id: line.sellable.variant,
        name: line.sellable.name.clone(),
        quantity: line.quantity.thousandths(),
        list_price: price.list_price.map(Money::minor),
        unit_price: price.unit_price.minor(),
        adjustments: price.adjustments.iter().map(adjustment_view).collect(),
        net: price.net.minor(),
        tax: tax.minor(),
        total: price.total.minor(),
    })
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
