//! Customers of a shop: known by what the shop calls them, then by their e-mail address, and otherwise
//! added. What they said about being written to comes with them; what they said last counts.

use std::sync::Arc;

use countertop_domain::customer::{Consent, ConsentChannel, ExternalId};
use countertop_domain::ids::CustomerId;
use countertop_store::{ChannelRow, CustomerFilter, CustomerRecord, MapKind, MapRow};
use countertop_sync::channel::{CustomerIn, CustomerOut, marked};
use sha2::{Digest, Sha256};

use super::orders::address;
use super::{ChannelIntake, name_of, note};
use crate::app::{App, Caller};
use crate::customer_book::{self, CustomerDraft};
use crate::error::AppError;
use crate::wire::SaveCustomer;

/// Characters of a name.
const MAX_NAME: usize = 100;

pub(super) fn take(
    intake: &ChannelIntake,
    channel: &ChannelRow,
    customers: Vec<CustomerIn>,
) -> Result<(), AppError> {
    let caller = intake.caller(channel)?;
    let taking = Taking { app: &intake.app, caller: &caller, row: channel };
    for customer in customers {
        match taking.customer(&customer) {
            Ok(()) => {}
            Err(error @ (AppError::Store(_) | AppError::Io { .. })) => return Err(error),
            Err(error) => {
                let words = format!("{}: {error}", marked(&customer.name, MAX_NAME));
                taking.to_do(&customer, "bad_customer", words)?;
            }
        }
    }
    Ok(())
}

/// What a shop said of a customer, as the register would tell it.
fn said_of(given: &CustomerIn, id: CustomerId) -> CustomerOut {
    CustomerOut {
        id,
        external_id: String::new(),
        name: marked(&given.name, MAX_NAME),
        email: marked(&given.email, 254),
        phone: marked(&given.phone, 40),
        address: address(&given.address),
        email_consent: given.email_consent.map(|(yes, _)| yes),
    }
}

/// What was found of a customer here.
enum Found {
    One(Box<CustomerRecord>),
    /// They were known, and were forgotten since.
    Erased,
    None,
    Several,
}

struct Taking<'a> {
    app: &'a Arc<App>,
    caller: &'a Caller,
    row: &'a ChannelRow,
}

impl Taking<'_> {
    fn customer(&self, given: &CustomerIn) -> Result<(), AppError> {
        // Whoever left no way to be reached is nobody to be known again.
        if given.email.trim().is_empty() && given.phone.trim().is_empty() {
            return Ok(());
        }
        let digest = Sha256::digest(
            serde_json::to_vec(given)
                .map_err(|error| AppError::BadText { reason: error.to_string() })?,
        )
        .to_vec();
        let id = self.row.id;
        let known = self.app.store.read::<_, AppError>(|snapshot| {
            Ok(snapshot.channel_mapped(id, MapKind::Customer, &given.external_id)?)
        })?;
        if known.as_ref().is_some_and(|known| known.digest == digest) {
            return Ok(());
        }
        let ours = known.as_ref().and_then(|known| known.ours).map(CustomerId::new);
        let record = match self.find(given, ours)? {
            Found::One(record) => self.bring_up_to_date(*record, given)?,
            Found::None => self.add(given)?,
            // The to-do says so since they were.
            Found::Erased => return Ok(()),
            Found::Several => {
                let words = format!(
                    "several customers here have the e-mail address {}: merge them, or choose who it is",
                    marked(&given.email, 254)
                );
                return self.to_do(given, "ambiguous", words);
            }
        };
        let record = self.consent(record, given)?;
        let (here, said) = (CustomerOut::of(&record), said_of(given, record.customer.id));
        let known = known.unwrap_or_else(|| name_of(MapKind::Customer, &given.external_id));
        let named = MapRow {
            ours: Some(record.customer.id.uuid()),
            // Nobody's name is kept twice: who is forgotten here is forgotten there.
            title: String::new(),
            digest,
            // What the shop says itself it need not be told.
            parent: if here.told() == said.told() { said.told() } else { known.parent.clone() },
            ..known
        };
        let (row, about) = (self.row.clone(), format!("customer:{}", given.external_id));
        let kept = self.app.store.begin_part::<(), AppError>(move |tx| {
            tx.put_channel_map(row.id, &named)?;
            Ok(tx.solve_channel_problem(row.id, None, &about)?)
        })?;
        kept.wait()
    }

    fn external(&self, given: &CustomerIn) -> ExternalId {
        ExternalId {
            system: marked(&self.row.name, MAX_NAME),
            id: marked(&given.external_id, MAX_NAME),
        }
    }

    fn find(&self, given: &CustomerIn, ours: Option<CustomerId>) -> Result<Found, AppError> {
        let external = self.external(given);
        self.app.store.read(|snapshot| {
            let by_name = match ours {
                Some(ours) => Some(ours),
                None => snapshot.customer_by_external_id(&external)?,
            };
            if let Some(id) = by_name {
                let record = snapshot.customer_record(id)?;
                return Ok(record.map_or(Found::Erased, |record| Found::One(Box::new(record))));
            }
            let email = marked(&given.email, 254);
            if email.is_empty() {
                return Ok(Found::None);
            }
            let filter = CustomerFilter { email: Some(email), ..CustomerFilter::default() };
            let mut found = snapshot.customer_records(&filter, 2)?;
            Ok(match (found.len(), found.pop()) {
                (1, Some(record)) => Found::One(Box::new(record)),
                (0, _) => Found::None,
                _ => Found::Several,
            })
        })
    }

    fn add(&self, given: &CustomerIn) -> Result<CustomerRecord, AppError> {
        let id = CustomerId::new(self.app.ids.next());
        let email = marked(&given.email, 254);
        let name = marked(&given.name, MAX_NAME);
        let basics = SaveCustomer {
            id: None,
            name: if name.is_empty() { marked(&email, MAX_NAME) } else { name },
            email,
            phone: marked(&given.phone, 40),
            groups: Vec::new(),
            tax_exempt: false,
            tax_id: None,
            position: None,
            account_limit: None,
        };
        let draft = CustomerDraft {
            basics,
            notes: String::new(),
            address: address(&given.address),
            consents: Vec::new(),
            external_ids: vec![self.external(given)],
        };
        customer_book::create(self.app, self.caller, id, draft)
    }

    /// What the shop says in place of what is here; what it leaves empty stays.
    fn bring_up_to_date(
        &self,
        record: CustomerRecord,
        given: &CustomerIn,
    ) -> Result<CustomerRecord, AppError> {
        let said = |said: String, here: &str| if said.is_empty() { here.to_owned() } else { said };
        let customer = &record.customer;
        let mut external_ids = record.external_ids.clone();
        let external = self.external(given);
        if !external_ids.contains(&external) && external_ids.len() < customer_book::MAX_EXTERNAL_IDS
        {
            external_ids.push(external);
        }
        external_ids.sort();
        let sent = address(&given.address);
        let (email, phone) = (marked(&given.email, 254), marked(&given.phone, 40));
        let draft = CustomerDraft {
            basics: SaveCustomer {
                id: Some(customer.id),
                name: said(marked(&given.name, MAX_NAME), &customer.name),
                email: said(email, &customer.email),
                phone: said(phone, &customer.phone),
                groups: customer.groups.clone(),
                tax_exempt: customer.tax_exempt,
                tax_id: customer.tax_id.clone(),
                position: customer.position.clone(),
                account_limit: customer.account_limit.map(countertop_domain::money::Money::minor),
            },
            notes: record.notes.clone(),
            address: if sent.is_empty() { record.address.clone() } else { sent },
            consents: record.consents.clone(),
            external_ids,
        };
        let is_same = draft.basics.name == customer.name
            && draft.basics.email == customer.email
            && draft.basics.phone == customer.phone
            && draft.address == record.address
            && draft.external_ids == record.external_ids;
        if is_same {
            return Ok(record);
        }
        customer_book::replace(self.app, self.caller, customer.id, draft, |_| Ok(()))
    }

    fn consent(
        &self,
        record: CustomerRecord,
        given: &CustomerIn,
    ) -> Result<CustomerRecord, AppError> {
        let Some((yes, at_ms)) = given.email_consent else { return Ok(record) };
        let consent = Consent {
            channel: ConsentChannel::Email,
            given: yes,
            at_ms,
            source: marked(&self.row.name, MAX_NAME),
        };
        customer_book::set_consent(self.app, self.caller, record.customer.id, consent, |_| Ok(()))
    }

    fn to_do(&self, given: &CustomerIn, kind: &'static str, words: String) -> Result<(), AppError> {
        let (row, at_ms) = (self.row.clone(), self.app.now().utc_ms);
        let about = format!("customer:{}", marked(&given.external_id, MAX_NAME));
        let noted = self
            .app
            .store
            .begin_part::<(), AppError>(move |tx| note(tx, &row, kind, &about, words, at_ms))?;
        noted.wait()?;
        self.app.changed(&self.caller.client, &["channels"]);
        Ok(())
    }
}
