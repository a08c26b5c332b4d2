//! Coupons: given out with limits, shown in a basket, and used up with its sale.

use countertop_domain::basket::{Change, Coupon};
use countertop_domain::promotion::PriceRules;
use countertop_domain::sale::Sale;
use countertop_domain::time::{BusinessDay, Timestamp};
use countertop_store::{CouponRow, Snapshot};

use crate::app::{App, Caller};
use crate::checkout::change_basket;
use crate::credit;
use crate::error::AppError;
use crate::wire::{self, BasketView, CouponList, CouponRequest, IssueCoupon, Nothing};

/// Coupons of the list.
const MAX_LISTED: u32 = 1_000;
/// Characters of a code.
const MAX_CODE: usize = 40;

pub(crate) fn list(app: &App, _: &Caller, _: Nothing) -> Result<CouponList, AppError> {
    let coupons = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.coupons(MAX_LISTED)?))?;
    let rows = coupons.into_iter().map(|coupon| wire::CouponRow {
        code: coupon.code,
        promotion: coupon.promotion,
        uses: coupon.uses,
        limit: coupon.limit,
        expires: coupon.expires.map(|day| day.to_string()),
    });
    Ok(CouponList { coupons: rows.collect() })
}

/// Gives a coupon out; one that was given out before gets other limits, and its uses count on.
pub(crate) fn issue(
    app: &App,
    caller: &Caller,
    request: IssueCoupon,
) -> Result<CouponList, AppError> {
    let code = match credit::normalise(&request.code) {
        code if code.is_empty() => credit::new_code(app),
        code => code,
    };
    if code.chars().count() > MAX_CODE || code.chars().any(char::is_control) {
        return Err(bad(&format!("a coupon's code has up to {MAX_CODE} characters")));
    }
    opens_something(&app.rules(), &request.promotion)?;
    if request.limit == Some(0) {
        return Err(bad("a coupon that counts no times is none: give 1 or more, or no limit"));
    }
    let expires = request.expires.filter(|day| !day.trim().is_empty()).map(BusinessDay::try_from);
    let expires = expires.transpose().map_err(|reason| AppError::BadText { reason })?;
    let today = app.now().local_day();
    if expires.is_some_and(|day| day < today) {
        return Err(bad("that day is over: give a coupon a last day from today on, or none"));
    }
    let promotion = request.promotion;
    let coupon = CouponRow { code, promotion, limit: request.limit, expires, uses: 0 };
    app.store.write::<_, AppError>(move |tx| Ok(tx.put_coupon(&coupon)?))?;
    app.changed(&caller.client, &["prices"]);
    list(app, caller, Nothing {})
}

/// A coupon for what everyone gets anyway would disappoint its holder.
fn opens_something(rules: &PriceRules, id: &str) -> Result<(), AppError> {
    let promotion = rules.promotions().iter().find(|promotion| promotion.id == id);
    match promotion {
        None => {
            Err(bad(&format!("there is no promotion \"{id}\": make it first, then its coupons")))
        }
        Some(promotion) if !promotion.needs_coupon => Err(bad(&format!(
            "\"{}\" counts without a coupon: say there that it needs one",
            promotion.name
        ))),
        Some(_) => Ok(()),
    }
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}

/// A coupon is shown.
pub(crate) fn add(
    app: &App,
    caller: &Caller,
    request: CouponRequest,
) -> Result<BasketView, AppError> {
    let code = credit::normalise(&request.code);
    let today = app.now().local_day();
    let coupon = app.store.read(|snapshot| {
        let coupon = usable(snapshot, &code)?;
        let shift = snapshot.open_shift()?;
        let day = shift.and_then(|shift| BusinessDay::try_from(shift.business_day).ok());
        still_counts(&coupon, today, day.unwrap_or(today))?;
        Ok::<_, AppError>(coupon)
    })?;
    if !opens(&app.rules(), &coupon.promotion) {
        return Err(AppError::UnknownCoupon { code });
    }
    let change = Change::AddCoupon(Coupon { code, promotion: coupon.promotion });
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}

/// Whether there is a promotion of that name.
pub(crate) fn opens(rules: &PriceRules, promotion: &str) -> bool {
    rules.promotions().iter().any(|known| known.id == promotion)
}

/// Whether a coupon that was shown earlier could be shown today.
pub(crate) fn counts(
    snapshot: &Snapshot<'_>,
    code: &str,
    today: BusinessDay,
) -> Result<bool, AppError> {
    match usable(snapshot, code).and_then(|coupon| still_counts(&coupon, today, today)) {
        Ok(()) => Ok(true),
        Err(AppError::Store(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// A coupon is taken back.
pub(crate) fn remove(
    app: &App,
    caller: &Caller,
    request: CouponRequest,
) -> Result<BasketView, AppError> {
    let change = Change::RemoveCoupon(credit::normalise(&request.code));
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}

/// Whether every coupon of a sale still counts, asked in the transaction that uses it up: another
/// screen may have used it meanwhile. What was agreed for a held order outlasts its coupon's day.
pub(crate) fn check(snapshot: &Snapshot<'_>, sale: &Sale, at: Timestamp) -> Result<(), AppError> {
    for coupon in &sale.coupons {
        let known = usable(snapshot, &coupon.code)?;
        if sale.order.is_none() {
            still_counts(&known, at.local_day(), sale.business_day)?;
        }
    }
    Ok(())
}

/// A coupon that was given out and is not used up.
fn usable(snapshot: &Snapshot<'_>, code: &str) -> Result<CouponRow, AppError> {
    let unknown = || AppError::UnknownCoupon { code: code.to_owned() };
    let coupon = snapshot.coupon(code)?.ok_or_else(unknown)?;
    if coupon.limit.is_some_and(|limit| coupon.uses >= limit) {
        return Err(AppError::CouponUsedUp { code: code.to_owned(), uses: coupon.uses });
    }
    Ok(coupon)
}

/// Its last day counts to the end of the shift that began on it, so that nothing changes while a
/// basket is paid at midnight.
fn still_counts(
    coupon: &CouponRow,
    today: BusinessDay,
    business_day: BusinessDay,
) -> Result<(), AppError> {
    match coupon.expires {
        Some(day) if day < today && day < business_day => {
            Err(AppError::CouponExpired { code: coupon.code.clone(), day })
        }
        _ => Ok(()),
    }
}
