//! Customers: found, kept, named in a basket, and paying what they owe.

use std::sync::Arc;

use countertop_domain::basket::Change;
use countertop_domain::credit::{AccountPayment, CreditKind};
use countertop_domain::customer::{Customer, CustomerRef};
use countertop_domain::ids::{CustomerId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::staff::Right;
use countertop_domain::tender::{Offer, TenderError, TenderKind, TenderState, take};
use countertop_receipt::Kind;
use countertop_receipt::slip::of_account_payment;
use countertop_store::Snapshot;

use crate::app::require;
use crate::app::{App, Caller};
use crate::checkout::change_basket;
use crate::error::AppError;
use crate::papers::{self, PaperKind};
use crate::views::tender_kind;
use crate::wire::{
    BasketView, CustomerList, CustomerRequest, CustomerView, FindCustomers, PayAccount,
    PrintJobView, SaveCustomer, SetCustomer,
};

/// Customers of a list.
const PAGE: usize = 50;
/// Typed characters that count.
const MAX_TEXT: usize = 100;
/// Characters of a name, a number or a group.
const MAX_NAME: usize = 100;
/// Characters of an e-mail address.
const MAX_EMAIL: usize = 254;
/// Characters of a phone number.
const MAX_PHONE: usize = 40;
/// Groups of one customer.
const MAX_GROUPS: usize = 20;

pub(crate) fn find(
    app: &App,
    _: &Caller,
    request: FindCustomers,
) -> Result<CustomerList, AppError> {
    let text: String = request.text.chars().take(MAX_TEXT).collect();
    app.store.read(|snapshot| {
        let found = snapshot.customers(&text, PAGE)?;
        let views = found.iter().map(|customer| view(snapshot, customer));
        Ok(CustomerList { customers: views.collect::<Result<_, AppError>>()? })
    })
}

pub(crate) fn get(
    app: &App,
    _: &Caller,
    request: CustomerRequest,
) -> Result<CustomerView, AppError> {
    app.store.read(|snapshot| {
        let customer = snapshot.customer(request.customer_id)?.ok_or(AppError::no_customer())?;
        view(snapshot, &customer)
    })
}

pub(crate) fn save(
    app: &App,
    caller: &Caller,
    request: SaveCustomer,
) -> Result<CustomerView, AppError> {
    let is_new = request.id.is_none();
    let id = match request.id {
        None => CustomerId::new(app.ids.next()),
        Some(id) => app.store.read::<_, AppError>(|snapshot| Ok(snapshot.kept_customer(id)?))?,
    };
    let customer = checked(app, id, request)?;
    let (who, at_ms) = (caller.clone(), app.now().utc_ms);
    let view = app.store.write::<_, AppError>(move |tx| {
        let before = tx.customer(id)?;
        if before.is_none() && !is_new {
            return Err(AppError::no_customer());
        }
        let (exempt, limit) =
            before.map_or((false, None), |before| (before.tax_exempt, before.account_limit));
        if customer.account_limit != limit {
            require(&who, Right::IssueCredit)?;
        }
        if customer.tax_exempt != exempt {
            require(&who, Right::ChangePrices)?;
        }
        tx.put_customer(&customer, at_ms)?;
        let verb = if is_new { "created" } else { "updated" };
        tx.note_change("customer", &id.to_string(), verb, at_ms)?;
        view(tx, &customer)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(view)
}

/// A customer as sent, if every field of it can be kept.
pub(crate) fn checked(
    app: &App,
    id: CustomerId,
    request: SaveCustomer,
) -> Result<Customer, AppError> {
    let name = text("a name", &request.name, MAX_NAME)?;
    if name.is_empty() {
        return Err(bad("a customer needs a name: it stands on receipts and invoices"));
    }
    let email = text("an e-mail address", &request.email, MAX_EMAIL)?;
    if !email.is_empty() && !email.contains('@') {
        return Err(bad(&format!("\"{email}\" is no e-mail address: it needs an @")));
    }
    if request.groups.len() > MAX_GROUPS {
        return Err(bad(&format!("a customer is in up to {MAX_GROUPS} groups")));
    }
    let mut groups = Vec::new();
    for group in &request.groups {
        let group = text("a group's name", group, MAX_NAME)?;
        if !group.is_empty() && !groups.contains(&group) {
            groups.push(group);
        }
    }
    let position = request.position.filter(|position| !position.is_empty());
    if let Some(position) = &position
        && app.shop().taxes.position(position).is_none()
    {
        return Err(bad(&format!("there is no tax position \"{position}\": choose another")));
    }
    let account_limit = request.account_limit.map(|minor| app.money(minor)).transpose()?;
    if account_limit.is_some_and(Money::is_negative) {
        return Err(bad("the most that a customer may owe cannot be below nothing"));
    }
    let tax_id =
        request.tax_id.map(|number| text("a tax number", &number, MAX_NAME)).transpose()?;
    Ok(Customer {
        id,
        name,
        email,
        phone: text("a phone number", &request.phone, MAX_PHONE)?,
        groups,
        tax_exempt: request.tax_exempt,
        tax_id: tax_id.filter(|number| !number.is_empty()),
        position,
        account_limit,
    })
}

pub(crate) fn text(what: &str, text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(bad(&format!("{what} has up to {most} characters, on one line")));
    }
    Ok(text.to_owned())
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}

fn view(snapshot: &Snapshot<'_>, customer: &Customer) -> Result<CustomerView, AppError> {
    let code = customer.id.to_string();
    let balance = |kind| -> Result<i64, AppError> {
        Ok(snapshot.credit_balance(kind, &code)?.map_or(0, Money::minor))
    };
    Ok(CustomerView {
        id: customer.id,
        name: customer.name.clone(),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        groups: customer.groups.clone(),
        tax_exempt: customer.tax_exempt,
        tax_id: customer.tax_id.clone(),
        position: customer.position.clone(),
        account_limit: customer.account_limit.map(Money::minor),
        owes: balance(CreditKind::Account)?,
        credit: balance(CreditKind::StoreCredit)?,
        has_paid: papers::newest(snapshot, PaperKind::Account, &code)?.is_some(),
    })
}

/// Says who buys.
pub(crate) fn set(
    app: &App,
    caller: &Caller,
    request: SetCustomer,
) -> Result<BasketView, AppError> {
    let customer = match request.customer_id {
        None => None,
        Some(id) => {
            let found = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.customer(id)?))?;
            Some(CustomerRef::from(&found.ok_or(AppError::no_customer())?))
        }
    };
    let change = Change::SetCustomer(customer);
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}

/// Takes what a customer owes, or a part of it; never more.
pub(crate) fn pay_account(
    app: &App,
    caller: &Caller,
    request: PayAccount,
) -> Result<CustomerView, AppError> {
    let kind = tender_kind(request.kind);
    if !matches!(
        kind,
        TenderKind::Cash | TenderKind::CardExternal | TenderKind::BankTransfer | TenderKind::Wallet
    ) {
        let kind = kind.in_words();
        return Err(bad(&format!("an account is not paid with {kind}: take cash or a card")));
    }
    let offer = Offer::new(request.tender_id, kind, app.money(request.amount)?);
    let (at, actor) = (app.now(), caller.actor.clone());
    let (shop, ids) = (app.shop(), Arc::clone(&app.ids));
    let rounding = shop.money.cash_rounding;
    let id = request.customer_id;
    let view = app.store.write::<_, AppError>(move |tx| {
        let customer = tx.customer(id)?.ok_or(AppError::no_customer())?;
        // The same payment again: its answer was lost.
        if tx.account_payment(offer.id)?.is_some() {
            return view(tx, &customer);
        }
        is_new(tx, "customers.pay_account", offer.id)?;
        let shift = tx.open_shift()?.ok_or(AppError::NoShift)?;
        let owes = tx
            .credit_balance(CreditKind::Account, &id.to_string())?
            .filter(|owes| !owes.is_negative() && !owes.is_zero())
            .ok_or_else(|| {
                bad(&format!("{} owes nothing: there is nothing to pay", customer.name))
            })?;
        let offered = offer.offered;
        let mut tender = take(offer, owes, rounding)?;
        if !tender.change()?.is_zero() {
            return Err(TenderError::MoreThanDue { kind, offered, due: owes }.into());
        }
        // Whoever gives this command has seen the money.
        tender.state = TenderState::Taken;
        let paid = AccountPayment {
            customer: id,
            name: customer.name.clone(),
            tender,
            shift: shift.id,
            at,
            actor,
        };
        let doc = of_account_payment(&paid, owes, &shop.letterhead, Kind::Original)?;
        tx.append(at.utc_ms, &Entry::AccountPaid(paid))?;
        let slip = papers::keep(tx, &*ids, (PaperKind::Account, &id.to_string()), &doc)?;
        papers::send(tx, &*ids, slip, kind == TenderKind::Cash)?;
        view(tx, &customer)
    })?;
    app.changed(&caller.client, &["customers", "register", "prints"]);
    app.wake_printer();
    Ok(view)
}

/// Prints the slip of the last payment on an account.
pub(crate) fn print_payment(
    app: &App,
    caller: &Caller,
    request: CustomerRequest,
) -> Result<PrintJobView, AppError> {
    papers::print_again(app, caller, PaperKind::Account, request.customer_id.to_string())
}

/// Refuses a tender id that paid for something else: it must never count twice.
pub(crate) fn is_new(
    snapshot: &Snapshot<'_>,
    command: &'static str,
    id: TenderId,
) -> Result<(), AppError> {
    if snapshot.knows_tender(id)? {
        return Err(AppError::BadRequest {
            command,
            reason: "its tender id paid for something else: make a new one".to_owned(),
        });
    }
    Ok(())
}
