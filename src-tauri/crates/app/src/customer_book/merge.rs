//! Two records of one person become one.

use countertop_domain::credit::CreditKind;
use countertop_domain::customer::{CustomersMerged, ExternalId};
use countertop_domain::ids::CustomerId;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::staff::Right;
use countertop_store::{ChannelOrderFilter, CustomerRecord, Tx};

use super::{MAX_EXTERNAL_IDS, MAX_NOTES, note_consent};
use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;

/// Orders that are moved at a time.
const PAGE: u32 = 500;

/// Makes the second customer's record part of the first's: what the first does not say is taken from
/// the second, credit, debt and points come together, and from then on either id names the first.
/// What was merged already is answered as it is.
///
/// # Errors
/// No such customer, one with themselves, balances too large to add up, or a right.
pub fn merge(
    app: &App,
    caller: &Caller,
    kept: CustomerId,
    merged: CustomerId,
) -> Result<CustomerRecord, AppError> {
    // Whoever joins two ledgers decides about money.
    require(caller, Right::ChangePrices)?;
    if kept == merged {
        return Err(AppError::BadText {
            reason: "a customer cannot be merged with themselves: name two records".to_owned(),
        });
    }
    let (at, actor) = (app.now(), caller.actor.clone());
    let record = app.store.write::<_, AppError>(move |tx| {
        let first = tx.customer_record(kept)?.ok_or(AppError::no_customer())?;
        let second = tx.customer_record(merged)?.ok_or(AppError::no_customer())?;
        let (kept, gone) = (first.customer.id, second.customer.id);
        if kept == gone {
            return Ok(first);
        }
        let zero = Money::zero(tx.identity().currency);
        let balance = |kind| -> Result<Money, AppError> {
            Ok(tx.credit_balance(kind, &gone.to_string())?.unwrap_or(zero))
        };
        let entry = CustomersMerged {
            kept,
            merged: gone,
            store_credit: balance(CreditKind::StoreCredit)?,
            account: balance(CreditKind::Account)?,
            points: tx.points_balance(gone)?,
            at,
            actor,
        };
        tx.append(at.utc_ms, &Entry::CustomersMerged(entry))?;
        tx.empty_merged_customer(gone, kept, at.utc_ms)?;
        tx.put_customer_record(&joined(first, second), at.utc_ms)?;
        move_orders(tx, gone, kept, at.utc_ms)?;
        tx.note_change("customer", &gone.to_string(), "merged", at.utc_ms)?;
        tx.note_change("customer", &kept.to_string(), "updated", at.utc_ms)?;
        tx.customer_record(kept)?.ok_or(AppError::no_customer())
    })?;
    app.changed(&caller.client, &["customers", "held"]);
    Ok(record)
}

/// What is kept of both. The first's own word counts where they differ; of what they said about being
/// written to, the later one.
fn joined(mut first: CustomerRecord, second: CustomerRecord) -> CustomerRecord {
    let (one, two) = (&mut first.customer, second.customer);
    let fill = |mine: &mut String, other: String| {
        if mine.is_empty() {
            *mine = other;
        }
    };
    fill(&mut one.email, two.email);
    fill(&mut one.phone, two.phone);
    for group in two.groups {
        if !one.groups.contains(&group) {
            one.groups.push(group);
        }
    }
    one.tax_id = one.tax_id.take().or(two.tax_id);
    // A freedom from tax, or a limit, is not given by a merge: whoever may give them does so.
    if first.address.is_empty() {
        first.address = second.address;
    }
    if !second.notes.is_empty() && first.notes != second.notes {
        let both = format!("{}\n{}", first.notes, second.notes);
        first.notes = both.trim().chars().take(MAX_NOTES).collect();
    }
    for consent in second.consents {
        note_consent(&mut first.consents, consent);
    }
    let mut external: Vec<ExternalId> = first.external_ids;
    external.extend(second.external_ids);
    external.sort();
    external.dedup();
    external.truncate(MAX_EXTERNAL_IDS * 2);
    first.external_ids = external;
    first
}

fn move_orders(
    tx: &Tx<'_>,
    from: CustomerId,
    into: CustomerId,
    at_ms: i64,
) -> Result<(), AppError> {
    let of_second = ChannelOrderFilter { customers: vec![from], ..ChannelOrderFilter::default() };
    loop {
        let orders = tx.channel_orders(&of_second, PAGE)?;
        if orders.is_empty() {
            return Ok(());
        }
        for mut order in orders {
            order.customer = Some(into);
            order.updated_ms = at_ms;
            tx.put_channel_order(&order)?;
        }
    }
}
