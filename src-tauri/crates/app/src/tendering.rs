//! From what a client sends to a tender: taken towards what is due, or paid out of it.

use std::collections::BTreeSet;

use countertop_domain::basket::Basket;
use countertop_domain::ids::SaleId;
use countertop_domain::money::{Currency, Money};
use countertop_domain::returns::TenderLeft;
use countertop_domain::staff::Right;
use countertop_domain::tender::{Offer, PayOut, Tender, TenderError, TenderKind, pay_out, take};

use crate::app::require;
use crate::app::{App, Caller};
use crate::credit;
use crate::error::AppError;
use crate::payment_requests;
use crate::returns::Sold;
use crate::views::tender_kind;
use crate::wire::PayRequest;

/// Takes an offer towards what is due.
pub(crate) fn taken(
    app: &App,
    basket: &Basket,
    request: &PayRequest,
    due: Money,
) -> Result<Tender, AppError> {
    let kind = tender_kind(request.kind);
    accepted(app, kind, request.name.as_deref())?;
    payment_requests::allows(app, basket.id(), kind)?;
    let offer = Offer {
        reference: reference(basket, kind, request.reference.as_deref())?,
        name: name(app, kind, request.name.as_deref()),
        rate: rate(app, request.currency.as_deref())?,
        ..Offer::new(request.tender_id, kind, offered(app, kind, request)?)
    };
    let tender = take(offer, due, app.shop().money.cash_rounding)?;
    credit::check_tender(app, basket, &tender)?;
    Ok(tender)
}

/// Refuses a way to pay that the shop does not take.
fn accepted(app: &App, kind: TenderKind, name: Option<&str>) -> Result<(), AppError> {
    let shop = app.shop();
    let taken = match kind {
        TenderKind::Custom => shop.money.custom.iter().any(|own| Some(own.as_str()) == name),
        // Only a held order brings its deposits along; only a terminal says that a card has paid.
        TenderKind::Deposit | TenderKind::Card => false,
        kind => shop.money.tenders.contains(&kind),
    };
    if taken {
        return Ok(());
    }
    Err(AppError::BadText {
        reason: format!(
            "this shop does not take {}: choose another way, or switch it on in the settings",
            kind.in_words()
        ),
    })
}

fn offered(app: &App, kind: TenderKind, request: &PayRequest) -> Result<Money, AppError> {
    match (kind, request.currency.as_deref()) {
        (TenderKind::ForeignCash, Some(code)) => {
            Ok(Money::new(request.offered, Currency::parse(code)?)?)
        }
        (TenderKind::ForeignCash, None) => {
            Err(AppError::BadText { reason: "say which currency was handed over".to_owned() })
        }
        (_, None) => Ok(app.money(request.offered)?),
        (_, Some(code)) if Currency::parse(code)? == app.currency() => {
            Ok(app.money(request.offered)?)
        }
        (_, Some(code)) => {
            let left = Currency::parse(code)?.code();
            let right = app.currency().code();
            Err(countertop_domain::money::MoneyError::CurrencyMismatch { left, right }.into())
        }
    }
}

/// The shop's rate for a currency; none where it has none, which the tender then refuses.
fn rate(app: &App, code: Option<&str>) -> Result<Option<rust_decimal::Decimal>, AppError> {
    let Some(code) = code else { return Ok(None) };
    let currency = Currency::parse(code)?;
    let shop = app.shop();
    Ok(shop.money.foreign.iter().find(|foreign| foreign.currency == currency).map(|f| f.rate))
}

fn reference(
    basket: &Basket,
    kind: TenderKind,
    given: Option<&str>,
) -> Result<Option<String>, AppError> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    let customer = || basket.customer().map(|customer| customer.id.to_string());
    match kind {
        TenderKind::OnAccount => customer().map(Some).ok_or_else(|| AppError::BadText {
            reason: "choose the customer first: an account is somebody's".to_owned(),
        }),
        TenderKind::StoreCredit => Ok(given.map(credit::normalise).or_else(customer)),
        TenderKind::GiftCard => Ok(given.map(credit::normalise)),
        _ => Ok(given.map(str::to_owned)),
    }
}

fn name(app: &App, kind: TenderKind, given: Option<&str>) -> Option<String> {
    match kind {
        TenderKind::Wallet => app.shop().money.wallet.as_ref().map(|wallet| wallet.name.clone()),
        TenderKind::Custom => given.map(str::to_owned),
        _ => None,
    }
}

/// Pays out what the customer gets: to a payment of the original sale, or by right another way.
pub(crate) fn paid_out(
    app: &App,
    caller: &Caller,
    basket: &Basket,
    request: &PayRequest,
    due: Money,
) -> Result<Tender, AppError> {
    let kind = tender_kind(request.kind);
    if kind == TenderKind::Card {
        return Err(AppError::BadText {
            reason: "money goes back to a card at its terminal: choose the terminal".to_owned(),
        });
    }
    let original = match request.refunds {
        None => None,
        Some(id) => Some(
            originals(app, basket)?
                .into_iter()
                .find(|left| left.tender.id == id)
                .ok_or(AppError::no_tender())?,
        ),
    };
    let mut reference = reference(basket, kind, request.reference.as_deref())?;
    match &original {
        None => another_way(caller, basket, kind)?,
        Some(left) if left.goes_back_as() == kind => {
            reference = reference.or_else(|| left.tender.reference.clone());
        }
        Some(_) => another_way(caller, basket, kind)?,
    }
    if kind == TenderKind::StoreCredit && reference.is_none() {
        reference = Some(credit::new_code(app));
    }
    let wished = offered(app, kind, request)?;
    let mut wish = PayOut::new(request.tender_id, kind, wished);
    wish.reference = reference;
    wish.name = request.name.clone();
    if let Some(left) = &original {
        wish = wish.back_to(left);
    }
    Ok(pay_out(wish, due, app.shop().money.cash_rounding)?)
}

/// Who may pay out in another way than the customer paid.
fn another_way(caller: &Caller, basket: &Basket, kind: TenderKind) -> Result<(), AppError> {
    if kind == TenderKind::StoreCredit {
        return require(caller, Right::RefundToCredit);
    }
    if kind != TenderKind::Cash {
        return Err(TenderError::CannotPayOut { kind }.into());
    }
    // Goods without a receipt came in by right already; there is no payment that they go back to.
    if basket.returns().iter().all(|line| line.origin.is_none()) {
        return Ok(());
    }
    require(caller, Right::RefundWithoutReceipt)
}

/// The payments of every sale that this basket takes goods back of, less what this basket pays back
/// already.
pub(crate) fn originals(app: &App, basket: &Basket) -> Result<Vec<TenderLeft>, AppError> {
    let sales: BTreeSet<SaleId> =
        basket.returns().iter().filter_map(|line| line.origin.as_ref()).map(|o| o.sale).collect();
    let mut all = Vec::new();
    for sale in sales {
        let sold = app.store.read(|snapshot| Sold::read(snapshot, sale))?;
        all.extend(sold.tenders_left(basket.tenders())?);
    }
    Ok(all)
}
