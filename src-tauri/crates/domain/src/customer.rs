//! Customers, as far as a price or a payment depends on them.

use serde::{Deserialize, Serialize};

use crate::ids::CustomerId;
use crate::money::Money;

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
