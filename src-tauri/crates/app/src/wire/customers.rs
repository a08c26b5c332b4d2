//! Customers and what they hold: credit, gift cards, an account.

use countertop_domain::ids::{BasketId, CreditIssueId, CustomerId, TenderId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basket::PayWith;

/// A customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// Their id.
    #[ts(type = "string")]
    pub id: CustomerId,
    /// As printed.
    pub name: String,
    /// To be reached at; may be empty.
    pub email: String,
    /// To be reached at; may be empty.
    pub phone: String,
    /// Groups that prices and promotions name.
    pub groups: Vec<String>,
    /// Pays no tax, by law.
    pub tax_exempt: bool,
    /// Number at the tax office.
    pub tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy.
    pub position: Option<String>,
    /// How much they may owe; none for nothing.
    pub account_limit: Option<i64>,
    /// What they owe now.
    pub owes: i64,
    /// Store credit that they have.
    pub credit: i64,
    /// True if they paid on their account before, so that there is a slip to print.
    pub has_paid: bool,
}

/// Customers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CustomerList {
    /// By name; fifty at most.
    pub customers: Vec<CustomerView>,
}

/// Looks for customers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindCustomers {
    /// The beginning of a word of the name, an e-mail address or a phone number; empty for all.
    pub text: String,
}

/// Adds a customer, or changes one.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveCustomer {
    /// Which; none for a new one.
    #[ts(type = "string | null")]
    #[serde(default)]
    pub id: Option<CustomerId>,
    /// As printed.
    pub name: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub phone: String,
    /// Groups that prices and promotions name.
    pub groups: Vec<String>,
    /// Pays no tax, by law.
    pub tax_exempt: bool,
    /// Number at the tax office.
    #[serde(default)]
    pub tax_id: Option<String>,
    /// A fiscal position that applies whenever they buy.
    #[serde(default)]
    pub position: Option<String>,
    /// How much they may owe; none for nothing.
    #[serde(default)]
    pub account_limit: Option<i64>,
}

/// Says who buys.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetCustomer {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Who; none for nobody.
    #[ts(type = "string | null")]
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
}

/// Names a customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerRequest {
    /// Who.
    #[ts(type = "string")]
    pub customer_id: CustomerId,
}

/// A customer pays what they owe.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayAccount {
    /// Who.
    #[ts(type = "string")]
    pub customer_id: CustomerId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How.
    pub kind: PayWith,
    /// How much.
    pub amount: i64,
}

/// Whose ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CreditOf {
    /// A gift card, by its code.
    GiftCard,
    /// Store credit, by the customer's id or the code of a credit note.
    StoreCredit,
}

/// Asks what is on a card or a credit.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreditRequest {
    /// Of which ledger.
    pub kind: CreditOf,
    /// The code.
    pub code: String,
}

/// What is on a card or a credit.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CreditView {
    /// Of which ledger.
    pub kind: CreditOf,
    /// The code.
    pub code: String,
    /// How much.
    pub balance: i64,
    /// What changed it, the newest first; fifty at most.
    pub moves: Vec<CreditMoveView>,
}

/// One change of a balance.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CreditMoveView {
    /// When.
    pub local_time: String,
    /// By which sale.
    pub receipt: Option<String>,
    /// By hand: why; may be empty.
    pub reason: String,
    /// How much; below nothing was spent.
    pub amount: i64,
}

/// Gives out credit that nobody paid for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct IssueCredit {
    /// Made by the client, kept over every retry: sent twice gives once.
    #[ts(type = "string")]
    pub id: CreditIssueId,
    /// Of which ledger.
    pub kind: CreditOf,
    /// The code; empty for a new one.
    pub code: String,
    /// How much.
    pub amount: i64,
    /// Why; needed.
    pub reason: String,
}

/// Sells a gift card.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddGiftCard {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// The code on the card; empty for a new one.
    pub code: String,
    /// What is loaded on it.
    pub amount: i64,
}
