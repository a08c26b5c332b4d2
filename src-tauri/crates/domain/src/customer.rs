//! Customers, as far as a price or a payment depends on them.

use serde::{Deserialize, Serialize};

use crate::ids::CustomerId;
use crate::money::Money;
use crate::staff::Actor;
use crate::time::Timestamp;

/// A customer of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// As printed.
    pub name: String,
    /// To be reached at; empty if unknown.
    pub email: String,
    /// To be reached at; empty if unknown.
    pub phone: String,
    /// Groups that price books and promotions name, such as `member`.
    pub groups: Vec<String>,
    /// Pays no tax, by law.
    pub tax_exempt: bool,
    /// Number at the tax office; printed on invoices.
    pub tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy.
    pub position: Option<String>,
    /// How much they may owe; none for nothing.
    pub account_limit: Option<Money>,
}

/// A customer as they were when they came into the basket; kept by the sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRef {
    /// Who.
    pub id: CustomerId,
    /// As printed.
    pub name: String,
    /// Groups that price books and promotions name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Pays no tax, by law.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_exempt: bool,
    /// Number at the tax office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
}

impl From<&Customer> for CustomerRef {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            name: customer.name.clone(),
            groups: customer.groups.clone(),
            tax_exempt: customer.tax_exempt,
            tax_id: customer.tax_id.clone(),
            position: customer.position.clone(),
        }
    }
}

/// Where somebody lives or is delivered to. Every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street, number and what else stands above the town, up to three lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// The code of the town.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// The town.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// The state or the province, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// ISO 3166-1, two letters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
}

impl Address {
    /// True if nothing of it is known.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.postal_code.is_empty()
            && self.city.is_empty()
            && self.region.is_empty()
            && self.country.is_empty()
    }
}

/// A way to write to a customer, for which they are asked one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChannel {
    /// E-mail.
    Email,
    /// Messages to their phone.
    Sms,
    /// Letters.
    Post,
}

impl ConsentChannel {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Post];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Post => "post",
        }
    }

    /// Reads what [`ConsentChannel::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// What a customer said about being written to in one way; what was never asked is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// In which way.
    pub channel: ConsentChannel,
    /// True where it was given, false where it was withdrawn.
    pub given: bool,
    /// When it was said, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Where it was said: `counter`, `web form`.
    pub source: String,
}

/// What another system calls a customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExternalId {
    /// Which system: `shopify`, `mailing`.
    pub system: String,
    /// Its name for them.
    pub id: String,
}

/// Two records were of one person: from now on, whatever names the second is the first's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomersMerged {
    /// Whose record stays.
    pub kept: CustomerId,
    /// Whose became part of it.
    pub merged: CustomerId,
    /// Store credit that the second had.
    pub store_credit: Money,
    /// What the second owed on account.
    pub account: Money,
    /// Points that the second had.
    pub points: i64,
    /// When.
    pub at: Timestamp,
    /// Who said so.
    pub actor: Actor,
}

/// A customer's personal data was erased. Who it was is not told: only the id stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerErased {
    /// Whose.
    pub customer: CustomerId,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
}
