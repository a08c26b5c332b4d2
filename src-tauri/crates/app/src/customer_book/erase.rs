//! Forgetting a person.

use countertop_domain::basket::Change;
use countertop_domain::channel_order::Recipient;
use countertop_domain::credit::CreditKind;
use countertop_domain::customer::CustomerErased;
use countertop_domain::ids::CustomerId;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::staff::Right;
use countertop_store::{
    ChannelOrderFilter, HeldState, MapKind, MapRow, NewProblem, SaleFilter, Snapshot, Tx,
};

use super::ids_of;
use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;

/// What is left of a customer who was forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The id that sales still name.
    pub customer: CustomerId,
    /// Whether sales name them. They stay as they were written, with the name that the receipt shows:
    /// the law has a shop keep them, and nothing in a journal is ever changed.
    pub has_sales: bool,
    /// Store credit that whoever shows the customer's id may still spend, in minor units.
    pub store_credit: i64,
}

/// Erases everything that the shop keeps of a person: name, addresses, notes, consent, other systems'
/// names, what they are found by, and what imported orders and given-up held orders say of them. For each
/// web shop that knows them there is a to-do. What was deleted is written over in the file and the logs are emptied.
///
/// What stays, because bookkeeping needs it and the journal cannot be changed: sales, payments on account
/// and held orders as they were written, with the name that was printed. Backups that were made
/// before still have everything.
///
/// # Errors
/// No such customer, a debt, an order or a basket that is still open, or a right.
pub fn erase(
    app: &App,
    caller: &Caller,
    id: CustomerId,
    allowed: impl FnOnce(&countertop_store::CustomerRecord) -> Result<(), AppError> + Send + 'static,
) -> Result<Erased, AppError> {
    require(caller, Right::ChangePrices)?;
    let record = super::get(app, caller, id)?;
    let ids = ids_of(&record);
    let named = |basket: &countertop_domain::basket::Basket| {
        basket.customer().is_some_and(|customer| ids.contains(&customer.id))
    };
    if app.baskets.all().iter().any(|basket| named(basket)) {
        return Err(in_use("is in a basket at a screen: pay for it or empty it first"));
    }
    let (at, actor) = (app.now(), caller.actor.clone());
    let erased = app.store.write::<_, AppError>(move |tx| {
        let record = tx.customer_record(id)?.ok_or(AppError::no_customer())?;
        allowed(&record)?;
        let (id, ids) = (record.customer.id, ids_of(&record));
        owes_nothing(tx, id)?;
        let orders = ChannelOrderFilter { customers: ids.clone(), ..ChannelOrderFilter::default() };
        let orders = tx.channel_orders(&orders, u32::MAX)?;
        if orders.iter().any(|order| order.status.is_open()) {
            return Err(in_use("has an order that is not handed over: hand it over or cancel it"));
        }
        forget_held(tx, &ids)?;
        for mut order in orders {
            order.body.recipient = Recipient::default();
            order.body.note = String::new();
            order.updated_ms = at.utc_ms;
            tx.put_channel_order(&order)?;
        }
        forget_in_shops(tx, &ids, at.utc_ms)?;
        tx.append(at.utc_ms, &Entry::CustomerErased(CustomerErased { customer: id, at, actor }))?;
        for merged in &record.merged_ids {
            tx.empty_erased_customer(*merged, at.utc_ms)?;
        }
        tx.empty_erased_customer(id, at.utc_ms)?;
        tx.note_change("customer", &id.to_string(), "erased", at.utc_ms)?;
        let credit = tx.credit_balance(CreditKind::StoreCredit, &id.to_string())?;
        let sales = SaleFilter { customers: ids, ..SaleFilter::default() };
        Ok(Erased {
            customer: id,
            has_sales: !tx.find_sales(&sales, 1)?.is_empty(),
            store_credit: credit.map_or(0, Money::minor),
        })
    })?;
    if !app.store.empty_logs()? {
        tracing::info!("an older moment is still read: the logs are emptied at the next close");
    }
    app.changed(&caller.client, &["customers", "channels"]);
    Ok(erased)
}

fn owes_nothing(snapshot: &Snapshot<'_>, id: CustomerId) -> Result<(), AppError> {
    match snapshot.credit_balance(CreditKind::Account, &id.to_string())? {
        Some(owes) if !owes.is_zero() => Err(AppError::Conflict {
            code: "customer_owes",
            reason: if owes.is_negative() {
                format!("the customer paid {} ahead: settle that first", owes.negated())
            } else {
                format!("the customer owes {owes}: have it paid first")
            },
        }),
        _ => Ok(()),
    }
}

/// Refused while an order waits; what was given up is made nobody's.
fn forget_held(tx: &Tx<'_>, ids: &[CustomerId]) -> Result<(), AppError> {
    for row in tx.held_orders_of(ids)? {
        if row.state == HeldState::Open {
            return Err(in_use(&format!(
                "has order {} waiting: complete or cancel it first",
                row.order.number
            )));
        }
        if let Some(mut basket) = tx.held_basket(row.order.order)? {
            basket.apply(Change::SetCustomer(None))?;
            basket.forget_steps();
            tx.put_held_basket(row.order.order, &basket)?;
        }
    }
    Ok(())
}

/// What web shops call them stays known, so that nobody who was forgotten comes back with the next list;
/// a person erases them there.
fn forget_in_shops(tx: &Tx<'_>, ids: &[CustomerId], at_ms: i64) -> Result<(), AppError> {
    for shop in tx.channels()? {
        for id in ids {
            for name in tx.channel_names_of(shop.id, MapKind::Customer, id.uuid())? {
                let about = format!("customer:{}", name.external_id);
                // Their words may name the person.
                tx.forget_channel_problems(shop.id, &about)?;
                let problem = NewProblem {
                    kind: "erased".to_owned(),
                    words: format!(
                        "customer {} of this shop was erased here: erase them there as well, then set \
                         this aside",
                        name.external_id
                    ),
                    about,
                    op: None,
                };
                tx.note_channel_problem(shop.id, &problem, at_ms)?;
                let (parent, title, digest) = (String::new(), String::new(), Vec::new());
                tx.put_channel_map(shop.id, &MapRow { parent, title, digest, ..name })?;
            }
        }
    }
    Ok(())
}

fn in_use(why: &str) -> AppError {
    AppError::Conflict { code: "customer_in_use", reason: format!("the customer {why}") }
}
