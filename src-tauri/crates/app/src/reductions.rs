//! What comes off, and which set of taxes applies.

use countertop_domain::basket::Change;
use countertop_domain::discount::{Discount, Reduction};
use countertop_domain::staff::Role;

use crate::app::{App, Caller};
use crate::checkout::{change_basket, with_basket};
use crate::error::AppError;
use crate::shop_settings::percent;
use crate::wire::{BasketView, SetDiscount, SetPosition};

pub(crate) fn set_discount(
    app: &App,
    caller: &Caller,
    request: SetDiscount,
) -> Result<BasketView, AppError> {
    let discount = discount(app, &request)?;
    let change = match request.line_id {
        Some(line) => Change::SetDiscount(line, discount),
        None => Change::SetBasketDiscount(discount),
    };
    let (view, ()) = with_basket(app, caller, request.basket_id, |basket| {
        basket.apply(change)?;
        Ok(())
    })?;
    Ok(view)
}

fn discount(app: &App, request: &SetDiscount) -> Result<Option<Discount>, AppError> {
    let reduction = match (request.percent.as_deref(), request.amount) {
        (None, None) => return Ok(None),
        (Some(text), None) => Reduction::percent(percent(text)?)?,
        (None, Some(minor)) => Reduction::amount(app.money(minor)?)?,
        (Some(_), Some(_)) => {
            return Err(AppError::BadText {
                reason: "give a discount as a percentage or as an amount, not as both".to_owned(),
            });
        }
    };
    let reason = request.reason.trim().to_owned();
    Ok(Some(Discount { reduction, reason }))
}

/// Refuses what takes more off than the caller's role may: the shop's limit holds for all that is
/// given by hand, line and basket together.
pub(crate) fn within_limit(
    app: &App,
    caller: &Caller,
    settled: &countertop_domain::pricing::Settled,
) -> Result<(), AppError> {
    use countertop_domain::pricing::AdjustmentKind::{BasketDiscount, LineDiscount};
    let Some(limit) = app.shop().money.cashier_discount_limit else { return Ok(()) };
    if caller.actor.role != Role::Cashier {
        return Ok(());
    }
    for line in &settled.lines {
        let by_hand = line
            .adjustments
            .iter()
            .filter(|a| matches!(a.kind, LineDiscount | BasketDiscount))
            .map(|a| -i128::from(a.amount.minor()))
            .sum::<i128>();
        // by_hand / gross > limit / 100, in whole numbers; a unit of rounding is forgiven.
        let mut limit = limit.value();
        limit.rescale(4);
        let allowed = i128::from(line.gross.minor()) * limit.mantissa();
        if (by_hand - 1) * 1_000_000 > allowed {
            return Err(AppError::DiscountLimit { limit: limit.normalize() });
        }
    }
    Ok(())
}

pub(crate) fn set_position(
    app: &App,
    caller: &Caller,
    request: SetPosition,
) -> Result<BasketView, AppError> {
    if let Some(id) = request.position.as_deref()
        && app.shop().taxes.position(id).is_none()
    {
        return Err(AppError::BadText {
            reason: format!("there is no fiscal position \"{id}\": choose another"),
        });
    }
    let change = Change::SetPosition(request.position);
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}
