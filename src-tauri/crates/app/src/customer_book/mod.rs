//! Customers in full: for programs that keep them in step with a shop, a mailing tool or a ledger.
//!
//! Two records of one person are merged, what is known of a person is given out whole, and a person is
//! forgotten on request. Sales are never rewritten for any of this: a merge is a link that every reader
//! follows, and what stays after erasing is said in [`erase`].

mod erase;
mod everything;
mod merge;

use countertop_domain::customer::{Address, Consent, Customer, ExternalId};
use countertop_domain::ids::CustomerId;
use countertop_domain::staff::Right;
use countertop_store::{CustomerFigure, CustomerFilter, CustomerRecord, Tx};

use crate::app::require;
use crate::app::{App, Caller};
use crate::customers::{checked, text};
use crate::error::AppError;
use crate::wire::SaveCustomer;

pub use self::erase::{Erased, erase};
pub use self::everything::{Everything, everything};
pub use self::merge::merge;

/// Characters of a note.
pub const MAX_NOTES: usize = 2_000;
/// Lines of an address above the town.
pub const MAX_ADDRESS_LINES: usize = 3;
/// Names that other systems have for one customer.
pub const MAX_EXTERNAL_IDS: usize = 10;
/// Characters of a line of an address, of a source, of another system's name.
pub const MAX_TEXT: usize = 100;

/// A customer as a program wants it kept.
#[derive(Clone, Debug)]
pub struct CustomerDraft {
    /// What prices and payments depend on, as the till's own form has it; its id is not looked at.
    pub basics: SaveCustomer,
    /// For the staff; may have several lines.
    pub notes: String,
    /// Where they live.
    pub address: Address,
    /// What they said about being written to, one for each way at most.
    pub consents: Vec<Consent>,
    /// What other systems call them.
    pub external_ids: Vec<ExternalId>,
}

/// Customers that a filter finds, the oldest change first.
///
/// # Errors
/// The caller may not, or the store's.
pub fn list(
    app: &App,
    caller: &Caller,
    filter: &CustomerFilter,
    limit: u32,
) -> Result<Vec<CustomerRecord>, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| Ok(snapshot.customer_records(filter, limit)?))
}

/// One customer; by the id of a record that became part of another's, the other.
///
/// # Errors
/// No such customer, the caller may not, or the store's.
pub fn get(app: &App, caller: &Caller, id: CustomerId) -> Result<CustomerRecord, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| snapshot.customer_record(id)?.ok_or(AppError::no_customer()))
}

/// Adds a customer under an id; one that was added under it before is answered as it is.
///
/// # Errors
/// A field that cannot be kept, another system's name that is somebody else's, or a right.
pub fn create(
    app: &App,
    caller: &Caller,
    id: CustomerId,
    draft: CustomerDraft,
) -> Result<CustomerRecord, AppError> {
    require(caller, Right::Sell)?;
    let record = record(app, id, draft)?;
    let (who, at_ms) = (caller.clone(), app.now().utc_ms);
    let made = app.store.write::<_, AppError>(move |tx| {
        if let Some(known) = tx.customer_record(id)? {
            return Ok(known);
        }
        may_grant(&who, None, &record.customer)?;
        write(tx, &record, "created", at_ms)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(made)
}

/// Puts what a program sends in place of what is kept, if `allowed` lets it.
///
/// # Errors
/// No such customer, what `allowed` refuses, a field that cannot be kept, or a right.
pub fn replace(
    app: &App,
    caller: &Caller,
    id: CustomerId,
    draft: CustomerDraft,
    allowed: impl FnOnce(&CustomerRecord) -> Result<(), AppError> + Send + 'static,
) -> Result<CustomerRecord, AppError> {
    require(caller, Right::Sell)?;
    let mut record = record(app, id, draft)?;
    let (who, at_ms) = (caller.clone(), app.now().utc_ms);
    let kept = app.store.write::<_, AppError>(move |tx| {
        let before = tx.customer_record(id)?.ok_or(AppError::no_customer())?;
        allowed(&before)?;
        record.customer.id = before.customer.id;
        may_grant(&who, Some(&before.customer), &record.customer)?;
        write(tx, &record, "updated", at_ms)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(kept)
}

/// Notes what a customer said about being written to in one way. What they said later counts, in
/// whatever order it is told.
///
/// # Errors
/// No such customer, a source that is too long, or a right.
pub fn set_consent(
    app: &App,
    caller: &Caller,
    id: CustomerId,
    consent: Consent,
    allowed: impl FnOnce(&CustomerRecord) -> Result<(), AppError> + Send + 'static,
) -> Result<CustomerRecord, AppError> {
    require(caller, Right::Sell)?;
    let consent = Consent { source: text("a source", &consent.source, MAX_TEXT)?, ..consent };
    let at_ms = app.now().utc_ms;
    let kept = app.store.write::<_, AppError>(move |tx| {
        let mut record = tx.customer_record(id)?.ok_or(AppError::no_customer())?;
        allowed(&record)?;
        if !note_consent(&mut record.consents, consent) {
            return Ok(record);
        }
        write(tx, &record, "updated", at_ms)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(kept)
}

/// Keeps the later of two words about one way; true if something changed.
fn note_consent(consents: &mut Vec<Consent>, said: Consent) -> bool {
    match consents.iter_mut().find(|one| one.channel == said.channel) {
        Some(before) if before.at_ms > said.at_ms || *before == said => false,
        Some(before) => {
            *before = said;
            true
        }
        None => {
            consents.push(said);
            true
        }
    }
}

/// Writes a record and has everyone told.
fn write(
    tx: &Tx<'_>,
    record: &CustomerRecord,
    verb: &str,
    at_ms: i64,
) -> Result<CustomerRecord, AppError> {
    let id = record.customer.id;
    for external in &record.external_ids {
        if let Some(other) = tx.customer_by_external_id(external)?
            && other != id
        {
            return Err(AppError::Conflict {
                code: "external_id_taken",
                reason: format!(
                    "{} calls customer {other} \"{}\" already: merge the two, or send another id",
                    external.system, external.id
                ),
            });
        }
    }
    tx.put_customer_record(record, at_ms)?;
    tx.note_change("customer", &id.to_string(), verb, at_ms)?;
    tx.customer_record(id)?.ok_or(AppError::no_customer())
}

/// Credit and freedom from tax are given by those who may.
fn may_grant(who: &Caller, before: Option<&Customer>, after: &Customer) -> Result<(), AppError> {
    let (exempt, limit) =
        before.map_or((false, None), |before| (before.tax_exempt, before.account_limit));
    if after.account_limit != limit {
        require(who, Right::IssueCredit)?;
    }
    if after.tax_exempt != exempt {
        require(who, Right::ChangePrices)?;
    }
    Ok(())
}

/// A record as sent, if every field of it can be kept.
fn record(app: &App, id: CustomerId, draft: CustomerDraft) -> Result<CustomerRecord, AppError> {
    let customer = checked(app, id, draft.basics)?;
    let notes = draft.notes.trim().to_owned();
    let control = |c: char| c.is_control() && c != '\n';
    if notes.chars().count() > MAX_NOTES || notes.chars().any(control) {
        return Err(bad(&format!("notes have up to {MAX_NOTES} characters")));
    }
    if draft.external_ids.len() > MAX_EXTERNAL_IDS {
        return Err(bad(&format!("a customer has up to {MAX_EXTERNAL_IDS} external ids")));
    }
    let mut external_ids: Vec<ExternalId> = Vec::new();
    for one in draft.external_ids {
        let system = text("the name of a system", &one.system, MAX_TEXT)?;
        let id = text("an external id", &one.id, MAX_TEXT)?;
        if system.is_empty() || id.is_empty() {
            return Err(bad("an external id needs the name of its system and the id"));
        }
        let external = ExternalId { system, id };
        if !external_ids.contains(&external) {
            external_ids.push(external);
        }
    }
    external_ids.sort();
    let mut consents = Vec::new();
    for one in draft.consents {
        if consents.iter().any(|known: &Consent| known.channel == one.channel) {
            let name = one.channel.name();
            return Err(bad(&format!("say once what holds for {name}: it is there twice")));
        }
        consents.push(Consent { source: text("a source", &one.source, MAX_TEXT)?, ..one });
    }
    Ok(CustomerRecord {
        customer,
        notes,
        address: address(draft.address)?,
        consents,
        external_ids,
        merged_ids: Vec::new(),
        figure: CustomerFigure::default(),
        created_ms: 0,
        updated_ms: 0,
        version: 0,
        row: 0,
    })
}

/// An address as sent, if every part of it can be kept.
pub(crate) fn address(sent: Address) -> Result<Address, AppError> {
    if sent.lines.len() > MAX_ADDRESS_LINES {
        return Err(bad(&format!("an address has up to {MAX_ADDRESS_LINES} lines above the town")));
    }
    let line = |line: &String| text("a line of an address", line, MAX_TEXT);
    let lines = sent.lines.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let country = sent.country.trim().to_uppercase();
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        return Err(bad("a country is its code of two letters (ISO 3166), such as FR"));
    }
    Ok(Address {
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        postal_code: text("a postal code", &sent.postal_code, 20)?,
        city: text("a town", &sent.city, MAX_TEXT)?,
        region: text("a region", &sent.region, MAX_TEXT)?,
        country,
    })
}

fn bad(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}

/// Every id by which sales and orders name a customer.
pub(crate) fn ids_of(record: &CustomerRecord) -> Vec<CustomerId> {
    std::iter::once(record.customer.id).chain(record.merged_ids.iter().copied()).collect()
}
