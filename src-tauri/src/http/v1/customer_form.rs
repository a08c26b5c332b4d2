//! Customers, as the API writes and reads them.

use countertop_app::customer_book::CustomerDraft;
use countertop_app::wire::SaveCustomer;
use countertop_app::{App, AppError};
use countertop_domain::customer::{
    Address as Place, Consent as Said, ConsentChannel, ExternalId as ExternalName,
};
use countertop_domain::money::Currency;
use countertop_store::CustomerRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::moment::Moment;
use super::money::Amount;

/// A postal address.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    /// Street, number and what else stands above the town.
    #[serde(default)]
    #[schema(max_items = 3, example = json!(["5 High Street"]))]
    pub(super) lines: Vec<String>,
    /// The code of the town.
    #[serde(default)]
    #[schema(max_length = 20, example = "75011")]
    pub(super) postal_code: String,
    /// The town.
    #[serde(default)]
    #[schema(max_length = 100, example = "Paris")]
    pub(super) city: String,
    /// The state or the province, where there is one.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) region: String,
    /// ISO 3166-1, two letters; may be empty.
    #[serde(default)]
    #[schema(max_length = 2, pattern = "^([A-Za-z]{2})?$", example = "FR")]
    pub(super) country: String,
}

impl From<Address> for Place {
    fn from(sent: Address) -> Self {
        let Address { lines, postal_code, city, region, country } = sent;
        Self { lines, postal_code, city, region, country }
    }
}

impl From<Place> for Address {
    fn from(kept: Place) -> Self {
        let Place { lines, postal_code, city, region, country } = kept;
        Self { lines, postal_code, city, region, country }
    }
}

/// A way to write to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Channel {
    /// E-mail.
    Email,
    /// Messages to their phone.
    Sms,
    /// Letters.
    Post,
}

impl Channel {
    pub(super) const fn read(self) -> ConsentChannel {
        match self {
            Self::Email => ConsentChannel::Email,
            Self::Sms => ConsentChannel::Sms,
            Self::Post => ConsentChannel::Post,
        }
    }

    const fn of(channel: ConsentChannel) -> Self {
        match channel {
            ConsentChannel::Email => Self::Email,
            ConsentChannel::Sms => Self::Sms,
            ConsentChannel::Post => Self::Post,
        }
    }
}

/// What a customer said about being written to in one way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Consent {
    /// In which way.
    pub(super) channel: Channel,
    /// True where it was given, false where it was withdrawn.
    pub(super) given: bool,
    /// When it was said.
    pub(super) at: Moment,
    /// Where it was said.
    #[serde(default)]
    #[schema(max_length = 100, example = "web form")]
    pub(super) source: String,
}

impl Consent {
    pub(super) fn read(self) -> Said {
        let Self { channel, given, at, source } = self;
        Said { channel: channel.read(), given, at_ms: at.ms(), source }
    }

    fn of(said: Said) -> Self {
        let Said { channel, given, at_ms, source } = said;
        Self { channel: Channel::of(channel), given, at: Moment::of(at_ms), source }
    }
}

/// What another system calls a customer. Each name stands for one customer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExternalId {
    /// Which system.
    #[schema(min_length = 1, max_length = 100, example = "mailing")]
    pub(super) system: String,
    /// Its name for them.
    #[schema(min_length = 1, max_length = 100, example = "c-4711")]
    pub(super) id: String,
}

/// How a customer buys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CustomerFigures {
    /// Their last sale; not there if they never bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sale_at: Option<Moment>,
    /// How often they bought.
    sales: i64,
    /// What all of it came to, with tax, less what they gave back.
    value: Amount,
}

/// A customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Customer {
    /// Their id.
    pub(super) id: Uuid,
    /// As printed.
    #[schema(example = "Mira Lindqvist")]
    name: String,
    /// May be empty.
    #[schema(example = "mira@example.com")]
    email: String,
    /// May be empty.
    phone: String,
    /// Groups that prices and promotions name.
    groups: Vec<String>,
    /// Pays no tax, by law.
    tax_exempt: bool,
    /// Number at the tax office.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy.
    #[serde(skip_serializing_if = "Option::is_none")]
    fiscal_position: Option<String>,
    /// How much they may owe; not there for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_limit: Option<Amount>,
    /// For the staff.
    notes: String,
    /// Where they live.
    address: Address,
    /// What they said about being written to. A way that is not there was never asked about.
    consents: Vec<Consent>,
    /// What other systems call them.
    external_ids: Vec<ExternalId>,
    /// Ids of records that became part of this one; they name this customer too.
    merged_ids: Vec<Uuid>,
    /// How they buy.
    figures: CustomerFigures,
    /// When the record was made; not there where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Moment>,
    /// When it was last changed; not there where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Moment>,
}

impl Customer {
    pub(super) fn of(record: CustomerRecord, currency: Currency) -> Self {
        let customer = record.customer;
        let moment = |ms: i64| (ms != 0).then(|| Moment::of(ms));
        Self {
            id: customer.id.uuid(),
            name: customer.name,
            email: customer.email,
            phone: customer.phone,
            groups: customer.groups,
            tax_exempt: customer.tax_exempt,
            tax_id: customer.tax_id,
            fiscal_position: customer.position,
            account_limit: customer.account_limit.map(Amount::from),
            notes: record.notes,
            address: record.address.into(),
            consents: record.consents.into_iter().map(Consent::of).collect(),
            external_ids: record
                .external_ids
                .into_iter()
                .map(|ExternalName { system, id }| ExternalId { system, id })
                .collect(),
            merged_ids: record.merged_ids.into_iter().map(|id| id.uuid()).collect(),
            figures: CustomerFigures {
                last_sale_at: record.figure.last_sale_ms.map(Moment::of),
                sales: record.figure.sales,
                value: Amount::of(record.figure.value, currency.code()),
            },
            created_at: moment(record.created_ms),
            updated_at: moment(record.updated_ms),
        }
    }
}

/// A customer as it is to be kept.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Mira Lindqvist", "email": "mira@example.com", "groups": ["member"],
    "consents": [{ "channel": "email", "given": true, "at": "2026-03-01T09:30:00Z",
                   "source": "web form" }],
    "external_ids": [{ "system": "mailing", "id": "c-4711" }]
}))]
pub(super) struct CustomerInput {
    /// As printed; needed.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// May be empty; else it has an @.
    #[serde(default)]
    #[schema(max_length = 254, pattern = "^(|.*@.*)$")]
    email: String,
    /// May be empty.
    #[serde(default)]
    #[schema(max_length = 40)]
    phone: String,
    /// Groups that prices and promotions name.
    #[serde(default)]
    #[schema(max_items = 20)]
    groups: Vec<String>,
    /// Pays no tax, by law.
    #[serde(default)]
    tax_exempt: bool,
    /// Number at the tax office.
    #[serde(default)]
    #[schema(max_length = 100)]
    tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy; one that the shop has.
    #[serde(default)]
    #[schema(max_length = 100)]
    fiscal_position: Option<String>,
    /// How much they may owe; none for nothing. Needs the right to give credit.
    #[serde(default)]
    account_limit: Option<Amount>,
    /// For the staff.
    #[serde(default)]
    #[schema(max_length = 2000)]
    notes: String,
    /// Where they live.
    #[serde(default)]
    address: Address,
    /// What they said about being written to, one for each way.
    #[serde(default)]
    #[schema(max_items = 3)]
    consents: Vec<Consent>,
    /// What other systems call them.
    #[serde(default)]
    #[schema(max_items = 10)]
    external_ids: Vec<ExternalId>,
}

impl CustomerInput {
    pub(super) fn read(self, app: &App) -> Result<CustomerDraft, AppError> {
        let limit = self.account_limit.map(|limit| limit.minor(app)).transpose()?;
        Ok(CustomerDraft {
            basics: SaveCustomer {
                id: None,
                name: self.name,
                email: self.email,
                phone: self.phone,
                groups: self.groups,
                tax_exempt: self.tax_exempt,
                tax_id: self.tax_id,
                position: self.fiscal_position,
                account_limit: limit,
            },
            notes: self.notes,
            address: self.address.into(),
            consents: self.consents.into_iter().map(Consent::read).collect(),
            external_ids: self
                .external_ids
                .into_iter()
                .map(|ExternalId { system, id }| ExternalName { system, id })
                .collect(),
        })
    }
}
