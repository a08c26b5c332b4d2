//! Customers go out: those whom the shop knows, and those who agreed to be written to. Nobody else's
//! address leaves the register.

use countertop_domain::customer::ConsentChannel;
use countertop_domain::ids::CustomerId;
use countertop_store::{ChannelRow, CustomerRecord, MapKind, MapRow, Snapshot, StoreError};
use sha2::{Digest, Sha256};

use super::words::{CustomerOut, Task};

impl CustomerOut {
    /// A customer as a shop is told of them.
    pub fn of(record: &CustomerRecord) -> Self {
        let CustomerRecord { customer, address, consents, .. } = record;
        let said = consents.iter().find(|one| one.channel == ConsentChannel::Email);
        Self {
            id: customer.id,
            external_id: String::new(),
            name: customer.name.clone(),
            email: customer.email.clone(),
            phone: customer.phone.clone(),
            address: address.clone(),
            email_consent: said.map(|consent| consent.given),
        }
    }

    /// By what it is known that a shop was told the same already, or said it itself: a digest of all but
    /// the ids, in hexadecimal.
    pub fn told(&self) -> String {
        let Self { id: _, external_id: _, name, email, phone, address, email_consent } = self;
        let parts = serde_json::json!([name, email, phone, address, email_consent]);
        let digest = Sha256::digest(parts.to_string());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

pub(super) fn lane(customer: CustomerId) -> String {
    format!("customer:{customer}")
}

/// That there is something to be told of a customer. What it is, is read when it is sent: what waits for a
/// shop keeps nobody's address.
pub(super) fn changed(id: CustomerId) -> Task {
    Task::Customer(CustomerOut {
        id,
        external_id: String::new(),
        name: String::new(),
        email: String::new(),
        phone: String::new(),
        address: countertop_domain::customer::Address::default(),
        email_consent: None,
    })
}

/// What a shop is to be told of a customer now; none if it is nothing.
pub(super) fn to_tell(
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    id: CustomerId,
) -> Result<Option<CustomerOut>, StoreError> {
    let Some(record) = snapshot.customer_record(id)? else { return Ok(None) };
    let known = names(snapshot, row, &record)?.into_iter().next();
    let mut out = CustomerOut::of(&record);
    // Shops know people by their address.
    let may_know = known.is_some() || out.email_consent == Some(true);
    if out.email.is_empty() || !may_know {
        return Ok(None);
    }
    if let Some(known) = known {
        if known.parent == out.told() {
            return Ok(None);
        }
        out.external_id = known.external_id;
    }
    Ok(Some(out))
}

/// What a shop calls a customer, those included who became part of them.
fn names(
    snapshot: &Snapshot<'_>,
    row: &ChannelRow,
    record: &CustomerRecord,
) -> Result<Vec<MapRow>, StoreError> {
    let ids = std::iter::once(record.customer.id).chain(record.merged_ids.iter().copied());
    let mut names = Vec::new();
    for id in ids {
        names.extend(snapshot.channel_names_of(row.id, MapKind::Customer, id.uuid())?);
    }
    Ok(names)
}
